"""How does the list of public spaces leave the program: CSV, XLSX, GeoJSON and GeoPackage."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from shapely.geometry.base import BaseGeometry

from parvis.report.cells import neutralised
from parvis.report.coordinates import WGS84, Projection
from parvis.report.files import write_bytes
from parvis.report.geodata import Layer, write_features, write_package

FORMATS = ("csv", "xlsx", "geojson", "gpkg")
LAYER = "public_spaces"
COLUMNS = (
    "id", "name", "kind", "city", "state", "marking", "size_m2", "source", "center_x", "center_y",
)  # fmt: skip
_NUMBERS = frozenset({"size_m2", "center_x", "center_y"})


def write_spaces(
    rows: Sequence[Mapping[str, Any]],
    path: Path,
    *,
    epsg: int = WGS84,
    marking: str = "",
    headings: Mapping[str, str] | None = None,
) -> Path:
    """
    Write the list of spaces in the format of the file's ending.

    Parameters
    ----------
    rows : sequence of mapping
        Columns of `COLUMNS` but the centre, and ``area``, GeoJSON in WGS 84 or None.
    path : Path
        Ends in one of `FORMATS`.
    epsg : int
        Coordinates of GeoPackage and of the centres in tables; GeoJSON is always in WGS 84.
    marking : str
        Stands in the first line of tables and beside the features of GeoJSON.
    headings : mapping of str to str, optional
        Words above the columns of tables.

    Raises
    ------
    UnknownCrsError, OutputNotWritableError
    """
    suffix = path.suffix.lstrip(".")
    areas = [_area(row) for row in rows]
    projection = Projection(WGS84, WGS84 if suffix == "geojson" else epsg)
    told = [_told(row, area, projection) for row, area in zip(rows, areas, strict=True)]
    if suffix in ("csv", "xlsx"):
        table = _table(told, headings or {})
        head = [part for part in (marking, f"EPSG:{projection.epsg}") if part]
        content = _csv(head, table) if suffix == "csv" else _xlsx(head, table)
        return write_bytes(path, content)
    kept = [(area, row) for area, row in zip(areas, told, strict=True) if area is not None]
    layer = Layer(
        LAYER,
        "MultiPolygon",
        tuple(area for area, _ in kept),
        tuple(row for _, row in kept),
    )
    if suffix == "geojson":
        return write_features([layer], {"marking": marking}, path, projection)
    columns = {name: _column(name, [row[name] for _, row in kept]) for name in COLUMNS}
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return write_package([(layer, columns)], path, projection, {"created": created})


def _area(row: Mapping[str, Any]) -> BaseGeometry | None:
    if not row.get("area"):
        return None
    shape = shapely.from_geojson(json.dumps(row["area"]))
    return shapely.MultiPolygon(list(shapely.get_parts(shape)))


def _told(
    row: Mapping[str, Any], area: BaseGeometry | None, projection: Projection
) -> dict[str, Any]:
    told = {name: row.get(name) for name in COLUMNS}
    if area is not None:
        place = shapely.point_on_surface(area)
        x, y = projection(place.x, place.y)
        digits = 7 if projection.is_geographic else 2
        told["center_x"], told["center_y"] = round(float(x), digits), round(float(y), digits)
    return told


def _column(name: str, values: list[Any]) -> np.ndarray[Any, Any]:
    if name in _NUMBERS:
        return np.array([math.nan if v is None else float(v) for v in values], dtype=np.float64)
    return np.array(["" if v is None else str(v) for v in values], dtype=object)


def _table(rows: Sequence[Mapping[str, Any]], headings: Mapping[str, str]) -> list[list[Any]]:
    head = [headings.get(name, name) for name in COLUMNS]
    return [head, *([_cell(row[name]) for name in COLUMNS] for row in rows)]


def _cell(value: Any) -> Any:
    return neutralised(value) if isinstance(value, str) else value


def _csv(head: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(head)
    writer.writerows(table)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(head: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        sheet = book.create_sheet()
    sheet.title = "spaces"
    sheet.append(list(head))
    for row in table:
        sheet.append(list(row))
    for line in (1, 2):
        for cell in sheet[line]:
            cell.font = Font(bold=True)
    sheet.freeze_panes = "A3"
    for letter, width in zip("ABCDEFGHIJ", (38, 34, 22, 20, 18, 16, 12, 18, 14, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
