"""Answer who still gets to the protected area once a plan's elements stand as they are laid out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.arrivals import protected_cells
from parvis.approach.cells import CellGrid
from parvis.approach.ground import Ground, ground_cells
from parvis.approach.lattice import reachable_cells
from parvis.approach.vehicles import VehicleClass
from parvis.approach.window import Window
from parvis.closure.results import Element, ScheduledLine
from parvis.terms import Scenario


def footprint(element: Element) -> shapely.Polygon:
    """
    Return the ground an element covers: a disc for a round one, else its turned rectangle.

    Parameters
    ----------
    element : Element

    Returns
    -------
    shapely Polygon
        [m]
    """
    if element.length == element.width:
        disc: shapely.Polygon = shapely.Point(element.x, element.y).buffer(0.5 * element.length)
        return disc
    direction = np.array([np.cos(element.rotation), np.sin(element.rotation)])
    along, aside = 0.5 * element.length * direction, 0.5 * element.width * direction[::-1] * [-1, 1]
    middle = np.array([element.x, element.y])
    corners = (along + aside, aside - along, -along - aside, along - aside)
    return shapely.Polygon([middle + corner for corner in corners])


def still_reached_by(
    window: Window,
    lines: Iterable[ScheduledLine],
    vehicles: Sequence[VehicleClass],
    *,
    enclosed: shapely.Geometry,
    holding: Mapping[str, frozenset[str]],
) -> tuple[str, ...]:
    """
    Return the classes that get to the protected area past what stands against them.

    Parameters
    ----------
    window : Window
        Around the protected area.
    lines : iterable of ScheduledLine
        The elements of a line stand against the classes that its rating covers; against the
        others the line counts as absent.
    vehicles : sequence of VehicleClass
    enclosed : shapely Polygon or MultiPolygon
        Ground that the lines enclose; vehicles come from the streets outside it. [m]
    holding : mapping of str to frozenset of str
        By class, the barriers that stand already and hold against it.

    Returns
    -------
    tuple of str
        Class keys, on the upper ground: what is held there is held on the typical ground too.
    """
    scheduled = tuple(lines)
    reached = []
    for vehicle in vehicles:
        standing = [
            footprint(element)
            for item in scheduled
            if vehicle.key not in item.open_to
            for element in item.elements
        ]
        ground = window.ground(
            Scenario.LIMIT,
            is_off_road=vehicle.is_off_road,
            holding=holding.get(vehicle.key, frozenset()),
        )
        grid = ground_cells(
            _with(ground, standing), half_width=0.5 * vehicle.limit.width, cell=window.cell
        )
        if _is_reached(ground, grid, window.area, enclosed):
            reached.append(vehicle.key)
    return tuple(reached)


def _with(ground: Ground, standing: Sequence[shapely.Geometry]) -> Ground:
    """Return the ground without what stands on level 0."""
    if not standing:
        return ground
    index = ground.levels.index(0)
    surfaces = list(ground.surfaces)
    surfaces[index] = shapely.difference(surfaces[index], shapely.union_all(standing))
    return replace(ground, surfaces=tuple(surfaces))


def _is_reached(
    ground: Ground, grid: CellGrid, area: shapely.Geometry, enclosed: shapely.Geometry
) -> bool:
    _, rows, columns = grid.is_ground.shape
    x = grid.origin_x + (np.arange(columns) + 0.5) * grid.cell
    y = grid.origin_y + (np.arange(rows) + 0.5) * grid.cell
    seeds = np.zeros_like(grid.is_ground)
    for level, ways in enumerate(ground.carriageways):
        outside = shapely.difference(ways, enclosed) if ground.levels[level] == 0 else ways
        if not shapely.is_empty(outside):
            shapely.prepare(outside)
            seeds[level] = shapely.contains_xy(outside, x[None, :], y[:, None])
    reached: NDArray[np.bool_] = reachable_cells(grid, seeds)
    return bool((reached & protected_cells(grid, area)).any())
