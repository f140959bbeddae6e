"""What goes along, who may take it, until which day."""

from datetime import timedelta

import pytest
from django.utils import timezone
from web.assessments.service_examples import answered, in_state
from web.walks.conftest import copy_of

from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.assessments.models import Assessment, AssessmentState
from parvis_web.assessments.services import assign_section
from parvis_web.assessments.services_states import delete_assessment
from parvis_web.audit.models import AuditEvent
from parvis_web.spaces.models import Space
from parvis_web.walks.models import WalkCopy

C, G, A, S, R = Marking
MAY_TAKE = {
    "owner": {C: 201, G: 201, A: 201, S: 201, R: 404},
    "coordinator": {C: 201, G: 201, A: 201, S: 201, R: 404},
    "coordinator, named": {C: 201, G: 201, A: 201, S: 201, R: 422},
    "analyst": {C: 403, G: 403, A: 403, S: 404, R: 404},
    "assessor": {C: 403, G: 403, A: 404, S: 404, R: 404},
    "assessor, assigned": {C: 403, G: 403, A: 201, S: 404, R: 404},
    "reader": {C: 403, G: 403, A: 403, S: 404, R: 404},
    "guest": {C: 403, G: 403, A: 403, S: 403, R: 404},
    "guest, named": {C: 201, G: 201, A: 201, S: 201, R: 404},
    "stranger": {C: 404, G: 404, A: 404, S: 404, R: 404},
}
"""Who gets what status by marking; with the second factor in the session."""


def marked(assessment: Assessment, marking: Marking) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(marking=marking)
    Space.objects.filter(pk=assessment.space_id).update(marking=marking)


@pytest.mark.parametrize("who", MAY_TAKE)
def test_whoever_may_answer_may_take_it_along_but_red_never_goes(here, begin, device, who):
    assessment = begin()
    role, _comma, named = who.partition(", ")
    person = here.person(role)
    if role == "guest" or named == "named":
        abilities = (Ability.ANSWER,) if named else (Ability.READ,)
        here.name_on(role, assessment, *abilities)
    if named == "assigned":
        assessment.space.assignees.add(person)
    walk = device(assessment, role)
    found = {}
    for marking in Marking:
        marked(assessment, marking)
        response = walk.take()
        found[marking] = response.status_code
        assert response["Content-Type"] == "application/json"
        assert response.status_code == 201 or response.json()["sentence"]
    assert found == MAY_TAKE[who]


@pytest.mark.parametrize("state", list(AssessmentState))
def test_only_drafts_are_taken_along(begin, device, state):
    status = device(in_state(begin(), state)).take().status_code
    assert status == (201 if state == AssessmentState.DRAFT else 422)


def test_a_deleted_assessment_is_not_there(here, begin, device):
    assessment = delete_assessment(here.actor("coordinator"), begin())
    assert device(assessment).take().status_code == 404


def test_what_is_strict_asks_for_the_second_factor(begin, device):
    assessment = begin()
    marked(assessment, Marking.STRICT)
    response = device(assessment, second_factor=False).take()
    assert response.status_code == 403
    assert response.json()["code"] == "second_factor"
    assert response.json()["second_factor"].startswith("/account/second-factor/?next=")


def test_taking_what_is_strict_leaves_a_read_and_the_taking(here, begin, device):
    assessment = begin()
    marked(assessment, Marking.STRICT)
    device(assessment).take()
    actions = AuditEvent.objects.filter(chain=str(here.authority.pk)).values_list(
        "action", flat=True
    )
    assert {"read", "walk.take"} <= set(actions)


def test_nobody_takes_anything_over_plain_http(begin, device):
    walk = device(begin())
    address, body = f"{walk.base}take/", '{"device": "Tablet"}'
    plain = walk.client.post(address, body, content_type="application/json")
    assert (plain.status_code, plain.json()["code"]) == (403, "insecure")
    here = walk.client.post(
        address, body, content_type="application/json", headers={"Host": "localhost:8000"}
    )
    assert here.status_code == 201
    assert WalkCopy.objects.count() == 1


def test_without_signing_in_the_answer_is_json_and_says_where(begin, device, client):
    walk = device(begin())
    walk.client = client
    response = walk.take()
    assert response.status_code == 401
    assert response.json()["sign_in"] == "/account/login/?next=/walk/"


def test_a_missing_token_is_told_in_json(here, begin, device):
    walk = device(begin())
    walk.client.handler.enforce_csrf_checks = True
    response = walk.take()
    assert (response.status_code, response.json()["code"]) == (403, "csrf")


def test_an_authority_that_asks_for_the_second_factor_is_told_of_in_json(here, begin, device):
    here.authority.requires_second_factor = True
    here.authority.save()
    response = device(begin(), second_factor=False).take()
    assert (response.status_code, response.json()["code"]) == (403, "second_factor")


