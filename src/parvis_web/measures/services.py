"""Every write of measures: added, changed, moved on."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor, check_read
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach.models import ClosurePlan
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.rules import RefusedError
from parvis_web.audit.recording import note, service
from parvis_web.measures import rules
from parvis_web.measures.models import Measure, MeasureState, MeasureStep
from parvis_web.scenarios.models import Scenario
from parvis_web.spaces.models import Space


@dataclass(frozen=True)
class Plan:
    """What a measure says."""

    name: str
    description: str = ""
    responsible: User | None = None
    responsible_name: str = ""
    due: date | None = None
    cost_low: int | None = None
    cost_high: int | None = None
    currency: str = ""
    cost_unit: str = ""
    scenario: Scenario | None = None
    plan: ClosurePlan | None = None


def facts(measure: Measure) -> dict[str, Any]:
    """Return what an audit event's digest covers of a measure."""
    return {
        "name": measure.name,
        "description": measure.description,
        "responsible": str(measure.responsible_id or measure.responsible_name),
        "due": measure.due.isoformat() if measure.due else None,
        "cost": [measure.cost_low, measure.cost_high, measure.currency, measure.cost_unit],
        "scenario": str(measure.scenario_id or ""),
        "plan": str(measure.plan_id or ""),
        "state": str(measure.state),
    }


@service("measure.add")
def add_measure(
    actor: Actor,
    *,
    said: Plan,
    space: Space | None = None,
    assessment: Assessment | None = None,
    finding: str = "",
) -> Measure:
    """
    Propose a measure for a space or for a finding; the same one of a finding is added once.

    It is marked as high as the assessment it follows from.
    """
    above: Space | Assessment | None = assessment or space
    if assessment is not None:
        check_read(actor, assessment)
        space = assessment.space
    rules.check_add(actor, space)
    _check(said, space)
    if assessment is not None:
        there = Measure.objects.filter(
            assessment=assessment, finding=finding, name=said.name
        ).first()
        if there is not None:
            note(there, after=facts(there), is_same=True)
            return there
    measure = Measure(
        authority=actor.authority,
        space=space,
        assessment=assessment,
        finding=finding[:200],
        created_by=actor.user,
        **_fields(said),
    )
    if above is not None:
        marked = max(above, space or above, key=lambda each: Marking(each.marking).order)
        for name in ("marking", "marking_reason", "legal_basis", "review_on"):
            setattr(measure, name, getattr(marked, name))
    measure.save(force_insert=True)
    _step(actor, measure, "")
    note(measure, after=facts(measure), finding=measure.finding)
    return measure


@service("measure.change")
def change_measure(actor: Actor, measure: Measure, *, said: Plan) -> Measure:
    """Change what an open measure says."""
    measure = _locked(measure)
    rules.check_change(actor, measure)
    _check(said, measure.space)
    others = Measure.objects.filter(assessment=measure.assessment_id, finding=measure.finding)
    if measure.assessment_id and others.filter(name=said.name).exclude(pk=measure.pk).exists():
        raise RefusedError(_("Another measure of the same finding has this name."))
    before = facts(measure)
    for name, value in _fields(said).items():
        setattr(measure, name, value)
    return _written(measure, before)


@service("measure.move")
def move_measure(actor: Actor, measure: Measure, *, state: str, reason: str = "") -> Measure:
    """Bring a measure to its next state, or back."""
    measure = _locked(measure)
    rules.check_move(actor, measure, state, reason)
    before = facts(measure)
    measure.state = state
    _step(actor, measure, reason.strip()[:1000])
    return _written(measure, before)


def _locked(measure: Measure) -> Measure:
    return Measure.objects.select_for_update().get(pk=measure.pk)


def _step(actor: Actor, measure: Measure, reason: str) -> None:
    MeasureStep.objects.create(
        authority=measure.authority,
        measure=measure,
        state=measure.state or MeasureState.PROPOSED,
        reason=reason,
        moved_by=actor.user,
    )


def _written(measure: Measure, before: dict[str, Any]) -> Measure:
    measure.edited = timezone.now()
    measure.save()
    note(measure, before=before, after=facts(measure))
    return measure


def _fields(said: Plan) -> dict[str, Any]:
    return {field.name: getattr(said, field.name) for field in fields(said)}


def _check(said: Plan, space: Space | None) -> None:
    if not said.name.strip() or len(said.name) > 200:
        raise RefusedError(_("Name what is to be done, in up to 200 letters."))
    low, high = said.cost_low, said.cost_high
    if low is not None and high is not None and low > high:
        raise RefusedError(_("The lower cost is above the higher one."))
    if (low is not None or high is not None) and len(said.currency) != 3:
        raise RefusedError(_("Say in which currency the cost is, such as EUR."))
    for linked in (said.scenario, said.plan):
        if linked is not None and (space is None or linked.space_id != space.pk):
            raise RefusedError(_("Scenario and closure plan are those of the same space."))
