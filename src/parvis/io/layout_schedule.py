"""Which phases, items and gates does the schedule of an event state, and what is wrong with it."""

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl.worksheet.worksheet import Worksheet

from parvis.approach.ratings import RatingError, parse_rating
from parvis.errors import InputError
from parvis.events.layout import ItemKind, Opening, Phase, PhaseKind, Times, Users
from parvis.events.rules import Problem
from parvis.io import layout_words as words
from parvis.io.layout_times import day_of, minutes_of, split_moment
from parvis.io.vector import as_text, number, open_workbook

HEADER_ROWS = 20
"""The header stands within this many rows from the top."""
MOST_DAYS = 400
"""A phase repeats on at most this many days."""
LONGEST = 60.0
"""Longest element or clear width that is no slip of the pen. [m]"""
_UNRATED = frozenset(
    {"unrated", "none", "no", "ungepruft", "keine", "nicht klassiert", "sans", "-"}
)


class ScheduleSheetsError(InputError):
    """A schedule lacks a sheet, or a sheet has no header that can be understood."""

    code = "schedule_sheets"


class TimeZoneError(InputError):
    """Nobody says in which time zone the clock times are, or the zone is unknown."""

    code = "schedule_time_zone"


@dataclass(frozen=True, slots=True)
class ScheduledItem:
    """What the schedule says of an item; its place may come from the drawing."""

    id: str
    row: int
    kind: ItemKind | None
    phases: tuple[str, ...]
    length: float
    width: float
    rating: str
    stock_type: str
    notes: str
    lon_lat: tuple[float, float] | None
    x_y: tuple[float, float] | None


@dataclass
class ScheduledGate:
    """What the schedule says of a gate, over all its rows."""

    id: str
    row: int
    openings: list[Opening] = field(default_factory=list)
    clear_width: float = math.nan
    rating: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Schedule:
    """
    What a schedule states, before it meets the drawing.

    Attributes
    ----------
    time_zone : str
    phases : tuple of Phase
    items : tuple of ScheduledItem
    gates : tuple of ScheduledGate
    places : mapping of str to (str, int)
        Sheet and row of each.
    problems : tuple of Problem
    """

    time_zone: str
    phases: tuple[Phase, ...]
    items: tuple[ScheduledItem, ...]
    gates: tuple[ScheduledGate, ...]
    places: Mapping[str, tuple[str, int]]
    problems: tuple[Problem, ...]


def read_schedule(path: Path, *, time_zone: str = "") -> Schedule:
    """
    Read the workbook of an event: sheets of phases, items and gates.

    Parameters
    ----------
    path : Path
        XLSX. Headers may stand below title rows, over two merged lines, in English, German or
        French; merged cells count for all they cover.
    time_zone : str
        IANA name; overrules the workbook.

    Raises
    ------
    ScheduleSheetsError, TimeZoneError
        Beside the errors of reading a workbook.
    """
    book = open_workbook(path)
    sheets: dict[str, Worksheet] = {}
    for sheet in book.worksheets:
        for name, known in words.SHEETS.items():
            said = words.folded(sheet.title)
            if said in known and name not in sheets:
                sheets[name] = sheet
    missing = [name for name in ("phases", "gates") if name not in sheets]
    if missing:
        raise ScheduleSheetsError(
            file=path.name, problem=f"it has no sheet {' and no sheet '.join(missing)}",
            found=", ".join(book.sheetnames),
        )  # fmt: skip
    tables = {name: _table(path, name, sheet) for name, sheet in sheets.items()}
    stated = time_zone or next(
        (as_text(row.cells["time_zone"]) for row in tables["phases"] if "time_zone" in row.cells),
        "",
    )
    zone = _zone(path, stated or _named_zone(sheets["phases"]))
    reader = _Reader(zone, sheets)
    phases = reader.phases(tables["phases"])
    items = reader.items(tables.get("items", []))
    gates = reader.gates(tables["gates"])
    return Schedule(zone.key, phases, items, gates, reader.places, tuple(reader.problems))


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: dict[str, Any]


