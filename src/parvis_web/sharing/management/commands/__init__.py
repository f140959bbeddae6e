"""Commands about share files."""
