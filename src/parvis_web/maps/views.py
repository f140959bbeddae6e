"""A city's base map: tile by tile, as ranges of the whole archive, as a picture."""

import gzip
import json
from pathlib import Path
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from parvis.io.tiles_archive import TileArchive, open_tiles
from parvis_web.accounts.access import ActorRequest, get_readable, member_view
from parvis_web.approach.kept import report_language
from parvis_web.cities.models import City
from parvis_web.config.data import sent_by_server
from parvis_web.maps.forms import PictureForm
from parvis_web.maps.passes import known_path, let_through
from parvis_web.maps.pictures import PERIOD, BusyError, Shot
from parvis_web.maps.pictures import picture as picture_of
from parvis_web.maps.queries import (
    around,
    city_bounds,
    get_map_city,
    get_tiles,
    tiles_path,
    version_of,
)
from parvis_web.maps.ranges import UnsatisfiableError, asked_range
from parvis_web.spaces.models import Space

KEPT = "private, max-age=604800"
ASKED_AGAIN = "private, no-cache"
NOT_KEPT = "private, no-store"
PMTILES = "application/vnd.pmtiles"


@require_safe
def tile(request: HttpRequest, slug: str, city_id: UUID, z: int, x: int, y: int) -> HttpResponse:
    """Return one vector tile; 204 where the map is empty."""
    path = known_path(request, slug, city_id)
    if path is None:
        return _checked_tile(request, slug, city_id=city_id, z=z, x=x, y=y)
    return _tile(request, path, z, x, y)


@member_view
def _checked_tile(request: ActorRequest, city_id: UUID, z: int, x: int, y: int) -> HttpResponse:
    path = tiles_path(get_map_city(request.actor, city_id))
    response = _tile(request, path, z, x, y)
    let_through(request, request.actor.authority.slug, city_id, path)
    return response


def _tile(request: HttpRequest, path: Path, z: int, x: int, y: int) -> HttpResponse:
    try:
        archive = open_tiles(path)
    except FileNotFoundError as problem:
        raise Http404 from problem
    try:
        content = archive.tile(z, x, y)
    except ValueError as problem:
        raise Http404 from problem
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    version = version_of(archive)
    etag = quote_etag(version if is_packed else f"{version}-plain")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    elif content is None:
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(
            content if is_packed else gzip.decompress(content),
            content_type="application/vnd.mapbox-vector-tile",
        )
        if is_packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = KEPT if request.GET.get("v") == version else ASKED_AGAIN
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response


@require_safe
@member_view
def archive(request: ActorRequest, city_id: UUID) -> HttpResponse:
    """Return the archive of a city's base map, whole or one range of it."""
    city = get_map_city(request.actor, city_id)
    content = get_tiles(city)
    response = sent_by_server(tiles_path(city), PMTILES)
    if response is None:
        response = _content(request, content)
        response["Accept-Ranges"] = "bytes"
        response["ETag"] = quote_etag(content.digest)
    response["Cache-Control"] = ASKED_AGAIN
    patch_vary_headers(response, ["Cookie"])
    return response


def _content(request: HttpRequest, archive: TileArchive) -> HttpResponse:
    etag, size = quote_etag(archive.digest), len(archive)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified()
    header = request.headers.get("Range", "")
    if request.method == "HEAD" or request.headers.get("If-Range", etag) != etag:
        header = ""
    try:
        asked = asked_range(header, size)
    except UnsatisfiableError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if asked is None:
        return HttpResponse(archive.read(0, size), content_type=PMTILES)
    response = HttpResponse(archive.read(asked.start, asked.stop), content_type=PMTILES, status=206)
    response["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{size}"
    return response


@require_safe
@member_view
def picture(request: ActorRequest, city_id: UUID) -> HttpResponse:
    """Return a part of the map as PNG, with the outline of one space where it is asked for."""
    city = get_map_city(request.actor, city_id)
    form = PictureForm(request.GET)
    if not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return HttpResponse("\n".join(sentences), status=400, content_type="text/plain")
    space = _space(request, city, form.cleaned_data["space"])
    bounds = form.cleaned_data["bbox"] or (around(space) if space else city_bounds(city))
    if bounds is None:
        raise Http404
    shot = Shot(
        bounds=bounds,
        width=form.cleaned_data["width"],
        height=form.cleaned_data["height"],
        theme=form.cleaned_data["theme"],
        language=report_language(),
        outline=json.dumps(space.area, sort_keys=True) if space and space.area else "",
    )
    try:
        key, content = picture_of(request.actor, city, shot)
    except BusyError:
        return HttpResponse(status=503, headers={"Retry-After": str(PERIOD // 10)})
    etag = quote_etag(key)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = NOT_KEPT if space else ASKED_AGAIN
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _space(request: ActorRequest, city: City, pk: UUID | None) -> Space | None:
    if pk is None:
        return None
    return get_readable(request.actor, city.spaces.filter(removed__isnull=True), pk)
