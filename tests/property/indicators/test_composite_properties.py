"""What must hold of every composite, whatever the numbers."""

import numpy as np
import pytest
from composite_trees import SAFETY, districts
from hypothesis import given
from hypothesis import strategies as st

from parvis.indicators.composite import (
    Aggregation,
    How,
    MissingRule,
    Node,
    Normalisation,
    Recipe,
    Rows,
    Scale,
    Situation,
    composite,
    decompose_change,
    plant,
)
from parvis.indicators.composite.means import bring_together
from parvis.indicators.composite.treat import treat

LENIENT = MissingRule(least_share=0.1, needs_core=False)
FREE_OF_SCALE = [
    Normalisation.MIN_MAX,
    Normalisation.Z_SCORE,
    Normalisation.RANK,
    Normalisation.PERCENTILE_RANK,
    Normalisation.REFERENCE,
]
MEANS = [each for each in Aggregation if each is not Aggregation.COPELAND]
seeds = st.integers(0, 2**32 - 1)


def table(seed, n=14, gaps=0.15):
    values, rows = districts(n, seed)
    rng = np.random.default_rng(seed)
    return np.where(rng.uniform(size=values.shape) < gaps, np.nan, values), rows


def scored(values, rows, normalisation=Normalisation.GOALPOSTS, mean=Aggregation.ARITHMETIC):
    how = How(aggregation=mean, overall=mean, rule=LENIENT)
    method = Recipe(normalisation, how, Scale(low=60.0, high=140.0, mean=100, deviation=10))
    return composite(values, SAFETY, rows, method=method, situation=Situation.DISTRICTS).scores


def same(a, b, **more):
    return np.allclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True, **more)


@given(
    seeds,
    st.sampled_from([each for each in Aggregation if each is not Aggregation.AMPI]),
    st.sampled_from(FREE_OF_SCALE),
    st.randoms(),
)
def test_the_order_of_rows_does_not_matter(seed, mean, normalisation, random):
    values, rows = table(seed)
    order = list(range(len(rows)))
    random.shuffle(order)
    found = scored(values, rows, normalisation, mean)
    assert same(scored(values[order], rows.take(order), normalisation, mean), found[order])


@given(seeds, st.sampled_from(FREE_OF_SCALE), st.floats(0.001, 1000), st.floats(-100, 100))
def test_the_unit_of_an_indicator_does_not_matter(seed, normalisation, factor, shift):
    """Kilometres for metres, Fahrenheit for Celsius; the target indicator has its own scale."""
    values, rows = table(seed)
    other = values.copy()
    other[:, [0, 1, 2, 3, 4]] = factor * other[:, [0, 1, 2, 3, 4]] + shift
    assert np.allclose(
        scored(values, rows, normalisation),
        scored(other, rows, normalisation),
        rtol=1e-5,
        atol=1e-5,
        equal_nan=True,
    )


@given(seeds, st.sampled_from(MEANS))
def test_another_unit_changes_nothing_under_goalposts(seed, mean):
    values, rows = table(seed)
    fewer = Rows(rows.units[:-1])
    assert same(scored(values[:-1], fewer, mean=mean), scored(values, rows, mean=mean)[:-1])


@given(
    seeds,
    st.sampled_from(
        [
            Aggregation.ARITHMETIC,
            Aggregation.GEOMETRIC,
            Aggregation.HARMONIC,
            Aggregation.GENERALISED,
        ]
    ),
    st.integers(0, 4),
    st.floats(0.01, 0.5),
)
def test_scores_rise_when_an_indicator_gets_better(seed, mean, column, step):
    values, rows = table(seed)
    node = SAFETY.indicators[column]
    better = values.copy()
    better[:, column] += (1 if node.direction == "1" else -1) * step * (node.high - node.low)
    before, after = scored(values, rows, mean=mean), scored(better, rows, mean=mean)
    there = ~np.isnan(before)
    assert (np.isnan(after) == np.isnan(before)).all()
    assert (after[there] >= before[there] - 1e-9).all()


@given(seeds, st.sampled_from(MEANS))
def test_a_mean_lies_between_its_parts(seed, mean):
    rng = np.random.default_rng(seed)
    values, weights = rng.uniform(60, 140, (6, 5)), rng.uniform(0.1, 1, 5)
    found = bring_together(values, weights, mean)
    assert (found <= values.max(axis=1) + 1e-9).all()
    floor = 0 if mean is Aggregation.AMPI else values.min(axis=1)
    assert (found >= floor - 1e-9).all()


