"""From values to themes and blocks: worked examples, gaps, what is off by default."""

import numpy as np
import pytest
from composite_trees import CITY, ONE, SAFETY, districts

from parvis.indicators.composite import (
    Aggregation,
    Direction,
    How,
    MissingRule,
    Node,
    Normalisation,
    Recipe,
    Rows,
    alongside,
    composite,
    plant,
)
from parvis.indicators.composite.errors import (
    InfiniteValueError,
    OverallMissingError,
    PositiveValuesError,
    ReferenceMissingError,
    RowTwiceError,
    ShapeError,
    SingleUnitError,
)
from parvis.indicators.composite.means import bring_together

ALL = How(overall=Aggregation.GEOMETRIC)


def of(result, key):
    return float(result.of(key)[0])


def without(*keys):
    values = ONE.copy()
    values[0, [SAFETY.position[key] for key in keys]] = np.nan
    return values


def test_a_city_alone_is_scored_by_its_goalposts():
    found = composite(ONE, SAFETY, CITY)
    assert found.scores[0, :6].tolist() == pytest.approx([80, 80, 40, 80, 25, 100 * (1 - 10 / 30)])
    assert of(found, "Theft") == pytest.approx(80)
    assert of(found, "Feeling") == pytest.approx((40 + 3 * 80) / 4)
    assert of(found, "Security") == pytest.approx(75)
    assert of(found, "Comfort") == pytest.approx((25 + 200 / 3) / 2)


def test_there_is_no_overall_number_unless_asked_for():
    assert np.isnan(of(composite(ONE, SAFETY, CITY), "Overall"))
    asked = composite(ONE, SAFETY, CITY, method=Recipe(how=ALL))
    blocks = [of(asked, "Security"), of(asked, "Life")]
    assert of(asked, "Overall") == pytest.approx((blocks[0] ** 2 * blocks[1]) ** (1 / 3))


def test_a_geometric_overall_number_is_made_of_points_from_one():
    worst = np.array([[50.0, 10.0, 0.0, 0.0, 0.0, 50.0, 0.0]])
    found = composite(worst, SAFETY, CITY, method=Recipe(how=ALL))
    assert of(found, "Overall") == pytest.approx(1.0)


def test_other_means_stand_beside_the_overall_number():
    found = alongside(composite(ONE, SAFETY, CITY, method=Recipe(how=ALL)))
    assert list(found) == ["arithmetic", "geometric", "generalised 0.5", "generalised -1"]
    ordered = [
        float(found[k][0]) for k in ("generalised -1", "geometric", "generalised 0.5", "arithmetic")
    ]
    assert ordered == sorted(ordered)
    assert alongside(composite(ONE, SAFETY, CITY)) == {}


def test_context_is_never_scored():
    found = composite(ONE, SAFETY, CITY)
    assert np.isnan(of(found, "visitors"))
    assert of(found, "Comfort") == of(composite(without("visitors"), SAFETY, CITY), "Comfort")


def test_objective_and_subjective_stand_side_by_side():
    found = composite(ONE, SAFETY, CITY)
    place = SAFETY.position["Security"]
    assert found.objective[0, place] == pytest.approx(80)
    assert found.subjective[0, place] == pytest.approx(70)
    assert np.isnan(found.subjective[0, SAFETY.position["Life"]])


def test_weights_of_what_is_missing_go_to_its_siblings_and_the_share_is_told():
    found = composite(without("safe-night"), SAFETY, CITY)
    assert of(found, "Feeling") == pytest.approx(80)
    assert found.shares[0, SAFETY.position["Feeling"]] == pytest.approx(0.75)
    assert found.shares[0, SAFETY.position["Security"]] == pytest.approx(0.875)


def test_less_than_two_thirds_of_the_weight_is_not_enough():
    found = composite(without("safe-day"), SAFETY, CITY)
    assert np.isnan(of(found, "Feeling"))
    assert np.isnan(of(found, "Security"))
    assert of(
        composite(
            without("safe-day"),
            SAFETY,
            CITY,
            method=Recipe(how=How(rule=MissingRule(least_share=0.25))),
        ),
        "Feeling",
    ) == pytest.approx(40)


