"""What did each delivery say, what did a later one revise, and where does a series break."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.estimates import Flag
from parvis.indicators.values import (
    KEYS,
    NUMBERS,
    WORDS,
    Observation,
    Observations,
    Rows,
    code_type,
    joint_keys,
    period_days,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One delivery of data; its values never change, a later delivery revises them.

    Attributes
    ----------
    id : str
    received : date
    file, sha256 : str
        Where it was read from; empty where it was computed.
    n : int
        Observations.
    note : str
    """

    id: str
    received: dt.date
    file: str
    sha256: str
    n: int
    note: str = ""


@dataclass(frozen=True, eq=False)
class Revisions:
    """
    What a later delivery says otherwise than an earlier one.

    Attributes
    ----------
    before, after : Observations
        Rows alike in what they are of, whose values differ.
    added : Observations
        Of the later one only.
    missing : Observations
        Of the earlier one only; a delivery of a part leaves them as they were.
    n_same : int
    """

    before: Observations
    after: Observations
    added: Observations
    missing: Observations
    n_same: int


@dataclass(frozen=True, slots=True)
class Break:
    """
    A place in a series where values before and after cannot be compared as they stand.

    Attributes
    ----------
    period : str
        The first after it.
    reasons : tuple of str
        ``flag``, ``definition``, ``unit`` or ``source``.
    """

    period: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """
    Values of one indicator, area and split over time.

    Attributes
    ----------
    observations : tuple of Observation
        By the first day of their periods.
    breaks : tuple of Break
    """

    observations: tuple[Observation, ...]
    breaks: tuple[Break, ...]


def overlaid(earlier: Observations, later: Observations) -> Observations:
    """
    Return what holds once a later delivery is in: its values, and the earlier ones beside them.

    Parameters
    ----------
    earlier, later : Observations
    """
    one, other, keys_one, keys_other = _aligned(earlier, later)
    kept = np.flatnonzero(~_among(keys_one, keys_other))
    place = np.searchsorted(keys_one[kept], keys_other) + np.arange(len(keys_other))
    from_other = np.zeros(len(kept) + len(keys_other), dtype=bool)
    from_other[place] = True
    columns = {}
    for name, column in one.columns.items():
        joined = np.empty(len(from_other), dtype=column.dtype)
        joined[from_other] = other.columns[name]
        joined[~from_other] = column[kept]
        columns[name] = joined
    return Observations(columns, one.vocabularies)


def revisions(earlier: Observations, later: Observations) -> Revisions:
    """
    Compare two deliveries.

    Parameters
    ----------
    earlier, later : Observations
    """
    one, other, keys_one, keys_other = _aligned(earlier, later)
    in_both = _among(keys_other, keys_one)
    rows_other = np.flatnonzero(in_both)
    rows_one = np.searchsorted(keys_one, keys_other[rows_other])
    differs = np.zeros(len(rows_other), dtype=bool)
    for name in (*NUMBERS, "flag", "unit", "definition"):
        a, b = one.columns[name][rows_one], other.columns[name][rows_other]
        same = (a == b) | (np.isnan(a) & np.isnan(b)) if name in NUMBERS else a == b
        differs |= ~same
    return Revisions(
        before=one.taken(rows_one[differs]),
        after=other.taken(rows_other[differs]),
        added=other.taken(np.flatnonzero(~in_both)),
        missing=one.taken(np.flatnonzero(~_among(keys_one, keys_other))),
        n_same=int((~differs).sum()),
    )


def series(table: Observations, indicator: str, area: str, split: str = "") -> Series:
    """
    Return the values of an indicator over time, and where they break.

    Parameters
    ----------
    table : Observations
    indicator, area, split : str
    """
    rows = table.select(indicator=indicator, area=area, split=split)
    far = (dt.date.max, dt.date.max)
    told = sorted(
        (table[int(row)] for row in rows), key=lambda each: period_days(each.period) or far
    )
    breaks = []
    for before, after in pairwise(told):
        reasons = ["flag"] if after.flag is Flag.BREAK else []
        reasons += [
            name
            for name in ("definition", "unit", "source")
            if getattr(before, name) != getattr(after, name)
        ]
        if reasons:
            breaks.append(Break(after.period, tuple(reasons)))
    return Series(tuple(told), tuple(breaks))


def repeated(table: Observations) -> Rows:
    """Return the rows that are of the same thing as the row before them."""
    keys = joint_keys(table, table.sizes)
    return np.flatnonzero(keys[1:] == keys[:-1]) + 1


def _aligned(
    one: Observations, other: Observations
) -> tuple[Observations, Observations, Rows, Rows]:
    """Return both with the same vocabularies, and their keys; order is kept as words are sorted."""
    shared = {
        name: tuple(sorted({*one.vocabularies[name], *other.vocabularies[name]})) for name in WORDS
    }
    both = [_recoded(table, shared) for table in (one, other)]
    sizes = [len(shared[name]) for name in KEYS]
    keys = [joint_keys(table, sizes) for table in both]
    return both[0], both[1], keys[0], keys[1]


def _recoded(table: Observations, shared: dict[str, tuple[str, ...]]) -> Observations:
    columns: dict[str, NDArray[Any]] = dict(table.columns)
    for name in WORDS:
        own: Sequence[str] = table.vocabularies[name]
        if own != shared[name]:
            place = {word: code for code, word in enumerate(shared[name])}
            moved = np.array([place[word] for word in own], dtype=code_type(len(shared[name])))
            columns[name] = moved[columns[name]]
    return Observations(columns, shared)


def _among(keys: Rows, others: Rows) -> NDArray[np.bool_]:
    """Return which of some sorted keys are among other sorted keys."""
    if not len(others):
        return np.zeros(len(keys), dtype=bool)
    place = np.minimum(np.searchsorted(others, keys), len(others) - 1)
    return np.asarray(others[place] == keys)
