"""Several assessors: what they say together, where they differ, how far they agree."""

from datetime import date

import numpy as np
import pytest
from assessment_samples import assessed, result, said, sample

from parvis.assessment import Interval, agreement, consensus, evaluate
from parvis.assessment.people import borich
from parvis.assessment.reading import read
from parvis.packs.framework_scores import Borich


def together(item: str, *values: object, settled: object = None):
    people = [said(item, value, who) for who, value in zip("abcdef", values, strict=False)]
    if settled is not None:
        people.append(said(item, settled, ""))
    return next(found for found in consensus(assessed(None, *people)) if found.item == item)


@pytest.mark.parametrize(
    ("item", "values", "state", "value"),
    [
        ("li1", ["no"], "answered", "no"),
        ("li1", ["no", "yes", "yes"], "answered", "yes"),
        ("li1", ["no", "yes"], "answered", Interval("no", "yes")),
        ("li1", ["no", "no", "yes", "yes"], "answered", Interval("no", "yes")),
        ("li1", ["no", "unknown"], "answered", "no"),
        ("li1", ["unknown", "unknown"], "unknown", None),
        ("li1", ["not-applicable", "unknown"], "not-applicable", None),
        ("li1", ["no", "not-applicable"], "unsettled", None),
        ("li1", ["no", "not-applicable", "not-applicable"], "not-applicable", None),
        ("li1", ["no", "no", "not-applicable"], "answered", "no"),
        ("li2", [["no", "yes"], "no", "partly"], "answered", Interval("no", "partly")),
        ("lamps", [1, 2, 9], "answered", 2.0),
        ("lamps", [1, 9], "answered", Interval(1.0, 9.0)),
        ("owner", ["city", "city"], "answered", "city"),
        ("owner", ["city", "city", "other"], "answered", None),
        ("kinds", [("led", "gas"), ("led",)], "answered", None),
        ("kinds", [("led", "gas"), ("gas", "led")], "answered", ("gas", "led")),
        ("since", [date(2020 + n, 1, 1) for n in range(3)], "answered", date(2021, 1, 1)),
        ("remark", ["a", "a"], "answered", "a"),
        ("remark", ["a", "b"], "answered", None),
    ],
)  # fmt: skip
def test_what_assessors_say_together(item, values, state, value):
    found = together(item, *values)
    assert (found.state, found.value, found.n) == (state, value, len(values))


def test_what_was_settled_counts_alone():
    found = together("li1", "no", "no", settled="yes")
    assert (found.value, found.is_settled, found.n) == ("yes", True, 2)


def test_those_who_choose_differently_leave_a_condition_undecided():
    def outcome(*values, **more):
        people = [said("owner", value, who) for who, value in zip("abc", values, strict=False)]
        return result(*people, **more).score("route")

    assert outcome("city", "city", "other").stops_at == "q1"
    assert outcome("city", "city", li1="yes").outcomes == ("GOOD",)


def differing(*answers):
    return {found.item: found for found in result(*answers).differences}


def test_differences_are_told_until_they_are_settled():
    people = [said("li1", "no", "a"), said("li1", "partly", "b")]
    found = differing(*people)["li1"]
    assert (found.levels_apart, found.is_settled, found.needs_rationale) == (1, False, False)
    assert [answer.assessor for answer in found.answers] == ["a", "b"]
    assert differing(*people, said("li1", "no", "")) == {}


def test_more_than_one_level_apart_needs_a_reason():
    people = [said("li1", "no", "a"), said("li1", "yes", "b", note="Seen at noon.")]
    assert differing(*people)["li1"].needs_rationale
    settled = differing(*people, said("li1", "no", ""))["li1"]
    assert (settled.is_settled, settled.needs_rationale) == (True, True)
    assert differing(*people, said("li1", "no", "", note="Seen at night.")) == {}


def test_judgements_that_overlap_are_no_levels_apart():
    found = differing(said("li2", ["no", "yes"], "a"), said("li2", "partly", "b"))["li2"]
    assert (found.levels_apart, found.needs_rationale) == (0, False)


def test_who_cannot_say_does_not_differ_and_words_stand_side_by_side():
    assert differing(
        said("li1", "no", "a"), said("li1", "unknown", "b"),
        said("remark", "x", "a"), said("remark", "y", "b"),
        said("kinds", ("led", "gas"), "a"), said("kinds", ("gas", "led"), "b"),
    ) == {}  # fmt: skip


def test_you_differ_on_so_many_of_so_many():
    found = result(
        said("li1", "no", "a"), said("li1", "yes", "b"),
        said("lamps", 1, "a"), said("lamps", 1, "b"), said("owner", "city", "a"),
    )  # fmt: skip
    assert (len(found.differences), found.n_compared, found.n_assessors) == (1, 2, 2)


