"""Kinds of runs for tests, and a real worker process on the configured database."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from parvis_web.runs import kinds

HERE = Path(__file__).parent


@pytest.fixture
def kind(monkeypatch):
    """Register a handler for the test's time."""
    kinds.discover()
    monkeypatch.setattr(kinds, "KINDS", dict(kinds.KINDS))

    def add(handler, name="test-kind", **options):
        kinds.run_kind(name, **options)(handler)
        return name

    return add


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """The address of the test's database for other processes; an in-memory one moves to a file."""
    if connection.vendor != "sqlite":
        s = connection.settings_dict
        yield (
            f"postgresql://{s['USER']}:{s['PASSWORD']}@/{s['NAME']}"
            f"?host={s['HOST']}&port={s['PORT']}"
        )
        return
    file = tmp_path / "shared.sqlite3"
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(file) as target:
        memory.backup(target)
    target.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(file)
    connection.connect()
    yield f"sqlite:///{file}"
    connection.connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = memory


@pytest.fixture
def start_worker(shared_database, monkeypatch):
    """Start worker processes; what is left of them ends with the test."""
    monkeypatch.setitem(kinds.KINDS, "test-sleep", kinds.RunKind("test-sleep", dict, 5, ""))
    monkeypatch.setitem(kinds.KINDS, "test-deaf", kinds.RunKind("test-deaf", dict, 5, ""))
    monkeypatch.setitem(kinds.KINDS, "test-die", kinds.RunKind("test-die", dict, 5, ""))
    started: list[subprocess.Popen] = []
    environment = os.environ | {
        "DATABASE_URL": shared_database,
        "DJANGO_SETTINGS_MODULE": "laboratory.settings",
        "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path]),
        "PARVIS_DATA": str(settings.PARVIS_DATA),
    }

    def start(*options: str) -> subprocess.Popen:
        command = [sys.executable, "-P", "-m", "parvis_web", "run_worker", *options]
        process = subprocess.Popen(command, env=environment)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(10)


def wait_until(is_so: Callable[[], object], seconds: float = 60.0) -> object:
    """Return what `is_so` returns once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not so within {seconds} s")
