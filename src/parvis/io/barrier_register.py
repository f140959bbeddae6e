"""Which barriers does an authority's own register hold, and where do they stand."""

import math
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from parvis.approach.ratings import RatingError, parse_rating
from parvis.city.addresses import AddressBook, NotLocated
from parvis.city.model import City
from parvis.city.register import Placed, RegisteredBarrier, RegisterNote, RegisterReading
from parvis.errors import InputError
from parvis.io.correction_rows import Problem
from parvis.io.municipal_tables import Row, figure, read_table
from parvis.io.table_ratings import column_notes, names_no_standard, standard_note
from parvis.io.table_words import KINDS, REGISTER_WORDS, STATE_WORDS, UNRATED, fold
from parvis.io.vector import (
    CrsMissingError,
    CrsUnknownError,
    crs_name,
    parse_crs,
    read_vector,
    to_crs,
)

MARGIN = 1000.0
"""Barriers this far outside the city's extent are still taken. [m]"""
LONGEST = 200.0
"""A longer barrier is a slip. [m]"""
MOST_ELEMENTS = 1000
_NEEDED = (("kind", "rating"), ("lon", "x", "wkt", "address", "street"))
_STATES = {fold(word): state for state, words in STATE_WORDS.items() for word in words}
_UNRATED = frozenset(fold(word) for word in UNRATED)


class RegisterInvalidError(InputError):
    """Rows of a barrier register cannot be used; all are listed, none is taken."""

    code: ClassVar[str] = "register_invalid"


class RegisterEmptyError(InputError):
    """A barrier register holds no row below its header."""

    code: ClassVar[str] = "register_empty"


def read_barrier_register(
    path: Path, city: City, *, crs: str | None = None, sheet: str | None = None
) -> RegisterReading:
    """
    Read a municipal barrier register: all rows or none.

    Parameters
    ----------
    path : Path
        XLSX or CSV with headers in English, German or French, or any vector file.
    city : City
        What addresses are looked up in.
    crs : str, optional
        Of the columns x and y, or of a vector file that does not say its own.
    sheet : str, optional
        Sheet or layer.

    Raises
    ------
    RegisterInvalidError
        With every cell that is wrong: unknown ratings, states and coordinate systems, numbers that
        are none, places outside the city.
    RegisterEmptyError
        Beside the errors of the readers of tables and vector files.

    Notes
    -----
    An address that the city's data do not hold, or hold twice, is listed and not guessed.
    """
    notes: list[RegisterNote] = []
    problems: list[Problem] = []
    rows: list[tuple[Row, BaseGeometry | None]]
    units: Mapping[str, float] = {}
    unused: Mapping[str, Collection[str]]
    if path.suffix.lower() in (".xlsx", ".csv", ".txt"):
        table = read_table(path, REGISTER_WORDS, needed=_NEEDED, sheet=sheet)
        rows, units = [(row, None) for row in table.rows], table.units
        problems += table.problems
        notes += [RegisterNote(number, "heading", "") for number in table.headings]
        unused = table.unused
    else:
        rows, unused = _features(path, city, crs, sheet)
    if not rows and not problems:
        raise RegisterEmptyError(file=path.name)
    reader = _RowReader(path.name, city, crs, units)
    with np.errstate(over="ignore", invalid="ignore"):
        read = [reader.read(row, shape) for row, shape in rows]
    known = [barrier for barrier in read if barrier is not None]
    barriers = tuple(barrier for barrier in known if barrier.placed != "nowhere")
    problems += reader.problems
    if problems:
        listed = "\n".join(f"  {problem}" for problem in sorted(problems, key=lambda p: p.row))
        raise RegisterInvalidError(file=path.name, n=len(problems), listed=listed)
    notes += reader.notes
    silent = [barrier.row for barrier in barriers if names_no_standard(barrier.rating)]
    for code, _, value in (*column_notes(unused), *standard_note(silent)):
        notes.append(RegisterNote(0, code, value))
    return RegisterReading(
        path.name,
        barriers,
        tuple(sorted(notes, key=lambda note: (note.row, note.code))),
        tuple(barrier for barrier in known if barrier.placed == "nowhere"),
    )


