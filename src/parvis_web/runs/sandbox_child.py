"""The process in which a file is read: takes its limits first, then its task, answers, ends."""

import contextlib
import ctypes
import importlib
import os
import pickle
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Any

HEADER = "!Q"
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_DIE_WITH_PARENT = 1


def main() -> None:
    """Read the request, take the limits, call the function, send what came of it."""
    _leave_network()
    _die_with_parent()
    answers = os.dup(1)
    os.dup2(2, 1)
    (length,) = struct.unpack(HEADER, sys.stdin.buffer.read(struct.calcsize(HEADER)))
    request = pickle.loads(sys.stdin.buffer.read(length))  # noqa: S301 - from our own parent
    sys.path[:] = request["path"]
    _limit(request)
    code = 0
    try:
        message = ("result", _call(request, answers))
        content = pickle.dumps(message)
    except MemoryError:
        content = pickle.dumps(("memory", None))
    except Exception as problem:  # noqa: BLE001 - the parent tells
        content = _as_message(problem)
        code = 1
    _send(answers, content)
    os._exit(code)


def _call(request: dict[str, Any], answers: int) -> Any:
    module, _, name = request["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    kwargs = request["kwargs"]
    if request["is_noticed"]:
        kwargs = kwargs | {"notice": lambda word: _send(answers, pickle.dumps(("notice", word)))}
    return function(*request["args"], **kwargs)


def _as_message(problem: Exception) -> bytes:
    from parvis.errors import ParvisError

    if not isinstance(problem, ParvisError):
        import traceback

        traceback.print_exc()
        is_memory = isinstance(problem.__cause__ or problem.__context__, MemoryError)
        return pickle.dumps(("memory" if is_memory else "crash", type(problem).__name__))
    details = {name: _travelling(value) for name, value in problem.details.items()}
    return pickle.dumps(("error", (type(problem), details)))


def _travelling(value: Any) -> Any:
    """Return an error's detail as it can be sent."""
    is_plain = value is None or isinstance(value, str | int | float | bool)
    return value if is_plain else str(value)


def _send(answers: int, content: bytes) -> None:
    message = struct.pack(HEADER, len(content)) + content
    with contextlib.suppress(BrokenPipeError):
        while message:
            message = message[os.write(answers, message) :]


def _limit(request: dict[str, Any]) -> None:
    seconds = int(request["seconds"]) + 1
    for kind, value in (
        (resource.RLIMIT_AS, request["memory"]),
        (resource.RLIMIT_CPU, 4 * seconds),
        (resource.RLIMIT_FSIZE, request["written"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        if most != resource.RLIM_INFINITY:
            value = min(value, most)
        resource.setrlimit(kind, (value, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _leave_network() -> None:
    """Take an empty network namespace, where the system lets ordinary users do so."""
    user, group = os.getuid(), os.getgid()
    try:
        if ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NET):
            return
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except (OSError, AttributeError):
        return


def _die_with_parent() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


if __name__ == "__main__":
    main()
