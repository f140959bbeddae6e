"""Spaces are taken from data, drawn, changed, restored and removed, each with its event."""

import pytest
from django.http import Http404
from web.service_examples import load_examples

from parvis.errors import InputError
from parvis_web.accounts.rights import NotAllowed
from parvis_web.audit.models import AuditEvent
from parvis_web.audit.recording import SERVICES
from parvis_web.spaces import services
from parvis_web.spaces.history_words import SENTENCES
from parvis_web.spaces.models import Space
from parvis_web.spaces.rules import ConflictError, RefusedError

from .conftest import moved


def actions():
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


def test_syncing_lists_every_space_of_the_store(here, city):
    from parvis.io.store import load_city
    from parvis_web.config.data import library_home

    stored = load_city(city.store, home=library_home(here.authority.pk))
    assert city.spaces.count() == len(stored.spaces)
    space = city.spaces.exclude(name__startswith="Without").first()
    assert space.area["type"] in {"Polygon", "MultiPolygon"}
    assert space.west < space.east
    assert space.area_size > 0


def test_syncing_again_keeps_what_people_did(here, city, square):
    actor = here.actor("coordinator")
    services.rename_space(actor, square, name="Corn Market", version=1)
    square.refresh_from_db()
    area = moved(square)
    services.change_area(actor, square, geometry=area, version=2)
    counts = services.sync_spaces(actor, city)
    assert counts.n_added == 0
    square.refresh_from_db()
    assert square.name == "Corn Market"
    assert square.area == area


def test_a_vanished_space_goes_only_where_nobody_worked_on_it(here, city):
    values = {"city": city, "is_drawn": False}
    lost = here.space(**values, name="Lost", store_id="way/999000001")
    kept = here.space(**values, name="Kept", store_id="way/999000002", state="planned")
    counts = services.sync_spaces(here.actor("coordinator"), city)
    assert counts.n_vanished == 1
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert lost.removed is not None
    assert kept.removed is None


def test_drawing_adds_a_space_with_its_first_version(here, city, square):
    space = services.draw_space(
        here.actor("analyst"), city=city, name="  Quay  steps ", geometry=moved(square)
    )
    assert (space.name, space.is_drawn, space.version) == ("Quay steps", True, 1)
    assert space.area_versions.get().number == 1
    assert actions()[-1] == "space.draw"


@pytest.mark.parametrize("role", ["reader", "assessor"])
def test_readers_and_assessors_cannot_draw(here, city, square, role):
    with pytest.raises(NotAllowed):
        services.draw_space(here.actor(role), city=city, name="X", geometry=moved(square))


def bow_tie(space):
    west, south, east, north = space.west, space.south, space.east, space.north
    corners = [[west, south], [east, north], [east, south], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def box(west, south, size):
    corners = [[0, 0], [size, 0], [size, size], [0, size], [0, 0]]
    return {"type": "Polygon", "coordinates": [[[west + x, south + y] for x, y in corners]]}


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (bow_tie, "area_self_crossing"),
        (lambda s: box(s.west, s.south, 0.00001), "outline_small"),
        (lambda s: box(s.west, s.south, 0.5), "outline_large"),
        (lambda s: box(s.west + 5, s.south, 0.001), "area_outside"),
        (lambda s: {"type": "Point", "coordinates": [s.west, s.south]}, "area_not_polygon"),
        (lambda _: {"type": "Polygon", "coordinates": []}, "area_not_polygon"),
    ],
)
def test_an_outline_that_cannot_be_protected_is_refused(here, city, square, shape, code):
    n_before = Space.objects.count()
    with pytest.raises(InputError) as refused:
        services.draw_space(here.actor("coordinator"), city=city, name="X", geometry=shape(square))
    assert refused.value.code == code
    assert Space.objects.count() == n_before


def test_a_change_keeps_the_outline_before_it_and_can_be_undone(here, square):
    actor, before = here.actor("coordinator"), square.area
    changed = services.change_area(actor, square, geometry=moved(square), version=1)
    assert changed.area == moved(square)
    assert list(changed.area_versions.values_list("number", "origin")) == [
        (2, "map"),
        (1, "store"),
    ]
    restored = services.restore_area(actor, changed, number=1, version=changed.version)
    assert restored.area == before
    assert not restored.is_drawn or restored.area_versions.first().origin == "restored"
    assert actions()[-2:] == ["space.change-area", "space.restore-area"]


def test_two_people_at_once_notice_each_other(here, square):
    actor = here.actor("coordinator")
    services.change_area(actor, square, geometry=moved(square), version=1)
    with pytest.raises(ConflictError):
        services.change_area(actor, square, geometry=moved(square, 0.0001), version=1)
    square.refresh_from_db()
    assert square.area == moved(square, 0.00005) or square.version == 2


def test_assigned_assessors_change_and_others_do_not_even_see(here, square):
    actor = here.actor("assessor")
    with pytest.raises(Http404):
        services.rename_space(actor, square, name="Y", version=1)
    services.assign_people(here.actor("owner"), square, people=[here.person("assessor")])
    services.rename_space(actor, square, name="Y", version=1)
    with pytest.raises(NotAllowed):
        services.assign_people(actor, square, people=[])


def test_readers_and_strangers_cannot_be_assigned(here, elsewhere, square):
    for person in (here.person("reader"), elsewhere.person("owner")):
        with pytest.raises(RefusedError):
            services.assign_people(here.actor("owner"), square, people=[person])
    assert not square.assignees.exists()


def test_a_plan_is_never_signed_by_choosing_a_word(here, square):
    with pytest.raises(RefusedError):
        services.set_state(here.actor("owner"), square, state="signed")
    services.advance_state(here.actor("owner"), square, state="signed")
    moved_on = services.advance_state(here.actor("owner"), square, state="analysed")
    assert moved_on.state == "signed"


def test_removing_is_undone(here, square):
    client = here.client("coordinator")
    answer = client.post(f"/a/{here.slug}/spaces/{square.pk}/remove/", follow=True)
    assert f"{square.pk}/bring-back/" in answer.content.decode()
    assert client.get(f"/a/{here.slug}/spaces/{square.pk}/").status_code == 404
    client.post(f"/a/{here.slug}/spaces/{square.pk}/bring-back/")
    square.refresh_from_db()
    assert square.removed is None
    assert actions()[-2:] == ["space.remove", "space.bring-back"]


def test_the_history_has_words_for_every_change_of_a_space_and_its_parts():
    load_examples()
    nouns = {action.partition(".")[0] for action in SENTENCES}
    changes = {action for action in SERVICES if action.partition(".")[0] in nouns}
    beside = {"grant", "invitation"}
    assert {
        action
        for action in changes - set(SENTENCES)
        if action.partition(".")[0] not in beside and ".test-" not in action
    } == set()
    assert set(SENTENCES) - set(SERVICES) == {"read"}
