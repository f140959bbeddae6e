"""What holds for every cut: its value, its extreme sides, and what lower prices do to it."""

from dataclasses import replace

import networkx
import numpy as np
import shapely
from cut_rooms import BOUNDS, ground_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parvis.approach.cells import CellGrid
from parvis.closure.closing import lowered
from parvis.closure.cut import arc_costs, cut_cost, minimum_cut
from parvis.closure.cut_ground import STEP_COLUMN, STEP_ROW, CutGround, cut_ground


def grid_nodes(rows: int, columns: int, rng: np.random.Generator) -> CutGround:
    """A small grid with holes, sources in its first column and the sink in its last."""
    is_ground = rng.random((rows, columns)) > 0.2
    is_ground[:, 0] = is_ground[:, -1] = True
    number = np.full((rows, columns), -1)
    row, column = np.nonzero(is_ground)
    number[row, column] = np.arange(len(row))
    tail, head, step = [], [], []
    for index, (dr, dc) in enumerate(zip(STEP_ROW.tolist(), STEP_COLUMN.tolist(), strict=True)):
        for r, c in zip(row.tolist(), column.tolist(), strict=True):
            if 0 <= r + dr < rows and 0 <= c + dc < columns and is_ground[r + dr, c + dc]:
                tail.append(number[r, c])
                head.append(number[r + dr, c + dc])
                step.append(index)
    flags = is_ground[None]
    grid = CellGrid(0.0, 0.0, 0.8, (0,), flags, flags, flags, np.empty((0, 4), np.int32))
    return CutGround(
        grid=grid,
        eroded=(shapely.box(0, 0, 1, 1),),
        node_level=np.zeros(len(row), np.int32),
        node_row=row.astype(np.int32),
        node_column=column.astype(np.int32),
        tail=np.array(tail, np.int32),
        head=np.array(head, np.int32),
        step=np.array(step, np.int8),
        metres=rng.choice([0.0, 0.1, 0.25, 0.6], len(tail)),
        is_forbidden=np.zeros(len(tail), dtype=bool),
        is_source=column == 0,
        is_sink=column == columns - 1,
    )


