"""Streets are cut where they join, end, or carry a barrier; nothing connects in mid-air."""

from itertools import pairwise

import numpy as np

from parvis.city.model import Segments
from parvis.city.segments import cut_streets, nodes_of


def cut(
    lines: list[list[tuple[int, float, float]]],
    *,
    levels: list[int] | None = None,
    split: list[int] | None = None,
) -> Segments:
    vertices = [vertex for line in lines for vertex in line]
    starts = np.cumsum([0, *(len(line) for line in lines)])
    return cut_streets(
        np.array([(x, y) for _, x, y in vertices], dtype=np.float64).reshape(-1, 2),
        starts.astype(np.int64),
        np.array([number for number, _, _ in vertices], dtype=np.int64),
        np.array(levels or [0] * len(lines), dtype=np.int8),
        np.zeros(len(vertices), dtype=bool),
        split_ids=np.array(split or [], dtype=np.int64),
    )


WEST_EAST = [(1, 0.0, 0.0), (2, 10.0, 0.0), (3, 20.0, 0.0)]


def test_line_without_junction_is_one_segment() -> None:
    segments = cut([WEST_EAST])
    assert segments.length.tolist() == [20.0]
    assert (segments.coord_start[0], segments.coord_end[0]) == (0, 3)


def test_shared_node_cuts_both_lines() -> None:
    segments = cut([WEST_EAST, [(4, 10.0, -5.0), (2, 10.0, 0.0), (5, 10.0, 5.0)]])
    assert len(segments.length) == 4
    assert len(segments.node_x) == 5
    ends = np.bincount(np.concatenate([segments.from_node, segments.to_node]))
    assert sorted(ends.tolist()) == [1, 1, 1, 1, 4]


def test_crossing_without_shared_node_does_not_join() -> None:
    segments = cut([WEST_EAST, [(4, 10.0, -5.0), (6, 10.0, 0.0), (5, 10.0, 5.0)]])
    assert len(segments.length) == 2


def test_barrier_node_always_cuts() -> None:
    segments = cut([WEST_EAST], split=[2])
    assert segments.length.tolist() == [10.0, 10.0]
    assert nodes_of(segments, np.array([2, 9])).tolist() == [
        int(np.flatnonzero(segments.node_osm_id == 2)[0]),
        -1,
    ]


def test_bridge_joins_where_it_ends() -> None:
    segments = cut([WEST_EAST, [(2, 10.0, 0.0), (5, 10.0, 5.0)]], levels=[0, 1])
    assert len(segments.length) == 3
    assert (segments.node_osm_id == 2).sum() == 1


def test_bridge_that_shares_a_vertex_with_the_street_below_does_not_join() -> None:
    over = [(4, 10.0, -5.0), (2, 10.0, 0.0), (5, 10.0, 5.0)]
    segments = cut([WEST_EAST, over], levels=[0, 1])
    at = np.flatnonzero(segments.node_osm_id == 2)
    assert len(at) in (0, 2)
    for street in (0, 1):
        own = segments.street == street
        other = segments.street != street
        mine = set(segments.from_node[own]) | set(segments.to_node[own])
        theirs = set(segments.from_node[other]) | set(segments.to_node[other])
        assert not mine & theirs


def test_line_that_ends_under_a_bridge_joins_its_own_level() -> None:
    over = [(4, 10.0, -5.0), (2, 10.0, 0.0), (5, 10.0, 5.0)]
    side = [(2, 10.0, 0.0), (6, 15.0, 5.0)]
    segments = cut([WEST_EAST, over, side], levels=[0, 1, 0])
    node_of_side = segments.from_node[segments.street == 2][0]
    ground = segments.street == 0
    assert node_of_side in set(segments.from_node[ground]) | set(segments.to_node[ground])
    bridge = segments.street == 1
    assert node_of_side not in set(segments.from_node[bridge]) | set(segments.to_node[bridge])


def test_closed_line_without_junction_is_one_segment_from_a_node_to_itself() -> None:
    ring = [(1, 0.0, 0.0), (2, 10.0, 0.0), (3, 10.0, 10.0), (1, 0.0, 0.0)]
    segments = cut([ring])
    assert len(segments.length) == 1
    assert segments.from_node[0] == segments.to_node[0]


def test_lengths_add_up_to_those_of_the_lines() -> None:
    rng = np.random.default_rng(7)
    lines = [
        [(int(node), float(node % 7) * 10.0, float(node // 7) * 10.0) for node in path]
        for path in rng.integers(0, 49, size=(30, 6))
    ]
    lines = [[line[0], *(b for a, b in pairwise(line) if a[0] != b[0])] for line in lines]
    segments = cut([line for line in lines if len(line) > 1])
    whole = sum(
        float(np.hypot(b[1] - a[1], b[2] - a[2])) for line in lines for a, b in pairwise(line)
    )
    assert np.isclose(segments.length.sum(), whole)


def test_no_lines_give_no_segments() -> None:
    segments = cut([])
    assert len(segments.length) == 0
    assert nodes_of(segments, np.array([1])).tolist() == [-1]
