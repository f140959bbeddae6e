"""Which walls does a straight line across a street meet: obstacle edges on a uniform grid."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.city.table import FeatureTable

CELL = 16.0
"""Side of an index cell: about the length of one ray. [m]"""

NO_EDGE = -1


@dataclass(frozen=True, eq=False)
class ObstacleEdges:
    """
    Straight pieces of obstacle outlines and lines, with a uniform grid over them.

    Attributes
    ----------
    ends : ndarray of float64, shape (n, 4)
        x0, y0, x1, y1. Pieces of areas run with the solid side on their left. [m]
    level : ndarray of int8, shape (n,)
    grade : ndarray of int8, shape (n,)
        `parvis.terms.Grade` of the feature.
    is_area : ndarray of bool, shape (n,)
        Has a solid side: part of an area's outline.
    cell_start : ndarray of int64, shape (columns * rows + 1,)
    cell_edges : ndarray of int32
        Edges of cell c are ``cell_edges[cell_start[c]:cell_start[c + 1]]``.
    origin_x, origin_y : float
    columns, rows : int
    """

    ends: NDArray[np.float64]
    level: NDArray[np.int8]
    grade: NDArray[np.int8]
    is_area: NDArray[np.bool_]
    cell_start: NDArray[np.int64]
    cell_edges: NDArray[np.int32]
    origin_x: float
    origin_y: float
    columns: int
    rows: int

    def __len__(self) -> int:
        return len(self.ends)


def index_edges(
    areas: FeatureTable,
    area_rows: NDArray[np.int64],
    area_grade: NDArray[np.int8],
    lines: FeatureTable,
    line_rows: NDArray[np.int64],
    line_grade: NDArray[np.int8],
) -> ObstacleEdges:
    """
    Collect the outlines of `area_rows` and the lines of `line_rows` into one grid.

    Parameters
    ----------
    areas, lines : FeatureTable
        Tables of a `City`; both have a ``level`` column.
    area_rows, line_rows : ndarray of int64
        Rows that block.
    area_grade, line_grade : ndarray of int8
        Grade of each of those rows, same shapes.
    """
    area_ends, area_of = _area_edges(areas, area_rows)
    line_ends, line_of = _line_edges(lines, line_rows)
    ends = np.concatenate([area_ends, line_ends])
    level = np.concatenate(
        [
            np.asarray(areas["level"], dtype=np.int8)[area_rows][area_of],
            np.asarray(lines["level"], dtype=np.int8)[line_rows][line_of],
        ]
    )
    grade = np.concatenate([area_grade[area_of], line_grade[line_of]]).astype(np.int8)
    is_area = np.arange(len(ends)) < len(area_ends)
    if len(ends) == 0:
        start = np.zeros(2, dtype=np.int64)
        empty = np.empty(0, dtype=np.int32)
        return ObstacleEdges(ends, level, grade, is_area, start, empty, 0.0, 0.0, 1, 1)
    origin_x = float(min(ends[:, 0].min(), ends[:, 2].min()))
    origin_y = float(min(ends[:, 1].min(), ends[:, 3].min()))
    columns = int((max(ends[:, 0].max(), ends[:, 2].max()) - origin_x) // CELL) + 1
    rows = int((max(ends[:, 1].max(), ends[:, 3].max()) - origin_y) // CELL) + 1
    start, members = _fill_grid(ends, origin_x, origin_y, columns, rows, CELL)
    return ObstacleEdges(
        ends, level, grade, is_area, start, members, origin_x, origin_y, columns, rows
    )


def _area_edges(
    table: FeatureTable, wanted: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return edges with the solid side left, and which of `wanted` each belongs to."""
    if len(wanted) == 0:
        return np.empty((0, 4)), np.empty(0, dtype=np.int64)
    to_coords, to_rings, to_polygons = (np.asarray(o, dtype=np.int64) for o in table.offsets)
    polygons, of_polygon = _expand(to_polygons[wanted], to_polygons[wanted + 1])
    rings, of_ring = _expand(to_rings[polygons], to_rings[polygons + 1])
    is_shell = np.zeros(len(to_coords) - 1, dtype=bool)
    is_shell[to_rings[:-1][to_rings[:-1] < to_rings[1:]]] = True
    first, of_vertex = _expand(to_coords[rings], to_coords[rings + 1] - 1)
    coords = np.asarray(table.coords)
    ends = np.concatenate([coords[first], coords[first + 1]], axis=1)
    centre = coords[to_coords[rings]][of_vertex]
    cross = (ends[:, 0] - centre[:, 0]) * (ends[:, 3] - centre[:, 1]) - (
        ends[:, 2] - centre[:, 0]
    ) * (ends[:, 1] - centre[:, 1])
    is_anticlockwise = np.bincount(of_vertex, weights=cross, minlength=len(rings)) > 0
    is_wrong = (is_anticlockwise != is_shell[rings])[of_vertex]
    ends[is_wrong] = ends[is_wrong][:, [2, 3, 0, 1]]
    return ends, of_polygon[of_ring][of_vertex]


