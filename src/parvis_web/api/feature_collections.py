"""Which collections of features there are, and who reads what of them."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from parvis_web.accounts.rights import Actor, readable
from parvis_web.approach.kept import overlay
from parvis_web.approach.models import Analysis
from parvis_web.runs.models import RunState
from parvis_web.scenarios.models import Scenario, ScenarioState
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


class OfAnalyses(Collection):
    """What the latest analysis of each space put on the map."""

    layer: str

    def read(self, actor: Actor, box: Box | None) -> Found:
        """Return the features at spaces in `box` that `actor` may read."""
        return FoundFeatures(list(self._features(latest_analyses(actor, box))))

    def one(self, actor: Actor, feature: str) -> Feature | None:
        """Return the feature of an id, ``<analysis>-<number>``."""
        analysis, _dash, _number = feature.rpartition("-")
        try:
            rows = latest_analyses(actor, None).filter(pk=UUID(analysis))
        except ValueError:
            return None
        found = (each for each in self._features(rows) if each["id"] == feature)
        return next(found, None)

    def _features(self, analyses: "QuerySet[Analysis]") -> Iterator[Feature]:
        for analysis in analyses:
            shown = json.loads(overlay(analysis))["features"]
            for feature in shown:
                facts = feature["properties"]
                if facts.get("layer") == self.layer:
                    yield {
                        "type": "Feature",
                        "id": f"{analysis.pk}-{facts['number']}",
                        "geometry": feature["geometry"],
                        "properties": facts | self._context(analysis),
                    }

    def _context(self, analysis: Analysis) -> dict[str, Any]:
        return {
            "space": analysis.space.name,
            "space_id": str(analysis.space_id),
            "marking": analysis.marking,
            "grade": analysis.summary.get("grade"),
            "analysed": analysis.created.isoformat(),
        }


class AccessPoints(OfAnalyses):
    """Where vehicles can enter."""

    key = "access-points"
    title = "Access points"
    description = (
        "Access points of the latest analysis of each space, numbered as on the map and in the "
        "report. Speeds are what a vehicle could physically reach. [km/h]"
    )
    layer = "access_point"


def latest_analyses(actor: Actor, box: Box | None) -> "QuerySet[Analysis]":
    """Return the newest finished analysis of each space that `actor` may read, by space."""
    spaces = in_box(present_spaces(actor), box)
    done = readable(actor, Analysis.objects.filter(removed__isnull=True, run__state=RunState.DONE))
    newest = done.filter(space=OuterRef("space")).order_by("-created").values("pk")[:1]
    rows = done.filter(space__in=spaces, pk=Subquery(newest))
    return rows.select_related("space", "run").order_by("space_id")


class ProposedBarriers(Collection):
    """What the proposed or signed scenario of each space would place or change."""

    key = "proposed-barriers"
    title = "Proposed barriers"
    description = (
        "Barriers and changes of the scenario that is proposed or signed for each space, as they "
        "stand in its list of changes."
    )

    def read(self, actor: Actor, box: Box | None) -> Found:
        """Return the features at spaces in `box` that `actor` may read."""
        return FoundFeatures(list(self._features(proposed_scenarios(actor, box))))

    def one(self, actor: Actor, feature: str) -> Feature | None:
        """Return the feature of an id, ``<scenario>-<number>``."""
        scenario, _dash, _number = feature.rpartition("-")
        try:
            rows = proposed_scenarios(actor, None).filter(pk=UUID(scenario))
        except ValueError:
            return None
        found = (each for each in self._features(rows) if each["id"] == feature)
        return next(found, None)

    def _features(self, scenarios: "QuerySet[Scenario]") -> Iterator[Feature]:
        for scenario in scenarios:
            for number, change in enumerate(scenario.changes, start=1):
                shapes = {name: change[name] for name in SHAPES if name in change}
                plain = {name: value for name, value in change.items() if name not in shapes}
                yield {
                    "type": "Feature",
                    "id": f"{scenario.pk}-{number}",
                    "geometry": next(iter(shapes.values()), None),
                    "properties": plain
                    | {
                        "scenario": scenario.name,
                        "state": scenario.state,
                        "space": scenario.space.name,
                        "space_id": str(scenario.space_id),
                        "marking": scenario.marking,
                    },
                }


SHAPES = ("line", "shape", "new_shape", "point", "kerb", "area", "towards")
"""Fields of a change that hold its place, the telling one first."""


def proposed_scenarios(actor: Actor, box: Box | None) -> "QuerySet[Scenario]":
    """Return the scenarios that are proposed or signed and `actor` may read, by id."""
    states = [ScenarioState.PROPOSED, ScenarioState.SIGNED]
    rows = Scenario.objects.filter(removed__isnull=True, state__in=states)
    rows = readable(actor, rows).filter(space__in=in_box(present_spaces(actor), box))
    return rows.select_related("space").order_by("pk")


COLLECTIONS: dict[str, Collection] = {
    item.key: item for item in (Spaces(), AccessPoints(), ProposedBarriers())
}
