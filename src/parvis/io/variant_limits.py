"""Inside which outline does a design replace the present."""

from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from parvis.city.model import City
from parvis.errors import InputError

LEAST_AREA = 10.0
"""A smaller limit is a slip. [m²]"""
SAME = 0.5
"""Two limits that differ by less than this area agree. [m²]"""


class LimitMissingError(InputError):
    """Nothing says inside which limit the design replaces the present."""

    code = "variant_limit_missing"


class LimitBrokenError(InputError):
    """The limit is no outline."""

    code = "variant_limit_broken"


class LimitTwiceError(InputError):
    """Two limits were given that differ."""

    code = "variant_limit_twice"


def one_limit(
    limits: Sequence[tuple[str, Sequence[BaseGeometry | None]]], city: City, files: str
) -> BaseGeometry:
    """Return the limit; several are one where they agree."""
    areas = [(file, _outline(file, shapes, city)) for file, shapes in limits]
    if not areas:
        raise LimitMissingError(file=files)
    file, first = areas[0]
    for other, area in areas[1:]:
        if shapely.symmetric_difference(first, area).area > SAME:
            raise LimitTwiceError(one=file, other=other)
    covered = shapely.from_wkb(city.boundary) if city.boundary else shapely.box(*city.bounds)
    if not shapely.intersects(first, covered):
        raise LimitBrokenError(file=file, problem=f"it lies outside {city.name}")
    return first


def _outline(file: str, shapes: Sequence[BaseGeometry | None], city: City) -> BaseGeometry:
    """Return polygons and closed lines as one area."""
    polygons = []
    for shape in shapes:
        for part in [] if shape is None else shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                polygons.append(part)
            elif part.geom_type == "LineString" and part.is_closed and len(part.coords) > 3:
                polygons.append(shapely.Polygon(part.coords))
    if not polygons:
        kinds = sorted({"nothing" if s is None else str(s.geom_type) for s in shapes})
        problem = f"it needs a polygon or a closed line and holds {', '.join(kinds) or 'nothing'}"
        raise LimitBrokenError(file=file, problem=problem)
    for polygon in polygons:
        if not polygon.is_valid:
            _, _, place = explain_validity(polygon).partition("[")
            x, y = (float(value) for value in place.rstrip("]").split()[:2])
            lon, lat = Transformer.from_crs(city.epsg, 4326, always_xy=True).transform(x, y)
            problem = f"it crosses itself at longitude {lon:.6f}, latitude {lat:.6f}"
            raise LimitBrokenError(file=file, problem=problem)
    area: BaseGeometry = shapely.union_all(np.array(polygons, dtype=object))
    if area.area < LEAST_AREA:
        problem = f"it encloses {area.area:.1f} m², and {LEAST_AREA:.0f} are the least"
        raise LimitBrokenError(file=file, problem=problem)
    return area
