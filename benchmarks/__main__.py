"""Run the benchmarks: ``python -m benchmarks [NAME …]``."""

import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

SUBJECTS = {
    "street_field": "Is the street field as quick as one shortest-path search on its turns?",
    "extract_reading": "How long do reading an extract and importing it take?",
    "lattice": "How long does the motion lattice take on window A, and how does it grow?",
    "whole_space": "How long does a whole space take end to end, and how much memory?",
    "cut": "How long does the cheapest cut take beside NetworkX, and how does it grow?",
    "screening": "How long does screening a city take, how does it grow, does a cluster help?",
    "what_if": "How long does a single change take, beside the full solve of the changed ground?",
    "composite": "How many composites a second, drawn by method and by data?",
    "load": "Do pages and tiles stay quick with 50 people at work in 250 authorities?",
    "survey": "Are survey estimates quicker than a peer's, and equal?",
    "observations": "Do ten million observations stay usable, and how do they grow?",
    "dashboard": "Is a dashboard there at once, and are changes told where there is none?",
    "disclosure": "Is a whole release looked at while figures are chosen, and how does it grow?",
    "hotspots": "Are hot spots found quicker than by a peer, at equal results?",
    "geodata": "Are a city's indicators there in seconds, and distances as a peer has them?",
    "coverage": "Do intervals of counts, shares and means cover what they promise?",
    "growth": "How do import and street field grow with the number of segments?",
}


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - SUBJECTS.keys())
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(SUBJECTS)}.")
        return 2
    if len(names) == 1:
        with tempfile.TemporaryDirectory(prefix="parvis-kernels-") as kernels:
            os.environ["NUMBA_CACHE_DIR"] = kernels
            return 0 if _run(names[0]) else 1
    # A process and a kernel cache of its own for each, so that first calls compile.
    command = [sys.executable, "-m", "benchmarks"]
    missed = [name for name in names or SUBJECTS if subprocess.run([*command, name]).returncode]
    if missed:
        print(f"Goals missed in: {', '.join(missed)}")
    return 1 if missed else 0


def _run(name: str) -> bool:
    """Run one subject; True if every goal that could be measured is met."""
    from benchmarks.measure import Result, SkippedError

    print(f"\n{name}: {SUBJECTS[name]}", flush=True)
    result = Result(name, SUBJECTS[name])
    try:
        import_module(f"benchmarks.{name}").run(result)
    except SkippedError as reason:
        result.skipped.append(str(reason))
    for reason in result.skipped:
        print(f"  skipped: {reason}")
    for what, timing in result.timings.items():
        print(
            f"  {what}: {timing.median:.4g} s"
            f" (processor {timing.median_processor:.4g} s, first call {timing.first:.3g} s)"
        )
    for goal in result.goals:
        print(f"  {goal}")
    if result.timings or result.goals:
        print(f"  → {result.write().relative_to(Path.cwd())}")
    return all(goal.is_met for goal in result.goals)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
