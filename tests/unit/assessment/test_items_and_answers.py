"""What is asked, and which answers are taken."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from assessment_samples import assessed, crowded, said, sample, with_stage

from parvis.assessment import (
    Answer,
    EvidenceFile,
    Interval,
    Subject,
    check_answer,
    evaluate,
    items,
    progress,
    shown,
)
from parvis.assessment.errors import (
    AnswerChoiceError,
    AnswerIntervalError,
    AnswerIntervalOrderError,
    AnswerItemError,
    AnswerKindError,
    AnswerRangeError,
    AnswerStateError,
    ListEntryError,
)
from parvis.report.messages import describe

SITE = Subject("site", "A square")


def keys(assessment) -> list[str]:
    return [item.key for item in shown(assessment)]


def test_blocks_and_tables_repeat_over_their_lists():
    found = [item.key for item in items(sample(), SITE) if item.section != "lighting"]
    assert found == [
        "likelihood@outside", "harm@outside", "gate@outside", "likelihood@inside", "harm@inside",
        "counts.people@outside", "counts.plan@outside", "counts.people@inside",
        "counts.plan@inside",
    ]  # fmt: skip


def test_entries_that_assessors_add_are_asked_about_too():
    assert "harm@stage" in keys(with_stage(assessed()))
    assert "gate@stage" not in keys(with_stage(assessed()))


def test_a_list_that_is_not_open_takes_no_entries():
    closed = sample().model_copy(
        update={
            "lists": tuple(known.model_copy(update={"open": False}) for known in sample().lists)
        }
    )
    with pytest.raises(ListEntryError):
        keys(replace(with_stage(assessed()), framework=closed))


@pytest.mark.parametrize(
    ("li1", "is_asked"),
    [("no", False), ("partly", True), ("yes", True), ("unknown", False), ("not-applicable", False)],
)
def test_a_question_is_asked_when_its_condition_holds(li1, is_asked):
    assert ("li3" in keys(assessed(li1=li1))) is is_asked


def test_what_hangs_on_no_answer_is_not_asked():
    assert "li3" not in keys(assessed())


def test_what_hangs_on_an_unknown_answer_is_open():
    def is_open(assessment) -> bool:
        gaps = evaluate(assessment, on=date(2026, 1, 1)).gaps
        return ("li3", "open") in [(gap.item, gap.kind) for gap in gaps]

    assert is_open(assessed(li1="unknown"))
    assert not is_open(assessed())


def test_a_section_applies_by_the_facts_of_the_subject():
    assert "counts.plan@inside" not in keys(assessed())
    assert "counts.plan@inside" in keys(crowded(assessed()))


def test_a_missing_fact_is_a_gap_and_leaves_its_section_unasked():
    nothing = replace(assessed(), subject=SITE)
    assert "counts.plan@inside" not in keys(nothing)
    gaps = evaluate(nothing, on=date(2026, 1, 1)).gaps
    assert ("attribute.capacity", "attribute") in [(gap.item, gap.kind) for gap in gaps]


def test_each_assessor_is_asked_by_their_own_answers():
    both = assessed(None, said("li1", "no", "b"), li1="yes")
    assert "li3" in [item.key for item in shown(both, assessor="a")]
    assert "li3" not in [item.key for item in shown(both, assessor="b")]


PHOTO = Answer("photo", (), "answered", None, "a", evidence=(EvidenceFile("0" * 64),))

TAKEN = [
    said("li1", "yes"), said("li2", ["no", "partly"]), said("lamps", 3), said("lamps", [3.0, 4.0]),
    said("kinds", ()), said("kinds", ("led", "gas")), said("owner", "city"),
    said("since", date(2020, 2, 29)), said("remark", "Dark in winter."), said("spot", (2.3, 48.8)),
    said("likelihood@outside", ["low", "high"]), said("counts.people@inside", 0.5), PHOTO,
    said("li1", "unknown", note="It was raining."), said("owner", "not-applicable"),
]  # fmt: skip

REFUSED = [
    (said("li1", "no", assessor="a"), "li2", AnswerItemError, "li1 is not asked in “Sample”"),
    (said("photo", "not-applicable"), "photo", AnswerStateError, "accepted: answered, unknown."),
    (Answer("li1", state="unknown", value="yes"), "li1", AnswerStateError, "with unknown"),
    (Answer("li1", state="skipped"), "li1", AnswerStateError, "with skipped"),
    (said("li1", 2), "li1", AnswerKindError, "accepted: the key of a level."),
    (said("li1", "maybe"), "li1", AnswerChoiceError, "accepted: no, partly, yes."),
    (said("li1", ["no", "yes"]), "li1", AnswerIntervalError, "not a range from no to yes."),
    (said("li2", ["yes", "no"]), "li2", AnswerIntervalOrderError, "begins at yes, above"),
    (said("li2", ["no", 3]), "li2", AnswerKindError, "the key of a level"),
    (said("lamps", "three"), "lamps", AnswerKindError, "accepted: a number."),
    (said("lamps", True), "lamps", AnswerKindError, "accepted: a number."),
    (said("lamps", float("nan")), "lamps", AnswerKindError, "accepted: a number."),
    (said("lamps", 2.5), "lamps", AnswerKindError, "accepted: a whole number."),
    (said("lamps", 11), "lamps", AnswerRangeError, "11 lies outside of 0 to 10 lamps."),
    (said("lamps", [4.0, 3.0]), "lamps", AnswerIntervalOrderError, "4"),
    (said("kinds", "led"), "kinds", AnswerKindError, "the keys of all answers that hold"),
    (said("kinds", ("led", "oil")), "kinds", AnswerChoiceError, "oil is not among"),
    (said("kinds", ("led", "led")), "kinds", AnswerKindError, "the keys of all"),
    (said("owner", None), "owner", AnswerKindError, "was answered with –"),
    (said("owner", "me"), "owner", AnswerChoiceError, "accepted: city, other."),
    (said("since", "2020"), "since", AnswerKindError, "a day as 2027-12-02"),
    (said("since", datetime(2020, 1, 1)), "since", AnswerKindError, "a day as 2027-12-02"),  # noqa: DTZ001
    (said("remark", "  "), "remark", AnswerKindError, "accepted: text."),
    (said("spot", (200.0, 0.0)), "spot", AnswerKindError, "longitude and latitude in degrees"),
    (Answer("photo"), "photo", AnswerKindError, "a photo as evidence"),
]


def asked(key: str):
    return next(item for item in items(sample(), SITE) if item.key == key)


@pytest.mark.parametrize("answer", TAKEN, ids=lambda answer: f"{answer.item}={answer.value}")
def test_an_answer_that_fits_is_taken(answer):
    check_answer(sample(), asked(answer.item), answer)


@pytest.mark.parametrize(("answer", "key", "error", "sentence"), REFUSED)
def test_an_answer_that_does_not_fit_is_refused_with_what_would_be_accepted(
    answer, key, error, sentence
):
    with pytest.raises(error) as refused:
        check_answer(sample(), asked(key), answer)
    assert sentence in describe(refused.value)


def test_an_answer_to_no_item_of_the_assessment_is_refused():
    with pytest.raises(AnswerItemError):
        progress(assessed(None, said("harm@stage", "low")))


def test_progress_counts_what_is_asked_and_what_is_open():
    found = progress(assessed(li1="no", li2="unknown", lamps="not-applicable", remark="x"))
    lighting = found.sections[0]
    assert (lighting.n_asked, lighting.n_required, lighting.n_open) == (9, 5, 2)
    assert (lighting.n_answered, lighting.n_unknown, lighting.n_not_applicable) == (2, 1, 1)
    assert (found.n_asked, found.n_required, found.n_done, found.n_open) == (14, 10, 4, 7)
    assert not found.is_complete


def test_the_last_answer_of_an_assessor_counts():
    both = assessed(None, said("li1", "no"), said("li1", "yes"))
    assert "li3" in keys(both)
    assert keys(both) == keys(assessed().with_answers([said("li1", "no"), said("li1", "yes")]))


def test_an_interval_is_told_by_both_ends():
    assert said("li2", ["no", "yes"]).value == Interval("no", "yes")
