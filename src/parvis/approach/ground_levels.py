"""Where does one level of ground go over into another: at nodes that ways of both share."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.approach.ground_streets import QUADRANT_SEGMENTS, StreetPieces
from parvis.city.model import City

OVERLAP = 6.0
"""How far, beyond half the street's width, both levels share the ground before a joint. [m]"""

MOUTH_THICKNESS = 0.3
"""Of the edge that ends the lower or upper ground where a bridge or tunnel begins. [m]"""


@dataclass(frozen=True, slots=True)
class Joint:
    """
    A node at which ways of two levels meet.

    Attributes
    ----------
    base, other : int
        Levels; the ground of `base` (the one nearer to 0) is real around the node, that of
        `other` begins there.
    place : Polygon
        Around the node, on the base's side of every mouth. [m]
    node : Point
    mouths : tuple of Polygon
        Thin edges across the ways of `other`: the base's ground does not go on straight there.
    """

    base: int
    other: int
    place: BaseGeometry
    node: BaseGeometry
    mouths: tuple[BaseGeometry, ...]


def find_joints(city: City, pieces: StreetPieces) -> list[Joint]:
    """
    Find the nodes where ways of different levels share a node, the only places levels join.

    Parameters
    ----------
    city : City
    pieces : StreetPieces
        Those that count as drivable.

    Returns
    -------
    list of Joint
    """
    node = np.concatenate([pieces.from_node, pieces.to_node])
    piece = np.tile(np.arange(len(pieces)), 2)
    is_start = np.repeat([True, False], len(pieces))
    order = np.argsort(node, kind="stable")
    joints: list[Joint] = []
    for group in np.split(order, np.flatnonzero(np.diff(node[order])) + 1):
        levels = sorted({int(level) for level in pieces.level[piece[group]]}, key=_from_ground)
        for other in levels[1:]:
            joints.append(
                _joint(
                    city,
                    pieces,
                    int(node[group[0]]),
                    levels[0],
                    other,
                    piece[group],
                    is_start[group],
                )
            )
    return joints


def _from_ground(level: int) -> tuple[int, int]:
    return abs(level), level


def _joint(
    city: City,
    pieces: StreetPieces,
    node: int,
    base: int,
    other: int,
    members: NDArray[np.int64],
    is_start: NDArray[np.bool_],
) -> Joint:
    at = shapely.Point(city.segments.node_x[node], city.segments.node_y[node])
    level = pieces.level[members]
    of_base = members[level == base]
    half = float(pieces.width[members].max()) / 2
    radius = half + OVERLAP
    place: BaseGeometry = shapely.buffer(at, radius, quad_segs=QUADRANT_SEGMENTS)
    set_back = float(pieces.width[of_base].max()) / 2 if len(of_base) > 1 else 0.0
    mouths = []
    for member, starts in zip(members[level == other], is_start[level == other], strict=True):
        line = pieces.line[member] if starts else shapely.reverse(pieces.line[member])
        distance = min(set_back, 0.4 * line.length)
        mouth, beyond = _mouth(line, distance, half, radius)
        mouths.append(mouth)
        place = shapely.difference(place, beyond)
    return Joint(base, other, place, at, tuple(mouths))


def _mouth(
    line: shapely.LineString, distance: float, half: float, radius: float
) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the thin edge across a way at `distance` and the half disc beyond it."""
    foot = shapely.get_coordinates(shapely.line_interpolate_point(line, distance))[0]
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, distance + 1.0))[0]
    along = ahead - foot
    along /= np.hypot(*along) or 1.0
    across = np.array([-along[1], along[0]])

    def box(width: float, depth: float) -> BaseGeometry:
        corners = [
            foot - width * across,
            foot + width * across,
            foot + width * across + depth * along,
            foot - width * across + depth * along,
        ]
        return shapely.Polygon(corners)

    return box(half, MOUTH_THICKNESS), box(2 * radius, 2 * radius)
