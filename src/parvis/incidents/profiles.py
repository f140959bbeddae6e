"""At what hours, on what days and in what months are incidents recorded, and how sure is that."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.incidents.errors import IncidentOptionError
from parvis.indicators.limits import byar_or_exact_limits

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]
HOURS, DAYS = 24, 7
_WEEK = HOURS * DAYS
_MINUTES = 60
_DRAWS = 199


@dataclass(frozen=True, eq=False, slots=True)
class Profile:
    """
    Incidents by hour and day of the week.

    Attributes
    ----------
    counts, low, high : ndarray, shape (7, 24)
        From Monday and from midnight; an incident between two times counts in parts.
    by_hour, by_day : ndarray, shape (24, 3) and (7, 3)
        Count and limits.
    n : int
        Incidents with a time.
    n_spread : int
        Of these, told as between two times more than an hour apart.
    n_unknown : int
        Incidents without a time, or told as within more than a week.
    level : float
    """

    counts: Floats
    low: Floats
    high: Floats
    by_hour: Floats
    by_day: Floats
    n: int
    n_spread: int
    n_unknown: int
    level: float


def hours_of_week(start: Times, end: Times) -> tuple[Floats, NDArray[np.bool_]]:
    """
    Return the share of each incident in each hour of the week, and which of them are known.

    Parameters
    ----------
    start, end : ndarray of datetime64, shape (n,)
        The same moment, or the times between which it happened.

    Returns
    -------
    shares : ndarray, shape (168,)
        Sum over incidents, Monday's first hour first.
    is_known : ndarray of bool, shape (n,)

    Notes
    -----
    An incident between two times is as likely at each moment between them [1]_.

    References
    ----------
    .. [1] J. H. Ratcliffe, "Aoristic analysis: the spatial interpretation of unspecific temporal
       events", International Journal of Geographical Information Science 14, 2000, 669-679.
    """
    first, minutes, known = _minutes(start, end)
    exact = minutes == 0
    shares = np.bincount(first[exact] // _MINUTES, minlength=_WEEK).astype(np.float64)
    begins, lasts = first[~exact], minutes[~exact]
    for step in range(int(lasts.max(initial=0)) // _MINUTES + 2):
        hour = begins // _MINUTES + step
        inside = np.minimum(begins + lasts, (hour + 1) * _MINUTES)
        inside -= np.maximum(begins, hour * _MINUTES)
        part = np.maximum(inside, 0) / lasts
        shares += np.bincount(hour % _WEEK, weights=part, minlength=_WEEK)
    return shares, known


def profile(start: ArrayLike, end: ArrayLike, *, level: float = 0.95, seed: int = 1) -> Profile:
    """
    Tell at which hours of the week incidents are recorded.

    Parameters
    ----------
    start, end : array_like of datetime64, shape (n,)
    level : float
    seed : int
        Of the draws of moments, where some incidents are told between two times.

    Returns
    -------
    Profile
        Limits are those of Poisson counts; where moments must be drawn, of counts in 199 draws of
        incidents and of moments between their times.

    Raises
    ------
    IncidentOptionError
    """
    begin = np.asarray(start, dtype="datetime64[m]")
    until = np.asarray(end, dtype="datetime64[m]")
    if begin.shape != until.shape or begin.ndim != 1:
        raise IncidentOptionError(
            what="Times", value=f"{begin.size}", accepted="a start and an end each"
        )
    shares, known = hours_of_week(begin, until)
    week = shares.reshape(DAYS, HOURS)
    first, minutes, _ = _minutes(begin, until)
    tables = (week.ravel(), week.sum(axis=0), week.sum(axis=1))
    if not minutes.any():
        limits = [byar_or_exact_limits(np.rint(each), level=level) for each in tables]
    else:
        limits = _drawn_limits(first, minutes, level, seed)
    return Profile(
        counts=week,
        low=limits[0][0].reshape(week.shape),
        high=limits[0][1].reshape(week.shape),
        by_hour=np.column_stack([tables[1], *limits[1]]),
        by_day=np.column_stack([tables[2], *limits[2]]),
        n=int(known.sum()),
        n_spread=int((minutes > _MINUTES).sum()),
        n_unknown=int((~known).sum()),
        level=level,
    )


def months(start: ArrayLike, *, level: float = 0.95) -> tuple[Times, Floats]:
    """
    Count incidents by month, months without any included.

    Returns
    -------
    month : ndarray of datetime64[M]
    counts : ndarray, shape (n, 4)
        Count, its limits, and the count of 30 days.
    """
    known = np.asarray(start, dtype="datetime64[M]")
    known = known[~np.isnat(known)]
    if not known.size:
        return known, np.empty((0, 4))
    month = np.arange(known.min(), known.max() + 1)
    counts = np.bincount((known - month[0]).astype(np.int64), minlength=month.size).astype(float)
    low, high = byar_or_exact_limits(counts, level=level)
    days = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64)
    return month, np.column_stack([counts, low, high, counts / days * 30.0])


def _minutes(
    start: Times, end: Times
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the minute of the week of each known start, how long it lasts, which are known."""
    length = end - start
    known = ~(np.isnat(start) | np.isnat(end))
    known &= np.where(
        known, (length >= np.timedelta64(0)) & (length.astype(np.int64) <= 10080), False
    )
    # 1970-01-01 was a Thursday, three days after a Monday.
    since = start[known].astype("datetime64[m]").astype(np.int64) + 3 * 24 * _MINUTES
    return since % (_WEEK * _MINUTES), length[known].astype(np.int64), known


def _drawn_limits(
    first: NDArray[np.int64], minutes: NDArray[np.int64], level: float, seed: int
) -> list[tuple[Floats, Floats]]:
    drawn = np.random.default_rng(seed)
    weeks = np.empty((_DRAWS, DAYS, HOURS))
    for draw in range(_DRAWS):
        moment = first + np.floor(drawn.random(first.size) * minutes).astype(np.int64)
        hour = moment // _MINUTES % _WEEK
        times = drawn.poisson(1.0, first.size)
        weeks[draw] = np.bincount(hour, weights=times, minlength=_WEEK).reshape(DAYS, HOURS)
    tail = (1.0 - level) / 2.0
    found = []
    for table in (weeks.reshape(_DRAWS, -1), weeks.sum(axis=1), weeks.sum(axis=2)):
        low, high = np.quantile(table, [tail, 1.0 - tail], axis=0)
        found.append((low, high))
    return found
