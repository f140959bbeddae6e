"""Groups, areas and peers: each with its interval, none ranked, none that can be told."""

import dataclasses

import pytest
from dashboards import CATALOGUE, counted, seen
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from parvis.indicators.dashboard import (
    AreaValue,
    DashboardIndicatorError,
    DashboardPeriodError,
    Difference,
    Peer,
    Point,
    by_area,
    by_group,
    peers,
)
from parvis.indicators.dashboard.figures_of import estimated, is_complete
from parvis.indicators.estimates import Flag, Method
from parvis.indicators.values import Observation, observations_of


def point(observation: Observation) -> Point:
    indicator = CATALOGUE.indicators[observation.indicator]
    return Point(observation.period, estimated(observation, indicator), observation)


def areas(code: str, *rows: Observation, **other: object) -> dict[str, AreaValue]:
    found = by_area(observations_of(rows), CATALOGUE, code, city="city", period="2025", **other)  # type: ignore[arg-type]
    return {each.area: each for each in found}


# Estimates


def test_a_design_based_error_goes_before_unweighted_totals() -> None:
    row = seen("SEN-01", "2025", 48.0, standard_error=3.0, n=400, numerator=200, denominator=400)
    found = estimated(row, CATALOGUE.indicators["SEN-01"])
    assert (found.value, found.standard_error, found.method) == (48.0, 3.0, Method.LOGIT)
    # Logit limits: logit 0.48 ± 1.96 * 0.03 / (0.48 * 0.52).
    assert found.low == pytest.approx(42.174, abs=1e-3)
    assert found.high == pytest.approx(53.880, abs=1e-3)


def test_a_share_of_a_register_is_a_complete_count_and_no_sample() -> None:
    row = counted("QOL-02", "2025", 7_000, 100_000)
    found = estimated(row, CATALOGUE.indicators["QOL-02"])
    assert found.value == pytest.approx(7.0)
    assert found.flags == found.notes == ()
    assert is_complete(CATALOGUE.indicators["QOL-02"], row)
    sampled = seen("QOL-02", "2025", 7.0, standard_error=0.4, n=2_000)
    assert not is_complete(CATALOGUE.indicators["QOL-02"], sampled)


