"""What moved the score: its change told by what it is made of."""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.aggregate import How
from parvis.indicators.composite.errors import NodeUnknownError, TooManyChildrenError
from parvis.indicators.composite.means import Aggregation, bring_together
from parvis.indicators.composite.tree import Bools, Floats, Ints, Tree

MOST_CHILDREN = 16


@dataclass(frozen=True)
class Step:
    """
    Part of a change.

    Attributes
    ----------
    key : str
        Of an indicator; of a theme or block where it came or went as a whole.
    points : float
        What it adds to the change of the score.
    reason : {'value', 'appeared', 'vanished'}
        Whether its value changed, or whether it is only there after or only before.
    """

    key: str
    points: float
    reason: str


@dataclass(frozen=True)
class Change:
    """
    The change of a score from one row to another.

    Attributes
    ----------
    key : str
    before, after : float
        NaN where there was not enough data.
    steps : tuple of Step
        Those that are not zero, in the order of the tree; they sum to ``after - before``. Empty
        where one of both is NaN.
    """

    key: str
    before: float
    after: float
    steps: tuple[Step, ...]


def decompose_change(
    before: ArrayLike,
    after: ArrayLike,
    tree: Tree,
    key: str,
    *,
    how: How,
    weights: Floats | None = None,
) -> Change:
    """
    Tell how much of the change of a score comes from each indicator.

    Parameters
    ----------
    before, after : array_like, shape (nodes,)
        Points and scores of one unit in two periods, as in the result of a composite.
    tree : Tree
    key : str
        Of a theme, a block or the overall number.
    how : How
        As the scores were made; not Copeland, which depends on other units.
    weights : ndarray, shape (nodes,), optional
        As the scores were made; those of the tree by default.

    Returns
    -------
    Change

    Raises
    ------
    TooManyChildrenError
        If more than `MOST_CHILDREN` children of a node changed.

    Notes
    -----
    At each node the change is shared among the children by their Shapley values: the mean effect
    of a child's change over all orders in which the children can change [1]_. A child's part is
    handed down in proportion to its own steps. For arithmetic means without gaps this is weight
    times change of points; with gaps, the weights that grow are taken into account. The sum is
    exact for every kind of mean.

    References
    ----------
    .. [1] A. F. Shorrocks, "Decomposition procedures for distributional analysis: a unified
       framework based on the Shapley value", Journal of Economic Inequality 11, 2013, pp. 99-126.
       doi:10.1007/s10888-011-9214-z
    """
    if tree.position.get(key, -1) < tree.n_indicators:
        raise NodeUnknownError(key=key, known=", ".join(n.key for n in tree.aggregates))
    old, new = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    place = tree.position[key]
    given = tree.weights if weights is None else weights
    if np.isnan(old[place]) or np.isnan(new[place]):
        return Change(key, float(old[place]), float(new[place]), ())
    steps = _steps(place, old, new, tree, given, how)
    order = {node: index for index, node in enumerate(tree.keys)}
    return Change(
        key,
        float(old[place]),
        float(new[place]),
        tuple(sorted(steps, key=lambda step: order[step.key])),
    )


def _steps(
    place: int, old: Floats, new: Floats, tree: Tree, weights: Floats, how: How
) -> list[Step]:
    node = tree.nodes[place]
    if place < tree.n_indicators:
        return [Step(node.key, float(new[place] - old[place]), "value")]
    children = tree.children[place - tree.n_indicators]
    there = (~np.isnan(old[children]) | ~np.isnan(new[children])) & (weights[children] > 0)
    children = children[there]
    method = how.overall if node.is_overall and how.overall else how.aggregation
    parts = _shapley(old[children], new[children], weights[children], method, how.power, node.key)
    found: list[Step] = []
    for child, part in zip(children, parts, strict=True):
        if np.isnan(old[child]) or np.isnan(new[child]):
            if not part:
                continue
            reason = "appeared" if np.isnan(old[child]) else "vanished"
            found.append(Step(tree.keys[child], float(part), reason))
            continue
        whole = new[child] - old[child]
        if whole:
            scale = float(part / whole)
        else:
            index = int(np.flatnonzero(children == child)[0])
            scale = _slope(old[children], new[children], weights[children], index, method, how)
        for step in _steps(int(child), old, new, tree, weights, how):
            if points := scale * step.points:
                found.append(Step(step.key, points, step.reason))
    return found


def _slope(
    old: Floats, new: Floats, weights: Floats, index: int, method: Aggregation, how: How
) -> float:
    """Return how fast a parent moves with a child that stands where it stood before."""
    step = 1e-5 * (1 + abs(old[index]))
    around = np.stack([old, old, new, new])
    around[:, index] += np.array([-step, step, -step, step])
    low, high, later_low, later_high = bring_together(around, weights, method, power=how.power)
    return float((high - low + later_high - later_low) / (4 * step))


def _shapley(
    old: Floats, new: Floats, weights: Floats, method: Aggregation, power: float, key: str
) -> Floats:
    """Return the part of each child in the change of its parent."""
    same = (old == new) | (np.isnan(old) & np.isnan(new))
    moving: Ints = np.flatnonzero(~same)
    if method is Aggregation.ARITHMETIC and not np.isnan(old + new).any():
        return weights / weights.sum() * (new - old)
    if moving.size > MOST_CHILDREN:
        raise TooManyChildrenError(key=key, n=int(moving.size), most=MOST_CHILDREN)
    k = moving.size
    masks: Bools = (np.arange(2**k)[:, None] >> np.arange(k)) & 1 == 1
    states = np.tile(old, (2**k, 1))
    states[:, moving] = np.where(masks, new[moving], old[moving])
    worth = bring_together(states, weights, method, power=power, key=key)
    # Nobody is left in a state where those who vanish are gone and those who appear are not there.
    worth = np.where(np.isnan(worth), worth[0], worth)
    sizes = masks.sum(axis=1)
    chance = np.array([1.0 / (k * comb(k - 1, size)) for size in range(k)])
    parts = np.zeros(old.size)
    for index, child in enumerate(moving):
        without = np.flatnonzero(~masks[:, index])
        parts[child] = (
            chance[sizes[without]] * (worth[without | 1 << index] - worth[without])
        ).sum()
    return parts
