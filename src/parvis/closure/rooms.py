"""Which pieces does a set of lines cut the ground into, and which line lies between which two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.layout import LARGEST_CLEAR_GAP
from parvis.errors import LimitError

GRID = 0.001
"""Places closer than this are one. [m]"""
BESIDE = 0.01
"""Which room lies beside a line is asked this far from it. [m]"""

LEAST_SHARED = 0.05
"""A room that shares less ground than this with a place does not hold it. [m²]"""


class NotEnclosedError(LimitError):
    """Closing every line at hand would still leave the area joined to the streets."""

    code: ClassVar[str] = "lines_do_not_enclose"


class NoWayInError(LimitError):
    """No ground a vehicle fits on joins the streets, or the area: there is nothing to close."""

    code: ClassVar[str] = "no_way_in"


@dataclass(frozen=True, slots=True)
class Rooms:
    """
    Ground cut into pieces by lines.

    Attributes
    ----------
    polygons : tuple of Polygon
        Of each room. [m]
    doors : tuple of (int, int, tuple of str)
        Two rooms and the lines that lie between them along one stretch; closing any one of these
        lines closes the stretch.
    sources : frozenset of int
        Rooms vehicles come from.
    sinks : frozenset of int
        Rooms that hold the protected area.
    """

    polygons: tuple[shapely.Polygon, ...]
    doors: tuple[tuple[int, int, tuple[str, ...]], ...]
    sources: frozenset[int]
    sinks: frozenset[int]


def split_rooms(
    ground: shapely.Geometry,
    lines: Mapping[str, shapely.LineString],
    *,
    protected: shapely.Geometry,
    outside: shapely.Geometry,
    narrowest: float = LARGEST_CLEAR_GAP,
) -> Rooms:
    """
    Cut ground into rooms.

    Parameters
    ----------
    ground : Polygon or MultiPolygon
        Drivable ground, not eroded. [m]
    lines : mapping of str to LineString
        From face to face.
    protected : Polygon or MultiPolygon
    outside : Geometry
        Where vehicles come from, e.g. the edge of the window.
    narrowest : float, default 1.2
        Passages up to this wide between faces let no vehicle through. [m], > 0

    Returns
    -------
    Rooms
        In an order that does not depend on that of `lines`.

    Raises
    ------
    NotEnclosedError
        Some room is both outside and protected: the lines do not lie between them.
    NoWayInError
        No room is outside, or none holds the area.

    Notes
    -----
    The ground is eroded by half of `narrowest`, and lines are drawn longer by that at both ends. A
    line that ends on open ground divides nothing there.
    """
    half = 0.5 * narrowest
    passable = shapely.buffer(ground, -half + GRID)
    drawn = {key: _longer(line, half) for key, line in sorted(lines.items())}
    network = shapely.union_all([shapely.boundary(passable), *drawn.values()], grid_size=GRID)
    pieces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(network))))
    inner = shapely.point_on_surface(pieces)
    polygons = pieces[shapely.dwithin(inner, passable, GRID)]
    centre = shapely.get_coordinates(shapely.centroid(polygons))
    polygons = polygons[np.lexsort(centre.T)]
    rooms = Rooms(
        tuple(polygons),
        _doors(np.asarray(shapely.get_parts(network)), drawn, polygons),
        _touching(polygons, outside, half),
        _touching(polygons, protected, half),
    )
    if not (rooms.sources and rooms.sinks):
        raise NoWayInError(what="streets" if rooms.sinks else "protected area")
    if rooms.sources & rooms.sinks:
        raise NotEnclosedError(n=len(lines))
    return rooms


def _longer(line: shapely.LineString, rest: float) -> shapely.LineString:
    """Return a line with both ends drawn out by `rest`."""
    xy = shapely.get_coordinates(line)
    ends = []
    for end, before in ((xy[0], xy[1]), (xy[-1], xy[-2])):
        away = end - before
        ends.append(end + away / (np.hypot(*away) or 1.0) * rest)
    return shapely.LineString(np.vstack([ends[0], xy, ends[1]]))


def _doors(
    parts: NDArray[np.object_],
    drawn: Mapping[str, shapely.LineString],
    polygons: NDArray[np.object_],
) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Return for every stretch of a line the rooms on both sides."""
    if not drawn or not len(polygons):
        return ()
    middle = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    on_line = {key: shapely.dwithin(line, middle, 3 * GRID) for key, line in drawn.items()}
    tree = shapely.STRtree(polygons)
    found: set[tuple[int, int, tuple[str, ...]]] = set()
    for index in np.flatnonzero(np.any(list(on_line.values()), axis=0)):
        keys = tuple(key for key, is_on in on_line.items() if is_on[index])
        around = shapely.line_interpolate_point(parts[index], [0.49, 0.51], normalized=True)
        (x0, y0), (x1, y1) = shapely.get_coordinates(around)
        length = float(np.hypot(x1 - x0, y1 - y0))
        if length == 0.0:
            continue
        aside = np.array([y0 - y1, x1 - x0]) / length * BESIDE
        at = shapely.get_coordinates(middle[index])[0]
        sides = shapely.points([at + aside, at - aside])
        hit = [tree.query(side, predicate="intersects") for side in sides]
        if len(hit[0]) and len(hit[1]) and hit[0][0] != hit[1][0]:
            first, second = sorted((int(hit[0][0]), int(hit[1][0])))
            found.add((first, second, keys))
    return tuple(sorted(found))


def _touching(
    polygons: NDArray[np.object_], place: shapely.Geometry, half: float
) -> frozenset[int]:
    """Return the rooms that share ground with a place, not only its edge."""
    ground = place if shapely.area(place) > 0.0 else shapely.buffer(place, 2 * half)
    shared = shapely.area(shapely.intersection(polygons, ground))
    return frozenset(int(index) for index in np.flatnonzero(shared > LEAST_SHARED))
