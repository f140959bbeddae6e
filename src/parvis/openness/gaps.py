"""How wide are the openings of a perimeter for people on foot, between whatever stands there."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.city.table import FeatureTable
from parvis.city.widths import rows_of_kinds

NEAR = 3.0
"""Posts and faces this far from a line narrow the way through it. [m]"""
POST = 0.3
"""Diameter taken for a post. [m]"""
HALF_THICKNESS = 0.15
"""Half the thickness taken for a line of a wall or fence. [m]"""
LEAST_GAP = 0.05
"""Narrower gaps are not listed. [m]"""

STOPS_PEOPLE = frozenset(
    {
        "building", "water", "fountain", "wall", "retaining_wall", "city_wall", "cliff", "fence",
        "hedge", "guard_rail", "handrail", "chain", "block", "planter", "jersey_barrier",
        "bollard", "river", "canal",
    }
)  # fmt: skip
"""Kinds of things a person does not walk through; gates and doors are taken to open."""


def walking_gaps(city: City, line: shapely.LineString) -> tuple[float, ...]:
    """
    Return the clear gaps along a line across an opening, from one end to the other.

    Parameters
    ----------
    city : City
    line : LineString
        Along the perimeter, from face to face. [m]

    Returns
    -------
    tuple of float
        [m]; none where the whole line is built up.

    Notes
    -----
    What stands on the ground's level within `NEAR` of the line is projected onto it; posts have a
    diameter of `POST`. Kerbs and steps do not narrow a way.
    """
    band = line.buffer(NEAR, cap_style="flat") if line.length > 0.0 else line.buffer(NEAR)
    taken = []
    for table, grown in (
        (city.areas, 0.0), (city.lines, HALF_THICKNESS), (city.points, POST / 2),
    ):  # fmt: skip
        for shape in _near(table, band):
            low, high = _interval(line, shape)
            taken.append((low - grown, high + grown))
    gaps = []
    at = 0.0
    for low, high in sorted(taken):
        gaps.append(min(low, line.length) - at)
        at = max(at, high)
    gaps.append(line.length - at)
    return tuple(float(gap) for gap in gaps if gap > LEAST_GAP)


def _near(table: FeatureTable, band: BaseGeometry) -> list[BaseGeometry]:
    """Return the parts within a band of what stops people."""
    rows = np.intersect1d(rows_of_kinds(table, STOPS_PEOPLE), table.within(band.bounds))
    rows = rows[np.asarray(table["level"])[rows] == 0]
    shapes: NDArray[np.object_] = shapely.intersection(
        shapely.make_valid(table.geometry[rows]), band
    )
    parts = shapely.get_parts(shapely.get_parts(shapes))
    return [part for part in parts if not part.is_empty]


def _interval(line: shapely.LineString, shape: BaseGeometry) -> tuple[float, float]:
    along = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(shape)))
    return float(along.min()), float(along.max())
