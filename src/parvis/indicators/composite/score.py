"""The composite of a table of values: points, themes, blocks, and what is behind them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.aggregate import Aggregated, How, aggregate
from parvis.indicators.composite.errors import OverallMissingError, ShapeError
from parvis.indicators.composite.means import NEED_POSITIVE, Aggregation, bring_together
from parvis.indicators.composite.normalise import PERCENT, Frozen, Normalisation, Scale, normalise
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.rows import Rows, as_values
from parvis.indicators.composite.situations import Situation, check_normalisation, situation_of
from parvis.indicators.composite.treat import treat
from parvis.indicators.composite.tree import Bools, Floats, Sphere, Tree
from parvis.indicators.composite.weights import check_weights, effective_weights

FROM_ONE = Scale(low=1.0)
"""Points for means that need values above zero."""


@dataclass(frozen=True)
class Recipe:
    """
    How values become scores.

    Attributes
    ----------
    normalisation : Normalisation
    how : How
        Arithmetic means and no overall number by default.
    scale : Scale
    frozen : Frozen or None
        What stays fixed from the base period on.
    most_winsorised : int
        Outlying values of an indicator that are drawn in at most; 0 leaves values alone.
    weights : ndarray, shape (nodes,), or None
        Those of the tree by default.
    """

    normalisation: Normalisation = Normalisation.GOALPOSTS
    how: How = field(default_factory=How)
    scale: Scale = PERCENT
    frozen: Frozen | None = None
    most_winsorised: int = 0
    weights: Floats | None = None


GOALPOSTS = Recipe()


@dataclass(frozen=True)
class Composite:
    """
    Scores of a table.

    Attributes
    ----------
    tree : Tree
    rows : Rows
    method : Recipe
    situation : Situation
    values : ndarray, shape (rows, indicators)
        After treatment.
    scores : ndarray, shape (rows, nodes)
        Points of indicators, then scores; NaN means not enough data, or not asked for.
    shares : ndarray, shape (rows, nodes)
        Share of the weight below each node that is there.
    objective, subjective : ndarray, shape (rows, nodes)
        The same from indicators of one sphere only; NaN where a node has none.
    effective : ndarray, shape (nodes,)
        Share of each node in what stands on top of it.
    notices : tuple of Notice
    """

    tree: Tree
    rows: Rows
    method: Recipe
    situation: Situation
    values: Floats
    scores: Floats
    shares: Floats
    objective: Floats
    subjective: Floats
    effective: Floats
    notices: tuple[Notice, ...]

    def of(self, key: str) -> Floats:
        """Return points or scores of a node, one for each row."""
        return self.scores[:, self.tree.position[key]]


def composite(
    values: ArrayLike,
    tree: Tree,
    rows: Rows,
    *,
    method: Recipe = GOALPOSTS,
    unavailable: Bools | None = None,
    situation: Situation | None = None,
    is_headline: bool = False,
) -> Composite:
    """
    Bring indicators together to themes and blocks.

    Parameters
    ----------
    values : array_like, shape (rows, indicators)
        In the units of the indicators; NaN is missing. Minimum, maximum, mean and deviation are
        taken over all rows, that is over the periods together.
    tree : Tree
    rows : Rows
    method : Recipe, optional
    unavailable : ndarray of bool, shape (rows, indicators), optional
        Values somebody said cannot be had.
    situation : Situation, optional
        Told by the rows by default, as districts of one city.
    is_headline : bool, default False
        Refuse what is for exploration only.

    Returns
    -------
    Composite

    Raises
    ------
    NormalisationRefusedError
        If the normalisation does not fit the situation.
    OverallMissingError
        If an overall number is asked for and the tree has none.
    """
    table = as_values(values, tree, rows)
    if unavailable is not None and unavailable.shape != table.shape:
        raise ShapeError(what="unavailable", found=unavailable.shape, expected=table.shape)
    found = situation or situation_of(rows)
    notices = list(check_normalisation(method.normalisation, found, is_headline=is_headline))
    check_overall(method.how, tree)
    weights = check_weights(tree.weights if method.weights is None else method.weights, tree)
    if method.most_winsorised:
        treated = treat(table, most_winsorised=method.most_winsorised)
        notices += treated.notices
        table = treated.values
    points = normalise(
        table, tree, method.normalisation, scale=scale_for(method), frozen=method.frozen
    )
    lost = ~np.isnan(table).all(axis=0) & np.isnan(points).all(axis=0) & tree.is_scored
    notices += [
        Notice("composite_indicator_constant", {"key": tree.keys[column]})
        for column in np.flatnonzero(lost)
    ]

    def up(only: Bools | None) -> Aggregated:
        return aggregate(
            points, tree, weights=weights, how=method.how, unavailable=unavailable, only=only
        )

    whole = up(None)
    is_objective = np.array([node.sphere is Sphere.OBJECTIVE for node in tree.indicators])
    return Composite(
        tree=tree,
        rows=rows,
        method=method,
        situation=found,
        values=table,
        scores=whole.scores,
        shares=whole.shares,
        objective=up(is_objective).scores,
        subjective=up(~is_objective).scores,
        effective=effective_weights(tree, weights),
        notices=tuple(notices),
    )


def scale_for(method: Recipe) -> Scale:
    """Return the scale of `method`, beginning at 1 where a mean needs values above zero."""
    asked = {method.how.aggregation, method.how.overall}
    if method.scale == PERCENT and asked & NEED_POSITIVE:
        return FROM_ONE
    return method.scale


def check_overall(how: How, tree: Tree) -> None:
    """Refuse an overall number that the tree does not have."""
    if how.overall is not None and not tree.overall:
        roots = ", ".join(node.key for node in tree.nodes if not node.parent)
        raise OverallMissingError(roots=roots)


def alongside(result: Composite) -> dict[str, Floats]:
    """
    Return the overall number by other means, to be shown beside the one that was chosen.

    Parameters
    ----------
    result : Composite
        With an overall number.

    Returns
    -------
    dict from name to ndarray, shape (rows,)
        Arithmetic, geometric and generalised means with powers 0.5 and -1, of the same blocks.
    """
    tree, method = result.tree, result.method
    if method.how.overall is None:
        return {}
    place = tree.position[tree.overall]
    children = tree.children[place - tree.n_indicators]
    weights = (tree.weights if method.weights is None else method.weights)[children]
    blocks = result.scores[:, children]
    is_scored = ~np.isnan(result.scores[:, place])
    found = {}
    for name, kind, power in (
        ("arithmetic", Aggregation.ARITHMETIC, 1.0),
        ("geometric", Aggregation.GEOMETRIC, 0.0),
        ("generalised 0.5", Aggregation.GENERALISED, 0.5),
        ("generalised -1", Aggregation.GENERALISED, -1.0),
    ):
        if kind in NEED_POSITIVE and (blocks <= 0).any():
            continue
        mean = bring_together(blocks, weights, kind, power=power, key=tree.overall)
        found[name] = np.where(is_scored, mean, np.nan)
    return found
