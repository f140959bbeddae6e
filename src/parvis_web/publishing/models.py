"""What an authority publishes: a page, and snapshots that carry every word they show."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, Owned, User
from parvis_web.spaces.models import Space


class PublicPage(models.Model):
    """The public page of an authority; off until somebody switches it on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.OneToOneField(Authority, models.CASCADE, related_name="public_page")
    is_on = models.BooleanField(_("page is public"), default=False)
    introduction = models.TextField(_("introduction"), blank=True, max_length=3000)
    contact = models.CharField(_("contact"), blank=True, max_length=300)


class EntryState(models.TextChoices):
    """From a draft to what everybody reads."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("waits for a second person")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PublicEntry(Owned):
    """
    One space as the public page tells it.

    `content` holds the fields of `parvis_web.publishing.content.FIELDS` and nothing else.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="public_entries")
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.DRAFT)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space"], name="public_entry_once")]


class Snapshot(models.Model):
    """
    What the public reads, copied word by word when it was approved and never changed.

    It has no foreign key: the public page queries this table alone. The page's own heading and
    introduction are the snapshot whose `entry` is the page's id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.SlugField(max_length=60)
    entry = models.UUIDField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["page", "ended"])]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "entry"],
                condition=models.Q(ended__isnull=True),
                name="one_snapshot_in_force",
            )
        ]
