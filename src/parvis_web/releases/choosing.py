"""What is there to be published: indicators, of whom, for which periods."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parvis_web.releases.models import ReleaseItem, Scope

if TYPE_CHECKING:
    from parvis.indicators.values import Observations
    from parvis.packs.indicators import Catalogue

Key = tuple[str, str, str, str]
OTHER_AREAS = ""
"""Part of an item whose areas belong to no layer."""


@dataclass(frozen=True)
class Offer:
    """
    Something that can be chosen.

    Attributes
    ----------
    indicator, scope, part : str
    periods : tuple of str
        Oldest first.
    proposed : tuple of str
        Those an item has until somebody chooses others.
    """

    indicator: str
    scope: Scope
    part: str
    periods: tuple[str, ...]
    proposed: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a form tells it by."""
        return "|".join([self.indicator, self.scope, self.part])


def offers(
    table: "Observations",
    catalogue: "Catalogue",
    *,
    city: str,
    levels: Mapping[str, Iterable[str]],
) -> list[Offer]:
    """
    Return all that can be chosen, in the order of the catalogue.

    Parameters
    ----------
    table : Observations
    catalogue : Catalogue
    city : str
        Area of the whole city.
    levels : mapping from key to areas
        Layers of areas; what is in none of them is the level `OTHER_AREAS`.
    """
    level_of = {code: key for key, codes in levels.items() for code in codes}
    words = table.vocabularies
    found = []
    for code in catalogue.indicators:
        rows = table.select(indicator=code)
        if not len(rows):
            continue
        periods: dict[tuple[Scope, str], set[str]] = defaultdict(set)
        pairs = {
            (int(p), int(a), int(s))
            for p, a, s in zip(
                *(table.columns[name][rows] for name in ("period", "area", "split")), strict=True
            )
        }
        for p, a, s in pairs:
            period, area, split = words["period"][p], words["area"][a], words["split"][s]
            if area == city and not split:
                periods[Scope.CITY, ""].add(period)
            elif area == city and ";" not in split:
                periods[Scope.GROUPS, split.partition("=")[0]].add(period)
            elif not split:
                periods[Scope.AREAS, level_of.get(area, OTHER_AREAS)].add(period)
        order = list(Scope)
        for scope, part in sorted(periods, key=lambda each: (order.index(each[0]), each[1])):
            listed = in_time(periods[scope, part])
            alike = [each for each in listed if _kind(each) == _kind(listed[-1])]
            proposed = alike if scope == Scope.CITY else listed[-1:]
            found.append(Offer(code, scope, part, tuple(listed), tuple(proposed)))
    return found


def in_time(periods: Iterable[str]) -> list[str]:
    """Return periods by their last day, then their first."""
    from parvis.indicators.values import period_days

    def ends(period: str) -> tuple[str, str]:
        days = period_days(period)
        return (days[1].isoformat(), days[0].isoformat()) if days else ("", "")

    return sorted(periods, key=ends)


def keys_of(
    items: Sequence[ReleaseItem],
    table: "Observations",
    *,
    city: str,
    levels: Mapping[str, Iterable[str]],
) -> dict[str, tuple[Key, ...]]:
    """Return the observations of each item that are there, by the item's `key`."""
    level_of = {code: key for key, codes in levels.items() for code in codes}
    found = {}
    for item in items:
        keys = []
        for period in item.periods:
            for row in table.select(indicator=item.indicator, period=period).tolist():
                each = table[row]
                if _is_in(item, each.area, each.split, city, level_of):
                    keys.append(each.key)
        found[item.key] = tuple(keys)
    return found


def _is_in(
    item: ReleaseItem, area: str, split: str, city: str, level_of: Mapping[str, str]
) -> bool:
    if item.scope == Scope.CITY:
        return area == city and not split
    if item.scope == Scope.GROUPS:
        return area == city and ";" not in split and split.partition("=")[0] == item.part
    return area != city and not split and level_of.get(area, OTHER_AREAS) == item.part


def _kind(period: str) -> tuple[int, str, bool]:
    first, slash, _rest = period.partition("/")
    return len(first), next((sign for sign in first if sign in "SQ"), ""), bool(slash)
