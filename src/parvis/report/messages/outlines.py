"""Sentences about outlines that a person drew or typed."""

EN = {
    "outline_small": "The area has {size} m²; a protected area has {least} m² or more.",
    "outline_large": (
        "The area has {size} m² and {corners} corners; "
        "one place has {greatest} m² and {most} corners at most."
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
