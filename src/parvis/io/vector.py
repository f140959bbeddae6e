"""How do municipal files become features: any vector format, table with coordinates and CRS."""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from parvis.errors import InputError

if TYPE_CHECKING:
    from openpyxl import Workbook

HEADER_WITHIN = 40
"""The header of a table is looked for in this many rows."""
FORMATS = (".gpkg", ".geojson", ".json", ".geojson.gz", ".shp", ".zip", ".dxf", ".fgb", ".kml",
           ".csv", ".txt", ".xlsx")  # fmt: skip

_LON = ("lon", "lng", "long", "longitude", "laengengrad", "längengrad", "lon_wgs84")
_LAT = ("lat", "latitude", "breitengrad", "lat_wgs84")
_X = ("x", "easting", "east", "e", "ost", "rechtswert", "coord_x", "x_coord", "xcoord", "pos_x")
_Y = ("y", "northing", "north", "n", "nord", "hochwert", "coord_y", "y_coord", "ycoord", "pos_y")
_WKT = ("wkt", "geometry", "geom", "the_geom", "shape")
_WKT_START = re.compile(
    r"^\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)", re.IGNORECASE
)


class VectorMissingError(InputError):
    """The file is not there."""

    code = "vector_missing"


class VectorFormatError(InputError):
    """The file's ending belongs to no format that is read."""

    code = "vector_format"


class DwgError(InputError):
    """DWG is a closed format."""

    code = "vector_dwg"


class VectorUnreadableError(InputError):
    """The file's content is not what its ending says, or is cut off."""

    code = "vector_unreadable"


class VectorEmptyError(InputError):
    """The file holds no features."""

    code = "vector_empty"


class VectorLayerError(InputError):
    """The file has several layers and none, or an unknown one, was named."""

    code = "vector_layer"


class CoordinateColumnsError(InputError):
    """A table has no columns that hold coordinates."""

    code = "vector_coordinates"


class CrsMissingError(InputError):
    """The file does not say in which coordinate system its numbers are."""

    code = "crs_missing"


class CrsUnknownError(InputError):
    """A coordinate system that PROJ does not know."""

    code = "crs_unknown"


class CrsWrongError(InputError):
    """Coordinates cannot be in the coordinate system they are said to be in."""

    code = "crs_wrong"


@dataclass(frozen=True, eq=False)
class VectorFeatures:
    """
    What a file holds, before anything is interpreted.

    Attributes
    ----------
    file, layer : str
    geometry : ndarray of object, shape (n,)
        Shapely geometries in the file's own coordinates, two-dimensional; None where a row has
        none that can be read.
    fields : tuple of mapping
        Attributes of each row as text; empty ones are left out.
    row : ndarray of int64, shape (n,)
        Number a person finds the row by: line of a table, running number from 1 elsewhere.
    crs : CRS or None
        None: the file does not say.
    """

    file: str
    layer: str
    geometry: NDArray[np.object_]
    fields: tuple[dict[str, str], ...]
    row: NDArray[np.int64]
    crs: CRS | None

    def __len__(self) -> int:
        return len(self.geometry)


def read_vector(path: Path, *, layer: str | None = None, crs: str | None = None) -> VectorFeatures:
    """
    Read a file of features.

    Parameters
    ----------
    path : Path
        GeoPackage, GeoJSON (plain or gzipped, also with a ``crs`` member), Shapefile (also
        zipped), DXF, FlatGeobuf, KML, CSV or XLSX with coordinates.
    layer : str, optional
        Layer or sheet; needed where the file has several.
    crs : str, optional
        Coordinate system that overrules the file's, e.g. ``"EPSG:25835"`` or ``"25835"``.

    Raises
    ------
    VectorMissingError, VectorFormatError, DwgError, VectorUnreadableError, VectorEmptyError,
    VectorLayerError, CoordinateColumnsError, CrsUnknownError
    """
    stated = parse_crs(crs) if crs else None
    suffix = _suffix(path)
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    if suffix in (".csv", ".txt"):
        features = _read_table(path, "", _csv_rows(path))
    elif suffix == ".xlsx":
        features = _read_table(path, layer or "", _xlsx_rows(path, layer))
    else:
        features = _read_ogr(path, suffix, layer)
    if len(features) == 0:
        raise VectorEmptyError(file=path.name, layer=features.layer)
    if stated is None:
        return features
    return VectorFeatures(
        features.file, features.layer, features.geometry, features.fields, features.row, stated
    )


