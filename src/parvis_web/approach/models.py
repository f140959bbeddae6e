"""Analyses of a space and the statement or assumption about vehicles they rest on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned
from parvis_web.runs.models import AnalysisRun
from parvis_web.spaces.models import Space


class AssumptionKind(models.TextChoices):
    """Who says which vehicles are considered."""

    THREAT_STATEMENT = "threat-statement", _("threat statement of the competent authority")
    PLANNING = "planning", _("planning assumption of the authority")


class Assumption(Owned):
    """Which vehicle classes are considered, by whom, why; `reference` points to a paper elsewhere."""

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="assumptions")
    assumption_kind = models.CharField(_("kind"), max_length=20, choices=AssumptionKind.choices)
    vehicles = models.JSONField(_("vehicle classes"), default=list)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    author = models.CharField(_("author"), max_length=200)
    date = models.DateField(_("date"))
    reference = models.CharField(_("reference of the document"), max_length=200, blank=True)
    replaced = models.DateTimeField(null=True)


class Analysis(Owned):
    """
    One analysis of a space, kept with everything it was made from.

    `question` holds vehicles, design and assumption; `summary` what lists show; the whole result
    lies in the run's folder.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="analyses")
    run = models.OneToOneField(AnalysisRun, models.PROTECT, related_name="analysis")
    assumption = models.ForeignKey(Assumption, models.PROTECT, null=True, related_name="+")
    question = models.JSONField(default=dict)
    city_state = models.CharField(max_length=64, blank=True)
    summary = models.JSONField(default=dict)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
