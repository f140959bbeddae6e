"""Sentences about barrier ratings and layout."""

EN: dict[str, str] = {}
