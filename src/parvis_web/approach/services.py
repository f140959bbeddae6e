"""Every write of this app: analyses asked for, stopped, removed; statements; closure plans."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from parvis.approach.vehicles import load_vehicle_classes
from parvis_web.accounts.holding import default_marking
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach import questions, rules
from parvis_web.approach.models import Analysis, Assumption, AssumptionKind, ClosurePlan, Design
from parvis_web.audit.recording import note, service
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.services import cancel_run, start_run
from parvis_web.spaces.models import AssessmentState, Space
from parvis_web.spaces.services import advance_state


def in_force(space: Space) -> Assumption | None:
    """Return the statement or assumption about `space` that is in force."""
    return Assumption.objects.filter(space=space, replaced__isnull=True).first()


@service("analysis.request")
def request_analysis(
    actor: Actor,
    space: Space,
    *,
    vehicles: list[str] | None = None,
    design: str = Design.CAUTIOUS,
    people_line: Mapping[str, Any] | None = None,
) -> Analysis:
    """
    Ask from where and how fast vehicles could come, or find the analysis that answers it already.

    Parameters
    ----------
    actor : Actor
    space : Space
    vehicles : list of str, optional
        Classes to look at where no statement or assumption is in force; the default set if None.
    design : Design
    people_line : mapping, optional
        GeoJSON polygon in WGS 84 that people are kept inside of.
    """
    rules.check_request(actor, space)
    assumption = in_force(space)
    question = questions.asked(
        space, assumption, vehicles=vehicles, design=design, people_line=people_line
    )
    run = start_run(
        actor,
        kind="approach",
        subject=space,
        parameters=question,
        inputs=questions.inputs(space, question),
    )
    fields = {
        "space": space,
        "assumption": assumption,
        "question": question,
        "city_state": space.city.state_hash,
        "outline": questions.outline_digest(space),
    }
    analysis, _ = _of_run(Analysis, actor, run, space, fields)
    note(analysis, after=facts(analysis))
    return analysis


@service("closure.request")
def request_closure(
    actor: Actor,
    analysis: Analysis,
    *,
    permanence: str = "permanent",
    emergency_access: Iterable[int] = (),
    people: float | None = None,
    gates_on_tracks: bool = False,
    accepted_classes: Iterable[str] = (),
    budget: float | None = None,
    needed_by: dt.date | None = None,
) -> ClosurePlan:
    """Ask which lines would keep vehicles out of the space that `analysis` is about."""
    rules.check_plan(actor, analysis)
    space, assumption = analysis.space, in_force(analysis.space)
    question = questions.asked(
        space,
        assumption,
        vehicles=analysis.question.get("vehicles"),
        design=analysis.question.get("design", Design.CAUTIOUS),
        people_line=analysis.question.get("people_line"),
    )
    question["wishes"] = {
        "permanence": permanence,
        "emergency_access": sorted(emergency_access),
        "people": people,
        "gates_on_tracks": gates_on_tracks,
        "accepted_classes": sorted(accepted_classes),
        "budget": budget,
        "needed_by": needed_by.isoformat() if needed_by else None,
        "today": timezone.localdate().isoformat() if needed_by else None,
    }
    run = start_run(
        actor,
        kind="closure",
        subject=space,
        parameters=question,
        inputs=questions.inputs(space, question),
    )
    fields = {
        "space": space,
        "analysis": analysis,
        "assumption": assumption,
        "question": question,
        "city_state": space.city.state_hash,
        "outline": questions.outline_digest(space),
    }
    plan, _ = _of_run(ClosurePlan, actor, run, space, fields)
    note(plan, after=facts(plan))
    return plan


def _of_run(
    model: Any, actor: Actor, run: AnalysisRun, space: Space, fields: Mapping[str, Any]
) -> tuple[Any, bool]:
    """Return what belongs to a run, made where it is missing, on the list again if removed."""
    defaults = {
        "authority": space.authority,
        "marking": rules.marking_of(space, fields["assumption"]),
        "created_by": actor.user,
        **fields,
    }
    item, is_new = model.objects.get_or_create(run=run, defaults=defaults)
    if not is_new and item.removed is not None:
        item.removed = None
        item.save(update_fields=["removed"])
    return item, is_new


@service("analysis.finish")
def finish_analysis(
    actor: Actor, analysis: Analysis, *, city_state: str, summary: Mapping[str, Any]
) -> Analysis:
    """Keep what lists show of a finished analysis, and move its space on."""
    before = facts(analysis)
    analysis.city_state, analysis.summary = city_state, dict(summary)
    analysis.save(update_fields=["city_state", "summary"])
    note(analysis, before=before, after=facts(analysis))
    if analysis.space.state == AssessmentState.UNSEEN:
        advance_state(actor, analysis.space, state=AssessmentState.ANALYSED)
    return analysis


@service("closure.finish")
def finish_closure(
    actor: Actor, plan: ClosurePlan, *, city_state: str, summary: Mapping[str, Any]
) -> ClosurePlan:
    """Keep what lists show of a finished closure plan."""
    before = facts(plan)
    plan.city_state, plan.summary = city_state, dict(summary)
    plan.save(update_fields=["city_state", "summary"])
    note(plan, before=before, after=facts(plan))
    return plan


@service("analysis.cancel")
def cancel(actor: Actor, item: Analysis | ClosurePlan) -> None:
    """Stop what is being computed."""
    rules.check_cancel(actor, item)
    cancel_run(actor, item.run)
    note(item, run=str(item.run_id))


@service("analysis.remove")
def remove(actor: Actor, item: Analysis | ClosurePlan) -> None:
    """Take an analysis or plan off the list; nothing of it is deleted."""
    rules.check_remove(actor, item)
    _set_removed(item, timezone.now())


@service("analysis.restore")
def restore(actor: Actor, item: Analysis | ClosurePlan) -> None:
    """Put a removed analysis or plan on the list again."""
    rules.check_restore(actor, item)
    _set_removed(item, None)


def _set_removed(item: Analysis | ClosurePlan, moment: dt.datetime | None) -> None:
    before = facts(item)
    item.removed = moment
    item.save(update_fields=["removed"])
    note(item, before=before, after=facts(item))


@service("assumption.state")
def state_assumption(
    actor: Actor,
    space: Space,
    *,
    kind: str,
    vehicles: Iterable[str],
    author: str,
    date: dt.date,
    reason: str = "",
    reference: str = "",
    valid_until: dt.date | None = None,
    marking: str | None = None,
) -> Assumption:
    """
    State which vehicle classes are considered at `space`; what was in force is replaced.

    A statement marked higher than the space keeps its own marking.
    """
    rules.check_state(actor, space)
    rules.check_statement(
        kind=kind,
        author=author,
        reason=reason,
        reference=reference,
        date=date,
        valid_until=valid_until,
    )
    keys = [vehicle.key for vehicle in load_vehicle_classes(vehicles)]
    _end_current(space)
    stated = Assumption.objects.create(
        authority=space.authority,
        space=space,
        marking=max(
            Marking(marking or default_marking()),
            rules.marking_of(space),
            key=lambda one: one.order,
        ),
        created_by=actor.user,
        assumption_kind=AssumptionKind(kind),
        vehicles=keys,
        reason=reason.strip(),
        author=author.strip(),
        date=date,
        valid_until=valid_until,
        reference=reference.strip(),
    )
    note(stated, after=assumption_facts(stated), kind=kind, classes=keys)
    return stated


@service("assumption.withdraw")
def withdraw_assumption(actor: Actor, space: Space) -> None:
    """End the statement or assumption in force; the history keeps it."""
    rules.check_state(actor, space)
    if not _end_current(space):
        raise rules.RefusedError(rules.nothing_in_force())


def _end_current(space: Space) -> bool:
    current = Assumption.objects.select_for_update().filter(space=space, replaced__isnull=True)
    found = current.first()
    if found is None:
        return False
    before = assumption_facts(found)
    found.replaced = timezone.now()
    found.save(update_fields=["replaced"])
    note(found, before=before, after=assumption_facts(found))
    return True


def facts(item: Analysis | ClosurePlan) -> dict[str, Any]:
    """Return what an audit event's digest covers of an analysis or plan."""
    return {
        "space": str(item.space_id),
        "run": str(item.run_id),
        "question": item.question,
        "city_state": item.city_state,
        "summary": item.summary,
        "removed": item.removed.isoformat() if item.removed else None,
    }


def assumption_facts(stated: Assumption) -> dict[str, Any]:
    """Return what an audit event's digest covers of a statement or assumption."""
    return {
        "kind": stated.assumption_kind,
        "vehicles": stated.vehicles,
        "author": stated.author,
        "date": stated.date.isoformat(),
        "reference": stated.reference,
        "reason": stated.reason,
        "valid_until": stated.valid_until.isoformat() if stated.valid_until else None,
        "replaced": stated.replaced.isoformat() if stated.replaced else None,
    }
