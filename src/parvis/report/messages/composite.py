"""Sentences of composite indicators and of the tables they are read from."""

EN = {
    "composite": "The indicators cannot be brought together.",
    "composite_key": "{key} stands twice among indicators and aggregates; each needs its own key.",
    "composite_parent": (
        "{key} belongs to {parent}, which is no theme, block or overall number of the table."
    ),
    "composite_cycle": "{key} belongs to itself by way of its parents.",
    "composite_childless": "Nothing belongs to {key}; give it indicators or take it out.",
    "composite_direction": "{key}: {value} is no direction; accepted: {known}.",
    "composite_target": "{key} is best near a target, but has none; give one in its unit.",
    "composite_bounds": (
        "{key}: goalposts from {low} to {high} are not in order; both are needed, the lower first."
    ),
    "composite_reference": "For {method}, {what} is needed and lacking for: {keys}.",
    "composite_weight": "{key} has the weight {value}; accepted: a number of 0 or more.",
    "composite_weight_sum": "Nothing under {key} has a weight above 0.",
    "composite_rater_sum": "Rater {rater} gave no points to anything under {key}.",
    "composite_shape": "The array of {what} has the shape {found}; expected: {expected}.",
    "composite_infinite": "{key} of {row} is infinite; leave it empty if it is not known.",
    "composite_row_twice": "{unit} stands twice in the period “{period}”.",
    "composite_normalisation": (
        "{method} is refused for {situation}, for {reason}; methods that fit: {known}."
    ),
    "composite_positive": (
        "{key}: the method {method} needs values above 0 and met {value}; use points from 1 to "
        "100, or another method."
    ),
    "composite_single_unit": "Copeland compares units pair by pair, and {key} has one only.",
    "composite_overall": (
        "There is no overall number above {roots}; leave it out, or put one above the blocks."
    ),
    "composite_node": "{key} is not among: {known}.",
    "composite_error_model": (
        "Error of row {row}, indicator {column}: the {what} must be {accepted}."
    ),
    "composite_covariance": "The covariance of the survey cannot be used: {reason}.",
    "composite_score_missing": "{row} has no score of {key} in any draw: not enough data.",
    "composite_nothing_varies": (
        "Nothing varies: give errors of the data, or alternatives of method."
    ),
    "composite_few_units": (
        "For {what} at least {least} units with values are needed, there are {n}."
    ),
    "composite_many_children": (
        "{n} parts of {key} changed, more than the {most} whose change can be told apart; put "
        "themes in between."
    ),
    "composite_draws": "{n} draws cannot be made; accepted: {least} to {most}.",
    "composite_denominator_zero": (
        "{key} is missing in {n} rows because {column} is zero or missing."
    ),
    "composite_few_for_treatment": (
        "Outlying values were left alone: {n} rows are fewer than the {least} it takes to tell."
    ),
    "composite_few_for_coherence": (
        "How indicators hang together is not told: {n} rows are fewer than the {least} it takes."
    ),
    "composite_exploration": (
        "For {situation}, {method} is for exploration only: do not publish these figures as the "
        "result."
    ),
    "composite_indicator_constant": (
        "{key} is left out of the scores: its values do not differ, or have no scale."
    ),
    "composite_exact": (
        "{n} of {of} values have no error and are taken as exact: intervals from data are too "
        "narrow."
    ),
    "composite_scales_differ": (
        "Points of different normalisations have different scales: read places, not points."
    ),
    "indicator_columns": "{file} needs the columns: {missing}; it has: {found}.",
    "indicator_cell": "{file}, row {row}, {column}: {value} is not taken; accepted: {accepted}.",
    "indicator_rows": "{file} has no rows below its header.",
}
