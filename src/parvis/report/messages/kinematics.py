"""Sentences about kinematic quantities."""

EN = {
    "kinematics": "The value {value} of {name} cannot be used.",
    "negative_length": "The length {name} is {value} m; it must be zero or more.",
    "negative_speed": "The speed {name} is {value} m/s; it must be zero or more.",
    "not_positive": "{name} is {value}; it must be greater than zero.",
    "not_finite": "{name} is infinite; it must be a number.",
    "out_of_range": "{name} is {value}; accepted is {accepted}.",
    "missing_width": "A layout needs numbers: width {width}, diameter {diameter}, gap {max_gap}.",
    "one_parameter": "Exactly one of {names} must be given.",
}
