"""Which public spaces are open to all, and from where are they stepped into."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.model import City
from parvis.city.widths import BLOCKING_LINES, rows_of_kinds
from parvis.indicators.geodata.tags import rows_with
from parvis.indicators.geodata.walking import Places, WalkingNetwork

if TYPE_CHECKING:
    from parvis.packs.geodata_models import OpenSpace

STEP = 2.0
"""Ways beside an open space are looked at this often. [m]"""
FENCES = BLOCKING_LINES | {"fence", "hedge", "guard_rail"}
"""Lines that people do not climb over."""


@dataclass(frozen=True, eq=False, slots=True)
class OpenSpaces:
    """
    Open public spaces.

    Attributes
    ----------
    ids : tuple of str
    geometry : ndarray of object, shape (n,)
    is_verified : ndarray of bool, shape (n,)
        Somebody checked on the ground that it is open to all; the others are potential.
    """

    ids: tuple[str, ...]
    geometry: NDArray[np.object_]
    is_verified: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def verified(self) -> "OpenSpaces":
        """Those that are verified."""
        kept = self.is_verified
        ids = tuple(each for each, is_kept in zip(self.ids, kept, strict=True) if is_kept)
        return OpenSpaces(ids, self.geometry[kept], kept[kept])


def open_spaces(
    city: City, rules: "OpenSpace", verified: Collection[str] = (), refuted: Collection[str] = ()
) -> OpenSpaces:
    """
    Return the open public spaces of a city.

    Parameters
    ----------
    city : City
    rules : OpenSpace
    verified, refuted : collection of str
        Ids of spaces that were found open, or closed, on the ground.
    """
    spaces = city.spaces
    rows = rows_of_kinds(spaces, frozenset(rules.kinds))
    ids = np.array([spaces.text("id", int(row)) for row in rows], dtype=object)
    is_open = np.asarray(spaces["area"])[rows] >= rules.least_area.value
    is_open &= ~np.isin(rows, rows_with(spaces, rules.closed))
    is_verified = np.isin(ids, list(verified))
    is_open = (is_open | is_verified) & ~np.isin(ids, list(refuted))
    kept = np.flatnonzero(is_open)
    return OpenSpaces(tuple(ids[kept]), spaces.geometry[rows[kept]], is_verified[kept])


def ways_in(
    city: City, network: WalkingNetwork, shapes: NDArray[np.object_], edge: float
) -> tuple[Places, NDArray[np.bool_]]:
    """
    Return the places from which people step into open spaces.

    Parameters
    ----------
    city : City
    network : WalkingNetwork
    shapes : ndarray of Polygon
    edge : float
        Ways this near lead in, unless a wall, fence, hedge, building or water is between. [m]

    Returns
    -------
    tuple of Places and ndarray of bool
        All places, and which of `shapes` has any.
    """
    has_any = np.zeros(len(shapes), dtype=bool)
    way, shape = _near_pairs(network, shapes, edge)
    if not len(way):
        return Places(way, np.empty(0), np.empty(0)), has_any
    length = network.length[way]
    count = np.ceil(length / STEP).astype(np.int64) + 1
    pair = np.repeat(np.arange(len(way)), count)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    along = np.minimum(nth * STEP, length[pair])
    points = shapely.line_interpolate_point(network.lines[way[pair]], along)
    # Where a way crosses the outline is added exactly.
    outlines = shapely.boundary(shapes)
    crossing = shapely.intersection(network.lines[way], outlines[shape])
    crossed, of = shapely.get_parts(shapely.extract_unique_points(crossing), return_index=True)
    pair = np.concatenate([pair, of])
    points = np.concatenate([points, crossed])
    at_crossing = shapely.line_locate_point(network.lines[way[of]], crossed)
    along = np.concatenate([along, np.minimum(at_crossing, length[of])])
    off = shapely.distance(points, shapes[shape[pair]])
    near = np.flatnonzero(off <= edge)
    outside = near[off[near] > 1e-6]
    steps = shapely.shortest_line(points[outside], shapes[shape[pair[outside]]])
    blocked = np.zeros(len(pair), dtype=bool)
    blocked[outside[_crosses(city, steps)]] = True
    kept = near[~blocked[near]]
    has_any[shape[pair[kept]]] = True
    return Places(way[pair[kept]], along[kept], off[kept]), has_any


def _near_pairs(
    network: WalkingNetwork, shapes: NDArray[np.object_], edge: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each way and shape that lie within `edge` of each other."""
    if not len(shapes) or not len(network.reached):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    shape, way = network.tree.query(shapes, predicate="dwithin", distance=edge)
    return network.reached[way], shape.astype(np.int64)


def _crosses(city: City, steps: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which straight steps meet a wall, fence, hedge, building or water."""
    lines, areas = city.lines, city.areas
    fences = rows_of_kinds(lines, frozenset(FENCES))
    fences = fences[np.asarray(lines["level"])[fences] == 0]
    solid = rows_of_kinds(areas, frozenset({"building", "water", "wall", "hedge"}))
    solid = solid[np.asarray(areas["level"])[solid] == 0]
    things = np.concatenate([lines.geometry[fences], areas.geometry[solid]])
    found = np.zeros(len(steps), dtype=bool)
    if len(things) and len(steps):
        found[shapely.STRtree(things).query(steps, predicate="intersects")[0]] = True
    return found
