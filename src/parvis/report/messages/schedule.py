"""Sentences about price lists and barrier schedules."""

EN = {
    "no_rated_product": (
        "The price list {id} has no rated product of permanence {permanence}; add one, or choose "
        "another permanence."
    ),
    "unknown_family": "The price list has no product {name}; it has {known}.",
}
