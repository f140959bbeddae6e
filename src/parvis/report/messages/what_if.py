"""Sentences for errors and notices of what-if questions."""

EN = {
    "row_value": "Change {number}: the {what} of a row has to be {accepted}.",
    "row_does_not_fit": (
        "Change {number}: {n} elements do not fit into a row that is {width} m long; "
        "give fewer, or a longer line."
    ),
    "level_unknown": ("Change {number}: {family} has no level {level}; it has {known}."),
    "what_if_cautious_scaled": (
        "Cautious speeds after the changes are estimated: they lie between the typical and the "
        "limit speed as they do at present."
    ),
    "what_if_assumed_to_hold": (
        "Barriers without a chosen product are taken to hold against every class; the rating they "
        "need stands beside them."
    ),
    "what_if_cautious_is_limit": (
        "There is no analysis of this place yet; the speeds shown are physical limits."
    ),
    "change_outside_ground": "Change {number} meets no ground that vehicles can drive on.",
    "change_opens_nothing": "Change {number} changes nothing: vehicles can drive there already.",
    "changes_contradict": (
        "Changes {first} and {second} contradict each other: one closes what the other opens."
    ),
    "mouth_too_narrow": (
        "Change {number} is to leave {clear} m clear in a mouth that is {width} m wide; "
        "give less than that."
    ),
    "chicane_does_not_fit": (
        "Change {number}: the chicane's passages do not fit into a street that is {width} m wide; "
        "give a smaller shift or clear width."
    ),
    "corner_does_not_fit": (
        "Change {number}: a radius of {radius} m needs {least} m of straight kerb on either side, "
        "the shorter side has {has} m."
    ),
    "change_value": "Change {number}: {what} has to be {accepted}.",
    "barrier_unknown": "Change {number}: no obstacle {feature} stands in this window.",
    "changes_file": "{file}: {problem}.",
    "what_if_entry_speeds_kept": (
        "A rated barrier was taken away; the speeds with which vehicles enter the window still "
        "count it as standing."
    ),
}
