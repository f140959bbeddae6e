"""Timing, goals, and what a result file holds."""

import gc
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
ROUNDS = 5


class SkippedError(Exception):
    """A peer or the shared data is missing; the reason is shown and recorded."""


@dataclass
class Timing:
    """
    Seconds of one contender: the first call apart, then the rounds.

    Processor seconds (of this process and its children) tell growth on a busy machine, where
    longer runs are interrupted more often; elapsed seconds tell everything else.
    """

    first: float
    rounds: list[float]
    processor: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def median_processor(self) -> float:
        return statistics.median(self.processor)

    def document(self) -> dict[str, Any]:
        return {
            "median_s": round(self.median, 6),
            "least_s": round(min(self.rounds), 6),
            "rounds_s": [round(value, 6) for value in self.rounds],
            "processor_s": [round(value, 6) for value in self.processor],
            "first_call_s": round(self.first, 6),
        }


@dataclass
class Goal:
    """A promise: a measured value that is to stay on one side of a limit."""

    what: str
    value: float
    at_most: float | None = None
    at_least: float | None = None
    unit: str = "×"

    @property
    def is_met(self) -> bool:
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    def __str__(self) -> str:
        side = f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"
        verdict = "met" if self.is_met else "MISSED"
        return f"{self.what}: {self.value:.3g} {self.unit} (goal {side}): {verdict}"

    def document(self) -> dict[str, Any]:
        limits = {"at_most": self.at_most, "at_least": self.at_least}
        return {
            "what": self.what,
            "value": round(self.value, 4),
            "unit": self.unit,
            **{key: value for key, value in limits.items() if value is not None},
            "is_met": self.is_met,
        }


@dataclass
class Result:
    """What one subject found."""

    subject: str
    question: str
    facts: dict[str, Any] = field(default_factory=dict)
    timings: dict[str, Timing] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def ratio(self, what: str, ours: str, theirs: str, **limit: float) -> None:
        """Compare our median with a peer's; ``at_least`` counts how much faster we are."""
        if ours not in self.timings or theirs not in self.timings:
            return
        a, b = self.timings[ours].median, self.timings[theirs].median
        self.goals.append(Goal(what, b / a if "at_least" in limit else a / b, **limit))

    def write(self) -> Path:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self.subject}.json"
        document = {
            "subject": self.subject,
            "question": self.question,
            "measured": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "versions": versions(),
            "facts": self.facts,
            "timings": {name: timing.document() for name, timing in self.timings.items()},
            "goals": [goal.document() for goal in self.goals],
            "skipped": self.skipped,
        }
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        return path


def race(
    contenders: Mapping[str, Callable[[], object]], *, rounds: int = ROUNDS
) -> dict[str, Timing]:
    """
    Time contenders in turns, so that a busy machine slows all of them alike.

    The first call of each, with its compilation, is timed apart.
    """
    timings = {name: Timing(_seconds(action)[0], []) for name, action in contenders.items()}
    for _ in range(rounds):
        for name, action in contenders.items():
            elapsed, processor = _seconds(action)
            timings[name].rounds.append(elapsed)
            timings[name].processor.append(processor)
    return timings


def _seconds(action: Callable[[], object]) -> tuple[float, float]:
    """Return elapsed and processor seconds; nobody clears away what another left behind."""
    gc.collect()
    before = os.times()
    own = time.process_time()
    start = time.perf_counter()
    action()
    elapsed = time.perf_counter() - start
    own = time.process_time() - own
    after = os.times()
    children = sum(after[2:4]) - sum(before[2:4])
    return elapsed, own + children


def growth_exponent(sizes: list[float], seconds: list[float]) -> float:
    """Return the slope of log time over log size, by least squares."""
    x = [math.log(size) for size in sizes]
    y = [math.log(value) for value in seconds]
    mx, my = statistics.mean(x), statistics.mean(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum(
        (a - mx) ** 2 for a in x
    )


@dataclass
class Run:
    """One run of a command in a process of its own."""

    seconds: float
    processor: float
    peak_bytes: int
    output: str


def run_command(arguments: list[str], environment: Mapping[str, str], cpus: int = 2) -> Run:
    """Run ``python -m …`` on at most `cpus` processors; time and peak memory of the process."""
    allowed = sorted(os.sched_getaffinity(0))[:cpus] if hasattr(os, "sched_getaffinity") else []
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdout=out,
            env={**os.environ, **environment},
            cwd=ROOT,
        )
        if allowed:
            os.sched_setaffinity(process.pid, allowed)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SkippedError(f"`{' '.join(arguments[:2])}` failed with code {process.returncode}")
        out.seek(0)
        unit = 1 if sys.platform == "darwin" else 1024
        processor = usage.ru_utime + usage.ru_stime
        return Run(seconds, processor, usage.ru_maxrss * unit, out.read())


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        yield Path(folder)


def shared_extract(name: str) -> Path:
    """Return an extract of the shared data, or skip."""
    base = Path(os.environ.get("PARVIS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = base / "osm" / name
    if not path.is_file():
        raise SkippedError(f"no shared data: {name} (set PARVIS_SHARED_DATA)")
    return path


def machine() -> dict[str, Any]:
    """Describe the machine without naming it."""
    described: dict[str, Any] = {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }
    try:
        import psutil
    except ImportError:
        return described
    described["memory_gib"] = round(psutil.virtual_memory().total / 2**30, 1)
    described["load_average"] = [round(value, 2) for value in os.getloadavg()]
    return described


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def versions() -> dict[str, str]:
    """Return the versions of this library, its main dependencies and the peers present."""
    names = (
        "parvis",
        "numpy",
        "scipy",
        "numba",
        "shapely",
        "osmium",
        "networkx",
        "networkit",
        "osmnx",
        "pyrosm",
        "geopandas",
        "svy",
        "polars",
    )
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
