"""What the record of processing holds, and whose names the audit chain still knows."""

from typing import Any

from django.db.models import QuerySet

from parvis_web.accounts.models import Grant, Membership
from parvis_web.accounts.rights import Actor, readable
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditPerson
from parvis_web.privacy.models import Dataset


def datasets(actor: Actor) -> "QuerySet[Dataset]":
    """Return the datasets that `actor` may read, the next to be deleted first."""
    return readable(actor, Dataset.objects.all()).order_by("deleted", "delete_on", "name")


def former_people(actor: Actor) -> "QuerySet[AuditPerson]":
    """Return who has a name in the authority's chain and no longer works for it, by name."""
    still: list[Any] = [
        rows.in_force().filter(authority=actor.authority).values("user")
        for rows in (Membership.objects, Grant.objects)
    ]
    people = AuditPerson.objects.filter(
        chain=chain_name(actor.authority), erased__isnull=True, user__isnull=False
    )
    return people.exclude(user__in=still[0]).exclude(user__in=still[1]).order_by("name")
