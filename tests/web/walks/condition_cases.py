"""
Which questions are asked and which answers offered, case by case, as Python decides it.

Answers are drawn at random to all questions of every framework that Parvis brings along and that
has conditions, and of one in which options and levels have them too; what a device decides is
compared with these.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from phone import field_framework

from parvis.assessment import (
    Answer,
    Assessment,
    Interval,
    Item,
    Subject,
    asked_when,
    items,
    offered_when,
)
from parvis.assessment.reading import Reading, read
from parvis.io.answer_values import value_document
from parvis.packs import frameworks, load_framework
from parvis.packs.framework_models import Framework

ROUNDS = 6
CHOOSING_ROUNDS = 40

Verdicts = dict[str, Any]
"""By item: whether it is asked, and by option or level whether that is offered."""


def cases() -> Iterator[tuple[dict[str, Any], Verdicts]]:
    """Yield what a device gets and what is asked and offered then."""
    for known in frameworks():
        framework = load_framework(known.short_id)
        if not any(question.when or section.when for section, question in framework.questions):
            continue
        for number in range(ROUNDS):
            yield case(framework, random.Random(f"{known.short_id} {number}"))  # noqa: S311
    for number in range(CHOOSING_ROUNDS):
        yield case(field_framework(), random.Random(number))  # noqa: S311


def case(framework: Framework, chance: random.Random) -> tuple[dict[str, Any], Verdicts]:
    """Return one set of answers and what is asked and offered then."""
    attributes = {
        known.key: value
        for known in framework.attributes
        if (value := drawn(framework, known, chance)) is not None
    }
    subject = Subject(framework.subject, "x", attributes)
    asked = items(framework, subject, {})
    share = chance.choice((0.3, 0.7, 0.95))
    answers = tuple(
        answer(framework, item, chance)
        for item in asked
        if chance.random() < share and item.question.kind not in ("photo", "place")
    )
    assessment = Assessment(framework, subject, {}, answers)
    trees, offers, reading = asked_when(assessment), offered_when(assessment), read(assessment)
    kinds = {known.key: known.kind for known in framework.attributes}
    document = {
        "attributes": {
            key: {"kind": kinds[key], "value": value_document(value)}
            for key, value in attributes.items()
        },
        "items": [
            told(framework, item, trees[item.key], offers.get(item.key, {})) for item in asked
        ],
        "replies": {
            given.item: {"state": given.state, "value": value_document(given.value)}
            for given in answers
        },
    }
    return document, {item.key: verdict(reading, item) for item in reading.sheet.items}


def verdict(reading: Reading, item: Item) -> dict[str, Any]:
    """Whether an item is asked and what is offered, as far as that hangs on answers."""
    offers = reading.sheet.offers_of(item)
    return {
        "shown": reading.is_shown(item),
        "offered": {key: reading.is_offered(item, key) for key in offers},
    }


def told(framework: Framework, item: Item, tree: Any, offers: dict[str, Any]) -> dict[str, Any]:
    """An item as a package tells it."""
    said: dict[str, Any] = {"key": item.key, "kind": item.question.kind, "when": tree}
    if item.question.scale:
        levels = framework.scale(item.question.scale).levels
        said["levels"] = [{"key": one.key, "when": offers.get(one.key)} for one in levels]
    if item.question.options:
        said["options"] = [
            {"key": one.key, "when": offers.get(one.key)} for one in item.question.options
        ]
    return said


def answer(framework: Framework, item: Item, chance: random.Random) -> Answer:
    """Return a drawn answer to an item."""
    value = drawn(framework, item.question, chance)
    state = chance.choice(("answered",) * 7 + ("unknown", "not-applicable"))
    if (state == "not-applicable" and not item.question.not_applicable) or value is None:
        state = "unknown"
    return Answer(item.name, item.at, state, value if state == "answered" else None, note="drawn")


def drawn(framework: Framework, asked: Any, chance: random.Random) -> Any:
    """Return a value of a question or an attribute; None where there is none to be had."""
    match asked.kind:
        case "scale":
            keys = [level.key for level in framework.scale(asked.scale).levels]
            if asked.interval and chance.random() < 0.4:
                low, high = sorted(chance.sample(range(len(keys)), 2))
                return Interval(keys[low], keys[high])
            return chance.choice(keys)
        case "single":
            return chance.choice(asked.options).key
        case "multiple":
            count = chance.randint(1, len(asked.options))
            return tuple(option.key for option in chance.sample(asked.options, count))
        case "number":
            low = getattr(asked, "minimum", None) or 0
            high = getattr(asked, "maximum", None)
            return float(chance.randint(int(low), int(low + 2000 if high is None else high)))
        case "date":
            return date(2026, 1, 1) + timedelta(days=chance.randint(0, 900))
        case "text":
            return chance.choice(("word", "another word"))
        case _:
            return None
