"""How much each indicator, theme and block counts, by whom it was said, and how they differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.coherence import principal_components
from parvis.indicators.composite.errors import (
    NodeUnknownError,
    RaterSumError,
    ShapeError,
    WeightError,
    WeightSumError,
)
from parvis.indicators.composite.tree import Floats, Tree


@dataclass(frozen=True)
class Allocation:
    """
    Weights by budget allocation.

    Attributes
    ----------
    weights : ndarray, shape (nodes,)
        Mean share over raters; sums to 1 under each parent.
    by_rater : ndarray, shape (raters, nodes)
        Each rater's shares, the same way.
    spread : ndarray, shape (nodes,)
        Standard deviation between raters (n - 1); NaN for one rater.
    """

    weights: Floats
    by_rater: Floats
    spread: Floats


def equal_weights(tree: Tree) -> Floats:
    """Return the same weight for all; within a parent everything counts alike."""
    return np.ones(len(tree.nodes))


def manual_weights(tree: Tree, **weights: float) -> Floats:
    """
    Return the tree's weights with some of them replaced.

    Parameters
    ----------
    tree : Tree
    **weights : float
        By key of the node. >= 0, relative to its siblings.

    Returns
    -------
    ndarray, shape (nodes,)
    """
    found = tree.weights.copy()
    for key, weight in weights.items():
        if key not in tree.position:
            raise NodeUnknownError(key=key, known=", ".join(tree.keys))
        found[tree.position[key]] = weight
    return check_weights(found, tree)


def budget_allocation(tree: Tree, points: ArrayLike) -> Allocation:
    """
    Average the points that raters distributed, each rater counting alike [1]_.

    Parameters
    ----------
    tree : Tree
    points : array_like, shape (raters, nodes)
        Points a rater gave each node, to be distributed among the children of one parent; NaN
        counts as none. >= 0.

    Returns
    -------
    Allocation

    Raises
    ------
    RaterSumError
        If a rater gave all children of a parent nothing.

    References
    ----------
    .. [1] OECD, JRC, "Handbook on Constructing Composite Indicators", 2008, p. 96.
    """
    table = np.atleast_2d(np.asarray(points, dtype=np.float64))
    given: Floats = np.where(np.isnan(table), 0.0, table)
    if given.shape[1] != len(tree.nodes):
        raise ShapeError(what="points", found=given.shape, expected=("raters", len(tree.nodes)))
    _check_sign(given, tree)
    shares: Floats = np.ones_like(given)
    for node, children in zip(tree.aggregates, tree.children, strict=True):
        sums = given[:, children].sum(axis=1)
        if (sums <= 0).any():
            raise RaterSumError(rater=int(np.argmin(sums > 0)) + 1, key=node.key)
        shares[:, children] = given[:, children] / sums[:, None]
    spread = shares.std(axis=0, ddof=1) if len(shares) > 1 else np.full(len(tree.nodes), np.nan)
    return Allocation(shares.mean(axis=0), shares, spread)


def component_weights(scores: ArrayLike, tree: Tree, parent: str) -> Floats:
    """
    Return the tree's weights with those under `parent` from the first principal component.

    Parameters
    ----------
    scores : array_like, shape (rows, nodes)
        As in the result of a composite.
    tree : Tree
    parent : str

    Returns
    -------
    ndarray, shape (nodes,)
        Squared loadings, so that none is negative and they sum to 1.

    Notes
    -----
    A what-if only: it gives weight to what varies together, not to what matters. Raw loadings can
    be negative, which would turn an indicator round.
    """
    if parent not in tree.position or tree.position[parent] < tree.n_indicators:
        raise NodeUnknownError(key=parent, known=", ".join(n.key for n in tree.aggregates))
    children = tree.children[tree.position[parent] - tree.n_indicators]
    table = np.asarray(scores, dtype=np.float64)[:, children]
    loadings = principal_components(table).loadings[:, 0]
    found = tree.weights.copy()
    found[children] = loadings**2
    return found


def effective_weights(tree: Tree, weights: Floats | None = None) -> Floats:
    """
    Return the share of each node in what stands on top of it, down the tree.

    Parameters
    ----------
    tree : Tree
    weights : ndarray, shape (nodes,), optional
        Those of the tree by default.

    Returns
    -------
    ndarray, shape (nodes,)
        Product of the shares up the tree, 1 for what has no parent, 0 for context. Nominal: what an
        indicator really moves, :func:`~parvis.indicators.composite.importance.importance` tells.
    """
    given = np.where(tree.takes_part, tree.weights if weights is None else weights, 0.0)
    found = np.ones(len(tree.nodes))
    for place in reversed(range(tree.n_indicators, len(tree.nodes))):
        children = tree.children[place - tree.n_indicators]
        total = given[children].sum()
        found[children] = found[place] * given[children] / total if total else 0.0
    return found


def check_weights(weights: Floats, tree: Tree) -> Floats:
    """Return `weights`, (…, nodes), if they can be used."""
    if weights.shape[-1] != len(tree.nodes):
        raise ShapeError(what="weights", found=weights.shape, expected=("…", len(tree.nodes)))
    _check_sign(weights, tree)
    for node, children in zip(tree.aggregates, tree.children, strict=True):
        if not (weights[..., children].sum(axis=-1) > 0).all():
            raise WeightSumError(key=node.key)
    return weights


def _check_sign(weights: Floats, tree: Tree) -> None:
    wrong = ~(np.isfinite(weights) & (weights >= 0))
    if wrong.any():
        *_, column = np.argwhere(wrong)[0]
        raise WeightError(key=tree.keys[column], value=float(weights[wrong][0]))
