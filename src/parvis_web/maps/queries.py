"""Where the map of a city lies and what a page tells its map about it."""

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


def base_map(city: City, slug: str) -> dict[str, Any] | None:
    """
    Return what a map needs to draw a city's ground, None where its tiles were not made yet.

    Returns
    -------
    dict or None
        ``tiles`` (address with ``{z}``, ``{x}``, ``{y}``), ``minzoom``, ``maxzoom``, ``bounds``
        (west, south, east, north; [deg]) and ``attribution``, named as in a vector source of
        MapLibre.
    """
    try:
        archive = open_tiles(tiles_path(city))
    except FileNotFoundError:
        return None
    address = reverse("maps:tile", args=[slug, city.pk, 0, 0, 0]).removesuffix("0/0/0.mvt")
    return {
        "tiles": [f"{address}{{z}}/{{x}}/{{y}}.mvt?v={version_of(archive)}"],
        "minzoom": archive.min_zoom,
        "maxzoom": archive.max_zoom,
        "bounds": [city.west, city.south, city.east, city.north],
        "attribution": ATTRIBUTION,
    }
