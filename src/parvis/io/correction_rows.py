"""Which statements does a file of measurements make, and what is wrong with its rows."""

import datetime as dt
import hashlib
import math
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from parvis.approach.ratings import RatingError, parse_rating
from parvis.city.assemble import segment_lines
from parvis.city.correcting import ANCHOR_TABLES
from parvis.city.corrections import (
    GREATEST_VALUE,
    MEASURED_KINDS,
    STATES,
    Anchor,
    Correction,
    CorrectionKind,
    Method,
)
from parvis.city.model import City
from parvis.errors import InputError
from parvis.io.layer_rows import NO, YES
from parvis.io.vector import as_text, number, read_rows, read_vector, to_crs

COLUMNS = (
    "number", "kind", "value", "there", "method", "person", "date", "photo", "note", "rating",
    "state", "plate", "osm", "lon", "lat", "wkt",
)  # fmt: skip
NEAR_STREET = 15.0
"""A width is taken to be that of the nearest street within this. [m]"""
NEAR_OBSTACLE = 5.0
"""A statement that something is gone means the nearest of its kind within this. [m]"""
SAME_PLACE = 1.0
"""An obstacle found this near one of its kind in the data is that one. [m]"""
LONGEST_TEXT = 500
MARGIN = 1000.0
SHAPES: Mapping[CorrectionKind, tuple[str, ...]] = {
    CorrectionKind.WIDTH: ("Point", "LineString"),
    CorrectionKind.GAP: ("Point", "LineString"),
    CorrectionKind.BOLLARD: ("Point",),
    CorrectionKind.TREE: ("Point",),
    CorrectionKind.STEP: ("LineString",),
    CorrectionKind.KERB: ("LineString",),
    CorrectionKind.WALL: ("LineString",),
    CorrectionKind.GROUND: ("Polygon", "MultiPolygon", "Point"),
}
_OSM = re.compile(r"(way|node|relation)/(-?\d{1,18})")
_SAME_KINDS: Mapping[CorrectionKind, tuple[str, frozenset[str]]] = {
    CorrectionKind.TREE: ("furniture", frozenset({"tree"})),
    CorrectionKind.STEP: ("lines", frozenset({"steps"})),
    CorrectionKind.KERB: ("lines", frozenset({"kerb", "curb"})),
    CorrectionKind.WALL: (
        "lines",
        frozenset({"wall", "retaining_wall", "city_wall", "fence", "hedge", "guard_rail", "chain"}),
    ),
}
"""Table and kinds a correction without an OSM id can speak of; bollards: any point obstacle."""


class CorrectionsInvalidError(InputError):
    """Rows of a file of corrections cannot be used; all are listed, none is taken."""

    code = "corrections_invalid"


