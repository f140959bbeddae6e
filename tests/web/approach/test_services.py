"""Every write leaves its event; nothing stated is ever changed; equal questions share a result."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from parvis_web.approach import rules, services
from parvis_web.approach.models import Analysis, Assumption, AssumptionKind
from parvis_web.audit.models import AuditEvent
from parvis_web.runs.models import RunState

pytestmark = pytest.mark.django_db


def actions():
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


def test_asking_queues_a_run_and_is_recorded(place):
    analysis = place.ask(vehicles=["M1"])
    assert analysis.run.state == RunState.QUEUED
    assert analysis.question["vehicles"] == ["M1"]
    assert actions() == ["run.start", "analysis.request"]


def test_an_equal_question_finds_the_same_analysis(place):
    first = place.ask(vehicles=["M1"])
    assert place.ask(vehicles=["M1"]) == first
    assert place.ask(vehicles=["M1"], design="limit") != first
    place.city.state_hash = "another"
    place.city.save()
    assert place.ask(vehicles=["M1"]) != first


def test_an_equal_question_brings_a_removed_analysis_back(place):
    analysis = place.analysed()
    services.remove(place.town.actor("coordinator"), analysis)
    assert place.ask(vehicles=["M1", "N2B"]) == analysis
    assert Analysis.objects.get().removed is None


def test_the_statement_in_force_chooses_the_classes(place):
    place.state(vehicles=["N2B"], reason="x", reference="P 1")
    analysis = place.ask(vehicles=["M1"])
    assert analysis.question["vehicles"] == ["N2B"]
    assert analysis.question["statement"]["reference"] == "P 1"
    assert analysis.assumption == services.in_force(place.space)


def test_cancelling_stops_the_run(place):
    analysis = place.ask(vehicles=["M1"])
    services.cancel(place.town.actor("coordinator"), analysis)
    analysis.run.refresh_from_db()
    assert analysis.run.state == RunState.CANCELLED
    assert actions()[-2:] == ["run.cancel", "analysis.cancel"]


def test_removing_can_be_undone(place):
    actor, analysis = place.town.actor("coordinator"), place.analysed()
    services.remove(actor, analysis)
    assert not rules.analyses_of(actor, place.space).exists()
    services.restore(actor, analysis)
    assert rules.analyses_of(actor, place.space).get() == analysis
    assert actions()[-2:] == ["analysis.remove", "analysis.restore"]


def test_a_new_statement_replaces_the_old_one_and_keeps_it(place):
    old = place.state(reason="first")
    new = place.state(kind=AssumptionKind.THREAT_STATEMENT, reference="77/26", vehicles=["N3D"])
    old.refresh_from_db()
    assert (old.replaced is None, new.replaced is None) == (False, True)
    assert (old.reason, old.vehicles) == ("first", ["M1", "N2B"])
    assert actions().count("assumption.state") == 3


def test_withdrawing_leaves_none_in_force(place):
    place.state(reason="first")
    services.withdraw_assumption(place.town.actor("owner"), place.space)
    assert services.in_force(place.space) is None
    with pytest.raises(rules.RefusedError):
        services.withdraw_assumption(place.town.actor("owner"), place.space)
    assert actions()[-1] == "assumption.withdraw"


@pytest.mark.parametrize(
    "given",
    [
        {"kind": AssumptionKind.THREAT_STATEMENT},
        {"author": "  "},
        {"reason": " "},
        {"valid_until": dt.date(2020, 1, 1)},
    ],
)
def test_a_statement_lacking_what_it_needs_is_refused(place, given):
    with pytest.raises(rules.RefusedError):
        place.state(**given)
    assert not Assumption.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"assumption_kind": "threat-statement"},
        {"author": ""},
        {"reason": ""},
        {"assumption_kind": "x"},
    ],
)
def test_the_database_refuses_it_too(place, broken):
    values = {
        "author": "A", "reason": "Deliveries", "date": dt.date(2026, 1, 1),
        "assumption_kind": "planning-assumption",
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Assumption.objects.create(
            authority=place.town.authority, space=place.space, **values | broken
        )


def test_a_closure_plan_continues_an_analysis(place):
    analysis = place.analysed()
    plan = services.request_closure(
        place.town.actor("coordinator"), analysis, permanence="temporary", emergency_access=[1]
    )
    assert plan.question["wishes"]["emergency_access"] == [1]
    assert plan.question["vehicles"] == analysis.question["vehicles"]
    assert actions()[-2:] == ["run.start", "closure.request"]
