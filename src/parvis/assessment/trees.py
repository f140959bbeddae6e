"""How far a decision tree can be walked, and what the next answer would lead to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parvis.assessment.held import Held
from parvis.assessment.model import Item
from parvis.assessment.reading import Reading
from parvis.assessment.results import At, Branch, StepTaken, TreeResult
from parvis.assessment.sheet import Place
from parvis.packs.framework_scores import Case, Step, Tree


@dataclass
class _Walk:
    path: list[StepTaken] = field(default_factory=list)
    stopped: Step | None = None
    waits_for: tuple[str, ...] = ()
    ahead: list[Case] = field(default_factory=list)

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for step in self.path for code in step.outcomes))


def walked(reading: Reading, score: Tree, at: At) -> TreeResult:
    """
    Return how far a decision tree can be walked at a slice.

    At each step the first case that holds is taken. A case that is undecided stops the walk, even
    where a later one holds.
    """
    place = dict(zip(score.by, at, strict=True))
    walk = _walk(reading, score, place)
    return TreeResult(
        key=score.key,
        method=score.method,
        at=at,
        path=tuple(walk.path),
        outcomes=walk.outcomes,
        stops_at=walk.stopped.key if walk.stopped else None,
        waits_for=walk.waits_for,
        branches=tuple(_branches(reading, score, place, walk)),
        reachable=_reachable(score, walk),
    )


def has_reached(tree: object, outcome: str) -> bool | None:
    """Return whether a tree ended with an outcome; None while it may still do."""
    if not isinstance(tree, TreeResult):
        return None
    if outcome in tree.outcomes:
        return True
    return None if outcome in tree.reachable else False


def _walk(reading: Reading, score: Tree, place: Place) -> _Walk:
    steps = {step.key: step for step in score.steps}
    walk = _Walk()
    step: Step | None = steps[score.start]
    while step is not None and len(walk.path) < len(steps):
        taken = _taken(reading, step, place, walk)
        if taken is None:
            break
        walk.path.append(StepTaken(step.key, step.question, taken.when, taken.outcomes, taken.go))
        step = steps[taken.go] if taken.go else None
    return walk


def _taken(reading: Reading, step: Step, place: Place, walk: _Walk) -> Case | None:
    """Return the case that holds; None where that is undecided, which `walk` then remembers."""
    for row, case in enumerate(step.cases):
        if case.when is None:
            return case
        condition = reading.sheet.condition(case.when)
        holds = reading.truth(condition, place)
        if holds:
            return case
        if holds is None:
            walk.stopped = step
            walk.ahead = list(step.cases[row:])
            walk.waits_for = reading.waits_for(condition, place)
            return None
    walk.stopped = step
    return None


def _reachable(score: Tree, walk: _Walk) -> tuple[str, ...]:
    steps = {step.key: step for step in score.steps}
    waiting, seen, found = list(walk.ahead), set[str](), set[str]()
    while waiting:
        case = waiting.pop()
        found |= set(case.outcomes)
        if case.go and case.go not in seen:
            seen.add(case.go)
            waiting.extend(steps[case.go].cases)
    return tuple(known.key for known in score.outcomes if known.key in found - set(walk.outcomes))


def _branches(reading: Reading, score: Tree, place: Place, walk: _Walk) -> Iterator[Branch]:
    if not walk.waits_for:
        return
    item = reading.sheet.by_key[walk.waits_for[0]]
    before = reading.without(item.key)
    for value, known in _values(reading, item):
        other = _walk(before.but(item.key, known), score, place)
        yield Branch(
            item=item.key,
            value=value,
            outcomes=other.outcomes,
            stops_at=other.stopped.key if other.stopped else None,
        )


def _values(reading: Reading, item: Item) -> Sequence[tuple[str, Held]]:
    asked = item.question
    if asked.kind == "single":
        return [(o.key, Held("answered", maybe=frozenset({o.key}))) for o in asked.options]
    if asked.kind == "scale":
        levels = reading.sheet.names.scales[asked.scale or ""].levels
        return [(level.key, Held("answered", r, r)) for r, level in enumerate(levels)]
    return []
