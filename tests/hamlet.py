"""A stored city of one street, two houses and a bollard, for tests of layers and corrections."""

from dataclasses import replace

import numpy as np
import shapely
from drawn_city import Street, Thing, draw_city
from pyproj import Transformer

from parvis.city.model import City
from parvis.io.store import save_city

EPSG = 25832
EAST, NORTH = 500_000.0, 5_760_000.0
_TO_DEGREES = Transformer.from_crs(EPSG, 4326, always_xy=True)


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place `x` metres east and `y` metres north of the corner."""
    lon, lat = _TO_DEGREES.transform(EAST + x, NORTH + y)
    return float(lon), float(lat)


def metres(shape: shapely.Geometry) -> shapely.Geometry:
    """Move a shape drawn around the corner to the city's coordinates."""
    return shapely.transform(shape, lambda xy: np.add(xy, (EAST, NORTH)))


def in_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape drawn around the corner in longitude and latitude."""
    return shapely.transform(
        metres(shape), lambda xy: shapely.get_coordinates(_points_in_degrees(xy))
    )


def _points_in_degrees(xy):
    return shapely.points(*_TO_DEGREES.transform(xy[:, 0], xy[:, 1]))


def store_hamlet(*, north: float = 0.0, is_first: bool = True) -> City:
    """
    Store the city "hamlet" in PARVIS_HOME, replacing the one there.

    The street is way/1, 200 m long, 10 m between the houses; the bollard node/31 stands at its
    west end. `north` moves street and bollard, `is_first` False gives the street another id.
    """
    y = NORTH + north
    street = Street([(EAST, y), (EAST + 200, y)], name="Long Street", width=10.0)
    other = Street([(EAST, NORTH + 150), (EAST + 9, NORTH + 150)])
    city = draw_city(
        [street, other] if is_first else [other, street],
        areas=[
            Thing("building", metres(shapely.box(-10, 5, 210, 20)), id=11),
            Thing("building", metres(shapely.box(-10, -20, 210, -5)), id=12),
        ],
        points=[Thing("bollard", shapely.Point(EAST, y), id=31)],
    )
    return save_city(replace(city, name="hamlet", manifest={"counts": {}, "source": {}}))
