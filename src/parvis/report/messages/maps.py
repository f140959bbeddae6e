"""Sentences about base maps and about plans laid under a map."""

EN = {
    "tiles_corrected_city": (
        "The base map of {name} can only be made from its extract alone; this is a bug, "
        "please report it."
    ),
    "tiles_broken": "The base map file {file} is damaged: make the base map again.",
}
