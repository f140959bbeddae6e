"""Pages that change a temporary layout: barriers get a place, layouts leave and come back."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import member_view
from parvis_web.accounts.rights import check_write
from parvis_web.spaces import services_layouts as services
from parvis_web.spaces.forms_layout import PlaceForm
from parvis_web.spaces.layouts import get_layout
from parvis_web.spaces.map_view import layout_map
from parvis_web.spaces.views import get_space, space_context
from parvis_web.spaces.views_area import sentence_of
from parvis_web.ui.toasts import add_toast

if TYPE_CHECKING:
    from parvis.events.layout import Unplaced
    from parvis_web.spaces.models import Space


def barrier_shown(barrier: "Unplaced") -> dict[str, Any]:
    """Return what pages say of a barrier that waits for a place."""
    return {
        "id": barrier.id,
        "kind": barrier.kind,
        "address": barrier.address,
        "count": barrier.count,
        "length": None if barrier.length != barrier.length else barrier.length,
        "rating": barrier.rating,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@member_view
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a barrier known by its address its place: on the map, or typed."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    layout = get_layout(space, request.GET.get("layout", ""))
    id_ = request.GET.get("barrier", "")
    barrier = next((each for each in layout.unplaced if each.id == id_), None)
    if barrier is None:
        raise Http404
    shown = barrier_shown(barrier)
    sent = request.POST if request.method == "POST" else None
    form = PlaceForm(sent, initial={"length": shown["length"]})
    if form.is_valid():
        try:
            services.place_barrier(
                actor,
                space,
                layout=layout.name,
                barrier=id_,
                places=form.cleaned_data["places"],
                length=form.size,
            )
        except (InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        else:
            undo = _address(space, "take-off", layout.name, barrier=id_)
            text = _("%(barrier)s stands on the plan.") % {"barrier": id_}
            add_toast(request, text, undo_url=undo)
            return redirect("spaces:layouts", actor.authority.slug, space.pk)
    context = space_context(
        request,
        space,
        "layouts",
        form=form,
        layout=layout,
        barrier=shown,
        map=layout_map(request, space, layout, barrier),
    )
    return render(request, "spaces/layout_place.html", context, status=422 if form.errors else 200)


@require_POST
@member_view
def take_off(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a placed barrier off the plan again."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    name, id_ = request.GET.get("layout", ""), request.GET.get("barrier", "")
    try:
        services.take_off_plan(actor, space, layout=name, barrier=id_)
    except InputError as error:
        add_toast(request, sentence_of(error), kind="warn")
    else:
        add_toast(request, _("%(barrier)s waits for a place again.") % {"barrier": id_})
    return redirect("spaces:layouts", actor.authority.slug, space.pk)


@require_POST
@member_view
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a layout away; the message that follows offers to undo it."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    name = request.GET.get("layout", "")
    services.remove_layout(actor, space, layout=name)
    undo = _address(space, "bring-back", name)
    add_toast(request, _("“%(name)s” was removed.") % {"name": name}, undo_url=undo)
    return redirect("spaces:layouts", actor.authority.slug, space.pk)


@require_POST
@member_view
def bring_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a removed layout back."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    name = request.GET.get("layout", "")
    try:
        services.bring_back_layout(actor, space, layout=name)
    except InputError as error:
        add_toast(request, sentence_of(error), kind="warn")
    else:
        add_toast(request, _("“%(name)s” is back.") % {"name": name})
    return redirect("spaces:layouts", actor.authority.slug, space.pk)


def _address(space: "Space", page: str, layout: str, **more: str) -> str:
    path = reverse(f"spaces:layout-{page}", args=[space.authority.slug, space.pk])
    return f"{path}?{urlencode({'layout': layout, **more})}"
