"""Writes to authorities and memberships: found, join, change role, leave."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import (
    ApiToken,
    Authority,
    Grant,
    Invitation,
    Membership,
    User,
)
from parvis_web.accounts.objects import find_object
from parvis_web.accounts.rights import Actor, InstanceActor, SecondFactorNeeded
from parvis_web.accounts.rules import check_end, check_manage_people, check_person, members_named
from parvis_web.accounts.table import EDITORS, Reason
from parvis_web.accounts.vocabulary import Marking, Role
from parvis_web.audit.recording import note, service

_SETTINGS = ("name", "country", "language", "time_zone", "requires_second_factor")


def membership_facts(membership: Membership) -> dict[str, Any]:
    """Return what the audit digests of a membership."""
    return {
        "user": str(membership.user_id),
        "role": membership.role,
        "ends_on": membership.ends_on,
    }


@service("authority.create")
def create_authority(
    actor: InstanceActor,
    *,
    name: str,
    slug: str,
    country: str = "",
    language: str = "en",
    time_zone: str = "UTC",
    requires_second_factor: bool = False,
) -> Authority:
    """Found an authority; its first owner is added by `add_member` or by invitation."""
    del actor
    authority = Authority(
        name=name,
        slug=slug,
        country=country,
        language=language,
        time_zone=time_zone,
        requires_second_factor=requires_second_factor,
    )
    authority.full_clean()
    authority.save(force_insert=True)
    note(authority, after={"slug": slug, "country": country})
    return authority


@service("authority.change")
def change_authority(actor: Actor, *, changes: Mapping[str, Any]) -> Authority:
    """Change an authority's settings; a second factor is asked of all by one who has it."""
    check_manage_people(actor)
    authority = Authority.objects.select_for_update().get(pk=actor.authority.pk)
    before = {name: getattr(authority, name) for name in _SETTINGS}
    if changes.get("requires_second_factor") != authority.requires_second_factor and not (
        actor.has_second_factor
    ):
        raise SecondFactorNeeded(
            Reason.SECOND_FACTOR,
            _("Confirm your own second factor before you change what all members need."),
        )
    for field in _SETTINGS:
        if field in changes:
            setattr(authority, field, changes[field])
    authority.full_clean()
    authority.save(update_fields=_SETTINGS)
    note(authority, before=before, after={name: getattr(authority, name) for name in _SETTINGS})
    return authority


@service("member.add")
def add_member(
    actor: Actor | InstanceActor,
    *,
    authority: Authority,
    user: User,
    role: Role,
    ends_on: date | None = None,
) -> Membership:
    """
    Make `user` a member: by an operator, or by accepting an invitation.

    A membership that has ended begins anew; one in force keeps the higher claim of its owner and
    is not changed by an invitation.
    """
    if isinstance(actor, Actor) and not actor.is_system:
        check_manage_people(actor)
    check_end(ends_on, is_required=False)
    membership = Membership.objects.filter(authority=authority, user=user).first()
    before = membership_facts(membership) if membership else None
    if membership is not None and Membership.objects.in_force().filter(pk=membership.pk).exists():
        raise ValidationError(_("This person is already a member."), code="already_member")
    membership = membership or Membership(authority=authority, user=user)
    membership.role, membership.ends_on, membership.since = role, ends_on, timezone.now()
    membership.save()
    note(membership, before=before, after=membership_facts(membership), role=role.value)
    return membership


@service("member.change")
def change_member(
    actor: Actor, membership: Membership, *, role: Role, ends_on: date | None = None
) -> Membership:
    """Give a member another role or end; the last owner keeps theirs."""
    check_manage_people(actor)
    membership = _locked(actor, membership)
    before = membership_facts(membership)
    check_end(ends_on, is_required=False)
    if membership.role == Role.OWNER and (role != Role.OWNER or ends_on is not None):
        _check_not_last_owner(actor, membership)
    if role == Role.READER:
        _check_nothing_orphaned(membership)
    membership.role, membership.ends_on = role, ends_on
    membership.save(update_fields=["role", "ends_on"])
    if role not in EDITORS:
        _revoke_invitations(membership)
    note(membership, before=before, after=membership_facts(membership), role=role.value)
    return membership


@service("member.end")
def end_member(actor: Actor, membership: Membership) -> None:
    """End a membership with its grants and tokens; members may also leave themselves."""
    check_person(actor)
    if actor.user is None or membership.user_id != actor.user.pk:
        check_manage_people(actor)
    membership = _locked(actor, membership)
    if membership.role == Role.OWNER:
        _check_not_last_owner(actor, membership)
    _check_nothing_orphaned(membership)
    before = membership_facts(membership)
    rows = {"authority": membership.authority_id, "user": membership.user_id}
    for grant in Grant.objects.filter(**rows):
        note(grant, before={"object": str(grant.object_id), "abilities": grant.abilities})
        grant.delete()
    for token in ApiToken.objects.filter(**rows, revoked__isnull=True):
        token.revoked = timezone.now()
        token.save(update_fields=["revoked"])
        note(token, after={"revoked": True})
    _revoke_invitations(membership)
    note(membership, before=before)
    Membership.objects.filter(pk=membership.pk).delete()


def _revoke_invitations(membership: Membership) -> None:
    """Take back what the person has offered to others and nobody has accepted."""
    offered = Invitation.objects.filter(
        authority=membership.authority_id, invited_by=membership.user_id, accepted__isnull=True
    )
    for invitation in offered.filter(revoked__isnull=True):
        invitation.revoked = timezone.now()
        invitation.save(update_fields=["revoked"])
        note(invitation, after={"revoked": True})


def _locked(actor: Actor, membership: Membership) -> Membership:
    """Lock all owners' rows, so that two owners cannot end each other at once."""
    rows = _owners(actor.authority).select_for_update()
    list(rows.values_list("pk", flat=True))
    return Membership.objects.select_for_update().get(pk=membership.pk, authority=actor.authority)


def _owners(authority: Authority) -> "QuerySet[Membership]":
    return Membership.objects.filter(authority=authority, role=Role.OWNER)


def _check_not_last_owner(actor: Actor, membership: Membership) -> None:
    others = _owners(actor.authority).filter(ends_on__isnull=True, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise ValidationError(
            _("This is the last owner of the authority: make somebody else an owner first."),
            code="last_owner",
        )


def _check_nothing_orphaned(membership: Membership) -> None:
    """Raise where the person is the last one named on something marked RED."""
    grants = Grant.objects.in_force().filter(
        authority=membership.authority_id, user=membership.user_id
    )
    alone = [
        item
        for grant in grants
        if (item := find_object(membership.authority_id, grant.object_kind, grant.object_id))
        and item.marking == Marking.RED
        and members_named(item) == 1
    ]
    if alone:
        raise ValidationError(
            _(
                "This person is the only one named on something marked TLP:RED: "
                "they name somebody else on it or lower its marking first."
            ),
            code="last_named",
        )
