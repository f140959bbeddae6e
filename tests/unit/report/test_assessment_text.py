"""What follows from an assessment, as lines: what is not shown is said to be so."""

from dataclasses import replace

from assessment_samples import TODAY, assessed, result, said, sample

from parvis.assessment import evaluate
from parvis.io.xlsform_layout import form_layout
from parvis.report.assessment_text import result_document, result_lines, status_lines


def lines(framework=None, /, *more, **answers) -> str:
    assessment = assessed(framework, *more, **answers)
    return "\n".join(result_lines(assessment, evaluate(assessment, on=TODAY)))


def test_a_share_is_told_in_per_cent_with_what_it_could_be():
    told = lines(li1="no", li2="yes", gate__outside="unknown")
    assert "Ready: 50 %, could be 33.3 to 66.7 % (2 of 3 known)" in told
    assert "blocks: li1  Routes are lit" in told


def test_a_score_of_too_few_people_is_told_as_not_shown():
    scores = tuple(score.model_copy(update={"least_group": 5}) for score in sample().scores[:2])
    hidden = sample().model_copy(update={"scores": scores, "findings": ()})
    told = lines(hidden, li1="no", li2="yes")
    assert "Light: not shown, fewer than 5 people answered" in told
    assert "50" not in told


def test_duties_are_told_with_their_day_and_what_they_hang_on():
    told = lines(li1="no")
    assert "duty from 2027-12-02, recommended now" in told
    assert "undecided             Now (A)" in told
    assert "waits for owner" in told


def test_the_document_for_machines_names_every_score_and_duty():
    assessment = assessed(None, said("li1", "no"))
    document = result_document(assessment, result(said("li1", "no")))
    assert {score["name"] for score in document["scores"]} >= {"Light", "Ready", "Route"}
    assert {duty["name"] for duty in document["undecided_duties"]} == {"Now"}


def test_what_was_not_checked_against_the_original_is_told():
    assessment = assessed(li1="yes")
    sentence = "Part of this framework was not checked against the original."
    found = evaluate(assessment, on=TODAY)
    assert f"  {sentence}" in result_lines(assessment, found)
    assert f"  {sentence}" in status_lines(assessment, found.progress, ())
    assert result_document(assessment, found)["framework"]["is_verified"] is False
    form = form_layout(assessment)
    assert any(row["name"] == "parvis_unchecked" for row in form.survey)
    own = assessment.framework.evidence["own"].model_copy(update={"verified": True})
    checked = assessment.framework.model_copy(update={"evidence": {"own": own}})
    assert f"  {sentence}" not in status_lines(
        replace(assessment, framework=checked), found.progress, ()
    )
