"""Pages of assessments: begun, answered section by section, put forward, signed."""

import pytest
from django.urls import reverse
from web.assessments.service_examples import answered, begun, sent_file

from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import Assessment, Reply
from parvis_web.assessments.queries import offers
from parvis_web.assessments.services_replies import give_reply
from parvis_web.spaces.storage import kept_path

KEYS = ["site-vulnerability", "security-by-design", "city-data-checklist", "ai-technology"]


@pytest.mark.parametrize("key", KEYS)
def test_every_section_of_a_framework_is_shown(here, begin, key: str) -> None:
    assessment = begin(key)
    client = here.client("coordinator")
    for section in engine_of(assessment).framework.sections:
        address = reverse("assessments:section", args=[here.slug, assessment.pk, section.key])
        answer = client.get(address)
        assert answer.status_code == 200, section.key
    assert (
        client.get(reverse("assessments:detail", args=[here.slug, assessment.pk])).status_code
        == 200
    )


def test_lists_offer_what_can_be_begun(here) -> None:
    client = here.client("coordinator")
    shown = client.get(reverse("assessments:frameworks", args=[here.slug])).content.decode()
    assert len(offers(here.authority)) >= 12
    assert "Site vulnerability" in shown
    assert client.get(reverse("assessments:list", args=[here.slug])).status_code == 200
    space = here.space()
    address = reverse("assessments:of_space", args=[here.slug, space.pk])
    assert "Site vulnerability" in client.get(address).content.decode()


def test_an_assessment_is_begun_by_form_and_answered_by_form(here) -> None:
    client = here.client("coordinator")
    space = here.space()
    address = reverse("assessments:begin", args=[here.slug, "city-data-checklist"])
    answer = client.post(address, {"subject_name": "Tessenmark"})
    assessment = Assessment.objects.get()
    assert answer.url == reverse("assessments:detail", args=[here.slug, assessment.pk])
    item = next(iter(engine_of(assessment).items.values()))
    post = reverse("assessments:answer", args=[here.slug, assessment.pk])
    answer = client.post(post, {"item": item.key, "value": "yes", "note": "council minutes"})
    assert answer.status_code == 302
    reply = Reply.objects.get()
    assert (reply.item, reply.state, reply.value) == (item.key, "answered", "yes")
    fragment = client.post(
        post,
        {"item": item.key, "value": "no", "expects": str(reply.pk)},
        headers={"HX-Request": "true"},
    )
    assert fragment.status_code == 200
    assert Reply.objects.get(is_current=True).value == "no"
    client.post(post, {"item": item.key, "undo": ""})
    assert Reply.objects.get(is_current=True).value == "yes"
    del space


def test_a_refused_answer_stays_in_its_card_with_what_was_typed(here, begin) -> None:
    assessment = begin("city-data-checklist")
    item = next(iter(engine_of(assessment).items))
    post = reverse("assessments:answer", args=[here.slug, assessment.pk])
    client, said = here.client("coordinator"), {"item": item, "value": "?unknown", "note": ""}
    whole = client.post(post, said)
    foot = client.post(post, said, headers={"HX-Request": "true"})
    for answer in (whole, foot):
        assert answer.status_code == 422
        assert "Say in a few words why" in answer.content.decode()
    assert "data-needs-reason checked" in whole.content.decode()
    assert 'type="radio"' not in foot.content.decode()
    assert Reply.objects.count() == 0


def test_the_last_visit_is_said_again_with_one_button_and_a_change_is_shown(here, begin) -> None:
    earlier = begin("city-data-checklist")
    item = next(iter(engine_of(earlier).items))
    coordinator = here.actor("coordinator")
    give_reply(coordinator, earlier, item=item, state="answered", value="no", note="not asked")
    later = begin("city-data-checklist", previous=earlier)
    client = here.client("coordinator")
    post = reverse("assessments:answer", args=[here.slug, later.pk])
    section = engine_of(later).items[item].section
    page = reverse("assessments:section", args=[here.slug, later.pk, section])
    assert "Last visit:" in client.get(page).content.decode()
    client.post(post, {"item": item, "same": ""})
    said = Reply.objects.get(assessment=later, is_current=True)
    assert (said.value, said.note) == ("no", "not asked")
    assert "as at the last visit" in client.get(page).content.decode()
    client.post(post, {"item": item, "value": "yes", "expects": str(said.pk)})
    shown = client.get(page).content.decode()
    assert "changed since the last visit: <del>No</del> → <ins>Yes</ins>" in shown


