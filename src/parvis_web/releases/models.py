"""Releases, what is chosen for them, who had a hand in them, and what the public reads."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis_web.accounts.models import Owned, User
from parvis_web.accounts.vocabulary import Marking

CITY = "city"
"""Code of the whole city where a delivery says nothing else."""


class ReleaseState(models.TextChoices):
    """From a draft to what everybody reads, and after."""

    DRAFT = "draft", _("draft")
    CHECKED = "checked", _("checked, waits for a second person")
    APPROVED = "approved", _("approved")
    EMBARGO = "embargo", _("under embargo")
    RELEASED = "released", _("released")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUPERSEDED = "superseded", _("replaced by a correction")


TOLD = frozenset({ReleaseState.RELEASED, ReleaseState.WITHDRAWN, ReleaseState.SUPERSEDED})
"""What the public has read, for good."""
BINDING = TOLD | {ReleaseState.APPROVED, ReleaseState.EMBARGO}
"""What later releases are checked against."""


class Scope(models.TextChoices):
    """Of whom the figures of an item are."""

    CITY = "city", _("city total and own trend")
    GROUPS = "groups", _("groups of people or times")
    AREAS = "areas", _("areas")


class FigureRelease(Owned):
    """
    A release of figures, from its draft on.

    Attributes
    ----------
    city : str
        Code of the whole city's area.
    base : int or None
        What counts are rounded to.
    embargo : datetime or None
        From when on the public reads it.
    areas_reason, stigma : str, dict
        Why areas are published, and the answers to `parvis_web.releases.stigma.QUESTIONS`.
    replaces : FigureRelease or None
        The release this one corrects.
    number : int or None
        Given by approval, counted in the authority.
    edit : int
        Grows with every change of the draft; a check is of one of them.
    findings : dict
        What the check found; for members alone.
    content, digest : dict, str
        What the public reads, and its SHA-256; see `parvis_web.releases.content`.
    told : dict
        The same for the register, as later releases take it into account.
    basis : dict
        Digests of what was checked against.
    register_id : str
        Its id in the library's register.
    """

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    state = models.CharField(
        max_length=10, choices=ReleaseState.choices, default=ReleaseState.DRAFT
    )
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True, max_length=3000)
    contact = models.CharField(_("contact"), blank=True, max_length=300)
    corrections = models.TextField(_("how corrections are made"), max_length=1000)
    city = models.CharField(_("code of the whole city"), max_length=60, default=CITY)
    base = models.PositiveSmallIntegerField(_("rounding of counts"), null=True, blank=True)
    embargo = models.DateTimeField(_("embargo until"), null=True, blank=True)
    areas_reason = models.TextField(_("why areas are published"), blank=True, max_length=2000)
    stigma = models.JSONField(default=dict)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections_of"
    )
    number = models.PositiveIntegerField(null=True)
    edit = models.PositiveIntegerField(default=1)
    findings = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    told = models.JSONField(default=dict)
    basis = models.JSONField(default=dict)
    register_id = models.CharField(max_length=40, blank=True)
    checked = models.DateTimeField(null=True)
    approved = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    released = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-number", "-created"]
        indexes = [models.Index(fields=["authority", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "number"],
                condition=Q(number__isnull=False),
                name="figure_release_number_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReleaseState.values), name="figure_release_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ReleaseState.DRAFT) | ~Q(digest=""),
                name="figure_release_past_draft_is_checked",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReleaseState.DRAFT, ReleaseState.CHECKED])
                | Q(number__isnull=False),
                name="figure_release_approved_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReleaseState.EMBARGO) | Q(embargo__isnull=False),
                name="figure_release_embargo_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    def state_at(self, now: datetime) -> ReleaseState:
        """Return the state that holds; an embargo ends at its time, whoever writes it down when."""
        if self.state == ReleaseState.EMBARGO and self.embargo is not None and self.embargo <= now:
            return ReleaseState.RELEASED
        return ReleaseState(self.state)

    @property
    def chosen(self) -> "list[ReleaseItem]":
        """What is chosen, by indicator, the city first."""
        order = list(Scope)
        return sorted(
            self.items.all(),
            key=lambda item: (item.indicator, order.index(Scope(item.scope)), item.part),
        )

    @property
    def state_now(self) -> ReleaseState:
        """The state that holds."""
        return self.state_at(timezone.now())


class ReleaseItem(models.Model):
    """One indicator chosen for a release: of whom, and for which periods."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(FigureRelease, models.CASCADE, related_name="items")
    indicator = models.CharField(max_length=20)
    scope = models.CharField(pgettext_lazy("figures", "of"), max_length=8, choices=Scope.choices)
    part = models.CharField(max_length=60, blank=True)
    """Which way of splitting, or which layer of areas."""
    periods = models.JSONField(default=list)

    class Meta:
        ordering = ["indicator", "scope", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "indicator", "scope", "part"], name="release_item_once"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="release_item_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.CITY, part="")
                | Q(scope=Scope.AREAS)
                | (Q(scope=Scope.GROUPS) & ~Q(part="")),
                name="release_item_part_fits",
            ),
        ]

    @property
    def key(self) -> str:
        """What a form tells it by."""
        return "|".join([self.indicator, self.scope, self.part])


class ReleaseStep(models.Model):
    """What somebody did with a release."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(FigureRelease, models.CASCADE, related_name="steps")
    action = models.CharField(max_length=12)
    reason = models.CharField(max_length=1000, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    done = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["done"]


class EarlyReader(models.Model):
    """Somebody who may read a release before the public, from a time on until its embargo ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(FigureRelease, models.CASCADE, related_name="early_readers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    function = models.CharField(_("function"), max_length=200)
    opens = models.DateTimeField(_("from"))

    class Meta:
        ordering = ["opens"]
        constraints = [
            models.UniqueConstraint(fields=["release", "user"], name="early_reader_once")
        ]


class PublicFigures(models.Model):
    """
    What the public reads of a release: copied when it was approved and never changed.

    It has no foreign key: public pages query this table alone. Before `public_from` it is nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.SlugField(max_length=60)
    release = models.UUIDField(unique=True)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    public_from = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=1000, blank=True)
    replaces = models.UUIDField(null=True)
    """The id of the row it corrects."""

    class Meta:
        ordering = ["-public_from", "-number"]
        indexes = [models.Index(fields=["page", "public_from"])]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="public_figures_number_once"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=models.F("public_from")),
                name="public_figures_end_after_they_began",
            ),
        ]
