"""The API shows a token's person what they may see, in one shape, and nothing else."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from parvis_web.accounts.models import ApiToken, Membership
from parvis_web.accounts.vocabulary import Marking
from parvis_web.scenarios.models import Scenario


def test_without_a_token_there_is_a_problem_and_nothing_else(here):
    here.space()
    answer = Client().get("/api/v1/spaces")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "token_needed"


def test_a_session_or_an_address_is_no_token(here, machine):
    assert here.client("owner").get("/api/v1/spaces").status_code == 401
    token = machine(here).token
    assert Client().get(f"/api/v1/spaces?token={token}").status_code == 401
    assert Client().get(f"/api/v1/spaces?access_token={token}").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "parvis_0_0", "parvis_" + "0" * 32 + "_secret"])
def test_a_wrong_token_is_refused(db, with_token, token):
    assert with_token(token).get("/me").status_code == 401


def test_a_token_ends_with_its_membership(here, machine):
    quiet = machine(here)
    assert quiet.get("/me").json()["authority"] == here.slug
    Membership.objects.all().delete()
    assert quiet.get("/me").status_code == 401


def test_a_revoked_token_is_refused(here, machine):
    from django.utils import timezone

    revoked = machine(here)
    ApiToken.objects.update(revoked=timezone.now())
    assert revoked.get("/me").status_code == 401


def test_a_token_lists_what_its_person_reads_but_nothing_restricted(here, elsewhere, machine):
    here.space(name="Market Square")
    here.space(name="Old Harbour", marking=Marking.STRICT)
    here.space(name="Vault", marking=Marking.RED)
    elsewhere.space(name="Overfield Green")
    found = machine(here, "owner").get("/spaces").json()
    assert (found["total"], [item["name"] for item in found["items"]]) == (1, ["Market Square"])


def test_reading_does_not_let_write(here, machine):
    space = here.space()
    body = {"name": "Corn Market", "version": 1}
    refused = machine(here).send("patch", f"/spaces/{space.pk}", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "no_scope")
    done = machine(here, scopes=["write"]).send("patch", f"/spaces/{space.pk}", body)
    assert (done.status_code, done.json()["name"]) == (200, "Corn Market")


def test_a_token_never_does_more_than_its_person(here, machine):
    space = here.space()
    body = {"name": "Corn Market", "version": 1}
    refused = machine(here, "reader", ["write"]).send("patch", f"/spaces/{space.pk}", body)
    assert refused.status_code == 403


@pytest.mark.parametrize("path", ["/spaces/{}", "/analyses/{}", "/runs/{}", "/spaces/{}/analyses"])
def test_what_belongs_to_another_authority_is_as_if_it_were_not(here, elsewhere, machine, path):
    theirs = elsewhere.space()
    stranger = machine(here)
    there = stranger.get(path.format(theirs.pk))
    nowhere = stranger.get(path.format(uuid4()))
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def test_wrong_fields_are_named(here, machine):
    answer = machine(here, scopes=["write"]).send("post", "/spaces", {"name": ""})
    assert answer.status_code == 422
    assert {error["field"].split(".")[-1] for error in answer.json()["errors"]} == {
        "name",
        "city_id",
        "area",
    }


def test_features_come_in_pages_with_a_link_to_the_next(here, machine):
    city = here.city()
    for number in range(5):
        here.space(name=f"Square {number}", city=city)
    quiet = machine(here)
    seen, path = [], "/ogc/collections/spaces/items?limit=2"
    while path:
        page = quiet.get(path).json()
        assert page["numberMatched"] == 5
        seen += [feature["id"] for feature in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        path = following[0].split("/api/v1")[1] if following else None
    assert len(set(seen)) == len(seen) == 5


@pytest.mark.parametrize(
    ("bbox", "n"),
    [("9.9,49.9,10.1,50.1", 1), ("11,51,12,52", 0), ("9.9,49.9,0,10.1,50.1,100", 1)],
)
def test_a_box_chooses_features(here, machine, bbox, n):
    here.space()
    found = machine(here).get("/ogc/collections/spaces/items", bbox=bbox).json()
    assert found["numberMatched"] == n


@pytest.mark.parametrize("bbox", ["a,b,c,d", "1,2,3", "1,9,2,8", "nan,0,1,1", "1,2,3,4,5"])
def test_a_box_that_is_none_is_a_problem(here, machine, bbox):
    answer = machine(here).get("/ogc/collections/spaces/items", bbox=bbox)
    assert answer.status_code == 400
    assert "west,south,east,north" in answer.json()["detail"]


def test_links_of_the_landing_page_lead_somewhere(here, machine):
    quiet = machine(here)
    waiting, seen = ["/ogc/"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = quiet.get(path)
        assert answer.status_code == 200, path
        body = answer.json()
        places = [body, *body.get("collections", [])]
        links = [link for place in places for link in place.get("links", [])]
        waiting += [link["href"].split("/api/v1")[1] for link in links]
    assert "/ogc/collections/spaces/items" in seen
    assert "/ogc/conformance" in seen


def test_an_item_is_found_by_its_id(here, machine):
    space = here.space()
    quiet = machine(here)
    found = quiet.get(f"/ogc/collections/spaces/items/{space.pk}").json()
    assert (found["type"], found["properties"]["name"]) == ("Feature", "Market Square")
    for wrong in ("x", str(uuid4()), "1-2"):
        for key in ("spaces", "access-points"):
            assert quiet.get(f"/ogc/collections/{key}/items/{wrong}").status_code == 404


def test_no_answer_may_be_kept_by_a_cache(here, machine):
    assert "no-store" in machine(here).get("/spaces")["Cache-Control"]


def test_the_number_of_queries_does_not_grow(here, machine, django_assert_max_num_queries):
    city = here.city()
    for number in range(20):
        here.space(name=f"Square {number}", city=city)
    quiet = machine(here)
    quiet.get("/me")
    with django_assert_max_num_queries(8):
        assert len(quiet.get("/spaces").json()["items"]) == 20


def test_a_space_is_drawn_by_a_machine_only_where_there_is_a_city(here, machine):
    body = {
        "city_id": str(uuid4()),
        "name": "New Square",
        "area": {"type": "Polygon", "coordinates": [[[10, 50], [10, 51], [11, 51], [10, 50]]]},
    }
    assert machine(here, scopes=["write"]).send("post", "/spaces", body).status_code == 404


def test_the_error_shape_is_the_same_everywhere(here, machine):
    quiet = machine(here)
    answers = [
        quiet.get(f"/spaces/{uuid4()}"),
        quiet.get("/spaces/not-an-id"),
        quiet.get("/ogc/collections/none"),
        quiet.get("/spaces", limit="many"),
        Client().get("/api/v1/me"),
    ]
    for answer in answers:
        body = json.loads(answer.content)
        assert answer["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "code", "detail"} <= set(body)
        assert body["status"] == answer.status_code


def test_barriers_show_once_a_scenario_is_proposed(here, machine):
    space = here.space()
    row = {"type": "place_row", "family": "fixed-bollard-deep"}
    line = {"type": "LineString", "coordinates": [[10.0, 50.0], [10.0001, 50.0]]}
    scenario = Scenario.objects.create(
        authority=here.authority, space=space, name="Bollards", changes=[row | {"line": line}]
    )
    quiet = machine(here)
    path = "/ogc/collections/proposed-barriers/items"
    assert quiet.get(path).json()["numberMatched"] == 0
    Scenario.objects.filter(pk=scenario.pk).update(state="proposed")
    feature = quiet.get(path).json()["features"][0]
    assert feature["geometry"] == line
    assert feature["properties"]["family"] == "fixed-bollard-deep"
    assert quiet.get(f"{path}/{feature['id']}").json()["id"] == feature["id"]
    Scenario.objects.filter(pk=scenario.pk).update(marking=Marking.STRICT)
    assert quiet.get(path).json()["numberMatched"] == 0
