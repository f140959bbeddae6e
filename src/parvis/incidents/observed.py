"""Which values of indicators do recorded incidents give, by area, period and people."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.incidents.counts import Period, periods_of
from parvis.incidents.errors import IncidentOptionError
from parvis.incidents.records import NONE, Bools, Incidents, Labels
from parvis.indicators.values import DataGrade, Observation, Observations, period_days
from parvis.packs.indicator_models import Indicator

PEOPLE = {
    "per_100k_people": "BCK-01",
    "per_1000_people": "BCK-01",
    "per_100k_ambient": "BCK-02",
}
"""Indicator that says among how many people counts of a unit are told."""
FEW = 5
"""Counts from 1 to below this may point at single people."""
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_NEAREST_YEARS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class CountRequest:
    """
    What is counted as which indicator, where and when.

    Attributes
    ----------
    indicators : mapping of str to Indicator
        By kind of incident; what has no kind is found by the empty one. Other kinds are left out.
    period : {'year', 'quarter', 'month'}
    covered : (date, date)
        First and last day that the file covers in full.
    city : str
        Code of the whole city.
    codes : sequence of str
        Areas to tell, those without an incident included.
    only_inside : bool
        Whether incidents on the map outside all areas are none of the city's. Those without a
        place count for the city all the same.
    source, grade
        Of every value.
    """

    indicators: Mapping[str, Indicator]
    period: Period
    covered: tuple[dt.date, dt.date]
    city: str
    codes: Sequence[str] = ()
    only_inside: bool = True
    source: str = ""
    grade: DataGrade = DataGrade.A


@dataclass(frozen=True, slots=True)
class Missed:
    """A value that cannot be told: the code of the sentence, and its facts."""

    code: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """
    Values of indicators from recorded incidents.

    Attributes
    ----------
    observations : tuple of Observation
    missed : tuple of Missed
        Periods that are not covered in full, areas whose people are not known.
    n_counted, n_without_time, n_without_place, n_outside, n_left_out : int
        Incidents: counted for the city, without a time, without a place, in none of the areas, of
        kinds that are not counted.
    n_few : int
        Values of areas that rest on fewer than `FEW` incidents, and on some.
    """

    observations: tuple[Observation, ...]
    missed: tuple[Missed, ...]
    n_counted: int
    n_without_time: int
    n_without_place: int
    n_outside: int
    n_left_out: int
    n_few: int


def count_as_indicators(
    incidents: Incidents, areas: Labels | None, people: Observations, request: CountRequest
) -> Counted:
    """
    Count incidents as numerators of indicators, by area and period.

    Rates are told a year: the denominator of a quarter or month is its part of a year's people.

    Parameters
    ----------
    incidents : Incidents
    areas : Labels or None
        Of each incident; none where only the city is told.
    people : Observations
        Values of `PEOPLE` by area and year; of several years the nearest counts.
    request : CountRequest

    Raises
    ------
    IncidentOptionError
    """
    if request.period not in _MONTHS:
        accepted = ", ".join(_MONTHS)
        raise IncidentOptionError(what="Period", value=request.period, accepted=accepted)
    table = _table(incidents, areas, request)
    periods = periods_of(incidents, request.period)
    observations: list[Observation] = []
    missed: dict[tuple[str, ...], Missed] = {}
    known = _People(people)
    by_code = {each.key: each for each in request.indicators.values()}
    is_kind = {code: table.of_kinds(code) for code in by_code}
    places = [request.city, *(code for code in request.codes if code != request.city)]
    at = {name: code for code, name in enumerate(periods.names)}
    for period in sorted({*periods.names, *_covered(request)}):
        if not _is_covered(period, request.covered):
            missed["covered", period] = Missed("incident_period_partial", {"period": period})
            continue
        now = periods.codes == at.get(period, len(at))
        for code, indicator in by_code.items():
            for area in places:
                count = float(incidents.weight[now & is_kind[code] & table.of_area(area)].sum())
                found = known.of(indicator, area, int(period[:4]))
                if found is None:
                    details = {"area": area, "period": period, "indicator": code}
                    missed.setdefault((code, area), Missed("incident_people_unknown", details))
                    continue
                below = found * _MONTHS[request.period] / 12.0
                observations.append(_observation(indicator, period, area, count, below, request))
    is_told = table.is_city & (periods.codes != NONE)
    is_any = np.logical_or.reduce(list(is_kind.values())) if is_kind else ~is_told
    weight = incidents.weight
    return Counted(
        observations=tuple(observations),
        missed=tuple(missed.values()),
        n_counted=int(weight[is_told & is_any].sum()),
        n_without_time=int(weight[periods.codes == NONE].sum()),
        n_without_place=incidents.n_without_place,
        n_outside=int(weight[~table.is_city].sum()),
        n_left_out=int(weight[is_told & ~is_any].sum()),
        n_few=sum(
            1 for each in observations if each.area != request.city and 0 < (each.n or 0) < FEW
        ),
    )


def _observation(
    indicator: Indicator, period: str, area: str, count: float, below: float, request: CountRequest
) -> Observation:
    multiplier = indicator.multiplier or 1.0
    return Observation(
        indicator=indicator.key,
        period=period,
        area=area,
        value=count / below * multiplier,
        unit=indicator.unit,
        error_model=indicator.error_model,
        n=int(count),
        numerator=count,
        denominator=below,
        source=request.source,
        definition=indicator.version,
        grade=request.grade,
    )


@dataclass(frozen=True, slots=True)
class _Table:
    request: CountRequest
    kinds: NDArray[np.object_]
    areas: NDArray[np.object_]
    is_city: Bools

    def of_kinds(self, code: str) -> Bools:
        chosen = [kind for kind, each in self.request.indicators.items() if each.key == code]
        return np.isin(self.kinds, chosen)

    def of_area(self, area: str) -> Bools:
        return self.is_city if area == self.request.city else np.asarray(self.areas == area)


def _table(incidents: Incidents, areas: Labels | None, request: CountRequest) -> _Table:
    kinds, places = _words(incidents.kind, len(incidents)), _words(areas, len(incidents))
    is_city = np.ones(len(incidents), dtype=bool)
    if areas is not None and request.only_inside:
        is_city = (places != "") | ~incidents.is_placed
    return _Table(request, kinds, places, is_city)


def _words(labels: Labels | None, n: int) -> NDArray[np.object_]:
    if labels is None:
        return np.full(n, "", dtype=object)
    return np.array([*labels.names, ""], dtype=object)[labels.codes]


def _covered(request: CountRequest) -> set[str]:
    """Return the periods that have a day in what is covered, those without an incident too."""
    first, last = (np.datetime64(day, "M") for day in request.covered)
    months = [str(each) for each in np.arange(first, last + 1)]
    match request.period:
        case "year":
            return {each[:4] for each in months}
        case "quarter":
            return {f"{each[:4]}-Q{(int(each[5:]) + 2) // 3}" for each in months}
        case _:
            return set(months)


def _is_covered(period: str, covered: tuple[dt.date, dt.date]) -> bool:
    days = period_days(period)
    return days is not None and covered[0] <= days[0] and days[1] <= covered[1]


class _People:
    """Among how many people, by area and year."""

    def __init__(self, table: Observations) -> None:
        self._known: dict[tuple[str, str], dict[int, float]] = {}
        for code in sorted(set(PEOPLE.values())):
            for row in table.select(indicator=code, split="").tolist():
                said = table[row]
                if said.value:
                    years = self._known.setdefault((code, said.area), {})
                    years[int(said.period[:4])] = said.value

    def of(self, indicator: Indicator, area: str, year: int) -> float | None:
        years = self._known.get((PEOPLE.get(indicator.unit, ""), area), {})
        nearest = min(years, key=lambda each: (abs(each - year), each), default=None)
        if nearest is None or abs(nearest - year) > _NEAREST_YEARS:
            return None
        return years[nearest]
