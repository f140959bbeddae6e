"""Who may ask for what, role by role, state by state."""

import pytest
from django.http import Http404

from parvis_web.accounts.rights import NotAllowed, SecondFactorNeeded
from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.approach import rules
from parvis_web.approach.models import Analysis
from parvis_web.runs.models import AnalysisRun, RunState

pytestmark = pytest.mark.django_db

ROLES = ("owner", "coordinator", "analyst", "assessor", "reader", "guest", "stranger")
# role: AMBER, AMBER+STRICT, RED; y yes, n no, h hidden
REQUEST = {
    "owner": "yyh", "coordinator": "yyh", "analyst": "nhh", "assessor": "hhh", "reader": "nhh",
    "guest": "hhh", "stranger": "hhh",
}  # fmt: skip
STATE = REQUEST


def outcome(check, actor, item):
    try:
        check(actor, item)
    except Http404:
        return "h"
    except (NotAllowed, rules.RefusedError):
        return "n"
    return "y"


def analysis_of(space, state=RunState.DONE, **fields):
    run = AnalysisRun.objects.create(
        authority=space.authority, kind="approach", subject_kind="spaces.space",
        subject_id=space.pk, state=state,
    )  # fmt: skip
    values = {"marking": space.marking, "summary": {"n_access_points": 2}} | fields
    return Analysis.objects.create(authority=space.authority, space=space, run=run, **values)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("place", "marking"), list(enumerate([Marking.AMBER, Marking.STRICT, Marking.RED]))
)
def test_who_may_ask_and_state(here, role, place, marking):
    space = here.space(marking=marking)
    here.person(role)
    actor = here.actor(role)
    assert outcome(rules.check_request, actor, space) == REQUEST[role][place]
    assert outcome(rules.check_state, actor, space) == STATE[role][place]
    analysis = analysis_of(space)
    expected = REQUEST[role][place]
    assert outcome(rules.check_remove, actor, analysis) == expected
    assert outcome(rules.check_plan, actor, analysis) == expected
    is_listed = rules.analyses_of(actor, space).filter(pk=analysis.pk).exists()
    assert is_listed == (expected != "h")


def test_an_assigned_assessor_analyses_and_does_not_state(here):
    space = here.space()
    space.assignees.add(here.person("assessor"))
    assert outcome(rules.check_request, here.actor("assessor"), space) == "y"
    assert outcome(rules.check_state, here.actor("assessor"), space) == "n"


def test_whoever_is_named_to_change_a_space_states(here):
    space = here.space()
    here.name_on("guest", space, Ability.READ, Ability.WRITE)
    assert outcome(rules.check_state, here.actor("guest"), space) == "y"
    here.name_on("analyst", space, Ability.READ)
    assert outcome(rules.check_state, here.actor("analyst"), space) == "n"


def test_restricted_spaces_need_the_second_factor(here):
    space = here.space(marking=Marking.STRICT)
    with pytest.raises(SecondFactorNeeded):
        rules.check_request(here.actor("owner", second_factor=False), space)


@pytest.mark.parametrize(
    ("state", "is_removed", "cancel", "remove", "restore", "plan"),
    [
        (RunState.QUEUED, False, "y", "n", "n", "n"),
        (RunState.RUNNING, False, "y", "n", "n", "n"),
        (RunState.DONE, False, "n", "y", "n", "y"),
        (RunState.FAILED, False, "n", "y", "n", "n"),
        (RunState.CANCELLED, False, "n", "y", "n", "n"),
        (RunState.DONE, True, "n", "n", "y", "n"),
    ],
)
def test_what_each_state_allows(here, state, is_removed, cancel, remove, restore, plan):
    space, actor = here.space(), here.actor("coordinator")
    removed = space.created if is_removed else None
    analysis = analysis_of(space, state, removed=removed)
    found = [
        outcome(check, actor, analysis)
        for check in (rules.check_cancel, rules.check_remove, rules.check_restore, rules.check_plan)
    ]
    assert found == [cancel, remove, restore, plan]


def test_nothing_to_close_where_nothing_arrives(here):
    analysis = analysis_of(here.space(), summary={"n_access_points": 0})
    assert outcome(rules.check_plan, here.actor("owner"), analysis) == "n"


@pytest.mark.parametrize(
    "broken", [{"removed": "2026-01-01T00:00Z"}, {"area": None}, {"city__state": "importing"}]
)
def test_there_must_be_ground_to_analyse(here, broken):
    space = here.space()
    for name, value in broken.items():
        item, _, field = name.rpartition("__")
        target = space.city if item else space
        setattr(target, field, value)
    assert outcome(rules.check_request, here.actor("owner"), space) == "n"


def test_another_authority_is_unknown(here, elsewhere):
    space = here.space()
    assert outcome(rules.check_request, elsewhere.actor("owner"), space) == "h"
    assert outcome(rules.check_remove, elsewhere.actor("owner"), analysis_of(space)) == "h"
    assert not rules.analyses_of(elsewhere.actor("owner"), space).exists()


def test_a_result_is_marked_as_what_it_rests_on(place):
    place.state(reason="x", marking=Marking.STRICT)
    assert place.ask().marking == Marking.STRICT
