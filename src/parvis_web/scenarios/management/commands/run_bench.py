"""``run_bench``: the process that keeps places warm for what-if questions."""

import contextlib
import os
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from parvis_web.scenarios.bench import is_running
from parvis_web.scenarios.bench_link import bench_address, bench_key
from parvis_web.scenarios.bench_server import Bench


class Command(BaseCommand):
    """Serves until it is told to stop; one an installation."""

    help = "Keep places prepared so that what-if questions are answered at once."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen where the web looks for the bench."""
        del args, options
        if is_running():
            raise CommandError("A bench is running for this data directory already.")
        bench = Bench(
            size=settings.PARVIS_BENCH_SIZE,
            idle=float(getattr(settings, "PARVIS_BENCH_IDLE", 900)),
            memory_mb=int(getattr(settings, "PARVIS_BENCH_MEMORY_MB", 4096)),
        )

        def stop(number: int, frame: Any) -> None:
            del number, frame
            bench.stop()
            os._exit(0)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        address = bench_address(settings.PARVIS_DATA)
        self.stdout.write(f"Bench for {bench.size} places at {address}")
        try:
            bench.serve(address, bench_key(settings.SECRET_KEY))
        finally:
            if isinstance(address, str):
                with contextlib.suppress(OSError):
                    os.unlink(address)  # noqa: PTH108
