"""Do the scores of a framework rest on something, and do trees and matrices hold together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parvis.packs.base import Located
from parvis.packs.framework_conditions import (
    Path,
    condition_problems,
    listed,
    lists_named,
    scores_named,
    unknown,
)
from parvis.packs.framework_matrix import colouring_problems
from parvis.packs.framework_references import NUMERIC_METHODS, Names
from parvis.packs.framework_scores import (
    Borich,
    Gate,
    Ladder,
    Matrix,
    Profile,
    Readiness,
    Score,
    Spread,
    Tree,
    Valued,
    WeightedMean,
)

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework


def score_problems(framework: "Framework", names: Names) -> Iterator[Located]:
    """Yield what is wrong with the scores."""
    from parvis.packs.framework_checks import by_problems, twice
    from parvis.packs.framework_tree import tree_problems

    known = [each.key for each in framework.lists]
    for row, score in enumerate(framework.scores):
        path: Path = ("scores", row)
        match score:
            case Valued():
                yield from _reference_problems(score, path, names)
                yield from _unit_problems(score, path, names)
            case Gate():
                for place, text in enumerate(score.conditions):
                    yield from condition_problems(text, (*path, "conditions", place), names)
            case Ladder():
                yield from twice(score.rungs, (*path, "rungs"), "rung")
                yield from _ladder_problems(score, path, names)
            case Matrix():
                yield from twice(score.classes, (*path, "classes"), "class")
                yield from _matrix_problems(score, path, names)
            case Tree():
                yield from twice(score.outcomes, (*path, "outcomes"), "outcome")
                yield from tree_problems(score, path, names)
            case Profile():
                yield from _profile_problems(score, path, names)
            case Spread():
                yield from _reference_problems(score, path, names)
            case Borich():
                yield from _borich_problems(score, path, names)
        yield from by_problems(score.by, _lists(score, names), (*path, "by"), known)
    yield from _cycles(framework, names)


def _references(score: Score) -> tuple[str, ...]:
    match score:
        case Valued() | Profile() | Spread():
            return score.of
        case Matrix():
            return (score.rows, score.columns)
        case Borich():
            return (score.importance, score.competence)
        case _:
            return ()


def _conditions(score: Score) -> tuple[str, ...]:
    match score:
        case Gate():
            return score.conditions
        case Ladder():
            return tuple(rung.when for rung in score.rungs if rung.when)
        case Tree():
            return tuple(case.when for step in score.steps for case in step.cases if case.when)
        case _:
            return ()


def _lists(score: Score, names: Names) -> set[str]:
    """Return the lists that what a score rests on repeats over."""
    found: set[str] = set()
    for reference in _references(score):
        if reference.startswith("score:"):
            other = names.scores.get(reference.removeprefix("score:"))
            found |= set(other.by) if other is not None else set()
        for name in names.items_of(reference):
            found |= set(names.lists_of(name))
    for text in _conditions(score):
        found |= lists_named(text, names)
    return found


def _reference_problem(reference: str, names: Names) -> str:
    """Return why nothing stands behind a reference, "" where something does."""
    head, colon, rest = reference.partition(":")
    if not colon:
        if reference in names.asked:
            return ""
        return unknown("question", reference, names.asked)
    if head == "section":
        return "" if rest in names.sections else unknown("section", rest, names.sections)
    if head == "tag":
        return "" if rest in names.tags else unknown("tag", rest, names.tags)
    return "" if rest in names.scores else unknown("score", rest, names.scores)


def _reference_problems(score: Valued | Spread, path: Path, names: Names) -> Iterator[Located]:
    for row, reference in enumerate(score.of):
        where: Path = (*path, "of", row)
        if what := _reference_problem(reference, names):
            yield where, what
        elif reference in score.of[:row]:
            yield where, f"{reference!r} is named twice"
        elif reference.startswith("score:"):
            yield from _score_reference(score, reference.removeprefix("score:"), where, names)
        elif not names.valued(reference):
            yield where, f"{reference!r} has no items with numbers; scales and numbers have them"
    of = {item for reference in score.of for item in names.valued(reference)}
    scores = {reference for reference in score.of if reference.startswith("score:")}
    if isinstance(score, WeightedMean):
        for reference in score.weights:
            yield from _within(reference, of | scores, (*path, "weights", reference), names)
        if score.weights and not any(score.weights.values()):
            yield (*path, "weights"), "all weights are 0; at least one must be more"
    if isinstance(score, Readiness):
        for row, reference in enumerate(score.blockers):
            yield from _within(reference, of | scores, (*path, "blockers", row), names)
        if bool(score.blockers) != (score.blocked_below is not None):
            yield path, "'blockers' and 'blocked_below' are given together or not at all"


def _score_reference(
    score: Valued | Spread, key: str, where: Path, names: Names
) -> Iterator[Located]:
    other = names.scores[key]
    if other.method not in NUMERIC_METHODS:
        yield (
            where,
            (
                f"the score {key!r} is a {other.method} and has no number; "
                f"accepted are {listed(sorted(NUMERIC_METHODS))}"
            ),
        )
    elif isinstance(score, Readiness):
        yield where, "readiness rests on questions, not on other scores"


def _within(reference: str, of: set[str], where: Path, names: Names) -> Iterator[Located]:
    if what := _reference_problem(reference, names):
        yield where, what
        return
    meant = {reference} if reference.startswith("score:") else set(names.valued(reference))
    if not meant or not meant <= of:
        yield where, f"{reference!r} is not among what 'of' names: {listed(sorted(of))}"


def _unit_problems(score: Valued, path: Path, names: Names) -> Iterator[Located]:
    """Yield mixtures of scales, units and directions that mean nothing as one number."""
    of = [reference for reference in score.of if not _reference_problem(reference, names)]
    others = [names.scores[each[6:]] for each in of if each.startswith("score:")]
    items = [item for each in of if not each.startswith("score:") for item in names.valued(each)]
    if others and items:
        yield (*path, "of"), "mixes questions and scores; name questions only or scores only"
        return
    if len({getattr(other, "as_", "") for other in others}) > 1:
        yield (*path, "of"), "mixes scores given as value and as percent; give all the same way"
    kinds: dict[str, str] = {}
    tones: dict[str, str] = {}
    for item in items:
        _, question, column = names.asked[item]
        asked = column or question
        scale = names.scales.get(asked.scale or "")
        if asked.kind == "scale" and scale is not None:
            kinds.setdefault(f"scale {scale.key}", item)
            if (tone := scale.levels[-1].tone) in ("good", "bad"):
                tones.setdefault(tone, scale.key)
        elif asked.kind == "number":
            kinds.setdefault(f"unit {asked.unit or '1'}", item)
            needs_range = score.as_ == "percent" or isinstance(score, Readiness)
            if needs_range and (asked.minimum is None or asked.maximum is None):
                yield path, f"the number {item!r} needs minimum and maximum to be given as a share"
    if len(kinds) > 1 and score.as_ != "percent" and not isinstance(score, Readiness):
        mixed = listed(f"{kind} ({item})" for kind, item in kinds.items())
        yield (*path, "of"), f"mixes {mixed}; take items of one scale, or say `as: percent`"
    if len(tones) > 1:
        yield (
            (*path, "of"),
            (
                f"the scale {tones['good']!r} gets better as it rises and {tones['bad']!r} worse; "
                "take items that point the same way"
            ),
        )


def _ladder_problems(score: Ladder, path: Path, names: Names) -> Iterator[Located]:
    for row, rung in enumerate(score.rungs):
        where: Path = (*path, "rungs", row)
        if rung.when is None and row:
            yield where, f"the rung {rung.key!r} needs `when`; only the lowest may do without"
        yield from condition_problems(rung.when, (*where, "when"), names)


def _matrix_problems(score: Matrix, path: Path, names: Names) -> Iterator[Located]:
    sizes = []
    for field, reference in (("rows", score.rows), ("columns", score.columns)):
        where: Path = (*path, field)
        found = names.items_of(reference)
        if what := _reference_problem(reference, names):
            yield where, what
        elif len(found) != 1 or names.kind_of(found[0]) != "scale":
            yield where, f"must be one question of kind scale; {reference!r} is not"
        else:
            _, question, column = names.asked[found[0]]
            scale = names.scales.get((column or question).scale or "")
            sizes.append(len(scale.levels) if scale is not None else 0)
    if len(sizes) < 2 or not all(sizes):
        return
    ranks = {each.key: rank for rank, each in enumerate(score.classes)}
    if len(score.cells) != sizes[0]:
        yield (
            (*path, "cells"),
            f"has {len(score.cells)} rows; needs {sizes[0]}, one for each level of {score.rows!r}",
        )
    is_whole = len(score.cells) == sizes[0]
    for row, line in enumerate(score.cells):
        if len(line) != sizes[1]:
            is_whole = False
            yield (
                (*path, "cells", row),
                f"has {len(line)} cells; needs {sizes[1]}, one for each level of {score.columns!r}",
            )
        for column_idx, key in enumerate(line):
            if key not in ranks:
                is_whole = False
                yield (*path, "cells", row, column_idx), unknown("class", key, ranks)
    if not is_whole:
        return
    used = {key for line in score.cells for key in line}
    for row, each in enumerate(score.classes):
        if each.key not in used:
            yield (*path, "classes", row), f"the class {each.key!r} stands in no cell"
    numbers = [[ranks[key] for key in line] for line in score.cells]
    for row, what in colouring_problems(numbers, len(score.classes) - 1):
        yield (*path, "cells", row), what


def _profile_problems(score: Profile, path: Path, names: Names) -> Iterator[Located]:
    for row, reference in enumerate(score.of):
        where: Path = (*path, "of", row)
        if not reference.startswith("score:"):
            yield where, f"a profile shows scores: score:KEY, not {reference!r}"
        elif what := _reference_problem(reference, names):
            yield where, what
        elif reference in score.of[:row]:
            yield where, f"{reference!r} is named twice"
        elif names.scores[reference.removeprefix("score:")].method == "profile":
            yield where, "a profile cannot show a profile"


def _borich_problems(score: Borich, path: Path, names: Names) -> Iterator[Located]:
    lists = []
    for field, reference in (("importance", score.importance), ("competence", score.competence)):
        found = names.valued(reference)
        if what := _reference_problem(reference, names):
            yield (*path, field), what
        elif len(found) != 1:
            yield (*path, field), "must be one question or table.column of kind scale or number"
        else:
            lists.append(names.lists_of(found[0]))
    if len(lists) == 2 and lists[0] != lists[1]:
        yield (
            (*path, "competence"),
            f"repeats over {listed(lists[1])}, but importance over {listed(lists[0])}: "
            "both must be asked for the same things",
        )
    if score.importance == score.competence:
        yield (*path, "competence"), "must be another question than importance"


def _cycles(framework: "Framework", names: Names) -> Iterator[Located]:
    rests: dict[str, set[str]] = {}
    for score in framework.scores:
        direct = {each[6:] for each in _references(score) if each.startswith("score:")}
        for text in _conditions(score):
            direct |= scores_named(text, names)
        rests[score.key] = direct
    for row, score in enumerate(framework.scores):
        if way := _way_back(score.key, rests):
            yield ("scores", row), f"rests on itself: {' → '.join(way)}"


def _way_back(start: str, rests: dict[str, set[str]]) -> list[str]:
    """Return a way from a score to itself, empty where there is none."""
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        for after in sorted(rests.get(way[-1], ())):
            if after == start:
                return [*way, start]
            if after not in seen:
                seen.add(after)
                waiting.append([*way, after])
    return []
