"""What do the maps of results show: settings for the map element, and the picture in its place."""

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from parvis.approach.vehicles import load_vehicle_classes, vehicle_class_keys
from parvis.report.wording import Wording
from parvis_web.accounts.access import ActorRequest
from parvis_web.approach import kept
from parvis_web.approach.models import Analysis, ClosurePlan

MARGIN = 0.0006
"""Ground shown around a space. [degrees]"""


def result_map(request: ActorRequest, item: Analysis | ClosurePlan) -> dict[str, Any]:
    """Return the settings of the map of a result, and what stands for it without scripts."""
    slug, space = request.actor.authority.slug, item.space
    names = [slug, space.pk, item.pk]
    if isinstance(item, Analysis):
        settings = {
            "overlay": reverse("approach:overlay", args=names),
            "point": reverse("approach:point", args=[*names, 0]),
        }
        picture = reverse("approach:picture", args=names)
        alt = _("Map of %(space)s with numbered access points; the table holds the same figures.")
    else:
        settings = {"overlay": reverse("approach:closure-overlay", args=names)}
        picture = reverse("approach:closure-picture", args=names)
        alt = _("Map of %(space)s with numbered lines; the table holds the same figures.")
    settings |= {"style": _style(slug, space.city_id), "bounds": _bounds(item)}
    return {"settings": settings, "picture": picture, "alt": alt % {"space": space.name}}


def vehicle_names(keys: Iterable[str]) -> list[str]:
    """Return names of vehicle classes in the reader's language."""
    wording = Wording(kept.report_language())
    known = {entry.key: entry.name for entry in load_vehicle_classes(vehicle_class_keys())}
    return [wording.vehicle(key, known.get(key, key)) for key in keys]


def _style(slug: str, city: Any) -> str | None:
    try:
        return reverse("maps:style", args=[slug, city])
    except NoReverseMatch:
        return None


def _bounds(item: Analysis | ClosurePlan) -> list[float] | None:
    space = item.space
    if None in (space.west, space.south, space.east, space.north):
        return None
    west, south, east, north = space.west, space.south, space.east, space.north
    return [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN]
