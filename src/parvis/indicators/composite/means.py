"""One number from several, with gaps: means of all kinds and comparisons pair by pair."""

from enum import StrEnum

import numpy as np

from parvis.indicators.composite.errors import PositiveValuesError, SingleUnitError
from parvis.indicators.composite.tree import Floats

LEAST_SHARED = 2 / 3
"""Two units are compared where they share so much of the weight."""
ROUNDING = 1e-9


class Aggregation(StrEnum):
    """How the children of a node become one number."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"
    HARMONIC = "harmonic"
    GENERALISED = "generalised"
    AMPI = "ampi"
    COPELAND = "copeland"


NEED_POSITIVE = frozenset({Aggregation.GEOMETRIC, Aggregation.HARMONIC, Aggregation.GENERALISED})


def bring_together(
    values: Floats,
    weights: Floats,
    method: Aggregation,
    *,
    power: float = 0.5,
    key: str = "",
) -> Floats:
    """
    Bring the last axis together to one number; gaps are left out and the weights of the rest grow.

    Parameters
    ----------
    values : ndarray, shape (…, rows, children)
        Points; NaN is missing.
    weights : ndarray, shape (…, children)
        Relative; >= 0, not all zero. Leading axes are broadcast against those of `values`.
    method : Aggregation
    power : float, default 0.5
        Of the generalised mean; 0 is the geometric one.
    key : str
        Name for errors.

    Returns
    -------
    ndarray, shape (…, rows)
        NaN where all children with weight are missing.

    Raises
    ------
    PositiveValuesError
        If a geometric, harmonic or generalised mean meets a value of zero or below, or ``ampi`` a
        mean of zero or below: use points from 1 to 100.
    SingleUnitError
        If ``copeland`` has one row.

    Notes
    -----
    With shares v of the weight of what is there: arithmetic ``M = sum v y``; geometric
    ``exp(sum v log y)``; harmonic ``1 / sum(v / y)``; generalised ``(sum v y^p)^(1/p)``; ampi
    ``M - S cv`` with ``S² = sum v (y - M)²`` and ``cv = S / M``, which lowers the mean where
    points are out of balance [1]_. Copeland sums, over the other units, the share of the weight of
    points above theirs, ties by half; of a pair only what both have is compared, pairs that share
    less than two thirds of the weight are left out, and the sum is stretched to all others.

    References
    ----------
    .. [1] M. Mazziotta, A. Pareto, "Measuring Well-Being Over Time: The Adjusted Mazziotta-Pareto
       Index", Social Indicators Research 136, 2018. doi:10.1007/s11205-017-1577-5
    """
    if method is Aggregation.COPELAND:
        return _copeland(values, weights, key)
    missing = np.isnan(values)
    has_gaps = bool(missing.any())
    spread = weights[..., None, :]
    if method is Aggregation.GENERALISED and power == 0:
        method = Aggregation.GEOMETRIC
    if method in NEED_POSITIVE:
        # What has no weight is not taken part of, whatever its value.
        _check_positive(values, spread, method.value, key)
    held = np.where(spread > 0, spread * ~missing, 0.0) if has_gaps else spread
    total = held.sum(axis=-1)
    filled = np.where(missing, 1.0, values) if has_gaps else values

    def mean(of: Floats) -> Floats:
        if held.shape[-2] == 1:
            summed = (of @ held[..., 0, :, None])[..., 0]
        else:
            summed = np.einsum("...k,...k->...", of, held)
        with np.errstate(invalid="ignore"):
            return summed / total

    match method:
        case Aggregation.ARITHMETIC:
            return mean(filled)
        case Aggregation.GEOMETRIC:
            return np.exp(mean(np.log(_positive(filled))))
        case Aggregation.HARMONIC:
            return 1.0 / mean(1.0 / _positive(filled))
        case Aggregation.GENERALISED:
            return mean(_positive(filled) ** power) ** (1.0 / power)
    middle = mean(filled)
    if (middle <= 0).any():
        raise PositiveValuesError(method=method.value, key=key, value=float(middle.min()))
    gap = filled - middle[..., None]
    return middle - mean(gap * gap) / middle


def _positive(values: Floats) -> Floats:
    """Return values with what has no weight, and may be zero or below, out of the way."""
    return np.where(values > 0, values, 1.0) if (values <= 0).any() else values


def _check_positive(values: Floats, weights: Floats, method: str, key: str) -> None:
    low = values <= 0
    if low.any() and (wrong := low & (weights > 0)).any():
        shown = np.broadcast_to(values, wrong.shape)[wrong]
        raise PositiveValuesError(method=method, key=key, value=float(shown.min()))


def _copeland(values: Floats, weights: Floats, key: str) -> Floats:
    n = values.shape[-2]
    if n < 2:
        raise SingleUnitError(key=key)
    shares = weights / weights.sum(axis=-1, keepdims=True)
    lead = np.broadcast_shapes(values.shape[:-2], weights.shape[:-1])
    wins, shared = np.zeros((*lead, n, n)), np.zeros((*lead, n, n))
    for column in range(values.shape[-1]):
        mine, others = values[..., :, None, column], values[..., None, :, column]
        weight = shares[..., column][..., None, None]
        both = ~(np.isnan(mine) | np.isnan(others))
        wins += weight * ((mine > others) + 0.5 * (mine == others))
        shared += weight * both
    is_compared = (shared >= LEAST_SHARED - ROUNDING) & ~np.eye(n, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        outranking = np.where(is_compared, wins / shared, 0.0)
        return outranking.sum(axis=-1) * (n - 1) / is_compared.sum(axis=-1)
