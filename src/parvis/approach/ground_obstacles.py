"""What stands on the ground of a window: what stops a vehicle, what is merely there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from parvis.approach.ground_streets import QUADRANT_SEGMENTS, StreetPieces
from parvis.city.assemble import has_tag
from parvis.city.model import City, Elevation
from parvis.city.table import FeatureTable
from parvis.packs.content import GroundRules
from parvis.terms import Grade, Scenario

LINE_THICKNESS = 0.3
"""Linear obstacles are given this thickness. [m]"""

POST_DIAMETER = 0.3
"""Point obstacles that stop a vehicle are given this diameter. [m]"""

GATES = frozenset(
    {
        "gate",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "sally_port",
        "bump_gate",
        "wedge_barrier",
        "road_blocker",
        "barrier_board",
    }
)
"""A rated one of these on a street closes it from face to face; other points only themselves."""


NO_BARRIERS = frozenset(
    {
        "breakwater",
        "canal",
        "coastline",
        "dam",
        "ditch",
        "drain",
        "dyke",
        "embankment",
        "gap",
        "pier",
        "quay",
        "rail",
        "stream",
        "tree_row",
    }
)
"""Lines and points that are kept for other questions and are no barriers to vehicles."""


@dataclass(frozen=True, slots=True)
class ExistingObstacle:
    """
    Something that is there but does not stop a vehicle by itself, or a rated barrier.

    Attributes
    ----------
    feature : str
        OSM type and id, ``"node/123"``.
    osm_id : int
    kind : str
    geometry : shapely Geometry
        As mapped. [m]
    level : int
    rating, state : str
        As stated in a correction, "" for none.
    grade : Grade
    is_rated : bool
    holds : bool
        Rated, closed, and the rating is taken to hold: subtracted from the ground.
    is_flagged : bool
        A passage over it is marked in the result (steps, lowered barriers).
    """

    feature: str
    osm_id: int
    kind: str
    geometry: BaseGeometry
    level: int
    rating: str
    state: str
    grade: Grade
    is_rated: bool
    holds: bool
    is_flagged: bool


@dataclass(frozen=True, eq=False)
class Obstacles:
    """
    Obstacles of one level, by how firmly they stand against a mapped street.

    Attributes
    ----------
    buildings : list of polygon
        Opened by covered passages only.
    walls : list of polygon
        Walls, retaining walls, cliffs: opened where the centre line of a street crosses one.
    terrain : list of polygon
        Water and steep slopes: a mapped street that leads across is taken to pass.
    woods : list of polygon
        Opened by every street in its clear width.
    barriers : list of polygon
        Rated barriers that hold: opened by nothing.
    flights : list of polygon
        Steps mapped as areas, whether the class climbs them or not.
    """

    buildings: list[BaseGeometry] = field(default_factory=list)
    walls: list[BaseGeometry] = field(default_factory=list)
    terrain: list[BaseGeometry] = field(default_factory=list)
    woods: list[BaseGeometry] = field(default_factory=list)
    barriers: list[BaseGeometry] = field(default_factory=list)
    flights: list[BaseGeometry] = field(default_factory=list)

    def file(self, rule: str, body: BaseGeometry) -> None:
        """Add what stops a vehicle, by the key of its ground rule."""
        group = {"building": self.buildings, "water": self.terrain, "wood": self.woods}
        group.get(rule, self.walls).append(body)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What local corrections say about one feature."""

    rating: str
    state: str
    grade: Grade
    height: float


_PLAIN = _Facts(rating="", state="", grade=Grade.C, height=float("inf"))


