"""What a module of survey questions holds: questions, answers, and the indicators they give."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from parvis.packs.base import (
    Entry,
    Evidence,
    EvidenceKey,
    Key,
    Language,
    Located,
    Model,
    Pack,
    repeated_keys,
    unknown_evidence,
)
from parvis.packs.indicator_models import Code, Finite

QuestionKind = Literal["one", "several", "number", "text", "area"]
RuleKind = Literal["share", "mean", "gap", "group_gap", "recent"]


class Choices(Entry):
    """A list of answers that several questions share."""

    choices: Annotated[tuple[Entry, ...], Field(min_length=2)]


class Said(Model):
    """That somebody gave one of some answers to a question."""

    question: Key
    answers: Annotated[tuple[Key, ...], Field(min_length=1)]


class Question(Entry):
    """What is asked, how it is answered, and when."""

    section: Key
    kind: QuestionKind
    list: Key | None = None
    sensitive: StrictBool = False
    optional: StrictBool = False
    ask_when: Said | None = None
    evidence: EvidenceKey


class Rule(Model):
    """
    Which answers give an indicator.

    A ``share`` counts who gave one of `answers`; `outside` and those not `among` are no part of
    the denominator; `outdoors` are left out in a second figure beside it. A ``mean`` averages
    `scores` where at least `least` questions were answered. A ``gap`` is one indicator less
    another of the same persons, a ``group_gap`` one indicator in one group less in another. A
    ``recent`` experience counts pairs of questions, what and when.
    """

    indicator: Code
    kind: RuleKind
    questions: tuple[Key, ...] = ()
    answers: tuple[Key, ...] = ()
    outside: tuple[Key, ...] = ()
    outdoors: tuple[Key, ...] = ()
    among: Said | None = None
    scores: dict[Key, Finite] = Field(default_factory=dict)
    reversed: tuple[Key, ...] = ()
    least: Annotated[StrictInt, Field(ge=1)] = 1
    of: tuple[Code, ...] = ()
    groups: tuple[Key, ...] = ()
    nothing: Key | None = None
    latest: Said | None = None
    evidence: EvidenceKey


class QuestionModule(Pack):
    """The pack `question-module`."""

    pack: Literal["question-module"]
    evidence: dict[Key, Evidence]
    blank: tuple[Key, ...] = ()
    help: dict[Language, StrictStr]
    lists: Annotated[tuple[Choices, ...], Field(min_length=1)]
    sections: Annotated[tuple[Entry, ...], Field(min_length=1)]
    entries: Annotated[tuple[Question, ...], Field(min_length=1)]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions by key."""
        return {question.key: question for question in self.entries}

    @cached_property
    def by_indicator(self) -> dict[str, Rule]:
        """The rules by indicator."""
        return {rule.indicator: rule for rule in self.rules}

    def choices_of(self, question: str) -> tuple[Entry, ...]:
        """Return the answers that a question offers, none where it is open."""
        wanted = self.questions[question].list
        return next((known.choices for known in self.lists if known.key == wanted), ())

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, lists, sections, questions and answers, and repeated keys."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        lists = {known.key for known in self.lists}
        sections = {known.key for known in self.sections}
        for row, question in enumerate(self.entries):
            if question.section not in sections:
                yield ("entries", row, "section"), f"{question.section!r} is no section"
            if (question.kind in ("one", "several")) != (question.list in lists):
                yield ("entries", row, "list"), "a known list, and only where answers are chosen"
            if question.ask_when:
                yield from self._unknown(question.ask_when, ("entries", row, "ask_when"))
        for row, rule in enumerate(self.rules):
            yield from self._rule(rule, row)

    def _rule(self, rule: Rule, row: int) -> Iterator[Located]:
        for name in {*rule.questions, *rule.reversed} - self.questions.keys():
            yield ("rules", row, "questions"), f"{name!r} is no question"
        for name in set(rule.of) - self.by_indicator.keys():
            yield ("rules", row, "of"), f"{name!r} has no rule"
        offered = {
            choice.key
            for name in rule.questions
            if name in self.questions
            for choice in self.choices_of(name)
        }
        for word in {*rule.answers, *rule.outside, *rule.outdoors, *rule.scores} - offered:
            yield ("rules", row, "answers"), f"{word!r} is no answer to these questions"
        for said in (rule.among, rule.latest):
            if said:
                yield from self._unknown(said, ("rules", row))

    def _unknown(self, said: Said, path: tuple[str | int, ...]) -> Iterator[Located]:
        if said.question not in self.questions:
            yield path, f"{said.question!r} is no question"
            return
        offered = {choice.key for choice in self.choices_of(said.question)}
        for word in set(said.answers) - offered:
            yield path, f"{word!r} is no answer to {said.question}"
