"""What may be chosen depends on earlier answers: offered on the page, told where ruled out."""

import pytest
from django.urls import reverse

from parvis_web.assessments.models import Assessment, Reply
from parvis_web.assessments.services import add_framework
from parvis_web.assessments.services_replies import give_reply

TEXT = """
pack: framework
id: urn:parvis:framework:bench-check
version: 1
status: draft
source: {title: Benches, publisher: A city, date: 2026-11-21, licence: CC0-1.0}
language: en
evidence: {own: {source: Made up for a test, confidence: low, verified: false}}
name: Bench check
description: Two questions.
subject: site
sections:
  - key: benches
    name: Benches
    questions:
      - key: made
        kind: single
        name: Made of?
        options: [{key: wood, name: Wood}, {key: stone, name: Stone}]
      - key: care
        kind: single
        name: What does it need?
        options:
          - {key: oil, name: Oiling, when: made == wood}
          - {key: wash, name: Washing}
"""


@pytest.fixture
def benches(here) -> Assessment:
    """A begun assessment of a framework whose options depend on an answer."""
    add_framework(here.actor("coordinator"), text=TEXT, name="bench-check.yaml")
    client = here.client("coordinator")
    address = reverse("assessments:begin", args=[here.slug, "bench-check"])
    client.post(address, {"subject_name": "Square", "space": str(here.space().pk)})
    return Assessment.objects.get()


def page(here, assessment: Assessment) -> str:
    address = reverse("assessments:section", args=[here.slug, assessment.pk, "benches"])
    return here.client("coordinator").get(address).content.decode()


def say(here, assessment: Assessment, item: str, value: str, **headers: str):
    address = reverse("assessments:answer", args=[here.slug, assessment.pk])
    now = Reply.objects.filter(item=item, is_current=True).first()
    said = {"item": item, "value": value, "expects": str(now.pk) if now else ""}
    return here.client("coordinator").post(address, said, headers=headers)


def test_the_page_offers_what_earlier_answers_allow(here, benches) -> None:
    assert "Oiling" not in page(here, benches)
    shown = say(here, benches, "made", "wood", **{"HX-Request": "true"})
    assert "Oiling" in shown.content.decode()
    assert shown.headers["HX-Retarget"] == "#questions"
    assert "Oiling" in page(here, benches)


def test_what_is_not_offered_is_refused_with_a_sentence(here, benches) -> None:
    answer = say(here, benches, "care", "oil", **{"HX-Request": "true"})
    assert answer.status_code == 422
    assert "offered only where made == wood" in answer.content.decode()
    assert not Reply.objects.exists()


def test_an_answer_that_is_ruled_out_later_is_told_and_kept(here, benches) -> None:
    say(here, benches, "made", "wood")
    say(here, benches, "care", "oil")
    say(here, benches, "made", "stone")
    shown = page(here, benches)
    assert "was chosen, but is offered no longer" in shown
    assert "Oiling" in shown[: shown.index("was chosen")]
    assert Reply.objects.get(item="care", is_current=True).value == "oil"
    say(here, benches, "care", "wash")
    assert "offered no longer" not in page(here, benches)


def test_what_a_device_brings_is_kept_though_ruled_out(here, benches) -> None:
    give_reply(
        here.actor("coordinator"), benches, item="care", state="answered", value="oil",
        source="walk",
    )  # fmt: skip
    assert "offered no longer" in page(here, benches)
