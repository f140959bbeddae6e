"""What holds for every shipped framework, whatever is answered."""

import datetime

import numpy as np
import pytest
from assessment_samples import TODAY

from parvis.assessment import (
    Answer,
    Assessment,
    EvidenceFile,
    Interval,
    Item,
    ListEntry,
    Subject,
    evaluate,
    items,
    priorities,
    sensitivity,
)
from parvis.assessment.reading import Reading, read
from parvis.assessment.sensitivity import alternatives, verdicts
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import framework_names, load_framework

ADDED = (ListEntry("added", "Added"),)


def answer(framework: Framework, item: Item, who: str, rng: np.random.Generator) -> Answer | None:
    """Any answer that the item takes; sometimes none."""
    chance = rng.random()
    if chance < 0.15:
        return None
    if chance < 0.25:
        return Answer(item.name, item.at, "unknown", assessor=who)
    if chance < 0.32 and item.question.not_applicable:
        return Answer(item.name, item.at, "not-applicable", assessor=who)
    evidence = (EvidenceFile("0" * 64),) if item.question.kind == "photo" else ()
    value = value_of(framework, item, rng)
    return Answer(item.name, item.at, "answered", value, who, evidence=evidence)


def value_of(framework: Framework, item: Item, rng: np.random.Generator) -> object:
    asked = item.question
    match asked.kind:
        case "scale":
            levels = [level.key for level in framework.scale(asked.scale).levels]
            low, high = sorted(rng.integers(0, len(levels), 2).tolist())
            wide = asked.interval and low < high
            return Interval(levels[low], levels[high]) if wide else levels[low]
        case "single":
            return asked.options[int(rng.integers(0, len(asked.options)))].key
        case "multiple":
            return tuple(option.key for option in asked.options if rng.random() < 0.4)
        case "number":
            low = 0 if asked.minimum is None else int(np.ceil(asked.minimum))
            high = low + 50 if asked.maximum is None else int(asked.maximum)
            return float(rng.integers(low, high + 1))
        case "date":
            return datetime.date(2026, 1, 1) + datetime.timedelta(int(rng.integers(0, 900)))
        case "place":
            return 2.35, 48.85
        case "text":
            return "Words."
    return None


def drawn(name: str, people: str, seed: int) -> Assessment:
    rng = np.random.default_rng(seed)
    framework = load_framework(name)
    attributes = {
        known.key: rng.choice([option.key for option in known.options]).item()
        if known.options
        else 1000.0
        if known.kind == "number"
        else "FR"
        for known in framework.attributes
        if known.kind in ("single", "number", "text") and rng.random() < 0.8
    }
    subject = Subject(framework.subject, "Fictional", attributes)
    lists = {known.key: ADDED for known in framework.lists if known.open}
    answers = [
        given
        for item in items(framework, subject, lists)
        for who in people
        if (given := answer(framework, item, who, rng))
    ]
    return Assessment(framework, subject, lists, tuple(answers))


NAMES = framework_names()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("people", "seed"), [("a", 1), ("abc", 2), ("abcdef", 3)])
def test_any_answers_lead_to_a_result_whatever_their_order(name, people, seed):
    assessment = drawn(name, people, seed)
    found = evaluate(assessment, on=TODAY)
    turned = Assessment(
        assessment.framework, assessment.subject, assessment.lists, assessment.answers[::-1]
    )
    assert evaluate(turned, on=TODAY) == found
    told = {(finding.key, finding.at) for finding in found.findings}
    assert not told & {(finding.key, finding.at) for finding in found.undecided_findings}
    assert {f for p in priorities(assessment.framework, found.findings) for f in p.findings} <= told


@pytest.mark.parametrize("name", NAMES)
def test_sensitivity_tells_what_trying_the_answers_anew_tells(name):
    assessment = drawn(name, "a", 4)
    reading = read(assessment)
    before = verdicts(reading, on=TODAY)
    found = {(flip.item, flip.value): flip.changes for flip in sensitivity(assessment, on=TODAY)}
    shown = [item for item in reading.sheet.items if reading.is_shown(item)]
    for item in np.random.default_rng(5).choice(np.array(shown, dtype=object), 6):
        for value, known in alternatives(reading, item):
            anew = Reading(reading.sheet, {**reading.known, item.key: known}, reading.answers)
            after = verdicts(anew, on=TODAY)
            changed = {node[1:]: after[node] for node in before if after[node] != before[node]}
            told = {
                (change.key, change.at): change.after for change in found.get((item.key, value), ())
            }
            assert told == changed


@pytest.mark.parametrize("name", NAMES)
def test_nothing_answered_decides_nothing_but_what_holds_always(name):
    framework = load_framework(name)
    empty = Assessment(framework, Subject(framework.subject, "Fictional"))
    found = evaluate(empty, on=TODAY)
    assert found.progress.n_done == 0
    assert not found.differences
    assert all(getattr(score, "is_shown", False) is False for score in found.scores)
