"""
Answer which cells a vehicle's centre can be in and between which neighbours it can pass.

Cells are joined by the *vector* ground, not by samples of it: two neighbours are joined only where
the ground, eroded by half the vehicle's width, meets their shared edge. Sampled centres lose
narrow passages; marking every touched cell leaks through thin walls. This rule does neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.errors import InputError

EROSION_TOLERANCE = 0.02
"""Erosion falls short of half the width by this much, so that no rounding loses a passage. [m]"""

_SIMPLIFICATION = 0.005
QUADRANT_SEGMENTS = 8


class CellTooLargeError(InputError):
    """A cell's diagonal is longer than the vehicle is wide, so a wall could leak."""

    code = "cell_too_large"


@dataclass(frozen=True, eq=False)
class CellGrid:
    """
    Cells that eroded ground meets, per level, and the links between them.

    Attributes
    ----------
    origin_x, origin_y : float
        South-west corner. [m]
    cell : float
        Edge length of a cell. [m]
    levels : tuple of int
        The level each layer of the arrays stands for.
    is_ground : ndarray of bool, shape (n_levels, rows, columns)
        The eroded ground meets the cell. South row first.
    right : ndarray of bool, shape (n_levels, rows, columns)
        Cell (r, c) is joined with (r, c + 1).
    up : ndarray of bool, shape (n_levels, rows, columns)
        Cell (r, c) is joined with (r + 1, c).
    portals : ndarray of int32, shape (k, 4)
        Index of one level, index of another, row, column: a vehicle's centre that is in this cell
        on the one may be on the other. Each pair stands once.
    """

    origin_x: float
    origin_y: float
    cell: float
    levels: tuple[int, ...]
    is_ground: NDArray[np.bool_]
    right: NDArray[np.bool_]
    up: NDArray[np.bool_]
    portals: NDArray[np.int32]


def link_cells(
    surfaces: Sequence[shapely.Geometry],
    *,
    half_width: float,
    cell: float,
    bounds: tuple[float, float, float, float],
    levels: Sequence[int] | None = None,
    portals: Sequence[tuple[int, int, shapely.Geometry]] = (),
) -> CellGrid:
    """
    Rasterise ground, one surface per level, so that no passage is lost and no wall leaks.

    Parameters
    ----------
    surfaces : sequence of polygon or multipolygon
        Drivable ground per level, obstacles subtracted, not eroded. Valid. [m]
    half_width : float
        Half the vehicle's width. [m], > 0.
    cell : float
        [m], > 0, at most ``2 half_width / sqrt(2)``.
    bounds : tuple of float
        min x, min y, max x, max y; its south-west corner is the grid's origin. [m]
    levels : sequence of int, optional
        What the surfaces are called; by default 0, 1, 2, …
    portals : sequence of (index, index, polygon), optional
        Where two levels are the same place.

    Returns
    -------
    CellGrid

    Raises
    ------
    CellTooLargeError
        If a cell's diagonal exceeds the vehicle's width.

    Notes
    -----
    Even-odd intervals of the eroded polygons along every grid line, exact up to rounding. Walls
    of at least ``2 EROSION_TOLERANCE`` never leak: ground on their two sides lies further apart
    than a cell's diagonal, so no cell meets both.
    """
    if not 0.0 < cell <= 2.0 * half_width / np.sqrt(2.0) * (1.0 + 1e-9):
        raise CellTooLargeError(cell=cell, width=2.0 * half_width)
    eroded = [erode(surface, half_width) for surface in surfaces]
    columns = max(1, int(np.ceil((bounds[2] - bounds[0]) / cell - 1e-9)))
    rows = max(1, int(np.ceil((bounds[3] - bounds[1]) / cell - 1e-9)))
    shape = (len(eroded), rows, columns)
    is_ground = np.zeros(shape, dtype=np.bool_)
    right = np.zeros(shape, dtype=np.bool_)
    up = np.zeros(shape, dtype=np.bool_)
    for level, surface in enumerate(eroded):
        touched, vertical, horizontal = rasterise(
            surface, cell=cell, bounds=bounds, rows=rows, columns=columns
        )
        is_ground[level] = touched
        right[level, :, :-1] = vertical[:, 1:-1]
        up[level, :-1, :] = horizontal[1:-1, :]
    joints: set[tuple[int, int, int, int]] = set()
    for one, other, place in portals:
        first, second = min(one, other), max(one, other)
        for row, column in cells_of_portal(
            place, eroded[one], eroded[other], cell=cell, bounds=bounds, rows=rows, columns=columns
        ):
            if is_ground[one, row, column] and is_ground[other, row, column]:
                joints.add((first, second, row, column))
    return CellGrid(
        origin_x=bounds[0],
        origin_y=bounds[1],
        cell=cell,
        levels=tuple(levels) if levels is not None else tuple(range(len(eroded))),
        is_ground=is_ground,
        right=right,
        up=up,
        portals=np.array(sorted(joints), dtype=np.int32).reshape(-1, 4),
    )