def test_limits_stay_where_the_values_lie() -> None:
    found = estimated(
        seen("SEN-10", "2025", 9.8, standard_error=0.3, n=40), CATALOGUE.indicators["SEN-10"]
    )
    assert found.high == 10.0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (seen("SEN-01", "2025", None, flag=Flag.CONFIDENTIAL, numerator=2.0, denominator=5.0),
         "dashboard_withheld"),
        (seen("SEN-01", "2025", 48.0, unit="ratio", standard_error=3.0), "dashboard_unit"),
        (seen("SEN-01", "2025", 48.0, n=12, standard_error=9.0), "indicator_few"),
        (counted("SEC-02", "2025", 7.5, 1000.0), "rate_count"),
        (counted("SEC-09", "2025", 9.0, 3.0), "rate_population_smaller"),
        (seen("SEN-01", "2025", None), "dashboard_no_value"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_has_no_value_and_a_reason(row: Observation, code: str) -> None:
    found = estimated(row, CATALOGUE.indicators[row.indicator])
    assert found.is_refused
    assert found.low is None
    assert [note.code for note in found.notes] == [code]


# Groups


def test_groups_stand_in_the_order_of_their_names_one_dimension_at_a_time() -> None:
    told = {"": 50, "sex=m": 60, "sex=f": 40, "age=5-14": 30, "age=15-24": 45, "age=f;sex=m": 1,
            "shoe=42": 9}  # fmt: skip
    rows = [
        seen("SEN-01", "2025", value, split=split, standard_error=2.0, n=99)
        for split, value in told.items()
    ]
    found = by_group(observations_of(rows), CATALOGUE, "SEN-01", area="city", period="2025")
    assert [group.dimension for group in found] == ["sex", "age", "shoe"]
    assert [value.category for value in found[0].values] == ["f", "m"]
    assert [value.category for value in found[1].values] == ["5-14", "15-24"]
    assert found[0].total is not None and found[0].total.estimate.value == 50


def test_a_suppressed_group_is_shown_without_a_value() -> None:
    rows = [
        seen("SEN-01", "2025", 50.0, split="sex=m", standard_error=2.0, n=99),
        seen("SEN-01", "2025", None, split="sex=f", flag=Flag.SUPPRESSED),
    ]
    (group,) = by_group(observations_of(rows), CATALOGUE, "SEN-01", area="city", period="2025")
    hidden = group.values[0].latest
    assert hidden is not None and hidden.estimate.value is None
    assert group.total is None


def test_unknown_indicators_and_periods_are_refused() -> None:
    table = observations_of([])
    with pytest.raises(DashboardIndicatorError):
        by_group(table, CATALOGUE, "SEN-99", area="city", period="2025")
    with pytest.raises(DashboardPeriodError):
        by_area(table, CATALOGUE, "SEN-01", city="city", period="2025-99")


# Areas


# 20 of 40 events among a tenth of the people: P(X >= 20 | 40, 0.1) is far below 0.05 / 2;
# 6 of 40: P(X >= 6) = 0.2063, twice that 0.4125.
def test_an_area_is_tested_against_the_rest_of_the_city() -> None:
    found = areas(
        "SEC-04",
        counted("SEC-04", "2025", 40, 100_000),
        counted("SEC-04", "2025", 20, 10_000, area="b"),
        counted("SEC-04", "2025", 6, 10_000, area="a"),
    )
    assert list(found) == ["a", "b"]
    assert found["b"].difference is Difference.ABOVE
    assert found["a"].difference is Difference.NO_DEMONSTRABLE_DIFFERENCE
    assert found["a"].p == pytest.approx(0.4125, abs=1e-4)
    # Of two, the greatest p stays as it is and the least is doubled.
    assert found["a"].p_adjusted == found["a"].p
    assert found["b"].p is not None and found["b"].p_adjusted == pytest.approx(2 * found["b"].p)


# Alone the area would differ (p about 0.03); among twenty that do not, it is not demonstrable.
def test_many_comparisons_are_corrected_for() -> None:
    city = counted("SEC-04", "2025", 2_000, 200_000)
    odd = counted("SEC-04", "2025", 122, 10_000, area="odd")
    same = [counted("SEC-04", "2025", 100, 10_000, area=f"a{i}") for i in range(18)]
    alone, among = areas("SEC-04", city, odd), areas("SEC-04", city, odd, *same)
    assert alone["odd"].difference is Difference.ABOVE
    assert among["odd"].difference is Difference.NO_DEMONSTRABLE_DIFFERENCE
    assert among["odd"].p == alone["odd"].p


# An area with a quarter of the answers: var = 9 (1 - 2/4) + 2.25 = 6.75, z = 6 / 2.598 = 2.31.
def test_a_survey_area_counts_as_a_part_of_the_city() -> None:
    found = areas(
        "SEN-01",
        seen("SEN-01", "2025", 50.0, standard_error=1.5, n=800),
        seen("SEN-01", "2025", 44.0, standard_error=3.0, n=200, area="a"),
    )
    assert found["a"].p == pytest.approx(0.0209, abs=1e-4)
    assert found["a"].difference is Difference.BELOW


def test_areas_are_named_and_only_those_of_the_level_are_taken() -> None:
    rows = [counted("SEC-04", "2025", 40, 100_000)]
    rows += [counted("SEC-04", "2025", 9, 10_000, area=area) for area in ("1", "2", "cell")]
    found = areas("SEC-04", *rows, names={"1": "Westend", "2": "Altstadt"})
    assert [each.name for each in found.values()] == ["Altstadt", "Westend"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([counted("SEC-04", "2025", 9, 1e4, area="a")], "dashboard_area_no_value"),
        (
            [counted("SEC-04", "2025", 40, 1e5), counted("SEC-04", "2025", 2, 1e4, area="a")],
            "dashboard_area_no_value",
        ),
        (
            [counted("SEC-04", "2025", 8, 1e5), counted("SEC-04", "2025", 9, 1e4, area="a")],
            "dashboard_area_sum",
        ),
        (
            [
                counted("SEC-04", "2025", 40, 1e5),
                counted("SEC-04", "2025", 9, 1e4, area="a", definition=2),
            ],
            "dashboard_area_definition",
        ),
        ([seen("QOL-07", "2025", 40.0), seen("QOL-07", "2025", 9.0, area="a")],
         "dashboard_no_error"),
    ],
)  # fmt: skip
def test_a_difference_nothing_is_known_of_says_why(rows: list[Observation], code: str) -> None:
    found = areas(rows[-1].indicator, *rows)["a"]
    assert found.difference is Difference.UNKNOWN
    assert [note.code for note in found.notes] == [code]


