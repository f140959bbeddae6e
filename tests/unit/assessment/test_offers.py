"""What may be chosen depends on earlier answers; what was chosen before is told, never dropped."""

from datetime import date

import pytest
from assessment_samples import TEXT, assessed, said

from parvis.assessment import check_offered, evaluate, lapsed, offered, sensitivity
from parvis.assessment.errors import AnswerOfferError
from parvis.packs.frameworks import read_framework
from parvis.report.assessment_text import status_lines
from parvis.report.messages import describe

TODAY = date(2026, 11, 21)
MORE = """
  - key: more
    name: More
    questions:
      - key: means
        kind: multiple
        name: Means
        options: [{key: lamp, name: A lamp, when: "owner == city"}, {key: walk, name: A walk}]
      - key: need
        kind: scale
        name: Need
        scale: rank
        interval: true
        levels_when: {high: "li1 == no"}
scores:
"""
FINDING = """
findings:
  - {key: lamp, name: A lamp, severity: low, when: means includes lamp}
"""
FRAMEWORK = read_framework(
    TEXT.replace("\nscores:\n", MORE, 1).replace("\nfindings:\n", FINDING, 1), name="sample.yaml"
)


def done(*more, **answers):
    return assessed(FRAMEWORK, *more, **answers)


def told(assessment) -> list[str]:
    return [each.key for each in evaluate(assessment, on=TODAY).findings]


@pytest.mark.parametrize(
    ("owner", "means"),
    [(None, ["walk"]), ("unknown", ["walk"]), ("other", ["walk"]), ("city", ["lamp", "walk"])],
)
def test_an_option_is_offered_only_where_its_condition_holds(owner, means):
    found = offered(done(**({"owner": owner} if owner else {})))
    assert list(found["means"]) == means
    assert set(found) == {"means", "need"}


def test_levels_are_offered_by_condition_too():
    assert list(offered(done(li1="yes"))["need"]) == ["low", "medium"]
    assert list(offered(done(li1="no"))["need"]) == ["low", "medium", "high"]


def test_what_is_not_offered_cannot_be_chosen_and_the_sentence_says_what_can():
    with pytest.raises(AnswerOfferError) as caught:
        check_offered(done(owner="other"), said("means", ("lamp", "walk")))
    assert describe(caught.value) == (
        "means: lamp is offered only where owner == city; offered as things stand: walk."
    )
    with pytest.raises(AnswerOfferError):
        check_offered(done(li1="yes"), said("need", ["medium", "high"]))
    check_offered(done(li1="no"), said("need", ["medium", "high"]))


def test_an_assessor_chooses_by_their_own_answers_or_by_all_together():
    assessment = done(said("owner", "city", "a"), said("owner", "other", "b"))
    check_offered(assessment, said("means", ("lamp",), "a"))
    with pytest.raises(AnswerOfferError):
        check_offered(assessment, said("means", ("lamp",), "b"))
    check_offered(done(said("owner", "city", "a")), said("means", ("lamp",), "b"))


def test_an_answer_whose_option_vanished_is_told_and_counts_for_nothing():
    before = done(owner="city", means=("lamp",))
    assert told(before) == ["lamp"]
    assert lapsed(before) == ()
    after = done(owner="other", means=("lamp",))
    assert told(after) == []
    assert [answer.item for answer in lapsed(after)] == ["means"]
    gaps = {gap.item: gap.kind for gap in evaluate(after, on=TODAY).gaps}
    assert gaps["means"] == "lapsed"
    assert any("means  Means: A lamp" in line for line in status_lines(after, _progress(after), ()))
    assert after.answers[-1].value == ("lamp",)


def _progress(assessment):
    return evaluate(assessment, on=TODAY).progress


def test_an_answer_that_lapsed_is_open_again():
    before, after = (_progress(done(owner=o, means=("lamp",))) for o in ("city", "other"))
    assert after.n_open == before.n_open + 1


def test_of_several_assessors_only_the_answer_that_lapsed_is_left_out():
    both = done(
        said("owner", "other", ""), said("means", ("lamp",), "a"), said("means", ("walk",), "b")
    )
    assert [answer.assessor for answer in lapsed(both)] == ["a"]
    assert told(both) == []


def test_sensitivity_tries_only_what_is_offered():
    flips = {(flip.item, flip.value) for flip in sensitivity(done(owner="other"), on=TODAY)}
    assert ("means", "+lamp") not in flips
    assert ("means", "+lamp") in {
        (flip.item, flip.value) for flip in sensitivity(done(owner="city"), on=TODAY)
    }
