"""Who made a file, when, with which version, under which marking: said in every format."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio.raw
import shapely
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from parvis.report.cells import neutralised
from parvis.report.coordinates import Projection
from parvis.report.geodata import EMPTY_COLUMNS, Layer

WIDEST = 60


@dataclass(frozen=True)
class Stamp:
    """
    What every exported file says of itself.

    Attributes
    ----------
    marking : str
        ``TLP:…``.
    authority, author : str
    time : str
        ISO date and time.
    version : str
        Of the program.
    """

    marking: str
    authority: str
    author: str
    time: str
    version: str

    def fields(self) -> dict[str, str]:
        """Return the stamp by the names files use."""
        said = asdict(self)
        return {
            "marking": said["marking"],
            "authority": said["authority"],
            "exported_by": said["author"],
            "exported": said["time"],
            "parvis_version": said["version"],
        }


def table_rows(layer: Layer, stamp: Stamp, projection: Projection) -> list[dict[str, Any]]:
    """
    Return the rows of a layer with the middle of their place and the stamp.

    Parameters
    ----------
    layer : Layer
    stamp : Stamp
    projection : Projection
        Places are given in its target: longitude and latitude, or easting and northing.

    Returns
    -------
    list of dict
        The same keys in every row.
    """
    across, up = (
        ("longitude", "latitude") if projection.is_geographic else ("easting_m", "northing_m")
    )
    digits = 7 if projection.is_geographic else 2
    rows = []
    for shape, row in zip(layer.geometries, layer.rows, strict=True):
        place = projection.geometry(_middle(shape))
        told = {across: round(float(place.x), digits), up: round(float(place.y), digits)}
        rows.append(row | told | {"crs": f"EPSG:{projection.epsg}"} | stamp.fields())
    return rows


def stamped_csv(layer: Layer, stamp: Stamp, projection: Projection) -> bytes:
    """Return a layer as CSV; no text is a formula for a spreadsheet."""
    rows = table_rows(layer, stamp, projection)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in _with_head(layer, rows, stamp):
        writer.writerow(["" if cell is None else cell for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def stamped_xlsx(layers: Sequence[Layer], stamp: Stamp, projection: Projection) -> bytes:
    """Return layers as a workbook: a sheet that says whose it is, then a sheet each."""
    book = openpyxl.Workbook()
    about = book.worksheets[0]
    about.title = "about"
    for key, value in stamp.fields().items():
        about.append([key, _cell(value)])
    about.append(["crs", f"EPSG:{projection.epsg}"])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 18, WIDEST
    for layer in layers:
        sheet = book.create_sheet(layer.name[:31])
        for row in _with_head(layer, table_rows(layer, stamp, projection), stamp):
            sheet.append(row)
        for cell in sheet[1] if sheet.max_row else ():
            cell.font = Font(bold=True)
            width = max(len(str(cell.value or "")) + 2, 11)
            sheet.column_dimensions[get_column_letter(cell.column)].width = width
        sheet.freeze_panes = "A2"
        sheet.oddHeader.center.text = stamp.marking
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def stamp_geojson(content: bytes, stamp: Stamp) -> bytes:
    """Return a feature collection that says whose it is beside its features."""
    document = json.loads(content)
    head = {"type": document.pop("type")} | stamp.fields()
    features = document.pop("features")
    whole = head | {k: v for k, v in document.items() if k not in head} | {"features": features}
    return (json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n").encode()


def stamp_gpkg(path: Path, stamp: Stamp) -> Path:
    """Add a table ``about`` without places to a GeoPackage."""
    told = stamp.fields()
    pyogrio.raw.write(
        str(path),
        geometry=None,
        field_data=[
            np.array(list(told), dtype=object),
            np.array(list(told.values()), dtype=object),
        ],
        fields=["what", "fact"],
        layer="about",
        driver="GPKG",
        geometry_type=None,
        append=True,
    )
    return path


def stamp_dxf(content: bytes, stamp: Stamp) -> bytes:
    """Return a drawing that begins with comments saying whose it is."""
    lines = "".join(f"999\r\n{key}: {_ascii(value)}\r\n" for key, value in stamp.fields().items())
    return lines.encode("ascii") + content


def _ascii(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "replace").decode("ascii")


def _with_head(layer: Layer, rows: Sequence[dict[str, Any]], stamp: Stamp) -> Iterator[list[Any]]:
    if rows:
        yield list(rows[0])
    else:
        yield list(dict.fromkeys((*EMPTY_COLUMNS.get(layer.name, ()), *stamp.fields())))
    for row in rows:
        yield [_cell(value) for value in row.values()]


def _cell(value: Any) -> Any:
    """Return a value as a cell; a text that a spreadsheet would take for a formula is quoted."""
    if isinstance(value, str):
        return neutralised(ILLEGAL_CHARACTERS_RE.sub("", value))
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return _cell(str(value))


def _middle(shape: Any) -> Any:
    if shape.geom_type == "LineString":
        return shapely.line_interpolate_point(shape, 0.5, normalized=True)
    return shape.representative_point()
