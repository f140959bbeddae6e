"""How reads of AMBER+STRICT and RED leave their event, once per person, object and quarter hour."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor
from parvis_web.audit.chain import append, chain_name, person_for
from parvis_web.audit.models import ReadMark

COALESCE = timedelta(minutes=15)


def record_read(actor: Actor, item: Owned) -> None:
    """Record that `actor` reads `item`, in a transaction of its own, before content is sent."""
    if actor.is_system:
        return
    now = timezone.now()
    person = person_for(actor.authority, actor.user)
    key = {
        "chain": chain_name(actor.authority),
        "person": person.pk if person else None,
        "object_kind": item.kind(),
        "object_id": str(item.pk),
    }
    if ReadMark.objects.filter(**key, time__gt=now - COALESCE).exists():
        return
    with transaction.atomic():
        ReadMark.objects.update_or_create(**key, defaults={"time": now})
        append(
            actor.authority,
            user=actor.user,
            via=actor.via,
            action="read",
            object_kind=item.kind(),
            object_id=str(item.pk),
            marking=item.marking,
        )
