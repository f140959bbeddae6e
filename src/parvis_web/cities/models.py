"""Imported cities and the municipal layers laid over them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned
from parvis_web.accounts.vocabulary import Marking


class CityState(models.TextChoices):
    """Whether a city can be worked with."""

    IMPORTING = "importing", _("being imported")
    READY = "ready", _("ready")
    FAILED = "failed", _("import failed")


class City(Owned):
    """
    A city of an authority; `store` is its folder's name in the authority's own library home.

    What the extract shows is public, so a city is GREEN unless somebody marks it higher.
    `source_name` and `source_digest` are the extract's, `osm_date` the date of its data,
    `summary` what `parvis.city.summary` says of it, `state_hash` the digest of everything the
    city is made of; `boundary` the part asked for, GeoJSON in WGS 84. `removed` can be undone
    until the files are `purged`.
    """

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    name = models.CharField(_("name"), max_length=120)
    store = models.SlugField(max_length=64)
    state = models.CharField(max_length=10, choices=CityState.choices, default=CityState.IMPORTING)
    source_name = models.CharField(max_length=255, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)
    state_hash = models.CharField(max_length=64, blank=True)
    summary = models.JSONField(default=dict)
    osm_date = models.CharField(max_length=40, blank=True)
    municipality = models.CharField(max_length=200, blank=True)
    boundary = models.JSONField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    imported = models.DateTimeField(null=True)
    removed = models.DateTimeField(null=True)
    purged = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "store"], name="city_store_once")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class CityLayer(Owned):
    """
    A municipal file laid over a city; `number` is its place in the city's order of layers.

    `facts` holds what was taken and what was refused and why; `digest` is the file's.
    """

    shared_by = "city"

    city = models.ForeignKey(City, models.CASCADE, related_name="layers")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    layer_kind = models.CharField(max_length=40)
    is_replacing = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    removed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "number"], name="city_layer_number_once")
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        """Return the file's name."""
        return self.file_name