def _line_edges(
    table: FeatureTable, wanted: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    if len(wanted) == 0:
        return np.empty((0, 4)), np.empty(0, dtype=np.int64)
    offsets = np.asarray(table.offsets[0], dtype=np.int64)
    first, of_line = _expand(offsets[wanted], offsets[wanted + 1] - 1)
    coords = np.asarray(table.coords)
    return np.concatenate([coords[first], coords[first + 1]], axis=1), of_line


def _expand(
    start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all indices of the ranges ``start:end`` and the range each comes from."""
    counts = np.maximum(end - start, 0)
    owner = np.repeat(np.arange(len(start), dtype=np.int64), counts)
    skipped = np.cumsum(counts) - counts
    return np.arange(counts.sum(), dtype=np.int64) - skipped[owner] + start[owner], owner


@njit(cache=True)
def _fill_grid(  # type: ignore[no-untyped-def]
    ends, origin_x, origin_y, columns, rows, cell
):
    """Put every edge into each cell it passes (cells of its box that its line cuts)."""
    counts = np.zeros(columns * rows + 1, dtype=np.int64)
    members = np.empty(0, dtype=np.int32)
    for is_filling in (False, True):
        if is_filling:
            members = np.empty(counts[-1], dtype=np.int32)
        for e in range(len(ends)):
            x0, y0, x1, y1 = ends[e, 0], ends[e, 1], ends[e, 2], ends[e, 3]
            first_column = int((min(x0, x1) - origin_x) // cell)
            last_column = int((max(x0, x1) - origin_x) // cell)
            first_row = int((min(y0, y1) - origin_y) // cell)
            last_row = int((max(y0, y1) - origin_y) // cell)
            nx, ny = y0 - y1, x1 - x0
            reach = 0.5 * cell * (abs(nx) + abs(ny)) + 1e-9
            for row in range(first_row, last_row + 1):
                for column in range(first_column, last_column + 1):
                    cx = origin_x + (column + 0.5) * cell
                    cy = origin_y + (row + 0.5) * cell
                    if abs(nx * (cx - x0) + ny * (cy - y0)) > reach:
                        continue
                    c = row * columns + column
                    if is_filling:
                        members[counts[c]] = e
                        counts[c] += 1
                    else:
                        counts[c + 1] += 1
        if not is_filling:
            for c in range(columns * rows):
                counts[c + 1] += counts[c]
    for c in range(columns * rows, 0, -1):
        counts[c] = counts[c - 1]
    counts[0] = 0
    return counts, members


@njit(cache=True)
def nearest_edge(  # type: ignore[no-untyped-def]
    x,
    y,
    dx,
    dy,
    reach,
    level,
    ends,
    edge_level,
    start,
    members,
    origin_x,
    origin_y,
    columns,
    rows,
    cell,
):
    """
    Cast one ray: distance to the first edge of `level` and that edge.

    Parameters
    ----------
    x, y, dx, dy, reach : float
        Start, unit direction and length of the ray. [m]

    Returns
    -------
    tuple of (float, int)
        Distance, or `reach` and -1 where nothing is met.
    """
    x_end, y_end = x + dx * reach, y + dy * reach
    first_column = max(int((min(x, x_end) - origin_x) // cell), 0)
    last_column = min(int((max(x, x_end) - origin_x) // cell), columns - 1)
    first_row = max(int((min(y, y_end) - origin_y) // cell), 0)
    last_row = min(int((max(y, y_end) - origin_y) // cell), rows - 1)
    best = reach
    hit = NO_EDGE
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            c = row * columns + column
            for k in range(start[c], start[c + 1]):
                e = members[k]
                if edge_level[e] != level:
                    continue
                ex, ey = ends[e, 2] - ends[e, 0], ends[e, 3] - ends[e, 1]
                across = dx * ey - dy * ex
                if across == 0.0:
                    continue
                px, py = ends[e, 0] - x, ends[e, 1] - y
                along = (px * ey - py * ex) / across
                if along < 0.0 or along >= best:
                    continue
                share = (px * dy - py * dx) / across
                if -1e-9 <= share <= 1.0 + 1e-9:
                    best = along
                    hit = e
    return best, hit
