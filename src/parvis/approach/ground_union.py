"""Unite surfaces, also where rounding makes a plain union fail."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

GRID = 0.001
"""Vertices are snapped to this grid where a union fails without. [m]"""


def united(surfaces: Sequence[BaseGeometry] | NDArray[np.object_]) -> BaseGeometry:
    """
    Return the union of surfaces.

    Parameters
    ----------
    surfaces : sequence of Polygon or MultiPolygon
        [m]

    Returns
    -------
    Polygon, MultiPolygon or empty collection
        Exact to the last bits of the coordinates, or to a millimetre where nearly coincident
        edges let the exact union fail.
    """
    parts = np.asarray(surfaces, dtype=object)
    if not len(parts):
        return shapely.Polygon()
    try:
        return shapely.disjoint_subset_union_all(parts)
    except shapely.GEOSException:
        return shapely.union_all(shapely.make_valid(parts), grid_size=GRID)
