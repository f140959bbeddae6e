"""Is the street field on a million turns as quick as one shortest-path search on them?"""

from collections import deque
from typing import Any

import numpy as np

from benchmarks.measure import Result, SkippedError, race
from benchmarks.networks import VAN, grid_network
from parvis.approach.street_field import StreetField, solve_street_field
from parvis.approach.turns import TurnGraph, turn_graph


def run(result: Result) -> None:
    small = grid_network(100)
    result.timings |= race(
        {
            "turn graph of 100 streets": lambda: turn_graph(*small, VAN),
            "street field of 100 streets": lambda: solve_street_field(turn_graph(*small, VAN), VAN),
        }
    )
    segments, coords = grid_network(220_000)
    graph = turn_graph(segments, coords, VAN)
    field = solve_street_field(graph, VAN)
    result.facts |= {
        "segments": len(segments.length),
        "legs": graph.n_legs,
        "turns": graph.n_turns,
        "street_km": round(float(segments.length.sum()) / 1000.0),
        "visits_per_leg": round(field.n_visits / graph.n_legs, 3),
        "residual_m": field.residual(),
    }
    contenders: dict[str, Any] = {"parvis street field": lambda: solve_street_field(graph, VAN)}
    contenders |= _shortest_paths(result, graph)
    result.timings |= race(contenders, rounds=9)
    result.timings |= race({"turn graph": lambda: turn_graph(segments, coords, VAN)})
    for peer in ("scipy dijkstra", "networkit Dijkstra"):
        result.ratio(f"street field over one {peer}", "parvis street field", peer, at_most=1.0)
    _networkx(result)


def _shortest_paths(result: Result, graph: TurnGraph) -> dict[str, Any]:
    """One search from one leg over the same turns, lengths as weights, graphs built before."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    weight = np.maximum(graph.leg_length[graph.turn_into], 1e-9)
    shape = (graph.n_legs, graph.n_legs)
    matrix = csr_matrix((weight, graph.turn_into, graph.turn_offsets), shape=shape)
    reached = np.isfinite(dijkstra(matrix, indices=0)).mean()
    result.facts["share_reached_by_dijkstra"] = round(float(reached), 4)
    found: dict[str, Any] = {"scipy dijkstra": lambda: dijkstra(matrix, indices=0)}
    try:
        import networkit
    except ImportError:
        result.skipped.append("networkit is not installed")
        return found
    ends = (graph.turn_from.astype(np.uint64), graph.turn_into.astype(np.uint64))
    network = networkit.graph.GraphFromCoo(
        (weight, ends), n=graph.n_legs, weighted=True, directed=True
    )
    found["networkit Dijkstra"] = lambda: networkit.distance.Dijkstra(
        network, 0, False, False
    ).run()
    return found


def _networkx(result: Result) -> None:
    """The same fixed point in NetworkX, on a tenth of the network: both take linear time."""
    try:
        import networkx
    except ImportError:
        result.skipped.append("networkx is not installed")
        return
    segments, coords = grid_network(22_000)
    graph = turn_graph(segments, coords, VAN)
    field = solve_street_field(graph, VAN)
    network = networkx.DiGraph()
    for leg in range(graph.n_legs):
        network.add_node(leg, length=float(graph.leg_length[leg]))
    ends = zip(graph.turn_from.tolist(), graph.turn_into.tolist(), field.cap.tolist(), strict=True)
    for start, end, cap in ends:
        known = network.get_edge_data(start, end, {"cap": 0.0})["cap"]
        network.add_edge(start, end, cap=max(cap, known))
    _check(networkx_fixed_point(network, field.curve.top), field)
    result.facts["turns_for_networkx"] = graph.n_turns
    result.timings |= race(
        {
            "parvis street field, tenth": lambda: solve_street_field(graph, VAN),
            "NetworkX fixed point, tenth": lambda: networkx_fixed_point(network, field.curve.top),
        }
    )
    result.ratio(
        "times faster than the same fixed point in NetworkX",
        "parvis street field, tenth",
        "NetworkX fixed point, tenth",
        at_least=100.0,
    )


def networkx_fixed_point(network: Any, top: float) -> dict[int, float]:
    """First in, first out label correcting over the nodes of a NetworkX graph."""
    label = {leg: min(length, top) for leg, length in network.nodes(data="length")}
    queue = deque(label)
    waiting = set(label)
    while queue:
        leg = queue.popleft()
        waiting.discard(leg)
        state = label[leg]
        for following, turn in network.adj[leg].items():
            reached = min(min(state, turn["cap"]) + network.nodes[following]["length"], top)
            if reached > label[following]:
                label[following] = reached
                if following not in waiting:
                    waiting.add(following)
                    queue.append(following)
    return label


def _check(label: dict[int, float], field: StreetField) -> None:
    found = np.array([label[leg] for leg in range(len(field.run_up))])
    if not np.allclose(found, field.run_up):
        raise SkippedError("the two fixed points differ")
