"""Which map goes along on site: the place, its outline, numbered points; and where one stands."""

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from pyproj import Transformer

from parvis.approach.results import ApproachResult
from parvis.city.model import City
from parvis.report.basemap import (
    MM,
    STYLE,
    Canvas,
    draw_basemap,
    draw_outline,
    open_canvas,
    saved,
)
from parvis.report.maps import ACCESS_MARGIN, grown, mark_of
from parvis.report.plans import finish_plan
from parvis.report.wording import Wording

WIDTH_MM, HEIGHT_MM = 110.0, 120.0
"""Small, so that its print stays legible on a telephone. [mm]"""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """
    A map to carry along.

    Attributes
    ----------
    svg : str
        All points look alike: nothing tells which matters most.
    width, height : float
        Of its view box.
    affine : tuple of six float
        ``x = a lon + b lat + c``, ``y = d lon + e lat + f`` in the view box.
    """

    svg: str
    width: float
    height: float
    affine: tuple[float, float, float, float, float, float]


def field_map(
    city: City, outline: Any, result: ApproachResult | None = None, language: str = "en"
) -> FieldMap:
    """
    Draw the map of a place for people who answer questions there.

    Parameters
    ----------
    city : City
    outline : shapely.Geometry
        Of the protected area, in longitude and latitude; a result brings its own. [deg]
    result : ApproachResult, optional
        Its access points are shown by their numbers alone.
    language : {"en", "fr", "pl"}
    """
    points = result.access_points if result else ()
    area = shapely.from_wkb(result.protected_area) if result else _in_city(outline, city.epsg)
    with mpl.rc_context(STYLE):
        shapes = [area, *(shapely.MultiPoint(np.asarray(point.geometry)) for point in points)]
        bounds = grown(shapely.total_bounds(np.array(shapes, dtype=object)), ACCESS_MARGIN)
        canvas = open_canvas(bounds, width_mm=WIDTH_MM, height_mm=HEIGHT_MM)
        draw_basemap(canvas, city)
        draw_outline(canvas, area)
        finish_plan(canvas, city, [mark_of(point, area) for point in points], Wording(language))
        svg = saved(canvas.figure).decode()
    width, height = WIDTH_MM * MM * 72, HEIGHT_MM * MM * 72
    return FieldMap(svg, width, height, _affine(canvas, city.epsg, width, height))


def _in_city(outline: Any, epsg: int) -> Any:
    to_city = Transformer.from_crs(4326, epsg, always_xy=True)
    return shapely.transform(
        outline, lambda xy: np.column_stack(to_city.transform(xy[:, 0], xy[:, 1]))
    )


def _affine(
    canvas: Canvas, epsg: int, width: float, height: float
) -> tuple[float, float, float, float, float, float]:
    """Return how degrees lie in the view box; over a place, the two grids differ by millimetres."""
    west, south, east, north = canvas.bounds
    across, up = np.meshgrid(np.linspace(west, east, 3), np.linspace(south, north, 3))
    metres = np.column_stack([across.ravel(), up.ravel()])
    to_figure = canvas.axes.transData + canvas.figure.transFigure.inverted()
    shares = to_figure.transform(canvas.local(metres))
    seen = np.column_stack([shares[:, 0] * width, (1 - shares[:, 1]) * height])
    lon, lat = Transformer.from_crs(epsg, 4326, always_xy=True).transform(*metres.T)
    origin_lon, origin_lat = float(lon.mean()), float(lat.mean())
    known = np.column_stack([lon - origin_lon, lat - origin_lat, np.ones(len(lon))])
    (a, d), (b, e), (c, f) = np.linalg.lstsq(known, seen, rcond=None)[0].tolist()
    return a, b, c - a * origin_lon - b * origin_lat, d, e, f - d * origin_lon - e * origin_lat
