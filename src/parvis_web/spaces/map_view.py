"""What do the maps of spaces show: settings for the map element, built in one place."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from parvis_web.cities.models import City
from parvis_web.spaces.filters import SpaceFilterForm
from parvis_web.spaces.models import Space
from parvis_web.spaces.queries import bounds_of


def _frame(request: HttpRequest, city: City | None, bounds: Any, **settings: Any) -> dict[str, Any]:
    """Return settings of the element, and the picture that stands in for it."""
    slug = request.actor.authority.slug  # type: ignore[attr-defined]
    style = _url("maps:style", slug, city.pk) if city else None
    picture = _url("maps:picture", slug, city.pk) if city else None
    settings = {"style": style, "bounds": bounds} | settings
    if picture and bounds:
        picture += "?bbox=" + ",".join(f"{value:.6f}" for value in bounds)
    return {"settings": settings, "picture": picture, "alt": city.name if city else ""}


def _url(name: str, *arguments: Any) -> str | None:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return None


def list_map(
    request: HttpRequest, cities: Sequence[City], filters: SpaceFilterForm
) -> dict[str, Any]:
    """Return the map beside the list."""
    chosen = filters.chosen.get("city")
    shown = [chosen] if chosen else list(cities)
    query = request.GET.copy()
    query.pop("page", None)
    url = reverse("spaces:overlay", args=[request.actor.authority.slug])  # type: ignore[attr-defined]
    overlay = f"{url}?{query.urlencode()}" if query else url
    return _frame(request, shown[0] if shown else None, bounds_of(shown), overlay=overlay)


def space_map(request: HttpRequest, space: Space) -> dict[str, Any]:
    """Return the map of one space."""
    return _frame(request, space.city, bounds_of([space]), area=space.area)


def draw_map(
    request: HttpRequest, city: City, outline: Any, space: Space | None = None
) -> dict[str, Any]:
    """Return the map on which an outline is drawn."""
    return _frame(request, city, bounds_of([space or city]), outline=outline)
