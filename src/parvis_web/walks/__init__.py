"""Assessments taken along on site: what a device carries without a network, and what it brings."""
