"""Fill a database for the load: authorities, spaces, signed-in people with sessions and tokens."""

import json
import os
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import django

AUTHORITIES = 250
SPACES = 200
ZOOM = 16


def main(n_people: int) -> None:
    django.setup()
    from django.utils import timezone

    from parvis_web.accounts.models import Authority, Membership, User
    from parvis_web.accounts.rights import Actor
    from parvis_web.accounts.services.tokens import create_token
    from parvis_web.accounts.vocabulary import Role
    from parvis_web.cities.models import City, CityState
    from parvis_web.config.data import library_home
    from parvis_web.operation.rows import renew_statistics
    from parvis_web.spaces.models import Space

    store, bounds, tiles = _town()
    authorities = Authority.objects.bulk_create(
        Authority(name=f"Town {i:03}", slug=f"town-{i:03}") for i in range(AUTHORITIES)
    )
    cities = City.objects.bulk_create(
        City(
            authority=authority,
            name=authority.name,
            store="town",
            state=CityState.READY,
            imported=timezone.now(),
            west=bounds[0],
            south=bounds[1],
            east=bounds[2],
            north=bounds[3],
        )
        for authority in authorities
    )
    west, south, east, north = bounds
    width, height = (east - west) / 25, (north - south) / 25
    spaces = []
    for city in cities:
        for i in range(SPACES):
            x, y = west + (i % 20) * width, south + (i // 20) * height
            ring = [[x, y], [x + width / 2, y], [x + width / 2, y + height / 2], [x, y]]
            spaces.append(
                Space(
                    authority_id=city.authority_id,
                    city=city,
                    name=f"Place {i:03}",
                    place_kind="drawn",
                    is_drawn=True,
                    area={"type": "Polygon", "coordinates": [ring]},
                    area_size=1000.0,
                    west=x,
                    south=y,
                    east=x + width / 2,
                    north=y + height / 2,
                    marking="GREEN",
                )
            )
    Space.objects.bulk_create(spaces, batch_size=500)
    people = []
    for authority, city in list(zip(authorities, cities, strict=True))[:n_people]:
        user = User.objects.create_user(f"coordinator@{authority.slug}.example")
        Membership.objects.create(authority=authority, user=user, role=Role.COORDINATOR)
        home = library_home(authority.pk) / "cities"
        home.mkdir(parents=True, exist_ok=True)
        shutil.copytree(store, home / "town", copy_function=os.link)
        own = Space.objects.filter(authority=authority)[:3]
        actor = Actor(authority, user, Role.COORDINATOR, has_second_factor=True)
        _token, text = create_token(
            actor,
            name="load",
            scopes=["write"],
            ends_on=timezone.localdate() + timedelta(days=1),
        )
        start = f"/a/{authority.slug}"
        people.append(
            {
                "cookie": _cookie(user),
                "token": text,
                "space": str(own[0].pk),
                "pages": [
                    f"{start}/spaces/",
                    f"{start}/spaces/?q=Place+1",
                    *(f"{start}/spaces/{space.pk}/" for space in own),
                ],
                "tiles": [f"{start}/maps/{city.pk}/{z}/{x}/{y}.mvt" for z, x, y in tiles],
            }
        )
    renew_statistics()
    print(json.dumps(people))


def _town() -> tuple[Path, tuple[float, float, float, float], list[tuple[int, int, int]]]:
    """Import the fictional town once, with its tiles; return its folder, bounds and tiles."""
    from pmtiles.reader import MmapSource, Reader

    from parvis.city.town import make_town
    from parvis.io.osm import import_city
    from parvis.io.osm_writer import write_osm
    from parvis.io.store import load_city, save_city
    from parvis.io.tiles import write_base_tiles

    folder = Path(os.environ["PARVIS_DATA"]) / "load-town"
    with tempfile.TemporaryDirectory() as drafts:
        extract = Path(drafts) / "town.osm.pbf"
        write_osm(make_town(seed=1, size="medium"), extract)
        save_city(import_city(extract, name="town"), home=folder)
    store = folder / "cities" / "town"
    archive = store / "base.pmtiles"
    write_base_tiles(load_city("town", home=folder), archive)
    with archive.open("rb") as file:
        reader = Reader(MmapSource(file))
        header = reader.header()
        bounds = tuple(
            header[f"{name}_e7"] / 1e7 for name in ("min_lon", "min_lat", "max_lon", "max_lat")
        )
        tiles = [
            (z, x, y)
            for z in (14, 15, ZOOM)
            for x, y in _tiles_in(bounds, z)
            if reader.get(z, x, y) is not None
        ]
    return store, bounds, tiles


def _cookie(user: object) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _tiles_in(bounds: tuple[float, ...], zoom: int) -> list[tuple[int, int]]:
    import math

    def tile(lon: float, lat: float) -> tuple[int, int]:
        n = 2**zoom
        y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
        return int((lon + 180) / 360 * n), int(y * n)

    (west, north), (east, south) = tile(bounds[0], bounds[3]), tile(bounds[2], bounds[1])
    return [(x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


if __name__ == "__main__":
    main(int(sys.argv[1]))
