"""Trees, situations and changes: what is allowed, and that parts sum to the whole."""

import numpy as np
import pytest
from composite_trees import CITY, ONE, SAFETY

from parvis.indicators.composite import (
    Aggregation,
    Direction,
    How,
    MissingRule,
    Node,
    Normalisation,
    Recipe,
    Rows,
    Situation,
    composite,
    decompose_change,
    plant,
    situation_of,
    verdict,
)
from parvis.indicators.composite.errors import (
    BoundsError,
    DirectionError,
    NodeUnknownError,
    NormalisationRefusedError,
    TargetMissingError,
    TooManyChildrenError,
    TreeChildlessError,
    TreeCycleError,
    TreeKeyError,
    TreeParentError,
    WeightError,
    WeightSumError,
)
from parvis.indicators.composite.situations import Verdict, check_normalisation
from parvis.indicators.composite.tree import direction_of
from parvis.indicators.composite.weights import check_weights

THEME = Node("T", is_indicator=False)
S, N = Situation, Normalisation
ALLOWED = {
    S.ONE_PERIOD: {N.GOALPOSTS, N.TARGET},
    S.SEVERAL_PERIODS: {N.GOALPOSTS, N.TARGET, N.BASE_YEAR, N.AMPI},
    S.DISTRICTS: {N.GOALPOSTS, N.TARGET, N.BASE_YEAR, N.AMPI, N.MIN_MAX, N.Z_SCORE},
    S.NETWORK: {N.GOALPOSTS, N.TARGET, N.BASE_YEAR, N.AMPI},
}


@pytest.mark.parametrize("situation", list(Situation))
@pytest.mark.parametrize("method", list(Normalisation))
def test_which_normalisation_fits_which_situation(situation, method):
    found = verdict(method, situation)
    if method in ALLOWED[situation]:
        assert found is Verdict.ALLOWED
        assert check_normalisation(method, situation, is_headline=True) == ()
    elif situation in (S.ONE_PERIOD, S.SEVERAL_PERIODS):
        assert found is Verdict.REFUSED
        with pytest.raises(NormalisationRefusedError) as refused:
            check_normalisation(method, situation)
        assert refused.value.details["reason"]
    else:
        assert found is Verdict.EXPLORATION
        assert [n.code for n in check_normalisation(method, situation)] == ["composite_exploration"]
        with pytest.raises(NormalisationRefusedError):
            check_normalisation(method, situation, is_headline=True)


def test_minimum_and_maximum_of_each_year_are_refused():
    with pytest.raises(NormalisationRefusedError):
        check_normalisation(N.MIN_MAX, S.DISTRICTS, is_pooled=False)
    assert check_normalisation(N.GOALPOSTS, S.DISTRICTS, is_pooled=False) == ()


@pytest.mark.parametrize(
    ("n", "periods", "are_cities", "expected"),
    [
        (1, 1, False, S.ONE_PERIOD),
        (9, 1, False, S.ONE_PERIOD),
        (9, 3, True, S.SEVERAL_PERIODS),
        (10, 1, False, S.DISTRICTS),
        (10, 2, True, S.NETWORK),
    ],
)
def test_the_situation_is_told_by_the_rows(n, periods, are_cities, expected):
    units = tuple(f"u{i}" for _ in range(periods) for i in range(n))
    rows = Rows(units, tuple(str(p) for p in range(periods) for _ in range(n)))
    assert situation_of(rows, are_cities=are_cities) is expected


@pytest.mark.parametrize(
    ("nodes", "error"),
    [
        ([THEME, THEME], TreeKeyError),
        ([Node("a", parent="T")], TreeParentError),
        ([THEME, Node("a", parent="T"), Node("b", parent="a")], TreeParentError),
        ([THEME], TreeChildlessError),
        (
            [
                Node("T", parent="U", is_indicator=False),
                Node("U", parent="T", is_indicator=False),
            ],
            TreeCycleError,
        ),
        ([THEME, Node("a", parent="T", weight=-1)], WeightError),
        ([THEME, Node("a", parent="T", weight=float("nan"))], WeightError),
        ([THEME, Node("a", parent="T", weight=0)], WeightSumError),
        ([THEME, Node("a", parent="T", low=2, high=1)], BoundsError),
        ([THEME, Node("a", parent="T", low=2)], BoundsError),
        ([THEME, Node("a", parent="T", direction=Direction.TARGET)], TargetMissingError),
    ],
)
def test_what_is_no_tree_is_refused(nodes, error):
    with pytest.raises(error):
        plant(nodes)


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ("+1", Direction.HIGHER),
        ("1.0", Direction.HIGHER),
        (" -1 ", Direction.LOWER),
        ("0", Direction.CONTEXT),
        ("T", Direction.TARGET),
        ("target", Direction.TARGET),
    ],
)
def test_directions_as_people_write_them(said, direction):
    assert direction_of(said, key="a") is direction