def test_a_page_of_a_section_asks_the_database_a_bounded_number_of_times(
    here, begin, django_assert_max_num_queries
) -> None:
    assessment = begin("site-vulnerability")
    client = here.client("coordinator")
    section = engine_of(assessment).framework.sections[0].key
    address = reverse("assessments:section", args=[here.slug, assessment.pk, section])
    with django_assert_max_num_queries(20):
        client.get(address)


def test_the_history_of_an_answer_tells_everything_that_was_said(here, begin) -> None:
    assessment = begin("city-data-checklist")
    item = next(iter(engine_of(assessment).items))
    client = here.client("coordinator")
    post = reverse("assessments:answer", args=[here.slug, assessment.pk])
    for value in ("no", "yes"):
        client.post(post, {"item": item, "value": value, "note": f"because {value}"})
    address = reverse("assessments:history", args=[here.slug, assessment.pk])
    shown = client.get(address, {"item": item}).content.decode()
    assert "because no" in shown
    assert shown.index("counts now") < shown.index("because yes")


def test_what_assessors_say_is_compared_and_settled_on_the_page_by_those_who_may(here) -> None:
    assessment = begun(here, is_separate=True)
    answered(here, assessment, "no")
    theirs = answered(here, assessment, "yes", actor=here.actor("owner"), note="seen in June")
    page = reverse("assessments:detail", args=[here.slug, assessment.pk])
    settle = reverse("assessments:settle", args=[here.slug, assessment.pk, theirs.pk])
    client = here.client("coordinator")
    shown = client.get(page).content.decode()
    assert settle in shown
    assert "seen in June" in shown
    assert "seen in June" not in here.client("reader").get(page).content.decode()
    client.post(settle, {"note": "the lamps were repaired since"})
    assert settle not in client.get(page).content.decode()


def test_nobodys_own_answers_are_told_where_groups_only_are_shown(here) -> None:
    assessment = begun(here, "competence-matrix", is_separate=True)
    item = next(
        item for item in engine_of(assessment).items.values() if item.question.kind == "scale"
    )
    give_reply(
        here.actor("owner"), assessment, item=item.key, state="unknown", note="I am new here"
    )
    client = here.client("coordinator")
    for page in ("detail", "exchange", "report"):
        parts = ["html"] if page == "report" else []
        address = reverse(f"assessments:{page}", args=[here.slug, assessment.pk, *parts])
        assert "I am new here" not in client.get(address).content.decode()
    history = reverse("assessments:history", args=[here.slug, assessment.pk])
    assert "I am new here" not in client.get(history, {"item": item.key}).content.decode()
    answers = reverse("assessments:answers", args=[here.slug, assessment.pk, "csv"])
    assert client.get(answers).status_code == 403
    finding = engine_of(assessment).result(assessment.created.date())
    assert finding.findings == ()


def test_a_file_that_was_not_taken_over_is_forgotten_with_its_content(
    here, django_capture_on_commit_callbacks
) -> None:
    assessment = begun(here)
    row = sent_file(here, assessment)
    path = kept_path(here.authority, row.digest)
    client = here.client("coordinator")
    exchange = reverse("assessments:exchange", args=[here.slug, assessment.pk])
    address = reverse("assessments:discard", args=[here.slug, assessment.pk, row.pk])
    assert address in client.get(exchange).content.decode()
    assert here.client("reader").post(address).status_code == 403
    assert path.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert not path.exists()
    assert address not in client.get(exchange).content.decode()
