"""What a framework must hold: the questions of one kind of assessment, and what follows."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from parvis.packs.base import Evidence, Key, Language, Located, Pack
from parvis.packs.framework_questions import (
    Attribute,
    Column,
    Question,
    RepeatList,
    Replaces,
    Scale,
    Section,
    Text,
)
from parvis.packs.framework_scores import Duty, Finding, Measure, ReportPlan, Score

SUBJECTS = (
    "site", "design", "city", "initiative", "technology", "event", "team", "partnership", "centre",
)  # fmt: skip
Subject = Literal[
    "site", "design", "city", "initiative", "technology", "event", "team", "partnership", "centre"
]
Marking = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]


class Framework(Pack):
    """The pack `framework`: one file, nothing else needed."""

    pack: Literal["framework"]
    id: Annotated[str, Field(pattern=r"^urn:parvis:framework:[a-z][a-z0-9-]*$", strict=True)]
    name: Text
    description: Text
    i18n: dict[Language, dict[str, str]] = Field(default_factory=dict)
    subject: Subject
    marking: Marking = "AMBER"
    texts: Literal["complete", "template"] = "complete"
    assessors_asked: Annotated[StrictInt, Field(ge=1, le=20)] = 1
    evidence: dict[Key, Evidence]
    replaces: Replaces | None = None
    attributes: tuple[Attribute, ...] = ()
    lists: tuple[RepeatList, ...] = ()
    scales: tuple[Scale, ...] = ()
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    scores: tuple[Score, ...] = ()
    findings: tuple[Finding, ...] = ()
    measures: tuple[Measure, ...] = ()
    duties: tuple[Duty, ...] = ()
    report: ReportPlan | None = None

    @property
    def short_id(self) -> str:
        """The last part of the id, which is the file's name."""
        return self.id.rsplit(":", 1)[-1]

    @property
    def is_verified(self) -> bool:
        """All that it rests on was checked against the originals."""
        return all(known.verified for known in self.evidence.values())

    @cached_property
    def questions(self) -> tuple[tuple[Section, Question], ...]:
        """All questions with their sections, in order."""
        return tuple((section, asked) for section in self.sections for asked in section.questions)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {asked.key: asked for _, asked in self.questions}

    def question(self, key: str) -> Question:
        """Return the question `key`; ``KeyError`` where there is none."""
        return self._by_key[key]

    def asked(self, name: str) -> Question | Column:
        """Return the question or ``table.column`` of a name; ``KeyError`` where there is none."""
        table, _, column = name.partition(".")
        question = self.question(table)
        if not column:
            return question
        return {known.key: known for known in question.columns}[column]

    def scale(self, key: str) -> Scale:
        """Return the scale `key`; ``KeyError`` where there is none."""
        return {known.key: known for known in self.scales}[key]

    def list_of(self, key: str) -> RepeatList:
        """Return the list `key`; ``KeyError`` where there is none."""
        return {known.key: known for known in self.lists}[key]

    def problems(self) -> Iterator[Located]:
        """Yield what the types cannot say."""
        from parvis.packs.framework_checks import framework_problems

        return framework_problems(self)
