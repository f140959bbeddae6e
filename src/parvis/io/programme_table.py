"""What does an authority's table say of its spaces: events, people, works, dates and owners."""

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from parvis.city.select import fold
from parvis.errors import InputError
from parvis.io.store import disk_errors
from parvis.io.vector import VectorFormatError, VectorMissingError, as_text, number, read_rows
from parvis.screening.spaces import SpaceRecord

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("space", "space id", "osm"),
    "name": ("space name", "place"),
    "events_per_year": ("events", "events a year"),
    "people_present": ("people", "people on a busy day"),
    "works_planned": ("works", "planned works"),
    "next_event": ("event", "event date"),
    "last_assessment": ("last assessed", "assessed"),
    "owner": ("assessor", "responsible"),
}
"""Columns of the table and what else they may be called; `name` is for people only."""

NUMBERS = ("events_per_year", "people_present")
DATES = ("works_planned", "next_event", "last_assessment")
A_NUMBER = "a number of at least 0"
A_DATE = "a date such as 2031-05-17 or 17.5.2031"
EARLIEST, LATEST = 1990, 2100
LONGEST = 200
GUIDE = "Fill in what you know; empty cells mean not known. Dates: 2031-05-17."

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{4})")


class ProgrammeTableError(InputError):
    """Rows of the table cannot be used; all are listed, none is taken."""

    code = "programme_table"


class ProgrammeColumnsError(InputError):
    """The table has no column of space ids."""

    code = "programme_columns"


class ProgrammeTableMissingError(InputError):
    """There is no such table yet."""

    code = "programme_table_missing"


@dataclass(frozen=True, slots=True)
class _Problem:
    row: int
    column: str
    value: str
    accepted: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.value!r} is not {self.accepted}"


def read_programme_table(
    path: Path, known: Sequence[str], *, today: dt.date
) -> dict[str, SpaceRecord]:
    """
    Read what an authority states about its spaces.

    Parameters
    ----------
    path : Path
        XLSX or CSV with a row per space; see `COLUMNS`. Lines above the heading are left out.
    known : sequence of str
        Ids of the spaces inside the boundary.
    today : date
        An assessment after it cannot have been.

    Returns
    -------
    dict of str to SpaceRecord
        By space id.

    Raises
    ------
    ProgrammeTableMissingError, ProgrammeColumnsError
    ProgrammeTableError
        With every row that is wrong: unknown or repeated ids, cells that are no number or date.
    """
    try:
        rows = read_rows(path)
    except VectorMissingError as problem:
        raise ProgrammeTableMissingError(file=str(path)) from problem
    heading, at = _heading(rows)
    if heading < 0:
        raise ProgrammeColumnsError(file=path.name, known=", ".join(COLUMNS))
    records: dict[str, SpaceRecord] = {}
    problems: list[_Problem] = []
    for line, cells in rows[heading + 1 :]:
        values = {name: cells[k] if k < len(cells) else None for name, k in at.items()}
        if not any(as_text(value) for name, value in values.items() if name != "name"):
            continue
        space = as_text(values["id"])
        if space not in known:
            accepted = "a public space inside the boundary"
            problems.append(_Problem(line, "id", space, accepted))
            continue
        if space in records:
            problems.append(_Problem(line, "id", space, "there for the first time"))
            continue
        found = [_cell(line, name, value, today) for name, value in values.items()]
        problems += [item for _, item in found if isinstance(item, _Problem)]
        records[space] = _record(space, dict(found))
    if problems:
        listed = "\n".join(f"  {item}" for item in problems[:20])
        more = f"\n  and {len(problems) - 20} more" if len(problems) > 20 else ""
        raise ProgrammeTableError(file=path.name, n=len(problems), listed=listed + more)
    return records


def _heading(rows: Sequence[tuple[int, Sequence[Any]]]) -> tuple[int, dict[str, int]]:
    """Return which line names the columns, -1 for none, and where each column is."""
    for index, (_, cells) in enumerate(rows[:10]):
        at: dict[str, int] = {}
        for column, cell in enumerate(cells):
            word = fold(as_text(cell))
            for name, others in COLUMNS.items():
                if word in {fold(name), *others}:
                    at.setdefault(name, column)
        if "id" in at and len(at) >= 2:
            return index, at
    return -1, {}


def _cell(
    line: int, name: str, value: Any, today: dt.date
) -> tuple[str, float | dt.date | str | _Problem | None]:
    text = as_text(value)
    if not text:
        return name, None
    if name in NUMBERS:
        amount = number(value)
        is_good = math.isfinite(amount) and amount >= 0.0
        return name, amount if is_good else _Problem(line, name, text, A_NUMBER)
    if name in DATES:
        day = as_date(value)
        if day is None:
            return name, _Problem(line, name, text, A_DATE)
        if name == "last_assessment" and day > today:
            return name, _Problem(line, name, text, "a day that has been")
        return name, day
    return name, text[:LONGEST]


def _record(space: str, values: Mapping[str, Any]) -> SpaceRecord:
    good = {name: item for name, item in values.items() if not isinstance(item, _Problem)}
    return SpaceRecord(
        id=space,
        events=good.get("events_per_year"),
        people=good.get("people_present"),
        works=good.get("works_planned"),
        next_event=good.get("next_event"),
        last_assessment=good.get("last_assessment"),
        owner=good.get("owner") or "",
    )


def as_date(value: Any) -> dt.date | None:
    """
    Return a cell as a date, None where it is none.

    Year first with hyphens, or day first with points or strokes as Europe writes it.

    Examples
    --------
    >>> as_date("17.5.2031"), as_date("May 2031")
    (datetime.date(2031, 5, 17), None)
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value if EARLIEST <= value.year <= LATEST else None
    text = as_text(value)
    if iso := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in iso.groups())
    elif written := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in written.groups())
    else:
        return None
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return found if EARLIEST <= year <= LATEST else None


def write_template(path: Path, spaces: Sequence[tuple[str, str]]) -> Path:
    """
    Write the table to fill in, with a row per space.

    Parameters
    ----------
    path : Path
        Ends with .xlsx or .csv.
    spaces : sequence of (id, name)

    Raises
    ------
    VectorFormatError
    parvis.io.store.HomeNotWritableError, parvis.io.store.DiskFullError
    """
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise VectorFormatError(file=path.name, accepted=".xlsx, .csv")
    content = _workbook(spaces) if suffix == ".xlsx" else _text(spaces)
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path


def _workbook(spaces: Sequence[tuple[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        sheet = book.create_sheet()
    sheet.title = "spaces"
    sheet.append([GUIDE])
    sheet.append(list(COLUMNS))
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for row, (space, name) in enumerate(spaces, start=3):
        sheet.cell(row, 1, space)
        # Stored as text: a name that begins with = is no formula.
        sheet.cell(row, 2, name).data_type = "s"
    for column, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = 30 if name == "name" else 18
    sheet.freeze_panes = "C3"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _text(spaces: Sequence[tuple[str, str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    blank = [""] * (len(COLUMNS) - 2)
    writer.writerows([space, name, *blank] for space, name in spaces)
    return stream.getvalue().encode("utf-8-sig")
