"""Between which limits do counts and unweighted shares lie, many at a time."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.estimates import LEVEL

Floats = NDArray[np.float64]
EXACT_BELOW = 10
"""Byar's approximation is used from this count on."""


def exact_poisson_limits(counts: ArrayLike, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """
    Exact limits of Poisson means.

    Parameters
    ----------
    counts : array_like of int
        Events counted, >= 0.
    level : float
        Confidence level, 0 to 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits. [events]

    Notes
    -----
    ``chi2(a/2; 2 O)/2`` and ``chi2(1 - a/2; 2 O + 2)/2`` [1]_; the true mean lies inside in at
    least `level` of all cases, for small means in more.

    References
    ----------
    .. [1] F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28, 1936,
       437-442.

    Examples
    --------
    >>> low, high = exact_poisson_limits([0, 65])
    >>> low.round(4), high.round(4)
    (array([ 0.    , 50.1656]), array([ 3.6889, 82.8478]))
    """
    from scipy.special import chdtri

    observed = np.asarray(counts, dtype=np.float64)
    tail = (1.0 - level) / 2.0
    low = chdtri(2.0 * np.maximum(observed, 0.5), 1.0 - tail) / 2.0
    high = chdtri(2.0 * observed + 2.0, tail) / 2.0
    return np.where(observed > 0.0, low, 0.0), np.asarray(high)


def byar_limits(counts: ArrayLike, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """
    Byar's approximation of the limits of Poisson means.

    Parameters
    ----------
    counts : array_like of int
        Events counted, >= 0.
    level : float

    Returns
    -------
    tuple of ndarray
        NaN for a lower limit that would fall below zero.

    Notes
    -----
    ``O (1 - 1/(9 O) - z/(3 sqrt O))^3`` and the same with ``O + 1`` and plus [1]_.

    References
    ----------
    .. [1] N. E. Breslow, N. E. Day, "Statistical Methods in Cancer Research", volume 2, IARC,
       1987, equation 2.13.

    Examples
    --------
    >>> low, high = byar_limits([65])
    >>> low.round(6), high.round(6)
    (array([50.163188]), array([82.849139]))
    """
    observed = np.asarray(counts, dtype=np.float64)
    z = _z(level)
    safe = np.maximum(observed, 1e-12)
    low = safe * (1.0 - 1.0 / (9.0 * safe) - z / (3.0 * np.sqrt(safe))) ** 3
    more = observed + 1.0
    high = more * (1.0 - 1.0 / (9.0 * more) + z / (3.0 * np.sqrt(more))) ** 3
    return np.where((observed > 0.0) & (low >= 0.0), low, np.nan), np.asarray(high)


def byar_or_exact_limits(counts: ArrayLike, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """
    Limits as public health practice takes them: exact below 10 events, Byar's from 10 on.

    Parameters and result as in `exact_poisson_limits`.
    """
    observed = np.asarray(counts, dtype=np.float64)
    few = observed < EXACT_BELOW
    exact, byar = exact_poisson_limits(observed, level=level), byar_limits(observed, level=level)
    return np.where(few, exact[0], byar[0]), np.where(few, exact[1], byar[1])


def wilson_limits(hits: ArrayLike, n: ArrayLike, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """
    Wilson's score limits of shares.

    Parameters
    ----------
    hits : array_like
        How many have the property, 0 to `n`.
    n : array_like
        How many there are, > 0; an effective size may be a fraction.
    level : float

    Returns
    -------
    tuple of ndarray
        Shares, within 0 to 1.

    Notes
    -----
    ``(2 x + z² ∓ z sqrt(z² + 4 x (1 - x/n))) / (2 (n + z²))`` [1]_.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
       Journal of the American Statistical Association 22, 1927, 209-212.

    Examples
    --------
    >>> low, high = wilson_limits(65, 100)
    >>> float(low.round(6)), float(high.round(6))
    (0.552544, 0.736358)
    """
    x, size = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = _z(level)
    half = z * np.sqrt(z**2 + 4.0 * x * np.maximum(1.0 - x / size, 0.0))
    middle, width = 2.0 * x + z**2, 2.0 * (size + z**2)
    low = np.where(x > 0.0, (middle - half) / width, 0.0)
    high = np.where(x < size, (middle + half) / width, 1.0)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def exact_share_limits(
    hits: ArrayLike, n: ArrayLike, *, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """
    Exact limits of shares.

    Parameters and result as in `wilson_limits`.

    Notes
    -----
    Quantiles of the beta distributions ``(x, n - x + 1)`` and ``(x + 1, n - x)`` [1]_.

    References
    ----------
    .. [1] C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in
       the case of the binomial", Biometrika 26, 1934, 404-413.
    """
    from scipy.special import betaincinv

    x, size = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    tail = (1.0 - level) / 2.0
    tiny = 1e-300
    low = betaincinv(np.maximum(x, tiny), size - x + 1.0, tail)
    high = betaincinv(x + 1.0, np.maximum(size - x, tiny), 1.0 - tail)
    return np.where(x > 0.0, low, 0.0), np.where(x < size, high, 1.0)


def _z(level: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + level / 2.0)
