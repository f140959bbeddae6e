"""A framework of thirty questions is one file: no Python, and it is there everywhere."""

import json
from io import BytesIO

import openpyxl
import pytest
import yaml
from typer.testing import CliRunner

from parvis.assessment import Answer, Assessment, Subject, evaluate
from parvis.cli import app
from parvis.io.xlsform_out import export_xlsform
from parvis.packs.frameworks import load_framework
from parvis.report.assessment_report import ReportFacts, assessment_html

HEAD = """
pack: framework
id: urn:parvis:framework:fountain-check
version: 1
status: draft
source: {title: Check of fountains, publisher: A city, date: 2026-11-21, licence: CC0-1.0}
language: en
evidence: {own: {source: Made up for a test, confidence: low, verified: false}}
name: Fountain check
description: Thirty questions about a fountain.
subject: site
marking: GREEN
scales:
  - key: met
    name: Met
    levels:
      - {key: "no", name: Not met, value: 0, tone: bad}
      - {key: partly, name: Partly, value: 1, tone: middle}
      - {key: "yes", name: Met, value: 2, tone: good}
scores:
  - {key: state, name: State of the fountain, method: mean, of: ["section:basin"], as: percent}
findings:
  - {key: leak, name: The basin leaks., when: "f1 == no", severity: high, measures: [mend]}
measures:
  - {key: mend, name: Mend the basin, kind: repair, evidence: own}
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A library home with the file, and nothing else done."""
    document = yaml.safe_load(HEAD) | {
        "sections": [
            {
                "key": "basin",
                "name": "Basin",
                "questions": [
                    {
                        "key": f"f{n}",
                        "kind": "scale",
                        "name": f"Point {n} is as planned.",
                        "scale": "met",
                    }
                    for n in range(1, 31)
                ],
            }
        ]
    }
    folder = tmp_path / "frameworks"
    folder.mkdir()
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    (folder / "fountain-check.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path))
    return tmp_path


def test_it_is_checked_listed_begun_answered_and_read_on_the_command_line(home):
    run = CliRunner()
    file = home / "frameworks/fountain-check.yaml"
    assert run.invoke(app, ["packs", "check", str(file)]).exit_code == 0
    assert "fountain-check" in run.invoke(app, ["assess", "list"]).output
    kept = home / "fountain.assessment.json"
    begun = run.invoke(
        app, ["assess", "new", "fountain-check", "--subject", "Fountain", "--output", str(kept)]
    )
    assert begun.exit_code == 0, begun.output
    assert run.invoke(app, ["assess", "answer", str(kept), "f1", "no"]).exit_code == 0
    told = json.loads(run.invoke(app, ["assess", "result", str(kept), "--json"]).output)
    assert [finding["key"] for finding in told["findings"]] == ["leak"]


def test_it_is_a_form_and_a_report(home):
    framework = load_framework("fountain-check", home=home)
    assessment = Assessment(framework, Subject("site", "Fountain"), {}, (Answer("f1", value="no"),))
    form = export_xlsform(assessment, marking="GREEN")
    rows = openpyxl.load_workbook(BytesIO(form))["survey"].iter_rows(values_only=True)
    assert sum(any(str(cell).startswith("Point ") for cell in row) for row in rows) == 30
    result = evaluate(assessment, on=framework.source.date)
    facts = ReportFacts(marking="TLP:GREEN", created="2026-11-21T10:00:00+00:00")
    page = assessment_html(assessment, result, facts)
    assert "The basin leaks." in page
    assert "Mend the basin" in page


@pytest.mark.django_db
def test_it_is_answered_in_the_browser(home, here):
    from parvis_web.assessments.services import add_framework

    town = here
    text = (home / "frameworks/fountain-check.yaml").read_text(encoding="utf-8")
    add_framework(town.actor("coordinator"), text=text, name="fountain-check.yaml")
    client, space = town.client("coordinator"), town.space()
    begun = client.post(
        f"/a/{town.slug}/assessments/begin/fountain-check/",
        {"subject_name": "Fountain", "space": str(space.pk)},
    )
    client.post(f"{begun.url}answer/", {"item": "f1", "value": "no"})
    shown = client.get(begun.url).content.decode()
    assert "Fountain check" in shown
    assert "The basin leaks." in shown
