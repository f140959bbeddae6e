"""
How quick are hot spots beside a library made for them, at equal results.

The peer is esda of the PySAL family, without its permutations: both compute Getis-Ord Gi* and its
normal z of a square of cells, each cell among its own neighbours. Both are given the same
neighbours, each in its own form and made beforehand; the time is that of the statistic. What making
neighbours takes is told apart.
"""

from typing import Any

import numpy as np

from benchmarks.measure import Goal, Result, SkippedError, growth_exponent, race
from parvis.incidents.hotspots import hot_spots, neighbours_on_grid

SEED = 11
COMPARED = (50, 150)
"""Sides of the compared squares, in cells."""
SIDES = (250, 500, 1_000)
CLOSE = 1e-9


def run(result: Result) -> None:
    """Time our statistic beside the peer's, and ours as the grid grows."""
    try:
        import esda
        import libpysal
    except ImportError:
        result.skipped.append("esda is not installed: no comparison")
    else:
        for side in COMPARED:
            _compare(result, side, esda, libpysal)
    _grow(result)


def _compare(result: Result, side: int, esda: Any, libpysal: Any) -> None:
    values = _values(side)
    neighbours = neighbours_on_grid(side, side)
    weights = libpysal.weights.fill_diagonal(libpysal.weights.lat2W(side, side, rook=False), 1.0)

    def peer() -> Any:
        return esda.G_Local(values, weights, transform="B", permutations=0, star=True)

    own, other = hot_spots(values, neighbours).z, np.asarray(peer().Zs)
    gap = float(np.abs(own - other).max())
    if gap > CLOSE:
        raise SkippedError(f"{side} × {side} cells: z differs by {gap:.3g}")
    result.facts[f"largest_difference_of_z_{side}"] = gap
    timings = race({"parvis": lambda: hot_spots(values, neighbours), "esda": peer})
    for name, timing in timings.items():
        result.timings[f"{side} × {side} cells, {name}"] = timing
    factor = timings["esda"].median / timings["parvis"].median
    result.goals.append(
        Goal(f"Gi* of {side} × {side} cells, times as quick", factor, at_least=10.0)
    )


def _grow(result: Result) -> None:
    """Time all steps, from values to the control of false discoveries, as the grid grows."""
    seconds = []
    for side in SIDES:
        values = _values(side)

        def steps(side: int = side, values: Any = values) -> object:
            return hot_spots(values, neighbours_on_grid(side, side))

        timing = race({"steps": steps}, rounds=3)["steps"]
        result.timings[f"neighbours and Gi*, {side} × {side} cells"] = timing
        seconds.append(timing.median_processor)
    cells = [float(side) ** 2 for side in SIDES]
    result.facts["growth_exponent"] = growth_exponent(cells, seconds)


def _values(side: int) -> Any:
    drawn = np.random.default_rng([SEED, side])
    return drawn.poisson(drawn.gamma(0.5, 4.0, side * side)).astype(np.float64)
