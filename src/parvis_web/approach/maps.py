"""What do the maps of results show: layers over the town, and the picture in their place."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.approach.vehicles import load_vehicle_classes, vehicle_class_keys
from parvis.report.wording import Wording
from parvis_web.accounts.access import ActorRequest
from parvis_web.approach import kept
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.maps.queries import around, map_settings
from parvis_web.spaces.models import Space
from parvis_web.ui.maps import Drawing, MapSettings, Overlay, Tool

LAYERS = {
    "area": ("protected_area",),
    "people-line": ("people_line",),
    "perimeter": ("perimeter",),
    "points": ("access_point",),
    "survey": ("survey",),
    "enclosed": ("enclosed", "cannot_close"),
    "numbers": ("line_number",),
    "lines": ("closure_lines", "barrier_elements"),
}
"""Layers of a result's overlay by the name they are asked for with."""


def result_map(request: ActorRequest, item: Analysis | ClosurePlan) -> MapSettings:
    """Return the map of a result."""
    slug, space = request.actor.authority.slug, item.space
    names = [slug, space.pk, item.pk]
    if isinstance(item, Analysis):
        label = _("Map of %(space)s with its numbered access points")
        picture = reverse("approach:picture", args=names)
        overlays = _analysis_layers(item, reverse("approach:overlay", args=names), names)
    else:
        label = _("Map of %(space)s with the numbered lines of the plan")
        picture = reverse("approach:closure-picture", args=names)
        overlays = _closure_layers(reverse("approach:closure-overlay", args=names))
    base = map_settings(space.city, slug, around(space))
    bounds = base.get("bounds")
    return MapSettings(
        label=label % {"space": space.name},
        tiles=base.get("tiles", ""),
        bounds=tuple(bounds) if bounds else None,
        overlays=overlays,
        picture=picture,
    )


def line_map(request: ActorRequest, space: Space) -> MapSettings:
    """Return the map on which the line people are kept behind is drawn."""
    base = map_settings(space.city, request.actor.authority.slug, around(space))
    bounds = base.get("bounds")
    area = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": space.area, "properties": {"id": "area"}}],
    }
    return MapSettings(
        label=_("Map to draw the line people are kept behind"),
        tiles=base.get("tiles", ""),
        bounds=tuple(bounds) if bounds else None,
        overlays=[Overlay("area", "area", _("Protected area"), data=area, is_fitted=True)],
        drawing=Drawing(
            "id_people_line", [Tool("line", "polygon", _("Line people are kept behind"))], limit=1
        ),
        picture=base.get("picture", ""),
    )


def _analysis_layers(item: Analysis, url: str, names: list[object]) -> list[Overlay]:
    point = reverse("approach:point", args=[*names, 0]).replace("/points/0/", "/points/__id__/")
    layers = [
        Overlay("area", "area", _("Protected area"), f"{url}?layer=area", is_fitted=True),
        Overlay(
            "perimeter",
            "perimeter",
            _("Attainable speed along the outline"),
            f"{url}?layer=perimeter",
            is_selectable=True,
        ),
        Overlay(
            "points",
            "access-points",
            _("Access points"),
            f"{url}?layer=points",
            select_url=point,
            select_target="#point",
        ),
        Overlay(
            "survey",
            "facts",
            _("What to check on site"),
            f"{url}?layer=survey",
            is_selectable=True,
            is_hidden=True,
        ),
    ]
    if item.question.get("people_line"):
        label = _("Line people are kept behind")
        layers.insert(1, Overlay("people-line", "facts", label, f"{url}?layer=people-line"))
    return layers


def _closure_layers(url: str) -> list[Overlay]:
    return [
        Overlay("enclosed", "facts", _("Ground the lines enclose"), f"{url}?layer=enclosed"),
        Overlay("area", "area", _("Protected area"), f"{url}?layer=area"),
        Overlay(
            "lines",
            "barriers",
            _("Lines and their elements"),
            f"{url}?layer=lines",
            is_selectable=True,
            is_fitted=True,
        ),
        Overlay("numbers", "facts", _("Numbers of the lines"), f"{url}?layer=numbers"),
    ]


def vehicle_names(keys: Iterable[str]) -> list[str]:
    """Return names of vehicle classes in the reader's language."""
    wording = Wording(kept.report_language())
    known = {entry.key: entry.name for entry in load_vehicle_classes(vehicle_class_keys())}
    return [wording.vehicle(key, known.get(key, key)) for key in keys]
