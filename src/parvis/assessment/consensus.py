"""What several assessors say together."""

from dataclasses import dataclass
from datetime import date

from parvis.assessment.held import Held, HeldState
from parvis.assessment.model import SETTLED, Assessment, Interval, Item, Value
from parvis.assessment.reading import read
from parvis.assessment.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Agreed:
    """
    What several assessors say about an item together.

    Attributes
    ----------
    item : str
    state : str
        A state of answers, or ``unsettled``: as many say that it does not apply as give a value.
    value : value or None
        Median of ordered values, a range where two are in the middle; of other kinds what
        everybody chose, None while they differ.
    possible : tuple of str
        Single, multiple and text: all that was said.
    n : int
        Assessors who answered, "unknown" included.
    is_settled : bool
        It was settled, and nobody's own answer counts any more.
    """

    item: str
    state: HeldState
    value: Value
    possible: tuple[str, ...]
    n: int
    is_settled: bool


def consensus(assessment: Assessment) -> tuple[Agreed, ...]:
    """Return what all assessors say together, for every item that anybody answered, in order."""
    reading = read(assessment)
    return tuple(
        Agreed(
            item=item.key,
            state=known.state,
            value=_value(reading.sheet, item, known),
            possible=tuple(sorted(known.maybe)),
            n=len({a.assessor for a in reading.answers[item.key]} - {SETTLED}),
            is_settled=any(a.assessor == SETTLED for a in reading.answers[item.key]),
        )
        for item in reading.sheet.items
        if (known := reading.known.get(item.key)) is not None
    )


def _value(sheet: Sheet, item: Item, known: Held) -> Value:
    if not known.is_known:
        return None
    match item.question.kind:
        case "scale":
            levels = sheet.names.scales[item.question.scale or ""].levels
            return _ranged(levels[int(known.low)].key, levels[int(known.high)].key)
        case "number":
            return _ranged(known.low, known.high)
        case "date":
            return date.fromordinal(int(known.low)) if known.low == known.high else None
        case "multiple":
            return tuple(sorted(known.sure)) if known.sure == known.maybe else None
        case "single" | "text":
            return next(iter(known.maybe)) if len(known.maybe) == 1 else None
    return None


def _ranged(low: str | float, high: str | float) -> Value:
    return low if low == high else Interval(low, high)
