"""Pages of measures: lists, one of them, made from a finding, moved on, given out."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.panels import marking_context, share_context
from parvis_web.accounts.rights import allowed, can
from parvis_web.accounts.vocabulary import Ability
from parvis_web.assessments import papers
from parvis_web.assessments.queries import get_assessment
from parvis_web.assessments.rules import RefusedError
from parvis_web.comments.panel import comments_context
from parvis_web.measures import rules, services
from parvis_web.measures.export import FORMATS, export_measures
from parvis_web.measures.findings import plan_of_finding
from parvis_web.measures.forms import MeasureForm
from parvis_web.measures.models import OPEN_STATES, MeasureState
from parvis_web.measures.queries import get_measure, measures_of
from parvis_web.spaces.views import get_space
from parvis_web.ui.toasts import add_toast

PAGE_SIZE = 50


@require_GET
@member_view
def listed(request: ActorRequest) -> HttpResponse:
    """Show the measures of the authority, overdue ones first."""
    rows = _filtered(request)
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": MeasureState.choices,
        "state": request.GET.get("state", ""),
        "words": request.GET.get("q", ""),
        "is_overdue": "overdue" in request.GET,
        "query": request.GET.urlencode(),
        "is_narrowed": any(request.GET.get(key) for key in ("state", "q", "overdue")),
    }
    return render(request, "measures/list.html", context)


@require_GET
@member_view
def export(request: ActorRequest, ending: str) -> HttpResponse:
    """Send the measures listed now as a table."""
    if ending not in FORMATS:
        raise Http404
    return export_measures(request.actor, list(_filtered(request)), ending=ending)


@require_http_methods(["GET", "POST"])
@member_view
def of_space(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show the measures of a space, and add one."""
    space = get_space(request, pk)
    actor = request.actor
    if actor.is_guest:
        raise Http404
    form = MeasureForm(request.POST or None, actor=actor, space=space)
    if request.method == "POST":
        rules.check_add(actor, space)
        if form.is_valid():
            try:
                measure = services.add_measure(actor, said=form.said(), space=space)
                return redirect("measures:detail", actor.authority.slug, measure.pk)
            except RefusedError as refused:
                form.add_error(None, refused.sentence)
    context = {
        "space": space,
        "current_tab": "measures",
        "rows": list(measures_of(actor, space=space)),
        "may_add": rules.can_add(actor, space),
        "form": form,
    }
    return render(request, "measures/of_space.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_view
def detail(request: ActorRequest, mid: UUID) -> HttpResponse:
    """Show a measure, and change it."""
    actor = request.actor
    measure = get_measure(actor, mid)
    form = MeasureForm(request.POST or None, instance=measure, actor=actor, space=measure.space)
    if request.method == "POST":
        try:
            rules.check_change(actor, measure)
            if form.is_valid():
                services.change_measure(actor, measure, said=form.said())
                add_toast(request, _("Saved."), kind="good")
                return redirect("measures:detail", actor.authority.slug, mid)
        except RefusedError as refused:
            form.add_error(None, refused.sentence)
        measure = get_measure(actor, mid)
    return _shown(request, measure, form)


@require_POST
@member_view
def move(request: ActorRequest, mid: UUID) -> HttpResponse:
    """Bring a measure to another state."""
    measure = get_measure(request.actor, mid)
    try:
        services.move_measure(
            request.actor,
            measure,
            state=request.POST.get("state", ""),
            reason=request.POST.get("reason", ""),
        )
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    return redirect("measures:detail", request.actor.authority.slug, mid)


@require_POST
@member_view
def from_finding(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Make a measure of what a framework proposes for a finding."""
    assessment = get_assessment(request, aid)
    actor = request.actor
    papers.check_report(actor, assessment)
    rules.check_add(actor, assessment.space)
    finding = request.POST.get("finding", "")
    said = plan_of_finding(assessment, finding, request.POST.get("measure", ""))
    if said is None:
        add_toast(request, _("This finding does not follow from the answers any more."), kind="bad")
        return redirect("assessments:detail", actor.authority.slug, aid)
    measure = services.add_measure(actor, said=said, assessment=assessment, finding=finding)
    add_toast(request, _("It is a measure now; say who does it and until when."), kind="good")
    return redirect("measures:detail", actor.authority.slug, measure.pk)


def _filtered(request: ActorRequest) -> Any:
    rows = measures_of(request.actor, sort=request.GET.get("sort", ""))
    if (state := request.GET.get("state", "")) in MeasureState.values:
        rows = rows.filter(state=state)
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(name__icontains=words)
    if "overdue" in request.GET:
        rows = rows.filter(due__lt=timezone.localdate(), state__in=OPEN_STATES)
    return rows


def _shown(request: ActorRequest, measure: Any, form: MeasureForm) -> HttpResponse:
    actor = request.actor

    def seen(item: Any) -> Any:
        return item if item is not None and can(actor, Ability.READ, item) else None

    assessment = seen(measure.assessment)
    is_told = assessment is not None and allowed(papers.check_report, actor, assessment)
    may_write = can(actor, Ability.WRITE, measure)
    context = {
        "measure": measure,
        "space": seen(measure.space),
        "assessment": assessment if is_told and not assessment.removed else None,
        "scenario": seen(measure.scenario),
        "plan": seen(measure.plan),
        "steps": list(measure.steps.select_related("moved_by")),
        "moves": [(each.value, each.label) for each in rules.MOVES[measure.state]]
        if may_write
        else [],
        "may_change": rules.can_change(actor, measure),
        "form": form,
        **comments_context(actor, measure),
        **share_context(actor, measure),
        **marking_context(actor, measure),
    }
    return render(request, "measures/detail.html", context, status=422 if form.errors else 200)
