"""What do rare events say over several years, or at the ages of a standard population."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from parvis.errors import InputError
from parvis.indicators.estimates import LEVEL, Estimate, Flag
from parvis.indicators.rates import EUROPEAN_STANDARD_2013, directly_standardised_rate
from parvis.indicators.values import Observation

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

POOL_BELOW = 20
"""Fewer events in a year than this are better told over several."""
STEP = 5
LAST = 90
_BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)")
_AGE, _TIMES = "age=", "times="


class PoolError(InputError):
    """Values cannot be pooled; details: indicator, problem."""

    code: ClassVar[str] = "pool"


class AgeBandsError(InputError):
    """Age bands do not fit the standard population; details: indicator, bands, accepted."""

    code: ClassVar[str] = "age_bands"


def pooled(rows: Sequence[Observation], indicator: "Indicator") -> Observation:
    """
    Return the value over several periods: events of all, over the people of all.

    Parameters
    ----------
    rows : sequence of Observation
        One for each year, of the same indicator, area and split.
    indicator : Indicator

    Returns
    -------
    Observation
        Its denominator are person-years, so that the rate stays one for a year.

    Raises
    ------
    PoolError
        If years are missing between, values have no numerator and denominator, or a break lies
        between them.
    """
    ordered = sorted(rows, key=lambda each: each.period)
    if not ordered or indicator.multiplier is None:
        raise PoolError(indicator=indicator.key, problem="there are no rates")
    years = [int(each.period) if re.fullmatch(r"\d{4}", each.period) else 0 for each in ordered]
    if not years[0] or years != list(range(years[0], years[0] + len(ordered))):
        problem = "years must follow each other"
        raise PoolError(indicator=indicator.key, problem=problem)
    if len({(each.area, each.split, each.definition) for each in ordered}) > 1 or any(
        each.flag is Flag.BREAK for each in ordered[1:]
    ):
        problem = "there is a break, or they are of different things"
        raise PoolError(indicator=indicator.key, problem=problem)
    above = [each.numerator for each in ordered if each.numerator is not None]
    below = [each.denominator for each in ordered if each.denominator is not None]
    if len(above) < len(ordered) or len(below) < len(ordered):
        problem = "a numerator or denominator is missing"
        raise PoolError(indicator=indicator.key, problem=problem)
    last = ordered[-1]
    span = f"{years[0]}/{years[-1]}" if len(ordered) > 1 else last.period
    return replace(
        last,
        period=span,
        numerator=sum(above),
        denominator=sum(below),
        value=sum(above) / sum(below) * indicator.multiplier,
        n=int(sum(above)),
        standard_error=None,
    )


def standardised(
    rows: Sequence[Observation],
    indicator: "Indicator",
    *,
    level: float = LEVEL,
    standard: Sequence[float] = EUROPEAN_STANDARD_2013,
) -> Estimate | None:
    """
    Return the age-standardised rate of values split by age.

    Parameters
    ----------
    rows : sequence of Observation
        Of one indicator, period and area; those split ``age=0-4`` to ``age=90+`` are used. Wider
        bands are taken where they end on those of the standard. Those split besides by
        ``times=1``, ``times=2`` and so on say how many persons were hit how often.
    indicator : Indicator
    level : float
    standard : sequence of float
        Nineteen bands of five years, the last from 90 on.

    Returns
    -------
    Estimate or None
        None where nothing is split by age; refused below ten events.

    Raises
    ------
    AgeBandsError
        If bands overlap, leave ages out or lie across those of the standard.
    CountError, PopulationError, PopulationSmallerError, RepeatsError, LevelError
    """
    bands: dict[tuple[int, int], Observation] = {}
    times: dict[tuple[int, int], dict[int, float]] = {}
    for each in rows:
        parts = each.split.split(";")
        age = next((part.removeprefix(_AGE) for part in parts if part.startswith(_AGE)), "")
        often = next((part.removeprefix(_TIMES) for part in parts if part.startswith(_TIMES)), "")
        found = _BAND.fullmatch(age)
        if found is None or len(parts) > 1 + bool(often):
            continue
        band = int(found[1]), int(found[2]) + 1 if found[2] else LAST + STEP
        if often.isdigit():
            times.setdefault(band, {})[int(often)] = each.numerator or 0.0
        else:
            bands[band] = each
    usable = {
        band: each
        for band, each in bands.items()
        if each.numerator is not None and each.denominator is not None
    }
    if not usable or indicator.multiplier is None:
        return None
    ordered = sorted(usable)
    weights = _weights(ordered, standard, indicator)
    repeats = None
    if times:
        most = max(max(often) for often in times.values())
        repeats = [
            [times.get(band, {}).get(number, 0.0) for number in range(1, most + 1)]
            for band in ordered
        ]
    return directly_standardised_rate(
        [usable[band].numerator or 0.0 for band in ordered],
        [usable[band].denominator or 0.0 for band in ordered],
        standard=weights,
        repeats=repeats,
        multiplier=indicator.multiplier,
        level=level,
        can_repeat=indicator.can_repeat,
    )


def repeated_rate(
    persons: Sequence[float], population: float, *, multiplier: float = 1.0, level: float = LEVEL
) -> Estimate:
    """
    Return a rate of events of which one person may have several.

    Parameters
    ----------
    persons : sequence of float
        Persons with one event, with two, and so on.
    population : float
    multiplier, level : float

    Returns
    -------
    Estimate
        Events over people, with the variance ``sum f² x_f``; refused below ten events.

    Raises
    ------
    CountError, PopulationError, LevelError

    Examples
    --------
    >>> found = repeated_rate([80, 10], 10_000, multiplier=1000.0)
    >>> found.value, round(found.standard_error, 3)
    (10.0, 1.095)
    """
    events = sum(number * each for number, each in enumerate(persons, start=1))
    return directly_standardised_rate(
        [events],
        [population],
        standard=[1.0],
        repeats=[list(persons)],
        multiplier=multiplier,
        level=level,
    )


def _weights(
    bands: Sequence[tuple[int, int]], standard: Sequence[float], indicator: "Indicator"
) -> list[float]:
    """Return the standard population of bands that may be wider than its own."""
    ends = LAST + STEP
    starts = [low for low, _ in bands]
    follows = [after for _, after in bands[:-1]] == starts[1:]
    inside = all(low % STEP == 0 and after % STEP == 0 and low < after for low, after in bands)
    if not (follows and inside and starts[0] == 0 and bands[-1][1] == ends):
        said = ", ".join(f"{low}-{after - 1}" for low, after in bands)
        accepted = "bands from 0 on without gaps that end with a 4 or a 9, the last open (90+, 65+)"
        raise AgeBandsError(indicator=indicator.key, bands=said, accepted=accepted)
    return [sum(standard[low // STEP : after // STEP]) for low, after in bands]
