"""Conditions are read as they are meant, and written in one way."""

import datetime

import pytest

from parvis.packs.conditions import (
    And,
    Compare,
    ConditionError,
    Not,
    Or,
    Reached,
    State,
    as_date,
    as_number,
    comparisons,
    parse_condition,
)

A, B, C = (Compare(name, "==", ("yes",)) for name in "abc")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ns1 in [no, partly]", Compare("ns1", "in", ("no", "partly"))),
        ("capacity >= 800", Compare("capacity", ">=", ("800",))),
        ("attribute.country == FR", Compare("attribute.country", "==", ("FR",))),
        ("grid.width < 0.9", Compare("grid.width", "<", ("0.9",))),
        ("x == -2.5", Compare("x", "==", ("-2.5",))),
        ("day >= 2027-12-02", Compare("day", ">=", ("2027-12-02",))),
        ('x == "two words"', Compare("x", "==", ("two words",))),
        ('x == "and"', Compare("x", "==", ("and",))),
        ("measures includes cctv", Compare("measures", "includes", ("cctv",))),
        ("not answered(ns1)", Not(State("ns1", "answered"))),
        ("unknown(grid.width)", State("grid.width", "unknown")),
        ("outcome.HR_BIO", Reached("HR_BIO")),
        ("score.risk == high", Compare("score.risk", "==", ("high",))),
        ("a == yes and b == yes or c == yes", Or((And((A, B)), C))),
        ("a==yes and(b==yes or c==yes)", And((A, Or((B, C))))),
        ("not a == yes and b == yes", And((Not(A), B))),
        ("not (a == yes or b == yes)", Not(Or((A, B)))),
        ("not not a == yes", Not(Not(A))),
    ],
)
def test_a_condition_is_read_and_written(text: str, meant: object) -> None:
    assert parse_condition(text) == meant
    assert parse_condition(str(meant)) == meant


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("", 1, "the end stands where a question"),
        ("a", 2, "one of ==, !="),
        ("a = b", 3, "'=' cannot be read"),
        ("a == ", 5, "a value: a key, a number, a date as 2027-12-02 or text in quotes"),
        ("a == b c", 8, "'and', 'or' or the end"),
        ("a in b", 6, "'['"),
        ("a in []", 7, "a value"),
        ("a in [b", 8, "']'"),
        ("(a == b", 8, "')'"),
        ("answered a", 10, "'('"),
        ("and == b", 1, "a question"),
        ("== b", 1, "a question"),
        ('a == "b', 6, "cannot be read"),
        ("a == b\nor c == d", 7, "it goes on in another line"),
        ("(" * 50 + "a == b" + ")" * 50, 41, "nested deeper than 40"),
        ("a == " + "b" * 3000, 2000, "longer than 2000 signs"),
    ],
)
def test_a_broken_condition_names_column_and_what_is_accepted(
    text: str, column: int, told: str
) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert caught.value.column == column
    assert told in caught.value.problem


def test_what_a_condition_asks_is_given_from_left_to_right() -> None:
    condition = parse_condition("a == yes and (not b == yes or outcome.X) and unknown(c)")
    assert [*comparisons(condition)] == [A, B, Reached("X"), State("c", "unknown")]


def test_literals_are_numbers_and_days_only_as_written() -> None:
    assert [as_number(text) for text in ("3", "-0.5", "1e3", "three", "")] == [
        3.0, -0.5, None, None, None,
    ]  # fmt: skip
    assert as_date("2027-12-02") == datetime.date(2027, 12, 2)
    assert as_date("2027-02-30") is None
    assert as_date("2027") is None
