"""What do answers of a sample say about everybody, and how surely."""