class CorrectionsColumnsError(InputError):
    """A file of corrections lacks a column or holds an unknown one."""

    code = "corrections_columns"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: row as a person finds it, column, value, what would do."""

    row: int
    column: str
    value: str
    accepted: str

    def __str__(self) -> str:
        """Return the problem as a line of a list."""
        return f"row {self.row}, {self.column}: {self.value!r} is not {self.accepted}"


@dataclass(frozen=True, slots=True)
class ReadCorrections:
    """
    Statements of a file.

    Attributes
    ----------
    corrections : tuple of Correction
        Photos still named by their place in the file system.
    n_blank : int
        Rows of a survey sheet that were not filled in.
    """

    corrections: tuple[Correction, ...]
    n_blank: int


def read_correction_file(
    path: Path, city: City, *, person: str = "", today: dt.date
) -> ReadCorrections:
    """
    Read and check a file of corrections.

    Parameters
    ----------
    path : Path
        XLSX or CSV with the columns of a survey sheet, or a vector file with the same attributes.
    city : City
        What the statements speak about; unanchored ones are matched to it.
    person : str
        Who measured, for rows that do not say.
    today : date
        Later dates are a slip.

    Raises
    ------
    CorrectionsColumnsError
    CorrectionsInvalidError
        With every row and column that is wrong.
    """
    checked = check_correction_file(path, city, person=person, today=today)
    if checked.problems:
        listed = "\n".join(f"  {problem}" for problem in checked.problems)
        raise CorrectionsInvalidError(file=path.name, n=len(checked.problems), listed=listed)
    return ReadCorrections(tuple(said for _, said in checked.corrections), checked.n_blank)


@dataclass(frozen=True, slots=True)
class CheckedCorrections:
    """
    What the rows of a file say, and what is wrong with the others.

    Attributes
    ----------
    corrections : tuple of (row, Correction)
    problems : tuple of Problem
    n_blank : int
        Rows of a survey sheet that were not filled in.
    """

    corrections: tuple[tuple[int, Correction], ...]
    problems: tuple[Problem, ...]
    n_blank: int


def check_correction_file(
    path: Path, city: City, *, person: str = "", today: dt.date
) -> CheckedCorrections:
    """
    Check every row of a file of corrections and keep both what can be used and what cannot.

    Parameters
    ----------
    path, city, person, today
        As `read_correction_file` takes them.

    Raises
    ------
    CorrectionsColumnsError
    """
    rows = _table_rows(path) if _is_table(path) else _feature_rows(path, city)
    reader = _RowReader(city, path.parent, person, today)
    return _checked(rows, reader)


def check_correction_rows(
    rows: Sequence[Mapping[str, str]], city: City, *, person: str = "", today: dt.date
) -> CheckedCorrections:
    """
    Check statements that were filled in a form: as rows of a file, numbered from 1.

    Parameters
    ----------
    rows : sequence of mapping
        Cells by the names of `COLUMNS`; ``photo`` is not read.
    city, person, today
        As `read_correction_file` takes them.
    """
    cells = [{key: value for key, value in row.items() if key != "photo"} for row in rows]
    reader = _RowReader(city, Path(), person, today)
    return _checked([(line, row, None) for line, row in enumerate(cells, start=1)], reader)


def _checked(
    rows: "Iterable[tuple[int, Cells, BaseGeometry | None]]", reader: "_RowReader"
) -> CheckedCorrections:
    problems: list[Problem] = []
    found: list[tuple[int, Correction]] = []
    n_blank = 0
    for row, cells, geometry in rows:
        if cells.get("number") and not cells.get("value") and not cells.get("there"):
            n_blank += 1
            continue
        correction, wrong = reader.read(row, cells, geometry)
        problems += wrong
        if correction is not None:
            found.append((row, correction))
    return CheckedCorrections(tuple(found), tuple(problems), n_blank)


Cells = dict[str, str]


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".csv", ".txt")


def _table_rows(path: Path) -> list[tuple[int, Cells, None]]:
    rows = read_rows(path)
    start = next((i for i, (_, values) in enumerate(rows) if _is_header(values)), None)
    if start is None:
        raise CorrectionsColumnsError(file=path.name, missing="kind, method", known=_known())
    header = [as_text(cell).lower() for cell in rows[start][1]]
    if not ({"lon", "lat"} <= set(header) or "wkt" in header or "osm" in header):
        raise CorrectionsColumnsError(file=path.name, missing="lon, lat", known=_known())
    return [
        (line, {h: _cell(c) for h, c in zip(header, values, strict=False) if h in COLUMNS}, None)
        for line, values in rows[start + 1 :]
    ]


def _is_header(values: Sequence[Any]) -> bool:
    return {"kind", "method"} <= {as_text(cell).lower() for cell in values}


def _known() -> str:
    return ", ".join(COLUMNS)


def _cell(value: Any) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    return as_text(value)


def _feature_rows(path: Path, city: City) -> list[tuple[int, Cells, BaseGeometry | None]]:
    features = read_vector(path)
    geometry = to_crs(features, city.epsg)
    rows = []
    for i, fields in enumerate(features.fields):
        cells = {key.lower(): value for key, value in fields.items() if key.lower() in COLUMNS}
        cells["date"] = cells.get("date", "")[:10].replace("/", "-")
        rows.append((int(features.row[i]), cells, geometry[i]))
    if not any("kind" in cells for _, cells, _ in rows):
        raise CorrectionsColumnsError(file=path.name, missing="kind", known=_known())
    return rows


class _RowReader:
    """Checks rows against one city."""

    def __init__(self, city: City, folder: Path, person: str, today: dt.date) -> None:
        self.city = city
        self.folder = folder
        self.person = person.strip()
        self.today = today
        self.to_city = Transformer.from_crs(4326, city.epsg, always_xy=True)
        b = city.bounds
        self.window = shapely.box(b[0] - MARGIN, b[1] - MARGIN, b[2] + MARGIN, b[3] + MARGIN)

    def read(
        self, row: int, cells: Cells, given: BaseGeometry | None
    ) -> tuple[Correction | None, list[Problem]]:
        """Return the statement of one row, or all that is wrong with it."""
        problems: list[Problem] = []

        def wrong(column: str, accepted: str) -> None:
            problems.append(Problem(row, column, cells.get(column, ""), accepted))

        kind = _member(CorrectionKind, cells.get("kind", ""))
        if kind is None:
            wrong("kind", f"one of {', '.join(CorrectionKind)}")
        method = _member(Method, cells.get("method", ""))
        if method is None:
            wrong("method", f"one of {', '.join(Method)}")
        is_there = _yes_or_no(cells.get("there", "yes"))
        if is_there is None:
            wrong("there", "yes or no")
        value = self._value(cells, kind, wrong)
        person = cells.get("person", "") or self.person
        if not 0 < len(person) <= LONGEST_TEXT:
            wrong("person", "the name of who measured (or give --by)")
        date = _date(cells.get("date", ""))
        if date is None or date > self.today:
            wrong("date", f"a date such as 2026-05-31, not after {self.today.isoformat()}")
        photo, photo_hash = self._photo(cells.get("photo", ""), wrong)
        self._check_rating(cells, kind, wrong)
        if len(cells.get("note", "")) > LONGEST_TEXT:
            wrong("note", f"a text of at most {LONGEST_TEXT} signs")
        osm = cells.get("osm", "")
        if osm and not _OSM.fullmatch(osm):
            wrong("osm", "an id such as way/123 or node/456")
        geometry = given if given is not None else self._geometry(cells, wrong)
        if geometry is not None and not shapely.intersects(geometry, self.window):
            wrong("lon" if "lon" in cells else "wkt", f"a place in {self.city.name}")
            geometry = None
        if problems or kind is None or method is None or geometry is None or date is None:
            return None, problems
        anchor = self._anchor(kind, geometry, osm, bool(is_there), wrong)
        shapes = SHAPES[kind] if anchor is None else (*SHAPES[kind], "Point")
        if geometry.geom_type not in shapes or not geometry.is_valid:
            wrong("wkt", f"a valid {' or '.join(SHAPES[kind])} for a {kind}")
        if problems:
            return None, problems
        correction = Correction(
            id="",
            kind=kind,
            value=value,
            is_there=bool(is_there),
            geometry=geometry,
            anchor=anchor,
            method=method,
            person=person,
            date=date.isoformat(),
            photo=photo,
            photo_hash=photo_hash,
            note=cells.get("note", ""),
            rating=cells.get("rating", ""),
            state=cells.get("state", "").lower(),
            plate=cells.get("plate", ""),
        )
        return _with_id(correction, osm), []

    def _value(self, cells: Cells, kind: CorrectionKind | None, wrong: Any) -> float:
        text = cells.get("value", "")
        if kind is None or kind is CorrectionKind.GROUND:
            return math.nan
        if not text:
            if kind in MEASURED_KINDS:
                wrong("value", "a length in metres")
            return math.nan
        value = number(text)
        if not 0 < value <= GREATEST_VALUE[kind]:
            wrong("value", f"a length above 0 and up to {GREATEST_VALUE[kind]:g} m")
        return value

    def _photo(self, text: str, wrong: Any) -> tuple[str, str]:
        if not text:
            return "", ""
        path = self.folder / text
        try:
            return str(path), hashlib.sha256(path.read_bytes()).hexdigest()
        except (OSError, ValueError):
            wrong("photo", "a file that is there, named from the sheet's folder")
            return "", ""

    def _check_rating(self, cells: Cells, kind: CorrectionKind | None, wrong: Any) -> None:
        rating, state = cells.get("rating", ""), cells.get("state", "")
        if rating:
            try:
                parse_rating(rating)
            except RatingError:
                wrong("rating", "a rating in a known notation, e.g. V/7200[N2B]/64/90:1.5")
            if kind not in (CorrectionKind.BOLLARD, CorrectionKind.WALL, None):
                wrong("rating", "to be given for a bollard or wall only")
        if state and (state.lower() not in STATES or not rating):
            wrong("state", f"one of {', '.join(STATES)}, together with a rating")

    def _geometry(self, cells: Cells, wrong: Any) -> BaseGeometry | None:
        """Geometry from longitude and latitude, or from WKT in degrees."""
        if cells.get("wkt"):
            shape = shapely.from_wkt(cells["wkt"], on_invalid="ignore")
            if shape is None or shape.is_empty:
                wrong("wkt", "well-known text in longitude and latitude")
                return None
        else:
            lon, lat = number(cells.get("lon")), number(cells.get("lat"))
            for column, value, limit in (("lon", lon, 180.0), ("lat", lat, 90.0)):
                if not abs(value) <= limit:
                    wrong(column, "degrees")
            if not (abs(lon) <= 180 and abs(lat) <= 90):
                return None
            shape = shapely.Point(lon, lat)
        moved = shapely.transform(
            shape, lambda xy: np.column_stack(self.to_city.transform(xy[:, 0], xy[:, 1]))
        )
        if not np.isfinite(shapely.bounds(moved)).all():
            wrong("wkt" if cells.get("wkt") else "lon", "degrees of longitude and latitude")
            return None
        return moved

    def _anchor(
        self, kind: CorrectionKind, geometry: BaseGeometry, osm: str, is_there: bool, wrong: Any
    ) -> Anchor | None:
        """Match a statement to what the data holds."""
        if kind is CorrectionKind.GROUND:
            return None
        if osm:
            match = _OSM.fullmatch(osm)
            place = None if match is None else self._place_of(match[1], int(match[2]), geometry)
            if match is None or place is None:
                wrong("osm", f"a feature of {self.city.name}")
                return None
            return Anchor(match[1], int(match[2]), *place)
        if kind is CorrectionKind.WIDTH:
            anchor = self._nearest_street(geometry)
            if anchor is None:
                wrong("lon", f"within {NEAR_STREET:g} m of a street")
            return anchor
        anchor = self._nearest_obstacle(kind, geometry, SAME_PLACE if is_there else NEAR_OBSTACLE)
        if anchor is None and not is_there:
            wrong("there", f"possible: the data has no {kind} within {NEAR_OBSTACLE:g} m")
        return anchor

    def _place_of(
        self, osm_type: str, osm_id: int, geometry: BaseGeometry
    ) -> tuple[float, float] | None:
        """Nearest place on a feature given by its id."""
        candidates: list[BaseGeometry] = []
        if osm_type == "way":
            rows = np.flatnonzero(np.asarray(self.city.streets["osm_id"]) == osm_id)
            candidates += list(self.city.streets.geometry[rows])
        for name in ANCHOR_TABLES[osm_type]:
            table = getattr(self.city, name)
            rows = np.flatnonzero(np.asarray(table["osm_id"]) == osm_id)
            candidates += list(table.geometry[rows])
        if not candidates:
            return None
        nearest = candidates[int(np.argmin(shapely.distance(candidates, geometry)))]
        return _nearest_place(nearest, geometry)

    def _nearest_street(self, geometry: BaseGeometry) -> Anchor | None:
        streets, segments = self.city.streets, self.city.segments
        b = geometry.bounds
        hit = streets.within(
            (b[0] - NEAR_STREET, b[1] - NEAR_STREET, b[2] + NEAR_STREET, b[3] + NEAR_STREET)
        )
        rows = np.flatnonzero(np.isin(np.asarray(segments.street), hit))
        if not len(rows):
            return None
        lines = segment_lines(streets, segments, rows)
        target = geometry
        if isinstance(geometry, shapely.LineString):
            target = shapely.line_interpolate_point(geometry, 0.5, normalized=True)
        away = shapely.distance(lines, target)
        nearest = int(np.argmin(away))
        if away[nearest] > NEAR_STREET:
            return None
        street = int(segments.street[rows[nearest]])
        place = _nearest_place(lines[nearest], target)
        return Anchor("way", int(streets["osm_id"][street]), *place)

    def _nearest_obstacle(
        self, kind: CorrectionKind, geometry: BaseGeometry, reach: float
    ) -> Anchor | None:
        name, kinds = _SAME_KINDS.get(kind, ("points", frozenset()))
        table = getattr(self.city, name)
        b = geometry.bounds
        rows = table.within((b[0] - reach, b[1] - reach, b[2] + reach, b[3] + reach))
        if kinds and len(rows):
            rows = rows[np.isin(table.words("kind")[rows], list(kinds))]
        if not len(rows):
            return None
        away = shapely.distance(table.geometry[rows], geometry)
        nearest = int(np.argmin(away))
        if away[nearest] > reach:
            return None
        row = int(rows[nearest])
        osm_type = "way" if name == "lines" else "node"
        place = _nearest_place(table.geometry[row], geometry)
        return Anchor(osm_type, int(table["osm_id"][row]), *place)


def _nearest_place(feature: BaseGeometry, geometry: BaseGeometry) -> tuple[float, float]:
    place = shapely.get_coordinates(shapely.shortest_line(feature, geometry))[0]
    return float(place[0]), float(place[1])


def _member(words: type[Any], text: str) -> Any:
    return words(text.lower()) if text.lower() in {str(word) for word in words} else None


def _yes_or_no(text: str) -> bool | None:
    if not text or text.lower() in YES:
        return True
    return False if text.lower() in NO else None


def _date(text: str) -> dt.date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def _with_id(correction: Correction, osm: str) -> Correction:
    """Give the id that follows from the statement, so that reading a file twice adds nothing."""
    said = shapely.to_wkt(correction.geometry, rounding_precision=2)
    content = replace(correction, geometry=shapely.Point(), photo="", anchor=None)
    return replace(correction, id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{content!r} {said} {osm}")))


def degrees_of(geometry: BaseGeometry, epsg: int) -> BaseGeometry:
    """Return a geometry in longitude and latitude, WGS 84."""
    transformer = Transformer.from_crs(CRS.from_epsg(epsg), 4326, always_xy=True)
    return shapely.transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