RATED = ["li1", "li2", "li3", "gate@outside"]


def rated(people: str, seed: int = 1):
    rng = np.random.default_rng(seed)
    return [
        said(item, str(rng.choice(["no", "partly", "yes"])) if who != "a" else "yes", who)
        for item in RATED
        for who in people
    ]


def test_two_assessors_of_few_items_get_no_coefficient():
    (found,) = agreement(assessed(None, *rated("ab")))
    assert (found.of, found.n_assessors, found.n_rated, found.is_shown) == ("met", 2, 4, False)
    assert (found.alpha, found.kappa_linear, found.kappa_quadratic) == (None, None, None)


def test_from_three_assessors_on_alpha_is_given_with_its_interval():
    (found,) = agreement(assessed(None, *rated("abc")))
    assert found.is_shown
    assert found.alpha.low <= found.alpha.value <= found.alpha.high
    assert found.kappa_linear is None


def test_from_twenty_rated_items_on_two_assessors_get_kappa_over_several_subjects():
    each = [assessed(None, *rated("ab", seed)) for seed in range(5)]
    (found,) = agreement(each)
    assert (found.n_rated, found.is_shown) == (20, True)
    assert found.kappa_linear is not None
    assert found.kappa_quadratic is not None
    assert agreement(each[:4])[0].is_shown is False


def test_full_agreement_is_one_and_no_variation_says_nothing():
    same = [
        said(i, level, who)
        for i, level in zip(RATED, ["no", "yes"] * 2, strict=True)
        for who in "abc"
    ]
    assert agreement(assessed(None, *same))[0].alpha.value == 1.0
    flat = [said(item, "yes", who) for item in RATED for who in "abc"]
    assert agreement(assessed(None, *flat))[0].alpha.value is None


def test_agreement_names_nobody():
    (found,) = agreement(assessed(None, *rated("abc")))
    assert "assessor" not in " ".join(found.__dataclass_fields__).replace("n_assessors", "")


def test_what_was_settled_is_no_rating():
    people = [*rated("ab"), *(said(item, "yes", "") for item in RATED)]
    assert agreement(assessed(None, *people))[0].n_assessors == 2


def test_needs_for_training_by_hand():
    score = Borich(
        key="needs", name="Needs", method="borich", importance="likelihood", competence="harm",
        least_group=5,
    )  # fmt: skip
    ratings = [
        ("high", "low"),
        ("high", "medium"),
        ("medium", "low"),
        ("high", "low"),
        ("medium", "medium"),
    ]
    people = [
        said(f"{question}@inside", value, who)
        for who, pair in zip("abcde", ratings, strict=True)
        for question, value in zip(("likelihood", "harm"), pair, strict=True)
    ]
    few = [
        said(f"{question}@outside", "high", who)
        for question in ("likelihood", "harm")
        for who in "ab"
    ]
    found = borich(read(assessed(None, *people, *few)), score, ())
    inside, outside = found.rows
    # importance 3 3 2 3 2 (mean 2.6), competence 1 2 1 1 2 (mean 1.4): 1.2 * 2.6
    assert (inside.item, inside.n, inside.mwds) == ("likelihood@inside", 5, pytest.approx(3.12))
    assert (outside.n, outside.mwds, outside.is_hidden) == (None, None, True)
    empty = borich(read(assessed(None, *people)), score, ()).rows[1]
    assert (empty.n, empty.mwds, empty.is_hidden) == (0, None, False)


def test_the_order_of_assessors_does_not_matter():
    people = rated("abc")
    forward = evaluate(assessed(None, *people), on=date(2026, 1, 1))
    assert forward == evaluate(assessed(None, *reversed(people)), on=date(2026, 1, 1))


def test_of_a_group_too_small_no_finding_holds_and_nobodys_reason_is_told():
    framework = sample()
    people = [said("li1", "unknown", assessor="a", note="I am new here")]
    people += [said("li2", "no", assessor=name) for name in "ab"]
    found = evaluate(assessed(framework, *people), on=date(2026, 5, 3))
    assert any(gap.notes for gap in found.gaps)
    scores = [each.model_copy(update={"least_group": 3}) for each in framework.scores]
    grouped = framework.model_copy(update={"scores": tuple(scores)})
    small = evaluate(assessed(grouped, *people), on=date(2026, 5, 3))
    assert small.findings == ()
    assert {gap.kind for gap in small.gaps} <= {"missing", "attribute", "finding"}
    third = said("li2", "no", assessor="c")
    enough = evaluate(assessed(grouped, *people, third), on=date(2026, 5, 3))
    assert "unknown" in {gap.kind for gap in enough.gaps}
    assert not any(gap.notes for gap in enough.gaps)
