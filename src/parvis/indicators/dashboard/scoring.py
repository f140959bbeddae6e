"""How do the halves score: points of indicators, means of themes and blocks, intervals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from parvis.indicators.composite.aggregate import Aggregated, How, aggregate
from parvis.indicators.composite.draws import DataErrors, count_errors, draw_values
from parvis.indicators.composite.estimated import errors_of_estimates
from parvis.indicators.composite.means import Aggregation
from parvis.indicators.composite.normalise import Frozen, Normalisation, freeze, normalise
from parvis.indicators.composite.tree import Bools, Direction, Floats, Ints, Node, Tree, plant
from parvis.indicators.composite.tree import Sphere as NodeSphere
from parvis.indicators.composite.uncertain import quantiles
from parvis.indicators.dashboard.change import has_error
from parvis.indicators.dashboard.model import (
    SPHERES,
    Card,
    Change,
    Point,
    Score,
    ScoreScale,
    Sphere,
)
from parvis.indicators.dashboard.reading import broken_between
from parvis.indicators.estimates import Note

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

N_DRAWS = 512
MOST_UNKNOWN = 1 / 3
"""With more of the values without a known error, a score has no interval."""
BASE, NOW = 0, 1
TOP = "all"
"""Holds the blocks together; it is never scored."""


@dataclass(frozen=True)
class Scoring:
    """
    What is behind the scores.

    Attributes
    ----------
    tree : Tree
        Blocks, themes and indicators of each sphere; see `node_of`.
    how : How
    scale : ScoreScale
    scores, shares : ndarray, shape (2, nodes)
        Of the base period and of now; NaN is not enough data. Without a base period the first row
        is empty.
    arithmetic : ndarray, shape (nodes,)
        Of now.
    draws : ndarray, shape (draws, 2, nodes)
    known : ndarray of bool, shape (2, nodes)
        Whether enough of the errors below a node are known.
    n_exact : ndarray of int, shape (nodes,)
        Values of now whose error is not known.
    unscored : mapping from code to Note
        Why an indicator that has a value has no points.
    """

    tree: Tree
    how: How
    scale: ScoreScale
    scores: Floats
    shares: Floats
    arithmetic: Floats
    draws: Floats
    known: Bools
    n_exact: Ints
    unscored: Mapping[str, Note]
    unavailable: frozenset[str]

    def leaves(self, key: str) -> tuple[Node, ...]:
        """Return the indicators below a node that are to be scored."""
        places = self.tree.leaves[self.tree.position[key] - self.tree.n_indicators]
        return tuple(self.tree.nodes[place] for place in places if self.tree.is_scored[int(place)])

    def has_points(self, leaf: Node) -> bool:
        """Return whether an indicator of the tree has points now."""
        return not np.isnan(self.scores[NOW, self.tree.position[leaf.key]])

    def is_answered(self, leaf: Node) -> bool:
        """Return whether it has points, or was said to be unavailable."""
        return self.has_points(leaf) or code_of(leaf.key) in self.unavailable

    def score(self, key: str) -> Score | None:
        """Return the score of a node; None where nothing below it is to be scored."""
        place = self.tree.position.get(key)
        if place is None or not self.tree.takes_part[place]:
            return None
        value = float(self.scores[NOW, place])
        share = float(self.shares[NOW, place])
        if np.isnan(value):
            return Score(None, None, None, share, False, self.scale, notes=self._lacking(key))
        drawn = self.draws[:, NOW, place]
        low = high = None
        if self.known[NOW, place]:
            held = quantiles(drawn[:, None, None])
            low, high = float(held.low[0, 0]), float(held.high[0, 0])
        change, p = self._change(place)
        notes: tuple[Note, ...] = ()
        if n := int(self.n_exact[place]):
            n_there = sum(self.has_points(leaf) for leaf in self.leaves(key))
            notes = (Note("dashboard_score_exact", {"n": n, "of": n_there}),)
        return Score(
            value=value,
            low=low,
            high=high,
            share_present=share,
            is_enough=True,
            scale=self.scale,
            arithmetic=float(self.arithmetic[place]),
            change=change,
            probability_rose=p,
            notes=notes,
        )

    def _change(self, place: int) -> tuple[Change, float | None]:
        if not self.known[:, place].all() or np.isnan(self.scores[:, place]).any():
            return Change.UNKNOWN, None
        gap = self.draws[:, NOW, place] - self.draws[:, BASE, place]
        held = quantiles(gap[:, None, None])
        p = float((gap > 0).mean() + 0.5 * (gap == 0).mean())
        if held.low[0, 0] > 0:
            return Change.ROSE, p
        return (Change.FELL if held.high[0, 0] < 0 else Change.NO_DEMONSTRABLE_CHANGE), p

    def _lacking(self, key: str) -> tuple[Note, ...]:
        leaves = self.leaves(key)
        there = sum(self.has_points(leaf) for leaf in leaves)
        notes = []
        if self.shares[NOW, self.tree.position[key]] < self.how.rule.least_share - 1e-9:
            notes.append(Note("dashboard_score_share", {"n": there, "of": len(leaves)}))
        core = [leaf.key for leaf in leaves if leaf.is_core and not self.is_answered(leaf)]
        if core and "/" in key and not key.endswith("+") and key.count("/") == 1:
            notes.append(Note("dashboard_score_core", {"codes": ", ".join(core)}))
        return tuple(notes)


def node_of(key: str, sphere: Sphere, *, theme: str | None = None, beside: bool = False) -> str:
    """Return the key of a half's node: of a block, of a theme, of a theme with what is beside."""
    if theme is None:
        return f"{key}/{sphere}"
    return f"{key}/{theme}/{sphere}{'+' if beside else ''}"


