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
    "answer_offer": (
        "{question}: {value} is offered only where {condition}; offered as things stand: {known}."
    ),
    "answer_range": "{question}: {value} lies outside of {low} to {high}.",
    "answer_interval": "{question} takes one value, not a range from {low} to {high}.",
    "answer_interval_order": "{question}: the range begins at {low}, above its end at {high}.",
    "list_entry": "{list} takes no entries of one's own; lists that do: {known}.",
    "framework_version": (
        "These answers were given to version {found} of “{framework}”; version {version} takes "
        "over answers of version {accepted}."
    ),
    "register_framework": (
        "A register entry is made from the framework {accepted}; this assessment is of {framework}."
    ),
    "register_incomplete": "{form} needs an answer to: {missing}.",
    "register_field": "{form}, {question}: {value} is not taken; accepted: {accepted}.",
    "register_length": (
        "{form}, {question}: the text has {length} characters; {least} to {most} are accepted."
    ),
}
