"""How far ratings of the same things agree beyond chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Metric = Literal["nominal", "ordinal", "interval"]
Weights = Literal["linear", "quadratic"]
SEED = 20_080
N_DRAWS = 2_000
COVERED = 0.95

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """
    A coefficient of agreement with its bootstrap interval.

    Attributes
    ----------
    value : float or None
        1 is full agreement, 0 what chance gives; None where all ratings are the same, so that
        nothing can be told from chance.
    low, high : float or None
        Percentile interval that covers 95 % of the draws; units are drawn with replacement.
    """

    value: float | None
    low: float | None
    high: float | None


def krippendorff_alpha(ratings: ArrayLike, *, metric: Metric) -> Coefficient:
    """
    Krippendorff's alpha of ratings by any number of assessors, some of which may be missing.

    Parameters
    ----------
    ratings : array_like, shape (n_assessors, n_units)
        NaN where an assessor did not rate a unit. Units with fewer than two ratings say nothing.
    metric : {'nominal', 'ordinal', 'interval'}
        How far two ratings are apart.

    Returns
    -------
    Coefficient

    Notes
    -----
    ``alpha = 1 - D_o / D_e`` from the coincidence matrix [1]_. The interval is the percentile
    interval of `N_DRAWS` draws of units with a fixed seed.

    References
    ----------
    .. [1] K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of
       Pennsylvania, 2011, sections A to E.

    Examples
    --------
    >>> said = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    >>> round(krippendorff_alpha(said, metric="nominal").value, 3)
    0.095
    """
    table = np.asarray(ratings, dtype=np.float64)
    values = np.unique(table[~np.isnan(table)])
    per_unit = np.stack(
        [_coincidences(unit, values) for unit in table.T] or [np.zeros((values.size, values.size))]
    )
    return _bootstrapped(per_unit, lambda observed: _alpha(observed, values, metric))


def weighted_kappa(
    first: Sequence[float], second: Sequence[float], *, n_levels: int, weights: Weights
) -> Coefficient:
    """
    Cohen's weighted kappa of two assessors.

    Parameters
    ----------
    first, second : sequence of float
        Ranks of the levels that the two chose for the same units, from 0; halves for the middle
        of a judgement between two levels.
    n_levels : int
        Levels of the scale.
    weights : {'linear', 'quadratic'}
        How disagreement grows with the distance of the ranks.

    Returns
    -------
    Coefficient

    Notes
    -----
    ``kappa = 1 - sum(v O) / sum(v E)`` with the disagreement weights ``v = |i - j|`` or its
    square [1]_.

    References
    ----------
    .. [1] J. Cohen, "Weighted kappa: Nominal scale agreement with provision for scaled
       disagreement or partial credit", Psychological Bulletin 70(4), 1968, 213-220.

    Examples
    --------
    >>> found = weighted_kappa([0, 1, 2, 2], [0, 1, 2, 1], n_levels=3, weights="linear")
    >>> round(found.value, 3)
    0.714
    """
    size = 2 * n_levels - 1
    rows = np.rint(2.0 * np.asarray(first, dtype=np.float64)).astype(np.intp)
    columns = np.rint(2.0 * np.asarray(second, dtype=np.float64)).astype(np.intp)
    per_unit = np.zeros((max(rows.size, 1), size, size))
    per_unit[np.arange(rows.size), rows, columns] = 1.0
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    cost = apart if weights == "linear" else apart**2
    return _bootstrapped(per_unit, lambda observed: _kappa(observed, cost))


def _coincidences(unit: Floats, values: Floats) -> Floats:
    """Return the pairs of values within one unit, weighted so that they sum to its ratings."""
    counts = (unit[:, None] == values[None, :]).sum(axis=0).astype(np.float64)
    n_ratings = counts.sum()
    if n_ratings < 2:
        return np.zeros((values.size, values.size))
    pairs = np.outer(counts, counts) - np.diag(counts)
    return np.asarray(pairs / (n_ratings - 1.0))


def _bootstrapped(per_unit: Floats, coefficient: Callable[[Floats], Floats]) -> Coefficient:
    n_units, size, _ = per_unit.shape
    value = float(coefficient(per_unit.sum(axis=0)[None])[0])
    if np.isnan(value):
        return Coefficient(None, None, None)
    draws = np.random.default_rng(SEED).multinomial(
        n_units, np.full(n_units, 1.0 / n_units), size=N_DRAWS
    )
    tables = (draws @ per_unit.reshape(n_units, -1)).reshape(N_DRAWS, size, size)
    drawn = coefficient(tables)
    tail = (1.0 - COVERED) / 2.0
    low, high = np.quantile(drawn[~np.isnan(drawn)], [tail, 1.0 - tail])
    return Coefficient(value, float(low), float(high))


def _alpha(observed: Floats, values: Floats, metric: Metric) -> Floats:
    margins = observed.sum(axis=-1)
    total = margins.sum(axis=-1)
    expected = margins[:, :, None] * margins[:, None, :]
    expected /= np.maximum(total - 1.0, 1.0)[:, None, None]
    return _beyond_chance(observed, expected, _apart(margins, values, metric))


def _apart(margins: Floats, values: Floats, metric: Metric) -> Floats:
    """Return the squared distance of every two values."""
    if metric == "nominal":
        return np.asarray(1.0 - np.eye(values.size))
    if metric == "interval":
        return np.asarray(np.subtract.outer(values, values) ** 2)
    middles = np.cumsum(margins, axis=-1) - margins / 2.0
    return np.asarray((middles[:, :, None] - middles[:, None, :]) ** 2)


def _kappa(observed: Floats, cost: Floats) -> Floats:
    total = np.maximum(observed.sum(axis=(-2, -1)), 1.0)
    expected = observed.sum(axis=-1)[:, :, None] * observed.sum(axis=-2)[:, None, :]
    expected /= total[:, None, None]
    return _beyond_chance(observed, expected, cost)


def _beyond_chance(observed: Floats, expected: Floats, cost: Floats) -> Floats:
    """Return ``1 - cost observed / cost expected``; NaN where chance costs nothing."""
    by_chance = (expected * cost).sum(axis=(-2, -1))
    seen = (observed * cost).sum(axis=(-2, -1))
    shares = np.divide(seen, by_chance, out=np.full_like(seen, np.nan), where=by_chance > 0.0)
    return np.asarray(1.0 - shares)
