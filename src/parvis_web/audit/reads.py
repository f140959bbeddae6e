"""How reads of AMBER+STRICT and RED leave their event, once per person, object and quarter hour."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor
from parvis_web.audit.chain import append, chain_name, locked_head, person_for
from parvis_web.audit.models import ReadMark
from parvis_web.audit.recording import defer_read, in_service

COALESCE = timedelta(minutes=15)


def record_read(actor: Actor, item: Owned) -> None:
    """
    Record that `actor` reads `item`, before content is sent.

    A reading page has no transaction open, so the event is committed when this returns and stays
    whatever becomes of the page. A service's reads are recorded at its end with its writes.

    Raises
    ------
    RuntimeError
        Where a transaction is open that is not a service's: it could take the event back.
    """
    if actor.is_system:
        return
    if in_service():
        defer_read(item, lambda: _record(actor, item))
        return
    if _is_recorded(actor, item):
        return
    with transaction.atomic(durable=True):
        _record(actor, item)


def forget_old_read_marks() -> int:
    """Delete the marks that no longer hold back an event; return how many."""
    deleted, _kinds = ReadMark.objects.filter(time__lt=timezone.now() - COALESCE).delete()
    return deleted


def _key(actor: Actor, item: Owned) -> dict[str, Any]:
    chain = chain_name(actor.authority)
    person = person_for(chain, actor.user)
    return {
        "chain": chain,
        "person": person.pk if person else None,
        "object_kind": item.kind(),
        "object_id": str(item.pk),
    }


def _is_recorded(actor: Actor, item: Owned) -> bool:
    fresh = timezone.now() - COALESCE
    return ReadMark.objects.filter(**_key(actor, item), time__gt=fresh).exists()


def _record(actor: Actor, item: Owned) -> None:
    locked_head(chain_name(actor.authority))
    if _is_recorded(actor, item):
        return
    ReadMark.objects.update_or_create(**_key(actor, item), defaults={"time": timezone.now()})
    append(
        actor.authority,
        user=actor.user,
        via=actor.via,
        action="read",
        object_kind=item.kind(),
        object_id=str(item.pk),
        marking=item.marking,
    )
