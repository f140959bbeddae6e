"""
Which questions are asked, case by case, as Python decides it.

Answers are drawn at random to all questions of every framework that Parvis brings along and that
has conditions; what a device decides is compared with these.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from parvis.assessment import Answer, Assessment, Interval, Item, Subject, asked_when, items
from parvis.assessment.reading import read
from parvis.io.answer_values import value_document
from parvis.packs import frameworks, load_framework
from parvis.packs.framework_models import Framework

ROUNDS = 6


def cases() -> Iterator[tuple[dict[str, Any], dict[str, bool | None]]]:
    """Yield what a device gets and, by item, whether it is asked."""
    for known in frameworks():
        framework = load_framework(known.short_id)
        if not any(question.when or section.when for section, question in framework.questions):
            continue
        for number in range(ROUNDS):
            yield case(framework, random.Random(f"{known.short_id} {number}"))  # noqa: S311


def case(
    framework: Framework, chance: random.Random
) -> tuple[dict[str, Any], dict[str, bool | None]]:
    """Return one set of answers and what is asked then."""
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
    trees, reading = asked_when(assessment), read(assessment)
    kinds = {known.key: known.kind for known in framework.attributes}
    document = {
        "attributes": {
            key: {"kind": kinds[key], "value": value_document(value)}
            for key, value in attributes.items()
        },
        "items": [told(framework, item, trees[item.key]) for item in asked],
        "replies": {
            given.item: {"state": given.state, "value": value_document(given.value)}
            for given in answers
        },
    }
    return document, {item.key: reading.is_shown(item) for item in reading.sheet.items}


def told(framework: Framework, item: Item, tree: dict[str, Any] | None) -> dict[str, Any]:
    """An item as a package tells it."""
    said: dict[str, Any] = {"key": item.key, "kind": item.question.kind, "when": tree}
    if item.question.scale:
        levels = framework.scale(item.question.scale).levels
        said["levels"] = [{"key": level.key} for level in levels]
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
