"""What would a delivery bring in, and which of its rows cannot be used, and why."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from parvis.errors import InputError
from parvis.indicators.estimates import Flag
from parvis.indicators.values import DataGrade, Observation, observations_of, period_days
from parvis.indicators.vintages import Delivery
from parvis.io.observation_mapping import NUMERIC, SPLIT, ColumnMapping, completed
from parvis.io.observation_tables import ObservationColumnsError, read_table
from parvis.io.observations import save_delivery
from parvis.packs.indicators import Catalogue

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

MISSING = frozenset({"", ":", "na", "nan", "n/a", "null"})
_COMMA = re.compile(r"[+-]?\d+,\d+")
_POINT = re.compile(r"[+-]?\d*\.\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[,.]\d{3}")
_LARGEST = 1e15


class ObservationDecimalsError(InputError):
    """Decimal commas and points are mixed; details: file, column, comma, point and their rows."""

    code: ClassVar[str] = "observation_decimals"


class ObservationThousandsError(InputError):
    """A comma may part decimals or thousands; details: file, column, row, value."""

    code: ClassVar[str] = "observation_thousands"


class ObservationsRejectedError(InputError):
    """Rows were rejected, so that nothing is written; details: file, n, total."""

    code: ClassVar[str] = "observation_rejected"


@dataclass(frozen=True, slots=True)
class Rejected:
    """
    A row that cannot be used.

    Attributes
    ----------
    row : int
        As the file counts.
    column : str
        Its name in the file.
    code : str
        Of the sentence that says why.
    details : dict
    """

    row: int
    column: str
    code: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What a delivery would bring in; nothing is written yet.

    Attributes
    ----------
    file, sha256 : str
    mapping : ColumnMapping
    read_from : dict
        From field to column, those found by their own names included.
    accepted : tuple of Observation
    rejected : tuple of Rejected
        In order of their rows.
    """

    file: str
    sha256: str
    mapping: ColumnMapping
    read_from: Mapping[str, str]
    accepted: tuple[Observation, ...]
    rejected: tuple[Rejected, ...]


class _RowError(Exception):
    def __init__(self, name: str, code: str, **details: Any) -> None:
        self.name, self.code, self.details = name, code, details


def preview(
    path: Path, mapping: ColumnMapping, catalogue: Catalogue, *, received: dt.date
) -> Preview:
    """
    Read a delivery and say of each row whether it can be used.

    Parameters
    ----------
    path : Path
        CSV, SDMX-CSV, XLSX or JSON.
    mapping : ColumnMapping
    catalogue : Catalogue
        Indicators that are accepted.
    received : date
        Periods that begin later are rejected.

    Raises
    ------
    ObservationFileError, ObservationDelimiterError, ObservationColumnsError
    ObservationDecimalsError, ObservationThousandsError
        What is wrong with the file as a whole.
    """
    header, rows = read_table(path, delimiter=mapping.delimiter, sheet=mapping.sheet)
    read_from = completed(mapping, header)
    _check_columns(path, header, read_from, mapping)
    place = {name: header.index(column) for name, column in read_from.items()}
    comma = _has_comma(path, rows, place, read_from, mapping)
    accepted: dict[tuple[str, str, str, str], tuple[int, Observation]] = {}
    rejected = []
    for number, cells in rows:
        try:
            if len(cells) < len(header) or any(cells[len(header) :]):
                raise _RowError("", "observation_cells", found=len(cells), expected=len(header))
            said = {name: cells[at] for name, at in place.items()}
            said = mapping.constants | _meant(said, mapping)
            observation = _observation(said, mapping, catalogue, comma=comma, received=received)
            if observation.key in accepted:
                first = accepted[observation.key][0]
                raise _RowError("indicator", "observation_twice", first=first)
            accepted[observation.key] = (number, observation)
        except _RowError as why:
            column = read_from.get(why.name, why.name)
            details = {"row": number, "column": column, **why.details}
            rejected.append(Rejected(number, column, why.code, details))
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    observations = tuple(observation for _, observation in accepted.values())
    return Preview(path.name, digest, mapping, read_from, observations, tuple(rejected))


def write_delivery(
    found: Preview,
    *,
    received: dt.date,
    note: str = "",
    without_rejected: bool = False,
    home: Path | None = None,
) -> Delivery:
    """
    Keep what a preview accepted.

    Raises
    ------
    ObservationsRejectedError
        If rows were rejected and are not to be left out, or all were; nothing is written.
    DiskFullError, HomeNotWritableError
    """
    n = len(found.rejected)
    if not found.accepted or (n and not without_rejected):
        total = n + len(found.accepted)
        raise ObservationsRejectedError(file=found.file, n=n, total=total)
    return save_delivery(
        observations_of(found.accepted),
        received=received,
        file=found.file,
        sha256=found.sha256,
        note=note,
        mapping=found.mapping.to_json(),
        home=home,
    )


def _check_columns(
    path: Path, header: list[str], read_from: Mapping[str, str], mapping: ColumnMapping
) -> None:
    missing = [column for column in read_from.values() if column not in header]
    given = read_from.keys() | mapping.constants.keys()
    missing += [name for name in ("indicator", "period", "area") if name not in given]
    if "value" not in given and not {"numerator", "denominator"} <= given:
        missing.append("value")
    if missing:
        listed = ", ".join(dict.fromkeys(missing))
        raise ObservationColumnsError(file=str(path), missing=listed, found=", ".join(header)[:300])


