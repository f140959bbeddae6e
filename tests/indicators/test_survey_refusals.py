"""Bad designs and answers get one clear sentence; rules chosen are never silent."""

import math

import numpy as np
import pytest

from parvis.errors import ParvisError
from parvis.indicators.estimates import Estimate, Flag, Method
from parvis.indicators.measures import day_night_gap, felt_safety, gender_gap, harassed
from parvis.indicators.survey.association import independence, regression
from parvis.indicators.survey.design import survey_design
from parvis.indicators.survey.estimate import mean, proportion
from parvis.indicators.survey.kish import kish_proportion
from parvis.indicators.survey.publication import publication
from parvis.indicators.survey.quantiles import quantile
from parvis.indicators.survey.replicates import replicate_design
from parvis.indicators.survey.weighting import calibrate, post_stratify, rake
from parvis.report.messages import describe

W4 = [2.0, 2.0, 3.0, 3.0]
NAN = math.nan


def said(function, *args, **options) -> str:
    with pytest.raises(ParvisError) as caught:
        function(*args, **options)
    sentence = describe(caught.value)
    assert "?" not in sentence
    return f"{caught.value.code}: {sentence}"


@pytest.mark.parametrize("weights", [[2.0, NAN], [2.0, -1.0], [2.0, math.inf]])
def test_missing_weights_are_refused_with_their_rows(weights):
    assert said(survey_design, weights).startswith("survey_weight_missing: 1 weights")
    assert "(rows 2)" in said(survey_design, weights)


def test_zero_weights_need_a_rule_that_is_told_with_every_estimate():
    assert said(survey_design, [2.0, 0.0, 1.0]).startswith("survey_weight_zero")
    assert said(survey_design, [0.0, 0.0], zero_weights="leave_out").startswith("survey_weight")
    design = survey_design([2.0, 0.0, 2.0, 2.0], zero_weights="leave_out")
    found = mean(design, [1.0, 100.0, 2.0, 3.0]).one
    assert (found.value, found.n) == (2.0, 3)
    assert [note.code for note in found.notes] == ["survey_weights_left_out"]


def test_a_stratum_with_one_cluster_is_refused_by_name():
    text = said(survey_design, W4, strata=["a", "a", "a", "lonely"])
    assert text.startswith("survey_lonely: 1 strata")
    assert "(lonely)" in text
    assert "remove, certainty, adjust, average" in text


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_the_rule_for_single_clusters_stands_with_the_estimate(rule):
    strata, values = ["a", "a", "b", "b", "c"], [1.0, 3.0, 2.0, 8.0, 30.0]
    design = survey_design(np.ones(5), strata=strata, lonely=rule)
    found = mean(design, values).one
    assert [note.code for note in found.notes] == [f"survey_lonely_{rule}"]
    nothing = math.sqrt(2 * (2.0 + 18.0)) / 5
    middle = sum(values) / 5
    expected = {
        "remove": nothing,
        "certainty": nothing,
        "average": nothing * math.sqrt(3 / 2),
        "adjust": math.sqrt(nothing**2 + ((30.0 - middle) / 5) ** 2),
    }[rule]
    assert found.standard_error == pytest.approx(expected)


def test_a_single_cluster_that_is_the_whole_stratum_is_no_lonely_one():
    design = survey_design(np.ones(3), strata=["a", "a", "b"], populations=[[4, 4, 1]])
    assert design.notes == ()


def test_design_mistakes_name_what_is_wrong():
    four = np.ones(4)
    assert said(survey_design, four, strata=["a", "a", "b"]).startswith("survey_rows: strata: 3")
    assert "rows (2)" in said(survey_design, four, strata=["a", "", "b", "b"])
    clash = {"strata": ["a", "a", "b", "b"], "clusters": [[1, 2, 1, 2]]}
    assert said(survey_design, four, **clash).startswith("survey_cluster_strata: Cluster 1")
    assert survey_design(four, **clash, nested=True).df == 2.0
    assert said(survey_design, four, populations=[[9, 9, 8, 9]]).startswith(
        "survey_population_varies: Stage 1, all: populations from 8 to 9"
    )
    assert said(survey_design, four, populations=[[3] * 4]).startswith(
        "survey_population_below_sample: Stage 1, all: 4 units were sampled of a population of 3"
    )
    assert said(survey_design, four, populations=[[9] * 4, [9] * 4]).startswith("survey_stages")


def test_stages_without_use_are_told():
    design = survey_design(np.ones(4), clusters=[[1, 1, 2, 2], [1, 2, 3, 4]])
    assert [note.code for note in design.notes] == ["survey_stages_unused"]


