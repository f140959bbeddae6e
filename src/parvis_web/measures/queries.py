"""What pages read about measures."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone

from parvis_web.accounts.access import get_readable
from parvis_web.accounts.rights import Actor, readable
from parvis_web.measures.models import OPEN_STATES, Measure
from parvis_web.spaces.models import Space

if TYPE_CHECKING:
    from django.db.models import QuerySet

SORTS = {
    "name": "name",
    "due": "due",
    "state": "state",
    "cost": "cost_high",
    "space": "space__name",
}


def measures_of(actor: Actor, *, space: Space | None = None, sort: str = "") -> "QuerySet[Measure]":
    """Return the measures `actor` may know of: overdue ones first, then by their day."""
    rows = readable(actor, Measure.objects.select_related("space", "responsible"))
    if space is not None:
        rows = rows.filter(space=space)
    key = SORTS.get(sort.removeprefix("-"))
    if key is not None:
        field = F(key)
        order = field.desc(nulls_last=True) if sort[0] == "-" else field.asc(nulls_last=True)
        return rows.order_by(order, "created")
    rank = Case(
        When(state__in=OPEN_STATES, due__lt=timezone.localdate(), then=Value(0)),
        When(state__in=OPEN_STATES, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.order_by(rank, F("due").asc(nulls_last=True), "created")


def count_open(actor: Actor, space: Space) -> int:
    """Return how many open measures of a space `actor` may know of."""
    return measures_of(actor, space=space).filter(state__in=OPEN_STATES).count()


def get_measure(actor: Actor, pk: UUID) -> Measure:
    """Return a measure, or 404; reads of restricted ones are recorded."""
    rows = Measure.objects.select_related(
        "space", "assessment__framework", "responsible", "scenario", "plan__run"
    )
    return get_readable(actor, rows, pk)
