"""Sentences of assessments."""

EN = {
    "answer": "The answer cannot be used.",
    "answer_item": (
        "{question} is not asked in “{framework}”: check the key and the entries after @, and "
        "whether the answers were given to this version."
    ),
    "answer_state": "{question} cannot be answered with {state}; accepted: {known}.",
    "answer_kind": "{question} was answered with {value}; accepted: {accepted}.",
    "answer_choice": "{question}: {value} is not among the answers; accepted: {known}.",
    "answer_range": "{question}: {value} lies outside of {low} to {high}.",
    "answer_interval": "{question} takes one value, not a range from {low} to {high}.",
    "answer_interval_order": "{question}: the range begins at {low}, above its end at {high}.",
    "list_entry": "{list} takes no entries of one's own; lists that do: {known}.",
    "framework_version": (
        "These answers were given to version {found} of “{framework}”; version {version} takes "
        "over answers of version {accepted}."
    ),
}
