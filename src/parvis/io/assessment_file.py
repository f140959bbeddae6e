"""How is an assessment kept in a file: canonical JSON, read whole or not at all."""

import datetime as dt
import json
import math
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from parvis.assessment import Answer, Assessment, EvidenceFile, Item, ListEntry, Subject, items
from parvis.assessment.answers import check_answer
from parvis.errors import InputError
from parvis.io.answer_values import ValueTextError, value_document, value_from
from parvis.io.store import disk_errors
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import framework_digest, load_framework

SUFFIX = ".assessment.json"
VERSION = 1
LARGEST = 50_000_000
"""[byte]"""
MOST_ANSWERS = 200_000
LONGEST_TEXT = 20_000
"""Of a note, an answer or a name; more signs are no answer of a person."""
DEEPEST = 20
MARKINGS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEDIA = re.compile(r"[a-z]+/[A-Za-z0-9.+-]{1,100}|")
_ENTRY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_STATES = ("answered", "unknown", "not-applicable")


class AssessmentMissingError(InputError):
    """There is no such file; details: file."""

    code: ClassVar[str] = "assessment_missing"


class AssessmentUnreadableError(InputError):
    """The file is no assessment; details: file, where, problem."""

    code: ClassVar[str] = "assessment_unreadable"


class FrameworkChangedError(InputError):
    """A file was written with another text of its framework; details: file, framework, version."""

    code: ClassVar[str] = "assessment_framework_changed"


class AssessmentExistsError(InputError):
    """The file to be made is there already; details: file."""

    code: ClassVar[str] = "assessment_exists"


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """
    What a photo said about itself before that was taken out of it.

    Attributes
    ----------
    taken : datetime, optional
    place : tuple of float, optional
        Longitude and latitude. [degrees, WGS 84]
    """

    taken: dt.datetime | None = None
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class AssessmentFile:
    """
    What a file of an assessment holds.

    Attributes
    ----------
    assessment : Assessment
    marking : str
    photos : mapping of str to PhotoFacts
        By the SHA-256 of the photo.
    submissions : tuple of str
        Instance ids of the submissions that were taken over.
    """

    assessment: Assessment
    marking: str
    photos: Mapping[str, PhotoFacts] = field(default_factory=dict)
    submissions: tuple[str, ...] = ()

    def with_assessment(self, assessment: Assessment) -> "AssessmentFile":
        """Return the same with other answers."""
        return replace(self, assessment=assessment)


def assessment_text(kept: AssessmentFile) -> str:
    """Return the canonical text of a file: the same for the same assessment."""
    document = assessment_document(kept)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def assessment_document(kept: AssessmentFile) -> dict[str, Any]:
    """Return an assessment as JSON values, answers in the order of their questions."""
    assessment = kept.assessment
    framework, subject = assessment.framework, assessment.subject
    document: dict[str, Any] = {
        "assessment": VERSION,
        "framework": {
            "id": framework.id,
            "version": framework.version,
            "digest": framework_digest(framework),
        },
        "subject": {
            "kind": subject.kind,
            "name": subject.name,
            "ref": subject.ref,
            "attributes": {k: _plain(v) for k, v in sorted(subject.attributes.items())},
        },
        "lists": {
            key: [{"key": entry.key, "name": entry.name} for entry in added]
            for key, added in sorted(assessment.lists.items())
            if added
        },
        "answers": [answer_document(answer) for answer in in_order(assessment)],
        "marking": kept.marking,
    }
    if kept.photos:
        document["photos"] = {
            sha: {
                **({"taken": facts.taken.isoformat()} if facts.taken else {}),
                **({"place": list(facts.place)} if facts.place else {}),
            }
            for sha, facts in sorted(kept.photos.items())
        }
    if kept.submissions:
        document["submissions"] = sorted(kept.submissions)
    return document


def in_order(assessment: Assessment) -> list[Answer]:
    """Return the answers that count, in the order of questions, then of assessors."""
    last = {(answer.item, answer.assessor): answer for answer in assessment.answers}
    listed = items(assessment.framework, assessment.subject, assessment.lists)
    place = {item.key: number for number, item in enumerate(listed)}
    end = len(place)
    return sorted(last.values(), key=lambda a: (place.get(a.item, end), a.item, a.assessor))


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON values."""
    return {
        "question": answer.question,
        "at": list(answer.at),
        "state": answer.state,
        "value": value_document(answer.value),
        "assessor": answer.assessor,
        "note": answer.note,
        "evidence": [
            {"sha256": file.sha256, "name": file.name, "media_type": file.media_type}
            for file in answer.evidence
        ],
        "when": answer.when.isoformat() if answer.when else None,
    }


def write_assessment(path: Path, kept: AssessmentFile, *, new: bool = False) -> Path:
    """
    Write an assessment whole or not at all, and return `path`.

    Parameters
    ----------
    path : Path
    kept : AssessmentFile
    new : bool, default False
        Refuse to replace a file.

    Raises
    ------
    AssessmentExistsError, parvis.io.store.DiskFullError, parvis.io.store.HomeNotWritableError
    """
    text = assessment_text(kept)
    if new and path.exists():
        raise AssessmentExistsError(file=str(path))
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".parvis-", dir=path.parent)
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return path


def read_assessment(path: Path, *, home: Path | None = None) -> AssessmentFile:
    """
    Read an assessment's file with its framework.

    Parameters
    ----------
    path : Path
    home : Path, optional
        Library home with the authority's own frameworks.

    Raises
    ------
    AssessmentMissingError, AssessmentUnreadableError, FrameworkChangedError
    parvis.packs.UnknownFrameworkError
        If its framework, in its version, is not there.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise AssessmentMissingError(file=str(path)) from None
    except OSError as problem:
        why = os.strerror(problem.errno or 0).lower()
        raise AssessmentUnreadableError(file=str(path), where="file", problem=why) from problem
    return assessment_from(raw, file=path.name, home=home)


