"""One analysis: at work, or its result with one access point chosen; stopping, removing."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.approach import exports, rules, services
from parvis_web.approach.models import Analysis
from parvis_web.approach.pages import ResultPage, result_page
from parvis_web.approach.views.common import (
    back_to,
    finished,
    get_analysis,
    get_space,
    item_context,
    space_behind,
    told_refusals,
)
from parvis_web.comments.panel import comments_context
from parvis_web.ui.toasts import add_toast


@require_GET
@member_view
def result(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Show an analysis: how far it is, why it failed, or its result."""
    item = get_analysis(request, pk, analysis)
    space = space_behind(request, item)
    context = item_context(request, space, item)
    if item.run.state != "done":
        return render(request, "approach/running.html", context)
    context |= comments_context(request.actor, item)
    return render(request, "approach/result.html", context | _result(request, item))


@require_GET
@member_view
def point(request: ActorRequest, pk: UUID, analysis: UUID, number: int) -> HttpResponse:
    """Show why the speed at one access point is what it is: the page, or the part that changes."""
    item = get_analysis(request, pk, analysis)
    space = space_behind(request, item)
    finished(item)
    told = _result(request, item, number)
    if told["chosen"] is None:
        raise Http404
    if request.headers.get("HX-Target") == "point":
        context = {"space": space, "item": item} | told
        return render(request, "approach/point_fragment.html", context)
    context = item_context(request, space, item) | comments_context(request.actor, item)
    return render(request, "approach/result.html", context | told)


def _result(request: ActorRequest, item: Analysis, number: int | None = None) -> dict[str, Any]:
    page: ResultPage = result_page(item)
    chosen = None if number is None else page.point(number)
    numbers = [row.number for row in page.rows]
    place = numbers.index(chosen.number) if chosen else -1
    return {
        "page": page,
        "formats": exports.FORMATS,
        "chosen": chosen,
        "chosen_sets": page.sets.of_point(chosen.number) if chosen and page.sets else [],
        "previous": numbers[place - 1] if chosen and place > 0 else None,
        "next": numbers[place + 1] if chosen and place + 1 < len(numbers) else None,
        "plans": rules.closures_of(request.actor, item.space).filter(analysis=item)[:5],
        "may_plan": rules.can(rules.check_plan, request.actor, item),
        "has_others": rules.analyses_of(request.actor, item.space).exclude(pk=item.pk).exists(),
    }


@require_POST
@member_view
@told_refusals
def cancel(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Stop an analysis."""
    item = get_analysis(request, pk, analysis)
    space = space_behind(request, item)
    services.cancel(request.actor, item)
    return back_to(request, "result", space, item.pk)


@require_POST
@member_view
@told_refusals
def remove(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Take an analysis off the list; the message offers to put it back."""
    item = get_analysis(request, pk, analysis)
    space = space_behind(request, item)
    services.remove(request.actor, item)
    undo = reverse("approach:restore", args=[request.actor.authority.slug, space.pk, item.pk])
    add_toast(request, _("The analysis was removed."), undo_url=undo)
    return back_to(request, "all", space)


@require_POST
@member_view
@told_refusals
def restore(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Put a removed analysis back."""
    space = get_space(request, pk)
    item = get_analysis(request, pk, analysis, is_removed_too=True)
    services.restore(request.actor, item)
    add_toast(request, _("The analysis is on the list again."))
    return back_to(request, "result", space, item.pk)