def _table(path: Path, name: str, sheet: Worksheet) -> list[_Row]:
    """Return the rows below the header, cells by meaning; empty ones are left out."""
    grid = _grid(sheet)
    best: tuple[int, int, list[str]] = (0, 0, [])
    for at in range(min(HEADER_ROWS, len(grid))):
        top = [as_text(cell) for cell in grid[at]]
        below = [as_text(cell) for cell in grid[at + 1]] if at + 1 < len(grid) else []
        for depth, found in (
            (1, [words.meaning(name, label) for label in top]),
            (2, [words.meaning(name, a, b) for a, b in zip(top, below, strict=False)]),
        ):
            known = len({column for column in found if column})
            if known > len({column for column in best[2] if column}):
                best = (at, depth, found)
    at, depth, columns = best
    basic = {column.removesuffix("_date") for column in columns}
    missing = [column for column in words.NEEDED[name] if column not in basic]
    if missing:
        shown = ", ".join(as_text(c) for c in (grid[at] if grid else []) if as_text(c)) or "nothing"
        raise ScheduleSheetsError(
            file=path.name, problem=f"sheet {sheet.title!r} has no column {', '.join(missing)}",
            found=shown,
        )  # fmt: skip
    rows = []
    for number_, line in enumerate(grid[at + depth :], start=at + depth + 1):
        cells: dict[str, Any] = {}
        for column, value in zip(columns, line, strict=False):
            if column and as_text(value) and column not in cells:
                cells[column] = value
        if cells:
            rows.append(_Row(number_, cells))
    return rows


def _grid(sheet: Worksheet) -> list[list[Any]]:
    """Return a sheet's cells, merged ones filled with what stands in their first."""
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    for merged in sheet.merged_cells.ranges:
        value = sheet.cell(merged.min_row, merged.min_col).value
        for row in range(merged.min_row - 1, min(merged.max_row, len(grid))):
            for column in range(merged.min_col - 1, min(merged.max_col, len(grid[row]))):
                grid[row][column] = value
    return grid


def _named_zone(sheet: Worksheet) -> str:
    """Return a time zone named in a title row, as in "Time zone: Europe/Berlin"."""
    for row in sheet.iter_rows(max_row=HEADER_ROWS, values_only=True):
        for cell in row:
            found = re.search(
                r"\b([A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?)", as_text(cell)
            )
            if found:
                return found[1]
    return ""


def _zone(path: Path, name: str) -> ZoneInfo:
    try:
        if name:
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise TimeZoneError(file=path.name, value=name) from problem
    raise TimeZoneError(file=path.name, value="")


