"""How the values of each indicator are spread, and which look odd."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.tree import Bools, Floats, Ints

SKEWNESS_LIMIT = 2.0
KURTOSIS_LIMIT = 3.5
LEAST_AVAILABLE = 0.65
LEAST_NON_ZERO = 0.5
LEAST_UNIQUE = 0.5


@dataclass(frozen=True)
class Statistics:
    """
    Statistics of each column; NaN where there are too few values.

    Attributes
    ----------
    low, high, mean, median, deviation : ndarray, shape (columns,)
        In the unit of the column; the standard deviation divides by n - 1.
    skewness, excess_kurtosis : ndarray
        Of at least 3 and 4 values. [1]
    n_available, n_non_zero, n_unique, n_same : ndarray of int
        Values there, values not zero, different values, and how often the commonest occurs.
    share_available, share_non_zero, share_unique, share_same : ndarray
        The first of all rows, the others of the values there.
    is_sparse, is_mostly_zero, is_repetitive, is_outlying : ndarray of bool
        Worth a look before the column is used.
    """

    low: Floats
    high: Floats
    mean: Floats
    median: Floats
    deviation: Floats
    skewness: Floats
    excess_kurtosis: Floats
    n_available: Ints
    n_non_zero: Ints
    n_unique: Ints
    n_same: Ints
    share_available: Floats
    share_non_zero: Floats
    share_unique: Floats
    share_same: Floats
    is_sparse: Bools
    is_mostly_zero: Bools
    is_repetitive: Bools
    is_outlying: Bools


def describe_columns(values: ArrayLike) -> Statistics:
    """
    Describe each column of a table.

    Parameters
    ----------
    values : array_like, shape (rows, columns)
        NaN is missing.

    Returns
    -------
    Statistics

    Notes
    -----
    The thresholds of the flags are those in use at the Joint Research Centre [1]_: less than 65 %
    of the values, less than half of the rows other than zero or different, and skewness above 2
    together with excess kurtosis above 3.5.

    References
    ----------
    .. [1] W. Becker et al., "COINr: An R package for developing composite indicators", Journal of
       Open Source Software 7(78), 2022. doi:10.21105/joss.04567
    """
    table = np.asarray(values, dtype=np.float64)
    n_rows, n_columns = table.shape
    there = ~np.isnan(table)
    n = there.sum(axis=0)
    columns = [table[there[:, j], j] for j in range(n_columns)]
    counts = [np.unique(column, return_counts=True)[1] for column in columns]
    n_unique = np.array([c.size for c in counts], dtype=np.intp)
    n_same = np.array([c.max(initial=0) for c in counts], dtype=np.intp)
    n_non_zero = np.array([np.count_nonzero(c) for c in columns], dtype=np.intp)
    skewness, kurtosis = moments(table)
    share = np.maximum(n, 1)
    none = n == 0

    def each(function: str, least: int = 1, **more: int) -> Floats:
        return np.array(
            [getattr(np, function)(c, **more) if c.size >= least else np.nan for c in columns]
        )

    with np.errstate(invalid="ignore"):
        outlying = (np.abs(skewness) > SKEWNESS_LIMIT) & (kurtosis > KURTOSIS_LIMIT)
    return Statistics(
        low=each("min"),
        high=each("max"),
        mean=each("mean"),
        median=each("median"),
        deviation=each("std", least=2, ddof=1),
        skewness=skewness,
        excess_kurtosis=kurtosis,
        n_available=n,
        n_non_zero=n_non_zero,
        n_unique=n_unique,
        n_same=n_same,
        share_available=n / n_rows,
        share_non_zero=np.where(none, np.nan, n_non_zero / share),
        share_unique=np.where(none, np.nan, n_unique / share),
        share_same=np.where(none, np.nan, n_same / share),
        is_sparse=n / n_rows < LEAST_AVAILABLE,
        is_mostly_zero=n_non_zero / n_rows < LEAST_NON_ZERO,
        is_repetitive=n_unique / n_rows < LEAST_UNIQUE,
        is_outlying=outlying,
    )


def moments(values: Floats) -> tuple[Floats, Floats]:
    """
    Return sample skewness and excess kurtosis of each column.

    Parameters
    ----------
    values : ndarray, shape (…, rows, columns)
        NaN is missing.

    Returns
    -------
    skewness, excess_kurtosis : ndarray, shape (…, columns)
        Adjusted for the size of the sample (G1 and G2 of [1]_); NaN for fewer than 3 and 4
        values, or where all values are the same.

    References
    ----------
    .. [1] D. N. Joanes, C. A. Gill, "Comparing measures of sample skewness and kurtosis",
       The Statistician 47, 1998, pp. 183-189. doi:10.1111/1467-9884.00122
    """
    there = ~np.isnan(values)
    n = there.sum(axis=-2).astype(np.float64)
    zeroed = np.where(there, values, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = zeroed.sum(axis=-2) / n
        gap = np.where(there, values - mean[..., None, :], 0.0)
        squared = gap * gap
        second = squared.sum(axis=-2)
        third = (squared * gap).sum(axis=-2)
        fourth = (squared * squared).sum(axis=-2)
        skewness = np.sqrt(n) * third / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        raw = n * fourth / second**2
        kurtosis = ((n + 1) * (raw - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    spread = second > 0
    return (
        np.where((n >= 3) & spread, skewness, np.nan),
        np.where((n >= 4) & spread, kurtosis, np.nan),
    )
