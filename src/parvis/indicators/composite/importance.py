"""Which indicators really move a score, whatever weight they were given."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.coherence import check_enough
from parvis.indicators.composite.errors import NodeUnknownError
from parvis.indicators.composite.tree import Floats, Tree
from parvis.indicators.composite.weights import effective_weights

LEAST_DIFFERENT = 5
"""Fewer different values than this are taken as classes by the correlation ratio."""


@dataclass(frozen=True)
class Importance:
    """
    Effective importance of what lies below a node.

    Attributes
    ----------
    key : str
        The node whose score is looked at.
    keys : tuple of str
        What lies below it.
    nominal : ndarray
        Share of the weight, 0 to 1.
    linear : ndarray
        Squared correlation with the score: share of its variance that a straight line explains.
    ratio : ndarray
        Correlation ratio: the share that a smooth curve explains.
    n : ndarray of int
        Rows that have both; NaN is given for those below ten.
    """

    key: str
    keys: tuple[str, ...]
    nominal: Floats
    linear: Floats
    ratio: Floats
    n: Floats


def importance(
    scores: ArrayLike, tree: Tree, key: str, *, weights: Floats | None = None
) -> Importance:
    """
    Tell how much of the variance of a score each node below it goes with.

    Parameters
    ----------
    scores : array_like, shape (rows, nodes)
    tree : Tree
    key : str
        Of a theme, a block or the overall number.
    weights : ndarray, shape (nodes,), optional
        Those that were used; the tree's by default.

    Returns
    -------
    Importance
        The shares do not sum to 1 where indicators go together.

    Raises
    ------
    TooFewUnitsError
        Below ten rows with a score.

    Notes
    -----
    The correlation ratio is ``1 - var(y - m(x)) / var(y)`` with m a local-linear regression with a
    Gaussian kernel, whose width is 1.06 standard deviations times ``n^(-1/5)``, and never below the
    straight line's share; for fewer than five different values, m is their mean by value [1]_.

    References
    ----------
    .. [1] P. Paruolo, M. Saisana, A. Saltelli, "Ratings and rankings: voodoo or science?", Journal
       of the Royal Statistical Society A 176, 2013, pp. 609-634.
       doi:10.1111/j.1467-985X.2012.01059.x
    """
    if tree.position.get(key, -1) < tree.n_indicators:
        raise NodeUnknownError(key=key, known=", ".join(n.key for n in tree.aggregates))
    table = np.asarray(scores, dtype=np.float64)
    below = _below(tree, key)
    whole = table[:, tree.position[key]]
    check_enough(int((~np.isnan(whole)).sum()), "effective importance")
    shares = effective_weights(tree, weights)
    linear, ratio, n = np.full((3, len(below)), np.nan)
    for index, place in enumerate(below):
        there = ~(np.isnan(table[:, place]) | np.isnan(whole))
        n[index] = there.sum()
        if n[index] >= 10:
            linear[index], ratio[index] = _explained(table[there, place], whole[there])
    return Importance(
        key=key,
        keys=tuple(tree.keys[place] for place in below),
        nominal=shares[below] / shares[tree.position[key]],
        linear=linear,
        ratio=ratio,
        n=n,
    )


def _below(tree: Tree, key: str) -> list[int]:
    """Return places of all that lies below a node, indicators first."""
    waiting, found = [tree.position[key]], []
    while waiting:
        place = waiting.pop()
        if place >= tree.n_indicators:
            children = [int(child) for child in tree.children[place - tree.n_indicators]]
            waiting += children
            found += children
    return sorted(found)


def _explained(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the shares of the variance of `y` that a line and a curve in `x` explain."""
    y = y - y.mean()
    whole = float(y @ y)
    spread = x.std(ddof=1)
    if whole == 0 or spread <= 1e-14 * np.abs(x).max():
        return float("nan"), float("nan")
    x = (x - x.mean()) / spread
    line = float((x @ y) ** 2 / ((x @ x) * whole))
    different, which = np.unique(x, return_inverse=True)
    if different.size < LEAST_DIFFERENT:
        means = np.bincount(which, weights=y) / np.bincount(which)
        curve = means[which]
    else:
        gap = x[None, :] - x[:, None]
        kernel = np.exp(-0.5 * (gap / (1.06 * x.size**-0.2)) ** 2)
        zero, one, two = kernel.sum(1), (kernel * gap).sum(1), (kernel * gap**2).sum(1)
        bottom = zero * two - one**2
        local = kernel * (two[:, None] - one[:, None] * gap)
        flat = (kernel @ y) / zero
        curve = np.divide(local @ y, bottom, where=bottom > 1e-9 * zero**2, out=flat)
    rest = y - curve
    rest = rest - rest.mean()
    return line, float(np.clip(max(1.0 - float(rest @ rest) / whole, line), 0.0, 1.0))
