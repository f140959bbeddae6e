"""Layouts of a market are taken from its files whole or not at all, read, and printed."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from web.spaces.service_examples import market_files, square_of

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
        ({"geometry": SimpleUploadedFile("plan.dwg", b"AC1032")}, "not read; use one of .dxf"),
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
