"""How several processes are started, watched, restarted and stopped together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

PAUSE = 0.2
"""Between two looks at the parts. [s]"""
TIME_TO_STOP = 4.5
"""Parts may take this long to end; then they are ended. [s]"""
TIME_TO_START = 60.0
"""Until the parts must be ready. [s]"""
EARLY = 5.0
"""A part that ends sooner than this after its start did not start. [s]"""
MOST_EARLY = 3
"""A part that did not start this often in a row is given up."""
_DIE_WITH_PARENT = 1
# Loaded here: between fork and exec nothing may be loaded.
_LIBC = ctypes.CDLL(None)


@dataclass
class Part:
    """A process that is kept running."""

    name: str
    command: tuple[str, ...]
    process: "subprocess.Popen[str] | None" = None
    relay: threading.Thread | None = None
    started: float = 0.0
    n_early: int = 0
    is_given_up: bool = False

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the process; its lines are written with its name before them."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own modules
            self.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        if self.process.stdout is not None:
            self.relay = threading.Thread(
                target=_relay, args=(self.name, self.process.stdout), daemon=True
            )
            self.relay.start()

    def keep_running(self, environment: Mapping[str, str]) -> None:
        """Start the process again where it ended; give up where it cannot be started."""
        if self.process is None or self.process.poll() is None:
            return
        is_early = time.monotonic() - self.started < EARLY
        self.n_early = self.n_early + 1 if is_early else 0
        if self.n_early >= MOST_EARLY:
            self.is_given_up = True
            return
        _say(self.name, f"ended with {self.process.returncode}; it is started again")
        self.start(environment)

    def signal(self, number: int) -> None:
        """Send a signal to the process, SIGKILL to all that it started too."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                self.process.send_signal(number)


def supervise(
    parts: Sequence[Part],
    environment: Mapping[str, str],
    *,
    is_ready: Callable[[], bool],
    ready: Callable[[], None],
) -> str:
    """
    Run `parts` until Ctrl-C or SIGTERM, then stop them together.

    Parameters
    ----------
    parts : sequence of Part
    environment : mapping
    is_ready : callable
        Whether the parts do their work.
    ready : callable
        Called once they do.

    Returns
    -------
    str
        Name of a part that could not be started, "" where people stopped it.
    """
    with _stop_signals() as is_asked:
        is_told = False
        begun = time.monotonic()
        try:
            for part in parts:
                part.start(environment)
            while not is_asked():
                for part in parts:
                    part.keep_running(environment)
                    if part.is_given_up:
                        return part.name
                if not is_told and is_ready():
                    is_told = True
                    ready()
                if not is_told and time.monotonic() - begun > TIME_TO_START:
                    return parts[0].name
                time.sleep(PAUSE)
        finally:
            _stop(parts)
    return ""


def _stop(parts: Sequence[Part]) -> None:
    for part in parts:
        part.signal(signal.SIGTERM)
    end = time.monotonic() + TIME_TO_STOP
    while time.monotonic() < end and any(_is_alive(part) for part in parts):
        time.sleep(0.05)
    for part in parts:
        part.signal(signal.SIGKILL)
        if part.process is not None:
            part.process.wait()
        if part.relay is not None:
            part.relay.join(1.0)


def _is_alive(part: Part) -> bool:
    return part.process is not None and part.process.poll() is None


@contextlib.contextmanager
def _stop_signals() -> Iterator[Callable[[], bool]]:
    """Yield whether Ctrl-C or SIGTERM came since."""
    came: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, lambda caught, _frame: came.append(caught))
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _relay(name: str, stream: IO[str]) -> None:
    with stream:
        for line in stream:
            _say(name, line.rstrip("\n"))


def _say(name: str, line: str) -> None:
    sys.stderr.write(f"{name:>7} | {line}\n")
    sys.stderr.flush()


def _die_with_parent() -> None:
    """In the child: end when the supervisor is gone, however it went."""
    _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGTERM)
