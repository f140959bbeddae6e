"""Who may do what with a scenario: role × state × marking × action, one row an action."""

from itertools import product

import pytest
from django.http import Http404

from parvis_web.accounts.rights import Actor, NotAllowed
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.scenarios.models import Scenario, ScenarioState
from parvis_web.scenarios.rules import Action, RefusedError, can_action, check_action

POSSIBLE = {
    # action: draft, proposed, signed, withdrawn
    Action.READ: "yyyy",
    Action.EDIT: "yyy-",
    Action.SAVE: "yyy-",
    Action.RENAME: "yy--",
    Action.DUPLICATE: "yyyy",
    Action.PROPOSE: "y---",
    Action.SIGN: "-y--",
    Action.SIGN_PAPER: "-y--",
    Action.WITHDRAW: "-yy-",
    Action.DELETE: "yy-y",
    Action.RESTORE: "----",
}
WRITERS = {
    # role: markings it writes
    Role.OWNER: {Marking.CLEAR, Marking.GREEN, Marking.AMBER, Marking.STRICT},
    Role.COORDINATOR: {Marking.CLEAR, Marking.GREEN, Marking.AMBER, Marking.STRICT},
    Role.ANALYST: set(),
    Role.ASSESSOR: set(),
    Role.READER: set(),
}
READERS = {
    Role.OWNER: WRITERS[Role.OWNER],
    Role.COORDINATOR: WRITERS[Role.OWNER],
    Role.ANALYST: {Marking.CLEAR, Marking.GREEN, Marking.AMBER},
    Role.ASSESSOR: {Marking.CLEAR, Marking.GREEN},
    Role.READER: {Marking.CLEAR, Marking.GREEN, Marking.AMBER},
}


@pytest.fixture
def scenario(here):
    return Scenario.objects.create(authority=here.authority, space=here.space(), name="One")


def test_table_of_roles_states_markings_and_actions(here, scenario):
    for role in Role:
        actor = here.actor(role)
        for marking, state, action in product(Marking, ScenarioState, Action):
            scenario.marking, scenario.state = marking, state
            may = marking in (READERS if action == Action.READ else WRITERS)[role]
            may = may and action != Action.SIGN
            is_possible = POSSIBLE[action][list(ScenarioState).index(state)] == "y"
            expected = may and is_possible
            assert can_action(actor, action, scenario) == expected, (role, marking, state, action)


def test_check_and_can_agree(here, scenario):
    for role, state, action in product(Role, ScenarioState, Action):
        scenario.state = state
        actor = here.actor(role)
        try:
            check_action(actor, action, scenario)
        except (RefusedError, NotAllowed, Http404):
            assert not can_action(actor, action, scenario)
        else:
            assert can_action(actor, action, scenario)


def test_deleted_scenario_can_only_be_read_and_restored(here, scenario):
    from django.utils import timezone

    scenario.removed = timezone.now()
    actor = here.actor("owner")
    allowed = {action for action in Action if can_action(actor, action, scenario)}
    assert allowed == {Action.READ, Action.RESTORE}


@pytest.mark.parametrize("role", ["guest", "reader", "coordinator"])
def test_who_is_named_for_signing_signs_with_a_second_factor_only(here, scenario, role):
    scenario.state = ScenarioState.PROPOSED
    here.name_on(role, scenario, Ability.READ, Ability.SIGN)
    assert can_action(here.actor(role), Action.SIGN, scenario)
    weak = here.actor(role, second_factor=False)
    assert not can_action(weak, Action.SIGN, scenario)
    with pytest.raises(NotAllowed):
        check_action(weak, Action.SIGN, scenario)


def test_another_authority_gets_404(here, elsewhere, scenario):
    for action in Action:
        with pytest.raises(Http404):
            check_action(elsewhere.actor("owner"), action, scenario)
    assert isinstance(elsewhere.actor("owner"), Actor)
