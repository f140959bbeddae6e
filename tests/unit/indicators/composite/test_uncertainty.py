"""Errors of data and choices of method: what becomes of scores, places and changes."""

import numpy as np
import pytest
from composite_trees import CITY, ONE, SAFETY, districts

from parvis.indicators.composite import (
    Aggregation,
    Choices,
    How,
    Normalisation,
    Recipe,
    Rows,
    Scale,
    Situation,
    composite,
    count_errors,
    plausible_choices,
    replicates,
    sensitivity,
    survey_errors,
    uncertainty,
)
from parvis.indicators.composite.draws import draw_values
from parvis.indicators.composite.errors import (
    CovarianceError,
    DrawsError,
    ErrorModelError,
    NodeUnknownError,
    NormalisationRefusedError,
    NothingVariesError,
    ScoreMissingError,
)
from parvis.indicators.composite.uncertain import Moved
from parvis.indicators.composite.weights import (
    budget_allocation,
    component_weights,
    effective_weights,
    manual_weights,
)

GOALPOSTS = Recipe()
NIGHT, DAY = SAFETY.position["safe-night"], SAFETY.position["safe-day"]


def survey(covariance, estimates=(0.4, 0.8)):
    return survey_errors([0, 0], [NIGHT, DAY], estimates, covariance, factors=100)


def drawn(errors, n=4000):
    return draw_values(ONE, [errors], n, np.random.default_rng(0))


def test_counts_are_drawn_between_the_ends_of_the_exact_interval():
    from scipy.stats import chi2

    for count in (0, 3, 12, 65):
        table = drawn(count_errors(0, 0, count, 2.0), 40_000)[:, 0, 0] / 2
        low, high = np.quantile(table, [0.025, 0.975])
        exact = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0, chi2.ppf(0.975, 2 * count + 2) / 2
        assert exact[0] - 0.1 <= low
        assert high <= exact[1] + 0.1
        assert table.mean() == pytest.approx(count + 0.5, rel=0.03)


def test_shares_stay_inside_0_and_100_and_go_together_as_the_survey_says():
    covariance = np.array([[0.03**2, 0.9 * 0.03 * 0.02], [0.9 * 0.03 * 0.02, 0.02**2]])
    table = drawn(survey(covariance))[:, 0, [NIGHT, DAY]]
    assert table.min() > 0
    assert table.max() < 100
    assert table.std(axis=0) == pytest.approx([3, 2], rel=0.08)
    assert np.corrcoef(table.T)[0, 1] == pytest.approx(0.9, abs=0.03)


def test_a_covariance_ignored_makes_the_interval_too_narrow():
    together = np.full((2, 2), 0.03 * 0.03)
    apart = np.diag([0.03**2, 0.03**2])
    widths = []
    for covariance in (together, apart):
        found = uncertainty(
            ONE, SAFETY, CITY, method=GOALPOSTS, errors=[survey(covariance)], n_draws=2048
        )
        place = found.keys.index("Feeling")
        widths.append(float(found.data.high[0, place] - found.data.low[0, place]))
    assert widths[0] > 1.2 * widths[1]


def test_replicates_are_drawn_in_whole_rows():
    given = replicates([0, 0], [0, 1], [[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])
    table = drawn(given)[:, 0, :2]
    assert (table[:, 1] == 10 * table[:, 0]).all()
    assert set(table[:, 0]) == {1.0, 2.0, 3.0}


def test_values_without_errors_and_missing_ones_stay():
    values = ONE.copy()
    values[0, NIGHT] = np.nan
    table = draw_values(values, [survey(np.eye(2) * 1e-4)], 50, np.random.default_rng(0))
    assert np.isnan(table[:, 0, NIGHT]).all()
    assert (table[:, 0, 0] == ONE[0, 0]).all()
    assert table[:, 0, DAY].std() > 0


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: count_errors(0, 0, -1), ErrorModelError),
        (lambda: count_errors(0, 0, np.nan), ErrorModelError),
        (lambda: count_errors(0, 0, 3, 0), ErrorModelError),
        (lambda: survey(np.eye(2), (0.0, 0.5)), ErrorModelError),
        (lambda: survey([[1, 2], [2, 1]]), CovarianceError),
        (lambda: survey([[1, 0.2], [0.3, 1]]), CovarianceError),
        (lambda: survey(np.eye(3)), CovarianceError),
        (lambda: survey([[np.nan, 0], [0, 1]]), CovarianceError),
        (lambda: uncertainty(ONE, SAFETY, CITY, method=GOALPOSTS), NothingVariesError),
        (lambda: sensitivity(ONE, SAFETY, CITY, "Life", method=GOALPOSTS), NothingVariesError),
        (
            lambda: uncertainty(
                ONE, SAFETY, CITY, method=GOALPOSTS, errors=[count_errors(0, 0, 3)], n_draws=3
            ),
            DrawsError,
        ),
        (
            lambda: sensitivity(
                ONE, SAFETY, CITY, "nothing", method=GOALPOSTS, errors=[count_errors(0, 0, 3)]
            ),
            NodeUnknownError,
        ),
        (
            lambda: uncertainty(
                ONE,
                SAFETY,
                CITY,
                method=GOALPOSTS,
                choices=Choices(normalisations=((Normalisation.Z_SCORE, Scale()),) * 2),
            ),
            NormalisationRefusedError,
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, error):
    with pytest.raises(error):
        call()


