"""Sentences about base maps and about plans laid under a map."""

EN = {
    "tiles_corrected_city": (
        "The base map of {name} can only be made from its extract alone; this is a bug, "
        "please report it."
    ),
    "tiles_broken": "The base map file {file} is damaged: make the base map again.",
    "plan_points": "The plan cannot be placed: {problem}.",
    "underlay_unreadable": "{file} cannot be laid under the map: {problem}.",
    "underlay_too_large": (
        "{file} has more than {megapixels} million pixels: save it smaller and add it again."
    ),
}
