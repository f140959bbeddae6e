"""Where and how fast a vehicle can reach a protected area, and which barrier rating it takes."""
