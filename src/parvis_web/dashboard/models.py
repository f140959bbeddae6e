"""What an authority decides about its dashboard: base year, targets, indicators, peers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis_web.accounts.models import Owned
from parvis_web.accounts.vocabulary import Marking
from parvis_web.collecting.models import AreaLayer


class CityArea(Owned):
    """Which code of an area stands for the whole city, and which areas its map shows."""

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    code = models.CharField(_("code of the whole city"), max_length=120, blank=True)
    layer = models.ForeignKey(
        AreaLayer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("areas of the map"),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority"], name="city_area_once")]


class BaseYear(Owned):
    """
    The period that scores and changes are told against, as it was fixed at one moment.

    Rows are never changed: the last one holds, the ones before it say what held earlier.
    """

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    period = models.CharField(_("base period"), max_length=21)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        """Return the period."""
        return self.period


class IndicatorState(models.TextChoices):
    """Whether an indicator stands on the dashboard."""

    SHOWN = "shown", _("shown")
    UNAVAILABLE = "unavailable", _("shown, there are no data to be had")
    OFF = "off", _("switched off")


class IndicatorChoice(Owned):
    """What an authority decided about one indicator: whether it is shown, and its target."""

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    code = models.CharField(max_length=12)
    state = models.CharField(
        pgettext_lazy("of a thing", "state"),
        max_length=12,
        choices=IndicatorState.choices,
        default=IndicatorState.SHOWN,
    )
    state_reason = models.CharField(_("reason"), max_length=500, blank=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    target_reason = models.CharField(_("reason for the target"), max_length=500, blank=True)
    target_set = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="indicator_choice_once"),
            models.CheckConstraint(
                condition=Q(state__in=IndicatorState.values), name="indicator_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=IndicatorState.SHOWN) | ~Q(state_reason=""),
                name="indicator_state_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True, target_set__isnull=True)
                | (Q(target__isnull=False, target_set__isnull=False) & ~Q(target_reason="")),
                name="indicator_target_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        """Return the code."""
        return self.code


class PeerCity(Owned):
    """
    Another city's figures, as it published them or handed them over.

    `values` are plain observations, the last of each indicator for the whole city.
    """

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    source = models.CharField(_("where the figures come from"), max_length=300)
    may_name = models.BooleanField(_("may be shown by name"), default=False)
    may_group = models.BooleanField(_("may be counted in a group without names"), default=False)
    values = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "name"], name="peer_city_once"),
            models.CheckConstraint(
                condition=Q(may_name=True) | Q(may_group=True), name="peer_city_agreed"
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
