"""What is hidden for what it is, and what observations become as a release."""

import datetime as dt

import pytest
from disclosure_tables import CITY, key

from parvis.errors import ParvisError
from parvis.indicators.disclosure import Cell, Known, Reason, default_rules, protect
from parvis.indicators.disclosure.microdata import check_microdata
from parvis.indicators.disclosure.publishing import chosen_of, draft
from parvis.indicators.disclosure.relations import relations_of
from parvis.indicators.disclosure.release import (
    Figure,
    Release,
    implied_count,
    known_of,
    release_from,
)
from parvis.indicators.disclosure.rules import need_of, primary_reason
from parvis.indicators.estimates import Flag
from parvis.indicators.values import Observation, observations_of
from parvis.packs.indicators import catalogue
from parvis.report.messages import describe

RULES = default_rules()
INDICATORS = catalogue().indicators


def seen(area, above, below=10_000.0, *, code="SEC-02", split="", period="2025", **more):
    model = INDICATORS[code].error_model
    return Observation(
        code, period, area, None, INDICATORS[code].unit, model,
        split=split, numerator=above, denominator=below, **more,
    )  # fmt: skip


def published(rows, chosen=None, **more):
    table = observations_of(rows)
    keys = [row.key for row in rows] if chosen is None else chosen
    return draft(table, INDICATORS, chosen=keys, city=CITY, **more)


def refusal(function, *args, **options) -> str:
    with pytest.raises(ParvisError) as caught:
        function(*args, **options)
    return describe(caught.value)


@pytest.mark.parametrize(
    ("code", "count", "group", "contributors", "reason"),
    [
        ("SEC-02", 0, None, None, None),
        ("SEC-02", 1, None, None, Reason.FEW),
        ("SEC-02", 4, None, None, Reason.FEW),
        ("SEC-02", 5, None, None, None),
        ("SEC-07", 9, None, None, Reason.FEW),
        ("SEC-07", 10, None, None, None),
        ("SEC-08", 9, None, None, Reason.FEW),
        ("SEC-11", 9, 300, None, Reason.FEW),
        ("SEC-02", 0, 9, None, Reason.GROUP),
        ("SEC-02", 9, 9, None, Reason.GROUP),
        ("SEC-02", 0, 10, None, None),
        ("SEC-02", 10, 10, None, None),
        ("SEC-02", 0, 0, None, None),
        ("SEC-02", 96, 100, None, Reason.REST_FEW),
        ("SEC-02", 95, 100, None, None),
        ("SEC-02", 8, None, 2, Reason.CONTRIBUTORS),
        ("SEC-02", 8, None, 3, None),
        ("LIV-07", 1, None, None, None),
    ],
)
def test_the_primary_rules(code, count, group, contributors, reason):
    cell = Cell(key(CITY, indicator=code), count, group=group, contributors=contributors)
    assert primary_reason(cell, RULES, city=CITY) == reason


def test_a_standardised_rate_needs_ten_events():
    cell = Cell(key(CITY), 9, is_standardised=True)
    assert primary_reason(cell, RULES) is Reason.FEW


def test_sensitive_indicators_have_no_areas():
    cell = Cell(key("D1", indicator="SEC-07"), 400)
    assert primary_reason(cell, RULES, city=CITY) is Reason.PLACE


def test_the_least_count_can_be_raised_and_never_lowered():
    assert RULES.raised(least_count=7).least("SEC-02") == 7
    assert RULES.raised(least_count=7).least("SEC-07") == 10
    assert refusal(RULES.raised, least_count=4) == (
        "The least count cannot be 4; accepted: 5 or more."
    )
    assert "rounding base" in refusal(protect, [], base=3)


def test_a_hidden_count_keeps_the_whole_hidden_range_open():
    need = need_of(Cell(key(CITY), 3), Reason.FEW, RULES)
    assert (need.low, need.high, need.width) == (1.0, 5.0, 4.0)
    rest = need_of(Cell(key(CITY), 97, group=100), Reason.REST_FEW, RULES)
    assert (rest.low, rest.high) == (95.0, 99.0)


def test_the_others_of_a_group_are_protected_as_the_counted_are():
    cells = [
        Cell(key(CITY), 180, group=200),
        Cell(key("D1"), 97, group=100),
        Cell(key("D2"), 83, group=100),
    ]
    plan = protect(cells, relations_of(cells, {"D1": CITY, "D2": CITY}))
    assert plan.hidden == {key("D1"): Reason.REST_FEW, key("D2"): Reason.SECONDARY}
    found = plan.intervals[key("D1")]
    assert found.low <= 95
    assert found.high >= 99


def test_relations_follow_from_areas_splits_and_periods():
    cells = [
        Cell(key(CITY), 60),
        Cell(key("D1"), 60),
        Cell(key(CITY, "sex=f"), 30),
        Cell(key(CITY, "age=0-17;sex=f"), 12),
        Cell(key(CITY, period="2025-Q1"), 20),
        Cell(key(CITY, period="2025-03"), 7),
    ]
    found = {(each.total, each.parts) for each in relations_of(cells, {"D1": CITY})}
    assert found == {
        (key(CITY), (key("D1"),)),
        (key(CITY), (key(CITY, "sex=f"),)),
        (key(CITY, "sex=f"), (key(CITY, "age=0-17;sex=f"),)),
        (key(CITY), (key(CITY, period="2025-Q1"),)),
        (key(CITY), (key(CITY, period="2025-03"),)),
        (key(CITY, period="2025-Q1"), (key(CITY, period="2025-03"),)),
    }


