"""Errors of values from one survey are drawn together."""

import numpy as np
import pytest

from parvis.indicators.joint import JointErrors, joint_replicates

KEYS = tuple((code, "2025", "city", "") for code in ("A-01", "A-02", "A-03"))
SPREAD = np.array([[4.0, 2.4, 0.1], [2.4, 2.25, 0.05], [0.1, 0.05, 0.01]])
JOINT = JointErrors(
    KEYS, np.array([60.0, 30.0, 3.4]), SPREAD, np.array([100.0, 100.0, 0.0]), np.full(3, 600.0)
)


def test_draws_have_the_covariance_and_the_means() -> None:
    drawn = JOINT.draws(40_000, seed=2)
    assert np.cov(drawn.T) == pytest.approx(SPREAD, rel=0.04, abs=0.004)
    assert drawn.mean(axis=0) == pytest.approx(JOINT.values, abs=0.05)


def test_the_same_seed_draws_the_same() -> None:
    assert np.array_equal(JOINT.draws(10, seed=5), JOINT.draws(10, seed=5))
    assert JOINT.correlation(KEYS[0], KEYS[1]) == pytest.approx(0.8)


def test_shares_at_their_ends_are_drawn_within_them() -> None:
    none = np.zeros((2, 2))
    sizes = np.array([400.0, 400.0])
    ends = JointErrors(KEYS[:2], np.array([0.0, 100.0]), none, np.full(2, 100.0), sizes)
    drawn = ends.draws(1000)
    assert 0.0 < drawn.min() < drawn.max() < 100.0
    assert np.quantile(drawn[:, 0], 0.99) < 5.0
    assert np.quantile(drawn[:, 1], 0.01) > 95.0


def test_a_value_of_two_deliveries_is_drawn_from_the_later() -> None:
    later = JointErrors(KEYS[:1], np.array([10.0]), np.eye(1), np.array([100.0]), np.array([900.0]))
    places = {key: (0, at) for at, key in enumerate(KEYS)}
    first, second = joint_replicates([JOINT, later], places, n=200)
    assert first.columns.tolist() == [1, 2]
    assert second.columns.tolist() == [0]
    assert second.draws.mean() == pytest.approx(10.0, abs=1.0)