def test_answers_that_are_none_are_refused():
    design = survey_design(W4)
    assert said(mean, design, [1.0, math.inf, 2.0, 3.0]).startswith("survey_values: values, row 2")
    assert said(proportion, design, [0, 1, 2, 1]).startswith("survey_values: answers, row 3: 2.0")
    assert said(proportion, design, [0, 1, 1, 1], method="guess").startswith("estimate_choice")
    assert said(mean, design, [1.0] * 4, level=1.0).startswith("estimate_level")


def test_missing_answers_are_counted_and_keep_the_design():
    found = mean(survey_design(W4, strata=["a", "a", "b", "b"]), [1.0, NAN, 2.0, 4.0]).one
    assert (found.n, found.df) == (3, 1.0)
    assert [(note.code, note.details) for note in found.notes] == [("survey_missing", {"n": 1})]


def test_rows_without_a_group_are_told():
    found = mean(survey_design(W4), [1.0, 2.0, 3.0, 4.0], by=["a", "a", "", "a"])
    assert found.labels == ("a",)
    assert [(n.code, n.details) for n in found["a"].notes] == [("survey_no_group", {"n": 1})]


def test_nothing_answered_is_no_zero():
    found = mean(survey_design(W4), [NAN] * 4).one
    assert found.is_refused
    assert found.flags == (Flag.SUPPRESSED,)
    grouped = mean(survey_design(W4), [1.0, 2.0, NAN, NAN], by=["a", "a", "b", "b"])
    assert grouped["a"].value == 1.5
    assert grouped["b"].is_refused
    assert quantile(survey_design(W4), [NAN] * 4, 0.5).one.is_refused


def test_one_answer_has_a_value_but_no_interval():
    found = mean(survey_design(W4), [5.0, NAN, NAN, NAN]).one
    assert (found.value, found.low, found.standard_error) == (5.0, None, None)
    assert Flag.UNRELIABLE in found.flags


@pytest.mark.parametrize(("hits", "value"), [([1.0] * 30, 1.0), ([0.0] * 30, 0.0)])
def test_all_or_none_has_an_exact_interval_and_a_label(hits, value):
    found = proportion(survey_design(np.ones(30)), hits).one
    assert found.value == value
    assert found.method is Method.BETA
    assert abs(found.high - found.low) == pytest.approx(1 - 0.025 ** (1 / 30))
    assert [note.code for note in found.notes] == ["survey_all_or_none"]


def test_few_hits_are_labelled():
    hits = np.arange(100) < 3
    found = proportion(survey_design(np.ones(100)), hits).one
    assert found.flags == (Flag.UNRELIABLE,)
    assert [note.code for note in found.notes] == ["survey_few_hits"]


def test_replicates_that_do_not_fit_are_refused():
    assert said(replicate_design, W4, np.ones((3, 5)), kind="JK1").startswith("survey_replicates")
    assert "JKn needs" in said(replicate_design, W4, np.ones((4, 5)), kind="JKn")
    assert "Fay" in said(replicate_design, W4, np.ones((4, 5)), kind="Fay", fay=1.0)
    negative = -np.ones((4, 5))
    assert "negative" in said(replicate_design, W4, negative, kind="BRR")


def test_known_totals_that_do_not_fit_are_refused():
    design, cells = survey_design(W4), ["x", "x", "y", "y"]
    assert "nobody of z" in said(post_stratify, design, cells, {"x": 1.0, "y": 1.0, "z": 1.0})
    assert "y has no total" in said(post_stratify, design, cells, {"x": 1.0})
    assert "y has no total" in said(post_stratify, design, cells, {"x": 1.0, "y": 0.0})
    margins = {"one": cells, "two": ["a", "b", "a", "b"]}
    totals = {"one": {"x": 5.0, "y": 5.0}, "two": {"a": 5.0, "b": 6.0}}
    assert "sum to 11, those of one to 10" in said(rake, design, margins, totals)
    assert "1 rows (2)" in said(rake, design, {"one": ["x", "", "y", "y"]}, totals)
    contradiction = {"a": [1.0] * 4, "b": [2.0] * 4}
    assert "contradict" in said(calibrate, design, contradiction, {"a": 4.0, "b": 9.0})


def test_margins_that_cannot_be_met_do_not_end_silently():
    design = survey_design(np.ones(4))
    margins = {"one": ["x", "x", "x", "y"], "two": ["a", "a", "a", "b"]}
    totals = {"one": {"x": 5.0, "y": 5.0}, "two": {"a": 4.0, "b": 6.0}}
    assert said(rake, design, margins, totals, trim=None).startswith("survey_no_convergence")


def test_associations_refuse_what_cannot_be_told():
    design = survey_design(W4)
    one_kind = said(independence, design, ["a"] * 4, ["x", "y", "x", "y"])
    assert "at least two categories" in one_kind
    same = [1.0, 2.0, 3.0, 4.0]
    twice = said(regression, design, [1.0, 2.0, 3.0, 5.0], {"a": same, "b": same})
    assert "none follows" in twice


