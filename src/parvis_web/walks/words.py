"""What the page on a device says: every sentence by its key, in the language of whoever asks."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Promise] = {
    "app_title": _("On site"),
}
"""Placeholders are written ``{name}``; the page fills them."""

PLURALS: Mapping[str, Any] = {}
"""Of `ngettext_lazy`; ``{count}`` is the number."""

_FORMS = {"one": 1, "two": 2, "few": 3, "many": 5, "other": 100}


def words() -> dict[str, str | dict[str, str]]:
    """Return all sentences in the active language, the counted ones by the form of the number."""
    plain: dict[str, str | dict[str, str]] = {key: str(text) for key, text in WORDS.items()}
    return plain | {
        key: {form: str(text % n) for form, n in _FORMS.items()} for key, text in PLURALS.items()
    }
