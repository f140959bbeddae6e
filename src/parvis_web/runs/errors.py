"""Why a run ended without a result, or a file was given up."""

from typing import ClassVar

from parvis.errors import LimitError


class RunKilledTwiceError(LimitError):
    """The process of a run died twice; a third time is not tried."""

    code: ClassVar[str] = "run_killed_twice"


class RunOverdueError(LimitError):
    """A run passed its deadline."""

    code: ClassVar[str] = "run_overdue"


class SandboxLimitError(LimitError):
    """Reading a file took more memory, time or space than a file may."""

    code: ClassVar[str] = "sandbox_limit"


class SandboxCrashError(LimitError):
    """The process that read a file died of what it read."""

    code: ClassVar[str] = "sandbox_crash"


class RunCancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The run is to stop: it was cancelled, passed its deadline, or is another worker's now."""
