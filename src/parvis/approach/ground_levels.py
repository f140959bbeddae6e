"""Where does one level of ground go over into another: at nodes that ways of both share."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.approach.ground_streets import QUADRANT_SEGMENTS, StreetPieces
from parvis.city.model import City

MOUTH_THICKNESS = 0.3
"""Of the edge that ends the lower or upper ground where a bridge or tunnel begins. [m]"""

MOUTH_SIDE = 4.0
"""That edge reaches at most this far beyond the way on either side. [m]"""

OVERLAP = 6.0
"""How far, beyond half the street's width, both levels share the ground before a joint. [m]"""

WIDEST_HALF = 8.0
"""No more than this of half the street's width counts for that. [m]"""


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


def find_joints(city: City, pieces: StreetPieces, *, is_usable: NDArray[np.bool_]) -> list[Joint]:
    """
    Find the nodes where ways of different levels share a node, the only places levels join.

    Parameters
    ----------
    city : City
    pieces : StreetPieces
    is_usable : ndarray of bool, shape (n,)
        Those that count as drivable. Usable steps add joints and move no mouth.

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
        is_flat = ~pieces.is_steps[piece[group]]
        flat, usable = group[is_flat], group[is_usable[piece[group]]]
        pairs = _level_pairs(pieces.level[piece[flat]])
        for base, other in _level_pairs(pieces.level[piece[usable]]):
            with_steps = (base, other) not in pairs
            ends = usable if with_steps else flat
            at = int(node[group[0]])
            joint = _joint(city, pieces, at, base, other, piece[ends], is_start[ends])
            joints.append(replace(joint, mouths=()) if with_steps else joint)
    return joints


def _level_pairs(levels: NDArray[np.int8]) -> list[tuple[int, int]]:
    """Return the level nearest to the ground with each other one."""
    ordered = sorted({int(level) for level in levels}, key=_from_ground)
    return [(ordered[0], other) for other in ordered[1:]]


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
    radius = min(half, WIDEST_HALF) + OVERLAP
    place: BaseGeometry = shapely.buffer(at, radius, quad_segs=QUADRANT_SEGMENTS)
    set_back = float(pieces.width[of_base].max()) / 2 if len(of_base) > 1 else 0.0
    mouths = []
    for member, starts in zip(members[level == other], is_start[level == other], strict=True):
        line = pieces.line[member] if starts else shapely.reverse(pieces.line[member])
        distance = min(set_back, 0.4 * line.length)
        deck = float(pieces.width[member]) / 2
        mouth, beyond = _mouth(line, distance, min(half, deck + MOUTH_SIDE), radius)
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
