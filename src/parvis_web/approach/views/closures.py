"""Closure plans: asked for, at work, shown with lines, elements, checks and cost; their files."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.approach import exports, kept, rules, services
from parvis_web.approach.closure_pages import closure_page
from parvis_web.approach.forms import ClosureForm
from parvis_web.approach.views.common import (
    back_to,
    finished,
    get_analysis,
    get_plan,
    get_space,
    item_context,
    space_behind,
    space_context,
    told_refusals,
)
from parvis_web.approach.views.files import drawing, overlay_answer
from parvis_web.comments.panel import comments_context
from parvis_web.ui.toasts import add_toast


@require_http_methods(["GET", "POST"])
@member_view
@told_refusals
def start(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Ask for a closure plan that continues an analysis."""
    item = get_analysis(request, pk, analysis)
    space = space_behind(request, item)
    rules.check_plan(request.actor, item)
    document = kept.document(item)
    unnamed = _("unnamed")
    points = [
        (
            int(point["id"]),
            _("No. %(number)s, %(street)s")
            % {"number": point["id"], "street": point["street"] or unnamed},
        )
        for point in document["access_points"]
    ]
    form = ClosureForm(request.POST or None, points=points)
    if request.method == "POST" and form.is_valid():
        plan = services.request_closure(request.actor, item, **form.cleaned_data)
        return back_to(request, "closure", space, plan.pk)
    context = space_context(request, space) | {"form": form, "item": item}
    status = 422 if form.errors else 200
    return render(request, "approach/closure_start.html", context, status=status)


@require_GET
@member_view
def plan(request: ActorRequest, pk: UUID, plan: UUID) -> HttpResponse:
    """Show a closure plan: how far it is, why it failed, or its lines."""
    item = get_plan(request, pk, plan)
    space = space_behind(request, item)
    context = item_context(request, space, item) | {"is_closure": True}
    if item.run.state != "done":
        return render(request, "approach/running.html", context)
    context |= {"page": closure_page(item), "formats": exports.FORMATS}
    context |= comments_context(request.actor, item)
    return render(request, "approach/closure.html", context)


@require_GET
@member_view
def overlay(request: ActorRequest, pk: UUID, plan: UUID) -> HttpResponse:
    """Return lines, elements and enclosed ground as GeoJSON for the map."""
    item = get_plan(request, pk, plan)
    finished(item)
    return overlay_answer(request, item)


@require_GET
@member_view
def map_picture(request: ActorRequest, pk: UUID, plan: UUID) -> HttpResponse:
    """Return the map as the report prints it."""
    item = get_plan(request, pk, plan)
    finished(item)
    return drawing(kept.picture(item, "map"))


@require_GET
@member_view
@told_refusals
def export(request: ActorRequest, pk: UUID, plan: UUID, ending: str) -> HttpResponse:
    """Return the plan as a file in the format and the grid asked for."""
    item = get_plan(request, pk, plan)
    finished(item)
    grid = request.GET.get("grid", "wgs84")
    return exports.export_closure(request.actor, item, ending=ending, grid=grid)


@require_POST
@member_view
@told_refusals
def cancel(request: ActorRequest, pk: UUID, plan: UUID) -> HttpResponse:
    """Stop a closure plan."""
    item = get_plan(request, pk, plan)
    space = space_behind(request, item)
    services.cancel(request.actor, item)
    return back_to(request, "closure", space, item.pk)


@require_POST
@member_view
@told_refusals
def remove(request: ActorRequest, pk: UUID, plan: UUID) -> HttpResponse:
    """Take a plan off the list; the message offers to put it back."""
    item = get_plan(request, pk, plan)
    space = space_behind(request, item)
    services.remove(request.actor, item)
    slug = request.actor.authority.slug
    undo = reverse("approach:closure-restore", args=[slug, space.pk, item.pk])
    add_toast(request, _("The closure plan was removed."), undo_url=undo)
    return back_to(request, "all", space)


@require_POST
@member_view
@told_refusals
def restore(request: ActorRequest, pk: UUID, plan: UUID) -> HttpResponse:
    """Put a removed plan back."""
    space = get_space(request, pk)
    item = get_plan(request, pk, plan, is_removed_too=True)
    services.restore(request.actor, item)
    add_toast(request, _("The closure plan is on the list again."))
    return back_to(request, "closure", space, item.pk)