def all_errors(values, rows, seed=1):
    rng = np.random.default_rng(seed)
    place, column = (each.ravel() for each in np.indices(values.shape))
    noise = rng.normal(0, 0.05, (200, *values.shape)) * values
    return replicates(place, column, (values + noise).reshape(200, -1))


def test_both_is_at_least_as_wide_as_either_and_the_nominal_score_is_inside():
    values, rows = districts(12)
    found = uncertainty(
        values,
        SAFETY,
        rows,
        method=GOALPOSTS,
        errors=[all_errors(values, rows)],
        choices=Choices(weight_spread=0.25),
        n_draws=1024,
    )
    place = found.keys.index("Security")
    width = {
        name: (held.high - held.low)[:, place].mean()
        for name, held in (("data", found.data), ("method", found.method), ("both", found.both))
    }
    assert width["both"] > width["data"] > 0
    assert width["both"] > width["method"] > 0
    assert (found.both.low[:, place] <= found.nominal[:, place]).all()
    assert (found.nominal[:, place] <= found.both.high[:, place]).all()
    same = composite(values, SAFETY, rows)
    assert found.nominal[:, place].tolist() == same.of("Security").tolist()


def test_the_same_seed_gives_the_same_draws_and_another_one_others():
    values, rows = districts(10)
    given = {"method": GOALPOSTS, "choices": plausible_choices(GOALPOSTS, has_gaps=False)}
    one, two, other = (
        uncertainty(values, SAFETY, rows, n_draws=64, seed=seed, **given) for seed in (4, 4, 5)
    )
    assert np.array_equal(one.draws, two.draws, equal_nan=True)
    assert not np.array_equal(one.draws, other.draws, equal_nan=True)


def test_runs_computed_together_are_those_computed_alone():
    """Each draw of method by itself, through the plain composite."""
    values, rows = districts(11, seed=3)
    from parvis.indicators.composite.choices import draw_choices

    choices = Choices(
        aggregations=(Aggregation.ARITHMETIC, Aggregation.GEOMETRIC, Aggregation.HARMONIC),
        most_winsorised=(0, 2),
        weight_spread=0.3,
        omits_one=True,
    )
    found = uncertainty(values, SAFETY, rows, method=GOALPOSTS, choices=choices, n_draws=48, seed=2)
    drawn = draw_choices(choices, SAFETY, GOALPOSTS, 48, seed=2)
    for number in range(48):
        weights = drawn.weights[number].copy()
        if drawn.omitted[number] >= 0:
            weights[drawn.omitted[number]] = 0
        one = Recipe(
            Normalisation.GOALPOSTS,
            drawn.hows[drawn.aggregation[number]],
            Scale(low=1.0),
            most_winsorised=drawn.treatments[drawn.treatment[number]],
            weights=weights,
        )
        alone = composite(values, SAFETY, rows, method=one)
        for key in ("Theft", "Security", "Life"):
            assert found.of(key)[number] == pytest.approx(alone.of(key), rel=1e-12)


def two_years(change, error):
    """A city whose shares of people who feel safe rise by `change`, known to `error`."""
    rows = Rows(("city", "city"), ("2024", "2025"))
    values = np.vstack([ONE, ONE])
    values[1, [NIGHT, DAY]] += 100 * change
    errors = survey_errors(
        [0, 0, 1, 1],
        [NIGHT, DAY, NIGHT, DAY],
        values[[0, 0, 1, 1], [NIGHT, DAY, NIGHT, DAY]] / 100,
        np.eye(4) * error**2,
        factors=100,
    )
    return values, rows, errors


@pytest.mark.parametrize(
    ("change", "error", "verdict"),
    [(0.1, 0.01, Moved.ROSE), (-0.1, 0.01, Moved.FELL), (0.02, 0.05, Moved.UNCLEAR)],
)
def test_a_change_is_only_told_where_it_can_be_shown(change, error, verdict):
    values, rows, errors = two_years(change, error)
    found = uncertainty(values, SAFETY, rows, method=GOALPOSTS, errors=[errors])
    (moved,) = found.movements("Feeling")
    assert moved.verdict is verdict
    assert moved.change == pytest.approx(100 * change)
    assert moved.low <= moved.change <= moved.high
    assert (moved.before, moved.after) == ("2024", "2025")
    assert (moved.p_rose > 0.5) == (change > 0)


def test_no_change_is_told_where_errors_or_data_are_lacking():
    values, rows, errors = two_years(0.1, 0.01)
    values[1, SAFETY.position["benches"]] = np.nan
    found = uncertainty(values, SAFETY, rows, method=GOALPOSTS, errors=[errors])
    verdicts = {key: found.movements(key)[0].verdict for key in ("Theft", "Feeling", "Comfort")}
    assert verdicts == {
        "Theft": Moved.NO_ERRORS,
        "Feeling": Moved.ROSE,
        "Comfort": Moved.NO_DATA,
    }
    assert np.isnan(found.movements("Theft")[0].p_rose)
    assert np.isnan(found.data.low[:, found.keys.index("Theft")]).all()
    assert [(n.code, dict(n.details)) for n in found.notices] == [
        ("composite_exact", {"n": 7, "of": 11})
    ]


