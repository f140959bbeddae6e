"""Which answers to choose are offered as things stand, and which given ones are so no longer."""

from collections.abc import Mapping, Sequence

from parvis.assessment.answers import check_answer
from parvis.assessment.errors import AnswerItemError, AnswerOfferError
from parvis.assessment.held import MISSING, Held, held
from parvis.assessment.model import SETTLED, Answer, Assessment, Interval, Item
from parvis.assessment.reading import Reading, read


def offered(assessment: Assessment, *, assessor: str | None = None) -> Mapping[str, Sequence[str]]:
    """
    Return the keys to choose from, by item; only items for which earlier answers decide that.

    What hangs on an answer that is missing or unknown is not offered.

    Parameters
    ----------
    assessment : Assessment
    assessor : str, optional
        Whose answers decide; all together where left out.
    """
    reading = read(assessment, assessor=assessor)
    return {
        item.key: offered_keys(reading, item)
        for item in reading.sheet.items
        if reading.sheet.offers_of(item)
    }


def offered_keys(reading: Reading, item: Item) -> tuple[str, ...]:
    """Return the options or levels that may be chosen, in the framework's order."""
    operand = reading.sheet.names.operand(item.name)
    keys = () if operand is None else operand.keys
    return tuple(key for key in keys if reading.is_offered(item, key))


def lapsed(assessment: Assessment, *, assessor: str | None = None) -> tuple[Answer, ...]:
    """
    Return the answers whose choice is offered no longer, because an earlier answer was changed.

    They are kept, but count for nothing until they are given anew.
    """
    reading = read(assessment, assessor=assessor)
    return tuple(
        answer
        for item in reading.sheet.items
        for answer in reading.answers.get(item.key, ())
        if has_lapsed(reading, item, answer)
    )


def has_lapsed(reading: Reading, item: Item, answer: Answer) -> bool:
    """Whether an answer chose something that is not offered as things stand."""
    return any(not reading.is_offered(item, key) for key in chosen_keys(answer))


def check_offered(assessment: Assessment, answer: Answer) -> None:
    """
    Refuse an answer that chooses what is not offered: by what its assessor said, or all together.

    Raises
    ------
    AnswerError
        If it is none that its question takes.
    AnswerOfferError
        If it is not offered as things stand; tells what is.
    """
    readings = [read(assessment)]
    item = readings[0].sheet.by_key.get(answer.item)
    if item is None:
        raise AnswerItemError(question=answer.item, framework=assessment.framework.name)
    check_answer(assessment.framework, item, answer)
    if not readings[0].sheet.offers_of(item):
        return
    if answer.assessor != SETTLED:
        readings.append(read(assessment, assessor=answer.assessor))
    lacking = [[k for k in chosen_keys(answer) if not r.is_offered(item, k)] for r in readings]
    if all(lacking):
        known = ", ".join(offered_keys(readings[-1], item)) or "–"
        conditions = readings[0].sheet.offers_of(item)
        raise AnswerOfferError(
            question=item.key,
            value=lacking[-1][0],
            condition=str(conditions[lacking[-1][0]]),
            known=known,
        )


def chosen_keys(answer: Answer) -> tuple[str, ...]:
    """Return the options or levels that an answer chose; of a range both ends."""
    if answer.state != "answered":
        return ()
    match answer.value:
        case Interval(low, high):
            return str(low), str(high)
        case tuple() as keys:
            return tuple(map(str, keys))
        case str() as key:
            return (key,)
    return ()


def counted(reading: Reading, item: Item, known: Held, *, is_supposed: bool) -> Held:
    """Return what is held of an item without the answers whose choice is not offered."""
    if all(reading.is_offered(item, key) for key in _held_keys(reading, item, known)):
        return known
    answers = () if is_supposed else reading.answers.get(item.key, ())
    kept = [answer for answer in answers if not has_lapsed(reading, item, answer)]
    return held(reading.sheet.framework, item, kept) if kept else MISSING


def _held_keys(reading: Reading, item: Item, known: Held) -> Sequence[str]:
    if item.question.kind != "scale":
        return sorted(known.maybe)
    levels = reading.sheet.names.scales[item.question.scale or ""].levels
    return [levels[int(rank)].key for rank in (known.low, known.high)]
