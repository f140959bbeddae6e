"""Analyses and closure plans of a space, and who said which vehicles they consider."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned
from parvis_web.runs.models import AnalysisRun
from parvis_web.spaces.models import Space


class AssumptionKind(models.TextChoices):
    """Who says which vehicles are considered."""

    THREAT_STATEMENT = "threat-statement", _("threat statement of the competent authority")
    PLANNING = "planning-assumption", _("planning assumption of the authority")


class Design(models.TextChoices):
    """Which of the three speeds the ratings use."""

    TYPICAL = "typical", _("typical: what half of the vehicles of a class can do")
    CAUTIOUS = "cautious", _("cautious: what nine of ten can do at most")
    LIMIT = "limit", _("physical limit: what no vehicle of the class exceeds")


class Assumption(Owned):
    """
    Which vehicle classes are considered, by whom and why; `reference` points to a paper elsewhere.

    Never changed: a new one replaces it, and both stay in the history. `replaced` says when it
    ceased to be in force; nothing replaces it where it was only withdrawn.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="assumptions")
    assumption_kind = models.CharField(_("kind"), max_length=20, choices=AssumptionKind.choices)
    vehicles = models.JSONField(_("vehicle classes"), default=list)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    author = models.CharField(_("author"), max_length=200)
    date = models.DateField(_("date"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reference = models.CharField(_("reference of the document"), max_length=200, blank=True)
    replaced = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(assumption_kind__in=AssumptionKind.values), name="assumption_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(assumption_kind="threat-statement") | ~Q(reference=""),
                name="assumption_threat_has_reference",
            ),
            models.CheckConstraint(
                condition=~Q(assumption_kind="planning-assumption") | ~Q(reason=""),
                name="assumption_planning_has_reason",
            ),
            models.CheckConstraint(condition=~Q(author=""), name="assumption_has_author"),
            models.UniqueConstraint(
                fields=["space"], condition=Q(replaced__isnull=True), name="assumption_in_force"
            ),
        ]

    def __str__(self) -> str:
        """Return the author with the reference."""
        return f"{self.author} {self.reference}".strip()

    @property
    def is_threat_statement(self) -> bool:
        """Whether the competent authority states it."""
        return self.assumption_kind == AssumptionKind.THREAT_STATEMENT

    def is_expired(self, today: dt.date) -> bool:
        """Whether it was to be valid only until a day before `today`."""
        return self.valid_until is not None and self.valid_until < today


class Analysis(Owned):
    """
    One analysis of a space, kept with everything it was made from.

    `question` holds vehicles, design and assumption; `summary` what lists show; the whole result
    lies in the run's folder. `city_state` and `outline` are digests of what it saw, so that a page
    can tell when it is outdated.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="analyses")
    run = models.OneToOneField(AnalysisRun, models.PROTECT, related_name="analysis")
    assumption = models.ForeignKey(Assumption, models.PROTECT, null=True, related_name="+")
    question = models.JSONField(default=dict)
    city_state = models.CharField(max_length=64, blank=True)
    outline = models.CharField(max_length=64, blank=True)
    summary = models.JSONField(default=dict)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        indexes = [models.Index(fields=["space", "-created"])]


class ClosurePlan(Owned):
    """
    A plan of lines that keep vehicles out of a space, made of one of its analyses.

    Fields as of `Analysis`; `question` also holds what was wished for.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="closure_plans")
    run = models.OneToOneField(AnalysisRun, models.PROTECT, related_name="closure_plan")
    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="closure_plans")
    assumption = models.ForeignKey(Assumption, models.PROTECT, null=True, related_name="+")
    question = models.JSONField(default=dict)
    city_state = models.CharField(max_length=64, blank=True)
    outline = models.CharField(max_length=64, blank=True)
    summary = models.JSONField(default=dict)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        indexes = [models.Index(fields=["space", "-created"])]
