"""Assessments, what people said in them, who settled, decided and signed."""

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, Owned, User
from parvis_web.approach.models import Analysis
from parvis_web.spaces.models import Space


class AssessmentState(models.TextChoices):
    """How far an assessment is; see `parvis_web.assessments.rules.STATES`."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in-review", _("in review")
    SIGNED = "signed", _("signed")
    SUPERSEDED = "superseded", _("superseded")


class ReplyState(models.TextChoices):
    """What kind of answer was given; ``cleared`` takes an earlier one back."""

    ANSWERED = "answered", _("answered")
    UNKNOWN = "unknown", _("cannot say")
    NOT_APPLICABLE = "not-applicable", _("does not apply")
    CLEARED = "cleared", _("taken back")


class Choice(models.TextChoices):
    """What is done about a finding."""

    DO = "do", _("do it")
    LATER = "later", _("do it later")
    REFER = "refer", _("refer it to somebody else")
    ACCEPT = "accept", _("accept the risk")
    NOT_APPLICABLE = "not-applicable", _("does not apply")


class FrameworkText(models.Model):
    """
    One version of a framework as this authority uses it; never changed.

    `text` is the file as `parvis.packs.frameworks.read_framework` takes it. `is_own` says that the
    authority loaded it itself; otherwise it came with the program and is kept so that an assessment
    reads the same after every upgrade.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    urn = models.CharField(max_length=120)
    version = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    digest = models.CharField(max_length=64)
    text = models.TextField()
    is_own = models.BooleanField(default=False)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["urn", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "digest"], name="framework_text_once"),
            models.UniqueConstraint(
                fields=["authority", "urn", "version"],
                condition=Q(is_own=True),
                name="own_framework_version_once",
            ),
        ]


class Assessment(Owned):
    """
    The questions of one version of a framework about one subject.

    `space` is None where the subject is no place. `is_separate` says that every assessor answers
    on their own until they settle; otherwise all write on one sheet. `edit` counts the writes, so
    that a page notices that others wrote too.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="assessments")
    framework = models.ForeignKey(FrameworkText, models.PROTECT, related_name="assessments")
    subject_name = models.CharField(_("subject"), max_length=200)
    attributes = models.JSONField(default=dict)
    entries = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=AssessmentState.choices, default=AssessmentState.DRAFT
    )
    is_separate = models.BooleanField(default=False)
    due = models.DateField(_("to be done by"), null=True, blank=True)
    visited = models.DateField(_("day of the visit"), null=True, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="following")
    assignees = models.ManyToManyField(User, related_name="+", blank=True)
    edit = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    edited = models.DateTimeField(default=timezone.now, editable=False)
    submitted = models.DateTimeField(null=True)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        indexes = [models.Index(fields=["space", "created"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AssessmentState.values), name="assessment_state_known"
            )
        ]

    def __str__(self) -> str:
        """Return the name of the subject."""
        return self.subject_name


class SectionAssignment(models.Model):
    """Who is asked to answer a section; guests see only the sections assigned to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="assignments")
    section = models.CharField(max_length=60)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "section", "person"], name="section_assigned_once"
            )
        ]


class Attachment(models.Model):
    """
    A file that supports answers of an assessment, kept by the digest of its content.

    Photos are kept as pixels alone; when and where they were taken is kept here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="attachments")
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    original_name = models.CharField(max_length=200)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    is_unreadable_confirmed = models.BooleanField(default=False)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created"]


class Reply(models.Model):
    """
    What somebody said to one item at one time; never changed but for `is_current`.

    `voice` is who speaks: an assessor where everybody answers on their own, None for the common
    sheet and for what several settled on. `based_on` is the reply it takes the place of. A reply
    that was based on an older state than it met is kept with `conflicts_with` and is not current
    until somebody chooses. `analysis` is the one it was taken over from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="replies")
    item = models.CharField(max_length=200)
    voice = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    is_own_voice = models.BooleanField(default=False)
    state = models.CharField(max_length=14, choices=ReplyState.choices)
    value = models.JSONField(null=True)
    note = models.TextField(max_length=4000, blank=True)
    links = models.JSONField(default=list)
    attachments = models.ManyToManyField(Attachment, related_name="replies", blank=True)
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    conflicts_with = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    is_current = models.BooleanField(default=True)
    source = models.CharField(max_length=20, default="page")
    analysis = models.ForeignKey(Analysis, models.SET_NULL, null=True, related_name="+")
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered = models.DateTimeField(default=timezone.now)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created"]
        indexes = [models.Index(fields=["assessment", "item"])]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "item", "voice"],
                condition=Q(is_current=True, is_own_voice=True),
                name="reply_current_once_per_voice",
            ),
            models.UniqueConstraint(
                fields=["assessment", "item"],
                condition=Q(is_current=True, is_own_voice=False),
                name="reply_current_once",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(conflicts_with__isnull=True),
                name="reply_in_conflict_is_not_current",
            ),
        ]


class AnswerImport(models.Model):
    """
    A file of answers that was sent, kept by the digest of its content until it is taken over.

    `instances` are the submissions that were taken over with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="imports")
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    original_name = models.CharField(max_length=200)
    instances = models.JSONField(default=list)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    taken = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-created"]


class FindingDecision(models.Model):
    """What was decided about a finding, by whom, when and why; the newest one counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="decisions")
    finding = models.CharField(max_length=200)
    choice = models.CharField(max_length=14, choices=Choice.choices)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    until = models.DateField(_("look at it again on"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created"]
        indexes = [models.Index(fields=["assessment", "finding", "created"])]


class SignatureMethod(models.TextChoices):
    """How somebody signed."""

    ELECTRONIC = "electronic", _("in the application")
    PAPER = "paper", _("on paper")


class AssessmentSignature(models.Model):
    """
    Who signed exactly what; `digest` is the SHA-256 of the whole assessment as it was signed.

    `document` is what was signed, as `parvis.io.assessment_file` writes it, with the decisions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="signatures")
    digest = models.CharField(max_length=64)
    document = models.JSONField()
    method = models.CharField(max_length=10, choices=SignatureMethod.choices)
    signer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signer_name = models.CharField(_("name"), max_length=150)
    signer_function = models.CharField(_("function"), max_length=150)
    signed_on = models.DateField(_("signed on"))
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(method="electronic", scan__isnull=True)
                | Q(method="paper", scan__isnull=False),
                name="assessment_signed_on_paper_has_its_scan",
            ),
        ]
