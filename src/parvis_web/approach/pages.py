"""What the page of a result shows: the report's own words around the document's figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parvis.report.class_sets import class_sets
from parvis.report.wording import Wording
from parvis_web.approach import kept
from parvis_web.approach.models import Analysis

SCALE_STEP = 20
"""The scale of a speed range ends at a multiple of this. [km/h]"""
SCALE_WIDTH = 300
"""Of its drawing."""


@dataclass(frozen=True)
class SpeedScale:
    """Three speeds drawn to scale: where marks and ends of the bar lie, of `SCALE_WIDTH`."""

    typical: float | None
    cautious: float | None
    limit: float | None
    top: int

    def at(self, speed: float | None) -> int | None:
        """Return where a speed lies on the drawing."""
        return None if speed is None else round(SCALE_WIDTH * speed / self.top)

    @property
    def start(self) -> int:
        """Left end of the bar."""
        return self.at(self.typical) or 0

    @property
    def width(self) -> int:
        """Length of the bar."""
        return max((self.at(self.limit) or 0) - self.start, 2)

    @property
    def mark(self) -> int:
        """Where the cautious value stands."""
        return self.at(self.cautious if self.cautious is not None else self.limit) or 0


@dataclass(frozen=True)
class PointRow:
    """One access point: a row of the table, and its details."""

    number: int
    cells: list[list[str]]
    document: Mapping[str, Any]
    detail: Mapping[str, Any]
    sensitivity: list[str]
    checks: list[list[str]]
    scale: SpeedScale
    fastest: str

    @property
    def rating_because(self) -> list[str]:
        """Why the governing class is as fast as it is, and what else is to be known."""
        said = list(self.detail["sentences"])
        return [sentence for sentence in said if sentence != self.fastest]

    @property
    def existing(self) -> str:
        """What stands there now."""
        return self.cells[3][0]

    @property
    def width(self) -> str:
        """Clear width."""
        return self.cells[2][0]

    @property
    def vehicle(self) -> str:
        """The fastest class."""
        return self.cells[5][1]

    @property
    def street(self) -> str:
        """What it opens to."""
        return self.cells[1][0]

    @property
    def speed(self) -> int | None:
        """The speed told first. [km/h]"""
        said = self.document["fastest_said_speed_kmh"]
        return None if said is None else int(said)

    @property
    def grade(self) -> str:
        """Letter of the data grade."""
        return str(self.document["grade"])

    @property
    def reasons(self) -> list[str]:
        """Why the grade is no better."""
        return list(self.document["reasons"])


@dataclass(frozen=True)
class ResultPage:
    """Everything the page of one result shows."""

    document: Mapping[str, Any]
    annex: Mapping[str, Any]
    head: list[str]
    class_head: list[str]
    measure_head: list[str]
    rows: list[PointRow]
    sets: "SetTable | None" = None

    def point(self, number: int) -> PointRow | None:
        """Return the access point of that number."""
        return next((row for row in self.rows if row.number == number), None)


@dataclass(frozen=True)
class SetTable:
    """What each set of vehicle classes would require; none of them is chosen."""

    head: list[str]
    rows: list[tuple[int, list[str]]]

    def of_point(self, number: int) -> list[tuple[str, str]]:
        """Return the heaviest class and what it would require, set by set, at one access point."""
        cells = next((cells for known, cells in self.rows if known == number), [])
        return list(zip(self.head, cells, strict=True))


def result_page(analysis: Analysis) -> ResultPage:
    """
    Return what the page of a finished analysis shows.

    Raises
    ------
    parvis.io.kept_results.KeptResultError
        Where the files of the run are gone.
    """
    document = kept.document(analysis)
    annex = kept.texts(analysis)
    wording = Wording(kept.report_language())
    points = document["access_points"]
    top = _scale_end(points)
    rows = [
        PointRow(
            number=int(point["id"]),
            cells=annex["access"]["rows"][index],
            document=point,
            detail=annex["details"][index],
            sensitivity=annex["sensitivity"][index],
            checks=_checks(annex, int(point["id"])),
            fastest=annex["fastest"][index],
            scale=SpeedScale(**_fastest_speeds(point), top=top),
        )
        for index, point in enumerate(points)
    ]
    return ResultPage(
        document=document,
        annex=annex,
        head=list(wording.node("annex.access_points.head")),
        class_head=list(wording.node("annex.details.head")),
        measure_head=list(wording.node("annex.measure.head")),
        rows=sorted(rows, key=lambda row: row.number),
        sets=None if document["threat_statement"] else _set_table(document, wording),
    )


def _fastest_speeds(point: Mapping[str, Any]) -> dict[str, float | None]:
    entry = next(one for one in point["classes"] if one["vehicle"] == point["fastest_vehicle"])
    return dict(entry["speed_kmh"])


def _scale_end(points: list[Mapping[str, Any]]) -> int:
    speeds = [_fastest_speeds(point)["limit"] or 0.0 for point in points]
    return SCALE_STEP * (int(max(speeds, default=0.0) // SCALE_STEP) + 1)


def _checks(annex: Mapping[str, Any], number: int) -> list[list[str]]:
    """Return the facts to measure first that decide an access point."""
    return [
        row for row in annex["measure"]["rows"] if str(number) in row[5].replace(" ", "").split(",")
    ]


def _set_table(document: Mapping[str, Any], wording: Wording) -> SetTable | None:
    sets = class_sets(document)
    if not document["access_points"] or len(sets) < 2:
        return None
    names = {item["key"]: item["name"] for item in document["vehicles"]}
    head = [wording.vehicle(item.heaviest, names[item.heaviest]) for item in sets]
    rows = []
    for index, first in enumerate(sets[0].requirements):
        cells = [_required(item.requirements[index], wording) for item in sets]
        rows.append((first.number, cells))
    return SetTable(head, rows)


def _required(requirement: Any, wording: Wording) -> str:
    if not requirement.vehicle:
        return _("none of them fits")
    if requirement.rating:
        return str(requirement.rating)
    return wording(f"rating_reason.{requirement.reason}")
