"""Where does each barrier element stand, under which number, and how wide are the gaps between."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import (
    connected_components,
    depth_first_order,
    minimum_spanning_tree,
    shortest_path,
)
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from parvis.approach.layout import LARGEST_CLEAR_GAP
from parvis.city.model import City
from parvis.events.layout import DEFAULT_THICKNESS, Gate, Item, ItemKind, Layout, footprint

NEIGHBOURS = 4.0
"""Elements whose faces are this near stand in one row. [m]"""

FACE_REACH = 12.0
"""The end of a row is measured to a building or wall this near. [m]"""

BESIDE = 0.5
"""A building that begins this far back from the end of a row still counts as its end. [m]"""

TOUCHING = 0.005
"""What stands this near to a building leaves no gap. [m]"""

_FACE_AREAS = ("building", "building_part", "water")
_FACE_LINES = ("wall", "retaining_wall", "city_wall", "cliff")


@dataclass(frozen=True, slots=True)
class Position:
    """
    One element where it is to stand.

    Attributes
    ----------
    number : int
        From 1 through the whole layout; the same in every phase.
    row : int
        Row it stands in, from 1.
    item : Item
        What it is an element of.
    x, y : float
        Centre, in the city's CRS. [m]
    rotation : float
        Direction of the long side from east, anticlockwise, in [0, π). [rad]
    length, width : float
        [m]
    shape : shapely Polygon
        Its footprint.
    """

    number: int
    row: int
    item: Item
    x: float
    y: float
    rotation: float
    length: float
    width: float
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Gap:
    """
    A clear gap in a row.

    Attributes
    ----------
    left, right : str
        Position number or gate id at either side, "" for a building or wall.
    width : float
        From face to face. [m]
    line : shapely LineString
        Across the gap.
    gate : str
        Id of the gate that closes the gap at other times, "" for none.
    """

    left: str
    right: str
    width: float
    line: BaseGeometry
    gate: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether a vehicle passes: wider than `LARGEST_CLEAR_GAP` and no gate."""
        return not self.gate and self.width > LARGEST_CLEAR_GAP + 0.005


@dataclass(frozen=True, slots=True)
class BarrierRow:
    """
    Barrier elements and gates that stand side by side in one phase.

    Attributes
    ----------
    number : int
        From 1; the same in every phase.
    positions : tuple of Position
        In order along the row.
    gates : tuple of Gate
    gaps : tuple of Gap
        In order along the row, ends included where a face is near.
    has_open_end : bool
        One end has no building or wall within `FACE_REACH`.
    """

    number: int
    positions: tuple[Position, ...]
    gates: tuple[Gate, ...]
    gaps: tuple[Gap, ...]
    has_open_end: bool


@dataclass(frozen=True, slots=True)
class _Member:
    row: int
    what: Position | Gate
    shape: BaseGeometry


def positions(layout: Layout) -> tuple[Position, ...]:
    """
    Return every barrier element of a layout with its number, row after row.

    Parameters
    ----------
    layout : Layout
        Items of `parvis.events.layout.BARRIER_KINDS` are set out: a line with an element length
        becomes elements with equal gaps of at most `LARGEST_CLEAR_GAP`, flush with its ends.
    """
    return tuple(m.what for m in _members(layout) if isinstance(m.what, Position))


def barrier_rows(city: City, layout: Layout, phase: str | None = None) -> tuple[BarrierRow, ...]:
    """
    Return the rows of a phase with their gaps measured face to face.

    Parameters
    ----------
    city : City
        Its buildings, walls and water are the faces that rows end at.
    layout : Layout
    phase : str, optional
        Key of a phase; what does not stand in it leaves a gap. None: everything stands and every
        gate is shut.
    """
    rows: dict[int, list[_Member]] = {}
    for member in _members(layout):
        what = member.what
        if phase is None or isinstance(what, Gate) or phase in what.item.phases:
            rows.setdefault(member.row, []).append(member)
    return tuple(_row(number, rows[number], city, phase) for number in sorted(rows))


