"""Pages of requests for documents: a list with a proposal for each item."""

import csv
import io
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from parvis.report.cells import neutralised
from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.rights import check_editor, readable
from parvis_web.documents import services
from parvis_web.documents.forms import ReleaseForm
from parvis_web.documents.models import ReleaseRequest
from parvis_web.documents.releasing import COLUMNS, releasable_items
from parvis_web.spaces.queries import present_spaces


@member_view
@require_GET
def listed(request: Any) -> HttpResponse:
    """List the requests for documents."""
    check_editor(request.actor)
    rows = readable(request.actor, ReleaseRequest.objects.select_related("about"))
    return render(request, "documents/releases.html", {"rows": rows.order_by("-received_on")})


@member_view
def new(request: Any) -> HttpResponse:
    """Enter a request; what there is about the space is listed with a proposal each."""
    check_editor(request.actor)
    form = ReleaseForm(present_spaces(request.actor), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.open_release(
            request.actor,
            space=form.cleaned_data["space"],
            reference=form.cleaned_data["reference"],
            received_on=form.cleaned_data["received_on"],
            items=releasable_items(request.actor, form.cleaned_data["space"]),
        )
        return redirect("documents:release", request.actor.authority.slug, made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "documents/release_new.html", {"form": form}, status=status)


@member_view
@require_GET
def detail(request: Any, pk: UUID) -> HttpResponse:
    """Show the items of a request with the proposal for each."""
    check_editor(request.actor)
    release = get_readable(request.actor, ReleaseRequest.objects.select_related("about"), pk)
    return render(request, "documents/release.html", {"release": release})


@member_view
@require_GET
def export(request: Any, pk: UUID) -> HttpResponse:
    """Send the list of a request as CSV."""
    check_editor(request.actor)
    release = get_readable(request.actor, ReleaseRequest.objects.all(), pk)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for item in release.items:
        writer.writerow([neutralised(str(item.get(column, ""))) for column in COLUMNS])
    response = HttpResponse(stream.getvalue().encode("utf-8-sig"), content_type="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="release-{release.pk}.csv"'
    return response
