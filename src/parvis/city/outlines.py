"""Which outline did a person draw, can it be protected, and how is it told to a map."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

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


class OutlineShapeError(InputError):
    """What was drawn is no outline of a ground: fewer than three corners, or another geometry."""

    code = "outline_shape"


class OutlineCrossingError(InputError):
    """A drawn outline crosses itself and has no inside."""

    code = "outline_crossing"


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
    if area.geom_type == "MultiPolygon" and len(area.geoms) == 1:
        area = area.geoms[0]
    transformer = Transformer.from_crs(epsg, 4326, always_xy=True)
    degrees = shapely.transform(
        shapely.force_2d(area),
        lambda xy: np.round(np.column_stack(transformer.transform(*xy.T)), DEGREE_DIGITS),
    )
    west, south, east, north = (float(value) for value in degrees.bounds)
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(degrees))
    return Outline(geometry, round(float(area.area), 1), (west, south, east, north))


def drawn_outline(geometry: Mapping[str, Any], city: City) -> Outline:
    """
    Check an outline that a person drew in a city.

    Parameters
    ----------
    geometry : mapping
        GeoJSON, longitude and latitude in WGS 84.
    city : City
        The base store is enough.

    Raises
    ------
    OutlineShapeError, OutlineCrossingError, OutlineSmallError, OutlineLargeError
    OutlineOutsideError
    """
    return checked_outline(area_of(geometry, city.epsg), city)


def checked_outline(area: BaseGeometry, city: City) -> Outline:
    """Return an area of the city's CRS as a map takes it; raises as `drawn_outline` does."""
    if not area.geom_type.endswith("Polygon") or area.is_empty:
        raise OutlineShapeError(found=area.geom_type)
    if int(shapely.get_num_coordinates(area)) > MOST_VERTICES:
        raise OutlineLargeError(size=f"{area.area:,.0f}", greatest=f"{GREATEST_DRAWN:,.0f}")
    if not area.is_valid:
        lon, lat = _place_of_crossing(area, city.epsg)
        raise OutlineCrossingError(lon=f"{lon:.6f}", lat=f"{lat:.6f}")
    if area.area < LEAST_DRAWN:
        raise OutlineSmallError(size=f"{area.area:,.1f}", least=f"{LEAST_DRAWN:g}")
    if area.area > GREATEST_DRAWN:
        raise OutlineLargeError(size=f"{area.area:,.0f}", greatest=f"{GREATEST_DRAWN:,.0f}")
    covered = shapely.from_wkb(city.boundary) if city.boundary else shapely.box(*city.bounds)
    if shapely.intersection(area, covered).area < LEAST_COVERED * area.area:
        raise OutlineOutsideError(city=city.name)
    return outline_of(area, city.epsg)


def area_of(geometry: Mapping[str, Any], epsg: int) -> BaseGeometry:
    """
    Return a GeoJSON outline in a city's CRS.

    Raises
    ------
    OutlineShapeError
    """
    try:
        read = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError, ValueError) as problem:
        raise OutlineShapeError(found="none") from problem
    if read is None or read.is_empty or not read.geom_type.endswith("Polygon"):
        raise OutlineShapeError(found="none" if read is None else read.geom_type)
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)
    area = shapely.transform(
        shapely.force_2d(read), lambda xy: np.column_stack(transformer.transform(*xy.T))
    )
    if not np.isfinite(shapely.get_coordinates(area)).all():
        raise OutlineShapeError(found="coordinates that are no degrees")
    return area


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


def _place_of_crossing(area: BaseGeometry, epsg: int) -> tuple[float, float]:
    _, _, place = explain_validity(area).partition("[")
    x, y = (float(part) for part in place.rstrip("]").split()[:2])
    lon, lat = Transformer.from_crs(epsg, 4326, always_xy=True).transform(x, y)
    return float(lon), float(lat)
