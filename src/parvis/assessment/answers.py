"""Whether an answer is one that its question takes."""

import datetime
import math

from parvis.assessment.errors import (
    AnswerChoiceError,
    AnswerIntervalError,
    AnswerIntervalOrderError,
    AnswerItemError,
    AnswerKindError,
    AnswerRangeError,
    AnswerStateError,
)
from parvis.assessment.model import STATES, Answer, Interval, Item
from parvis.packs.framework_models import Framework

ACCEPTED = {
    "single": "the key of one answer",
    "multiple": "the keys of all answers that hold",
    "scale": "the key of a level",
    "number": "a number",
    "text": "text",
    "date": "a day as 2027-12-02",
    "place": "longitude and latitude in degrees",
    "photo": "a photo as evidence",
}


def check_answer(framework: Framework, item: Item, answer: Answer) -> None:
    """
    Refuse an answer that `item` does not take.

    Parameters
    ----------
    framework : Framework
    item : Item
        As `parvis.assessment.items` gives it.
    answer : Answer

    Raises
    ------
    AnswerError
        Of the kind that says what is wrong; its details name the question, the value and what
        would be accepted.
    """
    if answer.item != item.key:
        raise AnswerItemError(question=answer.item, framework=framework.name)
    _check_state(item, answer)
    if answer.state != "answered":
        return
    if item.question.kind == "photo":
        if not answer.evidence or answer.value is not None:
            raise _kind_error(item, answer.value)
        return
    _CHECKS[item.question.kind](framework, item, answer.value)


def _check_state(item: Item, answer: Answer) -> None:
    known = [s for s in STATES if s != "not-applicable" or item.question.not_applicable]
    is_taken = answer.state in known and item.question.kind != "table"
    if not is_taken or (answer.state != "answered" and answer.value is not None):
        raise AnswerStateError(question=item.key, state=answer.state, known=", ".join(known))


def _check_single(framework: Framework, item: Item, value: object) -> None:
    del framework
    if not isinstance(value, str):
        raise _kind_error(item, value)
    _check_key(item, value, [option.key for option in item.question.options])


def _check_multiple(framework: Framework, item: Item, value: object) -> None:
    del framework
    if not isinstance(value, tuple) or not all(isinstance(key, str) for key in value):
        raise _kind_error(item, value)
    for key in value:
        _check_key(item, str(key), [option.key for option in item.question.options])
    if len(set(value)) != len(value):
        raise _kind_error(item, value)


def _check_scale(framework: Framework, item: Item, value: object) -> None:
    levels = [level.key for level in framework.scale(item.question.scale or "").levels]
    ends = _ends(item, value)
    for end in ends:
        if not isinstance(end, str):
            raise _kind_error(item, value)
        _check_key(item, end, levels)
    ranks = [levels.index(str(end)) for end in ends]
    if ranks != sorted(ranks):
        raise AnswerIntervalOrderError(question=item.key, low=ends[0], high=ends[-1])


def _check_number(framework: Framework, item: Item, value: object) -> None:
    del framework
    question = item.question
    ends: list[float] = []
    for end in _ends(item, value):
        if isinstance(end, bool) or not isinstance(end, int | float) or not math.isfinite(end):
            raise _kind_error(item, value)
        if question.integer and end != int(end):
            raise AnswerKindError(question=item.key, value=end, accepted="a whole number")
        low = -math.inf if question.minimum is None else question.minimum
        high = math.inf if question.maximum is None else question.maximum
        if not low <= end <= high:
            raise AnswerRangeError(
                question=item.key,
                value=f"{end:g}",
                low="−∞" if math.isinf(low) else f"{low:g}",
                high=f"{'∞' if math.isinf(high) else f'{high:g}'} {question.unit}".rstrip(),
            )
        ends.append(end)
    if ends != sorted(ends):
        raise AnswerIntervalOrderError(question=item.key, low=ends[0], high=ends[-1])


def _check_text(framework: Framework, item: Item, value: object) -> None:
    del framework
    if not isinstance(value, str) or not value.strip():
        raise _kind_error(item, value)


def _check_date(framework: Framework, item: Item, value: object) -> None:
    del framework
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise _kind_error(item, value)


def _check_place(framework: Framework, item: Item, value: object) -> None:
    del framework
    match value:
        case (int() | float() as longitude, int() | float() as latitude) if (
            abs(longitude) <= 180.0 and abs(latitude) <= 90.0
        ):
            return
    raise _kind_error(item, value)


_CHECKS = {
    "single": _check_single,
    "multiple": _check_multiple,
    "scale": _check_scale,
    "number": _check_number,
    "text": _check_text,
    "date": _check_date,
    "place": _check_place,
}


def _ends(item: Item, value: object) -> tuple[object, ...]:
    if not isinstance(value, Interval):
        return (value,)
    if not item.question.interval:
        raise AnswerIntervalError(question=item.key, low=value.low, high=value.high)
    return value.low, value.high


def _check_key(item: Item, key: str, known: list[str]) -> None:
    if key not in known:
        raise AnswerChoiceError(question=item.key, value=key, known=", ".join(known))


def _kind_error(item: Item, value: object) -> AnswerKindError:
    shown = "–" if value is None else value
    return AnswerKindError(question=item.key, value=shown, accepted=ACCEPTED[item.question.kind])
