"""What all pages of this app share: the space, the item on it, the words of a refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from parvis_web.accounts.access import ActorRequest, get_readable
from parvis_web.accounts.rights import can, readable
from parvis_web.accounts.vocabulary import Ability
from parvis_web.approach import maps, questions, rules
from parvis_web.approach.models import Analysis, Assumption, ClosurePlan
from parvis_web.approach.services import in_force
from parvis_web.runs.queries import shown
from parvis_web.spaces.models import Space


def get_space(request: ActorRequest, pk: UUID) -> Space:
    """Return a space the person may read, or 404; reads of restricted ones are recorded."""
    rows = Space.objects.select_related("city", "authority").filter(removed__isnull=True)
    return get_readable(request.actor, rows, pk)


def get_analysis(
    request: ActorRequest, pk: UUID, analysis: UUID, *, is_removed_too: bool = False
) -> Analysis:
    """Return an analysis of a space, or 404."""
    rows = Analysis.objects.select_related(
        "run", "run__created_by", "assumption", "space__city", "authority", "created_by"
    ).filter(space_id=pk)
    if not is_removed_too:
        rows = rows.filter(removed__isnull=True)
    return get_readable(request.actor, rows, analysis)


def get_plan(
    request: ActorRequest, pk: UUID, plan: UUID, *, is_removed_too: bool = False
) -> ClosurePlan:
    """Return a closure plan of a space, or 404."""
    rows = ClosurePlan.objects.select_related(
        "run", "run__created_by", "assumption", "analysis", "space__city", "authority", "created_by"
    ).filter(space_id=pk)
    if not is_removed_too:
        rows = rows.filter(removed__isnull=True)
    return get_readable(request.actor, rows, plan)


def space_behind(request: ActorRequest, item: Analysis | ClosurePlan) -> Space:
    """Return the space of an item that may be read; a guest may be named on the item alone."""
    if request.actor.is_guest and item.space.removed is None:
        return item.space
    return get_space(request, item.space_id)


def finished(item: Analysis | ClosurePlan) -> None:
    """Raise 404 where `item` has no result yet."""
    if item.run.state != "done":
        raise Http404


def space_context(request: ActorRequest, space: Space) -> dict[str, Any]:
    """Return what every page of the tab needs."""
    stated = in_force(space)
    told = None
    if stated is not None:
        told = readable(request.actor, Assumption.objects.filter(pk=stated.pk)).first()
    return {
        "space": space,
        "current_tab": "approach",
        "may_see_space": can(request.actor, Ability.READ, space),
        "may_request": rules.can_request(request.actor, space),
        "may_state": rules.can(rules.check_state, request.actor, space),
        "is_stated": stated is not None,
        "stated": told,
        "stated_now": stated,
    }


def item_context(
    request: ActorRequest, space: Space, item: Analysis | ClosurePlan
) -> dict[str, Any]:
    """Return what the page of one analysis or plan needs besides."""
    context = space_context(request, space)
    stated = context["stated_now"]
    is_done = item.run.state == "done"
    return context | {
        "item": item,
        "shown": shown(request.actor, item.run, space),
        "outdated": questions.outdated(item, stated) if is_done else [],
        "may_remove": rules.can(rules.check_remove, request.actor, item),
        "map": maps.result_map(request, item) if is_done else None,
        "vehicle_names": maps.vehicle_names(item.question.get("vehicles", ())),
    }


def told_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer what cannot be done as asked with its sentence, on the page of errors."""

    @wraps(view)
    def answered(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except rules.RefusedError as refused:
            return render(request, "400.html", {"sentence": refused.sentence}, status=409)

    return answered


def back_to(request: ActorRequest, name: str, space: Space, *more: Any) -> HttpResponse:
    """Redirect to a page of this app about `space`."""
    return redirect(f"approach:{name}", request.actor.authority.slug, space.pk, *more)
