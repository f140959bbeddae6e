"""How much of the spread of a result each uncertain choice is to blame for."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from parvis.indicators.composite.errors import DrawsError
from parvis.indicators.composite.tree import Floats, Ints

N_BOOTSTRAP = 500
COVERED = 0.90
CONVERGED_CHANGE = 0.05
"""Indices may move by so much between half of the design and all of it."""
CONVERGED_WIDTH = 0.20
"""Intervals of total indices may be so wide."""
LEAST_DRAWS, MOST_DRAWS = 8, 2**14


@dataclass(frozen=True)
class Indices:
    """
    Sobol indices of factors.

    Attributes
    ----------
    factors : tuple of str
    first, total : ndarray, shape (factors,)
        Share of the variance that goes with a factor alone, and with it and its interactions. NaN
        where nothing varies. Estimates can lie slightly outside of 0 to 1.
    first_interval, total_interval : ndarray, shape (factors, 2)
        Bootstrap intervals of 90 %.
    variance : float
    change : float
        Greatest move of an index between the first half of the design and all of it.
    has_converged : bool
        Whether `change` and the widths of the intervals of the total indices are small.
    """

    factors: tuple[str, ...]
    first: Floats
    total: Floats
    first_interval: Floats
    total_interval: Floats
    variance: float
    change: float
    has_converged: bool


def check_draws(n: int) -> int:
    """Return `n` if it is a number of draws that can be used."""
    if not LEAST_DRAWS <= n <= MOST_DRAWS:
        raise DrawsError(n=n, least=LEAST_DRAWS, most=MOST_DRAWS)
    return n


def sobol_points(n: int, n_dimensions: int, *, seed: int) -> Floats:
    """
    Return points of a scrambled Sobol sequence.

    Parameters
    ----------
    n : int
        The least power of two that holds `n` is drawn, and the first `n` points are kept.
    n_dimensions : int
    seed : int

    Returns
    -------
    ndarray, shape (n, n_dimensions)
        Inside (0, 1).
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(n_dimensions, scramble=True, rng=np.random.default_rng(seed))
    return np.clip(engine.random_base2(int(np.ceil(np.log2(max(n, 1)))))[:n], 1e-12, 1 - 1e-12)


def design(n: int, n_factors: int) -> Ints:
    """
    Return from which of 2 n base states each run takes each factor.

    Parameters
    ----------
    n : int
    n_factors : int

    Returns
    -------
    ndarray of int, shape (n (n_factors + 2), n_factors)
        First the n runs of A (states 0 to n - 1), then those of B, then for each factor those of A
        with this factor from B.
    """
    first = np.arange(n, dtype=np.intp)
    a = np.repeat(first[:, None], n_factors, axis=1)
    mixed = []
    for factor in range(n_factors):
        part = a.copy()
        part[:, factor] += n
        mixed.append(part)
    return np.concatenate([a, a + n, *mixed])


def sobol_indices(
    results: Floats,
    factors: tuple[str, ...],
    *,
    seed: int = 0,
    coinr_compat: bool = False,
) -> Indices:
    """
    Estimate Sobol indices from runs of :func:`design`.

    Parameters
    ----------
    results : ndarray, shape (n (factors + 2),)
    factors : tuple of str
    seed : int
        Of the bootstrap.
    coinr_compat : bool, default False
        Estimate as COINr does: the results of B are not centred, and the bootstrap keeps the
        variance. For comparison only: intervals are needlessly wide.

    Returns
    -------
    Indices

    Notes
    -----
    First order ``mean(f(B) (f(AB_i) - f(A))) / V`` [1]_ with f(B) less the mean of f(A) and f(B):
    the expected value stays, its spread shrinks by the square of the mean. Total
    ``mean((f(A) - f(AB_i))²) / (2 V)`` [2]_. V is the variance of f(A) and f(B) together. The
    bootstrap draws whole rows of the design.

    References
    ----------
    .. [1] A. Saltelli et al., "Variance based sensitivity analysis of model output", Computer
       Physics Communications 181, 2010. doi:10.1016/j.cpc.2009.09.018
    .. [2] M. J. W. Jansen, "Analysis of variance designs for model output", Computer Physics
       Communications 117, 1999. doi:10.1016/S0010-4655(98)00154-4
    """
    k = len(factors)
    n = results.size // (k + 2)
    a, b, mixed = results[:n], results[n : 2 * n], results[2 * n :].reshape(k, n)
    pick = _estimator(a, b, mixed, coinr_compat=coinr_compat)
    everything = np.arange(n)
    first, total, variance = pick(everything)
    half = pick(everything[: n // 2])
    rng = np.random.default_rng(seed)
    drawn = [pick(rng.integers(n, size=n)) for _ in range(N_BOOTSTRAP)]
    ends = [(1 - COVERED) / 2, (1 + COVERED) / 2]
    if variance <= 0:
        nothing = np.full((k, 2), np.nan)
        return Indices(factors, first, total, nothing, nothing, 0.0, 0.0, has_converged=True)
    first_interval = np.quantile(np.stack([d[0] for d in drawn]), ends, axis=0).T
    total_interval = np.quantile(np.stack([d[1] for d in drawn]), ends, axis=0).T
    moved = np.abs(np.concatenate([half[0] - first, half[1] - total]))
    change = float(moved.max()) if np.isfinite(moved).all() else float("inf")
    width = float(np.diff(total_interval, axis=1).max())
    return Indices(
        factors,
        first,
        total,
        first_interval,
        total_interval,
        float(variance),
        change,
        has_converged=change <= CONVERGED_CHANGE and width <= CONVERGED_WIDTH,
    )


def _estimator(
    a: Floats, b: Floats, mixed: Floats, *, coinr_compat: bool
) -> Callable[[Ints], tuple[Floats, Floats, float]]:
    whole = float(np.concatenate([a, b]).var(ddof=1))

    def estimate(rows: Ints) -> tuple[Floats, Floats, float]:
        fa, fb, fab = a[rows], b[rows], mixed[:, rows]
        both = np.concatenate([fa, fb])
        variance = whole if coinr_compat else float(both.var(ddof=1))
        middle = 0.0 if coinr_compat else float(both.mean())
        if variance <= 0:
            nothing = np.full(mixed.shape[0], np.nan)
            return nothing, nothing, 0.0
        first = ((fb - middle) * (fab - fa)).mean(axis=1) / variance
        total = ((fa - fab) ** 2).mean(axis=1) / (2 * variance)
        return first, total, variance

    return estimate
