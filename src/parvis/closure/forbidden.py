"""Answer where no barrier may stand."""

import numpy as np
import shapely

from parvis.city.model import City
from parvis.packs.closure_content import openness_requirements


def forbidden_ground(city: City, bounds: tuple[float, float, float, float]) -> shapely.Geometry:
    """
    Return the ground on level 0 where no barrier may stand: tram tracks.

    Parameters
    ----------
    city : City
    bounds : tuple of float
        min x, min y, max x, max y. [m]

    Returns
    -------
    shapely Polygon or MultiPolygon
        Empty where there is none. [m]
    """
    strip = openness_requirements()["tram_strip"]
    streets = city.streets
    rows = streets.within(bounds)
    is_track = np.asarray(streets["highway"])[rows] == streets.code("highway", "tram")
    on_ground = np.asarray(streets["level"])[rows] == 0
    tracks = shapely.intersection(
        streets.geometry[rows[is_track & on_ground]], shapely.box(*bounds)
    )
    strips: shapely.Geometry = shapely.union_all(shapely.buffer(tracks, 0.5 * strip))
    return strips
