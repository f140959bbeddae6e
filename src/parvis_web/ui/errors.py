"""In which words does the reader's language say what the library refused?"""

from collections.abc import Mapping

from django.utils.translation import get_language

from parvis.errors import ParvisError
from parvis.report.messages import describe, fill


def sentence_of(error: ParvisError) -> str:
    """Return the sentence for `error` in the active language."""
    return describe(error, active_language())


def sentence_for(code: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a kept error `code` in the active language."""
    return fill(code, details, active_language())


def active_language() -> str:
    """Return the two letters of the active language, English where none is active."""
    return (get_language() or "en").partition("-")[0]
