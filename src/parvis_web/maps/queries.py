"""Where the map of a city lies and what a page tells its map about it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from parvis.city.appearance import ATTRIBUTION
from parvis.io.tiles_archive import TileArchive, base_tiles_path, open_tiles
from parvis_web.accounts.rights import Actor
from parvis_web.cities.models import City
from parvis_web.config.data import library_home
from parvis_web.maps.rules import check_base_map
from parvis_web.spaces.models import Space

AROUND = 0.6
"""Ground shown on each side of a space, as a share of its extent."""


def get_map_city(actor: Actor, pk: UUID) -> City:
    """
    Return a city whose base map `actor` may see.

    Raises
    ------
    django.http.Http404
    parvis_web.accounts.rights.NotAllowed
    """
    city = City.objects.filter(authority=actor.authority, pk=pk, removed__isnull=True).first()
    if city is None:
        raise Http404
    check_base_map(actor, city)
    return city


def tiles_path(city: City) -> Path:
    """Return where the base map of `city` lies, whether it was made or not."""
    return base_tiles_path(city.store, home=library_home(city.authority_id))


def get_tiles(city: City) -> TileArchive:
    """
    Return the base map of `city`.

    Raises
    ------
    django.http.Http404
        Where it was not made yet.
    """
    try:
        return open_tiles(tiles_path(city))
    except FileNotFoundError as problem:
        raise Http404 from problem


def version_of(archive: TileArchive) -> str:
    """Return what tells one state of a base map from another in addresses."""
    return archive.digest[:16]


def map_settings(city: City, slug: str, bounds: Sequence[float] | None = None) -> dict[str, Any]:
    """
    Return what ``<parvis-map>`` needs to draw the ground of a city.

    Parameters
    ----------
    city : City
    slug : str
        Of the authority.
    bounds : sequence of float, optional
        What to show first: west, south, east, north; the whole city by default. [deg]

    Returns
    -------
    dict
        ``tiles``, ``attribution``, ``bounds`` and ``picture``. Without ``tiles`` and ``picture``
        where the base map was not made yet, without ``bounds`` where they are not known.
    """
    shown = list(bounds or city_bounds(city) or ())
    settings: dict[str, Any] = {"bounds": shown} if shown else {}
    try:
        archive = open_tiles(tiles_path(city))
    except FileNotFoundError:
        return settings
    address = reverse("maps:tile", args=[slug, city.pk, 0, 0, 0]).removesuffix("0/0/0.mvt")
    settings["tiles"] = f"{address}{{z}}/{{x}}/{{y}}.mvt?v={version_of(archive)}"
    settings["attribution"] = ATTRIBUTION
    if shown:
        box = ",".join(f"{degrees:.6f}" for degrees in shown)
        settings["picture"] = f"{reverse('maps:picture', args=[slug, city.pk])}?bbox={box}"
    return settings


def city_bounds(city: City) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of a city's data, None before its import. [deg]."""
    west, south, east, north = city.west, city.south, city.east, city.north
    if west is None or south is None or east is None or north is None:
        return None
    return west, south, east, north


def around(space: Space) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of the ground a space is shown in. [deg]."""
    west, south, east, north = space.west, space.south, space.east, space.north
    if west is None or south is None or east is None or north is None:
        return None
    across, up = AROUND * (east - west), AROUND * (north - south)
    return west - across, south - up, east + across, north + up
