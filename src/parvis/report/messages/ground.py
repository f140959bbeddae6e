"""Sentences about drivable ground and its cells."""

EN = {
    "cell_too_large": (
        "Cells of {cell} m are too large for a vehicle {width} m wide: "
        "at most the width divided by 1.42."
    ),
}
