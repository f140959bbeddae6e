"""Pages on which an authority prepares what it publishes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.rights import check_editor
from parvis_web.accounts.vocabulary import Role
from parvis_web.publishing import queries, rules, services
from parvis_web.publishing.content import PublicTextError
from parvis_web.publishing.forms import EntryForm, MeasureFormSet, PageForm, entry_content
from parvis_web.publishing.models import PublicEntry, PublicPage
from parvis_web.spaces.models import Space
from parvis_web.ui.language import chosen


@member_view
@require_GET
def overview(request: Any) -> HttpResponse:
    """Show the page's state and every text for the public."""
    if not request.actor.is_editor:
        raise Http404
    page = PublicPage.objects.filter(authority=request.actor.authority).first()
    rows = [
        {
            "entry": entry,
            "can_approve": rules.can_approve(request.actor, entry),
            "can_edit": rules.can_edit(request.actor, entry),
            "can_withdraw": rules.can_withdraw(request.actor, entry),
        }
        for entry in queries.entries(request.actor)
    ]
    context = {"page": page, "rows": rows, "may_switch": request.actor.role == Role.OWNER}
    return render(request, "publishing/overview.html", context)


@member_view
def page(request: Any) -> HttpResponse:
    """Switch the page on or off, write its head."""
    rules.check_page(request.actor)
    instance = PublicPage.objects.filter(authority=request.actor.authority).first()
    form = PageForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        services.set_page(request.actor, **form.cleaned_data)
        messages.success(request, _("The public page is saved."))
        return redirect("publishing:list", request.actor.authority.slug)
    return render(request, "publishing/page.html", {"form": form}, status=_status(form))


@member_view
def write(request: Any, space_id: UUID) -> HttpResponse:
    """Write what the public will read about a space."""
    check_editor(request.actor)
    space = get_readable(request.actor, Space.objects.filter(removed__isnull=True), space_id)
    entry = PublicEntry.objects.filter(space=space).first()
    if entry is not None:
        rules.check_edit(request.actor, entry)
    content: dict[str, Any] = entry.content if entry else {"title": space.name, "measures": []}
    form = EntryForm(request.POST or None, initial=content)
    measures = MeasureFormSet(
        request.POST or None, initial=content.get("measures", []), prefix="measures"
    )
    if request.method == "POST" and form.is_valid() and measures.is_valid():
        try:
            services.write_entry(request.actor, space, content=entry_content(form, measures))
        except PublicTextError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("The draft is saved. A second person can approve it."))
            return redirect("publishing:list", request.actor.authority.slug)
    context = {"form": form, "measures": measures, "space": space, "entry": entry}
    return render(request, "publishing/write.html", context, status=_status(form))


@member_view
@require_GET
def review(request: Any, entry_id: UUID) -> HttpResponse:
    """Show the text exactly as the public would read it, with the button to let it out."""
    entry = get_readable(request.actor, PublicEntry.objects.all(), entry_id)
    if not request.actor.is_editor:
        raise Http404
    context = {
        "entry": entry,
        "content": entry.content,
        "can_approve": rules.can_approve(request.actor, entry),
        "can_edit": rules.can_edit(request.actor, entry),
        "can_withdraw": rules.can_withdraw(request.actor, entry),
    }
    return render(request, "publishing/review.html", context)


@member_view
@require_POST
def act(request: Any, entry_id: UUID, action: str) -> HttpResponse:
    """Propose, approve or withdraw a text."""
    entry = get_readable(request.actor, PublicEntry.objects.all(), entry_id)
    match action:
        case "propose":
            services.propose_entry(request.actor, entry)
            messages.success(request, _("A second person can now approve the text."))
        case "approve":
            services.approve_entry(request.actor, entry, digest=request.POST.get("digest", ""))
            messages.success(request, _("The text is public."))
        case "withdraw":
            services.withdraw_entry(request.actor, entry)
            messages.success(request, _("The text is withdrawn. You can change it now."))
        case _:
            raise Http404
    return redirect("publishing:list", request.actor.authority.slug)


@require_GET
def public(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public page of an authority, in its language until the reader chooses one."""
    found = queries.public_page(slug)
    if found is None:
        raise Http404
    head, entries = found
    context = {"head": head.content, "entries": [entry.content for entry in entries]}
    language = chosen(request) or head.content["language"]
    with translation.override(language):
        response = render(request, "publishing/public.html", context)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
