"""Colourings of matrices follow the axioms of Cox (2008)."""

from itertools import product

import pytest

from parvis.packs.framework_matrix import colouring_problems

LOW, MID, TOP = 0, 1, 2


def told(ranks: list[list[int]], highest: int = TOP) -> str:
    return " | ".join(what for _, what in colouring_problems(ranks, highest))


def test_three_by_three_has_one_colouring() -> None:
    good = [
        cells
        for cells in product((LOW, MID, TOP), repeat=4)
        if not told([[LOW] * 3, [LOW, *cells[:2]], [LOW, *cells[2:]]])
    ]
    assert good == [(MID, MID, MID, TOP)]


@pytest.mark.parametrize(
    "ranks",
    [
        [[0, 0, 0, 0], [0, 1, 1, 1], [0, 1, 1, 2], [0, 1, 2, 2]],
        [[0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [0, 1, 1, 1, 2], [0, 1, 1, 2, 2], [0, 1, 2, 2, 2]],
    ],
)
def test_larger_ones_have_some(ranks: list[list[int]]) -> None:
    assert told(ranks) == ""


def test_each_axiom_names_its_cells() -> None:
    assert "betweenness: row 3, column 3" in told([[0, 0, 0], [0, 0, 1], [0, 1, 2]])
    assert "weak consistency: row 3, column 2 is lower than row 2" in told(
        [[0, 0, 0], [0, 1, 1], [0, 0, 2]]
    )
    assert "row 1, column 3 must be of the lowest class" in told([[0, 0, 1], [0, 1, 1], [0, 1, 2]])
    assert "row 2, column 3 may not be of the highest" in told([[0, 0, 0], [0, 1, 2], [0, 1, 2]])
    assert "row 3, column 3 must be of the highest" in told([[0, 0, 0], [0, 1, 1], [0, 1, 1]])


def test_a_low_cell_may_not_hold_worse_than_a_high_one() -> None:
    ranks = [[0] * 6, [0] * 6, [0, 0, 0, 0, 0, 1], [0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2],
             [0, 0, 1, 1, 2, 2]]  # fmt: skip
    assert told(ranks) == ""
    ranks[2] = [0, 0, 1, 2, 2, 2]
    assert "holds what may be worse than" in told(ranks)


def test_two_levels_or_two_classes_cannot_be_coloured() -> None:
    assert "needs at least 3 levels" in told([[0, 0], [0, 1]], 1)
    assert "needs at least 3 levels" in told([[0, 0, 0], [0, 1, 1], [0, 1, 1]], 1)
