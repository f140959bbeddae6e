"""How long does the motion lattice take on window A: one class, one thread, 1 m, 64 headings?"""

import numpy as np

from benchmarks.measure import Goal, Result, growth_exponent, race, scratch
from benchmarks.windows import SIDE, street_pattern, truck, window, window_city
from parvis.approach.cells import link_cells
from parvis.approach.lattice import solve_lattice
from parvis.approach.vehicles import VehicleParameters
from parvis.terms import Scenario

AREAS = (0.25, 1.0, 4.0)
"""Window areas in square kilometres times 0.1936 (a 440 m window is 1)."""


def run(result: Result) -> None:
    growth(result)
    with scratch() as home:
        looked_at = window(window_city(home))
        approach = looked_at.prepare(truck(), Scenario.TYPICAL)
        solved = looked_at.solve(approach)
        grid = approach.packed.grid
        result.facts |= {
            "window": "window A",
            "side_m": SIDE,
            "cell_m": grid.cell,
            "headings": solved.field.moves.n_headings,
            "cells": int(approach.reachable.sum()),
            "rounds": solved.field.rounds,
        }
        timing = race({"parvis lattice, window A": lambda: looked_at.solve(approach)})
    result.timings |= timing
    median = timing["parvis lattice, window A"].median
    result.goals.append(Goal("lattice on window A, arrivals included", median, 1.5, unit="s"))


def growth(result: Result) -> None:
    """Time over window area on a street pattern that repeats."""
    vehicle = truck().typical
    actions = {}
    for share in AREAS:
        side = SIDE * share**0.5
        actions[f"lattice, {share:g} × the area"] = _solver(vehicle, side)
    timings = race(actions)
    result.timings |= timings
    exponent = growth_exponent(
        list(AREAS), [timing.median_processor for timing in timings.values()]
    )
    result.goals.append(
        Goal("growth exponent over window area", exponent, at_most=1.1, unit="(1 is linear)")
    )


def _solver(vehicle: VehicleParameters, side: float):  # type: ignore[no-untyped-def]
    surface, bounds = street_pattern(side)
    grid = link_cells([surface], half_width=vehicle.width / 2.0, cell=1.0, bounds=bounds)
    reachable = grid.is_ground
    nowhere = np.zeros_like(reachable)
    return lambda: solve_lattice(grid, vehicle=vehicle, reachable=reachable, terminal=nowhere)
