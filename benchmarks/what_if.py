"""How long does a single change of window A take, beside the full solve of the changed ground?"""

import math
import statistics
import time
from typing import Any

import numpy as np
import shapely

from benchmarks.extract_reading import EXTRACT
from benchmarks.measure import Goal, Result, Timing, scratch, shared_extract
from benchmarks.windows import WINDOW_A
from parvis.approach.changes import (
    AddBarrier,
    Change,
    CloseGround,
    NarrowMouth,
    OpenGround,
)
from parvis.approach.perimeter import cut_boundary
from parvis.approach.vehicles import load_vehicle_classes
from parvis.approach.what_if import full_run, what_if
from parvis.approach.what_if_baseline import Baseline
from parvis.approach.window import Window, window_bounds
from parvis.errors import InputError
from parvis.io.osm import import_city
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

MARGIN = 200.0
CHANGES = 200
COMPARED = 20
ALL_CLASSES = 10


def run(result: Result) -> None:
    with scratch() as home:
        city = import_city(shared_extract(EXTRACT), name="bench", home=home)
        spaces = city.spaces
        row = next(k for k in range(len(spaces)) if spaces.text("id", k) == WINDOW_A)
        area = shapely.force_2d(spaces.geometry[row])
        window = Window(
            city, area, cut_boundary(area), window_bounds(area, MARGIN), load_ground_rules()
        )
        vehicles = {vehicle.key: vehicle for vehicle in load_vehicle_classes()}
        truck = Baseline.prepare(window, vehicles["N2B"], Scenario.LIMIT)
        others = [
            Baseline.prepare(window, vehicle, Scenario.LIMIT)
            for key, vehicle in vehicles.items()
            if key != "N2B"
        ]
        changes = random_changes(truck, CHANGES)
    first = seconds(what_if, truck, changes[0])
    full_run(truck, changes[0])
    quick = [seconds(what_if, truck, one) for one in changes]
    pairs = [
        (seconds(what_if, truck, one), seconds(full_run, truck, one))
        for one in changes[:: CHANGES // COMPARED]
    ]
    for baseline in others:
        what_if(baseline, changes[0])
    every = [
        sum(seconds(what_if, baseline, one) for baseline in (truck, *others))
        for one in changes[:: CHANGES // ALL_CLASSES]
    ]
    result.facts |= {"window": "window A", "changes": CHANGES, "classes": len(vehicles)}
    result.timings |= {
        "what-if, one class": Timing(first, quick, quick),
        "full run of the same ground": Timing(pairs[0][1], *[[full for _, full in pairs]] * 2),
        "what-if, all classes": Timing(every[0], every, every),
    }
    ratio = statistics.median(full / one for one, full in pairs)
    result.goals += [
        Goal("median of single changes", statistics.median(quick), at_most=0.1, unit="s"),
        Goal("worst of single changes", max(quick), at_most=0.5, unit="s"),
        Goal("faster than the full run, median", ratio, at_least=20.0),
        Goal("all classes, worst", max(every), at_most=1.0, unit="s"),
    ]


def random_changes(baseline: Baseline, n: int) -> list[list[Change]]:
    """Return single changes of all kinds at random places that vehicles reach."""
    random = np.random.default_rng(20_261_121)
    grid, level = baseline.grid, baseline.ground.level
    cells = np.argwhere(baseline.reachable[level])
    found: list[list[Change]] = []
    while len(found) < n:
        row, column = cells[random.integers(len(cells))] + random.random(2)
        x, y = grid.origin_x + column * grid.cell, grid.origin_y + row * grid.cell
        way, half = random.uniform(0.0, math.pi), random.uniform(1.5, 10.0)
        aside = np.array([math.cos(way), math.sin(way)]) * half
        middle = np.array([x, y])
        line = shapely.LineString([middle - aside, middle + aside])
        disc = shapely.Point(x, y).buffer(random.uniform(1.0, 5.0))
        change: Change = (
            AddBarrier(line),
            NarrowMouth(line, 2.0),
            CloseGround(disc),
            OpenGround(disc, includes_obstacles=True),
        )[len(found) % 4]
        try:
            what_if(baseline, [change])
        except InputError:
            continue
        found.append([change])
    return found


def seconds(function: Any, *arguments: Any) -> float:
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start
