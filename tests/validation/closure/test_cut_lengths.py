"""
Length of a cut from face to face, against passages of known width at many rotations.

Source: widths are true by construction; the weights are the Cauchy-Crofton formula of integral
geometry for sixteen directions, whose error for a straight line lies between -1.5 and +1.4 %.
Tolerance: 2 % and 0.35 m; below 2 m, where a cell is as wide as the eroded passage, 0.7 m.
"""

import numpy as np
import pytest
import shapely
from cut_rooms import nodes_of, turned

from parvis.closure.cut import minimum_cut
from parvis.closure.cut_ground import CELL, STEP_COLUMN, STEP_ROW, _arc_weights

CENTS = 100_000


@pytest.mark.parametrize("width", [1.5, 2.5, 3.5, 7.0, 12.0, 25.0])
def test_a_passage_costs_its_width_at_any_rotation(width):
    tolerance = 0.02 * width + (0.35 if width >= 2.0 else 0.7)
    for degrees in (0.0, 8.0, 17.0, 26.6, 36.0, 45.0, 70.0):
        passage = turned(shapely.box(-100.0, -width / 2, 100.0, width / 2), degrees)
        sink = turned(shapely.box(30.0, -20.0, 100.0, 20.0), degrees)
        cut = minimum_cut(nodes_of(passage, sink), CENTS)
        assert cut.cost / CENTS == pytest.approx(width, abs=tolerance)


def test_a_straight_line_has_its_length_at_any_rotation():
    angle = np.linspace(0.0, 2.0 * np.pi, 721)
    across = STEP_COLUMN * np.sin(angle)[:, None] - STEP_ROW * np.cos(angle)[:, None]
    length = (np.maximum(across, 0.0) * _arc_weights()).sum(axis=1) / CELL
    assert length.min() > 0.985
    assert length.max() < 1.014
