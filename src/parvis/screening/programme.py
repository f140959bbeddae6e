"""Which space is to be assessed next, by when and by whom: an authority's assessment programme."""

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from parvis.errors import InputError
from parvis.screening.criteria import Criterion
from parvis.screening.spaces import Screening, SpaceFailure, SpaceOutcome, SpaceRecord


class RulesInvalidError(InputError):
    """Rules of re-assessment with numbers that make no sense."""

    code = "programme_rules"


class IntervalMissingError(InputError):
    """Nobody said how often a space is to be assessed."""

    code = "interval_missing"


class Reason(StrEnum):
    """Why a space is due on its date."""

    NEVER_ASSESSED = "never assessed"
    INTERVAL = "interval since the last assessment"
    WORKS = "before planned works"
    EVENT = "before an event"


@dataclass(frozen=True, slots=True)
class Rules:
    """
    When a space is due again, as the authority states it.

    Attributes
    ----------
    every_months : int
        Time between two assessments. >= 1
    days_before : int
        How long before works or an event the assessment must be done. >= 0
    per_month : int or None
        How many assessments can be done in a month; None: any number.
    """

    every_months: int
    days_before: int = 60
    per_month: int | None = None

    def __post_init__(self) -> None:
        checks = (
            ("every", self.every_months, 1, 240),
            ("days-before", self.days_before, 0, 730),
            ("per-month", 1 if self.per_month is None else self.per_month, 1, 1000),
        )
        for option, value, low, high in checks:
            if not low <= value <= high:
                raise RulesInvalidError(option=option, value=value, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One space of a programme.

    Attributes
    ----------
    space : SpaceOutcome or SpaceFailure
    record : SpaceRecord
    due : date
        By which the space is to be assessed next.
    reason : Reason
    is_spread : bool
        The month in which the rules would have it was full.
    owner : str
    """

    space: SpaceOutcome | SpaceFailure
    record: SpaceRecord
    due: date
    reason: Reason
    is_spread: bool
    owner: str

    @property
    def quarter(self) -> str:
        """Return the quarter the space is due in, such as ``"2030 Q1"``."""
        return f"{self.due.year} Q{(self.due.month + 2) // 3}"


@dataclass(frozen=True, eq=False)
class Programme:
    """
    An assessment programme.

    Attributes
    ----------
    screening : Screening
    rules : Rules
    entries : tuple of Entry
        In the order that the stated criteria give.
    """

    screening: Screening
    rules: Rules
    entries: tuple[Entry, ...]


def assessment_programme(screening: Screening, rules: Rules) -> Programme:
    """
    Order the spaces by the criteria stated and give each its next date and owner.

    Parameters
    ----------
    screening : Screening
    rules : Rules

    Returns
    -------
    Programme

    Notes
    -----
    Criteria are taken one after the other; later ones decide among spaces that are alike in the
    earlier ones, the id among those alike in all. What nobody stated comes last, except for the
    last assessment: a space never assessed comes before those that were.

    A space is due `every_months` after its last assessment and `days_before` works or the next
    event, whichever comes first; what is overdue or was never assessed is due now. Where a month
    has no room left, spaces wait for the next in the stated order; those with works or an event
    coming do not wait.
    """
    known = screening.records or {}
    pairs = [(item, known.get(item.id, SpaceRecord(item.id))) for item in screening.outcomes]
    pairs.sort(key=lambda pair: (*_keys(screening.criteria, *pair), pair[0].id))
    today = screening.created
    due = [_due(record, rules, today) for _, record in pairs]
    dates = _spread(due, rules.per_month)
    entries = tuple(
        Entry(
            space=space,
            record=record,
            due=day,
            reason=reason,
            is_spread=day != before,
            owner=record.owner or screening.responsible.name,
        )
        for (space, record), (before, reason), day in zip(pairs, due, dates, strict=True)
    )
    return Programme(screening=screening, rules=rules, entries=entries)


def _keys(
    criteria: Sequence[Criterion], space: SpaceOutcome | SpaceFailure, record: SpaceRecord
) -> list[float]:
    """Return sort keys, the smallest first; a failed space is known least."""
    data = (math.inf, math.inf, math.inf)
    if isinstance(space, SpaceOutcome):
        data = (float(space.grade), space.unknown_share, float(space.n_to_measure))
    gaps = (Criterion.DATA_GRADE, Criterion.UNKNOWN_GROUND, Criterion.FACTS_TO_MEASURE)
    keys = {item: -value for item, value in zip(gaps, data, strict=True)}
    for item, number in ((Criterion.EVENTS, record.events), (Criterion.PEOPLE, record.people)):
        keys[item] = math.inf if number is None else -number
    for item, day in ((Criterion.WORKS, record.works), (Criterion.NEXT_EVENT, record.next_event)):
        keys[item] = math.inf if day is None else float(day.toordinal())
    last = record.last_assessment
    keys[Criterion.LAST_ASSESSMENT] = -math.inf if last is None else float(last.toordinal())
    return [keys[item] for item in criteria]


def _due(record: SpaceRecord, rules: Rules, today: date) -> tuple[date, Reason]:
    last = record.last_assessment
    if last is None:
        found = [(today, Reason.NEVER_ASSESSED)]
    else:
        found = [(months_later(last, rules.every_months), Reason.INTERVAL)]
    for day, reason in ((record.works, Reason.WORKS), (record.next_event, Reason.EVENT)):
        if day is not None and day >= today:
            before = day - timedelta(days=rules.days_before)
            if last is None or last < before:
                found.append((before, reason))
    first, reason = min(found, key=lambda item: item[0])
    return max(first, today), reason


def _spread(due: Sequence[tuple[date, Reason]], per_month: int | None) -> list[date]:
    """Return the dates once no month holds more than it has room for."""
    if per_month is None:
        return [day for day, _ in due]
    months = _Months(per_month)
    is_fixed = [reason in (Reason.WORKS, Reason.EVENT) for _, reason in due]
    for (day, _), fixed in zip(due, is_fixed, strict=True):
        if fixed:
            months.take(day)
    return [
        day if fixed else months.first_with_room(day)
        for (day, _), fixed in zip(due, is_fixed, strict=True)
    ]


@dataclass
class _Months:
    room: int
    taken: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, day: date) -> None:
        month = (day.year, day.month)
        self.taken[month] = self.taken.get(month, 0) + 1

    def first_with_room(self, day: date) -> date:
        """Return `day`, or the last day of the first month after it that has room."""
        while self.taken.get((day.year, day.month), 0) >= self.room:
            start = months_later(day.replace(day=1), 1)
            day = start.replace(day=calendar.monthrange(start.year, start.month)[1])
        self.take(day)
        return day


def months_later(day: date, months: int) -> date:
    """
    Return the same day some months later, or the last of that month.

    Examples
    --------
    >>> months_later(date(2031, 8, 31), 6)
    datetime.date(2032, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