def cells_of_portal(
    place: shapely.Geometry,
    one: shapely.Geometry,
    other: shapely.Geometry,
    *,
    cell: float,
    bounds: tuple[float, float, float, float],
    rows: int,
    columns: int,
) -> list[tuple[int, int]]:
    """
    Return row and column of the cells in which a vehicle's centre may be on either of two levels.

    Parameters
    ----------
    place : polygon or multipolygon
        Where the levels are the same place. [m]
    one, other : polygon or multipolygon
        Eroded ground of either level; more than the box of `place` is not looked at.
    cell, bounds, rows, columns
        The grid, see `link_cells`.

    Returns
    -------
    list of (int, int)
    """
    box = shapely.bounds(place)
    near = [shapely.clip_by_rect(surface, *box) for surface in (one, other)]
    common = shapely.intersection(shapely.intersection(place, near[0]), near[1])
    return _cells_met(common, cell=cell, bounds=bounds, rows=rows, columns=columns)


def _cells_met(
    surface: shapely.Geometry,
    *,
    cell: float,
    bounds: tuple[float, float, float, float],
    rows: int,
    columns: int,
) -> list[tuple[int, int]]:
    """Return row and column of the cells a small surface meets; looks at its own box only."""
    if shapely.is_empty(surface):
        return []
    west, south, east, north = (float(value) for value in shapely.bounds(surface))
    first_column = max(0, int(np.floor((west - bounds[0]) / cell)) - 1)
    first_row = max(0, int(np.floor((south - bounds[1]) / cell)) - 1)
    n_columns = min(columns, int(np.ceil((east - bounds[0]) / cell)) + 1) - first_column
    n_rows = min(rows, int(np.ceil((north - bounds[1]) / cell)) + 1) - first_row
    if n_columns <= 0 or n_rows <= 0:
        return []
    corner = (bounds[0] + first_column * cell, bounds[1] + first_row * cell)
    box = (*corner, corner[0] + n_columns * cell, corner[1] + n_rows * cell)
    touched, _, _ = rasterise(surface, cell=cell, bounds=box, rows=n_rows, columns=n_columns)
    return [(first_row + int(r), first_column + int(c)) for r, c in np.argwhere(touched)]


def erode(surface: shapely.Geometry, half_width: float) -> shapely.Geometry:
    """
    Return where the centre of a vehicle can be, never less than the exact erosion.

    Parameters
    ----------
    surface : polygon or multipolygon
        Valid. [m]
    half_width : float
        [m], > 0.

    Returns
    -------
    polygon or multipolygon
        Contains the exact erosion by `half_width` and is contained in that by
        ``half_width - 2 EROSION_TOLERANCE``.

    Notes
    -----
    Arcs around convex obstacle corners become inscribed chords, which lie on the obstacle's side:
    the ground is eroded a little less than exactly (under 0.5 % of `half_width`). Simplification
    of the input and inside the buffer operation may err by about 1 cm either way, which
    `EROSION_TOLERANCE` absorbs. Speeds can only be raised by this, passages never lost.
    """
    simple = shapely.simplify(surface, _SIMPLIFICATION, preserve_topology=True)
    eroded: shapely.Geometry = shapely.buffer(
        simple, EROSION_TOLERANCE - half_width, quad_segs=QUADRANT_SEGMENTS
    )
    return eroded


