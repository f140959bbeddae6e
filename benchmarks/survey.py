"""
How quick are survey estimates beside a library made for them, at equal results.

The peer is svy, the successor of samplics, whose core is compiled. Both read the same arrays: a
sample of strata, clusters and weights; each has its description of the sample made beforehand.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.measure import Goal, Result, SkippedError, growth_exponent, race
from parvis.indicators.estimates import Estimate
from parvis.indicators.survey.design import survey_design
from parvis.indicators.survey.estimate import mean, proportion, total
from parvis.indicators.survey.linear import groups_of

SEED = 7
SIZES = (200_000, 1_000_000, 5_000_000)
"""All beyond what the processor's caches hold, so that growth is that of the method."""
COMPARED = (3_000, 300_000)
STRATA, GROUPS = 50, 12
CLOSE = 1e-9


def run(result: Result) -> None:
    """Time our estimates beside the peer's, and ours as the sample grows."""
    result.facts["strata"], result.facts["groups"] = STRATA, GROUPS
    try:
        import polars
        import svy
    except ImportError:
        result.skipped.append("svy is not installed: no comparison")
    else:
        for n in COMPARED:
            _compare(result, n, polars, svy)
    _grow(result)


def _compare(result: Result, n: int, polars: Any, svy: Any) -> None:
    columns = _sample(n)
    design = survey_design(columns["w"], strata=columns["stratum"], clusters=[columns["cluster"]])
    peer = svy.Sample(
        polars.DataFrame(columns), svy.Design(stratum="stratum", psu="cluster", wgt="w")
    ).estimation
    y, hits, by = columns["y"], columns["hits"], columns["group"]
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "mean": (lambda: mean(design, y), lambda: peer.mean("y")),
        "total": (lambda: total(design, y), lambda: peer.total("y")),
        "share": (lambda: proportion(design, hits), lambda: peer.prop("hits")),
        "mean by group": (lambda: mean(design, y, by=by), lambda: peer.mean("y", by="group")),
    }
    ours_all = theirs_all = 0.0
    for what, (ours, theirs) in pairs.items():
        own = ours().estimates
        other = theirs().to_dicts()
        if what == "share":
            other = [row for row in other if row["y_level"] == 1]
        _same(f"{what}, {n}", own, other)
        timings = race({"parvis": ours, "svy": theirs})
        for name, timing in timings.items():
            result.timings[f"{what}, {n} answers, {name}"] = timing
        ours_all += timings["parvis"].median
        theirs_all += timings["svy"].median
    factor = theirs_all / ours_all
    result.goals.append(
        Goal(f"four estimates of {n} answers, times as quick", factor, at_least=5.0)
    )


def _same(what: str, ours: Sequence[Estimate], theirs: Sequence[dict[str, Any]]) -> None:
    """Stop where the two do not agree: there is nothing to compare then."""
    ordered = sorted(theirs, key=lambda row: float((row.get("by_level") or ["0"])[0]))
    for own, row in zip(ours, ordered, strict=True):
        for name, figure in (("est", own.value), ("se", own.standard_error)):
            if abs(float(row[name]) / figure - 1.0) > CLOSE:
                raise SkippedError(f"{what}: {name} {row[name]} there, {figure} here")


def _grow(result: Result) -> None:
    """Time all steps, from arrays to a mean by group, as the sample grows."""
    seconds = []
    for n in SIZES:
        columns = _sample(n)

        def steps(columns: dict[str, Any] = columns) -> object:
            design = survey_design(
                columns["w"], strata=columns["stratum"], clusters=[columns["cluster"]]
            )
            groups = groups_of(columns["group"], design.n_rows)
            return mean(design, columns["y"], by=groups)

        timing = race({"steps": steps}, rounds=5)["steps"]
        result.timings[f"design and means by group, {n} answers"] = timing
        seconds.append(timing.median_processor)
    result.facts["growth_exponent"] = growth_exponent([float(n) for n in SIZES], seconds)


def _sample(n: int) -> dict[str, Any]:
    drawn = np.random.default_rng([SEED, n])
    # Rows stand in the order of their clusters, as files of surveys come.
    cluster = np.sort(drawn.integers(0, max(n // 20, 4 * STRATA), n))
    return {
        "cluster": cluster,
        "stratum": cluster % STRATA,
        "w": drawn.gamma(4.0, 1.0, n) + 0.5,
        "y": drawn.normal(50.0, 10.0, n),
        "hits": (drawn.random(n) < 0.3).astype(np.int64),
        "group": drawn.integers(0, GROUPS, n),
    }
