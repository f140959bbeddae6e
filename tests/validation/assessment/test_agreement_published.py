"""
Coefficients of agreement as published.

Sources
-------
K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania, 2011:
section A (binary, two observers, .095), section B (nominal, two observers, .692), sections C and D
(any number of observers, missing data: nominal .743, ordinal .815, interval .849). Tolerance: half
of the last digit printed.
Weighted kappa with linear weights: Agresti's table of 91 couples as analysed by the `Kappa`
function of the R package vcd (unweighted 0.1293, weighted 0.2374). Tolerance as above.
Weighted kappa with quadratic weights: the identity with the intraclass correlation of two raters,
J. L. Fleiss, J. Cohen, Educational and Psychological Measurement 33, 1973, 613-619; exact.
"""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parvis.assessment import krippendorff_alpha, weighted_kappa

NAN = np.nan
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
COUPLES = np.array([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]])


@pytest.mark.parametrize(
    ("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_four_observers_with_missing_data(metric, published):
    found = krippendorff_alpha(FOUR_OBSERVERS, metric=metric)
    assert found.value == pytest.approx(published, abs=5e-4)
    assert found.low < found.value < found.high <= 1.0


def test_alpha_of_two_observers_and_binary_data():
    ratings = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert krippendorff_alpha(ratings, metric="nominal").value == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_two_observers_and_nominal_data():
    said = ("aabbdcccedda", "babbbccceddd")
    ratings = [["abcde".index(key) for key in row] for row in said]
    assert krippendorff_alpha(ratings, metric="nominal").value == pytest.approx(0.692, abs=5e-4)


def couples() -> tuple[list[int], list[int]]:
    pairs = [
        (row, column) for (row, column), count in np.ndenumerate(COUPLES) for _ in range(count)
    ]
    return [row for row, _ in pairs], [column for _, column in pairs]


def test_linearly_weighted_kappa_of_couples():
    found = weighted_kappa(*couples(), n_levels=4, weights="linear")
    assert found.value == pytest.approx(0.2374, abs=5e-5)


ranks = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=40)


@given(ranks)
def test_quadratically_weighted_kappa_is_the_intraclass_correlation(pairs):
    first, second = np.array(pairs, dtype=float).T
    spread = first.var() + second.var() + (first.mean() - second.mean()) ** 2
    assume(spread > 0)
    expected = 2 * np.mean((first - first.mean()) * (second - second.mean())) / spread
    found = weighted_kappa(first, second, n_levels=5, weights="quadratic").value
    assert found == pytest.approx(expected)


@given(ranks)
def test_with_two_levels_the_weights_do_not_matter(pairs):
    first, second = np.array(pairs).T > 2
    linear = weighted_kappa(first, second, n_levels=2, weights="linear")
    assert linear == weighted_kappa(first, second, n_levels=2, weights="quadratic")
