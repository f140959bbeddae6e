"""What holds for all rates, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from parvis.errors import ParvisError
from parvis.indicators.comparisons import rate_difference, rate_ratio
from parvis.indicators.estimates import Estimate, Flag, Note
from parvis.indicators.limits import (
    byar_or_exact_limits,
    exact_poisson_limits,
    exact_share_limits,
    wilson_limits,
)
from parvis.indicators.rates import (
    EUROPEAN_STANDARD_2013,
    crude_rate,
    directly_standardised_rate,
    indirectly_standardised_ratio,
    mean_of_values,
    proportion,
)
from parvis.report.messages import describe

counts = st.integers(0, 5_000)


def refusal(function, *args, **options) -> str:
    with pytest.raises(ParvisError) as caught:
        function(*args, **options)
    return describe(caught.value)


@given(counts, st.floats(0.5, 0.999))
def test_exact_limits_leave_half_of_what_is_missing_on_either_side(count, level):
    low, high = exact_poisson_limits(count, level=level)
    tail = (1.0 - level) / 2.0
    assert poisson.cdf(count, high) == pytest.approx(tail)
    if count:
        assert poisson.sf(count - 1, low) == pytest.approx(tail)
    else:
        assert low == 0.0


@given(counts)
def test_more_events_move_both_limits_up(count):
    for limits in (exact_poisson_limits, byar_or_exact_limits):
        low, high = limits([count, count + 1])
        assert low[0] < low[1]
        assert high[0] < high[1]
        assert low[0] <= count <= high[0]


def test_intervals_of_counts_cover_what_they_promise():
    means = np.linspace(0.02, 50.0, 500)
    numbers = np.arange(150)
    chances = poisson.pmf(numbers[:, None], means)
    for limits in (exact_poisson_limits, byar_or_exact_limits):
        low, high = limits(numbers)
        covered = chances * ((low[:, None] <= means) & (means <= high[:, None]))
        assert covered.sum(axis=0).min() >= 0.95


@given(st.integers(0, 300), st.integers(1, 300))
def test_limits_of_shares_hold_the_share(hits, more):
    n = max(hits, more)
    for limits in (wilson_limits, exact_share_limits):
        low, high = limits(hits, n)
        assert 0.0 <= low <= hits / n <= high <= 1.0
        mirrored = limits(n - hits, n)
        assert 1.0 - mirrored[1] == pytest.approx(float(low), abs=1e-9)
        assert 1.0 - mirrored[0] == pytest.approx(float(high), abs=1e-9)


@given(counts, st.floats(1.0, 1e6), st.floats(1e-3, 1e6))
def test_rates_scale_with_their_multiplier(count, population, multiplier):
    one = crude_rate(count, population, can_repeat=True)
    many = crude_rate(count, population, multiplier=multiplier, can_repeat=True)
    assert many.value == pytest.approx(one.value * multiplier)
    assert many.high == pytest.approx(one.high * multiplier)
    assert many.low <= many.value <= many.high


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(500, 9_000)), min_size=2, max_size=9))
def test_standardised_by_its_own_make_up_a_rate_is_the_crude_one(bands):
    events, people = (list(each) for each in zip(*bands, strict=True))
    found = directly_standardised_rate(events, people, standard=people)
    if sum(events) < 10:
        assert found.is_refused
        return
    plain = crude_rate(sum(events), sum(people))
    assert found.value == pytest.approx(plain.value)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))
    ratio = indirectly_standardised_ratio(
        events, people, reference_counts=events, reference_populations=people
    )
    assert ratio.value == pytest.approx(1.0)


@given(st.lists(st.integers(3, 60), min_size=3, max_size=6))
def test_repeat_victims_widen_the_interval(persons):
    people = [1_000] * len(persons)
    repeats = [[n, n // 3] for n in persons]
    events = [n + 2 * (n // 3) for n in persons]
    options = {"standard": people, "can_repeat": True}
    plain = directly_standardised_rate(events, people, **options)
    wide = directly_standardised_rate(events, people, **options, repeats=repeats)
    if not plain.is_refused:
        assert wide.value == plain.value
        assert wide.high - wide.low > plain.high - plain.low
        assert [note.code for note in plain.notes] == ["rate_repeats_unknown"]


@given(st.integers(1, 500), st.integers(1, 500))
def test_ratio_of_rates_turns_over_with_its_sides(a, b):
    for interval in ("exact", "log-normal"):
        one = rate_ratio(a, 1_000, base_count=b, base_population=2_000, interval=interval)
        other = rate_ratio(b, 2_000, base_count=a, base_population=1_000, interval=interval)
        assert one.value == pytest.approx(2.0 * a / b)
        assert (1 / other.high, 1 / other.low) == pytest.approx((one.low, one.high))
    assert rate_difference(a, 1_000, base_count=a, base_population=1_000).value == 0.0


def test_exact_ratio_holds_one_where_a_binomial_test_does_not_reject():
    from scipy.stats import binomtest

    for a, b in ((5, 15), (6, 15), (3, 14), (20, 30)):
        found = rate_ratio(a, 1.0, base_count=b, base_population=1.0)
        limits = binomtest(a, a + b).proportion_ci(0.95, method="exact")
        assert found.low == pytest.approx(limits.low / (1 - limits.low))
        assert found.high == pytest.approx(limits.high / (1 - limits.high))


def test_no_events_before_give_no_ratio_but_a_reason():
    found = rate_ratio(4, 100, base_count=0, base_population=100)
    assert found.is_refused
    assert found.notes == (Note("rate_ratio_no_events"),)


def test_more_victims_than_people_are_refused():
    assert refusal(crude_rate, 12, 10).startswith("Row 1: 12 counted among 10 people")
    assert crude_rate(12, 10, can_repeat=True).value == 1.2
    assert refusal(proportion, 12, 10).startswith("Row 1: 12 counted among 10 people")
    text = refusal(directly_standardised_rate, [1, 12], [10, 10], standard=[1, 1])
    assert text.startswith("Row 2: 12 counted among 10 people")


@pytest.mark.parametrize("count", [-1, 1.5, math.nan, math.inf])
def test_what_is_no_count_is_refused(count):
    assert "is no count" in refusal(crude_rate, count, 10)


@pytest.mark.parametrize("population", [0, -3, math.nan])
def test_what_is_no_population_is_refused(population):
    assert "a population of" in refusal(crude_rate, 1, population)


def test_bands_that_do_not_match_are_refused():
    assert "2 of counts, 3 of populations" in refusal(
        directly_standardised_rate, [1, 2], [10, 10, 10]
    )
    assert len(EUROPEAN_STANDARD_2013) == 19
    assert sum(EUROPEAN_STANDARD_2013) == 100_000
    wrong = {"standard": [1, 1], "repeats": [[3], [4]]}
    assert "make 3 events, but 4 were counted" in refusal(
        directly_standardised_rate, [4, 4], [90, 90], **wrong
    )


def test_means_of_nothing_and_of_one_value():
    assert mean_of_values([math.nan]).is_refused
    alone = mean_of_values([3.0])
    assert (alone.value, alone.low) == (3.0, None)
    assert alone.flags == (Flag.UNRELIABLE,)


def test_an_estimate_tells_its_facts_as_plain_data():
    found = Estimate(0.5, 0.4, 0.6, n=3).marked([Flag.BREAK, Flag.BREAK], [Note("x", {"n": 1})])
    document = found.to_json()
    assert document["flags"] == ["b"]
    assert document["notes"] == [{"code": "x", "n": 1}]
    assert found.withheld(Note("y")).to_json()["value"] is None
