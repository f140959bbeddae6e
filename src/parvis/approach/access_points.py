"""Which contiguous stretches of a boundary a vehicle fits through, how wide, and by what number."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.perimeter import Boundary

MATCH_DISTANCE = 2.0
"""Two stretches overlap where they lie within this distance of each other. [m]"""

SHORTEST_EXTRA_STRETCH = 4.0
"""Stretches of the upper ground shorter than this beside a typical one belong to it. [m]"""

FACE_REACH = 6.0
"""How far from the ends of a stretch the faces that bound it are looked for. [m]"""


def open_stretches(
    is_open: NDArray[np.bool_], boundary: Boundary, *, bridged: int = 1
) -> list[NDArray[np.int64]]:
    """
    Group open metres into contiguous stretches, ring by ring in walking order.

    Parameters
    ----------
    is_open : ndarray of bool, shape (n,)
        Metres that some vehicle reaches.
    boundary : Boundary
    bridged : int, default 1
        Closed gaps of at most this many metres are narrower than any obstacle's shadow and are
        taken for the raster's.

    Returns
    -------
    list of ndarray of int64
        Indices of metres; a stretch over a ring's first vertex is one stretch.
    """
    stretches: list[NDArray[np.int64]] = []
    for ring in range(len(boundary.ring_length)):
        metres = np.flatnonzero(boundary.ring == ring)
        flags = is_open[metres]
        if not flags.any():
            continue
        if flags.all():
            stretches.append(metres)
            continue
        first_closed = int(np.flatnonzero(~flags)[0])
        order = np.roll(metres, -first_closed)
        rolled = np.roll(flags, -first_closed)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], rolled.astype(np.int8), [0]])))
        starts, ends = edges[::2], edges[1::2]
        merged = [[int(starts[0]), int(ends[0])]]
        for start, end in zip(starts[1:], ends[1:], strict=True):
            if start - merged[-1][1] <= bridged:
                merged[-1][1] = int(end)
            else:
                merged.append([int(start), int(end)])
        wraps = len(merged) > 1 and len(order) - merged[-1][1] + merged[0][0] <= bridged
        if wraps:
            last = merged.pop()
            merged[0][0] = last[0] - len(order)
        stretches += [order[np.arange(start, end) % len(order)] for start, end in merged]
    return stretches


def extra_stretches(
    is_open: NDArray[np.bool_],
    taken: Sequence[NDArray[np.int64]],
    boundary: Boundary,
) -> list[NDArray[np.int64]]:
    """
    Stretches that only the upper ground opens.

    Parameters
    ----------
    is_open : ndarray of bool, shape (n,)
        Metres reached in the upper scenario.
    taken : sequence of ndarray
        Stretches of the typical scenario.
    boundary : Boundary

    Returns
    -------
    list of ndarray of int64
        Without the fringes of typical stretches, which are shorter than
        `SHORTEST_EXTRA_STRETCH` and touch one.
    """
    is_taken = np.zeros(len(boundary), dtype=np.bool_)
    for stretch in taken:
        is_taken[stretch] = True
    extra = []
    for stretch in open_stretches(is_open & ~is_taken, boundary, bridged=0):
        size = boundary.ring_length[boundary.ring[stretch[0]]]
        ring_metres = np.flatnonzero(boundary.ring == boundary.ring[stretch[0]])
        before = ring_metres[(stretch[0] - ring_metres[0] - 1) % len(ring_metres)]
        after = ring_metres[(stretch[-1] - ring_metres[0] + 1) % len(ring_metres)]
        is_fringe = is_taken[before] or is_taken[after]
        long_enough = len(stretch) >= min(SHORTEST_EXTRA_STRETCH, size)
        if long_enough or not is_fringe:
            extra.append(stretch)
    return extra


def clear_width(stretch: Any, surface: Any) -> float:
    """
    Narrowest face-to-face passage a stretch is entered through.

    Parameters
    ----------
    stretch : shapely LineString
        Part of the boundary. [m]
    surface : shapely Polygon or MultiPolygon
        Drivable ground with the obstacles taken out, not eroded.

    Returns
    -------
    float
        Distance between what bounds the stretch at its one end and at its other; the length of the
        stretch where an end is open. [m]
    """
    vicinity = stretch.buffer(FACE_REACH, quad_segs=4)
    solid = shapely.get_parts(shapely.difference(vicinity, surface))
    if stretch.is_closed or len(solid) == 0:
        return float(stretch.length)
    ends = [shapely.get_point(stretch, 0), shapely.get_point(stretch, -1)]
    faces = [int(np.argmin(shapely.distance(solid, end))) for end in ends]
    reach = FACE_REACH if faces[0] != faces[1] else 0.45 * ends[0].distance(ends[1])
    near = [
        shapely.intersection(solid[face], end.buffer(reach, quad_segs=4))
        for face, end in zip(faces, ends, strict=True)
    ]
    if any(shapely.is_empty(part) for part in near):
        return float(stretch.length)
    return float(shapely.distance(*near))


def keep_numbers(stretches: Sequence[Any], previous: Sequence[tuple[int, Any]]) -> tuple[int, ...]:
    """
    Give access points numbers, those of an earlier run their old ones.

    Parameters
    ----------
    stretches : sequence of shapely LineString
        In walking order along the boundary.
    previous : sequence of (number, LineString)
        Access points of the earlier run.

    Returns
    -------
    tuple of int
        The pair with the longest overlap takes the number first; new ones count on.
    """
    overlaps = []
    for number, old in previous:
        near = old.buffer(MATCH_DISTANCE)
        for index, new in enumerate(stretches):
            shared = float(shapely.intersection(new, near).length)
            if shared > 0.0:
                overlaps.append((-shared, number, index))
    numbers: dict[int, int] = {}
    used: set[int] = set()
    for _, number, index in sorted(overlaps):
        if index not in numbers and number not in used:
            numbers[index] = number
            used.add(number)
    following = max([number for number, _ in previous], default=0)
    for index in range(len(stretches)):
        if index not in numbers:
            following += 1
            numbers[index] = following
    return tuple(numbers[index] for index in range(len(stretches)))
