"""What does one correction change in a city's tables."""

import math
import uuid
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import build_table, join, retag, segment_lines, take
from parvis.city.corrections import (
    GROUND_REACH,
    MOVED,
    Conflict,
    Correction,
    CorrectionKind,
)
from parvis.city.model import Segments
from parvis.city.table import FeatureTable
from parvis.city.widths import BLOCKING_AREAS, BLOCKING_LINES, CORRECTED

_NEW = {
    CorrectionKind.BOLLARD: ("points", "bollard"),
    CorrectionKind.GAP: ("points", "gap"),
    CorrectionKind.STEP: ("lines", "steps"),
    CorrectionKind.KERB: ("lines", "kerb"),
    CorrectionKind.WALL: ("lines", "wall"),
    CorrectionKind.TREE: ("furniture", "tree"),
}
"""Table and kind of what a correction adds."""
ANCHOR_TABLES = {
    "node": ("points", "furniture"),
    "way": ("lines", "areas"),
    "relation": ("areas",),
}


@dataclass(eq=False)
class Changed:
    """
    Tables on their way from base to resolved city.

    Attributes
    ----------
    tables : dict of str to FeatureTable
        ``areas``, ``lines``, ``points``, ``furniture``.
    streets : FeatureTable
    segments : Segments
        Of the base.
    moved : list of Geometry
        Obstacles that block and were added or removed.
    widths : dict of int to (float, int, int)
        Segment to corrected width [m], grade and source.
    conflicts : list of Conflict
    """

    tables: dict[str, FeatureTable]
    streets: FeatureTable
    segments: Segments
    moved: list[BaseGeometry] = field(default_factory=list)
    widths: dict[int, tuple[float, int, int]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def add(self, name: str, table: FeatureTable) -> None:
        """Append rows to a table."""
        self._note(table, np.arange(len(table)))
        self.tables[name] = join(self.tables[name], table)

    def remove(self, name: str, rows: NDArray[np.int64]) -> None:
        """Take rows out of a table."""
        table = self.tables[name]
        self._note(table, rows)
        if len(rows):
            self.tables[name] = take(table, np.setdiff1d(np.arange(len(table)), rows))

    def _note(self, table: FeatureTable, rows: NDArray[np.int64]) -> None:
        """Remember changed features that limit widths."""
        if not len(rows) or table.geometry_type == "point":
            return
        words = table.words("kind")[rows]
        is_blocking = [word in BLOCKING_AREAS or word in BLOCKING_LINES for word in words]
        self.moved.extend(table.geometry[rows[np.array(is_blocking, dtype=bool)]])


def apply_correction(correction: Correction, changed: Changed) -> None:
    """
    Lay one correction over the tables.

    A correction whose anchor has vanished or moved by more than 5 m is listed as a conflict. What
    it says about that very feature (a width, that it is gone, its rating) is then not applied;
    what it adds by its own geometry is.
    """
    if correction.kind is CorrectionKind.WIDTH:
        for row in _segments_of(correction, changed):
            changed.widths[row] = (correction.value, int(correction.grade), CORRECTED)
    elif correction.kind is CorrectionKind.GROUND:
        _add_ground(correction, changed)
    else:
        _apply_obstacle(correction, changed)


def _segments_of(correction: Correction, changed: Changed) -> list[int]:
    """Segments a width speaks of; a street that vanished or moved is a conflict."""
    anchor = correction.anchor
    streets, segments = changed.streets, changed.segments
    of_street = np.asarray(segments.street, dtype=np.int64)
    if anchor is not None and anchor.osm_type == "way":
        mine = np.flatnonzero(np.asarray(streets["osm_id"])[of_street] == anchor.osm_id)
        if not len(mine):
            _conflict(correction, changed, "vanished", math.nan)
            return []
        lines = segment_lines(streets, segments, mine)
        away = float(shapely.distance(lines, shapely.Point(anchor.x, anchor.y)).min())
        if away > MOVED:
            _conflict(correction, changed, "moved", away)
            return []
    else:
        b = correction.geometry.bounds
        hit = streets.within((b[0] - MOVED, b[1] - MOVED, b[2] + MOVED, b[3] + MOVED))
        mine = np.flatnonzero(np.isin(of_street, hit))
        lines = segment_lines(streets, segments, mine)
    if not len(mine):
        return []
    distance = shapely.distance(lines, correction.geometry)
    if correction.geometry.geom_type == "Point":
        return [int(mine[int(np.argmin(distance))])]
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    along = shapely.distance(middle, correction.geometry) <= MOVED
    return [int(row) for row in mine[along | (distance == distance.min())]]


def _apply_obstacle(correction: Correction, changed: Changed) -> None:
    """Confirm, replace, remove or add an obstacle."""
    if correction.anchor is None:
        if correction.is_there:
            _add_obstacle(correction, changed)
        return
    found = _find(correction, changed)
    if found is None:
        _conflict(correction, changed, "vanished", math.nan)
        if correction.is_there and correction.kind in _NEW and _fits(correction):
            _add_obstacle(correction, changed)
        return
    name, row = found
    table = changed.tables[name]
    anchor = correction.anchor
    away = float(shapely.distance(table.geometry[row], shapely.Point(anchor.x, anchor.y)))
    if away > MOVED:
        _conflict(correction, changed, "moved", away)
        return
    if correction.is_there:
        changed.tables[name] = retag(table, row, correction.tags())
    else:
        changed.remove(name, np.array([row]))


def _fits(correction: Correction) -> bool:
    """Whether the correction's own geometry can be the obstacle."""
    wanted = "Point" if _NEW[correction.kind][0] in ("points", "furniture") else "LineString"
    is_gap = correction.kind is CorrectionKind.GAP
    return is_gap or bool(correction.geometry.geom_type == wanted)


def _find(correction: Correction, changed: Changed) -> tuple[str, int] | None:
    """Return table and row of the anchored obstacle, the nearest where an id occurs twice."""
    anchor = correction.anchor
    if anchor is None:
        return None
    place = shapely.Point(anchor.x, anchor.y)
    for name in ANCHOR_TABLES.get(anchor.osm_type, ()):
        table = changed.tables[name]
        rows = np.flatnonzero(np.asarray(table["osm_id"]) == anchor.osm_id)
        if name == "areas" and len(rows):
            rows = rows[table.words("osm_type")[rows] == anchor.osm_type]
        if len(rows):
            nearest = int(np.argmin(shapely.distance(table.geometry[rows], place)))
            return name, int(rows[nearest])
    return None


def _conflict(correction: Correction, changed: Changed, reason: str, distance: float) -> None:
    at = correction.geometry.centroid
    changed.conflicts.append(
        Conflict(
            correction.id,
            str(correction.kind),
            str(correction.anchor),
            reason,
            round(distance, 2),
            float(at.x),
            float(at.y),
        )
    )


def _add_obstacle(correction: Correction, changed: Changed) -> None:
    name, kind = _NEW[correction.kind]
    columns: dict[str, NDArray[np.generic]] = {
        "osm_id": np.array([own_id(correction.id)], dtype=np.int64),
        "level": np.zeros(1, dtype=np.int8),
    }
    if name == "points":
        columns["segment_node"] = np.full(1, -1, dtype=np.int32)
    shape = "line" if name == "lines" else "point"
    geometry = correction.geometry
    if shape == "point" and isinstance(geometry, shapely.LineString):
        geometry = shapely.line_interpolate_point(geometry, 0.5, normalized=True)
    changed.add(
        name,
        build_table(
            shape,
            [geometry],
            {key: column for key, column in columns.items() if key in changed.tables[name].columns},
            coded={"kind": [kind]},
            tags=[correction.tags()],
        ),
    )


def _add_ground(correction: Correction, changed: Changed) -> None:
    geometry = correction.geometry
    outline = geometry if geometry.geom_type.endswith("Polygon") else geometry.buffer(GROUND_REACH)
    kind = "ground_drivable" if correction.is_there else "ground_not_drivable"
    changed.add(
        "areas",
        build_table(
            "polygon",
            [outline],
            {
                "osm_id": np.array([own_id(correction.id)], dtype=np.int64),
                "level": np.zeros(1, dtype=np.int8),
            },
            coded={"kind": [kind], "osm_type": ["correction"]},
            tags=[correction.tags()],
        ),
    )


def own_id(text: str) -> int:
    """Return the negative number under which a corrected feature stands beside OSM ids."""
    return -(uuid.UUID(text).int % 2**62) - 1
