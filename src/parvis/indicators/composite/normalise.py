"""From values in their units to points that can be brought together."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.errors import PositiveValuesError, ReferenceMissingError
from parvis.indicators.composite.ranks import ranks
from parvis.indicators.composite.rows import as_values
from parvis.indicators.composite.tree import Bools, Direction, Floats, Tree

AMPI_CENTRE, AMPI_HALF = 100.0, 30.0
BASE = 100.0
N_NAMED = 8
"""So many indicators are named in an error."""


class Normalisation(StrEnum):
    """How values become points."""

    GOALPOSTS = "goalposts"
    TARGET = "distance-to-target"
    BASE_YEAR = "base-year"
    AMPI = "ampi"
    MIN_MAX = "min-max"
    Z_SCORE = "z-score"
    REFERENCE = "distance-to-reference"
    FRACTION = "fraction-of-best"
    RANK = "rank"
    PERCENTILE_RANK = "percentile-rank"
    BORDA = "borda"


NEED_OTHERS = frozenset(
    {
        Normalisation.MIN_MAX,
        Normalisation.Z_SCORE,
        Normalisation.FRACTION,
        Normalisation.RANK,
        Normalisation.PERCENTILE_RANK,
        Normalisation.BORDA,
    }
)
"""Methods whose points of a unit move when another unit comes or goes."""


@dataclass(frozen=True)
class Frozen:
    """
    What stays fixed from the base period on, so that old points do not move.

    Attributes
    ----------
    base : ndarray, shape (rows, indicators) or (indicators,)
        Value of the base year for ``base-year``, per row.
    centre, half_range : ndarray, shape (indicators,)
        Reference value g and half range delta for ``ampi``; of indicators of the target kind,
        those of the distance to the target.
    reference : ndarray, shape (indicators,)
        Value that gets the full points under ``distance-to-reference``.
    """

    base: Floats | None = None
    centre: Floats | None = None
    half_range: Floats | None = None
    reference: Floats | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """
    Range of the points.

    Attributes
    ----------
    low, high : float
        Points at the worst and the best end; a geometric mean needs a low end above zero.
    mean, deviation : float
        Of z-scores.
    is_clipped : bool
        Whether points end at the goalposts and targets.
    """

    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    deviation: float = 1.0
    is_clipped: bool = True


PERCENT = Scale()


def normalise(
    values: ArrayLike,
    tree: Tree,
    method: Normalisation,
    *,
    scale: Scale = PERCENT,
    frozen: Frozen | None = None,
    pool: Bools | None = None,
) -> Floats:
    """
    Turn values into points, more being better for every indicator.

    Parameters
    ----------
    values : array_like, shape (…, rows, indicators)
        NaN is missing and stays so.
    tree : Tree
        Directions, goalposts and targets. For indicators of the target kind the distance to the
        target takes the place of the value, less being better.
    method : Normalisation
    scale : Scale, optional
    frozen : Frozen, optional
        What ``base-year``, ``ampi`` and ``distance-to-reference`` hold on to.
    pool : ndarray of bool, shape (rows,), optional
        Rows from which minimum, maximum, mean and deviation are taken; all by default.

    Returns
    -------
    ndarray, same shape
        Also NaN where an indicator is context only, and where the values of the pool do not
        differ, so that ``min-max``, ``z-score`` and distances say nothing.

    Raises
    ------
    ReferenceMissingError
        If goalposts, targets or a frozen reference are lacking, with the indicators' keys.
    PositiveValuesError
        If ``fraction-of-best`` meets a value below zero, or a best value of zero.

    Notes
    -----
    With value x, goalposts l and u, and direction +1 (mirrored, never negated, for -1), see [1]_
    and for ``ampi`` [2]_:

    ======================= ===================================================================
    goalposts               ``clip((x - l) / (u - l), 0, 1)``
    goalposts, target kind  ``clip(1 - |x - t| / max(t - l, u - t), 0, 1)``
    distance-to-target      ``clip((x - l) / (t - l), 0, 1)``
    base-year               ``100 + 100 (x - x0) / |x0|``; -1: ``100 - 100 (x - x0) / |x0|``
    ampi                    ``70 + 60 (x - (g - delta)) / (2 delta)``
    min-max                 ``(x - min) / (max - min)``
    z-score                 ``(x - mean) / sd``, dividing by n - 1
    distance-to-reference   ``(x - min) / (r - min)``; without r, the best value
    fraction-of-best        ``x / max``; -1: ``min / x``
    rank                    1 for the worst; ties share the least rank
    percentile-rank         ``(rank - 1) / (n - 1)``
    borda                   ``rank - 1``
    ======================= ===================================================================

    All but ``base-year``, ``ampi``, ``z-score``, ``rank`` and ``borda`` are stretched to `scale`.

    References
    ----------
    .. [1] OECD, JRC, "Handbook on Constructing Composite Indicators", 2008, pp. 83-88.
    .. [2] M. Mazziotta, A. Pareto, "Measuring Well-Being Over Time: The Adjusted Mazziotta-Pareto
       Index", Social Indicators Research 136, 2018. doi:10.1007/s11205-017-1577-5
    """
    table = as_values(values, tree)
    turned, signs, limits = _oriented(table, tree)
    turned = np.where(tree.is_scored, turned, np.nan)
    pooled = turned if pool is None else turned[..., pool, :]
    held = frozen or Frozen()
    match method:
        case Normalisation.GOALPOSTS:
            ends = _needed(method, "a lower and an upper goalpost", tree, *limits)
            return _between(turned, *_by_sign(signs, *ends), scale)
        case Normalisation.TARGET:
            return _to_target(turned, tree, scale, signs, limits)
        case Normalisation.BASE_YEAR:
            return _base_year(turned, tree, signs, held)
        case Normalisation.AMPI:
            (centre,) = _needed(method, "a reference value", tree, held.centre)
            (half,) = _needed(method, "a half range", tree, held.half_range)
            return AMPI_CENTRE + signs * AMPI_HALF * _divided(turned - centre, half)
        case Normalisation.MIN_MAX:
            ends = _by_sign(signs, *_extremes(pooled))
            return _between(turned, *ends, Scale(scale.low, scale.high, is_clipped=False))
        case Normalisation.Z_SCORE:
            return scale.mean + scale.deviation * signs * _z(turned, pooled)
        case Normalisation.REFERENCE:
            worst, best = _by_sign(signs, *_extremes(pooled))
            if held.reference is not None:
                aim = _oriented(held.reference[None, :], tree)[0][0]
                best = np.where(np.isnan(aim), best, aim)
            return _between(turned, worst, best, Scale(scale.low, scale.high, is_clipped=False))
        case Normalisation.FRACTION:
            return _fraction(turned, pooled, tree, signs, scale)
    placed, n = ranks(turned, signs)
    if method is Normalisation.RANK:
        return placed
    if method is Normalisation.BORDA:
        return placed - 1.0
    share = _divided(placed - 1.0, np.where(n > 1, n - 1.0, np.nan))
    return scale.low + (scale.high - scale.low) * share


def freeze(
    values: ArrayLike,
    tree: Tree,
    *,
    pool: Bools | None = None,
    centre: ArrayLike | None = None,
) -> Frozen:
    """
    Take the reference of ``ampi`` from the rows of a base period, to be kept from then on.

    Parameters
    ----------
    values : array_like, shape (rows, indicators)
    tree : Tree
        Where the rows do not differ (one city, one period), half the distance between the
        goalposts is the half range.
    pool : ndarray of bool, shape (rows,), optional
        Rows of the base period; all by default.
    centre : array_like, shape (indicators,), optional
        Reference values that are to be 100, in the unit of the indicator; the mean of the rows by
        default.

    Returns
    -------
    Frozen
        With NaN where an indicator has neither two different values nor goalposts.

    Notes
    -----
    Compind takes the range over all years, so that a new year moves old points [1]_; here the
    range is that of the base period.

    References
    ----------
    .. [1] F. Vidoli, E. Fusco, "Compind: Composite Indicators Functions", function ``ci_ampi``.
    """
    table = as_values(values, tree)
    chosen = table if pool is None else table[pool]
    turned, _, (low, high) = _oriented(chosen, tree)
    least, most = _extremes(turned)
    half = (most - least) / 2
    half = np.where(half > 0, half, (high - low) / 2)
    if centre is not None:
        middle = _oriented(np.asarray(centre, dtype=np.float64)[None, :], tree)[0][0]
    else:
        there = ~np.isnan(turned)
        n = there.sum(axis=0)
        middle = _divided(np.where(there, turned, 0.0).sum(axis=0), np.where(n > 0, n, np.nan))
    return Frozen(centre=middle, half_range=np.where(half > 0, half, np.nan))


def _oriented(table: Floats, tree: Tree) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
    """Return values with target indicators as distances, signs, and the goalposts for them."""
    signs = np.array(
        [1.0 if node.direction is Direction.HIGHER else -1.0 for node in tree.indicators]
    )
    low, high = tree.column("low"), tree.column("high")
    is_target = _is_target(tree)
    if not is_target.any():
        return table, signs, (low, high)
    target = tree.column("target")
    turned = np.where(is_target, np.abs(table - target), table)
    far = np.maximum(target - low, high - target)
    zero = np.where(np.isnan(low), np.nan, 0.0)
    return turned, signs, (np.where(is_target, zero, low), np.where(is_target, far, high))


def _is_target(tree: Tree) -> Bools:
    return np.array([node.direction is Direction.TARGET for node in tree.indicators])


def _by_sign(signs: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the worst and the best end."""
    return np.where(signs > 0, low, high), np.where(signs > 0, high, low)


