"""Scores by hand: every method, with what is missing, unknown and not applicable."""

from datetime import date

import pytest
from assessment_samples import TODAY, assessed, result, said, sample

from parvis.assessment import evaluate
from parvis.assessment.results import Withheld


def score(key: str, at: tuple[str, ...] = (), /, **answers):
    return result(**answers).score(key, at)


def test_a_mean_in_percent_takes_every_item_on_its_own_scale():
    found = score("light", li1="partly", li2="yes", li3="no", lamps=4)
    assert found.low == found.high == pytest.approx((50 + 100 + 0 + 40) / 4)
    assert found.bounds == (found.low, found.low)
    assert found.is_shown


def test_an_interval_of_judgement_widens_the_mean():
    found = score("light", li1="partly", li2=["no", "yes"], li3="no", lamps=4)
    assert (found.low, found.high) == pytest.approx((90 / 4, 190 / 4))


def test_unknown_is_left_out_of_the_value_and_kept_in_the_bounds():
    found = score("light", li1="yes", li2="unknown", li3="unknown", lamps=10)
    assert found.low == found.high == 100.0
    assert found.bounds == (50.0, 100.0)
    assert (found.n_known, found.n_unknown, found.n_missing) == (2, 2, 0)
    assert found.is_shown


def test_too_little_known_is_not_shown():
    assert not score("light", li1="yes").is_shown
    assert score("light", li1="yes", lamps=1).is_shown


def test_nothing_known_has_no_value():
    found = score("light", li1="unknown")
    assert found.low is None
    assert found.bounds == (0.0, 100.0)


def test_what_does_not_apply_does_not_count():
    found = score("weighed", li1="not-applicable", li2="partly")
    assert (found.low, found.n_known, found.n_not_applicable) == (1.0, 1, 1)


def test_nothing_applies_so_there_is_nothing_to_score():
    found = score("weighed", li1="not-applicable", li2="not-applicable")
    assert (found.low, found.bounds, found.is_shown) == (None, (None, None), False)


def test_weights_count():
    assert score("weighed", li1="yes", li2="no").low == pytest.approx(6 / 4)


def test_a_minimum_names_what_is_lowest():
    found = score("lowest", li1="yes", li2="partly", li3="partly")
    assert (found.low, found.lowest) == (1.0, ("li2", "li3"))


def test_a_minimum_may_fall_as_more_is_known():
    found = score("lowest", li1="yes", li2="partly")
    assert (found.low, found.bounds) == (1.0, (0.0, 1.0))


def test_readiness_is_the_share_of_the_greatest_sum():
    found = score("ready", li1="partly", li2="yes", li3="no", gate__outside="not-applicable")
    assert found.low == pytest.approx(3 / 6)


@pytest.mark.parametrize(
    ("li1", "blocked_by", "may_block"),
    [
        ("no", ("li1",), ()),
        ("partly", (), ()),
        ("unknown", (), ("li1",)),
        (None, (), ("li1",)),
        ("not-applicable", (), ()),
    ],
)
def test_publication_waits_for_its_blockers(li1, blocked_by, may_block):
    found = score("ready", **({"li1": li1} if li1 else {}))
    assert (found.blocked_by, found.may_block) == (blocked_by, may_block)
    assert found.may_publish is (not blocked_by and not may_block)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"li1": "yes", "li2": "yes", "li3": "yes", "lamps": 1}, "passed"),
        ({"li1": "yes", "li2": "no", "li3": "no", "lamps": 1}, "failed"),
        ({"li1": "no"}, "failed"),
        ({"li1": "yes"}, "undecided"),
        ({"li1": "yes", "li2": "yes", "lamps": 0}, "passed"),
        ({}, "undecided"),
    ],
)
def test_a_gate_is_decided_as_soon_as_nothing_can_change_it(answers, outcome):
    assert score("may_open", **answers).outcome == outcome


@pytest.mark.parametrize(
    ("answers", "low", "high"),
    [
        ({}, "dark", "bright"),
        ({"li1": "no"}, "dark", "dark"),
        ({"li1": "partly"}, "dim", "dim"),
        ({"li1": "yes"}, "dim", "bright"),
        ({"li1": "yes", "li2": ["partly", "yes"]}, "dim", "bright"),
        ({"li1": "yes", "li2": "yes"}, "bright", "bright"),
        ({"li1": "unknown", "li2": "no"}, "dark", "dim"),
    ],
)
def test_a_ladder_gives_the_rungs_that_it_may_be(answers, low, high):
    found = score("rung", **answers)
    assert (found.low, found.high) == (low, high)
    assert found.is_decided is (low == high)


