"""Every write about copies: taken along, filled anew, heard of, handed back, withdrawn."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.services_replies import locked
from parvis_web.audit.recording import note, service
from parvis_web.walks.models import WalkCopy
from parvis_web.walks.rules import (
    LIFETIME,
    check_fresh,
    check_own,
    check_take,
    check_withdraw,
)


def facts(copy: WalkCopy) -> dict[str, Any]:
    """Return what an audit event's digest covers of a copy."""
    return {
        "assessment": str(copy.assessment_id),
        "person": str(copy.person_id),
        "device": copy.device,
        "marking": copy.marking,
        "expires": copy.expires.isoformat(),
        "ended": _iso(copy.ended),
        "withdrawn": _iso(copy.withdrawn),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@service("walk.take")
def take(
    actor: Actor, assessment: Assessment, *, device: str, mark: UUID | None = None
) -> WalkCopy:
    """
    Let a device carry an assessment along.

    Parameters
    ----------
    device : str
        What its owner calls it.
    mark : UUID, optional
        Id of the copy, chosen by a device that may ask twice.
    """
    assessment = locked(assessment)
    check_take(actor, assessment)
    before = WalkCopy.objects.filter(pk=mark).first() if mark else None
    if before is not None:
        if before.assessment_id != assessment.pk:
            raise Http404
        check_own(actor, before)
        before.assessment = assessment
        check_fresh(before)
        note(before, after=facts(before), is_same=True)
        return before
    name = " ".join(device.split())[:80]
    if not name:
        raise RefusedError(_("Say which device it is, for example “Tablet 3”."))
    now = timezone.now()
    copy = WalkCopy.objects.create(
        id=mark or uuid4(),
        authority=assessment.authority,
        assessment=assessment,
        person=actor.user,
        device=name,
        marking=assessment.marking,
        taken=now,
        seen=now,
        expires=now + LIFETIME,
    )
    note(copy, after=facts(copy), assessment=str(assessment.pk), marking=assessment.marking)
    return copy


@service("walk.renew")
def renew(actor: Actor, copy: WalkCopy) -> WalkCopy:
    """Let a copy be filled anew with how the assessment stands; its day stays the same."""
    check_own(actor, copy)
    check_fresh(copy)
    check_take(actor, copy.assessment)
    return _seen(copy)


@service("walk.receive")
def receive(actor: Actor, copy: WalkCopy, *, n_replies: int) -> WalkCopy:
    """Record that a device was heard of, with how many answers; each is a write of its own."""
    check_own(actor, copy)
    return _seen(copy, n_replies=n_replies)


def _seen(copy: WalkCopy, **details: Any) -> WalkCopy:
    copy.seen = timezone.now()
    copy.save(update_fields=["seen"])
    note(copy, after=facts(copy), assessment=str(copy.assessment_id), **details)
    return copy


@service("walk.end")
def end(actor: Actor, copy: WalkCopy) -> WalkCopy:
    """Record that a device has handed its copy back and holds nothing any more."""
    check_own(actor, copy)
    before = facts(copy)
    if copy.ended is None:
        copy.ended = copy.seen = timezone.now()
        copy.save(update_fields=["ended", "seen"])
    note(copy, before=before, after=facts(copy), assessment=str(copy.assessment_id))
    return copy


@service("walk.withdraw")
def withdraw(actor: Actor, copy: WalkCopy) -> WalkCopy:
    """Take nothing more from a copy; its device clears it when it next meets the server."""
    check_withdraw(actor, copy)
    before = facts(copy)
    copy.withdrawn, copy.withdrawn_by = timezone.now(), actor.user
    copy.save(update_fields=["withdrawn", "withdrawn_by"])
    note(copy, before=before, after=facts(copy), assessment=str(copy.assessment_id))
    return copy
