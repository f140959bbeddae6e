"""Who feels what: an indicator for the groups of people, times and places it is split by."""

import re
from collections import defaultdict
from dataclasses import dataclass

from parvis.indicators.dashboard.model import Point, Series
from parvis.indicators.dashboard.reading import (
    checked_indicator,
    checked_periods,
    latest_of,
    series_of,
)
from parvis.indicators.values import TOTAL, Observation, Observations
from parvis.packs.indicators import Catalogue


@dataclass(frozen=True, slots=True)
class GroupValue:
    """
    An indicator for one group.

    Attributes
    ----------
    category : str
        As ``65-`` of ``age=65-``.
    split : str
    latest : Point or None
        Up to the period asked for.
    series : Series
    """

    category: str
    split: str
    latest: Point | None
    series: Series


@dataclass(frozen=True, slots=True)
class Group:
    """
    An indicator for the groups of one kind, to be shown as small multiples.

    Attributes
    ----------
    dimension : str
        ``sex``, ``age``, ``day_night``, …
    total : Point or None
        For everybody.
    values : tuple of GroupValue
        In the order of their names, numbers by size: never by value.
    """

    dimension: str
    total: Point | None
    values: tuple[GroupValue, ...]


def by_group(
    table: Observations, catalogue: Catalogue, code: str, *, area: str, period: str
) -> tuple[Group, ...]:
    """
    Return an indicator by the groups it is split by, one dimension at a time.

    Parameters
    ----------
    table : Observations
    catalogue : Catalogue
    code, area, period : str

    Returns
    -------
    tuple of Group
        The catalogue's splits in its order, then others there are data for. Splits by two
        dimensions at once are left out.

    Raises
    ------
    DashboardIndicatorError, DashboardPeriodError

    Raises
    ------
    DashboardIndicatorError, DashboardPeriodError
    """
    checked_periods(period)
    indicator = checked_indicator(catalogue, code)
    told: dict[str, list[Observation]] = defaultdict(list)
    for row in table.select(indicator=code, area=area).tolist():
        each = table[row]
        told[each.split].append(each)
    whole = series_of(told.get(TOTAL, ()), indicator, area=area, period=period)
    total = latest_of(whole, period)
    by_dimension: dict[str, list[GroupValue]] = defaultdict(list)
    for split, observations in told.items():
        dimension, is_said, category = split.partition("=")
        if not is_said or ";" in split:
            continue
        series = series_of(observations, indicator, area=area, split=split, period=period)
        latest = latest_of(series, period)
        if latest is not None:
            by_dimension[dimension].append(GroupValue(category, split, latest, series))
    known = [each for each in indicator.disaggregations if each in by_dimension]
    rest = sorted(by_dimension.keys() - set(known))
    return tuple(
        Group(
            dimension,
            total,
            tuple(sorted(by_dimension[dimension], key=lambda value: _natural(value.category))),
        )
        for dimension in (*known, *rest)
    )


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key by which ``5-14`` stands before ``15-24``."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
