"""How sure is a value of audited places or of single times, told by drawing them again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.checks import checked_level
from parvis.indicators.errors import PopulationError
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.survey.errors import AnswerValuesError, SurveyRowsError

Floats = NDArray[np.float64]
N_DRAWS = 2_000
LEAST_PLACES = 10
"""Fewer places than this tell too little of how much places differ."""


@dataclass(frozen=True, eq=False, slots=True)
class Resampled:
    """
    An estimate with its draws.

    Attributes
    ----------
    estimate : Estimate
    draws : ndarray, shape (n_draws,)
        In the same unit, for a composite's Monte Carlo; empty where there is no interval.
    """

    estimate: Estimate
    draws: Floats


def audited_ratio(
    above: ArrayLike,
    below: ArrayLike | None = None,
    *,
    multiplier: float = 1.0,
    level: float = LEVEL,
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> Resampled:
    """
    Estimate a ratio over audited places: length lit over length, women over persons counted.

    Parameters
    ----------
    above : array_like, shape (n_places,)
        Summed above the line; with nothing below it the result is the mean of places.
    below : array_like, shape (n_places,), optional
        Summed below the line, >= 0.
    multiplier : float
        100 for per cent.
    level : float
    n_draws : int
    seed : int
        The same one gives the same draws.

    Returns
    -------
    Resampled
        With the bootstrap's percentiles over places [1]_: all that was seen in a place is drawn
        together. Fewer than `LEAST_PLACES` places are flagged as unreliable; a single one has no
        interval.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, PopulationError, LevelError

    References
    ----------
    .. [1] B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.

    Examples
    --------
    >>> found = audited_ratio([1.0, 0.0, 1.0, 1.0], multiplier=100.0)
    >>> found.estimate.value, found.estimate.flags[0].value
    (75.0, 'u')
    """
    said = _numbers(above, "audited places")
    under = np.ones(said.size) if below is None else _numbers(below, "audited places")
    if said.size != under.size:
        raise SurveyRowsError(what="audited places", found=under.size, expected=said.size)
    for row in np.flatnonzero(under < 0.0)[:1]:
        raise PopulationError(row=int(row) + 1, value=float(under[row]))
    if said.size and not under.sum() > 0.0:
        raise PopulationError(row=1, value=float(under[0]))

    def ratios(rows: NDArray[np.intp]) -> Floats:
        sums = under[rows].sum(axis=-1)
        known = np.where(sums > 0.0, sums, np.nan)
        return np.asarray(multiplier * said[rows].sum(axis=-1) / known)

    return _resampled(ratios, said.size, level, n_draws, seed)


def resampled_quantile(
    values: ArrayLike,
    at: float = 0.5,
    *,
    level: float = LEVEL,
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> Resampled:
    """
    Estimate a quantile of single values, such as response times, by the bootstrap.

    Parameters
    ----------
    values : array_like, shape (n,)
    at : float
        0.5 for the median, 0.9 for the ninth decile.
    level, n_draws, seed
        As of `audited_ratio`.

    Raises
    ------
    AnswerValuesError, LevelError
    """
    said = _numbers(values, "values")
    share = checked_level(at)

    def quantiles(rows: NDArray[np.intp]) -> Floats:
        return np.asarray(np.quantile(said[rows], share, axis=-1))

    return _resampled(quantiles, said.size, level, n_draws, seed)


def _resampled(
    statistic: Callable[[NDArray[np.intp]], Floats], n: int, level: float, n_draws: int, seed: int
) -> Resampled:
    level = checked_level(level)
    none = np.empty(0)
    if n == 0:
        bare = Estimate(None, None, None, level=level, n=0)
        return Resampled(bare.withheld(Note("estimate_no_answers")), none)
    value = float(statistic(np.arange(n)))
    if n == 1:
        bare = Estimate(value, None, None, level=level, n=1)
        return Resampled(bare.marked([Flag.UNRELIABLE], [Note("estimate_no_interval")]), none)
    rng = np.random.default_rng(seed)
    # In blocks, so that many thousands of values need little memory.
    block = max(1, 2_000_000 // n)
    parts = [
        statistic(rng.integers(0, n, (min(block, n_draws - done), n)))
        for done in range(0, n_draws, block)
    ]
    draws = np.concatenate(parts)
    draws = draws[~np.isnan(draws)]
    low, high = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0]).tolist()
    found = Estimate(
        value, low, high, level, float(draws.std(ddof=1)), n, None, None, Method.BOOTSTRAP
    )
    if n < LEAST_PLACES:
        few = Note("estimate_few_places", {"n": n, "least": LEAST_PLACES})
        found = found.marked([Flag.UNRELIABLE], [few])
    return Resampled(found, draws)


def _numbers(values: ArrayLike, what: str) -> Floats:
    found = np.atleast_1d(np.asarray(values, dtype=np.float64))
    for row in np.flatnonzero(~np.isfinite(found))[:1]:
        raise AnswerValuesError(
            what=what, value=float(found[row]), row=int(row) + 1, accepted="finite numbers"
        )
    return found
