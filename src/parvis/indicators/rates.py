"""How often does something happen, for how many people, and how sure is that."""

import math
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.checks import checked_counts, checked_level, checked_populations
from parvis.indicators.errors import BandsError, PopulationSmallerError, RepeatsError
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.limits import (
    EXACT_BELOW,
    Floats,
    byar_or_exact_limits,
    exact_poisson_limits,
    wilson_limits,
)

Interval = Literal["byar", "exact"]
EUROPEAN_STANDARD_2013 = (
    5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000,
    7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000,
)  # fmt: skip
"""Bands of five years from 0-4 to 85-89, and 90 and over; Eurostat, 2013."""
LEAST_STANDARDISED = 10
"""Rates of fewer events are not standardised."""

_LIMITS: Mapping[str, Callable[..., tuple[Floats, Floats]]] = {
    "byar": byar_or_exact_limits,
    "exact": exact_poisson_limits,
}


def count_estimate(count: float, *, level: float = LEVEL, interval: Interval = "byar") -> Estimate:
    """
    Take a count of events as an estimate of the count to be expected.

    Parameters
    ----------
    count : int
        Events, >= 0.
    level : float
    interval : {'byar', 'exact'}
        'byar' is exact below 10 events, see `byar_or_exact_limits`.

    Raises
    ------
    CountError, LevelError
    """
    return crude_rate(count, 1.0, level=level, interval=interval, can_repeat=True)


def crude_rate(
    count: float,
    population: float,
    *,
    multiplier: float = 1.0,
    level: float = LEVEL,
    interval: Interval = "byar",
    can_repeat: bool = False,
) -> Estimate:
    """
    Events or persons counted, per people there are.

    Parameters
    ----------
    count : int
        Events or persons, >= 0.
    population : float
        People, dwellings, lamps or person-years, > 0.
    multiplier : float
        The rate is told per so many.
    level : float
    interval : {'byar', 'exact'}
    can_repeat : bool
        Whether one of the population may be counted more than once, as offences are; without it a
        count above the population is an error.

    Returns
    -------
    Estimate
        ``count / population * multiplier``; limits are those of a Poisson count.

    Raises
    ------
    CountError, PopulationError, PopulationSmallerError, LevelError

    Examples
    --------
    >>> found = crude_rate(65, 10_000, multiplier=100_000)
    >>> round(found.value, 1), round(found.low, 1), round(found.high, 1)
    (650.0, 501.6, 828.5)
    """
    level = checked_level(level)
    counts = checked_counts([count], "count")
    people = checked_populations([population])
    if not can_repeat and counts[0] > people[0]:
        raise PopulationSmallerError(row=1, count=_plain(count), population=_plain(population))
    low, high = _LIMITS[interval](counts, level=level)
    return Estimate(
        value=float(counts[0]) / population,
        low=float(low[0]) / population,
        high=float(high[0]) / population,
        level=level,
        standard_error=math.sqrt(counts[0]) / population,
        n=int(counts[0]),
        method=_poisson_method(counts[0], interval),
    ).scaled(multiplier)


def directly_standardised_rate(
    counts: ArrayLike,
    populations: ArrayLike,
    *,
    standard: ArrayLike = EUROPEAN_STANDARD_2013,
    repeats: ArrayLike | None = None,
    multiplier: float = 1.0,
    level: float = LEVEL,
    interval: Interval = "byar",
    can_repeat: bool = False,
) -> Estimate:
    """
    Tell the rate a standard population would have with this population's rates by age.

    Parameters
    ----------
    counts, populations : array_like, shape (n_bands,)
        Events and people by age band.
    standard : array_like, shape (n_bands,)
        Standard population in the same bands.
    repeats : array_like, shape (n_bands, n_frequencies), optional
        Persons with one event, with two, and so on: events of one person are not independent.
        Without it the interval is too narrow where persons are hit repeatedly.
    multiplier, level, interval
        As in `crude_rate`.
    can_repeat : bool
        Taken as true where `repeats` are given.

    Returns
    -------
    Estimate
        Refused below ten events in all.

    Raises
    ------
    CountError, PopulationError, PopulationSmallerError, BandsError, RepeatsError, LevelError

    Notes
    -----
    ``DSR = sum(w x / n) / sum w`` with the variance ``sum(w² x / n²) / (sum w)²``; limits
    ``DSR + sqrt(var / O) (O_limit - O)`` around the count ``O`` of all bands [1]_. With repeats the
    variance of a band's count is ``sum f² x_f`` over the frequencies.

    References
    ----------
    .. [1] A. J. Dobson, K. Kuulasmaa, E. Eberle, J. Scherer, "Confidence intervals for weighted
       sums of Poisson parameters", Statistics in Medicine 10, 1991, 457-462.
    """
    level = checked_level(level)
    events, people = checked_counts(counts, "count"), checked_populations(populations)
    weights = np.asarray(standard, dtype=np.float64)
    if not events.size == people.size == weights.size:
        raise BandsError(counts=events.size, populations=people.size, standard=weights.size)
    weights = checked_populations(weights)
    if repeats is None and not can_repeat:
        for band in np.flatnonzero(events > people)[:1]:
            raise PopulationSmallerError(
                row=int(band) + 1, count=_plain(events[band]), population=_plain(people[band])
            )
    spread = events if repeats is None else _spread_of_repeats(repeats, events)
    total, shares = float(events.sum()), weights / weights.sum()
    value = float((shares * events / people).sum())
    variance = float((shares**2 * spread / people**2).sum())
    low, high = _LIMITS[interval](np.array([total]), level=level)
    scale = math.sqrt(variance / total) if total else 0.0
    found = Estimate(
        value=value,
        low=max(value + scale * (float(low[0]) - total), 0.0),
        high=value + scale * (float(high[0]) - total),
        level=level,
        standard_error=math.sqrt(variance),
        n=int(total),
        method=Method.DOBSON if repeats is None else Method.DOBSON_REPEATS,
    ).scaled(multiplier)
    if total < LEAST_STANDARDISED:
        details = {"count": _plain(total), "least": LEAST_STANDARDISED}
        return found.withheld(Note("rate_standardised_few", details))
    if repeats is None and can_repeat:
        return found.marked([Flag.ESTIMATED], [Note("rate_repeats_unknown")])
    return found


