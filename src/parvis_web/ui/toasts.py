"""Short messages after an action, with a way back where the action can be undone."""

from typing import Literal

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

LEVELS = {
    "info": messages.INFO,
    "good": messages.SUCCESS,
    "warn": messages.WARNING,
    "bad": messages.ERROR,
}


def add_toast(
    request: HttpRequest,
    text: str | Promise,
    *,
    kind: Literal["info", "good", "warn", "bad"] = "good",
    undo_url: str = "",
) -> None:
    """Show `text` on the next page or fragment; `undo_url` is posted to by its undo button."""
    messages.add_message(request, LEVELS[kind], str(text), extra_tags=undo_url)
