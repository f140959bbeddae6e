"""Every write that people and handlers make to runs."""

import shutil
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis_web.accounts.models import Authority, Owned
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.chain import canonical, keyed_digest
from parvis_web.audit.recording import note, service
from parvis_web.config.data import run_folder
from parvis_web.runs.errors import RunCancelled
from parvis_web.runs.kinds import kind_named
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.rules import check_change_run
from parvis_web.runs.tasks import execute_run

REUSED = (RunState.QUEUED, RunState.RUNNING, RunState.DONE)


def system_actor(run: AnalysisRun) -> Actor:
    """Return the actor a handler calls services as."""
    return Actor(run.authority, via="run")


@service("run.start")
def start_run(
    actor: Actor,
    *,
    kind: str,
    subject: Owned,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> AnalysisRun:
    """
    Queue a run about `subject`, or return the one that identical inputs already have.

    Parameters
    ----------
    actor : Actor
        Must be allowed to change `subject`.
    kind : str
        A name in `KINDS`.
    subject : Owned
        Its rights govern the run.
    parameters : mapping
        What the handler reads; JSON.
    inputs : mapping
        What the result depends on, such as hashes, parameters and versions; JSON. Only runs of
        the same authority about the same subject are ever compared.
    """
    check_write(actor, subject)
    if kind_named(kind) is None:
        raise LookupError(kind)
    digest = inputs_digest(actor.authority, kind, inputs)
    # One at a time: of two identical requests the second finds the first.
    Authority.objects.select_for_update().get(pk=actor.authority.pk)
    known = _equal_runs(actor, kind, subject, digest).first()
    if known is not None:
        note(known, kind=kind, subject=str(subject.pk), is_reused=True)
        return known
    run = AnalysisRun.objects.create(
        authority=actor.authority,
        kind=kind,
        subject_kind=subject.kind(),
        subject_id=subject.pk,
        parameters=dict(parameters),
        inputs_hash=digest,
        created_by=actor.user,
    )
    enqueue(run)
    note(run, after=facts(run), kind=kind, subject=str(subject.pk))
    return run


def _equal_runs(actor: Actor, kind: str, subject: Owned, digest: str) -> QuerySet[AnalysisRun]:
    return AnalysisRun.objects.filter(
        authority=actor.authority,
        kind=kind,
        subject_kind=subject.kind(),
        subject_id=subject.pk,
        inputs_hash=digest,
        state__in=REUSED,
        cancel_asked=False,
    ).order_by("-created")


def inputs_digest(authority: Authority, kind: str, inputs: Mapping[str, Any]) -> str:
    """Return the keyed digest of inputs: the same inputs elsewhere have another."""
    return keyed_digest(canonical({"of": authority.pk, "kind": kind, "inputs": dict(inputs)}))


def facts(run: AnalysisRun) -> dict[str, Any]:
    """Return what the audit chain digests of a run."""
    return {
        "kind": run.kind,
        "subject": f"{run.subject_kind} {run.subject_id}",
        "parameters": run.parameters,
        "inputs": run.inputs_hash,
        "state": run.state,
        "result": run.result,
        "error": run.error_code,
    }


def enqueue(run: AnalysisRun) -> None:
    """Hand a queued run to the workers once the open transaction is written."""
    transaction.on_commit(lambda: execute_run.enqueue(str(run.pk)))


@service("run.cancel")
def cancel_run(actor: Actor, run: AnalysisRun) -> AnalysisRun:
    """Stop a run: at once where it waits, within two seconds where it runs."""
    check_change_run(actor, run)
    run = AnalysisRun.objects.select_for_update().get(pk=run.pk)
    before = facts(run)
    if run.state == RunState.QUEUED:
        run.state, run.ended = RunState.CANCELLED, timezone.now()
    if not run.is_over or run.state == RunState.CANCELLED:
        run.cancel_asked = True
        run.save(update_fields=["state", "ended", "cancel_asked"])
    note(run, before=before, after=facts(run), kind=run.kind)
    if before["state"] == RunState.QUEUED:
        _tell_kind(run)
    return run


@service("run.retry")
def retry_run(actor: Actor, run: AnalysisRun) -> AnalysisRun:
    """Queue a failed or cancelled run again, unless an equal one has been started since."""
    subject = check_change_run(actor, run)
    run = AnalysisRun.objects.select_for_update().get(pk=run.pk)
    known = _equal_runs(actor, run.kind, subject, run.inputs_hash).exclude(pk=run.pk).first()
    if known is not None or run.state not in {RunState.FAILED, RunState.CANCELLED}:
        note(known or run, kind=run.kind, is_reused=True)
        return known or run
    before = facts(run)
    run.state, run.attempts, run.progress, run.step = RunState.QUEUED, 0, 0.0, ""
    run.cancel_asked, run.error_code, run.error_details = False, "", {}
    run.heartbeat = run.deadline = run.started = run.ended = None
    run.save()
    enqueue(run)
    note(run, before=before, after=facts(run), kind=run.kind)
    return run


@service("run.end")
def end_run(
    actor: Actor,
    run: AnalysisRun,
    *,
    state: RunState,
    result: dict[str, Any] | None = None,
    error_code: str = "",
    error_details: dict[str, Any] | None = None,
) -> AnalysisRun:
    """
    Write how an attempt ended.

    Raises
    ------
    RunCancelled
        Where the run is no longer this attempt's.
    """
    del actor
    now = timezone.now()
    ended = AnalysisRun.objects.filter(pk=run.pk, state=RunState.RUNNING, worker=run.worker).update(
        state=state,
        result=result,
        error_code=error_code,
        error_details=error_details or {},
        ended=now,
        **({"progress": 1.0} if state == RunState.DONE else {}),
    )
    if not ended:
        raise RunCancelled
    before = facts(run)
    run.refresh_from_db()
    note(run, before=before, after=facts(run), kind=run.kind, state=state, error=error_code)
    _tell_kind(run)
    return run


def _tell_kind(run: AnalysisRun) -> None:
    """Let the kind of a run do what belongs to its end."""
    kind = kind_named(run.kind)
    if kind is not None and kind.on_end is not None:
        kind.on_end(run)


@service("run.prune")
def prune_run(actor: Actor, run: AnalysisRun) -> None:
    """Delete a finished run and its files."""
    del actor
    note(run, before=facts(run), kind=run.kind)
    folder = run_folder(run.authority_id, run.pk)
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
    # The row's id is still needed for the event.
    AnalysisRun.objects.filter(pk=run.pk).delete()
