"""Does a framework hold together: what the types of its fields cannot say."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from parvis.packs.base import Entry, Located
from parvis.packs.framework_conditions import (
    Path,
    condition_problems,
    listed,
    lists_named,
    unknown,
)
from parvis.packs.framework_questions import Column, Question
from parvis.packs.framework_references import Names

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework

STATES = ("unknown", "not-applicable")
"""States of an answer; no option and no level may be called so."""
_PARTS = {
    "attributes": "attribute",
    "lists": "list",
    "scales": "scale",
    "sections": "section",
    "scores": "score",
    "findings": "finding",
    "measures": "measure",
    "duties": "duty",
}
"""Parts of a framework that hold keyed entries, and what one entry is called."""


def framework_problems(framework: "Framework") -> Iterator[Located]:
    """Yield every problem of a framework with its path."""
    from parvis.packs.framework_question_checks import question_problems
    from parvis.packs.framework_score_checks import score_problems
    from parvis.packs.framework_texts import text_problems

    names = Names(framework)
    yield from _head_problems(framework, names)
    yield from _repeated(framework)
    yield from _list_problems(framework)
    yield from question_problems(framework, names)
    yield from score_problems(framework, names)
    yield from _consequence_problems(framework, names)
    yield from text_problems(framework)


def twice(entries: Sequence[Entry], path: Path, what: str) -> Iterator[Located]:
    """Yield every key that an earlier entry of the same sequence has."""
    seen: set[str] = set()
    for row, entry in enumerate(entries):
        if entry.key in seen:
            yield (*path, row, "key"), f"the {what} {entry.key!r} is given twice; keys must differ"
        seen.add(entry.key)


def _repeated(framework: "Framework") -> Iterator[Located]:
    for name, what in _PARTS.items():
        yield from twice(getattr(framework, name), (name,), what)
    seen: set[str] = set()
    for path, question in _asked(framework):
        if isinstance(question, Question):
            if question.key in seen:
                yield (
                    (*path, "key"),
                    f"the question {question.key!r} is given twice; keys must differ",
                )
            seen.add(question.key)
            yield from twice(question.columns, (*path, "columns"), "column")
        yield from _choices(question.options, (*path, "options"), "option")
    for row, attribute in enumerate(framework.attributes):
        yield from _choices(attribute.options, ("attributes", row, "options"), "option")
    for row, scale in enumerate(framework.scales):
        yield from _choices(scale.levels, ("scales", row, "levels"), "level")
    for row, each in enumerate(framework.lists):
        yield from twice(each.entries, ("lists", row, "entries"), "entry")


def _choices(entries: Sequence[Entry], path: Path, what: str) -> Iterator[Located]:
    yield from twice(entries, path, what)
    for row, entry in enumerate(entries):
        if entry.key in STATES:
            yield (
                (*path, row, "key"),
                f"no {what} may be called {entry.key!r}: it can be answered to every question",
            )


def _head_problems(framework: "Framework", names: Names) -> Iterator[Located]:
    if framework.language in framework.translations:
        yield (
            ("translations", framework.language),
            f"{framework.language!r} is the language the framework is written in; leave it out",
        )
    replaces = framework.replaces
    if framework.version > 1 and replaces is None:
        yield ("replaces",), "a version above 1 must say how answers of the one before move on"
    if replaces is None:
        return
    if replaces.version >= framework.version:
        yield ("replaces", "version"), f"must be lower than {framework.version}, the version itself"
    for old, new in replaces.renamed.items():
        if new not in names.asked:
            yield ("replaces", "renamed", old), unknown("question", new, names.asked)
        if old in replaces.dropped:
            yield ("replaces", "renamed", old), f"{old!r} is both renamed and dropped; choose one"
    for row, old in enumerate(replaces.dropped):
        if old in names.asked:
            yield (
                ("replaces", "dropped", row),
                f"{old!r} is still asked; name only what is gone",
            )
    for key, levels in replaces.levels.items():
        known = {level.key for scale in framework.scales for level in scale.levels}
        for old, new in levels.items():
            if new not in known:
                yield ("replaces", "levels", key, old), unknown("level", new, sorted(known))


def _list_problems(framework: "Framework") -> Iterator[Located]:
    for row, each in enumerate(framework.lists):
        if not each.open and not each.entries:
            yield (
                ("lists", row),
                f"the list {each.key!r} has no entries and is not open: give entries or open: true",
            )
    for row, scale in enumerate(framework.scales):
        for place, (low, high) in enumerate(zip(scale.levels, scale.levels[1:], strict=False)):
            if high.value <= low.value:
                yield (
                    ("scales", row, "levels", place + 1, "value"),
                    f"must be more than {low.value:g}, the value of {low.key!r}: levels rise",
                )
    for row, attribute in enumerate(framework.attributes):
        path: Path = ("attributes", row)
        needs_options = attribute.kind in ("single", "multiple")
        if needs_options and not attribute.options:
            yield (*path, "options"), f"kind {attribute.kind} needs options to choose from"
        if attribute.options and not needs_options:
            yield (*path, "options"), f"kind {attribute.kind} has none; only single and multiple do"
        if attribute.unit and attribute.kind != "number":
            yield (*path, "unit"), f"kind {attribute.kind} has no unit; only number has"


def _asked(framework: "Framework") -> Iterator[tuple[Path, Question | Column]]:
    """Yield all questions and columns with their paths."""
    for row, section in enumerate(framework.sections):
        for place, question in enumerate(section.questions):
            path: Path = ("sections", row, "questions", place)
            yield path, question
            for n, column in enumerate(question.columns):
                yield (*path, "columns", n), column


def _consequence_problems(framework: "Framework", names: Names) -> Iterator[Located]:
    known = [each.key for each in framework.lists]
    measures = [measure.key for measure in framework.measures]
    for row, finding in enumerate(framework.findings):
        path: Path = ("findings", row)
        yield from condition_problems(finding.when, (*path, "when"), names)
        named = lists_named(finding.when, names)
        yield from by_problems(finding.by, named, (*path, "by"), known)
        for place, key in enumerate(finding.measures):
            if key not in measures:
                yield (*path, "measures", place), unknown("measure", key, measures)
    for row, measure in enumerate(framework.measures):
        if measure.cost is not None and measure.cost.low > measure.cost.high:
            yield (
                ("measures", row, "cost", "low"),
                f"must be at most {measure.cost.high:g}, the high",
            )
    for row, duty in enumerate(framework.duties):
        yield from condition_problems(duty.when, ("duties", row, "when"), names)
        if duty.from_ and duty.until and duty.until <= duty.from_:
            yield ("duties", row, "until"), f"must be after {duty.from_}, the day it begins"
    yield from _evidence_problems(framework)
    if framework.report is not None:
        chapters = framework.report.chapters
        for row, chapter in enumerate(chapters):
            if chapter in chapters[:row]:
                yield ("report", "chapters", row), f"the chapter {chapter!r} is named twice"


def by_problems(
    by: Sequence[str], repeated: Iterable[str], path: Path, known: Sequence[str]
) -> Iterator[Located]:
    """Yield lists of a `by` that there are not, or that nothing named repeats over."""
    lists = set(repeated)
    for row, key in enumerate(by):
        if key not in known:
            yield (*path, row), unknown("list", key, known)
        elif key in by[:row]:
            yield (*path, row), f"the list {key!r} is named twice"
        elif key not in lists:
            yield (
                (*path, row),
                f"nothing it rests on repeats over {key!r}; accepted are {listed(sorted(lists))}",
            )


def _evidence_problems(framework: "Framework") -> Iterator[Located]:
    named: list[tuple[Path, str | None]] = [
        ((*path, "evidence"), asked.evidence) for path, asked in _asked(framework)
    ]
    for name in ("sections", "scores", "findings", "measures", "duties"):
        for row, each in enumerate(getattr(framework, name)):
            named.append(((name, row, "evidence"), each.evidence))
    for row, measure in enumerate(framework.measures):
        if measure.cost is not None:
            named.append((("measures", row, "cost", "evidence"), measure.cost.evidence))
    for path, key in named:
        if key is not None and key not in framework.evidence:
            yield path, unknown("evidence", key, framework.evidence)


def all_entries(framework: "Framework") -> Iterator[tuple[Path, Entry]]:
    """Yield everything of a framework that has a key and a name, with its path."""
    yield from _asked(framework)
    for path, asked in _asked(framework):
        yield from _rows(asked.options, (*path, "options"))
    for name in (
        "attributes",
        "lists",
        "scales",
        "sections",
        "scores",
        "findings",
        "measures",
        "duties",
    ):
        yield from _rows(getattr(framework, name), (name,))
        for row, each in enumerate(getattr(framework, name)):
            for inner in ("options", "entries", "levels", "rungs", "classes", "outcomes"):
                yield from _rows(getattr(each, inner, ()), (name, row, inner))


def _rows(entries: Sequence[Entry], path: Path) -> Iterator[tuple[Path, Entry]]:
    yield from (((*path, row), entry) for row, entry in enumerate(entries))
