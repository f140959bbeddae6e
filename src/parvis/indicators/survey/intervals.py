"""Within which limits does a share estimated from a sample lie."""

import math
from collections.abc import Callable, Mapping

from parvis.indicators.estimates import Method

Limits = tuple[float, float]


def share_limits(
    share: float, error: float, *, df: float, n: int, level: float, method: Method
) -> Limits:
    """
    Limits of a share.

    Parameters
    ----------
    share, error : float
        The share, within 0 to 1 and neither of them, and its standard error, > 0.
    df : float
        Degrees of freedom of the error; infinite for the normal distribution.
    n : int
        Answers, unweighted.
    level : float
    method : :class:`~parvis.indicators.estimates.Method`
        LOGIT and XLOGIT (the same interval from a model's and from the share's linearisation),
        LIKELIHOOD, ARCSINE, BETA or WALD.

    Returns
    -------
    tuple of float

    Notes
    -----
    LOGIT: ``logit p ± t se / (p (1 - p))``. LIKELIHOOD: the shares at which the likelihood ratio,
    over the design effect ``n se²/(p (1 - p))`` and the dispersion ``n/(n - 1)``, reaches ``t²``
    [1]_. ARCSINE: ``sin²(asin sqrt p ± t se / (2 sqrt(p (1 - p))))``. BETA: exact limits for the
    effective sample size ``p (1 - p) / se²`` times ``(t(n - 1) / t(df))²`` [2]_. WALD:
    ``p ± t se``; it can leave 0 to 1 and is cut there.

    References
    ----------
    .. [1] J. N. K. Rao, A. J. Scott, "On chi-squared tests for multiway contingency tables with
       cell proportions estimated from survey data", Annals of Statistics 12, 1984, 46-60.
    .. [2] E. L. Korn, B. I. Graubard, "Confidence intervals for proportions with small expected
       number of positive counts estimated from survey data", Survey Methodology 24, 1998, 193-201.

    Examples
    --------
    >>> low, high = share_limits(0.2, 0.04, df=60.0, n=400, level=0.95, method=Method.LOGIT)
    >>> round(low, 4), round(high, 4)
    (0.1317, 0.2919)
    """
    t = student(df, level)
    found = _LIMITS[method](share, error, t, n, level)
    return max(found[0], 0.0), min(found[1], 1.0)


def student(df: float, level: float) -> float:
    """Return the two-sided quantile of Student's distribution; the normal's for infinite `df`."""
    from statistics import NormalDist

    from scipy.special import stdtrit

    if math.isinf(df):
        return NormalDist().inv_cdf(0.5 + level / 2.0)
    return float(stdtrit(df, 0.5 + level / 2.0))


def _logit(share: float, error: float, t: float, n: int, level: float) -> Limits:
    del n, level
    middle = math.log(share / (1.0 - share))
    away = t * error / (share * (1.0 - share))
    return _share(middle - away), _share(middle + away)


def _share(log_odds: float) -> float:
    """Return the share of log odds, without overflow."""
    return 0.5 * (1.0 + math.tanh(0.5 * log_odds))


def _likelihood(share: float, error: float, t: float, n: int, level: float) -> Limits:
    from scipy.optimize import brentq

    del level
    size = share * (1.0 - share) / error**2 * (n - 1.0) / n

    def beyond(other: float) -> float:
        apart = share * math.log(share / other)
        apart += (1.0 - share) * math.log((1.0 - share) / (1.0 - other))
        return 2.0 * size * apart - t**2

    tiny = 1e-15
    low = tiny if beyond(tiny) < 0.0 else brentq(beyond, tiny, share, xtol=1e-14)
    last = 1.0 - tiny
    high = last if beyond(last) < 0.0 else brentq(beyond, share, last, xtol=1e-14)
    return float(low), float(high)


def _arcsine(share: float, error: float, t: float, n: int, level: float) -> Limits:
    del n, level
    middle = math.asin(math.sqrt(share))
    away = t * error / (2.0 * math.sqrt(share * (1.0 - share)))
    low, high = max(middle - away, 0.0), min(middle + away, math.pi / 2.0)
    return math.sin(low) ** 2, math.sin(high) ** 2


def _beta(share: float, error: float, t: float, n: int, level: float) -> Limits:
    from parvis.indicators.limits import exact_share_limits

    size = share * (1.0 - share) / error**2 * (student(max(n - 1.0, 1.0), level) / t) ** 2
    low, high = exact_share_limits(share * size, size, level=level)
    return float(low), float(high)


def _wald(share: float, error: float, t: float, n: int, level: float) -> Limits:
    del n, level
    return share - t * error, share + t * error


_LIMITS: Mapping[Method, Callable[[float, float, float, int, float], Limits]] = {
    Method.LOGIT: _logit,
    Method.XLOGIT: _logit,
    Method.LIKELIHOOD: _likelihood,
    Method.ARCSINE: _arcsine,
    Method.BETA: _beta,
    Method.WALD: _wald,
}
SHARE_METHODS = tuple(_LIMITS)
