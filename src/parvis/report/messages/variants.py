"""Sentences of designs brought in as variants, and of their comparison."""

EN = {
    "variant_name": (
        'A variant cannot be named "{name}": letters a-z, digits, "-" and "_", up to 40, beginning '
        'with a letter or digit; "present" means the city as it stands.'
    ),
    "variant_known": (
        'The city {city} has a variant "{name}" already, and a variant is never changed: choose '
        "another name, or take that one away with parvis variant remove {city} {name}."
    ),
    "variant_unknown": 'The city {city} has no variant "{name}"; there are: {listed}.',
    "variant_keep": "--keep {value} is no layer of a design; accepted are {accepted}.",
    "variant_layer_meaning": (
        'The layer "{layer}" cannot mean "{value}"; accepted are {accepted}.'
    ),
    "variant_layer_option": (
        '"{value}" does not say what a layer means: write --layer NAME=LAYER or '
        "--layer NAME=LAYER:KIND, as in --layer A-201=kerbs."
    ),
    "variant_empty": "{file} holds nothing that can be drawn as a design.",
    "variant_layers": (
        "No layer of {file} has a name that says what it holds (found: {found}); name layers with "
        "words such as {accepted}, or say what they mean with --layer NAME=LAYER."
    ),
    "variant_outside": (
        "{file} lands at {place}, {away} km from the middle of {city}, and is {size} m large: "
        "{hint}."
    ),
    "variant_limit_missing": (
        "Nothing says inside which limit {file} replaces the present: give --limit FILE with a "
        "polygon, or draw one in a layer named limit."
    ),
    "variant_limit_broken": "The limit in {file} cannot be used: {problem}.",
    "variant_limit_twice": (
        "{one} and {other} draw different limits: give one, or make them agree."
    ),
    "variant_not_in_limit": (
        "All {n} features of the design lie outside its limit: compare the limit with the drawing."
    ),
    "variant_template_file": (
        "{file} is no GeoPackage by its name: give a file that ends in .gpkg."
    ),
    "variant_template_margin": (
        "A margin of {value} m around the space is not possible: 0 to 500 m are."
    ),
    "comparison_without_variant": (
        "Name at least one variant to compare the present with: --variant NAME."
    ),
    "designs_differ": (
        "The results of {designs} answer different questions and cannot be compared: report this."
    ),
    "comparison_file": (
        "{file} cannot hold {what} by its name: give a file that ends in {accepted}."
    ),
    "layer_row_text": "text of a drawing, not a thing",
}
