"""Is a whole release looked at while figures are chosen, and how does hiding grow?"""

from collections.abc import Callable

import numpy as np

from benchmarks.measure import Goal, Result, growth_exponent, race
from parvis.indicators.disclosure import Cell, Plan, Relation, protect
from parvis.indicators.disclosure.relations import relations_of

SIZES = (1, 7, 70)
N_AREAS = 100
GROUPS = {"age": 6, "day_night": 2, "place_kind": 10, "sex": 2}
MEANS = {"few small counts": 400.0, "mostly small counts": 40.0}
SEED = 20261122


def run(result: Result) -> None:
    for name, mean in MEANS.items():
        spent, hidden = [], {}
        for size in SIZES:
            cells, relations = drawn(size, mean)
            plans: list[Plan] = []
            what = f"{size} indicators, {len(cells)} cells, {name}"
            timing = race({what: _hiding(cells, relations, plans)}, rounds=1)
            result.timings |= timing
            spent.append(timing[what].median_processor)
            plan = plans[-1]
            hidden[size] = {"primary": len(plan.primary), "secondary": len(plan.secondary)}
            proved = all(each.is_protected for each in plan.intervals.values())
            result.goals.append(
                Goal(f"{what}: hidden cells without proof", float(not proved), at_most=0.0)
            )
        result.facts[name] = hidden
        result.goals.append(Goal(f"one indicator, {name}", spent[0], at_most=1.0, unit="s"))
        result.goals.append(Goal(f"all indicators, {name}", spent[-1], at_most=30.0, unit="s"))
        exponent = growth_exponent([float(size) for size in SIZES], spent)
        result.goals.append(
            Goal(f"growth exponent, {name}", exponent, at_most=1.2, unit="(1 is linear)")
        )
    result.facts |= {"areas": N_AREAS, "splits": sum(GROUPS.values()), "seed": SEED}


def _hiding(
    cells: list[Cell], relations: tuple[Relation, ...], plans: list[Plan]
) -> Callable[[], object]:
    return lambda: plans.append(protect(cells, relations))


def drawn(n_indicators: int, mean: float) -> tuple[list[Cell], tuple[Relation, ...]]:
    """Return counts of areas of very different size, by four splits, with the city's totals."""
    random = np.random.default_rng(SEED)
    cells = []
    areas = [f"A-{number:03}" for number in range(N_AREAS)]
    for indicator in range(n_indicators):
        totals = random.poisson(random.gamma(2.0, mean / 2.0, N_AREAS))
        counts = {"": totals}
        for group, n_parts in GROUPS.items():
            parts = random.multinomial(totals, random.dirichlet(np.full(n_parts, 2.0)))
            counts |= {f"{group}={part}": parts[:, part] for part in range(n_parts)}
        for split, by_area in counts.items():
            named = dict(zip(areas, by_area.tolist(), strict=True))
            named["city"] = int(by_area.sum())
            cells += [
                Cell((f"I-{indicator:02}", "2025", area, split), count)
                for area, count in named.items()
            ]
    return cells, relations_of(cells, dict.fromkeys(areas, "city"))
