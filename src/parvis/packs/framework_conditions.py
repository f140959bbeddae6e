"""Do the conditions of a framework ask what can be asked, of what stands in it."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parvis.packs.base import Located
from parvis.packs.conditions import (
    Compare,
    Condition,
    ConditionError,
    Reached,
    State,
    as_date,
    as_number,
    comparisons,
    parse_condition,
)
from parvis.packs.framework_references import Names, Operand

Path = tuple[str | int, ...]
_OPERATORS = {
    "choice": ("==", "!=", "in"),
    "multiple": ("includes",),
    "ordered": ("==", "!=", "<", "<=", ">", ">=", "in"),
    "number": ("==", "!=", "<", "<=", ">", ">=", "in"),
    "date": ("==", "!=", "<", "<=", ">", ">=", "in"),
    "text": ("==", "!=", "in"),
}
_MANY = 12


@dataclass(frozen=True, slots=True)
class Asking:
    """
    Where a condition of a question or section stands.

    Attributes
    ----------
    before : frozenset of str
        Names that are asked earlier.
    lists : frozenset of str
        Lists of the section.
    """

    before: frozenset[str]
    lists: frozenset[str]


def listed(keys: Iterable[str]) -> str:
    """Return keys as people read them, the first dozen."""
    known = list(keys)
    more = f" and {len(known) - _MANY} more" if len(known) > _MANY else ""
    return ", ".join(known[:_MANY]) + more if known else "nothing"


def unknown(kind: str, key: str, known: Iterable[str]) -> str:
    """Return what is wrong with a key that stands for nothing, with what was perhaps meant."""
    names = list(known)
    near = difflib.get_close_matches(key, names, n=1)
    if near:
        return f"there is no {kind} {key!r}; perhaps {near[0]!r} is meant"
    return f"there is no {kind} {key!r}; there are {listed(names)}"


def read(text: str, path: Path) -> tuple[Condition | None, list[Located]]:
    """Return a condition, or what keeps it from being read."""
    try:
        return parse_condition(text), []
    except ConditionError as error:
        return None, [(path, f"column {error.column}: {error.problem}")]


def condition_problems(
    text: str | None, path: Path, names: Names, asking: Asking | None = None
) -> Iterator[Located]:
    """
    Yield what is wrong with one condition.

    Parameters
    ----------
    text : str or None
    path : tuple
        Where it stands.
    names : Names
    asking : Asking, optional
        Given for conditions that show questions and sections.
    """
    if text is None:
        return
    condition, problems = read(text, path)
    yield from problems
    for part in comparisons(condition) if condition is not None else ():
        for what in _part_problems(part, names, asking):
            yield path, what


def lists_named(text: str, names: Names) -> set[str]:
    """Return the lists that what a condition names repeats over."""
    condition, _ = read(text, ())
    found: set[str] = set()
    for part in comparisons(condition) if condition is not None else ():
        if isinstance(part, Reached):
            for score in names.framework.scores:
                found |= set(score.by) if score.method == "tree" else set()
        elif operand := names.operand(part.name):
            found |= set(operand.lists)
    return found


def scores_named(text: str, names: Names) -> set[str]:
    """Return the keys of the scores a condition rests on."""
    condition, _ = read(text, ())
    found: set[str] = set()
    for part in comparisons(condition) if condition is not None else ():
        if isinstance(part, Reached):
            for score in names.framework.scores:
                if score.method == "tree" and part.outcome in {o.key for o in score.outcomes}:
                    found.add(score.key)
        elif part.name.startswith("score."):
            found.add(part.name.removeprefix("score."))
    return found


def _part_problems(
    part: Compare | State | Reached, names: Names, asking: Asking | None
) -> Iterator[str]:
    if isinstance(part, Reached):
        if asking is not None:
            yield f"'outcome.{part.outcome}' may not decide what is asked; use earlier questions"
        elif part.outcome not in names.outcomes:
            yield unknown("outcome of a tree", part.outcome, names.outcomes)
        return
    operand = names.operand(part.name)
    if operand is None:
        yield _unknown_name(part.name, names)
        return
    if asking is not None and (what := _asked_too_early(part.name, operand, asking)):
        yield what
        return
    if isinstance(part, State):
        yield from _state_problems(part, names)
    else:
        yield from _comparison_problems(part, operand, names)


def _unknown_name(name: str, names: Names) -> str:
    head, _, rest = name.partition(".")
    if head == "attribute":
        return unknown("attribute", rest, names.attributes)
    if head == "score":
        return unknown("score", rest, names.scores)
    if rest and head in names.asked:
        columns = [column.key for column in names.asked[head][1].columns]
        return unknown(f"column of {head}", rest, columns)
    return unknown("question", name, names.asked)


def _asked_too_early(name: str, operand: Operand, asking: Asking) -> str:
    if name.startswith("attribute."):
        return ""
    if name.startswith("score."):
        return f"{name!r} may not decide what is asked; use earlier questions and attributes"
    if name not in asking.before:
        return f"{name!r} is not asked before this; only earlier questions may decide it"
    if missing := [key for key in operand.lists if key not in asking.lists]:
        return (
            f"{name!r} is asked once for each of {listed(missing)}, which this section does not "
            "repeat over: it has no single answer here"
        )
    return ""


def _state_problems(part: State, names: Names) -> Iterator[str]:
    if part.name.startswith(("score.", "attribute.")):
        yield f"{part.state}() takes a question or table.column, not {part.name!r}"
    elif names.kind_of(part.name) == "table":
        columns = [f"{part.name}.{column.key}" for column in names.asked[part.name][1].columns]
        yield f"{part.name!r} is a table; name one of its columns: {listed(columns)}"


def _comparison_problems(part: Compare, operand: Operand, names: Names) -> Iterator[str]:
    if operand.kind == "state":
        yield _without_value(part.name, names)
        return
    accepted = _OPERATORS[operand.kind]
    if part.op not in accepted:
        yield f"{part.name!r} cannot be used with {part.op}; accepted are {' '.join(accepted)}"
        return
    for value in part.values:
        if operand.kind == "number" and as_number(value) is None:
            yield f"{value!r} is no number; {part.name!r} is compared with one, e.g. 2.5"
        elif operand.kind == "date" and as_date(value) is None:
            yield f"{value!r} is no day; {part.name!r} is compared with one, e.g. 2027-12-02"
        elif operand.kind in ("choice", "multiple", "ordered") and value not in operand.keys:
            yield f"{part.name!r} is never {value!r}; it is one of {listed(operand.keys)}"


def _without_value(name: str, names: Names) -> str:
    if name.startswith("score."):
        method = names.scores[name.removeprefix("score.")].method
        hint = "ask for its ends as outcome.CODE" if method == "tree" else "name another score"
        return f"{name!r} is a {method} and has no single value; {hint}"
    if names.kind_of(name) == "table":
        return next(iter(_state_problems(State(name, "answered"), names)))
    return f"{name!r} has no value to compare; accepted are answered({name}) and unknown({name})"
