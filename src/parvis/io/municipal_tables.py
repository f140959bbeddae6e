"""What do the rows of a municipal table say, wherever its header stands and in what words."""

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from openpyxl.worksheet.worksheet import Worksheet

from parvis.errors import InputError
from parvis.io.correction_rows import Problem
from parvis.io.table_words import UNITS, fold
from parvis.io.vector import (
    VectorFormatError,
    VectorLayerError,
    VectorMissingError,
    VectorUnreadableError,
    as_text,
    number,
    open_workbook,
)

MOST_ROWS = 20_000
"""Longer tables are no lists of barriers."""
MOST_COLUMNS = 200
HEADER_WITHIN = 40
"""The header is looked for in this many rows."""
LONGEST_CELL = 500
_CELL_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
_CHUNK = 1 << 20

Line = tuple[int, list[Any]]


class TableTooLargeError(InputError):
    """A table has more rows than any list of barriers."""

    code: ClassVar[str] = "table_too_large"


class TableColumnsError(InputError):
    """A table lacks columns without which its rows say nothing."""

    code: ClassVar[str] = "table_columns"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: number as a person finds it, and what stands in it by the meaning of the column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MunicipalTable:
    """
    Rows below the header, with their meaning.

    Attributes
    ----------
    file : str
    rows : tuple of Row
        Empty cells are left out; lengths are not converted, see `units`.
    headings : tuple of int
        Rows that say one thing only: taken as headings.
    units : mapping of str to float
        Metres in one unit of a column, where its header states the unit.
    problems : tuple of Problem
        Cells that hold a formula without its result, or an error.
    unused : mapping of str to tuple of str
        Columns whose heading is not known, with what stands in them; empty columns left out.
    """

    file: str
    rows: tuple[Row, ...]
    headings: tuple[int, ...]
    units: Mapping[str, float]
    problems: tuple[Problem, ...]
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_table(
    path: Path,
    words: Mapping[str, Sequence[str]],
    *,
    needed: Sequence[Sequence[str]],
    sheet: str | None = None,
) -> MunicipalTable:
    """
    Read a table whose header may be merged, worded freely, and stand below title lines.

    Parameters
    ----------
    path : Path
        XLSX, or CSV with any usual delimiter.
    words : mapping of str to sequence of str
        Meaning of a column to the words that head it.
    needed : sequence of sequence of str
        Of each inner sequence at least one column must be there.
    sheet : str, optional
        The sheet whose header fits best by default.

    Raises
    ------
    VectorMissingError, VectorFormatError, VectorUnreadableError, VectorLayerError
    TableTooLargeError, TableColumnsError
    """
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        readings = _xlsx_lines(path, sheet)
    elif suffix in (".csv", ".txt"):
        readings = _csv_lines(path)
    else:
        raise VectorFormatError(file=path.name, accepted=".csv, .xlsx")
    meanings = {fold(word): what for what, listed in words.items() for word in listed}
    best: tuple[int, int, dict[int, str], list[Line]] = (0, 0, {}, [])
    for lines in readings:
        at, columns = _header(lines, meanings)
        if len(set(columns.values())) > len(set(best[2].values())):
            best = (at, len(lines), columns, lines)
    at, _, columns, lines = best
    present = set(columns.values())
    missing = [group for group in needed if present.isdisjoint(group)]
    if missing:
        raise TableColumnsError(
            file=path.name,
            missing="; ".join(" or ".join(words[name][0] for name in group) for group in missing),
            known=", ".join(listed[0] for listed in words.values()),
        )
    return _body(path.name, lines, at, columns)


