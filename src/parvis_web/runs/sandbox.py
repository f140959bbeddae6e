"""
How is a file that somebody gave read without trusting it: in a process of its own, with limits.

The process has little memory, time and disk, no network where the system allows to take it away,
no secrets in its environment and no database. What it sends back is unpickled by a reader that
knows plain values, arrays, geometries and the library's own classes only.
"""

import contextlib
import os
import pickle
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parvis.errors import ParvisError
from parvis_web.runs.errors import SandboxCrashError, SandboxLimitError
from parvis_web.runs.sandbox_wire import HEADER, ResultUnpickler

COMMAND = (sys.executable, "-P", "-m", "parvis_web.runs.sandbox_child")
KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "NUMBA_CACHE_DIR",
                    "GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "VIRTUAL_ENV", "SYSTEMROOT")  # fmt: skip
MOST_WRITTEN = 8 * 2**30
"""Largest file the process may write. [byte]"""
MOST_SENT = 256 * 2**20
"""Largest message taken from the process. [byte]"""


def run_limited(
    function: Callable[..., Any] | str,
    *args: Any,
    memory_mb: int = 2048,
    seconds: float = 60,
    file: str = "",
    notice: Callable[[str], None] | None = None,
    **kwargs: Any,
) -> Any:
    """
    Call a function in a process of its own with limits and return its result.

    Parameters
    ----------
    function : callable or str
        A function at the top of a module, or "module:name". The module must not need Django.
    *args, **kwargs
        Given to the function; plain values, paths, arrays, geometries.
    memory_mb : int
        [MiB]
    seconds : float
        Of the clock; processor time is limited likewise.
    file : str
        What people call the file that is read, for the sentence where a limit is met.
    notice : callable, optional
        Where given, the function gets a `notice` of its own, whose words are passed on to it here.

    Raises
    ------
    ParvisError
        What the function raised on purpose.
    SandboxLimitError, SandboxCrashError
    """
    name = function if isinstance(function, str) else f"{function.__module__}:{function.__name__}"
    file = file or next((Path(a).name for a in args if isinstance(a, Path)), name)
    request = {
        "function": name,
        "args": args,
        "kwargs": kwargs,
        "memory": memory_mb * 2**20,
        "seconds": seconds,
        "written": MOST_WRITTEN,
        "is_noticed": notice is not None,
        "path": [entry for entry in sys.path if entry],
    }
    environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    with subprocess.Popen(  # noqa: S603 - our own module
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as child:
        try:
            content = pickle.dumps(request)
            assert child.stdin is not None  # noqa: S101 - a pipe was asked for
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(struct.pack(HEADER, len(content)) + content)
                child.stdin.close()
            return _answer(child, time.monotonic() + seconds, file, seconds, memory_mb, notice)
        finally:
            child.kill()


def _answer(
    child: "subprocess.Popen[bytes]",
    end: float,
    file: str,
    seconds: float,
    memory_mb: int,
    notice: Callable[[str], None] | None,
) -> Any:
    assert child.stdout is not None  # noqa: S101 - a pipe was asked for
    source = _Messages(child.stdout.fileno(), end)
    while True:
        try:
            what, value = source.take()
        except TimeoutError:
            limit = f"{seconds:g} s"
            raise SandboxLimitError(file=file, what="time", limit=limit) from None
        except (EOFError, pickle.UnpicklingError, AttributeError, ImportError, ValueError):
            raise SandboxCrashError(file=file) from None
        match what:
            case "notice":
                if notice is not None:
                    notice(str(value))
            case "result":
                return value
            case "memory":
                raise SandboxLimitError(file=file, what="memory", limit=f"{memory_mb} MiB")
            case "error":
                raise _error(value) from None
            case _:
                raise SandboxCrashError(file=file)


def _error(value: Any) -> ParvisError:
    """Return the error that the function raised on purpose."""
    kind, details = value
    if not (isinstance(kind, type) and issubclass(kind, ParvisError)):
        raise TypeError(kind)
    return kind(**details)


class _Messages:
    """Takes messages off a pipe until a moment."""

    def __init__(self, descriptor: int, end: float) -> None:
        self._descriptor = descriptor
        self._end = end
        self._selector = selectors.DefaultSelector()
        self._selector.register(descriptor, selectors.EVENT_READ)

    def take(self) -> tuple[str, Any]:
        """Return the next message."""
        (length,) = struct.unpack(HEADER, self._bytes(struct.calcsize(HEADER)))
        if length > MOST_SENT:
            raise EOFError
        message = ResultUnpickler(self._bytes(length)).load()
        if not (isinstance(message, tuple) and len(message) == 2):
            raise EOFError
        return message

    def _bytes(self, length: int) -> bytes:
        taken = bytearray()
        while len(taken) < length:
            if not self._selector.select(max(self._end - time.monotonic(), 0.0)):
                raise TimeoutError
            part = os.read(self._descriptor, min(length - len(taken), 1 << 20))
            if not part:
                raise EOFError
            taken += part
        return bytes(taken)
