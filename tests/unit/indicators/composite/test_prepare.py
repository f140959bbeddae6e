"""Denominators, gaps, screening, treatment, coherence: worked cases and their edges."""

import numpy as np
import pytest
from composite_trees import SAFETY, districts

from parvis.indicators.composite import (
    Imputation,
    Node,
    Rows,
    coherence,
    denominate,
    describe_columns,
    importance,
    impute,
    plant,
    screen,
    treat,
)
from parvis.indicators.composite.coherence import (
    correlations,
    cronbach_alpha,
    principal_components,
    variance_inflation,
)
from parvis.indicators.composite.errors import ReferenceMissingError, TooFewUnitsError
from parvis.indicators.composite.ranks import ranks, standings

TREE = plant(
    [
        Node("T", is_indicator=False),
        Node("thefts", parent="T", denominator="people"),
        Node("lux", parent="T"),
    ]
)


def test_a_value_is_missing_where_its_denominator_is_zero_or_missing():
    found, notices = denominate(
        [[10.0, 1.0], [10.0, 1.0], [np.nan, 1.0], [8.0, 1.0]],
        TREE,
        {"people": [1000.0, 0.0, 10.0, np.nan]},
    )
    assert found[0].tolist() == [0.01, 1.0]
    assert np.isnan(found[1:, 0]).all()
    assert [dict(n.details) for n in notices] == [{"key": "thefts", "column": "people", "n": 2}]


def test_a_denominator_that_is_not_there_is_refused():
    with pytest.raises(ReferenceMissingError):
        denominate([[10.0, 1.0]], TREE, {})


def test_gaps_are_filled_from_the_same_group_and_period():
    rows = Rows(("a", "b", "c", "d"), ("1", "1", "1", "2"))
    values = [[1.0, 5.0], [np.nan, np.nan], [9.0, np.nan], [100.0, np.nan]]
    found = impute(values, TREE, rows, method=Imputation.GROUP_MEAN, groups=("x", "x", "y", "x"))
    assert found.values[1].tolist() == [1.0, 5.0]
    assert np.isnan(found.values[[2, 3], 1]).all()
    assert found.imputed.sum() == 2
    everyone = impute(values, TREE, rows, method=Imputation.MEDIAN)
    assert everyone.values[1, 0] == 5.0


def test_nothing_is_filled_unless_asked_for():
    found = impute([[1.0, np.nan]], TREE, Rows(("a",)), method=Imputation.NONE)
    assert not found.imputed.any()


def test_values_are_carried_two_periods_at_most_whatever_the_order_of_rows():
    periods = ("4", "1", "3", "2")
    rows = Rows(("a",) * 4, periods)
    values = np.array([[np.nan, 1.0] if p != "1" else [7.0, 1.0] for p in periods])
    found = impute(values, TREE, rows, method=Imputation.CARRY).values[:, 0]
    by_period = dict(zip(periods, found, strict=True))
    assert [by_period["2"], by_period["3"]] == [7.0, 7.0]
    assert np.isnan(by_period["4"])


def test_screening_counts_values_and_zeros():
    found = screen([[1.0, np.nan], [0.0, 0.0], [1.0, 2.0], [np.nan, np.nan]], TREE)
    assert found.available.tolist() == [0.5, 1.0, 1.0, 0.0]
    assert found.kept.tolist() == [False, True, True, False]
    strict = screen([[0.0, 0.0], [1.0, 0.0]], TREE, least_non_zero=0.05)
    assert strict.kept.tolist() == [False, True]


def test_an_outlier_takes_the_value_of_the_next():
    column = np.append(np.arange(1.0, 21.0), 500.0)
    found = treat(column[:, None])
    assert found.values.max() == 20.0
    assert found.n_winsorised.tolist() == [1]
    low = treat(-column[:, None])
    assert low.values.min() == -20.0


def test_columns_that_drawing_in_does_not_help_become_logarithmic():
    column = np.exp(np.linspace(0, 12, 40)) ** 2
    found = treat(column[:, None], most_winsorised=1)
    assert found.is_logarithmic.tolist() == [True]
    assert found.n_winsorised.tolist() == [0]
    assert (np.diff(found.values[:, 0]) > 0).all()


def test_fewer_than_ten_rows_are_left_alone_with_the_reason():
    found = treat(np.array([[1.0], [2.0], [1e9]]))
    assert found.values.max() == 1e9
    assert [n.code for n in found.notices] == ["composite_few_for_treatment"]


def test_gaps_and_columns_without_spread_survive_treatment():
    table = np.full((12, 3), 4.0)
    table[:, 1] = np.nan
    table[3, 0] = np.nan
    found = treat(table).values
    assert (np.isnan(found) == np.isnan(table)).all()


def test_draws_are_treated_each_on_its_own():
    rng = np.random.default_rng(3)
    table = np.exp(rng.normal(0, 1.5, (5, 30, 4)))
    together = treat(table)
    for number in range(5):
        alone = treat(table[number])
        assert (together.values[number] == alone.values).all()
        assert (together.n_winsorised[number] == alone.n_winsorised).all()


def test_columns_with_too_few_values_are_described_as_far_as_it_goes():
    found = describe_columns([[1.0, np.nan, 2.0], [1.0, np.nan, 3.0], [np.nan, np.nan, 7.0]])
    assert found.n_available.tolist() == [2, 0, 3]
    assert np.isnan(found.mean[1])
    assert np.isnan(found.skewness[0])
    assert np.isfinite(found.skewness[2])
    assert np.isnan(found.excess_kurtosis[2])


def test_ranks_of_ties_and_gaps():
    column = np.array([[2.0], [np.nan], [2.0], [5.0], [1.0]])
    assert ranks(column)[0].ravel().tolist()[2:] == [2, 4, 1]
    assert ranks(column, -1.0)[0].ravel().tolist()[2:] == [2, 1, 4]
    assert standings(column[:, 0])[[0, 2, 3, 4]].tolist() == [2, 2, 1, 4]


def test_coherence_is_off_below_ten_rows_with_the_reason():
    values, _ = districts(9)
    found, notices = coherence(np.hstack([values, values[:, :6]]), SAFETY)
    assert found == ()
    assert [n.code for n in notices] == ["composite_few_for_coherence"]
    for each in (correlations, cronbach_alpha, principal_components, variance_inflation):
        with pytest.raises(TooFewUnitsError):
            each(values)


def test_a_column_that_follows_from_others_has_an_infinite_inflation():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 40))
    found = variance_inflation(np.column_stack([a, b, a + b]))
    assert np.isinf(found).all()
    assert variance_inflation(np.column_stack([a, b])) == pytest.approx([1, 1], abs=0.1)


def test_p_values_and_rank_correlations_are_those_of_scipy():
    from scipy.stats import pearsonr, spearmanr

    rng = np.random.default_rng(2)
    table = rng.integers(0, 6, (25, 2)).astype(float)
    found, by_rank = correlations(table), correlations(table, by_rank=True)
    r = pearsonr(*table.T)
    assert (found.r[0, 1], found.p[0, 1]) == pytest.approx((r.statistic, r.pvalue))
    assert by_rank.r[0, 1] == pytest.approx(spearmanr(*table.T).statistic)


def test_importance_sees_a_curve_that_a_line_does_not():
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 1, 300)
    scores = np.column_stack([x, rng.normal(size=300), x**2])
    found = importance(scores, TREE, "T")
    assert found.linear[0] < 0.05
    assert found.ratio[0] > 0.9
    assert found.ratio[1] < 0.15
    assert found.nominal.tolist() == [0.5, 0.5]
