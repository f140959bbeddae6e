"""Answers given, and files that support them."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.assessment import check_answer, check_offered
from parvis.io.answer_values import ValueTextError
from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.approach.models import Analysis
from parvis_web.assessments import rules
from parvis_web.assessments.held import answer_of, engine_of, framework_of, item_of
from parvis_web.assessments.models import Assessment, Attachment, Reply, ReplyState
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.audit.recording import note as noted
from parvis_web.audit.recording import service
from parvis_web.spaces.storage import keep_file

MOST_LINKS = 10
LATER = ("walk", "import")
"""Sources of replies given elsewhere: what they chose is kept, and told where ruled out."""


class Expect(Enum):
    """What a reply that names no earlier one expects."""

    ANYTHING = "anything"


def facts(reply: Reply) -> dict[str, Any]:
    """Return what an audit event's digest covers of a reply."""
    return {
        "item": reply.item,
        "state": reply.state,
        "value": reply.value,
        "note": reply.note,
        "links": reply.links,
        "is_current": reply.is_current,
    }


def current_reply(assessment: Assessment, item: str, voice: User | None) -> Reply | None:
    """Return what `voice` says to an item now; of the common sheet where None."""
    return Reply.objects.filter(
        assessment=assessment,
        item=item,
        voice=voice,
        is_own_voice=voice is not None,
        is_current=True,
    ).first()


def voice_of(actor: Actor, assessment: Assessment) -> User | None:
    """Return as whom `actor` answers: on their own, or None on the common sheet."""
    return actor.user if assessment.is_separate else None


@service("assessment.answer")
def give_reply(
    actor: Actor,
    assessment: Assessment,
    *,
    item: str,
    state: str,
    value: Any = None,
    note: str = "",
    links: Sequence[str] = (),
    attachments: Sequence[UUID] = (),
    expects: UUID | Expect | None = Expect.ANYTHING,
    mark: UUID | None = None,
    answered: datetime | None = None,
    source: str = "page",
    analysis: Analysis | None = None,
) -> Reply:
    """
    Answer one item.

    Parameters
    ----------
    item : str
        Key as `parvis.assessment.items` gives it.
    state : str
        One of `ReplyState`.
    value
        As the assessment file writes it; None unless answered.
    attachments : sequence of UUID
        Files of this assessment.
    expects : UUID or None, optional
        The reply the person saw, None where there was none. Where another is current by now and
        says something else, both are kept and somebody chooses.
    mark : UUID, optional
        Id of the reply, chosen by a page that may send it twice.
    answered : datetime, optional
        When it was said, where that was before it was sent.
    source : str
        ``page``, ``walk``, ``import``, ``analysis``.
    analysis : Analysis, optional
        From which the answer was taken over; kept where the same is said again.

    Raises
    ------
    RefusedError
    parvis.errors.InputError
        Where the item takes no such answer.
    """
    assessment = locked(assessment)
    rules.check_action(actor, Action.ANSWER, assessment)
    framework = framework_of(assessment)
    asked = item_of(assessment, item)
    if asked is None:
        raise RefusedError(_("There is no such question in this assessment."))
    rules.check_section(actor, assessment, asked.section)
    rules.check_reason(state, note)
    before = Reply.objects.filter(assessment=assessment, pk=mark).first() if mark else None
    if before is not None:
        noted(before, after=facts(before), is_same=True)
        return before
    files = _files(assessment, attachments)
    voice = voice_of(actor, assessment)
    reply = Reply(
        id=mark or uuid4(),
        authority=assessment.authority,
        assessment=assessment,
        item=item,
        voice=voice,
        is_own_voice=voice is not None,
        state=state,
        value=value,
        note=note.strip(),
        links=_links(links),
        written_by=actor.user,
        source=source,
        analysis=analysis,
        answered=min(answered or timezone.now(), timezone.now()),
    )
    if state != ReplyState.CLEARED:
        try:
            said = answer_of(reply, asked, files)
        except ValueTextError:
            raise RefusedError(_("The answer is of another kind than the question.")) from None
        check_answer(framework, asked, said)
        if asked.question.offered_when and source not in LATER:
            check_offered(engine_of(assessment).assessment, said)
    now = current_reply(assessment, item, voice)
    if now is not None and analysis is None and (now.state, now.value) == (state, value):
        reply.analysis = now.analysis
    if expects is not Expect.ANYTHING and _differs(now, expects, reply):
        reply.is_current, reply.conflicts_with = False, now
    else:
        reply.based_on = now
    kept = keep_reply(assessment, reply, now, files)
    if now is not None and now.pk == expects:
        _settle_own(actor, kept, now)
    return kept


