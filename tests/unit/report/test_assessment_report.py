"""The report of an assessment: one for every framework, in every language, whole and as data."""

import html
import re
from dataclasses import replace

import pytest
from framework_cases import specifications
from report_reading import flat, text_of

from parvis.assessment import evaluate
from parvis.report.assessment_report import (
    FindingDecision,
    ReportFacts,
    assessment_html,
    assessment_pdf,
    finding_key,
    report_chapters,
)

SPECIFICATIONS = specifications()
CASES = {framework: cases[0] for framework, cases in SPECIFICATIONS.items()}
CREATED = "2026-11-21T10:00:00+00:00"
FACTS = ReportFacts(marking="TLP:AMBER", created=CREATED, authority="Tessenmark", state="draft")


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
@pytest.mark.parametrize("framework", sorted(CASES))
def test_every_framework_has_its_report_in_every_language(framework, language):
    case = CASES[framework]
    assessment = case.assessment()
    result = evaluate(assessment, on=case.on)
    title, chapters = report_chapters(assessment, result, FACTS, language)
    assert assessment.subject.name in title
    assert len(chapters) >= 3
    page = assessment_html(assessment, result, FACTS, language)
    assert not re.search(r"\{[a-z_]+\}", page), "a field was left in a text"
    for found in result.findings:
        entry = next(known for known in assessment.framework.findings if known.key == found.key)
        said = entry.i18n.get(language, {}).get("name") or entry.name
        assert html.escape(said.partition("{at}")[0][:40]) in page


def test_the_pdf_says_what_the_page_says():
    case = next(
        case for case in SPECIFICATIONS["site-vulnerability"] if case.expected.get("findings")
    )
    assessment = case.assessment()
    result = evaluate(assessment, on=case.on)
    found = result.findings[0]
    decision = FindingDecision("do it later", "budget of 2027", "owner", case.on)
    facts = ReportFacts(
        marking="TLP:AMBER",
        created=CREATED,
        decisions={finding_key(found.key, found.at): decision},
    )
    text = flat(text_of(assessment_pdf(assessment, result, facts, "en")))
    for words in ("Summary", "Findings", "What is not known", "budget of 2027", "TLP:AMBER"):
        assert words in text
    assert "not checked against the original" in text


def test_what_people_wrote_is_text_and_never_code():
    case = CASES["local-safety-audit"]
    assessment = case.assessment()
    bad = '#import "evil"; <script>alert(1)</script> =HYPERLINK("x")'
    hostile = replace(assessment, subject=replace(assessment.subject, name=bad))
    result = evaluate(hostile, on=case.on)
    assert "<script>" not in assessment_html(hostile, result, FACTS)
    assert "#import" in flat(text_of(assessment_pdf(hostile, result, FACTS)))
