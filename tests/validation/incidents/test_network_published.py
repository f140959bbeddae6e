"""
Distances, counts and densities along a street network equal those of a published package.

Source
------
116 points on a network of 503 segments (the data set ``chicago`` of spatstat.data), evaluated with
spatstat.linnet 3.0-6. Tolerances: distances 1e-6 of a foot (the file has six decimals); linear K
within one step (3 feet) of the grid the package interpolates on; densities 3.2e-4 points per foot,
root mean square 1.5 % (its own mesh, and its first-order part of a point at itself).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from parvis.incidents.network import LinearNetwork, linear_k, network_density, pair_distances

STEP = 3.0
DEVIATION = 60.0


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    found = shared_data / "incidents" / "chicago_linnet"
    if not found.is_dir():
        pytest.skip("no incidents/chicago_linnet in the shared data")
    return found


@pytest.fixture(scope="module")
def network(folder):
    segments = pd.read_csv(folder / "segments.csv")
    ends = segments[["from", "to"]].to_numpy() - 1
    n = len(pd.read_csv(folder / "vertices.csv"))
    return LinearNetwork(n, ends, segments["length"].to_numpy())


@pytest.fixture(scope="module")
def points(folder):
    table = pd.read_csv(folder / "points.csv")
    return table["seg"].to_numpy() - 1, table["tp"].to_numpy()


def test_all_pair_distances(folder, network, points):
    expected = pd.read_csv(folder / "expected_network_pairdist.csv.gz", header=None).to_numpy()
    assert expected.shape == (116, 116)
    assert pair_distances(network, *points) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("column", "is_corrected"), [("K_net_none", False), ("K_Ang", True)])
def test_linear_k(folder, network, points, column, is_corrected):
    table = pd.read_csv(folder / "expected_linearK.csv")
    radii, expected = table["r"].to_numpy(), table[column].to_numpy()
    below, above = (
        linear_k(network, *points, np.maximum(radii + step, 0.0), is_corrected=is_corrected)
        for step in (-STEP, STEP)
    )
    assert (expected >= below - 1e-6).all()
    assert (expected <= above + 1e-6).all()
    at = linear_k(network, *points, radii, is_corrected=is_corrected)
    assert at == pytest.approx(expected, rel=0.012)


def test_density_at_the_points_without_themselves(folder, network, points):
    expected = pd.read_csv(folder / "expected_network_kde_sigma60_points.csv")["density"]
    segment, along = points
    found = network_density(network, segment, along, DEVIATION).at_points
    degree = np.bincount(network.ends.ravel(), minlength=network.n_vertices)
    bounce = 2.0 / degree[network.ends[segment]] - 1.0
    length = network.length[segment]
    own = height(0.0)
    for end, away in ((0, along * length), (1, (1.0 - along) * length)):
        own = own + bounce[:, end] * height(2.0 * away)
    gap = found - own - expected.to_numpy()
    assert np.abs(gap).max() < 3.2e-4
    assert np.sqrt((gap**2).sum() / (expected**2).sum()) < 0.015


def height(distance):
    return np.exp(-((distance / DEVIATION) ** 2) / 2.0) / (DEVIATION * np.sqrt(2.0 * np.pi))
