"""Which outline do typed coordinates describe."""

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from parvis.errors import InputError

MOST_SIGNS = 200_000
_WKT = re.compile(r"^\s*(MULTI)?POLYGON\b", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


class OutlineTextError(InputError):
    """A line of typed coordinates holds no pair of numbers."""

    code = "outline_text"


class OutlineTextShortError(InputError):
    """An outline needs three corners."""

    code = "outline_text_short"


def outline_from_text(text: str, *, epsg: int = 4326) -> dict[str, Any]:
    """
    Read an outline that was typed or pasted.

    Parameters
    ----------
    text : str
        One corner a line: longitude and latitude, or easting and northing, separated by a comma,
        semicolon, tab or spaces. Decimal commas are understood where another separator stands
        between the numbers. An empty line begins a further part. Well-known text works too.
    epsg : int
        What the numbers are in.

    Returns
    -------
    dict
        GeoJSON in WGS 84, not yet checked for crossings, size or place.

    Raises
    ------
    OutlineTextError, OutlineTextShortError
    """
    if len(text) > MOST_SIGNS:
        raise OutlineTextError(line=1, value="…")
    shape = _from_wkt(text) if _WKT.match(text) else _from_pairs(text)
    transformer = Transformer.from_crs(epsg, 4326, always_xy=True)
    degrees = shapely.transform(
        shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
    result: dict[str, Any] = json.loads(shapely.to_geojson(degrees))
    return result


def line_from_text(text: str) -> list[tuple[float, float]]:
    r"""
    Read a place or the corners of a line that were typed, in longitude and latitude.

    Parameters
    ----------
    text : str
        One corner a line, written as in `outline_from_text`; empty lines count for nothing.

    Raises
    ------
    OutlineTextError

    Examples
    --------
    >>> line_from_text("7.42, 43.73\n7,43; 43,74")
    [(7.42, 43.73), (7.43, 43.74)]
    """
    if len(text) > MOST_SIGNS:
        raise OutlineTextError(line=1, value="…")
    return [
        _pair(written, line)
        for line, written in enumerate(text.splitlines(), start=1)
        if written.strip()
    ]


def outline_as_text(geometry: Mapping[str, Any]) -> str:
    """
    Return the outer corners of a GeoJSON outline as `outline_from_text` reads them.

    Parameters
    ----------
    geometry : mapping
        Polygon or MultiPolygon.

    Examples
    --------
    >>> ring = [[1, 2], [3, 2], [3, 4], [1, 2]]
    >>> print(outline_as_text({"type": "Polygon", "coordinates": [ring]}))
    1, 2
    3, 2
    3, 4
    """
    parts = geometry["coordinates"]
    polygons = [parts] if geometry["type"] == "Polygon" else parts
    rings = [polygon[0][:-1] for polygon in polygons]
    return "\n\n".join("\n".join(f"{x}, {y}" for x, y, *_ in ring) for ring in rings)


def _from_wkt(text: str) -> BaseGeometry:
    shape = shapely.from_wkt(text.strip(), on_invalid="ignore")
    if shape is None or shape.is_empty:
        raise OutlineTextError(line=1, value=text.strip()[:40])
    return shapely.force_2d(shape)


def _from_pairs(text: str) -> BaseGeometry:
    rings: list[list[tuple[float, float]]] = [[]]
    for line, written in enumerate(text.splitlines(), start=1):
        if not written.strip():
            if rings[-1]:
                rings.append([])
            continue
        rings[-1].append(_pair(written, line))
    rings = [ring for ring in rings if ring]
    for ring in rings or [[]]:
        if len(set(ring)) < 3:
            raise OutlineTextShortError(count=len(set(ring)))
    parts = [shapely.Polygon(ring) for ring in rings]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _pair(written: str, line: int) -> tuple[float, float]:
    text = written.strip().strip("[](),;")
    for separator in (";", "\t", ", ", " ", ","):
        parts = [part.strip() for part in text.split(separator) if part.strip()]
        if len(parts) == 2 and all(_NUMBER.fullmatch(part) for part in parts):
            x, y = (float(part.replace(",", ".")) for part in parts)
            return x, y
    raise OutlineTextError(line=line, value=written.strip()[:40])
