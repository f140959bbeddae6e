"""Pages of public spaces: the list with its map, one space, its history, small changes."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.panels import marking_context, share_context
from parvis_web.accounts.rights import can_write, check_write
from parvis_web.cities.models import City
from parvis_web.comments.panel import comments_context
from parvis_web.publishing.queries import text_about
from parvis_web.spaces import map_view, queries, services
from parvis_web.spaces.exports import export_spaces
from parvis_web.spaces.filters import filter_form
from parvis_web.spaces.forms import AssigneesForm, NameForm, StateForm
from parvis_web.spaces.history import history_of
from parvis_web.spaces.models import Space
from parvis_web.spaces.overview import overview_of
from parvis_web.spaces.rules import RefusedError, can_assign, can_draw
from parvis_web.ui.toasts import add_toast

PAGE_SIZE = 40
EXPORT_FORMATS = (("xlsx", "XLSX"), ("csv", "CSV"), ("geojson", "GeoJSON"), ("gpkg", "GeoPackage"))
GRID_FORMATS = tuple(entry for entry in EXPORT_FORMATS if entry[0] != "geojson")


def get_space(request: HttpRequest, pk: UUID, *, is_removed_too: bool = False) -> Space:
    """Return a space the person may read, or 404; reads of restricted ones are recorded."""
    rows = Space.objects.select_related("city", "authority")
    if not is_removed_too:
        rows = rows.filter(removed__isnull=True)
    return get_readable(request.actor, rows, pk)  # type: ignore[attr-defined]


def space_context(request: HttpRequest, space: Space, tab: str, **more: Any) -> dict[str, Any]:
    """Return what every tab of a space's page needs."""
    actor = request.actor  # type: ignore[attr-defined]
    return {"space": space, "current_tab": tab, "may_write": can_write(actor, space)} | more


@require_GET
@member_view
def space_list(request: HttpRequest) -> HttpResponse:
    """Show the public spaces as list and map, or as a wide table."""
    actor = request.actor  # type: ignore[attr-defined]
    present = queries.present_spaces(actor)
    filters = filter_form(request)
    found = filters.apply(present)
    states = queries.state_counts(present)
    n_all = sum(n for _key, _label, n in states)
    paginator = Paginator(found, PAGE_SIZE)
    if not filters.is_narrowed:
        paginator.count = n_all
    page = paginator.get_page(request.GET.get("page"))
    is_table = request.GET.get("view") == "table"
    cities = list(queries.ready_cities(actor))
    shown = _map_city(page.object_list, cities, filters.chosen.get("city"))
    context = {
        "export_formats": EXPORT_FORMATS,
        "grid_formats": GRID_FORMATS,
        "filters": filters,
        "page": page,
        "n_all": n_all,
        "n_found": page.paginator.count,
        "states": states,
        "is_table": is_table,
        "may_draw": can_draw(actor) and bool(cities),
        "cities": cities,
        "query": _query_without(request, "view", "page"),
        "map": map_view.list_map(request, shown, filters) if shown and not is_table else None,
    }
    return render(request, "spaces/list.html", context)


def _map_city(listed: Iterable[Space], cities: Sequence[City], chosen: City | None) -> City | None:
    """Return the city of the map beside the list: the one asked for, else the first listed."""
    if chosen is not None:
        return chosen
    return next((space.city for space in listed), cities[0] if cities else None)


@require_GET
@member_view
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say in short what a space chosen on the map is."""
    return render(request, "spaces/card.html", {"space": get_space(request, pk)})


def _query_without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


@require_GET
@member_view
def overlay(request: HttpRequest) -> HttpResponse:
    """Return the spaces of the list as features for the map, within the part it shows."""
    actor = request.actor  # type: ignore[attr-defined]
    found = filter_form(request).apply(queries.present_spaces(actor))
    found = queries.in_box(found, _box(request.GET.get("bbox", "")))
    zoom = _number(request.GET.get("zoom", ""))
    response = JsonResponse(queries.features(actor, found, zoom=zoom))
    response["Content-Type"] = "application/geo+json"
    response["Cache-Control"] = "private, no-store"
    return response


def _box(text: str) -> tuple[float, float, float, float] | None:
    parts = [_number(part) for part in text.split(",")]
    if len(parts) != 4 or any(part is None for part in parts):
        return None
    west, south, east, north = (float(part or 0) for part in parts)
    return west, south, east, north


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -400 < value < 400 else None


@require_GET
@member_view
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as a file."""
    actor = request.actor  # type: ignore[attr-defined]
    found = filter_form(request).apply(queries.present_spaces(actor))
    try:
        return export_spaces(
            actor,
            list(found),
            ending=request.GET.get("format", ""),
            grid=request.GET.get("grid", "wgs84"),
        )
    except RefusedError as refused:
        return render(request, "400.html", {"sentence": refused.sentence}, status=400)


