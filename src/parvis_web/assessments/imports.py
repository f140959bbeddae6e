"""What a file of answers brings to an assessment, beside what is there; nothing is written."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from parvis.assessment import Answer, Item, items
from parvis.errors import ParvisError
from parvis.io.answer_tables import read_answers
from parvis.io.answer_values import value_document
from parvis.io.assessment_file import AssessmentFile
from parvis.io.submissions import NOBODY, Preview, PreviewRow, Submissions, preview
from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.assessments.held import Held, engine_of
from parvis_web.assessments.models import AnswerImport, Assessment, Reply
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.services_imports import keep_import
from parvis_web.assessments.wording import said_words, word
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.evidence import check_size
from parvis_web.spaces.storage import kept_path
from parvis_web.spaces.uploads import on_disk, shown_name

ENDINGS = (".csv", ".json", ".xlsx", ".zip")
MOST_BYTES = 100 * 2**20
MOST_SHOWN = 50


@dataclass(frozen=True)
class Seen:
    """A file that was read, beside the assessment as it stands."""

    preview: Preview
    held: Held
    voices: Mapping[str, User]

    @property
    def brought(self) -> list[PreviewRow]:
        """The answers that would be written, whatever they stand beside."""
        return [row for row in self.preview.rows if row.standing != "same"]

    @property
    def items(self) -> Mapping[str, Item]:
        """Every item by its key, those of new entries of lists among them."""
        listed = items(self.held.framework, self.held.subject, self.preview.found.lists)
        return {item.key: item for item in listed}

    @property
    def instances(self) -> list[str]:
        """Submissions that are taken over."""
        done = {each.instance for each in self.preview.found.submissions if each.instance}
        return sorted(done - set(self.preview.duplicates))


def keep_answers(actor: Actor, assessment: Assessment, file: UploadedFile) -> AnswerImport:
    """
    Read an uploaded file once and keep it for its preview.

    Raises
    ------
    RefusedError
        Where the file is too large or ends otherwise than `ENDINGS`.
    parvis.errors.ParvisError
        Where it is broken or answers something else.
    """
    name = shown_name(file)
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        raise RefusedError(
            _("“%(name)s” is none of CSV, JSON, XLSX, ZIP with answers or submissions.")
            % {"name": name}
        )
    check_size(file, MOST_BYTES)
    with on_disk(file) as path:
        held = engine_of(assessment)
        _mapped(actor, held, _read(path, held, name))
        return keep_import(actor, assessment, content=path, original_name=name)


def seen(actor: Actor, row: AnswerImport) -> Seen:
    """Return what a kept file brings, read anew beside the assessment as it stands."""
    held = engine_of(row.assessment)
    suffix = PurePosixPath(row.original_name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="parvis-import-") as folder:
        path = Path(folder) / f"upload{suffix}"
        shutil.copyfile(kept_path(row.authority, row.digest), path)
        found = _read(path, held, row.original_name)
    mapped, voices = _mapped(actor, held, found)
    return Seen(preview(_kept(row.assessment, held), mapped), held, voices)


def seen_words(read: Seen, language: str) -> list[dict[str, Any]]:
    """Return the answers that contradict what is there, in words."""
    known = read.items
    return [
        {
            "name": word(known[row.answer.item].question, language),
            "place": "/".join(row.answer.at),
            "there": _said(read, known, row.before, language),
            "brought": _said(read, known, row.answer, language),
        }
        for row in read.preview.conflicts[:MOST_SHOWN]
    ]


def _said(read: Seen, known: Mapping[str, Item], said: Answer | None, language: str) -> str:
    if said is None:
        return ""
    reply = Reply(item=said.item, state=said.state, value=value_document(said.value))
    return said_words(read.held.framework, known[said.item], reply, language)


def _read(path: Path, held: Held, name: str) -> Submissions:
    kept = AssessmentFile(held.assessment, "AMBER")
    try:
        found: Submissions = run_limited(
            read_answers, path, kept, memory_mb=2048, seconds=60, file=name
        )
    except ParvisError as error:
        if "file" in error.details:
            error.details["file"] = name
        raise
    return replace(found, file=name)


def _kept(assessment: Assessment, held: Held) -> AssessmentFile:
    taken = assessment.imports.filter(taken__isnull=False).values_list("instances", flat=True)
    known = tuple(instance for instances in taken for instance in instances)
    return AssessmentFile(held.assessment, assessment.marking, submissions=known)


def _mapped(actor: Actor, held: Held, found: Submissions) -> tuple[Submissions, dict[str, User]]:
    """Let answers speak with the voices the assessment has: one sheet, or its members."""
    if not held.row.is_separate:
        return _spoken(found, defaultdict(str)), {}
    members = [each.user for each in _members(held.row)]
    voices = {str(user.pk): user for user in members}
    known = {name.casefold(): user for user in members for name in (user.email, str(user))}
    speakers = {"": ""}
    if actor.user is not None:
        speakers[NOBODY] = str(actor.user.pk)
        voices[speakers[NOBODY]] = actor.user
    for said in {answer.assessor for each in found.submissions for answer in each.answers}:
        if said in voices:
            speakers[said] = said
        elif user := known.get(said.casefold()):
            speakers[said] = str(user.pk)
        elif said not in speakers:
            raise RefusedError(
                _("“%(name)s” is no member of this authority. Name assessors by e-mail address.")
                % {"name": said[:100]}
            )
    return _spoken(found, speakers), voices


def _members(assessment: Assessment) -> Any:
    return assessment.authority.memberships.in_force().select_related("user")


def _spoken(found: Submissions, speakers: Mapping[str, str]) -> Submissions:
    return replace(
        found,
        submissions=tuple(
            replace(
                each,
                answers=tuple(
                    replace(answer, assessor=speakers[answer.assessor]) for answer in each.answers
                ),
            )
            for each in found.submissions
        ),
    )
