"""Measures and the states they went through."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, Owned, User
from parvis_web.approach.models import ClosurePlan
from parvis_web.assessments.models import Assessment
from parvis_web.scenarios.models import Scenario
from parvis_web.spaces.models import Space


class MeasureState(models.TextChoices):
    """How far a measure is; see `parvis_web.measures.rules.MOVES`."""

    PROPOSED = "proposed", _("proposed")
    DECIDED = "decided", _("decided")
    UNDER_WAY = "under-way", _("under way")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


OPEN_STATES = (MeasureState.PROPOSED, MeasureState.DECIDED, MeasureState.UNDER_WAY)


class Measure(Owned):
    """
    Something to do, mostly about a finding of an assessment.

    `responsible` is the person of the authority who sees to it; `responsible_name` says who does
    where that is somebody else. `plan` is the closure plan whose barrier schedule it carries out.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="measures")
    assessment = models.ForeignKey(Assessment, models.CASCADE, null=True, related_name="measures")
    finding = models.CharField(max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    responsible = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    responsible_name = models.CharField(_("owner, if nobody here"), max_length=150, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    cost_low = models.PositiveBigIntegerField(_("cost, at least"), null=True, blank=True)
    cost_high = models.PositiveBigIntegerField(_("cost, at most"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    cost_unit = models.CharField(_("cost per"), max_length=60, blank=True)
    scenario = models.ForeignKey(
        Scenario, models.SET_NULL, null=True, blank=True, related_name="measures"
    )
    plan = models.ForeignKey(
        ClosurePlan, models.SET_NULL, null=True, blank=True, related_name="measures"
    )
    state = models.CharField(
        max_length=10, choices=MeasureState.choices, default=MeasureState.PROPOSED
    )
    edited = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MeasureState.values), name="measure_state_known"
            ),
            models.CheckConstraint(
                condition=Q(cost_low__isnull=True)
                | Q(cost_high__isnull=True)
                | Q(cost_low__lte=F("cost_high")),
                name="measure_costs_in_order",
                violation_error_message=_("The lower cost is above the higher one."),
            ),
            models.UniqueConstraint(
                fields=["assessment", "finding", "name"],
                condition=Q(assessment__isnull=False),
                name="measure_once_per_finding",
            ),
        ]

    def __str__(self) -> str:
        """Return the name of the measure."""
        return self.name

    @property
    def is_overdue(self) -> bool:
        """It is open and its day has passed."""
        is_open = self.state in OPEN_STATES
        return is_open and self.due is not None and self.due < timezone.localdate()

    @property
    def who(self) -> str:
        """Who sees to it, in words."""
        return str(self.responsible) if self.responsible else self.responsible_name


class MeasureStep(models.Model):
    """A state that a measure came to, who moved it and why; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=MeasureState.choices)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    moved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created"]
