"""How many incidents are recorded by area, period and kind of place, and for how many people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from parvis.incidents.errors import IncidentOptionError
from parvis.incidents.records import NONE, Incidents, Labels
from parvis.incidents.reporting import Reporting
from parvis.indicators.estimates import LEVEL, Estimate
from parvis.indicators.rates import Interval, count_estimate, crude_rate

Period = Literal["year", "quarter", "month", "all"]
PERIODS = ("year", "quarter", "month", "all")
Population = Literal["resident", "ambient"]
POPULATIONS = ("resident", "ambient")


@dataclass(frozen=True, slots=True)
class Count:
    """
    Incidents of one group, with the reporting rate beside them.

    Attributes
    ----------
    name : str
        Area, period or kind of place; empty where nothing is said.
    count : Estimate
    rate : Estimate or None
        For `multiplier` people; None where the population is not known.
    population : float or None
    """

    name: str
    count: Estimate
    rate: Estimate | None = None
    population: float | None = None


def count_by(
    incidents: Incidents,
    labels: Labels,
    reporting: Reporting,
    *,
    level: float = LEVEL,
    interval: Interval = "byar",
) -> tuple[Count, ...]:
    """
    Count incidents by a label, in the order of the names; those without one come last.

    Parameters
    ----------
    incidents : Incidents
    labels : Labels
    reporting : Reporting
        Goes with every count.
    level, interval
        As in `parvis.indicators.rates.crude_rate`.
    """
    totals = _totals(incidents, labels)
    found = [
        _count(labels.names[at], totals[at], reporting, level, interval)
        for at in sorted(range(len(labels.names)), key=lambda at: labels.names[at])
    ]
    unsaid = float(incidents.weight[labels.codes == NONE].sum())
    return (*found, *([_count("", unsaid, reporting, level, interval)] if unsaid else []))


def rates_by_area(
    incidents: Incidents,
    areas: Labels,
    populations: Mapping[str, float],
    reporting: Reporting,
    *,
    multiplier: float = 1000.0,
    years: float | None = None,
    level: float = LEVEL,
    interval: Interval = "byar",
) -> tuple[Count, ...]:
    """
    Tell incidents by area for the people there.

    Parameters
    ----------
    incidents, areas, reporting, level, interval
        As in `count_by`.
    populations : mapping of str to float
        People by area: those who live there, or those who are there on average (ambient).
    multiplier : float
        The rate is told per so many people.
    years : float, optional
        Years the incidents were recorded in; the rate is then one of a year.

    Returns
    -------
    tuple of Count
        In the order of the names, areas with people and no incident included.

    Raises
    ------
    PopulationError
    """
    totals = dict(zip(areas.names, _totals(incidents, areas), strict=True))
    found = []
    for name in sorted(set(areas.names) | set(populations)):
        total, people = totals.get(name, 0.0), populations.get(name)
        rate = None
        if people is not None:
            rate = crude_rate(
                total,
                people * (years or 1.0),
                multiplier=multiplier,
                level=level,
                interval=interval,
                can_repeat=True,
            ).marked(notes=[reporting.note])
        base = _count(name, total, reporting, level, interval)
        found.append(Count(name, base.count, rate, people))
    return tuple(found)


def periods_of(incidents: Incidents, period: Period) -> Labels:
    """
    Return the period each incident began in.

    Raises
    ------
    IncidentOptionError
    """
    if period not in PERIODS:
        raise IncidentOptionError(what="Period", value=period, accepted=", ".join(PERIODS))
    if period == "all":
        return Labels(np.zeros(len(incidents), dtype=np.int32), ("all",))
    known = ~np.isnat(incidents.start)
    month = incidents.start.astype("datetime64[M]").astype(np.int64)
    step = {"year": 12, "quarter": 3, "month": 1}[period]
    values, inverse = np.unique(month[known] // step, return_inverse=True)
    codes = np.full(len(incidents), NONE, dtype=np.int32)
    codes[known] = inverse
    return Labels(codes, tuple(_period_name(int(value), period) for value in values))


def crossed(incidents: Incidents, rows: Labels, columns: Labels) -> NDArray[np.float64]:
    """Return counts by two labels; what has no label is left out."""
    is_said = (rows.codes != NONE) & (columns.codes != NONE)
    width = len(columns.names)
    at = rows.codes[is_said].astype(np.int64) * width + columns.codes[is_said]
    table = np.bincount(at, weights=incidents.weight[is_said], minlength=len(rows.names) * width)
    return table.reshape(len(rows.names), width).astype(np.float64)


def labels_of(words: Sequence[str]) -> Labels:
    """Return words as labels, the empty one as not said."""
    names = sorted(set(words) - {""})
    place = {name: at for at, name in enumerate(names)} | {"": NONE}
    return Labels(np.array([place[word] for word in words], dtype=np.int32), tuple(names))


def _period_name(value: int, period: str) -> str:
    if period == "year":
        return f"{1970 + value}"
    if period == "quarter":
        year, quarter = divmod(value, 4)
        return f"{1970 + year}-Q{quarter + 1}"
    return str(np.datetime64(value, "M"))


def _totals(incidents: Incidents, labels: Labels) -> NDArray[np.float64]:
    said = labels.codes != NONE
    totals = np.bincount(
        labels.codes[said], weights=incidents.weight[said], minlength=len(labels.names)
    )
    return totals.astype(np.float64)


def _count(
    name: str, total: float, reporting: Reporting, level: float, interval: Interval
) -> Count:
    found = count_estimate(total, level=level, interval=interval)
    return Count(name, found.marked(notes=[reporting.note]))
