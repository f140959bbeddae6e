"""Sentences shared by all areas."""

EN = {
    "input": "The input cannot be used: {what}.",
    "limits": "This is outside what Parvis can compute: {what}.",
    "internal": "Parvis broke a promise of its own ({what}); please report it with the log.",
}
