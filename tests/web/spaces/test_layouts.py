"""Layouts of a market are taken from its files whole or not at all, read, and printed."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from web.spaces.service_examples import LINE, market, market_files, square_of

from parvis.io.layouts import list_layouts
from parvis_web.audit.models import AuditEvent
from parvis_web.config.data import library_home


@pytest.fixture
def square(here):
    return square_of(here)


def address(town, space, page=""):
    return f"/a/{town.slug}/spaces/{space.pk}/layouts/{page}"


def bring(town, space, folder: Path, role="coordinator", **fields):
    files = market_files(folder, items=fields.pop("items", ("S1",)))
    uploads = {
        name: SimpleUploadedFile(path.name, path.read_bytes()) for name, path in files.items()
    }
    data = {"name": "Christmas market"} | uploads | fields
    return town.client(role).post(address(town, space), data)


def kept(space):
    return list_layouts(space.city.store, home=library_home(space.authority_id))


def test_a_layout_is_taken_told_phase_by_phase_and_printed(here, square, tmp_path):
    assert bring(here, square, tmp_path).status_code == 302
    (layout,) = kept(square)
    assert (layout.name, layout.space_id) == ("christmas-market", square.store_id)
    assert AuditEvent.objects.filter(action="layout.add").count() == 1
    client = here.client("reader")
    page = client.get(address(here, square)).content.decode()
    assert "christmas-market" in page
    assert "2,000" in page
    assert "Take the layout" not in page
    for sheet, start in (("order-list", b"PK"), ("phases", b"BEGIN:VCALENDAR")):
        said = {"layout": "christmas-market", "sheet": sheet}
        answer = client.get(address(here, square, "sheet/"), said)
        assert answer.content.startswith(start)
        assert "attachment" in answer["Content-Disposition"]


def test_a_schedule_that_names_what_nobody_drew_is_refused_whole(here, square, tmp_path):
    answer = bring(here, square, tmp_path, items=("S1", "S2", "S3"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "S2" in text
    assert "S3" in text
    assert "is not drawn in plan.geojson" in text
    assert kept(square) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "…"}, "letters or digits"),
        ({"geometry": SimpleUploadedFile("plan.dwg", b"AC1032")}, "save it as DXF"),
        ({"schedule": SimpleUploadedFile("plan.xlsx", b"PK broken")}, "plan.xlsx"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_form(here, square, tmp_path, fields, says):
    answer = bring(here, square, tmp_path, **fields)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert kept(square) == []


def test_who_may_not_write_brings_no_layout(here, square, tmp_path):
    assert bring(here, square, tmp_path, role="reader").status_code == 403
    assert kept(square) == []


def test_a_sheet_of_no_layout_is_not_there_and_the_empty_schedule_is(here, square):
    client = here.client("reader")
    said = {"layout": "../xmas", "sheet": "order-list"}
    assert client.get(address(here, square, "sheet/"), said).status_code == 404
    assert client.get(address(here, square, "sheet/"), {"sheet": "schedule"}).status_code == 200


def test_another_authority_reaches_no_layout(here, elsewhere, square, tmp_path):
    bring(here, square, tmp_path)
    said = {"layout": "christmas-market", "sheet": "order-list"}
    client = elsewhere.client("owner")
    assert client.get(address(elsewhere, square)).status_code == 404
    assert client.get(address(elsewhere, square, "sheet/"), said).status_code == 404


def place(town, space, role="coordinator", barrier="P1", layout="xmas", **fields):
    query = {"layout": layout, "barrier": barrier}
    return town.client(role).post(address(town, space, "place/"), fields, query_params=query)


def change(town, space, page, role="coordinator", **query):
    query = {"layout": "xmas"} | query
    return town.client(role).post(address(town, space, f"{page}/"), query_params=query)


def drawn(places):
    return json.dumps({"type": "LineString", "coordinates": places})


@pytest.fixture
def placing(here):
    return market(here)


def test_a_barrier_without_a_place_is_put_on_the_plan_and_taken_off_again(here, placing):
    client = here.client("coordinator")
    page = client.get(address(here, placing)).content.decode()
    assert "Place P1" in page
    query = {"layout": "xmas", "barrier": "P1"}
    asked = client.get(address(here, placing, "place/"), query)
    assert asked.status_code == 200
    assert "id_path" in asked.content.decode()
    assert place(here, placing, path=drawn(LINE)).status_code == 302
    (layout,) = kept(placing)
    assert [item.id for item in layout.items] == ["S1", "P1-1", "P1-2", "P1-3"]
    assert layout.unplaced == ()
    assert "Take P1 off the plan" in client.get(address(here, placing)).content.decode()
    assert change(here, placing, "take-off", barrier="P1").status_code == 302
    assert [each.id for each in kept(placing)[0].unplaced] == ["P1"]
    actions = AuditEvent.objects.filter(action__startswith="layout.").values_list("action")
    assert {action for (action,) in actions} == {
        "layout.add",
        "layout.place-barrier",
        "layout.take-off-plan",
    }


def test_a_place_can_be_typed_instead(here, placing):
    typed = "\n".join(f"{lon}, {lat}" for lon, lat in LINE)
    assert place(here, placing, coordinates=typed, length="1.5").status_code == 302
    assert kept(placing)[0].unplaced == ()


def test_a_place_that_cannot_be_used_is_said_and_nothing_changes(here, placing):
    for fields, says in (
        ({}, "Set the place on the map"),
        ({"path": "{"}, "Set the place on the map"),
        ({"path": drawn(LINE[:1])}, "give the line they stand on"),
        ({"coordinates": "here"}, "here"),
        ({"path": drawn(LINE), "length": "9"}, "Draw a longer one"),
        ({"coordinates": "7.42, 43.73\n7.43, 43.73", "length": "1"}, "outside"),
    ):
        answer = place(here, placing, **fields)
        assert (fields, answer.status_code) == (fields, 422)
        assert says in answer.content.decode()
    assert [each.id for each in kept(placing)[0].unplaced] == ["P1"]


def test_a_layout_is_removed_and_brought_back(here, placing):
    assert change(here, placing, "remove").status_code == 302
    assert kept(placing) == []
    page = here.client("coordinator").get(address(here, placing)).content.decode()
    assert "Bring xmas back" in page
    assert change(here, placing, "bring-back").status_code == 302
    assert [layout.name for layout in kept(placing)] == ["xmas"]
    assert change(here, placing, "bring-back").status_code == 404


def test_who_may_not_write_changes_no_layout_and_others_find_none(here, elsewhere, placing):
    query = {"layout": "xmas", "barrier": "P1"}
    for town, role, status in ((here, "reader", 403), (elsewhere, "owner", 404)):
        client = town.client(role)
        for page in ("place", "take-off", "remove", "bring-back"):
            to = address(town, placing, f"{page}/")
            answer = client.post(to, {"path": drawn(LINE)}, query_params=query)
            assert (page, answer.status_code) == (page, status)
    assert [each.id for each in kept(placing)[0].unplaced] == ["P1"]


def test_what_no_layout_has_is_not_there(here, placing):
    assert place(here, placing, barrier="P9").status_code == 404
    assert place(here, placing, layout="../xmas").status_code == 404
    assert change(here, placing, "remove", layout="summer").status_code == 404
    assert change(here, placing, "take-off", barrier="S1").status_code == 302
    assert len(kept(placing)[0].items) == 1
