"""The programme's order is the authority's and its dates follow the rules that it states."""

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screening_samples import TODAY, WHO, failure, outcome, record, screening

from parvis.screening.criteria import (
    CriteriaMissingError,
    Criterion,
    CriterionUnknownError,
    TableNeededError,
    check_table,
    stated_criteria,
)
from parvis.screening.programme import (
    Reason,
    Rules,
    RulesInvalidError,
    assessment_programme,
    months_later,
)
from parvis.screening.spaces import Responsible, ResponsibleMissingError, SpaceOutcome
from parvis.terms import Grade

FORBIDDEN = (
    "speed",
    "energy",
    "rating",
    "exposed",
    "exposure",
    "width",
    "vehicle",
    "risk",
    "score",
)


def order(programme) -> list[str]:
    return [entry.space.id for entry in programme.entries]


@pytest.mark.parametrize("word", [*FORBIDDEN, "access-points", "most exposed", "required rating"])
def test_what_tells_how_exposed_a_space_is_can_be_no_criterion(word):
    with pytest.raises(CriterionUnknownError) as caught:
        stated_criteria(["events", word])
    assert "last-assessment" in caught.value.details["accepted"]


def test_no_criterion_and_nothing_kept_of_a_space_speaks_of_exposure():
    names = [*Criterion, *(field.name for field in fields(SpaceOutcome))]
    assert [name for name in names if any(word in name for word in FORBIDDEN)] == []


def test_criteria_are_kept_in_the_order_stated():
    stated = stated_criteria([" Works", "last assessment", "", "DATA_GRADE"])
    assert stated == (Criterion.WORKS, Criterion.LAST_ASSESSMENT, Criterion.DATA_GRADE)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ([], CriteriaMissingError),
        ([" "], CriteriaMissingError),
        (["works"] * 2, CriterionUnknownError),
    ],
)
def test_no_criteria_and_repeated_criteria_are_refused(words, error):
    with pytest.raises(error):
        stated_criteria(words)


def test_criteria_of_the_table_need_a_table():
    with pytest.raises(TableNeededError) as caught:
        check_table([Criterion.DATA_GRADE, Criterion.EVENTS], has_table=False)
    assert caught.value.details["criteria"] == "events"
    check_table([Criterion.DATA_GRADE], has_table=False)


@pytest.mark.parametrize("empty", ["authority", "name", "role"])
def test_a_screening_without_somebody_responsible_is_refused(empty):
    with pytest.raises(ResponsibleMissingError) as caught:
        replace(WHO, **{empty: "  "})
    assert caught.value.details == {"missing": empty}
    assert Responsible("a", "b", "c")


def test_later_criteria_decide_among_what_is_alike_in_the_earlier():
    spaces = [outcome(number) for number in (1, 2, 3, 4)]
    said = [
        record(1, events=4, people=50),
        record(2, events=12),
        record(3, events=4, people=900),
    ]
    found = screening(spaces, criteria=[Criterion.EVENTS, Criterion.PEOPLE], records=said)
    assert order(assessment_programme(found, Rules(12))) == ["way/2", "way/3", "way/1", "way/4"]
    turned = screening(spaces, criteria=[Criterion.PEOPLE, Criterion.EVENTS], records=said)
    assert order(assessment_programme(turned, Rules(12))) == ["way/3", "way/1", "way/2", "way/4"]


def test_data_gaps_order_and_a_space_that_failed_is_known_least():
    spaces = [outcome(1, grade=Grade.A), outcome(2, n_to_measure=9), failure(3), outcome(4)]
    gaps = [Criterion.DATA_GRADE, Criterion.FACTS_TO_MEASURE]
    found = assessment_programme(screening(spaces, criteria=gaps), Rules(12))
    assert order(found) == ["way/3", "way/2", "way/4", "way/1"]