def test_a_rung_counts_without_those_below_where_they_are_independent():
    ladder = next(known for known in sample().scores if known.key == "rung")
    rungs = (
        ladder.rungs[0],
        ladder.rungs[1].model_copy(update={"when": "lamps > 5"}),
        ladder.rungs[2],
    )
    for independent, expected in ((False, "dark"), (True, "bright")):
        other = ladder.model_copy(update={"rungs": rungs, "independent": independent})
        framework = sample().model_copy(update={"scores": (other,), "findings": ()})
        found = evaluate(assessed(framework, li1="yes", li2="yes", lamps=1), on=TODAY).score("rung")
        assert found.low == found.high == expected


@pytest.mark.parametrize(
    ("likelihood", "harm", "classes"),
    [
        ("high", "high", ("high",)),
        ("low", "high", ("low",)),
        (["low", "medium"], "high", ("low", "medium")),
        (["low", "high"], ["medium", "high"], ("low", "medium", "high")),
        ("unknown", "high", ()),
    ],
)
def test_a_matrix_gives_the_classes_that_judgements_lead_to(likelihood, harm, classes):
    found = score("risk", ("inside",), likelihood__inside=likelihood, harm__inside=harm)
    assert found.classes == classes


def test_a_matrix_says_what_is_possible_while_a_judgement_is_missing():
    assert score("risk", ("inside",), harm__inside="low").possible == ("low",)
    assert score("risk", ("inside",), harm__inside="high").possible == ("low", "medium", "high")
    assert score("risk", ("inside",), harm__inside="not-applicable").possible == ()


def test_a_tree_is_walked_to_its_end():
    found = score("route", owner="city", li1="no", lamps=6)
    assert [step.step for step in found.path] == ["q1", "q2", "q3"]
    assert (found.outcomes, found.stops_at, found.reachable) == (("CHECK", "GOOD"), None, ())


def test_a_tree_stops_where_it_cannot_be_decided_and_tells_what_answers_lead_to():
    found = score("route", owner="city", lamps=1)
    assert (found.outcomes, found.stops_at, found.waits_for) == ((), "q2", ("li1",))
    assert [(b.value, b.outcomes, b.stops_at) for b in found.branches] == [
        ("no", ("CHECK", "STOP"), None),
        ("partly", ("GOOD",), None),
        ("yes", ("GOOD",), None),
    ]
    assert found.reachable == ("GOOD", "CHECK", "STOP")


def test_a_tree_keeps_the_outcomes_it_has_passed():
    found = score("route", owner="city", li1="no", lamps="unknown")
    assert (found.outcomes, found.stops_at, found.waits_for) == (("CHECK",), "q3", ("lamps",))
    assert found.reachable == ("GOOD", "STOP")


def test_a_profile_stands_side_by_side():
    found = score("all", li1="yes")
    assert [(each.key, each.at) for each in found.scores] == [
        ("light", ()), ("ready", ()), ("risk", ("outside",)), ("risk", ("inside",)),
    ]  # fmt: skip


def test_spread_is_the_median_and_range_over_assessors_and_names_the_weakest():
    people = [
        said("li1", level, who) for who, level in zip("abc", ("no", "partly", "yes"), strict=True)
    ]
    rows = {
        row.of: row
        for row in result(*people, said("li2", "no", "a"), said("li2", "no", "b"))
        .score("across")
        .rows
    }
    assert (rows["li1"].n, rows["li1"].median, rows["li1"].low, rows["li1"].high) == (3, 1, 0, 2)
    assert (rows["li2"].n, rows["li2"].median) == (2, 0)
    assert result(*people, said("li2", "no", "a")).score("across").weakest == ("li2",)


def test_what_was_settled_has_no_part_in_the_spread():
    people = [said("li1", "no", "a"), said("li1", "yes", "b"), said("li1", "yes", "")]
    row = result(*people).score("across").rows[0]
    assert (row.n, row.median) == (2, 1)


def grouped(least: int):
    scores = tuple(
        score.model_copy(update={"least_group": least})
        if score.key in ("light", "across")
        else score
        for score in sample().scores
    )
    return sample().model_copy(update={"scores": scores})


def test_a_score_of_too_few_people_is_withheld_and_nobody_is_told_apart():
    people = [said("li1", level, who) for who, level in zip("abcd", ("no", "yes") * 2, strict=True)]
    found = evaluate(assessed(grouped(5), *people), on=TODAY)
    assert found.score("light") == Withheld("light", "mean", (), 5)
    assert isinstance(found.score("across"), Withheld)
    assert (found.differences, found.agreement, found.n_compared) == ((), (), 0)
    more = evaluate(assessed(grouped(5), *people, said("li1", "yes", "e")), on=TODAY)
    assert more.score("light").n_known == 1
    assert more.score("across").rows[1].n == 0


