"""What do words on a command line say about an assessment: facts, answers, entries."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from parvis.assessment import (
    Answer,
    Assessment,
    EvidenceFile,
    ListEntry,
    check_offered,
    items,
)
from parvis.assessment.answers import ACCEPTED
from parvis.assessment.errors import AnswerItemError, AnswerKindError, ListEntryError
from parvis.errors import InputError
from parvis.io.answer_values import ValueTextError, value_of_text
from parvis.io.assessment_file import AssessmentFile, PhotoFacts
from parvis.io.submission_reading import entry_key
from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Attribute


class AttributeOptionError(InputError):
    """A fact of the subject cannot be used; details: value, accepted."""

    code: ClassVar[str] = "assess_attribute"


class AnswerOptionError(InputError):
    """An answer says nothing, or two things at once; details: question."""

    code: ClassVar[str] = "assess_answer"


def attributes_from(given: Sequence[str], framework: Framework) -> dict[str, Any]:
    """
    Return facts of a subject from texts such as ``capacity=1200``.

    Raises
    ------
    AttributeOptionError
    """
    known = {each.key: each for each in framework.attributes}
    found: dict[str, Any] = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or key.strip() not in known:
            accepted = ", ".join(f"{name}=…" for name in known) or "–"
            raise AttributeOptionError(value=text, accepted=accepted)
        found[key.strip()] = _fact(known[key.strip()], value.strip(), text)
    return found


def _fact(attribute: Attribute, value: str, text: str) -> Any:
    keys = [option.key for option in attribute.options]
    try:
        said = value_of_text(value, attribute.kind)
    except ValueTextError:
        raise AttributeOptionError(value=text, accepted=ACCEPTED[attribute.kind]) from None
    if attribute.kind in ("single", "multiple"):
        chosen = said if isinstance(said, tuple) else (said,)
        if not set(map(str, chosen)) <= set(keys):
            raise AttributeOptionError(value=text, accepted=", ".join(keys))
    if attribute.kind == "number" and not isinstance(said, float):
        raise AttributeOptionError(value=text, accepted=ACCEPTED["number"])
    return said


def given_answer(
    assessment: Assessment,
    question: str,
    value: str | None,
    *,
    assessor: str,
    note: str,
    unknown: str | None,
    not_applicable: bool,
    has_evidence: bool,
    when: dt.datetime,
) -> Answer:
    """
    Return the answer that the words of a command give, checked but for its evidence.

    Raises
    ------
    parvis.assessment.AnswerError, AnswerOptionError
    """
    name, _, place = question.partition("@")
    at = tuple(place.split("/")) if place else ()
    listed = items(assessment.framework, assessment.subject, assessment.lists)
    known = {item.key: item for item in listed}
    bare = Answer(name, at, assessor=assessor, note=note, when=when)
    if bare.item not in known:
        raise AnswerItemError(question=question, framework=assessment.framework.name)
    item = known[bare.item]
    is_photo = item.question.kind == "photo"
    ways = [value is not None, unknown is not None, not_applicable]
    if sum(ways) > 1 or (not any(ways) and not (is_photo and has_evidence)):
        raise AnswerOptionError(question=question)
    if unknown is not None:
        answer = replace(bare, state="unknown", note=unknown or note)
    elif not_applicable:
        answer = replace(bare, state="not-applicable")
    elif is_photo:
        return bare
    else:
        kind = item.question.kind
        try:
            answer = replace(bare, value=value_of_text(value or "", kind))
        except ValueTextError:
            accepted = ACCEPTED[kind]
            raise AnswerKindError(question=question, value=value, accepted=accepted) from None
    check_offered(assessment, answer)
    return answer


def answered(
    kept: AssessmentFile,
    answer: Answer,
    evidence: tuple[EvidenceFile, ...],
    photos: Mapping[str, PhotoFacts],
) -> AssessmentFile:
    """Return a file with an answer and its evidence."""
    said = replace(answer, evidence=evidence)
    done = kept.with_assessment(kept.assessment.with_answers([said]))
    return replace(done, photos={**kept.photos, **photos})


def with_entry(kept: AssessmentFile, key: str, name: str) -> tuple[AssessmentFile, str]:
    """
    Return a file with an entry added to an open list, and the entry's key.

    Raises
    ------
    parvis.assessment.errors.ListEntryError
        If the framework has no such open list.
    """
    assessment = kept.assessment
    known = {each.key: each for each in assessment.framework.lists if each.open}
    if key not in known:
        raise ListEntryError(list=key, known=", ".join(known) or "–")
    there = {each.key for each in (*assessment.lists.get(key, ()),)}
    there |= {each.key for each in known[key].entries}
    base = entry = entry_key(name)
    number = 2
    while entry in there:
        entry, number = f"{base}-{number}", number + 1
    added = (*assessment.lists.get(key, ()), ListEntry(entry, name))
    lists = {**assessment.lists, key: added}
    return kept.with_assessment(replace(assessment, lists=lists)), entry
