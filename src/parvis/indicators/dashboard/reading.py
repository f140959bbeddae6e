"""Which points of a table make the series of a card, and what follows from them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from parvis.indicators.dashboard.change import compared
from parvis.indicators.dashboard.errors import (
    DashboardBaseError,
    DashboardIndicatorError,
    DashboardPeriodError,
)
from parvis.indicators.dashboard.figures_of import estimated, is_complete
from parvis.indicators.dashboard.model import OLD_YEARS, Card, Comparison, Point, Series
from parvis.indicators.estimates import Flag, Note
from parvis.indicators.values import Observation, Observations, period_days
from parvis.packs.indicators import Catalogue

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

DAYS_PER_YEAR = 365.25
BREAKS = ("definition", "unit")
"""What may not differ between neighbours that are compared; a new source is said, no break."""


def checked_periods(period: str, base_period: str | None = None) -> None:
    """Refuse what is no period, and a base period that ends after the other."""
    for each in (period, base_period):
        if each is not None and period_days(each) is None:
            raise DashboardPeriodError(value=each)
    if base_period is not None and _end(base_period) > _end(period):
        raise DashboardBaseError(base=base_period, period=period)


def checked_indicator(catalogue: Catalogue, code: str) -> "Indicator":
    """Return an indicator of the catalogue; an error where it has none of that code."""
    if code not in catalogue.indicators:
        raise DashboardIndicatorError(value=code)
    return catalogue.indicators[code]


def by_indicator(
    table: Observations, *, area: str, split: str = ""
) -> dict[str, list[Observation]]:
    """Return the observations of an area by indicator."""
    found: dict[str, list[Observation]] = defaultdict(list)
    for row in table.select(area=area, split=split).tolist():
        each = table[row]
        found[each.indicator].append(each)
    return found


def series_of(
    observations: Iterable[Observation],
    indicator: "Indicator",
    *,
    area: str,
    split: str = "",
    period: str,
) -> Series:
    """
    Return the points of an indicator over periods like the one asked for.

    Parameters
    ----------
    observations : iterable of Observation
        Of one area and split.
    indicator : Indicator
    area, split : str
    period : str
        Years where it is a year, and so on. Where there is nothing of the kind up to then, the
        kind of the newest value takes its place.
    """
    ends = _end(period)
    kinds: dict[str, list[tuple[dt.date, Observation]]] = defaultdict(list)
    for each in observations:
        days = period_days(each.period)
        if days is not None:
            kinds[_kind(each.period)].append((days[1], each))
    usable = {
        kind: max((end for end, _ in rows if end <= ends), default=dt.date.min)
        for kind, rows in kinds.items()
    }
    mine = _kind(period)
    chosen = mine
    if usable.get(mine, dt.date.min) == dt.date.min:
        chosen = max(usable, key=lambda kind: (usable[kind], kind), default=mine)
    told = [each for _, each in sorted(kinds.get(chosen, []), key=lambda pair: pair[0])]
    points = []
    for place, each in enumerate(told):
        is_break = each.flag is Flag.BREAK or (
            place > 0
            and any(getattr(each, name) != getattr(told[place - 1], name) for name in BREAKS)
        )
        points.append(Point(each.period, estimated(each, indicator), each, is_break and place > 0))
    return Series(indicator.key, area, split, tuple(points))


def latest_of(series: Series, period: str) -> Point | None:
    """Return the last point up to the end of a period."""
    ends = _end(period)
    known = [point for point in series.points if _end(point.period) <= ends]
    return known[-1] if known else None


def card_of(
    series: Series,
    indicator: "Indicator",
    *,
    period: str,
    base_period: str | None,
    today: dt.date,
    targets: Mapping[str, float],
) -> Card:
    """
    Return all that is said of an indicator.

    Parameters
    ----------
    series : Series
    indicator : Indicator
    period : str
    base_period : str or None
    today : date
        For the age of the value.
    targets : mapping from code to float
        The authority's own, before those of the catalogue.
    """
    latest = latest_of(series, period)
    base = next((point for point in series.points if point.period == base_period), None)
    age, notes = None, []
    if latest is None:
        notes.append(Note("dashboard_missing"))
    else:
        age = (today - _end(latest.period)).days / DAYS_PER_YEAR
        notes += latest.estimate.notes
        if age > OLD_YEARS:
            notes.append(Note("dashboard_old", {"period": latest.period, "years": round(age, 1)}))
        if (before := _before(series, latest)) and (
            before.observation.source != latest.observation.source
        ):
            notes.append(Note("dashboard_source", {"period": latest.period}))
    return Card(
        indicator=indicator,
        unit=indicator.unit,
        series=series,
        latest=latest,
        base=base,
        since_base=_since(base, latest, series, indicator),
        since_last=_since(_before(series, latest), latest, series, indicator),
        target=targets.get(indicator.key, indicator.target),
        is_complete_count=is_complete(indicator, latest.observation if latest else None),
        age_years=age,
        notes=tuple(notes),
    )


def broken_between(series: Series, before: Point, after: Point) -> str | None:
    """Return the first period after `before`, up to `after`, where the series breaks."""
    inside = series.points[series.points.index(before) + 1 : series.points.index(after) + 1]
    return next((point.period for point in inside if point.is_break), None)


def _since(
    before: Point | None, after: Point | None, series: Series, indicator: "Indicator"
) -> Comparison | None:
    if before is None or after is None or _end(before.period) >= _end(after.period):
        return None
    broken_at = broken_between(series, before, after)
    return compared(before, after, indicator, broken_at=broken_at)


def _before(series: Series, latest: Point | None) -> Point | None:
    return next((one for one, other in pairwise(series.points) if other is latest), None)


def _kind(period: str) -> str:
    """Return what kind of a period it is: year, half-year and so on, alone or pooled."""
    first, slash, _ = period.partition("/")
    letter = next((each for each in first if each in "SQ"), "")
    return f"{len(first)}{letter}{slash}"


def _end(period: str) -> dt.date:
    days = period_days(period)
    return dt.date.min if days is None else days[1]


def newest(points: Sequence[Point], chosen: Callable[..., Point] = max) -> str | None:
    """Return the period of the newest point; of the oldest with `min`."""
    if not points:
        return None
    return chosen(points, key=lambda point: _end(point.period)).period