def test_other_directions_are_refused():
    with pytest.raises(DirectionError):
        direction_of("up", key="a")


def test_weights_that_leave_a_parent_without_any_are_refused():
    weights = SAFETY.weights.copy()
    weights[SAFETY.children[0]] = 0
    with pytest.raises(WeightSumError):
        check_weights(weights, SAFETY)


LATER = ONE * [1.2, 0.8, 1.1, 1.05, 1.5, 0.9, 1.0]


def changed(aggregation, before=ONE, after=LATER, *, rule=MissingRule()):  # noqa: B008
    how = How(aggregation=aggregation, overall=aggregation, rule=rule)
    result = composite(
        np.vstack([before, after]),
        SAFETY,
        Rows(("city", "city"), ("1", "2")),
        method=Recipe(how=how),
    )
    return decompose_change(*result.scores, SAFETY, "Overall", how=how), result


@pytest.mark.parametrize(
    "aggregation", [each for each in Aggregation if each is not Aggregation.COPELAND]
)
def test_the_parts_of_a_change_sum_to_it(aggregation):
    found, _ = changed(aggregation)
    total = sum(step.points for step in found.steps)
    assert total == pytest.approx(found.after - found.before, rel=1e-9)
    assert [step.key for step in found.steps] == [
        key for key in SAFETY.keys[:6] if key in {s.key for s in found.steps}
    ]
    signs = {step.key: np.sign(step.points) for step in found.steps}
    assert signs["thefts"] == -1
    assert signs["robberies"] == signs["benches"] == 1


def test_parts_of_an_arithmetic_change_are_weight_times_change():
    found, result = changed(Aggregation.ARITHMETIC)
    gap = result.scores[1] - result.scores[0]
    for step in found.steps:
        place = SAFETY.position[step.key]
        assert step.points == pytest.approx(result.effective[place] * gap[place])


@pytest.mark.parametrize("aggregation", [Aggregation.ARITHMETIC, Aggregation.GEOMETRIC])
def test_what_vanished_and_appeared_is_told_and_the_sum_still_exact(aggregation):
    before, after = ONE.copy(), LATER.copy()
    after[0, SAFETY.position["robberies"]] = np.nan
    before[0, SAFETY.position["benches"]] = np.nan
    found, _ = changed(aggregation, before, after, rule=MissingRule(0.3, needs_core=False))
    assert sum(s.points for s in found.steps) == pytest.approx(found.after - found.before)
    reasons = {step.key: step.reason for step in found.steps}
    assert reasons["robberies"] == "vanished"
    assert reasons["benches"] == "appeared"
    assert reasons["thefts"] == "value"


def test_changes_that_cancel_out_are_both_shown():
    tree = plant(
        [
            Node("B", is_indicator=False),
            Node("T", parent="B", is_indicator=False),
            *(Node(key, parent="T", low=0, high=100) for key in "ab"),
        ]
    )
    rows = Rows(("city", "city"), ("1", "2"))
    for aggregation in (Aggregation.ARITHMETIC, Aggregation.GENERALISED):
        how = How(aggregation=aggregation)
        result = composite([[20.0, 60.0], [60.0, 20.0]], tree, rows, method=Recipe(how=how))
        found = decompose_change(*result.scores, tree, "B", how=how)
        a, b = (step.points for step in found.steps)
        assert a == pytest.approx(-b)
        assert a > 10


def test_no_parts_where_there_was_not_enough_data():
    empty = np.full(ONE.shape, np.nan)
    found, _ = changed(Aggregation.ARITHMETIC, empty, LATER)
    assert np.isnan(found.before)
    assert found.steps == ()


def test_too_many_parts_are_refused_where_the_mean_is_not_a_sum():
    names = [f"i{n}" for n in range(17)]
    tree = plant([THEME, *(Node(n, parent="T", low=0, high=100) for n in names)])
    values = np.vstack([np.linspace(10, 90, 17), np.linspace(90, 11, 17)])
    for aggregation, is_refused in ((Aggregation.ARITHMETIC, False), (Aggregation.HARMONIC, True)):
        how = How(aggregation=aggregation)
        result = composite(values, tree, Rows(("c", "c"), ("1", "2")), method=Recipe(how=how))
        if is_refused:
            with pytest.raises(TooManyChildrenError):
                decompose_change(*result.scores, tree, "T", how=how)
        else:
            decompose_change(*result.scores, tree, "T", how=how)


def test_only_what_is_made_of_parts_has_a_decomposition():
    scores = composite(ONE, SAFETY, CITY).scores[0]
    with pytest.raises(NodeUnknownError):
        decompose_change(scores, scores, SAFETY, "thefts", how=How())