@given(st.permutations([1, 2, 3, 4, 5]), st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_order_does_not_depend_on_the_order_of_the_spaces_nor_on_access_points(numbers, points):
    changed = [outcome(n, n_access_points=points[n - 1]) for n in numbers]
    said = [record(n, events=n % 3) for n in range(1, 6)]
    criteria = [Criterion.EVENTS, Criterion.UNKNOWN_GROUND]
    plain = screening([outcome(n) for n in range(1, 6)], criteria=criteria, records=said)
    mixed = screening(changed, criteria=criteria, records=said)
    assert order(assessment_programme(plain, Rules(6))) == order(
        assessment_programme(mixed, Rules(6))
    )


def due_of(said, **rules):
    found = screening([outcome(1)], records=[said])
    entry = assessment_programme(found, Rules(**{"every_months": 24} | rules)).entries[0]
    return entry.due, entry.reason


def test_a_space_is_due_after_the_interval():
    day = TODAY - dt.timedelta(days=300)
    assert due_of(record(1, last_assessment=day)) == (months_later(day, 24), Reason.INTERVAL)


def test_what_was_never_assessed_or_is_overdue_is_due_now():
    assert due_of(record(1)) == (TODAY, Reason.NEVER_ASSESSED)
    assert due_of(record(1, last_assessment=dt.date(2020, 1, 1))) == (TODAY, Reason.INTERVAL)


def test_works_and_events_bring_an_assessment_forward():
    last, works = dt.date(2031, 1, 1), dt.date(2031, 9, 1)
    assert due_of(record(1, last_assessment=last, works=works), days_before=30) == (
        dt.date(2031, 8, 2),
        Reason.WORKS,
    )
    event = dt.date(2031, 7, 1)
    said = record(1, last_assessment=last, works=works, next_event=event)
    assert due_of(said, days_before=30) == (dt.date(2031, 6, 1), Reason.EVENT)


def test_an_assessment_already_done_for_the_works_and_past_works_count_for_nothing():
    works = dt.date(2031, 4, 1)
    last = dt.date(2031, 3, 1)
    assert due_of(record(1, last_assessment=last, works=works))[1] is Reason.INTERVAL
    past = record(1, last_assessment=last, works=dt.date(2031, 2, 1))
    assert due_of(past)[1] is Reason.INTERVAL


def test_spaces_wait_for_a_month_with_room_in_the_stated_order_and_works_do_not_wait():
    spaces = [outcome(n) for n in range(1, 6)]
    said = [
        record(1),
        record(2, events=9),
        record(3, works=dt.date(2031, 3, 20)),
        record(4, events=5),
    ]
    found = screening(spaces, criteria=[Criterion.EVENTS], records=said)
    rules = Rules(24, days_before=60, per_month=2)
    entries = assessment_programme(found, rules).entries
    dates = {entry.space.id: entry.due for entry in entries}
    assert dates["way/3"] == TODAY
    assert dates["way/2"] == TODAY
    assert dates["way/4"] == dates["way/1"] == dt.date(2031, 4, 30)
    assert dates["way/5"] == dt.date(2031, 5, 31)
    assert [entry.is_spread for entry in entries if entry.space.id == "way/5"] == [True]


@given(st.integers(1, 4), st.integers(1, 30))
def test_no_month_holds_more_than_it_has_room_for_and_none_comes_before_its_date(room, n):
    said = [
        record(k, last_assessment=dt.date(2029, 1 + k % 12, 1 + k % 28)) for k in range(1, n + 1)
    ]
    found = screening([outcome(k) for k in range(1, n + 1)], records=said)
    free = {e.space.id: e.due for e in assessment_programme(found, Rules(24)).entries}
    spread = assessment_programme(found, Rules(24, per_month=room)).entries
    months = [(entry.due.year, entry.due.month) for entry in spread]
    assert max(months.count(month) for month in months) <= room
    assert all(entry.due >= free[entry.space.id] for entry in spread)


def test_who_answers_owns_what_nobody_else_owns():
    found = screening([outcome(1), outcome(2)], records=[record(1, owner="B. Adjoint")])
    owners = {e.space.id: e.owner for e in assessment_programme(found, Rules(12)).entries}
    assert owners == {"way/1": "B. Adjoint", "way/2": "A. Maire"}


@pytest.mark.parametrize(
    "values",
    [
        {"every_months": 0},
        {"every_months": 12, "days_before": -1},
        {"every_months": 12, "per_month": 0},
    ],
)
def test_rules_without_sense_are_refused(values):
    with pytest.raises(RulesInvalidError):
        Rules(**values)


def test_quarters_are_those_of_the_calendar():
    days = [dt.date(2031, month, 1) for month in (1, 3, 4, 12)]
    entry = assessment_programme(screening([outcome(1)]), Rules(12)).entries[0]
    assert [replace(entry, due=day).quarter for day in days] == [
        "2031 Q1", "2031 Q1", "2031 Q2", "2031 Q4",
    ]  # fmt: skip
