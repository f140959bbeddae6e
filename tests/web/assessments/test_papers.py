"""What leaves an assessment: for whom, marked how, in which forms."""

import json

import pytest
from django.urls import reverse
from web.assessments.service_examples import answered, begun

from parvis.io.answer_tables import read_answers
from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.assessments import services, services_signing
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.papers import kept_file
from parvis_web.assessments.services_replies import give_reply
from parvis_web.audit.models import AuditEvent


def address(town, assessment, page: str, *parts: str) -> str:
    return reverse(f"assessments:{page}", args=[town.slug, assessment.pk, *parts])


def test_the_report_carries_marking_decision_and_digest(here) -> None:
    assessment = begun(here, "local-safety-audit")
    digest = services_signing.document_digest(assessment)
    shown = here.client("reader").get(address(here, assessment, "report", "html"))
    text = shown.content.decode()
    assert "TLP:AMBER" in text
    assert digest in text
    assert "TLP-AMBER" in shown["Content-Disposition"]
    assert "sandbox" in shown["Content-Security-Policy"]


def test_the_report_is_a_pdf_in_the_readers_language(here, begin) -> None:
    assessment = begin("local-safety-audit")
    client = here.client("coordinator")
    paper = client.get(address(here, assessment, "report", "pdf"))
    assert paper.content.startswith(b"%PDF-")
    french = client.get(
        address(here, assessment, "report", "html"), headers={"accept-language": "fr"}
    )
    assert '<html lang="fr">' in french.content.decode()
    assert client.get(address(here, assessment, "report", "docx")).status_code == 404


def test_the_report_of_a_restricted_assessment_is_a_recorded_read(here) -> None:
    assessment = begun(here)
    Assessment.objects.filter(pk=assessment.pk).update(marking=Marking.STRICT)
    before = AuditEvent.objects.filter(action="read").count()
    here.client("coordinator").get(address(here, assessment, "report", "html"))
    assert AuditEvent.objects.filter(action="read").count() == before + 1


def test_who_was_asked_about_sections_gets_no_paper(here) -> None:
    assessment = begun(here)
    here.name_on("guest", assessment, Ability.READ, Ability.ANSWER)
    section = engine_of(assessment).framework.sections[0].key
    services.assign_section(
        here.actor("coordinator"), assessment, section=section, person=here.person("guest")
    )
    client = here.client("guest")
    for page, parts in (("report", ["html"]), ("answers", ["csv"]), ("exchange", []), ("form", [])):
        assert client.get(address(here, assessment, page, *parts)).status_code == 403, page


def test_what_single_people_said_is_for_those_who_arrange(here) -> None:
    separate = begun(here, is_separate=True)
    assert here.client("reader").get(address(here, separate, "answers", "csv")).status_code == 403
    for role in ("coordinator", "owner"):
        client = here.client(role)
        assert client.get(address(here, separate, "answers", "csv")).status_code == 200
    groups = begun(here, "competence-matrix")
    owner = here.client("owner")
    assert owner.get(address(here, groups, "answers", "json")).status_code == 403


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
def test_answers_given_out_are_read_back_the_same(here, tmp_path, ending) -> None:
    assessment = begun(here)
    answered(here, assessment, "yes", note="=cmd|' /C calc'!A0")
    given = here.client("reader").get(address(here, assessment, "answers", ending))
    path = tmp_path / f"answers.{ending}"
    path.write_bytes(given.content)
    held = engine_of(assessment)
    found = read_answers(path, kept_file(assessment, held))
    assert found.submissions[0].answers == held.assessment.answers


def test_a_form_asks_whose_server_it_goes_to_and_red_never_goes(here) -> None:
    assessment = begun(here, "local-safety-audit")
    client = here.client("coordinator")
    url = address(here, assessment, "form")
    assert client.get(url).status_code == 302
    assert client.get(url, {"own_server": "yes"}).content.startswith(b"PK")
    here.name_on("coordinator", assessment, Ability.READ, Ability.WRITE)
    Assessment.objects.filter(pk=assessment.pk).update(marking=Marking.RED)
    assert client.get(url, {"own_server": "yes"}).status_code == 302


def test_register_entries_say_what_they_lack(here) -> None:
    assessment = begun(here, "ai-technology")
    client = here.client("coordinator")
    shown = client.get(address(here, assessment, "exchange")).content.decode()
    assert shown.count("still needs an answer to") == 3
    assert client.get(address(here, assessment, "register", "annex-viii")).status_code == 302
    other = begun(here)
    assert client.get(address(here, other, "register", "annex-viii")).status_code == 404
    assert "Annex VIII" not in client.get(address(here, other, "exchange")).content.decode()


def test_the_json_names_framework_version_and_marking(here) -> None:
    assessment = begun(here)
    given = here.client("reader").get(address(here, assessment, "answers", "json"))
    document = json.loads(given.content)
    assert document["framework"]["version"] == assessment.framework.version
    assert document["marking"] == assessment.marking


def test_papers_ask_the_database_a_bounded_number_of_times(
    here, django_assert_max_num_queries
) -> None:
    assessment = begun(here)
    for item in list(engine_of(assessment).items)[:12]:
        give_reply(here.actor("coordinator"), assessment, item=item, state="unknown", note="x")
    client = here.client("coordinator")
    for page, parts in (("report", ["html"]), ("answers", ["csv"]), ("exchange", [])):
        with django_assert_max_num_queries(16):
            client.get(address(here, assessment, page, *parts))


def test_strangers_find_no_paper(here, elsewhere) -> None:
    assessment = begun(here)
    client = elsewhere.client("owner")
    for page, parts in (("report", ["pdf"]), ("answers", ["csv"]), ("exchange", []), ("form", [])):
        assert client.get(address(here, assessment, page, *parts)).status_code == 404
