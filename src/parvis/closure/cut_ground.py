"""
Answer between which pieces of ground a barrier can stand, and how long it would be there.

A cut is a set of arcs between cells. Arcs to sixteen neighbours are weighted so that the cut of a
straight line has its length at any rotation (Cauchy-Crofton). Cells are those of ground eroded by
half the clear gap, so that what is narrower needs no barrier; arcs along its rings give back what
the erosion took at either end of a line, so that a cut has its length from face to face.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from parvis.approach.arrivals import protected_cells
from parvis.approach.cells import CellGrid, erode, link_cells, ring_edges
from parvis.approach.ground import Ground
from parvis.approach.lattice import reachable_cells

Bounds = tuple[float, float, float, float]

HALF_GAP = 0.6
"""Half the greatest clear gap between barrier elements. [m]"""

CELL = 0.8
"""Edge of a cell, at most the clear gap over the square root of two. [m]"""

EDGE = 3.2
"""Cells this close to the edge of the bounds are where vehicles come from. [m]"""

STEP_ROW = np.array([0, 1, 1, 2, 1, 2, 1, 1, 0, -1, -1, -2, -1, -2, -1, -1], dtype=np.int64)
STEP_COLUMN = np.array([1, 2, 1, 1, 0, -1, -1, -2, -1, -2, -1, -1, 0, 1, 1, 2], dtype=np.int64)
"""Rows and columns of the sixteen steps, counter-clockwise from east."""

STEP_ANGLE = np.arctan2(STEP_ROW, STEP_COLUMN) % (2.0 * math.pi)
"""Direction of each step from east, counter-clockwise. [rad]"""

LINE_END = 0.32
"""
What a line end lacks on cells because arcs that leave the ground are missing. [m]

Found on straight passages at many rotations, see the tests.
"""

_SUBROWS = 4
_RING_SAMPLE = 0.1
_SHORT_VISIT = 3
_LEAST_SHARE = 0.02


@dataclass(frozen=True, eq=False)
class CutGround:
    """
    The graph a cut is taken on; nodes are cells, arcs are directed.

    Attributes
    ----------
    grid : CellGrid
        Of the ground eroded by half the clear gap.
    eroded : tuple of Geometry
        Per level of the grid.
    node_level, node_row, node_column : ndarray of int32, shape (n_nodes,)
        Cell of each node; level is an index.
    tail, head : ndarray of int32, shape (n_arcs,)
    step : ndarray of int8, shape (n_arcs,)
        Direction of each arc, index in `STEP_ANGLE`.
    metres : ndarray of float64, shape (n_arcs,)
        Length of barrier that cutting the arc takes. [m], > 0; 0 along what stands already.
    is_forbidden : ndarray of bool, shape (n_arcs,)
        No barrier may stand across the arc.
    is_source, is_sink : ndarray of bool, shape (n_nodes,)
    """

    grid: CellGrid
    eroded: tuple[shapely.Geometry, ...]
    node_level: NDArray[np.int32]
    node_row: NDArray[np.int32]
    node_column: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    step: NDArray[np.int8]
    metres: NDArray[np.float64]
    is_forbidden: NDArray[np.bool_]
    is_source: NDArray[np.bool_]
    is_sink: NDArray[np.bool_]

    @property
    def n_nodes(self) -> int:
        """Number of cells."""
        return len(self.node_row)

    @property
    def node_x(self) -> NDArray[np.float64]:
        """Middle of each cell. [m], shape (n_nodes,)."""
        middle = self.grid.origin_x + (self.node_column + 0.5) * self.grid.cell
        return np.asarray(middle, dtype=np.float64)

    @property
    def node_y(self) -> NDArray[np.float64]:
        """Middle of each cell. [m], shape (n_nodes,)."""
        middle = self.grid.origin_y + (self.node_row + 0.5) * self.grid.cell
        return np.asarray(middle, dtype=np.float64)

    def cells_of(self, nodes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return flags of nodes as flags of cells, shape (n_levels, rows, columns)."""
        cells = np.zeros_like(self.grid.is_ground)
        cells[self.node_level[nodes], self.node_row[nodes], self.node_column[nodes]] = True
        return cells


