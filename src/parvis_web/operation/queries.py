"""What does an operator see of the authorities: how many of what, never what."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count

from parvis_web.accounts.models import Authority, Membership
from parvis_web.cities.models import City
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.spaces.models import Space

DISK_USE_KEPT = 600
"""How long the disk use of an authority is not counted again. [s]"""


@dataclass(frozen=True)
class Line:
    """One authority in the operator's list."""

    authority: Authority
    n_members: int
    n_cities: int
    n_spaces: int
    n_waiting: int
    n_failed: int
    disk_use: int


def overview() -> list[Line]:
    """Return every authority by name, with its counts."""
    members = _counted(Membership.objects.in_force())
    cities = _counted(City.objects.filter(removed__isnull=True))
    spaces = _counted(Space.objects.filter(removed__isnull=True))
    waiting = _counted(AnalysisRun.objects.filter(state__in=[RunState.QUEUED, RunState.RUNNING]))
    failed = _counted(AnalysisRun.objects.filter(state=RunState.FAILED))
    return [
        Line(
            authority=authority,
            n_members=members.get(authority.pk, 0),
            n_cities=cities.get(authority.pk, 0),
            n_spaces=spaces.get(authority.pk, 0),
            n_waiting=waiting.get(authority.pk, 0),
            n_failed=failed.get(authority.pk, 0),
            disk_use=disk_use(authority),
        )
        for authority in Authority.objects.order_by("name")
    ]


def disk_use(authority: Authority) -> int:
    """Return how much an authority's files take. [B]"""
    folder = Path(settings.PARVIS_DATA) / "authorities" / str(authority.pk)
    return cache.get_or_set(f"disk-use-{authority.pk}", lambda: _size(folder), DISK_USE_KEPT) or 0


def _counted(rows: Any) -> dict[Any, int]:
    return dict(rows.order_by().values_list("authority").annotate(count=Count("pk")))


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*") if folder.is_dir() else ():
        try:
            total += file.lstat().st_size if not file.is_dir() else 0
        except FileNotFoundError:
            continue
    return total
