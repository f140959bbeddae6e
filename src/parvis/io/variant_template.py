"""With what does a planner start: the present inside a limit, in the layers of a design."""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.approach.ground import flight_widths
from parvis.approach.ground_streets import QUADRANT_SEGMENTS, street_pieces
from parvis.city.model import City
from parvis.city.select import select_space
from parvis.city.table import FeatureTable
from parvis.city.variant_layers import DESIGN_LAYERS
from parvis.city.variants import TABLES, cut_at, flights_within, rows_of_layers
from parvis.errors import InputError
from parvis.io.store import disk_errors, load_city
from parvis.io.variant_names import LIMIT

MARGIN = 30.0
"""Ground around the space that the template holds. [m]"""
FIELDS = ("kind", "name", "height", "rating", "state", "grade", "osm_type", "osm_id", "tags")
_TYPES = {"areas": "MultiPolygon", "lines": "LineString", "points": "Point", "furniture": "Point"}
_SUFFIX = {"areas": "areas", "lines": "lines", "points": "points", "furniture": "points"}


class TemplateFileError(InputError):
    """A template is a GeoPackage."""

    code = "variant_template_file"


class TemplateMarginError(InputError):
    """The margin around a space is no plausible length."""

    code = "variant_template_margin"


def write_template(
    name: str, space: str, path: Path, *, margin: float = MARGIN, home: Path | None = None
) -> dict[str, int]:
    """
    Write the present around a public space as a GeoPackage to draw a design in.

    Parameters
    ----------
    name : str
        City.
    space : str
        Id or name.
    path : Path
        Ends in ``.gpkg``; replaced where it exists.
    margin : float, default 30
        The limit is the space grown by this. [m], 0 to 500

    Returns
    -------
    dict
        Features by layer. Buildings are left out: those of the present stay.

    Raises
    ------
    TemplateFileError, TemplateMarginError
        Beside the errors of finding city and space and of writing.
    """
    if path.suffix.lower() != ".gpkg":
        raise TemplateFileError(file=path.name)
    if not 0.0 <= margin <= 500.0:
        raise TemplateMarginError(value=f"{margin:g}")
    city = load_city(name, home=home)
    area = shapely.force_2d(city.spaces.geometry[select_space(city, space)])
    limit = shapely.buffer(area, margin, quad_segs=4)
    layers = template_layers(city, limit)
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".parvis-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            _write(draft, LIMIT, "MultiPolygon", [limit], [{"name": space}], city.epsg)
            for layer, (geometry_type, shapes, rows) in layers.items():
                _write(draft, layer, geometry_type, shapes, rows, city.epsg)
            draft.replace(path)
    return {layer: len(rows) for layer, (_, _, rows) in layers.items()}


def template_layers(
    city: City, limit: BaseGeometry
) -> dict[str, tuple[str, list[BaseGeometry], list[dict[str, str]]]]:
    """
    Return geometry type, shapes and attributes of the present within a limit, by layer name.

    Layers without features are there too: an empty layer of a design says that there is nothing.
    """
    found: dict[str, tuple[str, list[BaseGeometry], list[dict[str, str]]]] = {}
    for layer, said in DESIGN_LAYERS.items():
        if layer == "buildings":
            continue
        tables = [table for table in TABLES if getattr(said, table)]
        for name in tables:
            title = layer if len(tables) == 1 else f"{layer}_{_SUFFIX[name]}"
            table: FeatureTable = getattr(city, name)
            inside, _ = cut_at(table, rows_of_layers(table, name, [layer], limit), limit)
            shapes = list(inside.geometry)
            rows = [_row(inside, row) for row in range(len(inside))]
            if layer == "steps" and name == "areas":
                flights, ways = _flights(city, limit)
                shapes += flights
                rows += ways
            found[title] = (_TYPES[name], shapes, rows)
    return found


def _row(table: FeatureTable, row: int) -> dict[str, str]:
    tags = table.tags(row)
    height = tags.get("height", "")
    stated = {"parvis:rating", "parvis:state", "parvis:grade"}
    if _is_plain(height):
        stated.add("height")
    else:
        height = ""
    return {
        "kind": str(table.words("kind")[row]),
        "name": table.text("name", row) if "name" in table.columns else "",
        "height": height,
        "rating": tags.get("parvis:rating", ""),
        "state": tags.get("parvis:state", ""),
        "grade": tags.get("parvis:grade", "C"),
        "osm_type": str(table.words("osm_type")[row]) if "osm_type" in table.columns else "",
        "osm_id": str(int(table["osm_id"][row])),
        "tags": json.dumps(
            {key: value for key, value in tags.items() if key not in stated}, ensure_ascii=False
        ),
    }


def _is_plain(height: str) -> bool:
    try:
        return 0.0 <= float(height) < 1000.0
    except ValueError:
        return False


def _flights(city: City, limit: BaseGeometry) -> tuple[list[BaseGeometry], list[dict[str, str]]]:
    """Return the steps of the street network within a limit as the ground they cover."""
    pieces = street_pieces(city, limit.bounds)
    stairs = pieces.take(np.isin(pieces.segment, flights_within(city, limit)))
    shapes = shapely.buffer(
        stairs.line, flight_widths(stairs) / 2, quad_segs=QUADRANT_SEGMENTS, cap_style="flat"
    )
    street = np.asarray(city.segments.street, dtype=np.int64)[stairs.segment]
    rows = [
        {
            "kind": "steps",
            "name": city.streets.text("name", int(row)),
            "grade": "C",
            "osm_type": "way",
            "osm_id": str(int(city.streets["osm_id"][row])),
            "tags": json.dumps(city.streets.tags(int(row)), ensure_ascii=False),
        }
        for row in street
    ]
    return list(shapes), rows


def _write(
    path: Path,
    layer: str,
    geometry_type: str,
    shapes: list[BaseGeometry],
    rows: list[dict[str, str]],
    epsg: int,
) -> None:
    given = np.array([None, *shapes], dtype=object)[1:]
    if geometry_type == "MultiPolygon":
        parts, owner = shapely.get_parts(given, return_index=True)
        given = np.asarray(shapely.multipolygons(parts, indices=owner), dtype=object)
    columns: list[Any] = [
        np.array([row.get(name, "") for row in rows], dtype=object) for name in FIELDS
    ]
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(given),
        field_data=columns,
        fields=list(FIELDS),
        layer=layer,
        driver="GPKG",
        geometry_type=geometry_type,
        crs=f"EPSG:{epsg}",
        append=path.exists(),
    )
