"""Measures: made of findings, moved from state to state, listed with what is overdue first."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from web.assessments.service_examples import begun
from web.examples import of, plan
from web.measures.service_examples import proposed
from web.scenarios.service_examples import created

from parvis_web.accounts.rights import NotAllowed
from parvis_web.accounts.vocabulary import Marking
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import Assessment, Reply
from parvis_web.assessments.results import finding_key
from parvis_web.assessments.rules import RefusedError
from parvis_web.measures import services
from parvis_web.measures.due import due_of
from parvis_web.measures.models import Measure, MeasureState
from parvis_web.measures.queries import count_open, measures_of
from parvis_web.measures.rules import MOVES, can_add, can_change
from parvis_web.measures.services import Plan, move_measure
from parvis_web.spaces.models import Space

PROPOSED, DECIDED, UNDER_WAY, DONE, DROPPED = MeasureState
FOLLOWING = {
    (PROPOSED, DECIDED), (PROPOSED, DROPPED),
    (DECIDED, UNDER_WAY), (DECIDED, PROPOSED), (DECIDED, DROPPED),
    (UNDER_WAY, DONE), (UNDER_WAY, DECIDED), (UNDER_WAY, DROPPED),
    (DONE, UNDER_WAY), (DROPPED, PROPOSED),
}  # fmt: skip


def as_if(measure: Measure, **fields) -> Measure:
    Measure.objects.filter(pk=measure.pk).update(**fields)
    measure.refresh_from_db()
    return measure


@pytest.fixture
def found(here):
    """An assessment whose answers give findings, one with measures of its framework."""
    assessment = begun(here, "local-safety-audit")
    held = engine_of(assessment)
    rows = []
    for item in held.items.values():
        if item.question.kind == "scale":
            worst = min(held.framework.scale(item.question.scale).levels, key=lambda x: x.value)
            rows.append(
                Reply(
                    authority=here.authority, assessment=assessment, item=item.key,
                    state="answered", value=worst.key,
                )
            )  # fmt: skip
    Reply.objects.bulk_create(rows)
    result = engine_of(assessment).result(timezone.localdate())
    finding = next((each for each in result.findings if each.measures), None)
    assert finding is not None
    return assessment, finding


@pytest.mark.parametrize("before", list(MeasureState))
@pytest.mark.parametrize("after", list(MeasureState))
def test_states_follow_on_each_other(here, before, after) -> None:
    measure = as_if(proposed(here), state=before)
    actor = here.actor("coordinator")
    if (before, after) in FOLLOWING:
        assert move_measure(actor, measure, state=after, reason="agreed").state == after
        assert measure.steps.last().reason == "agreed"
    else:
        with pytest.raises(RefusedError):
            move_measure(actor, measure, state=after, reason="agreed")
    assert set(MOVES) == set(MeasureState)


@pytest.mark.parametrize("state", list(MeasureState))
def test_who_writes_measures(here, state) -> None:
    measure = as_if(proposed(here), state=state)
    is_open = state not in (DONE, DROPPED)
    for role in ("owner", "coordinator"):
        assert can_add(here.actor(role), measure.space)
        assert can_add(here.actor(role), None)
        assert can_change(here.actor(role), measure) == is_open
    for role in ("assessor", "reader", "guest"):
        assert not can_add(here.actor(role), measure.space)
        assert not can_add(here.actor(role), None)
        assert not can_change(here.actor(role), measure)


def test_what_is_dropped_needs_a_reason_and_what_is_done_is_not_changed(here) -> None:
    measure, actor = proposed(here), here.actor("coordinator")
    with pytest.raises(RefusedError):
        move_measure(actor, measure, state=DROPPED)
    as_if(measure, state=DONE)
    with pytest.raises(RefusedError):
        services.change_measure(actor, measure, said=Plan("Other lamps"))
    with pytest.raises(NotAllowed):
        services.change_measure(here.actor("reader"), measure, said=Plan("Other lamps"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 201},
        {"cost_low": 5, "cost_high": 4, "currency": "EUR"},
        {"cost_low": 5},
    ],
)
def test_what_makes_no_sense_is_refused(here, wrong) -> None:
    with pytest.raises(RefusedError):
        proposed(here, **{"name": "Lamps"} | wrong)
    assert not Measure.objects.exists()


def test_scenario_and_plan_are_of_the_same_space(here) -> None:
    from parvis_web.scenarios.models import Scenario

    other = Scenario.objects.create(
        authority=here.authority, space=here.space(name="Elsewhere"), name="Bollards"
    )
    with pytest.raises(RefusedError):
        proposed(here, scenario=other)
    assert proposed(here, space=other.space, scenario=other).scenario == other


def test_a_measure_leads_to_its_closure_plan(here) -> None:
    closure = of(here, plan)
    measure = proposed(here, space=closure.space, plan=closure)
    page = here.client("coordinator").get(reverse("measures:detail", args=[here.slug, measure.pk]))
    address = reverse("approach:closure", args=[here.slug, closure.space_id, closure.pk])
    assert address in page.content.decode()


def test_a_finding_becomes_a_measure_by_one_click_and_once(here, found) -> None:
    assessment, finding = found
    client = here.client("coordinator")
    page = client.get(reverse("assessments:detail", args=[here.slug, assessment.pk]))
    assert "Make it a measure" in page.content.decode()
    address = reverse("measures:from_finding", args=[here.slug, assessment.pk])
    said = {"finding": finding_key(finding), "measure": finding.measures[0]}
    answer = client.post(address, said)
    measure = Measure.objects.get()
    assert answer.url == reverse("measures:detail", args=[here.slug, measure.pk])
    entry = next(
        each for each in engine_of(assessment).framework.measures if each.key == said["measure"]
    )
    assert entry.name in measure.name
    assert (measure.finding, measure.marking) == (said["finding"], assessment.marking)
    if entry.cost:
        assert measure.currency == entry.cost.currency
    assert client.post(address, said).url == answer.url
    client.post(address, {"finding": "nothing", "measure": "nothing"})
    assert Measure.objects.count() == 1
    assert here.client("reader").post(address, said).status_code == 403


def test_a_measure_is_marked_as_high_as_what_it_follows_from(here, found) -> None:
    assessment, _finding = found
    Assessment.objects.filter(pk=assessment.pk).update(marking=Marking.STRICT)
    assessment.refresh_from_db()
    measure = services.add_measure(
        here.actor("coordinator"), said=Plan("Lamps"), assessment=assessment, finding="x"
    )
    assert measure.marking == Marking.STRICT
    assert here.client("reader").get(
        reverse("measures:detail", args=[here.slug, measure.pk])
    ).status_code in (403, 404)
    assert measure not in measures_of(here.actor("reader"))


def test_lists_have_what_is_overdue_first_and_what_is_done_last(here) -> None:
    today = timezone.localdate()
    space = here.space()
    later = proposed(here, "later", space=space, due=today + timedelta(days=9))
    never = proposed(here, "never", space=space)
    late = proposed(here, "late", space=space, due=today - timedelta(days=1))
    done = as_if(proposed(here, "done", space=space, due=today - timedelta(days=9)), state=DONE)
    actor = here.actor("coordinator")
    assert list(measures_of(actor)) == [late, later, never, done]
    assert next(each.name for each in measures_of(actor, sort="-name")) == "never"
    assert count_open(actor, space) == 3
    client = here.client("reader")
    shown = client.get(reverse("measures:list", args=[here.slug]), {"overdue": "1"})
    assert [each.name for each in shown.context["page"]] == ["late"]


def test_a_table_given_out_runs_nothing_and_says_how_it_is_marked(here) -> None:
    proposed(here, "=cmd|' /C calc'!A0", description="+1", responsible_name="@works")
    client = here.client("reader")
    table = client.get(reverse("measures:export", args=[here.slug, "csv"]))
    assert "TLP-AMBER" in table["Content-Disposition"]
    text = table.content.decode("utf-8-sig")
    assert "'=cmd" in text
    assert "'@works" in text
    book = client.get(reverse("measures:export", args=[here.slug, "xlsx"]))
    cells = [cell for row in load_workbook(io.BytesIO(book.content)).active for cell in row]
    assert all(cell.data_type in ("s", "n") for cell in cells)
    assert client.get(reverse("measures:export", args=[here.slug, "pdf"])).status_code == 404


def test_a_measure_is_added_changed_and_moved_by_form(here) -> None:
    client, space = here.client("coordinator"), here.space()
    address = reverse("measures:of_space", args=[here.slug, space.pk])
    assert client.post(address, {"name": "Lamps", "cost_low": "5"}).status_code == 422
    client.post(address, {"name": "Lamps", "cost_low": "5", "cost_high": "9", "currency": "eur"})
    measure = Measure.objects.get()
    assert (measure.currency, measure.state) == ("EUR", PROPOSED)
    page = reverse("measures:detail", args=[here.slug, measure.pk])
    who = here.person("owner")
    client.post(page, {"name": "More lamps", "responsible": str(who.pk)})
    client.post(
        reverse("measures:move", args=[here.slug, measure.pk]),
        {"state": "decided", "reason": "council"},
    )
    measure.refresh_from_db()
    assert (measure.name, measure.responsible, measure.state) == ("More lamps", who, DECIDED)
    shown = client.get(page).content.decode()
    assert "council" in shown


def test_nobody_of_another_authority_can_be_the_owner(here, elsewhere) -> None:
    measure = proposed(here)
    answer = here.client("coordinator").post(
        reverse("measures:detail", args=[here.slug, measure.pk]),
        {"name": "Lamps", "responsible": str(elsewhere.person("owner").pk)},
    )
    assert answer.status_code == 422


def test_costs_in_the_wrong_order_are_not_kept(here) -> None:
    measure = proposed(here)
    with pytest.raises(IntegrityError), transaction.atomic():
        as_if(measure, cost_low=5, cost_high=4)


def test_pages_of_measures_ask_the_database_a_bounded_number_of_times(
    here, django_assert_max_num_queries
) -> None:
    space = here.space()
    for number in range(8):
        proposed(here, f"Lamp {number}", space=space)
    client = here.client("coordinator")
    for page, parts in (("list", []), ("of_space", [space.pk]), ("export", ["csv"])):
        with django_assert_max_num_queries(32):
            client.get(reverse(f"measures:{page}", args=[here.slug, *parts]))


def test_strangers_find_no_measure(here, elsewhere) -> None:
    measure = proposed(here)
    client = elsewhere.client("owner")
    for slug in (here.slug, elsewhere.slug):
        address = reverse("measures:detail", args=[slug, measure.pk])
        assert client.get(address).status_code == 404
    assert Space.objects.filter(authority=elsewhere.authority).count() == 0


def test_the_calendar_holds_the_days_of_open_measures(here) -> None:
    day = timezone.localdate() + timedelta(days=9)
    as_if(proposed(here, "Lamps, brighter"), due=day)
    as_if(proposed(here, "Old kerb"), due=day, state=DONE)
    proposed(here, "Some day")
    address = reverse("measures:export", args=[here.slug, "ics"])
    answer = here.client("reader").get(address)
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "TLP-AMBER" in answer["Content-Disposition"]
    assert text.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in text
    assert "SUMMARY:Lamps\\, brighter" in text


def test_a_measure_is_commented_on_marked_and_shared_like_everything_else(here) -> None:
    measure = proposed(here)
    client = here.client("coordinator")
    address = reverse("measures:detail", args=[here.slug, measure.pk])
    shown = client.get(address).content.decode()
    for part in ("Comments", "Marking", "Share"):
        assert part in shown
    said = reverse("comments:on", args=[here.slug, measure.kind(), measure.pk])
    assert client.post(said, {"text": "Who pays?"}).status_code == 302
    assert "Who pays?" in client.get(address).content.decode()


def test_scenario_and_measure_lead_to_each_other(here) -> None:
    measure = proposed(here)
    scenario = created(here)
    as_if(measure, scenario=scenario, space=scenario.space)
    client = here.client("coordinator")
    page = reverse("measures:detail", args=[here.slug, measure.pk])
    editor = reverse("scenarios:editor", args=[here.slug, scenario.space_id, scenario.pk])
    assert editor in client.get(page).content.decode()
    assert page in client.get(editor).content.decode()


def test_what_waits_is_told_to_those_who_decide(here, found) -> None:
    assessment, _finding = found
    long_ago = timezone.now() - timedelta(days=31)
    Assessment.objects.filter(pk=assessment.pk).update(state="in-review", submitted=long_ago)
    today = timezone.localdate()
    as_if(proposed(here, "Late"), due=today - timedelta(days=1))
    as_if(proposed(here, "Soon"), due=today + timedelta(days=30))
    as_if(proposed(here, "Later"), due=today + timedelta(days=31))
    due = due_of(here.actor("owner"))
    assert (due.n_assessments, due.n_overdue, due.n_soon) == (1, 1, 1)
    assert due.n_findings > 0
    start = reverse("spaces:list", args=[here.slug])
    assert "measure is overdue" in here.client("owner").get(start).content.decode()
    assert "measure is overdue" not in here.client("reader").get(start).content.decode()
