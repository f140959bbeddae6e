"""What is known about an item: everything it may be, given all answers to it."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from parvis.assessment.model import SETTLED, Answer, Interval, Item
from parvis.packs.conditions import Compare, as_date, as_number
from parvis.packs.framework_models import Framework

HeldState = Literal["answered", "unknown", "not-applicable", "missing", "unsettled"]


@dataclass(frozen=True, slots=True)
class Held:
    """
    What an item may be.

    Attributes
    ----------
    state : str
        A state of answers, ``missing``, or ``unsettled`` where as many say that it does not apply
        as give a value.
    low, high : float
        Scale: ranks of levels, from 0. Number: in its unit. Date: its ordinal.
    sure : frozenset of str
        Multiple: what everybody chose.
    maybe : frozenset of str
        Single, text: what somebody chose. Multiple: likewise.
    """

    state: HeldState
    low: float = 0.0
    high: float = 0.0
    sure: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """There is a value, or a range of values."""
        return self.state == "answered"


MISSING = Held("missing")


def held(framework: Framework, item: Item, answers: Sequence[Answer]) -> Held:
    """
    Return what `answers`, one for each assessor, say about `item` together.

    What they settled on counts alone. Of ordered values the middle one counts, with an even
    number of assessors the range between the two middle ones; of other values every one that was
    given stays possible until it is settled. Who cannot say leaves it to the others.
    """
    settled = [answer for answer in answers if answer.assessor == SETTLED]
    counted = settled or answers
    known = [answer for answer in counted if answer.state == "answered"]
    n_not_applicable = sum(answer.state == "not-applicable" for answer in counted)
    if not counted:
        return MISSING
    if not known and not n_not_applicable:
        return Held("unknown")
    if n_not_applicable > len(known):
        return Held("not-applicable")
    if n_not_applicable == len(known):
        return Held("unsettled")
    return _combined(framework, item, known)


def _combined(framework: Framework, item: Item, known: Sequence[Answer]) -> Held:
    kind = item.question.kind
    if kind in ("scale", "number", "date"):
        ends = [span(framework, item, answer) for answer in known]
        lows = sorted(low for low, _ in ends)
        highs = sorted(high for _, high in ends)
        return Held("answered", lows[(len(lows) - 1) // 2], highs[len(highs) // 2])
    if kind == "multiple":
        chosen = [_keys(answer) for answer in known]
        return Held(
            "answered",
            sure=frozenset.intersection(*chosen),
            maybe=frozenset.union(*chosen),
        )
    return Held("answered", maybe=frozenset(str(answer.value) for answer in known))


def span(framework: Framework, item: Item, answer: Answer) -> tuple[float, float]:
    """Return both ends of an ordered answer: ranks of levels, numbers or ordinals of days."""
    value = answer.value
    low, high = (value.low, value.high) if isinstance(value, Interval) else (value, value)
    return _position(framework, item, low), _position(framework, item, high)


def _position(framework: Framework, item: Item, value: object) -> float:
    if item.question.kind == "scale":
        return float(framework.scale(item.question.scale or "").rank(str(value)))
    if isinstance(value, datetime.date):
        return float(value.toordinal())
    return float(str(value))


def _keys(answer: Answer) -> frozenset[str]:
    return frozenset(map(str, answer.value)) if isinstance(answer.value, tuple) else frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """
    How the values of a question are ordered.

    Attributes
    ----------
    place : callable
        Where a literal lies; None where values have no order.
    is_discrete : bool
        Only whole places are values.
    """

    place: Callable[[str], float | None]
    is_discrete: bool = False


def compared(known: Held, condition: Compare, line: Line) -> bool | None:
    """
    Compare what an item may be with the literals of a condition.

    Parameters
    ----------
    known : Held
    condition : Compare
    line : Line

    Returns
    -------
    bool or None
        None while it is undecided; what does not apply has no value, so nothing holds of it, nor
        does ``!=``.
    """
    if known.state == "not-applicable":
        return False
    if not known.is_known:
        return None
    if condition.op == "!=":
        equal = compared(known, Compare(condition.name, "==", condition.values), line)
        return None if equal is None else not equal
    if condition.op == "includes":
        return _included(known, condition.values[0])
    places = [place for value in condition.values if (place := line.place(value)) is not None]
    if not places:
        return _among(known, frozenset(condition.values))
    if condition.op == "in" and line.is_discrete and known.low < known.high:
        met = [place in places for place in range(int(known.low), int(known.high) + 1)]
        return True if all(met) else None if any(met) else False
    return ordered(known.low, known.high, condition.op, places)


def ordered(low: float, high: float, op: str, places: Sequence[float]) -> bool | None:
    """
    Compare a range with positions, undecided where it reaches to both sides.

    Examples
    --------
    >>> ordered(0, 1, "<=", [1]), ordered(0, 1, "<", [1]), ordered(0, 1, "==", [2])
    (True, None, False)
    """
    at = places[0]
    if op in ("==", "in"):
        if low == high:
            return low in places
        return None if any(low <= found <= high for found in places) else False
    if op in (">", ">="):
        return ordered(-high, -low, op.replace(">", "<"), [-at])
    if op == "<":
        return True if high < at else False if low >= at else None
    return True if high <= at else False if low > at else None


def _included(known: Held, key: str) -> bool | None:
    if key in known.sure:
        return True
    return None if key in known.maybe else False


def _among(known: Held, keys: frozenset[str]) -> bool | None:
    if known.maybe <= keys:
        return True
    return None if known.maybe & keys else False


def line_of(framework: Framework, item: Item) -> Line:
    """Return the line on which the values of `item` lie."""
    kind = item.question.kind
    if kind == "scale":
        levels = framework.scale(item.question.scale or "").levels
        ranks = {level.key: float(rank) for rank, level in enumerate(levels)}
        return Line(ranks.get, is_discrete=True)
    return NUMBERS if kind in ("number", "date") else UNORDERED


def number_or_day(text: str) -> float | None:
    """Return the number, or the ordinal of the day, that a literal writes."""
    day = as_date(text)
    return float(day.toordinal()) if day else as_number(text)


def _nowhere(text: str) -> float | None:
    del text
    return None


NUMBERS = Line(number_or_day)
UNORDERED = Line(_nowhere)
