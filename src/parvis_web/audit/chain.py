"""How an event is added to a chain: canonical JSON, keyed digests, one lock on the head."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from parvis_web.accounts.models import Authority, User
from parvis_web.audit.models import AuditEvent, AuditHead, AuditPerson

INSTANCE = "instance"
SIGNED_FIELDS = (
    "chain", "seq", "time", "person", "via", "action", "object_kind", "object_id", "marking",
    "before", "after", "details", "previous",
)  # fmt: skip


def canonical(facts: Any) -> bytes:
    """Return one spelling of JSON facts: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        facts,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        cls=DjangoJSONEncoder,
    ).encode()


def keyed_digest(content: bytes) -> str:
    """Return the digest of `content` that only the holder of the audit key can make."""
    return hmac.new(settings.PARVIS_AUDIT_KEY.encode(), content, hashlib.sha256).hexdigest()


def digest_of_facts(facts: Mapping[str, Any] | None) -> str:
    """Return the keyed digest of an object's facts, empty where there was no object."""
    return "" if facts is None else keyed_digest(canonical(facts))


def digest_of_event(event: AuditEvent) -> str:
    """Return the keyed digest that `event` should carry."""
    facts = {name: getattr(event, name) for name in SIGNED_FIELDS}
    facts["time"] = event.time.isoformat()
    facts["person"] = str(event.person) if event.person else ""
    return keyed_digest(canonical(facts))


def chain_name(authority: Authority | None) -> str:
    """Return the name of an authority's chain, or of the instance's."""
    return INSTANCE if authority is None else str(authority.pk)


def person_for(authority: Authority | None, user: User | None) -> AuditPerson | None:
    """Return the person id that stands for `user` in a chain."""
    if user is None:
        return None
    person, _made = AuditPerson.objects.get_or_create(
        authority=authority, user=user, defaults={"name": f"{user.name} <{user.email}>".strip()}
    )
    return person


def append(
    authority: Authority | None,
    *,
    user: User | None,
    via: str,
    action: str,
    object_kind: str,
    object_id: str,
    marking: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add an event at the end of a chain; the caller has a transaction open."""
    chain = chain_name(authority)
    person = person_for(authority, user)
    AuditHead.objects.get_or_create(chain=chain, defaults={"authority": authority})
    head = AuditHead.objects.select_for_update().get(chain=chain)
    event = AuditEvent(
        chain=chain,
        seq=head.seq + 1,
        time=timezone.now(),
        person=person.pk if person else None,
        via=via,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        marking=marking,
        before=digest_of_facts(before),
        after=digest_of_facts(after),
        details=dict(details or {}),
        previous=head.digest,
    )
    event.digest = digest_of_event(event)
    event.save(force_insert=True)
    head.seq, head.digest = event.seq, event.digest
    head.save(update_fields=["seq", "digest"])
    return event
