"""Can the questions of a framework be asked as they are written."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parvis.packs.base import Located
from parvis.packs.conditions import RESERVED
from parvis.packs.framework_conditions import Asking, Path, condition_problems, listed, unknown
from parvis.packs.framework_questions import (
    COMPUTED,
    CORE_AT_MOST,
    Asked,
    Question,
    Section,
)
from parvis.packs.framework_references import Names

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework

_CHOICES = ("single", "multiple")
_FITTING = {
    "scale": ("scale",),
    "levels_when": ("scale",),
    "options": _CHOICES,
    "unit": ("number",),
    "minimum": ("number",),
    "maximum": ("number",),
    "integer": ("number",),
    "interval": ("scale", "number"),
    "rows": ("table",),
    "columns": ("table",),
}
"""Kinds of questions that a key belongs to."""


def question_problems(framework: "Framework", names: Names) -> Iterator[Located]:
    """Yield what is wrong with sections and their questions."""
    before: set[str] = set()
    n_core = 0
    for row, section in enumerate(framework.sections):
        path: Path = ("sections", row)
        yield from _repeat_problems(section, path, framework)
        asking = Asking(frozenset(before), frozenset(section.repeat))
        yield from condition_problems(section.when, (*path, "when"), names, asking)
        for place, question in enumerate(section.questions):
            inner: Path = (*path, "questions", place)
            asking = Asking(frozenset(before), frozenset(section.repeat))
            yield from condition_problems(question.when, (*inner, "when"), names, asking)
            yield from _field_problems(question, inner, names)
            yield from _offer_problems(question, section, inner, names, before)
            yield from _table_problems(question, section, inner, framework)
            yield from _over_problems(question, section, inner, framework)
            yield from _computed_problems(question, section, inner)
            before |= {question.key, *(f"{question.key}.{c.key}" for c in question.columns)}
            n_core += _n_items(question, section, framework) if question.core else 0
            if n_core > CORE_AT_MOST and question.core:
                yield (
                    (*inner, "core"),
                    f"the core set has {n_core} items with this one; at most {CORE_AT_MOST} fit "
                    "into a walk of 40 minutes",
                )
                n_core = -10_000


def _repeat_problems(section: Section, path: Path, framework: "Framework") -> Iterator[Located]:
    known = [each.key for each in framework.lists]
    for place, key in enumerate(section.repeat):
        if key not in known:
            yield (*path, "repeat", place), unknown("list", key, known)
        if key in section.repeat[:place]:
            yield (*path, "repeat", place), f"the list {key!r} is named twice"


def _field_problems(question: Question, path: Path, names: Names) -> Iterator[Located]:
    asked: list[tuple[Path, Asked, str]] = [(path, question, question.kind)]
    for row, column in enumerate(question.columns):
        asked.append(((*path, "columns", row), column, column.kind))
    for where, each, kind in asked:
        for field, kinds in _FITTING.items():
            if kind not in kinds and getattr(each, field, None) not in (None, "", (), {}, False):
                yield (*where, field), f"kind {kind} has no {field}; {' and '.join(kinds)} has"
        if kind == "scale":
            if each.scale is None:
                yield where, f"{each.key!r} must name its scale; there are {listed(names.scales)}"
            elif each.scale not in names.scales:
                yield (*where, "scale"), unknown("scale", each.scale, names.scales)
        if kind in _CHOICES and not each.options:
            yield where, f"{each.key!r} must have options to choose from"
        low, high = each.minimum, each.maximum
        if low is not None and high is not None and low >= high:
            yield (*where, "maximum"), f"must be more than {low:g}, the minimum"
    if question.key in RESERVED:
        yield (
            (*path, "key"),
            f"{question.key!r} is a word of the conditions; a question may be called anything but "
            f"{listed(sorted(RESERVED))}",
        )
    if question.core and question.where == "desk":
        yield (
            (*path, "core"),
            "what is answered at the desk only is not in the core set for the walk",
        )


def _offer_problems(
    question: Question, section: Section, path: Path, names: Names, before: set[str]
) -> Iterator[Located]:
    """Yield what is wrong with the conditions under which options and levels are offered."""
    yield from _offers(question, path, names, Asking(frozenset(before), frozenset(section.repeat)))
    rows = {*section.repeat, *([question.rows] if question.rows else [])}
    known = set(before)
    for place, column in enumerate(question.columns):
        asking = Asking(frozenset(known), frozenset(rows))
        yield from _offers(column, (*path, "columns", place), names, asking)
        known.add(f"{question.key}.{column.key}")


def _offers(asked: Asked, path: Path, names: Names, asking: Asking) -> Iterator[Located]:
    for row, option in enumerate(asked.options):
        yield from condition_problems(option.when, (*path, "options", row, "when"), names, asking)
    scale = names.scales.get(asked.scale or "")
    levels = [level.key for level in scale.levels] if scale is not None else []
    for key, text in asked.levels_when.items():
        where = (*path, "levels_when", key)
        if scale is not None and key not in levels:
            yield where, unknown(f"level of {asked.scale}", key, levels)
        yield from condition_problems(text, where, names, asking)


def _table_problems(
    question: Question, section: Section, path: Path, framework: "Framework"
) -> Iterator[Located]:
    if question.kind != "table":
        return
    known = [each.key for each in framework.lists]
    if question.rows is None:
        yield (
            path,
            f"the table {question.key!r} must name the list of its rows; there are {listed(known)}",
        )
    elif question.rows not in known:
        yield (*path, "rows"), unknown("list", question.rows, known)
    elif question.rows in section.repeat:
        yield (*path, "rows"), f"the section repeats over {question.rows!r} already"
    if not question.columns:
        yield path, f"the table {question.key!r} must have columns"


def _over_problems(
    question: Question, section: Section, path: Path, framework: "Framework"
) -> Iterator[Located]:
    for key, entries in question.over.items():
        if key not in section.repeat:
            yield (
                (*path, "over", key),
                f"the section does not repeat over {key!r}, but over {listed(section.repeat)}",
            )
            continue
        known = {e.key for each in framework.lists if each.key == key for e in each.entries}
        for row, entry in enumerate(entries):
            if entry not in known:
                yield (*path, "over", key, row), unknown(f"entry of {key}", entry, sorted(known))


def _computed_problems(question: Question, section: Section, path: Path) -> Iterator[Located]:
    if question.computed_from is None:
        return
    kind, unit = COMPUTED[question.computed_from]
    where: Path = (*path, "computed_from")
    if question.kind != kind:
        yield (
            where,
            f"{question.computed_from} fills a question of kind {kind}, not {question.kind}",
        )
    elif kind == "number" and question.unit not in (unit, "" if unit == "1" else unit):
        yield where, f"{question.computed_from} is in {unit}; the question's unit must be {unit}"
    if section.repeat:
        yield where, "an analysis answers once; the section must not repeat"


def _n_items(question: Question, section: Section, framework: "Framework") -> int:
    n_entries = {each.key: max(1, len(each.entries)) for each in framework.lists}
    n = 1
    for key in section.repeat:
        n *= len(question.over[key]) if key in question.over else n_entries.get(key, 1)
    return n * n_entries.get(question.rows or "", 1)
