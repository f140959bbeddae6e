"""Measures in order: what dominates, and what cannot be compared."""

import pytest
from assessment_samples import sample
from hypothesis import given
from hypothesis import strategies as st

from parvis.assessment import priorities
from parvis.assessment.results import FindingResult
from parvis.packs.framework_scores import Cost, Measure


def measure(
    key: str, cost: tuple[float, float] | None = None, effect: str = "unknown", unit="piece"
):
    priced = cost and Cost(
        low=cost[0], high=cost[1], currency="EUR", year=2026, unit=unit, evidence="own"
    )
    return Measure(key=key, name=key, kind="lighting", cost=priced, effect_evidence=effect)


def order(measures, calls: dict[str, str]):
    """Return front and what dominates, by measure; `calls` holds measures' keys by severity."""
    framework = sample().model_copy(update={"measures": tuple(measures)})
    findings = [
        FindingResult(f"f{n}", (), "", severity, tuple(keys.split()), ())
        for n, (severity, keys) in enumerate(
            (severity, keys) for severity, all_ in calls.items() for keys in all_.split(",")
        )
    ]
    return {p.measure: (p.front, p.dominated_by) for p in priorities(framework, findings)}


def test_what_no_finding_calls_for_is_left_out():
    assert order([measure("a"), measure("b")], {"high": "a"}) == {"a": (1, ())}


def test_the_one_that_answers_more_comes_first():
    found = order([measure("a"), measure("b")], {"high": "a b", "low": "b"})
    assert list(found) == ["b", "a"]
    assert found == {"b": (1, ()), "a": (2, ("b",))}


def test_one_of_high_severity_counts_for_one_of_lower_but_never_for_two():
    assert order([measure("a"), measure("b")], {"high": "a", "low": "b"})["b"] == (2, ("a",))
    found = order([measure("a"), measure("b")], {"high": "a", "low": "b,b"})
    assert found == {"a": (1, ()), "b": (1, ())}


@pytest.mark.parametrize(
    ("first", "second", "dominates"),
    [
        (measure("a", (1, 2)), measure("b", (2, 4)), True),
        (measure("a", (1, 3)), measure("b", (2, 4)), False),
        (measure("a", (1, 2)), measure("b", (1, 2)), False),
        (measure("a", (1, 2)), measure("b"), False),
        (measure("a", (1, 2)), measure("b", (2, 4), unit="metre"), False),
        (measure("a", effect="strong"), measure("b", effect="weak"), True),
        (measure("a", effect="strong"), measure("b"), False),
        (measure("a", (1, 2), "weak"), measure("b", (2, 4), "strong"), False),
    ],
)
def test_with_the_same_reach_cost_and_evidence_decide(first, second, dominates):
    assert order([first, second], {"high": "a b"})["b"] == ((2, ("a",)) if dominates else (1, ()))


KEYS = "abcde"
MEASURES = st.tuples(
    *[
        st.builds(
            measure,
            st.just(key),
            st.none() | st.tuples(st.integers(0, 3), st.integers(3, 6)),
            st.sampled_from(["unknown", "weak", "strong"]),
        )
        for key in KEYS
    ]
)
CALLS = st.dictionaries(
    st.sampled_from(["high", "medium", "low"]),
    st.lists(st.sets(st.sampled_from(KEYS), min_size=1).map(" ".join), min_size=1, max_size=3).map(
        ",".join
    ),
    min_size=1,
)


@given(MEASURES, CALLS)
def test_nobody_is_dominated_from_their_own_front_or_a_later_one(measures, calls):
    found = order(measures, calls)
    assert found
    for front, dominated_by in found.values():
        assert all(found[other][0] < front for other in dominated_by)
        assert (front == 1) == (not dominated_by)
