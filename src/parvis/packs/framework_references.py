"""What a framework's references and the names in its conditions mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework
    from parvis.packs.framework_questions import Attribute, Column, Question, Scale, Section
    from parvis.packs.framework_scores import Score

OperandKind = Literal["choice", "multiple", "ordered", "number", "date", "text", "state"]
NUMERIC_METHODS = frozenset({"mean", "weighted-mean", "minimum", "readiness"})
GATE_RESULTS = ("passed", "failed")


@dataclass(frozen=True, slots=True)
class Operand:
    """
    What a name in a condition stands for.

    Attributes
    ----------
    kind : str
        ``choice`` (one of `keys`), ``multiple`` (several of `keys`), ``ordered`` (one of `keys`,
        lowest first), ``number``, ``date``, ``text``; ``state``: only whether it is answered.
    keys : tuple of str
        Keys of options, levels, rungs or classes; ``passed`` and ``failed`` of a gate.
    lists : tuple of str
        Lists its items repeat over.
    """

    kind: OperandKind
    keys: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


class Names:
    """
    The keys of a framework, for look-ups; of keys given twice the first counts.

    Parameters
    ----------
    framework : Framework
    """

    def __init__(self, framework: "Framework") -> None:
        self.framework = framework
        self.attributes: dict[str, Attribute] = {}
        self.scales: dict[str, Scale] = {}
        self.sections: dict[str, Section] = {}
        self.scores: dict[str, Score] = {}
        self.asked: dict[str, tuple[Section, Question, Column | None]] = {}
        for attribute in framework.attributes:
            self.attributes.setdefault(attribute.key, attribute)
        for scale in framework.scales:
            self.scales.setdefault(scale.key, scale)
        for score in framework.scores:
            self.scores.setdefault(score.key, score)
        for section in framework.sections:
            self.sections.setdefault(section.key, section)
        for section, question in framework.questions:
            self.asked.setdefault(question.key, (section, question, None))
            for column in question.columns:
                self.asked.setdefault(f"{question.key}.{column.key}", (section, question, column))
        self.outcomes = {
            outcome.key
            for score in framework.scores
            if score.method == "tree"
            for outcome in score.outcomes
        }
        self.tags = {tag for _, asked in self._tagged() for tag in asked.tags}

    def _tagged(self) -> "Iterator[tuple[str, Question | Column]]":
        for name, (_, question, column) in self.asked.items():
            yield name, column or question

    def lists_of(self, name: str) -> tuple[str, ...]:
        """Return the lists that a question or ``table.column`` repeats over."""
        section, question, column = self.asked[name]
        rows = () if column is None or question.rows is None else (question.rows,)
        return (*section.repeat, *rows)

    def items_of(self, reference: str) -> tuple[str, ...]:
        """
        Return the questions and columns that a reference to questions means, in order.

        A section and a tag mean all their questions, and of a tagged table its columns; a table's
        key means its columns.
        """
        head, colon, rest = reference.partition(":")
        found = []
        for name, (section, question, column) in self.asked.items():
            if column is None and question.kind == "table":
                continue
            if not colon:
                is_meant = reference in (name, question.key)
            elif head == "section":
                is_meant = section.key == rest
            elif head == "tag":
                is_meant = rest in (column or question).tags or rest in question.tags
            else:
                is_meant = False
            if is_meant:
                found.append(name)
        return tuple(found)

    def valued(self, reference: str) -> tuple[str, ...]:
        """Return those of `items_of` that have numbers: scales and numbers."""
        return tuple(n for n in self.items_of(reference) if self.kind_of(n) in ("scale", "number"))

    def kind_of(self, name: str) -> str:
        """Return the kind of a question or ``table.column``."""
        _, question, column = self.asked[name]
        return (column or question).kind

    def operand(self, name: str) -> Operand | None:
        """Return what a name in a condition stands for; None where it stands for nothing."""
        head, _, rest = name.partition(".")
        if head == "attribute":
            return self._attribute(rest)
        if head == "score":
            return self._score(rest)
        if name not in self.asked:
            return None
        _, question, column = self.asked[name]
        lists = self.lists_of(name)
        asked = column or question
        options = tuple(option.key for option in asked.options)
        match asked.kind:
            case "single":
                return Operand("choice", options, lists)
            case "multiple":
                return Operand("multiple", options, lists)
            case "scale":
                scale = self.scales.get(asked.scale or "")
                levels = () if scale is None else tuple(level.key for level in scale.levels)
                return Operand("ordered", levels, lists)
            case "number":
                return Operand("number", (), lists)
            case "date":
                return Operand("date", (), lists)
            case "text":
                return Operand("text", (), lists)
            case _:
                return Operand("state", (), lists)

    def _attribute(self, key: str) -> Operand | None:
        attribute = self.attributes.get(key)
        if attribute is None:
            return None
        options = tuple(option.key for option in attribute.options)
        match attribute.kind:
            case "single":
                return Operand("choice", options)
            case "multiple":
                return Operand("multiple", options)
            case "number":
                return Operand("number")
            case "date":
                return Operand("date")
            case _:
                return Operand("text")

    def _score(self, key: str) -> Operand | None:
        score = self.scores.get(key)
        if score is None:
            return None
        if score.method in NUMERIC_METHODS:
            return Operand("number", (), score.by)
        if score.method == "gate":
            return Operand("choice", GATE_RESULTS, score.by)
        if score.method == "ladder":
            return Operand("ordered", tuple(rung.key for rung in score.rungs), score.by)
        if score.method == "matrix":
            return Operand("ordered", tuple(each.key for each in score.classes), score.by)
        return Operand("state", (), score.by)
