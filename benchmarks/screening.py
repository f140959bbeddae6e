"""How long does screening a whole city take, how does it grow, and what does a cluster bring?"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.extract_reading import EXTRACT
from benchmarks.measure import (
    Goal,
    Result,
    SkippedError,
    Timing,
    growth_exponent,
    scratch,
    shared_extract,
)

SAMPLE = int(os.environ.get("PARVIS_BENCH_SPACES", "8"))
"""Spaces of the sample; the time of all is extrapolated from theirs, in proportion."""

TOWN_SIZES = tuple(
    int(size) for size in os.environ.get("PARVIS_BENCH_SCREENED_TOWNS", "500,2000,8000").split(",")
)
N_WORKERS = 2


def run(result: Result) -> None:
    result.facts |= {"sample": SAMPLE, "processes": N_WORKERS, "vehicle_classes": 6}
    with scratch() as home:
        try:
            whole_city(result, home)
        except SkippedError as reason:
            result.skipped.append(str(reason))
        growth(result, home)
        cluster(result, home)


def whole_city(result: Result, home: Path) -> None:
    """All spaces of the extract, by a sample spread over their sizes; memory of the processes."""
    from parvis.io.osm import import_city

    source = shared_extract(EXTRACT)
    import_city(source, name="bench", home=home)
    spaces = sampled(home, "bench")
    timing = Timing(0.0, [])
    start = os.times()
    warm = seconds(screen(home, ["bench"], spaces[1][:N_WORKERS]))
    timing.first = warm
    elapsed = seconds(screen(home, ["bench"], spaces[1]))
    end = os.times()
    timing.rounds.append(elapsed)
    timing.processor.append(end.children_user - start.children_user)
    result.timings[f"screening, sample of {len(spaces[1])} spaces"] = timing
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    result.facts |= {"spaces": spaces[0], "spaces_per_s": round(len(spaces[1]) / elapsed, 4)}
    result.goals += [
        Goal(
            f"all {spaces[0]} spaces, six classes, both sets (extrapolated from the sample)",
            elapsed * spaces[0] / len(spaces[1]),
            at_most=300.0,
            unit="s",
        ),
        Goal("memory of all processes together", N_WORKERS * peak, at_most=4.0, unit="GiB"),
    ]


def growth(result: Result, home: Path) -> None:
    """
    Processor time over street segments, were there as many spaces a segment in every town.

    The generator draws the same few spaces in towns of any size, so it is the time of a space that
    is measured in each town, the street fields of the whole town included; times the segments it
    is the time of all.
    """
    from parvis.city.town import make_town
    from parvis.io.osm import import_city
    from parvis.io.osm_writer import write_osm

    sizes, needed = [], []
    for size in TOWN_SIZES:
        name = f"town-{size}"
        extract = home / f"{name}.osm.pbf"
        write_osm(make_town(seed=1, size=f"{size}-streets"), extract)
        city = import_city(extract, name=name, home=home)
        _, sample = sampled(home, name, at_most=3)
        if not sizes:
            screen(home, [name], sample[:1], runner=in_this_process)
        start = time.process_time()
        elapsed = seconds(screen(home, [name], sample, runner=in_this_process))
        processor = time.process_time() - start
        result.timings[f"screening, {len(sample)} spaces of a town of {size} streets"] = Timing(
            elapsed, [elapsed], [processor]
        )
        sizes.append(float(len(city.segments.length)))
        needed.append(processor * sizes[-1])
    result.facts["town_segments"] = [int(size) for size in sizes]
    result.goals.append(
        Goal(
            "growth exponent, screening, spaces in proportion to street segments",
            growth_exponent(sizes, needed),
            at_most=1.1,
            unit="(1 is linear)",
        )
    )


def in_this_process(jobs: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Work on jobs one after the other, as a process of the pool does."""
    from parvis.io.screening_workers import work_stored

    for job in jobs:
        yield job, work_stored(job.city.name, job.home, job.city.hash, job.question)