def collect_obstacles(
    city: City,
    box: tuple[float, float, float, float],
    *,
    scenario: Scenario,
    rules: GroundRules,
    is_off_road: bool,
    holding: frozenset[str],
    street_width: Mapping[int, tuple[float, shapely.LineString]],
) -> tuple[dict[int, Obstacles], list[ExistingObstacle]]:
    """
    Sort what stands in a box into what stops a vehicle, by level, and what does not.

    Parameters
    ----------
    city : City
    box : tuple of float
        min x, min y, max x, max y. [m]
    scenario : Scenario
    rules : GroundRules
    is_off_road : bool
    holding : frozenset of str
        Features whose rating holds, ``"node/123"``.
    street_width : mapping of junction row to (width, LineString)
        Streets that rated gates can close: clear width [m] and centre line.

    Returns
    -------
    obstacles : dict of int to Obstacles
    existing : list of ExistingObstacle
    """
    sorter = _Sorter(scenario, rules, is_off_road, holding)
    _sort_areas(city.areas, box, sorter)
    _sort_lines(city.lines, box, sorter)
    _sort_points(city.points, box, sorter, street_width)
    if city.elevation is not None:
        sorter.at(0).terrain.extend(steep_ground(city.elevation, box, rules))
    return sorter.obstacles, sorter.existing


class _Sorter:
    def __init__(
        self, scenario: Scenario, rules: GroundRules, is_off_road: bool, holding: frozenset[str]
    ) -> None:
        self.scenario = scenario
        self.rules = rules
        self.is_off_road = is_off_road
        self.holding = holding
        self.obstacles: dict[int, Obstacles] = {}
        self.existing: list[ExistingObstacle] = []

    def at(self, level: int) -> Obstacles:
        return self.obstacles.setdefault(level, Obstacles())

    def blocks(self, kind: str) -> bool:
        """
        Whether `kind` stops a vehicle.

        The upper ground asks both columns, so it can never lose ground the typical one has.
        """
        rule = self.rules.rule(kind)
        stops = rule.blocks(Scenario.TYPICAL, is_off_road=self.is_off_road)
        if self.scenario is Scenario.LIMIT:
            stops = stops and rule.blocks(Scenario.LIMIT, is_off_road=self.is_off_road)
        return stops

    def sort(
        self,
        kind: str,
        feature: str,
        level: int,
        facts: _Facts,
        mapped: BaseGeometry,
        body: BaseGeometry,
    ) -> None:
        """File one feature: `mapped` as it is on the map, `body` as it stands on the ground."""
        if kind == "steps":
            self.at(level).flights.append(body)
            if self.blocks(kind):
                return
        is_rated = facts.rating != ""
        holds = is_rated and facts.state == "closed" and feature in self.holding
        if holds and self.blocks("rated_closed"):
            self.at(level).barriers.append(body)
        elif self.blocks(kind) and not is_rated and not self._is_low(kind, facts):
            self.at(level).file(self.rules.rule(kind).key, body)
            return
        state = "active_lowered" if is_rated and facts.state not in ("", "closed") else kind
        rule = self.rules.rule(state)
        if rule.existing == "none" and not is_rated and not rule.is_flagged:
            return
        self.existing.append(
            ExistingObstacle(
                feature=feature,
                osm_id=int(feature.rpartition("/")[2] or 0),
                kind=kind,
                geometry=mapped,
                level=level,
                rating=facts.rating,
                state=facts.state,
                grade=facts.grade,
                is_rated=is_rated,
                holds=holds,
                is_flagged=rule.is_flagged,
            )
        )

    def _is_low(self, kind: str, facts: _Facts) -> bool:
        return kind == "wall" and facts.height < self.rules.least_wall_height


