"""Every write to scenarios: made, edited, saved, proposed, signed, withdrawn, deleted."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.approach.models import Analysis
from parvis_web.audit.chain import canonical
from parvis_web.audit.recording import note, service
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.services import start_run
from parvis_web.scenarios import rules
from parvis_web.scenarios.models import (
    Scenario,
    ScenarioState,
    ScenarioVersion,
    Signature,
    SignatureMethod,
)
from parvis_web.scenarios.present import place_of
from parvis_web.scenarios.rules import Action, RefusedError
from parvis_web.spaces.models import AssessmentState, Evidence, Space
from parvis_web.spaces.services import advance_state

MOST_UNDO = 40


def facts(scenario: Scenario) -> dict[str, Any]:
    """Return what an audit event's digest covers of a scenario."""
    return {
        "name": scenario.name,
        "state": scenario.state,
        "changes": scenario.changes,
        "people": scenario.people,
        "edit": scenario.edit,
        "removed": scenario.removed.isoformat() if scenario.removed else None,
    }


def version_digest(version: ScenarioVersion) -> str:
    """Return the SHA-256 of exactly what a version says: changes, results and where they hold."""
    said = {
        "scenario": str(version.scenario_id),
        "number": version.number,
        "name": version.name,
        "changes": version.changes,
        "people": version.people,
        "answer": version.answer,
        "city_state": version.city_state,
        "analysis": str(version.analysis_id) if version.analysis_id else None,
    }
    return sha256(_bytes(said)).hexdigest()


def signed_digest(version: ScenarioVersion, *, name: str, function: str, signed_on: date) -> str:
    """Return the SHA-256 of a version together with who signs it and when."""
    said = {
        "version": version.digest,
        "name": name,
        "function": function,
        "signed_on": signed_on.isoformat(),
    }
    return sha256(_bytes(said)).hexdigest()


def _bytes(said: Mapping[str, Any]) -> bytes:
    return canonical(dict(said)).encode()


@service("scenario.create")
def create_scenario(
    actor: Actor,
    space: Space,
    *,
    name: str,
    analysis: Analysis | None = None,
    changes: Sequence[Mapping[str, Any]] = (),
    people: int | None = None,
) -> Scenario:
    """Add a scenario to a space; it continues `analysis`."""
    rules.check_create(actor, space)
    scenario = Scenario.objects.create(
        authority=space.authority,
        space=space,
        analysis=analysis,
        city_state=space.city.state_hash,
        marking=space.marking,
        marking_reason=space.marking_reason,
        legal_basis=space.legal_basis,
        review_on=space.review_on,
        name=rules.check_name(name),
        changes=_checked(changes),
        people=people,
        created_by=actor.user,
        edited_by=actor.user,
    )
    note(scenario, after=facts(scenario), space=str(space.pk))
    return scenario


@service("scenario.duplicate")
def duplicate_scenario(actor: Actor, scenario: Scenario, *, name: str) -> Scenario:
    """Go on from a scenario in one of its own."""
    rules.check_action(actor, Action.DUPLICATE, scenario)
    copy = create_scenario(
        actor,
        scenario.space,
        name=name,
        analysis=scenario.analysis,
        changes=scenario.changes,
        people=scenario.people,
    )
    copy.marking, copy.marking_reason = scenario.marking, scenario.marking_reason
    copy.legal_basis, copy.review_on = scenario.legal_basis, scenario.review_on
    copy.save(update_fields=["marking", "marking_reason", "legal_basis", "review_on"])
    note(copy, after=facts(copy), origin=str(scenario.pk))
    return copy


@service("scenario.rename")
def rename_scenario(actor: Actor, scenario: Scenario, *, name: str) -> Scenario:
    """Give a scenario another name."""
    scenario = _locked(scenario)
    rules.check_action(actor, Action.RENAME, scenario)
    before = facts(scenario)
    scenario.name = rules.check_name(name)
    scenario.save(update_fields=["name"])
    note(scenario, before=before, after=facts(scenario))
    return scenario


