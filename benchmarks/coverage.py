"""
Do intervals hold what they promise: how often do 95 % intervals cover the true value.

Counts are enumerated: the probability of every count under a Poisson mean, summed where the
interval covers that mean. Shares of simple samples are enumerated alike; those of stratified and
clustered samples are simulated with a fixed seed.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import binom, poisson

from benchmarks.measure import Goal, Result
from parvis.indicators.estimates import Flag
from parvis.indicators.limits import byar_limits, byar_or_exact_limits, exact_poisson_limits
from parvis.indicators.survey.design import Design, survey_design
from parvis.indicators.survey.estimate import mean, proportion

SEED = 20_261_121
DRAWS = int(os.environ.get("PARVIS_BENCH_DRAWS", "2000"))
SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
SIZES = (50, 100, 200, 400, 1000)
MEANS = np.round(np.arange(0.01, 50.001, 0.01), 2)
STRATA = np.array([0.4, 0.3, 0.2, 0.1])
"""Shares of the population; every stratum gives a quarter of the sample."""
APART = np.array([-0.5, -0.2, 0.3, 0.8])
"""Log odds by which strata differ."""
CLUSTER, WITHIN = 5, 0.05
"""Answers in a cluster, and how alike they are (intraclass correlation)."""

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Floats]


def run(result: Result) -> None:
    """Enumerate counts and simple samples, simulate the others."""
    result.facts["seed"], result.facts["draws"] = SEED, DRAWS
    _counts(result)
    cells = [
        *_simple(),
        *_simulated(_stratified, "stratified"),
        *_simulated(_clustered, "clusters"),
    ]
    scores = _scores()
    result.facts["shares"], result.facts["means"] = cells, scores
    plain = [cell for cell in cells if cell["labelled"] < 0.5]
    covered = np.array([cell["covered"] for cell in cells])
    for what, found in (("all", covered), ("plain", np.array([c["covered"] for c in plain]))):
        middle, least = float(found.mean()), float(found.min())
        result.facts[f"{what}_mean"], result.facts[f"{what}_least"] = middle, least
        result.facts[f"{what}_cells"] = len(found)
    average = result.facts["all_mean"] * 100.0
    result.goals += [
        Goal("shares, average coverage", average, at_least=94.5, unit="%"),
        Goal("shares, average coverage at most", average, at_most=96.5, unit="%"),
        Goal("shares, least coverage", result.facts["all_least"] * 100.0, at_least=92.5, unit="%"),
    ]
    covered = np.array([cell["covered"] for cell in scores]) * 100.0
    result.goals += [
        Goal("means of scores, average coverage", float(covered.mean()), at_least=94.5, unit="%"),
        Goal("means of scores, at most", float(covered.mean()), at_most=96.5, unit="%"),
        Goal("means of scores, least coverage", float(covered.min()), at_least=92.5, unit="%"),
    ]


def _counts(result: Result) -> None:
    """Cover Poisson means by exact, Byar's, and the joined limits."""
    counts = np.arange(0, 200)
    chances = poisson.pmf(counts[:, None], MEANS)
    for limits in (exact_poisson_limits, byar_limits, byar_or_exact_limits):
        low, high = (np.nan_to_num(each)[:, None] for each in limits(counts))
        # Coverage drops just beyond the limits themselves: these means are looked at too.
        edges = np.concatenate([low.ravel() - 1e-9, high.ravel() + 1e-9])
        edges = edges[(edges > 0.0) & (edges <= MEANS[-1])]
        means = np.concatenate([MEANS, edges])
        joined = np.concatenate([chances, poisson.pmf(counts[:, None], edges)], axis=1)
        covered = (joined * ((low <= means) & (means <= high))).sum(axis=0)
        name = limits.__name__
        on_grid = covered[: MEANS.size]
        result.facts[name] = {
            "least": float(covered.min()),
            "at": float(means[covered.argmin()]),
            "average": float(on_grid.mean()),
            "excess": float(on_grid.mean() - 0.95),
        }
        goal = Goal(
            f"{name}, least coverage", float(covered.min()) * 100.0, at_least=95.0, unit="%"
        )
        result.goals.append(goal)