def cluster(result: Result, home: Path) -> None:
    """Two cities on a Dask cluster of two processes, beside one after the other in one process."""
    from parvis.city.town import make_town
    from parvis.io.cluster import ClusterExtraMissingError, cluster_runner
    from parvis.io.osm import import_city
    from parvis.io.osm_writer import write_osm

    names = []
    for seed in (1, 2):
        extract = home / f"seed-{seed}.osm.pbf"
        write_osm(make_town(seed=seed, size="small"), extract)
        import_city(extract, name=f"seed-{seed}", home=home)
        names.append(f"seed-{seed}")
    sample = {name: sampled(home, name, at_most=4)[1] for name in names}
    try:
        with dask_cluster(home) as address:
            runner = cluster_runner(address, patience=30.0)
            found, there = {}, 0.0
            for _ in range(2):
                began = time.perf_counter()
                found = screen(home, names, sample, runner=runner)[1]
                there = time.perf_counter() - began
    except ClusterExtraMissingError:
        result.skipped.append("the Dask library is not installed")
        return
    one_by_one, is_equal = 0.0, True
    for name in names:
        alone, here = screen(home, [name], sample, workers=1)
        one_by_one += alone
        is_equal &= here[name].outcomes == found[name].outcomes
    result.timings |= {
        "two cities on a cluster of two processes": Timing(there, [there]),
        "two cities one after the other in one process": Timing(one_by_one, [one_by_one]),
    }
    result.facts["cluster_results_equal"] = is_equal
    result.goals.append(
        Goal("times faster on two processes of a cluster", one_by_one / there, at_least=1.6)
    )


def sampled(home: Path, name: str, at_most: int = SAMPLE) -> tuple[int, list[str]]:
    """Return the number of spaces and the ids of some, evenly spread over their sizes."""
    import numpy as np

    from parvis.io.store import load_city

    spaces = load_city(name, home=home).spaces
    order = np.argsort(np.asarray(spaces["area"]), kind="stable")
    chosen = order[np.linspace(0, len(order) - 1, min(at_most, len(order)) + 2).astype(int)[1:-1]]
    return len(spaces), [spaces.text("id", int(row)) for row in dict.fromkeys(chosen.tolist())]


def screen(
    home: Path,
    names: Sequence[str],
    spaces: Sequence[str] | Mapping[str, Sequence[str]],
    *,
    workers: int = N_WORKERS,
    runner: Any = None,
) -> tuple[float, dict[str, Any]]:
    """Screen anew; return elapsed seconds and the screenings."""
    import shapely

    from parvis.errors import ParvisError
    from parvis.io.screening import Request, screen_cities
    from parvis.io.screening_workers import local_runner
    from parvis.io.store import load_city
    from parvis.report.coordinates import Projection
    from parvis.screening.criteria import Criterion
    from parvis.screening.spaces import Responsible

    requests = []
    for name in names:
        city = load_city(name, home=home)
        outline = Projection(city.epsg).geometry(shapely.box(*city.bounds).buffer(100.0))
        path = home / f"{name}-limits.geojson"
        path.write_text(shapely.to_geojson(outline))
        wanted = spaces[name] if isinstance(spaces, Mapping) else spaces
        requests.append(Request(name, path, spaces=tuple(wanted)))
    start = time.perf_counter()
    found = screen_cities(
        requests,
        responsible=Responsible("bench", "bench", "bench"),
        criteria=[Criterion.DATA_GRADE],
        runner=runner or local_runner(workers),
        home=home,
        is_fresh=True,
    )
    elapsed = time.perf_counter() - start
    for item in found.values():
        if isinstance(item, ParvisError):
            raise item
        if item.failures:
            raise SkippedError(f"{len(item.failures)} spaces failed: {item.failures[0].code}")
    return elapsed, found


def seconds(done: tuple[float, dict[str, Any]]) -> float:
    return done[0]


@contextmanager
def dask_cluster(folder: Path) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own."""
    import socket

    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    ours = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    theirs = [address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    module = [sys.executable, "-m", "distributed.cli.dask_"]
    commands = [("scheduler", ours), ("worker", theirs), ("worker", theirs)]
    processes = [
        subprocess.Popen([*module[:2], module[2] + name, *words], **quiet)
        for name, words in commands
    ]
    try:
        wait_for_workers(address, 2)
        yield address
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def wait_for_workers(address: str, n: int) -> None:
    try:
        from distributed import Client
    except ImportError:
        return
    for _ in range(60):
        try:
            with Client(address, timeout=2, set_as_default=False) as client:
                client.wait_for_workers(n, timeout=120)
                return
        except OSError:
            time.sleep(0.5)
    raise SkippedError("the Dask cluster did not start")
