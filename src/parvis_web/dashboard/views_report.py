"""The yearly report: the same figures as the dashboard, filled anew each year."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.vocabulary import Marking
from parvis_web.dashboard import figures
from parvis_web.dashboard.queries import Shown
from parvis_web.dashboard.views import page, shown_to

if TYPE_CHECKING:
    from parvis.report.indicator_report import ReportOf


@require_safe
@member_view
def report(request: ActorRequest) -> HttpResponse:
    """Show what the report of a year holds, and its files."""
    shown = shown_to(request)
    if shown.is_empty:
        return page(request, "report", shown)
    return page(request, "report", shown, chapters=_report(shown).titles())


@require_safe
@member_view
def pdf(request: ActorRequest) -> HttpResponse:
    """Send the report as PDF."""
    shown = _with_data(request)
    return _file(shown, _report(shown).pdf(), "pdf", "application/pdf")


@require_safe
@member_view
def html(request: ActorRequest) -> HttpResponse:
    """Send the report as one page of HTML."""
    shown = _with_data(request)
    return _file(shown, _report(shown).html().encode(), "html", "text/html; charset=utf-8")


def _with_data(request: ActorRequest) -> Shown:
    shown = shown_to(request)
    if shown.is_empty:
        raise Http404
    return shown


def _report(shown: Shown) -> "ReportOf":
    from parvis.report.indicator_report import ReportOf

    return ReportOf(
        shown.found,
        figures.figures_of(shown),
        area=shown.area_name,
        authority=str(shown.actor.authority.name),
        marking=str(Marking.GREEN.label),
        created=timezone.now().isoformat(),
        is_synthetic=shown.is_synthetic,
    )


def _file(shown: Shown, content: bytes, ending: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    name = f"{shown.actor.authority.slug}-indicators-{shown.period.replace('/', '-')}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
