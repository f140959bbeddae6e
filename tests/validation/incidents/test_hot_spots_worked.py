"""
Gi* of a worked case, and equality with a library where it is installed.

Source
------
Worked case of 4 × 4 cells with binary neighbours, cells included, computed by hand from the
formula of Ord and Getis (1995); tolerance 5e-5, its printed decimals. esda 2.9, tolerance 1e-10.
"""

import numpy as np
import pytest

from parvis.incidents.hotspots import hot_spots, neighbours_on_grid

VALUES = [[0, 1, 2, 1], [1, 3, 9, 2], [2, 8, 12, 4], [1, 2, 3, 0]]
EXPECTED = [
    [-1.2901, -0.4653, -0.1675, 0.2081],
    [-0.6142, 1.3531, 1.9343, 1.6192],
    [-0.3164, 1.7890, 2.0796, 1.6192],
    [0.0416, 1.3214, 1.4703, 1.0404],
]


def test_worked_case_stands_out_only_without_control():
    values = np.array(VALUES).ravel()
    neighbours = neighbours_on_grid(4, 4)
    found = {control: hot_spots(values, neighbours, control=control) for control in ("by", "none")}
    assert found["by"].z == pytest.approx(np.array(EXPECTED).ravel(), abs=5e-5)
    assert found["none"].is_high.sum() == 1
    assert hot_spots(values, neighbours, control="bh").is_high.sum() == 0
    assert found["by"].is_high.sum() == 0


def test_as_esda_says():
    esda, libpysal = pytest.importorskip("esda"), pytest.importorskip("libpysal")
    values = np.random.default_rng(3).poisson(2.0, 400).astype(float)
    weights = libpysal.weights.fill_diagonal(libpysal.weights.lat2W(20, 20, rook=False), 1.0)
    peer = esda.G_Local(values, weights, transform="B", permutations=0, star=True)
    assert hot_spots(values, neighbours_on_grid(20, 20)).z == pytest.approx(peer.Zs, abs=1e-10)