@service("scenario.edit")
def edit_scenario(
    actor: Actor,
    scenario: Scenario,
    *,
    edit: int,
    changes: Sequence[Mapping[str, Any]],
    people: int | None = None,
) -> Scenario:
    """Take a new list of changes; what was there before can be undone."""
    scenario = _editable(actor, scenario, edit)
    before = facts(scenario)
    checked = _checked(changes)
    if checked == scenario.changes and people == scenario.people:
        note(scenario, before=before, after=before, is_same=True)
        return scenario
    scenario.past = [*scenario.past, _kept(scenario)][-MOST_UNDO:]
    scenario.undone = []
    scenario.changes, scenario.people = checked, people
    return _edited(actor, scenario, before)


@service("scenario.undo")
def undo_edit(actor: Actor, scenario: Scenario, *, edit: int) -> Scenario:
    """Take back the last change."""
    scenario = _editable(actor, scenario, edit)
    if not scenario.past:
        raise RefusedError(_("There is nothing to undo."))
    before = facts(scenario)
    scenario.undone = [*scenario.undone, _kept(scenario)][-MOST_UNDO:]
    *scenario.past, last = scenario.past
    scenario.changes, scenario.people = last["changes"], last["people"]
    return _edited(actor, scenario, before)


@service("scenario.redo")
def redo_edit(actor: Actor, scenario: Scenario, *, edit: int) -> Scenario:
    """Make again what was taken back last."""
    scenario = _editable(actor, scenario, edit)
    if not scenario.undone:
        raise RefusedError(_("There is nothing to make again."))
    before = facts(scenario)
    scenario.past = [*scenario.past, _kept(scenario)][-MOST_UNDO:]
    *scenario.undone, last = scenario.undone
    scenario.changes, scenario.people = last["changes"], last["people"]
    return _edited(actor, scenario, before)


@service("scenario.save-version")
def save_version(
    actor: Actor,
    scenario: Scenario,
    *,
    edit: int,
    answer: Mapping[str, Any] | None,
    analysis: Analysis | None = None,
) -> ScenarioVersion:
    """
    Keep the state being worked on for good, with what it answers.

    Parameters
    ----------
    answer : mapping or None
        As `parvis.report.scenario.answer_document` gives it for these changes.
    analysis : Analysis, optional
        The one the answer continues.
    """
    scenario = _locked(scenario)
    rules.check_action(actor, Action.SAVE, scenario)
    rules.check_edit_number(scenario, edit)
    last = newest_version(scenario)
    state = scenario.space.city.state_hash
    if last is not None and _is_same(last, scenario, answer, analysis, state):
        note(last, after={"digest": last.digest}, number=last.number, is_same=True)
        return last
    version = ScenarioVersion(
        authority=scenario.authority,
        scenario=scenario,
        number=last.number + 1 if last else 1,
        name=scenario.name,
        changes=scenario.changes,
        people=scenario.people,
        answer=answer,
        analysis=analysis,
        city_state=state,
        created_by=actor.user,
    )
    version.digest = version_digest(version)
    version.save(force_insert=True)
    before = facts(scenario)
    scenario.city_state, scenario.analysis = state, analysis
    _void(scenario)
    scenario.save(update_fields=["city_state", "analysis", "state"])
    note(scenario, before=before, after=facts(scenario), number=version.number)
    note(version, after={"digest": version.digest}, number=version.number)
    return version


@service("scenario.propose")
def propose_scenario(actor: Actor, scenario: Scenario) -> Scenario:
    """Put a scenario forward for its space; the one put forward before becomes a draft again."""
    Space.objects.select_for_update().get(pk=scenario.space_id)
    scenario = _locked(scenario)
    rules.check_action(actor, Action.PROPOSE, scenario)
    rules.check_saved(scenario, newest_version(scenario))
    others = Scenario.objects.select_for_update().filter(
        space=scenario.space_id, removed__isnull=True
    )
    if others.filter(state=ScenarioState.SIGNED).exists():
        raise RefusedError(
            _("Another scenario of this space is signed. Withdraw it before proposing this one.")
        )
    for other in others.filter(state=ScenarioState.PROPOSED):
        before = facts(other)
        other.state = ScenarioState.DRAFT
        other.save(update_fields=["state"])
        note(other, before=before, after=facts(other), replaced_by=str(scenario.pk))
    before = facts(scenario)
    scenario.state = ScenarioState.PROPOSED
    scenario.save(update_fields=["state"])
    note(scenario, before=before, after=facts(scenario))
    advance_state(Actor(scenario.authority), scenario.space, state=AssessmentState.PLANNED)
    return scenario


