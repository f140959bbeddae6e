"""Load on the web application: 50 signed-in people, 250 authorities with 200 spaces each."""

import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Goal, Result, SkippedError

PEOPLE = 50
EVERY = 5.0
"""A person opens a page so often. [s]"""
TILES = 12
SECONDS = float(os.environ.get("PARVIS_LOAD_SECONDS", "60"))
WARM_UP = 10.0
WRITES = 10
"""One page view in so many is a write."""
SETTINGS = "parvis_web.config.settings.dev"


@dataclass
class Seen:
    """What one person's browser measured."""

    pages: list[float] = field(default_factory=list)
    tiles: list[float] = field(default_factory=list)
    writes: int = 0
    errors: Counter[str] = field(default_factory=Counter)


def run(result: Result) -> None:
    _measure(result, "SQLite", "")
    with tempfile.TemporaryDirectory() as folder:
        address = _postgres_address(Path(folder))
        if address is None:
            result.skipped.append("PostgreSQL: no server binaries on this machine")
            return
        try:
            _measure(result, "PostgreSQL", address)
        finally:
            (Path(folder) / "stop").touch()


def _postgres_address(folder: Path) -> str | None:
    """Start a throw-away server that lives until a file called ``stop`` is there."""
    script = (
        f'printf %s "$DATABASE_URL" > {folder}/address; '
        f"while [ ! -e {folder}/stop ]; do sleep 0.2; done"
    )
    subprocess.Popen(["sh", str(ROOT / "scripts/with-postgres.sh"), "sh", "-c", script])
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if (folder / "address").is_file() and (folder / "address").stat().st_size:
            return (folder / "address").read_text()
        time.sleep(0.2)
    return None


def _measure(result: Result, name: str, database: str) -> None:
    with tempfile.TemporaryDirectory(prefix="parvis-load-") as data:
        environment = os.environ | {
            "PARVIS_DATA": data,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PARVIS_DEMO": "1",
        }
        print(f"  {name}: filling the database", flush=True)
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "createcachetable")
        filled = subprocess.run(
            [sys.executable, "-m", "benchmarks.load_data", str(PEOPLE)],
            env=environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        people = json.loads(filled.stdout.splitlines()[-1])
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "parvis", "serve", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait(port)
            print(f"  {name}: {PEOPLE} people for {SECONDS:g} s", flush=True)
            seen, n_backups = _load(port, people, environment, Path(data))
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
        _tell(result, name, seen, n_backups, environment)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "parvis_web", *arguments]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SkippedError(f"{arguments[0]} failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2).close()
            return
        except OSError:
            time.sleep(0.3)
    raise SkippedError("the server did not start")


def _load(
    port: int, people: list[dict[str, Any]], environment: dict[str, str], data: Path
) -> tuple[list[Seen], int]:
    """Let everybody work at once, the load on one core, while backups are written."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
    if cores:
        os.sched_setaffinity(0, {max(cores)})
    stop = time.monotonic() + WARM_UP + SECONDS
    counted = time.monotonic() + WARM_UP
    seen = [Seen() for _ in people]
    threads = [
        threading.Thread(target=_person, args=(port, who, seen[i], counted, stop, i))
        for i, who in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    if cores:
        os.sched_setaffinity(0, cores)  # threads keep the core of their start; backups have all
    n_backups = 0
    while time.monotonic() < stop - SECONDS / 3:
        _manage(environment, "backup", str(data / f"backup-{n_backups}.tar.gz"))
        n_backups += 1
    for thread in threads:
        thread.join()
    return seen, n_backups


def _person(
    port: int, who: dict[str, Any], seen: Seen, counted: float, stop: float, seed: int
) -> None:
    """Open a page every few seconds, with the tiles of its map; sometimes change something."""
    chance = random.Random(seed)  # noqa: S311
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    time.sleep(chance.random() * EVERY)
    while (begun := time.monotonic()) < stop:
        if chance.randrange(WRITES) == 0:
            _write(connection, who, seen)
        else:
            path = chance.choice(who["pages"])
            _get(connection, who, path, seen.pages, seen, counted)
            for path in chance.sample(who["tiles"], TILES):
                _get(connection, who, path, seen.tiles, seen, counted)
        time.sleep(max(0.0, begun + EVERY - time.monotonic()))
    connection.close()


def _get(
    connection: http.client.HTTPConnection,
    who: dict[str, Any],
    path: str,
    times: list[float],
    seen: Seen,
    counted: float,
) -> None:
    begun = time.monotonic()
    try:
        connection.request(
            "GET", path, headers={"Cookie": who["cookie"], "Accept-Encoding": "gzip"}
        )
        answer = connection.getresponse()
        answer.read()
    except OSError as problem:
        seen.errors[type(problem).__name__] += 1
        connection.close()
        return
    if answer.status not in {200, 204}:
        seen.errors[f"{answer.status} {path.split('/')[3]}"] += 1
    elif begun > counted:
        times.append(time.monotonic() - begun)


def _write(connection: http.client.HTTPConnection, who: dict[str, Any], seen: Seen) -> None:
    """Rename the person's own space on the version they know."""
    body = json.dumps({"name": f"Square {seen.writes + 1}", "version": seen.writes + 1})
    headers = {"Authorization": f"Bearer {who['token']}", "Content-Type": "application/json"}
    try:
        connection.request("PATCH", f"/api/v1/spaces/{who['space']}", body, headers)
        answer = connection.getresponse()
        answer.read()
    except OSError as problem:
        seen.errors[type(problem).__name__] += 1
        connection.close()
        return
    if answer.status == 200:
        seen.writes += 1
    else:
        seen.errors[f"{answer.status} write"] += 1


def _tell(
    result: Result, name: str, seen: list[Seen], n_backups: int, environment: dict[str, str]
) -> None:
    pages = [value for one in seen for value in one.pages]
    tiles = [value for one in seen for value in one.tiles]
    errors = sum((one.errors for one in seen), Counter[str]())
    written = sum(one.writes for one in seen)
    kept = int(_manage(environment, "shell", "-c", COUNT).split()[-1])
    result.facts[name] = {
        "people": PEOPLE,
        "seconds": SECONDS,
        "pages": len(pages),
        "tiles": len(tiles),
        "writes": written,
        "backups": n_backups,
        "errors": dict(errors),
        "page_median_s": round(statistics.median(pages), 4),
        "tile_median_s": round(statistics.median(tiles), 4),
    }
    result.goals += [
        Goal(f"{name}: pages, 95th percentile", _p95(pages) * 1000, at_most=250, unit="ms"),
        Goal(f"{name}: tiles, 95th percentile", _p95(tiles) * 1000, at_most=100, unit="ms"),
        Goal(f"{name}: errors", float(errors.total()), at_most=0, unit="requests"),
        Goal(f"{name}: lost writes", float(written - kept), at_most=0, unit="writes"),
        Goal(f"{name}: backups beside it", float(n_backups), at_least=1, unit="backups"),
    ]


COUNT = """
from parvis_web.audit.models import AuditEvent
print(AuditEvent.objects.filter(action="space.rename").count())
"""


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
