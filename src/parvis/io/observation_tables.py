"""How is the table of a delivery opened: CSV, SDMX-CSV, XLSX or JSON, as names and texts."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any, ClassVar

from parvis.errors import InputError

LARGEST = 200_000_000
MOST_ROWS = 2_000_000
DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 1_000_000


class ObservationFileError(InputError):
    """A delivery cannot be read; details: file, problem."""

    code: ClassVar[str] = "observation_file"


class ObservationColumnsError(InputError):
    """A delivery lacks columns; details: file, missing, found."""

    code: ClassVar[str] = "observation_columns"


class ObservationDelimiterError(InputError):
    """A delivery was cut with the wrong delimiter; details: file, first, used, expected."""

    code: ClassVar[str] = "observation_delimiter"


Table = tuple[list[str], list[tuple[int, list[str]]]]
"""Names of the columns, and rows with their number in the file."""


def read_table(path: Path, *, delimiter: str = "", sheet: str = "") -> Table:
    """
    Read the names and rows of a table.

    Parameters
    ----------
    path : Path
        ``.csv``, ``.xlsx`` or ``.json`` (a list of objects).
    delimiter : str
        Of CSV; found out from the first row where empty.
    sheet : str
        Of XLSX; the first where empty.

    Raises
    ------
    ObservationFileError, ObservationDelimiterError
    """
    if not path.is_file():
        raise ObservationFileError(file=str(path), problem="there is no such file")
    if path.stat().st_size > LARGEST:
        raise ObservationFileError(file=str(path), problem="it is too large")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        lines = _csv(path, delimiter)
    elif suffix == ".xlsx":
        lines = _xlsx(path, sheet)
    elif suffix == ".json":
        lines = _json(path)
    else:
        problem = "its name must end with .csv, .xlsx or .json"
        raise ObservationFileError(file=str(path), problem=problem)
    filled = [(row, cells) for row, cells in lines if any(cells)]
    if len(filled) < 2:
        raise ObservationFileError(file=str(path), problem="it holds no rows below names")
    if len(filled) > MOST_ROWS:
        raise ObservationFileError(file=str(path), problem="it is too large")
    header = filled[0][1]
    while header and not header[-1]:
        header.pop()
    if len(set(header)) < len(header):
        raise ObservationFileError(file=str(path), problem="a name of a column stands twice")
    return header, filled[1:]


def _csv(path: Path, delimiter: str) -> list[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ObservationFileError(file=str(path), problem="it is not UTF-8 text") from None
    first = text.lstrip("\r\n").partition("\n")[0]
    likely = max(DELIMITERS, key=first.count)
    used = delimiter or likely
    if used not in first and first.count(likely):
        raise ObservationDelimiterError(
            file=str(path), first=first.strip()[:80], used=used, expected=likely
        )
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=used, strict=True)
    lines = []
    try:
        for cells in reader:
            lines.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error:
        raise ObservationFileError(
            file=str(path), problem="quotation marks or cells are not closed"
        ) from None
    return lines


def _xlsx(path: Path, sheet: str) -> list[tuple[int, list[str]]]:
    from parvis.io.submission_record import SubmissionsUnreadableError
    from parvis.io.submission_tables import check_unpacked
    from parvis.io.vector import VectorUnreadableError, open_workbook

    try:
        check_unpacked(path)
        book = open_workbook(path)
    except (SubmissionsUnreadableError, VectorUnreadableError):
        problem = "it is not a whole XLSX workbook"
        raise ObservationFileError(file=str(path), problem=problem) from None
    if sheet and sheet not in book.sheetnames:
        raise ObservationFileError(file=str(path), problem="it has no sheet of that name")
    page: Any = book[sheet] if sheet else book.worksheets[0]
    return [
        (number, [_text(cell) for cell in row])
        for number, row in enumerate(page.iter_rows(values_only=True), start=1)
    ]


def _json(path: Path) -> list[tuple[int, list[str]]]:
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ObservationFileError(file=str(path), problem="it is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise ObservationFileError(file=str(path), problem="it is not JSON") from None
    rows = said.get("observations") if isinstance(said, dict) else said
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ObservationFileError(file=str(path), problem="it is not a list of objects")
    names = list(dict.fromkeys(str(key) for row in rows for key in row))
    lines = [
        (number, [_text(row.get(name)) for name in names]) for number, row in enumerate(rows, 1)
    ]
    return [(0, names), *lines]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).encode("utf-8", "replace").decode().strip()
