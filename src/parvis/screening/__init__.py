"""Answer which public spaces of a city are to be assessed next, and when."""
