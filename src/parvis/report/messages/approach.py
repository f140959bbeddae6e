"""Sentences for errors of the approach analysis."""

EN = {
    "design_unknown": "--design {value}: choose one of {accepted}.",
    "kept_result": (
        "The kept result {file} is missing or was written by another version; run it again."
    ),
    "space_or_area": (
        "Name a public space or give a polygon file with --area, one of them; "
        "`parvis spaces` lists the spaces."
    ),
    "threat_and_vehicles": (
        "{file} states the vehicle classes; leave out --vehicles, or leave out --threat."
    ),
}
