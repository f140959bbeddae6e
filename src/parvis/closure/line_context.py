"""What a city's data say about the place where a line is to stand."""

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.model import City
from parvis.openness.site import LineContext
from parvis.packs.closure_content import openness_requirements

UTILITIES = ("hydrant", "mast")
"""Kinds of mapped furniture that come with pipes or cables."""

_CYCLE_TAGS = {
    "bicycle": ("designated",),
    "cycleway": ("track", "lane", "shared_lane", "opposite_lane", "opposite_track"),
    "cycleway:left": ("track", "lane"),
    "cycleway:right": ("track", "lane"),
    "cycleway:both": ("track", "lane"),
    "lcn": ("yes",),
    "rcn": ("yes",),
    "ncn": ("yes",),
}
"""Tags that make a street one that cycles are led over."""


def line_context(city: City, geometry: NDArray[np.float64]) -> LineContext:
    """
    Return what stands and runs where a line lies.

    Parameters
    ----------
    city : City
    geometry : ndarray, shape (k, 2)
        The line from face to face, in the city's CRS. [m]

    Returns
    -------
    LineContext
        Of the ground level. What is not mapped is not found: the checks made from it never say
        that a place is free.
    """
    line = shapely.LineString(geometry)
    near = openness_requirements()["tree_distance"]
    west, south, east, north = line.bounds
    box = (west - near, south - near, east + near, north + near)
    streets = city.streets
    rows = streets.within(box)
    rows = rows[shapely.intersects(streets.geometry[rows], line)]
    level = np.asarray(streets["level"])[rows]
    is_bridge = np.asarray(streets["is_bridge"])[rows]
    is_tunnel = np.asarray(streets["is_tunnel"])[rows]
    on_ground = rows[(level == 0) | is_bridge]
    highway = streets.words("highway")[on_ground]
    is_cycled = [
        word == "cycleway" or _leads_cycles(streets.tags(int(row)))
        for row, word in zip(on_ground, highway, strict=True)
    ]
    trees, utilities = (
        _distances(city, line, box, kinds, near) for kinds in (("tree",), UTILITIES)
    )
    return LineContext(
        crosses_tram=bool(np.any(highway == "tram")),
        crosses_cycleway=any(is_cycled),
        crosses_steps=bool(np.any(np.asarray(streets["is_steps"])[on_ground])),
        n_trees=len(trees),
        nearest_tree=float(min(trees, default=np.nan)),
        n_utilities=len(utilities),
        is_on_structure=bool(np.any(is_bridge | (is_tunnel & (level < 0)))),
    )


def _leads_cycles(tags: dict[str, str]) -> bool:
    return any(tags.get(key) in values for key, values in _CYCLE_TAGS.items())


def _distances(
    city: City,
    line: shapely.LineString,
    box: tuple[float, float, float, float],
    kinds: tuple[str, ...],
    near: float,
) -> list[float]:
    """Return how far mapped furniture of some kinds is from the line, if within `near`. [m]."""
    furniture = city.furniture
    rows = furniture.within(box)
    codes = [furniture.code("kind", kind) for kind in kinds]
    rows = rows[np.isin(np.asarray(furniture["kind"])[rows], codes)]
    apart = shapely.distance(furniture.geometry[rows], line)
    return [float(distance) for distance in apart[apart <= near]]
