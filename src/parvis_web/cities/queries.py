"""What people read of cities."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from parvis_web.accounts.access import get_readable
from parvis_web.accounts.rights import Actor, can_write, readable
from parvis_web.cities.models import City
from parvis_web.cities.rules import RUN_KINDS
from parvis_web.runs.models import AnalysisRun

ATTRIBUTION = "© OpenStreetMap contributors, ODbL"


def cities_of(actor: Actor) -> QuerySet[City]:
    """Return the cities `actor` may read, with the number of their public spaces."""
    shown = Q(spaces__removed__isnull=True)
    return (
        readable(actor, City.objects.filter(removed__isnull=True))
        .annotate(n_spaces=Count("spaces", filter=shown))
        .order_by("name")
    )


def get_city(actor: Actor, pk: UUID, *, is_removed: bool = False) -> City:
    """
    Return one city `actor` may read.

    Raises
    ------
    django.http.Http404
    """
    cities = City.objects.filter(removed__isnull=not is_removed, purged__isnull=True)
    return get_readable(actor, cities.select_related("authority"), pk)


def last_run(city: City) -> AnalysisRun | None:
    """Return the latest import or layer of a city."""
    runs = AnalysisRun.objects.filter(
        authority_id=city.authority_id,
        subject_kind=City.kind(),
        subject_id=city.pk,
        kind__in=RUN_KINDS,
    )
    return runs.select_related("authority", "created_by").order_by("-created").first()


@dataclass(frozen=True)
class Outdated:
    """Analyses made from an earlier state of a city's data."""

    n: int
    first: list[Any]


def outdated_analyses(actor: Actor, city: City, *, n_shown: int = 10) -> Outdated:
    """Return analyses of the city that saw other data than there is now."""
    from parvis_web.approach.models import Analysis

    rows = (
        readable(actor, Analysis.objects.filter(space__city=city, removed__isnull=True))
        .exclude(city_state=city.state_hash)
        .exclude(summary={})
        .select_related("space")
        .order_by("space__name", "-created")
    )
    found = list(rows[: n_shown + 1])
    n = len(found) if len(found) <= n_shown else rows.count()
    return Outdated(n, found[:n_shown])


def can_change(actor: Actor, city: City) -> bool:
    """Return whether `actor` may change the city."""
    return can_write(actor, city)
