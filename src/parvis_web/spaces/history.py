"""What happened to a space and its parts, by whom, in plain words."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor, readable
from parvis_web.accounts.vocabulary import Role
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditEvent, AuditPerson
from parvis_web.spaces.history_words import SENTENCES
from parvis_web.spaces.models import Space

MOST_EVENTS = 300


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history."""

    time: datetime
    who: str
    what: str
    about: str
    details: dict[str, Any]


@lru_cache(maxsize=1)
def _part_models() -> tuple[type[Owned], ...]:
    return tuple(
        model
        for model in apps.get_models()
        if issubclass(model, Owned) and model.shared_by == "space"
    )


def history_of(actor: Actor, space: Space) -> list[HistoryEntry]:
    """
    Return what happened to a space and to its parts that `actor` may read, newest first.

    Who opened a restricted space is shown to owners only.
    """
    kinds: dict[str, str] = {str(space.pk): Space.kind()}
    for model in _part_models():
        rows = readable(actor, model._default_manager.filter(space=space))  # type: ignore[misc]
        kinds |= {str(pk): model.kind() for pk in rows.values_list("pk", flat=True)[:MOST_EVENTS]}
    events = AuditEvent.objects.filter(
        chain=chain_name(actor.authority), object_id__in=list(kinds)
    ).order_by("-seq")
    if actor.role != Role.OWNER:
        events = events.exclude(action="read")
    events = events[:MOST_EVENTS]
    names = _names(event.person for event in events)
    return [
        HistoryEntry(
            event.time,
            names.get(event.person, _("Parvis itself")),
            str(SENTENCES.get(event.action, _plain(event.action))),
            _about(event.object_kind),
            event.details,
        )
        for event in events
        if kinds.get(event.object_id) == event.object_kind
    ]


def _names(people: Any) -> dict[Any, str]:
    rows = AuditPerson.objects.filter(pk__in={person for person in people if person})
    return {
        row.pk: row.name.split(" <")[0] if not row.erased else _("an erased person") for row in rows
    }


def _plain(action: str) -> str:
    noun, _dot, verb = action.partition(".")
    return f"{noun}: {verb}".replace("-", " ")


def _about(kind: str) -> str:
    model = apps.get_model(kind)
    return str(model._meta.verbose_name)
