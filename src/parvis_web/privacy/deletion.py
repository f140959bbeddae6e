"""How the data of each kind of object are deleted when their day has come."""

from collections.abc import Callable
from typing import Any

from parvis_web.accounts.models import Owned

Delete = Callable[[Any], None]
_DELETERS: dict[str, Delete] = {}


def register(kind: str, delete: Delete) -> None:
    """Say how an object of a kind is deleted with its files; called from `AppConfig.ready`."""
    _DELETERS[kind] = delete


def can_delete(kind: str) -> bool:
    """Return whether objects of the kind are deleted by themselves."""
    return kind in _DELETERS


def delete_object(item: Owned) -> None:
    """Delete an object and its files."""
    _DELETERS[item.kind()](item)
