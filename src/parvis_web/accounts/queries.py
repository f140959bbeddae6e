"""Which authorities does a person work with, and who works for an authority?"""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parvis_web.accounts.models import Authority, Grant, Invitation, Membership, User
from parvis_web.accounts.objects import owned_model
from parvis_web.accounts.rights import Actor, readable
from parvis_web.accounts.rules import can_share
from parvis_web.accounts.vocabulary import Role


def authorities_of(user: User) -> list[Authority]:
    """Return the authorities in which `user` has a membership or a grant in force, by name."""
    today = timezone.localdate()
    in_force = [
        Q(**{f"{rows}__ends_on__isnull": True}) | Q(**{f"{rows}__ends_on__gte": today})
        for rows in ("memberships", "grants")
    ]
    rule = (Q(memberships__user=user) & in_force[0]) | (Q(grants__user=user) & in_force[1])
    return list(Authority.objects.filter(rule).distinct())


def members_of(authority: Authority) -> QuerySet[Membership]:
    """Return memberships with their people and whether each has a second factor set up."""
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return (
        Membership.objects.filter(authority=authority)
        .select_related("user")
        .annotate(has_factor=Exists(factors))
        .order_by("user__name", "user__email")
    )


def owners_of(authority: Authority) -> list[User]:
    """Return the owners, whom members ask."""
    rows = Membership.objects.in_force().filter(authority=authority, role=Role.OWNER)
    return [row.user for row in rows.select_related("user").order_by("user__name")]


def open_invitations(authority: Authority) -> QuerySet[Invitation]:
    """Return invitations to roles that can still be accepted."""
    return Invitation.objects.filter(
        authority=authority,
        role__in=Role.values,
        accepted__isnull=True,
        revoked__isnull=True,
        expires__gt=timezone.now(),
    ).order_by("email")


@dataclass(frozen=True)
class Named:
    """One person named on one object, as the list shows it."""

    grant: Grant
    item: Any
    can_end: bool


def named_people(actor: Actor) -> list[Named]:
    """Return the grants in force on objects that `actor` may read, by person."""
    rows = (
        Grant.objects.in_force()
        .filter(authority=actor.authority)
        .select_related("user")
        .order_by("user__name", "user__email", "object_kind")
    )
    grants = list(rows)
    items = _readable_items(actor, grants)
    return [
        Named(grant, item, can_share(actor, item))
        for grant in grants
        if (item := items.get((grant.object_kind, grant.object_id)))
    ]


def shared_with(actor: Actor) -> list[Named]:
    """Return the grants in force of `actor` on objects that are there and open to them now."""
    if actor.user is None:
        return []
    rows = Grant.objects.in_force().filter(authority=actor.authority, user=actor.user)
    items = _readable_items(actor, list(rows))
    found = [
        Named(grant, item, can_end=False)
        for grant in rows.order_by("object_kind", "ends_on", "created")
        if (item := items.get((grant.object_kind, grant.object_id)))
    ]
    return [row for row in found if getattr(row.item, "removed", None) is None]


def _readable_items(actor: Actor, grants: list[Grant]) -> dict[tuple[str, Any], Any]:
    items: dict[tuple[str, Any], Any] = {}
    for kind in {grant.object_kind for grant in grants}:
        ids = [grant.object_id for grant in grants if grant.object_kind == kind]
        found = readable(actor, owned_model(kind)._base_manager.filter(pk__in=ids))
        items |= {(kind, item.pk): item for item in _with_space(found)}
    return items


def _with_space(items: "QuerySet[Any]") -> "QuerySet[Any]":
    return items.select_related("space") if items.model.shared_by == "space" else items
