"""Running an instance: backup, health, anchors."""
