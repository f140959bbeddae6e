"""Which figures may be shared: counts of work done, nothing about a single place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority
from parvis_web.publishing.models import EntryState, PublicEntry
from parvis_web.spaces.models import AssessmentState, Space


@dataclass(frozen=True)
class Figure:
    """A figure by its key: what it is called and how it is counted."""

    key: str
    label: Any
    count: Callable[[Authority], int]


def _spaces(authority: Authority, **fields: Any) -> int:
    return Space.objects.filter(authority=authority, removed__isnull=True, **fields).count()


def _published(authority: Authority) -> int:
    return PublicEntry.objects.filter(authority=authority, state=EntryState.PUBLISHED).count()


_LOOKED_AT = [AssessmentState.ANALYSED, AssessmentState.PLANNED, AssessmentState.SIGNED]
_PLANNED = [AssessmentState.PLANNED, AssessmentState.SIGNED]

FIGURES = {
    figure.key: figure
    for figure in (
        Figure("spaces", _("Public spaces"), _spaces),
        Figure(
            "spaces-analysed",
            _("Public spaces analysed"),
            lambda authority: _spaces(authority, state__in=_LOOKED_AT),
        ),
        Figure(
            "spaces-planned",
            _("Public spaces with a proposed plan"),
            lambda authority: _spaces(authority, state__in=_PLANNED),
        ),
        Figure(
            "spaces-signed",
            _("Public spaces with a signed plan"),
            lambda authority: _spaces(authority, state=AssessmentState.SIGNED),
        ),
        Figure("spaces-published", _("Public spaces told to the public"), _published),
    )
}


def counted(authority: Authority, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return the chosen figures of an authority as a share file carries them."""
    return [
        {"key": key, "value": FIGURES[key].count(authority), "unit": "1"}
        for key in FIGURES
        if key in set(keys)
    ]
