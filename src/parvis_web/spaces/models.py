"""Public spaces of an authority and who is assigned to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned, User
from parvis_web.cities.models import City


class AssessmentState(models.TextChoices):
    """How far the work on a space is."""

    UNSEEN = "unseen", _("not looked at")
    ANALYSED = "analysed", _("analysed")
    PLANNED = "planned", _("plan proposed")
    SIGNED = "signed", _("plan signed")


class Space(Owned):
    """
    A public space: one of the city store (`store_id`) or a protected area drawn by somebody.

    `area` is a GeoJSON polygon in WGS 84; `west` to `north` its bounds.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="spaces")
    store_id = models.CharField(max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=200)
    place_kind = models.CharField(_("kind"), max_length=40, blank=True)
    area = models.JSONField(null=True)
    is_drawn = models.BooleanField(default=False)
    area_size = models.FloatField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    state = models.CharField(
        max_length=10, choices=AssessmentState.choices, default=AssessmentState.UNSEEN
    )
    assignees = models.ManyToManyField(User, related_name="assigned_spaces", blank=True)
    version = models.PositiveIntegerField(default=1)
    removed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "store_id"],
                condition=~models.Q(store_id=""),
                name="space_of_the_store_once",
            )
        ]
        indexes = [models.Index(fields=["authority", "name"])]
        ordering = ["name"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
