"""One run in a process of its own; started by the worker."""

from typing import Any

from django.core.management.base import BaseCommand

from parvis_web.runs.execution import perform
from parvis_web.runs.kinds import discover
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.processes import await_run, die_with_worker


class Command(BaseCommand):
    """Waits for a run's id on standard input, carries the run out and ends."""

    help = "Carry out one run; the worker starts this."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Wait, work, end."""
        discover()
        run_id = await_run()
        die_with_worker()
        perform(AnalysisRun.objects.select_related("authority", "created_by").get(pk=run_id))
