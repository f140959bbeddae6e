"""How are a city's public spaces handed to people and machines."""

import json
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from parvis.city.model import City
from parvis.city.select import rows_of_kind

DEGREE_DIGITS = 7


def list_spaces(city: City, kind: str = "") -> list[dict[str, Any]]:
    """
    Return the public spaces as plain values, in the city's order.

    Parameters
    ----------
    city : City
    kind : str, default ""
        Only this kind; "" for all.

    Returns
    -------
    list of dict
        ``id``, ``name``, ``kind``, ``area_m2`` (whole), ``is_inferred``.

    Raises
    ------
    UnknownKindError
    """
    spaces = city.spaces
    rows = rows_of_kind(spaces, kind)
    words = spaces.words("kind") if len(rows) else np.empty(0, dtype=object)
    return [
        {
            "id": spaces.text("id", row),
            "name": spaces.text("name", row),
            "kind": str(words[row]),
            "area_m2": round(float(np.asarray(spaces["area"], dtype=np.float64)[row])),
            "is_inferred": bool(spaces["is_inferred"][row]),
        }
        for row in rows.tolist()
    ]


def spaces_geojson(city: City, kind: str = "") -> str:
    """
    Return the outlines of the public spaces as GeoJSON, longitude and latitude in WGS 84.

    Raises
    ------
    UnknownKindError
    """
    rows = rows_of_kind(city.spaces, kind)
    transformer = Transformer.from_crs(city.epsg, 4326, always_xy=True)
    outlines = shapely.transform(
        city.spaces.geometry[rows],
        lambda xy: np.round(np.column_stack(transformer.transform(*xy.T)), DEGREE_DIGITS),
    )
    features = [
        {"type": "Feature", "geometry": json.loads(shapely.to_geojson(outline)), "properties": row}
        for outline, row in zip(outlines, list_spaces(city, kind), strict=True)
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False)
