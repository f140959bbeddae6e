"""Who may comment on an object, change a comment, resolve a thread or remove what was said."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor, NotAllowed, can, check
from parvis_web.accounts.rules import check_person
from parvis_web.accounts.table import Reason
from parvis_web.accounts.vocabulary import Ability
from parvis_web.comments.models import EDITABLE_FOR, KINDS, Comment


def check_comment(actor: Actor, item: Owned) -> None:
    """Raise unless `actor`, a person, may comment on `item`."""
    check_person(actor)
    if item.kind() not in KINDS:
        raise Http404
    if actor.is_system:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("Only people comment."))
    check(actor, Ability.COMMENT, item)


def can_comment(actor: Actor, item: Owned) -> bool:
    """Return whether `actor` may comment on `item`."""
    return holds(check_comment, actor, item)


def can_read_comment(actor: Actor, comment: Comment, item: Owned) -> bool:
    """
    Return whether `actor` may read a comment on `item`.

    Who reads the object reads what is said about it; only where a comment is marked otherwise
    than its object must the person also be allowed to read the comment by itself.
    """
    if actor.scopes is not None or not can(actor, Ability.READ, item):
        return False
    return comment.marking == item.marking or can(actor, Ability.READ, comment)


def check_edit(actor: Actor, comment: Comment, item: Owned) -> None:
    """Raise unless `actor` wrote `comment` a short while ago."""
    _check_reach(actor, comment, item)
    if not _is_author(actor, comment) or not comment.can_still_be_edited or comment.removed:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("Only its author may change a comment, and for %(minutes)s minutes only.")
            % {"minutes": EDITABLE_FOR.seconds // 60},
        )


def check_resolve(actor: Actor, comment: Comment, item: Owned) -> None:
    """Raise unless `actor` may resolve the thread that `comment` begins, or open it again."""
    _check_reach(actor, comment, item)
    if comment.reply_to_id is not None or comment.removed:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("Only a whole thread is resolved."))
    if not (actor.is_editor or _is_author(actor, comment)):
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("Only owners, coordinators or whoever began the thread may resolve it."),
        )


def check_remove(actor: Actor, comment: Comment, item: Owned) -> None:
    """Raise unless `actor` may remove `comment` or put it back."""
    _check_reach(actor, comment, item)
    if not (actor.is_editor or _is_author(actor, comment)):
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("Only owners, coordinators or whoever wrote the comment may remove it."),
        )


def check_bring_back(actor: Actor, comment: Comment, item: Owned) -> None:
    """Raise unless `actor` may put back `comment`: an author not what an editor removed."""
    check_remove(actor, comment, item)
    is_own = actor.user is not None and comment.removed_by_id == actor.user.pk
    if not (actor.is_editor or is_own):
        raise NotAllowed(
            Reason.NOT_THIS_ROLE, _("Only owners and coordinators may put this comment back.")
        )


def holds(check: Callable[..., None], *arguments: Any) -> bool:
    """Return whether a check of this module passes."""
    try:
        check(*arguments)
    except (NotAllowed, Http404):
        return False
    return True


def _check_reach(actor: Actor, comment: Comment, item: Owned) -> None:
    check_comment(actor, item)
    if not can_read_comment(actor, comment, item):
        raise Http404


def _is_author(actor: Actor, comment: Comment) -> bool:
    return actor.user is not None and comment.created_by_id == actor.user.pk
