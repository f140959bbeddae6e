"""Invitations by link: offered, taken back, accepted."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Invitation, Owned, User
from parvis_web.accounts.objects import find_object
from parvis_web.accounts.rights import Actor, InstanceActor
from parvis_web.accounts.rules import (
    check_end,
    check_manage_people,
    check_may_be_named,
    check_share,
    role_of,
)
from parvis_web.accounts.services.grants import clean_abilities, set_grant
from parvis_web.accounts.services.members import add_member
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.audit.recording import note, service

VALID_FOR = timedelta(days=14)


def digest_of(secret: str) -> str:
    """Return what is kept of a link's or a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_facts(invitation: Invitation) -> dict[str, Any]:
    """Return what the audit digests of an invitation."""
    return {
        "email": invitation.email,
        "role": invitation.role,
        "object": f"{invitation.object_kind}:{invitation.object_id}",
        "abilities": invitation.abilities,
        "access_ends_on": invitation.access_ends_on,
    }


@service("invitation.offer")
def invite_member(
    actor: Actor, *, email: str, role: Role, ends_on: date | None = None, purpose: str = ""
) -> tuple[Invitation, str]:
    """Offer a role to whoever holds the link and the address; return the link's secret once."""
    check_manage_people(actor)
    check_end(ends_on, is_required=False)
    return _offer(
        actor, email=email, role=role.value, access_ends_on=ends_on, purpose=purpose, abilities=[]
    )


@service("invitation.offer-object")
def invite_guest(
    actor: Actor,
    item: Owned,
    *,
    email: str,
    abilities: Iterable[str] = (Ability.READ,),
    ends_on: date | None,
    purpose: str = "",
) -> tuple[Invitation, str]:
    """Offer access to one object until a date; return the link's secret once."""
    check_share(actor, item)
    check_end(ends_on, is_required=True)
    check_may_be_named(None, Marking(item.marking))
    return _offer(
        actor,
        email=email,
        object_kind=item.kind(),
        object_id=item.pk,
        abilities=clean_abilities(abilities),
        access_ends_on=ends_on,
        purpose=purpose,
    )


def _offer(actor: Actor, *, email: str, **fields: Any) -> tuple[Invitation, str]:
    email = email.strip().lower()
    validate_email(email)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        authority=actor.authority,
        email=email,
        token_digest=digest_of(secret),
        expires=timezone.now() + VALID_FOR,
        invited_by=actor.user,
        **fields,
    )
    note(invitation, after=invitation_facts(invitation), role=invitation.role)
    return invitation, secret


@service("invitation.revoke")
def revoke_invitation(actor: Actor, invitation: Invitation) -> None:
    """Take an invitation back that nobody has accepted yet."""
    if invitation.role:
        check_manage_people(actor)
    else:
        item = find_object(actor.authority.pk, invitation.object_kind, invitation.object_id)
        if item is not None:
            check_share(actor, item)
    invitation.revoked = timezone.now()
    invitation.save(update_fields=["revoked"])
    note(invitation, after={"revoked": True})


def find_invitation(digest: str) -> Invitation | None:
    """Return the invitation of a link's digest."""
    return (
        Invitation.objects.filter(token_digest=digest)
        .select_related("authority", "invited_by")
        .first()
    )


def problem_with(invitation: Invitation | None, user: User | None = None) -> str:
    """Return the sentence that says why a link is of no use, empty where it is good."""
    if invitation is None:
        return _("This link is not known: ask for a new invitation.")
    if invitation.accepted is not None:
        return _("This invitation has been used already: sign in.")
    if invitation.revoked is not None:
        return _("This invitation has been taken back: ask for a new one.")
    if invitation.expires < timezone.now():
        return _("This invitation has expired: ask for a new one.")
    if user is not None and user.email.lower() != invitation.email.lower():
        return _("This invitation is for another email address: sign out, and open the link again.")
    return ""


@service("invitation.accept")
def accept_invitation(actor: InstanceActor, invitation: Invitation) -> None:
    """Make the person a member, or name them on the object, as the invitation says."""
    user = actor.user
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if user is None:
        raise ValidationError(_("Sign in to accept this invitation."), code="not_signed_in")
    if sentence := problem_with(invitation, user):
        raise ValidationError(sentence, code="invitation")
    if invitation.role:
        add_member(
            actor,
            authority=invitation.authority,
            user=user,
            role=Role(invitation.role),
            ends_on=invitation.access_ends_on,
        )
    else:
        _name_guest(invitation, user)
    invitation.accepted, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted", "accepted_by"])
    note(invitation, after=invitation_facts(invitation) | {"accepted": True})


def _name_guest(invitation: Invitation, user: User) -> None:
    item = find_object(invitation.authority_id, invitation.object_kind, invitation.object_id)
    if item is None:
        raise ValidationError(
            _("What you were invited to has been removed: ask whoever invited you."),
            code="object_gone",
        )
    check_may_be_named(role_of(user, item), Marking(item.marking))
    check_end(invitation.access_ends_on, is_required=True)
    set_grant(
        item,
        user=user,
        abilities=invitation.abilities,
        ends_on=invitation.access_ends_on,
        purpose=invitation.purpose,
        given_by=invitation.invited_by,
    )
