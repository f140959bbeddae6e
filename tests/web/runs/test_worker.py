"""A real worker process: it works, dies, is killed, is stopped, and nothing is lost."""

import os
import signal
import subprocess
import time

import pytest
from django.core.files import File
from django_tasks_db.models import DBTaskResult

from parvis_web.cities.files import keep_upload
from parvis_web.cities.models import City
from parvis_web.cities.services import add_city
from parvis_web.config.data import run_folder
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.services import cancel_run, start_run

from .conftest import wait_until


def start(town, kind, **parameters):
    return start_run(
        town.actor("coordinator"),
        kind=kind,
        subject=town.space(name=f"{kind} {parameters}"),
        parameters=parameters,
        inputs=parameters,
    )


def state_of(run):
    run.refresh_from_db()
    return run.state


def pids(run):
    path = run_folder(run.authority_id, run.pk) / "pids"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_runs_at_once_and_a_third_after_them(start_worker, here):
    runs = [start(here, "test-sleep", seconds=0.6, n=i) for i in range(3)]
    start_worker("--slots", "2")
    wait_until(lambda: all(state_of(run) == RunState.DONE for run in runs))
    assert runs[0].result == {"slept": 0.6}
    assert max(runs[0].started, runs[1].started) < min(runs[0].ended, runs[1].ended)
    wait_until(lambda: not DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).exists())


def test_a_killed_workers_run_is_taken_up_by_another(start_worker, here):
    run = start(here, "test-sleep", seconds=3)
    worker = start_worker("--slots", "1")
    wait_until(lambda: pids(run))
    worker.kill()
    wait_until(lambda: not is_alive(pids(run)[0]))
    start_worker("--slots", "1")
    wait_until(lambda: state_of(run) == RunState.DONE)
    assert run.attempts == 2
    assert len(pids(run)) == 2


def test_a_run_that_kills_its_process_twice_is_failed(start_worker, here):
    run = start(here, "test-die")
    worker = start_worker("--slots", "1")
    wait_until(lambda: state_of(run) == RunState.FAILED)
    assert (run.error_code, run.attempts, len(pids(run))) == ("run_killed_twice", 2, 2)
    assert worker.poll() is None


def test_cancel_ends_even_a_run_that_does_not_listen(start_worker, here):
    run = start(here, "test-deaf", seconds=60)
    start_worker("--slots", "1")
    wait_until(lambda: pids(run))
    asked = time.monotonic()
    cancel_run(here.actor("coordinator"), run)
    wait_until(lambda: state_of(run) == RunState.CANCELLED)
    assert time.monotonic() - asked < 2.0
    assert not is_alive(pids(run)[0])


def test_a_stopped_worker_puts_its_run_back(start_worker, here):
    run = start(here, "test-deaf", seconds=60)
    worker = start_worker("--slots", "1")
    wait_until(lambda: pids(run))
    worker.send_signal(signal.SIGTERM)
    try:
        assert worker.wait(5) == 0
    except subprocess.TimeoutExpired:
        pytest.fail("the worker did not stop")
    assert (state_of(run), run.attempts) == (RunState.QUEUED, 0)
    assert DBTaskResult.objects.ready().count() == 1
    assert not is_alive(pids(run)[0])
    assert AnalysisRun.objects.count() == 1


def test_two_imports_at_once(start_worker, here, town):
    runs = []
    for name in ("North", "South"):
        with town.open("rb") as stream:
            extract = keep_upload(
                here.authority.pk,
                File(stream, name="town.osm.pbf"),
                accepted=(".osm.pbf",),
                what="extract",
                most=2**30,
            )
        runs.append(add_city(here.actor("coordinator"), name=name, extract=extract))
    start_worker("--slots", "2")
    wait_until(lambda: all(state_of(run) == RunState.DONE for run in runs), 60)
    assert runs[1].started < runs[0].ended
    assert [city.spaces.count() > 0 for city in City.objects.all()] == [True, True]
