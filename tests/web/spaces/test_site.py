"""What is found on site is previewed, entered, shown and withdrawn; sheets are read back."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image
from web.spaces.service_examples import degrees, entered, finding, square_of

from parvis.io.corrections import list_corrections
from parvis_web.accounts.rights import NotAllowed
from parvis_web.config.data import library_home
from parvis_web.spaces import services_corrections as corrections
from parvis_web.spaces.models import Evidence, LocalCorrection


@pytest.fixture
def space(here, files):
    return square_of(here)


def at(town, space, rest="site/"):
    return f"/a/{town.slug}/spaces/{space.pk}/{rest}"


def stored(space):
    home = library_home(space.authority_id)
    return list_corrections(space.city.store, home=home)


def form(**changes):
    lon, lat = degrees(-2, 15)
    values = {"kind": "bollard", "there": "yes", "method": "tape", "date": "2026-01-02"}
    values |= {"person": "A. Surveyor", "value": "1.1", "lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}
    return values | changes


def test_a_finding_changes_the_city_and_its_state(here, space):
    before = space.city.state_hash
    client = here.client("coordinator")
    assert client.post(at(here, space, "site/enter/"), form()).status_code == 302
    item = LocalCorrection.objects.get()
    assert item.facts["osm"] == "node/51"
    assert item.facts["grade"] == "A"
    assert [row["id"] for row in stored(space)] == [item.store_id]
    space.city.refresh_from_db()
    assert space.city.state_hash != before
    page = client.get(at(here, space)).content.decode()
    assert "A. Surveyor" in page


def test_a_finding_set_on_the_map_needs_no_typing(here, space):
    lon, lat = degrees(-2, 15)
    place = json.dumps({"type": "Point", "coordinates": [lon, lat]})
    client = here.client("coordinator")
    answer = client.post(at(here, space, "site/enter/"), form(lon="", lat="", place=place))
    assert answer.status_code == 302
    assert LocalCorrection.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"value": "fifty"}, "a length above 0"),
        ({"rating": "strong"}, "a rating in a known notation"),
        ({"lon": "", "lat": ""}, "Set the place on the map"),
        ({"lon": "3", "lat": "3"}, "cannot be used"),
        ({"kind": "gap", "value": ""}, "a length in metres"),
        ({"date": "2999-01-01"}, "not after"),
    ],
)
def test_a_finding_that_cannot_be_used_says_why_and_stores_nothing(here, space, changes, told):
    client = here.client("coordinator")
    answer = client.post(at(here, space, "site/enter/"), form(**changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not LocalCorrection.objects.exists()
    assert stored(space) == []


def test_entering_the_same_twice_changes_nothing(here, space):
    client = here.client("coordinator")
    client.post(at(here, space, "site/enter/"), form())
    answer = client.post(at(here, space, "site/enter/"), form())
    assert answer.status_code == 422
    assert "entered already" in answer.content.decode()


def test_a_withdrawn_correction_is_out_of_force_and_can_be_entered_again(here, space):
    actor = here.actor("coordinator")
    item = corrections.enter_corrections(actor, space, rows=finding(space))[0]
    client = here.client("coordinator")
    client.post(at(here, space, f"site/{item.pk}/withdraw/"))
    assert stored(space) == []
    corrections.enter_corrections(actor, space, rows=finding(space))
    assert len(stored(space)) == 1


def photo_with_place() -> bytes:
    stream = io.BytesIO()
    image = Image.new("RGB", (80, 60), "red")
    exif = Image.Exif()
    exif[0x010F] = "Camera Maker"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def test_a_photo_is_kept_without_camera_and_place_and_sent_as_attachment(here, space):
    assert b"Camera Maker" in photo_with_place()
    file = SimpleUploadedFile("../../IMG<1>.jpg", photo_with_place())
    client = here.client("coordinator")
    answer = client.post(at(here, space, "site/enter/"), form(photo=file))
    assert answer.status_code == 302
    item = Evidence.objects.get()
    assert item.original_name == "IMG<1>.jpg"
    sent = client.get(at(here, space, f"evidence/{item.pk}/"))
    content = b"".join(sent.streaming_content)
    sent.close()
    assert b"Camera Maker" not in content
    assert b"Exif" not in content
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent["Content-Security-Policy"]
    assert sent["Cache-Control"] == "private, no-store"


def test_a_script_called_a_photo_is_refused(here, space):
    file = SimpleUploadedFile("photo.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    client = here.client("coordinator")
    answer = client.post(at(here, space, "site/enter/"), form(photo=file))
    assert answer.status_code == 422
    assert not Evidence.objects.exists()
    assert not LocalCorrection.objects.exists()


def sheet(*rows) -> SimpleUploadedFile:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=["number", *form()])
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("measured.csv", stream.getvalue().encode())


def test_a_sheet_is_shown_row_by_row_before_anything_is_written(here, space):
    good, bad = form(number="M1"), form(number="M2", method="guess")
    blank = form(number="M3", value="", there="")
    client = here.client("coordinator")
    answer = client.post(at(here, space, "site/sheet/"), {"file": sheet(good, bad, blank)})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 new correction" in page
    assert "guess" in page
    assert "1 row not filled in" in page
    assert stored(space) == []
    answer = client.post(
        at(here, space, "site/sheet/confirm/"), {"rows": answer.context["token"]}, follow=True
    )
    assert len(stored(space)) == 1
    assert LocalCorrection.objects.get().facts["person"] == "A. Surveyor"


def test_rows_looked_at_by_somebody_else_or_changed_are_not_entered(here, space):
    looked = here.client("coordinator").post(
        at(here, space, "site/sheet/"), {"file": sheet(form(number="M1"))}
    )
    for role, token in (("owner", looked.context["token"]), ("coordinator", "tampered")):
        here.client(role).post(at(here, space, "site/sheet/confirm/"), {"rows": token})
    assert stored(space) == []


def test_a_sheet_without_the_columns_is_told_by_its_name(here, space):
    file = SimpleUploadedFile("prices.csv", b"item,price\nbread,2\n")
    answer = here.client("coordinator").post(at(here, space, "site/sheet/"), {"file": file})
    assert answer.status_code == 422
    assert "prices.csv" in answer.content.decode()


def test_readers_look_and_do_not_enter(here, elsewhere, space):
    page = here.client("reader").get(at(here, space)).content.decode()
    assert 'action="/a' not in page.split("<main")[1]
    assert here.client("reader").post(at(here, space, "site/enter/"), form()).status_code == 403
    assert elsewhere.client("owner").get(at(here, space)).status_code == 404
    with pytest.raises(NotAllowed):
        corrections.enter_corrections(here.actor("reader"), space, rows=finding(space))


def test_another_authority_cannot_reach_a_correction(here, elsewhere, files):
    item = entered(here)
    with pytest.raises(Http404):
        corrections.withdraw_correction(elsewhere.actor("owner"), item)