class _Reader:
    """Reads rows and collects what is wrong with them."""

    def __init__(self, zone: ZoneInfo, sheets: Mapping[str, Worksheet]) -> None:
        self.zone = zone
        self.titles = {name: sheet.title for name, sheet in sheets.items()}
        self.problems: list[Problem] = []
        self.places: dict[str, tuple[str, int]] = {}
        self.known: dict[str, PhaseKind] = {}

    def wrong(self, sheet: str, row: _Row, column: str, wrong: str) -> None:
        value = as_text(row.cells.get(column, ""))
        self.problems.append(Problem(self.titles[sheet], row.number, column, value, wrong))

    def phases(self, rows: Sequence[_Row]) -> tuple[Phase, ...]:
        found: dict[str, Phase] = {}
        for row in rows:
            key = as_text(row.cells.get("key", ""))
            kind = words.member(words.PHASE_KINDS, as_text(row.cells.get("kind", "")))
            times = self._times(row)
            if not key:
                self.wrong("phases", row, "key", "is no name of a phase")
            elif kind is None:
                accepted = ", ".join(PhaseKind)
                self.wrong("phases", row, "kind", f"is no kind of phase; accepted are {accepted}")
            elif key in found and found[key].kind is not kind:
                self.wrong("phases", row, "kind", f"differs from the other rows of {key!r}")
            elif times:
                said = found.get(key)
                ordered = sorted(
                    [*(said.times if said else ()), *times], key=lambda time: time.starts
                )
                found[key] = Phase(
                    key,
                    kind,
                    tuple(ordered),
                    max(self._people(row), said.people if said else 0),
                    self._minutes(row),
                    as_text(row.cells.get("notes", "")),
                )
                self.places.setdefault(key, (self.titles["phases"], row.number))
        if not found and not self.problems:
            title = self.titles["phases"]
            self.problems.append(Problem(title, 0, "key", "", "is empty: state at least one phase"))
        self.known = {key: phase.kind for key, phase in found.items()}
        return tuple(sorted(found.values(), key=lambda phase: phase.starts))

    def _people(self, row: _Row) -> int:
        if "people" not in row.cells:
            return 0
        said = number(as_text(row.cells["people"]).replace("\u202f", "").replace(" ", ""))
        if not (0 <= said <= 5_000_000 and said == int(said)):
            self.wrong("phases", row, "people", "is no number of people")
            return 0
        return int(said)

    def _minutes(self, row: _Row) -> float:
        if "leave_within" not in row.cells:
            return math.nan
        text = re.sub(r"\s*(min\w*)\.?$", "", as_text(row.cells["leave_within"]), flags=re.I)
        said = number(text)
        if not 0 < said <= 600:
            self.wrong("phases", row, "leave_within", "is no number of minutes")
            return math.nan
        return 60.0 * said

    def _times(self, row: _Row) -> list[Times]:
        """Return the times a row states, one a day where it repeats."""
        starts, ends = self._moment(row, "starts"), self._moment(row, "ends")
        if starts is None or ends is None:
            return []
        if not ends[1] and starts[0] is not None:
            ends = (dt.datetime.combine(starts[0].date(), ends[0].time()), True)
            if ends[0] <= starts[0]:
                ends = (ends[0] + dt.timedelta(days=1), True)
        if ends[0] <= starts[0]:
            self.wrong("phases", row, "ends" if "ends" in row.cells else "ends_time",
                       "is not after the beginning")  # fmt: skip
            return []
        days = self._days(row, starts[0].date())
        found = []
        for day in range(days):
            shift = dt.timedelta(days=day)
            pair = [self._local(row, moment + shift) for moment in (starts[0], ends[0])]
            if pair[0] is None or pair[1] is None:
                return []
            found.append(Times(pair[0], pair[1]))
        return found

    def _days(self, row: _Row, first: dt.date) -> int:
        if "until" not in row.cells:
            return 1
        until = day_of(row.cells["until"])
        if until is None or not 0 <= (until - first).days < MOST_DAYS:
            self.wrong(
                "phases", row, "until", f"is no day within {MOST_DAYS} days of the beginning"
            )
            return 1
        return (until - first).days + 1

    def _moment(self, row: _Row, name: str) -> tuple[dt.datetime, bool] | None:
        """Return a moment on the clock and whether its day is stated."""
        cells = row.cells
        day, clock = cells.get(f"{name}_date"), cells.get(f"{name}_time")
        column = name
        if name in cells:
            day, clock = split_moment(cells[name])
        elif f"{name}_date" in cells or f"{name}_time" in cells:
            column = f"{name}_time" if clock is None else f"{name}_date"
        date, minutes = day_of(day), minutes_of(clock)
        if minutes is None or (date is None and (name == "starts" or day is not None)):
            self.wrong("phases", row, column, "is no day and time such as 2026-11-27 11:00")
            return None
        base = dt.datetime.combine(date or dt.date(2000, 1, 1), dt.time())
        return base + dt.timedelta(minutes=minutes), date is not None

    def _local(self, row: _Row, moment: dt.datetime) -> dt.datetime | None:
        local = moment.replace(tzinfo=self.zone)
        back = local.astimezone(dt.UTC).astimezone(self.zone)
        if back.replace(tzinfo=None) != moment:
            problem = f"names {moment:%Y-%m-%d %H:%M}, which the clock change leaves out"
        elif local.utcoffset() != local.replace(fold=1).utcoffset():
            problem = f"names {moment:%Y-%m-%d %H:%M}, which the clock change has twice"
        else:
            return local
        self.wrong("phases", row, "starts", problem)
        return None

    def _phase_keys(self, sheet: str, row: _Row, column: str) -> tuple[str, ...]:
        text = as_text(row.cells.get(column, ""))
        if not text or words.folded(text) in words.EVERY:
            return tuple(self.known)
        found: list[str] = []
        by_name = {words.folded(key): key for key in self.known}
        for part in words.parts(text):
            kind = words.member(words.PHASE_KINDS, part)
            of_kind = [key for key, known in self.known.items() if known is kind]
            if words.folded(part) in by_name:
                found.append(by_name[words.folded(part)])
            elif kind is not None and of_kind:
                found += of_kind
            else:
                listed = ", ".join(self.known) or "none"
                self.wrong(sheet, row, column, f"names no phase {part!r}; there are {listed}")
        return tuple(key for key in self.known if key in found)

    def _length(self, sheet: str, row: _Row, column: str) -> float:
        if column not in row.cells:
            return math.nan
        said = number(re.sub(r"\s*m$", "", as_text(row.cells[column])))
        if not 0 < said <= LONGEST:
            self.wrong(sheet, row, column, f"is no length above 0 and up to {LONGEST:g} m")
            return math.nan
        return said

    def _rating(self, sheet: str, row: _Row) -> str:
        text = as_text(row.cells.get("rating", ""))
        if not text or words.folded(text) in _UNRATED:
            return ""
        try:
            parse_rating(text)
        except RatingError:
            wrong = 'is no rating in a known notation, e.g. V/7200[N2B]/64/90, nor "unrated"'
            self.wrong(sheet, row, "rating", wrong)
            return ""
        return text

    def items(self, rows: Sequence[_Row]) -> tuple[ScheduledItem, ...]:
        found: list[ScheduledItem] = []
        for row in rows:
            id_, text = as_text(row.cells.get("id", "")), as_text(row.cells.get("kind", ""))
            if not id_:
                self.wrong("items", row, "id", "is no number or name of an item")
                continue
            if id_ in self.places:
                self.wrong("items", row, "id", "is there twice")
                continue
            kind = words.member(words.ITEM_KINDS, text) if text else None
            if text and kind is None:
                accepted = ", ".join(ItemKind)
                self.wrong("items", row, "kind", f"is no kind of item; accepted are {accepted}")
            self.places[id_] = (self.titles["items"], row.number)
            found.append(
                ScheduledItem(
                    id_,
                    row.number,
                    kind,
                    self._phase_keys("items", row, "phases"),
                    self._length("items", row, "length"),
                    self._length("items", row, "width"),
                    self._rating("items", row),
                    as_text(row.cells.get("stock_type", "")),
                    as_text(row.cells.get("notes", "")),
                    _pair(row, "lon", "lat"),
                    _pair(row, "x", "y"),
                )
            )
        return tuple(found)

    def gates(self, rows: Sequence[_Row]) -> tuple[ScheduledGate, ...]:
        found: dict[str, ScheduledGate] = {}
        for row in rows:
            id_ = as_text(row.cells.get("id", ""))
            if not id_:
                self.wrong("gates", row, "id", "is no number or name of a gate")
                continue
            if id_ in self.places and id_ not in found:
                self.wrong("gates", row, "id", "is there twice")
                continue
            gate = found.setdefault(id_, ScheduledGate(id_, row.number))
            self.places.setdefault(id_, (self.titles["gates"], row.number))
            width, rating = self._length("gates", row, "clear_width"), self._rating("gates", row)
            gate.clear_width = width if width == width else gate.clear_width
            gate.rating = rating or gate.rating
            gate.notes = as_text(row.cells.get("notes", "")) or gate.notes
            users = self._users(row)
            for phase in self._phase_keys("gates", row, "phase") if users else ():
                if any(known.phase == phase for known in gate.openings):
                    self.wrong("gates", row, "phase", f"opens {id_} twice in {phase!r}")
                    continue
                staff = as_text(row.cells.get("staffed_by", ""))
                is_nobody = words.folded(staff) in words.NOBODY
                leaving = as_text(row.cells.get("on_leaving", ""))
                gate.openings.append(Opening(phase, users, "" if is_nobody else staff, leaving))
        return tuple(found.values())

    def _users(self, row: _Row) -> tuple[Users, ...]:
        text = as_text(row.cells.get("users", ""))
        if not text or words.folded(text) in words.CLOSED:
            return ()
        found = []
        for part in words.parts(text):
            users = words.member(words.USERS, part)
            if users is not None:
                found.append(users)
            else:
                accepted = ", ".join([*Users, "closed"])
                wrong = f"names nobody a gate opens for: {part!r}; accepted are {accepted}"
                self.wrong("gates", row, "users", wrong)
        return tuple(users for users in Users if users in found)


def _pair(row: _Row, first: str, second: str) -> tuple[float, float] | None:
    pair = number(row.cells.get(first)), number(row.cells.get(second))
    return pair if all(math.isfinite(value) for value in pair) else None
