"""The command line answers at once: heavy libraries are imported only when they are needed."""

import subprocess
import sys
import time

import pytest

# Budgets hold on a quiet machine; a busy one may take this many times as long.
NOISE = 3.0


def best_time(command: list[str], times: int = 5) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize(
    ("command", "budget"),
    [
        ([sys.executable, "-c", "import parvis"], 0.3),
        ([sys.executable, "-m", "parvis", "--help"], 0.4),
    ],
    ids=["import parvis", "parvis --help"],
)
def test_start_up_stays_within_its_budget(command, budget):
    assert best_time(command) < budget * NOISE


@pytest.mark.parametrize("name", ["numpy", "numba", "shapely", "pandas", "matplotlib", "osmium"])
def test_help_imports_no_heavy_library(name):
    code = (
        "import sys; sys.argv = ['parvis', '--help']\n"
        "from parvis.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"sys.exit({name!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
