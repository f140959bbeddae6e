"""Chains of events, their heads, and the erasable table of who a person id belongs to."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from parvis_web.accounts.models import Authority


class AuditPerson(models.Model):
    """Whose events carry this random id; erased without touching the chain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300)
    erased = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "user"], name="audit_person_once"),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(authority__isnull=True),
                name="audit_person_once_in_instance",
            ),
        ]


class AuditHead(models.Model):
    """The end of one chain; locked while an event is added. Without authority: the instance's."""

    authority = models.OneToOneField(Authority, models.CASCADE, null=True, related_name="+")
    chain = models.CharField(max_length=40, unique=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class AuditEvent(models.Model):
    """One link: what happened, with the keyed digest of the link before it."""

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    time = models.DateTimeField()
    person = models.UUIDField(null=True)
    via = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    marking = models.CharField(max_length=12, blank=True)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_seq_once")]
        indexes = [models.Index(fields=["chain", "object_kind", "object_id"])]


class ReadMark(models.Model):
    """When a person's read of an object was last recorded, so that reads are coalesced."""

    chain = models.CharField(max_length=40)
    person = models.UUIDField()
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    time = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "person", "object_kind", "object_id"], name="read_mark_once"
            )
        ]
