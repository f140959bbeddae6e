"""How an event is added to a chain: canonical JSON, keyed digests, one lock on the head."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from parvis_web.accounts.models import Authority, User
from parvis_web.audit.models import AuditEvent, AuditHead, AuditPerson

INSTANCE = "instance"
"""The chain of what belongs to no authority."""

_SIGNED_AS_STORED = (
    "chain", "seq", "via", "action", "object_kind", "object_id", "marking", "before", "after",
    "details_text", "previous",
)  # fmt: skip


def canonical(facts: Any) -> str:
    """Return one spelling of JSON facts: sorted keys, no spaces, ASCII only."""
    return json.dumps(
        facts, sort_keys=True, separators=(",", ":"), allow_nan=False, cls=DjangoJSONEncoder
    )


def keyed_digest(content: str) -> str:
    """Return the digest of `content` that only the holder of the audit key can make."""
    key = settings.PARVIS_AUDIT_KEY.encode()
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def digest_of_facts(facts: Mapping[str, Any] | None) -> str:
    """Return the keyed digest of an object's facts, empty where there was no object."""
    return "" if facts is None else keyed_digest(canonical(facts))


def digest_of_event(event: AuditEvent) -> str:
    """Return the keyed digest that `event` should carry, the same on every database."""
    facts = {name: getattr(event, name) for name in _SIGNED_AS_STORED}
    facts["time"] = event.time.astimezone(UTC).isoformat(timespec="microseconds")
    facts["person"] = str(event.person) if event.person else ""
    return keyed_digest(canonical(facts))


def chain_name(authority: Authority | None) -> str:
    """Return the name of an authority's chain, or of the instance's."""
    return INSTANCE if authority is None else str(authority.pk)


def person_for(chain: str, user: User | None) -> AuditPerson | None:
    """Return the person id that stands for `user` in a chain."""
    if user is None:
        return None
    name = f"{user.name} <{user.email}>".strip()
    person, _made = AuditPerson.objects.get_or_create(
        chain=chain, user=user, defaults={"name": name}
    )
    return person


def locked_head(chain: str) -> AuditHead:
    """
    Return the end of a chain, locked until the caller's transaction ends.

    The first event of a chain makes the head: whoever comes second waits for the first.
    """
    AuditHead.objects.get_or_create(chain=chain)
    return AuditHead.objects.select_for_update().get(chain=chain)


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
    person = person_for(chain, user)
    head = locked_head(chain)
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
        details_text=canonical(dict(details or {})),
        previous=head.digest,
    )
    event.digest = digest_of_event(event)
    event.save(force_insert=True)
    head.seq, head.digest = event.seq, event.digest
    head.save(update_fields=["seq", "digest"])
    return event
