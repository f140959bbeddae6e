"""Which single answers would change the outcome."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.assessment.findings import duty_holds, finding_holds
from parvis.assessment.held import Held, HeldState, number_or_day
from parvis.assessment.model import Assessment, Item
from parvis.assessment.reading import Node, Reading, read
from parvis.assessment.results import (
    Figure,
    GateResult,
    LadderResult,
    MatrixResult,
    ScoreResult,
    TreeResult,
)
from parvis.assessment.scores import score_at
from parvis.packs.conditions import Compare, comparisons

Verdict = tuple[str, ...]
"""What is compared: classes, the outcome of a gate, a range of rungs, outcomes of a tree, …"""


@dataclass(frozen=True, slots=True)
class Change:
    """
    A verdict that another answer would change.

    Attributes
    ----------
    kind : {'score', 'finding', 'duty'}
    key : str
    at : tuple of str
        Entries of the lists it is given by.
    before, after : tuple of str
        Matrix: classes. Gate: outcome. Ladder: lowest and highest rung, "" for none. Tree:
        outcomes and the step where it stops, "" at the end. Readiness: ``blocked``, ``open`` or
        ``clear``. Finding and duty: ``yes``, ``no`` or ``undecided``.
    """

    kind: str
    key: str
    at: tuple[str, ...]
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Flip:
    """
    One other answer to one item, and what it would change.

    Attributes
    ----------
    item : str
    state : str
        Of the item as it stands; ``missing`` and ``unknown`` ones are worth finding out.
    value : str
        The other answer: a key, a number or a day; of multiple choices ``+key`` or ``-key``.
    changes : tuple of Change
    """

    item: str
    state: HeldState
    value: str
    changes: tuple[Change, ...]


def sensitivity(assessment: Assessment, *, on: datetime.date) -> tuple[Flip, ...]:
    """
    Return every single answer that would change a class, gate, rung, outcome, finding or duty.

    Tried are all other levels, options and toggles of choices, and for numbers and days the
    values that conditions name with their neighbours and both ends of the range.

    Parameters
    ----------
    assessment : Assessment
    on : date
        Duties that ended before are left out.

    Returns
    -------
    tuple of Flip
        In the order of the items; only what changes something.
    """
    reading = read(assessment)
    before = verdicts(reading, on=on)
    looked = {node: reading.looked_at(node) for node in before}
    found = []
    for item in reading.sheet.items:
        nodes = [node for node, items in looked.items() if item.key in items]
        if not nodes or not reading.is_shown(item):
            continue
        state = reading.holds_of(item).state
        other = reading.without(item.key)
        for value, known in alternatives(reading, item):
            changes = tuple(_changes(other.but(item.key, known), nodes, before))
            if changes:
                found.append(Flip(item.key, state, value, changes))
    return tuple(found)


def verdicts(reading: Reading, *, on: datetime.date) -> dict[Node, Verdict]:
    """Return everything that is decided, or could be."""
    framework = reading.sheet.framework
    nodes: list[Node] = [
        ("score", score.key, at)
        for score in framework.scores
        if score.method in ("matrix", "gate", "ladder", "tree")
        or (score.method == "readiness" and score.blockers)
        for at in reading.sheet.slices(score.by)
    ]
    nodes += [
        ("finding", finding.key, at)
        for finding in framework.findings
        for at in reading.sheet.slices(finding.by)
    ]
    nodes += [
        ("duty", duty.key, ())
        for duty in framework.duties
        if duty.when and (duty.until is None or on <= duty.until)
    ]
    return {node: _verdict(reading, node) for node in nodes}


def alternatives(reading: Reading, item: Item) -> Iterator[tuple[str, Held]]:
    """Yield every other answer to an item that is tried, as text and as it would be held."""
    now = reading.known.get(item.key)
    for value, known in _values(reading, item, now):
        if known != now and reading.is_offered(item, value.lstrip("+-")):
            yield value, known


def _values(reading: Reading, item: Item, now: Held | None) -> Iterator[tuple[str, Held]]:
    match item.question.kind:
        case "scale":
            levels = reading.sheet.names.scales[item.question.scale or ""].levels
            for rank, level in enumerate(levels):
                yield level.key, Held("answered", float(rank), float(rank))
        case "single":
            for option in item.question.options:
                yield option.key, Held("answered", maybe=frozenset({option.key}))
        case "multiple":
            chosen = now.sure if now else frozenset()
            for option in item.question.options:
                sign = "-" if option.key in chosen else "+"
                keys = chosen ^ {option.key}
                yield sign + option.key, Held("answered", sure=keys, maybe=keys)
        case "number" | "date":
            for place in _thresholds(reading, item):
                yield f"{place:g}", Held("answered", place, place)


def _thresholds(reading: Reading, item: Item) -> list[float]:
    asked = item.question
    named = [
        place
        for condition in reading.sheet.conditions()
        for compare in comparisons(condition)
        if isinstance(compare, Compare) and compare.name == item.name
        for value in compare.values
        if (place := number_or_day(value)) is not None
    ]
    step = 1.0 if asked.integer or asked.kind == "date" else max(map(abs, named), default=1.0) / 1e3
    tried = {near for place in named for near in (place - step, place, place + step)}
    low = float("-inf") if asked.minimum is None else asked.minimum
    high = float("inf") if asked.maximum is None else asked.maximum
    ends = {end for end in (asked.minimum, asked.maximum) if end is not None}
    return sorted({place for place in tried if low <= place <= high} | ends)


def _changes(reading: Reading, nodes: list[Node], before: dict[Node, Verdict]) -> Iterator[Change]:
    for node in nodes:
        after = _verdict(reading, node)
        if after != before[node]:
            kind, key, at = node
            yield Change(kind, key, at, before[node], after)


def _verdict(reading: Reading, node: Node) -> Verdict:
    kind, key, at = node
    sheet = reading.sheet
    if kind == "score":
        return _score_verdict(score_at(reading, sheet.names.scores[key], at))
    if kind == "finding":
        return (_word(finding_holds(reading, sheet.finding(key), at)),)
    return (_word(duty_holds(reading, sheet.duty(key))),)


def _word(truth: bool | None) -> str:
    return "undecided" if truth is None else "yes" if truth else "no"


def _score_verdict(found: ScoreResult | None) -> Verdict:
    match found:
        case MatrixResult():
            return found.classes
        case GateResult():
            return (found.outcome,)
        case LadderResult():
            return found.low or "", found.high or ""
        case TreeResult():
            return (*found.outcomes, found.stops_at or "")
        case Figure():
            blocked = "blocked" if found.blocked_by else "open" if found.may_block else "clear"
            return (blocked,)
    return ()
