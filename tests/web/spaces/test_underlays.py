"""Plans are laid under the map by points; errors show; the picture is sent safely."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from web.spaces.service_examples import degrees, laid, points, square_of

from parvis.errors import InputError
from parvis_web.spaces import services_underlays as underlays
from parvis_web.spaces.models import Underlay


@pytest.fixture
def plan(here, files):
    return laid(here)


def at(town, plan, rest=""):
    return f"/a/{town.slug}/spaces/{plan.space_id}/plans/{plan.pk}/{rest}"


def test_two_points_place_a_plan_and_a_third_checks_it(here, plan):
    actor = here.actor("coordinator")
    placed = underlays.place_underlay(actor, plan, points=points(2))
    assert not placed.fit["is_checked"]
    assert placed.fit["metres_per_pixel"] == pytest.approx(0.1, rel=1e-3)
    west, north = placed.fit["corners"][0]
    assert (west, north) == pytest.approx(degrees(0, 30), abs=1e-6)
    checked = underlays.place_underlay(actor, plan, points=points(3))
    assert checked.fit["is_checked"]
    assert checked.fit["rms_m"] < 0.01


def test_a_point_on_the_wrong_place_shows_as_error(here, plan):
    placed = underlays.place_underlay(here.actor("owner"), plan, points=points(4, wrong=8.0))
    assert max(placed.fit["residuals_m"]) > 2.0


def test_one_point_is_kept_and_places_nothing(here, plan):
    kept = underlays.place_underlay(here.actor("owner"), plan, points=points(1))
    assert len(kept.control_points) == 1
    assert "corners" not in kept.fit


def test_points_too_close_together_are_refused_and_the_placing_before_stays(here, plan):
    actor = here.actor("owner")
    underlays.place_underlay(actor, plan, points=points(3))
    same = [points(1)[0], points(1)[0]]
    with pytest.raises(InputError):
        underlays.place_underlay(actor, plan, points=same)
    plan.refresh_from_db()
    assert len(plan.control_points) == 3


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (900, 600), "white").save(stream, "PNG")
    return stream.getvalue()


def test_a_plan_is_added_clicked_and_placed_through_the_pages(here, files):
    space = square_of(here)
    client = here.client("coordinator")
    address = f"/a/{here.slug}/spaces/{space.pk}/plans/"
    answer = client.post(address, {"file": SimpleUploadedFile("plan.png", png()), "page": 1})
    plan = Underlay.objects.get()
    assert answer["Location"] == at(here, plan)
    page = client.get(at(here, plan), {"pixel.x": "560", "pixel.y": "0"})
    assert page.context["point_form"].initial == {"column": 900.0, "row": 0.0}
    lon, lat = degrees(90, 60)
    place = json.dumps({"type": "Point", "coordinates": [lon, lat]})
    said = {"form": "point", "column": "900", "row": "0", "place": place}
    after_the_click = f"{at(here, plan)}?pixel.x=560&pixel.y=0"
    assert client.post(after_the_click, said).status_code == 302
    lon, lat = degrees(0, 0)
    said = {"form": "point", "column": "0", "row": "600", "lon": lon, "lat": lat}
    assert client.post(at(here, plan), said).status_code == 302
    plan.refresh_from_db()
    assert plan.fit["metres_per_pixel"] == pytest.approx(0.1, rel=1e-3)
    client.post(at(here, plan, "points/1/remove/"))
    plan.refresh_from_db()
    assert len(plan.control_points) == 1


def test_the_picture_is_shown_safely_and_not_to_others(here, elsewhere, plan):
    sent = here.client("reader").get(at(here, plan, "image/"))
    sent.close()
    assert sent["Content-Type"] == "image/png"
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent["Content-Security-Policy"]
    assert elsewhere.client("owner").get(at(here, plan, "image/")).status_code == 404


def test_removing_a_plan_is_undone(here, plan):
    client = here.client("coordinator")
    client.post(at(here, plan, "remove/"))
    assert client.get(at(here, plan, "image/")).status_code == 404
    client.post(at(here, plan, "bring-back/"))
    sent = client.get(at(here, plan, "image/"))
    sent.close()
    assert sent.status_code == 200


def test_what_is_no_picture_is_told(here, files):
    space = square_of(here)
    file = SimpleUploadedFile("plan.pdf", b"no plan")
    address = f"/a/{here.slug}/spaces/{space.pk}/plans/"
    answer = here.client("coordinator").post(address, {"file": file, "page": 1})
    assert answer.status_code == 422
    assert "plan.pdf" in answer.content.decode()
