"""The city's dashboard of indicators: what is known, how surely, and what is missing."""
