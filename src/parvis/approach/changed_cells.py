"""
Answer which cells and links a change of the ground leaves, looking only at cells it can touch.

Eroding ground minus an obstacle is the eroded ground minus the obstacle grown by half the width;
ground that is added is eroded together with what lies around it. So unchanged cells keep their
links bit by bit, adding an obstacle never joins cells and adding ground never parts them.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.cells import (
    EROSION_TOLERANCE,
    QUADRANT_SEGMENTS,
    CellGrid,
    cells_of_portal,
    erode,
    rasterise,
)

_SPARE = 1.0
"""Ground around added ground that is eroded with it, beyond half a vehicle's width. [m]"""

_TOGETHER = 16.0
"""What is removed within a square of this side is looked at together. [m]"""


@dataclass(frozen=True, eq=False)
class Footprint:
    """
    What a list of changes does to the ground of level 0; what is removed wins over what is added.

    Attributes
    ----------
    removed : tuple of Polygon
        Where vehicles can no longer drive; disjoint. [m]
    added : tuple of Polygon
        Where they can drive now. [m]
    """

    removed: tuple[shapely.Geometry, ...] = ()
    added: tuple[shapely.Geometry, ...] = ()


@dataclass(frozen=True, eq=False)
class ErodedGround:
    """
    Ground as `changed_cells` needs it.

    Attributes
    ----------
    level : int
        Index of level 0.
    surface : Geometry
        Of level 0, not eroded. [m]
    eroded : tuple of Geometry
        Per level.
    half_width : float
        [m]
    bounds : tuple of float
        [m]
    places : tuple of (int, int, Geometry)
        Portals of the ground.
    joints : tuple of frozenset of (int, int, int, int)
        What each of them contributes to the grid's portals.
    """

    level: int
    surface: shapely.Geometry
    eroded: tuple[shapely.Geometry, ...]
    half_width: float
    bounds: tuple[float, float, float, float]
    places: tuple[tuple[int, int, shapely.Geometry], ...]
    joints: tuple[frozenset[tuple[int, int, int, int]], ...]


def erode_ground(
    surfaces: Sequence[shapely.Geometry],
    portals: Sequence[tuple[int, int, shapely.Geometry]],
    *,
    level: int,
    half_width: float,
    bounds: tuple[float, float, float, float],
    grid: CellGrid,
) -> ErodedGround:
    """
    Keep of a ground what changes of it will need.

    Parameters
    ----------
    surfaces, portals, half_width, bounds
        As given to `cells.link_cells`.
    level : int
        Index of the level that changes.
    grid : CellGrid
        What it returned.

    Returns
    -------
    ErodedGround
    """
    eroded = tuple(erode(surface, half_width) for surface in surfaces)
    ground = ErodedGround(
        level=level,
        surface=surfaces[level],
        eroded=eroded,
        half_width=half_width,
        bounds=bounds,
        places=tuple(portals),
        joints=(),
    )
    joints = (
        _joints(grid, one, other, place, eroded[one], eroded[other], bounds)
        for one, other, place in portals
    )
    return replace(ground, joints=tuple(joints))


def changed_cells(
    grid: CellGrid, ground: ErodedGround, footprint: Footprint
) -> tuple[CellGrid, NDArray[np.int64]]:
    """
    Return the cells and links after a change of level 0, and where to look for differences.

    Parameters
    ----------
    grid : CellGrid
        Before the change.
    ground : ErodedGround
    footprint : Footprint

    Returns
    -------
    CellGrid
        Arrays of its own.
    ndarray of int64
        Cells, by place in the flattened arrays, outside which nothing differs.
    """
    changed = replace(
        grid, is_ground=grid.is_ground.copy(), right=grid.right.copy(), up=grid.up.copy()
    )
    grown = shapely.buffer(
        np.array(footprint.removed, dtype=object),
        ground.half_width - EROSION_TOLERANCE,
        quad_segs=QUADRANT_SEGMENTS,
    )
    obstacles = shapely.STRtree(grown)
    level = ground.level
    flags = (changed.is_ground[level], changed.right[level], changed.up[level])
    boxes = []
    looked_at = np.zeros(grid.is_ground.shape[1:], dtype=np.bool_)
    for removed in _gathered(grown):
        box = _CellBox.around(grid, removed, 0.0)
        if box is None:
            continue
        boxes.append(shapely.box(*box.bounds))
        looked_at[box.slices] = True
        near: shapely.Geometry = shapely.clip_by_rect(
            ground.eroded[level], *box.wider(2.0 * grid.cell)
        )
        left = _without(near, obstacles, box)
        for flag, met in zip(flags, box.flags(left), strict=True):
            flag[box.slices] &= met
    opened = []
    for added in footprint.added:
        box = _CellBox.around(grid, added, ground.half_width)
        if box is None:
            continue
        boxes.append(shapely.box(*box.bounds))
        looked_at[box.slices] = True
        wide = box.wider(ground.half_width + _SPARE)
        inside = shapely.clip_by_rect(ground.surface, *wide)
        others = [piece for piece in footprint.added if shapely.intersects(piece, boxes[-1])]
        whole = shapely.intersection(
            shapely.union_all([inside, *others]), shapely.box(*ground.bounds)
        )
        left = _without(erode(whole, ground.half_width), obstacles, box)
        opened.append(shapely.clip_by_rect(left, *box.bounds))
        for flag, met in zip(flags, box.flags(left), strict=True):
            flag[box.slices] |= met
    flags[1][:, -1] = False
    flags[2][-1, :] = False
    portals = _portals(changed, ground, boxes, obstacles, opened)
    cells = np.flatnonzero(looked_at) + level * looked_at.size
    return replace(changed, portals=portals), cells


