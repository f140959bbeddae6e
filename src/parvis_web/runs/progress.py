"""How a handler tells how far it is, and hears that it is to stop."""

import time

from django.utils import timezone

from parvis_web.runs.errors import RunCancelled
from parvis_web.runs.models import AnalysisRun, RunState

LEAST_PAUSE = 0.5
"""Progress is written at most this often. [s]"""


class Progress:
    """
    Called by a handler with the share done and the step at work.

    A run belongs to one attempt (`AnalysisRun.worker`): once it was given to another worker,
    cancelled or overdue, calling raises `RunCancelled`.
    """

    def __init__(self, run: AnalysisRun) -> None:
        self._run = run
        self._mine = AnalysisRun.objects.filter(
            pk=run.pk, state=RunState.RUNNING, worker=run.worker, cancel_asked=False
        )
        self._written = float("-inf")
        self._share = run.progress
        self._step = run.step

    def __call__(self, share: float | None = None, step: str | None = None) -> None:
        """
        Tell where the computation is.

        Parameters
        ----------
        share : float, optional
            Done so far, 0 to 1; unchanged where None.
        step : str, optional
            A word of the kind's `steps`; unchanged where None.

        Raises
        ------
        RunCancelled
        """
        if share is not None:
            self._share = min(max(float(share), 0.0), 1.0)
        if step is not None:
            self._step = step[:60]
        if time.monotonic() - self._written >= LEAST_PAUSE:
            self._write()

    def _write(self) -> None:
        now = timezone.now()
        is_overdue = self._run.deadline is not None and now > self._run.deadline
        if is_overdue or not self._mine.update(
            progress=self._share, step=self._step, heartbeat=now
        ):
            raise RunCancelled
        self._written = time.monotonic()
