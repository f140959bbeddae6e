"""Documents made from an analysis, their copies, and links bound to one person."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned, User
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.runs.models import AnalysisRun
from parvis_web.spaces.models import Space


class DocumentKind(models.TextChoices):
    """What a document is."""

    COUNCIL_PAPER = "council-paper", _("council paper")
    ANNEX = "annex", _("restricted annex")
    DATA = "data", _("data package: GeoPackage, GeoJSON, DXF, XLSX, CSV")
    FILE = "file", _("file as of a date")
    DOSSIER = "dossier", _("dossier")


class DocumentState(models.TextChoices):
    """From being made to being published."""

    MAKING = "making", _("being made")
    READY = "ready", _("ready")
    PROPOSED = "proposed", _("waits for a second person")
    APPROVED = "approved", _("approved for publication")
    FAILED = "failed", _("failed")


class Document(Owned):
    """
    One file made for somebody, kept by the SHA-256 of its content and never changed.

    `facts` is what it was made from: analysis, states of the data, program version, and for a
    council paper the snapshot of every field that stands in it.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, related_name="documents")
    analysis = models.ForeignKey(Analysis, models.PROTECT, null=True, related_name="documents")
    plan = models.ForeignKey(ClosurePlan, models.PROTECT, null=True, related_name="documents")
    run = models.ForeignKey(AnalysisRun, models.PROTECT, null=True, related_name="documents")
    document_kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    state = models.CharField(
        max_length=10, choices=DocumentState.choices, default=DocumentState.MAKING
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    crs = models.CharField(max_length=20, blank=True)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True)
    copy_number = models.PositiveSmallIntegerField(null=True)
    n_copies = models.PositiveSmallIntegerField(null=True)
    recipient = models.CharField(_("recipient"), max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved = models.DateTimeField(null=True)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "copy_number"]

    def __str__(self) -> str:
        """Return the file's name."""
        return self.file_name

    @property
    def is_ready(self) -> bool:
        """Whether there is a file."""
        return bool(self.digest)


class DownloadLink(models.Model):
    """A link to one document that works for one person, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="links")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    last_used = models.DateTimeField(null=True)


class ReleaseRequest(Owned):
    """
    Somebody asked for documents; each item carries a proposal to release it, in part or not.

    `items` is the list as it was decided: kind, id, title, marking, proposal, reason.
    """

    reference = models.CharField(_("reference of the request"), max_length=200)
    received_on = models.DateField(_("received on"))
    about = models.ForeignKey(Space, models.SET_NULL, null=True, related_name="+")
    items = models.JSONField(default=list)
    closed = models.DateTimeField(null=True)