def _gathered(shapes: NDArray[np.object_]) -> Iterator[shapely.Geometry]:
    """Return a box around the shapes of each square: a row has many elements in few squares."""
    corners = shapely.bounds(shapes).reshape(-1, 4)
    middles = np.floor(0.5 * (corners[:, :2] + corners[:, 2:]) / _TOGETHER)
    squares, square = np.unique(middles, axis=0, return_inverse=True)
    for number in range(len(squares)):
        inside = corners[square.reshape(-1) == number]
        yield shapely.box(*inside[:, :2].min(axis=0), *inside[:, 2:].max(axis=0))


@dataclass(frozen=True, slots=True)
class _CellBox:
    """A rectangle of cells of a grid."""

    grid: CellGrid
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @classmethod
    def around(cls, grid: CellGrid, shape: shapely.Geometry, margin: float) -> "_CellBox | None":
        """Return the cells around a shape with a margin [m] and a cell more, None for none."""
        west, south, east, north = (float(value) for value in shapely.bounds(shape))
        _, rows, columns = grid.is_ground.shape
        first_row = max(0, math.floor((south - margin - grid.origin_y) / grid.cell) - 1)
        last_row = min(rows, math.ceil((north + margin - grid.origin_y) / grid.cell) + 1)
        first_column = max(0, math.floor((west - margin - grid.origin_x) / grid.cell) - 1)
        last_column = min(columns, math.ceil((east + margin - grid.origin_x) / grid.cell) + 1)
        if first_row >= last_row or first_column >= last_column:
            return None
        return cls(grid, first_row, last_row, first_column, last_column)

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.first_row, self.last_row), slice(self.first_column, self.last_column)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.wider(0.0)

    def wider(self, margin: float) -> tuple[float, float, float, float]:
        """Return the rectangle with a margin. [m]."""
        x, y, cell = self.grid.origin_x, self.grid.origin_y, self.grid.cell
        return (
            x + self.first_column * cell - margin,
            y + self.first_row * cell - margin,
            x + self.last_column * cell + margin,
            y + self.last_row * cell + margin,
        )

    def flags(self, surface: shapely.Geometry) -> tuple[NDArray[np.bool_], ...]:
        """Return which cells a surface meets, and which links to the right and up."""
        touched, vertical, horizontal = rasterise(
            surface,
            cell=self.grid.cell,
            bounds=self.bounds,
            rows=self.last_row - self.first_row,
            columns=self.last_column - self.first_column,
        )
        return touched, vertical[:, 1:], horizontal[1:, :]


def _without(
    surface: shapely.Geometry, obstacles: shapely.STRtree, box: _CellBox
) -> shapely.Geometry:
    """Return a surface without the obstacles near a box."""
    near = obstacles.query(shapely.box(*box.bounds))
    if not len(near):
        return surface
    solid = shapely.union_all(obstacles.geometries[np.sort(near)])
    left: shapely.Geometry = shapely.difference(surface, solid)
    return left


def _portals(
    grid: CellGrid,
    ground: ErodedGround,
    boxes: Sequence[shapely.Geometry],
    obstacles: shapely.STRtree,
    opened: Sequence[shapely.Geometry],
) -> NDArray[np.int32]:
    """Return the grid's portals, those near a change made anew."""
    tree = shapely.STRtree(boxes)
    found: set[tuple[int, int, int, int]] = set()
    is_same = True
    for (one, other, place), before in zip(ground.places, ground.joints, strict=True):
        if ground.level not in (one, other) or not len(tree.query(place)):
            found |= before
            continue
        is_same = False
        bounds = shapely.bounds(place)
        surfaces = [ground.eroded[one], ground.eroded[other]]
        near = shapely.clip_by_rect(ground.eroded[ground.level], *bounds)
        solid = shapely.union_all(obstacles.geometries[np.sort(obstacles.query(place))])
        pieces = [shapely.clip_by_rect(piece, *bounds) for piece in opened]
        surfaces[0 if one == ground.level else 1] = shapely.union_all(
            [shapely.difference(near, solid), *pieces]
        )
        found |= _joints(grid, one, other, place, surfaces[0], surfaces[1], ground.bounds)
    if is_same:
        return grid.portals
    return np.array(sorted(found), dtype=np.int32).reshape(-1, 4)


def _joints(
    grid: CellGrid,
    one: int,
    other: int,
    place: shapely.Geometry,
    one_surface: shapely.Geometry,
    other_surface: shapely.Geometry,
    bounds: tuple[float, float, float, float],
) -> frozenset[tuple[int, int, int, int]]:
    """Return the cells in which two levels are one, as `cells.link_cells` does."""
    _, rows, columns = grid.is_ground.shape
    first, second = min(one, other), max(one, other)
    return frozenset(
        (first, second, row, column)
        for row, column in cells_of_portal(
            place,
            one_surface,
            other_surface,
            cell=grid.cell,
            bounds=bounds,
            rows=rows,
            columns=columns,
        )
        if grid.is_ground[one, row, column] and grid.is_ground[other, row, column]
    )