def elements(item: Item) -> list[tuple[BaseGeometry, float, float, float]]:
    """
    Return the elements of a barrier item: footprint, rotation [rad], length and width [m].

    Parameters
    ----------
    item : Item
    """
    line: Any = item.geometry
    is_split = (
        line.geom_type == "LineString"
        and item.kind is not ItemKind.FENCE
        and item.length < line.length - 0.01
    )
    if not is_split:
        return [_one(item)]
    wanted = math.ceil((line.length + LARGEST_CLEAR_GAP) / (item.length + LARGEST_CLEAR_GAP) - 1e-9)
    count = max(1, min(wanted, math.floor(line.length / item.length + 1e-9)))
    gap = (line.length - count * item.length) / max(count - 1, 1)
    start = 0.0 if count > 1 else gap / 2
    width = item.width if item.width == item.width else DEFAULT_THICKNESS
    found = []
    for i in range(count):
        at = start + i * (item.length + gap)
        a, b = shapely.get_coordinates(shapely.line_interpolate_point(line, [at, at + item.length]))
        middle, turn = (a + b) / 2, float(np.arctan2(*(b - a)[::-1]))
        found.append((_rectangle(middle, turn, item.length, width), turn, item.length, width))
    return found


def _one(item: Item) -> tuple[BaseGeometry, float, float, float]:
    shape = footprint(item)
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(*sides.T)
    longest = int(np.argmax(lengths))
    turn = float(np.arctan2(sides[longest, 1], sides[longest, 0]))
    return shape, turn, float(lengths.max()), float(lengths.min())


def _rectangle(
    middle: NDArray[np.float64], turn: float, length: float, width: float
) -> BaseGeometry:
    along = np.array([math.cos(turn), math.sin(turn)]) * length / 2
    across = np.array([-math.sin(turn), math.cos(turn)]) * width / 2
    corners = [along + across, along - across, -along - across, -along + across]
    return shapely.Polygon([middle + corner for corner in corners])


def _members(layout: Layout) -> list[_Member]:
    """Return barrier elements and gates in rows, in order, elements numbered."""
    raw = [
        (item, *element) for item in layout.items if item.is_barrier for element in elements(item)
    ]
    shapes = [shape for _, shape, *_ in raw] + [gate_shape(gate) for gate in layout.gates]
    if not shapes:
        return []
    found: list[_Member] = []
    number = 0
    for row, order in enumerate(_chains(shapes), start=1):
        for at in order:
            if at >= len(raw):
                found.append(_Member(row, layout.gates[at - len(raw)], shapes[at]))
                continue
            number += 1
            item, shape, turn, length, width = raw[at]
            if item.geometry.geom_type == "Point" and length > width:
                turn = _direction(order, at, shapes)
                centre = shapely.get_coordinates(shape.centroid)[0]
                shape = _rectangle(centre, turn, length, width)
            x, y = shapely.get_coordinates(shape.centroid)[0].tolist()
            place = Position(number, row, item, x, y, turn % math.pi, length, width, shape)
            found.append(_Member(row, place, shape))
    return found


def gate_shape(gate: Gate) -> BaseGeometry:
    """Return the ground a closed gate stands on."""
    return gate.geometry.buffer(DEFAULT_THICKNESS / 2, cap_style="flat", join_style="mitre")


def _chains(shapes: Sequence[BaseGeometry]) -> list[list[int]]:
    """Return indices of neighbours in order along their row; rows from west to east."""
    array = np.asarray(shapes, dtype=object)
    away = np.array([shapely.distance(shape, array) for shape in shapes])
    away = np.maximum(away, 1e-6)
    np.fill_diagonal(away, 0.0)
    near = np.where(away <= NEIGHBOURS, away, 0.0)
    count, label = connected_components(near, directed=False)
    centres = shapely.get_coordinates(shapely.centroid(array))
    chains = []
    for row in range(count):
        members = np.flatnonzero(label == row)
        # Centre distances order elements of one size better than gaps that are all alike.
        apart = np.hypot(*(centres[members][:, None] - centres[members][None]).transpose(2, 0, 1))
        linked = np.where(near[np.ix_(members, members)] > 0, np.maximum(apart, 1e-6), 0.0)
        tree = minimum_spanning_tree(linked)
        tree = tree + tree.T
        end = _far_end(tree, _far_end(tree, 0))
        other = _far_end(tree, end)
        if tuple(centres[members[other]]) < tuple(centres[members[end]]):
            end = other
        order, _ = depth_first_order(tree, end, directed=False)
        chains.append([int(members[i]) for i in order])
    return sorted(chains, key=lambda chain: tuple(centres[chain[0]].round(3)))


def _far_end(tree: NDArray[np.float64], start: int) -> int:
    """Return the member farthest from `start` along the tree."""
    length = shortest_path(tree, directed=False, indices=start)
    return int(np.argmax(np.where(np.isfinite(length), length, -1.0)))


def _direction(order: Sequence[int], at: int, shapes: Sequence[BaseGeometry]) -> float:
    """Return the direction of a row at one of its members. [rad]."""
    place = order.index(at)
    before, after = order[max(place - 1, 0)], order[min(place + 1, len(order) - 1)]
    if before == after:
        return 0.0
    a, b = shapely.get_coordinates(shapely.centroid([shapes[before], shapes[after]]))
    return float(np.arctan2(b[1] - a[1], b[0] - a[0]))


