"""Tiles of a city's base map: ranges, single tiles, and who is sent them."""

import gzip
from pathlib import Path

import pytest
from django.urls import reverse
from tile_reading import read_tile, tiles_of

from parvis_web.accounts.vocabulary import Marking
from parvis_web.maps.queries import map_settings, tiles_path


def _address(here, city, name: str, *place: int) -> str:
    return reverse(f"maps:{name}", args=[here.slug, city.pk, *place])


@pytest.fixture
def archive(here, city):
    content = tiles_path(city).read_bytes()
    client = here.client("reader")
    address = _address(here, city, "archive")
    return content, lambda method="get", **headers: getattr(client, method)(
        address, headers=headers
    )


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-126", 0, 127), ("bytes=127-", 127, None), ("bytes=-40", -40, None)],
)
def test_one_range_is_sent_as_part(archive, asked: str, start: int, stop: int | None) -> None:
    content, ask = archive
    answer = ask(range=asked)
    part = content[start:stop]
    begins = len(content) + start if start < 0 else start
    assert (answer.status_code, answer.content) == (206, part)
    assert answer["Content-Range"] == f"bytes {begins}-{begins + len(part) - 1}/{len(content)}"
    assert answer["Content-Length"] == str(len(part))


def test_what_begins_behind_the_end_is_416(archive) -> None:
    content, ask = archive
    answer = ask(range=f"bytes={len(content)}-")
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=x-y"])
def test_other_ranges_are_answered_with_the_whole(archive, asked: str) -> None:
    content, ask = archive
    answer = ask(range=asked)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer["Accept-Ranges"] == "bytes"


def test_head_tells_size_and_sends_nothing(archive) -> None:
    content, ask = archive
    answer = ask("head", range="bytes=0-10")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(len(content))


def test_a_range_of_an_older_state_is_answered_with_the_whole(archive) -> None:
    _, ask = archive
    etag = ask()["ETag"]
    fresh = ask(range="bytes=0-9", if_range=etag)
    old = ask(range="bytes=0-9", if_range='"older"')
    dated = ask(range="bytes=0-9", if_range="Sat, 01 Jan 2022 00:00:00 GMT")
    assert (fresh.status_code, old.status_code, dated.status_code) == (206, 200, 200)
    assert ask(if_none_match=etag).status_code == 304


def test_a_web_server_in_front_sends_the_file(archive, settings, here, city) -> None:
    settings.PARVIS_ACCEL_PREFIX = "/kept/"
    _, ask = archive
    answer = ask(range="bytes=0-9")
    owner, place = here.authority.pk, f"cities/{city.store}/base.pmtiles"
    expected = "/".join(("/kept/authorities", str(owner), "home", place))
    assert (answer["X-Accel-Redirect"], answer.content) == (expected, b"")


def test_a_tile_holds_the_streets_of_its_ground(here, city, tmp_path: Path) -> None:
    (zoom, x, y), content = max(tiles_of(tiles_path(city)).items(), key=lambda item: len(item[1]))
    client = here.client("reader")
    address = _address(here, city, "tile", zoom, x, y)
    packed = client.get(address, headers={"accept-encoding": "gzip, br"})
    plain = client.get(address)
    assert packed["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain
    assert gzip.decompress(packed.content) == plain.content == content
    assert packed["ETag"] != plain["ETag"]
    assert "Ash Street" in read_tile(plain.content, tmp_path)["streets"].columns["name"]
    again = client.get(address, headers={"if-none-match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_tiles_are_kept_where_the_address_names_their_state(here, city) -> None:
    (zoom, x, y) = next(iter(tiles_of(tiles_path(city))))
    address = map_settings(city, here.slug)["tiles"].format(z=zoom, x=x, y=y)
    client = here.client("reader")
    assert client.get(address)["Cache-Control"] == "private, max-age=604800"
    assert client.get(address.split("?")[0])["Cache-Control"] == "private, no-cache"


def test_empty_ground_is_204_and_no_ground_404(here, city) -> None:
    client = here.client("reader")
    assert client.get(_address(here, city, "tile", 14, 0, 0)).status_code == 204
    assert client.get(_address(here, city, "tile", 3, 8, 0)).status_code == 404
    assert client.get(_address(here, city, "tile", 99, 0, 0)).status_code == 404


def test_a_map_not_made_yet_is_404(here, city) -> None:
    tiles_path(city).unlink()
    client = here.client("owner")
    assert client.get(_address(here, city, "archive")).status_code == 404
    assert client.get(_address(here, city, "tile", 14, 0, 0)).status_code == 404
    assert set(map_settings(city, here.slug)) == {"bounds"}


def test_a_new_map_is_sent_as_soon_as_it_is_there(archive, city) -> None:
    content, ask = archive
    before = ask()["ETag"]
    fresh = tiles_path(city).with_name("fresh")
    fresh.write_bytes(content + b"more")
    fresh.replace(tiles_path(city))
    assert ask().content == content + b"more"
    assert ask()["ETag"] != before


@pytest.mark.parametrize("name", ["archive", "tile"])
@pytest.mark.parametrize("role", ["owner", "coordinator", "assessor", "analyst", "reader"])
def test_every_role_sees_the_open_ground(here, city, role: str, name: str) -> None:
    place = [14, 0, 0] if name == "tile" else []
    assert here.client(role).get(_address(here, city, name, *place)).status_code in (200, 204)


@pytest.mark.parametrize("name", ["archive", "tile"])
def test_strangers_and_other_authorities_get_404(here, city, make_town, name: str) -> None:
    place = [14, 0, 0] if name == "tile" else []
    other = make_town("elsewhere")
    assert here.client("stranger").get(_address(here, city, name, *place)).status_code == 404
    assert other.client("owner").get(_address(here, city, name, *place)).status_code == 404
    assert other.client("owner").get(_address(other, city, name, *place)).status_code == 404


def test_a_guest_of_a_space_sees_the_ground_around_it(here, city) -> None:
    here.name_on("guest", here.space(city=city))
    assert here.client("guest").get(_address(here, city, "tile", 14, 0, 0)).status_code == 204


def test_a_restricted_city_is_for_those_who_may_read_it(here, city) -> None:
    city.marking = Marking.RED
    city.save()
    address = _address(here, city, "tile", 14, 0, 0)
    assert here.client("reader").get(address).status_code == 404
    here.name_on("guest", here.space(city=city))
    assert here.client("guest").get(address).status_code == 404


def test_no_path_comes_from_the_address(here, city) -> None:
    client = here.client("owner")
    base = f"/a/{here.slug}/maps/{city.pk}"
    for path in ("../../city.json", "..%2fcity.json", "city.json", "base.pmtiles/../city.json"):
        assert client.get(f"{base}/{path}").status_code == 404


def test_a_tile_costs_few_queries(here, city, django_assert_max_num_queries) -> None:
    client = here.client("reader")
    address = _address(here, city, "tile", 14, 0, 0)
    client.get(address)
    with django_assert_max_num_queries(4):
        client.get(address)
