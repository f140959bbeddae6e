"""Does a decision tree lead from its start to its ends, whatever is answered."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from parvis.packs.base import Located
from parvis.packs.conditions import And, Compare, Condition, Not, Or, comparisons
from parvis.packs.framework_conditions import Path, condition_problems, listed, read, unknown
from parvis.packs.framework_references import Names
from parvis.packs.framework_scores import Step, Tree

MOST_COMBINATIONS = 2_000


def tree_problems(tree: Tree, path: Path, names: Names) -> Iterator[Located]:
    """Yield steps that are unknown, unreachable or go round, and cases that lead nowhere."""
    steps = {step.key: step for step in reversed(tree.steps)}
    yield from _key_problems(tree, steps, path)
    yield from _case_problems(tree, path, names)
    if tree.start not in steps:
        yield (*path, "start"), unknown("step", tree.start, steps)
        return
    reached = _reached(tree.start, steps)
    for row, step in enumerate(tree.steps):
        if step.key not in reached:
            yield (
                (*path, "steps", row),
                f"the step {step.key!r} is never reached from {tree.start!r}",
            )
    if way := _round(tree.start, steps):
        row = [step.key for step in tree.steps].index(way[-1])
        yield (*path, "steps", row), f"goes round: {' → '.join(way)}"
        return
    given = {code for key in reached for case in steps[key].cases for code in case.outcomes}
    for row, outcome in enumerate(tree.outcomes):
        if outcome.key not in given:
            yield (*path, "outcomes", row), f"the outcome {outcome.key!r} is given by no case"
    yield from _empty_ends(tree, steps, path)


def _key_problems(tree: Tree, steps: Mapping[str, Step], path: Path) -> Iterator[Located]:
    seen: set[str] = set()
    for row, step in enumerate(tree.steps):
        if step.key in seen:
            yield (*path, "steps", row, "key"), f"the step {step.key!r} is given twice"
        seen.add(step.key)
    codes = [outcome.key for outcome in tree.outcomes]
    for row, step in enumerate(tree.steps):
        for place, case in enumerate(step.cases):
            where: Path = (*path, "steps", row, "cases", place)
            if case.go is not None and case.go not in steps:
                yield (*where, "go"), unknown("step", case.go, steps)
            for n, code in enumerate(case.outcomes):
                if code not in codes:
                    yield (*where, "outcomes", n), unknown("outcome", code, codes)


def _case_problems(tree: Tree, path: Path, names: Names) -> Iterator[Located]:
    for row, step in enumerate(tree.steps):
        where: Path = (*path, "steps", row)
        if step.question is not None and step.question not in names.asked:
            yield (*where, "question"), unknown("question", step.question, names.asked)
        for place, case in enumerate(step.cases):
            yield from condition_problems(case.when, (*where, "cases", place, "when"), names)
            if case.when is None and place + 1 < len(step.cases):
                yield (
                    (*where, "cases", place + 1),
                    "is never taken: the case before it has no `when` and takes all others",
                )
        if hole := _hole(step, names):
            yield where, f"no case of the step {step.key!r} holds when {hole}; add a case for it"


def _reached(start: str, steps: Mapping[str, Step]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for case in steps[waiting.pop()].cases:
            if case.go and case.go in steps and case.go not in found:
                found.add(case.go)
                waiting.append(case.go)
    return found


def _round(start: str, steps: Mapping[str, Step]) -> list[str]:
    """Return a way that comes back to one of its steps, empty where there is none."""
    done: set[str] = set()
    way: list[str] = [start]
    open_cases = [iter(steps[start].cases)]
    while open_cases:
        case = next(open_cases[-1], None)
        if case is None:
            done.add(way.pop())
            open_cases.pop()
        elif case.go and case.go in way:
            return [*way[way.index(case.go) :], case.go]
        elif case.go and case.go in steps and case.go not in done:
            way.append(case.go)
            open_cases.append(iter(steps[case.go].cases))
    return []


def _empty_ends(tree: Tree, steps: Mapping[str, Step], path: Path) -> Iterator[Located]:
    """Yield cases that end a way on which no outcome was given."""
    without = {tree.start}
    waiting = [tree.start]
    while waiting:
        for case in steps[waiting.pop()].cases:
            if case.go and not case.outcomes and case.go in steps and case.go not in without:
                without.add(case.go)
                waiting.append(case.go)
    for row, step in enumerate(tree.steps):
        for place, case in enumerate(step.cases):
            if step.key in without and case.go is None and not case.outcomes:
                yield (
                    (*path, "steps", row, "cases", place),
                    "ends without an outcome; give `outcomes`, or a step in `go`",
                )


def _hole(step: Step, names: Names) -> str:
    """Return answers for which no case of a step holds, "" where there are none to be found."""
    if any(case.when is None for case in step.cases):
        return ""
    conditions: list[Condition] = []
    keys: dict[str, tuple[str, ...]] = {}
    for case in step.cases:
        condition, problems = read(case.when or "", ())
        if condition is None or problems:
            return ""
        conditions.append(condition)
        for part in comparisons(condition):
            if not isinstance(part, Compare):
                return ""
            operand = names.operand(part.name)
            if operand is None or operand.kind not in ("choice", "ordered"):
                return ""
            if not set(part.values) <= set(operand.keys) or part.op == "includes":
                return ""
            keys[part.name] = operand.keys
    if prod(map(len, keys.values())) > MOST_COMBINATIONS:
        return ""
    for combination in product(*keys.values()):
        values = dict(zip(keys, combination, strict=True))
        if not any(_holds(condition, values, keys) for condition in conditions):
            return listed(f"{name} == {value}" for name, value in values.items())
    return ""


def _holds(
    condition: Condition, values: Mapping[str, str], keys: Mapping[str, tuple[str, ...]]
) -> bool:
    match condition:
        case And(parts):
            return all(_holds(part, values, keys) for part in parts)
        case Or(parts):
            return any(_holds(part, values, keys) for part in parts)
        case Not(part):
            return not _holds(part, values, keys)
        case Compare(name, op, literals):
            order = keys[name]
            here, there = order.index(values[name]), order.index(literals[0])
            return {  # "<" and its kin stand beside ordered levels only
                "==": here == there,
                "!=": here != there,
                "<": here < there,
                "<=": here <= there,
                ">": here > there,
                ">=": here >= there,
                "in": values[name] in literals,
            }[op]
        case _:
            raise AssertionError
