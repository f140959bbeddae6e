"""Releases of indicators: chosen item by item, checked, approved, and told the public for good."""
