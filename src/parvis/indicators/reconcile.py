"""Where do the figures last published differ from ours, and what would explain each difference."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from parvis.indicators.areas import Conversion, converted
from parvis.indicators.estimates import Note
from parvis.indicators.values import Observation, Observations, observations_of, period_days

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

Key = tuple[str, str, str, str]
FACTORS = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)
"""What a value is multiplied with where another unit was used: per 1,000 instead of 100,000."""
BASES = (5.0, 10.0)
"""To what published counts are rounded."""
PEOPLE = ("BCK-01", "BCK-02")
"""Indicators that are denominators of others: residents and people present."""
_DIGITS = 10


class Cause(StrEnum):
    """What explains a difference, in the order in which it is looked for."""

    SAME = "same"
    ROUNDING = "rounding"
    REVISION = "revision"
    DEFINITION = "definition"
    UNIT = "unit"
    DENOMINATOR = "denominator"
    CODE_LIST = "code_list"
    BOUNDARY = "boundary"
    PERIOD = "period"
    NOT_OURS = "not_ours"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Tried:
    """
    One cause that was looked at.

    Attributes
    ----------
    cause : Cause
    value : float or None
        What ours would be; None where there is nothing to try it with.
    fits : bool
        Whether that is the published value.
    note : Note
        Its sentence.
    """

    cause: Cause
    value: float | None
    fits: bool
    note: Note


@dataclass(frozen=True, slots=True)
class Compared:
    """
    A published figure beside ours.

    Attributes
    ----------
    published : Observation
    ours : Observation or None
    difference : float or None
        Ours less the published one.
    cause : Cause
        The first that fits.
    tried : tuple of Tried
        Everything that was looked at, what fits first.
    """

    published: Observation
    ours: Observation | None
    difference: float | None
    cause: Cause
    tried: tuple[Tried, ...]

    @property
    def also(self) -> tuple[Cause, ...]:
        """Other causes that fit just as well."""
        return tuple(
            dict.fromkeys(
                each.cause for each in self.tried if each.fits and each.cause is not self.cause
            )
        )


@dataclass(frozen=True, slots=True)
class Reconciled:
    """
    All published figures beside ours.

    Attributes
    ----------
    rows : tuple of Compared
        In the order of what they are of.
    counts : mapping from Cause to int
    """

    rows: tuple[Compared, ...]
    counts: Mapping[Cause, int]

    @property
    def open(self) -> tuple[Compared, ...]:
        """Differences that nothing explains yet."""
        return tuple(row for row in self.rows if row.cause is Cause.UNEXPLAINED)


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """
    What differences can be explained with.

    Attributes
    ----------
    earlier : sequence of (name, Observations)
        Our deliveries before, the oldest first.
    others : mapping of str to Observations
        Our values by another list of codes, by its name.
    conversions : sequence of Conversion
        Between versions of areas.
    """

    earlier: Sequence[tuple[str, Observations]] = ()
    others: Mapping[str, Observations] = field(default_factory=dict)
    conversions: Sequence[Conversion] = ()


def reconciled(
    published: Observations,
    ours: Observations,
    indicators: Mapping[str, "Indicator"],
    evidence: Evidence | None = None,
) -> Reconciled:
    """
    Lay figures last published beside ours and look for what explains each difference.

    Parameters
    ----------
    published, ours : Observations
    indicators : mapping from code to Indicator
    evidence : Evidence, optional

    Returns
    -------
    Reconciled
        A cause that fits is a candidate, not a proof: it reproduces the published value to the
        digits it was printed with. What was tried in vain stands there too.
    """
    known = {each.key: each for each in ours}
    clues = _Clues(known, indicators, evidence or Evidence())
    digits = _digits(published)
    rows = []
    for said in published:
        mine = known.get(said.key)
        if mine is None or mine.value is None or said.value is None:
            tried = tuple(clues.without_ours(said, digits))
            fitting = [each for each in tried if each.fits]
            cause = fitting[0].cause if fitting else Cause.NOT_OURS
            rows.append(Compared(said, mine, None, cause, tried))
            continue
        near = _Near(said.value, digits[said.indicator])
        tried = tuple(clues.all(said, mine, near))
        fitting = [each for each in tried if each.fits]
        cause = fitting[0].cause if fitting else Cause.UNEXPLAINED
        ordered = (*fitting, *(each for each in tried if not each.fits))
        rows.append(Compared(said, mine, mine.value - said.value, cause, ordered))
    counts = Counter(row.cause for row in rows)
    return Reconciled(tuple(rows), {cause: counts[cause] for cause in Cause if counts[cause]})


@dataclass(frozen=True, slots=True)
class _Near:
    """Whether a value is the published one, to the digits that it was printed with."""

    value: float
    digits: int

    def __call__(self, other: float | None) -> bool:
        if other is None:
            return False
        half: float = 0.5 * 10.0 ** (-self.digits)
        return abs(other - self.value) <= half * (1.0 + 1e-9) + 1e-12 * abs(self.value)


class _Clues:
    def __init__(
        self,
        known: Mapping[Key, Observation],
        indicators: Mapping[str, "Indicator"],
        evidence: Evidence,
    ) -> None:
        self.known = known
        self.indicators = indicators
        self.others = {
            name: {each.key: each for each in table} for name, table in evidence.others.items()
        }
        self.earlier = [
            (name, {each.key: each for each in table}) for name, table in evidence.earlier
        ]
        kept = {each.area for each in known.values()}
        self.moved: list[dict[Key, Observation]] = []
        for conversion in evidence.conversions:
            rows = [each for each in known.values() if each.area in conversion.old]
            if rows:
                made = converted(
                    observations_of(rows), conversion, indicators, kept=kept
                ).observations
                self.moved.append({each.key: each for each in made})

    def all(self, said: Observation, mine: Observation, near: _Near) -> Iterator[Tried]:
        value = mine.value
        exact = value is not None and abs(value - near.value) <= 1e-9 * max(abs(value), 1.0)
        if exact:
            yield Tried(Cause.SAME, value, True, Note("reconcile_same"))
            return
        yield Tried(
            Cause.ROUNDING, value, near(value), Note("reconcile_rounding", {"digits": near.digits})
        )
        yield from self._rounded_counts(mine, near)
        yield from self._revised(said, near)
        if said.definition != mine.definition:
            details = {"theirs": said.definition, "ours": mine.definition}
            yield Tried(Cause.DEFINITION, value, True, Note("reconcile_definition", details))
        if value:
            for factor in FACTORS:
                if near(value * factor):
                    note = Note("reconcile_unit", {"factor": f"{factor:g}"})
                    yield Tried(Cause.UNIT, value * factor, True, note)
        yield from self._denominators(mine, near)
        for name, table in self.others.items():
            other = table.get(said.key)
            if other is not None:
                fits = near(other.value)
                note = Note("reconcile_code_list", {"list": name, "value": other.value})
                yield Tried(Cause.CODE_LIST, other.value, fits, note)
        yield from self._boundaries(said, near)
        yield from self._neighbours(said, near)

    def without_ours(self, said: Observation, digits: Mapping[str, int]) -> Iterator[Tried]:
        if said.value is None:
            return
        near = _Near(said.value, digits[said.indicator])
        yield from self._boundaries(said, near)
        yield from self._neighbours(said, near)

    def _rounded_counts(self, mine: Observation, near: _Near) -> Iterator[Tried]:
        entry = self.indicators.get(mine.indicator)
        if entry is None or not entry.multiplier or not mine.numerator or not mine.denominator:
            return
        for base in BASES:
            count = base * round(mine.numerator / base)
            value = count / mine.denominator * entry.multiplier
            if near(value):
                note = Note("reconcile_rounded_count", {"base": f"{base:g}", "count": f"{count:g}"})
                yield Tried(Cause.ROUNDING, value, True, note)

    def _revised(self, said: Observation, near: _Near) -> Iterator[Tried]:
        for name, table in self.earlier:
            before = table.get(said.key)
            if before is not None and before.value is not None:
                note = Note("reconcile_revision", {"delivery": name, "value": before.value})
                yield Tried(Cause.REVISION, before.value, near(before.value), note)

    def _denominators(self, mine: Observation, near: _Near) -> Iterator[Tried]:
        entry = self.indicators.get(mine.indicator)
        if entry is None or not entry.multiplier or mine.numerator is None:
            return
        for code in PEOPLE:
            for (indicator, period, area, split), people in self.known.items():
                if (indicator, area, split) != (code, mine.area, mine.split):
                    continue
                if not people.value or people.value == mine.denominator:
                    continue
                value = mine.numerator / people.value * entry.multiplier
                details = {"denominator": code, "period": period, "people": people.value}
                note = Note("reconcile_denominator", details)
                yield Tried(Cause.DENOMINATOR, value, near(value), note)

    def _boundaries(self, said: Observation, near: _Near) -> Iterator[Tried]:
        for table in self.moved:
            other = table.get(said.key)
            if other is not None and other.value is not None:
                note = Note("reconcile_boundary", {"area": said.area, "value": other.value})
                yield Tried(Cause.BOUNDARY, other.value, near(other.value), note)

    def _neighbours(self, said: Observation, near: _Near) -> Iterator[Tried]:
        days = period_days(said.period)
        for (indicator, period, area, split), other in self.known.items():
            same = (indicator, area, split) == (said.indicator, said.area, said.split)
            if not same or period == said.period or len(period) != len(said.period):
                continue
            there = period_days(period)
            if days is None or there is None or abs((there[0] - days[0]).days) > 2 * 366:
                continue
            if near(other.value):
                note = Note("reconcile_period", {"period": period})
                yield Tried(Cause.PERIOD, other.value, True, note)


def _digits(table: Observations) -> dict[str, int]:
    """Return how many decimals each indicator was published with, at most."""
    found: defaultdict[str, int] = defaultdict(int)
    for each in table:
        if each.value is not None:
            decimals = f"{each.value:.{_DIGITS}g}".partition(".")[2]
            printed = len(decimals) if "e" not in decimals else _DIGITS
            found[each.indicator] = max(found[each.indicator], printed)
    return found