def to_crs(features: VectorFeatures, epsg: int) -> NDArray[np.object_]:
    """
    Return the geometries in another coordinate system.

    Parameters
    ----------
    features : VectorFeatures
    epsg : int

    Raises
    ------
    CrsMissingError
        Where the file does not say what its coordinates are.
    CrsWrongError
        Where they cannot be what it says, as metres in a file said to be in degrees.
    """
    if features.crs is None:
        raise CrsMissingError(file=features.file)
    has_geometry = np.array([g is not None and not g.is_empty for g in features.geometry])
    moved = features.geometry.copy()
    if not has_geometry.any():
        return moved
    given = features.geometry[has_geometry]
    low, high = np.split(shapely.total_bounds(given), 2)
    if features.crs.is_geographic and (low.min() < -360 or high.max() > 360):
        largest = float(max(abs(low).max(), high.max()))
        raise CrsWrongError(file=features.file, crs=crs_name(features.crs), value=f"{largest:.1f}")
    transformer = Transformer.from_crs(features.crs, CRS.from_epsg(epsg), always_xy=True)
    moved[has_geometry] = shapely.transform(
        given, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
    is_finite = np.isfinite(shapely.bounds(moved[has_geometry])).all(axis=1)
    if not is_finite.any():
        raise CrsWrongError(file=features.file, crs=crs_name(features.crs), value="infinite")
    moved[np.flatnonzero(has_geometry)[~is_finite]] = None
    return moved


def parse_crs(text: str) -> CRS:
    """
    Return the coordinate system a person names: ``"25835"``, ``"EPSG:25835"`` or WKT.

    Raises
    ------
    CrsUnknownError
    """
    try:
        return CRS.from_epsg(int(text)) if text.strip().isdigit() else CRS.from_user_input(text)
    except CRSError as error:
        raise CrsUnknownError(value=text) from error


def crs_name(crs: CRS) -> str:
    """Return how to name a coordinate system to a person."""
    epsg = crs.to_epsg(min_confidence=70)
    return f"EPSG:{epsg}" if epsg else str(crs.name)


def _suffix(path: Path) -> str:
    name = path.name.lower()
    if name.endswith(".dwg"):
        raise DwgError(file=path.name)
    for suffix in (".geojson.gz", ".json.gz", ".shp.zip"):
        if name.endswith(suffix):
            return suffix
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise VectorFormatError(file=path.name, accepted=", ".join(FORMATS))
    return suffix


def _read_ogr(path: Path, suffix: str, layer: str | None) -> VectorFeatures:
    """Read what GDAL reads; its own messages are made part of one sentence."""
    import pyogrio

    source = f"/vsigzip/{path}" if suffix.endswith(".gz") else str(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            name = _ogr_layer(path, source, layer)
            meta, _, blobs, columns = pyogrio.raw.read(source, layer=name, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise VectorUnreadableError(file=path.name, reason=_first_line(error)) from error
    except (pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, OSError) as error:
        raise VectorUnreadableError(file=path.name, reason=_first_line(error)) from error
    if blobs is None:
        raise VectorEmptyError(file=path.name, layer=name)
    geometry = np.asarray(shapely.from_wkb(blobs, on_invalid="ignore"), dtype=object)
    names = [str(field) for field in meta["fields"]]
    columns = [column.tolist() for column in columns]
    fields = tuple(_fields(names, values) for values in zip(*columns, strict=True))
    if not columns:
        fields = tuple({} for _ in range(len(geometry)))
    crs = parse_crs(meta["crs"]) if meta["crs"] else None
    return VectorFeatures(
        path.name, name, geometry, fields, np.arange(1, len(geometry) + 1, dtype=np.int64), crs
    )


def _ogr_layer(path: Path, source: str, layer: str | None) -> str:
    """Return the layer to read; tables without geometry do not count."""
    import pyogrio

    listed = [(str(name), kind) for name, kind in pyogrio.list_layers(source)]
    spatial = [name for name, kind in listed if kind is not None]
    if layer is None and len(spatial) == 1:
        return spatial[0]
    if layer is not None and layer in spatial:
        return layer
    if not spatial:
        raise VectorEmptyError(file=path.name, layer="")
    raise VectorLayerError(file=path.name, layer=layer or "", accepted=", ".join(spatial))


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0].split(";")[0].rstrip(".") or type(error).__name__


def _fields(names: Sequence[str], values: Iterable[Any]) -> dict[str, str]:
    texts = {name: as_text(value) for name, value in zip(names, values, strict=False)}
    return {name: text for name, text in texts.items() if text}


def as_text(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, nothing for missing values."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).strip()


Row = tuple[int, Sequence[Any]]


def read_rows(path: Path, sheet: str | None = None) -> list[Row]:
    """
    Return the lines of a CSV or XLSX file that are not empty, each with its number from 1.

    Raises
    ------
    VectorMissingError, VectorFormatError, VectorUnreadableError, VectorLayerError
    """
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    if path.suffix.lower() == ".xlsx":
        return _xlsx_rows(path, sheet)
    if path.suffix.lower() in (".csv", ".txt"):
        return _csv_rows(path)
    raise VectorFormatError(file=path.name, accepted=".csv, .xlsx")


def _csv_rows(path: Path) -> list[Row]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise VectorUnreadableError(file=path.name, reason=_first_line(error)) from error
    if b"\x00" in raw:
        raise VectorUnreadableError(file=path.name, reason="it holds binary data")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    try:
        rows.extend((reader.line_num, values) for values in reader if any(values))
    except csv.Error as error:
        raise VectorUnreadableError(file=path.name, reason=str(error)) from error
    return rows


def _xlsx_rows(path: Path, sheet: str | None) -> list[Row]:
    book = open_workbook(path)
    if sheet is not None and sheet not in book.sheetnames:
        accepted = ", ".join(book.sheetnames)
        raise VectorLayerError(file=path.name, layer=sheet, accepted=accepted)
    chosen = book[sheet] if sheet is not None else book.worksheets[0]
    return [
        (number, values)
        for number, values in enumerate(chosen.iter_rows(values_only=True), start=1)
        if any(value is not None for value in values)
    ]


def open_workbook(path: Path, *, data_only: bool = True) -> "Workbook":
    """
    Open an XLSX file for reading.

    Parameters
    ----------
    path : Path
    data_only : bool, default True
        Give the stored results of formulas instead of the formulas.

    Raises
    ------
    VectorMissingError, VectorUnreadableError
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if not path.is_file():
        raise VectorMissingError(file=str(path))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, data_only=data_only)
    except (
        zipfile.BadZipFile,
        zlib.error,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        EOFError,
        OSError,
    ) as error:
        reason = "it is not a whole XLSX workbook"
        raise VectorUnreadableError(file=path.name, reason=reason) from error


def _read_table(path: Path, layer: str, rows: list[Row]) -> VectorFeatures:
    """Turn rows with coordinate columns into points, or into geometries by WKT."""
    if not rows:
        raise VectorEmptyError(file=path.name, layer=layer)
    at = next((i for i in range(min(len(rows), HEADER_WITHIN)) if _names_places(rows[i][1])), 0)
    header, body = _header(rows[: at + 1]), rows[at + 1 :]
    folded = _folded(header)
    wkt = _position(folded, _WKT)
    lon, lat = _position(folded, _LON), _position(folded, _LAT)
    x, y = _position(folded, _X), _position(folded, _Y)
    if wkt is not None and any(_WKT_START.match(as_text(_cell(r, wkt))) for _, r in body):
        geometry, crs = _from_wkt([as_text(_cell(values, wkt)) for _, values in body])
    elif lon is not None and lat is not None:
        geometry, crs = _from_pairs(body, lon, lat), CRS.from_epsg(4326)
    elif x is not None and y is not None:
        geometry, crs = _from_pairs(body, x, y), None
    else:
        raise CoordinateColumnsError(file=path.name, found=", ".join(n for n in header if n))
    return VectorFeatures(
        path.name,
        layer,
        geometry,
        tuple(_fields(header, values) for _, values in body),
        np.array([number for number, _ in body], dtype=np.int64),
        crs,
    )


def _folded(cells: Iterable[Any]) -> list[str]:
    return [as_text(cell).lower().replace(" ", "_") for cell in cells]


def _names_places(cells: Sequence[Any]) -> bool:
    """Tell whether a row heads columns with coordinates: titles may stand above it."""
    folded = set(_folded(cells))
    pairs = ((_LON, _LAT), (_X, _Y), (_WKT, _WKT))
    return any(not folded.isdisjoint(a) and not folded.isdisjoint(b) for a, b in pairs)


def _header(rows: Sequence[Row]) -> list[str]:
    """Return what heads each column: the last row's cell, or the nearest one above it."""
    width = len(rows[-1][1])
    return [
        next((text for _, cells in reversed(rows) if (text := as_text(_cell(cells, i)))), "")
        for i in range(width)
    ]


def _position(folded: Sequence[str], accepted: Sequence[str]) -> int | None:
    return next((folded.index(name) for name in accepted if name in folded), None)


def _cell(values: Sequence[Any], column: int) -> Any:
    return values[column] if column < len(values) else None


def _from_wkt(texts: Sequence[str]) -> tuple[NDArray[np.object_], CRS | None]:
    """Read WKT, with PostGIS' leading SRID where there is one."""
    srid = next((m[1] for m in (re.match(r"SRID=(\d+);", text) for text in texts) if m), None)
    plain = [re.sub(r"^SRID=\d+;", "", text) for text in texts]
    geometry = np.asarray(shapely.from_wkt(plain, on_invalid="ignore"), dtype=object)
    return shapely.force_2d(geometry), parse_crs(srid) if srid else None


def _from_pairs(rows: Sequence[Row], x: int, y: int) -> NDArray[np.object_]:
    geometry = np.full(len(rows), None, dtype=object)
    for i, (_, values) in enumerate(rows):
        pair = number(_cell(values, x)), number(_cell(values, y))
        if np.isfinite(pair).all():
            geometry[i] = shapely.Point(pair)
    return geometry


def number(value: Any) -> float:
    """Return a cell as number, decimal comma or point; NaN where it is none."""
    if isinstance(value, bool) or value is None:
        return float("nan")
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value).strip().replace("\u00a0", "").replace(",", "."))
    except ValueError:
        return float("nan")
