"""Sentences beside the figures of a dashboard: why there is none, what may be said of a change."""

EN = {
    "dashboard_period": (
        "{value!r} is no period; write 2025, 2025-S1, 2025-Q3, 2025-03 or 2023/2025."
    ),
    "dashboard_base": "The base period {base} ends after the period {period}.",
    "dashboard_indicator": (
        "There is no indicator {value!r}; parvis indicators list names them all."
    ),
    "dashboard_missing": "No value up to this period.",
    "dashboard_no_value": "There is no value, and nothing says why.",
    "dashboard_withheld": "Withheld by its source.",
    "dashboard_unit": (
        "The value is in {found}, the indicator in {expected}; it cannot be shown as it stands."
    ),
    "dashboard_no_error": "No interval: the error of this value is not known.",
    "dashboard_old": "The value is of {period}, {years} years ago.",
    "dashboard_source": "Since {period} from another source.",
    "dashboard_change_no_value": "Unknown: there is no value for {period}.",
    "dashboard_change_break": (
        "Unknown: the series breaks in {period}; values before and after cannot be compared."
    ),
    "dashboard_change_definition": (
        "Unknown: version {after} of the definition cannot be compared with version {before}."
    ),
    "dashboard_change_overlap": "Unknown: {before} and {after} share days.",
    "dashboard_change_no_error": "Unknown: the error of the value for {period} is not known.",
    "dashboard_change_source": "The two values come from different sources.",
    "dashboard_score_same": (
        "{n} of {of} values are still those of the base period; there is nothing newer."
    ),
    "dashboard_change_complete": "A complete count, compared as it stands.",
    "dashboard_score_exact": (
        "{n} of {of} values have no known error and count as exact; the interval is too narrow."
    ),
    "dashboard_score_share": (
        "Not enough data: {n} of {of} indicators can be scored; at least two thirds are needed."
    ),
    "dashboard_score_core": "Not enough data: core indicators are missing ({codes}).",
    "dashboard_unscored": "Shown, but in no score ({n}): {codes}.",
    "dashboard_unscored_base": "Not scored: the base period has no value that compares with it.",
    "dashboard_unscored_zero": (
        "Not scored: nothing happened in the base period, and there is no natural upper end."
    ),
    "dashboard_unscored_ends": (
        "Not scored: it has no natural upper end; with a base period it can be scored."
    ),
    "dashboard_n_missing": "{n} of {of} indicators have no value.",
    "dashboard_n_old": "Values older than three years: {n}.",
    "dashboard_no_base": (
        "No base period is set: scores lie between the worst and the best there can be, and their "
        "change is not told."
    ),
    "dashboard_independent": (
        "Errors of different indicators are taken as independent; where one survey answers several "
        "of them, intervals of scores may be too narrow."
    ),
    "dashboard_not_scored": "Nothing in this half is scored.",
    "dashboard_not_enough": "There is not enough data for the score of both periods.",
    "dashboard_area_no_value": "Unknown: the area or the city has no value.",
    "dashboard_area_definition": "Unknown: area and city go by different definitions.",
    "dashboard_area_sum": "Unknown: the area counts more than the city.",
    "dashboard_peers_no_consent": "Left out because they did not agree to it: {n}.",
    "dashboard_peers_unlike": (
        "Left out because they have no value, or another unit or definition: {n}."
    ),
    "dashboard_peers_few": (
        "Refused: {n} cities in the group, at least {least} are needed so that none can be told."
    ),
    "dashboard_peer_no_error": "Whether they differ is unknown: an error is not known.",
    "dashboard_peer_period": "Their value is of {period}.",
}
