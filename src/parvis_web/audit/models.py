"""Chains of events, their heads, and the erasable table of who a person id belongs to."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AuditPerson(models.Model):
    """Whose events of one chain carry this random id; erased without touching the chain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=500)
    erased = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "user"], name="audit_person_once")]

    def __str__(self) -> str:
        """Return the name, or that it was erased."""
        return self.name if self.erased is None else str(_("erased person"))


class AuditHead(models.Model):
    """The end of one chain; locked while an event is added."""

    chain = models.CharField(primary_key=True, max_length=40)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class AuditEvent(models.Model):
    """
    One link: what happened, with the keyed digest of the link before it.

    `details_text` is the very text that the digest covers: a database that spells JSON in its own
    way would break the chain.
    """

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    time = models.DateTimeField()
    person = models.UUIDField(null=True)
    via = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    marking = models.CharField(max_length=12, blank=True)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    details_text = models.TextField(default="{}")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_seq_once")]
        indexes = [
            models.Index(fields=["chain", "object_kind", "object_id"]),
            models.Index(fields=["chain", "person"]),
        ]

    @property
    def details(self) -> dict[str, Any]:
        """Plain facts that owners may read."""
        return json.loads(self.details_text)


class ReadMark(models.Model):
    """When a person's read of an object was last recorded, so that reads are coalesced."""

    chain = models.CharField(max_length=40)
    person = models.UUIDField()
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    time = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "person", "object_kind", "object_id"], name="read_mark_once"
            )
        ]