def faces(city: City, box: tuple[float, float, float, float]) -> BaseGeometry:
    """Return buildings, walls and water in a box as one geometry."""
    found: list[BaseGeometry] = []
    rows = city.areas.within(box)
    if len(rows):
        is_face = np.isin(city.areas.words("kind")[rows], _FACE_AREAS)
        is_face &= np.asarray(city.areas["level"])[rows] == 0
        found += list(shapely.make_valid(city.areas.geometry[rows[is_face]]))
    rows = city.lines.within(box)
    if len(rows):
        is_face = np.isin(city.lines.words("kind")[rows], _FACE_LINES)
        is_face &= np.asarray(city.lines["level"])[rows] == 0
        found += list(city.lines.geometry[rows[is_face]])
    return shapely.union_all(np.array(found, dtype=object))


def _row(number: int, members: list[_Member], city: City, phase: str | None) -> BarrierRow:
    shapes = [member.shape for member in members]
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    reach = FACE_REACH
    near = faces(city, (west - reach, south - reach, east + reach, north + reach))
    gaps: list[Gap] = []
    first, last = _outward(members)
    ends = (
        _end_gap(members[0], near, first, is_left=True),
        _end_gap(members[-1], near, last, is_left=False),
    )
    if ends[0] is not None and ends[0].width > TOUCHING:
        gaps.append(ends[0])
    for i, member in enumerate(members):
        gate_gap = _gate_gap(member, phase)
        if gate_gap is not None:
            gaps.append(gate_gap)
        if i + 1 < len(members):
            after = members[i + 1]
            width = float(shapely.distance(member.shape, after.shape))
            line = shapely.shortest_line(member.shape, after.shape)
            gaps.append(Gap(_label(member), _label(after), width, line))
    if ends[1] is not None and ends[1].width > TOUCHING:
        gaps.append(ends[1])
    return BarrierRow(
        number,
        tuple(m.what for m in members if isinstance(m.what, Position)),
        tuple(m.what for m in members if isinstance(m.what, Gate)),
        tuple(gaps),
        None in ends,
    )


def _label(member: _Member) -> str:
    what = member.what
    return what.id if isinstance(what, Gate) else str(what.number)


def _gate_gap(member: _Member, phase: str | None) -> Gap | None:
    """Return the passage of a gate that is open in a phase."""
    gate = member.what
    if phase is None or not isinstance(gate, Gate) or gate.opening(phase) is None:
        return None
    return Gap(gate.id, gate.id, gate.passage, passage_line(gate), gate.id)


def passage_line(gate: Gate) -> BaseGeometry:
    """Return the part of a gate that opens: its clear width, in the middle of its line."""
    line: Any = gate.geometry
    spare = (line.length - gate.passage) / 2
    part: BaseGeometry = substring(line, spare, spare + gate.passage)
    return part


def _outward(members: list[_Member]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the directions in which a row goes on beyond its first and its last member."""
    centres = [shapely.get_coordinates(member.shape.centroid)[0] for member in members]
    if len(members) > 1:
        runs = (centres[0] - centres[1], centres[-1] - centres[-2])
    else:
        corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(members[0].shape))
        sides = np.diff(corners[:3], axis=0)
        side = sides[int(np.argmax(np.hypot(*sides.T)))]
        west = -side if tuple(side) > (0.0, 0.0) else side
        runs = (west, -west)
    first, last = (run / max(float(np.hypot(*run)), 1e-9) for run in runs)
    return first, last


def _end_gap(
    member: _Member, near: BaseGeometry, outward: NDArray[np.float64], *, is_left: bool
) -> Gap | None:
    """Return the gap between the end of a row and what it ends at, None in the open."""
    corners = shapely.get_coordinates(member.shape)
    tip = corners[int(np.argmax(corners @ outward))]
    across = np.array([-outward[1], outward[0]]) * FACE_REACH
    back, ahead = tip - BESIDE * outward, tip + FACE_REACH * outward
    beyond = shapely.Polygon([back + across, ahead + across, ahead - across, back - across])
    found = shapely.intersection(near, beyond)
    if found.is_empty:
        return None
    width = float(shapely.distance(member.shape, found))
    if width > FACE_REACH:
        return None
    line = shapely.shortest_line(member.shape, found)
    name = _label(member)
    return Gap("", name, width, line.reverse()) if is_left else Gap(name, "", width, line)