@service("scenario.withdraw")
def withdraw_scenario(actor: Actor, scenario: Scenario) -> Scenario:
    """Take a proposed or signed scenario back; a signature becomes void."""
    scenario = _locked(scenario)
    rules.check_action(actor, Action.WITHDRAW, scenario)
    before = facts(scenario)
    _void(scenario)
    scenario.state = ScenarioState.WITHDRAWN
    scenario.save(update_fields=["state"])
    note(scenario, before=before, after=facts(scenario))
    return scenario


@service("scenario.sign")
def sign_scenario(
    actor: Actor, scenario: Scenario, *, digest: str, function: str, user: User
) -> Signature:
    """
    Sign the proposed version as the named adviser.

    Parameters
    ----------
    digest : str
        Of the version the signer saw; refused where it is no longer the newest.
    function : str
        In which the adviser signs.
    """
    scenario = _locked(scenario)
    rules.check_action(actor, Action.SIGN, scenario)
    version = _signable(scenario, digest)
    rules.check_signer(scenario, version, user)
    return _signed(
        actor,
        scenario,
        version,
        method=SignatureMethod.ELECTRONIC,
        signer=user,
        name=str(user),
        function=function,
        signed_on=timezone.localdate(),
        scan=None,
    )


@service("scenario.sign-on-paper")
def sign_on_paper(
    actor: Actor,
    scenario: Scenario,
    *,
    digest: str,
    name: str,
    function: str,
    signed_on: date,
    scan: Evidence,
) -> Signature:
    """Record that an adviser signed the printed sheet of the proposed version."""
    scenario = _locked(scenario)
    rules.check_action(actor, Action.SIGN_PAPER, scenario)
    version = _signable(scenario, digest)
    rules.check_signer(scenario, version, name)
    if scan.space_id != scenario.space_id or scan.authority_id != scenario.authority_id:
        raise RefusedError(_("The scan belongs to another space."))
    if signed_on > timezone.localdate():
        raise RefusedError(_("The day of signing lies in the future."))
    return _signed(
        actor,
        scenario,
        version,
        method=SignatureMethod.PAPER,
        signer=None,
        name=" ".join(name.split()),
        function=function,
        signed_on=signed_on,
        scan=scan,
    )


@service("scenario.delete")
def delete_scenario(actor: Actor, scenario: Scenario) -> Scenario:
    """Take a scenario off the list; it can be brought back."""
    scenario = _locked(scenario)
    rules.check_action(actor, Action.DELETE, scenario)
    before = facts(scenario)
    scenario.removed = timezone.now()
    if scenario.state == ScenarioState.PROPOSED:
        scenario.state = ScenarioState.DRAFT
    scenario.save(update_fields=["removed", "state"])
    note(scenario, before=before, after=facts(scenario))
    return scenario


@service("scenario.restore")
def restore_scenario(actor: Actor, scenario: Scenario) -> Scenario:
    """Bring a deleted scenario back."""
    scenario = _locked(scenario)
    rules.check_action(actor, Action.RESTORE, scenario)
    before = facts(scenario)
    scenario.removed = None
    scenario.save(update_fields=["removed"])
    note(scenario, before=before, after=facts(scenario))
    return scenario


@service("scenario.answer-in-background")
def answer_in_background(
    actor: Actor, scenario: Scenario, *, analysis: Analysis | None
) -> AnalysisRun:
    """Queue a run that computes what a scenario does and saves it as a version."""
    rules.check_action(actor, Action.SAVE, scenario)
    place = place_of(scenario.space, analysis).message()
    del place["home"]
    asked = {
        "scenario": str(scenario.pk),
        "edit": scenario.edit,
        "place": place,
        "changes": scenario.document(),
        "people": scenario.people,
        "analysis": str(analysis.pk) if analysis else None,
    }
    run = start_run(actor, kind="scenario", subject=scenario, parameters=asked, inputs=asked)
    note(scenario, run=str(run.pk))
    return run


