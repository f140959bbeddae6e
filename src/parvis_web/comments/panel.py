"""What the panel *Comments* shows on the page of an object."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor
from parvis_web.comments import rules
from parvis_web.comments.forms import AnswerForm, CommentForm
from parvis_web.comments.models import Comment
from parvis_web.comments.queries import comments_on


@dataclass
class Said:
    """One comment as the panel shows it, with what the person may do with it."""

    row: Comment
    may_resolve: bool = False
    may_remove: bool = False
    edit_form: CommentForm | None = None
    reply_form: CommentForm | None = None
    replies: "list[Said]" = field(default_factory=list)

    @property
    def is_removed(self) -> bool:
        """Whether only its place is shown, since answers hang on it."""
        return self.row.removed is not None


@dataclass
class CommentPanel:
    """Threads on an object: open ones, resolved ones, and the form for a new one."""

    item: Owned
    kind: str
    threads: list[Said]
    resolved: list[Said]
    form: CommentForm | None

    @property
    def n_open(self) -> int:
        """Return how many threads wait for somebody."""
        return len(self.threads)


def comments_context(
    actor: Actor,
    item: Owned,
    *,
    sent: CommentForm | None = None,
    answered: UUID | None = None,
    edited: UUID | None = None,
) -> dict[str, Any]:
    """
    Return the context of ``comments/panel.html`` for an object that `actor` may read.

    Parameters
    ----------
    actor : Actor
    item : Owned
    sent : CommentForm, optional
        A form that came back with errors: of the comment `answered` or `edited`, else the new one.
    """
    may_comment = rules.can_comment(actor, item)
    replies: dict[UUID | None, list[Comment]] = defaultdict(list)
    for row in comments_on(actor, item):
        replies[row.reply_to_id].append(row)

    def said(row: Comment) -> Said:
        is_open = may_comment and row.removed is None
        shown = Said(
            row,
            may_resolve=is_open and rules.holds(rules.check_resolve, actor, row, item),
            may_remove=is_open and rules.holds(rules.check_remove, actor, row, item),
            replies=[said(reply) for reply in replies[row.pk] if reply.removed is None],
        )
        if is_open and rules.holds(rules.check_edit, actor, row, item):
            form = CommentForm(initial={"text": row.text}, auto_id=f"edit_{row.pk}_%s")
            shown.edit_form = sent if edited == row.pk else form
        if is_open and row.reply_to_id is None:
            form = AnswerForm(auto_id=f"reply_{row.pk}_%s")
            shown.reply_form = sent if answered == row.pk else form
        return shown

    threads = [said(row) for row in replies[None]]
    threads = [thread for thread in threads if thread.replies or not thread.is_removed]
    new = sent if answered is None and edited is None else None
    return {
        "comment_panel": CommentPanel(
            item,
            item.kind(),
            [thread for thread in threads if thread.row.resolved is None],
            [thread for thread in threads if thread.row.resolved is not None],
            (new or CommentForm(auto_id="comment_%s")) if may_comment else None,
        )
    }
