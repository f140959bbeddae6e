"""How far is it from a street's centre line to the faces on either side, place by place."""

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from parvis.approach.ground_streets import StreetPieces
from parvis.city.edges import CELL, ObstacleEdges, index_edges, nearest_edge
from parvis.city.model import City
from parvis.city.widths import BLOCKING_AREAS, BLOCKING_LINES, MEASURED, PLAUSIBLE, rows_of_kinds
from parvis.terms import Grade

STRETCH = 5.0
"""Faces are looked for about every so many metres along a street. [m]"""

STRAIGHT = 0.2
"""Stretches that turn by less than this are joined to one strip. [rad]"""

LEAST_GAIN = 0.1
"""Stretches that reach no further than this beyond the clear width are left to it. [m]"""


def face_to_face(
    city: City, pieces: StreetPieces, box: tuple[float, float, float, float]
) -> NDArray[np.object_]:
    """
    Return the ground of streets between the faces on either side, stretch by stretch.

    Parameters
    ----------
    city : City
    pieces : StreetPieces
        Only those whose width was measured take part.
    box : tuple of float
        Where faces are looked for. [m]

    Returns
    -------
    ndarray of Polygon
        Of streets where that adds to the clear width.

    Notes
    -----
    The clear width of a segment is its narrowest; a vehicle can use more where the street is wider
    or its centre line runs off the middle. Each stretch reaches to the nearest face on either side
    (building, water, wall of the street's level) that it or a neighbouring stretch meets; over
    all at most `PLAUSIBLE` times what its class has. A side that meets nothing takes half the
    width of its class.
    """
    source = np.asarray(city.segments.width_source)[pieces.segment]
    measured = pieces.take(np.flatnonzero(source == MEASURED))
    if len(measured) == 0:
        return np.empty(0, dtype=object)
    count = np.maximum(np.ceil(shapely.length(measured.line) / STRETCH), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(measured)), count)
    rank = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    lines = measured.line[owner]
    step = shapely.length(lines) / count[owner]
    start = shapely.get_coordinates(shapely.line_interpolate_point(lines, rank * step))
    end = shapely.get_coordinates(shapely.line_interpolate_point(lines, (rank + 1) * step))
    along = end - start
    chord = np.hypot(along[:, 0], along[:, 1])
    along /= np.where(chord > 0.0, chord, 1.0)[:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]])
    middle = (start + end) / 2
    level = measured.level[owner]
    default = measured.class_width[owner]
    greatest = PLAUSIBLE * default

    edges = _faces(city, box)
    sides = [
        _cast(
            np.ascontiguousarray(middle),
            np.ascontiguousarray(way),
            greatest,
            level,
            edges.ends,
            edges.level,
            edges.cell_start,
            edges.cell_edges,
            edges.origin_x,
            edges.origin_y,
            edges.columns,
            edges.rows,
        )
        for way in (left, -left)
    ]
    is_first = rank == 0
    is_last = np.r_[is_first[1:], True]
    one, other = (
        _least_of_neighbours(np.where(np.isfinite(side), side, default / 2), is_first, is_last)
        for side in sides
    )
    one, other = (
        np.minimum(a, np.maximum(greatest / 2, greatest - b))
        for a, b in ((one, other), (other, one))
    )
    turn = np.r_[0.0, along[1:, 0] * along[:-1, 1] - along[1:, 1] * along[:-1, 0]]
    begins = is_first | (np.abs(turn) > STRAIGHT)
    run = np.cumsum(begins) - 1
    before = np.where(begins[:, None], left, _mean_way(left, np.roll(left, 1, axis=0)))
    after = np.where(np.r_[begins[1:], True][:, None], left, np.roll(before, -1, axis=0))
    near = np.stack([start + one[:, None] * before, end + one[:, None] * after], axis=1)
    far = np.stack([start - other[:, None] * before, end - other[:, None] * after], axis=1)
    adds = np.maximum(one, other) > measured.width[owner] / 2 + LEAST_GAIN
    is_wanted = np.bincount(run, weights=adds) > 0
    keep = is_wanted[run] & (chord > 0.0)
    return _strips(near[keep], far[keep], run[keep])


def _mean_way(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return unit vectors half way between two sets of unit vectors."""
    mean = one + other
    length = np.hypot(mean[:, 0], mean[:, 1])
    return mean / np.where(length > 0.0, length, 1.0)[:, None]


def _strips(
    near: NDArray[np.float64], far: NDArray[np.float64], owner: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Return one polygon a run, or one a stretch where the run's would cross itself."""
    if not len(owner):
        return np.empty(0, dtype=object)
    forth, back = near.reshape(-1, 2), far.reshape(-1, 2)
    twice = np.repeat(owner, 2)
    order = np.concatenate([twice, twice[::-1]])
    ring = np.concatenate([forth, back[::-1]])
    by_owner = np.argsort(order, kind="stable")
    numbers, dense = np.unique(order[by_owner], return_inverse=True)
    rings = shapely.linearrings(ring[by_owner], indices=dense)
    whole = np.asarray(shapely.polygons(rings), dtype=object)
    is_simple = shapely.is_valid(whole)
    rest = np.isin(owner, numbers[~is_simple])
    pieces = shapely.polygons(np.concatenate([near[rest], far[rest][:, ::-1]], axis=1))
    return np.concatenate([whole[is_simple], pieces])


def _faces(city: City, box: tuple[float, float, float, float]) -> ObstacleEdges:
    areas = np.intersect1d(rows_of_kinds(city.areas, BLOCKING_AREAS), city.areas.within(box))
    lines = np.intersect1d(rows_of_kinds(city.lines, BLOCKING_LINES), city.lines.within(box))
    grades = [np.full(len(rows), int(Grade.C), dtype=np.int8) for rows in (areas, lines)]
    return index_edges(city.areas, areas, grades[0], city.lines, lines, grades[1])


def _least_of_neighbours(
    side: NDArray[np.float64], is_first: NDArray[np.bool_], is_last: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the least of each stretch and those before and after it on the same street."""
    before = np.where(is_first, np.inf, np.roll(side, 1))
    after = np.where(is_last, np.inf, np.roll(side, -1))
    return np.minimum(side, np.minimum(before, after))


@njit(cache=True)
def _cast(  # type: ignore[no-untyped-def]
    place,
    way,
    reach,
    level,
    ends,
    edge_level,
    start,
    members,
    origin_x,
    origin_y,
    columns,
    rows,
):
    """Distance to the nearest face along each ray; inf where none lies within reach."""
    found = np.empty(len(place))
    for i in range(len(place)):
        distance, hit = nearest_edge(
            place[i, 0],
            place[i, 1],
            way[i, 0],
            way[i, 1],
            reach[i],
            level[i],
            ends,
            edge_level,
            start,
            members,
            origin_x,
            origin_y,
            columns,
            rows,
            CELL,
        )
        found[i] = distance if hit >= 0 else np.inf
    return found
