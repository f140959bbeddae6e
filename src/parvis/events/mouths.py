"""Where can people walk into and out of a public space, and how wide is it there."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.events.positions import faces

FRONT = 2.5
"""A building or wall this near along the outline closes it: nobody walks out there. [m]"""

AROUND = 15.0
"""A mouth leads out where people get this far from the space through it. [m]"""

LEAST_MOUTH = 0.9
"""Narrower openings are no mouths. [m]"""


@dataclass(frozen=True, slots=True)
class Mouth:
    """
    A natural opening in the outline of a space.

    Attributes
    ----------
    number : int
        From 1, clockwise from north around the space.
    line : shapely LineString
        Along the outline, from front to front. [m]
    street : str
        Name of the street it opens to, "" for none.
    """

    number: int
    line: BaseGeometry
    street: str

    @property
    def width(self) -> float:
        """Straight from end to end, at most along the outline. [m]."""
        first, last = shapely.get_coordinates(self.line)[[0, -1]]
        straight = float(np.hypot(*(last - first)))
        return straight if straight > LEAST_MOUTH else float(self.line.length)


def find_mouths(city: City, space: BaseGeometry) -> tuple[Mouth, ...]:
    """
    Return the openings in the outline of a space that no building, wall or water closes.

    Parameters
    ----------
    city : City
    space : shapely Polygon or MultiPolygon
    """
    box = shapely.buffer(space, AROUND + 5.0).bounds
    closed = faces(city, box)
    around = shapely.buffer(space, AROUND)
    free = shapely.get_parts(
        shapely.difference(around, shapely.union(closed.buffer(LEAST_MOUTH / 2), space))
    )
    rim = shapely.boundary(around)
    leads_out = [part for part in free if shapely.distance(part, rim) < 0.1]
    open_lines: list[BaseGeometry] = []
    for polygon in shapely.get_parts(space):
        ring = polygon.exterior
        left = shapely.difference(ring, closed.buffer(FRONT, quad_segs=2))
        open_lines += [
            _to_fronts(line, ring, closed)
            for line in shapely.get_parts(shapely.line_merge(left))
            if line.length >= LEAST_MOUTH
        ]
    middle = shapely.get_coordinates(space.centroid)[0]
    kept = [
        line
        for line in open_lines
        if any(shapely.distance(line, part) < LEAST_MOUTH for part in leads_out)
    ]
    kept.sort(key=lambda line: _bearing(line, middle))
    return tuple(
        Mouth(number, line, _street(city, line)) for number, line in enumerate(kept, start=1)
    )


def _to_fronts(line: BaseGeometry, ring: BaseGeometry, closed: BaseGeometry) -> BaseGeometry:
    """Return an opening widened along the outline to where it comes nearest to the fronts."""
    if closed.is_empty or line.length >= ring.length - 0.01:
        return line
    grown = shapely.intersection(ring, line.buffer(FRONT, cap_style="round"))
    parts = shapely.get_parts(shapely.line_merge(shapely.difference(grown, closed)))
    return max(parts, key=lambda part: float(part.length), default=line)


def _bearing(line: BaseGeometry, middle: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    x, y = shapely.get_coordinates(shapely.centroid(line))[0] - middle
    return float(np.arctan2(x, y) % (2 * np.pi))


def _street(city: City, line: BaseGeometry) -> str:
    """Return the name of the street nearest to a mouth that has one."""
    rows = city.streets.within(shapely.buffer(line, AROUND).bounds)
    named = [int(row) for row in rows if city.streets.text("name", int(row))]
    if not named:
        return ""
    away = shapely.distance(city.streets.geometry[named], line)
    nearest = int(np.argmin(away))
    return city.streets.text("name", named[nearest]) if away[nearest] <= AROUND else ""
