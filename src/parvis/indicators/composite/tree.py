"""What belongs to what: indicators, themes, blocks, and the overall number nobody needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.composite.errors import (
    BoundsError,
    DirectionError,
    TargetMissingError,
    TreeChildlessError,
    TreeCycleError,
    TreeKeyError,
    TreeParentError,
    WeightError,
    WeightSumError,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]


class Direction(StrEnum):
    """Which values of an indicator are good."""

    HIGHER = "1"
    LOWER = "-1"
    CONTEXT = "0"
    """Neither: the indicator is shown and never scored."""
    TARGET = "target"
    """Those near a target, whichever side they are on."""


class Sphere(StrEnum):
    """Who says so: a record or measurement, or people."""

    OBJECTIVE = "objective"
    SUBJECTIVE = "subjective"


@dataclass(frozen=True, slots=True)
class Node:
    """
    An indicator, or what indicators are brought together to.

    Attributes
    ----------
    key, name : str
    parent : str
        Key of the theme, block or overall number it belongs to; "" at the top.
    is_indicator : bool
    weight : float
        Relative to its siblings. >= 0.
    direction : Direction
    target, low, high : float
        Target and goalposts of an indicator in its unit; NaN where there is none.
    denominator : str
        Column by which values are divided; "" for none.
    unit : str
    is_core : bool
        A block is not scored unless its core indicators are answered or said to be unavailable.
    sphere : Sphere
    is_overall : bool
        The one number above the blocks, which is off unless asked for.
    """

    key: str
    name: str = ""
    parent: str = ""
    is_indicator: bool = True
    weight: float = 1.0
    direction: Direction = Direction.HIGHER
    target: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    denominator: str = ""
    unit: str = ""
    is_core: bool = False
    sphere: Sphere = Sphere.OBJECTIVE
    is_overall: bool = False


@dataclass(frozen=True)
class Tree:
    """
    Indicators and aggregates in order: indicators as given, then aggregates from below.

    Attributes
    ----------
    nodes : tuple of Node
    n_indicators : int
        The first nodes are the indicators.

    Notes
    -----
    Make one with :func:`plant`, which checks what it is given.
    """

    nodes: tuple[Node, ...]
    n_indicators: int

    @property
    def indicators(self) -> tuple[Node, ...]:
        """The indicators, in the order of the columns of values."""
        return self.nodes[: self.n_indicators]

    @property
    def aggregates(self) -> tuple[Node, ...]:
        """Themes, blocks and the overall number, each after what it is made of."""
        return self.nodes[self.n_indicators :]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Keys of all nodes."""
        return tuple(node.key for node in self.nodes)

    @cached_property
    def position(self) -> dict[str, int]:
        """Place of each node by its key."""
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def children(self) -> tuple[Ints, ...]:
        """Places of the children of each aggregate."""
        parents = [node.parent for node in self.nodes]
        return tuple(
            np.array([i for i, parent in enumerate(parents) if parent == node.key], dtype=np.intp)
            for node in self.aggregates
        )

    @cached_property
    def leaves(self) -> tuple[Ints, ...]:
        """Places of the indicators below each aggregate."""
        below: dict[int, Ints] = {i: np.array([i]) for i in range(self.n_indicators)}
        for place, children in enumerate(self.children, start=self.n_indicators):
            below[place] = np.sort(np.concatenate([below[int(child)] for child in children]))
        return tuple(below[place] for place in range(self.n_indicators, len(self.nodes)))

    @cached_property
    def weights(self) -> Floats:
        """Relative weight of each node among its siblings."""
        return np.array([node.weight for node in self.nodes])

    @cached_property
    def overall(self) -> str:
        """Key of the overall number; "" where there is none."""
        return next((node.key for node in self.nodes if node.is_overall), "")

    @cached_property
    def is_scored(self) -> Bools:
        """Whether each indicator is scored; context is not."""
        return np.array([node.direction is not Direction.CONTEXT for node in self.indicators])

    @cached_property
    def takes_part(self) -> Bools:
        """Whether each node is an indicator that is scored, or is made of such."""
        above = [bool(self.is_scored[leaves].any()) for leaves in self.leaves]
        return np.array([*self.is_scored, *above], dtype=bool)

    def column(self, name: str) -> Floats:
        """Return ``target``, ``low`` or ``high`` of the indicators, NaN where there is none."""
        return np.array([getattr(node, name) for node in self.indicators], dtype=np.float64)


def plant(nodes: Iterable[Node]) -> Tree:
    """
    Check rows of a tree and put them in order.

    Parameters
    ----------
    nodes : iterable of Node
        In any order; the order of the indicators is kept.

    Returns
    -------
    Tree

    Raises
    ------
    TreeKeyError, TreeParentError, TreeCycleError, TreeChildlessError
        Where the rows are no tree.
    WeightError, WeightSumError, BoundsError, TargetMissingError
        Where a row cannot be used.

    Examples
    --------
    >>> tree = plant([Node("Safety", is_indicator=False), Node("theft", parent="Safety")])
    >>> tree.keys
    ('theft', 'Safety')
    """
    rows = tuple(nodes)
    seen: dict[str, Node] = {}
    for node in rows:
        if node.key in seen:
            raise TreeKeyError(key=node.key)
        seen[node.key] = node
        _check(node)
    for node in rows:
        if node.parent and (node.parent not in seen or seen[node.parent].is_indicator):
            raise TreeParentError(key=node.key, parent=node.parent)
    indicators = [node for node in rows if node.is_indicator]
    aggregates = _from_below([node for node in rows if not node.is_indicator], rows)
    tree = Tree((*indicators, *aggregates), len(indicators))
    for node, children in zip(tree.aggregates, tree.children, strict=True):
        if not tree.weights[children].sum() > 0:
            raise WeightSumError(key=node.key)
    return tree


def direction_of(value: str, *, key: str) -> Direction:
    """Return the direction that `value` says: 1, +1, -1, 0 or target."""
    said = value.strip().lower().removeprefix("+").removesuffix(".0")
    try:
        return Direction({"t": "target"}.get(said, said))
    except ValueError:
        raise DirectionError(key=key, value=value, known="1, -1, 0, target") from None


def _check(node: Node) -> None:
    if not (np.isfinite(node.weight) and node.weight >= 0):
        raise WeightError(key=node.key, value=node.weight)
    if node.is_indicator and node.direction is Direction.TARGET and np.isnan(node.target):
        raise TargetMissingError(key=node.key)
    if np.isnan(node.low) != np.isnan(node.high) or node.low >= node.high:
        raise BoundsError(key=node.key, low=node.low, high=node.high)


def _from_below(aggregates: Sequence[Node], rows: Sequence[Node]) -> list[Node]:
    """Return aggregates in an order in which each stands after its children."""
    done = {node.key for node in rows if node.is_indicator}
    ordered: list[Node] = []
    waiting = list(aggregates)
    for node in waiting:
        if not any(row.parent == node.key for row in rows):
            raise TreeChildlessError(key=node.key)
    while waiting:
        ready = [
            node
            for node in waiting
            if all(row.key in done for row in rows if row.parent == node.key)
        ]
        if not ready:
            raise TreeCycleError(key=waiting[0].key)
        ordered += ready
        done |= {node.key for node in ready}
        waiting = [node for node in waiting if node.key not in done]
    return ordered
