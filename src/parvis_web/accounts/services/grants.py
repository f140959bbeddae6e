"""Naming people on single objects, and ending it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Grant, Owned, User
from parvis_web.accounts.objects import find_object
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.rules import (
    check_end,
    check_may_be_named,
    check_share,
    members_named,
    role_of,
)
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.audit.recording import note, service


def grant_facts(grant: Grant) -> dict[str, Any]:
    """Return what the audit digests of a grant."""
    return {
        "user": str(grant.user_id),
        "object": f"{grant.object_kind}:{grant.object_id}",
        "abilities": sorted(grant.abilities),
        "ends_on": grant.ends_on,
    }


def clean_abilities(abilities: Iterable[str]) -> list[str]:
    """Return known abilities in their order; reading belongs to each of them."""
    asked = set(abilities) | {Ability.READ.value}
    unknown = asked - set(Ability.values)
    if unknown:
        raise ValidationError(
            _("%(ability)s is not something a person can be allowed: choose from %(known)s."),
            code="ability_unknown",
            params={"ability": sorted(unknown)[0], "known": ", ".join(Ability.values)},
        )
    return [ability for ability in Ability.values if ability in asked]


@service("grant.give")
def name_person(
    actor: Actor,
    item: Owned,
    *,
    user: User,
    abilities: Iterable[str] = (Ability.READ,),
    ends_on: date | None = None,
    purpose: str = "",
) -> Grant:
    """Name a person on one object, or change what they are named for."""
    check_share(actor, item)
    role = role_of(user, item)
    check_may_be_named(role, Marking(item.marking))
    check_end(ends_on, is_required=role is None)
    return set_grant(
        item, user=user, abilities=abilities, ends_on=ends_on, purpose=purpose, given_by=actor.user
    )


def set_grant(
    item: Owned,
    *,
    user: User,
    abilities: Iterable[str],
    ends_on: date | None,
    purpose: str,
    given_by: User | None,
) -> Grant:
    """Write and note a grant inside a running service that has checked it."""
    grant = Grant.objects.filter(
        authority=item.authority_id, user=user, object_kind=item.kind(), object_id=item.pk
    ).first()
    before = grant_facts(grant) if grant else None
    grant = grant or Grant(
        authority_id=item.authority_id, user=user, object_kind=item.kind(), object_id=item.pk
    )
    grant.abilities = clean_abilities(abilities)
    grant.ends_on, grant.purpose, grant.given_by = ends_on, purpose, given_by
    grant.full_clean(exclude=["abilities"])
    grant.save()
    note(grant, before=before, after=grant_facts(grant), object=f"{item.kind()}:{item.pk}")
    return grant


@service("grant.end")
def end_grant(actor: Actor, grant: Grant) -> None:
    """End a grant; somebody stays named on what is marked RED."""
    item = find_object(actor.authority.pk, grant.object_kind, grant.object_id)
    if item is not None:
        check_share(actor, item)
        counts = role_of(grant.user, item) not in {None, Role.READER}
        if item.marking == Marking.RED and counts and members_named(item) <= 1:
            raise ValidationError(
                _(
                    "Nobody else is named on this object, which is marked TLP:RED: "
                    "name somebody else first."
                ),
                code="last_named",
            )
    note(grant, before=grant_facts(grant), object=f"{grant.object_kind}:{grant.object_id}")
    Grant.objects.filter(pk=grant.pk).delete()
