"""Structured assessments: frameworks answered about a space, a design, a city or a team."""
