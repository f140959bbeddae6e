"""The vectorised cutting of streets against a walk along each line in plain Python."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from parvis.city.model import Segments
from parvis.city.segments import cut_streets

Line = tuple[int, list[int]]
"""Level and nodes."""


def place(node: int) -> tuple[float, float]:
    return float(node % 4) * 10.0, float(node // 4) * 7.0


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Line], list[int]]:
    line = st.tuples(
        st.integers(-1, 1), st.lists(st.integers(0, 11), min_size=2, max_size=6)
    ).filter(lambda item: all(a != b for a, b in zip(item[1], item[1][1:], strict=False)))
    return (
        draw(st.lists(line, min_size=1, max_size=8)),
        draw(st.lists(st.integers(0, 11), max_size=3)),
    )


def cut(lines: list[Line], split: list[int]) -> Segments:
    nodes = np.array([node for _, line in lines for node in line], dtype=np.int64)
    return cut_streets(
        np.array([place(int(node)) for node in nodes]),
        np.cumsum([0, *(len(line) for _, line in lines)]).astype(np.int64),
        nodes,
        np.array([level for level, _ in lines], dtype=np.int8),
        np.zeros(len(nodes), dtype=bool),
        split_ids=np.array(split, dtype=np.int64),
    )


def walk(lines: list[Line], split: list[int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the ends of all segments as (node, storey), storey 0 where all levels join."""
    through: dict[int, set[int]] = defaultdict(set)
    for level, line in lines:
        for node in line[1:-1]:
            through[node].add(level)

    def joint(node: int, level: int) -> tuple[int, int]:
        storeys = sorted(through[node])
        if len(storeys) < 2:
            return node, 0
        return node, 100 + min(storeys, key=lambda storey: (abs(storey - level), storey))

    met: dict[tuple[int, int], int] = defaultdict(int)
    for level, line in lines:
        for node in line:
            met[joint(node, level)] += 1
    ends = []
    for level, line in lines:
        last = joint(line[0], level)
        for i, node in enumerate(line[1:], 1):
            here = joint(node, level)
            if i == len(line) - 1 or met[here] > 1 or node in split:
                ends.append((last, here))
                last = here
    return ends


@given(networks())
def test_segments_are_those_of_a_walk_along_each_line(
    network: tuple[list[Line], list[int]],
) -> None:
    lines, split = network
    segments, expected = cut(lines, split), walk(lines, split)
    assert len(segments.length) == len(expected)
    row_of: dict[tuple[int, int], int] = {}
    for i, joints in enumerate(expected):
        rows = (int(segments.from_node[i]), int(segments.to_node[i]))
        for joint, row in zip(joints, rows, strict=True):
            assert segments.node_osm_id[row] == joint[0]
            assert row_of.setdefault(joint, row) == row
    assert len(set(row_of.values())) == len(row_of) == len(segments.node_x)


@given(networks(), st.randoms(use_true_random=False))
def test_order_of_lines_changes_no_segment(
    network: tuple[list[Line], list[int]], random: object
) -> None:
    lines, split = network
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(cut(lines, split).length) == sorted(cut(shuffled, split).length)
    assert len(cut(lines, split).node_x) == len(cut(shuffled, split).node_x)


@given(networks())
def test_more_barriers_split_but_lose_no_length(network: tuple[list[Line], list[int]]) -> None:
    lines, split = network
    plain, more = cut(lines, []), cut(lines, split)
    assert len(more.length) >= len(plain.length)
    np.testing.assert_allclose(more.length.sum(), plain.length.sum())
