"""Every write to a scenario: what it does, its audit event, what makes a signature void."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis_web.accounts.vocabulary import Ability
from parvis_web.audit.models import AuditEvent
from parvis_web.audit.recording import SERVICES
from parvis_web.scenarios import services
from parvis_web.scenarios.models import Scenario, ScenarioState, ScenarioVersion, Signature
from parvis_web.scenarios.rules import ConflictError, RefusedError
from parvis_web.spaces.models import Evidence

WALL = {
    "type": "add_barrier",
    "shape": {"type": "LineString", "coordinates": [[10.0, 50.0], [10.0001, 50.0]]},
}
ANSWER = {"points": [], "rows": [], "checks": [], "cost": None, "n_unpriced": 0, "notices": []}


@pytest.fixture
def owner(here):
    return here.actor("owner")


@pytest.fixture
def scenario(here, owner):
    return services.create_scenario(owner, here.space(), name=" One  lane ")


def edited(owner, scenario, *rows):
    return services.edit_scenario(owner, scenario, edit=scenario.edit, changes=rows)


def proposed(owner, scenario):
    scenario = edited(owner, scenario, WALL)
    services.save_version(owner, scenario, edit=scenario.edit, answer=ANSWER)
    return services.propose_scenario(owner, scenario)


def signed(here, owner, scenario):
    scenario = proposed(owner, scenario)
    here.name_on("guest", scenario, Ability.READ, Ability.SIGN)
    adviser = here.actor("guest")
    version = services.newest_version(scenario)
    return services.sign_scenario(
        adviser, scenario, digest=version.digest, function="Police adviser", user=adviser.user
    )


def actions():
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


def test_name_is_tidied_and_the_scenario_takes_the_marking_of_its_space(scenario):
    assert scenario.name == "One lane"
    assert scenario.marking == scenario.space.marking
    assert actions()[-1] == "scenario.create"


def test_edits_can_be_undone_and_made_again(owner, scenario):
    scenario = edited(owner, scenario, WALL)
    scenario = edited(owner, scenario, WALL, WALL)
    scenario = services.undo_edit(owner, scenario, edit=scenario.edit)
    assert scenario.changes == [WALL]
    scenario = services.undo_edit(owner, scenario, edit=scenario.edit)
    assert scenario.changes == []
    scenario = services.redo_edit(owner, scenario, edit=scenario.edit)
    assert scenario.changes == [WALL]
    scenario = edited(owner, scenario)
    with pytest.raises(RefusedError):
        services.redo_edit(owner, scenario, edit=scenario.edit)


def test_two_people_who_edit_at_once_never_overwrite_each_other(here, owner, scenario):
    stale = scenario.edit
    edited(owner, scenario, WALL)
    with pytest.raises(ConflictError):
        services.edit_scenario(here.actor("coordinator"), scenario, edit=stale, changes=[])
    scenario.refresh_from_db()
    assert scenario.changes == [WALL]


def test_version_is_kept_with_its_digest_and_saved_once(owner, scenario):
    scenario = edited(owner, scenario, WALL)
    first = services.save_version(owner, scenario, edit=scenario.edit, answer=ANSWER)
    again = services.save_version(owner, scenario, edit=scenario.edit, answer=ANSWER)
    assert first.pk == again.pk
    kept = ScenarioVersion.objects.get()
    assert services.version_digest(kept) == kept.digest
    kept.changes = []
    assert services.version_digest(kept) != kept.digest


def test_only_a_saved_version_with_results_is_proposed(owner, scenario):
    with pytest.raises(RefusedError, match="Save a version"):
        services.propose_scenario(owner, scenario)
    services.save_version(owner, scenario, edit=scenario.edit, answer=None)
    with pytest.raises(RefusedError, match="without its results"):
        services.propose_scenario(owner, scenario)


def test_one_scenario_of_a_space_is_proposed(owner, scenario):
    scenario = proposed(owner, scenario)
    other = services.duplicate_scenario(owner, scenario, name="Another")
    services.save_version(owner, other, edit=other.edit, answer=ANSWER)
    services.propose_scenario(owner, other)
    states = dict(Scenario.objects.values_list("name", "state"))
    assert states == {"One lane": "draft", "Another": "proposed"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Scenario.objects.update(state=ScenarioState.PROPOSED)


def test_named_adviser_signs_exactly_the_newest_version(here, owner, scenario):
    signature = signed(here, owner, scenario)
    scenario.refresh_from_db()
    assert scenario.state == ScenarioState.SIGNED
    scenario.space.refresh_from_db()
    assert scenario.space.state == "signed"
    said = services.signed_digest(
        signature.version,
        name=signature.signer_name,
        function="Police adviser",
        signed_on=signature.signed_on,
    )
    assert signature.digest == said
    assert "scenario.sign" in actions()


def test_digest_of_another_version_is_not_signed(here, owner, scenario):
    scenario = proposed(owner, scenario)
    here.name_on("guest", scenario, Ability.READ, Ability.SIGN)
    adviser = here.actor("guest")
    for digest in ("", "0" * 64):
        with pytest.raises(RefusedError):
            services.sign_scenario(
                adviser, scenario, digest=digest, function="Adviser", user=adviser.user
            )


def test_nobody_signs_their_own_version(here, owner, scenario):
    scenario = proposed(owner, scenario)
    here.name_on("owner", scenario, Ability.READ, Ability.SIGN)
    fresh = here.actor("owner")
    with pytest.raises(RefusedError, match="cannot sign it"):
        services.sign_scenario(
            fresh,
            scenario,
            digest=services.newest_version(scenario).digest,
            function="Owner",
            user=fresh.user,
        )


@pytest.mark.parametrize("what", ["edit", "undo", "save", "withdraw"])
def test_signature_is_void_when_the_scenario_changes(here, owner, scenario, what):
    signed(here, owner, scenario)
    scenario.refresh_from_db()
    match what:
        case "edit":
            edited(owner, scenario)
        case "undo":
            services.undo_edit(owner, scenario, edit=scenario.edit)
        case "save":
            services.save_version(
                owner, scenario, edit=scenario.edit, answer={**ANSWER, "n_unpriced": 1}
            )
        case "withdraw":
            services.withdraw_scenario(owner, scenario)
    assert Signature.objects.get().void is not None
    scenario.refresh_from_db()
    assert scenario.state in {ScenarioState.DRAFT, ScenarioState.WITHDRAWN}


def test_signed_scenario_is_not_renamed_or_deleted(here, owner, scenario):
    signed(here, owner, scenario)
    scenario.refresh_from_db()
    for refused in (
        lambda: services.rename_scenario(owner, scenario, name="Other"),
        lambda: services.delete_scenario(owner, scenario),
    ):
        with pytest.raises(RefusedError, match="Withdraw it first"):
            refused()


@pytest.mark.parametrize("spelling", ["{name}", "  {NAME} ", "{email}"])
@pytest.mark.parametrize("maker", ["who made it", "who saved it"])
def test_nobody_signs_their_own_version_on_paper(here, owner, scenario, maker, spelling):
    other = here.actor("coordinator")
    scenario = proposed(owner if maker == "who made it" else other, scenario)
    user = owner.user if maker == "who made it" else other.user
    scan = Evidence.objects.create(
        authority=scenario.authority, space=scenario.space, digest="a" * 64, size=9,
        media_type="application/pdf", original_name="sheet.pdf",
    )  # fmt: skip
    asked = {
        "digest": services.newest_version(scenario).digest, "function": "Adviser",
        "signed_on": timezone.localdate(), "scan": scan,
    }  # fmt: skip
    name = spelling.format(name=user.name, NAME=user.name.upper(), email=user.email)
    with pytest.raises(RefusedError, match="cannot sign it"):
        services.sign_on_paper(other, scenario, name=name, **asked)
    assert not Signature.objects.exists()
    assert services.sign_on_paper(other, scenario, name="Ada of Overfield", **asked)


def test_sheet_signed_on_paper_is_recorded_with_its_scan(owner, scenario):
    scenario = proposed(owner, scenario)
    scan = Evidence.objects.create(
        authority=scenario.authority, space=scenario.space, digest="a" * 64, size=9,
        media_type="application/pdf", original_name="sheet.pdf",
    )  # fmt: skip
    version = services.newest_version(scenario)
    today = timezone.localdate()
    asked = {"digest": version.digest[:16], "name": "Ada", "function": "Adviser", "scan": scan}
    with pytest.raises(RefusedError, match="future"):
        services.sign_on_paper(owner, scenario, signed_on=today + timedelta(days=1), **asked)
    signature = services.sign_on_paper(owner, scenario, signed_on=today, **asked)
    assert (signature.method, signature.scan.digest) == ("paper", "a" * 64)


def test_deleted_scenario_comes_back(owner, scenario):
    services.delete_scenario(owner, scenario)
    scenario.refresh_from_db()
    assert scenario.removed is not None
    services.restore_scenario(owner, scenario)
    scenario.refresh_from_db()
    assert scenario.removed is None


def test_list_of_changes_that_is_too_long_is_refused(owner, scenario):
    with pytest.raises(RefusedError, match="60"):
        edited(owner, scenario, *[WALL] * 61)
    many = {**WALL, "shape": {"type": "LineString", "coordinates": [[10.0, 50.0]] * 20_000}}
    with pytest.raises(RefusedError, match="corners"):
        edited(owner, scenario, many)


def test_every_service_of_scenarios_leaves_its_event(here, owner, scenario):
    signed(here, owner, scenario)
    scenario.refresh_from_db()
    services.withdraw_scenario(owner, scenario)
    copy = services.duplicate_scenario(owner, scenario, name="Copy")
    copy = services.rename_scenario(owner, copy, name="Renamed")
    copy = edited(owner, copy)
    copy = services.undo_edit(owner, copy, edit=copy.edit)
    copy = services.redo_edit(owner, copy, edit=copy.edit)
    services.delete_scenario(owner, copy)
    services.restore_scenario(owner, copy)
    told = set(actions())
    expected = {name for name in SERVICES if name.startswith("scenario.")}
    expected -= {"scenario.sign-on-paper", "scenario.answer-in-background"}
    assert expected <= told
