"""Is the worker alive? It touches a file; everybody on the machine can see when."""

import time
from pathlib import Path

from django.conf import settings

LATE = 120.0
"""From this age on a heartbeat is late. [s]"""


def beat(name: str) -> None:
    """Say that the process `name` is alive."""
    file = _file(name)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch()


def age(name: str) -> float | None:
    """Return how long ago the process `name` was alive; None if never. [s]"""
    try:
        return max(time.time() - _file(name).stat().st_mtime, 0.0)
    except FileNotFoundError:
        return None


def _file(name: str) -> Path:
    return Path(settings.PARVIS_DATA) / "heartbeats" / name
