"""What rows and columns does a file of incidents have, whatever its format."""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from parvis.incidents.errors import (
    IncidentColumnsError,
    IncidentEmptyError,
    IncidentSizeError,
)
from parvis.io.vector import (
    VectorMissingError,
    VectorUnreadableError,
    as_text,
    read_rows,
    read_vector,
)

MOST_ROWS = 10_000_000


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used: its number, the column, what stands there, what is accepted."""

    row: int
    column: str
    value: str
    accepted: str


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """
    The cells of a file as text.

    Attributes
    ----------
    file : str
    columns : dict of str to list of str
    rows : list of int
        Number a person finds each row by.
    rejected : tuple of Rejected
        Rows that have other cells than the names above them.
    xy : ndarray, shape (n, 2), or None
        Points of files that hold geometry; NaN where there is none.
    crs : CRS or None
    """

    file: str
    columns: dict[str, list[str]]
    rows: list[int]
    rejected: tuple[Rejected, ...]
    xy: NDArray[np.float64] | None = None
    crs: CRS | None = None


def read_cells(path: Path, *, layer: str | None = None) -> Cells:
    """
    Read a file of incidents without interpreting it.

    Parameters
    ----------
    path : Path
        CSV with any usual delimiter (also gzipped), XLSX, GeoPackage, GeoJSON and whatever else
        `parvis.io.vector.read_vector` reads.
    layer : str, optional
        Layer or sheet.

    Raises
    ------
    VectorMissingError, VectorFormatError, VectorUnreadableError, VectorLayerError
    IncidentColumnsError, IncidentEmptyError, IncidentSizeError
    """
    name = path.name.lower()
    if name.endswith((".csv", ".txt", ".csv.gz")):
        return _table(path.name, _csv_lines(path))
    if name.endswith(".xlsx"):
        rows = [(at, [as_text(cell) for cell in cells]) for at, cells in read_rows(path, layer)]
        width = len(rows[0][1]) if rows else 0
        return _table(path.name, [(at, (cells + [""] * width)[:width]) for at, cells in rows])
    return _features(path, layer)


def _csv_lines(path: Path) -> list[tuple[int, list[str]]]:
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error):
        raise VectorUnreadableError(file=path.name, reason="it is cut off or broken") from None
    if b"\x00" in raw:
        raise VectorUnreadableError(file=path.name, reason="it holds binary data")
    if raw.count(b"\n") > MOST_ROWS:
        raise IncidentSizeError(what="Rows", n=raw.count(b"\n"), most=MOST_ROWS)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=head.count))
    try:
        return [(reader.line_num, cells) for cells in reader if cells and (cells[0] or any(cells))]
    except csv.Error as problem:
        raise VectorUnreadableError(file=path.name, reason=str(problem)) from None


def _table(file: str, lines: list[tuple[int, list[str]]]) -> Cells:
    if len(lines) < 2:
        raise IncidentEmptyError(file=file, n=0)
    names = [cell.strip() for cell in lines[0][1]]
    for name in names:
        if name and names.count(name) > 1:
            found = ", ".join(names[:20])
            raise IncidentColumnsError(file=file, missing=f"one {name} only", found=found)
    width = len(names)
    kept = [line for line in lines[1:] if len(line[1]) == width]
    accepted = f"{width} cells, as in the row of names"
    rejected = tuple(
        Rejected(at, names[-1], f"{len(cells)} cells", accepted)
        for at, cells in lines[1:]
        if len(cells) != width
    )
    if not kept:
        raise IncidentEmptyError(file=file, n=len(rejected))
    columns = zip(*(cells for _, cells in kept), strict=True)
    return Cells(
        file,
        {name: list(column) for name, column in zip(names, columns, strict=True) if name},
        [at for at, _ in kept],
        rejected,
    )


def _features(path: Path, layer: str | None) -> Cells:
    found = read_vector(path, layer=layer)
    names = list(dict.fromkeys(name for row in found.fields for name in row))
    geometry = found.geometry
    is_point = shapely.get_type_id(geometry) == 0
    is_gone = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    rejected = tuple(
        Rejected(int(found.row[at]), "geometry", str(geometry[at].geom_type), "Point")
        for at in np.flatnonzero(~is_point & ~is_gone)
    )
    kept = np.flatnonzero(is_point | is_gone)
    if not kept.size:
        raise IncidentEmptyError(file=path.name, n=len(rejected))
    points = geometry[kept]
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    columns = {name: [found.fields[at].get(name, "") for at in kept] for name in names}
    rows = [int(row) for row in found.row[kept]]
    return Cells(path.name, columns, rows, rejected, xy, found.crs)