def _sort_areas(
    table: FeatureTable, box: tuple[float, float, float, float], sorter: _Sorter
) -> None:
    rows = table.within(box)
    kinds = table.words("kind")[rows]
    drivable = sorter.rules.drivable
    is_obstacle = np.array(
        [kind in sorter.rules.rules and kind not in drivable for kind in kinds], dtype=np.bool_
    )
    rows, kinds = rows[is_obstacle], kinds[is_obstacle]
    types = table.words("osm_type")[rows]
    ids, levels = np.asarray(table["osm_id"])[rows], np.asarray(table["level"])[rows]
    facts = _facts(table, rows)
    outlines = sound(table.geometry[rows])
    for row, kind, osm_type, osm_id, level, outline in zip(
        rows, kinds, types, ids, levels, outlines, strict=True
    ):
        body = _within_box(outline, box)
        feature = f"{osm_type}/{osm_id}"
        sorter.sort(str(kind), feature, int(level), facts.get(int(row), _PLAIN), outline, body)


def sound(outlines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return polygons with self-crossing outlines mended, as layers of others may hold them."""
    is_broken = ~shapely.is_valid(outlines)
    if not is_broken.any():
        return outlines
    mended = outlines.copy()
    mended[is_broken] = shapely.make_valid(
        outlines[is_broken], method="structure", keep_collapsed=False
    )
    return mended


def _within_box(outline: BaseGeometry, box: tuple[float, float, float, float]) -> BaseGeometry:
    """Return the part of a large outline in the box; small ones as they are."""
    west, south, east, north = outline.bounds
    if west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3]:
        return outline
    part: BaseGeometry = shapely.intersection(outline, shapely.box(*box))
    return part


def _sort_lines(
    table: FeatureTable, box: tuple[float, float, float, float], sorter: _Sorter
) -> None:
    rows = table.within(box)
    if not len(rows):
        return
    kinds = table.words("kind")[rows]
    is_barrier = ~np.isin(kinds, list(NO_BARRIERS))
    rows, kinds = rows[is_barrier], kinds[is_barrier]
    lines = table.geometry[rows]
    bodies = shapely.buffer(
        lines, LINE_THICKNESS / 2, quad_segs=1, cap_style="square", join_style="mitre"
    )
    facts = _facts(table, rows)
    for row, kind, line, body in zip(rows, kinds, lines, bodies, strict=True):
        feature = f"way/{int(table['osm_id'][row])}"
        level = int(table["level"][row])
        sorter.sort(str(kind), feature, level, facts.get(int(row), _PLAIN), line, body)


def _sort_points(
    table: FeatureTable,
    box: tuple[float, float, float, float],
    sorter: _Sorter,
    street_width: Mapping[int, tuple[float, shapely.LineString]],
) -> None:
    rows = table.within(box)
    kinds = table.words("kind")[rows]
    is_barrier = ~np.isin(kinds, list(NO_BARRIERS))
    rows, kinds = rows[is_barrier], kinds[is_barrier]
    points = table.geometry[rows]
    bodies = shapely.buffer(points, POST_DIAMETER / 2, quad_segs=QUADRANT_SEGMENTS)
    facts = _facts(table, rows)
    for row, kind, point, body in zip(rows, kinds, points, bodies, strict=True):
        node = int(table["segment_node"][row])
        stands = body
        if kind in GATES and node in street_width:
            stands = _across(point, *street_width[node])
        feature = f"node/{int(table['osm_id'][row])}"
        level = int(table["level"][row])
        sorter.sort(str(kind), feature, level, facts.get(int(row), _PLAIN), point, stands)


def _facts(table: FeatureTable, rows: NDArray[np.int64]) -> dict[int, _Facts]:
    """Return what is stated about those of `rows` that carry a tag of interest."""
    is_stated = np.zeros(len(table), dtype=np.bool_)
    for key in ("parvis:rating", "parvis:state", "parvis:grade", "height"):
        is_stated |= has_tag(table, key)
    found = {}
    for row in rows[is_stated[rows]]:
        tags = table.tags(int(row))
        rating = tags.get("parvis:rating", "")
        letter = tags.get("parvis:grade", "C")
        found[int(row)] = _Facts(
            rating=rating,
            state=tags.get("parvis:state", "closed" if rating else ""),
            grade=Grade[letter] if letter in Grade.__members__ else Grade.C,
            height=_number(tags.get("height", "")),
        )
    return found


def _number(text: str) -> float:
    """Return a height tag in metres, inf where there is none."""
    try:
        return float(text.removesuffix("m").strip().replace(",", "."))
    except ValueError:
        return float("inf")


def _across(point: shapely.Point, width: float, street: shapely.LineString) -> BaseGeometry:
    """Return a thin bar square to `street` through `point`, `width` long."""
    at = shapely.line_locate_point(street, point)
    pair = shapely.line_interpolate_point(
        street, [max(at - 0.5, 0.0), min(at + 0.5, street.length)]
    )
    (x0, y0), (x1, y1) = shapely.get_coordinates(pair)
    length = float(np.hypot(x1 - x0, y1 - y0)) or 1.0
    dx, dy = (x1 - x0) / length * width / 2, (y1 - y0) / length * width / 2
    x, y = shapely.get_x(point), shapely.get_y(point)
    bar = shapely.LineString([(x - dy, y + dx), (x + dy, y - dx)])
    body: BaseGeometry = shapely.buffer(bar, LINE_THICKNESS / 2, cap_style="flat")
    return body


def climbable_steps(city: City, pieces: StreetPieces) -> list[ExistingObstacle]:
    """Return the ways with steps among `pieces` as something existing, flagged."""
    stairs = pieces.take(pieces.is_steps)
    street = np.asarray(city.segments.street, dtype=np.int64)[stairs.segment]
    found: dict[int, ExistingObstacle] = {}
    for at, way in enumerate(np.asarray(city.streets["osm_id"])[street]):
        known = found.get(int(way))
        line = stairs.line[at]
        found[int(way)] = ExistingObstacle(
            feature=f"way/{way}",
            osm_id=int(way),
            kind="steps",
            geometry=shapely.union(known.geometry, line) if known else line,
            level=int(stairs.level[at]),
            rating="",
            state="",
            grade=Grade.C,
            is_rated=False,
            holds=False,
            is_flagged=True,
        )
    return list(found.values())


def steep_ground(
    elevation: Elevation, box: tuple[float, float, float, float], rules: GroundRules
) -> list[BaseGeometry]:
    """
    Return the terrain that is steeper than a vehicle can climb, as strips of cells.

    Parameters
    ----------
    elevation : Elevation
    box : tuple of float
        min x, min y, max x, max y. [m]
    rules : GroundRules

    Returns
    -------
    list of Polygon
        Empty where the source is coarser than the rules trust. Heights are smoothed first: the
        edge of a kerb or a low wall in a fine grid is no slope.
    """
    if elevation.source_cell > rules.coarse_elevation:
        return []
    cell = elevation.cell
    rows, columns = elevation.height.shape
    c0 = max(0, int((box[0] - elevation.origin_x) // cell) - 1)
    c1 = min(columns, int((box[2] - elevation.origin_x) // cell) + 2)
    r0 = max(0, int((elevation.origin_y - box[3]) // cell) - 1)
    r1 = min(rows, int((elevation.origin_y - box[1]) // cell) + 2)
    if c1 - c0 < 2 or r1 - r0 < 2:
        return []
    height = np.asarray(elevation.height[r0:r1, c0:c1], dtype=np.float64)
    size = rules.smoothing_cells
    smooth = ndimage.convolve(height, np.full((size, size), 1.0 / size**2), mode="nearest")
    along_y, along_x = np.gradient(smooth, cell)
    is_steep = np.hypot(along_x, along_y) > rules.greatest_slope
    edge = np.diff(np.pad(is_steep, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, first = np.nonzero(edge == 1)
    _, last = np.nonzero(edge == -1)
    west = elevation.origin_x + (c0 + first) * cell
    east = elevation.origin_x + (c0 + last) * cell
    north = elevation.origin_y - (r0 + row) * cell
    return list(shapely.box(west, north - cell, east, north))
