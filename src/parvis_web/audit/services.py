"""Writes about the chains themselves: erasing a person, exporting a chain."""

from typing import Any

from django.utils import timezone

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor, check_owner
from parvis_web.accounts.services.erasing import (
    empty_account,
    empty_invitations,
    is_account_needed,
)
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditHead, AuditPerson
from parvis_web.audit.recording import note, service


@service("audit.erase-person")
def erase_person(actor: Any, user: User) -> int:
    """
    Erase the name of `user` from every chain; return how many names were erased.

    The events stay as they are and still verify: they carry a random id that now leads to nobody.
    An actor of one authority erases the name in that authority's chain and its invitations only;
    the account is emptied with it where no other authority counts on it.
    """
    people = AuditPerson.objects.filter(user=user)
    authority = actor.authority if isinstance(actor, Actor) else None
    is_last = not is_account_needed(user)
    if isinstance(actor, Actor):
        check_owner(actor)
        here = chain_name(actor.authority)
        elsewhere = people.exclude(chain__in=[here, chain_name(None)])
        is_last = is_last and not elsewhere.exists()
        people = people if is_last else people.filter(chain=here)
        empty_invitations(user, actor.authority)
    erased = list(people)
    for person in erased:
        person.name, person.user, person.erased = "", None, timezone.now()
        person.save()
    if is_last:
        empty_account(user)
    head = chain_name(authority)
    ids = [str(person.pk) for person in erased if authority is None or person.chain == head]
    note(AuditHead(chain=head), people=ids, is_account_emptied=is_last)
    return len(erased)


@service("audit.export")
def record_export(actor: Actor, *, file_format: str, filters: dict[str, str]) -> None:
    """Record that an owner takes a copy of the chain out of the application."""
    check_owner(actor)
    note(AuditHead(chain=chain_name(actor.authority)), format=file_format, filters=filters)
