"""Which collections of features there are, and who reads what of them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parvis_web.accounts.rights import Actor
from parvis_web.spaces.models import Space
from parvis_web.spaces.queries import in_box, present_spaces

Box = tuple[float, float, float, float]
Feature = dict[str, Any]


class Found(ABC):
    """Features that one actor may read, countable and readable page by page."""

    total: int

    @abstractmethod
    def features(self, offset: int, limit: int) -> list[Feature]:
        """Return some of the features, always in the same order."""


class Collection(ABC):
    """A kind of feature."""

    key: str
    title: str
    description: str

    @abstractmethod
    def read(self, actor: Actor, box: Box | None) -> Found:
        """Return the features in `box` that `actor` may read."""

    @abstractmethod
    def one(self, actor: Actor, feature: str) -> Feature | None:
        """Return one feature, None where `actor` may not know of it."""


@dataclass(frozen=True)
class FoundRows(Found):
    """Features that are rows of a table."""

    rows: "QuerySet[Space]"
    total: int

    def features(self, offset: int, limit: int) -> list[Feature]:
        """Return rows as features, by id."""
        return [space_feature(row) for row in self.rows.order_by("pk")[offset : offset + limit]]


@dataclass(frozen=True)
class FoundFeatures(Found):
    """Features that lie in results' files."""

    listed: Sequence[Feature]

    @property
    def total(self) -> int:  # type: ignore[override]
        """Return how many there are."""
        return len(self.listed)

    def features(self, offset: int, limit: int) -> list[Feature]:
        """Return a slice."""
        return list(self.listed[offset : offset + limit])


class Spaces(Collection):
    """Public spaces and protected areas."""

    key = "spaces"
    title = "Public spaces"
    description = "Outlines of public spaces and of protected areas somebody drew."

    def read(self, actor: Actor, box: Box | None) -> Found:
        """Return the spaces in `box` that `actor` may read."""
        rows = in_box(present_spaces(actor), box)
        return FoundRows(rows, rows.count())

    def one(self, actor: Actor, feature: str) -> Feature | None:
        """Return the space of an id."""
        try:
            row = present_spaces(actor).filter(pk=UUID(feature)).first()
        except ValueError:
            return None
        return None if row is None else space_feature(row)


def space_feature(space: Space) -> Feature:
    """Return a space as GeoJSON feature."""
    return {
        "type": "Feature",
        "id": str(space.pk),
        "geometry": space.area,
        "properties": {
            "name": space.name,
            "kind": space.place_kind,
            "state": space.state,
            "marking": space.marking,
            "is_drawn": space.is_drawn,
            "size_m2": space.area_size,
        },
    }


COLLECTIONS: dict[str, Collection] = {item.key: item for item in (Spaces(),)}