def _features(
    path: Path, city: City, crs: str | None, layer: str | None
) -> tuple[list[tuple[Row, BaseGeometry | None]], dict[str, list[str]]]:
    """Return the features as rows, and what stands in fields whose names are not known."""
    features = read_vector(path, layer=layer, crs=crs)
    meanings = {fold(word): what for what, words in REGISTER_WORDS.items() for word in words}
    rows: list[tuple[Row, BaseGeometry | None]] = []
    unused: dict[str, list[str]] = {}
    for number_of_row, fields, shape in zip(
        features.row, features.fields, to_crs(features, city.epsg), strict=True
    ):
        cells: dict[str, str] = {}
        for name, text in fields.items():
            what = meanings.get(fold(name.replace("_", " ")))
            if what:
                cells.setdefault(what, " ".join(text.split()))
            elif text.strip():
                unused.setdefault(name, []).append(text.strip())
        rows.append((Row(int(number_of_row), cells), shape))
    return rows, unused


class _RowReader:
    """Reads rows against one city; keeps what is wrong and what is worth knowing."""

    def __init__(self, file: str, city: City, crs: str | None, units: Mapping[str, float]) -> None:
        self.file = file
        self.city = city
        self.crs = crs
        self.units = units
        self.problems: list[Problem] = []
        self.notes: list[RegisterNote] = []
        self._book: AddressBook | None = None
        b = city.bounds
        self.window = shapely.box(b[0] - MARGIN, b[1] - MARGIN, b[2] + MARGIN, b[3] + MARGIN)

    def read(self, row: Row, shape: BaseGeometry | None) -> RegisteredBarrier | None:
        cells, before = row.cells, len(self.problems)
        stated = cells.get("kind", "")
        kind, is_operable = KINDS.get(fold(stated), ("", False))
        if not kind:
            kind = "barrier"
            self._note(row, "kind_unknown", stated)
        rating = self._rating(row)
        state = self._state(row, is_operable=is_operable or kind == "barrier")
        length = self._length(row)
        count = self._count(row)
        geometry, placed = self._place(row, shape)
        if len(self.problems) > before:
            return None
        if state == "removed":
            self._note(row, "removed", stated)
        return RegisteredBarrier(
            row=row.number,
            id=cells.get("id", ""),
            kind=kind,
            stated_kind=stated,
            geometry=geometry,
            placed=placed,
            rating=rating,
            state=state,
            length=length,
            count=count,
            address=" ".join(cells[k] for k in ("address", "street", "house") if k in cells),
            note=cells.get("note", ""),
        )

    def _wrong(self, row: Row, column: str, value: str, accepted: str) -> None:
        self.problems.append(Problem(row.number, column, value, accepted))

    def _note(self, row: Row, code: str, value: str) -> None:
        self.notes.append(RegisterNote(row.number, code, value))

    def _rating(self, row: Row) -> str:
        text = row.cells.get("rating", "")
        if fold(text) in _UNRATED:
            return ""
        try:
            parse_rating(text)
        except RatingError:
            accepted = 'a rating in a known notation, e.g. V/7200[N2B]/64/90:1.5, or "unrated"'
            self._wrong(row, "rating", text, accepted)
        return text

    def _state(self, row: Row, *, is_operable: bool) -> str:
        text = row.cells.get("state", "")
        if not text:
            if is_operable:
                self._note(row, "state_unknown", row.cells.get("kind", ""))
            return "" if is_operable else "closed"
        state = _STATES.get(fold(text), "")
        if not state:
            self._wrong(row, "state", text, f"one of {', '.join(STATE_WORDS)}")
        return state

    def _length(self, row: Row) -> float:
        text = row.cells.get("length", "")
        if not text:
            return math.nan
        length = metres(text, self.units.get("length", 1.0))
        if not 0.0 < length <= LONGEST:
            self._wrong(row, "length", text, f"a length above 0 and up to {LONGEST:g} m")
        return length

    def _count(self, row: Row) -> int:
        text = row.cells.get("count", "")
        if not text:
            return 0
        value = figure(text)
        if not (value == round(value) if math.isfinite(value) else False) or not (
            0 <= value <= MOST_ELEMENTS
        ):
            self._wrong(row, "number", text, f"a whole number up to {MOST_ELEMENTS}")
            return 0
        return int(value)

    def _place(self, row: Row, shape: BaseGeometry | None) -> tuple[BaseGeometry, Placed]:
        if shape is None or shape.is_empty:
            shape = self._coordinates(row)
        if shape is not None:
            if not shape.is_empty and not shapely.intersects(shape, self.window):
                value = " ".join(row.cells.get(k, "") for k in ("lon", "lat", "x", "y")).strip()
                accepted = f"a place in {self.city.name}{self._exchanged(row)}"
                self._wrong(row, "place", value or f"{shape.centroid.x:.0f} {shape.centroid.y:.0f}",
                            accepted)  # fmt: skip
            return shape, "coordinates"
        return self._at_address(row)

    def _at_address(self, row: Row) -> tuple[BaseGeometry, Placed]:
        cells = row.cells
        address = cells.get("street") or cells.get("address", "")
        if not address:
            self._note(row, "no_place", "")
            return shapely.Point(), "nowhere"
        if self._book is None:
            self._book = AddressBook(self.city)
        found = self._book.find(address, cells.get("house", ""))
        if isinstance(found, NotLocated) and cells.get("street") and cells.get("address"):
            found = self._book.find(cells["address"])
        if isinstance(found, NotLocated):
            self._note(row, found.reason, " ".join([address, cells.get("house", "")]).strip())
            return shapely.Point(), "nowhere"
        self._note(row, "by_street" if found.is_approximate else "by_address", address)
        return shapely.Point(found.x, found.y), "street" if found.is_approximate else "address"

    def _coordinates(self, row: Row) -> BaseGeometry | None:
        """Return the place a row's coordinates give in the city's system, None without any."""
        cells = row.cells
        if cells.get("wkt"):
            shape = shapely.from_wkt(cells["wkt"], on_invalid="ignore")
            if shape is None or shape.is_empty:
                self._wrong(row, "wkt", cells["wkt"][:40], "well-known text")
                return shapely.Point()
            return self._moved(row, shape, self._system(row, default="4326"), "wkt")
        for first, second in (("lon", "lat"), ("x", "y")):
            if first not in cells and second not in cells:
                continue
            pair = figure(cells.get(first)), figure(cells.get(second))
            if not all(math.isfinite(value) for value in pair):
                for column, value in zip((first, second), pair, strict=True):
                    if not math.isfinite(value):
                        self._wrong(row, column, cells.get(column, ""), "a number")
                return shapely.Point()
            if first == "lon" and not (abs(pair[0]) <= 180 and abs(pair[1]) <= 90):
                self._wrong(row, "lon", f"{pair[0]:g} {pair[1]:g}", "degrees")
                return shapely.Point()
            system = CRS.from_epsg(4326) if first == "lon" else self._system(row, default=None)
            return self._moved(row, shapely.Point(pair), system, first)
        return None

    def _system(self, row: Row, *, default: str | None) -> CRS | None:
        stated = row.cells.get("epsg") or self.crs or default
        if stated is None:
            raise CrsMissingError(file=self.file)
        try:
            return _parsed_crs(stated)
        except CrsUnknownError:
            self._wrong(row, "epsg", stated, "a coordinate system, e.g. 25832")
            return None

    def _moved(
        self, row: Row, shape: BaseGeometry, system: CRS | None, column: str
    ) -> BaseGeometry:
        if system is None:
            return shapely.Point()
        transformer = _transformer(system.to_wkt(), self.city.epsg)
        moved = shapely.transform(
            shapely.force_2d(shape),
            lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])),
        )
        if not np.isfinite(shapely.bounds(moved)).all():
            self._wrong(row, column, shapely.to_wkt(shape)[:40], f"in {crs_name(system)}")
            return shapely.Point()
        return moved

    def _exchanged(self, row: Row) -> str:
        """Say so where a row's coordinates would lie in the city if they were exchanged."""
        cells = row.cells
        for first, second in (("lon", "lat"), ("x", "y")):
            pair = figure(cells.get(second)), figure(cells.get(first))
            if not all(math.isfinite(value) for value in pair):
                continue
            system = CRS.from_epsg(4326) if first == "lon" else self._system(row, default=None)
            if system is None:
                return ""
            x, y = _transformer(system.to_wkt(), self.city.epsg).transform(*pair)
            if shapely.intersects(shapely.Point(x, y), self.window):
                return f"; {first} and {second} are exchanged"
        return ""


def metres(text: str, unit: float = 1.0) -> float:
    """
    Return a length in metres, with its own unit or that of its column; NaN where it is none.

    Examples
    --------
    >>> metres("120", 0.01), metres("2,4 m"), metres("80 cm")
    (1.2, 2.4, 0.8)
    """
    said = text.casefold().strip()
    for suffix, factor in (("mm", 0.001), ("cm", 0.01), ("m", 1.0)):
        if said.endswith(suffix):
            return figure(said.removesuffix(suffix)) * factor
    return figure(said) * unit


@cache
def _parsed_crs(text: str) -> CRS:
    return parse_crs(text.removesuffix(".0"))


@cache
def _transformer(system: str, epsg: int) -> Transformer:
    return Transformer.from_crs(CRS.from_wkt(system), CRS.from_epsg(epsg), always_xy=True)
