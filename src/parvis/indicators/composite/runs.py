"""Many composites at once: runs that share their choices are computed together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from parvis.indicators.composite.aggregate import MissingRule, aggregate
from parvis.indicators.composite.choices import (
    AGGREGATION,
    DATA,
    MISSING,
    NORMALISATION,
    OMISSION,
    TREATMENT,
    WEIGHTS,
    Drawn,
)
from parvis.indicators.composite.normalise import Frozen, normalise
from parvis.indicators.composite.prepare import Imputation
from parvis.indicators.composite.treat import treat
from parvis.indicators.composite.tree import Bools, Floats, Ints, Tree

AT_ONCE = 400_000
"""Numbers in one block of runs, so that a block fits into the processor's cache."""


@dataclass(frozen=True)
class Setting:
    """
    What all runs share.

    Attributes
    ----------
    tree : Tree
    values : ndarray, shape (states or 1, rows, indicators)
        Drawn values; one state where data do not vary.
    filled : mapping from Imputation to ndarray, shape (rows, indicators)
        Values with gaps filled.
    frozen : Frozen or None
    unavailable : ndarray of bool, shape (rows, indicators), or None
    rule : MissingRule
    keep : ndarray of int
        Places of the nodes that are wanted.
    """

    tree: Tree
    values: Floats
    filled: Mapping[Imputation, Floats]
    frozen: Frozen | None
    unavailable: Bools | None
    rule: MissingRule
    keep: Ints


def run(setting: Setting, drawn: Drawn, states: Mapping[str, Ints], n: int) -> Floats:
    """
    Compute runs.

    Parameters
    ----------
    setting : Setting
    drawn : Drawn
    states : mapping from factor to ndarray of int, shape (n,)
        State of each factor in each run; 0 for factors that are not named.
    n : int

    Returns
    -------
    ndarray, shape (n, rows, kept nodes)
    """
    stays = np.zeros(n, dtype=np.intp)

    def of(factor: str) -> Ints:
        return states.get(factor, stays)

    tree = setting.tree
    chosen = (
        drawn.imputation[of(MISSING)],
        drawn.treatment[of(TREATMENT)],
        drawn.normalisation[of(NORMALISATION)],
        drawn.aggregation[of(AGGREGATION)],
    )
    least = drawn.least_share[of(MISSING)]
    omitted = drawn.omitted[of(OMISSION)]
    data = of(DATA)
    found = np.empty((n, setting.values.shape[-2], setting.keep.size))
    is_fixed = setting.values.shape[0] == 1
    points: dict[tuple[int, ...], Floats] = {}
    for kinds, runs in _alike(chosen, least):
        filling, treatment, normalising, bringing = kinds
        rule = replace(setting.rule, least_share=float(least[runs[0]]))
        how = replace(drawn.hows[bringing], rule=rule)
        for block in _blocks(runs, setting.values[0].size, is_fixed=is_fixed):
            key = (filling, treatment, normalising)
            if not is_fixed or key not in points:
                points[key] = _points(setting, drawn, key, data[block])
            weights = drawn.weights[of(WEIGHTS)[block]]
            if (omitted[block] >= 0).any():
                weights = weights.copy()
                out = np.flatnonzero(omitted[block] >= 0)
                weights[out, omitted[block][out]] = 0.0
            found[block] = aggregate(
                points[key],
                tree,
                weights=weights,
                how=how,
                unavailable=setting.unavailable,
                keep=setting.keep,
            ).scores
    return found


def _points(setting: Setting, drawn: Drawn, key: tuple[int, ...], data: Ints) -> Floats:
    filling, treatment, normalising = key
    values = setting.values if setting.values.shape[0] == 1 else setting.values[data]
    imputation = drawn.imputations[filling]
    if imputation is not Imputation.NONE:
        values = np.where(np.isnan(values), setting.filled[imputation], values)
    if most := drawn.treatments[treatment]:
        values = treat(values, most_winsorised=most).values
    method, scale = drawn.normalisations[normalising]
    return normalise(values, setting.tree, method, scale=scale, frozen=setting.frozen)


def _alike(chosen: tuple[Ints, ...], least: Floats) -> Iterator[tuple[tuple[int, ...], Ints]]:
    """Yield combinations of choices with the runs that have them."""
    labels = np.column_stack([*chosen, np.unique(least, return_inverse=True)[1]])
    kinds, which = np.unique(labels, axis=0, return_inverse=True)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which))[:-1]
    for kind, runs in zip(kinds, np.split(order, ends), strict=True):
        yield tuple(int(each) for each in kind[:-1]), runs


def _blocks(runs: Ints, size: int, *, is_fixed: bool) -> Iterator[Ints]:
    step = max(1, (AT_ONCE * 8 if is_fixed else AT_ONCE) // size)
    for start in range(0, runs.size, step):
        yield runs[start : start + step]
