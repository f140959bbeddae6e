"""With what speed and heading does a class arrive at each metre of a boundary."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.cells import CellGrid
from parvis.approach.lattice import LatticeField
from parvis.approach.perimeter import Boundary


@dataclass(frozen=True, eq=False)
class Crossings:
    """
    Cells in which a vehicle crosses the boundary, by metre; arrays of shape (k,).

    Attributes
    ----------
    metre : ndarray of int64
        Index of the metre of the boundary.
    level, row, column : ndarray of int64
        A cell the metre touches, next to a link that leads across the boundary.
    """

    metre: NDArray[np.int64]
    level: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Arrivals:
    """
    The fastest arrival at each metre; arrays of shape (n,), NaN or -1 where none arrives.

    Attributes
    ----------
    speed : ndarray of float64
        [m s⁻¹]
    direction : ndarray of float64
        Of travel, from east anticlockwise. [rad]
    angle : ndarray of float64
        Between path and boundary line, 0 along it, pi/2 square on. [rad]
    level, row, column, heading : ndarray of int64
        State of the lattice.
    """

    speed: NDArray[np.float64]
    direction: NDArray[np.float64]
    angle: NDArray[np.float64]
    level: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    heading: NDArray[np.int64]


def protected_cells(grid: CellGrid, area: shapely.Geometry) -> NDArray[np.bool_]:
    """
    Return the cells of ground level whose middle lies in the protected area.

    Parameters
    ----------
    grid : CellGrid
    area : shapely Polygon or MultiPolygon

    Returns
    -------
    ndarray of bool, shape (n_levels, rows, columns)
    """
    inside = np.zeros_like(grid.is_ground)
    if 0 not in grid.levels:
        return inside
    _, rows, columns = grid.is_ground.shape
    west, south, east, north = shapely.bounds(area)
    first_row = max(0, int((south - grid.origin_y) / grid.cell) - 1)
    last_row = min(rows, int((north - grid.origin_y) / grid.cell) + 2)
    first_column = max(0, int((west - grid.origin_x) / grid.cell) - 1)
    last_column = min(columns, int((east - grid.origin_x) / grid.cell) + 2)
    x = grid.origin_x + (np.arange(first_column, last_column) + 0.5) * grid.cell
    y = grid.origin_y + (np.arange(first_row, last_row) + 0.5) * grid.cell
    shapely.prepare(area)
    inside[grid.levels.index(0), first_row:last_row, first_column:last_column] = (
        shapely.contains_xy(area, x[None, :], y[:, None])
    )
    return inside


def find_crossings(
    grid: CellGrid,
    boundary: Boundary,
    *,
    reachable: NDArray[np.bool_],
    protected: NDArray[np.bool_],
) -> Crossings:
    """
    Find where the boundary can be crossed from reachable ground.

    Parameters
    ----------
    grid : CellGrid
    boundary : Boundary
    reachable : ndarray of bool, shape (n_levels, rows, columns)
        Ground outside the protected area that vehicles reach.
    protected : ndarray of bool, shape (n_levels, rows, columns)
        Cells of the protected area.

    Returns
    -------
    Crossings
    """
    if 0 not in grid.levels:
        none = np.empty(0, dtype=np.int64)
        return Crossings(none, none, none, none)
    level = grid.levels.index(0)
    outside, inside = reachable[level], protected[level] & grid.is_ground[level]
    is_crossing = np.zeros_like(outside)
    for axis, joined in ((1, grid.right[level]), (0, grid.up[level])):
        here = (slice(None), slice(None, -1)) if axis == 1 else (slice(None, -1), slice(None))
        there = (slice(None), slice(1, None)) if axis == 1 else (slice(1, None), slice(None))
        crosses = joined[here] & ((outside[here] & inside[there]) | (inside[here] & outside[there]))
        is_crossing[here] |= crosses
        is_crossing[there] |= crosses
    rows, columns = outside.shape
    row = np.floor((boundary.sample_y - grid.origin_y) / grid.cell).astype(np.int64)
    column = np.floor((boundary.sample_x - grid.origin_x) / grid.cell).astype(np.int64)
    metre = np.broadcast_to(np.arange(len(boundary))[:, None], row.shape)
    is_in = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    key = np.unique((metre[is_in] * rows + row[is_in]) * columns + column[is_in])
    touched_metre, cell = np.divmod(key, rows * columns)
    touched_row, touched_column = np.divmod(cell, columns)
    keep = is_crossing[touched_row, touched_column]
    return Crossings(
        metre=touched_metre[keep],
        level=np.full(int(keep.sum()), level, dtype=np.int64),
        row=touched_row[keep],
        column=touched_column[keep],
    )


def fastest_arrivals(field: LatticeField, boundary: Boundary, crossings: Crossings) -> Arrivals:
    """
    Take for each metre the fastest state that points inward in the cells it touches.

    Parameters
    ----------
    field : LatticeField
    boundary : Boundary
    crossings : Crossings

    Returns
    -------
    Arrivals
    """
    n = len(boundary)
    inward_x = boundary.inward_x[crossings.metre]
    inward_y = boundary.inward_y[crossings.metre]
    speed, heading = field.fastest_arrival(
        crossings.level, crossings.row, crossings.column, inward_x, inward_y
    )
    order = np.lexsort((speed, crossings.metre))
    is_last = np.append(np.diff(crossings.metre[order]) > 0, True) if len(order) else order > 0
    best = order[is_last]
    metre = crossings.metre[best]
    direction = field.directions[heading[best]]
    along = inward_x[best] * np.cos(direction) + inward_y[best] * np.sin(direction)

    def by_metre(values: NDArray[np.float64]) -> NDArray[np.float64]:
        result = np.full(n, np.nan)
        result[metre] = values
        return result

    def state(values: NDArray[np.int64]) -> NDArray[np.int64]:
        result = np.full(n, -1, dtype=np.int64)
        result[metre] = values[best]
        return result

    return Arrivals(
        speed=by_metre(speed[best]),
        direction=by_metre(direction),
        angle=by_metre(np.arcsin(np.clip(along, 0.0, 1.0))),
        level=state(crossings.level),
        row=state(crossings.row),
        column=state(crossings.column),
        heading=state(heading),
    )
