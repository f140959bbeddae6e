"""
Answer which lines from face to face a cut of cells stands for, and what they enclose.

A cut is a staircase of cell edges. Each connected piece of it becomes the shortest line between
the two faces it ends at, where that line keeps the streets out as well; otherwise the staircase
itself, drawn out to the faces.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.approach.cells import rasterise
from parvis.approach.lattice import reachable_cells
from parvis.closure.cut_ground import CELL, HALF_GAP, CutGround
from parvis.errors import InternalError

Flags = NDArray[np.bool_]

FACE_REACH = (2.0, 1.2)
"""How far from the end of a staircase its face is looked for, tried in turn. [m]"""

_CLOSING = 1.0
_AROUND = 6.0
_SNAPPED = 0.05
_AS_SHORT = 0.02


class LeakError(InternalError):
    """Lines drawn from a cut let the streets through; details: n_lines."""

    code: ClassVar[str] = "closure_leaks"


@dataclass(frozen=True, eq=False)
class Enclosure:
    """
    Lines and what they enclose.

    Attributes
    ----------
    lines : tuple of LineString
        From face to face; without those that nothing reaches. [m]
    enclosed : Polygon or MultiPolygon
        Valid; meets ground outside along the lines only. [m]
    """

    lines: tuple[shapely.LineString, ...]
    enclosed: shapely.Geometry


def draw_lines(
    ground: CutGround,
    surface: shapely.Geometry,
    outside: Flags,
    area: shapely.Geometry,
    *,
    kept_free: shapely.Geometry,
    is_reached: Flags | None = None,
) -> Enclosure:
    """
    Draw the lines a cut stands for and the ground they enclose.

    Parameters
    ----------
    ground : CutGround
    surface : polygon or multipolygon
        Ground on level 0, not eroded. [m]
    outside : ndarray of bool, shape (n_nodes,)
        Nodes on the sources' side.
    area : Polygon or MultiPolygon
        Protected area, part of what is enclosed. [m]
    kept_free : Polygon or MultiPolygon
        Stand-off that no straightened line may enter. [m]
    is_reached : ndarray of bool, shape (n_nodes,), optional
        Nodes some vehicle gets to; by default all. Passages too narrow for any need no line.

    Returns
    -------
    Enclosure

    Raises
    ------
    LeakError
        If not even the staircases keep the streets out, which would be a mistake of the program.
    """
    outside = _joined_to_sink(ground, outside)
    raw = [_to_faces(piece, surface) for piece in _staircases(ground, outside)]
    tried = [_straight(line, surface, kept_free) for line in raw]
    lines = [(one or [line])[0] for one, line in zip(tried, raw, strict=True)]
    if leaks(ground, lines):
        for index, line in enumerate(raw):
            others = [*raw[:index], *raw[index + 1 :]]
            lines[index] = next(
                (one for one in tried[index] if not leaks(ground, [*others, one])), line
            )
        if leaks(ground, lines):
            lines = raw
    if leaks(ground, lines):
        raise LeakError(n_lines=len(lines))
    needed = [
        line
        for line, stairs in zip(lines, raw, strict=True)
        if is_reached is None or _is_near(stairs, ground, is_reached)
    ]
    return Enclosure(tuple(needed), _enclosed(ground, lines, area))


def severed(ground: CutGround, outside: Flags) -> CutGround:
    """
    Return the graph's cells without the links that a cut would need on other levels than 0.

    Parameters
    ----------
    ground : CutGround
    outside : ndarray of bool, shape (n_nodes,)

    Returns
    -------
    CutGround
        For drawing lines of a cut that is not closed; arcs are as they were.
    """
    grid = ground.grid
    beyond, within = ground.cells_of(outside), ground.cells_of(~outside)
    right, up = grid.right.copy(), grid.up.copy()
    for level in (index for index, name in enumerate(grid.levels) if name != 0):
        out, into = beyond[level], within[level]
        right[level, :, :-1] &= ~((out[:, :-1] & into[:, 1:]) | (into[:, :-1] & out[:, 1:]))
        up[level, :-1] &= ~((out[:-1] & into[1:]) | (into[:-1] & out[1:]))
    portals = grid.portals[~_cut_portals(ground, outside)]
    return replace(ground, grid=replace(grid, right=right, up=up, portals=portals))


def crossings_elsewhere(ground: CutGround, outside: Flags) -> list[shapely.Geometry]:
    """Return where a cut crosses other levels than 0, and where two levels meet."""
    grid = ground.grid
    found: list[shapely.Geometry] = []
    for level in (index for index, name in enumerate(grid.levels) if name != 0):
        found += _level_staircases(ground, outside, level)
    _, _, row, column = grid.portals[_cut_portals(ground, outside)].T
    west, south = grid.origin_x + column * grid.cell, grid.origin_y + row * grid.cell
    return [*found, *shapely.box(west, south, west + grid.cell, south + grid.cell)]


def _cut_portals(ground: CutGround, outside: Flags) -> Flags:
    """Return which portals lead from outside a cut to its inside."""
    one, other, row, column = ground.grid.portals.T
    beyond, within = ground.cells_of(outside), ground.cells_of(~outside)
    return np.asarray(
        (beyond[one, row, column] & within[other, row, column])
        | (within[one, row, column] & beyond[other, row, column])
    )


def _is_near(stairs: shapely.LineString, ground: CutGround, nodes: Flags) -> bool:
    """Tell whether one of the nodes is a cell beside a staircase."""
    places = shapely.points(ground.node_x[nodes], ground.node_y[nodes])
    return bool(shapely.dwithin(places, stairs, CELL).any())


def leaks(ground: CutGround, lines: Sequence[shapely.LineString]) -> bool:
    """
    Tell whether a vehicle gets from the streets to the sink with lines standing as walls.

    Parameters
    ----------
    ground : CutGround
    lines : sequence of LineString
        On level 0. [m]
    """
    return bool((_reached(ground, _walled(ground, lines)) & ground.cells_of(ground.is_sink)).any())


def _walled(ground: CutGround, lines: Sequence[shapely.LineString]) -> shapely.Geometry:
    """Return the eroded ground of level 0 with lines standing as walls."""
    eroded = ground.eroded[ground.grid.levels.index(0)]
    if not lines:
        return eroded
    walls = shapely.union_all(shapely.buffer(np.array(lines, dtype=object), HALF_GAP))
    return shapely.difference(eroded, walls)


def _reached(ground: CutGround, walled: shapely.Geometry) -> Flags:
    """Return the cells that the sources reach on level 0 given as it is, others unchanged."""
    grid = ground.grid
    level = grid.levels.index(0)
    _, rows, columns = grid.is_ground.shape
    bounds = (
        grid.origin_x,
        grid.origin_y,
        grid.origin_x + columns * grid.cell,
        grid.origin_y + rows * grid.cell,
    )
    touched, vertical, horizontal = rasterise(
        walled, cell=grid.cell, bounds=bounds, rows=rows, columns=columns
    )
    is_ground, right, up = grid.is_ground.copy(), grid.right.copy(), grid.up.copy()
    is_ground[level] = touched
    right[level, :, :-1] = vertical[:, 1:-1]
    up[level, :-1, :] = horizontal[1:-1, :]
    free = replace(grid, is_ground=is_ground, right=right, up=up)
    return reachable_cells(free, ground.cells_of(ground.is_source))


def _joined_to_sink(ground: CutGround, outside: Flags) -> Flags:
    """Return the outside with what it surrounds and what no link joins to it moved over."""
    grid = ground.grid
    inside = reachable_cells(
        grid, ground.cells_of(ground.is_sink), blocked=ground.cells_of(outside)
    )
    beyond = reachable_cells(grid, ground.cells_of(ground.is_source), blocked=inside)
    return np.asarray(beyond[ground.node_level, ground.node_row, ground.node_column])


def _staircases(ground: CutGround, outside: Flags) -> list[shapely.LineString]:
    """Return the connected runs of cell edges between outside and inside on level 0."""
    return _level_staircases(ground, outside, ground.grid.levels.index(0))


def _level_staircases(ground: CutGround, outside: Flags, level: int) -> list[shapely.LineString]:
    grid = ground.grid
    beyond = ground.cells_of(outside)[level]
    within = ground.cells_of(~outside)[level]
    ends: list[NDArray[np.int64]] = []
    for joined, dr, dc in ((grid.right[level], 0, 1), (grid.up[level], 1, 0)):
        here = (slice(0, beyond.shape[0] - dr), slice(0, beyond.shape[1] - dc))
        there = (slice(dr, None), slice(dc, None))
        crosses = joined[here] & ((beyond[here] & within[there]) | (within[here] & beyond[there]))
        row, column = np.nonzero(crosses)
        start = np.column_stack([row + dr, column + dc])
        ends.append(np.hstack([start, np.column_stack([row + 1, column + 1])]))
    edges = np.concatenate(ends)
    if not len(edges):
        return []
    corners, index = np.unique(edges.reshape(-1, 2), axis=0, return_inverse=True)
    one, other = index.reshape(-1, 2).T
    n = len(corners)
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    n_pieces, piece = connected_components(graph, directed=False)
    place = corners[:, ::-1] * grid.cell + (grid.origin_x, grid.origin_y)
    segments = np.asarray(shapely.linestrings(np.stack([place[one], place[other]], axis=1)))
    found = []
    for number in range(n_pieces):
        merged = shapely.line_merge(shapely.multilinestrings(segments[piece[one] == number]))
        found += list(shapely.get_parts(merged))
    return found


def _to_faces(piece: shapely.LineString, surface: shapely.Geometry) -> shapely.LineString:
    """Return a staircase drawn out to the nearest faces at its ends."""
    if piece.is_closed:
        return piece
    faces = _faces_near(piece, surface)
    coords = shapely.get_coordinates(piece)
    ends = [
        shapely.get_coordinates(shapely.shortest_line(shapely.Point(end), faces))[-1:]
        for end in (coords[0], coords[-1])
    ]
    return shapely.LineString(np.vstack([ends[0], coords, ends[1]]))


def _faces_near(piece: shapely.LineString, surface: shapely.Geometry) -> shapely.Geometry:
    west, south, east, north = shapely.bounds(piece)
    local = shapely.clip_by_rect(
        surface, west - _AROUND, south - _AROUND, east + _AROUND, north + _AROUND
    )
    return shapely.boundary(local)


def _straight(
    raw: shapely.LineString, surface: shapely.Geometry, kept_free: shapely.Geometry
) -> list[shapely.LineString]:
    """Return lines to try instead of a staircase, the shortest first."""
    bent = [shapely.simplify(raw, share * CELL) for share in (1.0, 0.6)]
    if raw.is_closed:
        return [line for line in bent if not shapely.intersects(line, kept_free)]
    faces = _faces_near(raw, surface)
    first, *_, last = (shapely.Point(xy) for xy in shapely.get_coordinates(raw))
    ground = shapely.clip_by_rect(surface, *_box_around(raw))
    tried = []
    for reach in FACE_REACH:
        one, other = (_face_at(end, faces, reach) for end in (first, last))
        if shapely.distance(one, other) > 0.0:
            shortest = shapely.shortest_line(one, other)
            tried += [*_through_middle(shortest, raw, ground), shortest]
    tried.append(shapely.LineString([first, last]))
    room = shapely.buffer(ground, _SNAPPED)
    near = [
        line
        for line in tried
        if shapely.hausdorff_distance(line, raw) <= max(FACE_REACH[0], 0.1 * raw.length)
    ]
    return [
        line
        for line in (*near, *bent)
        if shapely.covers(room, line) and not shapely.intersects(line, kept_free)
    ]


def _through_middle(
    shortest: shapely.LineString, raw: shapely.LineString, ground: shapely.Geometry
) -> list[shapely.LineString]:
    """Return the line beside the shortest one through a staircase's middle, if as short."""
    ends = shapely.get_coordinates(shortest)
    way = (ends[1] - ends[0]) / shortest.length
    stairs = shapely.get_coordinates(raw)
    middle = 0.5 * (stairs[0] + stairs[-1])
    reach = 0.5 * shortest.length + FACE_REACH[0]
    across = shapely.LineString([middle - reach * way, middle + reach * way])
    inside = shapely.get_parts(shapely.intersection(across, ground))
    if not len(inside):
        return []
    found = inside[int(np.argmin(shapely.distance(inside, shapely.Point(middle))))]
    is_as_short = 0.0 < found.length <= shortest.length * (1.0 + _AS_SHORT) + _SNAPPED
    return [found] if is_as_short and len(found.coords) == 2 else []


