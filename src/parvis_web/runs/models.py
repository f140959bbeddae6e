"""A long computation as a row: what was asked, how far it is, what came of it."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, User


class RunState(models.TextChoices):
    """From waiting to one of three ends."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class AnalysisRun(models.Model):
    """
    One computation of one authority.

    `kind` names a handler (`parvis_web.runs.kinds`); `subject_kind` and `subject_id` the object
    whose rights govern the run; `inputs_hash` what identical inputs share within the authority.
    `result` is a small JSON summary; files lie in the run's folder.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    parameters = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    progress = models.FloatField(default=0.0)
    step = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    worker = models.CharField(max_length=80, blank=True)
    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=80, blank=True)
    error_details = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "subject_kind", "subject_id", "kind"]),
            models.Index(fields=["state", "heartbeat"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(progress__gte=0, progress__lte=1), name="run_progress_share"
            )
        ]

    @property
    def is_over(self) -> bool:
        """Whether the run has ended, one way or another."""
        return self.state in {RunState.DONE, RunState.FAILED, RunState.CANCELLED}
