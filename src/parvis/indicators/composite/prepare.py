"""From what was collected to what is compared: denominators, gaps, units with too little data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.errors import ReferenceMissingError, ShapeError
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.rows import Rows, as_values
from parvis.indicators.composite.tree import Bools, Floats, Tree

LONGEST_CARRY = 2
"""A value is carried forward over this many periods at most."""
LEAST_AVAILABLE = 2 / 3
LEAST_NON_ZERO = 0.05


class Imputation(StrEnum):
    """How gaps are filled; none by default, never silently."""

    NONE = "none"
    MEAN = "mean"
    MEDIAN = "median"
    GROUP_MEAN = "group-mean"
    GROUP_MEDIAN = "group-median"
    CARRY = "carry-forward"


@dataclass(frozen=True)
class Filled:
    """
    Values with gaps filled.

    Attributes
    ----------
    values : ndarray, shape (rows, indicators)
    imputed : ndarray of bool, same shape
        Which values were filled in; travels to whatever shows them.
    """

    values: Floats
    imputed: Bools


@dataclass(frozen=True)
class Screened:
    """
    Which rows have enough data.

    Attributes
    ----------
    available : ndarray, shape (rows,)
        Share of indicators with a value.
    non_zero : ndarray, shape (rows,)
        Share of the values that are not zero; NaN without values.
    kept : ndarray of bool, shape (rows,)
    """

    available: Floats
    non_zero: Floats
    kept: Bools


def denominate(
    values: ArrayLike, tree: Tree, denominators: Mapping[str, ArrayLike]
) -> tuple[Floats, tuple[Notice, ...]]:
    """
    Divide indicators by their denominators.

    Parameters
    ----------
    values : array_like, shape (rows, indicators)
    tree : Tree
        Says which column divides which indicator.
    denominators : mapping from column to array_like, shape (rows,)

    Returns
    -------
    values : ndarray
        Missing where value or denominator is missing, or the denominator is zero.
    notices : tuple of Notice
        ``composite_denominator_zero`` with the number of rows, for each such indicator.

    Raises
    ------
    ReferenceMissingError
        If a denominator that an indicator names is not there.
    """
    table = as_values(values, tree).copy()
    notices = []
    for column, node in enumerate(tree.indicators):
        if not node.denominator:
            continue
        if node.denominator not in denominators:
            raise ReferenceMissingError(
                method="a rate", what=f"the column {node.denominator}", keys=node.key
            )
        by = np.asarray(denominators[node.denominator], dtype=np.float64)
        if by.shape != table.shape[-2:-1]:
            raise ShapeError(what=node.denominator, found=by.shape, expected=table.shape[-2:-1])
        usable = by > 0
        n_lost = int((~usable & ~np.isnan(table[..., column])).sum())
        divided = np.divide(table[..., column], by, where=usable, out=np.full(by.shape, np.nan))
        table[..., column] = divided
        if n_lost:
            notices.append(
                Notice(
                    "composite_denominator_zero",
                    {"key": node.key, "column": node.denominator, "n": n_lost},
                )
            )
    return table, tuple(notices)


def impute(
    values: ArrayLike,
    tree: Tree,
    rows: Rows,
    *,
    method: Imputation,
    groups: Sequence[str] = (),
) -> Filled:
    """
    Fill gaps of indicators, within a period, and say which values were filled.

    Parameters
    ----------
    values : array_like, shape (rows, indicators)
    tree : Tree
    rows : Rows
    method : Imputation
        Group methods fill from the same group; where the whole group is missing, the gap stays.
        ``carry-forward`` takes the unit's last value of at most `LONGEST_CARRY` periods before,
        counted in the periods of the table, whatever order the rows stand in.
    groups : sequence of str, length rows
        For the group methods; rows with "" are filled from all.

    Returns
    -------
    Filled
    """
    table = as_values(values, tree, rows)
    if method is Imputation.NONE:
        return Filled(table, np.zeros(table.shape, dtype=bool))
    filled = table.copy()
    if method is Imputation.CARRY:
        _carry(filled, table, rows)
    else:
        is_grouped = method in (Imputation.GROUP_MEAN, Imputation.GROUP_MEDIAN)
        if is_grouped and len(groups) != len(rows):
            raise ReferenceMissingError(method=method.value, what="a group", keys="the rows")
        middle = np.median if method.value.endswith("median") else np.mean
        for period in dict.fromkeys(rows.periods):
            now = np.array([p == period for p in rows.periods])
            names = np.array(groups if is_grouped else [""] * len(rows))
            for name in dict.fromkeys(names[now]):
                members = now & ((names == name) if name else True)
                targets = now & (names == name)
                for column in range(tree.n_indicators):
                    known = table[members, column]
                    known = known[~np.isnan(known)]
                    if known.size:
                        gaps = targets & np.isnan(table[:, column])
                        filled[gaps, column] = middle(known)
    return Filled(filled, np.isnan(table) & ~np.isnan(filled))


def screen(
    values: ArrayLike,
    tree: Tree,
    *,
    least_available: float = LEAST_AVAILABLE,
    least_non_zero: float = 0.0,
) -> Screened:
    """
    Tell which rows have enough data to be compared.

    Parameters
    ----------
    values : array_like, shape (rows, indicators)
    tree : Tree
    least_available : float, default 2/3
        Share of indicators that must have a value.
    least_non_zero : float, default 0
        Share of values that must not be zero; `LEAST_NON_ZERO` is the habit where it is asked.

    Returns
    -------
    Screened
    """
    table = as_values(values, tree)
    there = ~np.isnan(table)
    n = there.sum(axis=1)
    available = n / tree.n_indicators
    with np.errstate(invalid="ignore"):
        non_zero = (there & (table != 0)).sum(axis=1) / n
    kept = available >= least_available
    if least_non_zero > 0:
        kept &= non_zero >= least_non_zero
    return Screened(available, non_zero, kept)


def _carry(filled: Floats, table: Floats, rows: Rows) -> None:
    order = {period: place for place, period in enumerate(sorted(set(rows.periods)))}
    names = list(order)
    for (unit, period), row in rows.row_of.items():
        for column in np.flatnonzero(np.isnan(table[row])):
            for back in range(1, min(LONGEST_CARRY, order[period]) + 1):
                before = rows.row_of.get((unit, names[order[period] - back]))
                if before is not None and not np.isnan(table[before, column]):
                    filled[row, column] = table[before, column]
                    break
