"""Scores by their methods, slice by slice."""

import math
from collections.abc import Callable
from typing import Any

from parvis.assessment.figures import figure
from parvis.assessment.held import ordered
from parvis.assessment.people import borich, spread
from parvis.assessment.reading import Reading, Truth
from parvis.assessment.results import (
    At,
    Figure,
    GateResult,
    LadderResult,
    MatrixResult,
    ProfileResult,
    ScoreResult,
    Told,
    Withheld,
)
from parvis.assessment.sheet import Place, agrees
from parvis.assessment.trees import walked
from parvis.packs.conditions import Compare, as_number
from parvis.packs.framework_scores import (
    Borich,
    Gate,
    Ladder,
    Matrix,
    Mean,
    Minimum,
    Profile,
    Readiness,
    Score,
    Spread,
    WeightedMean,
)


def score_at(reading: Reading, score: Score, at: At) -> ScoreResult | None:
    """Return a score at a slice; None while it is asked for by itself."""
    return reading.once(("score", score.key, at), lambda: _worked(reading, score, at), None)


def _worked(reading: Reading, score: Score, at: At) -> ScoreResult:
    if score.least_group > 1 and _people(reading, score, at) < score.least_group:
        return Withheld(score.key, score.method, at, score.least_group)
    return _WORK[score.method](reading, score, at)


def _people(reading: Reading, score: Score, at: At) -> int:
    """Return how many people answered what a score is made of."""
    place = dict(zip(score.by, at, strict=True))
    match score:
        case Borich():
            references: tuple[str, ...] = (score.importance, score.competence)
        case Matrix():
            references = (score.rows, score.columns)
        case Mean() | WeightedMean() | Minimum() | Readiness() | Spread():
            references = score.of
        case _:
            return reading.people()
    if any(reference.startswith("score:") for reference in references):
        return reading.people()
    return reading.people(
        item
        for reference in references
        for item in reading.sheet.valued(reference)
        if agrees(item, place)
    )


def compared_score(score: Score, found: ScoreResult | None, condition: Compare) -> Truth:
    """
    Compare a score with a condition's literals.

    It holds only when it holds whatever the answers that are missing turn out to be.
    """
    if condition.op == "!=":
        equal = compared_score(score, found, Compare(condition.name, "==", condition.values))
        has_value = not (isinstance(found, MatrixResult) and not found.possible)
        return None if equal is None else has_value and not equal
    match found:
        case Figure():
            return _compared_figure(found, condition)
        case GateResult():
            return None if found.outcome == "undecided" else found.outcome in condition.values
        case LadderResult() if isinstance(score, Ladder):
            keys = [None, *(rung.key for rung in score.rungs)]
            ends = keys.index(found.low), keys.index(found.high)
            return _compared_ranks(range(ends[0], ends[1] + 1), keys, condition)
        case MatrixResult() if isinstance(score, Matrix):
            keys = [known.key for known in score.classes]
            if not found.possible:
                return False
            ranks = [keys.index(key) for key in found.classes]
            return _compared_ranks(ranks, keys, condition) if ranks else None
    return None


def _compared_figure(found: Figure, condition: Compare) -> Truth:
    numbers = [float(as_number(value) or 0.0) for value in condition.values]
    if found.low is None:
        return None if found.n_unknown + found.n_missing else False
    least, most = found.bounds
    low = -math.inf if least is None else least
    return ordered(low, math.inf if most is None else most, condition.op, numbers)


def _compared_ranks(ranks: Any, keys: list[Any], condition: Compare) -> Truth:
    """Compare each rank that is possible; undecided where they do not agree."""
    literals = [float(keys.index(value)) for value in condition.values]
    found = {ordered(rank, rank, condition.op, literals) for rank in ranks}
    return found.pop() if len(found) == 1 else None


def _gate(reading: Reading, score: Gate, at: At) -> GateResult:
    place = dict(zip(score.by, at, strict=True))
    told = tuple(_told(reading, text, place) for text in score.conditions)
    states = {each.holds for each in told}
    return GateResult(
        score.key,
        score.method,
        at,
        "failed" if False in states else "undecided" if None in states else "passed",
        told,
    )


def _told(reading: Reading, text: str | None, place: Place) -> Told:
    if text is None:
        return Told("", True, ())
    condition = reading.sheet.condition(text)
    holds, rests_on = reading.rests_on(lambda: reading.truth(condition, place))
    return Told(text, holds, rests_on)


def _ladder(reading: Reading, score: Ladder, at: At) -> LadderResult:
    place = dict(zip(score.by, at, strict=True))
    told = tuple(_told(reading, rung.when, place) for rung in score.rungs)
    low = high = None
    is_low_open = True
    for rung, each in zip(score.rungs, told, strict=True):
        if not score.independent and each.holds is False:
            break
        is_low_open = is_low_open and (score.independent or each.holds is True)
        low = rung.key if is_low_open and each.holds else low
        high = high if each.holds is False else rung.key
    return LadderResult(score.key, score.method, at, low, high, told)


def _matrix(reading: Reading, score: Matrix, at: At) -> MatrixResult:
    place = dict(zip(score.by, at, strict=True))
    rows, row_span = _judged(reading, score.rows, place)
    columns, column_span = _judged(reading, score.columns, place)
    classes = _classes(score, rows, columns) if rows and columns else ()
    possible = classes or _classes(score, row_span, column_span)
    return MatrixResult(score.key, score.method, at, classes, possible)


def _judged(reading: Reading, reference: str, place: Place) -> tuple[list[int], list[int]]:
    """Return the ranks that are judged, none while that is not known, and those it may be."""
    judged: list[list[int]] = []
    may_be: set[int] = set()
    for item in reading.sheet.valued(reference):
        if not agrees(item, place) or reading.is_shown(item) is False:
            continue
        known = reading.holds_of(item)
        if known.state == "not-applicable":
            continue
        n_levels = len(reading.sheet.values_of(item.question.scale or ""))
        is_known = reading.is_shown(item) and known.is_known
        ranks = list(range(int(known.low), int(known.high) + 1)) if is_known else []
        judged.append(ranks)
        may_be |= set(ranks or range(n_levels))
    is_judged = bool(judged) and all(judged)
    return sorted(may_be) if is_judged else [], sorted(may_be)


def _classes(score: Matrix, rows: list[int], columns: list[int]) -> tuple[str, ...]:
    met = {score.cells[row][column] for row in rows for column in columns}
    return tuple(known.key for known in score.classes if known.key in met)


def _profile(reading: Reading, score: Profile, at: At) -> ProfileResult:
    place = dict(zip(score.by, at, strict=True))
    found = []
    for reference in score.of:
        other = reading.sheet.names.scores[reference.removeprefix("score:")]
        found += [
            score_at(reading, other, slice_) for slice_ in reading.sheet.slices_at(other.by, place)
        ]
    return ProfileResult(score.key, score.method, at, tuple(each for each in found if each))


_WORK: dict[str, Callable[[Reading, Any, At], ScoreResult]] = {
    "mean": figure,
    "weighted-mean": figure,
    "minimum": figure,
    "readiness": figure,
    "gate": _gate,
    "ladder": _ladder,
    "matrix": _matrix,
    "tree": walked,
    "profile": _profile,
    "spread": spread,
    "borich": borich,
}
