"""Sentences about deliveries of indicator values: files, rows, estimates made of them."""

EN = {
    "unknown_delivery": "There is no delivery {name}; there are: {known}.",
    "delivery_broken": "{file} is damaged; remove it and import the delivery again.",
    "observation_mapping": "{file}: mapping of columns, {key}: {problem}.",
    "observation_file": "{file} cannot be read: {problem}.",
    "observation_columns": "{file} lacks {missing}; its columns are: {found}.",
    "observation_delimiter": (
        "{file}: the first row, {first!r}, cannot be parted by {used!r}; try {expected!r}."
    ),
    "observation_decimals": (
        "{file}, column {column}: a decimal comma in row {comma_row} ({comma}) and a decimal "
        "point in row {point_row} ({point}); write all alike."
    ),
    "observation_thousands": (
        "{file}, column {column}, row {row}: {value} may be a decimal or thousands; say in the "
        "mapping which sign parts decimals."
    ),
    "observation_rejected": (
        "{file}: {n} of {total} rows cannot be used, nothing is written; mend them, or keep the "
        "others with --without-rejected."
    ),
    "observation_cells": "Row {row}: {found} cells under {expected} names.",
    "observation_indicator": (
        "Row {row}, {column}: {value!r} is no indicator; parvis indicators list names them."
    ),
    "observation_period": (
        "Row {row}, {column}: {value!r} is no period there can be; accepted: 2025, 2025-S1, "
        "2025-Q3, 2025-03, 2025-03-14, 2023/2025."
    ),
    "observation_later": ("Row {row}, {column}: {value} begins after the delivery of {received}."),
    "observation_area": "Row {row}, {column}: the area {value!r} is not known.",
    "observation_number": "Row {row}, {column}: {value!r} is no number.",
    "observation_negative": "Row {row}, {column}: {value:g} is below 0.",
    "observation_whole": "Row {row}, {column}: {value:g} is no whole number.",
    "observation_nobody": "Row {row}, {column}: nothing can be divided by {value:g}.",
    "observation_population": (
        "Row {row}, {column}: {count:g} counted among {population:g}; check the boundary and the "
        "year of both."
    ),
    "observation_bounds": (
        "Row {row}, {column}: {value:g} lies outside {limits}, where the indicator's values lie."
    ),
    "observation_empty": "Row {row}, {column}: there is no value, and no flag says why.",
    "observation_flag": "Row {row}, {column}: {value!r} is no flag; accepted: a b c d e i p q u.",
    "observation_grade": "Row {row}, {column}: {value!r} is no grade; accepted: A to E.",
    "observation_split": "Row {row}, {column}: {value!r} may not hold ; or =.",
    "observation_twice": "Row {row}: row {first} tells the same indicator, period, area and split.",
    "indicator_unweighted": "Taken as a simple random sample without weights.",
    "indicator_no_interval": "No interval: the error of this indicator needs more than two totals.",
    "indicator_few": "Withheld: {n}, fewer than {least}.",
}
