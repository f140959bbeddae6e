"""Kinds of runs for the tests of the worker."""

import os
import signal
import time

from parvis_web.config.data import run_folder
from parvis_web.runs.kinds import run_kind


def _sign(run):
    """Leave a trace of this process for the test."""
    path = run_folder(run.authority_id, run.pk) / "pids"
    with path.open("a") as stream:
        stream.write(f"{os.getpid()}\n")


@run_kind("test-sleep", minutes=5)
def sleep(run, progress):
    _sign(run)
    end = time.monotonic() + run.parameters["seconds"]
    while time.monotonic() < end:
        progress(0.5, "sleep")
        time.sleep(0.05)
    return {"slept": run.parameters["seconds"]}


@run_kind("test-deaf", minutes=5)
def deaf(run, progress):
    _sign(run)
    time.sleep(run.parameters["seconds"])
    return {}


@run_kind("test-die", minutes=5)
def die(run, progress):
    _sign(run)
    os.kill(os.getpid(), signal.SIGKILL)
