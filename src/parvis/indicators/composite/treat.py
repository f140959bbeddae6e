"""Values so far out that they would speak for all others: drawn in, or on a logarithmic scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.statistics import KURTOSIS_LIMIT, SKEWNESS_LIMIT, moments
from parvis.indicators.composite.tree import Bools, Floats, Ints

LEAST_UNITS = 10
"""Below this number of rows, skewness and kurtosis say nothing and no value is touched."""
MOST_WINSORISED = 5


@dataclass(frozen=True)
class Treated:
    """
    Values after treatment, and what was done.

    Attributes
    ----------
    values : ndarray, shape (…, rows, columns)
    n_winsorised : ndarray of int, shape (…, columns)
        Values that were drawn in to the next one.
    is_logarithmic : ndarray of bool, shape (…, columns)
        Columns that drawing in did not help; all of their values are on a logarithmic scale.
    is_outlying : ndarray of bool, shape (…, columns)
        Columns still outside of the limits after all.
    notices : tuple of Notice
        ``composite_few_for_treatment`` where there were too few rows to treat anything.
    """

    values: Floats
    n_winsorised: Ints
    is_logarithmic: Bools
    is_outlying: Bools
    notices: tuple[Notice, ...] = ()


def treat(
    values: ArrayLike,
    *,
    most_winsorised: int = MOST_WINSORISED,
    skewness_limit: float = SKEWNESS_LIMIT,
    kurtosis_limit: float = KURTOSIS_LIMIT,
) -> Treated:
    """
    Draw in outlying values; where that does not help, take logarithms instead.

    Parameters
    ----------
    values : array_like, shape (…, rows, columns)
        NaN is missing and stays so.
    most_winsorised : int, default 5
        So many values of a column are drawn in at most; tied values count each.
    skewness_limit, kurtosis_limit : float
        A column is outlying when skewness (of either sign) and excess kurtosis both reach them.

    Returns
    -------
    Treated

    Notes
    -----
    The greatest value (the least, where the skewness is negative) takes the value of the next one,
    until the column is in order or `most_winsorised` is reached [1]_. Columns that are not in
    order then are taken back to their original values and become
    ``log(x - min + (max - min) / 100)``.

    References
    ----------
    .. [1] W. Becker et al., "COINr: An R package for developing composite indicators", Journal of
       Open Source Software 7(78), 2022. doi:10.21105/joss.04567
    """
    table = np.asarray(values, dtype=np.float64)
    shape = (*table.shape[:-2], table.shape[-1])
    nothing = np.zeros(shape, dtype=bool)
    if table.shape[-2] < LEAST_UNITS:
        reason = Notice("composite_few_for_treatment", {"n": table.shape[-2], "least": LEAST_UNITS})
        return Treated(table, np.zeros(shape, dtype=np.intp), nothing, nothing, (reason,))
    limits = (skewness_limit, kurtosis_limit)
    flat = np.ascontiguousarray(np.moveaxis(table, -2, 0).reshape(table.shape[-2], -1))
    done = flat.copy()
    n_done = np.zeros(flat.shape[1], dtype=np.intp)
    touched = np.zeros(flat.shape, dtype=bool)
    failing = _fails(flat, *limits)
    columns = np.flatnonzero(failing)
    while columns.size:
        part, marks = done[:, columns], touched[:, columns]
        is_stuck = _draw_in(part, marks)
        done[:, columns], touched[:, columns] = part, marks
        n_done[columns] = marks.sum(axis=0)
        still = _fails(part, *limits) & ~is_stuck & (n_done[columns] < most_winsorised)
        columns = columns[still]
    hopeless = np.flatnonzero(failing)[_fails(done[:, failing], *limits)]
    done[:, hopeless] = _logarithmic(flat[:, hopeless])
    n_done[hopeless] = 0
    is_logarithmic = np.zeros(flat.shape[1], dtype=bool)
    is_logarithmic[hopeless] = True
    is_outlying = np.zeros(flat.shape[1], dtype=bool)
    is_outlying[hopeless] = _fails(done[:, hopeless], *limits)
    back = np.moveaxis(done.reshape(table.shape[-2], *shape), 0, -2)
    return Treated(
        back, n_done.reshape(shape), is_logarithmic.reshape(shape), is_outlying.reshape(shape)
    )


def _fails(values: Floats, skewness_limit: float, kurtosis_limit: float) -> Bools:
    skewness, kurtosis = moments(values)
    with np.errstate(invalid="ignore"):
        return (np.abs(skewness) >= skewness_limit) & (kurtosis >= kurtosis_limit)


def _draw_in(values: Floats, touched: Bools) -> Bools:
    """Draw in the end that the skewness points to, in place; True where only one value is left."""
    sign = np.where(moments(values)[0] >= 0, 1.0, -1.0)
    signed = np.where(np.isnan(values), -np.inf, values * sign)
    end = signed.max(axis=0)
    is_end = signed == end
    following = np.where(is_end, -np.inf, signed).max(axis=0)
    is_stuck = np.isneginf(following)
    change = is_end & ~is_stuck
    np.copyto(values, following * sign, where=change)
    touched |= change
    return is_stuck


def _logarithmic(values: Floats) -> Floats:
    missing = np.isnan(values)
    low = np.where(missing, np.inf, values).min(axis=0, initial=np.inf)
    high = np.where(missing, -np.inf, values).max(axis=0, initial=-np.inf)
    return np.log(values - low + 0.01 * (high - low))
