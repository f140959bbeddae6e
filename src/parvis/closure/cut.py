"""Answer which arcs cut a place off from the streets at the least cost, with the proof of it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from parvis.closure.cut_ground import CutGround
from parvis.errors import InternalError, LimitError

GREATEST_CAPACITY = 2**30 - 1
"""The flow routine counts in 32 bits and wraps silently; twice a capacity must fit. [cents]"""

FORBIDDEN_FACTOR = 100
"""Where forbidden ground joins streets and sink, it counts up to so many times the top price."""

Flags = NDArray[np.bool_]


class PriceTooHighError(LimitError):
    """A piece of a cut costs more than the flow routine can count; details: cents, most."""

    code: ClassVar[str] = "cut_price_too_high"


class CutCertificateError(InternalError):
    """Greatest flow and least cut differ; details: flow, cut."""

    code: ClassVar[str] = "cut_certificate"


@dataclass(frozen=True, eq=False)
class Cut:
    """
    A least cut between sources and sink.

    Attributes
    ----------
    cost : int
        Equal to the greatest flow. [cents]
    outside : ndarray of bool, shape (n_nodes,)
        The smallest set of nodes on the sources' side of a least cut: the cut furthest out.
    outside_near : ndarray of bool, shape (n_nodes,)
        The largest such set: the least cut nearest to the sink.
    is_closed : bool
        False: forbidden arcs alone join sources and sink; the cut then runs over some of them, as
        few as possible by `metres`, which cost nothing.
    """

    cost: int
    outside: Flags
    outside_near: Flags
    is_closed: bool


def arc_costs(ground: CutGround, price: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """
    Return what cutting each arc costs.

    Parameters
    ----------
    ground : CutGround
    price : int or ndarray of int64, shape (16, n_nodes)
        Of a metre of barrier that stops what moves off a node in a direction. [cents m⁻¹], >= 0

    Returns
    -------
    ndarray of int64, shape (n_arcs,)
        Rounded up. [cents]
    """
    per_metre = price if isinstance(price, int) else price[ground.step, ground.tail]
    return np.ceil(ground.metres * per_metre - 1e-9).astype(np.int64)


def minimum_cut(ground: CutGround, price: NDArray[np.int64] | int) -> Cut:
    """
    Find the cheapest cut between the streets and the sink.

    Parameters
    ----------
    ground : CutGround
    price : int or ndarray of int64, shape (16, n_nodes)
        See `arc_costs`.

    Returns
    -------
    Cut

    Raises
    ------
    PriceTooHighError
        If a price is beyond what the flow routine can count.
    CutCertificateError
        If flow and cut differ, which would be a mistake of the program.

    Notes
    -----
    Forbidden arcs are contracted, which is what an infinite cost would do.
    """
    cost = arc_costs(ground, price)
    if not ground.is_sink.any() or not ground.is_source.any():
        outside = ~ground.is_sink
        return Cut(0, outside, outside, is_closed=True)
    place = _contracted(ground, ground.is_forbidden)
    is_closed = bool(place[ground.is_source][0] != place[ground.is_sink][0])
    if not is_closed:
        most = max(1, int(np.max(price)))
        dear = max(most, min(FORBIDDEN_FACTOR * most, GREATEST_CAPACITY // 64))
        cost = np.where(ground.is_forbidden, arc_costs(ground, dear), cost)
        place = _contracted(ground, np.zeros_like(ground.is_forbidden))
    flow, near_source, far_from_sink = _least_cut(ground, place, cost)
    outside, outside_near = near_source[place], far_from_sink[place]
    for side in (outside, outside_near):
        if cut_cost(ground, cost, side) != flow:
            raise CutCertificateError(flow=flow, cut=cut_cost(ground, cost, side))
    if not is_closed:
        flow = cut_cost(ground, np.where(ground.is_forbidden, 0, cost), outside)
    return Cut(flow, outside, outside_near, is_closed)


def is_closable(ground: CutGround) -> bool:
    """Tell whether arcs that are not forbidden can part the streets from the sink."""
    if not ground.is_sink.any() or not ground.is_source.any():
        return True
    place = _contracted(ground, ground.is_forbidden)
    return bool(place[ground.is_source][0] != place[ground.is_sink][0])


def cut_cost(ground: CutGround, cost: NDArray[np.int64], outside: Flags) -> int:
    """Return the cost of the arcs that lead from the nodes outside to the others. [cents]."""
    crosses = outside[ground.tail] & ~outside[ground.head]
    return int(cost[crosses].sum())


def _contracted(ground: CutGround, joined: Flags) -> NDArray[np.int64]:
    """Return which place each node belongs to once sources, sink and joined arcs are one."""
    source, sink = np.flatnonzero(ground.is_source), np.flatnonzero(ground.is_sink)
    one = np.concatenate(
        [ground.tail[joined], np.full(len(source), source[0]), sink[:1].repeat(len(sink))]
    )
    other = np.concatenate([ground.head[joined], source, sink])
    graph = coo_array(
        (np.ones(len(one), dtype=np.int8), (one, other)), shape=(ground.n_nodes, ground.n_nodes)
    )
    _, place = connected_components(graph, directed=False)
    return np.asarray(place, dtype=np.int64)


def _least_cut(
    ground: CutGround, place: NDArray[np.int64], cost: NDArray[np.int64]
) -> tuple[int, Flags, Flags]:
    """
    Return the greatest flow and, by place, both extreme sides of the sources.

    The flow is found from the sink backwards, which takes half the time: the sink is the smaller
    end.
    """
    source = int(place[ground.is_source][0])
    sink = int(place[ground.is_sink][0])
    n = int(place.max()) + 1
    tail, head = place[ground.tail], place[ground.head]
    counts = (tail != head) & (cost > 0)
    counts &= (head != source) & (tail != sink)
    capacity = csr_array(coo_array((cost[counts], (tail[counts], head[counts])), shape=(n, n)))
    greatest = int(capacity.data.max(initial=0))
    if greatest > GREATEST_CAPACITY:
        raise PriceTooHighError(cents=greatest, most=GREATEST_CAPACITY)
    backwards = csr_array(capacity.astype(np.int32).T)
    result = maximum_flow(backwards, sink, source, method="dinic")
    residual = csr_array(backwards - result.flow)
    residual.eliminate_zeros()
    reaches_sink = np.zeros(n, dtype=np.bool_)
    reaches_sink[breadth_first_order(residual, sink, return_predecessors=False)] = True
    forwards = csr_array(residual.T)
    near_source = np.zeros(n, dtype=np.bool_)
    near_source[breadth_first_order(forwards, source, return_predecessors=False)] = True
    return int(result.flow_value), near_source, ~reaches_sink
