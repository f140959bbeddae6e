"""The panel *Comments*: shown, written to, and each of its small actions."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.models import Owned
from parvis_web.accounts.views.parts import posted, shown_in
from parvis_web.comments import rules, services
from parvis_web.comments.forms import AnswerForm, CommentForm
from parvis_web.comments.models import Comment
from parvis_web.comments.panel import comments_context
from parvis_web.comments.queries import get_comment, get_commented, page_of
from parvis_web.ui.toasts import add_toast


@member_view
@require_http_methods(["GET", "POST"])
def on(request: ActorRequest, kind: str, object_id: UUID) -> HttpResponse:
    """Show the comments on an object, and write one."""
    item = get_commented(request.actor, kind, object_id)
    if request.method != "POST":
        return _panel(request, item)
    rules.check_comment(request.actor, item)
    answered = _answered(request, item)
    form_class = AnswerForm if answered else CommentForm
    form = form_class(posted(request), auto_id=_prefix("reply", answered))
    if form.is_valid():
        with shown_in(form):
            services.write_comment(
                request.actor, item, text=form.cleaned_data["text"], reply_to=answered
            )
            return _done(request, item)
    return _panel(request, item, sent=form, answered=answered.pk if answered else None)


@member_view
@require_POST
def act(request: ActorRequest, comment_id: UUID, action: str) -> HttpResponse:
    """Change, resolve, open again, remove or put back a comment."""
    comment, item = get_comment(request.actor, comment_id)
    match action:
        case "edit":
            rules.check_edit(request.actor, comment, item)
            form = CommentForm(posted(request), auto_id=_prefix("edit", comment))
            if form.is_valid():
                with shown_in(form):
                    services.edit_comment(request.actor, comment, text=form.cleaned_data["text"])
                    return _done(request, item)
            return _panel(request, item, sent=form, edited=comment.pk)
        case "resolve":
            services.resolve_comment(request.actor, comment)
        case "reopen":
            services.reopen_comment(request.actor, comment)
        case "remove":
            services.remove_comment(request.actor, comment)
            undo = reverse(
                "comments:act", args=[request.actor.authority.slug, comment.pk, "bring-back"]
            )
            add_toast(request, _("The comment was removed."), undo_url=undo)
        case "bring-back":
            services.bring_back_comment(request.actor, comment)
        case _:
            raise Http404
    return _done(request, item)


def _answered(request: ActorRequest, item: Owned) -> Comment | None:
    """Return the comment that the form answers, None for a new thread."""
    asked = request.POST.get("reply_to", "")
    if not asked:
        return None
    try:
        found = Comment.objects.filter(
            authority=request.actor.authority,
            object_kind=item.kind(),
            object_id=item.pk,
            pk=asked,
        ).first()
    except ValidationError:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def _prefix(name: str, comment: Comment | None) -> str:
    return f"{name}_{comment.pk}_%s" if comment else "comment_%s"


def _done(request: ActorRequest, item: Owned) -> HttpResponse:
    if getattr(request, "htmx", False):
        return _panel(request, item)
    return redirect(page_of(item, request.actor.authority.slug))


def _panel(
    request: ActorRequest,
    item: Owned,
    *,
    sent: CommentForm | None = None,
    answered: UUID | None = None,
    edited: UUID | None = None,
) -> HttpResponse:
    context = comments_context(request.actor, item, sent=sent, answered=answered, edited=edited) | {
        "item": item,
        "page": page_of(item, request.actor.authority.slug),
    }
    is_partial = bool(getattr(request, "htmx", False))
    template = f"comments/{'fragment' if is_partial else 'page'}.html"
    return render(request, template, context, status=422 if sent is not None else 200)
