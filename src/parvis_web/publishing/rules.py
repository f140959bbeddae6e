"""Who may write for the public, and who may let it out."""

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    allowed,
    check_editor,
    check_owner,
    check_read,
)
from parvis_web.accounts.table import Reason
from parvis_web.publishing.models import EntryState, PublicEntry


def check_edit(actor: Actor, entry: PublicEntry) -> None:
    """Raise unless `actor` may change the draft; what waits or is public is not edited."""
    check_read(actor, entry)
    check_editor(actor)
    if entry.state not in {EntryState.DRAFT, EntryState.WITHDRAWN}:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("This text waits for approval or is public. Withdraw it before you change it."),
        )


def check_propose(actor: Actor, entry: PublicEntry) -> None:
    """Raise unless `actor` may ask a second person to publish the draft."""
    check_edit(actor, entry)


def check_approve(actor: Actor, entry: PublicEntry) -> None:
    """Raise unless `actor` is a second editor and the text waits for approval."""
    check_read(actor, entry)
    check_editor(actor)
    if entry.state != EntryState.PROPOSED:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("This text does not wait for approval."))
    if actor.user is None or actor.user.pk in {entry.proposed_by_id, entry.created_by_id}:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("A second person approves what is published: somebody who did not write it."),
        )


def check_withdraw(actor: Actor, entry: PublicEntry) -> None:
    """Raise unless `actor` may take the text back."""
    check_read(actor, entry)
    check_editor(actor)
    if entry.state not in {EntryState.PROPOSED, EntryState.PUBLISHED}:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("There is nothing to withdraw."))


def check_page(actor: Actor) -> None:
    """Raise unless `actor` may switch the authority's public page on and off."""
    check_owner(actor)


def can_edit(actor: Actor, entry: PublicEntry) -> bool:
    """Return whether `check_edit` passes."""
    return allowed(check_edit, actor, entry)


def can_approve(actor: Actor, entry: PublicEntry) -> bool:
    """Return whether `check_approve` passes."""
    return allowed(check_approve, actor, entry)


def can_withdraw(actor: Actor, entry: PublicEntry) -> bool:
    """Return whether `check_withdraw` passes."""
    return allowed(check_withdraw, actor, entry)
