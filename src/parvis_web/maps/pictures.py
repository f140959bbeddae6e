"""Pictures of the map for pages without WebGL: drawn once, kept beside the authority's files."""

import hashlib
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

import shapely
from django.core.cache import cache

import parvis
from parvis.io.store import load_base
from parvis_web.accounts.rights import Actor
from parvis_web.cities.models import City
from parvis_web.config.data import authority_folder, library_home
from parvis_web.maps.queries import get_tiles

MOST_KEPT = 400
"""Pictures kept per authority; the oldest go first."""

MOST_DRAWN, PERIOD = 60, 600
"""New pictures that one person is drawn, in so many seconds."""

_PATIENCE = 20.0
_ONE_AT_A_TIME = threading.Lock()


class BusyError(Exception):
    """Too many new pictures are asked for at once."""


@dataclass(frozen=True)
class Shot:
    """
    What a picture shows.

    Attributes
    ----------
    bounds : tuple of float
        West, south, east, north. [deg]
    width, height : int
        [px]
    theme : {"light", "dark", "print"}
    language : {"en", "fr", "pl"}
    outline : str
        GeoJSON of an area drawn on it, "" for none.
    """

    bounds: tuple[float, float, float, float]
    width: int
    height: int
    theme: str
    language: str
    outline: str = ""


def picture(actor: Actor, city: City, shot: Shot) -> tuple[str, bytes]:
    """
    Return a picture's digest of inputs and its PNG, drawn if it is not there yet.

    Raises
    ------
    BusyError
    django.http.Http404
        Where the city's base map was not made yet.
    """
    said = (parvis.__version__, get_tiles(city).digest, shot)
    key = hashlib.sha256(repr(said).encode()).hexdigest()
    kept = authority_folder(city.authority_id) / "pictures" / f"{key}.png"
    if kept.is_file():
        return key, kept.read_bytes()
    _count(actor)
    if not _ONE_AT_A_TIME.acquire(timeout=_PATIENCE):
        raise BusyError
    try:
        if not kept.is_file():
            _keep(kept, _drawn(city, shot))
    finally:
        _ONE_AT_A_TIME.release()
    return key, kept.read_bytes()


def _drawn(city: City, shot: Shot) -> bytes:
    from parvis.report.map_picture import map_picture

    store = load_base(city.store, home=library_home(city.authority_id))
    return map_picture(
        store,
        shot.bounds,
        width=shot.width,
        height=shot.height,
        theme=shot.theme,
        language=shot.language,
        outline=shapely.from_geojson(shot.outline) if shot.outline else None,
    )


def _count(actor: Actor) -> None:
    key = f"maps.pictures.{actor.authority.pk}.{actor.user.pk if actor.user else ''}"
    if not cache.add(key, 1, PERIOD) and cache.incr(key) > MOST_DRAWN:
        raise BusyError


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    draft.write_bytes(content)
    draft.replace(path)
    ordered = sorted(os.scandir(path.parent), key=lambda entry: entry.stat().st_mtime_ns)
    for entry in ordered[: max(len(ordered) - MOST_KEPT, 0)]:
        Path(entry.path).unlink(missing_ok=True)
