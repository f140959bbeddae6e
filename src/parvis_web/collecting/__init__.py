"""Data about the city come in: deliveries, areas, what is protected, what is computed."""
