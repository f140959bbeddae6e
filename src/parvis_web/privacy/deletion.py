"""How the data of each kind of object are deleted when their day has come."""

from collections.abc import Callable
from datetime import date
from typing import Any

from parvis_web.accounts.models import Owned

Delete = Callable[[Any], None]
CheckDay = Callable[[date], None]
_DELETERS: dict[str, Delete] = {}
_DAYS: dict[str, CheckDay] = {}


def register(kind: str, delete: Delete, *, check_day: CheckDay | None = None) -> None:
    """
    Say how an object of a kind is deleted with its files; called from `AppConfig.ready`.

    `check_day` raises `ValidationError` for a day until which such objects may not be kept.
    """
    _DELETERS[kind] = delete
    if check_day is not None:
        _DAYS[kind] = check_day


def check_kept_until(kind: str, day: date) -> None:
    """Raise `ValidationError` where objects of the kind may not be kept until `day`."""
    if kind in _DAYS:
        _DAYS[kind](day)


def can_delete(kind: str) -> bool:
    """Return whether objects of the kind are deleted by themselves."""
    return kind in _DELETERS


def delete_object(item: Owned) -> None:
    """Delete an object and its files."""
    _DELETERS[item.kind()](item)