def cut_ground(
    ground: Ground,
    *,
    bounds: Bounds,
    sink: shapely.Geometry,
    seeds: Sequence[shapely.Geometry] | None = None,
    free: shapely.Geometry | None = None,
    forbidden: shapely.Geometry | None = None,
) -> CutGround:
    """
    Build the graph on which lines around a place are cut.

    Parameters
    ----------
    ground : Ground
        Of the upper scenario, so that a cut also holds where the map is silent.
    bounds : tuple of float
        min x, min y, max x, max y; within those of `ground`. [m]
    sink : Polygon or MultiPolygon
        What must be enclosed, on level 0. [m]
    seeds : sequence of Geometry, optional
        Per level of `ground`: where vehicles come from; by default its carriageways.
    free : Geometry, optional
        Barriers on level 0 that stand already and hold: cutting along them costs nothing.
    forbidden : Geometry, optional
        Surfaces on level 0 where no barrier may stand.

    Returns
    -------
    CutGround
        Of the ground that is joined to the seeds. Other levels than 0 are forbidden throughout.

    Notes
    -----
    Sources are the cells at the edge of `bounds`; where no ground leads there, streets are, in the
    half of them that is further from the sink.
    """
    near = shapely.box(*bounds).buffer(4.0 * HALF_GAP, join_style="mitre")
    surfaces = [shapely.intersection(surface, near) for surface in ground.surfaces]
    grid = link_cells(
        surfaces,
        half_width=HALF_GAP,
        cell=CELL,
        bounds=bounds,
        levels=ground.levels,
        portals=ground.portals,
    )
    eroded = tuple(erode(surface, HALF_GAP) for surface in surfaces)
    starts = _seed_cells(grid, ground.carriageways if seeds is None else seeds)
    reached = reachable_cells(grid, starts)
    level, row, column = (part.astype(np.int32) for part in np.nonzero(reached))
    number = np.full(reached.shape, -1, dtype=np.int32)
    number[level, row, column] = np.arange(len(row), dtype=np.int32)

    parts = [_area_arcs(grid, reached, number, eroded), _ring_arcs(grid, number, eroded)]
    tail, head, step, metres = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    portals = _portal_arcs(grid, number)
    one, other = portals
    tail = np.concatenate([tail, one, other]).astype(np.int32)
    head = np.concatenate([head, other, one]).astype(np.int32)
    step = np.concatenate([step, np.zeros(2 * len(one))]).astype(np.int8)
    metres = np.concatenate([metres, np.full(2 * len(one), CELL)])

    x = np.asarray(grid.origin_x + (column + 0.5) * grid.cell, dtype=np.float64)
    y = np.asarray(grid.origin_y + (row + 0.5) * grid.cell, dtype=np.float64)
    is_up = level != grid.levels.index(0)
    is_forbidden = is_up[tail] | is_up[head]
    if forbidden is not None and not shapely.is_empty(forbidden):
        zone = shapely.buffer(forbidden, 0.5 * CELL)
        shapely.prepare(zone)
        inside = shapely.contains_xy(zone, x, y) & ~is_up
        is_forbidden |= inside[tail] & inside[head]
    if free is not None and not shapely.is_empty(free):
        standing = _arcs_that_meet(free, x, y, tail, head) & ~is_up[tail] & ~is_up[head]
        metres[standing] = 0.0
        is_forbidden &= ~standing
    is_sink = protected_cells(grid, sink)[level, row, column]
    is_edge = (
        (x < bounds[0] + EDGE)
        | (x > bounds[2] - EDGE)
        | (y < bounds[1] + EDGE)
        | (y > bounds[3] - EDGE)
    )
    is_source = _sources(x, y, is_edge, is_sink, starts[level, row, column], sink)
    return CutGround(
        grid=grid,
        eroded=eroded,
        node_level=level,
        node_row=row,
        node_column=column,
        tail=tail,
        head=head,
        step=step,
        metres=metres,
        is_forbidden=is_forbidden,
        is_source=is_source,
        is_sink=is_sink,
    )


