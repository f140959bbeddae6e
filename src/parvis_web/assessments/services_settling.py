"""Answers taken back, and of several the one that counts."""

from django.utils.translation import gettext as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.assessments import rules
from parvis_web.assessments.held import item_of
from parvis_web.assessments.models import Assessment, Reply, ReplyState
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services_replies import (
    current_reply,
    keep_reply,
    locked,
    voice_of,
)
from parvis_web.audit.recording import service


@service("assessment.undo")
def undo_reply(actor: Actor, assessment: Assessment, *, item: str) -> Reply:
    """Take back the last answer to an item: what was said before counts again."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.ANSWER, assessment)
    asked = item_of(assessment, item)
    now = current_reply(assessment, item, voice_of(actor, assessment))
    if asked is None or now is None or (now.state == ReplyState.CLEARED and not now.based_on_id):
        raise RefusedError(_("There is nothing to undo."))
    rules.check_section(actor, assessment, asked.section)
    return _repeated(actor, assessment, now.based_on, now)


@service("assessment.settle")
def settle_item(actor: Actor, assessment: Assessment, *, reply: Reply, note: str) -> Reply:
    """
    Let one of several replies to an item count: of several assessors, or of two at odds.

    Raises
    ------
    RefusedError
        Where it is not said why.
    """
    assessment = locked(assessment)
    rules.check_action(actor, Action.SETTLE, assessment)
    if reply.assessment_id != assessment.pk:
        raise RefusedError(_("There is no such question in this assessment."))
    if not note.strip():
        raise RefusedError(_("Say in a few words why this answer holds."))
    voice = reply.voice if reply.conflicts_with_id else None
    now = current_reply(assessment, reply.item, voice)
    settled = _repeated(actor, assessment, reply, now, voice=voice, note=note.strip())
    for odd in Reply.objects.filter(
        assessment=assessment, item=reply.item, voice=voice, conflicts_with__isnull=False
    ):
        odd.conflicts_with = None
        odd.save(update_fields=["conflicts_with"])
    return settled


def _repeated(
    actor: Actor,
    assessment: Assessment,
    said: Reply | None,
    now: Reply | None,
    *,
    voice: User | None = None,
    note: str | None = None,
) -> Reply:
    """Say again what `said` says, or nothing; `now` stops counting."""
    shown = said or now
    assert shown is not None  # noqa: S101
    speaker = voice if note is not None else shown.voice
    reply = Reply(
        authority=assessment.authority,
        assessment=assessment,
        item=shown.item,
        voice=speaker,
        is_own_voice=speaker is not None,
        state=said.state if said else ReplyState.CLEARED,
        value=said.value if said else None,
        note=(note if note is not None else said.note) if said else "",
        links=said.links if said else [],
        analysis=said.analysis if said else None,
        written_by=actor.user,
        based_on=now if note is not None else said and said.based_on,
        source="undo" if note is None else "settled",
    )
    return keep_reply(assessment, reply, now, list(said.attachments.all()) if said else [])
