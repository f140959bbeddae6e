"""Is a dashboard there at once, and how often does it tell a change where nothing changed?"""

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Goal, Result, race
from parvis.indicators.dashboard import (
    Change,
    by_area,
    by_group,
    dashboard,
    missing_data,
    moved,
)
from parvis.indicators.values import (
    TOTAL,
    Observation,
    Observations,
    code_type,
    in_order,
    observations_of,
)
from parvis.packs.indicators import catalogue
from parvis.packs.themes import shipped_themes

SEED = 20261122
N_PERIODS, N_AREAS, N_SPLITS = 10, 100, 20
N_CITIES = 400
CITY, TODAY = "city", dt.date(2026, 1, 1)
SHARES = ("SEN-01", "SEN-02", "SEN-03")
RATES = {"SEC-03": 300, "SEC-04": 12, "SEC-05": 40}


def run(result: Result) -> None:
    known, themes = catalogue(), shipped_themes()
    table = drawn(np.random.default_rng(SEED))

    def shown() -> Any:
        return dashboard(
            table, known, themes, area=CITY, period="2025", base_period="2016", today=TODAY
        )

    found = shown()
    result.timings |= race(
        {
            "dashboard": shown,
            "missing data": lambda: missing_data(found),
            "what moved": lambda: moved(found, "SEC", "objective"),
            "by group": lambda: by_group(table, known, "SEN-01", area=CITY, period="2025"),
            "by area": lambda: by_area(table, known, "SEC-02", city=CITY, period="2025"),
        }
    )
    told = without_change(np.random.default_rng(SEED + 1))
    result.facts |= {"observations": len(table), "seed": SEED, "cities": N_CITIES}
    seconds = result.timings["dashboard"].median
    result.goals.append(
        Goal(f"dashboard from {len(table)} observations", seconds, at_most=1.0, unit="s")
    )
    # 400 draws of 5 % spread by 1.1 percentage points.
    for what, share in told.items():
        percent = 100.0 * share
        result.goals.append(
            Goal(f"changes told where none is, {what}", percent, at_most=8.0, unit="%")
        )


def drawn(random: np.random.Generator) -> Observations:
    """Return every indicator in each period, area and split."""
    known = catalogue().indicators
    words: dict[str, tuple[str, ...]] = {
        "indicator": tuple(sorted(known)),
        "period": tuple(str(2016 + i) for i in range(N_PERIODS)),
        "area": tuple(sorted([CITY, *(f"a{i:03}" for i in range(N_AREAS - 1))])),
        "split": tuple(sorted([TOTAL, *(f"age={i}" for i in range(N_SPLITS - 1))])),
        "unit": tuple(sorted({each.unit for each in known.values()})),
        "error_model": tuple(sorted({each.error_model for each in known.values()})),
        "flag": ("a",),
        "source": ("register",),
        "grade": ("C",),
    }
    keys = ("indicator", "period", "area", "split")
    grid = np.indices([len(words[key]) for key in keys]).reshape(4, -1)
    listed = [known[code] for code in words["indicator"]]
    size = grid.shape[1]

    def each(values: list[Any]) -> NDArray[Any]:
        return np.array(values)[grid[0]]

    is_count = each([one.error_model == "poisson" for one in listed])
    low = each([one.bounds.low or 0.0 for one in listed])
    high = each([one.bounds.high or 40.0 for one in listed])
    times = np.where(grid[2] == words["area"].index(CITY), N_AREAS, 1)
    columns: dict[str, NDArray[Any]] = {
        key: grid[i].astype(code_type(len(words[key]))) for i, key in enumerate(keys)
    }
    columns |= {
        "unit": each([words["unit"].index(one.unit) for one in listed]).astype(np.int8),
        "error_model": each([words["error_model"].index(one.error_model) for one in listed]).astype(
            np.int8
        ),
        "flag": np.zeros(size, dtype=np.int8),
        "source": np.zeros(size, dtype=np.int8),
        "grade": np.zeros(size, dtype=np.int8),
        "value": np.where(is_count, np.nan, low + (high - low) * random.uniform(0.3, 0.7, size)),
        "standard_error": np.where(is_count, np.nan, (high - low) * 0.015),
        "numerator": np.where(is_count, (random.poisson(40, size) + 5.0) * times, np.nan),
        "denominator": np.where(is_count, 10_000.0 * times, np.nan),
        "n": np.full(size, 500),
        "definition": np.ones(size, dtype=np.int16),
    }
    return in_order(columns, words)


def without_change(random: np.random.Generator) -> dict[str, float]:
    """Return how often a change is told of cities in which nothing changed."""
    known, themes = catalogue(), shipped_themes()
    told: Counter[str] = Counter()
    for _ in range(N_CITIES):
        rows = []
        for period in ("2020", "2025"):
            for code in SHARES:
                one, value = known.indicators[code], 55.0 + 2.0 * random.standard_normal()
                rows.append(
                    Observation(
                        code, period, CITY, value, one.unit, one.error_model, standard_error=2.0,
                        n=500,
                    )
                )  # fmt: skip
            for code, events in RATES.items():
                one, n = known.indicators[code], float(max(random.poisson(events), 5))
                rows.append(
                    Observation(
                        code, period, CITY, None, one.unit, one.error_model, numerator=n,
                        denominator=1e5,
                    )
                )  # fmt: skip
        found = dashboard(
            observations_of(rows), known, themes, area=CITY, period="2025", base_period="2020",
            today=TODAY, chosen={*SHARES, *RATES},
        )  # fmt: skip
        for card in found.cards():
            told[f"{card.code}"] += card.change in (Change.ROSE, Change.FELL)
        for block in found.blocks:
            for theme in block.themes:
                for half in theme.halves:
                    if half.score and half.score.is_enough:
                        told[f"score of {theme.key}"] += half.score.change in (
                            Change.ROSE,
                            Change.FELL,
                        )
    return {what: n / N_CITIES for what, n in sorted(told.items())}
