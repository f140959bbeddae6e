"""Did a value rise, fall, or is there nothing that can be shown at 95 %."""

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from parvis.indicators.comparisons import rate_ratio
from parvis.indicators.dashboard.model import Change, Comparison, Point
from parvis.indicators.estimates import LEVEL, Estimate, Method, Note
from parvis.indicators.limits import exact_share_limits
from parvis.indicators.values import Observation, period_days

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

JEFFREYS = 0.5


def compared(
    before: Point, after: Point, indicator: "Indicator", *, broken_at: str | None = None
) -> Comparison:
    """
    Compare a value with an earlier one of independent data.

    Parameters
    ----------
    before, after : Point
    indicator : Indicator
    broken_at : str, optional
        A period from which on values cannot be compared with `before`.

    Returns
    -------
    Comparison
        Counts are compared by their exact ratio; values with standard errors by their difference;
        values with limits only by the difference of limits; complete counts that are no events as
        they stand. Without errors, across a break, and where periods overlap, the change is
        unknown.
    """
    reason = _obstacle(before, after, indicator, broken_at)
    if reason is not None:
        return Comparison(before, after, Change.UNKNOWN, notes=(reason,))
    pair = _counts(before.observation, after.observation, indicator)
    found = _by_ratio(before, after, pair) if pair is not None else _by_difference(before, after)
    change, difference, ratio, p, notes = found
    if before.observation.source != after.observation.source:
        notes = (*notes, Note("dashboard_change_source"))
    return Comparison(
        before=before,
        after=after,
        change=change,
        difference=difference,
        ratio=ratio,
        probability_rose=p,
        is_better=_is_better(before.estimate, after.estimate, change, indicator),
        notes=notes,
    )


_Found = tuple[Change, Estimate | None, Estimate | None, float | None, tuple[Note, ...]]


def _obstacle(
    before: Point, after: Point, indicator: "Indicator", broken_at: str | None
) -> Note | None:
    for point in (before, after):
        if point.estimate.value is None:
            return Note("dashboard_change_no_value", {"period": point.period})
    if broken_at is not None:
        return Note("dashboard_change_break", {"period": broken_at})
    if before.observation.definition != after.observation.definition:
        details = {
            "before": before.observation.definition,
            "after": after.observation.definition,
        }
        return Note("dashboard_change_definition", details)
    if overlap(before.period, after.period):
        return Note("dashboard_change_overlap", {"before": before.period, "after": after.period})
    is_exact = indicator.error_model == "complete"
    for point in (before, after):
        if not is_exact and not has_error(point.estimate):
            return Note("dashboard_change_no_error", {"period": point.period})
    return None


def overlap(one: str, other: str) -> bool:
    """Return whether two periods share days; the same people or events are in both then."""
    days, others = period_days(one), period_days(other)
    if days is None or others is None:
        return False
    return days[0] <= others[1] and others[0] <= days[1]


def has_error(estimate: Estimate) -> bool:
    """Return whether an estimate's error is known."""
    return estimate.low is not None or bool(estimate.standard_error)


def _counts(
    before: Observation, after: Observation, indicator: "Indicator"
) -> tuple[float, float, float, float] | None:
    """Return events and people of both, the later first; None where it is no rate of counts."""
    four = (after.numerator, after.denominator, before.numerator, before.denominator)
    if indicator.error_model != "poisson" or None in four:
        return None
    a, n, b, m = (float(each) for each in four if each is not None)
    return a, n, b, m


def _by_ratio(before: Point, after: Point, counts: tuple[float, float, float, float]) -> _Found:
    from scipy.special import betainc

    a, n, b, m = counts
    difference = difference_of_limits(before.estimate, after.estimate)
    if a + b == 0.0:
        return Change.NO_DEMONSTRABLE_CHANGE, difference, None, 0.5, ()
    ratio = rate_ratio(a, n, base_count=b, base_population=m) if b else None
    low, high = (float(each) for each in exact_share_limits(a, a + b, level=LEVEL))
    even = n / (n + m)
    change = Change.ROSE if low > even else Change.FELL if high < even else _NONE
    p = 1.0 - float(betainc(a + JEFFREYS, b + JEFFREYS, even))
    return change, difference, ratio, p, ()


