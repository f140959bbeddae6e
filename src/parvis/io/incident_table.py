"""Which incidents does a file tell of, and which of its rows cannot be used."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from parvis.incidents.counts import labels_of
from parvis.incidents.errors import (
    IncidentDecimalsError,
    IncidentEmptyError,
    IncidentMappingError,
)
from parvis.incidents.records import Incidents, Labels, Precision
from parvis.io.incident_cells import Cells, Rejected, read_cells
from parvis.io.incident_mapping import ColumnMapping, check_mapping, guess_mapping
from parvis.io.osm import utm_epsg
from parvis.io.vector import CrsMissingError, CrsWrongError, crs_name, parse_crs

Floats = NDArray[np.float64]
GAPS = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "."})
_COMMA = re.compile(r"[+-]?\d+,\d+")
_POINT = re.compile(r"[+-]?\d*\.\d+")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_OFFSET = re.compile(r"(?<=\d)(Z|[+-]\d\d:?\d\d)$")
_DEGREES = ("lon", "lng", "lat")
_FORMATS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%m/%Y")
_CLOCKS = ("", " %H:%M", " %H:%M:%S")
_NOT_A_TIME = np.datetime64("NaT")


@dataclass(frozen=True, eq=False, slots=True)
class IncidentFile:
    """
    What a file of incidents holds.

    Attributes
    ----------
    file : str
    incidents : Incidents
        Of the rows that can be used.
    mapping : ColumnMapping
    columns : tuple of str
        All columns of the file.
    rows : tuple of int
        Row each incident stands in.
    rejected : tuple of Rejected
        By row.
    n_without_time : int
    """

    file: str
    incidents: Incidents
    mapping: ColumnMapping
    columns: tuple[str, ...]
    rows: tuple[int, ...]
    rejected: tuple[Rejected, ...]
    n_without_time: int


def read_incidents(
    path: Path,
    mapping: ColumnMapping | None = None,
    *,
    layer: str | None = None,
    change: Callable[[ColumnMapping], ColumnMapping] | None = None,
) -> IncidentFile:
    """
    Read recorded incidents: points, or counts by area.

    Parameters
    ----------
    path : Path
        CSV (also gzipped), XLSX, GeoPackage, GeoJSON.
    mapping : ColumnMapping, optional
        What columns mean; guessed by their names by default.
    layer : str, optional
        Layer or sheet.
    change : callable, optional
        Changes the mapping before it is used.

    Returns
    -------
    IncidentFile
        Coordinates that are missing, or 0 and 0, are no place; the row counts all the same.

    Raises
    ------
    VectorMissingError, VectorFormatError, VectorUnreadableError, VectorLayerError
    CrsMissingError, CrsUnknownError, CrsWrongError
    IncidentColumnsError, IncidentEmptyError, IncidentDecimalsError, IncidentMappingError,
    IncidentSizeError
    """
    cells = read_cells(path, layer=layer)
    names = list(cells.columns)
    used = guess_mapping(names) if mapping is None else mapping
    used = used if change is None else change(used)
    check_mapping(used, cells.file, names)
    reading = _Reading(cells, used)
    start, end, precision = reading.times()
    weight = reading.weights()
    xy, epsg = reading.places()
    reading.refuse_twice()
    kept = np.flatnonzero(~reading.is_bad)
    if not kept.size:
        raise IncidentEmptyError(file=cells.file, n=len(cells.rows) + len(cells.rejected))
    incidents = Incidents(
        xy=xy[kept],
        epsg=epsg,
        weight=weight[kept],
        start=start[kept],
        end=end[kept],
        precision=precision,
        kind=reading.labels(used.kind, kept),
        place=reading.labels(used.place, kept),
        area=reading.labels(used.area, kept),
    )
    rejected = sorted((*cells.rejected, *reading.rejected), key=lambda each: each.row)
    without = np.isnat(incidents.start) if used.time else np.zeros(0, dtype=bool)
    return IncidentFile(
        cells.file,
        incidents,
        used,
        tuple(names),
        tuple(cells.rows[at] for at in kept),
        tuple(rejected),
        int(incidents.weight[without].sum()) if without.size else 0,
    )


class _Reading:
    """Cells on their way to incidents, with the rows that are refused."""

    def __init__(self, cells: Cells, mapping: ColumnMapping) -> None:
        self.cells, self.mapping = cells, mapping
        self.n = len(cells.rows)
        self.is_bad = np.zeros(self.n, dtype=bool)
        self.rejected: list[Rejected] = []

    def reject(self, at: int, column: str, accepted: str) -> None:
        """Refuse a row, for the first thing that is wrong with it."""
        if self.is_bad[at]:
            return
        self.is_bad[at] = True
        value = self.cells.columns[column][at][:60] if column in self.cells.columns else ""
        self.rejected.append(Rejected(self.cells.rows[at], column, value, accepted))

    def numbers(self, column: str) -> Floats:
        """Return a column as numbers, NaN where nothing is said; other rows are refused."""
        texts = self.cells.columns[column]
        try:
            return np.array(texts, dtype=np.float64)
        except ValueError:
            pass
        comma = next((text for text in texts if _COMMA.fullmatch(text.strip())), None)
        point = next((text for text in texts if _POINT.fullmatch(text.strip())), None)
        if comma is not None and point is not None:
            raise IncidentDecimalsError(
                file=self.cells.file, column=column, comma=comma, point=point
            )
        found = np.full(self.n, np.nan)
        for at, text in enumerate(texts):
            plain = text.strip()
            if plain.lower() in GAPS:
                continue
            try:
                found[at] = float(plain.replace(",", ".") if comma is not None else plain)
            except ValueError:
                self.reject(at, column, "a number, or nothing")
        return found

    def weights(self) -> Floats:
        """Return how many incidents each row stands for."""
        column = self.mapping.count
        if not column:
            return np.ones(self.n)
        found = self.numbers(column)
        with np.errstate(invalid="ignore"):
            is_count = (found >= 0) & (found == np.floor(found)) & np.isfinite(found)
        for at in np.flatnonzero(~is_count):
            self.reject(int(at), column, "a whole number from 0")
        return np.where(is_count, found, 0.0)

    def places(self) -> tuple[Floats, int]:
        """Return places in metres and their coordinate system."""
        mapping, cells = self.mapping, self.cells
        if cells.xy is not None and not (mapping.x and mapping.y and mapping.crs):
            xy, crs = cells.xy.copy(), parse_crs(mapping.crs) if mapping.crs else cells.crs
            names = ("geometry", "geometry")
        elif mapping.x and mapping.y:
            names = (mapping.x, mapping.y)
            xy = np.column_stack([self.numbers(name) for name in names])
            is_degrees = mapping.x.lower().startswith(_DEGREES)
            crs = CRS.from_epsg(4326) if is_degrees else None
            crs = parse_crs(mapping.crs) if mapping.crs else crs
        else:
            return np.full((self.n, 2), np.nan), 0
        is_masked = ~np.isfinite(xy).all(axis=1) | (xy == 0.0).all(axis=1)
        xy[is_masked] = np.nan
        if is_masked.all():
            return xy, 0
        if crs is None:
            raise CrsMissingError(file=cells.file)
        if crs.is_geographic:
            self._refuse_beyond(xy, names, crs)
        lonlat = Transformer.from_crs(crs, CRS.from_epsg(4326), always_xy=True)
        there = np.flatnonzero(np.isfinite(xy).all(axis=1))
        lon, lat = lonlat.transform(*np.median(xy[there], axis=0))
        if not (np.isfinite(lon) and np.isfinite(lat)):
            raise CrsWrongError(file=cells.file, crs=crs_name(crs), value="infinite")
        epsg = utm_epsg(float(lon), float(lat))
        to_metres = Transformer.from_crs(crs, CRS.from_epsg(epsg), always_xy=True)
        xy[there] = np.column_stack(to_metres.transform(xy[there, 0], xy[there, 1]))
        for at in there[~np.isfinite(xy[there]).all(axis=1)]:
            self.reject(int(at), names[0], f"a place in {crs_name(crs)}")
        return xy, epsg

    def _refuse_beyond(self, xy: Floats, names: tuple[str, str], crs: CRS) -> None:
        with np.errstate(invalid="ignore"):
            beyond = (np.abs(xy[:, 0]) > 180.0) | (np.abs(xy[:, 1]) > 90.0)
        if beyond.sum() * 2 > np.isfinite(xy[:, 0]).sum():
            largest = f"{np.nanmax(np.abs(xy)):.1f}"
            raise CrsWrongError(file=self.cells.file, crs=crs_name(crs), value=largest)
        for at in np.flatnonzero(beyond):
            name = names[int(abs(xy[at, 1]) > 90.0)]
            self.reject(int(at), name, "degrees, at most 180 east and 90 north")
        xy[beyond] = np.nan

    def times(self) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64], Precision]:
        """Return starts and ends, and how exactly they are told."""
        mapping = self.mapping
        none = np.full(self.n, _NOT_A_TIME, dtype="datetime64[m]")
        if not mapping.time:
            return none, none, Precision.NONE
        start, is_month = self._time(mapping.time)
        until = self._time(mapping.until)[0] if mapping.until else start
        end = np.where(np.isnat(until), start, until)
        for at in np.flatnonzero(end < start):
            self.reject(int(at), mapping.until, f"not before {mapping.time}")
        known = start[~np.isnat(start)]
        days = known.astype("datetime64[D]")
        is_first = days == known.astype("datetime64[M]").astype("datetime64[D]")
        if not known.size:
            precision = Precision.NONE
        elif (known != days).any():
            precision = Precision.MINUTE
        elif is_month or (is_first.all() and known.size > 1 and np.unique(days).size > 1):
            precision = Precision.MONTH
        else:
            precision = Precision.DAY
        return start, end, precision

    def _time(self, column: str) -> tuple[NDArray[np.datetime64], bool]:
        texts = [text.strip() for text in self.cells.columns[column]]
        distinct = sorted({text for text in texts if text.lower() not in GAPS})
        read = self._parser(column, distinct)
        moments = np.array([read(text) for text in distinct], dtype="datetime64[m]")
        place = {text: at for at, text in enumerate(distinct)}
        at_none = len(distinct)
        moments = np.append(moments, _NOT_A_TIME)
        found = moments[np.array([place.get(text, at_none) for text in texts], dtype=np.intp)]
        accepted = self.mapping.time_format or "a date there is, as 2026-03-31 or 2026-03-31 18:30"
        for at in np.flatnonzero(np.isnat(found)):
            if texts[at].lower() not in GAPS:
                self.reject(int(at), column, accepted)
        is_month = all(_MONTH.fullmatch(text) for text in distinct)
        return found, bool(distinct) and is_month

    def _parser(self, column: str, distinct: list[str]) -> Callable[[str], dt.datetime | None]:
        if self.mapping.time_format:
            return lambda text: _formatted(text, self.mapping.time_format)
        sample = distinct[:: max(len(distinct) // 500, 1)]
        heard = {form: sum(_formatted(text, form) is not None for text in sample) for form in (
            f"{day}{clock}" for day in _FORMATS for clock in _CLOCKS
        )}  # fmt: skip
        best = max(heard, key=lambda form: heard[form])
        if sum(_iso(text) is not None for text in sample) >= heard[best]:
            return _iso
        twin = best.replace("%d/%m", "%m/%d")
        if (
            twin != best
            and heard[twin] == heard[best]
            and any(_formatted(text, best) != _formatted(text, twin) for text in sample)
        ):
            problem = f"{column}: day and month cannot be told apart; say time_format, as {best}"
            raise IncidentMappingError(file=self.cells.file, problem=problem)
        return lambda text: _formatted(text, best)

    def refuse_twice(self) -> None:
        """Refuse rows whose identity another has."""
        column = self.mapping.id
        if not column:
            return
        seen: dict[str, int] = {}
        for at, text in enumerate(self.cells.columns[column]):
            first = seen.setdefault(text.strip(), at)
            if first != at and text.strip().lower() not in GAPS:
                self.reject(at, column, f"once; it stands in row {self.cells.rows[first]} already")

    def labels(self, column: str, kept: NDArray[np.intp]) -> Labels | None:
        """Return a column as labels."""
        if not column:
            return None
        texts = self.cells.columns[column]
        plain = {text: "" if text.strip().lower() in GAPS else text.strip() for text in set(texts)}
        return labels_of([plain[texts[at]] for at in kept])


def _iso(text: str) -> dt.datetime | None:
    try:
        if _MONTH.fullmatch(text):
            return dt.datetime(int(text[:4]), int(text[5:]), 1)  # noqa: DTZ001
        return dt.datetime.fromisoformat(_OFFSET.sub("", text) if len(text) > 16 else text)
    except ValueError:
        return None


def _formatted(text: str, form: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        return None
