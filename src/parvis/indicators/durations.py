"""How long does something take, when some cases are still open."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.checks import checked_level
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.survey.errors import AnswerValuesError, SurveyRowsError


def median_duration(
    durations: ArrayLike, is_closed: ArrayLike, *, level: float = LEVEL
) -> Estimate:
    """
    Estimate the median time until cases are closed, open ones included.

    Parameters
    ----------
    durations : array_like, shape (n,)
        From the report to the closing, or to the day the list was drawn for open cases. >= 0
    is_closed : array_like of bool, shape (n,)
    level : float

    Returns
    -------
    Estimate
        No value where fewer than half are closed by any time; no upper limit where it is not
        reached, and a note says so.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, LevelError

    Notes
    -----
    The product-limit estimate ``S(t) = prod(1 - d/n)`` [1]_; the median is the first time at which
    it is one half or less. Limits hold the times at which ``log(-log S)`` lies within the normal
    quantile times its error of ``log(-log 1/2)`` [2]_.

    References
    ----------
    .. [1] E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", Journal
       of the American Statistical Association 53, 1958, 457-481.
    .. [2] R. Brookmeyer, J. Crowley, "A confidence interval for the median survival time",
       Biometrics 38, 1982, 29-41.

    Examples
    --------
    >>> median_duration([1, 2, 3, 4, 5], [True, True, True, True, True]).value
    3.0
    """
    level = checked_level(level)
    times = np.atleast_1d(np.asarray(durations, dtype=np.float64))
    closed = np.atleast_1d(np.asarray(is_closed, dtype=np.bool_))
    if times.size != closed.size:
        raise SurveyRowsError(what="cases", found=closed.size, expected=times.size)
    for row in np.flatnonzero(~(np.isfinite(times) & (times >= 0.0)))[:1]:
        raise AnswerValuesError(
            what="durations", value=float(times[row]), row=int(row) + 1, accepted="0 or more"
        )
    bare = Estimate(None, None, None, level, None, times.size, method=Method.KAPLAN_MEIER)
    if not closed.any():
        return bare.withheld(Note("estimate_no_answers"))
    known = np.unique(times[closed])
    at_risk = times.size - np.searchsorted(np.sort(times), known, side="left")
    events = np.bincount(np.searchsorted(known, times[closed]), minlength=known.size)
    still_open = np.cumprod(1.0 - events / at_risk)
    reached = np.flatnonzero(still_open <= 0.5 + 1e-12)
    if not reached.size:
        return bare.withheld(Note("duration_not_reached"))
    left = at_risk - events
    greenwood = np.cumsum(events / (at_risk * np.where(left > 0, left, np.nan)))
    low, high = _limits(known, still_open, greenwood, level)
    value = float(known[reached[0]])
    found = Estimate(value, low, high, level, None, times.size, method=Method.KAPLAN_MEIER)
    if high is None:
        return found.marked([Flag.UNRELIABLE], [Note("duration_open")])
    return found


def _limits(
    times: NDArray[np.floating[Any]],
    still_open: NDArray[np.floating[Any]],
    greenwood: NDArray[np.floating[Any]],
    level: float,
) -> tuple[float | None, float | None]:
    """Return the first times at which one half leaves the limits of those still open."""
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    low = high = None
    for time, share, spread in zip(
        times.tolist(), still_open.tolist(), greenwood.tolist(), strict=True
    ):
        if share <= 0.0 or math.isnan(spread):
            lower = upper = 0.0
        else:
            away = z * math.sqrt(spread) / abs(math.log(share))
            lower, upper = share ** math.exp(away), share ** math.exp(-away)
        if low is None and lower <= 0.5:
            low = time
        if high is None and upper <= 0.5:
            high = time
    return low, high
