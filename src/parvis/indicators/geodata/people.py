"""Where do the people of a population grid live, and which of them does the city's map cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import take
from parvis.city.model import City
from parvis.city.widths import rows_of_kinds
from parvis.indicators.geodata.tags import rows_with

if TYPE_CHECKING:
    from parvis.packs.geodata_models import Homes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NONE = -1


@dataclass(frozen=True, eq=False, slots=True)
class PopulationCells:
    """
    A population grid, or any other small areas or points with people.

    Attributes
    ----------
    file : str
    codes : tuple of str
    geometry : ndarray of object, shape (n,)
        Polygons or points in the city's metres.
    people : ndarray, shape (n,)
    splits : mapping from split to ndarray, shape (n,)
        People of a part, as ``sex=f``; NaN where the file does not say.
    """

    file: str
    codes: tuple[str, ...]
    geometry: NDArray[np.object_]
    people: Floats
    splits: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, eq=False, slots=True)
class Areas:
    """Areas of a city with their codes; polygons in the city's metres."""

    codes: tuple[str, ...]
    geometry: NDArray[np.object_]

    def of(self, points: NDArray[np.object_]) -> Ints:
        """Return the area each point lies in, the first where several do, `NONE` for none."""
        found = np.full(len(points), NONE, dtype=np.int64)
        if len(self.codes) and len(points):
            area, point = shapely.STRtree(points).query(self.geometry, predicate="intersects")
            last_first = np.argsort(-area, kind="stable")
            found[point[last_first]] = area[last_first]
        return found


@dataclass(frozen=True, eq=False, slots=True)
class LivingPlaces:
    """
    Where people are taken to live.

    Attributes
    ----------
    points : ndarray of Point, shape (k,)
    cell : ndarray of int, shape (k,)
        Row of the cells.
    share : ndarray, shape (k,)
        Of the cell's people; the shares of a cell sum to 1.
    at_buildings : ndarray of bool, shape (n,)
        Which cells have buildings to put their people at.
    """

    points: NDArray[np.object_]
    cell: Ints
    share: Floats
    at_buildings: NDArray[np.bool_]


def living_places(city: City, cells: PopulationCells, rules: "Homes") -> LivingPlaces:
    """
    Put the people of each cell at its buildings, by their ground area.

    Parameters
    ----------
    city : City
    cells : PopulationCells
    rules : Homes
        Buildings that are no homes; a cell with no others has its people at these.

    Returns
    -------
    LivingPlaces
        Cells without buildings, and points, have their people in one place, inside the cell.
    """
    table = take(city.areas, rows_of_kinds(city.areas, frozenset({"building"})))
    outlines = table.geometry
    is_home = np.ones(len(table), dtype=bool)
    is_home[rows_with(table, rules.without)] = False
    points = shapely.point_on_surface(outlines)
    is_area = shapely.get_dimensions(cells.geometry) == 2
    building, cell = _containing(cells.geometry, points, is_area)
    size = shapely.area(outlines)[building]
    has_home = np.zeros(len(cells), dtype=bool)
    has_home[cell[is_home[building]]] = True
    kept = is_home[building] | ~has_home[cell]
    building, cell, size = building[kept], cell[kept], size[kept]
    total = np.bincount(cell, weights=size, minlength=len(cells))
    at_buildings = total > 0.0
    rest = np.flatnonzero(~at_buildings)
    return LivingPlaces(
        np.concatenate([points[building], shapely.point_on_surface(cells.geometry[rest])]),
        np.concatenate([cell, rest]).astype(np.int64),
        np.concatenate([size / total[cell], np.ones(len(rest))]),
        at_buildings,
    )


def cells_within(cells: PopulationCells, covered: BaseGeometry) -> NDArray[np.bool_]:
    """Return which cells have their middle in an area."""
    shapely.prepare(covered)
    return np.asarray(shapely.covers(covered, shapely.point_on_surface(cells.geometry)))


def _containing(
    cells: NDArray[np.object_], points: NDArray[np.object_], is_area: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Return pairs of a point and the cell it lies in; on a border it is the first cell."""
    rows = np.flatnonzero(is_area)
    if not len(rows) or not len(points):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    cell, point = shapely.STRtree(points).query(cells[rows], predicate="intersects")
    order = np.lexsort((cell, point))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = np.diff(point[order]) != 0
    chosen = order[is_first]
    return point[chosen].astype(np.int64), rows[cell[chosen]].astype(np.int64)
