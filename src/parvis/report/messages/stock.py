"""Sentences of barrier registers, stock lists, and plans with what can be had."""

EN = {
    "table_too_large": (
        "{file} has more than {most} rows: give only the list itself, without empty formatted rows."
    ),
    "table_columns": (
        "{file} has no header with {missing}; columns that are understood, also in German and "
        "French: {known}."
    ),
    "register_invalid": (
        "{n} cells of {file} cannot be used; nothing was taken. Mend them and repeat:\n{listed}"
    ),
    "register_empty": "{file} has a header and no rows below it: it lists no barrier.",
    "stock_invalid": (
        "{n} cells of {file} cannot be used; nothing was taken. Mend them and repeat:\n{listed}"
    ),
    "stock_empty": "{file} has a header and no rows below it: it lists no element.",
    "no_way_in": (
        "No ground that a vehicle fits on was found at the {what}: a plan with stock and budget "
        "needs ground from the streets to the protected area."
    ),
    "lines_do_not_enclose": (
        "Closing all {n} lines would still leave the area joined to the streets: draw the "
        "protected area smaller, or take a larger window."
    ),
    "stock_plan_timeout": (
        "No plan with this stock and budget was found in {seconds} s: allow more time, or offer "
        "fewer types."
    ),
}
