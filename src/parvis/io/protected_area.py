"""Which ground is to be protected, where a person drew it in a file of their own or on a map."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from parvis.city.model import City
from parvis.errors import InputError
from parvis.io.vector import read_vector, to_crs


class NotAPolygonError(InputError):
    """A protected area needs an outline; the file holds points or lines."""

    code = "area_not_polygon"


class SelfCrossingError(InputError):
    """An outline that crosses itself has no inside."""

    code = "area_self_crossing"


class OutsideCityError(InputError):
    """The outline does not meet the ground the city's data covers."""

    code = "area_outside"


@dataclass(frozen=True)
class DrawnArea:
    """
    A protected area drawn on a map.

    Attributes
    ----------
    id : str
        Numbers of access points are kept under it from run to run.
    name : str
    outline : mapping
        GeoJSON Polygon or MultiPolygon in longitude and latitude.
    """

    id: str
    name: str
    outline: Mapping[str, Any]


def drawn_outline(outline: Mapping[str, Any], city: City, *, name: str) -> BaseGeometry:
    """
    Return a GeoJSON outline as a protected area in the city's CRS.

    Parameters
    ----------
    outline : mapping
        Polygon or MultiPolygon in longitude and latitude.
    city : City
    name : str
        For messages.

    Returns
    -------
    Polygon or MultiPolygon

    Raises
    ------
    NotAPolygonError, SelfCrossingError, OutsideCityError
    """
    try:
        shape = shapely.from_geojson(json.dumps(outline))
    except (GEOSException, TypeError, ValueError):
        raise NotAPolygonError(file=name, found="no geometry that can be read") from None
    shape = shapely.force_2d(shape)
    if not shapely.is_valid_input(shape) or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise NotAPolygonError(file=name, found="no geometry that can be read")
    to_city = Transformer.from_crs(4326, city.epsg, always_xy=True)
    moved = shapely.transform(shape, lambda xy: np.column_stack(to_city.transform(*xy.T)))
    return _checked([moved], city, name)


def read_protected_area(path: Path, city: City, *, crs: str | None = None) -> BaseGeometry:
    """
    Read a protected area from any polygon file.

    Parameters
    ----------
    path : Path
        Any format of `parvis.io.vector.read_vector`; several polygons make one area.
    city : City
        The area is given in its CRS and must meet its extent.
    crs : str, optional
        Where the file does not say its own.

    Returns
    -------
    Polygon or MultiPolygon

    Raises
    ------
    NotAPolygonError, SelfCrossingError, OutsideCityError
        Beside the errors of `read_vector` and `to_crs`.
    """
    features = read_vector(path, crs=crs)
    return _checked(list(to_crs(features, city.epsg)), city, path.name)


def _checked(geometry: Sequence[Any], city: City, name: str) -> BaseGeometry:
    kinds = {"none" if g is None else str(g.geom_type) for g in geometry}
    polygons = [g for g in geometry if g is not None and g.geom_type.endswith("Polygon")]
    if not polygons:
        raise NotAPolygonError(file=name, found=", ".join(sorted(kinds)))
    for polygon in polygons:
        if not polygon.is_valid:
            lon, lat = _to_degrees(city.epsg, *_where_invalid(polygon))
            raise SelfCrossingError(file=name, lon=f"{lon:.6f}", lat=f"{lat:.6f}")
    area = shapely.union_all(np.array(polygons, dtype=object))
    if area.area <= 0:
        raise NotAPolygonError(file=name, found="a polygon without area")
    covered = shapely.from_wkb(city.boundary) if city.boundary else shapely.box(*city.bounds)
    if not shapely.intersects(area, covered):
        lon, lat = _to_degrees(city.epsg, area.centroid.x, area.centroid.y)
        west, south = _to_degrees(city.epsg, *city.bounds[:2])
        east, north = _to_degrees(city.epsg, *city.bounds[2:])
        raise OutsideCityError(
            file=name,
            city=city.name,
            lon=f"{lon:.5f}",
            lat=f"{lat:.5f}",
            extent=f"{west:.4f} to {east:.4f} E, {south:.4f} to {north:.4f} N",
        )
    return area


def _where_invalid(polygon: BaseGeometry) -> tuple[float, float]:
    """Return the place GEOS names in its explanation."""
    _, _, place = explain_validity(polygon).partition("[")
    x, y = place.rstrip("]").split()[:2]
    return float(x), float(y)


def _to_degrees(epsg: int, x: float, y: float) -> tuple[float, float]:
    lon, lat = Transformer.from_crs(epsg, 4326, always_xy=True).transform(x, y)
    return float(lon), float(lat)
