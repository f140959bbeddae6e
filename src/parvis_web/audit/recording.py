"""How a write leaves its event: every service is one transaction that ends with its events."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from parvis_web.accounts.models import Authority
from parvis_web.accounts.rights import Actor
from parvis_web.audit.chain import append, chain_name

P = ParamSpec("P")
R = TypeVar("R")

SERVICES: dict[str, Callable[..., Any]] = {}
"""Every service by its action."""


class UnrecordedWriteError(RuntimeError):
    """A service ended without telling what it changed."""


@dataclass(frozen=True)
class Note:
    """One object that a service changed."""

    action: str
    item: models.Model
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    details: Mapping[str, Any]


@dataclass
class Scope:
    """What the services of the open transaction have noted."""

    actor: Any
    actions: list[str]
    notes: list[Note] = field(default_factory=list)
    reads: dict[tuple[str, Any], Callable[[], None]] = field(default_factory=dict)


_scope: ContextVar[Scope | None] = ContextVar("audit_scope", default=None)


def in_service() -> bool:
    """Return whether a service is running."""
    return _scope.get() is not None


def service(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """
    Make a function the one place of a write.

    The function's first argument is the actor. It runs in one transaction whose last statements
    are the events of what it noted; a service called by a service joins the outer transaction.

    Parameters
    ----------
    action : str
        "noun.verb", unique.
    """

    def register(function: Callable[P, R]) -> Callable[P, R]:
        if action in SERVICES:
            raise ValueError(f"two services are called {action}")

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with _running(args[0], action) as scope:
                noted = len(scope.notes)
                result = function(*args, **kwargs)
                if len(scope.notes) == noted:
                    raise UnrecordedWriteError(action)
                return result

        run.action = action  # type: ignore[attr-defined]
        SERVICES[action] = run
        return run

    return register


@contextmanager
def _running(actor: Any, action: str) -> Iterator[Scope]:
    outer = _scope.get()
    if outer is not None:
        outer.actions.append(action)
        try:
            yield outer
        finally:
            outer.actions.pop()
        return
    scope = Scope(actor, [action])
    token = _scope.set(scope)
    try:
        with transaction.atomic():
            yield scope
            _finish(scope)
    finally:
        _scope.reset(token)


def note(
    item: models.Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    **details: Any,
) -> None:
    """
    Tell what the running service did to `item`.

    Parameters
    ----------
    item : Model
        The object; must still carry its id when it was deleted.
    before, after : mapping, optional
        Its facts; only their keyed digests are kept.
    **details
        Plain facts that may be read by owners: codes, ids, reasons. No personal data.
    """
    scope = _scope.get()
    if scope is None:
        raise UnrecordedWriteError("note outside a service")
    scope.notes.append(Note(scope.actions[-1], item, before, after, details))


def defer_read(item: Any, record: Callable[[], None]) -> None:
    """Have the running service record at its end that `item` was read."""
    scope = _scope.get()
    if scope is None:
        raise UnrecordedWriteError("read deferred outside a service")
    scope.reads.setdefault((item.kind(), item.pk), record)


def _finish(scope: Scope) -> None:
    """Write the events, chain by chain in one order, so that two services never wait in a ring."""
    for record in scope.reads.values():
        record()
    located = [(_authority_of(scope.actor, noted.item), noted) for noted in scope.notes]
    for authority, noted in sorted(located, key=lambda pair: chain_name(pair[0])):
        _write(scope.actor, authority, noted)


def _authority_of(actor: Any, item: models.Model) -> Authority | None:
    if isinstance(actor, Actor):
        return actor.authority
    return item if isinstance(item, Authority) else getattr(item, "authority", None)


def _write(actor: Any, authority: Authority | None, noted: Note) -> None:
    item = noted.item
    append(
        authority,
        user=actor.user,
        via=actor.via,
        action=noted.action,
        object_kind=item._meta.label_lower,
        object_id=str(item.pk),
        marking=getattr(item, "marking", ""),
        before=noted.before,
        after=noted.after,
        details=noted.details,
    )
