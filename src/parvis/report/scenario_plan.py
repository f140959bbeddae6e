"""Answer where everything of a scenario lies on a flat picture, and where on the ground again."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape as geojson_shape

METRES_PER_DEGREE = 111_320.0
"""Of latitude; of longitude on the equator. [m]"""

MARGIN = 45.0
"""The picture shows at least so much around the protected area. [m]"""


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A flat picture in metres, x to the east and y to the south from its north-west corner.

    Attributes
    ----------
    west, north : float
        Of the corner. [degrees]
    width, height : float
        [m]
    """

    west: float
    north: float
    width: float
    height: float

    @property
    def east_scale(self) -> float:
        """Metres per degree of longitude at the picture's middle."""
        middle = self.north - 0.5 * self.height / METRES_PER_DEGREE
        return METRES_PER_DEGREE * math.cos(math.radians(middle))

    def xy(self, place: Sequence[float]) -> tuple[float, float]:
        """Return where a place in degrees lies. [m]."""
        x = (place[0] - self.west) * self.east_scale
        return round(x, 2), round((self.north - place[1]) * METRES_PER_DEGREE, 2)

    def path(self, geometry: Mapping[str, Any] | None) -> str:
        """Return a GeoJSON line or polygon in degrees as SVG path data."""
        if not geometry:
            return ""
        kind, places = geometry["type"], geometry["coordinates"]
        match kind:
            case "LineString":
                rings, end = [places], ""
            case "MultiLineString":
                rings, end = places, ""
            case "Polygon":
                rings, end = places, "Z"
            case "MultiPolygon":
                rings, end = [ring for part in places for ring in part], "Z"
            case _:
                return ""
        return "".join(self._path(ring) + end for ring in rings)

    def middle(self, line: Mapping[str, Any]) -> tuple[float, float]:
        """Return the place half-way along a GeoJSON line in degrees. [m]."""
        points = shapely.LineString([self.xy(place) for place in line["coordinates"]])
        half = points.interpolate(0.5, normalized=True)
        return round(half.x, 2), round(half.y, 2)

    def inside(
        self, line: Mapping[str, Any], area: Mapping[str, Any], depth: float
    ) -> tuple[float, float]:
        """Return a place some metres within an area from half-way along a line of its outline."""
        x, y = self.middle(line)
        parts = [area["coordinates"]] if area["type"] == "Polygon" else area["coordinates"]
        shell = shapely.union_all(
            [shapely.Polygon([self.xy(place) for place in part[0]]).buffer(0) for part in parts]
        )
        core = shell.buffer(-depth)
        if core.is_empty:
            return x, y
        near = shapely.shortest_line(core, shapely.Point(x, y)).coords[0]
        return round(near[0], 2), round(near[1], 2)

    def _path(self, places: Iterable[Sequence[float]]) -> str:
        points = [self.xy(place) for place in places]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def frame_of(area: Mapping[str, Any], margin: float = MARGIN) -> Frame:
    """
    Return the picture that shows a protected area and what lies around it.

    Parameters
    ----------
    area : mapping
        GeoJSON polygon in degrees.
    margin : float, default 45
        [m]
    """
    west, south, east, north = shapely.bounds(geojson_shape(dict(area)))
    scale = METRES_PER_DEGREE * math.cos(math.radians(0.5 * (south + north)))
    return Frame(
        west=float(west - margin / scale),
        north=float(north + margin / METRES_PER_DEGREE),
        width=round(float((east - west) * scale + 2 * margin), 1),
        height=round(float((north - south) * METRES_PER_DEGREE + 2 * margin), 1),
    )


def line_before(
    stretch: Mapping[str, Any], area: Mapping[str, Any], *, offset: float
) -> dict[str, Any]:
    """
    Return a line across the mouth at an access point, some way before it.

    Parameters
    ----------
    stretch, area : mapping
        GeoJSON of the access point's stretch and of the protected area, in degrees.
    offset : float
        Away from the protected area. [m], >= 0

    Returns
    -------
    dict
        GeoJSON line in degrees: the straight line between the stretch's ends, moved outwards.
    """
    frame = frame_of(area)
    points = [frame.xy(place) for place in stretch["coordinates"]]
    (x0, y0), (x1, y1) = points[0], points[-1]
    length = max(math.hypot(x1 - x0, y1 - y0), 1e-6)
    aside = -(y1 - y0) / length, (x1 - x0) / length
    inside = shapely.Polygon(
        [frame.xy(place) for place in _outer(area)] or [(0, 0), (1, 0), (1, 1)]
    ).buffer(0)
    middle = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
    probes = [
        shapely.distance(
            inside.centroid, shapely.Point(middle[0] + s * aside[0], middle[1] + s * aside[1])
        )
        for s in (1.0, -1.0)
    ]
    near = [
        inside.contains(shapely.Point(middle[0] + s * aside[0], middle[1] + s * aside[1]))
        for s in (1.0, -1.0)
    ]
    sign = 1.0 if near == [False, True] or (near[0] == near[1] and probes[0] > probes[1]) else -1.0
    moved = [(x + sign * offset * aside[0], y + sign * offset * aside[1]) for x, y in (
        points[0], points[-1],
    )]  # fmt: skip
    return {"type": "LineString", "coordinates": [_degrees(frame, *place) for place in moved]}


def moved(geometry: Mapping[str, Any], *, east: float, north: float) -> dict[str, Any]:
    """
    Return a GeoJSON geometry moved over the ground.

    Parameters
    ----------
    geometry : mapping
        In degrees.
    east, north : float
        [m]
    """
    latitude = _first(geometry["coordinates"])[1]
    by = (
        east / (METRES_PER_DEGREE * math.cos(math.radians(latitude))),
        north / METRES_PER_DEGREE,
    )
    return {"type": geometry["type"], "coordinates": _shifted(geometry["coordinates"], by)}


def _degrees(frame: Frame, x: float, y: float) -> list[float]:
    longitude = frame.west + x / frame.east_scale
    return [round(longitude, 8), round(frame.north - y / METRES_PER_DEGREE, 8)]


def _outer(area: Mapping[str, Any]) -> Sequence[Sequence[float]]:
    if area["type"] == "Polygon":
        return list(area["coordinates"][0])
    parts = [part[0] for part in area["coordinates"]]
    return list(max(parts, key=len, default=[]))


def _first(places: Any) -> Sequence[float]:
    while isinstance(places[0], list | tuple):
        places = places[0]
    return list(places)


def _shifted(places: Any, by: tuple[float, float]) -> Any:
    if isinstance(places[0], list | tuple):
        return [_shifted(part, by) for part in places]
    return [round(places[0] + by[0], 8), round(places[1] + by[1], 8)]