def test_weights_alone_give_a_labelled_approximation():
    found = kish_proportion([1.0] * 50 + [3.0] * 50, [1, 0] * 50)
    assert found.n_effective == pytest.approx(200.0**2 / 500.0)
    assert found.flags == (Flag.ESTIMATED,)
    assert "survey_kish" in [note.code for note in found.notes]
    assert found.high - found.low > 0.19


@pytest.mark.parametrize(
    ("n", "effective", "low", "high", "df", "rule", "verdict"),
    [
        (19, 60, 0.35, 0.45, 30, "eurostat", "hide"),
        (20, 60, 0.35, 0.45, 30, "eurostat", "brackets"),
        (49, 60, 0.35, 0.45, 30, "eurostat", "brackets"),
        (50, 10, 0.10, 0.70, 2, "eurostat", "show"),
        (500, 29, 0.35, 0.45, 30, "nchs", "hide"),
        (500, 30, 0.35, 0.45, 30, "nchs", "show"),
        (500, 400, 0.25, 0.55, 30, "nchs", "hide"),
        (500, 400, 0.26, 0.55, 30, "nchs", "show"),
        (500, 400, 0.35, 0.45, 7, "nchs", "brackets"),
        (30, 60, 0.35, 0.45, 30, "stricter", "brackets"),
        (60, 29, 0.35, 0.45, 30, "stricter", "hide"),
        (60, 60, 0.35, 0.45, 30, "stricter", "show"),
    ],
)
def test_publication_rules(n, effective, low, high, df, rule, verdict):
    estimate = Estimate(0.4, low, high, n=n, n_effective=effective, df=df)
    found = publication(estimate, rule=rule, is_share=True)
    assert found.verdict.value == verdict
    assert found.estimate.is_refused == (verdict == "hide")
    assert (Flag.UNRELIABLE in found.estimate.flags) == (verdict == "brackets")
    assert bool(found.reasons) == (verdict != "show")


def test_small_shares_are_judged_by_relative_width():
    wide = Estimate(0.04, 0.01, 0.08, n=500, n_effective=100.0, df=50.0)
    narrow = Estimate(0.02, 0.001, 0.05, n=500, n_effective=100.0, df=50.0)
    assert publication(wide, rule="nchs", is_share=True).verdict.value == "hide"
    assert publication(narrow, rule="nchs", is_share=True).verdict.value == "show"
    assert publication(wide, rule="nchs", is_share=False).verdict.value == "show"


SAFETY = ["very_safe", "safe", "unsafe", "very_unsafe", "never_goes_out", "dont_know", None, "safe"]


def test_felt_safety_has_both_denominators():
    found = felt_safety(survey_design(np.ones(8)), SAFETY)
    assert found.all_respondents.one.value == pytest.approx(3 / 7)
    assert found.going_out.one.value == pytest.approx(3 / 6)
    assert found.never_going_out.one.value == pytest.approx(1 / 7)
    assert found.all_respondents.one.n == 7
    unknown = said(felt_safety, survey_design(np.ones(2)), ["safe", "quite"])
    assert "row 2: quite" in unknown


def test_gap_of_day_and_night_is_of_the_same_persons():
    day = ["safe"] * 6 + ["unsafe"] * 4
    night = ["safe"] * 3 + ["unsafe"] * 7
    design = survey_design(np.ones(10))
    found = day_night_gap(design, day, night).one
    assert found.value == pytest.approx(0.3)
    assert found.standard_error == pytest.approx(math.sqrt(0.3 * 0.7 / 9))
    genders = ["m"] * 5 + ["w"] * 5
    apart = gender_gap(design, night, gender=genders, men="m", women="w")
    assert apart.value == pytest.approx(0.6)
    assert said(gender_gap, design, night, gender=genders, men="m", women="f").startswith(
        "estimate_choice: group: 'f'"
    )


def test_harassment_counts_by_edition_and_blank_is_not_no():
    design = survey_design(np.ones(4))
    experiences = {
        "touched": [1, 0, 0, 0],
        "shouted": [0, 1, 0, 0],
        "pushed": [0, 0, NAN, 0],
    }
    kinds = {"touched": "sexual", "shouted": "non_sexual", "pushed": "physical"}
    new = harassed(design, experiences, kinds, edition="non_sexual_or_sexual").one
    old = harassed(design, experiences, kinds, edition="physical_or_sexual").one
    assert (new.value, new.n) == (pytest.approx(2 / 3), 3)
    assert (old.value, old.n) == (pytest.approx(1 / 3), 3)
    assert said(harassed, design, experiences, kinds, edition="2019").startswith("estimate_choice")
    assert said(harassed, design, {"x": [1] * 4}, {}, edition="physical_or_sexual").startswith(
        "estimate_choice: kind of x"
    )