def test_probabilities_are_raised_as_a_peer_raises_them() -> None:
    events = [40, 55, 61, 72, 90, 43, 58]
    parts = [counted("SEC-04", "2025", n, 1e4, area=f"a{i}") for i, n in enumerate(events)]
    found = areas("SEC-04", counted("SEC-04", "2025", sum(events), 7e4), *parts)
    p = [each.p for each in found.values() if each.p is not None]
    adjusted = [each.p_adjusted for each in found.values()]
    assert adjusted == pytest.approx(false_discovery_control(p), rel=1e-12)


@settings(max_examples=40)
@given(events=st.lists(st.integers(5, 60), min_size=2, max_size=12), scale=st.floats(0.1, 50.0))
def test_differences_do_not_depend_on_order_or_unit(events: list[int], scale: float) -> None:
    def told(people: float, rows: list[tuple[int, int]]) -> dict[str, AreaValue]:
        parts = [counted("SEC-04", "2025", n, people, area=f"a{i:02}") for i, n in rows]
        city = counted("SEC-04", "2025", sum(events), people * len(events))
        return areas("SEC-04", city, *parts)

    listed = list(enumerate(events))
    one, other = told(1_000.0, listed), told(1_000.0 * scale, listed[::-1])
    assert list(one) == list(other) == sorted(one)
    for area, each in one.items():
        assert each.p_adjusted == pytest.approx(other[area].p_adjusted, rel=1e-9)


# Peers

OWN = point(seen("SEN-01", "2025", 50.0, standard_error=2.0, n=600))


def peer(key: str, value: float, **other: bool) -> Peer:
    row = seen("SEN-01", "2025", value, area=key, standard_error=2.0, n=600)
    return Peer(key, key.title(), point(row), **other)


SEN_01 = CATALOGUE.indicators["SEN-01"]


def test_named_peers_stand_by_name_with_their_interval() -> None:
    others = [peer(key, value, may_name=True) for key, value in (("b", 56.0), ("a", 51.0))]
    found = peers(OWN, [*others, peer("c", 10.0)], indicator=SEN_01, is_anonymous=False)
    assert [each.name for each in found.named] == ["A", "B"]
    assert [each.is_demonstrable for each in found.named] == [False, True]
    assert all(each.estimate.low is not None for each in found.named)
    assert found.group is None
    assert [(note.code, note.details["n"]) for note in found.notes] == [
        ("dashboard_peers_no_consent", 1)
    ]


def test_a_group_of_five_that_agreed_is_told_by_median_and_quartiles() -> None:
    others = [peer(f"p{i}", 40.0 + 2 * i, may_group=True) for i in range(5)]
    found = peers(OWN, others, indicator=SEN_01, is_anonymous=True)
    assert found.named == ()
    assert found.group is not None
    assert dataclasses.astuple(found.group) == (5, 44.0, 42.0, 46.0)


@pytest.mark.parametrize("n", range(5))
def test_a_smaller_group_is_refused(n: int) -> None:
    agreed = [peer(f"p{i}", 40.0, may_group=True) for i in range(n)]
    others = [*agreed, *(peer(f"q{i}", 40.0, may_name=True) for i in range(9))]
    found = peers(OWN, others, indicator=SEN_01, is_anonymous=True)
    assert found.group is None and found.named == ()
    assert [note.code for note in found.notes][-1] == "dashboard_peers_few"


def test_cities_shown_by_name_hide_nobody() -> None:
    others = [peer(f"p{i}", 40.0 + i, may_group=True, may_name=i > 3) for i in range(8)]
    found = peers(OWN, others, indicator=SEN_01, is_anonymous=True)
    assert found.group is None
    assert dict(found.notes[-1].details) == {"n": 4, "least": 5}


def test_values_of_another_definition_are_left_out() -> None:
    row = seen("SEN-01", "2025", 40.0, standard_error=2.0, n=600, definition=2)
    other = Peer("x", "X", point(row), may_name=True)
    found = peers(OWN, [other], indicator=SEN_01, is_anonymous=False)
    assert found.named == ()
    assert [note.code for note in found.notes] == ["dashboard_peers_unlike"]


def test_without_an_error_a_difference_is_not_told() -> None:
    indicator = CATALOGUE.indicators["QOL-07"]
    own, other = (point(seen("QOL-07", year, 40.0)) for year in ("2025", "2024"))
    found = peers(own, [Peer("x", "X", other, may_name=True)], indicator=indicator,
                  is_anonymous=False)  # fmt: skip
    (value,) = found.named
    assert value.is_demonstrable is None
    assert [note.code for note in value.notes] == [
        "dashboard_peer_no_error",
        "dashboard_peer_period",
    ]
