"""Personal data: purposes, retention, erasure."""
