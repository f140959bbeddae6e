"""The tab of a space: its latest result, a new analysis, all of them, two side by side."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.approach import maps, rules
from parvis_web.approach.comparison import compare_analyses
from parvis_web.approach.forms import AnalysisForm
from parvis_web.approach.services import request_analysis
from parvis_web.approach.views.common import (
    back_to,
    get_analysis,
    get_space,
    space_context,
    told_refusals,
)

PAGE_SIZE = 20


@require_GET
@member_view
def overview(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Lead to the latest finished analysis, else to the one at work, else say what to do."""
    space = get_space(request, pk)
    found = rules.analyses_of(request.actor, space)
    latest = found.filter(run__state="done").first() or found.first()
    if latest is not None:
        return back_to(request, "result", space, latest.pk)
    return render(request, "approach/none.html", space_context(request, space))


@require_http_methods(["GET", "POST"])
@member_view
@told_refusals
def start(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Ask for an analysis."""
    space = get_space(request, pk)
    rules.check_request(request.actor, space)
    context = space_context(request, space)
    form = AnalysisForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        analysis = request_analysis(
            request.actor,
            space,
            design=form.cleaned_data["design"],
            people_line=form.cleaned_data["people_line"],
        )
        return back_to(request, "result", space, analysis.pk)
    stated = context["stated_now"]
    names = maps.vehicle_names(stated.vehicles) if stated else []
    status = 422 if form.errors else 200
    line_map = maps.line_map(request, space) if space.area else None
    context |= {"form": form, "vehicle_names": names, "map": line_map}
    return render(request, "approach/start.html", context, status=status)


@require_GET
@member_view
def all_runs(request: ActorRequest, pk: UUID) -> HttpResponse:
    """List the analyses and closure plans of a space, newest first."""
    space = get_space(request, pk)
    page = Paginator(rules.analyses_of(request.actor, space), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    plans = rules.closures_of(request.actor, space)[:PAGE_SIZE]
    context = space_context(request, space) | {"page": page, "plans": plans}
    return render(request, "approach/all.html", context)


@require_GET
@member_view
def compare(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show two analyses side by side: what was asked, what differs, access point by point."""
    space = get_space(request, pk)
    found = rules.analyses_of(request.actor, space).filter(run__state="done")
    context: dict[str, Any] = space_context(request, space) | {"analyses": found[:50]}
    first, second = request.GET.get("before"), request.GET.get("after")
    if not (first and second):
        return render(request, "approach/compare.html", context)
    try:
        pair = [get_analysis(request, pk, UUID(value)) for value in (first, second)]
    except ValueError:
        raise Http404 from None
    if any(item.run.state != "done" for item in pair):
        return redirect("approach:all", request.actor.authority.slug, space.pk)
    context["comparison"] = compare_analyses(*sorted(pair, key=lambda item: item.created))
    return render(request, "approach/compare.html", context)
