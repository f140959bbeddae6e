"""Pages of a city's municipal layers."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import check_read
from parvis_web.cities import queries, services
from parvis_web.cities.files import LAYER_ENDINGS, SMALL, TEXT_ENDINGS, KeptFile, keep_upload
from parvis_web.cities.forms import KIND_LABELS, LayerForm
from parvis_web.cities.models import City, CityLayer
from parvis_web.cities.rules import check_change
from parvis_web.cities.uploads import upload_view
from parvis_web.ui.errors import sentence_for, sentence_of
from parvis_web.ui.toasts import add_toast


@require_safe
@member_view
def list_(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show a city's layers in their order."""
    city = queries.get_city(request.actor, pk)
    run = queries.last_run(city)
    rows = [
        {
            "layer": layer,
            "kind": KIND_LABELS.get(layer.layer_kind, layer.layer_kind),
            "refused": [
                {"row": item["row"], "reason": sentence_for(f"layer_row_{item['reason']}", item)}
                for item in layer.facts.get("refused", ())
            ],
        }
        for layer in city.layers.filter(removed__isnull=True)
    ]
    context = {
        "city": city,
        "rows": rows,
        "run": run if run is not None and run.state != "done" else None,
        "may_change": queries.can_change(request.actor, city),
    }
    return render(request, "cities/layers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(lambda: 3 * SMALL)
def add(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a municipal file and begin to lay it over the city."""
    city = queries.get_city(request.actor, pk)
    check_change(request.actor, city)
    form = LayerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.lay_over(request.actor, city, **_given(request, form.cleaned_data))
        except (InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        else:
            return _to(request, city)
    status = 422 if form.errors else 200
    return render(request, "cities/layer_add.html", {"form": form, "city": city}, status=status)


def _given(request: ActorRequest, cleaned: dict[str, Any]) -> dict[str, Any]:
    def keep(name: str, endings: tuple[str, ...], what: str) -> KeptFile | None:
        if not cleaned.get(name):
            return None
        authority_id = request.actor.authority.pk
        return keep_upload(authority_id, cleaned[name], accepted=endings, what=what, most=SMALL)

    return {
        "file": keep("file", LAYER_ENDINGS, _("municipal layer")),
        "layer_kind": cleaned["kind"],
        "is_replacing": cleaned["is_replacing"],
        "crs": cleaned["crs"],
        "sheet": cleaned["sheet"],
        "mapping": keep("mapping", TEXT_ENDINGS, _("mapping")),
        "control_points": keep("control_points", TEXT_ENDINGS, _("table of control points")),
    }


@require_POST
@member_view
def remove(request: ActorRequest, pk: UUID, layer: UUID) -> HttpResponse:
    """Take a layer out of the city."""
    city, found = _layer(request, pk, layer)
    services.remove_layer(request.actor, found)
    undo = reverse("cities:layer-bring-back", args=[request.actor.authority.slug, pk, layer])
    text = _("%(file)s is no longer laid over the city.") % {"file": found.file_name}
    add_toast(request, text, kind="good", undo_url=undo)
    return _to(request, city)


@require_POST
@member_view
def bring_back(request: ActorRequest, pk: UUID, layer: UUID) -> HttpResponse:
    """Put a removed layer back."""
    city, found = _layer(request, pk, layer)
    services.bring_back_layer(request.actor, found)
    return _to(request, city)


def _layer(request: ActorRequest, pk: UUID, layer: UUID) -> tuple[City, CityLayer]:
    city = queries.get_city(request.actor, pk)
    found = city.layers.filter(pk=layer).select_related("city__authority").first()
    if found is None:
        raise Http404
    check_read(request.actor, found)
    return city, found


def _to(request: ActorRequest, city: City) -> HttpResponse:
    return redirect("cities:layers", request.actor.authority.slug, city.pk)