def newest_version(scenario: Scenario) -> ScenarioVersion | None:
    """Return the version saved last."""
    return ScenarioVersion.objects.filter(scenario=scenario).order_by("-number").first()


def _locked(scenario: Scenario) -> Scenario:
    return (
        Scenario.objects.select_for_update(of=("self",))
        .select_related("space__city", "authority")
        .get(pk=scenario.pk)
    )


def _editable(actor: Actor, scenario: Scenario, edit: int) -> Scenario:
    scenario = _locked(scenario)
    rules.check_action(actor, Action.EDIT, scenario)
    rules.check_edit_number(scenario, edit)
    return scenario


def _edited(actor: Actor, scenario: Scenario, before: Mapping[str, Any]) -> Scenario:
    scenario.edit += 1
    scenario.edited, scenario.edited_by = timezone.now(), actor.user
    _void(scenario)
    scenario.save()
    note(scenario, before=before, after=facts(scenario), edit=scenario.edit)
    return scenario


def _void(scenario: Scenario) -> None:
    """Let signatures lose their force and the scenario become a draft again."""
    if scenario.state not in {ScenarioState.PROPOSED, ScenarioState.SIGNED}:
        return
    scenario.state = ScenarioState.DRAFT
    for signature in Signature.objects.filter(scenario=scenario, void__isnull=True):
        signature.void = timezone.now()
        signature.save(update_fields=["void"])
        note(signature, before={"void": None}, after={"void": signature.void.isoformat()})


def _kept(scenario: Scenario) -> dict[str, Any]:
    return {"changes": scenario.changes, "people": scenario.people}


def _checked(changes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a list of changes that is small enough to keep; what it means is asked later."""
    rows = [dict(row) for row in changes]
    if len(rows) > rules.MOST_CHANGES:
        raise RefusedError(
            _("A scenario holds up to %(most)s changes.") % {"most": rules.MOST_CHANGES}
        )
    if len(json.dumps(rows)) > rules.MOST_BYTES:
        raise RefusedError(_("This change has too many corners. Draw it with fewer."))
    return rows


def _is_same(
    version: ScenarioVersion,
    scenario: Scenario,
    answer: Mapping[str, Any] | None,
    analysis: Analysis | None,
    state: str,
) -> bool:
    now = (scenario.name, scenario.changes, scenario.people, answer, state)
    then = (version.name, version.changes, version.people, version.answer, version.city_state)
    return now == then and version.analysis_id == (analysis.pk if analysis else None)


def _signable(scenario: Scenario, digest: str) -> ScenarioVersion:
    version = newest_version(scenario)
    rules.check_saved(scenario, version)
    if version is None or not digest or not version.digest.startswith(digest.strip().lower()):
        raise RefusedError(
            _("The digest is not that of the proposed version. Look at the newest version again.")
        )
    if version_digest(version) != version.digest:
        raise RefusedError(_("The proposed version was altered outside the application."))
    return version


def _signed(
    actor: Actor,
    scenario: Scenario,
    version: ScenarioVersion,
    *,
    method: SignatureMethod,
    signer: User | None,
    name: str,
    function: str,
    signed_on: date,
    scan: Evidence | None,
) -> Signature:
    function = " ".join(function.split())
    if not name or not function:
        raise RefusedError(_("Give name and function of the adviser."))
    signature = Signature.objects.create(
        authority=scenario.authority,
        scenario=scenario,
        version=version,
        digest=signed_digest(version, name=name, function=function, signed_on=signed_on),
        method=method,
        signer=signer,
        signer_name=name,
        signer_function=function,
        signed_on=signed_on,
        scan=scan,
        recorded_by=actor.user,
    )
    before = facts(scenario)
    scenario.state = ScenarioState.SIGNED
    scenario.save(update_fields=["state"])
    note(scenario, before=before, after=facts(scenario), number=version.number)
    note(signature, after={"digest": signature.digest, "method": str(method)})
    advance_state(Actor(scenario.authority), scenario.space, state=AssessmentState.SIGNED)
    return signature
