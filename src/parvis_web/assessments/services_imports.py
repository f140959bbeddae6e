"""Writes of answers that came in a file: kept for a preview, then taken over whole or not."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.assessment import Answer
from parvis.assessment.items import entries
from parvis.io.answer_values import value_document
from parvis_web.accounts.rights import Actor, NotAllowed
from parvis_web.accounts.table import Reason
from parvis_web.assessments import rules
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.models import AnswerImport, Assessment, Attachment, Reply
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services import facts
from parvis_web.assessments.services_replies import (
    attach_file,
    current_reply,
    keep_reply,
    locked,
)
from parvis_web.audit.recording import note, service
from parvis_web.spaces.models import Evidence
from parvis_web.spaces.storage import keep_file, kept_path

if TYPE_CHECKING:
    from parvis_web.assessments.imports import Seen

MOST_ANSWERS = 10_000


@service("assessment.keep-import")
def keep_import(
    actor: Actor, assessment: Assessment, *, content: Path, original_name: str
) -> AnswerImport:
    """Keep a file of answers, read and found whole, until somebody takes it over."""
    _check(actor, assessment)
    digest, size = keep_file(assessment.authority, content)
    row = AnswerImport.objects.create(
        authority=assessment.authority,
        assessment=assessment,
        digest=digest,
        size=size,
        original_name=original_name,
        added_by=actor.user,
    )
    note(row, after={"digest": digest}, assessment=str(assessment.pk))
    return row


@service("assessment.import")
def take_import(actor: Actor, row: AnswerImport, *, read: "Seen") -> AnswerImport:
    """
    Take over what a kept file brings: all of it, or nothing where any of it is refused.

    What contradicts is kept as a reply at odds, until somebody chooses.

    Parameters
    ----------
    read : Seen
        Of `parvis_web.assessments.imports.seen`.

    Raises
    ------
    RefusedError
        Where it was taken over before, or brings too much.
    """
    assessment = locked(row.assessment)
    _check(actor, assessment)
    row = AnswerImport.objects.select_for_update().get(pk=row.pk)
    if row.taken is not None:
        raise RefusedError(_("This file was taken over already."))
    if len(read.brought) > MOST_ANSWERS:
        raise RefusedError(
            _("A file brings at most %(most)s answers at once.") % {"most": MOST_ANSWERS}
        )
    _take_entries(assessment, read)
    files = _take_photos(actor, assessment, read)
    known = read.items
    n_odd = 0
    for each in read.brought:
        if known[each.answer.item].question.kind != "photo" or _named(each.answer, files):
            n_odd += _take_answer(actor, assessment, each.answer, read, files)
    row.taken, row.taken_by, row.instances = timezone.now(), actor.user, read.instances
    row.save(update_fields=["taken", "taken_by", "instances"])
    note(
        row,
        before={"digest": row.digest},
        after={"digest": row.digest, "n_answers": len(read.brought), "n_odd": n_odd},
        assessment=str(assessment.pk),
    )
    return row


@service("assessment.discard-import")
def discard_import(actor: Actor, row: AnswerImport) -> None:
    """Forget a file that nobody took over; its content goes where nothing else is kept by it."""
    assessment = locked(row.assessment)
    _check(actor, assessment)
    row = AnswerImport.objects.select_for_update().get(pk=row.pk)
    if row.taken is not None:
        raise RefusedError(_("This file was taken over already."))
    note(row, before={"digest": row.digest}, after=None, assessment=str(assessment.pk))
    path = kept_path(assessment.authority, row.digest)
    row.delete()
    transaction.on_commit(lambda: None if _is_kept(assessment, path.name) else _unlink(path))


def _is_kept(assessment: Assessment, digest: str) -> bool:
    """Whether something else of the authority has the same content."""
    return any(
        model.objects.filter(authority=assessment.authority_id, digest=digest).exists()
        for model in (AnswerImport, Attachment, Evidence)
    )


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)


def _check(actor: Actor, assessment: Assessment) -> None:
    rules.check_action(actor, Action.IMPORT, assessment)
    if rules.asked_sections(actor, assessment) is not None:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("You were asked about other sections."))


def _take_entries(assessment: Assessment, read: "Seen") -> None:
    lists = read.preview.found.lists
    rows = {
        key: [{"key": entry.key, "name": entry.name} for entry in added]
        for key, added in lists.items()
        if added
    }
    if rows == assessment.entries:
        return
    if any(len(added) > rules.MOST_ENTRIES for added in rows.values()):
        raise RefusedError(
            _("A list takes at most %(most)s entries of its own.") % {"most": rules.MOST_ENTRIES}
        )
    entries(framework_of(assessment), lists)
    before = facts(assessment)
    assessment.entries = rows
    assessment.save(update_fields=["entries"])
    note(assessment, before=before, after=facts(assessment))


def _take_photos(actor: Actor, assessment: Assessment, read: "Seen") -> dict[str, Attachment]:
    """Return the files that answers name, by digest; photos that came with them are kept."""
    files = {each.digest: each for each in assessment.attachments.filter(removed__isnull=True)}
    names = {file.sha256: file.name for each in read.brought for file in each.answer.evidence}
    for digest, photo in read.preview.found.photos.items():
        if digest not in names or digest in files:
            continue
        with tempfile.TemporaryDirectory(prefix="parvis-photo-") as folder:
            path = Path(folder) / "photo"
            path.write_bytes(photo.content)
            files[digest] = attach_file(
                actor,
                assessment,
                content=path,
                media_type=photo.media_type,
                original_name=names[digest],
                taken=photo.taken if photo.taken and photo.taken.tzinfo else None,
                place=photo.place,
            )
    return files


def _named(answer: Answer, files: Mapping[str, Attachment]) -> list[Attachment]:
    return [files[file.sha256] for file in answer.evidence if file.sha256 in files]


def _take_answer(
    actor: Actor,
    assessment: Assessment,
    answer: Answer,
    read: "Seen",
    files: Mapping[str, Attachment],
) -> int:
    """Write one answer; return 1 where it is at odds with what counts."""
    voice = read.voices.get(answer.assessor)
    value = value_document(answer.value)
    now = current_reply(assessment, answer.item, voice)
    is_odd = now is not None and now.state != "cleared"
    if now is not None and (now.state, now.value) == (answer.state, value) and not answer.evidence:
        return 0
    odd = Reply.objects.filter(
        assessment=assessment, item=answer.item, voice=voice, conflicts_with__isnull=False
    )
    if is_odd and any((each.state, each.value) == (answer.state, value) for each in odd):
        return 0
    said = answer.when or timezone.now()
    reply = Reply(
        authority=assessment.authority,
        assessment=assessment,
        item=answer.item,
        voice=voice,
        is_own_voice=voice is not None,
        state=answer.state,
        value=value,
        note=answer.note[:4000],
        written_by=actor.user,
        source="import",
        answered=min(said if said.tzinfo else timezone.make_aware(said), timezone.now()),
        is_current=not is_odd,
        conflicts_with=now if is_odd else None,
        based_on=None if is_odd else now,
    )
    keep_reply(assessment, reply, now, _named(answer, files))
    return int(is_odd)
