"""The list shows what somebody may read, as list, map features and files."""

import csv
import io
import json

import pytest

from parvis_web.accounts.vocabulary import Marking
from parvis_web.spaces.models import AssessmentState


def url(town, rest=""):
    return f"/a/{town.slug}/spaces/{rest}"


def test_the_list_names_spaces_and_counts(here):
    here.space(name="Market Square")
    here.space(name="Old Harbour", state=AssessmentState.ANALYSED)
    page = here.client("reader").get(url(here)).content.decode()
    assert "Market Square" in page
    assert "Old Harbour" in page
    assert "2 public spaces" in page


def test_without_a_city_the_list_leads_to_the_import(here):
    page = here.client("coordinator").get(url(here)).content.decode()
    assert "Begin with a city" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "market"}, {"Market Square"}),
        ({"q": "élysée"}, {"ÉLYSÉE Garden"}),
        ({"kind": "garden"}, {"ÉLYSÉE Garden"}),
        ({"state": "planned"}, {"Market Square"}),
        ({"marking": "GREEN"}, {"ÉLYSÉE Garden"}),
        ({"kind": "no-such-kind"}, {"Market Square", "ÉLYSÉE Garden", "Weir"}),
        ({"mine": "on"}, {"Weir"}),
        ({"q": "market", "state": "signed"}, set()),
    ],
)
def test_filters_keep_what_they_say(here, query, expected):
    here.space(name="Market Square", state="planned", place_kind="square")
    here.space(name="ÉLYSÉE Garden", marking=Marking.GREEN, place_kind="garden")
    weir = here.space(name="Weir")
    weir.assignees.add(here.person("coordinator"))
    response = here.client("coordinator").get(url(here), {**query, "view": "table"})
    assert {space.name for space in response.context["page"]} == expected


def test_the_order_follows_the_header(here):
    here.space(name="A", area_size=10.0)
    here.space(name="B", area_size=500.0)
    response = here.client("reader").get(url(here), {"sort": "-size", "view": "table"})
    assert [space.name for space in response.context["page"]] == ["B", "A"]


def test_the_list_takes_few_queries_however_many_spaces(here, django_assert_max_num_queries):
    city = here.city()
    for number in range(60):
        here.space(city=city, name=f"Square {number}")
    client = here.client("coordinator")
    with django_assert_max_num_queries(16):
        client.get(url(here))


def test_strangers_and_other_authorities_find_nothing(here, elsewhere):
    space = here.space()
    assert elsewhere.client("owner").get(url(here)).status_code == 404
    for rest in ("overlay.geojson", "export?format=csv", f"{space.pk}/", f"{space.pk}/history/"):
        assert elsewhere.client("owner").get(url(here, rest)).status_code == 404, rest
        assert elsewhere.client("owner").get(url(elsewhere, f"{space.pk}/")).status_code == 404


def test_the_overlay_holds_only_what_may_be_read(here):
    here.space(name="Open")
    here.space(name="Strict", marking=Marking.STRICT)
    here.space(name="Red", marking=Marking.RED)
    response = here.client("reader").get(url(here, "overlay.geojson"))
    names = {each["properties"]["name"] for each in response.json()["features"]}
    assert names == {"Open"}
    assert response["Cache-Control"] == "private, no-store"
    owner = here.client("owner").get(url(here, "overlay.geojson")).json()
    assert {each["properties"]["name"] for each in owner["features"]} == {"Open", "Strict"}


def test_the_overlay_keeps_to_the_box(here):
    here.space(name="Here")
    far = {"west": 20.0, "east": 20.001, "south": 50.0, "north": 50.001}
    here.space(name="Far", **far)
    answer = here.client("reader").get(
        url(here, "overlay.geojson"), {"bbox": "9.9,49.9,10.1,50.1", "zoom": "14"}
    )
    assert [each["properties"]["name"] for each in answer.json()["features"]] == ["Here"]


def test_csv_is_marked_and_holds_no_formula(here):
    here.space(name="=HYPERLINK(1)")
    here.space(name="Strict", marking=Marking.STRICT)
    response = here.client("owner").get(url(here, "export"), {"format": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][0].startswith("TLP:AMBER+STRICT")
    assert {row[1] for row in rows[2:]} == {"'=HYPERLINK(1)", "Strict"}
    assert "attachment" in response["Content-Disposition"]


def test_geojson_is_in_degrees_and_gpkg_in_the_grid_asked_for(here, city, tmp_path):
    import pyogrio

    client = here.client("coordinator")
    answer = client.get(url(here, "export"), {"format": "geojson"})
    first = json.loads(answer.content)["features"][0]["geometry"]["coordinates"][0][0][0]
    assert abs(first[0]) <= 180
    content = client.get(url(here, "export"), {"format": "gpkg", "grid": "city"}).content
    path = tmp_path / "spaces.gpkg"
    path.write_bytes(content)
    info = pyogrio.read_info(path)
    assert info["crs"].startswith("EPSG:258")
    assert info["features"] == city.spaces.count()


def test_an_unknown_format_is_told(here):
    here.space()
    response = here.client("reader").get(url(here, "export"), {"format": "exe"})
    assert response.status_code == 400
    assert "choose CSV" in response.content.decode()


def test_guests_see_what_was_shared(here):
    shared, _other = here.space(name="Shared"), here.space(name="Other")
    here.name_on("guest", shared)
    page = here.client("guest").get(url(here)).content.decode()
    assert "Shared" in page
    assert "Other" not in page
