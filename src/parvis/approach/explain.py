"""Why is the speed at an access point what it is: binding run-up and last limiting turn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.cells import CellGrid
from parvis.approach.lattice_trace import LatticeLeg, LatticeTrace
from parvis.approach.results import Binding
from parvis.approach.street_field_entries import height_at
from parvis.approach.uncertainty import Leg
from parvis.city.model import City, Elevation
from parvis.terms import Grade

NAMED_WITHIN = 20.0
"""A street further away than this does not name a place. [m]"""

JOINED_WITHIN = 4.0
"""Arcs to the same side with a shorter straight between them are one turn. [m]"""

SHORTEST_SLOPE = 5.0
"""Shorter pieces of a path count as level. [m]"""

SAME_PLACE = 15.0
"""Turns and starting points nearer than this count as the same. [m]"""


class StreetFinder:
    """
    Finds the street at a place of a window.

    Parameters
    ----------
    city : City
    bounds : tuple of float
        min x, min y, max x, max y. [m]
    """

    def __init__(self, city: City, bounds: tuple[float, float, float, float]) -> None:
        streets, segments = city.streets, city.segments
        rows = streets.within(bounds)
        self.segment = np.flatnonzero(np.isin(segments.street, rows))
        lines = []
        for k in self.segment:
            start, end = int(segments.coord_start[k]), int(segments.coord_end[k])
            lines.append(shapely.LineString(streets.coords[start:end]))
        self._lines = np.array(lines, dtype=object)
        self._tree = shapely.STRtree(self._lines)
        self._names = [
            streets.text("name", int(segments.street[segment])) for segment in self.segment
        ]
        is_named = np.array([bool(name) for name in self._names], dtype=np.bool_)
        self._named_index = np.flatnonzero(is_named)
        self._named = shapely.STRtree(self._lines[self._named_index])
        # GEOS builds a tree on its first query, which two threads may not do at once.
        for tree in (self._tree, self._named):
            tree.query(shapely.Point(bounds[0], bounds[1]))

    def name(self, x: float, y: float) -> str:
        """Return the name of the nearest named street within `NAMED_WITHIN`, or ``""``."""
        if not len(self._named_index):
            return ""
        point = shapely.Point(x, y)
        found = self._named.query_nearest(point, max_distance=NAMED_WITHIN, all_matches=False)
        return self._names[int(self._named_index[int(found[0])])] if len(found) else ""

    def nearest_segment(self, x: float, y: float) -> int:
        """Return the row of the nearest segment within `NAMED_WITHIN`, or -1."""
        if not len(self._lines):
            return -1
        point = shapely.Point(x, y)
        found = self._tree.query_nearest(point, max_distance=NAMED_WITHIN, all_matches=False)
        return int(self.segment[int(found[0])]) if len(found) else -1


@dataclass(frozen=True, slots=True)
class Turn:
    """
    A turn that limits.

    Attributes
    ----------
    x, y : float
        Where it ends. [m]
    radius : float
        Of its last limiting arc. [m]
    deflection : float
        Whole change of direction. [rad], >= 0
    cap : float
        [m s⁻¹]
    run_up_from : int
        Index of the first leg after the last limiting arc.
    """

    x: float
    y: float
    radius: float
    deflection: float
    cap: float
    run_up_from: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    The binding path in lengths and radii, and the places that decide it.

    Attributes
    ----------
    binding : Binding
    legs : tuple of Leg
        For the parameter draws.
    entry_speed : float
        Speed at the start of the first leg. [m s⁻¹]
    turn : Turn or None
    start_x, start_y : float
        Where the last run-up starts. [m]
    """

    binding: Binding
    legs: tuple[Leg, ...]
    entry_speed: float
    turn: Turn | None
    start_x: float
    start_y: float


