"""What becomes of runs whose worker died: queued once more, then failed."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis_web.runs.execution import lost, silence
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.services import enqueue
from parvis_web.runs.tasks import execute_run

KEPT_TASKS = timedelta(days=1)


def reap() -> int:
    """Take up runs that went silent and runs that no task speaks of; return how many."""
    n_taken = 0
    silent = Q(heartbeat__lt=timezone.now() - silence()) | Q(heartbeat__isnull=True)
    for run in AnalysisRun.objects.filter(silent, state=RunState.RUNNING).select_related(
        "authority"
    ):
        lost(run)
        n_taken += 1
    return n_taken + _tidy_tasks()


def _tidy_tasks() -> int:
    """Close tasks whose run is over or elsewhere, and give queued runs a task again."""
    tasks = DBTaskResult.objects.filter(task_path=execute_run.module_path)
    old = timezone.now() - silence()
    states = {
        str(pk): state
        for pk, state in AnalysisRun.objects.filter(
            state__in=(RunState.QUEUED, RunState.RUNNING)
        ).values_list("pk", "state")
    }
    for task in tasks.running().filter(started_at__lt=old):
        if states.get(task.args_kwargs["args"][0]) != RunState.RUNNING:
            task.set_failed(RuntimeError("the worker died"))
    tasks.finished().filter(finished_at__lt=timezone.now() - KEPT_TASKS).delete()
    waiting = {task.args_kwargs["args"][0] for task in tasks.ready()}
    forgotten = [
        run
        for run in AnalysisRun.objects.filter(state=RunState.QUEUED, created__lt=old)
        if str(run.pk) not in waiting
    ]
    for run in forgotten:
        enqueue(run)
    return len(forgotten)
