"""Sentences about checks of openness."""

EN = {
    "egress_value": (
        "An egress calculation cannot use {value} for the {name}; accepted is {accepted}."
    ),
}