def test_exactly_two_thirds_is_enough():
    tree = plant(
        [Node("T", is_indicator=False), *(Node(k, parent="T", low=0, high=100) for k in "abc")]
    )
    found = composite([[np.nan, 30.0, 60.0]], tree, CITY)
    assert of(found, "T") == pytest.approx(45)


@pytest.mark.parametrize(
    ("is_said", "is_scored"), [(False, False), (True, True)], ids=["silent", "said unavailable"]
)
def test_a_block_waits_for_its_core_indicators_or_for_word_that_they_cannot_be_had(
    is_said, is_scored
):
    rule = How(rule=MissingRule(least_share=0.4))
    unavailable = np.zeros(ONE.shape, dtype=bool)
    unavailable[0, SAFETY.position["thefts"]] = is_said
    found = composite(
        without("thefts"), SAFETY, CITY, method=Recipe(how=rule), unavailable=unavailable
    )
    assert of(found, "Theft") == pytest.approx(80)
    assert np.isnan(of(found, "Security")) is not is_scored


def test_all_missing_is_no_score_and_no_failure():
    found = composite(np.full(ONE.shape, np.nan), SAFETY, CITY, method=Recipe(how=ALL))
    assert np.isnan(found.scores).all()
    assert (found.shares == 0).all()


@pytest.mark.parametrize("aggregation", list(Aggregation))
def test_every_mean_leaves_gaps_out(aggregation):
    values = np.array(
        [[50.0, np.nan, 80.0], [20.0, 60.0, 80.0], [np.nan, np.nan, np.nan], [60.0, 40.0, 20.0]]
    )
    weights = np.array([1.0, 1.0, 2.0])
    found = bring_together(values, weights, aggregation)
    assert np.isnan(found[2])
    assert np.isfinite(found[[0, 1, 3]]).all()
    if aggregation is not Aggregation.COPELAND:
        alone = bring_together(values[:1, [0, 2]], weights[[0, 2]], aggregation)
        assert found[0] == pytest.approx(alone[0])


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        (Aggregation.ARITHMETIC, 36.0),
        (Aggregation.GEOMETRIC, (16 * 16 * 64 * 64 * 20) ** 0.2),
        (Aggregation.HARMONIC, 5 / (2 / 16 + 2 / 64 + 1 / 20)),
        (Aggregation.GENERALISED, ((2 * 4 + 2 * 8 + 20**0.5) / 5) ** 2),
        (Aggregation.AMPI, 36 - (2 * 400 + 2 * 784 + 256) / 5 / 36),
    ],
)
def test_means_are_those_of_the_formulas(aggregation, expected):
    values = np.array([[16.0, 64.0, 20.0]])
    assert bring_together(values, np.array([2.0, 2.0, 1.0]), aggregation) == pytest.approx(
        [expected]
    )


def test_copeland_counts_the_weight_of_wins_over_others():
    values = np.array([[3.0, 1.0], [2.0, 2.0], [1.0, 2.0]])
    found = bring_together(values, np.array([3.0, 1.0]), Aggregation.COPELAND)
    assert found.tolist() == pytest.approx([1.5, 0.25 + 0.875, 0.25 + 0.125])
    assert found.sum() == pytest.approx(3.0)