_NONE = Change.NO_DEMONSTRABLE_CHANGE


def _by_difference(before: Point, after: Point) -> _Found:
    one, other = before.estimate, after.estimate
    if not (has_error(one) and has_error(other)):
        # A complete count has no error: it is compared as it stands.
        gap = float(other.value or 0.0) - float(one.value or 0.0)
        change = Change.ROSE if gap > 0 else Change.FELL if gap < 0 else _NONE
        exact = Estimate(gap, None, None)
        return change, exact, None, None, (Note("dashboard_change_complete"),)
    difference = difference_of(one, other)
    low, high = difference.low, difference.high
    if low is None or high is None:
        return Change.UNKNOWN, difference, None, None, ()
    change = Change.ROSE if low > 0.0 else Change.FELL if high < 0.0 else _NONE
    return change, difference, None, _p_above(difference), ()


def difference_of(before: Estimate, after: Estimate) -> Estimate:
    """
    Return after minus before, of independent data.

    Parameters
    ----------
    before, after : Estimate
        With values and errors.

    Returns
    -------
    Estimate
        ``d ± z sqrt(se² + se_0²)`` where both standard errors are known, otherwise by
        :func:`difference_of_limits`.
    """
    errors = before.standard_error, after.standard_error
    if not errors[0] or not errors[1]:
        return difference_of_limits(before, after)
    gap = float(after.value or 0.0) - float(before.value or 0.0)
    error = math.hypot(errors[0], errors[1])
    away = NormalDist().inv_cdf(0.5 + LEVEL / 2.0) * error
    return Estimate(gap, gap - away, gap + away, standard_error=error, method=Method.WALD)


def difference_of_limits(before: Estimate, after: Estimate) -> Estimate:
    """
    Return after minus before by the limits of both.

    Notes
    -----
    ``low = d - sqrt((x - l)² + (u_0 - x_0)²)``, high likewise [1]_.

    References
    ----------
    .. [1] G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: a
       general approach", Statistics in Medicine 27, 2008, 1693-1702.
    """
    x, y = float(after.value or 0.0), float(before.value or 0.0)
    gap = x - y
    if None in (after.low, after.high, before.low, before.high):
        return Estimate(gap, None, None, method=Method.DIFFERENCE_OF_LIMITS)
    a, b, c, d = (
        float(each) for each in (after.low, after.high, before.low, before.high) if each is not None
    )
    low = gap - math.hypot(x - a, d - y)
    high = gap + math.hypot(b - x, y - c)
    error = (high - low) / (2.0 * NormalDist().inv_cdf(0.5 + LEVEL / 2.0))
    return Estimate(gap, low, high, standard_error=error, method=Method.DIFFERENCE_OF_LIMITS)


def _p_above(difference: Estimate) -> float | None:
    if difference.value is None or not difference.standard_error:
        return None
    return NormalDist().cdf(difference.value / difference.standard_error)


def _is_better(
    before: Estimate, after: Estimate, change: Change, indicator: "Indicator"
) -> bool | None:
    """Return whether a demonstrable change is for the better; None where that cannot be said."""
    if change not in (Change.ROSE, Change.FELL) or indicator.direction == 0:
        return None
    rose = change is Change.ROSE
    aim = 0.0 if indicator.absolute else indicator.target
    if indicator.absolute or indicator.direction == "target":
        if aim is None or before.value is None or after.value is None:
            return None
        sides = before.value - aim, after.value - aim
        if sides[0] * sides[1] < 0.0:
            # From one side of the aim to the other: the distance was not tested.
            return None
        return rose == (max(sides) <= 0.0)
    return rose == (indicator.direction == 1)