def _meant(said: dict[str, str], mapping: ColumnMapping) -> dict[str, str]:
    return {name: mapping.words.get(name, {}).get(word, word) for name, word in said.items()}


def _has_comma(
    path: Path,
    rows: Sequence[tuple[int, list[str]]],
    place: Mapping[str, int],
    read_from: Mapping[str, str],
    mapping: ColumnMapping,
) -> bool:
    """Return whether decimals are parted by a comma; refuse what cannot be told."""
    if mapping.decimal:
        return mapping.decimal == ","
    found = False
    for name in NUMERIC:
        if name not in place:
            continue
        told = [(row, cells[place[name]]) for row, cells in rows if len(cells) > place[name]]
        commas = [(row, cell) for row, cell in told if _COMMA.fullmatch(cell)]
        points = [(row, cell) for row, cell in told if _POINT.fullmatch(cell)]
        column = read_from[name]
        if commas and points:
            raise ObservationDecimalsError(
                file=str(path), column=column, comma=commas[0][1], comma_row=commas[0][0],
                point=points[0][1], point_row=points[0][0],
            )  # fmt: skip
        if commas and all(_THOUSANDS.fullmatch(cell) for _, cell in commas):
            row, value = commas[0]
            raise ObservationThousandsError(file=str(path), column=column, row=row, value=value)
        found = found or bool(commas)
    return found


def _observation(
    said: Mapping[str, str],
    mapping: ColumnMapping,
    catalogue: Catalogue,
    *,
    comma: bool,
    received: dt.date,
) -> Observation:
    indicator = catalogue.indicators.get(said["indicator"])
    if indicator is None:
        raise _RowError("indicator", "observation_indicator", value=said["indicator"])
    days = period_days(said["period"])
    if days is None:
        raise _RowError("period", "observation_period", value=said["period"])
    if days[0] > received:
        details = {"value": said["period"], "received": received.isoformat()}
        raise _RowError("period", "observation_later", **details)
    area = said["area"]
    if not area or (mapping.areas and area not in mapping.areas):
        raise _RowError("area", "observation_area", value=area)
    numbers = {name: _number(said.get(name, ""), name, comma=comma) for name in NUMERIC}
    flag = _flag(said.get("flag", ""))
    value = _checked(numbers, indicator, flag)
    try:
        grade = DataGrade(said.get("grade") or "C")
    except ValueError:
        raise _RowError("grade", "observation_grade", value=said["grade"]) from None
    n = numbers["n"]
    return Observation(
        indicator=indicator.key,
        period=said["period"],
        area=area,
        value=value,
        unit=indicator.unit,
        error_model=indicator.error_model,
        split=_split(said),
        n=None if n is None else int(n),
        numerator=numbers["numerator"],
        denominator=numbers["denominator"],
        standard_error=numbers["standard_error"],
        flag=flag,
        source=said.get("source", ""),
        definition=indicator.version,
        grade=grade,
    )


def _checked(
    numbers: Mapping[str, float | None], indicator: "Indicator", flag: Flag
) -> float | None:
    """Return the value in its unit; refuse numbers that there cannot be."""
    for name in ("n", "numerator", "denominator", "standard_error"):
        number = numbers[name]
        if number is not None and number < 0:
            raise _RowError(name, "observation_negative", value=number)
    n = numbers["n"]
    if n is not None and n != int(n):
        raise _RowError("n", "observation_whole", value=n)
    above, below, value = (numbers[name] for name in ("numerator", "denominator", "value"))
    if above is not None and indicator.error_model == "poisson" and above != int(above):
        raise _RowError("numerator", "observation_whole", value=above)
    if below is not None and below == 0:
        raise _RowError("denominator", "observation_nobody", value=below)
    if above is not None and below is not None and not indicator.can_repeat and above > below:
        raise _RowError("numerator", "observation_population", count=above, population=below)
    if value is None and above is not None and below is not None and indicator.multiplier:
        value = above / below * indicator.multiplier
    low, high = indicator.bounds.low, indicator.bounds.high
    if value is not None and (
        (low is not None and value < low) or (high is not None and value > high)
    ):
        limits = f"{'' if low is None else f'{low:g}'}…{'' if high is None else f'{high:g}'}"
        raise _RowError("value", "observation_bounds", value=value, limits=limits)
    if value is None and flag is Flag.NORMAL:
        raise _RowError("value", "observation_empty")
    return value


def _number(text: str, name: str, *, comma: bool) -> float | None:
    if text.lower() in MISSING:
        return None
    plain = text.replace(",", ".") if comma and "." not in text else text
    try:
        number = float(plain) if plain.isascii() and "_" not in plain else np.nan
    except ValueError:
        number = np.nan
    if not abs(number) < _LARGEST:
        raise _RowError(name, "observation_number", value=text)
    return number


def _flag(text: str) -> Flag:
    try:
        return Flag(text.lower()) if text else Flag.NORMAL
    except ValueError:
        raise _RowError("flag", "observation_flag", value=text) from None


def _split(said: Mapping[str, str]) -> str:
    parts = sorted(
        (name.removeprefix(SPLIT), word)
        for name, word in said.items()
        if name.startswith(SPLIT) and word
    )
    for name, word in parts:
        if {";", "="} & {*name, *word}:
            raise _RowError(f"{SPLIT}{name}", "observation_split", value=word)
    return ";".join(f"{name}={word}" for name, word in parts)
