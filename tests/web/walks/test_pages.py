"""The page that lets an assessment go along, and the shell that holds nothing."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from web.assessments.service_examples import in_state
from web.walks.conftest import copy_of
from web.walks.test_take import marked

from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import AssessmentState, Reply
from parvis_web.walks.models import WalkCopy
from parvis_web.walks.words import PLURALS, WORDS, words


def shown(walk, **headers):
    return walk.client.get(walk.base, secure=True, **headers)


def test_the_page_says_what_goes_along_and_leads_to_the_shell(begin, device):
    walk = device(begin())
    text = shown(walk).content.decode()
    assert "28 questions of the core set" in text
    assert f'href="/walk/#take={walk.base}"' in text


def test_an_assessments_page_leads_there_for_whoever_may_answer(here, begin):
    assessment = begin()
    address = f"/a/{here.slug}/assessments/{assessment.pk}/"
    link = f'href="{address}walk/"'
    assert link in here.client("coordinator").get(address).content.decode()
    assert link not in here.client("reader").get(address).content.decode()


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("stranger", 404)])
def test_the_page_is_for_whoever_may_answer(begin, device, role, status):
    assert shown(device(begin(), role)).status_code == status


def test_it_says_why_not(here, begin, device):
    assessment = begin()
    walk = device(assessment)
    plain = walk.client.get(walk.base)
    assert "over HTTPS only" in plain.content.decode()
    assert "#take=" not in plain.content.decode()
    in_state(assessment, AssessmentState.IN_REVIEW)
    assert "#take=" not in shown(walk).content.decode()
    in_state(assessment, AssessmentState.DRAFT)
    here.name_on("coordinator", assessment, Ability.ANSWER)
    marked(assessment, Marking.RED)
    assert "TLP:RED never goes onto a device" in shown(walk).content.decode()


def test_a_coordinator_sees_all_copies_and_others_their_own(here, begin, device):
    assessment = begin()
    here.name_on("guest", assessment, Ability.ANSWER)
    guest, coordinator = device(assessment, "guest"), device(assessment)
    guest.take("Telephone of the guest")
    coordinator.take("Tablet of the office")
    text = shown(coordinator).content.decode()
    assert "Telephone of the guest" in text
    assert "Tablet of the office" in text
    text = shown(guest).content.decode()
    assert "Telephone of the guest" in text
    assert "Tablet of the office" not in text


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 302), ("coordinator", 302), ("guest", 403), ("reader", 403), ("stranger", 404)],
)
def test_who_may_withdraw_a_copy(here, begin, device, role, status):
    assessment = begin()
    here.name_on("guest", assessment, Ability.ANSWER)
    walk = device(assessment, "owner")
    walk.take()
    response = here.client(role).post(f"{walk.base}{walk.copy}withdraw/")
    assert response.status_code == status
    assert (copy_of(walk).withdrawn is not None) == (status == 302)


def test_a_guest_withdraws_their_own_once(here, begin, device):
    assessment = begin()
    here.name_on("guest", assessment, Ability.ANSWER)
    walk = device(assessment, "guest")
    walk.take()
    client = here.client("guest")
    client.post(f"{walk.base}{walk.copy}withdraw/")
    first = copy_of(walk).withdrawn
    assert first is not None
    client.post(f"{walk.base}{walk.copy}withdraw/")
    assert copy_of(walk).withdrawn == first


def test_a_copy_past_its_day_is_told_apart(begin, device):
    walk = device(begin())
    walk.take()
    now = timezone.now()
    WalkCopy.objects.update(taken=now - timedelta(days=9), expires=now - timedelta(days=2))
    assert "not handed back" in shown(walk).content.decode()


def test_an_assessment_tells_which_copies_are_out_before_and_after_it_is_put_forward(
    here, begin, device
):
    assessment = begin()
    address = address_of(assessment)
    client = here.client("coordinator")
    assert "on a device" not in client.get(address).content.decode()
    walk, other = device(assessment), device(assessment, "owner")
    walk.take("Tablet of the office")
    other.take("Telephone of the owner")
    other.post(f"{other.copy}end/", {})
    text = client.get(address).content.decode()
    assert "1 copy is still on a device. Answers that wait there" in text
    assert "1 copy is still on a device; once the assessment is in review" in text
    assert f"Tablet of the office: {here.person('coordinator')}, since" in text
    assert "Telephone of the owner" not in text
    in_state(assessment, AssessmentState.IN_REVIEW)
    text = client.get(address).content.decode()
    assert "Tablet of the office" in text
    assert "once the assessment is in review" not in text
    assert "Tablet of the office" not in here.client("reader").get(address).content.decode()


def test_copies_that_are_out_do_not_keep_an_assessment_from_review(here, begin, device):
    assessment = begin()
    walk = device(assessment)
    walk.take()
    said = {"authority": here.authority, "state": "unknown", "note": "Not looked at yet"}
    Reply.objects.bulk_create(
        Reply(assessment=assessment, item=item, **said) for item in engine_of(assessment).items
    )
    here.client("coordinator").post(f"{address_of(assessment)}submit/")
    assessment.refresh_from_db()
    assert assessment.state == AssessmentState.IN_REVIEW


def address_of(assessment):
    return f"/a/{assessment.authority.slug}/assessments/{assessment.pk}/"


def test_the_list_of_copies_needs_no_query_per_copy(begin, device, django_assert_max_num_queries):
    walk = device(begin())
    for number in range(6):
        walk.take(f"Tablet {number}")
    with django_assert_max_num_queries(45):
        shown(walk)


def test_the_shell_is_the_same_for_everybody_and_may_use_the_camera(here, client):
    bare = client.get("/walk/")
    member = here.client("coordinator").get("/walk/")
    assert bare.content == member.content
    assert bare["Permissions-Policy"].startswith("camera=(self), geolocation=(self)")
    assert bare["Cache-Control"] == "no-cache"
    assert "camera=()" in client.get("/account/login/")["Permissions-Policy"]


def test_its_words_come_in_the_readers_language(client):
    def title(language):
        text = client.get("/walk/", headers={"Accept-Language": language}).content.decode()
        assert f'<html lang="{language}"' in text
        start = text.index('id="walk-words"')
        return json.loads(text[text.index(">", start) + 1 : text.index("</script>", start)])

    assert set(title("en")) == set(title("pl")) == {*WORDS, *PLURALS}


def test_the_worker_changes_with_the_shells_content_and_language(client):
    def version(language):
        return client.get("/walk/shell.json", headers={"Accept-Language": language}).json()

    english, polish = version("en"), version("pl")
    assert english["version"] != polish["version"]
    assert english["files"][0] == "/walk/"
    assert all(file.startswith(("/walk/", "/static/parvis/")) for file in english["files"])
    worker = client.get("/walk/worker.js")
    if worker.status_code == 200:
        assert worker["Service-Worker-Allowed"] == "/walk/"
        assert english["version"] in worker.content.decode()


def test_the_manifest_stays_within_the_walk(client):
    response = client.get("/walk/app.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    assert response.json()["start_url"] == response.json()["scope"] == "/walk/"


def test_a_token_is_for_whoever_is_signed_in(here):
    assert Client().get("/walk/csrf.json").status_code == 401
    told = here.client("coordinator").get("/walk/csrf.json").json()
    assert set(told) == {"csrf", "person"}


def test_counted_sentences_have_every_form():
    with override("pl"):
        for key in PLURALS:
            assert set(words()[key]) == {"one", "two", "few", "many", "other"}
