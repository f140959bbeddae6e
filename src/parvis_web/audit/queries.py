"""Which events of a chain does an owner see, by whom, page by page?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from parvis_web.audit.models import AuditEvent, AuditPerson

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One event as it is shown: with the name of its person and the word for its object."""

    event: AuditEvent
    person: str
    object_name: str


@dataclass(frozen=True)
class Page:
    """Some events, newest first, and where its neighbours begin."""

    rows: list[Row]
    older: int | None
    newer: int | None


def events_of(chain: str, filters: Mapping[str, Any]) -> "QuerySet[AuditEvent]":
    """Return the events of a chain that the cleaned `filters` of the form leave."""
    events = AuditEvent.objects.filter(chain=chain)
    if person := filters.get("person"):
        events = events.filter(person=person.pk)
    for name in ("action", "object_kind", "object_id"):
        if filters.get(name):
            events = events.filter(**{name: filters[name]})
    if since := filters.get("since"):
        events = events.filter(time__gte=_midnight(since))
    if until := filters.get("until"):
        events = events.filter(time__lt=_midnight(until + timedelta(days=1)))
    return events


def page_of(
    events: "QuerySet[AuditEvent]", *, before: int | None = None, after: int | None = None
) -> Page:
    """Return the events just before or just after a number, else the newest."""
    if after is not None:
        found = list(events.filter(seq__gt=after).order_by("seq")[: PAGE_SIZE + 1])
        has_newer, has_older = len(found) > PAGE_SIZE, True
        found = found[:PAGE_SIZE][::-1]
    else:
        bounded = events if before is None else events.filter(seq__lt=before)
        found = list(bounded.order_by("-seq")[: PAGE_SIZE + 1])
        has_newer, has_older = before is not None, len(found) > PAGE_SIZE
        found = found[:PAGE_SIZE]
    if not found:
        return Page([], None, None)
    older = found[-1].seq if has_older else None
    newer = found[0].seq if has_newer else None
    return Page(rows_of(found), older, newer)


def rows_of(events: Iterable[AuditEvent]) -> list[Row]:
    """Give some events the names of their people."""
    listed = list(events)
    people = AuditPerson.objects.in_bulk({event.person for event in listed if event.person})
    return [
        Row(event, _name(people, event.person), object_name(event.object_kind)) for event in listed
    ]


@cache
def _model_of(kind: str) -> Any:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def object_name(kind: str) -> str:
    """Return the word for a kind of object, or its label where the kind is no longer known."""
    model = _model_of(kind)
    return str(model._meta.verbose_name) if model else kind


def _name(people: dict[UUID, AuditPerson], pk: UUID | None) -> str:
    return str(people[pk]) if pk in people else ""


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