def test_a_year_does_not_give_a_quarter_away():
    rows = [seen(CITY, n, period=f"2025-Q{q}") for q, n in enumerate([3, 20, 30, 40], 1)]
    made = published([*rows, seen(CITY, 93, period="2025")])
    assert key(CITY, period="2025-Q1") in made.plan.primary
    assert len(made.plan.hidden) == 2


def test_areas_need_a_written_reason():
    rows = [seen(CITY, 100.0), seen("D1", 60.0), seen("D2", 40.0)]
    assert "only with a written reason" in refusal(published, rows)
    assert "only with a written reason" in refusal(published, rows, reason="  ")
    assert len(published(rows, reason="Asked for by the council").figures) == 3
    assert len(published(rows, chosen=[key(CITY)]).figures) == 1


def test_what_is_not_there_cannot_be_published():
    assert "SEC-02 2030 city" in refusal(
        published, [seen(CITY, 100.0)], chosen=[key(CITY, period="2030")]
    )
    assert "no observation" in refusal(published, [], chosen=[])


def test_a_hidden_figure_has_its_flag_and_nothing_else():
    made = published([seen(CITY, 3.0)])
    assert made.figures == ()
    assert made.hidden[0].flag is Flag.CONFIDENTIAL
    assert made.hidden[0].key == key(CITY)


def test_a_survey_value_follows_the_publication_rules():
    rows = [
        Observation("SEN-01", "2025", CITY, 60.0, "percent", "weighted_share", split=split, n=n)
        for split, n in (("", 900), ("sex=f", 35), ("sex=m", 12))
    ]
    made = published(rows)
    assert [figure.split for figure in made.figures] == [""]
    assert made.figures[0].low == pytest.approx(56.8, abs=0.1)
    assert {each.flag for each in made.hidden} == {Flag.SUPPRESSED}


def test_a_share_with_its_n_gives_a_sensitive_count_that_is_hidden():
    row = Observation("SEC-11", "2025", CITY, 2.0, "percent", "weighted_share", n=400)
    assert published([row]).hidden[0].flag is Flag.CONFIDENTIAL
    row = Observation("SEC-11", "2025", CITY, 12.0, "percent", "weighted_share", n=400)
    assert published([row]).figures[0].count is None


def test_a_rounded_count_gives_its_rate_too():
    made = published([seen(CITY, 103.0, 50_000.0)], base=10)
    assert made.figures[0].count == 100
    assert made.figures[0].value == 200.0


def test_a_published_rate_with_its_denominator_is_known_as_a_count():
    assert implied_count(37.5, decimals=1, group=8, multiplier=100.0) == (3.0, 3.0)
    low, high = implied_count(20.0, decimals=0, group=1_000, multiplier=100.0)
    assert (low, high) == (195.0, 205.0)
    figure = Figure(*key("D1"), 37.5, decimals=1, group=8, multiplier=100.0)
    release = Release("2026-01-01-1", dt.date(2026, 1, 1), "", (figure,))
    assert known_of([release]) == (Known(key("D1"), 3.0, 3.0, "2026-01-01-1"),)


@pytest.mark.parametrize(("base", "low", "high"), [(None, 20, 20), (5, 18, 22), (10, 15, 24)])
def test_a_rounded_figure_is_known_as_what_rounds_to_it(base, low, high):
    figure = Figure(*key(CITY), None, count=20)
    release = Release("r", dt.date(2026, 1, 1), "", (figure,), base=base)
    assert known_of([release]) == (Known(key(CITY), low, high, "r"),)


def test_what_an_earlier_release_told_binds_the_next():
    rows = [seen(CITY, 43.0), seen("D1", 3.0), seen("D2", 40.0)]
    table = observations_of(rows)
    first = published(rows, chosen=[key(CITY)]).release(day=dt.date(2026, 1, 1), title="First")
    later = draft(
        table, INDICATORS, chosen=[key("D1"), key("D2")], city=CITY, reason="Council",
        earlier=[first],
    )  # fmt: skip
    assert later.figures == ()
    withdrawn = release_from(first.to_json())
    assert withdrawn.to_json() == first.to_json()


def test_splits_are_chosen_only_where_asked_for():
    table = observations_of([seen(CITY, 43.0), seen(CITY, 20.0, split="sex=f"), seen("D1", 9.0)])
    asked = {"indicators": ["SEC-02"], "period": "2025", "areas": [CITY]}
    assert chosen_of(table, **asked) == (key(CITY),)
    assert len(chosen_of(table, **asked, has_splits=True)) == 2


def test_rows_alike_in_all_keys_are_five_or_more_and_differ_in_what_is_sensitive():
    columns = {"sex": list("fffffmmmmmx"), "victim": list("01010") + ["1"] * 5 + ["0"]}
    found = check_microdata(columns, keys=["sex"], sensitive=["victim"])
    assert [(group.values, group.n) for group in found.small] == [(("x",), 1)]
    assert [(group.values, group.different["victim"]) for group in found.alike] == [(("m",), 1)]
    assert (found.n_rows_at_risk, found.is_safe) == (6, False)
    assert check_microdata({"sex": list("fffff")}, keys=["sex"]).is_safe
    assert check_microdata({"sex": []}, keys=["sex"]).n_rows == 0


def test_microdata_with_wrong_columns_is_refused():
    assert "district" in refusal(check_microdata, {"sex": ["f"]})
    assert "equally long" in refusal(check_microdata, {"a": [1], "b": []}, keys=["a"])
