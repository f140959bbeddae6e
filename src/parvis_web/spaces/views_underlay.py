"""Pages to lay a plan or photo under the map of a space by points, with the error of each."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.rights import check_write, readable
from parvis_web.spaces import map_view
from parvis_web.spaces import services_underlays as underlays
from parvis_web.spaces.evidence import evidence_response, read_picture
from parvis_web.spaces.forms_underlay import LookForm, PointForm, UnderlayForm
from parvis_web.spaces.models import Space, Underlay
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.uploads import shown_name
from parvis_web.spaces.views import get_space, space_context
from parvis_web.spaces.views_area import sentence_of
from parvis_web.ui.toasts import add_toast

SHOWN_WIDTH = 560
"""The plan is shown this wide or smaller, so that a click tells its pixel without scripts. [px]"""


def _get(
    request: HttpRequest, pk: UUID, item: UUID, *, is_removed_too: bool = False
) -> tuple[Space, Underlay]:
    space = get_space(request, pk)
    rows = Underlay.objects.select_related("space__city", "authority", "image").filter(space=space)
    if not is_removed_too:
        rows = rows.filter(removed__isnull=True)
    return space, get_readable(request.actor, rows, item)  # type: ignore[attr-defined]


@member_view
def plans(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the plans under the map of a space and take a new one."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    form = UnderlayForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        check_write(actor, space)
        if form.is_valid():
            try:
                file = form.cleaned_data["file"]
                item = underlays.add_underlay(
                    actor,
                    space,
                    read_picture(file, form.cleaned_data["page"]),
                    original_name=shown_name(file),
                    name=form.cleaned_data["name"],
                )
            except (RefusedError, InputError, LimitError) as error:
                form.add_error("file", sentence_of(error))
            else:
                return redirect("spaces:underlay", actor.authority.slug, space.pk, item.pk)
    rows = readable(actor, space.underlays.filter(removed__isnull=True)).select_related("image")
    context = space_context(request, space, "plans", form=form, underlays=rows)
    return render(request, "spaces/plans.html", context, status=422 if form.errors else 200)


@member_view
def underlay(request: HttpRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Show a plan beside the map, its points and how well they fit; take another point."""
    space, plan = _get(request, pk, item)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    scale = _scale(plan)
    point = PointForm(request.POST if request.POST.get("form") == "point" else None)
    if request.method != "POST" and "pixel.x" in request.GET:
        point = PointForm(initial=_clicked(request, scale))
    look = LookForm(
        request.POST if request.POST.get("form") == "look" else None,
        initial={
            "name": plan.name,
            "opacity": plan.opacity,
            "method": plan.fit.get("method", "similarity"),
        },
    )
    status = 200
    if request.method == "POST":
        form = point if request.POST.get("form") == "point" else look
        try:
            if form.is_valid():
                _apply(request, plan, form)
                return redirect("spaces:underlay", actor.authority.slug, space.pk, plan.pk)
        except (RefusedError, InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        status = 422
    context = space_context(
        request,
        space,
        "plans",
        plan=plan,
        point_form=point,
        look_form=look,
        points=_points(plan, scale),
        shown_width=round((plan.image.width or 1) / scale),
        map=map_view.underlay_map(request, space, plan),
    )
    return render(request, "spaces/underlay.html", context, status=status)


def _scale(plan: Underlay) -> float:
    """Return pixels of the plan for one pixel of the page."""
    return max((plan.image.width or 1) / SHOWN_WIDTH, 1.0)


def _clicked(request: HttpRequest, scale: float) -> dict[str, float]:
    try:
        return {
            "column": round(float(request.GET["pixel.x"]) * scale, 1),
            "row": round(float(request.GET.get("pixel.y", "")) * scale, 1),
        }
    except ValueError:
        return {}


def _points(plan: Underlay, scale: float) -> list[dict[str, float | int | None]]:
    misses = plan.fit.get("residuals_m", [])
    return [
        {
            "number": number,
            "column": column,
            "row": row,
            "lon": lon,
            "lat": lat,
            "miss": misses[number - 1] if number <= len(misses) else None,
            "left": round(column / scale),
            "top": round(row / scale),
        }
        for number, (column, row, lon, lat) in enumerate(plan.control_points, start=1)
    ]


def _known(plan: Underlay) -> list[dict[str, float]]:
    keys = ("column", "row", "lon", "lat")
    return [dict(zip(keys, point, strict=True)) for point in plan.control_points]


def _apply(request: HttpRequest, plan: Underlay, form: PointForm | LookForm) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    said = form.cleaned_data
    method = plan.fit.get("method", "similarity")
    if isinstance(form, PointForm):
        point = {key: said[key] for key in ("column", "row", "lon", "lat")}
        underlays.place_underlay(actor, plan, points=[*_known(plan), point], method=method)
        add_toast(request, _("The point was set."))
        return
    underlays.change_underlay(actor, plan, name=said["name"], opacity=said["opacity"])
    if said["method"] != method:
        underlays.place_underlay(actor, plan, points=_known(plan), method=said["method"])
    add_toast(request, _("Saved."))


@require_POST
@member_view
def remove_point(request: HttpRequest, pk: UUID, item: UUID, number: int) -> HttpResponse:
    """Take one point away and place the plan by the others."""
    space, plan = _get(request, pk, item)
    actor = request.actor  # type: ignore[attr-defined]
    left = [point for each, point in enumerate(_known(plan), start=1) if each != number]
    method = plan.fit.get("method", "similarity")
    try:
        underlays.place_underlay(actor, plan, points=left, method=method)
    except (RefusedError, InputError) as error:
        add_toast(request, sentence_of(error), kind="bad")
    return redirect("spaces:underlay", actor.authority.slug, space.pk, plan.pk)


@require_POST
@member_view
def remove_underlay(request: HttpRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Take a plan from under the map; the message that follows offers to undo it."""
    space, plan = _get(request, pk, item)
    actor = request.actor  # type: ignore[attr-defined]
    underlays.remove_underlay(actor, plan)
    undo = reverse("spaces:bring-back-underlay", args=[actor.authority.slug, space.pk, plan.pk])
    add_toast(request, _("“%(name)s” was removed.") % {"name": plan.name}, undo_url=undo)
    return redirect("spaces:plans", actor.authority.slug, space.pk)


@require_POST
@member_view
def bring_back_underlay(request: HttpRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Lay a removed plan under the map again."""
    space, plan = _get(request, pk, item, is_removed_too=True)
    underlays.bring_back_underlay(request.actor, plan)  # type: ignore[attr-defined]
    return redirect("spaces:plans", request.actor.authority.slug, space.pk)  # type: ignore[attr-defined]


@require_GET
@member_view
def image(request: HttpRequest, pk: UUID, item: UUID) -> Any:
    """Send the picture of a plan."""
    _space, plan = _get(request, pk, item)
    return evidence_response(plan.image, is_inline=True)