def rasterise(
    surface: shapely.Geometry,
    *,
    cell: float,
    bounds: tuple[float, float, float, float],
    rows: int,
    columns: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """
    Return which cells and which cell edges a surface meets.

    Parameters
    ----------
    surface : polygon or multipolygon
        Valid, as it is (not eroded here). [m]
    cell, bounds, rows, columns
        The grid, see `link_cells`.

    Returns
    -------
    touched : ndarray of bool, shape (rows, columns)
    vertical : ndarray of bool, shape (rows, columns + 1)
        Cell edges on the grid's vertical lines.
    horizontal : ndarray of bool, shape (rows + 1, columns)
        Cell edges on the grid's horizontal lines.
    """
    ends = ring_edges(surface)
    ends[:, 0::2] -= bounds[0]
    ends[:, 1::2] -= bounds[1]
    vertical = meet_lines(ends, cell, columns + 1, rows).T
    horizontal = meet_lines(np.ascontiguousarray(ends[:, [1, 0, 3, 2]]), cell, rows + 1, columns)
    touched = vertical[:, :-1] | vertical[:, 1:] | horizontal[:-1, :] | horizontal[1:, :]
    column = np.floor(ends[:, 0] / cell).astype(np.int64)
    row = np.floor(ends[:, 1] / cell).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    touched[row[inside], column[inside]] = True
    return touched, vertical, horizontal


def ring_edges(surface: shapely.Geometry) -> NDArray[np.float64]:
    """Return the edges of all rings, shape (n, 4): x and y of both ends, in metres."""
    rings = shapely.get_rings(shapely.get_parts(surface))
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    together = ring[1:] == ring[:-1]
    return np.hstack([coords[:-1][together], coords[1:][together]]).reshape(-1, 4)


@numba.njit(cache=True)
def meet_lines(
    ends: NDArray[np.float64], cell: float, n_lines: int, n_cells: int
) -> NDArray[np.bool_]:
    """
    Return which unit stretches of the lines ``x = i cell`` lie on or in a polygon.

    Parameters
    ----------
    ends : ndarray, shape (n, 4)
        Edges of closed rings, relative to the grid's origin. [m]
    cell : float
        [m]
    n_lines, n_cells : int
        Lines i = 0 … n_lines - 1, stretches j = 0 … n_cells - 1 from ``j cell`` to
        ``(j + 1) cell`` along y.

    Returns
    -------
    ndarray of bool, shape (n_lines, n_cells)
    """
    n = ends.shape[0]
    start = np.zeros(n_lines + 1, dtype=np.int64)
    first = np.empty(n, dtype=np.int64)
    last = np.empty(n, dtype=np.int64)
    for k in range(n):
        low = min(ends[k, 0], ends[k, 2])
        high = max(ends[k, 0], ends[k, 2])
        i = max(0, int(np.ceil(low / cell)) - 1)
        while i * cell < low:
            i += 1
        first[k] = i
        while i < n_lines and i * cell < high:
            start[i + 1] += 1
            i += 1
        last[k] = i
    for i in range(n_lines):
        start[i + 1] += start[i]
    crossing = np.empty(start[n_lines], dtype=np.float64)
    filled = start[:-1].copy()
    for k in range(n):
        for i in range(first[k], last[k]):
            part = (i * cell - ends[k, 0]) / (ends[k, 2] - ends[k, 0])
            crossing[filled[i]] = ends[k, 1] + part * (ends[k, 3] - ends[k, 1])
            filled[i] += 1
    met = np.zeros((n_lines, n_cells), dtype=np.bool_)
    for i in range(n_lines):
        ordered = np.sort(crossing[start[i] : start[i + 1]])
        for k in range(0, ordered.size - 1, 2):
            j0 = max(0, int(np.floor(ordered[k] / cell)))
            j1 = min(n_cells - 1, int(np.floor(ordered[k + 1] / cell)))
            for j in range(j0, j1 + 1):
                met[i, j] = True
    return met
