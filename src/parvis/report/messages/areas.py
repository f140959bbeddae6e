"""Sentences for areas whose boundaries change, and for figures beside published ones."""

EN = {
    "area_weight": "Weights of areas, row {row}: {value} is no weight; accepted: {accepted}.",
    "area_weight_sum": "Weights of area {area} sum to {total}, not to 1.",
    "area_part_twice": (
        "Weights of areas, row {row}: {old} and {new} stand in row {first} already."
    ),
    "area_unknown": (
        "Values of {n} areas that the old boundaries do not have ({areas}); there are: {known}."
    ),
    "areas_outside": "Area {area} lies outside of all areas of {file}.",
    "area_people": "{file} does not say how many people live there; accepted: {accepted}.",
    "area_missing": "{indicator} {period}, {area}: there is no value of {missing}.",
    "area_no_parts": (
        "{indicator} {period}, {area}: without numerator and denominator it cannot be split."
    ),
    "reconcile_same": "Both are the same.",
    "reconcile_rounding": "Ours is the same at the {digits} decimals they were printed with.",
    "reconcile_rounded_count": "The count was rounded to a multiple of {base}, to {count}.",
    "reconcile_revision": "Delivery {delivery} said {value:g}; it was revised since.",
    "reconcile_definition": "Published by version {theirs} of the definition; ours is {ours}.",
    "reconcile_unit": "Another unit: ours times {factor} is the published value.",
    "reconcile_denominator": "With {people:g} people ({denominator}, {period}) below the line.",
    "reconcile_code_list": "By the code list {list} ours is {value:g}.",
    "reconcile_boundary": "In the other boundaries of {area} ours is {value:g}.",
    "reconcile_period": "It is our value of {period}.",
}