def code_of(leaf: str) -> str:
    """Return the code of an indicator's node."""
    return leaf.rpartition("+")[2]


@dataclass(frozen=True, slots=True)
class Grouping:
    """
    The indicators of a theme, by code.

    Attributes
    ----------
    block, theme : str
    own, beside : tuple of Card
    """

    block: str
    theme: str
    own: tuple[Card, ...]
    beside: tuple[Card, ...]


def scored(
    groupings: Sequence[Grouping],
    *,
    has_base: bool,
    unavailable: Collection[str],
    seed: int,
    n_draws: int = N_DRAWS,
) -> Scoring:
    """
    Score all halves of themes and blocks.

    Parameters
    ----------
    groupings : sequence of Grouping
        Of blocks that are scored.
    has_base : bool
        Whether there is a base period: points are 100 then, and the mean is the adjusted
        Mazziotta-Pareto index. Otherwise points lie between the ends of what there can be.
    unavailable : collection of str
        Codes of indicators somebody said cannot be had.
    seed, n_draws : int

    Notes
    -----
    An indicator without an upper end, such as a rate, has the value of the base period as its half
    range: nothing at all is 130 points, twice as much 70. Errors of different indicators are drawn
    independently.
    """
    cards = [card for each in groupings for card in each.own]
    nodes, source = _nodes(groupings, {card.code: place for place, card in enumerate(cards)})
    plain = plant([_leaf(card.indicator, card.code, "") for card in cards])
    values, points_of = _values(cards, has_base)
    table, frozen, unscored = _references(values, plain, cards, has_base)
    errors, uncovered = _errors(points_of, table, cards)
    drawn = np.concatenate(
        [table[None], draw_values(table, errors, n_draws, np.random.default_rng((seed, 1)))]
    )
    is_absolute = np.array([card.indicator.absolute for card in cards], dtype=bool)
    drawn = np.where(is_absolute, np.abs(drawn), drawn)
    method = Normalisation.AMPI if has_base else Normalisation.GOALPOSTS
    if not has_base:
        plain = plant([_closed(node) for node in plain.nodes])
    points = normalise(drawn, plain, method, frozen=frozen)[..., source]
    tree = plant(nodes)
    away = np.array([code_of(node.key) in unavailable for node in tree.indicators], dtype=bool)
    away = np.broadcast_to(away, points.shape[-2:])
    how = How(aggregation=Aggregation.AMPI if has_base else Aggregation.ARITHMETIC)

    def up(given: Floats, with_how: How) -> Aggregated:
        return aggregate(given, tree, weights=tree.weights, how=with_how, unavailable=away)

    found = up(points, how)
    plain_mean = up(points[0], How())
    known, n_exact = _known(tree, points[0], uncovered[:, source])
    return Scoring(
        tree=tree,
        how=how,
        scale=ScoreScale.BASE_100 if has_base else ScoreScale.POINTS_0_100,
        scores=found.scores[0],
        shares=found.shares[0],
        arithmetic=plain_mean.scores[NOW],
        draws=found.scores[1:],
        known=known,
        n_exact=n_exact,
        unscored=unscored,
        unavailable=frozenset(unavailable),
    )


