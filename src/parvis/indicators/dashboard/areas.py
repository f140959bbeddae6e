"""Where does an area differ from the city, and where can that not be shown; never a rank."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from parvis.indicators.dashboard.change import has_error
from parvis.indicators.dashboard.figures_of import estimated
from parvis.indicators.dashboard.model import Point
from parvis.indicators.dashboard.reading import checked_indicator, checked_periods
from parvis.indicators.estimates import LEVEL, Note
from parvis.indicators.values import TOTAL, Observation, Observations
from parvis.packs.indicators import Catalogue


class Difference(StrEnum):
    """What may be said of an area beside the city at 95 %, many areas being compared."""

    ABOVE = "above"
    BELOW = "below"
    NO_DEMONSTRABLE_DIFFERENCE = "no_demonstrable_difference"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AreaValue:
    """
    An indicator in one area.

    Attributes
    ----------
    area, name : str
    point : Point
    difference : Difference
        From the city's value.
    p, p_adjusted : float or None
        Of the test against the rest of the city, alone and for all areas together.
    notes : tuple of Note
        Why the difference is unknown.
    """

    area: str
    name: str
    point: Point
    difference: Difference
    p: float | None = None
    p_adjusted: float | None = None
    notes: tuple[Note, ...] = ()


def by_area(
    table: Observations,
    catalogue: Catalogue,
    code: str,
    *,
    city: str,
    period: str,
    split: str = TOTAL,
    names: Mapping[str, str] | None = None,
) -> tuple[AreaValue, ...]:
    """
    Return an indicator by area, in the order of the areas' names.

    Parameters
    ----------
    table : Observations
    catalogue : Catalogue
    code : str
    city : str
        Code of the area that holds all others.
    period, split : str
    names : mapping from code to name of areas, optional
        Only those named are taken, where names are given: the areas of one level.

    Returns
    -------
    tuple of AreaValue

    Raises
    ------
    DashboardIndicatorError, DashboardPeriodError

    Notes
    -----
    Counts are tested against the rest of the city, exactly, given the sum of both. Values with
    standard errors are tested against the city's value, of which an area is a part:
    ``var(d) = se_a² + se_c² - 2 w se_a²`` with the area's share `w` of the answers, 0 where it is
    not known, which is cautious. False discoveries among the areas are held at 5 % [1]_.

    References
    ----------
    .. [1] Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal
       Statistical Society B 57, 1995, 289-300.
    """
    checked_periods(period)
    indicator = checked_indicator(catalogue, code)
    points: dict[str, Point] = {}
    for row in table.select(indicator=code, period=period, split=split).tolist():
        each = table[row]
        points[each.area] = Point(each.period, estimated(each, indicator), each)
    whole = points.pop(city, None)
    if names is not None:
        points = {area: point for area, point in points.items() if area in names}
    found = [
        _one(area, (names or {}).get(area, area), point, whole, indicator.error_model)
        for area, point in points.items()
    ]
    adjusted = _adjusted([each.p for each in found])
    told = [_told(each, p) for each, p in zip(found, adjusted, strict=True)]
    return tuple(sorted(told, key=lambda each: (each.name.casefold(), each.area)))


def _one(area: str, name: str, point: Point, city: Point | None, model: str) -> AreaValue:
    unknown = AreaValue(area, name, point, Difference.UNKNOWN)
    if city is None or city.estimate.value is None or point.estimate.value is None:
        return replace(unknown, notes=(Note("dashboard_area_no_value"),))
    one, other = point.observation, city.observation
    if one.definition != other.definition:
        return replace(unknown, notes=(Note("dashboard_area_definition"),))
    counts = (one.numerator, one.denominator, other.numerator, other.denominator)
    if model == "poisson" and None not in counts:
        p, is_above = _p_of_counts(*(float(each) for each in counts if each is not None))
        if p is None:
            return replace(unknown, notes=(Note("dashboard_area_sum"),))
    elif has_error(point.estimate) and has_error(city.estimate):
        p, is_above = _p_of_errors(point, city, one, other)
        if p is None:
            return replace(unknown, notes=(Note("dashboard_no_error"),))
    else:
        return replace(unknown, notes=(Note("dashboard_no_error"),))
    side = Difference.ABOVE if is_above else Difference.BELOW
    return replace(unknown, difference=side, p=p)


def _p_of_counts(a: float, n: float, whole: float, people: float) -> tuple[float | None, bool]:
    """Return the exact two-sided probability of a count against the rest of the city's."""
    from scipy.special import bdtr, bdtrc

    rest, others = whole - a, people - n
    if rest < 0 or others <= 0:
        return None, False
    share, total = n / people, int(whole)
    below = float(bdtr(int(a), total, share))
    above = float(bdtrc(int(a) - 1, total, share)) if a else 1.0
    return min(1.0, 2.0 * min(below, above)), a / n > rest / others


def _p_of_errors(
    point: Point, city: Point, one: Observation, other: Observation
) -> tuple[float | None, bool]:
    mine, whole = _error(point), _error(city)
    weight = one.n / other.n if one.n and other.n and one.n <= other.n else 0.0
    variance = mine**2 * (1.0 - 2.0 * weight) + whole**2
    gap = float(point.estimate.value or 0.0) - float(city.estimate.value or 0.0)
    if not variance > 0.0:
        return None, False
    return 2.0 * NormalDist().cdf(-abs(gap) / math.sqrt(variance)), gap > 0.0


def _error(point: Point) -> float:
    """Return the standard error; from the limits where it is none or not said."""
    each = point.estimate
    if each.standard_error:
        return each.standard_error
    width = float(each.high or 0.0) - float(each.low or 0.0)
    return width / (2.0 * NormalDist().inv_cdf(0.5 + LEVEL / 2.0))


def _adjusted(p: Sequence[float | None]) -> list[float | None]:
    """Return probabilities for all together: the least of ``p m / rank`` from each up."""
    places = [place for place, each in enumerate(p) if each is not None]
    known = np.array([p[place] for place in places], dtype=np.float64)
    order = np.argsort(known, kind="stable")
    raised = known[order] * known.size / np.arange(1, known.size + 1)
    held = np.minimum.accumulate(raised[::-1])[::-1]
    found: list[float | None] = [None] * len(p)
    for place, each in zip(order.tolist(), held.tolist(), strict=True):
        found[places[place]] = min(each, 1.0)
    return found


def _told(each: AreaValue, adjusted: float | None) -> AreaValue:
    if adjusted is None:
        return each
    is_shown = adjusted <= 1.0 - LEVEL
    side = each.difference if is_shown else Difference.NO_DEMONSTRABLE_DIFFERENCE
    return replace(each, difference=side, p_adjusted=adjusted)