def test_the_order_of_pairs_is_known_where_errors_are_small():
    values, rows = districts(12, seed=8)
    place, column = (each.ravel() for each in np.indices(values.shape))
    small = replicates(place, column, np.tile(values.ravel(), (3, 1)))
    sure = uncertainty(values, SAFETY, rows, method=GOALPOSTS, errors=[small])
    assert sure.share_ordered("Life") == 1.0
    p = sure.exceeds("Security")
    off = ~np.eye(12, dtype=bool)
    assert p[off] == pytest.approx((1 - p.T)[off])
    assert np.isnan(np.diag(p)).all()
    mine, places = sure.places("Life")
    assert mine.tolist() == list(range(12))
    assert sorted(places[1]) == list(range(1, 13))


def test_sobol_indices_blame_what_varies():
    values, rows = districts(12)
    loud = all_errors(values, rows)
    found = sensitivity(
        values,
        SAFETY,
        rows,
        "Security",
        method=GOALPOSTS,
        errors=[loud],
        choices=Choices(weight_spread=0.01),
        n_draws=256,
    )
    total = dict(zip(found.factors, found.total, strict=True))
    assert total["data"] > 0.9
    assert total["weights"] < 0.1


def test_a_score_can_be_the_target_and_an_unknown_one_is_refused():
    given = {"method": GOALPOSTS, "errors": [survey(np.eye(2) * 1e-4)], "n_draws": 64}
    found = sensitivity(ONE, SAFETY, CITY, "Feeling", target="city", **given)
    assert found.first == pytest.approx([1.0], abs=0.25)
    assert found.total == pytest.approx([1.0], abs=0.25)
    with pytest.raises(NodeUnknownError):
        sensitivity(ONE, SAFETY, CITY, "Feeling", target="village", **given)
    empty = np.where(np.arange(7) < 4, ONE, np.nan)
    with pytest.raises(ScoreMissingError):
        sensitivity(empty, SAFETY, CITY, "Life", target="city", **given)


def test_scores_that_are_missing_in_most_draws_have_no_interval():
    values = ONE.copy()
    values[0, DAY] = np.nan
    found = uncertainty(
        values,
        SAFETY,
        CITY,
        method=GOALPOSTS,
        choices=Choices(least_shares=(0.2, 0.7, 0.8), weight_spread=0.1),
        n_draws=300,
    )
    place = found.keys.index("Feeling")
    assert np.isnan(found.method.low[0, place])
    assert np.isfinite(found.method.low[0, found.keys.index("Life")])


def test_normalisations_of_different_scales_come_with_a_word_of_caution():
    values, rows = districts(12)
    method = Recipe(Normalisation.MIN_MAX)
    choices = plausible_choices(method, has_gaps=False, varies_normalisation=True)
    found = uncertainty(values, SAFETY, rows, method=method, choices=choices, n_draws=32)
    assert "composite_scales_differ" in [notice.code for notice in found.notices]
    assert not plausible_choices(method, has_gaps=False).normalisations


def test_raters_are_averaged_and_drawn():
    points = np.zeros((3, len(SAFETY.nodes)))
    points[:, [SAFETY.position["Security"], SAFETY.position["Life"]]] = [[8, 2], [5, 5], [2, 8]]
    for children in SAFETY.children[:-1]:
        points[:, children] = 1
    given = budget_allocation(SAFETY, points)
    place = SAFETY.position["Security"]
    assert given.weights[place] == pytest.approx(0.5)
    assert given.spread[place] == pytest.approx(0.3)
    values, rows = districts(10)
    found = uncertainty(
        values,
        SAFETY,
        rows,
        method=Recipe(how=How(overall=Aggregation.ARITHMETIC), weights=given.weights),
        choices=Choices(raters=given.by_rater),
        n_draws=128,
    )
    assert len(np.unique(found.of("Overall")[:, 0].round(9))) == 3


def test_weights_by_hand_and_by_component():
    given = manual_weights(SAFETY, Security=1.0)
    assert effective_weights(SAFETY, given)[SAFETY.position["thefts"]] == pytest.approx(0.125)
    values, rows = districts(20)
    scores = composite(values, SAFETY, rows).scores
    found = component_weights(scores[:, :], SAFETY, "Feeling")
    assert found[[NIGHT, DAY]].sum() == pytest.approx(1)
    assert (found >= 0).all()


def test_cities_of_a_network_are_a_situation_of_their_own():
    values, rows = districts(12)
    found = uncertainty(
        values,
        SAFETY,
        rows,
        method=Recipe(Normalisation.MIN_MAX),
        choices=Choices(weight_spread=0.1),
        n_draws=16,
        situation=Situation.NETWORK,
    )
    assert "composite_exploration" in [notice.code for notice in found.notices]
