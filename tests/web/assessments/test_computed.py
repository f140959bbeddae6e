"""Answers that an analysis gives: offered, taken over, outdated, and to whom."""

import pytest
from django.urls import reverse
from web.assessments.analysed import analysed

from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.approach.models import Analysis
from parvis_web.assessments.computed import computed_of, computed_waiting
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.services_computed import take_computed
from parvis_web.assessments.services_replies import current_reply, give_reply
from parvis_web.assessments.services_settling import undo_reply

ITEM = "n_access_points"


@pytest.fixture
def assessment(begin):
    return begin("site-vulnerability")


def standing(town, assessment, item=ITEM, role="coordinator"):
    held = engine_of(assessment)
    found = computed_of(town.actor(role), held)
    offer = found and found.offer(held, item, current_reply(assessment, item, None), "en")
    return offer and (offer.standing, offer.words)


def take_all(town, assessment):
    actor, held = town.actor("coordinator"), engine_of(assessment)
    computed = computed_of(actor, held)
    values = computed_waiting(actor, held, computed)
    return take_computed(actor, assessment, analysis=computed.analysis, values=values)


def page(town, assessment, name, *parts):
    return reverse(f"assessments:{name}", args=[town.slug, assessment.pk, *parts])


def test_without_an_analysis_nothing_is_offered(here, assessment):
    assert standing(here, assessment) is None


def test_an_answer_goes_from_open_to_taken_to_outdated_and_again(here, assessment):
    first = analysed(here, assessment.space, n_points=4, age=1)
    assert standing(here, assessment) == ("open", "4")
    assert take_all(here, assessment) >= 4
    reply = current_reply(assessment, ITEM, None)
    assert (reply.value, reply.source, reply.analysis) == (4, "analysis", first)
    assert str(first.run_id)[:8] in reply.note
    assert standing(here, assessment) == ("taken", "4")
    second = analysed(here, assessment.space, n_points=3, vehicle="M1")
    assert standing(here, assessment) == ("outdated", "3")
    assert standing(here, assessment, "area") == ("taken", "4,210 m²")
    take_all(here, assessment)
    reply = current_reply(assessment, ITEM, None)
    assert (reply.value, reply.analysis) == (3, second)
    assert str(second.run_id)[:8] in reply.note


def test_what_somebody_said_stays_until_they_take_it_over_themselves(here, assessment):
    analysed(here, assessment.space)
    actor = here.actor("coordinator")
    give_reply(actor, assessment, item=ITEM, state="answered", value=7.0, note="counted")
    assert standing(here, assessment) == ("differs", "4")
    take_all(here, assessment)
    assert current_reply(assessment, ITEM, None).value == 7
    client = here.client("coordinator")
    sent = {"item": ITEM, "value": "7", "note": "counted", "computed": ""}
    sent["expects"] = str(current_reply(assessment, ITEM, None).pk)
    client.post(page(here, assessment, "answer"), sent)
    reply = current_reply(assessment, ITEM, None)
    assert (reply.value, reply.note, reply.source) == (4, "counted", "analysis")
    undo_reply(actor, assessment, item=ITEM)
    assert standing(here, assessment) == ("differs", "4")


def test_the_same_said_by_hand_is_told_apart_and_keeps_where_it_came_from(here, assessment):
    analysed(here, assessment.space)
    actor = here.actor("coordinator")
    give_reply(actor, assessment, item=ITEM, state="answered", value=4.0)
    assert standing(here, assessment) == ("same", "4")
    undo_reply(actor, assessment, item=ITEM)
    take_all(here, assessment)
    give_reply(actor, assessment, item=ITEM, state="answered", value=4.0, note="seen on site")
    assert standing(here, assessment) == ("taken", "4")


def test_who_may_not_read_the_analysis_is_offered_nothing(here, elsewhere, assessment):
    analysed(here, assessment.space)
    here.name_on("guest", assessment, Ability.READ, Ability.ANSWER)
    assert standing(here, assessment, role="guest") is None
    assert standing(here, assessment, role="reader") == ("open", "4")
    address = page(here, assessment, "take_computed")
    assert elsewhere.client("coordinator").post(address).status_code == 404


def test_figures_of_a_higher_marking_do_not_come_down(here, assessment):
    analysis = analysed(here, assessment.space)
    Analysis.objects.filter(pk=analysis.pk).update(marking=Marking.RED)
    assert standing(here, assessment) is None


def test_taking_nothing_or_from_another_space_is_refused(here, assessment):
    actor = here.actor("coordinator")
    other = analysed(here, here.space(name="Corn Market"))
    for values in ({}, {ITEM: 4.0}):
        with pytest.raises(RefusedError):
            take_computed(actor, assessment, analysis=other, values=values)


def test_the_pages_offer_it_and_one_press_takes_all(here, assessment):
    analysed(here, assessment.space)
    client = here.client("coordinator")
    section = next(
        item.section for item in engine_of(assessment).items.values() if item.key == ITEM
    )
    shown = client.get(page(here, assessment, "section", section)).content.decode()
    assert "Take it over" in shown
    assert "Take all over" in client.get(page(here, assessment, "detail")).content.decode()
    client.post(page(here, assessment, "take_computed"))
    assert current_reply(assessment, ITEM, None).value == 4
    shown = client.get(page(here, assessment, "section", section)).content.decode()
    assert "from the analysis of" in shown
    assert "Take it over" not in shown
