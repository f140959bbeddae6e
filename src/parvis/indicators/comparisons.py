"""How do two rates compare: as a ratio, as a difference."""

import math
from statistics import NormalDist
from typing import Literal

from parvis.indicators.checks import checked_counts, checked_level, checked_populations
from parvis.indicators.estimates import LEVEL, Estimate, Method, Note
from parvis.indicators.limits import exact_poisson_limits, exact_share_limits

RatioInterval = Literal["exact", "log-normal"]


def rate_ratio(
    count: float,
    population: float,
    *,
    base_count: float,
    base_population: float,
    interval: RatioInterval = "exact",
    level: float = LEVEL,
) -> Estimate:
    """
    One rate over another, of independent counts.

    Parameters
    ----------
    count, population : float
        Events and people, or event-years and so on, of the rate.
    base_count, base_population : float
        Those it is compared with.
    interval : {'exact', 'log-normal'}
        'exact' conditions on the sum of both counts; 'log-normal' needs events on both sides.
    level : float

    Returns
    -------
    Estimate
        1 is no change. Refused where the base has no events.

    Raises
    ------
    CountError, PopulationError, LevelError

    Notes
    -----
    Given the sum, the count is binomial with ``p = r n / (r n + n_0)``; exact limits of `p` are
    limits of the ratio `r` [1]_. Log-normal: ``r exp(± z sqrt(1/x + 1/x_0))``.

    References
    ----------
    .. [1] K. J. Rothman, S. Greenland, T. L. Lash, "Modern Epidemiology", 3rd edition, 2008,
       chapter 14.

    Examples
    --------
    >>> found = rate_ratio(12, 1000, base_count=20, base_population=1000)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.6, 0.27, 1.29)
    """
    level = checked_level(level)
    a, b = (float(each) for each in checked_counts([count, base_count], "count"))
    n, m = (float(each) for each in checked_populations([population, base_population]))
    total, share = a + b, m / n
    is_exact = interval == "exact"
    method = Method.RATIO_EXACT if is_exact else Method.RATIO_LOG_NORMAL
    bare = Estimate(None, None, None, level=level, n=int(total), method=method)
    if b == 0.0 or (a == 0.0 and not is_exact):
        return bare.withheld(Note("rate_ratio_no_events"))
    value = a / b * share
    error = math.sqrt(1.0 / a + 1.0 / b) if a else None
    if is_exact:
        low, high = (float(each) for each in exact_share_limits(a, total, level=level))
        limits = (low / (1.0 - low) * share, high / (1.0 - high) * share)
    else:
        away = NormalDist().inv_cdf(0.5 + level / 2.0) * (error or 0.0)
        limits = (value * math.exp(-away), value * math.exp(away))
    return Estimate(
        value=value,
        low=limits[0],
        high=limits[1],
        level=level,
        standard_error=None if error is None else value * error,
        n=int(total),
        method=method,
    )


def rate_difference(
    count: float,
    population: float,
    *,
    base_count: float,
    base_population: float,
    multiplier: float = 1.0,
    level: float = LEVEL,
) -> Estimate:
    """
    One rate minus another, of independent counts.

    Parameters
    ----------
    count, population, base_count, base_population, level
        As in `rate_ratio`.
    multiplier : float
        The difference is told per so many.

    Returns
    -------
    Estimate
        0 is no change.

    Raises
    ------
    CountError, PopulationError, LevelError

    Notes
    -----
    Each limit joins the distances of both rates to their exact limits by their squares [1]_:
    ``low = d - sqrt((r - l)² + (u_0 - r_0)²)``.

    References
    ----------
    .. [1] G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: a
       general approach", Statistics in Medicine 27, 2008, 1693-1702.

    Examples
    --------
    >>> found = rate_difference(12, 1000, base_count=20, base_population=1000, multiplier=1000)
    >>> round(found.value, 1), round(found.low, 1), round(found.high, 1)
    (-8.0, -20.3, 3.9)
    """
    level = checked_level(level)
    counts = checked_counts([count, base_count], "count")
    people = checked_populations([population, base_population])
    low, high = (each / people for each in exact_poisson_limits(counts, level=level))
    rates = counts / people
    value = float(rates[0] - rates[1])
    return Estimate(
        value=value,
        low=value - math.hypot(rates[0] - low[0], high[1] - rates[1]),
        high=value + math.hypot(high[0] - rates[0], rates[1] - low[1]),
        level=level,
        standard_error=math.sqrt(float((counts / people**2).sum())),
        n=int(counts.sum()),
        method=Method.DIFFERENCE_OF_LIMITS,
    ).scaled(multiplier)