@given(seeds, st.sampled_from(MEANS), st.floats(0.01, 100))
def test_only_the_proportions_of_weights_matter(seed, mean, factor):
    rng = np.random.default_rng(seed)
    values, weights = rng.uniform(1, 100, (6, 5)), rng.uniform(0.1, 1, 5)
    assert same(
        bring_together(values, weights, mean), bring_together(values, weights * factor, mean)
    )


@given(seeds)
def test_means_of_a_power_are_in_their_known_order(seed):
    rng = np.random.default_rng(seed)
    values, weights = rng.uniform(1, 100, (6, 5)), rng.uniform(0.1, 1, 5)
    harmonic, geometric, half, arithmetic = (
        bring_together(values, weights, mean)
        for mean in (
            Aggregation.HARMONIC,
            Aggregation.GEOMETRIC,
            Aggregation.GENERALISED,
            Aggregation.ARITHMETIC,
        )
    )
    for low, high in ((harmonic, geometric), (geometric, half), (half, arithmetic)):
        assert (low <= high + 1e-9).all()
    assert same(bring_together(values, weights, Aggregation.GENERALISED, power=-1), harmonic)
    assert same(bring_together(values, weights, Aggregation.GENERALISED, power=0), geometric)


@given(seeds)
def test_what_outranks_and_what_is_outranked_balance(seed):
    values, _ = districts(9, seed)
    found = bring_together(values, np.ones(values.shape[1]), Aggregation.COPELAND)
    assert found.sum() == pytest.approx(9 * 8 / 2)


@given(seeds)
def test_shares_lie_between_nothing_and_all_and_tell_what_is_there(seed):
    values, rows = table(seed, gaps=0.4)
    result = composite(values, SAFETY, rows, method=Recipe(how=How(rule=LENIENT)))
    assert (result.shares >= 0).all()
    assert (result.shares <= 1 + 1e-12).all()
    assert np.isnan(
        result.scores[:, SAFETY.n_indicators :][result.shares[:, SAFETY.n_indicators :] == 0]
    ).all()


@given(seeds, st.sampled_from(MEANS))
def test_parts_of_a_change_sum_to_it_with_gaps(seed, mean):
    values, _ = table(seed, n=2)
    how = How(aggregation=mean, overall=mean, rule=LENIENT)
    periods = Rows(("city", "city"), ("1", "2"))
    scores = composite(
        values, SAFETY, periods, method=Recipe(how=how, scale=Scale(low=60.0, high=140.0))
    ).scores
    found = decompose_change(*scores, SAFETY, "Overall", how=how)
    if np.isfinite(found.after - found.before):
        total = sum(step.points for step in found.steps)
        assert total == pytest.approx(found.after - found.before, abs=1e-8)


@given(seeds, st.integers(10, 40), st.integers(1, 6))
def test_treatment_keeps_order_and_gaps(seed, n, most):
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(0, 2, (n, 3)))
    values[rng.uniform(size=values.shape) < 0.1] = np.nan
    found = treat(values, most_winsorised=most)
    assert (np.isnan(found.values) == np.isnan(values)).all()
    for column in range(3):
        there = ~np.isnan(values[:, column])
        order = np.argsort(values[there, column])
        assert (np.diff(found.values[there, column][order]) >= -1e-12).all()


@given(st.integers(1, 6), st.integers(1, 6))
def test_a_tree_of_any_width_has_shares_that_sum_to_one(n_themes, n_each):
    nodes = [Node("B", is_indicator=False)]
    for theme in range(n_themes):
        nodes.append(Node(f"t{theme}", parent="B", is_indicator=False, weight=theme + 1))
        nodes += [Node(f"i{theme}-{k}", parent=f"t{theme}", low=0, high=1) for k in range(n_each)]
    tree = plant(nodes)
    values = np.full((1, tree.n_indicators), 0.3)
    found = composite(values, tree, Rows(("city",)))
    assert found.of("B") == pytest.approx([30.0])
    assert found.effective[: tree.n_indicators].sum() == pytest.approx(1.0)