def indirectly_standardised_ratio(
    counts: ArrayLike,
    populations: ArrayLike,
    *,
    reference_counts: ArrayLike,
    reference_populations: ArrayLike,
    level: float = LEVEL,
    interval: Interval = "byar",
) -> Estimate:
    """
    Events counted over the events that a reference's rates by age would bring.

    Parameters
    ----------
    counts, populations : array_like, shape (n_bands,)
        Here; bands without people may stand with zero.
    reference_counts, reference_populations : array_like, shape (n_bands,)
    level, interval
        As in `crude_rate`.

    Returns
    -------
    Estimate
        1 is as often as in the reference; limits are those of the Poisson count over the expected
        count, which is taken as known [1]_.

    Raises
    ------
    CountError, PopulationError, BandsError, LevelError

    References
    ----------
    .. [1] N. E. Breslow, N. E. Day, "Statistical Methods in Cancer Research", volume 2, IARC,
       1987, section 2.3.
    """
    level = checked_level(level)
    events = checked_counts(counts, "count")
    people = checked_populations(populations, can_be_zero=True)
    there = checked_counts(reference_counts, "reference count")
    among = checked_populations(reference_populations)
    if not events.size == people.size == there.size == among.size:
        raise BandsError(counts=events.size, populations=people.size, standard=among.size)
    expected = float((people * there / among).sum())
    if expected <= 0.0:
        return Estimate(None, None, None, level=level, n=int(events.sum())).withheld(
            Note("rate_nothing_expected")
        )
    return crude_rate(
        float(events.sum()), expected, level=level, interval=interval, can_repeat=True
    )


def proportion(hits: float, n: float, *, level: float = LEVEL) -> Estimate:
    """
    Share of a simple count, with Wilson's interval; see `wilson_limits`.

    Raises
    ------
    CountError, PopulationError, PopulationSmallerError, LevelError

    Examples
    --------
    >>> round(proportion(65, 100).low, 4)
    0.5525
    """
    level = checked_level(level)
    counted = float(checked_counts([hits], "count")[0])
    size = float(checked_populations([n])[0])
    if counted > size:
        raise PopulationSmallerError(row=1, count=_plain(hits), population=_plain(n))
    low, high = wilson_limits(counted, size, level=level)
    share = counted / size
    return Estimate(
        value=share,
        low=float(low),
        high=float(high),
        level=level,
        standard_error=math.sqrt(share * (1.0 - share) / size),
        n=int(size),
        n_effective=size,
        method=Method.WILSON,
    )


def mean_of_values(values: ArrayLike, *, level: float = LEVEL) -> Estimate:
    """
    Mean of independent measurements, with Student's interval.

    Parameters
    ----------
    values : array_like, shape (n,)
        Missing ones are NaN and are left out.
    level : float

    Returns
    -------
    Estimate
        Refused without a value, without an interval for a single one.

    Notes
    -----
    ``mean ± t(n - 1) s / sqrt n`` [1]_.

    References
    ----------
    .. [1] Student, "The probable error of a mean", Biometrika 6, 1908, 1-25.
    """
    from scipy.special import stdtrit

    level = checked_level(level)
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    if known.size == 0:
        return Estimate(None, None, None, level=level, n=0).withheld(Note("estimate_no_answers"))
    mean = float(known.mean())
    if known.size == 1:
        alone = Estimate(mean, None, None, level=level, n=1)
        return alone.marked([Flag.UNRELIABLE], [Note("estimate_no_interval")])
    error = float(known.std(ddof=1)) / math.sqrt(known.size)
    half = float(stdtrit(known.size - 1, 0.5 + level / 2.0)) * error
    return Estimate(
        value=mean,
        low=mean - half,
        high=mean + half,
        level=level,
        standard_error=error,
        n=int(known.size),
        n_effective=float(known.size),
        df=float(known.size - 1),
        method=Method.STUDENT,
    )


def _spread_of_repeats(repeats: ArrayLike, events: Floats) -> Floats:
    persons = checked_counts(repeats, "persons by number of events")
    if persons.ndim != 2 or persons.shape[0] != events.size:
        raise BandsError(counts=events.size, populations=len(persons), standard=len(persons))
    times = np.arange(1, persons.shape[1] + 1)
    said = persons @ times
    for band in np.flatnonzero(said != events)[:1]:
        raise RepeatsError(row=int(band) + 1, events=_plain(said[band]), count=_plain(events[band]))
    return np.asarray(persons @ times**2, dtype=np.float64)


def _poisson_method(count: float, interval: Interval) -> Method:
    is_exact = interval == "exact" or count < EXACT_BELOW
    return Method.POISSON if is_exact else Method.BYAR


def _plain(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)
