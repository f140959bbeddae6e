"""What did a release tell the public, for good."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from parvis.indicators.disclosure.model import Key, Known
from parvis.indicators.estimates import Flag

NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One figure as it was published.

    Attributes
    ----------
    indicator, period, area, split : str
    value : float or None
        Rounded to `decimals`; None where only the count is told.
    low, high : float or None
        Limits of its interval, rounded alike.
    decimals : int
    unit : str
    count : int or None
        Rounded where the release rounds.
    group : int or None
        The denominator, or n of a share, from which the count follows.
    multiplier : float or None
        Of the rate.
    flags : tuple of Flag
    source : str
    definition : int
    """

    indicator: str
    period: str
    area: str
    split: str
    value: float | None
    low: float | None = None
    high: float | None = None
    decimals: int = 1
    unit: str = ""
    count: int | None = None
    group: int | None = None
    multiplier: float | None = None
    flags: tuple[Flag, ...] = ()
    source: str = ""
    definition: int = 1

    @property
    def key(self) -> Key:
        """What it is of."""
        return self.indicator, self.period, self.area, self.split

    def to_json(self) -> dict[str, Any]:
        """Return plain data, names as here."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return said | {"flags": [flag.value for flag in self.flags]}


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a release did not tell, and the flag it printed instead."""

    key: Key
    flag: Flag


@dataclass(frozen=True, slots=True)
class Release:
    """
    Everything a release told.

    Attributes
    ----------
    id : str
        Given by the register.
    day : date
    title, reason : str
        The reason where areas are published.
    figures : tuple of parvis.indicators.disclosure.release.Figure
    hidden : tuple of Hidden
    base : int or None
        What counts were rounded to.
    rules : mapping
        See `Rules.to_json`.
    previous, digest : str
        Of the document before it in the register, and its own.
    withdrawn : date or None
        What was told stays known.
    """

    id: str
    day: dt.date
    title: str
    figures: tuple[Figure, ...]
    hidden: tuple[Hidden, ...] = ()
    base: int | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    previous: str = ""
    digest: str = ""
    withdrawn: dt.date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what the register keeps, without its own chain."""
        return {
            "id": self.id,
            "day": self.day.isoformat(),
            "title": self.title,
            "reason": self.reason,
            "base": self.base,
            "rules": dict(self.rules),
            "figures": [figure.to_json() for figure in self.figures],
            "hidden": [{"key": list(each.key), "flag": each.flag.value} for each in self.hidden],
        }


def release_from(document: Mapping[str, Any]) -> Release:
    """Return a release from what the register keeps; KeyError, TypeError or ValueError if none."""
    figures = tuple(
        Figure(**{**said, "flags": tuple(Flag(flag) for flag in said["flags"])})
        for said in document["figures"]
    )
    hidden = []
    for each in document["hidden"]:
        indicator, period, area, split = each["key"]
        hidden.append(Hidden((indicator, period, area, split), Flag(each["flag"])))
    return Release(
        id=str(document["id"]),
        day=dt.date.fromisoformat(document["day"]),
        title=str(document["title"]),
        reason=str(document["reason"]),
        base=document["base"],
        rules=dict(document["rules"]),
        figures=figures,
        hidden=tuple(hidden),
    )


def implied_count(
    value: float, *, decimals: int, group: float, multiplier: float
) -> tuple[float, float]:
    """
    Return between which counts a published rate or share leaves the count, given its denominator.

    Examples
    --------
    >>> implied_count(37.5, decimals=1, group=8, multiplier=100.0)
    (3.0, 3.0)
    """
    half = 0.5 * 10.0**-decimals
    low = max((value - half) * group / multiplier, 0.0)
    high = (value + half) * group / multiplier
    return _whole(low, high)


def known_of(releases: Iterable[Release]) -> tuple[Known, ...]:
    """
    Return what releases told of counts; withdrawn ones too, as the public has seen them.

    Parameters
    ----------
    releases : iterable of Release
    """
    found = []
    for release in releases:
        for figure in release.figures:
            limits = _limits(figure, release.base)
            if limits is not None:
                found.append(Known(figure.key, *limits, release.id))
    return tuple(found)


def _limits(figure: Figure, base: int | None) -> tuple[float, float] | None:
    if figure.count is not None:
        if base is None:
            return float(figure.count), float(figure.count)
        half = base / 2.0
        return max(float(math.ceil(figure.count - half)), 0.0), math.ceil(figure.count + half) - 1.0
    if figure.value is None or figure.group is None or figure.multiplier is None:
        return None
    return implied_count(
        figure.value,
        decimals=figure.decimals,
        group=figure.group,
        multiplier=figure.multiplier,
    )


def _whole(low: float, high: float) -> tuple[float, float]:
    """Return the whole numbers at the ends of an interval, where there are any within."""
    first, last = math.ceil(low - NEAR), math.floor(high + NEAR)
    return (float(first), float(last)) if first <= last else (low, high)
