"""What the terminal says of a plan: plain money, cautious speeds, what does not hold and why."""

import re
from dataclasses import replace

import closure_samples as samples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.closure.results import CostRange
from parvis.openness.results import Check
from parvis.report.closure_speech import (
    metres,
    metres_up,
    missing_text,
    money,
    range_text,
    summary_sentences,
)
from parvis.report.closure_terminal import closure_lines_text, side_by_side
from parvis.report.wording import Wording


def said(result, language="en") -> str:
    return "\n".join(closure_lines_text(result, language)).replace("\u202f", " ")


def digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_every_line_is_said_with_where_what_and_cost():
    text = said(samples.make_closure())
    assert "Line 1, Long Street: 12.0 m from face to face" in text
    assert "V/7200[N2B]/64/90 (Lorry, 2 axles, 7.2 t (N2B), up to 60 km/h)" in text
    assert "8 elements, fixed bollard; clear gaps of at most 1.16 m" in text
    assert "€32 000 to €56 000 (planning figure, not verified)" in text


def test_a_line_that_does_not_hold_says_against_whom_and_why():
    text = said(samples.make_closure())
    assert "NOT against Lorry, 2 axles, 7.2 t (N2B); the line counts as absent" in text
    assert "the energy reaches, mass or speed does not" in text
    assert "nothing suitable found" in text
    assert "line 4: bring the speed down first" in text


def test_a_failing_check_says_by_how_much():
    text = said(samples.make_closure())
    assert "Cycle passage is short by 0.48 m (1.02 m of 1.50 m)" in text
    assert "Flow of people leaving is short by 132 persons a minute" in text


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
@pytest.mark.parametrize(
    "make", [samples.make_closure, samples.make_open_closure, samples.make_partial_closure]
)
def test_nothing_reads_safe_and_no_field_stays_open(make, language):
    text = said(make(), language).lower()
    assert not re.search(r"\b(safe|sûre?s?|sécurisée?s?|bezpieczn\w+)\b", text)
    assert "{" not in text
    assert "nan" not in text


def test_plans_stand_side_by_side_in_the_order_of_the_result():
    result = samples.make_closure()
    turned = replace(result, plans=result.plans[::-1])
    head, rows = side_by_side(result, Wording("en"))
    back, other = side_by_side(turned, Wording("en"))
    assert head[1:] == back[:0:-1]
    assert [row[1:] for row in rows] == [row[:0:-1] for row in other]
    assert not any(word in said(result).lower() for word in ("best", "recommended", "rank"))


def test_what_cannot_be_closed_is_said_first():
    first = closure_lines_text(samples.make_open_closure())[1]
    assert first.startswith("The place cannot be closed here: ground on which no barrier may stand")
    partial = summary_sentences(samples.make_partial_closure(), Wording("en"))
    assert any("best partial plan" in sentence for sentence in partial)
    assert not any("would enclose" in sentence for sentence in partial)


def test_no_line_is_no_promise():
    text = said(samples.make_closure(plans=(samples.make_plan(lines=()),)))
    assert "No line is needed in these data" in text
    assert "Go and look before relying on it" in text


def test_classes_that_still_get_in_are_named():
    plan = samples.make_plan(still_reached_by=("N2B",), left_open=2)
    text = said(samples.make_closure(plans=(plan,)))
    assert "these still get to the place: Lorry, 2 axles, 7.2 t (N2B)" in text
    assert "2 passages are left as they are" in text


def test_a_line_that_nothing_reaches_is_said_without_figures():
    line = replace(samples.make_lines()[0].line, classes=())
    item = replace(samples.make_lines()[0], line=line, coverage=())
    text = said(samples.make_closure(plans=(samples.make_plan(lines=(item,)),)))
    assert "arrives" not in text.split("For the whole plan")[0].split("face to face")[1]


@given(st.integers(0, 10**12), st.integers(0, 10**9))
def test_money_is_never_said_narrower_than_it_is(low, more):
    wording = Wording("en")
    cost = CostRange(low, low + more, "EUR", True)
    told = range_text(cost, wording).split(" to ")
    assert digits(told[0]) * 100 <= cost.low
    assert digits(told[-1]) * 100 >= cost.high


@given(st.floats(0, 1e4), st.floats(1e-6, 1e4))
def test_widths_are_said_down_and_what_is_missing_up(value, more):
    wording = Wording("en")
    check = Check("accessible_width", "fail", value, value + more, "m", "wheelchair_width", {})
    assert float(metres(value, wording).replace("\u202f", "")) <= value + 2e-8
    missing = float(missing_text(check, wording).removesuffix(" m").replace("\u202f", ""))
    assert missing >= check.missing - 1e-7
    assert float(metres_up(value, wording).replace("\u202f", "")) >= value - 1e-7


def test_money_follows_language_and_currency():
    assert money(1_250_000, "EUR", Wording("fr"), is_high=True) == "12\u202f500\u00a0€"
    assert money(1_250_000, "PLN", Wording("pl"), is_high=True) == "12\u202f500\u00a0zł"
    assert money(1_250_000, "CHF", Wording("en"), is_high=True) == "CHF\u00a012\u202f500"
    assert money(1_250_000, "GBP", Wording("en"), is_high=False) == "£12\u202f500"


def test_the_answer_and_what_to_do_next_stand_before_the_details():
    text = said(samples.make_closure())
    order = [
        "5 lines would enclose",
        "The cost is not complete",
        "accessible width (lines 1, 2, 3 and 5, by up to 0.18 m)",
        "What to do next",
        "8 × Fixed bollard, deep foundation",
        "Options side by side",
        "Line 1, Long Street",
        "What a rating does not cover",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "Cost (planning figure, not verified)" in text


def test_a_place_where_no_check_fails_is_said_to_be_so():
    items = tuple(replace(item, checks=()) for item in samples.make_lines())
    text = said(samples.make_closure(plans=(samples.make_plan(lines=items, checks=()),)))
    assert "No check of the openness of the place fails" in text
    assert "falls short" not in text