def explain_trace(
    trace: LatticeTrace,
    grid: CellGrid,
    streets: StreetFinder,
    *,
    before: Sequence[Leg] = (),
    terrain: Elevation | None = None,
) -> Explanation:
    """
    Put a traced path into run-up, last limiting turn and street names.

    Parameters
    ----------
    trace : LatticeTrace
    grid : CellGrid
    streets : StreetFinder
    before : sequence of Leg
        Legs of the street network that give the entry speed; empty where the path starts from rest.
    terrain : Elevation, optional
        Gives the legs their gradients.

    Returns
    -------
    Explanation
    """
    legs = trace.legs
    turns = _turn_of_each_leg(legs)
    turn = _last_limiting_turn(legs, turns, grid)
    first = turn.run_up_from if turn else 0
    run_up = sum(leg.length for leg in legs[first:])
    x, y = _place(legs[first].start, grid) if legs[first:] else (math.nan, math.nan)
    longest = max(legs[first:], key=lambda leg: leg.length, default=None)
    street = ""
    if longest is not None:
        ends = (_place(longest.start, grid), _place(longest.end, grid))
        street = streets.name(*(0.5 * (a + b) for a, b in zip(*ends, strict=True)))
    path = tuple(before) + tuple(
        Leg(leg.length, leg.radius, turns[i], _gradient(leg, grid, terrain))
        for i, leg in enumerate(legs)
    )
    binding = Binding(
        run_up=run_up,
        street=street,
        turn_radius=turn.radius if turn else math.inf,
        turn_deflection=turn.deflection if turn else 0.0,
        turn_cap=turn.cap if turn else math.inf,
        turn_street=_street_before(legs, turn, grid, streets),
        legs=tuple((leg.length, leg.radius) for leg in path),
        entry_speed=trace.entry_speed if trace.is_entry else 0.0,
        changes_in_box=False,
    )
    entry_speed = 0.0 if before else binding.entry_speed
    return Explanation(binding, path, entry_speed, turn, x, y)


def is_same_path(one: Explanation, other: Explanation) -> bool:
    """Tell whether two explanations rest on the same turn, or on the same start from rest."""
    if (one.turn is None) != (other.turn is None):
        return False
    if one.turn is not None and other.turn is not None:
        return math.hypot(one.turn.x - other.turn.x, one.turn.y - other.turn.y) <= SAME_PLACE
    if math.isnan(one.start_x) or math.isnan(other.start_x):
        return math.isnan(one.start_x) == math.isnan(other.start_x)
    return math.hypot(one.start_x - other.start_x, one.start_y - other.start_y) <= SAME_PLACE


def turn_width(city: City, streets: StreetFinder, turn: Turn | None) -> tuple[int, float, Grade]:
    """Return segment row, clear width [m] and grade where a turn happens; row -1 for none."""
    if turn is None:
        return -1, math.nan, Grade.C
    segment = streets.nearest_segment(turn.x, turn.y)
    if segment < 0:
        return -1, math.nan, Grade.C
    width = float(city.segments.width[segment])
    return segment, width, Grade(int(city.segments.width_grade[segment]))


def _gradient(leg: LatticeLeg, grid: CellGrid, terrain: Elevation | None) -> float:
    """Return rise over run of a leg on ground level, 0 where unknown or too short to tell."""
    if terrain is None or leg.length < SHORTEST_SLOPE or grid.levels[leg.start[0]] != 0:
        return 0.0
    x, y = zip(_place(leg.start, grid), _place(leg.end, grid), strict=True)
    start, end = height_at(terrain, np.array(x), np.array(y))
    rise = float(end - start) / leg.length
    return rise if math.isfinite(rise) else 0.0


def _turn_of_each_leg(legs: Sequence[LatticeLeg]) -> NDArray[np.float64]:
    """Return the whole change of direction of the turn each leg belongs to, 0 off turns."""
    total = np.zeros(len(legs))
    i = 0
    while i < len(legs):
        if legs[i].kind != "arc":
            i += 1
            continue
        members = [i]
        gap = 0.0
        j = i + 1
        while j < len(legs):
            if legs[j].kind == "arc":
                if legs[j].deflection * legs[i].deflection < 0:
                    break
                members.append(j)
                gap = 0.0
            else:
                gap += legs[j].length
                if gap > JOINED_WITHIN:
                    break
            j += 1
        total[members] = abs(sum(legs[k].deflection for k in members))
        i = members[-1] + 1
    return total


def _last_limiting_turn(
    legs: Sequence[LatticeLeg], turns: NDArray[np.float64], grid: CellGrid
) -> Turn | None:
    limiting = [i for i, leg in enumerate(legs) if leg.is_limiting]
    if not limiting:
        return None
    last = limiting[-1]
    x, y = _place(legs[last].end, grid)
    return Turn(x, y, legs[last].radius, float(turns[last]), legs[last].cap, last + 1)


def _street_before(
    legs: Sequence[LatticeLeg], turn: Turn | None, grid: CellGrid, streets: StreetFinder
) -> str:
    if turn is None:
        return ""
    back = [leg for leg in legs[: turn.run_up_from] if leg.kind == "straight" and leg.length > 5.0]
    origin = back[-1].start if back else legs[0].start
    return streets.name(*_place(origin, grid))


def _place(cell: tuple[int, int, int], grid: CellGrid) -> tuple[float, float]:
    _, row, column = cell
    return (
        grid.origin_x + (column + 0.5) * grid.cell,
        grid.origin_y + (row + 0.5) * grid.cell,
    )