def _seed_cells(grid: CellGrid, seeds: Sequence[shapely.Geometry]) -> NDArray[np.bool_]:
    _, rows, columns = grid.is_ground.shape
    x = grid.origin_x + (np.arange(columns) + 0.5) * grid.cell
    y = grid.origin_y + (np.arange(rows) + 0.5) * grid.cell
    cells = np.zeros_like(grid.is_ground)
    for level, ways in enumerate(seeds):
        if not shapely.is_empty(ways):
            shapely.prepare(ways)
            cells[level] = shapely.contains_xy(ways, x[None, :], y[:, None])
    return cells


def _arc_weights() -> NDArray[np.float64]:
    """Return the length each of the sixteen steps stands for, Cauchy-Crofton. [m]."""
    span = 0.5 * ((np.roll(STEP_ANGLE, -1) - np.roll(STEP_ANGLE, 1)) % (2.0 * math.pi))
    return np.asarray(0.5 * CELL * span / np.hypot(STEP_ROW, STEP_COLUMN), dtype=np.float64)


def _area_arcs(
    grid: CellGrid,
    reached: NDArray[np.bool_],
    number: NDArray[np.int32],
    eroded: Sequence[shapely.Geometry],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]]:
    """Return arcs to sixteen neighbours, weighted by the share of ground in their cells."""
    share = np.stack([_covered(surface, grid) for surface in eroded])
    across = [_overlap(surface, grid, is_vertical=True) for surface in eroded]
    along = [_overlap(surface, grid, is_vertical=False) for surface in eroded]
    link_share = (np.stack(across), np.stack(along))
    weight = _arc_weights()
    tails, heads, steps, metres = [], [], [], []
    for step, is_open in enumerate(_open_steps(grid, reached)):
        level, row, column = np.nonzero(is_open)
        dr, dc = int(STEP_ROW[step]), int(STEP_COLUMN[step])
        if abs(dr) + abs(dc) == 1:
            part = link_share[0 if dr == 0 else 1][level, row + min(dr, 0), column + min(dc, 0)]
        else:
            part = np.minimum(share[level, row, column], share[level, row + dr, column + dc])
        tails.append(number[level, row, column])
        heads.append(number[level, row + dr, column + dc])
        steps.append(np.full(len(row), step, dtype=np.int8))
        metres.append(weight[step] * np.clip(part, _LEAST_SHARE, 1.0))
    return (
        np.concatenate(tails),
        np.concatenate(heads),
        np.concatenate(steps),
        np.concatenate(metres),
    )


