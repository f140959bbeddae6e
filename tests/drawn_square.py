"""A stored city of one square with two mouths between houses, for tests of scenarios."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely
from drawn_city import Street, Thing, draw_city
from hamlet import EPSG, in_degrees, metres

from parvis.city.model import City
from parvis.io.store import save_city

SQUARE = shapely.box(0, 0, 30, 30)
WEST_MOUTH = shapely.LineString([(-1.5, 11.0), (-1.5, 19.0)])
"""Across the western street, 1.5 m before the square."""
FURTHER_WEST = shapely.LineString([(-4.0, 11.0), (-4.0, 19.0)])
"""The same 4 m before it, where penetration may be more."""


def geojson(shape: shapely.Geometry) -> dict[str, Any]:
    """A shape drawn around the corner as GeoJSON in degrees."""
    return dict(json.loads(shapely.to_geojson(in_degrees(shape))))


def store_square(home: Path, name: str = "tessenmark") -> City:
    """Store the city: a long street from the west, a short one from the south."""

    def along(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [tuple(p) for p in shapely.get_coordinates(metres(shapely.LineString(points)))]

    houses = [
        shapely.box(-160, 18, 0, 30),
        shapely.box(-160, 0, 0, 12),
        shapely.box(0, 30, 30, 40),
        shapely.box(30, 0, 40, 30),
        shapely.box(0, -70, 12, 0),
        shapely.box(18, -70, 30, 0),
    ]
    west, south = (-170.0, 15.0), (15.0, -80.0)
    city = draw_city(
        [
            Street(along(west, (15, 15)), name="Long Street", width=6.0),
            Street(along(south, (15, 15)), name="Short Street", width=6.0),
        ],
        areas=[
            Thing("pedestrian", metres(SQUARE)),
            *(Thing("building", metres(house)) for house in houses),
        ],
        spaces=[Thing("square", metres(SQUARE), tags={"name": "Market Square"}, id=77)],
    )
    return save_city(
        replace(city, name=name, epsg=EPSG, manifest={"counts": {}, "source": {}}), home=home
    )
