"""Scenarios of a space, their versions, and who signed exactly what."""

import uuid
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, Owned, User
from parvis_web.approach.models import Analysis
from parvis_web.spaces.models import Evidence, Space


class ScenarioState(models.TextChoices):
    """How far a scenario is."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    SIGNED = "signed", _("signed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Scenario(Owned):
    """
    A named list of changes to a space.

    `changes` is the list being worked on, as `parvis.io.what_if.parse_changes` reads it, in
    longitude and latitude; `edit` counts its states, so that two people who edit at once notice
    each other. `past` and `undone` hold earlier and taken-back states for undo and redo. What was
    saved lies in `versions` and never changes.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="scenarios")
    analysis = models.ForeignKey(Analysis, models.SET_NULL, null=True, related_name="scenarios")
    city_state = models.CharField(max_length=64, blank=True)
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(
        max_length=10, choices=ScenarioState.choices, default=ScenarioState.DRAFT
    )
    changes = models.JSONField(default=list)
    people = models.PositiveIntegerField(
        _("greatest number of people inside"), null=True, blank=True
    )
    edit = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    past = models.JSONField(default=list)
    undone = models.JSONField(default=list)
    edited = models.DateTimeField(default=timezone.now, editable=False)
    edited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created"]
        indexes = [models.Index(fields=["space", "created"])]
        constraints = [
            models.UniqueConstraint(
                fields=["space"],
                condition=Q(state__in=["proposed", "signed"], removed__isnull=True),
                name="scenario_put_forward_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ScenarioState.values), name="scenario_state_known"
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def document(self) -> dict[str, Any]:
        """Return the changes as the library reads them."""
        return {"crs": "EPSG:4326", "changes": self.changes}


class ScenarioVersion(models.Model):
    """A saved state of a scenario with what it answered; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    changes = models.JSONField()
    people = models.PositiveIntegerField(null=True)
    answer = models.JSONField(null=True)
    analysis = models.ForeignKey(Analysis, models.SET_NULL, null=True, related_name="+")
    city_state = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenario_version_once")
        ]


class SignatureMethod(models.TextChoices):
    """How somebody signed."""

    ELECTRONIC = "electronic", _("in the application")
    PAPER = "paper", _("on paper")


class Signature(models.Model):
    """
    A named adviser's sign-off of one version.

    `digest` is the SHA-256 of exactly what was signed; a signature whose scenario changed since is
    `void` and stays on record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="signatures")
    version = models.ForeignKey(ScenarioVersion, models.PROTECT, related_name="signatures")
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=10, choices=SignatureMethod.choices)
    signer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signer_name = models.CharField(_("name of the adviser"), max_length=150)
    signer_function = models.CharField(_("function of the adviser"), max_length=150)
    signed_on = models.DateField(_("signed on"))
    scan = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    void = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario"],
                condition=Q(void__isnull=True),
                name="signature_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(method="electronic", scan__isnull=True)
                | Q(method="paper", scan__isnull=False),
                name="signature_on_paper_has_its_scan",
            ),
        ]
