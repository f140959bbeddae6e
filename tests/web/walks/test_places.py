"""What goes along of the ground, and what becomes of a width that was measured there."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from web.approach.conftest import make_place
from web.assessments.service_examples import begun
from web.privacy.service_examples import values
from web.walks.conftest import copy_of, picture

from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.approach.models import Analysis
from parvis_web.audit.models import AuditEvent
from parvis_web.privacy.services import delete_data, enter_dataset
from parvis_web.spaces.models import Evidence, LocalCorrection, Underlay
from parvis_web.spaces.services_evidence import keep_evidence
from parvis_web.spaces.storage import evidence_path
from parvis_web.walks.models import WalkCopy, WalkWidth, WidthState


@pytest.fixture
def place(here):
    found = make_place(here)
    found.analysed()
    return found


@pytest.fixture
def assessment(here, place):
    return begun(here, "site-vulnerability", space=place.space)


@pytest.fixture
def walk(assessment, device):
    found = device(assessment)
    assert found.take().status_code == 201
    return found


def test_points_go_along_by_number_without_speeds_or_ratings(walk):
    points = walk.package["points"]
    assert [point["number"] for point in points] == list(range(1, len(points) + 1))
    assert {point["name"] for point in points} == {"Mill Lane"}
    assert all(set(point) == {"id", "number", "name", "lon", "lat", "x", "y", "width_m", "grade",
                              "facts"} for point in points)  # fmt: skip
    text = json.dumps(points) + walk.package["map"]["svg"]
    assert not any(word in text for word in ("speed", "rating", "km/h", "energy", "vehicle"))


def test_the_map_shows_where_a_point_and_its_width_lie(walk):
    drawn = walk.package["map"]
    assert drawn["svg"].lstrip().startswith("<?xml")
    affine = drawn["affine"]
    for point in walk.package["points"]:
        x = affine["a"] * point["lon"] + affine["b"] * point["lat"] + affine["c"]
        y = affine["d"] * point["lon"] + affine["e"] * point["lat"] + affine["f"]
        assert (x, y) == pytest.approx((point["x"], point["y"]), abs=0.2)
        assert 0 < x < drawn["width"]
        assert 0 < y < drawn["height"]
    assert affine["a"] > 0 > affine["e"]


def test_the_map_is_drawn_once_per_analysis(walk, monkeypatch):
    def fail(*_args, **_kwargs):
        raise AssertionError("drawn again")

    monkeypatch.setattr("parvis.report.field_map.field_map", fail)
    assert walk.fresh().json()["map"]["svg"] == walk.package["map"]["svg"]


def test_what_may_not_be_read_or_never_leaves_stays(here, place, assessment, device, walk):
    here.name_on("guest", assessment, Ability.ANSWER)
    guest = device(assessment, "guest")
    guest.take()
    assert (guest.package["points"], guest.package["map"]) == ([], None)
    Analysis.objects.update(marking=Marking.RED)
    here.name_on("coordinator", Analysis.objects.get(), Ability.READ)
    again = walk.fresh().json()
    assert again["points"] == []
    assert again["map"] is not None


def test_the_newest_plan_under_the_map_goes_along_unless_it_is_red(here, place, walk, tmp_path):
    file = tmp_path / "plan"
    file.write_bytes(picture((60, 40), "PNG"))
    actor = here.actor("coordinator")
    image = keep_evidence(
        actor,
        place.space,
        content=file,
        media_type="image/png",
        original_name="plan.png",
        purpose="underlay",
        size=(60, 40),
    )
    plan = Underlay.objects.create(
        authority=here.authority, space=place.space, name="Plan", image=image
    )
    told = walk.fresh().json()["plan"]
    assert base64.b64decode(told.pop("data")) == file.read_bytes()
    assert told == {"media_type": "image/png", "width": 60, "height": 40}
    Underlay.objects.filter(pk=plan.pk).update(marking=Marking.RED)
    here.name_on("coordinator", plan, Ability.READ)
    assert walk.fresh().json()["plan"] is None


def test_a_plan_that_is_too_large_stays_and_the_page_says_so(here, place, walk, tmp_path):
    file = tmp_path / "plan"
    file.write_bytes(picture((60, 40), "PNG"))
    image = keep_evidence(
        here.actor("coordinator"),
        place.space,
        content=file,
        media_type="image/png",
        original_name="plan.png",
        purpose="underlay",
        size=(60, 40),
    )
    Underlay.objects.create(
        authority=here.authority, space=place.space, name="Evacuation", image=image
    )
    assert "<li>The plan “Evacuation”</li>" in walk.client.get(walk.base).content.decode()
    Evidence.objects.filter(pk=image.pk).update(size=6 * 2**20 + 1)
    text = walk.client.get(walk.base).content.decode()
    assert "The plan “Evacuation”: it has 6.3 MB, and no more than 6.3 MB go along" in text
    assert walk.fresh().json()["plan"] is None


def test_a_coordinators_width_becomes_a_correction_at_once_and_once(here, walk):
    mark, point = str(uuid4()), walk.package["points"][0]
    for _ in range(2):
        told = walk.width(mark=mark, point=point["id"], width_m=3.4).json()
        assert told == {"mark": mark, "kept": True, "entered": True}
    correction = LocalCorrection.objects.get()
    assert correction.correction_kind == "gap"
    assert correction.facts["value_m"] == 3.4
    assert correction.facts["grade"] == "A"
    assert correction.facts["geometry"]["coordinates"] == pytest.approx(
        [point["lon"], point["lat"]], abs=1e-6
    )
    assert WalkWidth.objects.get().correction == correction
    actions = AuditEvent.objects.filter(chain=str(here.authority.pk)).values_list(
        "action", flat=True
    )
    assert {"walk.measure", "correction.enter"} <= set(actions)


def test_the_photo_of_the_tape_stands_with_the_correction(walk):
    mark = str(uuid4())
    assert walk.photo(picture(), mark=mark).status_code == 201
    assert walk.width(photo=mark).json()["entered"]
    correction = LocalCorrection.objects.get()
    assert correction.photo.digest == WalkWidth.objects.get().photo.digest
    assert correction.photo.width == 40


def test_deleting_the_evidence_of_a_space_leaves_the_assessments_photo(
    here, walk, django_capture_on_commit_callbacks
):
    mark = str(uuid4())
    walk.photo(picture(), mark=mark)
    walk.width(photo=mark)
    evidence = LocalCorrection.objects.get().photo
    path, owner = evidence_path(evidence), here.actor("owner")
    dataset = enter_dataset(owner, values=values(), about=evidence)
    with django_capture_on_commit_callbacks(execute=True):
        delete_data(owner, dataset)
    assert not Evidence.objects.exists()
    assert path.is_file()


def test_of_somebody_who_may_not_change_the_space_it_waits(here, place, assessment, device):
    here.name_on("guest", place.space, Ability.ANSWER)
    walk = device(assessment, "guest")
    walk.take()
    told = walk.width(note="between the posts").json()
    assert (told["kept"], told["entered"]) == (True, False)
    assert not LocalCorrection.objects.exists()
    page = here.client("coordinator").get(walk.base)
    assert "between the posts" in page.content.decode()
    width = WalkWidth.objects.get()
    address = f"{walk.base}widths/{width.pk}/"
    assert here.client("guest").post(address, {"enter": ""}).status_code == 403
    assert here.client("coordinator").post(address, {"enter": ""}).status_code == 302
    width.refresh_from_db()
    assert width.state == WidthState.ENTERED
    assert width.correction.facts["person"] == str(here.person("guest"))
    assert here.client("coordinator").post(address, {"aside": ""}).status_code == 302
    width.refresh_from_db()
    assert width.state == WidthState.ENTERED


WRONG = [
    {"width_m": 0},
    {"width_m": -2},
    {"width_m": 51},
    {"width_m": "3.4"},
    {"width_m": True},
    {"width_m": None},
    {"width_m": 10**400},
    {"point": "99"},
    {"point": "../1"},
    {"point": 1},
    {"measured": "today"},
    {"photo": str(uuid4())},
    {"note": "x" * 501},
]


def test_a_width_that_is_none_is_refused_with_a_sentence(walk):
    for wrong in WRONG:
        mark = str(uuid4())
        told = walk.width(mark=mark, **wrong).json()
        assert told["mark"] == mark, wrong
        assert told["refused"], wrong
        assert not WalkWidth.objects.exists(), wrong


def test_the_day_of_a_copy_counts_for_widths_too(walk):
    now = timezone.now()
    WalkCopy.objects.update(taken=now - timedelta(days=9), expires=now - timedelta(days=2))
    assert "kept" in walk.width(measured=(now - timedelta(days=3)).isoformat()).json()
    assert "refused" in walk.width().json()


def test_a_width_of_somebody_elses_copy_is_not_there(assessment, device, walk):
    mark = str(uuid4())
    walk.width(mark=mark)
    other = device(assessment, "owner")
    other.take()
    assert other.width(mark=mark).status_code == 404
    assert copy_of(walk).widths.count() == 1
