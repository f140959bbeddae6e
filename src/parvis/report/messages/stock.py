"""Sentences of barrier registers, stock lists, and plans with what can be had."""

EN = {
    "lines_do_not_enclose": (
        "Closing all {n} lines would still leave the area joined to the streets: draw the "
        "protected area smaller, or take a larger window."
    ),
    "stock_plan_timeout": (
        "No plan with this stock and budget was found in {seconds} s: allow more time, or offer "
        "fewer types."
    ),
}