def _nodes(groupings: Sequence[Grouping], column: Mapping[str, int]) -> tuple[list[Node], Ints]:
    """Return the nodes of the tree, and which column of the values each indicator's points are."""
    own: list[Node] = []
    copies: list[Node] = []
    above: dict[str, Node] = {}
    for each in groupings:
        for sphere in SPHERES:
            mine = [card for card in each.own if card.sphere == sphere]
            near = [card for card in each.beside if card.sphere == sphere]
            key = node_of(each.block, sphere, theme=each.theme)
            block = node_of(each.block, sphere)
            own += [_leaf(card.indicator, card.code, key) for card in mine]
            if mine:
                above[key] = Node(key, parent=block, is_indicator=False)
                above[block] = Node(block, parent=TOP, is_indicator=False)
            near = [card for card in near if card.code in column]
            if near:
                both = f"{key}+"
                above[both] = Node(both, parent=TOP, is_indicator=False)
                copies += [
                    _leaf(card.indicator, f"{both}{card.code}", both) for card in (*mine, *near)
                ]
    leaves = [*own, *copies]
    top = [Node(TOP, is_indicator=False, is_overall=True)] if above else []
    source = np.array([column[code_of(leaf.key)] for leaf in leaves], dtype=np.intp)
    return [*leaves, *above.values(), *top], source


def _leaf(indicator: "Indicator", key: str, parent: str) -> Node:
    low, high = indicator.bounds.low, indicator.bounds.high
    if indicator.absolute and low is not None and high is not None:
        low, high = 0.0, max(abs(low), abs(high))
    is_closed = low is not None and high is not None
    nan = float("nan")
    return Node(
        key,
        parent=parent,
        direction=Direction(str(indicator.direction)),
        target=nan if indicator.target is None else indicator.target,
        low=low if is_closed and low is not None else nan,
        high=high if is_closed and high is not None else nan,
        is_core=indicator.core,
        sphere=NodeSphere(indicator.sphere),
    )


def _closed(node: Node) -> Node:
    """Return a node with ends; those without any have no values to be scored."""
    return node if node.low < node.high else replace(node, low=0.0, high=1.0)


def _values(
    cards: Sequence[Card], has_base: bool
) -> tuple[Floats, tuple[tuple[Point | None, ...], tuple[Point | None, ...]]]:
    """Return values of the base period and of now, in the units, and the points they are from."""
    now = tuple(None if card.is_missing else card.latest for card in cards)
    base = tuple(_base(card) if has_base else None for card in cards)
    values = [
        [np.nan if point is None else point.estimate.value for point in row] for row in (base, now)
    ]
    return np.array(values, dtype=np.float64).reshape(2, len(cards)), (base, now)


