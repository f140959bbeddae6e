"""What holds for every sample: order, units of measurement, twins that must agree."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.indicators.survey.design import Design, survey_design
from parvis.indicators.survey.estimate import mean, proportion, ratio, total
from parvis.indicators.survey.gaps import contrast, group_gap, paired_gap
from parvis.indicators.survey.quantiles import quantile
from parvis.indicators.survey.replicates import bootstrap, jackknife, replicate_design
from parvis.indicators.survey.weighting import calibrate, post_stratify, rake

seeds = st.integers(0, 10_000)


class Sample:
    """A drawn sample: columns and its design."""

    def __init__(self, seed: int, n: int = 60) -> None:
        drawn = np.random.default_rng(seed)
        self.stratum = np.repeat(["a", "b", "c"], n // 3)
        self.cluster = np.arange(n) // 4
        self.weights = drawn.gamma(3.0, 1.0, n) + 0.5
        self.values = drawn.normal(50.0, 10.0, n)
        self.hits = (drawn.random(n) < 0.4).astype(float)
        self.group = np.array(["x", "y"])[drawn.integers(0, 2, n)]
        self.gaps = np.where(drawn.random(n) < 0.1, np.nan, self.values)

    def design(self, order: np.ndarray | None = None) -> Design:
        at = np.arange(self.weights.size) if order is None else order
        return survey_design(self.weights[at], strata=self.stratum[at], clusters=[self.cluster[at]])


@given(seeds)
def test_order_of_rows_does_not_matter(seed):
    sample = Sample(seed)
    order = np.random.default_rng(seed).permutation(sample.weights.size)
    one = mean(sample.design(), sample.gaps, by=sample.group)
    other = mean(sample.design(order), sample.gaps[order], by=sample.group[order])
    assert one.labels == other.labels
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-9, atol=1e-12)
    for label in one.labels:
        assert one[label].value == pytest.approx(other[label].value)
        assert one[label].df == other[label].df


@given(seeds, st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_units_of_measurement_carry_through(seed, factor, shift):
    sample = Sample(seed)
    one = mean(sample.design(), sample.values).one
    other = mean(sample.design(), sample.values * factor + shift).one
    assert other.value == pytest.approx(one.value * factor + shift, rel=1e-9, abs=1e-9)
    assert other.standard_error == pytest.approx(one.standard_error * factor, rel=1e-6)
    assert other.n_effective == pytest.approx(one.n_effective, rel=1e-5)


@given(seeds, st.floats(1e-3, 1e3))
def test_weights_in_another_unit_change_no_mean(seed, factor):
    sample = Sample(seed)
    one = sample.design()
    other = survey_design(sample.weights * factor, strata=sample.stratum, clusters=[sample.cluster])
    for estimate in (mean, proportion):
        values = sample.hits
        a, b = estimate(one, values).one, estimate(other, values).one
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))
    assert total(other, sample.values).one.value == pytest.approx(
        factor * total(one, sample.values).one.value
    )


@given(seeds)
def test_fast_sums_equal_the_textbook_formula(seed):
    sample = Sample(seed)
    found = mean(sample.design(), sample.values).one
    w, y = sample.weights, sample.values
    middle = (w @ y) / w.sum()
    variance = 0.0
    for stratum in "abc":
        sums = [
            sum(w[i] * (y[i] - middle) / w.sum() for i in np.flatnonzero(sample.cluster == cluster))
            for cluster in np.unique(sample.cluster[sample.stratum == stratum])
        ]
        n = len(sums)
        average = sum(sums) / n
        variance += n / (n - 1) * sum((each - average) ** 2 for each in sums)
    assert found.value == pytest.approx(middle)
    assert found.standard_error == pytest.approx(math.sqrt(variance))


@given(seeds)
def test_a_group_is_the_ratio_of_its_own_sums_within_the_whole_design(seed):
    sample = Sample(seed)
    inside = (sample.group == "x").astype(float)
    grouped = mean(sample.design(), sample.values, by=sample.group)["x"]
    whole = ratio(sample.design(), sample.values * inside, inside).one
    assert grouped.value == pytest.approx(whole.value)
    assert grouped.standard_error == pytest.approx(whole.standard_error)


@given(seeds)
def test_totals_of_groups_sum_to_the_total(seed):
    sample = Sample(seed)
    parts = total(sample.design(), sample.values, by=sample.group)
    whole = total(sample.design(), sample.values).one
    joined = contrast(parts, dict.fromkeys(parts.labels, 1.0))
    assert joined.value == pytest.approx(whole.value)
    assert joined.standard_error == pytest.approx(whole.standard_error)


@given(seeds)
def test_gap_of_groups_accounts_for_shared_clusters(seed):
    sample = Sample(seed)
    gap = group_gap(sample.design(), sample.hits, by=sample.group, first="x", second="y")
    both = mean(sample.design(), sample.hits, by=sample.group)
    assert gap.value == pytest.approx(both["x"].value - both["y"].value)
    spread = both.covariance
    assert gap.standard_error**2 == pytest.approx(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1])


@given(seeds)
def test_paired_gap_is_the_mean_of_the_differences_where_all_answered(seed):
    sample = Sample(seed)
    other = np.roll(sample.hits, 1)
    gap = paired_gap(sample.design(), sample.hits, other).one
    direct = mean(sample.design(), sample.hits - other).one
    assert gap.value == pytest.approx(direct.value, abs=1e-12)
    assert gap.standard_error == pytest.approx(direct.standard_error)


@given(seeds)
def test_intervals_of_shares_hold_the_share_and_stay_within_0_to_1(seed):
    sample = Sample(seed)
    for method in ("logit", "likelihood", "arcsine", "beta", "wald"):
        found = proportion(sample.design(), sample.hits, method=method).one
        assert 0.0 <= found.low <= found.value <= found.high <= 1.0


@given(seeds)
def test_share_of_yes_and_of_no_mirror_each_other(seed):
    sample = Sample(seed)
    for method in ("logit", "likelihood", "arcsine", "beta"):
        yes = proportion(sample.design(), sample.hits, method=method).one
        no = proportion(sample.design(), 1.0 - sample.hits, method=method).one
        assert (1 - no.high, 1 - no.low) == pytest.approx((yes.low, yes.high), abs=1e-9)


@given(seeds)
def test_quantiles_rise_with_the_share_and_are_answers(seed):
    sample = Sample(seed)
    found = [quantile(sample.design(), sample.values, share).one for share in (0.25, 0.5, 0.75)]
    assert [each.value for each in found] == sorted(each.value for each in found)
    for each in found:
        assert each.value in sample.values
        assert each.low is None or each.low <= each.value <= each.high


@given(seeds)
def test_weighted_sums_meet_the_known_totals(seed):
    sample = Sample(seed)
    margins = {"stratum": sample.stratum, "group": sample.group}
    totals = {"stratum": {"a": 50.0, "b": 30.0, "c": 20.0}, "group": {"x": 60.0, "y": 40.0}}
    made = rake(sample.design(), margins, totals, trim=None)
    for name, column in margins.items():
        for label, wanted in totals[name].items():
            hits = (column == label).astype(float)
            found = total(made.sample, hits).one
            assert found.value == pytest.approx(wanted, rel=1e-7)
            assert found.standard_error == pytest.approx(0.0, abs=1e-5)
    assert made.deviation < 1e-7


@given(seeds)
def test_trimmed_weights_stay_below_their_limit(seed):
    sample = Sample(seed)
    sample.weights[0] *= 40.0
    totals = {"group": {"x": 60.0, "y": 40.0}}
    made = rake(sample.design(), {"group": sample.group}, totals, trim=3.0)
    weights = made.sample.weights
    assert weights.max() <= 3.0 * np.median(weights) * 1.001
    assert made.n_trimmed >= 1
    assert made.design_effect >= 1.0


@given(seeds)
def test_calibration_on_cells_is_post_stratification(seed):
    sample = Sample(seed)
    cells = {"x": 70.0, "y": 30.0}
    one = post_stratify(sample.design(), sample.group, cells).sample
    other = calibrate(
        sample.design(), {}, {}, categories={"g": sample.group}, category_totals={"g": cells}
    ).sample
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-9)
    a, b = mean(one, sample.values).one, mean(other, sample.values).one
    assert a.standard_error == pytest.approx(b.standard_error)


def test_post_stratification_by_unequal_weights_takes_out_what_cells_explain():
    sample = Sample(7)
    values = np.where(sample.group == "x", 10.0, 20.0)
    made = post_stratify(sample.design(), sample.group, {"x": 70.0, "y": 30.0}).sample
    found = mean(made, values).one
    assert found.value == pytest.approx(13.0)
    assert found.standard_error == pytest.approx(0.0, abs=1e-12)


@given(seeds)
def test_jackknife_of_a_total_is_the_linearised_variance(seed):
    sample = Sample(seed)
    one = total(sample.design(), sample.values).one
    other = total(jackknife(sample.design()), sample.values).one
    assert other.value == pytest.approx(one.value)
    assert other.standard_error == pytest.approx(one.standard_error)


def test_bootstrap_comes_near_the_linearised_variance():
    sample = Sample(3, n=240)
    copies = bootstrap(sample.design(), n_replicates=800, seed=1)
    one, other = mean(sample.design(), sample.values).one, mean(copies, sample.values).one
    assert other.standard_error == pytest.approx(one.standard_error, rel=0.1)
    again = bootstrap(sample.design(), n_replicates=800, seed=1)
    np.testing.assert_array_equal(copies.replicates, again.replicates)


def test_balanced_half_samples_of_two_clusters_a_stratum_are_exact_for_totals():
    values, weights = np.array([3.0, 5.0, 4.0, 8.0]), np.full(4, 2.0)
    signs = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    chosen = np.array([[s[0] > 0, s[0] < 0, s[1] > 0, s[1] < 0] for s in signs]).T
    copies = replicate_design(weights, weights[:, None] * 2.0 * chosen, kind="BRR", df=2.0)
    plain = survey_design(weights, strata=["a", "a", "b", "b"])
    one, other = total(plain, values).one, total(copies, values).one
    assert other.standard_error == pytest.approx(one.standard_error)
    half = replicate_design(weights, weights[:, None] * (0.5 + chosen), kind="Fay", fay=0.5, df=2.0)
    assert total(half, values).one.standard_error == pytest.approx(one.standard_error)


@given(seeds)
def test_replicates_are_weighted_like_the_sample(seed):
    sample = Sample(seed)
    copies = jackknife(sample.design())
    made = post_stratify(copies, sample.group, {"x": 70.0, "y": 30.0}).sample
    inside = (sample.group == "x").astype(float)
    found = total(made, inside).one
    assert found.value == pytest.approx(70.0)
    assert found.standard_error == pytest.approx(0.0, abs=1e-8)


def test_a_whole_count_has_no_error():
    design = survey_design(np.ones(6), strata=["a", "a", "a", "b", "b", "b"], populations=[[3] * 6])
    found = mean(design, [1.0, 2.0, 3.0, 4.0, 5.0, 9.0]).one
    assert found.standard_error == 0.0
    assert found.low == found.value == found.high
