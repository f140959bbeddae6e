"""How do values become points: what they are measured against, and how far they may err."""

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
from parvis.indicators.dashboard.change import has_error
from parvis.indicators.dashboard.model import SPHERES, Card, Point, ScoreScale
from parvis.indicators.dashboard.reading import broken_between
from parvis.indicators.dashboard.scoring import (
    BASE,
    MOST_UNKNOWN,
    NOW,
    TOP,
    Scoring,
    code_of,
    node_of,
)
from parvis.indicators.estimates import Note

if TYPE_CHECKING:
    from parvis.indicators.joint import JointErrors
    from parvis.packs.indicator_models import Indicator

N_DRAWS = 512
LEAST_POINTS = 10.0
"""Points end here, at four times the rate of the base period, so that every mean is defined."""


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
    joint: Sequence["JointErrors"],
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
    joint : sequence of JointErrors
        How errors of values from one survey go together; others are drawn independently.
    seed, n_draws : int

    Notes
    -----
    An indicator without an upper end, such as a rate, has the value of the base period as its half
    range: nothing at all is 130 points, twice as much 70, four times as
    much and more 10.
    """
    cards = [card for each in groupings for card in each.own]
    nodes, source = _nodes(groupings, {card.code: place for place, card in enumerate(cards)})
    plain = plant([_leaf(card.indicator, card.code, "") for card in cards])
    values, points_of = _values(cards, has_base)
    table, frozen, unscored = _references(values, plain, cards, has_base)
    errors, uncovered, is_independent = _errors(points_of, table, cards, joint, n_draws, seed)
    drawn = np.concatenate(
        [table[None], draw_values(table, errors, n_draws, np.random.default_rng((seed, 1)))]
    )
    is_absolute = np.array([card.indicator.absolute for card in cards], dtype=bool)
    drawn = np.where(is_absolute, np.abs(drawn), drawn)
    method = Normalisation.AMPI if has_base else Normalisation.GOALPOSTS
    if not has_base:
        plain = plant([_closed(node) for node in plain.nodes])
    points = normalise(drawn, plain, method, frozen=frozen)[..., source]
    if has_base:
        points = np.maximum(points, LEAST_POINTS)
    tree = plant(nodes)
    away = np.array([code_of(node.key) in unavailable for node in tree.indicators], dtype=bool)
    away = np.broadcast_to(away, points.shape[-2:])
    how = How(aggregation=Aggregation.AMPI if has_base else Aggregation.ARITHMETIC)

    def up(given: Floats, with_how: How) -> Aggregated:
        return aggregate(given, tree, weights=tree.weights, how=with_how, unavailable=away)

    found = up(points, how)
    plain_mean = up(points[0], How())
    known, n_exact = _known(tree, points[0], uncovered[:, source])
    same = np.array(
        [one is not None and one is other for one, other in zip(*points_of, strict=True)]
    )
    there = ~np.isnan(points[0, NOW]) & tree.is_scored & same[source]
    n_same = np.array([0] * tree.n_indicators + [int(there[each].sum()) for each in tree.leaves])
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
        n_same=n_same,
        unscored=unscored,
        unavailable=frozenset(unavailable),
        is_independent=is_independent,
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
    points: tuple[tuple[Point | None, ...], ...],
    table: Floats,
    cards: Sequence[Card],
    joint: Sequence["JointErrors"],
    n_draws: int,
    seed: int,
) -> tuple[tuple[DataErrors, ...], Bools, bool]:
    """Return the errors of values, which have none, and whether surveys lack covariances."""
    places = {
        point.observation.key: (row, column)
        for row, line in enumerate(points)
        for column, point in enumerate(line)
        if point is not None and not np.isnan(table[row, column])
    }
    found: tuple[DataErrors, ...] = ()
    together: set[tuple[int, int]] = set()
    if joint:
        from parvis.indicators.joint import joint_replicates

        replicates = joint_replicates(joint, places, n=n_draws, seed=seed)
        for each in replicates:
            together |= set(zip(each.rows.tolist(), each.columns.tolist(), strict=True))
        found += replicates
    counts: list[tuple[int, int, float, float]] = []
    others: list[tuple[int, int, Point, float]] = []
    uncovered = np.zeros(table.shape, dtype=bool)
    for row, line in enumerate(points):
        for column, point in enumerate(line):
            if point is None or np.isnan(table[row, column]) or (row, column) in together:
                continue
            each_said, indicator = point.observation, cards[column].indicator
            scale = indicator.multiplier or 1.0
            events, people = each_said.numerator, each_said.denominator
            if indicator.error_model == "poisson" and events is not None and people:
                counts.append((row, column, events, scale / people))
            elif has_error(point.estimate):
                others.append((row, column, point, scale))
            else:
                uncovered[row, column] = indicator.error_model != "complete"
    if counts:
        rows, columns, n_events, factors = zip(*counts, strict=True)
        found += (count_errors(rows, columns, n_events, factors),)
    if others:
        rows, columns, told, scales = zip(*others, strict=True)
        estimates = [
            point.estimate.scaled(1.0 / scale) for point, scale in zip(told, scales, strict=True)
        ]
        found += errors_of_estimates(rows, columns, estimates, factors=scales)
    n_alone = [
        sum("survey" in cards[c].indicator.sources for r, c, *_ in others if r == row)
        for row in (BASE, NOW)
    ]
    return found, uncovered, max(n_alone) > 1


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
