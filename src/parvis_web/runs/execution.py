"""How a run is taken, carried out and ended, whichever process does it."""

import logging
import os
import secrets
import socket
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.errors import Family, ParvisError
from parvis_web.runs.errors import RunCancelled, RunKilledTwiceError, RunOverdueError
from parvis_web.runs.kinds import kind_named
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.progress import Progress
from parvis_web.runs.services import end_run, enqueue, system_actor

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 2
"""A run whose process died this often is failed."""


def silence() -> timedelta:
    """Return how long a running run may say nothing before it counts as dead."""
    return timedelta(seconds=getattr(settings, "PARVIS_RUN_SILENCE", 60))


def heartbeat() -> float:
    """Return how often a worker says that a run is alive. [s]"""
    return silence().total_seconds() / 12


def take(run_id: UUID | str) -> AnalysisRun | None:
    """
    Make a queued run this process's; None where it is no longer to be had.

    `AnalysisRun.worker` then names this attempt and no other; all later writes ask for it.
    """
    now = timezone.now()
    taken = AnalysisRun.objects.filter(pk=run_id, state=RunState.QUEUED, cancel_asked=False).update(
        state=RunState.RUNNING,
        attempts=F("attempts") + 1,
        worker=f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}",
        heartbeat=now,
        started=now,
    )
    if not taken:
        return None
    return AnalysisRun.objects.select_related("authority", "created_by").get(pk=run_id)


def execute(run: AnalysisRun) -> AnalysisRun:
    """Take a queued run and carry it out in this process; return it as it ended."""
    taken = take(run.pk)
    if taken is not None:
        perform(taken)
    return AnalysisRun.objects.get(pk=run.pk)


def perform(run: AnalysisRun) -> None:
    """Carry out a run that was taken, and write how it ended."""
    actor = system_actor(run)
    try:
        end_run(actor, run, **_outcome(run))
    except RunCancelled:
        logger.info("run %s is no longer ours", run.pk)


def _outcome(run: AnalysisRun) -> dict[str, Any]:
    try:
        kind = kind_named(run.kind)
        if kind is None:
            raise LookupError(run.kind)
        run.deadline = timezone.now() + timedelta(minutes=kind.minutes)
        run.save(update_fields=["deadline"])
        result = kind.handler(run, Progress(run))
    except RunCancelled:
        return _stopped(run)
    except ParvisError as error:
        if error.family is Family.INTERNAL:
            logger.exception("run %s broke", run.pk)
        else:
            logger.info("run %s failed: %s", run.pk, error.code)
        return {
            "state": RunState.FAILED,
            "error_code": error.code,
            "error_details": {name: _plain(value) for name, value in error.details.items()},
        }
    except MemoryError:
        logger.exception("run %s ran out of memory", run.pk)
        return {"state": RunState.FAILED, "error_code": RunKilledTwiceError.code}
    except Exception as problem:
        logger.exception("run %s broke", run.pk)
        details = {"what": type(problem).__name__}
        return {"state": RunState.FAILED, "error_code": "internal", "error_details": details}
    return {"state": RunState.DONE, "result": result}


def _stopped(run: AnalysisRun) -> dict[str, Any]:
    if run.deadline is not None and timezone.now() > run.deadline:
        return overdue(run)
    return {"state": RunState.CANCELLED}


def overdue(run: AnalysisRun) -> dict[str, Any]:
    """Return how a run past its deadline ends."""
    kind = kind_named(run.kind)
    return {
        "state": RunState.FAILED,
        "error_code": RunOverdueError.code,
        "error_details": {"minutes": kind.minutes if kind else 0},
    }


def _plain(value: Any) -> Any:
    """Return an error's detail as JSON holds it."""
    try:
        return DjangoJSONEncoder().default(value)
    except TypeError:
        is_plain = value is None or isinstance(value, str | int | float | bool)
        return value if is_plain and value == value else str(value)


def lost(run: AnalysisRun) -> None:
    """Queue a run whose process died once more; fail it where that happened before."""
    if run.attempts >= MOST_ATTEMPTS:
        try:
            end_run(
                system_actor(run),
                run,
                state=RunState.FAILED,
                error_code=RunKilledTwiceError.code,
            )
        except RunCancelled:
            return
        logger.error("run %s killed its process twice", run.pk)
        return
    requeue(run)


def requeue(run: AnalysisRun, *, is_counted: bool = True) -> None:
    """Put a running run back; an attempt that the worker itself broke off is not counted."""
    with transaction.atomic():
        back = AnalysisRun.objects.filter(
            pk=run.pk, state=RunState.RUNNING, worker=run.worker
        ).update(
            state=RunState.QUEUED,
            attempts=F("attempts") - (0 if is_counted else 1),
            heartbeat=None,
            deadline=None,
            worker="",
        )
        if back:
            enqueue(run)
            logger.warning("run %s is queued again", run.pk)