def test_a_condition_on_a_withheld_score_is_undecided():
    found = evaluate(assessed(grouped(2), li1="yes", li2="yes", lamps=10), on=TODAY)
    assert found.score("may_open").outcome == "undecided"


def test_findings_are_told_by_severity_with_the_names_of_their_slice():
    found = result(
        li1="no", lamps=1, kinds=(), likelihood__inside="high", harm__inside="high",
        likelihood__outside="low",
    )  # fmt: skip
    assert [(f.key, f.at, f.text) for f in found.findings] == [
        ("dark", (), "It is dark."),
        ("at_risk", ("inside",), "Risk at Inside"),
        ("few_lamps", (), "Few lamps"),
    ]
    assert found.findings[0].measures == ("lamp",)
    assert found.findings[2].rests_on == ("lamps", "kinds")


def test_a_finding_that_hangs_on_an_unknown_answer_is_undecided_and_a_gap():
    found = result(li1="unknown", lamps=9)
    assert "dark" in [f.key for f in found.undecided_findings]
    assert "finding:dark" in [gap.item for gap in found.gaps]


def test_why_something_cannot_be_said_stands_in_the_gaps():
    gap = next(g for g in result(said("li1", "unknown", note="Fog.")).gaps if g.item == "li1")
    assert (gap.kind, gap.notes) == ("unknown", ("Fog.",))


DUTIES = [
    (
        date(2025, 2, 1),
        {"now": "from", "later": "from", "sooner": "from", "past": "now", "last_day": "now"},
    ),
    (
        date(2026, 11, 20),
        {"now": "now", "later": "from", "sooner": "from", "past": "now", "last_day": "now"},
    ),
    (date(2026, 11, 21), {"now": "now", "later": "from", "sooner": "from", "last_day": "now"}),
    (date(2027, 12, 2), {"now": "now", "later": "now", "sooner": "now"}),
]


@pytest.mark.parametrize(("day", "expected"), DUTIES)
def test_duties_are_told_as_of_a_day(day, expected):
    found = evaluate(assessed(owner="city", li1="no"), on=day)
    assert {duty.key: duty.status for duty in found.duties} == expected


def test_a_duty_may_be_recommended_before_it_begins_or_without_a_day():
    duties = tuple(
        duty.model_copy(update={"before": "recommended"}) if duty.key == "voluntary" else duty
        for duty in sample().duties
    )
    framework = sample().model_copy(update={"duties": duties})
    found = {d.key: d for d in evaluate(assessed(framework, li1="yes"), on=TODAY).duties}
    assert (found["sooner"].status, found["sooner"].is_recommended) == ("from", True)
    assert (found["later"].status, found["later"].is_recommended) == ("from", False)
    assert (found["voluntary"].status, found["voluntary"].is_recommended) == ("recommended", True)


def test_a_duty_that_hangs_on_a_missing_answer_is_told_apart():
    found = result()
    assert [duty.key for duty in found.undecided_duties] == ["now", "voluntary"]
    assert found.undecided_duties[0].rests_on == ("owner",)


def test_a_score_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        result().score("light", ("inside",))


def test_all_scores_of_all_slices_are_told():
    keys = [(each.key, each.at) for each in result().scores]
    assert len(keys) == len(set(keys)) == 11


def test_a_missing_answer_that_could_only_raise_a_share_does_not_raise_its_lower_bound():
    ready = next(known for known in sample().scores if known.key == "ready")
    of_both = ready.model_copy(update={"of": ("li1", "likelihood"), "blockers": ()})
    framework = sample().model_copy(update={"scores": (of_both,), "findings": ()})
    found = evaluate(assessed(framework, li1="no"), on=TODAY).score("ready")
    # likelihood is at least 1 of 3, but it may turn out not to apply
    assert found.bounds == (0.0, 6 / 8)


def test_an_answer_to_what_is_perhaps_not_asked_counts_in_the_bounds_alone():
    found = score("light", li1="unknown", li2="no", li3="yes", lamps=0)
    assert (found.low, found.high, found.n_known) == (0.0, 0.0, 2)
    assert found.bounds == (0.0, pytest.approx(50.0))


def test_a_gate_says_what_each_condition_rests_on():
    told = score("may_open", li1="yes").conditions
    assert [(each.holds, each.rests_on) for each in told] == [
        (True, ("li1",)),
        (None, ("li1", "li2", "li3", "lamps")),
    ]
