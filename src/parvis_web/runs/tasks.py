"""The one task that the queue knows: carry out a run."""

from django_tasks import task


@task()
def execute_run(run_id: str) -> None:
    """Carry out the run `run_id` in this process; the worker gives runs processes of their own."""
    from parvis_web.runs.execution import execute
    from parvis_web.runs.models import AnalysisRun

    execute(AnalysisRun.objects.get(pk=run_id))
