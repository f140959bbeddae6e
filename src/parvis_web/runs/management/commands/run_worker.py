"""The process that carries out runs."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from parvis_web.runs.worker import Worker


class Command(BaseCommand):
    """Carries out queued runs until it is asked to stop."""

    help = "Carry out queued runs: imports, analyses, reports."

    # They import every page; the server is checked when it is prepared.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many runs work side by side."""
        parser.add_argument("--slots", type=int, default=2, help="Runs at a time (default 2).")

    def handle(self, *_args: Any, slots: int, **_options: Any) -> None:
        """Work until SIGTERM or SIGINT."""
        worker = Worker(n_slots=max(slots, 1))

        def stop(*_: Any) -> None:
            worker.is_stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        worker.run()
