"""What is an observed value: never a bare number, and millions of them as columns."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.estimates import Flag

Rows = NDArray[np.int64]

KEYS = ("indicator", "period", "area", "split")
"""What an observation is of; within a delivery no two have all four alike."""
WORDS = (*KEYS, "unit", "error_model", "flag", "source", "grade")
"""Columns kept as codes into a vocabulary."""
NUMBERS = ("value", "numerator", "denominator", "standard_error")
WHOLE = ("n", "definition")
UNKNOWN = -1
"""Stands for no `n`."""
TOTAL = ""
"""The split of a value for everybody."""

_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|S([12])|(\d{2})(?:-(\d{2}))?))?")
_LAST_YEAR = 2100


class DataGrade(StrEnum):
    """How far a value's source can be relied on, from official statistics to anecdote."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


@dataclass(frozen=True, slots=True)
class Observation:
    """
    One value and all that must stay with it.

    Attributes
    ----------
    indicator : str
        Code of the catalogue.
    period : str
        A year, half-year, quarter, month or day, or two years joined by ``/``, see `period_days`.
    area : str
        Code of the area; of the whole city too.
    value : float or None
        In `unit`; None where there is none, the flag says why.
    unit, error_model : str
        Keys of the catalogue.
    split : str
        Which part of the people or time, as ``age=15-24;sex=f`` in order; empty for all.
    n : int or None
        Answers, events or places behind the value, unweighted.
    numerator, denominator : float or None
        What the value is computed from, where it is a ratio.
    standard_error : float or None
        In `unit`.
    flag : Flag
    source : str
    definition : int
        Version of the indicator's definition.
    grade : DataGrade
    """

    indicator: str
    period: str
    area: str
    value: float | None
    unit: str
    error_model: str
    split: str = TOTAL
    n: int | None = None
    numerator: float | None = None
    denominator: float | None = None
    standard_error: float | None = None
    flag: Flag = Flag.NORMAL
    source: str = ""
    definition: int = 1
    grade: DataGrade = DataGrade.C

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is of."""
        return self.indicator, self.period, self.area, self.split

    def to_json(self) -> dict[str, Any]:
        """Return plain data, names as here."""
        return {name: getattr(self, name) for name in Observation.__slots__}


@dataclass(frozen=True, eq=False)
class Observations:
    """
    Observations as columns, in order of their keys; every array may be a read-only memory map.

    Attributes
    ----------
    columns : mapping from name to ndarray, shape (n,)
        `WORDS` as codes, `NUMBERS` with NaN for none, `WHOLE` as integers.
    vocabularies : mapping from name to tuple of str
        Of each of `WORDS`, sorted.
    """

    columns: Mapping[str, NDArray[Any]]
    vocabularies: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.columns["value"])

    def __getitem__(self, row: int) -> Observation:
        def number(name: str) -> float | None:
            value = float(self.columns[name][row])
            return None if np.isnan(value) else value

        said = {name: self.vocabularies[name][int(self.columns[name][row])] for name in WORDS}
        n = int(self.columns["n"][row])
        return Observation(
            indicator=said["indicator"],
            period=said["period"],
            area=said["area"],
            split=said["split"],
            value=number("value"),
            unit=said["unit"],
            error_model=said["error_model"],
            n=None if n == UNKNOWN else n,
            numerator=number("numerator"),
            denominator=number("denominator"),
            standard_error=number("standard_error"),
            flag=Flag(said["flag"]),
            source=said["source"],
            definition=int(self.columns["definition"][row]),
            grade=DataGrade(said["grade"]),
        )

    def __iter__(self) -> Iterator[Observation]:
        return (self[row] for row in range(len(self)))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many words each of `KEYS` has."""
        return tuple(len(self.vocabularies[name]) for name in KEYS)

    def select(self, **words: str) -> Rows:
        """
        Return the rows that have the given words, ascending.

        Parameters
        ----------
        **words : str
            By column of `WORDS`; a word that never occurs selects nothing.
        """
        chosen: NDArray[np.bool_] | None = None
        for name, word in words.items():
            vocabulary = self.vocabularies[name]
            if word not in vocabulary:
                return np.empty(0, dtype=np.int64)
            hit = self.columns[name] == vocabulary.index(word)
            chosen = hit if chosen is None else chosen & hit
        return np.arange(len(self)) if chosen is None else np.flatnonzero(chosen)

    def taken(self, rows: Rows) -> "Observations":
        """Return the observations of `rows`, which ascend."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Observations(columns, self.vocabularies)


def observations_of(rows: Iterable[Observation]) -> Observations:
    """
    Return observations as columns.

    Examples
    --------
    >>> table = observations_of([Observation("SEC-02", "2025", "city", 4.0, "percent", "poisson")])
    >>> table[0].value, len(table)
    (4.0, 1)
    """
    listed = list(rows)
    words = {name: [str(getattr(row, name)) for row in listed] for name in WORDS}
    columns: dict[str, NDArray[Any]] = {
        name: np.array(
            [np.nan if getattr(row, name) is None else getattr(row, name) for row in listed],
            dtype=np.float64,
        )
        for name in NUMBERS
    }
    columns["n"] = np.array([UNKNOWN if row.n is None else row.n for row in listed], dtype=np.int64)
    columns["definition"] = np.array([row.definition for row in listed], dtype=np.int16)
    vocabularies = {}
    for name, said in words.items():
        vocabulary = tuple(sorted(set(said)))
        code = {word: i for i, word in enumerate(vocabulary)}
        columns[name] = np.array([code[word] for word in said], dtype=code_type(len(vocabulary)))
        vocabularies[name] = vocabulary
    return in_order(columns, vocabularies)


def in_order(
    columns: Mapping[str, NDArray[Any]], vocabularies: Mapping[str, Sequence[str]]
) -> Observations:
    """
    Return columns as observations in order of their keys.

    Parameters
    ----------
    columns : mapping from name to ndarray, shape (n,)
        See `Observations`.
    vocabularies : mapping from name to sorted words
    """
    table = Observations(columns, {name: tuple(words) for name, words in vocabularies.items()})
    keys = joint_keys(table, table.sizes)
    if np.all(keys[1:] >= keys[:-1]):
        return table
    return table.taken(np.argsort(keys, kind="stable"))


def code_type(n_words: int) -> type[np.signedinteger[Any]]:
    """Return the smallest integer type for codes into so many words."""
    small = ((np.int8, 127), (np.int16, 32_767))
    return next((kind for kind, most in small if n_words <= most), np.int32)


def joint_keys(table: Observations, sizes: Sequence[int]) -> Rows:
    """Return one integer a row for what it is of, ascending with the words of `KEYS`."""
    keys = np.zeros(len(table), dtype=np.int64)
    for name, size in zip(KEYS, sizes, strict=True):
        keys *= max(size, 1)
        keys += table.columns[name]
    return keys


def period_days(text: str) -> tuple[dt.date, dt.date] | None:
    """
    Return the first and last day of a period; None where the text is no period there can be.

    Parameters
    ----------
    text : str
        ``2025``, ``2025-S1``, ``2025-Q3``, ``2025-03``, ``2025-03-14``, or two of the same kind
        joined by ``/`` for a pool.

    Examples
    --------
    >>> period_days("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    >>> period_days("2025-02-30") is None
    True
    """
    first, slash, second = text.partition("/")
    one = _single(first)
    if not slash or one is None:
        return one
    other = _single(second)
    if other is None or len(first) != len(second) or other[0] <= one[0]:
        return None
    return one[0], other[1]


def _single(text: str) -> tuple[dt.date, dt.date] | None:
    found = _PERIOD.fullmatch(text) if text.isascii() else None
    if found is None or not 1 <= int(found[1]) <= _LAST_YEAR:
        return None
    if "00" in found.groups()[3:]:
        return None
    year, quarter, half, month, day = (int(part) if part else 0 for part in found.groups())
    months = 1 if month else 3 if quarter else 6 if half else 12
    start = month or (quarter - 1) * 3 + 1 if quarter or month else (half or 1) * 6 - 5
    try:
        first = dt.date(year, start, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    after = start + months
    following = dt.date(year + after // 13, (after - 1) % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)