def _base(card: Card) -> Point | None:
    """Return the point of the base period where the latest one can be compared with it."""
    if card.base is None or card.base.estimate.value is None or card.latest is None:
        return None
    if card.base is card.latest:
        return card.base
    if card.base not in card.series.points or broken_between(card.series, card.base, card.latest):
        return None
    return card.base


def _references(
    values: Floats, tree: Tree, cards: Sequence[Card], has_base: bool
) -> tuple[Floats, Frozen | None, dict[str, Note]]:
    """Return values that can be scored, what stays fixed, and why the others cannot."""
    table = values.copy()
    is_absolute = np.array([card.indicator.absolute for card in cards], dtype=bool)
    low, high = tree.column("low"), tree.column("high")
    if has_base:
        base = np.where(is_absolute, np.abs(values[:1]), values[:1])
        held = freeze(base, tree)
        centre, half = np.asarray(held.centre), np.asarray(held.half_range)
        half = np.where(np.isnan(half), np.abs(centre), half)
        usable = ~np.isnan(centre) & (half > 0)
        frozen = Frozen(
            centre=np.where(usable, centre, 0.0), half_range=np.where(usable, half, 1.0)
        )
    else:
        usable = ~np.isnan(low + high)
        frozen = None
    unscored = {}
    for card, can, is_there, has_first in zip(
        cards, usable, ~np.isnan(values[NOW]), ~np.isnan(values[BASE]), strict=True
    ):
        if can or not is_there or card.indicator.direction == 0:
            continue
        if has_base and not has_first:
            unscored[card.code] = Note("dashboard_unscored_base")
        elif has_base:
            unscored[card.code] = Note("dashboard_unscored_zero")
        else:
            unscored[card.code] = Note("dashboard_unscored_ends")
    table[:, ~usable] = np.nan
    return table, frozen, unscored


def _errors(
    points: tuple[tuple[Point | None, ...], ...], table: Floats, cards: Sequence[Card]
) -> tuple[tuple[DataErrors, ...], Bools]:
    """Return the errors of the values, and which values have none though they are estimates."""
    counts: list[tuple[int, int, float, float]] = []
    others: list[tuple[int, int, Point, float]] = []
    uncovered = np.zeros(table.shape, dtype=bool)
    for row, line in enumerate(points):
        for column, point in enumerate(line):
            if point is None or np.isnan(table[row, column]):
                continue
            each, indicator = point.observation, cards[column].indicator
            estimate, scale = point.estimate, indicator.multiplier or 1.0
            if indicator.error_model == "poisson" and each.numerator is not None:
                counts.append((row, column, each.numerator, scale / float(each.denominator or 1)))
            elif has_error(estimate):
                others.append((row, column, point, scale))
            else:
                uncovered[row, column] = indicator.error_model != "complete"
    found: tuple[DataErrors, ...] = ()
    if counts:
        rows, columns, events, factors = zip(*counts, strict=True)
        found += (count_errors(rows, columns, events, factors),)
    if others:
        rows, columns, told, scales = zip(*others, strict=True)
        estimates = [
            point.estimate.scaled(1.0 / scale) for point, scale in zip(told, scales, strict=True)
        ]
        found += errors_of_estimates(rows, columns, estimates, factors=scales)
    return found, uncovered


def _known(tree: Tree, points: Floats, uncovered: Bools) -> tuple[Bools, Ints]:
    """Return whether enough errors below each node are known, and how many values have none."""
    there = ~np.isnan(points) & tree.is_scored
    known = np.ones((2, len(tree.nodes)), dtype=bool)
    n_exact = np.zeros(len(tree.nodes), dtype=np.intp)
    for index, leaves in enumerate(tree.leaves):
        n = there[:, leaves].sum(axis=1)
        without = (there & uncovered)[:, leaves].sum(axis=1)
        place = tree.n_indicators + index
        known[:, place] = (n > 0) & (without <= MOST_UNKNOWN * n)
        n_exact[place] = without[NOW]
    return known, n_exact
