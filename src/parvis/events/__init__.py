"""Answer what a market or event needs while it is built up, delivered to, open and closing."""
