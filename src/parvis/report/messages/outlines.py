"""Sentences about outlines that a person drew or typed."""

EN = {
    "outline_shape": (
        "That is no outline of a ground (found: {found}); an area needs three corners or more."
    ),
    "outline_crossing": (
        "The outline crosses itself near {lon}, {lat} (longitude, latitude); "
        "move a corner so that its sides do not cross."
    ),
    "outline_small": "The area has {size} m²; a protected area has {least} m² or more.",
    "outline_large": (
        "The area has {size} m² or too many corners; draw one place of up to {greatest} m² "
        "with up to 2,000 corners."
    ),
    "outline_outside": (
        "The area lies outside the data of {city}; draw it where the map shows streets."
    ),
    "outline_text": (
        "Line {line} of the coordinates, {value!r}, is not two numbers; "
        "write longitude and latitude, such as 10.0012, 50.0034."
    ),
    "outline_text_short": ("An outline needs three different corners or more; {count} were given."),
}
