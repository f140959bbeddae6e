"""Sentences about closure plans."""

EN = {
    "unknown_access_point": "{value} is no access point of this place; it has: {known}. "
    "`parvis approach` lists them.",
    "unknown_line": "The plan has no line {value}; its lines are: {known}.",
    "plan_format": "{file}: this is written as {accepted}; give the file such an ending.",
    "family_option": "--family {value!r}: write the line's number and the family's key, such as "
    "2=fixed-bollard-deep.",
    "closure_option": "{options}: such options say how a closure is planned; give --closure too, "
    "or leave them out.",
    "permanence_unknown": "--permanence {value!r} is not known; choose one of {accepted}.",
    "date_unreadable": "{field}: {value!r} is no date; write it as year-month-day, "
    "such as 2026-12-01.",
    "date_passed": "Needed by {value} has passed: today is {today}.",
}