def assessment_from(raw: bytes, *, file: str, home: Path | None = None) -> AssessmentFile:
    """
    Read an assessment from the bytes of its file.

    Raises
    ------
    AssessmentUnreadableError, FrameworkChangedError, parvis.packs.UnknownFrameworkError
    """
    return _Reader(file).read(raw, home)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, where: str, problem: str) -> NoReturn:
        raise AssessmentUnreadableError(file=self.file, where=where, problem=problem)

    def read(self, raw: bytes, home: Path | None) -> AssessmentFile:
        document = self.document(raw)
        framework = self.framework(document, home)
        subject = self.subject(self.part(document, "subject", dict), framework)
        lists = self.lists(self.part(document, "lists", dict), framework)
        known = {item.key: item for item in self.items(framework, subject, lists)}
        given = self.part(document, "answers", list)
        if len(given) > MOST_ANSWERS:
            self.fail("answers", "there are too many")
        answers = tuple(
            self.answer(value, f"answers, no. {number}", framework, known)
            for number, value in enumerate(given, start=1)
        )
        marking = document.get("marking", framework.marking)
        if marking not in MARKINGS:
            self.fail("marking", "it is no marking")
        submissions = document.get("submissions", [])
        if not isinstance(submissions, list):
            self.fail("submissions", "a list is needed")
        ids = tuple(self.text(value, "submissions") for value in submissions)
        photos = self.photos(document.get("photos", {}))
        return AssessmentFile(Assessment(framework, subject, lists, answers), marking, photos, ids)

    def document(self, raw: bytes) -> dict[str, Any]:
        if len(raw) > LARGEST:
            self.fail("file", "it is larger than an assessment can be")
        try:
            found = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
        except UnicodeDecodeError:
            self.fail("file", "it is not UTF-8 text")
        except json.JSONDecodeError as problem:
            self.fail(f"line {problem.lineno}, column {problem.colno}", "it is no JSON")
        except (ValueError, RecursionError):
            self.fail("file", "it is no JSON")
        if not isinstance(found, dict) or "assessment" not in found:
            self.fail("file", "it is no assessment")
        if found["assessment"] != VERSION:
            self.fail("assessment", "its version is not known")
        unknown = found.keys() - {
            "assessment", "framework", "subject", "lists", "answers", "marking", "photos",
            "submissions",
        }  # fmt: skip
        if unknown:
            self.fail(min(unknown), "this key is not known")
        return found

    def framework(self, document: Mapping[str, Any], home: Path | None) -> Framework:
        said = self.part(document, "framework", dict)
        name = self.text(said.get("id"), "framework.id")
        version = said.get("version")
        if not isinstance(version, int) or isinstance(version, bool):
            self.fail("framework.version", "a whole number is needed")
        framework = load_framework(name, home=home, version=version)
        is_same = said.get("digest") == framework_digest(framework)
        if not is_same and framework.status != "draft":
            raise FrameworkChangedError(file=self.file, framework=framework.id, version=version)
        return framework

    def part(self, document: Mapping[str, Any], key: str, kind: type) -> Any:
        value = document.get(key, kind())
        if not isinstance(value, kind):
            self.fail(key, "a list is needed" if kind is list else "an object is needed")
        return value

    def text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            self.fail(where, "a text is needed")
        if len(value) > LONGEST_TEXT:
            self.fail(where, "the text is too long")
        try:
            value.encode()
        except UnicodeEncodeError:
            self.fail(where, "damaged text")
        return value

    def subject(self, said: Mapping[str, Any], framework: Framework) -> Subject:
        kind = self.text(said.get("kind", framework.subject), "subject.kind")
        name = self.text(said.get("name"), "subject.name")
        given = self.part(said, "attributes", dict)
        kinds = {attribute.key: attribute.kind for attribute in framework.attributes}
        attributes = {}
        for key, value in given.items():
            where = f"subject.attributes.{key}"
            if key not in kinds:
                self.fail(where, "the framework has no such attribute")
            attributes[key] = self.attribute(value, kinds[key], where)
        return Subject(kind, name, attributes, self.text(said.get("ref", ""), "subject.ref"))

    def attribute(self, value: Any, kind: str, where: str) -> Any:
        try:
            found = value_from(value, kind)
        except ValueTextError:
            self.fail(where, "the value is of another kind")
        for text in found if isinstance(found, tuple) else (found,):
            if isinstance(text, str):
                self.text(text, where)
        return found

    def lists(
        self, said: Mapping[str, Any], framework: Framework
    ) -> dict[str, tuple[ListEntry, ...]]:
        known = {known.key: known for known in framework.lists}
        found = {}
        for key, entries in said.items():
            if key not in known or not known[key].open:
                self.fail(f"lists.{key}", "the framework has no such open list")
            if not isinstance(entries, list):
                self.fail(f"lists.{key}", "a list is needed")
            keys = {entry.key for entry in known[key].entries}
            added = []
            for entry in entries:
                if not isinstance(entry, dict):
                    self.fail(f"lists.{key}", "an object is needed")
                name = self.text(entry.get("key"), f"lists.{key}")
                if not _ENTRY.fullmatch(name) or name in keys:
                    self.fail(f"lists.{key}", "a key is missing, wrong or given twice")
                keys.add(name)
                added.append(ListEntry(name, self.text(entry.get("name"), f"lists.{key}.{name}")))
            found[key] = tuple(added)
        return found

    def items(
        self, framework: Framework, subject: Subject, lists: Mapping[str, tuple[ListEntry, ...]]
    ) -> tuple[Item, ...]:
        n = math.prod(1 + len(added) for added in lists.values())
        if n > MOST_ANSWERS:
            self.fail("lists", "there are too many")
        return items(framework, subject, lists)

    def answer(
        self, said: Any, where: str, framework: Framework, known: Mapping[str, Item]
    ) -> Answer:
        if not isinstance(said, dict):
            self.fail(where, "an object is needed")
        at = said.get("at", [])
        if not isinstance(at, list):
            self.fail(f"{where}, at", "a list is needed")
        place = tuple(self.text(entry, f"{where}, at") for entry in at)
        question = self.text(said.get("question"), f"{where}, question")
        bare = Answer(question, place)
        if bare.item not in known:
            self.fail(f"{where}, {bare.item[:60]}", "the framework does not ask this")
        item = known[bare.item]
        state = said.get("state", "answered")
        if state not in _STATES:
            self.fail(f"{where}, state", "it is none of answered, unknown, not-applicable")
        try:
            value = value_from(said.get("value"), item.question.kind)
        except ValueTextError:
            self.fail(f"{where}, {item.key}", "the value is of another kind")
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                self.text(text, f"{where}, value")
        answer = replace(
            bare,
            state=state,
            value=value,
            assessor=self.text(said.get("assessor", ""), f"{where}, assessor"),
            note=self.text(said.get("note", ""), f"{where}, note"),
            evidence=self.evidence(said.get("evidence", []), where),
            when=self.moment(said.get("when"), f"{where}, when"),
        )
        check_answer(framework, item, answer)
        return answer

    def evidence(self, said: Any, where: str) -> tuple[EvidenceFile, ...]:
        if not isinstance(said, list):
            self.fail(f"{where}, evidence", "a list is needed")
        found = []
        for file in said:
            if not isinstance(file, dict):
                self.fail(f"{where}, evidence", "an object is needed")
            sha = self.text(file.get("sha256"), f"{where}, evidence")
            name = self.text(file.get("name", ""), f"{where}, evidence")
            media = self.text(file.get("media_type", ""), f"{where}, evidence")
            if not _SHA256.fullmatch(sha) or not _MEDIA.fullmatch(media):
                self.fail(f"{where}, evidence", "a digest or a media type is wrong")
            found.append(EvidenceFile(sha, name, media))
        return tuple(found)

    def moment(self, said: Any, where: str) -> dt.datetime | None:
        if said is None:
            return None
        try:
            return dt.datetime.fromisoformat(self.text(said, where))
        except ValueError:
            self.fail(where, "it is no time as 2027-12-02T10:30:00+00:00")

    def photos(self, said: Any) -> dict[str, PhotoFacts]:
        if not isinstance(said, dict):
            self.fail("photos", "an object is needed")
        found = {}
        for sha, facts in said.items():
            if not _SHA256.fullmatch(sha) or not isinstance(facts, dict):
                self.fail("photos", "a digest or a media type is wrong")
            try:
                place = value_from(facts.get("place"), "place")
            except ValueTextError:
                self.fail("photos", "the value is of another kind")
            taken = self.moment(facts.get("taken"), "photos, taken")
            found[sha] = PhotoFacts(taken, place if isinstance(place, tuple) else None)  # type: ignore[arg-type]
        return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value_document(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
