"""The loop that gives queued runs to processes, watches them and takes up what others left."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

from parvis_web.operation.heartbeat import beat
from parvis_web.runs.errors import RunCancelled
from parvis_web.runs.execution import heartbeat, lost, overdue, requeue, silence, take
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.processes import Child
from parvis_web.runs.reaper import reap
from parvis_web.runs.regular import do_regular
from parvis_web.runs.services import end_run, system_actor
from parvis_web.runs.tasks import execute_run

logger = logging.getLogger(__name__)

PAUSE = 0.25
"""Between two looks at the queue and the children. [s]"""
GRACE = 1.0
"""A cancelled run may end by itself for this long before it is killed. [s]"""


@dataclass
class Job:
    """A run at work in a child."""

    run: AnalysisRun
    task: DBTaskResult
    child: Child
    beaten: float
    stop_since: float | None = None


class Worker:
    """Carries out up to `n_slots` runs at a time, each in a process of its own."""

    def __init__(self, *, n_slots: int) -> None:
        self._n_slots = n_slots
        self._jobs: list[Job] = []
        self._spare: Child | None = None
        self._reaped = float("-inf")
        self.is_stopping = False

    def run(self) -> None:
        """Work until `is_stopping` is set; then put back what is at work."""
        logger.info("worker ready, %d runs at a time", self._n_slots)
        try:
            while not self.is_stopping:
                close_old_connections()
                try:
                    is_busy = self._turn()
                except OperationalError as problem:
                    if not is_locked_database_exception(problem):
                        raise
                    is_busy = False
                if not is_busy:
                    time.sleep(PAUSE)
        finally:
            self._put_back()

    def _turn(self) -> bool:
        """Look at everything once; return whether a run was begun."""
        if time.monotonic() - self._reaped > silence().total_seconds() / 2:
            self._reaped = time.monotonic()
            beat("worker")
            reap()
            do_regular()
        for job in list(self._jobs):
            self._look_after(job)
        if self._spare is None or not self._spare.is_alive:
            self._spare = Child()
        return len(self._jobs) < self._n_slots and self._begin_next()

    def _begin_next(self) -> bool:
        task = claim_task()
        if task is None:
            return False
        run = take(UUID(task.args_kwargs["args"][0]))
        if run is None:
            task.set_successful(None)
            return True
        child, self._spare = self._spare or Child(), None
        child.begin(run.pk)
        self._jobs.append(Job(run, task, child, time.monotonic()))
        logger.info("run %s (%s) begins", run.pk, run.kind)
        return True

    def _look_after(self, job: Job) -> None:
        if not job.child.is_alive:
            self._conclude(job)
            return
        mine = AnalysisRun.objects.filter(
            pk=job.run.pk, state=RunState.RUNNING, worker=job.run.worker
        )
        facts = mine.values_list("cancel_asked", "deadline").first()
        if facts is None or _must_stop(*facts):
            now = time.monotonic()
            job.stop_since = job.stop_since or now
            if now - job.stop_since > GRACE:
                job.child.kill()
                self._conclude(job)
        elif time.monotonic() - job.beaten > heartbeat():
            mine.update(heartbeat=timezone.now())
            job.beaten = time.monotonic()

    def _conclude(self, job: Job) -> None:
        """Write what the child could not write itself, and close the task."""
        self._jobs.remove(job)
        job.child.kill()
        run = AnalysisRun.objects.select_related("authority").get(pk=job.run.pk)
        if run.state == RunState.RUNNING and run.worker == job.run.worker:
            try:
                if run.cancel_asked:
                    end_run(system_actor(run), run, state=RunState.CANCELLED)
                elif _must_stop(run.cancel_asked, run.deadline):
                    end_run(system_actor(run), run, **overdue(run))
                else:
                    logger.error("the process of run %s died", run.pk)
                    lost(run)
            except RunCancelled:
                logger.info("run %s is another worker's now", run.pk)
        job.task.set_successful(None)

    def _put_back(self) -> None:
        for job in self._jobs:
            job.child.kill()
        if self._spare is not None:
            self._spare.kill()
        for job in self._jobs:
            requeue(job.run, is_counted=False)
            job.task.set_successful(None)
        logger.info("worker stopped")


def _must_stop(cancel_asked: bool, deadline: datetime | None) -> bool:
    return cancel_asked or (deadline is not None and timezone.now() > deadline)


def claim_task() -> DBTaskResult | None:
    """Take the next task off the queue, None where there is none."""
    waiting = DBTaskResult.objects.ready().filter(task_path=execute_run.module_path)
    if not waiting.exists():
        return None
    with exclusive_transaction(waiting.db):
        task: DBTaskResult | None = waiting.get_locked()
        if task is not None:
            task.claim("runs")
    return task
