"""Which people reach open space, stops and services on foot."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import take
from parvis.city.model import City
from parvis.indicators.geodata.open_space import OpenSpaces, ways_in
from parvis.indicators.geodata.tags import rows_with
from parvis.indicators.geodata.walking import Places, WalkingNetwork, joined_places

if TYPE_CHECKING:
    from parvis.packs.geodata_models import Destination, Geodata

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """
    Where destinations of a kind are stepped into.

    Attributes
    ----------
    places : Places
    n : int
        Destinations that are mapped.
    n_apart : int
        Of these, how many no way people may walk along comes near.
    """

    places: Places
    n: int
    n_apart: int


def to_open_space(
    city: City, network: WalkingNetwork, spaces: OpenSpaces, rules: "Geodata"
) -> Found:
    """Return where open spaces are stepped into from the network."""
    places, has_any = ways_in(city, network, spaces.geometry, rules.walking.edge.value)
    return Found(places, len(spaces), int((~has_any).sum()))


def to_destination(
    city: City, network: WalkingNetwork, destination: "Destination", rules: "Geodata"
) -> Found:
    """
    Return where stops or services of a kind are reached from the network.

    Parameters
    ----------
    city : City
    network : WalkingNetwork
    destination : Destination
    rules : Geodata

    Returns
    -------
    Found
        Each at the place of the network nearest to its point or outline, as where their doors are
        is mostly not mapped.
    """
    parts = []
    n = 0
    for table in (city.furniture, city.areas):
        shapes = take(table, rows_with(table, destination.tags)).geometry
        n += len(shapes)
        parts.append(network.placed(shapes, rules.walking.attached_within.value))
    places = joined_places(parts)
    return Found(places, n, int((~places.is_there).sum()))


def share_served(reached: Bools, cell: NDArray[np.int64], share: Floats, n_cells: int) -> Floats:
    """Return the share of each cell's people whose place is reached, 0 to 1."""
    served = np.bincount(cell, weights=share * reached, minlength=n_cells)
    return np.minimum(served, 1.0)


def near_edge(covered: BaseGeometry, points: NDArray[np.object_], within: float) -> Bools:
    """Return from which points what is `within` reach may lie beyond the edge of the map."""
    edge = shapely.boundary(covered)
    shapely.prepare(edge)
    return np.asarray(shapely.dwithin(edge, points, within))
