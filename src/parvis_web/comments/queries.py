"""Which comments does a person see on an object, and on which page does the object stand?"""

from uuid import UUID

from django.http import Http404
from django.urls import reverse

from parvis_web.accounts.models import Owned
from parvis_web.accounts.objects import find_object, get_object
from parvis_web.accounts.rights import Actor
from parvis_web.comments.models import KINDS, Comment
from parvis_web.comments.rules import can_read_comment
from parvis_web.spaces.models import Space

PAGES = {
    "spaces.space": "spaces:detail",
    "approach.analysis": "approach:result",
    "approach.closureplan": "approach:closure",
    "scenarios.scenario": "scenarios:editor",
    "assessments.assessment": "assessments:detail",
    "measures.measure": "measures:detail",
    "documents.document": "documents:detail",
}
"""The page on which an object is read, with its comments."""

BY_THEMSELVES = frozenset(
    {"spaces.space", "assessments.assessment", "measures.measure", "documents.document"}
)
"""Kinds whose address names no space."""


def get_commented(actor: Actor, kind: str, object_id: UUID) -> Owned:
    """Return an object that can be commented on and that `actor` may read, or 404."""
    if kind not in KINDS:
        raise Http404
    return get_object(actor, kind, object_id)


def get_comment(actor: Actor, comment_id: UUID) -> tuple[Comment, Owned]:
    """Return a comment that `actor` may read with its object, or 404."""
    rows = Comment.objects.select_related("space", "reply_to")
    comment = rows.filter(authority=actor.authority, pk=comment_id).first()
    if comment is None:
        raise Http404
    item = get_commented(actor, comment.object_kind, comment.object_id)
    if not can_read_comment(actor, comment, item):
        raise Http404
    return comment, item


def object_of(comment: Comment) -> Owned:
    """Return what a comment is about; 404 where that is gone."""
    item = find_object(comment.authority_id, comment.object_kind, comment.object_id)
    if item is None:
        raise Http404
    return item


def space_of(item: Owned) -> Space | None:
    """Return the space that an object is, or belongs to; None where it belongs to none."""
    return item if isinstance(item, Space) else getattr(item, "space", None)


def comments_on(actor: Actor, item: Owned) -> list[Comment]:
    """Return the comments on `item` that `actor` may read, oldest first, removed ones too."""
    rows = Comment.objects.filter(
        authority=actor.authority, object_kind=item.kind(), object_id=item.pk
    ).select_related("created_by", "resolved_by")
    return [row for row in rows if can_read_comment(actor, row, item)]


def page_of(item: Owned, slug: str) -> str:
    """Return the address of the comments on the page of `item`."""
    space = None if item.kind() in BY_THEMSELVES else space_of(item)
    ids = [item.pk] if space is None else [space.pk, item.pk]
    return f"{reverse(PAGES[item.kind()], args=[slug, *ids])}#comments"
