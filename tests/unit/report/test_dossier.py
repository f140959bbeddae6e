"""The dossier of a space: what it joins, and what an outline for committees leaves out."""

import datetime as dt
from dataclasses import replace

import pytest

from parvis.assessment import Answer, Assessment, Subject, evaluate
from parvis.packs.frameworks import load_framework
from parvis.report.assessment_report import FindingDecision, ReportFacts
from parvis.report.dossier import (
    Assessed,
    Dossier,
    PlannedMeasure,
    dossier_chapters,
    dossier_html,
    dossier_pdf,
)
from parvis.report.wording import LANGUAGES

DAY = dt.date(2026, 5, 3)


@pytest.fixture(scope="module")
def dossier(result):
    framework = load_framework("site-vulnerability")
    answer = Answer("n_open", value=3.0, note="")
    assessment = Assessment(framework, Subject(framework.subject, "Corn Market"), {}, (answer,))
    facts = ReportFacts(
        marking="TLP:AMBER",
        created="2026-05-03T10:00:00",
        state="in review",
        decisions={"x": FindingDecision("do it", "", "planner", DAY)},
    )
    return Dossier(
        space_name="Corn Market",
        kind="square",
        area=4704.0,
        authority="Tessenmark",
        marking="TLP:AMBER",
        on=DAY,
        created="2026-05-03T10:00:00",
        is_restricted=True,
        approach=result,
        assessments=[Assessed(assessment, evaluate(assessment, on=DAY), facts)],
        measures=[PlannedMeasure("Close the north gap", "decided", "Works", "1 June 2026", "")],
        recipient="Mayor",
        copy=2,
        copies=3,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_restricted", [True, False])
def test_it_is_set_in_every_language(dossier, language, is_restricted):
    asked = replace(dossier, is_restricted=is_restricted)
    assert dossier_pdf(asked, language).startswith(b"%PDF-")
    assert f'<html lang="{language}">' in dossier_html(asked, language)


def test_the_whole_of_it_names_points_findings_measures_and_the_copy(dossier):
    text = dossier_html(dossier)
    point = dossier.approach.access_points[0]
    for said in (point.street, "Close the north gap", "Copy 2 of 3, for Mayor", "TLP:AMBER"):
        assert said in text
    finding = dossier.assessments[0].result.findings[0]
    entry = next(
        each
        for each in dossier.assessments[0].assessment.framework.findings
        if each.key == finding.key
    )
    assert entry.name[:30] in text


def test_an_outline_for_committees_is_the_same_whatever_the_weaknesses_are(dossier, result_with):
    outline = replace(dossier, is_restricted=False)
    assert "Close the north gap" not in dossier_html(outline)
    assert "Mayor" not in dossier_html(outline)
    other = replace(outline, approach=replace(dossier.approach, access_points=()))
    assert dossier_html(other) == dossier_html(outline)


def test_without_analysis_assessment_or_measure_it_says_so(dossier):
    bare = replace(dossier, approach=None, assessments=(), measures=())
    titles = [chapter.title for chapter in dossier_chapters(bare)]
    assert titles == ["The place", "Ways in for vehicles", "Assessments", "Measures"]
    assert "No approach analysis is finished" in dossier_html(bare)
