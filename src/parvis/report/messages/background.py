"""Sentences of work in the background: runs, and files read in a process of their own."""

EN = {
    "run_killed_twice": (
        "The computation was broken off twice from outside, most often because memory ran out: "
        "make it smaller, or ask whoever runs this installation."
    ),
    "run_overdue": (
        "The computation took longer than the {minutes} minutes it may take and was stopped: "
        "make it smaller and start it again."
    ),
    "sandbox_limit": (
        "{file} needs more {what} than a file may ({limit}): give a smaller part of it."
    ),
    "sandbox_crash": (
        "{file} cannot be read: reading it broke down. It is damaged or no file of its kind."
    ),
}
