"""Pages on which owners browse, check and export their authority's chain."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import check_owner
from parvis_web.audit.chain import chain_name
from parvis_web.audit.export import csv_lines, json_lines
from parvis_web.audit.forms import FilterForm
from parvis_web.audit.models import AuditHead
from parvis_web.audit.queries import events_of, page_of
from parvis_web.audit.services import record_export
from parvis_web.audit.verification import verify

LONGEST_CHECKED_HERE = 100_000
"""Longer chains are checked by the command, not while somebody waits for a page."""

_FORMATS = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "jsonl": ("application/x-ndjson", json_lines),
}


@require_GET
@member_view
def browse(request: ActorRequest) -> HttpResponse:
    """Show events, newest first."""
    check_owner(request.actor)
    chain = chain_name(request.actor.authority)
    form = FilterForm(request.GET or None, chain=chain)
    filters = _filters(form)
    events = events_of(chain, filters)
    page = page_of(events, before=_number(request, "before"), after=_number(request, "after"))
    context = {
        "form": form,
        "page": page,
        "query": _query(request),
        "is_filtered": any(filters.values()),
    }
    return render(request, "audit/list.html", context)


@require_POST
@member_view
def check(request: ActorRequest) -> HttpResponse:
    """Check the chain and show what was found."""
    check_owner(request.actor)
    chain = chain_name(request.actor.authority)
    n_events = AuditHead.objects.filter(chain=chain).values_list("seq", flat=True).first() or 0
    is_too_long = n_events > LONGEST_CHECKED_HERE
    findings = [] if is_too_long else verify(chain)
    context = {"findings": findings, "n_events": n_events, "is_too_long": is_too_long}
    return render(request, "audit/check.html", context)


@require_POST
@member_view
def export(request: ActorRequest) -> Any:
    """Send the events that the form leaves, oldest first; that they were sent is an event too."""
    check_owner(request.actor)
    chain = chain_name(request.actor.authority)
    form = FilterForm(request.POST, chain=chain)
    file_format = request.POST.get("format", "")
    if not form.is_valid() or file_format not in _FORMATS:
        return redirect("audit:list", request.actor.authority.slug)
    chosen = {name: str(value) for name, value in form.cleaned_data.items() if value}
    if person := form.cleaned_data["person"]:
        chosen["person"] = str(person.pk)
    record_export(request.actor, file_format=file_format, filters=chosen)
    content_type, lines = _FORMATS[file_format]
    response = StreamingHttpResponse(
        lines(events_of(chain, form.cleaned_data)), content_type=content_type
    )
    name = f"audit-{request.actor.authority.slug}-{timezone.localdate()}.{file_format}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _filters(form: FilterForm) -> dict[str, Any]:
    return form.cleaned_data if form.is_bound and form.is_valid() else {}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    return query.urlencode()
