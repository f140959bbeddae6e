"""Distances on foot, against networkx and against distances known by drawing."""

import itertools

import networkx as nx
import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.indicators.geodata.walking import NONE, Places, walking_network
from parvis.packs.geodata import shipped_geodata

RULES = shipped_geodata().walking


def points(*xy):
    return np.array([shapely.Point(each) for each in xy], dtype=object)


def gone(network, start, goal, within=100.0):
    sources = network.placed(points(start), within)
    return float(network.distances(sources, network.placed(points(goal), within))[0])


def grid(rng, size=6):
    """Streets between the corners of a grid that is bent a little, some left out."""
    corner = {
        (i, j): (100.0 * i + rng.uniform(-30, 30), 100.0 * j + rng.uniform(-30, 30))
        for i in range(size)
        for j in range(size)
    }
    sides = [((i, j), (i + 1, j)) for i in range(size - 1) for j in range(size)]
    sides += [((i, j), (i, j + 1)) for i in range(size) for j in range(size - 1)]
    kept = [side for side in sides if rng.random() < 0.75]
    return [Street([corner[a], corner[b]]) for a, b in kept]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_distances_are_those_of_networkx(seed):
    rng = np.random.default_rng(seed)
    network = walking_network(draw_city(grid(rng)), RULES)
    n_ways = len(network.length)

    def places(n):
        way = rng.integers(0, n_ways, n)
        return Places(way, rng.random(n) * network.length[way], rng.random(n) * 20.0)

    sources, targets = places(5), places(40)
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(network.node_xy)))
    for way, (a, b) in enumerate(network.ends):
        cuts = [(0.0, int(a)), (float(network.length[way]), int(b))]
        for kind, each in (("s", sources), ("t", targets)):
            cuts += [(float(each.along[k]), f"{kind}{k}") for k in np.flatnonzero(each.way == way)]
        cuts.sort(key=lambda cut: cut[0])
        for (at, one), (after, other) in itertools.pairwise(cuts):
            graph.add_edge(one, other, weight=after - at)
    for k in range(5):
        graph.add_edge("start", f"s{k}", weight=float(sources.off[k]))
    reached = nx.single_source_dijkstra_path_length(graph, "start")
    expected = [reached.get(f"t{k}", np.inf) + targets.off[k] for k in range(40)]
    assert network.distances(sources, targets) == pytest.approx(np.array(expected), rel=1e-9)


def test_what_lies_off_the_network_is_walked_too():
    network = walking_network(draw_city([Street([(0, 0), (1000, 0)])]), RULES)
    assert gone(network, (100, 30), (500, 40)) == pytest.approx(30 + 400 + 40)


def test_a_place_farther_than_allowed_is_on_no_way():
    network = walking_network(draw_city([Street([(0, 0), (1000, 0)])]), RULES)
    found = network.placed(points((500, 100.5), (500, 99.5)), 100.0)
    assert list(found.way == NONE) == [True, False]


def test_people_go_round_where_no_way_leads_across():
    apart = [Street([(0, 0), (1000, 0)]), Street([(0, 50), (1000, 50)]), Street([(0, 0), (0, 50)])]
    network = walking_network(draw_city(apart), RULES)
    assert gone(network, (900, 0), (900, 50)) == pytest.approx(900 + 50 + 900)


@pytest.mark.parametrize(
    ("street", "is_walked"),
    [
        (Street([(0, 0), (900, 0)], "footway"), True),
        (Street([(0, 0), (900, 0)], "steps", flags=frozenset({"steps"})), True),
        (Street([(0, 0), (900, 0)], "motorway"), False),
        (Street([(0, 0), (900, 0)], "trunk"), False),
        (Street([(0, 0), (900, 0)], "tram"), False),
    ],
)
def test_people_walk_along_streets_and_paths_but_no_tracks_and_motorways(street, is_walked):
    network = walking_network(draw_city([street]), RULES)
    assert bool(len(network.length)) is is_walked


def test_a_bridge_is_not_stepped_onto_from_below():
    bridge = Street([(0, 0), (1000, 0)], level=1, flags=frozenset({"bridge"}))
    street = Street([(0, 60), (1000, 60)])
    network = walking_network(draw_city([bridge, street]), RULES)
    found = network.placed(points((500, 5)), 100.0)
    assert found.off[0] == pytest.approx(55.0)


def test_a_short_piece_that_joins_nothing_is_taken_for_a_gap_of_the_map():
    pieces = [Street([(0, 0), (1000, 0)]), Street([(500, 20), (520, 20)], "footway")]
    network = walking_network(draw_city(pieces), RULES)
    assert network.placed(points((510, 25)), 100.0).off[0] == pytest.approx(25.0)


def test_a_square_is_crossed_between_the_streets_that_end_at_it():
    streets = [
        Street([(-400, 50), (0, 50)]),
        Street([(100, 50), (500, 50)]),
        Street([(50, 100), (50, 500)]),
    ]
    square = Thing("pedestrian", shapely.box(0, 0, 100, 100))
    open_ground = walking_network(draw_city(streets, areas=[square]), RULES)
    assert gone(open_ground, (-100, 50), (200, 50)) == pytest.approx(300.0)
    assert gone(open_ground, (-100, 50), (50, 200)) == pytest.approx(200 + np.hypot(50, 50))
    without = walking_network(draw_city(streets), RULES)
    assert np.isinf(gone(without, (-100, 50), (200, 50), within=20.0))


def test_around_a_bent_square_people_keep_to_its_ground():
    bent = shapely.Polygon([(0, 0), (300, 0), (300, 300), (200, 300), (200, 100), (0, 100)])
    streets = [Street([(-400, 50), (0, 50)]), Street([(250, 300), (250, 700)])]
    square = Thing("square", bent)
    network = walking_network(draw_city(streets, areas=[square]), RULES)
    straight = np.hypot(250, 250)
    found = gone(network, (-10, 50), (250, 310)) - 20.0
    assert straight < found <= 50 + 200 + 200 + 50 + 50


def test_nobody_arrives_where_there_is_no_source():
    network = walking_network(draw_city([Street([(0, 0), (1000, 0)])]), RULES)
    none = network.placed(points((500, 900)), 100.0)
    assert np.isinf(network.distances(none, network.placed(points((5, 0)), 100.0))).all()
