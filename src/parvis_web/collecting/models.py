"""Deliveries of indicator values, mappings of columns, areas, and the protected store."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis_web.accounts.models import Owned
from parvis_web.accounts.vocabulary import Marking
from parvis_web.privacy.models import Dataset


class Origin(models.TextChoices):
    """Where the values of a delivery come from."""

    FILE = "file", _("file")
    INCIDENTS = "incidents", _("recorded incidents")
    SURVEY = "survey", _("survey")
    SUBMISSIONS = "submissions", _("submissions of the question module")
    COMPUTED = "computed", _("computed from the city's map data")


class TableKind(models.TextChoices):
    """What kind of table a saved mapping is for."""

    VALUES = "values", _("values of indicators")
    SURVEY = "survey", _("answers of a survey")


class SavedMapping(Owned):
    """What the columns of a table mean, under a name, for the next file of its kind."""

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    table = models.CharField(max_length=12, choices=TableKind.choices, default=TableKind.VALUES)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "table", "name"], name="saved_mapping_once"
            ),
            models.CheckConstraint(
                condition=Q(table__in=TableKind.values), name="saved_mapping_table_known"
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class AreaLayer(Owned):
    """
    Areas of one kind with their codes and names, drawn in WGS 84 in a file named by its digest.

    `codes` and `names` are in the order of the file; `valid_from` is the day the boundaries hold
    from, where it is known.
    """

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    codes = models.JSONField(default=list)
    names = models.JSONField(default=list)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    removed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "-valid_from"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


_STAYS_RESTRICTED = _("Protected data stay marked TLP:AMBER+STRICT or TLP:RED.")


class ContentKind(models.TextChoices):
    """What a protected set of data holds."""

    INCIDENTS = "incidents", _("recorded incidents, one by one")
    SURVEY = "survey", _("answers of a survey, person by person")
    SUBMISSIONS = "submissions", _("submissions of the question module")


class ProtectedDataset(Owned):
    """
    Data about single people or incidents, encrypted, open to the people named on it alone.

    Its content is never shown, only looked at and summed up: `columns` and `facts` say what it
    holds. `dataset` is its entry in the record of processing, whose day deletes it; `emptied` is
    when that happened. The row stays and says what there was.
    """

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.STRICT
    )
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    content_kind = models.CharField(
        pgettext_lazy("thing", "kind"), max_length=12, choices=ContentKind.choices
    )
    dataset = models.OneToOneField(Dataset, models.PROTECT, related_name="protected")
    file_name = models.CharField(max_length=255)
    ending = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    columns = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    emptied = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(marking__in=[Marking.STRICT, Marking.RED]),
                name="protected_is_restricted",
                violation_error_message=_STAYS_RESTRICTED,
            ),
            models.CheckConstraint(
                condition=Q(content_kind__in=ContentKind.values), name="protected_kind_known"
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """
        Save; the marking never falls.

        Raises
        ------
        django.core.exceptions.ValidationError
        """
        if self.marking not in {Marking.STRICT, Marking.RED}:
            raise ValidationError(_STAYS_RESTRICTED)
        super().save(*args, **kwargs)


class Delivery(Owned):
    """
    Values that came in together: first a preview, then, once somebody keeps them, a vintage.

    Until it is kept nothing counts: the values lie beside those of the authority. `store` is the
    name of its folder in the authority's library home, `found` what the preview said, `mapping`
    how the columns were read. A removed delivery can be brought back.
    """

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.FILE)
    file_name = models.CharField(_("file"), max_length=255)
    ending = models.CharField(max_length=12, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    received = models.DateField(_("received on"), default=timezone.localdate)
    note = models.CharField(_("what to know of it"), max_length=1000, blank=True)
    mapping = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    store = models.CharField(max_length=40, blank=True)
    n = models.PositiveIntegerField(default=0)
    protected = models.ForeignKey(
        ProtectedDataset, models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    kept = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    removed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received", "-kept"]
        indexes = [models.Index(fields=["authority", "received", "kept"])]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "store"], condition=~Q(store=""), name="delivery_store_once"
            ),
            models.CheckConstraint(
                condition=Q(kept__isnull=True, store="") | (Q(kept__isnull=False) & ~Q(store="")),
                name="delivery_kept_has_a_store",
            ),
            models.CheckConstraint(
                condition=Q(removed__isnull=True) | Q(kept__isnull=False),
                name="delivery_removed_was_kept",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="delivery_origin_known"
            ),
        ]

    def __str__(self) -> str:
        """Return the file's name, or what it was made from."""
        return self.file_name or str(self.get_origin_display())
