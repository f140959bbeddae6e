"""Which answers do submissions bring: what is new, what is there already, what contradicts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from parvis.assessment import (
    Answer,
    ListEntry,
    lapsed,
)
from parvis.errors import InputError
from parvis.io.answer_values import value_text
from parvis.io.assessment_file import AssessmentFile, PhotoFacts
from parvis.io.photos import Photo

NOBODY = "field"
"""Assessor of submissions that name none."""
Standing = Literal["new", "same", "conflict"]


class SubmissionsFormError(InputError):
    """Submissions answer another form; details: file, found, expected."""

    code: ClassVar[str] = "submissions_form"


@dataclass(frozen=True, slots=True)
class NotTaken:
    """
    Something in a submission that is no answer.

    Attributes
    ----------
    instance, item, value : str
    code : str
        Of the sentence that says why, in `parvis.report.messages`.
    """

    instance: str
    item: str
    value: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """What one person sent at one time."""

    instance: str
    assessor: str
    when: dt.datetime | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Submissions:
    """
    What a file of submissions says about an assessment.

    Attributes
    ----------
    file : str
    submissions : tuple of Submission
        Oldest first.
    lists : mapping of str to tuple of ListEntry
        The assessment's added entries with those named in the field.
    photos : mapping of str to Photo
        By their SHA-256.
    not_taken : tuple of NotTaken
    other_forms : mapping of str to int
        Submissions to other forms or versions in the same file.
    new_entries : tuple of (str, ListEntry)
        List and entry of those named in the field.
    """

    file: str
    submissions: tuple[Submission, ...]
    lists: Mapping[str, tuple[ListEntry, ...]]
    photos: Mapping[str, Photo]
    not_taken: tuple[NotTaken, ...]
    other_forms: Mapping[str, int]
    new_entries: tuple[tuple[str, ListEntry], ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """An answer of a submission beside what is there."""

    instance: str
    answer: Answer
    standing: Standing
    before: Answer | None = None


@dataclass(frozen=True)
class Preview:
    """
    What would be written.

    Attributes
    ----------
    found : Submissions
    rows : tuple of PreviewRow
        Of submissions that are not duplicates.
    duplicates : tuple of str
        Instance ids that were taken over before, or come twice.
    lapsed : tuple of Answer
        Of those brought, answers that chose what other answers rule out: they are kept, but do
        not count until they are given anew.
    """

    found: Submissions
    rows: tuple[PreviewRow, ...]
    duplicates: tuple[str, ...]
    lapsed: tuple[Answer, ...] = ()

    def count(self, standing: Standing) -> int:
        """Return how many answers stand like that."""
        return sum(row.standing == standing for row in self.rows)

    @property
    def conflicts(self) -> tuple[PreviewRow, ...]:
        """The same assessor said otherwise before."""
        return tuple(row for row in self.rows if row.standing == "conflict")


def preview(kept: AssessmentFile, found: Submissions) -> Preview:
    """Return what taking submissions over would change; nothing is written."""
    there = {(a.item, a.assessor): a for a in kept.assessment.answers}
    known = set(kept.submissions)
    rows: list[PreviewRow] = []
    duplicates = []
    for submission in found.submissions:
        if submission.instance in known:
            duplicates.append(submission.instance)
            continue
        known.add(submission.instance)
        for answer in submission.answers:
            before = there.get((answer.item, answer.assessor))
            standing: Standing = "new"
            if before is not None:
                standing = "same" if says_the_same(before, answer) else "conflict"
            rows.append(PreviewRow(submission.instance, answer, standing, before))
            if standing == "new":
                there[answer.item, answer.assessor] = answer
    brought = [row.answer for row in rows if row.standing != "same"]
    merged = replace(kept.assessment, lists=found.lists).with_answers(brought)
    ruled_out = tuple(answer for answer in lapsed(merged) if answer in brought)
    return Preview(found, tuple(rows), tuple(duplicates), ruled_out)


def says_the_same(one: Answer, other: Answer) -> bool:
    """Return whether two answers to an item have the same state, value and photos."""
    photos = [sorted(file.sha256 for file in a.evidence) for a in (one, other)]
    return (one.state, one.value, photos[0]) == (other.state, other.value, photos[1])


def take_over(
    kept: AssessmentFile, seen: Preview, *, take_conflicts: bool = False
) -> AssessmentFile:
    """
    Return the file with what submissions bring.

    Parameters
    ----------
    kept : AssessmentFile
    seen : Preview
    take_conflicts : bool, default False
        What contradicts takes the place of what is there; otherwise it is left, and its
        submissions are shown again next time.
    """
    taken = {"new", "conflict"} if take_conflicts else {"new"}
    answers = [row.answer for row in seen.rows if row.standing in taken]
    open_ones = set() if take_conflicts else {row.instance for row in seen.conflicts}
    done = {s.instance for s in seen.found.submissions if s.instance} - open_ones
    assessment = replace(kept.assessment, lists=seen.found.lists).with_answers(answers)
    shas = {file.sha256 for answer in answers for file in answer.evidence}
    photos = dict(kept.photos)
    for sha in shas & seen.found.photos.keys():
        photo = seen.found.photos[sha]
        if photo.taken or photo.place:
            photos[sha] = PhotoFacts(photo.taken, photo.place)
    return AssessmentFile(
        assessment, kept.marking, photos, tuple(sorted({*kept.submissions, *done}))
    )


def answers_said(rows: Sequence[PreviewRow]) -> list[tuple[str, str, str, str]]:
    """Return item, assessor, value there and value brought of some rows, as text."""
    return [
        (row.answer.item, row.answer.assessor, _said(row.before), _said(row.answer)) for row in rows
    ]


def _said(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if answer.state != "answered":
        return answer.state
    return value_text(answer.value) or ", ".join(file.name for file in answer.evidence)
