"""Data about people: what for, under which law, whose, until when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned


class Regime(models.TextChoices):
    """Which law governs the data."""

    GDPR = "gdpr", _("General Data Protection Regulation (EU) 2016/679")
    LED = "led", _("Law Enforcement Directive (EU) 2016/680")


class Dataset(Owned):
    """
    One set of data about people, and the day on which it is deleted.

    `object_kind` and `object_id` name what is deleted then; without them somebody is reminded to
    delete what lies elsewhere.
    """

    name = models.CharField(_("name"), max_length=200)
    purpose = models.TextField(_("purpose"), max_length=1000)
    regime = models.CharField(
        _("legal regime"), max_length=10, choices=Regime.choices, default=Regime.GDPR
    )
    basis = models.CharField(_("legal basis of the processing"), max_length=200)
    people = models.CharField(_("people concerned"), max_length=200)
    data_owner = models.CharField(_("responsible office"), max_length=200)
    recipients = models.CharField(_("recipients"), max_length=300, blank=True)
    retention = models.CharField(_("why it is kept so long"), max_length=300)
    delete_on = models.DateField(_("deleted on"))
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    deleted = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["delete_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(object_kind="", object_id__isnull=True)
                | models.Q(object_id__isnull=False),
                name="dataset_names_an_object_or_none",
            )
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def is_overdue(self) -> bool:
        """Whether the day has come and nobody said yet that the data are gone."""
        return self.deleted is None and self.delete_on <= timezone.localdate()
