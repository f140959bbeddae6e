"""Places, open cases, several years and ages: checked by hand and against known results."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.errors import InputError
from parvis.indicators.durations import median_duration
from parvis.indicators.estimates import Flag, Method
from parvis.indicators.places import audited_ratio, resampled_quantile
from parvis.indicators.pooled import (
    AgeBandsError,
    PoolError,
    pooled,
    repeated_rate,
    standardised,
)
from parvis.indicators.rates import EUROPEAN_STANDARD_2013, directly_standardised_rate
from parvis.indicators.values import Observation
from parvis.packs import catalogue
from parvis.report.messages import describe, fill

KNOWN = catalogue().indicators
ENDED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
LASTING = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
"""Weeks of remission that ended, or still lasted (Freireich and others, 1963)."""


def test_the_interval_over_places_covers_like_the_normal_one() -> None:
    scores = np.random.default_rng(4).normal(60.0, 10.0, 200)
    found = audited_ratio(scores).estimate
    error = scores.std(ddof=1) / np.sqrt(200)
    assert found.value == pytest.approx(scores.mean())
    assert found.standard_error == pytest.approx(error, rel=0.05)
    assert found.low == pytest.approx(found.value - 1.96 * error, abs=0.3)
    assert found.method is Method.BOOTSTRAP


def test_a_ratio_weighs_places_by_what_stands_below_the_line() -> None:
    found = audited_ratio([30.0, 0.0] * 10, [100.0, 50.0] * 10, multiplier=100.0)
    assert found.estimate.value == pytest.approx(20.0)
    assert found.draws.size == 2_000
    same = audited_ratio([30.0, 0.0] * 10, [100.0, 50.0] * 10, multiplier=100.0)
    assert np.array_equal(found.draws, same.draws)


def test_few_places_are_flagged_and_one_has_no_interval() -> None:
    few = audited_ratio([1.0, 0.0, 1.0]).estimate
    assert few.flags == (Flag.UNRELIABLE,)
    assert fill(few.notes[0].code, few.notes[0].details)
    assert audited_ratio([1.0]).estimate.low is None
    assert audited_ratio([]).estimate.is_refused


@pytest.mark.parametrize(
    "call",
    [
        lambda: audited_ratio([float("nan"), 1.0]),
        lambda: audited_ratio([1.0], [1.0, 2.0]),
        lambda: audited_ratio([1.0, 1.0], [0.0, 0.0]),
        lambda: audited_ratio([1.0, 1.0], [-1.0, 2.0]),
        lambda: median_duration([1.0, -1.0], [True, True]),
        lambda: median_duration([1.0], [True, False]),
    ],
)
def test_what_there_cannot_be_is_refused_in_a_sentence(call: Callable[[], object]) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert describe(caught.value)


def test_response_times_have_their_quantiles() -> None:
    values = np.random.default_rng(1).exponential(8.0, 2_000)
    found = resampled_quantile(values, 0.9, n_draws=400).estimate
    assert found.value == pytest.approx(np.quantile(values, 0.9))
    assert found.low < found.value < found.high


def test_the_median_of_remissions_is_the_known_one() -> None:
    ended = [True] * len(ENDED) + [False] * len(LASTING)
    found = median_duration([*ENDED, *LASTING], ended)
    assert (found.value, found.low, found.high) == (23.0, 13.0, None)
    assert found.notes[0].code == "duration_open"


def test_without_open_cases_it_is_the_plain_median() -> None:
    found = median_duration(range(1, 102), [True] * 101)
    assert found.value == 51.0
    assert found.low < 51.0 < found.high
    assert found.flags == ()


def test_without_half_of_the_cases_closed_there_is_no_median() -> None:
    found = median_duration([1.0, 2.0, 3.0, 3.0, 3.0], [True, False, False, False, False])
    assert found.is_refused
    assert fill(found.notes[0].code, found.notes[0].details)


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans()), min_size=1, max_size=60))
def test_limits_stand_around_the_median(cases: list[tuple[float, bool]]) -> None:
    found = median_duration([each[0] for each in cases], [each[1] for each in cases])
    if not found.is_refused:
        assert found.low is not None
        assert found.low <= found.value
        assert found.high is None or found.high >= found.value


def rate(period: str, above: float, below: float = 1000.0, split: str = "", **more) -> Observation:
    entry = KNOWN["SEC-03"]
    return Observation(
        "SEC-03", period, "city", above / below * entry.multiplier, entry.unit, "poisson",
        split=split, numerator=above, denominator=below, **more,
    )  # fmt: skip


def test_years_are_pooled_into_one_rate() -> None:
    found = pooled([rate("2024", 4), rate("2023", 3), rate("2025", 5)], KNOWN["SEC-03"])
    assert (found.period, found.numerator, found.denominator) == ("2023/2025", 12, 3000)
    assert found.value == pytest.approx(400.0)


@pytest.mark.parametrize(
    "rows",
    [
        [rate("2023", 3), rate("2025", 3)],
        [rate("2023", 3), rate("2024", 3, flag=Flag.BREAK)],
        [rate("2023", 3), rate("2024", 3, definition=2)],
        [rate("2023-Q1", 3), rate("2023-Q2", 3)],
        [],
    ],
)
def test_what_does_not_belong_together_is_not_pooled(rows: list[Observation]) -> None:
    with pytest.raises(PoolError) as caught:
        pooled(rows, KNOWN["SEC-03"])
    assert describe(caught.value)


def test_ages_are_weighted_by_the_standard_population() -> None:
    ages = [*(f"{low}-{low + 4}" for low in range(0, 90, 5)), "90+"]
    counts = [2 + at for at in range(19)]
    rows = [rate("2025", n, 500 + at, f"age={ages[at]}") for at, n in enumerate(counts)]
    found = standardised([*rows, rate("2025", 9)], KNOWN["SEC-03"])
    plain = directly_standardised_rate(
        counts, [500 + at for at in range(19)], multiplier=1e5, can_repeat=True
    )
    assert found.value == pytest.approx(plain.value)
    wide = [rate("2025", 20, 1000, "age=0-14"), rate("2025", 40, 4000, "age=15+")]
    young = sum(EUROPEAN_STANDARD_2013[:3])
    expected = (young * 20 / 1000 + (100_000 - young) * 40 / 4000) / 100_000 * 1e5
    assert standardised(wide, KNOWN["SEC-03"]).value == pytest.approx(expected)
    assert standardised([rate("2025", 9)], KNOWN["SEC-03"]) is None


@pytest.mark.parametrize(
    "ages", [["0-14", "20+"], ["0-14", "10+"], ["0-13", "14+"], ["5-14", "15+"], ["0-14", "15-64"]]
)
def test_bands_that_do_not_fit_are_refused(ages: list[str]) -> None:
    with pytest.raises(AgeBandsError) as caught:
        standardised([rate("2025", 20, 1000, f"age={age}") for age in ages], KNOWN["SEC-03"])
    assert describe(caught.value)


def test_repeat_victims_widen_the_interval() -> None:
    once = repeated_rate([100], 10_000, multiplier=1e5)
    often = repeated_rate([60, 20], 10_000, multiplier=1e5)
    assert once.value == often.value
    assert often.standard_error == pytest.approx(np.sqrt(60 + 20 * 4) / 10_000 * 1e5)
    rows = [
        rate("2025", 60, 1000, "age=0-14"),
        rate("2025", 40, 4000, "age=15+"),
        rate("2025", 40, 1000, "age=0-14;times=1"),
        rate("2025", 10, 1000, "age=0-14;times=2"),
        rate("2025", 40, 4000, "age=15+;times=1"),
    ]
    told = standardised(rows, KNOWN["SEC-03"])
    assert told.method is Method.DOBSON_REPEATS
    assert told.standard_error > standardised(rows[:2], KNOWN["SEC-03"]).standard_error
