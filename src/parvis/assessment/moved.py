"""How an assessment moves on to a new version of its framework, and what changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from parvis.assessment.answers import check_answer
from parvis.assessment.errors import AnswerError, FrameworkVersionError
from parvis.assessment.items import items
from parvis.assessment.model import Answer, Assessment, Interval, ListEntry, item_key
from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Replaces


@dataclass(frozen=True, slots=True)
class Moved:
    """
    What became of a question or an answer.

    Attributes
    ----------
    kind : str
        ``renamed``: the question has another key. ``dropped``: it is asked no more, and its
        answer is left behind. ``level``: the level has another key. ``refused``: the answer is
        none the question takes now, and is left behind. ``reworded``: its text differs; the
        answer is kept. ``new``: the question is asked for the first time.
    question : str
        Key in the new version; of dropped ones in the old.
    at : tuple of str
    before, after : str
        Key, text or value.
    """

    kind: Literal["renamed", "dropped", "level", "refused", "reworded", "new"]
    question: str
    at: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """
    A move from one version to the next.

    Attributes
    ----------
    before, after : int
        Versions.
    changes : tuple of Moved
    """

    before: int
    after: int
    changes: tuple[Moved, ...]


def moved(assessment: Assessment, framework: Framework) -> tuple[Assessment, tuple[Moved, ...]]:
    """
    Move an assessment on to the next version of its framework.

    Parameters
    ----------
    assessment : Assessment
    framework : Framework
        The version that says under ``replaces`` how answers of the version before move on.

    Returns
    -------
    Assessment
        With the answers that can be kept; of dropped and refused ones nothing is kept.
    tuple of Moved
        What changed: questions in the order of the new version, then answers.

    Raises
    ------
    FrameworkVersionError
        If `framework` does not take over answers of this version.
    """
    old, steps = assessment.framework, framework.replaces
    if steps is None or framework.id != old.id or steps.version != old.version:
        raise FrameworkVersionError(
            framework=old.name,
            found=old.version,
            version=framework.version,
            accepted="–" if steps is None else steps.version,
        )
    lists = _kept_lists(assessment, framework)
    asked = {item.key: item for item in items(framework, assessment.subject, lists)}
    kept: list[Answer] = []
    changes = list(_question_changes(old, framework, steps))
    for answer in assessment.answers:
        name = _renamed(answer.question, steps)
        other = _with_levels(replace(answer, question=name), framework, steps)
        item = asked.get(item_key(name, answer.at))
        if item is None or answer.question in steps.dropped:
            changes.append(Moved("dropped", answer.question, answer.at, _text(answer.value)))
            continue
        try:
            check_answer(framework, item, other)
        except AnswerError:
            changes.append(Moved("refused", name, answer.at, _text(answer.value)))
            continue
        if other.value != answer.value:
            before, after = _text(answer.value), _text(other.value)
            changes.append(Moved("level", name, answer.at, before, after))
        kept.append(other)
    return replace(assessment, framework=framework, lists=lists, answers=tuple(kept)), tuple(
        changes
    )


def _question_changes(old: Framework, new: Framework, steps: Replaces) -> Iterator[Moved]:
    texts = {_renamed(key, steps): text for key, text in _asked(old).items()}
    keys = {after: before for before, after in steps.renamed.items()}
    for key, text in _asked(new).items():
        if key in keys:
            yield Moved("renamed", key, (), keys[key], key)
        if key not in texts:
            yield Moved("new", key, (), "", text)
        elif texts[key] != text:
            yield Moved("reworded", key, (), texts[key], text)


def _asked(framework: Framework) -> dict[str, str]:
    """Return the texts of questions and of columns of tables."""
    found = {}
    for _, question in framework.questions:
        if question.kind != "table":
            found[question.key] = question.name
        for column in question.columns:
            found[f"{question.key}.{column.key}"] = column.name
    return found


def _renamed(name: str, steps: Replaces) -> str:
    """Return the new name of a question or ``table.column``."""
    if name in steps.renamed:
        return steps.renamed[name]
    table, dot, column = name.partition(".")
    return f"{steps.renamed.get(table, table)}{dot}{column}"


def _with_levels(answer: Answer, framework: Framework, steps: Replaces) -> Answer:
    try:
        asked = framework.asked(answer.question)
    except KeyError:
        return answer
    levels = steps.levels.get(asked.scale or "", {})
    match answer.value:
        case Interval(low, high):
            ends = levels.get(str(low), low), levels.get(str(high), high)
            return replace(answer, value=ends[0] if ends[0] == ends[1] else Interval(*ends))
        case str() if asked.kind == "scale":
            return replace(answer, value=levels.get(answer.value, answer.value))
    return answer


def _kept_lists(assessment: Assessment, framework: Framework) -> dict[str, tuple[ListEntry, ...]]:
    open_lists = {
        known.key: {e.key for e in known.entries} for known in framework.lists if known.open
    }
    return {
        key: tuple(entry for entry in added if entry.key not in open_lists[key])
        for key, added in assessment.lists.items()
        if key in open_lists
    }


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Interval(low, high):
            return f"{low} – {high}"
        case tuple():
            return ", ".join(map(str, value))
    return str(value)
