"""Changing markings: raise freely, lower with a reason, to CLEAR with a second person."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.holding import check_held
from parvis_web.accounts.models import Grant, MarkingProposal, Owned
from parvis_web.accounts.objects import find_object, owned_models
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.accounts.rules import check_lower_marking, check_person, members_named
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.recording import note, service

_FIELDS = ("marking", "marking_reason", "legal_basis", "review_on")


def marking_facts(item: Owned) -> dict[str, Any]:
    """Return what the audit digests of a marking."""
    return {name: getattr(item, name) for name in _FIELDS}


@service("marking.change")
def change_marking(
    actor: Actor,
    item: Owned,
    *,
    marking: Marking,
    reason: str = "",
    legal_basis: str = "",
    review_on: date | None = None,
) -> MarkingProposal | None:
    """
    Mark `item` anew; what hangs below it rises with it and never falls with it.

    Returns
    -------
    MarkingProposal or None
        A proposal where the marking would become CLEAR: it holds once another editor confirms it.
    """
    check_person(actor)
    check_write(actor, item)
    check_held(marking)
    now = Marking(item.marking)
    if marking.order < now.order:
        check_lower_marking(actor, item)
        if not reason.strip():
            raise ValidationError(
                _("Give a reason: without one the marking is not lowered to %(marking)s."),
                code="reason_missing",
                params={"marking": marking.label},
            )
        if marking == Marking.CLEAR:
            return _propose_clear(actor, item, reason=reason)
    if marking.is_restricted:
        _check_restriction(marking, reason=reason, legal_basis=legal_basis, review_on=review_on)
    if marking == Marking.RED and not members_named(item):
        raise ValidationError(
            _("What is marked TLP:RED is read only by people named on it: name somebody first."),
            code="nobody_named",
        )
    for proposal in MarkingProposal.objects.filter(**_place(item), decided__isnull=True):
        _decide(actor, proposal, is_confirmed=False)
    _mark(item, marking, reason=reason, legal_basis=legal_basis, review_on=review_on)
    if marking.order > now.order:
        _raise_below(item)
    return None


@service("marking.confirm")
def confirm_clear(actor: Actor, proposal: MarkingProposal) -> Owned:
    """Mark an object CLEAR as another editor has proposed."""
    proposal, item = _open_proposal(actor, proposal)
    if actor.user is None or proposal.proposed_by_id == actor.user.pk:
        raise ValidationError(
            _("You proposed this yourself: a second person confirms it."), code="second_person"
        )
    _decide(actor, proposal, is_confirmed=True)
    _mark(item, Marking.CLEAR, reason=proposal.reason, legal_basis="", review_on=None)
    return item


@service("marking.decline")
def decline_clear(actor: Actor, proposal: MarkingProposal) -> Owned:
    """Leave the marking of an object as it is; who proposed CLEAR may also withdraw it."""
    proposal, item = _open_proposal(actor, proposal)
    _decide(actor, proposal, is_confirmed=False)
    return item


def _place(item: Owned) -> dict[str, Any]:
    return {"authority_id": item.authority_id, "object_kind": item.kind(), "object_id": item.pk}


def _propose_clear(actor: Actor, item: Owned, *, reason: str) -> MarkingProposal:
    if MarkingProposal.objects.filter(**_place(item), decided__isnull=True).exists():
        raise ValidationError(
            _("TLP:CLEAR is already proposed for this and waits for a second person."),
            code="already_proposed",
        )
    proposal = MarkingProposal.objects.create(**_place(item), reason=reason, proposed_by=actor.user)
    note(proposal, after={"object": f"{item.kind()}:{item.pk}", "marking": Marking.CLEAR.value})
    return proposal


def _open_proposal(actor: Actor, proposal: MarkingProposal) -> tuple[MarkingProposal, Owned]:
    locked = MarkingProposal.objects.select_for_update().get(
        pk=proposal.pk, authority=actor.authority
    )
    item = find_object(actor.authority.pk, locked.object_kind, locked.object_id)
    if item is None or locked.decided is not None:
        raise ValidationError(_("This proposal has been decided already."), code="decided")
    check_lower_marking(actor, item)
    return locked, item


def _decide(actor: Actor, proposal: MarkingProposal, *, is_confirmed: bool) -> None:
    proposal.decided_by, proposal.decided = actor.user, timezone.now()
    proposal.is_confirmed = is_confirmed
    proposal.save(update_fields=["decided_by", "decided", "is_confirmed"])
    note(
        proposal,
        after={"confirmed": is_confirmed},
        object=f"{proposal.object_kind}:{proposal.object_id}",
    )


def _check_restriction(
    marking: Marking, *, reason: str, legal_basis: str, review_on: date | None
) -> None:
    if not (reason.strip() and legal_basis.strip() and review_on):
        raise ValidationError(
            _("%(marking)s needs a reason, a legal basis and a date on which it is reviewed."),
            code="grounds_missing",
            params={"marking": marking.label},
        )
    if review_on <= timezone.localdate():
        raise ValidationError(
            _("The review date %(date)s is not in the future: give a later date."),
            code="review_past",
            params={"date": review_on},
        )


def _mark(
    item: Owned, marking: Marking, *, reason: str, legal_basis: str, review_on: date | None
) -> None:
    before = marking_facts(item)
    item.marking, item.marking_reason = marking, reason.strip()
    item.legal_basis, item.review_on = legal_basis.strip(), review_on
    item.save(update_fields=list(_FIELDS))
    note(
        item,
        before=before,
        after=marking_facts(item),
        **{"from": before["marking"], "to": marking.value},
    )


def _raise_below(item: Owned) -> None:
    """Raise what belongs to `item` and is marked lower; name the same people on what gets RED."""
    marking = Marking(item.marking)
    lower = [mark for mark in Marking if mark.order < marking.order]
    for model in owned_models():
        for below in model.below(item).filter(marking__in=lower):
            if below.marking == Marking.CLEAR:
                continue
            if marking == Marking.RED:
                Grant.copy(item, below)
            _mark(
                below,
                marking,
                reason=item.marking_reason,
                legal_basis=item.legal_basis,
                review_on=item.review_on,
            )
