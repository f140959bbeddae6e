"""Do ten million observations stay usable, and how do keeping and revising them grow?"""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Goal, Result, growth_exponent, race, scratch
from parvis.indicators.values import NUMBERS, Observations, code_type, in_order
from parvis.indicators.vintages import overlaid, revisions, series
from parvis.io.observations import load_delivery, save_delivery

SIZES = tuple(
    int(size)
    for size in os.environ.get("PARVIS_BENCH_OBSERVATIONS", "100000,1000000,10000000").split(",")
)
N_INDICATORS, N_PERIODS, N_SPLITS = 70, 40, 20
SEED = 20261121


def run(result: Result) -> None:
    kept, revised = [], []
    for size in SIZES:
        delivery = drawn(size, np.random.default_rng(SEED))
        later = changed(delivery)
        with scratch() as folder:
            saved = save_delivery(delivery, received=dt.date(2026, 1, 1), home=folder)

            timings = race(_tasks(size, delivery, later, folder, saved.id))
        result.timings |= timings
        order, keep_time, _, over, compared = (
            timing.median_processor for timing in timings.values()
        )
        kept.append(order + keep_time)
        revised.append(over + compared)
        if size == max(SIZES):
            what = f"open a delivery of {size} and draw one series"
            seconds = list(timings.values())[2].median
            result.goals.append(Goal(what, seconds, at_most=1.0, unit="s"))
    result.facts |= {"observations": list(SIZES), "seed": SEED}
    sizes = [float(size) for size in SIZES]
    for what, spent in (("ordering and keeping", kept), ("revising", revised)):
        exponent = growth_exponent(sizes, spent)
        result.goals.append(
            Goal(f"growth exponent, {what}", exponent, at_most=1.1, unit="(1 is linear)")
        )


def _tasks(
    size: int, delivery: Observations, later: Observations, folder: Path, name: str
) -> dict[str, Callable[[], object]]:
    told = as_delivered(delivery)
    received = dt.date(2026, 1, 1)

    def find() -> object:
        return series(load_delivery(name, home=folder), "I-07", "A-000003", "S-01")

    return {
        f"order, {size} observations": lambda: in_order(told.columns, told.vocabularies),
        f"keep, {size} observations": lambda: save_delivery(
            delivery, received=received, home=folder
        ),
        f"open and one series, {size} observations": find,
        f"a later delivery laid over, {size} observations": lambda: overlaid(delivery, later),
        f"revisions, {size} observations": lambda: revisions(delivery, later),
    }


def drawn(size: int, random: np.random.Generator) -> Observations:
    """Return `size` observations of areas enough for them, in order."""
    n_areas = -(-size // (N_INDICATORS * N_PERIODS * N_SPLITS))
    number = np.arange(size, dtype=np.int64)
    columns: dict[str, NDArray[Any]] = {}
    for name, n in (("split", N_SPLITS), ("area", n_areas), ("period", N_PERIODS)):
        columns[name] = (number % n).astype(code_type(n))
        number //= n
    columns["indicator"] = number.astype(code_type(N_INDICATORS))
    columns |= {name: random.random(size) for name in NUMBERS}
    columns |= {
        "unit": np.zeros(size, dtype=np.int8),
        "error_model": np.zeros(size, dtype=np.int8),
        "flag": np.zeros(size, dtype=np.int8),
        "source": np.zeros(size, dtype=np.int8),
        "grade": np.zeros(size, dtype=np.int8),
        "n": random.integers(0, 1000, size),
        "definition": np.ones(size, dtype=np.int16),
    }
    vocabularies = {
        "indicator": tuple(f"I-{i:02}" for i in range(N_INDICATORS)),
        "period": tuple(str(1985 + i) for i in range(N_PERIODS)),
        "area": tuple(f"A-{i:06}" for i in range(n_areas)),
        "split": tuple(f"S-{i:02}" for i in range(N_SPLITS)),
        "unit": ("percent",),
        "error_model": ("poisson",),
        "flag": ("a",),
        "source": ("register",),
        "grade": ("A",),
    }
    return in_order(columns, vocabularies)


def changed(table: Observations) -> Observations:
    """Return a later delivery: every tenth observation, half of them with another value."""
    later = table.taken(np.arange(0, len(table), 10))
    values = later.columns["value"].copy()
    values[::2] += 1.0
    return Observations({**later.columns, "value": values}, later.vocabularies)


def as_delivered(table: Observations) -> Observations:
    """Return the rows as offices write them: a period after the other, by area within each."""
    order = np.lexsort([table.columns[name] for name in ("split", "indicator", "area", "period")])
    columns = {name: column[order] for name, column in table.columns.items()}
    return Observations(columns, table.vocabularies)
