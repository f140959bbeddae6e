"""A stock plan says what stands where, what stays open and why, and what would close it."""

import datetime as dt
import json
from dataclasses import replace

import pytest
import shapely

from parvis.approach.results import Notice
from parvis.city.register import RegisteredBarrier, RegisterNote, RegisterReading
from parvis.closure.stock import Assignment, Offer, StayingOpen, StockPlan, Unavailable
from parvis.report.stock_speech import register_lines_text, stock_document, stock_lines_text

OFFER = Offer("stock/4", "heavy planter", "V/7200[N2B]/64/90:1.5", 3, 1.05, 45_000, 5)
OPEN = StayingOpen("nearest/3", "Long Street", 6.0, "N2B", 1_137_800.0, "budget", 0, 0,
                   ("staffed_heavy_vehicle", "smaller_event"))  # fmt: skip
PLAN = StockPlan(
    assignments=(Assignment("cheapest/1", "High Street", OFFER),),
    staying_open=(OPEN,),
    unavailable=(
        Unavailable("rising-bollard", "rising_bollard", "too_late", dt.date(2027, 4, 10)),
    ),
    cost=45_000,
    energy_open=1_137_800.0,
    budget=60_000,
    today=dt.date(2026, 11, 21),
    needed_by=dt.date(2026, 12, 1),
    least_cost_to_close=90_050,
    is_optimal=True,
    gap=0.0,
    notices=(Notice("stock_plan_mixes_plans", 2, {"plans": ["cheapest", "nearest"]}),),
)


def text(plan=PLAN, language="en"):
    said = "\n".join(stock_lines_text(plan, "EUR", language))
    return said.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_partial_plan_says_everything_a_reader_needs():
    said = text()
    for part in (
        "by 1 December 2026 for €600: one line stays open",
        "At least €901 would close everything",
        "Line 1, High Street: 3 × heavy planter, V/7200[N2B]/64/90:1.5",
        "Line 3 of the plan nearest to the place, Long Street stays open, 6.00 m",
        "the budget does not reach",
        "1 138 kJ",
        "Staffed heavy vehicle, but: It has no rating",
        "could stand from 10 April 2027",
        "Rising bollard",
        "have their ratings worked out again",
        "The solver proved",
    ):
        assert part in said, part
    assert "{" not in said


def test_full_plan_names_no_open_line_and_no_interim_measure():
    said = text(replace(PLAN, staying_open=(), energy_open=0.0))
    assert said.startswith("Every way in can be closed")
    assert "kJ" not in said
    assert "stays open" not in said


def test_plan_with_nothing_says_so():
    said = text(replace(PLAN, assignments=(), cost=0, least_cost_to_close=None))
    assert said.startswith("Nothing can be closed")
    assert "No sum closes everything" in said


def test_unproved_plan_says_how_far_off_it_can_be():
    assert "better by up to 3 %" in text(replace(PLAN, is_optimal=False, gap=0.021))


@pytest.mark.parametrize(
    "reason",
    ["above_tested_speeds", "no_rating_suffices", "needs_operable", "too_late", "too_few_pieces",
     "pieces_used_elsewhere", "budget"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_every_reason_has_words(reason, language):
    said = text(replace(PLAN, staying_open=(replace(OPEN, reason=reason),)), language)
    assert "_" not in said
    assert "{" not in said


@pytest.mark.parametrize(
    "reason", ["unrated", "no_pieces", "too_late", "rating_too_low", "not_operable"]
)
def test_every_reason_not_to_use_something_has_words(reason):
    item = Unavailable("stock/7", "block", reason, dt.date(2027, 1, 2))
    said = text(replace(PLAN, unavailable=(item,)))
    assert "block (row 7 of the stock list) is not used: " in said


@pytest.mark.parametrize(
    "code", ["stock_column_rated", "stock_columns_unused", "stock_standard_missing"]
)
@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_what_a_stock_list_leaves_half_said_stands_in_the_plan(code, language):
    said = text(replace(PLAN, notices=(Notice(code, 2, {"value": "3, 4"}),)), language)
    assert "3, 4" in said
    assert "_" not in said


def test_what_interim_measures_do_not_do_is_said_in_french_too():
    open_line = replace(OPEN, interim=("changed_hours",))
    said = text(replace(PLAN, staying_open=(open_line,)), "fr")
    assert "Autres horaires, mais : Ils ne ferment pas" in said


def test_machines_get_the_same_in_units():
    said = json.loads(json.dumps(stock_document(PLAN, "EUR")))
    assert said["cost"] == 450.0
    assert said["least_cost_to_close"] == 900.5
    assert said["staying_open"][0]["energy_kj"] == 1137.8
    assert said["assignments"][0]["elements"] == 3
    assert said["unavailable"][0]["ready"] == "2027-04-10"


CODES = ("address_not_found", "address_ambiguous", "no_place", "by_street", "by_address",
         "kind_unknown", "state_unknown", "removed", "heading", "column_rated", "columns_unused",
         "standard_missing")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_register_notes_have_words(language):
    barrier = RegisteredBarrier(2, "", "block", "block", shapely.Point(0, 0), "coordinates", "",
                                "closed", float("nan"), 0, "", "")  # fmt: skip
    notes = tuple(RegisterNote(row, code, "X") for row, code in enumerate(CODES, start=3))
    said = register_lines_text(RegisterReading("r.xlsx", (barrier,), notes), language)
    assert len(said) == 2 + len(CODES)
    assert not any(sign in line for line in said for sign in "_{")