@require_GET
@member_view
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is known of a space and what to do next."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    context = space_context(
        request,
        space,
        "overview",
        overview=overview_of(actor, space),
        **share_context(actor, space),
        **marking_context(actor, space),
        **comments_context(actor, space),
        may_assign=can_assign(actor, space),
        may_remove=can_write(actor, space),
        may_publish=actor.is_editor,
        public_text=text_about(actor, space) if actor.is_editor else None,
        map=map_view.space_map(request, space),
    )
    return render(request, "spaces/detail.html", context)


@require_GET
@member_view
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who did what with a space, and the outlines it had."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    if actor.is_guest:
        raise Http404
    context = space_context(
        request,
        space,
        "history",
        events=history_of(actor, space),
        versions=space.area_versions.select_related("created_by"),
    )
    return render(request, "spaces/history.html", context)


@member_view
def settings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename a space, set its state, assign people, remove it."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    name = NameForm(initial={"name": space.name, "version": space.version})
    state = StateForm(initial={"state": space.state})
    people = AssigneesForm(actor, space) if can_assign(actor, space) else None
    status = 200
    if request.method == "POST":
        asked = request.POST.get("form")
        try:
            if asked == "name" and (name := NameForm(request.POST)).is_valid():
                services.rename_space(actor, space, **name.cleaned_data)
                return _done(request, space, _("The space was renamed."))
            if asked == "state" and (state := StateForm(request.POST)).is_valid():
                services.set_state(actor, space, **state.cleaned_data)
                return _done(request, space, _("The state of work was set."))
            if asked == "people":
                people = AssigneesForm(actor, space, request.POST)
                if people.is_valid():
                    services.assign_people(actor, space, people=people.cleaned_data["people"])
                    return _done(request, space, _("The people assigned were changed."))
        except RefusedError as refused:
            target = {"name": name, "state": state, "people": people}.get(asked or "") or name
            target.add_error(None, refused.sentence)
        status = 422
    context = space_context(
        request, space, "settings", name_form=name, state_form=state, people_form=people
    )
    return render(request, "spaces/settings.html", context, status=status)


def _done(request: HttpRequest, space: Space, sentence: str) -> HttpResponse:
    add_toast(request, sentence)
    return redirect("spaces:detail", request.actor.authority.slug, space.pk)  # type: ignore[attr-defined]


@require_POST
@member_view
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a space off the list; the message that follows offers to undo it."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    services.remove_space(actor, space)
    undo = reverse("spaces:bring-back", args=[actor.authority.slug, space.pk])
    add_toast(request, _("“%(name)s” was removed.") % {"name": space.name}, undo_url=undo)
    return redirect("spaces:list", actor.authority.slug)


@require_POST
@member_view
def bring_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a removed space on the list again."""
    space = get_space(request, pk, is_removed_too=True)
    services.bring_back_space(request.actor, space)  # type: ignore[attr-defined]
    return _done(request, space, _("The space is back on the list."))


@require_POST
@member_view
def restore_area(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Take an earlier outline of a space again."""
    space = get_space(request, pk)
    version = request.POST.get("version", "")
    try:
        services.restore_area(
            request.actor,  # type: ignore[attr-defined]
            space,
            number=number,
            version=int(version) if version.isdigit() else space.version,
        )
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
        return redirect("spaces:history", request.actor.authority.slug, space.pk)  # type: ignore[attr-defined]
    return _done(request, space, _("The earlier outline was taken again."))
