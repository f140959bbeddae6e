"""A cluster of separate processes gives the results of this machine, also when it loses one."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.io import cluster as subject
from parvis.io.screening import Request, screen_cities
from parvis.io.store import load_city, save_city
from parvis.packs.content import load_ground_rules, load_parameter_draws
from parvis.report.messages import describe
from parvis.screening.criteria import Criterion
from parvis.screening.spaces import Responsible, Screening, screen_space

EAST, NORTH = 500_000.0, 5_760_000.0
WHO = Responsible("City", "A. Maire", "coordinator")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two cities of one street and two tiny places each, in a data directory."""
    home = tmp_path_factory.mktemp("cluster") / "home"
    line = [(EAST, NORTH), (EAST + 60, NORTH)]
    places = [shapely.box(EAST + x, NORTH - 2, EAST + x + 6, NORTH + 2) for x in (20, 40)]
    city = draw_city(
        [Street(line, name="Long Street", width=8.0)],
        areas=[Thing("building", shapely.box(EAST - 9, NORTH + 4, EAST + 69, NORTH + 9))],
        spaces=[Thing("square", shape, tags={"name": "Place"}) for shape in places],
    )
    edge = shapely.to_wkb(shapely.box(EAST - 99, NORTH - 99, EAST + 99, NORTH + 99))
    for name in ("east", "west"):
        manifest = {"counts": {}, "source": {}}
        save_city(replace(city, name=name, boundary=edge, manifest=manifest), home=home)
    return home


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers = folder, []
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"
        )

    def _start(self, *command: str) -> subprocess.Popen:
        environment = os.environ | {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]],
            cwd=self.folder, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def add(self, n: int, *, total: int) -> None:
        for _ in range(n):
            command = ("dask_worker", self.address, "--no-nanny", "--nthreads", "1")
            self.workers.append(self._start(*command, "--no-dashboard"))
        wait_for(self.address, total)

    def kill(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list]]:
    """A scheduler and two workers; address and workers."""
    started = Cluster(tmp_path_factory.mktemp("dask"))
    try:
        started.add(2, total=2)
        yield started.address, started.workers
    finally:
        started.kill()


def wait_for(address: str, n: int) -> None:
    from distributed import Client

    for _ in range(100):
        try:
            with Client(address, timeout=2, set_as_default=False) as client:
                client.wait_for_workers(n, timeout=60)
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(address)


def screened(home: Path, runner, *names: str) -> dict[str, Screening]:
    found = screen_cities(
        [Request(name, is_own=True) for name in names],
        responsible=WHO,
        criteria=[Criterion.DATA_GRADE],
        vehicles=["M1"],
        runner=runner,
        home=home,
        is_fresh=True,
        today=dt.date(2031, 3, 10),
    )
    assert all(isinstance(item, Screening) for item in found.values())
    return found


def here(jobs):
    packs = {"rules": load_ground_rules(), "draws": load_parameter_draws()}
    for job in jobs:
        yield job, screen_space(job.city, job.question, **packs)


@pytest.fixture(scope="module")
def local(home: Path) -> dict[str, Screening]:
    return screened(home, here, "east", "west")


def test_cluster_gives_the_results_of_this_machine(home, cluster, local):
    found = screened(home, subject.cluster_runner(cluster[0]), "east", "west")
    for name in ("east", "west"):
        assert found[name].outcomes == local[name].outcomes
        assert len(found[name].outcomes) == 2


def test_a_city_in_memory_is_the_same_city(home):
    city = load_city("east", home=home)
    sent = subject.in_memory(city)
    assert sent.hash == city.hash
    pools = [(table.spaces.strings, table.furniture.strings) for table in (city, sent)]
    assert [one is other for one, other in pools] == [False, False]
    shared = replace(city, furniture=replace(city.furniture, strings=city.spaces.strings))
    again = subject.in_memory(shared)
    assert again.spaces.strings is again.furniture.strings
    assert sent.spaces.text("name", 0) == "Place"
    assert shapely.equals_exact(sent.spaces.geometry, city.spaces.geometry).all()
    assert "geometry" not in vars(subject.in_memory(sent).spaces)


def test_an_address_that_does_not_answer_is_one_sentence_in_seconds():
    started = time.monotonic()
    for address in (f"tcp://127.0.0.1:{free_port()}", "no address", "tcp://", "nonsense://x:1"):
        with pytest.raises(subject.ClusterUnreachableError) as caught:
            subject.cluster_runner(address, patience=1.0)
        assert address in describe(caught.value)
    assert time.monotonic() - started < 10.0


def test_without_the_extra_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(subject.ClusterExtraMissingError) as caught:
        subject.cluster_runner("tcp://127.0.0.1:1")
    assert "parvis[cluster]" in describe(caught.value)


def test_workers_of_another_version_are_refused(cluster, monkeypatch):
    monkeypatch.setattr(subject, "__version__", "99.0")
    with pytest.raises(subject.ClusterVersionsError) as caught:
        subject.cluster_runner(cluster[0])
    assert "99.0" in describe(caught.value)


def test_the_library_for_clusters_is_not_loaded_otherwise():
    code = "import sys, parvis.io.cluster, parvis.cli.screen; print('distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_lost_worker_is_survived_and_the_results_are_the_same(home, cluster, local):
    address, workers = cluster

    def and_kill_one(jobs):
        for number, done in enumerate(subject.cluster_runner(address)(jobs)):
            if number == 0:
                workers[0].send_signal(signal.SIGKILL)
            yield done

    found = screened(home, and_kill_one, "east", "west")
    assert workers[0].wait(timeout=5) == -signal.SIGKILL
    assert [found[name].outcomes for name in found] == [local[name].outcomes for name in local]


def test_with_the_last_worker_that_holds_a_city_the_city_is_sent_again(home, local, tmp_path):
    started = Cluster(tmp_path)

    def and_replace_the_only_one(jobs):
        for number, done in enumerate(subject.cluster_runner(started.address)(jobs)):
            if number == 0:
                started.add(1, total=2)
                started.workers[0].kill()
                started.workers[0].wait(timeout=5)
            yield done

    try:
        started.add(1, total=1)
        found = screened(home, and_replace_the_only_one, "east", "west")
    finally:
        started.kill()
    assert [found[name].outcomes for name in found] == [local[name].outcomes for name in local]