def _box_around(line: shapely.LineString) -> tuple[float, float, float, float]:
    west, south, east, north = (float(value) for value in shapely.bounds(line))
    return west - _AROUND, south - _AROUND, east + _AROUND, north + _AROUND


def _face_at(end: shapely.Point, faces: shapely.Geometry, reach: float) -> shapely.Geometry:
    """Return the stretch of the face around the end of a staircase."""
    near = shapely.line_merge(shapely.intersection(faces, shapely.buffer(end, reach)))
    parts = shapely.get_parts(near)
    return parts[int(np.argmin(shapely.distance(parts, end)))]


def _enclosed(
    ground: CutGround,
    lines: Sequence[shapely.LineString],
    area: shapely.Geometry,
) -> shapely.Geometry:
    """Return the ground that the streets no longer reach, up to the lines, without slivers."""
    grid = ground.grid
    level = grid.levels.index(0)
    walled = _walled(ground, lines)
    reached = _reached(ground, walled)
    on_level = ground.node_level == level
    is_out = reached[ground.node_level, ground.node_row, ground.node_column][on_level]
    nodes = shapely.points(ground.node_x[on_level], ground.node_y[on_level])
    parts = shapely.get_parts(walled)
    part, node = shapely.STRtree(nodes).query(parts, predicate="dwithin", distance=CELL)
    out = np.bincount(part[is_out[node]], minlength=len(parts))
    within = np.bincount(part[~is_out[node]], minlength=len(parts))
    grown = shapely.buffer(parts, HALF_GAP)
    beyond = shapely.union_all(grown[out > within])
    inner = shapely.union_all([*grown[(within >= out) & (within > 0)], area])
    closed = shapely.buffer(shapely.buffer(inner, _CLOSING), _SNAPPED - _CLOSING)
    solid = shapely.difference(_filled(closed, beyond), beyond)
    whole = shapely.union(shapely.simplify(solid, 0.5 * _SNAPPED), area)
    kept = [one for one in shapely.get_parts(whole) if one.area > CELL**2 * 4]
    return kept[0] if len(kept) == 1 else shapely.multipolygons(kept)


def _filled(closed: shapely.Geometry, beyond: shapely.Geometry) -> shapely.Geometry:
    """Return polygons without the holes that no ground outside reaches into."""
    filled = []
    for part in shapely.get_parts(closed):
        holes = [
            ring for ring in part.interiors if shapely.intersects(shapely.Polygon(ring), beyond)
        ]
        filled.append(shapely.Polygon(part.exterior, holes))
    return shapely.union_all(filled)
