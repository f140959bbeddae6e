"""What do the points of indicators come to: scores of halves, and when there are none."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from parvis.indicators.composite.aggregate import How
from parvis.indicators.composite.tree import Bools, Floats, Ints, Node, Tree
from parvis.indicators.composite.uncertain import quantiles
from parvis.indicators.dashboard.model import Change, Score, ScoreScale, Sphere
from parvis.indicators.estimates import Note

BASE, NOW = 0, 1
MOST_UNKNOWN = 1 / 3
"""With more of the values without a known error there is no interval, with more of them that did
not move on since the base period no change."""
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
    n_exact, n_same : ndarray of int, shape (nodes,)
        Values of now whose error is not known; those that are still of the base period.
    unscored : mapping from code to Note
        Why an indicator that has a value has no points.
    unavailable : frozenset of str
        Codes of indicators somebody said cannot be had.
    is_independent : bool
        Whether errors of values from one survey were drawn as if others had answered.
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
    n_same: Ints
    unscored: Mapping[str, Note]
    unavailable: frozenset[str]
    is_independent: bool

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
        n_there = sum(self.has_points(leaf) for leaf in self.leaves(key))
        change, p = self._change(place)
        if self.n_same[place] > MOST_UNKNOWN * n_there:
            change, p = Change.UNKNOWN, None
        notes = tuple(
            Note(code, {"n": int(n), "of": n_there})
            for code, n in (
                ("dashboard_score_exact", self.n_exact[place]),
                ("dashboard_score_same", self.n_same[place]),
            )
            if n
        )
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
