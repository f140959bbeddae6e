"""Can this installation do its work: database, files, migrations, worker?"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from parvis_web.operation import heartbeat

LEAST_FREE = 500 * 2**20
"""With less room on the disk no import and no backup is sure to end well. [B]"""


@dataclass(frozen=True)
class Part:
    """One thing that must work; without a vital one no page can be served."""

    name: str
    works: bool
    detail: str
    is_vital: bool = True


@dataclass(frozen=True)
class Readiness:
    """All parts together."""

    parts: tuple[Part, ...]

    @property
    def state(self) -> str:
        """Return "ready", "degraded" (runs wait) or "down" (pages fail)."""
        if any(part.is_vital and not part.works for part in self.parts):
            return "down"
        return "ready" if all(part.works for part in self.parts) else "degraded"


def readiness() -> Readiness:
    """Look at every part."""
    checks: tuple[Callable[[], Part], ...] = (_database, _migrations, _data, _room, _worker)
    return Readiness(tuple(check() for check in checks))


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        return Part("database", False, type(problem).__name__)
    return Part("database", True, connection.vendor)


def _migrations() -> Part:
    try:
        waiting = _waiting_migrations()
    except DatabaseError as problem:
        return Part("migrations", False, type(problem).__name__)
    if waiting:
        _waiting_migrations.cache_clear()
    return Part("migrations", not waiting, f"{waiting} waiting")


@lru_cache(maxsize=1)
def _waiting_migrations() -> int:
    """Once none is waiting, none will be while this process lives."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _data() -> Part:
    try:
        with tempfile.TemporaryFile(dir=settings.PARVIS_DATA) as file:
            file.write(b"x")
    except OSError as problem:
        return Part("data", False, problem.strerror or type(problem).__name__)
    return Part("data", True, "writable")


def _room() -> Part:
    try:
        free = shutil.disk_usage(Path(settings.PARVIS_DATA)).free
    except OSError as problem:
        return Part("room", False, problem.strerror or type(problem).__name__, is_vital=False)
    return Part("room", free >= LEAST_FREE, f"{free / 2**30:.1f} GB free", is_vital=False)


def _worker() -> Part:
    age = heartbeat.age("worker")
    detail = "never seen" if age is None else f"seen {age:.0f} s ago"
    return Part("worker", age is not None and age < heartbeat.LATE, detail, is_vital=False)
