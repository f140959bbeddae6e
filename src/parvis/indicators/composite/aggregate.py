"""From points of indicators to themes, blocks and, where asked for, one number."""

from dataclasses import dataclass, field

import numpy as np

from parvis.indicators.composite.means import ROUNDING, Aggregation, bring_together
from parvis.indicators.composite.tree import Bools, Floats, Ints, Tree

LEAST_SHARE = 2 / 3


@dataclass(frozen=True, slots=True)
class MissingRule:
    """
    When there is enough data for a score.

    Attributes
    ----------
    least_share : float
        Share of the weight under a node that must be there.
    needs_core : bool
        Whether a block (and what stands above it) is scored only if each of its core indicators
        has a value or was said to be unavailable.
    """

    least_share: float = LEAST_SHARE
    needs_core: bool = True


@dataclass(frozen=True)
class How:
    """
    How nodes are brought together.

    Attributes
    ----------
    aggregation : Aggregation
        Of themes and blocks.
    overall : Aggregation or None
        Of the overall number; None leaves it out.
    power : float
        Of generalised means.
    rule : MissingRule
    """

    aggregation: Aggregation = Aggregation.ARITHMETIC
    overall: Aggregation | None = None
    power: float = 0.5
    rule: MissingRule = field(default_factory=MissingRule)


@dataclass(frozen=True)
class Aggregated:
    """
    Scores of all nodes.

    Attributes
    ----------
    scores : ndarray, shape (…, rows, nodes)
        Points of indicators, then scores of aggregates; NaN means not enough data.
    shares : ndarray, shape (…, rows, nodes)
        Share of the weight below a node that is behind its score, whether it is scored or not.
    """

    scores: Floats
    shares: Floats


def aggregate(
    points: Floats,
    tree: Tree,
    *,
    weights: Floats,
    how: How,
    unavailable: Bools | None = None,
    only: Bools | None = None,
    keep: Ints | None = None,
) -> Aggregated:
    """
    Bring points together up the tree.

    Parameters
    ----------
    points : ndarray, shape (…, rows, indicators)
    tree : Tree
    weights : ndarray, shape (…, nodes)
        Leading axes are broadcast against those of `points`.
    how : How
    unavailable : ndarray of bool, shape (rows, indicators), optional
        Values somebody said cannot be had; they count as answered for the core rule, and as
        missing for the share.
    only : ndarray of bool, shape (indicators,), optional
        Indicators that take part, for a sub-index; the others count neither as there nor as
        missing.
    keep : ndarray of int, optional
        Places of the nodes to return; all by default.

    Returns
    -------
    Aggregated

    Notes
    -----
    The share of a node is the weighted mean of its children's shares, so that a theme missing half
    of its indicators counts by half further up. A child without a score is left out and the
    weights of its siblings grow.
    """
    part = tree.is_scored if only is None else tree.is_scored & only
    takes_part = np.zeros(len(tree.nodes), dtype=bool)
    takes_part[: tree.n_indicators] = part
    scores = [points[..., column] for column in range(tree.n_indicators)]
    shares = [(~np.isnan(column)).astype(np.float64) for column in scores]
    answered = ~np.isnan(points) if unavailable is None else ~np.isnan(points) | unavailable
    is_core = np.array([node.is_core for node in tree.indicators]) & part
    nowhere = np.full(points.shape[:-1], np.nan)
    for index, (node, children) in enumerate(zip(tree.aggregates, tree.children, strict=True)):
        place = tree.n_indicators + index
        members = children[takes_part[children]]
        weighed = _varying(weights[..., members])
        takes_part[place] = bool(members.size) and bool((weighed > 0).any())
        if not takes_part[place] or (node.is_overall and how.overall is None):
            scores.append(nowhere)
            shares.append(np.zeros(nowhere.shape))
            takes_part[place] &= not node.is_overall
            continue
        below = _stacked([scores[child] for child in members])
        held = np.where(np.isnan(below), 0.0, _stacked([shares[child] for child in members]))
        proportion = weighed / weighed.sum(axis=-1, keepdims=True)
        share = (held @ proportion[..., :, None])[..., 0]
        method = how.overall if node.is_overall and how.overall else how.aggregation
        score = bring_together(below, weighed, method, power=how.power, key=node.key)
        enough = share >= how.rule.least_share - ROUNDING
        core = tree.leaves[index][is_core[tree.leaves[index]]]
        is_block = not node.parent or bool((children >= tree.n_indicators).any())
        if how.rule.needs_core and is_block and core.size:
            enough = enough & answered[..., core].all(axis=-1)
        scores.append(score if enough.all() else np.where(enough, score, np.nan))
        shares.append(share)
    chosen = range(len(scores)) if keep is None else keep
    return Aggregated(
        _stacked([scores[place] for place in chosen]), _stacked([shares[place] for place in chosen])
    )


def _varying(weights: Floats) -> Floats:
    """Return weights without their leading axis where they are the same all along it."""
    if weights.ndim > 1 and (weights == weights[:1]).all():
        return weights[:1]
    return weights


def _stacked(columns: list[Floats]) -> Floats:
    shape = np.broadcast_shapes(*(column.shape for column in columns))
    found = np.empty((*shape, len(columns)))
    for place, column in enumerate(columns):
        found[..., place] = column
    return found
