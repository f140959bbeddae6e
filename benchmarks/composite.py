"""How many composites a second, drawn by method and by data, and how does it grow?"""

import os
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import (
    ROOT,
    Goal,
    Result,
    SkippedError,
    growth_exponent,
    race,
)

N_DRAWS = 1_000
COINR_DRAWS_PER_S = 100 / 6.8
"""COINr 1.1.14 under R 4.2.2 on two cores, the same design, measured once outside of this run."""


def run(result: Result) -> None:
    result.facts |= {"draws": N_DRAWS, "units": 51, "indicators": 49}
    result.facts["orientation_coinr_draws_per_s"] = round(COINR_DRAWS_PER_S, 2)
    try:
        case = published_case()
        result.facts["data"] = "51 countries, ASEM sustainable connectivity"
    except SkippedError as reason:
        result.skipped.append(str(reason))
        case = made_case(51)
        result.facts["data"] = "made up"
    result.skipped.append("COINr in the same run: R is not installed")
    draws(result, case)
    growth(result)


def published_case() -> dict[str, Any]:
    """The published example: denominated, with gaps filled by group."""
    from parvis.indicators.composite import Imputation, denominate, impute
    from parvis.io.indicator_tables import read_indicators

    folder = Path(os.environ.get("PARVIS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    folder /= "composite"
    if not (folder / "asem_iData.csv").is_file():
        raise SkippedError("no shared data: composite (set PARVIS_SHARED_DATA)")
    table = read_indicators(folder / "asem_iData.csv", folder / "asem_iMeta.csv")
    values = denominate(table.values, table.tree, table.denominators)[0]
    groups = table.groups["EurAsia_group"]
    filled = impute(values, table.tree, table.rows, method=Imputation.GROUP_MEAN, groups=groups)
    return {"values": filled.values, "tree": table.tree, "rows": table.rows}


def made_case(n: int) -> dict[str, Any]:
    """Made-up values with the published tree's numbers: 49 indicators, 8 pillars, 2 halves."""
    from parvis.indicators.composite import Node, Rows, plant

    sizes = {"A": (8, 5, 3, 6, 8), "B": (5, 9, 5)}
    nodes = [Node("Index", is_indicator=False, is_overall=True)]
    for half, themes in sizes.items():
        nodes.append(Node(half, parent="Index", is_indicator=False))
        for number, size in enumerate(themes):
            theme = f"{half}{number}"
            nodes.append(Node(theme, parent=half, is_indicator=False))
            nodes += [Node(f"{theme}-{each}", parent=theme) for each in range(size)]
    values = np.exp(np.random.default_rng(0).normal(0, 0.7, (n, 49)))
    return {
        "values": values,
        "tree": plant(nodes),
        "rows": Rows(tuple(f"u{row}" for row in range(n))),
    }


def design(tree: Any) -> dict[str, Any]:
    """The published design: treatment, normalisation, weights of aggregates, means."""
    from parvis.indicators.composite import (
        Aggregation,
        Choices,
        How,
        Normalisation,
        Recipe,
        Scale,
    )

    from_one, z_scores = Scale(low=1.0), Scale(mean=10.0, deviation=2.0)
    how = How(overall=Aggregation.ARITHMETIC)
    return {
        "method": Recipe(Normalisation.MIN_MAX, how, from_one, most_winsorised=5),
        "choices": Choices(
            most_winsorised=(1, 2, 3, 4, 5),
            normalisations=((Normalisation.MIN_MAX, from_one), (Normalisation.Z_SCORE, z_scores)),
            aggregations=(Aggregation.ARITHMETIC, Aggregation.GEOMETRIC),
            weight_spread=0.25,
            weight_keys=tuple(node.key for node in tree.aggregates),
        ),
    }


def draws(result: Result, case: dict[str, Any]) -> None:
    from parvis.indicators.composite import replicates, sensitivity, uncertainty

    given = design(case["tree"])
    values = case["values"]
    rows, columns = (each.ravel() for each in np.indices(values.shape))
    noise = np.random.default_rng(1).normal(0, 0.02, (200, *values.shape)) * np.abs(values)
    errors = [replicates(rows, columns, (values + noise).reshape(200, -1))]
    data_only = {"method": given["method"], "errors": errors}
    result.timings |= race(
        {
            "1,000 draws of method": lambda: uncertainty(**case, **given, n_draws=N_DRAWS),
            "1,000 draws of data": lambda: uncertainty(**case, **data_only, n_draws=N_DRAWS),
            "Sobol indices of 4 factors, 6,000 composites": lambda: sensitivity(
                **case, key="Index", **given, n_draws=N_DRAWS
            ),
        }
    )
    for what, name in (("method", "1,000 draws of method"), ("data", "1,000 draws of data")):
        timing = result.timings[name]
        result.facts[f"draws_of_{what}_per_s"] = round(N_DRAWS / timing.median)
        result.facts[f"draws_of_{what}_per_processor_s"] = round(N_DRAWS / timing.median_processor)
    # R computes in one process, so that its elapsed time on a quiet machine is processor time.
    processor = result.timings["1,000 draws of method"].median_processor
    result.goals.append(
        Goal(
            "draws a processor second over COINr's (orientation: another run, 6.8 s for 100)",
            N_DRAWS / processor / COINR_DRAWS_PER_S,
            at_least=200.0,
        )
    )


def growth(result: Result) -> None:
    """Processor time of 200 draws over the number of units."""
    from parvis.indicators.composite import uncertainty

    sizes = [50, 200, 800]
    seconds = []
    for size in sizes:
        case = made_case(size)
        given = design(case["tree"])
        name = f"200 draws of method, {size} units"

        def action(case: Any = case, given: Any = given) -> object:
            return uncertainty(**case, **given, n_draws=200)

        result.timings |= race({name: action}, rounds=3)
        seconds.append(result.timings[name].median_processor)
    exponent = growth_exponent([float(size) for size in sizes], seconds)
    result.goals.append(Goal("growth exponent over units", exponent, at_most=1.1, unit=""))
