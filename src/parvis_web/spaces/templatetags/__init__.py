"""Tags that pages about spaces load."""
