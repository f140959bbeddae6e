"""Deletes what nobody needs any more of finished runs."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import models
from django.utils import timezone

from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.services import prune_run, system_actor

OVER = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)


def unneeded(days: int) -> list[AnalysisRun]:
    """Return finished runs older than `days` that no object refers to."""
    runs = AnalysisRun.objects.filter(
        state__in=OVER, ended__lt=timezone.now() - timedelta(days=days)
    )
    for field in AnalysisRun._meta.get_fields(include_hidden=True):
        if isinstance(field, models.ForeignObjectRel):
            referring = field.related_model._base_manager.filter(
                **{f"{field.field.name}__isnull": False}
            )
            runs = runs.exclude(pk__in=referring.values(field.field.name))
    return list(runs.select_related("authority"))


class Command(BaseCommand):
    """Deletes finished runs with their files once no analysis, document or city refers to them."""

    help = "Delete finished runs that nothing refers to, with their files."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the age from which runs are deleted."""
        parser.add_argument("--days", type=int, default=30, help="Keep younger ones (default 30).")

    def handle(self, *_args: Any, days: int, **_options: Any) -> None:
        """Delete and count."""
        runs = unneeded(days)
        for run in runs:
            prune_run(system_actor(run), run)
        self.stdout.write(f"{len(runs)} runs deleted.")
