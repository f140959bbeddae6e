"""What pages read about spaces: lists, counts, features of the map, history."""

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from parvis.city.outlines import simplified
from parvis_web.accounts.rights import Actor, readable
from parvis_web.cities.models import City
from parvis_web.spaces.models import AssessmentState, Space
from parvis_web.ui import formats

MOST_FEATURES = 3000
METRES_PER_PIXEL_AT_ZOOM_0 = 78_271.5
"""At the equator, for tiles of 512 pixels; further north a pixel shows less."""


def present_spaces(actor: Actor) -> "QuerySet[Space]":
    """Return the spaces that `actor` may know of and nobody removed."""
    # The city's authority is the space's; said twice, a database without statistics finds the way.
    rows = Space.objects.filter(
        removed__isnull=True, city__removed__isnull=True, city__authority=actor.authority
    )
    return readable(actor, rows).select_related("city")


def ready_cities(actor: Actor) -> "QuerySet[City]":
    """Return the cities of the authority that can be worked with."""
    return readable(actor, City.objects.filter(removed__isnull=True, imported__isnull=False)) | (
        readable(actor, City.objects.filter(removed__isnull=True, state="ready"))
    )


def state_counts(spaces: "QuerySet[Space]") -> list[tuple[str, str, int]]:
    """Return key, words and number of spaces for every state of work."""
    found = dict(spaces.order_by().values_list("state").annotate(Count("pk")))
    return [(key, str(label), found.get(key, 0)) for key, label in AssessmentState.choices]


def in_box(
    spaces: "QuerySet[Space]", box: tuple[float, float, float, float] | None
) -> "QuerySet[Space]":
    """Keep the spaces whose bounds meet west, south, east, north."""
    spaces = spaces.filter(area__isnull=False)
    if box is None:
        return spaces
    west, south, east, north = box
    return spaces.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


def features(
    actor: Actor, spaces: "QuerySet[Space]", *, zoom: float | None = None
) -> dict[str, Any]:
    """
    Return spaces as a GeoJSON collection for the map, largest first, `MOST_FEATURES` at most.

    Outlines carry the detail that `zoom` shows; ``is_cut`` tells that some were left out.
    """
    tolerance = 0.0 if zoom is None else METRES_PER_PIXEL_AT_ZOOM_0 / 2**zoom / 2
    rows = list(spaces.order_by("-area_size", "pk")[: MOST_FEATURES + 1])
    return {
        "type": "FeatureCollection",
        "is_cut": len(rows) > MOST_FEATURES,
        "features": [_feature(actor, space, tolerance) for space in rows[:MOST_FEATURES]],
    }


def _feature(actor: Actor, space: Space, tolerance: float) -> dict[str, Any]:
    url = reverse("spaces:detail", kwargs={"slug": actor.authority.slug, "pk": space.pk})
    return {
        "type": "Feature",
        "id": str(space.pk),
        "geometry": simplified(space.area, tolerance) if space.area else None,
        "properties": {
            "id": str(space.pk),
            "name": space.name,
            "text": _in_words(space),
            "kind": space.place_kind,
            "kind_label": space.kind_label,
            "state": space.state,
            "state_label": str(AssessmentState(space.state).label),
            "marking": space.marking,
            "size_m2": round(space.area_size) if space.area_size else None,
            "url": url,
        },
    }


def _in_words(space: Space) -> str:
    state = AssessmentState(space.state).label
    return f"{space.name}, {space.kind_label}, {formats.area(space.area_size)}, {state}"
