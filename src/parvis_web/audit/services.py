"""Writes about the chains themselves: erasing a person, exporting a chain."""

from typing import Any

from django.utils import timezone

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor, check_owner
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditHead, AuditPerson
from parvis_web.audit.recording import note, service


@service("audit.erase-person")
def erase_person(actor: Any, user: User) -> int:
    """
    Erase the name of `user` from every chain; return how many names were erased.

    The events stay as they are and still verify: they carry a random id that now leads to nobody.
    An actor of one authority erases the name in that authority's chain only.
    """
    people = AuditPerson.objects.filter(user=user)
    if isinstance(actor, Actor):
        check_owner(actor)
        people = people.filter(chain=chain_name(actor.authority))
    ids = [str(pk) for pk in people.values_list("pk", flat=True)]
    for person in people:
        person.name, person.user, person.erased = "", None, timezone.now()
        person.save()
    authority = actor.authority if isinstance(actor, Actor) else None
    note(AuditHead(chain=chain_name(authority)), people=ids)
    return len(ids)


@service("audit.export")
def record_export(actor: Actor, *, file_format: str, filters: dict[str, str]) -> None:
    """Record that an owner takes a copy of the chain out of the application."""
    check_owner(actor)
    note(AuditHead(chain=chain_name(actor.authority)), format=file_format, filters=filters)