def _open_steps(grid: CellGrid, reached: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Return for each of the sixteen steps the cells it can be made from, following links."""
    right, up = grid.right & reached, grid.up & reached
    unit = {
        (0, 1): right,
        (1, 0): up,
        (0, -1): _moved(right, 0, 1),
        (-1, 0): _moved(up, 1, 0),
    }

    def walk(*moves: tuple[int, int]) -> NDArray[np.bool_]:
        is_open, dr, dc = reached, 0, 0
        for move in moves:
            is_open = is_open & _moved(unit[move], -dr, -dc)
            dr, dc = dr + move[0], dc + move[1]
        return is_open

    steps = []
    for dr, dc in zip(STEP_ROW.tolist(), STEP_COLUMN.tolist(), strict=True):
        vertical, horizontal = (int(np.sign(dr)), 0), (0, int(np.sign(dc)))
        if dr == 0 or dc == 0:
            steps.append(unit[dr, dc] & reached)
            continue
        long, short = (horizontal, vertical) if abs(dc) > abs(dr) else (vertical, horizontal)
        if abs(dr) == abs(dc):
            steps.append(walk(long, short) | walk(short, long))
        else:
            steps.append(
                walk(long, long, short) | walk(long, short, long) | walk(short, long, long)
            )
    return steps


def _moved(flags: NDArray[np.bool_], rows: int, columns: int) -> NDArray[np.bool_]:
    """Return flags moved by rows and columns, False where nothing moves in."""
    _, n_rows, n_columns = flags.shape
    result = np.zeros_like(flags)
    result[
        :, max(0, rows) : n_rows + min(0, rows), max(0, columns) : n_columns + min(0, columns)
    ] = flags[
        :, max(0, -rows) : n_rows - max(0, rows), max(0, -columns) : n_columns - max(0, columns)
    ]
    return result


def _ring_arcs(
    grid: CellGrid, number: NDArray[np.int32], eroded: Sequence[shapely.Geometry]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]]:
    """Return arcs along the rings of the eroded ground: what a line end on each takes."""
    _, rows, columns = grid.is_ground.shape
    tails, heads = [], []
    for level, surface in enumerate(eroded):
        for ring in shapely.get_rings(shapely.get_parts(surface)):
            points = shapely.get_coordinates(shapely.segmentize(ring, _RING_SAMPLE))
            column = np.floor((points[:, 0] - grid.origin_x) / grid.cell).astype(np.int64)
            row = np.floor((points[:, 1] - grid.origin_y) / grid.cell).astype(np.int64)
            is_in = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
            node = np.full(len(points), -1, dtype=np.int64)
            node[is_in] = number[level, row[is_in], column[is_in]]
            first, second = _neighbours_along(node)
            tails.append(first)
            heads.append(second)
    one = np.concatenate([np.empty(0, dtype=np.int64), *tails])
    other = np.concatenate([np.empty(0, dtype=np.int64), *heads])
    cells = np.argwhere(number >= 0)
    turn = cells[other] - cells[one]
    angle = np.arctan2(turn[:, 1], turn[:, 2]) % (2.0 * math.pi)
    forth = _nearest_step(angle)
    back = (forth + len(STEP_ANGLE) // 2) % len(STEP_ANGLE)
    return (
        np.concatenate([one, other]).astype(np.int32),
        np.concatenate([other, one]).astype(np.int32),
        np.concatenate([forth, back]).astype(np.int8),
        np.full(2 * len(one), HALF_GAP + LINE_END),
    )


def _neighbours_along(node: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of cells one after the other on a ring, without its short excursions."""
    changes = np.flatnonzero(np.diff(node)) + 1
    starts = np.concatenate([[0], changes])
    visit, length = node[starts], np.diff(np.append(starts, len(node)))
    if len(visit) > 1 and visit[0] == visit[-1]:
        visit, length = visit[:-1], length[:-1]
    is_excursion = (length <= _SHORT_VISIT) & (np.roll(visit, 1) == np.roll(visit, -1))
    is_excursion &= ~np.roll(is_excursion, 1)
    visit = visit[~is_excursion]
    following = np.roll(visit, -1)
    keep = (visit >= 0) & (following >= 0) & (visit != following)
    return visit[keep], following[keep]


def _nearest_step(angle: NDArray[np.float64]) -> NDArray[np.int64]:
    away = np.abs((angle[:, None] - STEP_ANGLE[None, :] + math.pi) % (2.0 * math.pi) - math.pi)
    return np.asarray(np.argmin(away, axis=1), dtype=np.int64)


def _portal_arcs(
    grid: CellGrid, number: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    one, other, row, column = grid.portals.T.astype(np.int64)
    first, second = number[one, row, column], number[other, row, column]
    keep = (first >= 0) & (second >= 0)
    return first[keep], second[keep]


def _arcs_that_meet(
    free: shapely.Geometry,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Return which arcs come within half the clear gap of a barrier."""
    zone = shapely.buffer(free, HALF_GAP)
    reach = shapely.buffer(zone, 3.0 * CELL)
    shapely.prepare(reach)
    is_near = shapely.contains_xy(reach, x, y)
    arcs = np.flatnonzero(is_near[tail] & is_near[head])
    ends = np.stack(
        [
            np.column_stack([x[tail[arcs]], y[tail[arcs]]]),
            np.column_stack([x[head[arcs]], y[head[arcs]]]),
        ],
        axis=1,
    )
    shapely.prepare(zone)
    meets = np.zeros(len(tail), dtype=np.bool_)
    meets[arcs] = shapely.intersects(zone, shapely.linestrings(ends))
    return meets


def _sources(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    is_edge: NDArray[np.bool_],
    is_sink: NDArray[np.bool_],
    is_seed: NDArray[np.bool_],
    sink: shapely.Geometry,
) -> NDArray[np.bool_]:
    """Return the cells at the edge, or far streets where no ground leads to the edge."""
    is_source = is_edge & ~is_sink
    if is_source.any() or not is_sink.any():
        return is_source
    streets = np.flatnonzero(is_seed & ~is_sink)
    away = shapely.distance(shapely.points(x[streets], y[streets]), sink)
    is_source[streets[away >= np.median(away)]] = True
    return is_source


def _overlap(
    surface: shapely.Geometry, grid: CellGrid, *, is_vertical: bool
) -> NDArray[np.float64]:
    """
    Return the share of each shared edge that lies on the ground.

    Vertical: between (r, c) and (r, c + 1); otherwise between (r, c) and (r + 1, c).
    """
    _, rows, columns = grid.is_ground.shape
    ends = _local_edges(surface, grid)
    if is_vertical:
        length = overlap_lines(ends, grid.cell, grid.cell, grid.cell, columns, rows).T
    else:
        swapped = np.ascontiguousarray(ends[:, [1, 0, 3, 2]])
        length = overlap_lines(swapped, grid.cell, grid.cell, grid.cell, rows, columns)
    return np.asarray(length / grid.cell, dtype=np.float64)


def _covered(surface: shapely.Geometry, grid: CellGrid) -> NDArray[np.float64]:
    """Return the share of each cell that is ground, by a few lines across it."""
    _, rows, columns = grid.is_ground.shape
    spacing = grid.cell / _SUBROWS
    swapped = np.ascontiguousarray(_local_edges(surface, grid)[:, [1, 0, 3, 2]])
    length = overlap_lines(swapped, 0.5 * spacing, spacing, grid.cell, rows * _SUBROWS, columns)
    return np.asarray(
        length.reshape(rows, _SUBROWS, columns).mean(axis=1) / grid.cell, dtype=np.float64
    )


def _local_edges(surface: shapely.Geometry, grid: CellGrid) -> NDArray[np.float64]:
    ends = ring_edges(surface)
    ends[:, 0::2] -= grid.origin_x
    ends[:, 1::2] -= grid.origin_y
    return ends


@njit(cache=True)
def overlap_lines(
    ends: NDArray[np.float64],
    first_line: float,
    spacing: float,
    cell: float,
    n_lines: int,
    n_cells: int,
) -> NDArray[np.float64]:
    """
    Return how much of the unit stretches of evenly spaced lines lies in a polygon.

    Parameters
    ----------
    ends : ndarray, shape (n, 4)
        Edges of closed rings, relative to the grid's origin. [m]
    first_line, spacing : float
        Line i is ``x = first_line + i spacing``. [m]
    cell : float
        Stretch j of a line is from ``j cell`` to ``(j + 1) cell`` along y. [m]
    n_lines, n_cells : int

    Returns
    -------
    ndarray of float64, shape (n_lines, n_cells)
        [m]
    """
    start = np.zeros(n_lines + 1, dtype=np.int64)
    for filling in range(2):
        if filling == 1:
            for i in range(n_lines):
                start[i + 1] += start[i]
            crossing = np.empty(start[n_lines], dtype=np.float64)
            filled = start[:-1].copy()
        for k in range(ends.shape[0]):
            low = min(ends[k, 0], ends[k, 2])
            high = max(ends[k, 0], ends[k, 2])
            i = max(0, int(np.ceil((low - first_line) / spacing)) - 1)
            while first_line + i * spacing < low:
                i += 1
            while i < n_lines and first_line + i * spacing < high:
                if filling == 0:
                    start[i + 1] += 1
                else:
                    part = (first_line + i * spacing - ends[k, 0]) / (ends[k, 2] - ends[k, 0])
                    crossing[filled[i]] = ends[k, 1] + part * (ends[k, 3] - ends[k, 1])
                    filled[i] += 1
                i += 1
    overlap = np.zeros((n_lines, n_cells), dtype=np.float64)
    for i in range(n_lines):
        ordered = np.sort(crossing[start[i] : start[i + 1]])
        for k in range(0, ordered.size - 1, 2):
            low, high = ordered[k], ordered[k + 1]
            j0 = max(0, int(np.floor(low / cell)))
            j1 = min(n_cells - 1, int(np.floor(high / cell)))
            for j in range(j0, j1 + 1):
                overlap[i, j] += min(high, (j + 1) * cell) - max(low, j * cell)
    return overlap
