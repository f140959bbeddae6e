"""Tiles and pictures of a city's map."""
