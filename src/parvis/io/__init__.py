"""Where files are opened."""
