"""Public spaces of an authority, their outlines over time, corrections, evidence and plans."""

from django.conf import settings
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


class PlaceKind(models.TextChoices):
    """Kinds of public space, as the library names them; `drawn` for areas somebody drew."""

    SQUARE = "square", _("square")
    MARKET_PLACE = "market_place", _("market place")
    PEDESTRIAN_STREET = "pedestrian_street", _("pedestrian street")
    WATERFRONT = "waterfront", _("waterfront")
    STATION_FORECOURT = "station_forecourt", _("station forecourt")
    WORSHIP_FORECOURT = "worship_forecourt", _("forecourt of a place of worship")
    SCHOOL_FORECOURT = "school_forecourt", _("school forecourt")
    STADIUM_FORECOURT = "stadium_forecourt", _("stadium forecourt")
    PARK = "park", _("park")
    GARDEN = "garden", _("garden")
    PLAYGROUND = "playground", _("playground")
    DRAWN = "drawn", _("drawn area")


class Space(Owned):
    """
    A public space: one of the city store (`store_id`) or a protected area drawn by somebody.

    `area` is a GeoJSON polygon in WGS 84; `west` to `north` its bounds. `version` counts changes,
    so that two people who edit at once notice each other.
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

    @property
    def kind_label(self) -> str:
        """Return the kind in words."""
        try:
            return str(PlaceKind(self.place_kind).label)
        except ValueError:
            return self.place_kind.replace("_", " ")


class AreaVersion(Owned):
    """One outline a space had; never changed, so that any of them can be taken again."""

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="area_versions")
    number = models.PositiveIntegerField()
    area = models.JSONField()
    area_size = models.FloatField()
    origin = models.CharField(
        max_length=10,
        choices=[
            ("store", _("from the city's data")),
            ("map", _("drawn on the map")),
            ("text", _("typed as coordinates")),
            ("file", _("read from a file")),
            ("restored", _("taken again from an earlier version")),
        ],
    )
    file_name = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "number"], name="area_version_once")
        ]
        ordering = ["-number"]


class Evidence(Owned):
    """
    A file somebody added to a space: photo, plan or paper, found by the digest of its content.

    `original_name` is only shown, never used as a path; `media_type` was read from the content.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="evidence")
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    original_name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]


class LocalCorrection(Owned):
    """
    What somebody measured or saw on site near a space; the city's own folder holds its meaning.

    `store_id` is the correction's id there; `facts` what a list shows of it.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="corrections")
    city = models.ForeignKey(City, models.CASCADE, related_name="corrections")
    store_id = models.CharField(max_length=40)
    correction_kind = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    photo = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    withdrawn = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "store_id"],
                condition=models.Q(withdrawn__isnull=True),
                name="correction_in_force_once",
            )
        ]
        ordering = ["-created"]

    @property
    def kind_label(self) -> str:
        """Return in words what the correction speaks about."""
        from parvis_web.spaces.forms_site import KINDS

        return str(dict(KINDS).get(self.correction_kind, self.correction_kind))

    @property
    def method_label(self) -> str:
        """Return in words how it was found."""
        from parvis_web.spaces.forms_site import METHODS

        method = str(self.facts.get("method", ""))
        return str(dict(METHODS).get(method, method))


class Underlay(Owned):
    """
    A plan or photo laid under the map by control points.

    `control_points` holds pairs ``[column, row, longitude, latitude]``; `fit` what they give:
    corners in WGS 84, residuals and their root mean square in metres.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="underlays")
    name = models.CharField(_("name"), max_length=120)
    image = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    control_points = models.JSONField(default=list)
    fit = models.JSONField(default=dict)
    opacity = models.FloatField(_("opacity"), default=0.6)
    removed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opacity__gte=0, opacity__lte=1), name="underlay_opacity_share"
            )
        ]
        ordering = ["name"]
