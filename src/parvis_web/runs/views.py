"""Pages of runs."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.queries import ShownRun, get_run, runs_of, shown, with_words
from parvis_web.runs.services import cancel_run, retry_run
from parvis_web.ui.toasts import add_toast

PER_PAGE = 25


@require_safe
@member_view
def list_(request: ActorRequest) -> HttpResponse:
    """Show the runs the person may read."""
    is_mine = request.GET.get("of") == "me"
    page = Paginator(runs_of(request.actor, is_mine=is_mine), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = with_words(request.actor, list(page.object_list))
    return render(request, "runs/list.html", {"page": page, "rows": rows, "is_mine": is_mine})


@require_safe
@member_view
def detail(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show one run."""
    run, subject = get_run(request.actor, pk)
    return render(request, "runs/detail.html", {"shown": shown(request.actor, run, subject)})


@require_safe
@member_view
def progress(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Answer a page that watches a run: the fragment, or where to go once it is done."""
    run, subject = get_run(request.actor, pk)
    row = shown(request.actor, run, subject)
    if run.state == RunState.DONE and request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse(status=204)
        response["HX-Redirect"] = row.next_url or address(run)
        return response
    return _part(request, row)


@require_POST
@member_view
def cancel(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Stop a run."""
    run, _subject = get_run(request.actor, pk)
    run = cancel_run(request.actor, run)
    return _answer(request, run)


@require_POST
@member_view
def retry(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Start a run again that failed or was cancelled."""
    run, _subject = get_run(request.actor, pk)
    run = retry_run(request.actor, run)
    add_toast(request, _("Started again."))
    return _answer(request, run)


def _answer(request: ActorRequest, run: AnalysisRun) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, shown(request.actor, run))
    return redirect(address(run))


def _part(request: ActorRequest, row: ShownRun) -> HttpResponse:
    """Return the fragment; where the run's own page asks, with what stands around it there."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    asking = (htmx.current_url_abs_path or "") if htmx else ""
    context = {"shown": row, "is_own_page": asking.partition("?")[0] == address(row.run)}
    return render(request, "runs/progress.html", context)


def address(run: AnalysisRun) -> str:
    """Return the address of a run's page."""
    return reverse("runs:detail", args=[run.authority.slug, run.pk])
