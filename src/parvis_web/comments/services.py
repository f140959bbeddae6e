"""Every write about comments; the audit digests what was said and never tells it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor
from parvis_web.audit.recording import note, service
from parvis_web.comments import rules
from parvis_web.comments.models import MOST_SIGNS, Comment
from parvis_web.comments.queries import object_of, space_of


def facts(comment: Comment) -> dict[str, Any]:
    """Return what the audit digests of a comment."""
    return {
        "text": comment.text,
        "reply_to": str(comment.reply_to_id or ""),
        "resolved": comment.resolved,
        "removed": comment.removed,
    }


@service("comment.write")
def write_comment(
    actor: Actor, item: Owned, *, text: str, reply_to: Comment | None = None
) -> Comment:
    """
    Say something about an object, or answer what was said.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where the text is empty or too long, or what is answered is not there any more.
    """
    rules.check_comment(actor, item)
    if reply_to is not None:
        reply_to = _beginning(actor, reply_to, item)
    comment = Comment.objects.create(
        authority=actor.authority,
        space=space_of(item),
        marking=item.marking,
        object_kind=item.kind(),
        object_id=item.pk,
        text=_checked(text),
        reply_to=reply_to,
        created_by=actor.user,
    )
    _note(comment, None)
    return comment


@service("comment.edit")
def edit_comment(actor: Actor, comment: Comment, *, text: str) -> Comment:
    """Change one's own comment shortly after writing it."""
    rules.check_edit(actor, comment, object_of(comment))
    before = facts(comment)
    comment.text, comment.edited = _checked(text), timezone.now()
    comment.save(update_fields=["text", "edited"])
    _note(comment, before)
    return comment


@service("comment.resolve")
def resolve_comment(actor: Actor, comment: Comment) -> None:
    """Say that a thread is dealt with."""
    _resolve(actor, comment, timezone.now())


@service("comment.reopen")
def reopen_comment(actor: Actor, comment: Comment) -> None:
    """Say that a resolved thread is not dealt with."""
    _resolve(actor, comment, None)


@service("comment.remove")
def remove_comment(actor: Actor, comment: Comment) -> None:
    """Take a comment away; it can be put back."""
    rules.check_remove(actor, comment, object_of(comment))
    _set_removed(actor, comment, timezone.now())


@service("comment.bring-back")
def bring_back_comment(actor: Actor, comment: Comment) -> None:
    """Put a removed comment back."""
    rules.check_bring_back(actor, comment, object_of(comment))
    _set_removed(actor, comment, None)


def delete_comment(comment: Comment) -> None:
    """Delete a comment for good with what answers it, when its day has come."""
    for row in (*comment.replies.all(), comment):
        note(row, before=facts(row), space=str(row.space_id or ""))
    comment.delete()


def _beginning(actor: Actor, comment: Comment, item: Owned) -> Comment:
    first = comment.reply_to or comment
    is_there = (first.object_kind, first.object_id) == (item.kind(), item.pk)
    if not is_there or first.removed or not rules.can_read_comment(actor, first, item):
        raise ValidationError(
            _("What you answer is not there any more. Write a new comment."), code="gone"
        )
    return first


def _checked(text: str) -> str:
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise ValidationError(_("Write something."), code="empty")
    if len(kept) > MOST_SIGNS:
        raise ValidationError(
            _("A comment has %(most)s signs at most; this one has %(n)s."),
            code="long",
            params={"most": MOST_SIGNS, "n": len(kept)},
        )
    return kept


def _resolve(actor: Actor, comment: Comment, moment: datetime | None) -> None:
    rules.check_resolve(actor, comment, object_of(comment))
    before = facts(comment)
    comment.resolved, comment.resolved_by = moment, actor.user if moment else None
    comment.save(update_fields=["resolved", "resolved_by"])
    _note(comment, before)


def _set_removed(actor: Actor, comment: Comment, moment: datetime | None) -> None:
    before = facts(comment)
    comment.removed, comment.removed_by = moment, actor.user if moment else None
    comment.save(update_fields=["removed", "removed_by"])
    _note(comment, before)


def _note(comment: Comment, before: dict[str, Any] | None) -> None:
    place = f"{comment.object_kind}:{comment.object_id}"
    note(
        comment,
        before=before,
        after=facts(comment),
        object=place,
        space=str(comment.space_id or ""),
    )