@service("assessment.attach")
def attach_file(
    actor: Actor,
    assessment: Assessment,
    *,
    content: Path,
    media_type: str,
    original_name: str,
    size: tuple[int, int] | None = None,
    taken: datetime | None = None,
    place: tuple[float, float] | None = None,
    is_unreadable_confirmed: bool = False,
    mark: UUID | None = None,
    is_scan: bool = False,
) -> Attachment:
    """
    Keep a file that supports answers, or the scan of a signed sheet.

    Parameters
    ----------
    content : Path
        Checked already; pictures bare of hidden records.
    media_type : str
        Read from the content, not from the name.
    size : (int, int), optional
        Of a picture. [px]
    taken, place : optional
        When and where it was made; longitude, latitude. [deg]
    is_unreadable_confirmed : bool
        Somebody confirmed that no face and no number plate can be read.
    mark : UUID, optional
        Id, chosen by a page that may send it twice.
    """
    rules.check_action(actor, Action.SIGN_PAPER if is_scan else Action.ATTACH, assessment)
    before = Attachment.objects.filter(assessment=assessment, pk=mark).first() if mark else None
    if before is not None:
        noted(before, after={"digest": before.digest}, is_same=True)
        return before
    digest, n_bytes = keep_file(assessment.authority, content)
    kept = Attachment.objects.create(
        id=mark or uuid4(),
        authority=assessment.authority,
        assessment=assessment,
        digest=digest,
        size=n_bytes,
        media_type=media_type,
        original_name=original_name[:200],
        width=size[0] if size else None,
        height=size[1] if size else None,
        taken=taken,
        longitude=place[0] if place else None,
        latitude=place[1] if place else None,
        is_unreadable_confirmed=is_unreadable_confirmed,
        added_by=actor.user,
    )
    noted(kept, after={"digest": digest}, assessment=str(assessment.pk))
    return kept


@service("assessment.detach")
def remove_attachment(actor: Actor, attachment: Attachment) -> None:
    """Take a file off an assessment; replies that named it still say so."""
    assessment = locked(attachment.assessment)
    rules.check_action(actor, Action.ATTACH, assessment)
    attachment.removed = timezone.now()
    attachment.save(update_fields=["removed"])
    noted(attachment, before={"digest": attachment.digest}, after=None)


def locked(assessment: Assessment) -> Assessment:
    """Return the assessment as it is now; nobody else changes it in this transaction."""
    return (
        Assessment.objects.select_for_update()
        .select_related("framework", "authority")
        .get(pk=assessment.pk)
    )


def keep_reply(
    assessment: Assessment, reply: Reply, now: Reply | None, files: Sequence[Attachment]
) -> Reply:
    """Write a reply and note it; `now` stops counting where the new one is current."""
    before = None
    if now is not None and reply.is_current:
        before = facts(now)
        now.is_current = False
        now.save(update_fields=["is_current"])
    reply.save(force_insert=True)
    reply.attachments.set(files)
    Assessment.objects.filter(pk=assessment.pk).update(edit=F("edit") + 1, edited=timezone.now())
    noted(reply, before=before, after=facts(reply), assessment=str(assessment.pk))
    return reply


def _settle_own(actor: Actor, reply: Reply, seen: Reply) -> None:
    """Whoever answers again, having seen what theirs was at odds with, is at odds no longer."""
    odd = Reply.objects.filter(conflicts_with=seen, written_by=actor.user).exclude(pk=reply.pk)
    odd.update(conflicts_with=None)


def _differs(now: Reply | None, expects: UUID | Expect | None, reply: Reply) -> bool:
    if now is None:
        return False
    is_expected = now.pk == expects
    return not is_expected and (now.state, now.value) != (reply.state, reply.value)


def _files(assessment: Assessment, ids: Sequence[UUID]) -> list[Attachment]:
    files = list(assessment.attachments.filter(pk__in=ids, removed__isnull=True))
    if len(files) != len(set(ids)):
        raise RefusedError(_("One of the files is not there any more. Add it again."))
    return files


def _links(links: Sequence[str]) -> list[str]:
    kept = [link.strip() for link in links if link.strip()]
    if len(kept) > MOST_LINKS or any(not _is_link(link) for link in kept):
        raise RefusedError(
            _("Links begin with https:// or http:// and are at most %(most)s.")
            % {"most": MOST_LINKS}
        )
    return kept


def _is_link(link: str) -> bool:
    return link.startswith(("https://", "http://")) and len(link) <= 500 and " " not in link
