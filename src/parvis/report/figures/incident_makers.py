"""Which figure shows recorded incidents: hours of the week, and in how few places they lie."""

import numpy as np

from parvis.incidents.concentration import Concentration
from parvis.incidents.profiles import DAYS, HOURS, Profile
from parvis.incidents.reporting import Reporting as Rate
from parvis.report.figures.spec import Against, Figure, Kind, Mark, Reporting, Series
from parvis.report.wording import Wording

MOST_PLACES = 100
"""A curve is told at so many places at most."""


def of_week(
    found: Profile, *, name: str, reporting: Rate, language: str = "en", source: str = "",
    period: str = "",
) -> Figure:  # fmt: skip
    """
    Return at which hours of the week incidents are recorded.

    Parameters
    ----------
    found : Profile
    name : str
        What is counted, in the reader's words.
    reporting : parvis.incidents.reporting.Reporting
    language : {"en", "fr", "pl"}
    source, period : str
    """
    wording = Wording(language)
    mean = float(found.counts.mean())
    hours = [wording("chart.hour", hour=hour) for hour in range(HOURS)]
    days = wording.node("chart.day")
    series = [
        Series(
            days[day],
            tuple(
                Mark(
                    hours[hour],
                    float(found.counts[day, hour]),
                    float(found.low[day, hour]),
                    float(found.high[day, hour]),
                    code=f"{hour:02}",
                    against=_against(
                        float(found.low[day, hour]), float(found.high[day, hour]), mean
                    ),
                )
                for hour in range(HOURS)
            ),
            code=f"{day + 1}",
        )
        for day in range(DAYS)
    ]
    whole = tuple(
        Mark(hours[hour], value, low, high, code=f"{hour:02}")
        for hour, (value, low, high) in enumerate(found.by_hour.tolist())
    )
    number = wording.number(found.n_unknown)
    caveats = (wording("chart.caveat.no_time", number=number),) if found.n_unknown else ()
    return Figure(
        key="week",
        kind=Kind.PROFILE,
        title=wording("chart.title.week", name=name),
        series=(*series, Series(wording("chart.all_days"), whole, code="all")),
        unit=wording("chart.recorded_per_hour"),
        of=wording("chart.of.hour"),
        by=wording("chart.of.day"),
        language=language,
        decimals=0 if not found.n_spread else 1,
        source=source,
        period=period,
        level=found.level,
        is_complete_count=True,
        recorded=Reporting(reporting.rate, reporting.source),
        caveats=caveats,
    )


def of_concentration(
    found: Concentration, *, name: str, reporting: Rate, language: str = "en", source: str = "",
    period: str = "",
) -> Figure:  # fmt: skip
    """
    Return in how few places how much of what is recorded lies.

    Parameters
    ----------
    found : Concentration
    name : str
        What is counted, in the reader's words.
    reporting : parvis.incidents.reporting.Reporting
    language : {"en", "fr", "pl"}
    source, period : str
    """
    wording = Wording(language)
    last = len(found.curve) - 1
    steps = np.linspace(0, max(last, 0), MOST_PLACES + 1)
    marks = []
    for place in np.unique(np.rint(steps).astype(np.int64))[: last + 1].tolist():
        at, share = found.curve[place].tolist()
        marks.append(Mark(f"{place}", 100.0 * share, code=f"{place}", at=at))
    value = f"{wording.number(100.0 * found.of_incidents)} %"
    label = wording("chart.place.half_of_incidents", value=value)
    reached = None
    if len(found.curve):
        reached = Mark(label, 100.0 * found.of_incidents, at=found.share_of_places, code="reached")
    return Figure(
        key="concentration",
        kind=Kind.CONCENTRATION,
        title=wording("chart.title.concentration", name=name),
        series=(Series(period or name, tuple(marks), code="curve"),),
        unit=wording("chart.share_of_incidents"),
        of=wording("chart.of.places"),
        language=language,
        source=source,
        period=period,
        reference=reached,
        recorded=Reporting(reporting.rate, reporting.source),
    )


def _against(low: float, high: float, mean: float) -> Against:
    if low > mean:
        return Against.HIGHER
    return Against.LOWER if high < mean else Against.NOT_DIFFERENT
