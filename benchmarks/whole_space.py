"""How long does a whole space take, six classes and both parameter sets, and how much memory?"""

import json
import os

from benchmarks.extract_reading import EXTRACT
from benchmarks.measure import Goal, Result, Timing, run_command, scratch, shared_extract
from benchmarks.windows import WINDOW_A

ROUNDS = 5


def run(result: Result) -> None:
    source = shared_extract(EXTRACT)
    with scratch() as home:
        environment = {"PARVIS_HOME": str(home)}
        if "NUMBA_CACHE_DIR" in os.environ:
            environment["NUMBA_CACHE_DIR"] = os.environ["NUMBA_CACHE_DIR"]
        run_command(
            ["parvis", "city", "import", str(source), "--name", "bench"], environment, cpus=2
        )
        command = ["parvis", "approach", "bench", WINDOW_A, "--json"]
        runs = [run_command(command, environment, cpus=2) for _ in range(ROUNDS + 1)]
    document = json.loads(runs[-1].output)
    result.facts |= {
        "space": "window A",
        "access_points": len(document["access_points"]),
        "processors_used": 2,
        "peak_mib": [round(one.peak_bytes / 2**20) for one in runs],
    }
    timing = Timing(
        runs[0].seconds,
        [one.seconds for one in runs[1:]],
        [one.processor for one in runs[1:]],
    )
    result.timings["parvis approach, six classes, both parameter sets"] = timing
    result.goals += [
        Goal("whole space end to end", timing.median, at_most=15.0, unit="s"),
        Goal("peak memory", max(r.peak_bytes for r in runs) / 2**30, at_most=2.0, unit="GiB"),
    ]
