"""How long does the cheapest cut on open ground take beside NetworkX, and how does it grow?"""

from typing import Any

import numpy as np
import shapely

from benchmarks.measure import Goal, Result, growth_exponent, race
from benchmarks.windows import street_pattern
from parvis.approach.ground import Ground
from parvis.closure.cut import arc_costs, minimum_cut
from parvis.closure.cut_ground import CutGround, cut_ground

SIDES = (176.0, 264.0, 352.0)
"""Edges of the windows of the growth series. [m]"""

SMALL = 88.0
"""Edge of the window that NetworkX is tried on. [m]"""


def run(result: Result) -> None:
    peer(result)
    growth(result)


def peer(result: Result) -> None:
    """The same graph and costs, each in the form its library takes."""
    try:
        import networkx
    except ImportError:
        result.skipped.append("networkx is not installed")
        return
    nodes, price = pattern(SMALL)
    graph = networkx_graph(networkx, nodes, arc_costs(nodes, price))
    ours = minimum_cut(nodes, price).cost
    theirs, _ = networkx.minimum_cut(graph, "streets", "area")
    result.facts |= {"cells": nodes.n_nodes, "arcs": len(nodes.tail), "cents": [ours, int(theirs)]}
    result.goals.append(Goal("difference of the two values", abs(ours - theirs), 0.0, unit="cents"))
    result.timings |= race(
        {
            "parvis minimum cut": lambda: minimum_cut(nodes, price),
            "networkx minimum_cut": lambda: networkx.minimum_cut(graph, "streets", "area"),
        }
    )
    result.ratio(
        "faster than networkx", "parvis minimum cut", "networkx minimum_cut", at_least=20.0
    )


def growth(result: Result) -> None:
    """Time over cells on a street pattern that repeats, around one crossing."""
    grounds = {side: pattern(side) for side in SIDES}
    timings = race(
        {
            f"minimum cut, {side:g} m": (lambda pair=pair: minimum_cut(*pair))
            for side, pair in grounds.items()
        }
    )
    result.timings |= timings
    exponent = growth_exponent(
        [float(nodes.n_nodes) for nodes, _ in grounds.values()],
        [timing.median_processor for timing in timings.values()],
    )
    result.facts["cells_of_growth"] = [nodes.n_nodes for nodes, _ in grounds.values()]
    result.goals.append(
        Goal("growth exponent over cells", exponent, at_most=2.0, unit="(1 is linear)")
    )


def pattern(side: float) -> tuple[CutGround, Any]:
    """Return streets around a crossing near the middle, and prices by cell."""
    surface, bounds = street_pattern(side)
    ground = Ground(
        bounds=bounds,
        levels=(0,),
        surfaces=(surface,),
        portals=(),
        existing=(),
        carriageways=(surface,),
        blocked=np.empty(0, dtype=object),
        notes={},
    )
    crossing = 88.0 * round(0.5 * side / 88.0) if side > SMALL else 0.5 * side
    place = shapely.Point(crossing + 6.0, 88.0 * (side > SMALL) + 6.0).buffer(10.0)
    nodes = cut_ground(ground, bounds=bounds, sink=place)
    steps = np.random.default_rng(1).choice([90_000, 150_000, 240_000], nodes.n_nodes)
    return nodes, np.broadcast_to(steps, (16, nodes.n_nodes))


def networkx_graph(networkx: Any, nodes: CutGround, cost: Any) -> Any:
    """Return the arcs with their costs, with the sources and the sink joined to one node each."""
    graph = networkx.DiGraph()
    name = np.arange(nodes.n_nodes).astype(object)
    name[nodes.is_source], name[nodes.is_sink] = "streets", "area"
    for tail, head, cents in zip(
        name[nodes.tail].tolist(), name[nodes.head].tolist(), cost.tolist(), strict=True
    ):
        if tail == head:
            continue
        if graph.has_edge(tail, head):
            graph[tail][head]["capacity"] += cents
        else:
            graph.add_edge(tail, head, capacity=cents)
    return graph
