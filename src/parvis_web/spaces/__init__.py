"""Public spaces and their protected areas, local corrections, plans laid under the map."""
