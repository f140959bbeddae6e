"""Sentences about barrier ratings."""

EN = {
    "rating": "The rating {text} cannot be used.",
    "rating_syntax": "{text!r} is no rating Parvis can read; it reads such as {accepted}.",
    "rating_level": "The rating {text} has the level {what}, which its standard does not know; "
    "it knows {accepted}.",
    "rating_value": "The rating cannot be used: {problems}.",
}