def _simple() -> list[dict[str, Any]]:
    """Enumerate the shares of simple random samples."""
    cells = []
    for n in SIZES:
        design = survey_design(np.ones(n))
        found = [proportion(design, np.arange(n) < hits).one for hits in range(n + 1)]
        low, high = (np.array([getattr(e, side) for e in found]) for side in ("low", "high"))
        labelled = np.array([Flag.UNRELIABLE in each.flags for each in found])
        for share in SHARES:
            chances = binom.pmf(np.arange(n + 1), n, share)
            covers = (low <= share) & (share <= high)
            cells.append(
                _cell("simple", n, share, float(chances @ covers), float(chances @ labelled))
            )
    return cells


def _simulated(
    sample: Callable[[int, float], tuple[Design, Draw]], name: str
) -> list[dict[str, Any]]:
    cells = []
    for n in SIZES:
        for number, share in enumerate(SHARES):
            design, draw = sample(n, share)
            drawing = np.random.default_rng([SEED, n, number, len(name)])
            found = [proportion(design, hits).one for hits in draw(drawing, DRAWS)]
            covered = float(np.mean([e.low <= share <= e.high for e in found]))
            labelled = float(np.mean([Flag.UNRELIABLE in e.flags for e in found]))
            cells.append(_cell(name, n, share, covered, labelled))
    return cells


def _stratified(n: int, share: float) -> tuple[Design, Draw]:
    """Four strata of unequal size and equal samples: weights differ by four times."""
    stratum = np.repeat(np.arange(4), n // 4 + 1)[:n] if n % 4 else np.repeat(np.arange(4), n // 4)
    counts = np.bincount(stratum, minlength=4)
    weights = (STRATA / counts)[stratum]

    def off(shift: float) -> float:
        return float(STRATA @ expit(logit(share) + shift + APART) - share)

    by_stratum = expit(logit(share) + brentq(off, -5.0, 5.0) + APART)

    def draw(drawing: np.random.Generator, times: int) -> Floats:
        return (drawing.random((times, n)) < by_stratum[stratum]).astype(np.float64)

    return survey_design(weights, strata=stratum), draw


def _clustered(n: int, share: float) -> tuple[Design, Draw]:
    """Clusters of five whose members are alike."""
    cluster = np.arange(n) // CLUSTER
    spread = (1.0 - WITHIN) / WITHIN

    def draw(drawing: np.random.Generator, times: int) -> Floats:
        of_cluster = drawing.beta(share * spread, (1.0 - share) * spread, (times, n // CLUSTER))
        return (drawing.random((times, n)) < of_cluster[:, cluster]).astype(np.float64)

    return survey_design(np.ones(n), clusters=[cluster]), draw


def _scores() -> list[dict[str, Any]]:
    """Simulate means of a skewed score from 0 to 100 in the stratified sample."""
    cells = []
    for n in SIZES:
        design, _ = _stratified(n, 0.5)
        stratum = design.stages[0].stratum
        first = 1.0 + np.arange(4) / 2.0
        true = 100.0 * float(STRATA @ (first / (first + 3.0)))
        drawing = np.random.default_rng([SEED, n])
        values = 100.0 * drawing.beta(first[stratum], 3.0, (DRAWS, n))
        found = [mean(design, row).one for row in values]
        covered = float(np.mean([e.low <= true <= e.high for e in found]))
        cells.append({"n": n, "mean": true, "covered": covered})
    return cells


def _cell(design: str, n: int, share: float, covered: float, labelled: float) -> dict[str, Any]:
    return {
        "design": design,
        "n": n,
        "share": share,
        "covered": round(covered, 4),
        "labelled": round(labelled, 4),
    }