def test_copeland_compares_what_both_have_and_skips_pairs_that_share_too_little():
    values = np.array([[3.0, np.nan], [2.0, 5.0], [np.nan, 4.0]])
    found = bring_together(values, np.array([3.0, 1.0]), Aggregation.COPELAND)
    assert found[0] == pytest.approx(2.0)
    assert found[1] == pytest.approx(0.0)
    assert np.isnan(found[2])


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: composite(ONE[:, :3], SAFETY, CITY), ShapeError),
        (lambda: composite(np.where(ONE == 5, np.inf, ONE), SAFETY, CITY), InfiniteValueError),
        (lambda: Rows(("a", "a")), RowTwiceError),
        (
            lambda: bring_together(np.array([[0.0, 1.0]]), np.ones(2), Aggregation.GEOMETRIC),
            PositiveValuesError,
        ),
        (
            lambda: bring_together(np.array([[-1.0, 1.0]]), np.ones(2), Aggregation.HARMONIC),
            PositiveValuesError,
        ),
        (
            lambda: bring_together(np.array([[-3.0, 1.0]]), np.ones(2), Aggregation.AMPI),
            PositiveValuesError,
        ),
        (
            lambda: bring_together(np.array([[3.0, 1.0]]), np.ones(2), Aggregation.COPELAND),
            SingleUnitError,
        ),
        (
            lambda: composite(ONE, SAFETY, CITY, method=Recipe(normalisation=Normalisation.TARGET)),
            ReferenceMissingError,
        ),
    ],
)
def test_what_cannot_be_used_is_refused(call, error):
    with pytest.raises(error):
        call()


def test_zero_without_weight_does_not_stop_a_geometric_mean():
    found = bring_together(np.array([[0.0, 9.0]]), np.array([0.0, 1.0]), Aggregation.GEOMETRIC)
    assert found == pytest.approx([9.0])


def test_an_overall_number_needs_a_place_in_the_tree():
    tree = plant([Node("T", is_indicator=False), Node("a", parent="T", low=0, high=1)])
    with pytest.raises(OverallMissingError):
        composite([[0.5]], tree, CITY, method=Recipe(how=ALL))


def test_an_indicator_whose_values_do_not_differ_is_left_out_and_said():
    values, rows = districts(12)
    values[:, 0] = 7.0
    found = composite(values, SAFETY, rows, method=Recipe(Normalisation.MIN_MAX))
    assert [(n.code, n.details["key"]) for n in found.notices] == [
        ("composite_indicator_constant", "thefts")
    ]
    assert np.isnan(found.of("thefts")).all()


def test_the_base_year_is_a_hundred_whatever_the_direction():
    rows = Rows(("city", "city"), ("2024", "2025"))
    values = np.vstack([ONE, ONE * 1.1])
    from parvis.indicators.composite.pipeline import frozen_at

    frozen = frozen_at(values, SAFETY, rows, "", Normalisation.BASE_YEAR)
    found = composite(values, SAFETY, rows, method=Recipe(Normalisation.BASE_YEAR, frozen=frozen))
    assert found.scores[0, :6] == pytest.approx(np.full(6, 100.0))
    # The target of 20 lux is missed by 10, then by 13.
    assert found.scores[1, :6] == pytest.approx([90, 90, 110, 110, 110, 70])


def test_distance_to_target_reaches_the_full_points_at_the_target():
    tree = plant(
        [
            Node("T", is_indicator=False),
            Node("a", parent="T", low=0, high=100, target=80),
            Node("b", parent="T", low=0, high=50, target=10, direction=Direction.LOWER),
        ]
    )
    method = Recipe(Normalisation.TARGET)
    assert composite([[40.0, 30.0]], tree, CITY, method=method).scores[0, :2].tolist() == [50, 50]
    assert composite([[90.0, 5.0]], tree, CITY, method=method).scores[0, :2].tolist() == [100, 100]


def test_the_fraction_of_the_best_falls_where_less_is_better():
    tree = plant(
        [
            Node("T", is_indicator=False),
            Node("a", parent="T"),
            Node("b", parent="T", direction=Direction.LOWER),
        ]
    )
    from parvis.indicators.composite import normalise

    found = normalise([[10.0, 10.0], [20.0, 20.0]], tree, Normalisation.FRACTION)
    assert found.tolist() == [[50, 100], [100, 50]]
    with pytest.raises(PositiveValuesError):
        normalise([[10.0, 0.0], [20.0, 20.0]], tree, Normalisation.FRACTION)
