"""Pages of documents: what there is about a space, having more made, taking a copy."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.rights import allowed, check_read
from parvis_web.comments.panel import comments_context
from parvis_web.config.data import sent_by_server, stored_file
from parvis_web.documents import queries, rules, services
from parvis_web.documents.forms import DocumentsForm, FileForm
from parvis_web.documents.models import Document
from parvis_web.spaces.models import Space
from parvis_web.ui.toasts import add_toast

PER_PAGE = 50
EVIDENCE_POLICY = "default-src 'none'; sandbox"


@member_view
@require_GET
def listed(request: Any) -> HttpResponse:
    """List every document that the person may read."""
    pages = Paginator(queries.documents(request.actor), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = [document_row(request.actor, document) for document in page.object_list]
    return render(request, "documents/list.html", {"page": page, "rows": rows})


@member_view
@require_GET
def of_space(request: Any, pk: UUID) -> HttpResponse:
    """Show the documents of a space and the form to have more made."""
    return _space_page(request, get_space(request, pk))


@member_view
@require_POST
def make(request: Any, pk: UUID) -> HttpResponse:
    """Have documents made."""
    space = get_space(request, pk)
    rules.check_make(request.actor, space)
    form = DocumentsForm(
        queries.finished_analyses(request.actor, space),
        queries.finished_plans(request.actor, space),
        request.actor.authority.language,
        request.POST,
    )
    if not form.is_valid():
        return _space_page(request, space, form=form, status=422)
    made = services.request_documents(
        request.actor,
        form.cleaned_data["analysis"],
        kinds=form.cleaned_data["kinds"],
        language=form.cleaned_data["language"],
        crs=form.cleaned_data["crs"],
        plan=form.cleaned_data["plan"],
        recipients=form.recipient_names(),
    )
    return redirect("runs:detail", request.actor.authority.slug, made[0].run_id)


@member_view
@require_POST
def file_as_of(request: Any, pk: UUID) -> HttpResponse:
    """Have the file of a space put together as of a day."""
    space = get_space(request, pk)
    rules.check_make(request.actor, space)
    form = FileForm(request.POST)
    if not form.is_valid():
        return _space_page(request, space, file_form=form, status=422)
    document = services.request_file(request.actor, space, day=form.cleaned_data["day"])
    return redirect("runs:detail", request.actor.authority.slug, document.run_id)


@member_view
@require_GET
def detail(request: Any, pk: UUID) -> HttpResponse:
    """Show what a document was made from, and what may be done with it."""
    document = get_readable(request.actor, Document.objects.select_related("space"), pk)
    members = request.actor.authority.memberships.in_force().select_related("user")
    context = document_row(request.actor, document) | {
        "people": [member.user for member in members],
        "link": request.session.pop(f"link:{pk}", ""),
    }
    context |= comments_context(request.actor, document)
    return render(request, "documents/detail.html", context)


@member_view
@require_GET
def download(request: Any, pk: UUID) -> HttpResponse:
    """Send the file of a document, the permission checked now."""
    document = get_readable(request.actor, Document.objects.all(), pk)
    services.record_download(request.actor, document)
    return attachment(document)


@member_view
@require_GET
def by_link(request: Any, token: str) -> HttpResponse:
    """Send the file that a link leads to, to the person it was made for."""
    link = queries.link_for(token, request.user)
    if link is None or link.document.authority_id != request.actor.authority.pk:
        raise Http404
    check_read(request.actor, link.document)
    services.use_link(request.actor, link)
    services.record_download(request.actor, link.document)
    return attachment(link.document)


@member_view
@require_POST
def act(request: Any, pk: UUID, action: str) -> HttpResponse:
    """Propose or approve a paper, make a link, remove or bring back a document."""
    document = get_readable(request.actor, Document.objects.all(), pk)
    slug = request.actor.authority.slug
    match action:
        case "propose":
            services.propose_paper(request.actor, document)
            add_toast(request, _("A second person can now approve the paper."))
        case "approve":
            services.approve_paper(request.actor, document, digest=request.POST.get("digest", ""))
            add_toast(request, _("The paper is approved for publication."), kind="good")
        case "link":
            person = _member(request)
            _link, token = services.make_link(request.actor, document, person=person)
            request.session[f"link:{pk}"] = token
        case "remove":
            services.remove_document(request.actor, document)
            undo = f"/a/{slug}/documents/{pk}/bring-back/"
            add_toast(request, _("The document is removed from the list."), undo_url=undo)
            return redirect("documents:of-space", slug, document.space_id)
        case "bring-back":
            services.bring_back_document(request.actor, document)
        case _:
            raise Http404
    return redirect("documents:detail", slug, pk)


def attachment(document: Document) -> HttpResponse:
    """Return a document's file as attachment that no browser runs."""
    path = stored_file(document.authority_id, document.digest)
    response = sent_by_server(path, document.media_type) or HttpResponse(
        path.read_bytes(), content_type=document.media_type
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{document.file_name}"'
    response.headers["Content-Security-Policy"] = EVIDENCE_POLICY
    return response


def get_space(request: Any, pk: UUID) -> Space:
    """Return a space, or 404."""
    return get_readable(request.actor, Space.objects.filter(removed__isnull=True), pk)


def _member(request: Any) -> Any:
    person = request.POST.get("person", "")
    members = request.actor.authority.memberships.in_force().select_related("user")
    for member in members:
        if str(member.user_id) == person:
            return member.user
    raise Http404


def document_row(actor: Any, document: Document) -> dict[str, Any]:
    """Return a document with what `actor` may do with it."""
    return {
        "document": document,
        "can_download": allowed(rules.check_download, actor, document),
        "can_propose": allowed(rules.check_propose, actor, document),
        "can_approve": allowed(rules.check_approve, actor, document),
        "can_change": allowed(rules.check_make, actor, document.space),
    }


def _space_page(
    request: Any,
    space: Space,
    *,
    form: DocumentsForm | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    analyses = queries.finished_analyses(request.actor, space)
    rows = [document_row(request.actor, each) for each in queries.documents(request.actor, space)]
    context = {
        "space": space,
        "current_tab": "documents",
        "rows": rows,
        "has_analysis": analyses.exists(),
        "can_make": allowed(rules.check_make, request.actor, space),
        "form": form
        or DocumentsForm(
            analyses,
            queries.finished_plans(request.actor, space),
            request.actor.authority.language,
        ),
        "file_form": file_form or FileForm(),
    }
    return render(request, "documents/of_space.html", context, status=status)
