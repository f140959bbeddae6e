"""Scores of numbers, and between which values they lie while something is not known."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from parvis.assessment.held import Held
from parvis.assessment.model import Item
from parvis.assessment.reading import Reading, Truth
from parvis.assessment.results import At, Figure
from parvis.assessment.sheet import agrees
from parvis.packs.framework_questions import Asked
from parvis.packs.framework_scores import Mean, Minimum, Readiness, WeightedMean

NumericScore = Mean | WeightedMean | Minimum | Readiness
PERCENT = 100.0
DIGITS = 9
"""What is beyond comes from the arithmetic of the machine."""


PartState = Literal["known", "unknown", "missing", "not-applicable", "open"]


class Part(NamedTuple):
    """
    One item or score that a figure is made of.

    Attributes
    ----------
    key : str
    state : {'known', 'unknown', 'missing', 'not-applicable', 'open'}
        ``open``: whether it is asked at all is undecided.
    low, high : float
        Value where it is known.
    least, most : float
        What it may be: the value's own bounds where it is known, else its scale.
    bottom, top : float
        Ends of its scale.
    weight : float
    """

    key: str
    state: PartState
    low: float
    high: float
    least: float
    most: float
    bottom: float
    top: float
    weight: float = 1.0

    @property
    def is_sure(self) -> bool:
        """It has a value and counts for certain."""
        return self.state == "known"


def figure(reading: Reading, score: NumericScore, at: At) -> Figure:
    """Return a score of numbers at a slice."""
    every = [_scaled(score, part) for part in _parts(reading, score, at)]
    known = [part for part in every if part.is_sure]
    may_be = [part for part in every if part.state in ("unknown", "missing", "open")]
    n_unknown, n_missing, n_not = (
        sum(part.state == state for part in every)
        for state in ("unknown", "missing", "not-applicable")
    )
    n_asked = len(known) + n_unknown + n_missing
    low, high, least, most = _minimum(known, may_be)
    if not isinstance(score, Minimum):
        low, high, least, most = _mean(known, may_be)
    unit = PERCENT if score.method == "readiness" and score.as_ == "percent" else 1.0
    found = Figure(
        key=score.key,
        method=score.method,
        at=at,
        unit=score.as_,
        low=_finite(low * unit),
        high=_finite(high * unit),
        bounds=(_finite(least * unit), _finite(most * unit)),
        scale=(
            _finite(min((part.bottom for part in every), default=math.nan) * unit),
            _finite(max((part.top for part in every), default=math.nan) * unit),
        ),
        n_known=len(known),
        n_unknown=n_unknown,
        n_missing=n_missing,
        n_not_applicable=n_not,
        is_shown=bool(known) and len(known) >= score.least_known * n_asked,
    )
    if isinstance(score, Minimum):
        return replace(found, lowest=tuple(part.key for part in known if part.low <= high))
    return _with_blockers(reading, score, found) if isinstance(score, Readiness) else found


def _finite(number: float) -> float | None:
    return round(number, DIGITS) if math.isfinite(number) else None


def _mean(known: Sequence[Part], may_be: Sequence[Part]) -> tuple[float, float, float, float]:
    """Return the weighted mean of what is known from low to high, and its bounds."""
    weight = sum(part.weight for part in known)
    if weight <= 0.0:
        least = min((part.least for part in may_be), default=math.nan)
        most = max((part.most for part in may_be), default=math.nan)
        return math.nan, math.nan, least, most
    low, high, least, most = (
        math.fsum(part.weight * getattr(part, end) for part in known) / weight
        for end in ("low", "high", "least", "most")
    )
    least = _lowered(least, weight, ((part.least, part.weight) for part in may_be))
    most = -_lowered(-most, weight, ((-part.most, part.weight) for part in may_be))
    return low, high, least, most


def _lowered(mean: float, weight: float, others: Iterable[tuple[float, float]]) -> float:
    """Return the least mean that adding any of `others`, value and weight, can give."""
    total = mean * weight
    for value, more in sorted(others):
        if value * weight >= total:
            break
        total += value * more
        weight += more
    return total / weight


def _minimum(known: Sequence[Part], may_be: Sequence[Part]) -> tuple[float, float, float, float]:
    low, high, most = (
        min((getattr(part, end) for part in known), default=math.nan)
        for end in ("low", "high", "most")
    )
    if not known:
        most = max((part.most for part in may_be), default=math.nan)
    least = min((part.least for part in (*known, *may_be)), default=math.nan)
    return low, high, least, most


def _parts(reading: Reading, score: NumericScore, at: At) -> Iterable[Part]:
    place = dict(zip(score.by, at, strict=True))
    weights = score.weights if isinstance(score, WeightedMean) else {}
    for reference in score.of:
        head, _, key = reference.partition(":")
        if head == "score":
            yield from _score_parts(reading, key, place, weights.get(reference, 1.0))
            continue
        for item in reading.sheet.valued(reference):
            if agrees(item, place):
                part = _item_part(reading, item)
                if part and weights:
                    weight = weights.get(item.name, weights.get(reference, 1.0))
                    yield part._replace(weight=weight)
                elif part:
                    yield part


def _item_part(reading: Reading, item: Item) -> Part | None:
    return reading.once(("part", item.key), lambda: _part(reading, item), None)


def _part(reading: Reading, item: Item) -> Part | None:
    is_shown = reading.is_shown(item)
    if is_shown is False:
        return None
    bottom, top = _ends(reading, item.question)
    known = reading.holds_of(item)
    state = _state(is_shown, known)
    low, high = values_of(reading, item.question, known)
    least, most = (low, high) if known.is_known else (bottom, top)
    return Part(item.key, state, low, high, least, most, bottom, top)


def _state(is_shown: Truth, known: Held) -> PartState:
    if known.state == "not-applicable":
        return "not-applicable"
    if is_shown is None:
        return "open"
    if known.state == "answered":
        return "known"
    return "missing" if known.state == "missing" else "unknown"


def _ends(reading: Reading, asked: Asked) -> tuple[float, float]:
    if asked.scale is not None:
        values = reading.sheet.values_of(asked.scale)
        return values[0], values[-1]
    low = -math.inf if asked.minimum is None else asked.minimum
    high = math.inf if asked.maximum is None else asked.maximum
    return low, high


def values_of(reading: Reading, asked: Asked, known: Held) -> tuple[float, float]:
    """Return the lowest and the highest value that is held of a question; NaN where none is."""
    if not known.is_known:
        return math.nan, math.nan
    if asked.scale is None:
        return known.low, known.high
    values = reading.sheet.values_of(asked.scale)
    return values[int(known.low)], values[int(known.high)]


def _score_parts(
    reading: Reading, key: str, place: dict[str, str], weight: float
) -> Iterable[Part]:
    from parvis.assessment.scores import score_at

    score = reading.sheet.names.scores[key]
    for at in reading.sheet.slices_at(score.by, place):
        found = score_at(reading, score, at)
        if not isinstance(found, Figure):
            yield Part(key, "unknown", *(math.nan,) * 2, *(-math.inf, math.inf) * 2)
            continue
        least, most = found.bounds
        bottom, top = found.scale
        if least is None and most is None and found.low is None:
            if found.n_not_applicable:
                yield Part(key, "not-applicable", *(math.nan,) * 6)
            continue
        yield Part(
            "/".join((key, *at)),
            "known" if found.low is not None else "unknown" if found.n_unknown else "missing",
            math.nan if found.low is None else found.low,
            math.nan if found.high is None else found.high,
            -math.inf if least is None else least,
            math.inf if most is None else most,
            -math.inf if bottom is None else bottom,
            math.inf if top is None else top,
            weight,
        )


def _scaled(score: NumericScore, part: Part) -> Part:
    """Return a part in the unit in which its score is worked out."""
    if isinstance(score, Readiness):
        return _moved(part, 0.0, part.top, weight=part.top)
    if score.as_ == "percent":
        return _moved(part, part.bottom, (part.top - part.bottom) / PERCENT, weight=part.weight)
    return part


def _moved(part: Part, origin: float, step: float, *, weight: float) -> Part:
    return Part(
        part.key,
        part.state,
        (part.low - origin) / step,
        (part.high - origin) / step,
        (part.least - origin) / step,
        (part.most - origin) / step,
        (part.bottom - origin) / step,
        (part.top - origin) / step,
        weight,
    )


def _with_blockers(reading: Reading, score: Readiness, found: Figure) -> Figure:
    place = dict(zip(score.by, found.at, strict=True))
    blocked, may_block = [], []
    for reference in score.blockers:
        for item in reading.sheet.valued(reference):
            if score.blocked_below is None or not agrees(item, place):
                continue
            is_shown = reading.is_shown(item)
            known = reading.holds_of(item)
            if is_shown is False or known.state == "not-applicable":
                continue
            low, high = values_of(reading, item.question, known)
            if is_shown and known.is_known and high < score.blocked_below:
                blocked.append(item.key)
            elif not (known.is_known and low >= score.blocked_below):
                may_block.append(item.key)
    return replace(found, blocked_by=tuple(blocked), may_block=tuple(may_block))
