import dataclasses
import math

from parvis.approach.grading import decisive_inputs, measuring_list, worst_grade
from parvis.approach.results import UncertainInput
from parvis.terms import Grade


def width(key, value, *, sigma=1.5, grade=Grade.C):
    return UncertainInput(key, "street_width", value, sigma, grade, 0.0, 0.0, "", ())


def test_an_input_that_changes_nothing_is_not_asked_for():
    chosen = decisive_inputs(
        [width("a", 10.0), width("b", 3.0)],
        outcome=lambda change: (3.0 + change.get("b", 0.0) >= 2.0, "V/7200[N2B]/48/90"),
    )
    assert [item.key for item in chosen] == ["b"]


def test_a_change_of_rating_decides():
    chosen = decisive_inputs(
        [width("a", 10.0)],
        outcome=lambda change: (True, "64" if change.get("a", 0.0) > 1.0 else "48"),
    )
    assert [item.key for item in chosen] == ["a"]


def test_a_fact_always_decides():
    fact = dataclasses.replace(width("gate", 0.0), value=math.nan, what="obstacle")
    assert decisive_inputs([fact], outcome=lambda _: (True, "")) == (fact,)


def test_what_nobody_verified_decides_whatever_its_sigma():
    chosen = decisive_inputs([width("a", 30.0)], outcome=lambda _: (True, "48"), unverified={"a"})
    assert [item.key for item in chosen] == ["a"]


def test_measuring_list_merges_points_and_leaves_measured_inputs_out():
    measured = width("m", 4.0, sigma=0.1, grade=Grade.A)
    municipal = width("b", 4.0, sigma=0.5, grade=Grade.B)
    merged = measuring_list({1: [width("s", 5.0), measured], 2: [municipal, width("s", 5.0)]})
    assert [(item.key, item.access_points) for item in merged] == [("s", (1, 2)), ("b", (2,))]


def test_worst_grade_is_the_worst():
    assert worst_grade([width("b", 1.0, grade=Grade.B)], otherwise=Grade.C) is Grade.B
    assert worst_grade([], otherwise=Grade.C) is Grade.C
