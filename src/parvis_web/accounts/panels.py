"""What the panels *Share* and *Marking* show on the page of any object."""

from typing import Any

from django.urls import reverse

from parvis_web.accounts.forms import MarkingForm, ShareForm
from parvis_web.accounts.models import Grant, Invitation, MarkingProposal, Owned
from parvis_web.accounts.rights import Actor, can_write
from parvis_web.accounts.rules import can_lower_marking, can_share
from parvis_web.accounts.vocabulary import Ability, Marking


def share_context(actor: Actor, item: Owned, form: ShareForm | None = None) -> dict[str, Any]:
    """Return the context of ``accounts/share_panel.html`` for `item`."""
    is_allowed = can_share(actor, item)
    context = {"share_item": item, "can_share": is_allowed}
    if not is_allowed:
        return context
    place = {"object_kind": item.kind(), "object_id": item.pk, "authority": item.authority_id}
    return context | {
        "share_form": form or ShareForm(item),
        "share_url": reverse("accounts:share", args=[actor.authority.slug, item.kind(), item.pk]),
        "share_grants": [
            {"row": grant, "abilities": ability_labels(grant.abilities)}
            for grant in Grant.on(item).select_related("user").order_by("user__name")
        ],
        "share_invitations": Invitation.objects.filter(
            **place, accepted__isnull=True, revoked__isnull=True
        ).order_by("email"),
    }


def marking_context(actor: Actor, item: Owned, form: MarkingForm | None = None) -> dict[str, Any]:
    """Return the context of ``accounts/marking_panel.html`` for `item`."""
    slug = actor.authority.slug
    is_writable = actor.scopes is None and can_write(actor, item)
    context: dict[str, Any] = {
        "marking_item": item,
        "marking_rule": Marking(item.marking).rule,
        "can_mark": is_writable,
    }
    if not is_writable:
        return context
    proposal = (
        MarkingProposal.objects.filter(
            authority=item.authority_id,
            object_kind=item.kind(),
            object_id=item.pk,
            decided__isnull=True,
        )
        .select_related("proposed_by")
        .first()
    )
    is_own = (
        proposal is not None
        and actor.user is not None
        and (proposal.proposed_by_id == actor.user.pk)
    )
    return context | {
        "marking_form": form or MarkingForm(item),
        "marking_url": reverse("accounts:mark", args=[slug, item.kind(), item.pk]),
        "marking_proposal": proposal,
        "is_own_proposal": is_own,
        "can_decide": proposal is not None and can_lower_marking(actor, item),
    }


def ability_labels(abilities: list[str]) -> list[str]:
    """Return the words for abilities."""
    return [str(Ability(ability).label) for ability in abilities]
