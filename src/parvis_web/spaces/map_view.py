"""What do the maps of spaces show: settings for the map element, built in one place."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis_web.cities.models import City
from parvis_web.maps.queries import around, map_settings
from parvis_web.spaces.filters import SpaceFilterForm
from parvis_web.spaces.models import Space
from parvis_web.spaces.uploads import epsg_of
from parvis_web.ui.maps import Drawing, MapSettings, Overlay, Tool, Underlay, url_for_each

LIST_ZOOM = 15
"""Outlines of the list's map carry the detail of this zoom."""


def _base(city: City, slug: str, bounds: Sequence[float] | None) -> dict[str, Any]:
    known = map_settings(city, slug, bounds)
    return {
        "tiles": known.get("tiles", ""),
        "bounds": tuple(known["bounds"]) if "bounds" in known else None,
        "picture": known.get("picture", ""),
    }


def _slug(request: HttpRequest) -> str:
    return str(request.actor.authority.slug)  # type: ignore[attr-defined]


def collection(geometry: Any, **properties: Any) -> dict[str, Any]:
    """Return one geometry as a feature collection."""
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return {"type": "FeatureCollection", "features": [feature] if geometry else []}


def list_map(request: HttpRequest, city: City, filters: SpaceFilterForm) -> MapSettings:
    """Return the map beside the list."""
    query = request.GET.copy()
    for name in ("page", "view", "sort"):
        query.pop(name, None)
    query["zoom"] = str(LIST_ZOOM)
    query["city"] = str(city.pk)
    slug = _slug(request)
    overlay = Overlay(
        "spaces",
        "spaces",
        _("Public spaces"),
        url=f"{reverse('spaces:overlay', args=[slug])}?{query.urlencode()}",
        select_url=url_for_each("spaces:card", slug),
        select_target="#space-card",
        is_fitted=filters.is_narrowed,
    )
    label = _("Map of the public spaces of %(city)s") % {"city": city.name}
    return MapSettings(label=label, overlays=[overlay], **_base(city, slug, None))


def _area_overlay(space: Space) -> Overlay:
    return Overlay("area", "area", _("Protected area"), data=collection(space.area), is_fitted=True)


def space_map(request: HttpRequest, space: Space) -> MapSettings:
    """Return the map of one space, over the plan that lies under it if there is one."""
    base = _base(space.city, _slug(request), around(space))
    if base["picture"]:
        base["picture"] += f"&space={space.pk}"
    return MapSettings(
        label=_("Map of %(name)s") % {"name": space.name},
        overlays=[_area_overlay(space)],
        underlay=underlay_of(request, space),
        **base,
    )


def draw_map(request: HttpRequest, city: City, space: Space | None = None) -> MapSettings:
    """Return the map on which an outline is drawn into the form's hidden field."""
    tool = Tool("area", "polygon", _("Draw an outline"))
    return MapSettings(
        label=_("Map to draw on"),
        drawing=Drawing("id_outline", [tool]),
        underlay=underlay_of(request, space) if space else None,
        **_base(city, _slug(request), around(space) if space else None),
    )


def site_map(
    request: HttpRequest,
    space: Space,
    facts: Sequence[Any],
    entered: Sequence[Any],
    *,
    may_enter: bool,
) -> MapSettings:
    """Return the map of what to verify and what was entered; a new finding may be set on it."""
    places = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [fact.lon, fact.lat]},
            "properties": {
                "id": fact.number,
                "label": fact.number,
                "text": f"{fact.number}: {fact.what}, {fact.where}, {fact.used}",
            },
        }
        for fact in facts
    ] + [
        {
            "type": "Feature",
            "geometry": item.facts["geometry"],
            "properties": {"id": str(item.pk), "label": item.kind_label, "text": item.kind_label},
        }
        for item in entered
    ]
    overlays = [
        _area_overlay(space),
        Overlay(
            "facts",
            "facts",
            _("Facts and corrections"),
            data={"type": "FeatureCollection", "features": places},
            is_selectable=True,
        ),
    ]
    tool = Tool("place", "point", _("Set the place of a finding"))
    return MapSettings(
        label=_("Map of what to verify"),
        overlays=overlays,
        drawing=Drawing("point_place", [tool], limit=1) if may_enter else None,
        **_base(space.city, _slug(request), around(space)),
    )


def layout_map(request: HttpRequest, space: Space, layout: Any, barrier: Any) -> MapSettings:
    """Return the map on which a barrier of a layout is given its place, between what stands."""
    from parvis.io.layout_json import in_degrees

    epsg = epsg_of(space.city)
    standing = [
        {
            "type": "Feature",
            "geometry": in_degrees(thing.geometry, epsg),
            "properties": {"id": thing.id, "text": thing.id, "state": "existing"},
        }
        for thing in (*layout.items, *layout.gates)
    ]
    overlays = [
        _area_overlay(space),
        Overlay(
            "layout",
            "barriers",
            _("What stands on the plan"),
            data={"type": "FeatureCollection", "features": standing},
        ),
    ]
    if barrier.near is not None:
        near = collection(in_degrees(barrier.near, epsg), label=barrier.id, text=barrier.address)
        overlays.append(Overlay("address", "facts", _("Its address"), data=near))
    line = Tool(
        "line",
        "line",
        _("Draw the line it stands on"),
        _("Click from end to end; a click on the last corner ends the line."),
    )
    point = Tool("place", "point", _("Set its place"))
    return MapSettings(
        label=_("Map to place the barrier on"),
        overlays=overlays,
        drawing=Drawing("id_path", [point, line] if barrier.count == 1 else [line], limit=1),
        underlay=underlay_of(request, space),
        **_base(space.city, _slug(request), around(space)),
    )


def underlay_of(request: HttpRequest, space: Space) -> Underlay | None:
    """Return the plan laid under the maps of a space, the latest that was placed."""
    from parvis_web.accounts.rights import readable

    actor = request.actor  # type: ignore[attr-defined]
    rows = readable(actor, space.underlays.filter(removed__isnull=True)).order_by("-created")
    for item in rows:
        if item.fit.get("corners"):
            corners = tuple(tuple(corner) for corner in item.fit["corners"])
            url = reverse("spaces:underlay-image", args=[_slug(request), space.pk, item.pk])
            return Underlay(url, corners, item.opacity)  # type: ignore[arg-type]
    return None


def underlay_map(request: HttpRequest, space: Space, plan: Any) -> MapSettings:
    """Return the map on which the places of a plan's points are set, numbered as on the plan."""
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"id": str(number), "label": str(number), "text": str(number)},
        }
        for number, (_column, _row, lon, lat) in enumerate(plan.control_points, start=1)
    ]
    places = {"type": "FeatureCollection", "features": points}
    shown = None
    if plan.fit.get("corners"):
        corners = tuple(tuple(corner) for corner in plan.fit["corners"])
        url = reverse("spaces:underlay-image", args=[_slug(request), space.pk, plan.pk])
        shown = Underlay(url, corners, plan.opacity)  # type: ignore[arg-type]
    tool = Tool("place", "point", _("Set the same place on the map"))
    return MapSettings(
        label=_("Map to set the points of the plan on"),
        overlays=[_area_overlay(space), Overlay("points", "facts", _("Points"), data=places)],
        drawing=Drawing("id_place", [tool], limit=1),
        underlay=shown,
        **_base(space.city, _slug(request), around(space)),
    )
