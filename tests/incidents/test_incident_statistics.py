"""What holds for hot spots, densities, near repeats, concentration and profiles of incidents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.errors import ParvisError
from parvis.incidents.concentration import concentration
from parvis.incidents.density import grid_around, planar_density
from parvis.incidents.hotspots import (
    false_discoveries,
    hot_spots,
    neighbours_on_grid,
    neighbours_within,
)
from parvis.incidents.network import LinearNetwork, linear_k, network_density, pair_distances
from parvis.incidents.profiles import hours_of_week, months, profile
from parvis.incidents.repeats import near_repeats
from parvis.incidents.reporting import Reporting
from parvis.report.messages import describe

seeds = st.integers(0, 10_000)


def refusal(function, *args, **options) -> str:
    with pytest.raises(ParvisError) as caught:
        function(*args, **options)
    return describe(caught.value)


@given(seeds, st.floats(0.1, 50.0), st.floats(-20.0, 20.0))
def test_hot_spots_do_not_depend_on_the_unit(seed, factor, shift):
    values = np.random.default_rng(seed).poisson(3.0, 36).astype(float)
    values[0] += 1.0
    neighbours = neighbours_on_grid(6, 6)
    moved = hot_spots(values * factor + shift, neighbours).z
    assert moved == pytest.approx(hot_spots(values, neighbours).z, abs=1e-6)


@given(seeds)
def test_hot_spots_do_not_depend_on_the_order_of_places(seed):
    drawn = np.random.default_rng(seed)
    xy, values = drawn.random((40, 2)) * 100.0, drawn.poisson(3.0, 40).astype(float)
    order = drawn.permutation(40)
    straight = hot_spots(values, neighbours_within(xy, 25.0)).z
    mixed = hot_spots(values[order], neighbours_within(xy[order], 25.0)).z
    assert mixed == pytest.approx(straight[order], abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("reach", [1, 2])
def test_a_square_of_cells_is_what_lies_within_its_corner(reach):
    row, column = np.divmod(np.arange(35), 7)
    values = np.random.default_rng(reach).poisson(2.0, 35)
    # With the largest of both distances, a square is a circle.
    near = np.maximum(np.abs(row[:, None] - row), np.abs(column[:, None] - column)) <= reach
    found = neighbours_on_grid(5, 7, reach)
    assert [
        list(found.index[first:last])
        for first, last in zip(found.start[:-1], found.start[1:], strict=True)
    ] == [list(np.flatnonzero(line)) for line in near]
    assert len(hot_spots(values, found).z) == 35


def test_values_without_variation_have_no_hot_spots():
    found = hot_spots(np.full(9, 4.0), neighbours_on_grid(3, 3))
    assert np.isnan(found.z).all()
    assert not found.is_high.any()


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_stricter_control_raises_every_p(p):
    none, bh, by = (false_discoveries(p, control=control) for control in ("none", "bh", "by"))
    assert (none <= bh + 1e-12).all()
    assert (bh <= by + 1e-12).all()
    assert (by <= 1.0).all()


def test_false_discoveries_stay_rare_in_noise():
    drawn, neighbours = np.random.default_rng(5), neighbours_on_grid(12, 12)
    found = [hot_spots(drawn.normal(size=144), neighbours).is_high.any() for _ in range(200)]
    assert np.mean(found) <= 0.05


@given(seeds)
def test_density_holds_as_many_as_there_are(seed):
    xy = np.random.default_rng(seed).random((50, 2)) * 200.0 + 1000.0
    grid = grid_around(np.vstack([xy, [[800.0, 800.0], [1400.0, 1400.0]]]), 5.0)
    assert planar_density(xy, grid, 60.0).sum() * 25.0 == pytest.approx(50.0, rel=0.01)
    assert grid.counts(xy).sum() == 50


def star(arms: int, length: float) -> LinearNetwork:
    ends = np.column_stack([np.zeros(arms, dtype=np.int64), np.arange(1, arms + 1)])
    return LinearNetwork(arms + 1, ends, np.full(arms, length))


@pytest.mark.parametrize("arms", [2, 3, 5])
def test_density_at_a_junction_is_shared_by_its_streets(arms):
    away, deviation = 20.0, 30.0
    found = network_density(star(arms, 400.0), [0], [away / 400.0], deviation)
    at = (found.segment == arms - 1) & (np.abs(found.along * 400.0 - 40.0) < 1.0)
    walked = found.along[at] * 400.0 + away
    bell = np.exp(-((walked / deviation) ** 2) / 2.0) / (deviation * np.sqrt(2.0 * np.pi))
    assert found.density[at] == pytest.approx(2.0 / arms * bell, rel=0.01)


def test_distances_take_the_shorter_of_two_ways_between_the_same_ends():
    ring = LinearNetwork(2, np.array([[0, 1], [0, 1], [1, 1]]), np.array([10.0, 4.0, 3.0]))
    found = pair_distances(ring, [0, 0, 1], [0.1, 0.9, 0.5])
    assert found[0, 1] == pytest.approx(6.0)
    assert found[0, 2] == pytest.approx(3.0)
    assert (found == found.T).all()
    assert (np.diag(found) == 0.0).all()


def test_points_of_separate_networks_are_infinitely_far():
    apart = LinearNetwork(4, np.array([[0, 1], [2, 3]]), np.array([5.0, 5.0]))
    assert pair_distances(apart, [0, 1], [0.5, 0.5])[0, 1] == np.inf
    assert linear_k(apart, [0, 1], [0.5, 0.5], [100.0]) == [0.0]


def test_chance_gives_the_radius_itself_whatever_the_network():
    network, drawn = star(6, 100.0), np.random.default_rng(2)
    radii = np.array([20.0, 60.0, 120.0])
    found = [
        linear_k(network, drawn.integers(0, 6, 80), drawn.random(80), radii) for _ in range(60)
    ]
    assert np.mean(found, axis=0) == pytest.approx(radii, rel=0.05)


def test_pairs_at_the_end_of_a_bin_belong_to_the_next():
    xy = [[0.0, 0.0], [0.0, 0.0], [100.0, 0.0], [5000.0, 0.0]]
    found = near_repeats(xy, [0, 6, 7, 90], distances=(100.0, 200.0), days=(7, 14))
    assert found.distances == ((0.0, 0.0), (0.0, 100.0), (100.0, 200.0))
    assert found.days == ((0, 7), (7, 14))
    assert found.pairs.tolist() == [[1, 0], [0, 0], [1, 1]]


def test_planted_repeats_are_found_and_noise_is_not():
    drawn = np.random.default_rng(8)
    xy, day = drawn.random((300, 2)) * 5000.0, drawn.integers(0, 365, 300)
    noise = near_repeats(xy, day, permutations=199)
    assert noise.p.min() > 1.0 / 200.0
    near = xy[:60] + drawn.normal(0.0, 30.0, (60, 2))
    both = near_repeats(np.vstack([xy, near]), np.r_[day, day[:60] + 3], permutations=199)
    assert both.p[1, 0] == pytest.approx(1.0 / 200.0)
    assert both.ratio[1, 0] > 2.0


def test_the_same_seed_gives_the_same_permutations():
    drawn = np.random.default_rng(1)
    xy, day = drawn.random((80, 2)) * 1000.0, drawn.integers(0, 60, 80)
    first, again, other = (near_repeats(xy, day, permutations=99, seed=s) for s in (4, 4, 5))
    assert (first.expected == again.expected).all()
    assert (first.expected != other.expected).any()


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40).filter(any), st.integers(0, 50))
def test_concentration_lies_between_even_and_one_place(counts, empty):
    found = concentration(counts, n_places=len(counts) + empty)
    assert -1e-9 <= found.gini_sparse <= found.gini + 1e-9 < 1.0
    assert 0.0 < found.share_of_places <= 1.0
    assert (np.diff(found.curve[:, 1]) >= -1e-12).all()


def test_incidents_spread_as_evenly_as_they_can_are_not_concentrated():
    assert concentration([1] * 5, n_places=100).gini_sparse == pytest.approx(0.0)
    assert concentration([4] * 25).gini == pytest.approx(0.0)
    assert concentration([50], n_places=100).gini == pytest.approx(0.99)
    assert np.isnan(concentration([0, 0]).gini)


def test_an_incident_between_two_times_counts_in_parts():
    start = np.array(["2026-03-02T22:30"], dtype="datetime64[m]")  # a Monday
    shares, known = hours_of_week(start, start + np.timedelta64(180, "m"))
    assert known.all()
    assert shares[22:26] == pytest.approx([1 / 6, 1 / 3, 1 / 3, 1 / 6])
    assert shares.sum() == pytest.approx(1.0)


@given(seeds)
def test_every_incident_with_a_time_counts_once(seed):
    drawn = np.random.default_rng(seed)
    start = np.datetime64("2026-01-01T00:00") + drawn.integers(0, 600_000, 60)
    end = start + drawn.integers(0, 10_080, 60) * drawn.integers(0, 2, 60)
    start[:5] = np.datetime64("NaT")
    found = profile(start, end)
    assert found.counts.sum() == pytest.approx(55.0)
    assert (found.n, found.n_unknown) == (55, 5)
    assert (found.low <= found.high).all()


def test_months_without_incidents_stand_in_the_list():
    month, counts = months(np.array(["2026-01-05", "2026-03-05", "2026-03-06"], "datetime64[D]"))
    assert [str(each) for each in month] == ["2026-01", "2026-02", "2026-03"]
    assert counts[:, 0].tolist() == [1.0, 0.0, 2.0]
    assert counts[0, 3] == pytest.approx(30.0 / 31.0)


@pytest.mark.parametrize(
    ("function", "args", "options", "said"),
    [
        (Reporting, (0.0, "survey"), {}, "Reporting rate: '0' cannot be used"),
        (Reporting, (0.4, ""), {}, "Source of the reporting rate"),
        (concentration, ([1, 2],), {"n_places": 1}, "at least 2"),
        (concentration, ([-1],), {}, "no count"),
        (hot_spots, ([1.0, 2.0], neighbours_on_grid(1, 2)), {}, "at least 3 places"),
        (grid_around, ([[0.0, 0.0], [1e9, 1e9]], 1.0), {}, "at most"),
        (near_repeats, ([[0, 0], [1, 1]], [1, 2]), {"days": (7, 7)}, "rising numbers"),
        (near_repeats, ([[0, 0], [1, 1]], [1, 2]), {"permutations": 9}, "at least 99"),
        (network_density, (star(2, 9.0), [0], [0.5], 0.0), {}, "above 0"),
        (pair_distances, (star(2, 9.0), [7], [0.5]), {}, "points on its segments"),
    ],
)
def test_what_is_refused_is_said(function, args, options, said):
    assert said in refusal(function, *args, **options)
