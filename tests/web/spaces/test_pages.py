"""The pages of a space: overview, history, outline and settings."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis_web.accounts.vocabulary import Marking
from parvis_web.spaces.models import Space

from .conftest import moved


def at(town, space, rest=""):
    return f"/a/{town.slug}/spaces/{space.pk}/{rest}"


def test_the_overview_says_what_to_do_next(here, square):
    page = here.client("coordinator").get(at(here, square)).content.decode()
    assert square.name in page
    assert "What to do next" in page
    assert "Not analysed yet" in page


def test_the_overview_takes_few_queries(here, square, django_assert_max_num_queries):
    client = here.client("coordinator")
    with django_assert_max_num_queries(30):
        assert client.get(at(here, square)).status_code == 200


def test_restricted_spaces_need_the_second_factor(here):
    space = here.space(marking=Marking.STRICT)
    assert here.client("owner", second_factor=False).get(at(here, space)).status_code == 302
    assert here.client("owner").get(at(here, space)).status_code == 200
    assert here.client("reader").get(at(here, space)).status_code == 404


def test_the_history_names_who_did_what(here, square):
    client = here.client("coordinator")
    client.post(at(here, square, "settings/"), {"form": "state", "state": "analysed"})
    page = client.get(at(here, square, "history/")).content.decode()
    assert "State of work set" in page
    assert f"coordinator of {here.authority.name}" in page


def test_guests_get_no_history(here, square):
    here.name_on("guest", square)
    assert here.client("guest").get(at(here, square)).status_code == 200
    assert here.client("guest").get(at(here, square, "history/")).status_code == 404


def test_readers_cannot_open_the_editors(here, square):
    for rest in ("area/", "settings/"):
        assert here.client("reader").get(at(here, square, rest)).status_code == 403


def test_an_outline_is_saved_from_the_map(here, square):
    client, area = here.client("coordinator"), moved(square)
    data = {"version": 1, "outline": json.dumps(area)}
    assert client.post(at(here, square, "area/"), data).status_code == 302
    square.refresh_from_db()
    assert square.area == area


def test_an_outline_is_typed_without_a_map(here, square):
    area = moved(square)
    text = "\n".join(f"{x}, {y}" for x, y in area["coordinates"][0])
    client = here.client("coordinator")
    data = {"version": 1, "coordinates": text, "grid": "wgs84"}
    assert client.post(at(here, square, "area/"), data).status_code == 302
    square.refresh_from_db()
    assert square.area == area
    assert square.area_versions.first().origin == "text"


def test_a_slip_in_typed_coordinates_names_the_line(here, square):
    client = here.client("coordinator")
    data = {"version": 1, "coordinates": "10.0, 50.0\nten, fifty"}
    answer = client.post(at(here, square, "area/"), data)
    assert answer.status_code == 422
    assert "Line 2" in answer.content.decode()


def test_an_outline_is_read_from_a_file(here, square):
    area = moved(square)
    content = json.dumps({"type": "Feature", "properties": {}, "geometry": area})
    file = SimpleUploadedFile("quay.geojson", content.encode())
    client = here.client("coordinator")
    answer = client.post(at(here, square, "area/"), {"version": 1, "file": file})
    assert answer.status_code == 302
    square.refresh_from_db()
    assert square.area == area
    assert square.area_versions.first().file_name == "quay.geojson"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("quay.exe", b"MZ", "This kind of file is not read"),
        ("quay.geojson", b"{", "quay.geojson"),
        ("../../etc/quay.gpkg", b"nothing", "quay.gpkg"),
    ],
)
def test_a_file_that_holds_no_outline_is_told_by_its_name(here, square, name, content, told):
    file = SimpleUploadedFile(name, content)
    client = here.client("coordinator")
    answer = client.post(at(here, square, "area/"), {"version": 1, "file": file})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    square.refresh_from_db()
    assert square.version == 1


def test_a_change_meanwhile_is_told(here, square):
    Space.objects.filter(pk=square.pk).update(version=2)
    client = here.client("coordinator")
    data = {"version": 1, "outline": json.dumps(moved(square))}
    answer = client.post(at(here, square, "area/"), data)
    assert answer.status_code == 422
    assert "Somebody changed this space" in answer.content.decode()


def test_an_area_is_drawn_anywhere_in_a_city(here, city, square):
    client = here.client("coordinator")
    assert client.get(f"/a/{here.slug}/spaces/new/").status_code == 200
    data = {"name": "Quay", "city": str(city.pk), "outline": json.dumps(moved(square))}
    answer = client.post(f"/a/{here.slug}/spaces/new/", data)
    space = Space.objects.get(name="Quay")
    assert answer["Location"] == at(here, space)


def test_another_authoritys_city_cannot_be_drawn_in(here, elsewhere, city, square):
    elsewhere.city(imported="2026-01-01T00:00:00Z")
    data = {"name": "Quay", "city": str(city.pk), "outline": json.dumps(moved(square))}
    answer = elsewhere.client("owner").post(f"/a/{elsewhere.slug}/spaces/new/", data)
    assert answer.status_code == 422
    assert not Space.objects.filter(name="Quay").exists()


@pytest.mark.parametrize(("role", "is_offered"), [("owner", True), ("analyst", False)])
def test_editors_find_the_way_to_tell_the_public(here, square, role, is_offered):
    from parvis_web.publishing.models import PublicEntry

    client, address = here.client(role), f"/a/{here.slug}/spaces/{square.pk}/"
    page = client.get(address).content.decode()
    assert (f"/a/{here.slug}/public/spaces/{square.pk}/" in page) is is_offered
    entry = PublicEntry.objects.create(authority=here.authority, space=square)
    page = client.get(address).content.decode()
    assert (f"/a/{here.slug}/public/texts/{entry.pk}/" in page) is is_offered