def test_the_package_has_the_contracts_shape(begin, device):
    walk = device(begin())
    response = walk.take()
    assert response["Cache-Control"] == "private, no-store"
    found = response.json()
    assert set(found) == {
        "format", "copy", "base", "issued", "expires", "csrf", "person", "language", "assessment",
        "sections", "items", "others", "n_desk", "attributes", "lists", "points", "map", "plan",
    }  # fmt: skip
    assert found["format"] == "parvis-walk/1"
    assert found["base"] == walk.base
    core = [item["core"] for item in found["items"]]
    assert 20 <= sum(core) <= 40
    assert core == sorted(core, reverse=True)
    assert all(set(item["allows"]) == {"unknown", "not_applicable", "note_required_for"}
               for item in found["items"])  # fmt: skip
    assert (found["points"], found["map"], found["plan"]) == ([], None, None)
    days = copy_of(walk).expires - copy_of(walk).taken
    assert days == timedelta(days=7)


def test_asked_twice_with_one_mark_it_is_one_copy(begin, device):
    walk = device(begin())
    mark = "0b1f6b0e-2f6a-4c39-8a53-0d1f7e3c1a11"
    assert [walk.take(mark=mark).status_code for _ in range(2)] == [201, 201]
    assert [str(row.pk) for row in WalkCopy.objects.all()] == [mark]


def test_somebody_elses_mark_is_nothing(begin, device):
    assessment = begin()
    first, second = device(assessment), device(assessment, "owner")
    first.take()
    assert second.take(mark=first.package["copy"]).status_code == 404


def test_a_copy_without_a_name_of_its_device_is_refused(begin, device):
    assert device(begin()).take("  ").status_code == 422


def test_separate_voices_carry_their_own_answers_alone(here, begin, device):
    assessment = begin(is_separate=True)
    mine = device(assessment)
    mine.take()
    item = mine.first
    answered(here, assessment, item["levels"][0]["key"], item=item["key"])
    theirs = device(assessment, "owner")
    theirs.take()
    assert mine.fresh().json()["items"][0]["reply"]["value"] == item["levels"][0]["key"]
    assert all(known["reply"] is None for known in theirs.package["items"])
    assert all(known["reply"] is None for known in theirs.package["others"])


def test_a_guest_carries_the_sections_they_were_asked_about(here, begin, device):
    assessment = begin()
    whole = device(assessment)
    whole.take()
    section = whole.package["items"][-1]["section"]
    here.name_on("guest", assessment, Ability.ANSWER)
    assign_section(
        here.actor("coordinator"), assessment, section=section, person=here.person("guest")
    )
    walk = device(assessment, "guest")
    walk.take()
    assert {item["section"] for item in walk.package["items"]} == {section}
    assert [known["key"] for known in walk.package["sections"]] == [section]
    other = next(item for item in whole.package["items"] if item["section"] != section)
    (told,) = walk.answer(walk.said(other, value=None, state="unknown", note="dark"))
    assert told["outcome"] == "refused"


def test_a_copy_is_filled_anew_until_its_day(begin, device):
    walk = device(begin())
    walk.take()
    before = copy_of(walk).expires
    assert walk.fresh().json()["expires"] == before.isoformat()
    WalkCopy.objects.update(
        taken=timezone.now() - timedelta(days=8), expires=timezone.now() - timedelta(days=1)
    )
    assert walk.fresh().status_code == 410


@pytest.mark.parametrize("spoilt", ["withdrawn", "ended", "in review", "deleted", "red"])
def test_what_is_no_longer_good_is_gone(here, begin, device, spoilt):
    assessment = begin()
    walk = device(assessment)
    walk.take()
    match spoilt:
        case "withdrawn" | "ended":
            WalkCopy.objects.update(**{spoilt: timezone.now()})
        case "in review":
            in_state(assessment, AssessmentState.IN_REVIEW)
        case "deleted":
            delete_assessment(here.actor("coordinator"), assessment)
        case "red":
            marked(assessment, Marking.RED)
            here.name_on("coordinator", assessment, Ability.ANSWER)
    response = walk.fresh()
    assert response.status_code == 410
    assert response.json()["sentence"]


def test_the_number_of_queries_does_not_grow_with_the_answers(
    here, begin, device, django_assert_max_num_queries
):
    assessment = begin()
    walk = device(assessment)
    walk.take()
    for item in walk.package["items"][:12]:
        if item["kind"] == "scale":
            answered(here, assessment, item["levels"][0]["key"], item=item["key"])
    with django_assert_max_num_queries(45):
        assert walk.fresh().status_code == 200
