"""Sentences for errors of reports and exports."""

EN = {
    "output_not_writable": "{path} cannot be written: {reason}.",
    "unknown_crs": "{value!r} is not a coordinate system: give wgs84, city or an EPSG number.",
    "drawing_needs_metres": (
        "A DXF drawing needs a coordinate system in metres, and {value} counts in degrees: give "
        "city or the EPSG number of the national grid."
    ),
    "unknown_language": "There are no texts in {value!r}: choose one of {accepted}.",
    "text_missing": "Parvis lacks a text of its own ({what}); please report it.",
    "figure": "The figure cannot be drawn, {what}: {value}; accepted: {accepted}.",
    "document_not_made": "The document {document} could not be set: {reason}.",
}
