"""What people say about an object of the authority."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned, User
from parvis_web.spaces.models import Space

if TYPE_CHECKING:
    from django.db.models import QuerySet

KINDS = (
    "spaces.space",
    "approach.analysis",
    "approach.closureplan",
    "scenarios.scenario",
    "assessments.assessment",
    "measures.measure",
    "documents.document",
)
"""Kinds of objects that can be commented on."""

MOST_SIGNS = 2000
EDITABLE_FOR = timedelta(minutes=15)
"""How long an author may change a comment, so that an answer keeps its meaning."""


class Comment(Owned):
    """
    One comment on an object, or the answer to one.

    Who may read the object reads its comments; `space` is the one the object belongs to. Answers
    hang on the first comment of a thread, and only a thread is resolved.
    """

    shared_by = "space"

    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="comments")
    object_kind = models.CharField(max_length=60, choices=[(kind, kind) for kind in KINDS])
    object_id = models.UUIDField()
    text = models.TextField(_("comment"), max_length=MOST_SIGNS)
    reply_to = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    edited = models.DateTimeField(null=True)
    resolved = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    removed = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["created"]
        indexes = [models.Index(fields=["object_kind", "object_id", "created"])]
        constraints = [
            models.CheckConstraint(condition=Q(object_kind__in=KINDS), name="comment_kind_known"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(reply_to__isnull=True) | Q(resolved__isnull=True),
                name="comment_resolved_as_a_thread",
            ),
        ]

    def __str__(self) -> str:
        """Return what it is; the words are shown only beside their object."""
        return str(_("Comment"))

    @classmethod
    def below(cls, item: Owned) -> "QuerySet[Comment]":
        """Return the comments on `item` or, for a space, on anything that belongs to it."""
        on_it = Q(object_kind=item.kind(), object_id=item.pk)
        return cls.objects.filter(on_it | Q(space=item) if isinstance(item, Space) else on_it)

    @property
    def can_still_be_edited(self) -> bool:
        """Whether the author may still change it."""
        return timezone.now() - self.created < EDITABLE_FOR

    def _above(self) -> None:
        """Return nothing: a comment is marked as its object is, which its service sees to."""