def cell_text(value: Any) -> str:
    """Return a cell as text: dates as ISO, one space between words."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    return " ".join(as_text(value).split()) if not isinstance(value, bool) else str(value).lower()


def figure(text: str | None) -> float:
    """
    Return a number as tables write it, with signs between thousands; NaN where it is none.

    Examples
    --------
    >>> figure("385 012,5"), figure("1.250,00"), figure("1,250.00"), figure("12'000")
    (385012.5, 1250.0, 1250.0, 12000.0)
    """
    plain = re.sub(r"(?<=\d)[\s'’](?=\d{3})", "", (text or "").strip())
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+", plain):
        plain = plain.replace(",", "")
    return number(plain)


def _header(lines: Sequence[Line], meanings: Mapping[str, str]) -> tuple[int, dict[int, str]]:
    """Return the line with the most known words, and what its columns mean."""
    best: tuple[int, dict[int, str]] = (0, {})
    for at, (_, values) in enumerate(lines[:HEADER_WITHIN]):
        above = lines[at - 1][1] if at else []
        columns = {}
        for column in range(max(len(values), len(above))):
            own, upper = _words(values, column), _words(above, column)
            choices = (own, f"{upper} {own}", f"{own} {upper}") if own else (upper,)
            found = next((what for c in choices if (what := _meaning(c, meanings))), "")
            if found:
                columns[column] = found
        has_own = any(_words(values, column) for column in columns)
        if has_own and len(set(columns.values())) > len(set(best[1].values())):
            best = (at, columns)
    return best


def _words(values: Sequence[Any], column: int) -> str:
    return cell_text(values[column]) if column < len(values) else ""


def _meaning(text: str, meanings: Mapping[str, str]) -> str:
    """Return what a header means: by the whole of it, else by the longest known beginning."""
    folded = fold(text)
    if not folded or len(text) > LONGEST_CELL:
        return ""
    if folded in meanings:
        return meanings[folded]
    tokens = folded.split()
    beginnings = (" ".join(tokens[:n]) for n in range(len(tokens) - 1, 0, -1))
    return next((meanings[b] for b in beginnings if b in meanings and len(b) > 2), "")


def _body(file: str, lines: Sequence[Line], at: int, columns: Mapping[int, str]) -> MunicipalTable:
    rows, headings, problems = [], [], []
    header = lines[at][1] if lines else []
    titles = {column: _words(header, column) for column in columns}
    for line, values in lines[at + 1 :]:
        filled = {cell_text(value) for value in values} - {""}
        if len(filled) <= 1 and len(columns) > 2:
            headings += [line] if filled else []
            continue
        cells: dict[str, str] = {}
        for column, what in columns.items():
            text = _words(values, column)
            if text.startswith("=") or text in _CELL_ERRORS:
                accepted = "a value: save the file once in a spreadsheet program, or type it in"
                problems.append(Problem(line, titles[column] or what, text[:60], accepted))
            elif len(text) > LONGEST_CELL:
                accepted = f"a text of at most {LONGEST_CELL} signs"
                problems.append(Problem(line, titles[column] or what, text[:20], accepted))
            elif text and what not in cells:
                cells[what] = text
        if cells:
            rows.append(Row(line, cells))
    units = {
        what: UNITS[unit]
        for column, what in columns.items()
        if (unit := _unit(titles[column])) in UNITS
    }
    unused = _unused(lines, at, columns, {row.number for row in rows})
    return MunicipalTable(file, tuple(rows), tuple(headings), units, tuple(problems), unused)


def _unused(
    lines: Sequence[Line], at: int, columns: Mapping[int, str], numbers: Collection[int]
) -> dict[str, tuple[str, ...]]:
    """Return the cells of columns without a known meaning, by heading."""
    header = lines[at][1] if lines else []
    above = lines[at - 1][1] if at else []
    found: dict[str, list[str]] = {}
    for column in range(max((len(values) for _, values in lines), default=0)):
        if column in columns:
            continue
        cells = [_words(values, column) for line, values in lines[at + 1 :] if line in numbers]
        if any(cells):
            title = _words(header, column) or _words(above, column) or f"no. {column + 1}"
            found.setdefault(title[:60], []).extend(cell for cell in cells if cell)
    return {title: tuple(cells) for title, cells in found.items()}


def _unit(title: str) -> str:
    found = re.search(r"(?:[(\[]\s*|\bin\s+)(mm|cm|dm|m)\b", title.casefold())
    return found[1] if found else ""


def _csv_lines(path: Path) -> Iterable[list[Line]]:
    """Yield the lines as each delimiter cuts them."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise VectorUnreadableError(file=path.name, reason=str(error.strerror)) from error
    if raw.count(b"\n") > MOST_ROWS:
        raise TableTooLargeError(file=path.name, most=MOST_ROWS)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    elif b"\x00" in raw:
        raise VectorUnreadableError(file=path.name, reason="it holds binary data")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
    for delimiter in ";,\t|":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            yield [(reader.line_num, list(values)) for values in reader if any(values)]
        except csv.Error as error:
            raise VectorUnreadableError(file=path.name, reason=str(error)) from error


def _xlsx_lines(path: Path, sheet: str | None) -> Iterable[list[Line]]:
    """Yield the lines of each sheet, merged cells of one column filled downwards."""
    has_formulas = _scan(path)
    book = open_workbook(path)
    if sheet is not None and sheet not in book.sheetnames:
        raise VectorLayerError(file=path.name, layer=sheet, accepted=", ".join(book.sheetnames))
    written = open_workbook(path, data_only=False) if has_formulas else None
    for page in book.worksheets if sheet is None else [book[sheet]]:
        if isinstance(page, Worksheet):
            yield _page_lines(page, written and written[page.title], path.name)


def _page_lines(page: Worksheet, written: Any, file: str) -> list[Line]:
    if page.max_row > MOST_ROWS:
        raise TableTooLargeError(file=file, most=MOST_ROWS)
    widest = min(page.max_column, MOST_COLUMNS)
    lines = [list(values) for values in page.iter_rows(max_col=widest, values_only=True)]
    for row, values in enumerate(() if written is None else written.iter_rows(max_col=widest)):
        for column, cell in enumerate(values):
            if cell.data_type == "f" and lines[row][column] is None:
                lines[row][column] = "=" + str(cell.value).removeprefix("=")
    for merged in page.merged_cells.ranges:
        top, left = merged.min_row - 1, merged.min_col - 1
        if top >= len(lines) or left >= widest:
            continue
        if merged.max_row == merged.min_row and top < HEADER_WITHIN:
            for column in range(left, min(merged.max_col, widest)):
                lines[top][column] = lines[top][left]
        elif merged.min_col == merged.max_col:
            for row in range(top, min(merged.max_row, len(lines))):
                lines[row][left] = lines[top][left]
    return [
        (line, values)
        for line, values in enumerate(lines, start=1)
        if any(value is not None for value in values)
    ]


def _scan(path: Path) -> bool:
    """Check how many rows the sheets have, and tell whether any cell holds a formula."""
    has_formulas = False
    try:
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                    continue
                n_rows, rest = 0, b""
                with packed.open(name) as stream:
                    while chunk := stream.read(_CHUNK):
                        seen = rest + chunk
                        n_rows += len(re.findall(rb"<row[ >]", seen))
                        has_formulas = has_formulas or b"<f>" in seen or b"<f " in seen
                        rest = seen[-4:]
                        if n_rows > MOST_ROWS:
                            raise TableTooLargeError(file=path.name, most=MOST_ROWS)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        if isinstance(error, InputError):
            raise
        reason = "it is not a whole XLSX workbook"
        raise VectorUnreadableError(file=path.name, reason=reason) from error
    return has_formulas
