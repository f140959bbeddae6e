"""How a run gets a process of its own that dies with the worker and can be killed alone."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from uuid import UUID

COMMAND = (sys.executable, "-P", "-m", "parvis_web", "run_child")


class Child:
    """
    A process that waits for the id of a run on its standard input.

    It is started before it is needed, so that a run begins at once. It ends when its input ends:
    with its run, or with the worker, however that dies.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            COMMAND, stdin=subprocess.PIPE, start_new_session=True
        )

    def begin(self, run_id: UUID) -> None:
        """Have the child carry out a run that was taken."""
        if self._process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(f"{run_id}\n".encode())
            self._process.stdin.flush()

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()


def await_run() -> str:
    """In the child: return the id of the run to carry out; end where none will come."""
    return os.fsdecode(_line()).strip()


def _line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            raise SystemExit(0)
        line += byte
    return line


def die_with_worker() -> None:
    """In the child: end at once when the worker is gone, which ends the input."""

    def watch() -> None:
        while os.read(0, 64):
            pass
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