def peer_value(nodes: CutGround, cost: np.ndarray) -> int:
    """Value of NetworkX's minimum cut; forbidden arcs have no capacity there: they never give."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(["streets", "area"])
    for tail, head, cents, barred in zip(
        nodes.tail.tolist(), nodes.head.tolist(), cost.tolist(), nodes.is_forbidden, strict=True
    ):
        if barred:
            graph.add_edge(tail, head)
        elif not graph.has_edge(tail, head):
            graph.add_edge(tail, head, capacity=cents)
        elif "capacity" in graph[tail][head]:
            graph[tail][head]["capacity"] += cents
    for node in np.flatnonzero(nodes.is_source).tolist():
        graph.add_edge("streets", node)
    for node in np.flatnonzero(nodes.is_sink).tolist():
        graph.add_edge(node, "area")
    return int(networkx.minimum_cut_value(graph, "streets", "area"))


seeds = st.integers(0, 2**32 - 1)
sizes = st.tuples(st.integers(2, 7), st.integers(3, 9))


def prices_on(nodes: CutGround, rng: np.random.Generator) -> np.ndarray:
    return rng.choice([0, 1_000, 20_000, 300_000, 2_000_000], (16, nodes.n_nodes))


@given(sizes, seeds)
def test_value_equals_that_of_networkx_and_both_sides_have_it(size, seed):
    rng = np.random.default_rng(seed)
    nodes = grid_nodes(*size, rng)
    price = prices_on(nodes, rng)
    cut = minimum_cut(nodes, price)
    cost = arc_costs(nodes, price)
    assert cut.cost == peer_value(nodes, cost)
    for side in (cut.outside, cut.outside_near):
        assert cut_cost(nodes, cost, side) == cut.cost
        assert side[nodes.is_source].all()
        assert not side[nodes.is_sink].any()
    assert not (cut.outside & ~cut.outside_near).any()


@given(sizes, seeds)
def test_forbidden_arcs_are_never_cut_where_another_cut_exists(size, seed):
    rng = np.random.default_rng(seed)
    nodes = grid_nodes(*size, rng)
    barred = rng.random(len(nodes.tail)) < 0.15
    pairs = set(zip(nodes.tail[barred].tolist(), nodes.head[barred].tolist(), strict=True))
    both = [
        (t, h) in pairs or (h, t) in pairs
        for t, h in zip(nodes.tail.tolist(), nodes.head.tolist(), strict=True)
    ]
    nodes = replace(nodes, is_forbidden=np.array(both))
    price = prices_on(nodes, rng)
    cut = minimum_cut(nodes, price)
    crosses = cut.outside[nodes.tail] & ~cut.outside[nodes.head]
    if cut.is_closed:
        assert not (crosses & nodes.is_forbidden).any()
        assert cut.cost == peer_value(nodes, arc_costs(nodes, price))
    else:
        graph = networkx.Graph(
            zip(
                nodes.tail[nodes.is_forbidden].tolist(),
                nodes.head[nodes.is_forbidden].tolist(),
                strict=True,
            )
        )
        graph.add_edges_from(("streets", int(n)) for n in np.flatnonzero(nodes.is_source))
        graph.add_edges_from(("area", int(n)) for n in np.flatnonzero(nodes.is_sink))
        assert networkx.has_path(graph, "streets", "area")


@given(sizes, seeds, st.integers(1, 5))
def test_lower_prices_outside_nest_the_next_cut_and_never_cost_more(size, seed, n_rounds):
    rng = np.random.default_rng(seed)
    nodes = grid_nodes(*size, rng)
    price = prices_on(nodes, rng)
    cut = minimum_cut(nodes, price)
    for _ in range(n_rounds):
        anew = prices_on(nodes, rng)
        price = lowered(price, anew, cut.outside)
        whole = minimum_cut(nodes, price)
        nested = minimum_cut(replace(nodes, is_sink=~cut.outside), price)
        assert not (whole.outside & ~cut.outside).any()
        assert whole.cost == nested.cost <= cut.cost
        np.testing.assert_array_equal(whole.outside, nested.outside)
        cut = whole


def metres(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low * 100, high * 100).map(lambda cm: cm / 100)


boxes = st.lists(
    st.tuples(metres(-55, 45), metres(-55, 45), metres(2, 40), metres(2, 40)),
    min_size=3,
    max_size=9,
)


@settings(max_examples=15)
@given(boxes, seeds)
def test_never_dearer_than_the_boundary_or_any_distance_from_it(drawn, seed):
    """Closing every access point at the boundary, or the best ring around it, costs no less."""
    street = shapely.box(-60.0, -60.0, 60.0, -50.0)
    area = shapely.box(-10.0, -10.0, 10.0, 10.0)
    rooms = [shapely.box(x, y, x + w, y + h) for x, y, w, h in drawn]
    surface = shapely.union_all([street, area, *rooms])
    nodes = cut_ground(ground_of(surface), bounds=BOUNDS, sink=area)
    assume(nodes.is_source.any() and nodes.is_sink.any())
    rng = np.random.default_rng(seed)
    one_way = rng.choice([10_000, 50_000, 90_000], nodes.n_nodes)
    price = np.broadcast_to(one_way, (16, nodes.n_nodes))
    cut = minimum_cut(nodes, price)
    cost = arc_costs(nodes, price)
    away = shapely.distance(area, shapely.points(nodes.node_x, nodes.node_y))
    for distance in (0.0, 2.0, 5.0, 10.0, 20.0):
        ring = ((away > distance) & ~nodes.is_sink) | nodes.is_source
        assert cut.cost <= cut_cost(nodes, cost, ring)
    again = minimum_cut(nodes, price)
    np.testing.assert_array_equal(again.outside, cut.outside)
