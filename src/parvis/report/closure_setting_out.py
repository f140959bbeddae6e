"""Answer where along its line each element of a plan stands, and what clear gaps lie between."""

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.closure.results import Element, ScheduledLine

NEAR = 0.05
"""Half the length over which a line's direction is taken. [m]"""


STRIP = 1.0
"""Half the width of the strip that a line without width is shown as. [m]"""


def spans(item: ScheduledLine) -> NDArray[np.float64]:
    """
    Return from where to where along the line each element stands.

    Parameters
    ----------
    item : ScheduledLine

    Returns
    -------
    ndarray, shape (n, 2)
        Distance from the first face to the element's near and far side. [m]
    """
    line = shapely.LineString(item.line.geometry)
    rows = []
    for element in item.elements:
        along = shapely.line_locate_point(line, shapely.Point(element.x, element.y))
        half = _half_along(element, direction_at(line, along))
        rows.append((along - half, along + half))
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def gap_ends(item: ScheduledLine) -> NDArray[np.float64]:
    """
    Return from where to where along the line each clear gap lies.

    Returns
    -------
    ndarray, shape (m, 2)
        As many as `ScheduledLine.gaps`. [m]
    """
    if not item.gaps:
        return np.empty((0, 2))
    length = shapely.LineString(item.line.geometry).length
    sides = spans(item)
    starts = np.concatenate([[0.0], sides[:, 1]])
    ends = np.concatenate([sides[:, 0], [length]])
    return np.column_stack([starts, np.maximum(ends, starts)])


def piece(line: shapely.LineString, start: float, end: float) -> shapely.LineString:
    """Return the piece of `line` between two distances along it, in metres."""
    along = [shapely.line_locate_point(line, shapely.Point(place)) for place in line.coords]
    between = sorted(value for value in along if start < value < end)
    places = [shapely.line_interpolate_point(line, value) for value in (start, *between, end)]
    return shapely.LineString(places)


def ground_of(wkb: bytes) -> Any:
    """Return a shape as ground in the city's CRS: lines and points as strips around them."""
    shape: Any = shapely.from_wkb(wkb)
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.union_all(
        [
            part if part.geom_type == "Polygon" else part.buffer(STRIP)
            for part in shapely.get_parts(shape)
        ]
    )


def direction_at(line: shapely.LineString, along: float) -> float:
    """Return the direction of `line` at a distance along it, from east, in radians."""
    before = shapely.line_interpolate_point(line, max(along - NEAR, 0.0))
    after = shapely.line_interpolate_point(line, min(along + NEAR, line.length))
    return math.atan2(after.y - before.y, after.x - before.x)


def is_round(element: Element) -> bool:
    """Tell whether an element is a round one: as long as wide."""
    return element.length == element.width


def _half_along(element: Element, direction: float) -> float:
    if is_round(element):
        return element.length / 2
    turn = element.rotation - direction
    return (abs(math.cos(turn)) * element.length + abs(math.sin(turn)) * element.width) / 2