def _needed(method: Normalisation, what: str, tree: Tree, *arrays: Any) -> tuple[Floats, ...]:
    """Return arrays of what each indicator needs, or say which lack it."""
    found = [
        np.full(tree.n_indicators, np.nan) if array is None else np.asarray(array, dtype=np.float64)
        for array in arrays
    ]
    lacking = np.any([np.isnan(array) for array in found], axis=0) & tree.is_scored
    if lacking.any():
        named = [tree.keys[place] for place in np.flatnonzero(lacking)]
        keys = ", ".join(named[:N_NAMED]) + (", …" if len(named) > N_NAMED else "")
        raise ReferenceMissingError(method=method.value, what=what, keys=keys)
    return tuple(found)


def _divided(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = above / below
    return np.where(np.isinf(found), np.nan, found)


def _between(table: Floats, worst: Floats, best: Floats, scale: Scale) -> Floats:
    """Return points that are `scale.low` at the worst and `scale.high` at the best end."""
    share = _divided(table - worst, best - worst)
    if scale.is_clipped:
        share = np.clip(share, 0.0, 1.0)
    return scale.low + (scale.high - scale.low) * share


def _extremes(pooled: Floats) -> tuple[Floats, Floats]:
    missing = np.isnan(pooled)
    low = np.where(missing, np.inf, pooled).min(axis=-2, keepdims=True, initial=np.inf)
    high = np.where(missing, -np.inf, pooled).max(axis=-2, keepdims=True, initial=-np.inf)
    some = low <= high
    if pooled.ndim == 2:
        low, high, some = low[0], high[0], some[0]
    return np.where(some, low, np.nan), np.where(some, high, np.nan)


def _z(table: Floats, pooled: Floats) -> Floats:
    there = ~np.isnan(pooled)
    n = there.sum(axis=-2, keepdims=True).astype(np.float64)
    mean = _divided(np.where(there, pooled, 0.0).sum(axis=-2, keepdims=True), n)
    gap = np.where(there, pooled - mean, 0.0)
    spread = np.sqrt(_divided((gap * gap).sum(axis=-2, keepdims=True), n - 1))
    # Rounding leaves equal values a spread of a few units in the last place.
    spread = np.where(spread > 1e-14 * np.abs(mean), spread, np.nan)
    return _divided(table - mean, spread)


def _to_target(
    table: Floats, tree: Tree, scale: Scale, signs: Floats, limits: tuple[Floats, Floats]
) -> Floats:
    method = Normalisation.TARGET
    is_target = _is_target(tree)
    (target,) = _needed(method, "a target", tree, tree.column("target"))
    low, high = _needed(method, "a lower and an upper goalpost", tree, *limits)
    worst, _ = _by_sign(signs, low, high)
    return _between(table, worst, np.where(is_target, 0.0, target), scale)


def _base_year(table: Floats, tree: Tree, signs: Floats, held: Frozen) -> Floats:
    if held.base is None:
        raise ReferenceMissingError(
            method=Normalisation.BASE_YEAR.value,
            what="a base year",
            keys=", ".join(tree.keys[:N_NAMED]),
        )
    base, _, _ = _oriented(np.atleast_2d(held.base), tree)
    return BASE + BASE * signs * _divided(table - base, np.abs(base))


def _fraction(table: Floats, pooled: Floats, tree: Tree, signs: Floats, scale: Scale) -> Floats:
    least, most = _extremes(pooled)
    wrong = (least < 0) | ((signs > 0) & (most <= 0)) | ((signs < 0) & (least <= 0))
    if wrong.any():
        *_, column = np.argwhere(np.atleast_2d(wrong))[0]
        value = float(np.atleast_2d(least if signs[column] < 0 else most)[..., column].flat[0])
        raise PositiveValuesError(
            method=Normalisation.FRACTION.value, key=tree.keys[column], value=value
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(signs > 0, table / most, least / table)
    return scale.low + (scale.high - scale.low) * share
