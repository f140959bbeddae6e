"""Which outline did a person draw, can it be protected, and how is it told to a map."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.errors import InputError

LEAST_DRAWN = 20.0
"""A smaller drawn area is a slip of the pointer. [m²]"""
GREATEST_DRAWN = 2_000_000.0
"""A larger drawn area is a district, not a place. [m²]"""
MOST_VERTICES = 2000
LEAST_COVERED = 0.5
"""Least share of a drawn area that the city's data must cover. [1]"""
DEGREE_DIGITS = 7
METRES_PER_DEGREE = 111_320.0
"""Along a meridian; good enough to choose how much of an outline a small map can show."""


class OutlineSmallError(InputError):
    """A drawn area is too small to be a place."""

    code = "outline_small"


class OutlineLargeError(InputError):
    """A drawn area is too large to be one place, or has too many corners."""

    code = "outline_large"


class OutlineOutsideError(InputError):
    """A drawn area does not lie on the ground that the city's data covers."""

    code = "outline_outside"


@dataclass(frozen=True, slots=True)
class Outline:
    """
    An area as a map takes it.

    Attributes
    ----------
    geometry : dict
        GeoJSON Polygon or MultiPolygon, longitude and latitude in WGS 84.
    size : float
        Area on the ground. [m²]
    bounds : tuple of float
        West, south, east, north. [°]
    """

    geometry: dict[str, Any]
    size: float
    bounds: tuple[float, float, float, float]


def outline_of(area: BaseGeometry, epsg: int) -> Outline:
    """
    Return a polygon of a city's CRS as a map takes it.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        A MultiPolygon of one part becomes a Polygon.
    epsg : int
    """
    parts = shapely.get_parts(area)
    if len(parts) == 1:
        area = parts[0]
    transformer = Transformer.from_crs(epsg, 4326, always_xy=True)
    degrees = shapely.transform(
        shapely.force_2d(area),
        lambda xy: np.round(np.column_stack(transformer.transform(*xy.T)), DEGREE_DIGITS),
    )
    west, south, east, north = (float(value) for value in degrees.bounds)
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(degrees))
    return Outline(geometry, round(float(area.area), 1), (west, south, east, north))


def checked_outline(area: BaseGeometry, city: City) -> Outline:
    """
    Return a valid polygon of the city's CRS as a map takes it, where it can be one place.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        As `parvis.io.protected_area` returns it.
    city : City
        The base store is enough.

    Raises
    ------
    OutlineSmallError, OutlineLargeError, OutlineOutsideError
    """
    n_vertices = int(shapely.get_num_coordinates(area))
    if area.area > GREATEST_DRAWN or n_vertices > MOST_VERTICES:
        raise OutlineLargeError(
            size=f"{area.area:,.0f}",
            corners=n_vertices,
            greatest=f"{GREATEST_DRAWN:,.0f}",
            most=f"{MOST_VERTICES:,}",
        )
    if area.area < LEAST_DRAWN:
        raise OutlineSmallError(size=f"{area.area:,.1f}", least=f"{LEAST_DRAWN:g}")
    covered = shapely.from_wkb(city.boundary) if city.boundary else shapely.box(*city.bounds)
    if shapely.intersection(area, covered).area < LEAST_COVERED * area.area:
        raise OutlineOutsideError(city=city.name)
    return outline_of(area, city.epsg)


def simplified(geometry: Mapping[str, Any], tolerance: float) -> dict[str, Any]:
    """
    Return a GeoJSON geometry in degrees with the detail that `tolerance` metres let through.

    Parameters
    ----------
    geometry : mapping
        GeoJSON in WGS 84.
    tolerance : float
        [m], 0 for all detail.
    """
    if tolerance <= 0:
        return dict(geometry)
    shape = shapely.from_geojson(json.dumps(geometry))
    kept = shapely.simplify(shape, tolerance / METRES_PER_DEGREE, preserve_topology=True)
    result: dict[str, Any] = json.loads(shapely.to_geojson(kept))
    return result
