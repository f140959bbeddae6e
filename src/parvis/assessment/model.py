"""What an assessment consists of: a subject, the items asked about it, and what people answered."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Column, Question

AnswerState = Literal["answered", "unknown", "not-applicable"]
STATES: tuple[AnswerState, ...] = ("answered", "unknown", "not-applicable")
SETTLED = ""
"""Assessor of an answer on which several assessors have settled."""


@dataclass(frozen=True, slots=True)
class Interval:
    """
    A judgement between two values.

    Attributes
    ----------
    low, high : str or float
        Keys of two levels of a scale, or two numbers in the question's unit; low <= high.
    """

    low: str | float
    high: str | float


Value = str | float | tuple[str, ...] | tuple[float, float] | Interval | datetime.date | None
"""Single and scale: a key; multiple: keys; place: longitude and latitude (WGS 84) in degrees."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """
    A file that supports an answer; known by its content.

    Attributes
    ----------
    sha256 : str
        Digest of its bytes, in hexadecimal.
    name, media_type : str
        As it was given.
    """

    sha256: str
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What one assessor said to one item.

    Attributes
    ----------
    question : str
        Key of the question, ``table.column`` for a cell of a table.
    at : tuple of str
        Entries of the lists its block and table repeat over, in their order.
    state : {'answered', 'unknown', 'not-applicable'}
        ``unknown`` is an answer: it cannot be said or seen, `note` says why.
    value : optional
        None unless answered; for photos None, their files are the `evidence`.
    assessor : str
        Who said so; "" for what several assessors settled on.
    note : str
        Reason, rationale or remark.
    evidence : tuple of EvidenceFile
    when : datetime, optional
    """

    question: str
    at: tuple[str, ...] = ()
    state: AnswerState = "answered"
    value: Value = None
    assessor: str = SETTLED
    note: str = ""
    evidence: tuple[EvidenceFile, ...] = ()
    when: datetime.datetime | None = None

    @property
    def item(self) -> str:
        """Key of the item that is answered."""
        return item_key(self.question, self.at)


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What is assessed.

    Attributes
    ----------
    kind : str
        ``site``, ``design``, ``city``, … as the framework names it.
    name : str
    attributes : mapping of str to value
        Facts that conditions use; a missing one leaves its conditions undecided.
    ref : str
        What the subject is known by elsewhere, e.g. a public space's identifier.
    """

    kind: str
    name: str
    attributes: Mapping[str, str | float | tuple[str, ...] | datetime.date] = field(
        default_factory=dict
    )
    ref: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry that assessors added to an open list."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """
    A question where it is asked.

    Attributes
    ----------
    key : str
        ``ns1@night/women``; the question's key alone where nothing repeats.
    name : str
        The question's key, ``table.column`` for a cell of a table.
    question : Question or Column
        The question; for a cell of a table its column.
    section : str
        Key of the section.
    lists, at : tuple of str
        What repeats, and the entry of each.
    table : Question, optional
        The table that the item is a cell of.
    """

    key: str
    name: str
    question: Question | Column
    section: str
    lists: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    table: Question | None = None

    @property
    def place(self) -> dict[str, str]:
        """Entry by list."""
        return dict(zip(self.lists, self.at, strict=True))


@dataclass(frozen=True, slots=True)
class Assessment:
    """
    A framework's questions about a subject, with all answers of all assessors.

    Attributes
    ----------
    framework : Framework
    subject : Subject
    lists : mapping of str to tuple of ListEntry
        Entries that assessors added to open lists.
    answers : tuple of Answer
        Their order means nothing, except that of two answers of the same assessor to the same
        item the last one counts.
    """

    framework: Framework
    subject: Subject
    lists: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()

    @property
    def assessors(self) -> tuple[str, ...]:
        """Everybody who answered anything, in alphabetical order."""
        return tuple(sorted({answer.assessor for answer in self.answers} - {SETTLED}))

    def only(self, assessor: str) -> "Assessment":
        """Return the assessment as `assessor` alone sees it, without what was settled."""
        return replace(self, answers=tuple(a for a in self.answers if a.assessor == assessor))

    def with_answers(self, answers: Iterable[Answer]) -> "Assessment":
        """Return the assessment with `answers` added, each in place of that assessor's earlier."""
        kept = {(a.item, a.assessor): a for a in (*self.answers, *answers)}
        return replace(self, answers=tuple(kept.values()))


def item_key(question: str, at: Iterable[str] = ()) -> str:
    """
    Return the key of a question where it is asked.

    Examples
    --------
    >>> item_key("ns1", ("night", "women"))
    'ns1@night/women'
    """
    place = "/".join(at)
    return f"{question}@{place}" if place else question
