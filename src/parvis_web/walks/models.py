"""Copies of assessments that devices carry along, and the widths that were measured there."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, User
from parvis_web.assessments.models import Assessment, Attachment
from parvis_web.spaces.models import LocalCorrection, Space


class WalkCopy(models.Model):
    """
    What one device of one person carries along of an assessment.

    `marking` is the assessment's when it was taken. A copy ends when it is handed back, when
    somebody withdraws it, or on its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="walk_copies")
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    device = models.CharField(max_length=80)
    marking = models.CharField(max_length=12)
    taken = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    seen = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-taken"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires__gt=F("taken")), name="walk_copy_expires_later"
            )
        ]

    def __str__(self) -> str:
        """Return the name of the device."""
        return self.device


class WidthState(models.TextChoices):
    """What became of a measured width."""

    ENTERED = "entered", _("entered")
    WAITING = "waiting", _("waits for a coordinator")
    SET_ASIDE = "set-aside", _("set aside")


class WalkWidth(models.Model):
    """
    A width that was measured at an access point during a walk.

    It waits where whoever measured may not correct the space. `point` is the access point's number
    at that time, `photo` shows the tape.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    copy = models.ForeignKey(WalkCopy, models.CASCADE, related_name="widths")
    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    point = models.CharField(max_length=20)
    longitude = models.FloatField()
    latitude = models.FloatField()
    width_m = models.FloatField()
    note = models.CharField(max_length=500, blank=True)
    photo = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    measured = models.DateTimeField()
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=WidthState.choices)
    correction = models.ForeignKey(LocalCorrection, models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created"]
        constraints = [
            models.CheckConstraint(condition=Q(width_m__gt=0), name="walk_width_is_positive"),
            models.CheckConstraint(
                condition=Q(state__in=WidthState.values), name="walk_width_state_known"
            ),
        ]
