"""What do values by area become when boundaries change: counts move with weights, rates follow."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from parvis.errors import InputError
from parvis.indicators.estimates import Flag
from parvis.indicators.values import Observation, Observations, observations_of

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

SLACK = 1e-6
"""By how much the weights of an area may miss a sum of one."""
ADDITIVE_UNITS = frozenset({"persons"})
"""Units whose values are counts themselves."""
N_NAMED = 5
_FLAG_ORDER = (Flag.SUPPRESSED, Flag.UNRELIABLE, Flag.PROVISIONAL)


class AreaWeightError(InputError):
    """A weight is no share; details: row, value, accepted."""

    code: ClassVar[str] = "area_weight"


class AreaWeightSumError(InputError):
    """The weights of an area do not sum to one; details: area, total."""

    code: ClassVar[str] = "area_weight_sum"


class AreaPartTwiceError(InputError):
    """A pair of areas stands twice; details: row, old, new, first."""

    code: ClassVar[str] = "area_part_twice"


class AreaUnknownError(InputError):
    """Values are of areas that a version of boundaries does not have; details: n, areas, known."""

    code: ClassVar[str] = "area_unknown"


class Basis(StrEnum):
    """What weights rest on."""

    TABLE = "table"
    POPULATION = "population"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class AreaVersion:
    """
    The areas that held from a day on.

    Attributes
    ----------
    key : str
        As ``2021``.
    valid_from : date
    codes : tuple of str
    names : mapping of str to str
        By code.
    """

    key: str
    valid_from: dt.date
    codes: tuple[str, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """How much of what an old area counts lies in a new one: a share above 0, to 1."""

    old: str
    new: str
    weight: float


@dataclass(frozen=True, slots=True)
class Conversion:
    """
    How values move from one version of areas to another.

    Attributes
    ----------
    first, second : str
        Keys of the versions.
    basis : Basis
    parts : tuple of Part
    """

    first: str
    second: str
    basis: Basis
    parts: tuple[Part, ...]

    @property
    def old(self) -> tuple[str, ...]:
        """Codes of the old areas."""
        return tuple(dict.fromkeys(part.old for part in self.parts))

    @property
    def new(self) -> tuple[str, ...]:
        """Codes of the new areas."""
        return tuple(sorted({part.new for part in self.parts}))


@dataclass(frozen=True, slots=True)
class Unconverted:
    """
    A value that cannot be moved: a stable code and the facts for its sentence.

    Attributes
    ----------
    indicator, period, area, split : str
        Of the value that would have been.
    code : str
    details : mapping
    """

    indicator: str
    period: str
    area: str
    split: str
    code: str
    details: Mapping[str, object]


@dataclass(frozen=True, eq=False, slots=True)
class Converted:
    """
    Values by the new areas.

    Attributes
    ----------
    observations : Observations
    refused : tuple of Unconverted
    n_exact : int
        Values that needed no split: whole old areas only.
    """

    observations: Observations
    refused: tuple[Unconverted, ...]
    n_exact: int


def conversion_of(
    parts: Iterable[Part],
    *,
    first: str = "",
    second: str = "",
    basis: Basis = Basis.TABLE,
) -> Conversion:
    """
    Check weights and return them as a conversion.

    Parameters
    ----------
    parts : iterable of Part
        In the order of their rows.
    first, second : str
    basis : Basis

    Raises
    ------
    AreaWeightError, AreaPartTwiceError
        If a weight is missing, zero, negative or above one, or a pair stands twice.
    AreaWeightSumError
        If what an old area counts does not go anywhere as a whole.
    """
    seen: dict[tuple[str, str], int] = {}
    sums: defaultdict[str, float] = defaultdict(float)
    listed = tuple(parts)
    for row, part in enumerate(listed, start=1):
        if not (math.isfinite(part.weight) and 0.0 < part.weight <= 1.0 + SLACK):
            raise AreaWeightError(row=row, value=part.weight, accepted="more than 0, at most 1")
        pair = part.old, part.new
        if pair in seen:
            raise AreaPartTwiceError(row=row, old=part.old, new=part.new, first=seen[pair])
        seen[pair] = row
        sums[part.old] += part.weight
    for area, total in sums.items():
        if abs(total - 1.0) > SLACK:
            raise AreaWeightSumError(area=area, total=round(total, 6))
    return Conversion(first, second, basis, listed)


def converted(
    table: Observations,
    conversion: Conversion,
    indicators: Mapping[str, "Indicator"],
    *,
    kept: Collection[str] = ("city",),
) -> Converted:
    """
    Move values to other areas.

    Parameters
    ----------
    table : Observations
    conversion : Conversion
    indicators : mapping from code to Indicator
    kept : collection of str
        Areas whose values stay as they are, such as the whole city.

    Returns
    -------
    Converted
        Counts are split with the weights and add up to what they were; rates and shares are
        computed again from numerators and denominators. Values that needed a split are flagged as
        estimated, and their source says so. A value without parts – a mean, a median, a weighted
        share – moves only where its area stayed as it was.

    Raises
    ------
    AreaUnknownError
        If there are values of areas that the conversion does not know.
    """
    known = set(conversion.old)
    by_cell: defaultdict[tuple[str, str, str], dict[str, Observation]] = defaultdict(dict)
    rows: list[Observation] = []
    strange: set[str] = set()
    for each in table:
        if each.area in known:
            by_cell[each.indicator, each.period, each.split][each.area] = each
        elif each.area in kept:
            rows.append(each)
        else:
            strange.add(each.area)
    if strange:
        raise AreaUnknownError(
            n=len(strange),
            areas=", ".join(sorted(strange)[:N_NAMED]),
            known=", ".join(conversion.old[:N_NAMED]),
        )
    into: defaultdict[str, list[Part]] = defaultdict(list)
    for part in conversion.parts:
        into[part.new].append(part)
    refused: list[Unconverted] = []
    n_exact = 0
    for (code, period, split), values in by_cell.items():
        made: list[Observation] = []
        for new, parts in sorted(into.items()):
            there = [part for part in parts if part.old in values]
            if not there:
                continue
            if len(there) < len(parts):
                missing = ", ".join(part.old for part in parts if part.old not in values)
                details = {"area": new, "indicator": code, "period": period, "missing": missing}
                refused.append(Unconverted(code, period, new, split, "area_missing", details))
                continue
            moved = _moved([(values[part.old], part.weight) for part in parts], new, indicators)
            if moved is None:
                details = {"area": new, "indicator": code, "period": period}
                refused.append(Unconverted(code, period, new, split, "area_no_parts", details))
                continue
            is_exact = all(part.weight >= 1.0 - SLACK for part in parts)
            n_exact += is_exact
            if not is_exact:
                moved = _estimated(moved, conversion)
            made.append(moved)
        rows += _whole(made, indicators.get(code))
    return Converted(observations_of(rows), tuple(refused), n_exact)


def _moved(
    parts: Sequence[tuple[Observation, float]],
    area: str,
    indicators: Mapping[str, "Indicator"],
) -> Observation | None:
    """Return the value of a new area; None where it has no parts to be computed from."""
    first, weight = parts[0]
    if len(parts) == 1 and weight >= 1.0 - SLACK:
        return replace(first, area=area)
    flags = [each.flag for each, _ in parts if each.flag is not Flag.NORMAL]
    flag = next((each for each in _FLAG_ORDER if each in flags), Flag.NORMAL)
    indicator = indicators.get(first.indicator)
    grade = max(each.grade for each, _ in parts)
    bare = replace(first, area=area, standard_error=None, flag=flag, n=None, grade=grade)
    if first.unit in ADDITIVE_UNITS and all(each.value is not None for each, _ in parts):
        total = sum(weight * (each.value or 0.0) for each, weight in parts)
        return replace(bare, value=total, n=round(total), numerator=None, denominator=None)
    if indicator is None or indicator.multiplier is None:
        return None
    if any(each.numerator is None or each.denominator is None for each, _ in parts):
        return None
    above = sum(weight * (each.numerator or 0.0) for each, weight in parts)
    below = sum(weight * (each.denominator or 0.0) for each, weight in parts)
    if below <= 0.0:
        return None
    return replace(
        bare, numerator=above, denominator=below, value=above / below * indicator.multiplier
    )


def _estimated(row: Observation, conversion: Conversion) -> Observation:
    flag = Flag.ESTIMATED if row.flag in (Flag.NORMAL, Flag.PROVISIONAL) else row.flag
    told = " → ".join(key for key in (conversion.first, conversion.second) if key)
    how = f"areas converted{' ' if told else ''}{told} by {conversion.basis.value}"
    return replace(row, flag=flag, source=f"{row.source}; {how}" if row.source else how)


def _whole(rows: list[Observation], indicator: "Indicator | None") -> list[Observation]:
    """Return counts of events as whole numbers that add up to what they were."""
    if indicator is None or indicator.error_model != "poisson" or not indicator.multiplier:
        return rows
    parts = [each.numerator or 0.0 for each in rows]
    floors = [math.floor(part + SLACK) for part in parts]
    spare = round(sum(parts)) - sum(floors)
    by_rest = sorted(range(len(rows)), key=lambda at: floors[at] - parts[at])
    for at in by_rest[: max(spare, 0)]:
        floors[at] += 1
    found = []
    for each, whole in zip(rows, floors, strict=True):
        if each.numerator is None or not each.denominator:
            found.append(each)
            continue
        value = whole / each.denominator * indicator.multiplier
        found.append(replace(each, numerator=float(whole), value=value, n=whole))
    return found
