"""What changed between two analyses of a space: what was asked, and each access point."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parvis.report.wording import Wording
from parvis_web.approach import kept, maps
from parvis_web.approach.models import Analysis

DIGEST_SHOWN = 12
TOLD = ("fastest_said_speed_kmh", "required_rating", "clear_width_m", "existing", "grade")
"""What the table tells of an access point."""


@dataclass(frozen=True)
class Difference:
    """One input that differs."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PointPair:
    """One access point in both analyses; None where one of them does not have it."""

    number: int
    street: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def is_changed(self) -> bool:
        """Whether anything that the table tells differs."""
        told = [
            None if point is None else tuple(point[key] for key in TOLD)
            for point in (self.before, self.after)
        ]
        return told[0] != told[1]

    @property
    def direction(self) -> str:
        """``better`` where the speed told falls, ``worse`` where it rises, else empty."""
        speeds = [
            point["fastest_said_speed_kmh"]
            for point in (self.before, self.after)
            if point is not None and point["fastest_said_speed_kmh"] is not None
        ]
        if len(speeds) < 2 or speeds[0] == speeds[1]:
            return ""
        return "better" if speeds[1] < speeds[0] else "worse"


@dataclass(frozen=True)
class Comparison:
    """Two analyses side by side, the earlier first."""

    before: Analysis
    after: Analysis
    inputs: list[Difference]
    points: list[PointPair]

    @property
    def n_changed(self) -> int:
        """How many access points differ."""
        return sum(pair.is_changed for pair in self.points)


def compare_analyses(before: Analysis, after: Analysis) -> Comparison:
    """Return what differs between two finished analyses of one space."""
    documents = [kept.document(item) for item in (before, after)]
    wording = Wording(kept.report_language())
    by_number = [
        {int(point["id"]): _told(point, wording) for point in document["access_points"]}
        for document in documents
    ]
    pairs = []
    for number in sorted(by_number[0].keys() | by_number[1].keys()):
        old, new = (points.get(number) for points in by_number)
        street = str((new or old or {})["street"])
        pairs.append(PointPair(number, street, old, new))
    return Comparison(before, after, _inputs([before, after], documents), pairs)


def _told(point: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    reason = point["rating_reason"]
    rating = point["required_rating"] or (wording(f"rating_reason.{reason}") if reason else "")
    return dict(point) | {"rating_text": rating}


def _inputs(items: list[Analysis], documents: list[dict[str, Any]]) -> list[Difference]:
    rows = [
        (_("Data of the city"), [_short(one["provenance"]["city_hash"]) for one in documents]),
        (
            _("Date of the map data"),
            [str(one["provenance"].get("source", {}).get("date", ""))[:10] for one in documents],
        ),
        (_("Outline of the space"), [_short(item.outline) for item in items]),
        (
            _("Vehicle classes"),
            [", ".join(maps.vehicle_names(item.question["vehicles"])) for item in items],
        ),
        (
            _("Statement or assumption"),
            [one["threat_statement_text"] for one in documents],
        ),
        (_("Speed the ratings use"), [one["design_speed"] for one in documents]),
        (
            _("Line people are kept behind"),
            [
                _("drawn") if item.question.get("people_line") else _("the outline")
                for item in items
            ],
        ),
        (_("Content packs"), [_packs(one, documents) for one in documents]),
        (_("Program version"), [str(one["provenance"]["code_version"]) for one in documents]),
    ]
    return [Difference(label, *values) for label, values in rows if values[0] != values[1]]


def _short(digest: str) -> str:
    return str(digest)[:DIGEST_SHOWN]


def _packs(document: Mapping[str, Any], both: list[dict[str, Any]]) -> str:
    """Return the packs of one document that the other has in another version or not at all."""
    own = {pack["id"]: pack["version"] for pack in document["provenance"]["packs"]}
    shared = [
        {(pack["id"], pack["version"]) for pack in one["provenance"]["packs"]} for one in both
    ]
    differing = sorted(
        key for key, version in own.items() if (key, version) not in shared[0] & shared[1]
    )
    return ", ".join(f"{key} {own[key]}" for key in differing)
