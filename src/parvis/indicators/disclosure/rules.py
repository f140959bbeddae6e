"""Which cells are hidden for what they are, and what must stay possible of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from parvis.indicators.disclosure.errors import RulesError
from parvis.indicators.disclosure.model import Cell, Need, Reason

if TYPE_CHECKING:
    from parvis.packs.disclosure_models import DisclosurePack

LEAST_SECONDARY = 1.0
"""A cell hidden for others' sake must not be computable to the unit."""


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What is not published.

    Attributes
    ----------
    id : str
    version : int
        Of the pack they come from.
    least_count : int
        Smaller counts are hidden, zero aside.
    least_contributors : int
    least_standardised : int
        Events a directly standardised rate needs.
    small_group : int
        All or none of a smaller group is hidden.
    sensitive : mapping from code to int
        Least counts of sensitive indicators.
    without_places : frozenset of str
        Codes published for the whole city only.
    things : frozenset of str
        Codes that count no people; nothing of them is hidden.
    rounding_bases : tuple of int
    k, l : int
        Rows of microdata alike in `microdata_keys`, and different answers among them.
    microdata_keys : tuple of str
    """

    id: str
    version: int
    least_count: int
    least_contributors: int
    least_standardised: int
    small_group: int
    sensitive: Mapping[str, int]
    without_places: frozenset[str]
    things: frozenset[str]
    rounding_bases: tuple[int, ...]
    k: int
    l: int
    microdata_keys: tuple[str, ...]

    def raised(self, *, least_count: int) -> "Rules":
        """
        Return the rules with a higher least count; sensitive indicators keep theirs where higher.

        Raises
        ------
        RulesError
            If it is lower than the shipped one.

        Examples
        --------
        >>> default_rules().raised(least_count=12).least("SEC-07")
        12
        """
        if least_count < self.least_count:
            accepted = f"{self.least_count} or more"
            raise RulesError(what="least count", value=least_count, accepted=accepted)
        return replace(self, least_count=least_count)

    def least(self, indicator: str) -> int:
        """Return the least count of an indicator that is published."""
        return max(self.least_count, self.sensitive.get(indicator, 0))

    def checked_base(self, base: int | None) -> int | None:
        """Return what to round to; RulesError where the rules do not know it."""
        if base is not None and base not in self.rounding_bases:
            accepted = ", ".join(str(each) for each in self.rounding_bases)
            raise RulesError(what="rounding base", value=base, accepted=accepted)
        return base

    def to_json(self) -> dict[str, Any]:
        """Return what a release says of its rules."""
        return {
            "id": self.id,
            "version": self.version,
            "least_count": self.least_count,
            "least_contributors": self.least_contributors,
            "least_standardised": self.least_standardised,
            "small_group": self.small_group,
            "sensitive": dict(sorted(self.sensitive.items())),
            "without_places": sorted(self.without_places),
        }


@cache
def default_rules() -> Rules:
    """
    Return the shipped rules.

    Examples
    --------
    >>> default_rules().least("SEC-02"), default_rules().least("SEC-07")
    (5, 10)
    """
    from parvis.packs.loader import load_pack

    pack = cast("DisclosurePack", load_pack("disclosure"))
    return Rules(
        id=pack.id,
        version=pack.version,
        least_count=pack.least_count.value,
        least_contributors=pack.least_contributors.value,
        least_standardised=pack.least_standardised.value,
        small_group=pack.small_group.value,
        sensitive=MappingProxyType({each.key: each.least_count.value for each in pack.entries}),
        without_places=frozenset(each.key for each in pack.entries if not each.is_by_place),
        things=frozenset(pack.things.codes),
        rounding_bases=pack.rounding_bases,
        k=pack.k.value,
        l=pack.l.value,
        microdata_keys=pack.microdata_keys,
    )


def primary_reason(cell: Cell, rules: Rules, *, city: str | None = None) -> Reason | None:
    """
    Return why a cell is hidden for what it is; None where it is not.

    Parameters
    ----------
    cell : Cell
    rules : Rules
    city : str, optional
        Area of the whole city; with it, sensitive indicators are hidden of every other area.

    Examples
    --------
    >>> cell = Cell(("SEC-02", "2025", "D1", ""), 3)
    >>> primary_reason(cell, default_rules()).value
    'few'
    """
    indicator, _, area, _ = cell.key
    if indicator in rules.things:
        return None
    least = rules.least(indicator)
    if cell.is_standardised:
        least = max(least, rules.least_standardised)
    if 0 < cell.count < least:
        return Reason.FEW
    if cell.group is not None:
        rest = cell.group - cell.count
        if cell.group and 0 in (cell.count, rest) and cell.group < rules.small_group:
            return Reason.GROUP
        if 0 < rest < least:
            return Reason.REST_FEW
    if cell.contributors is not None and 0 < cell.contributors < rules.least_contributors:
        return Reason.CONTRIBUTORS
    if city is not None and area != city and indicator in rules.without_places:
        return Reason.PLACE
    return None


def need_of(cell: Cell, reason: Reason, rules: Rules) -> Need:
    """
    Return what must stay possible of a hidden cell.

    A count hidden for being small keeps the whole hidden range open, and the least count that is
    shown besides: who knows everything published knows no more of it than the rule itself says, not
    even that it is small. The same holds for the others of its group where these are few. Other
    primary cells keep an interval as wide as the hidden range. Cells hidden for others' sake, whose
    own count is no secret, must not be computable to the unit.
    """
    count = float(cell.count)
    least = float(rules.least(cell.key[0]))
    if cell.is_standardised:
        least = max(least, float(rules.least_standardised))
    if reason is Reason.SECONDARY:
        return Need(count, count, LEAST_SECONDARY)
    if reason is Reason.PLACE and not cell.count:
        return Need(count, count, 0.0)
    group = None if cell.group is None else float(cell.group)
    low = high = count
    if 0 < count < least:
        low, high = 1.0, least
    if group is None:
        return Need(low, high, least - 1.0)
    if 0 < group - count < least:
        low, high = min(low, group - least), max(high, group - 1.0)
    return Need(max(low, 0.0), min(high, group), min(least - 1.0, group))
