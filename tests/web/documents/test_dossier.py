"""The dossier of a space: what it joins, for whom, and how it is marked and numbered."""

import pytest
from django.urls import reverse
from web.assessments.analysed import analysed
from web.assessments.service_examples import answered, begun
from web.measures.service_examples import proposed

from parvis_web.accounts.vocabulary import Marking
from parvis_web.assessments.models import Assessment
from parvis_web.audit.models import AuditEvent
from parvis_web.config.data import stored_file
from parvis_web.documents.dossiers import joined
from parvis_web.documents.handlers import make_dossier
from parvis_web.documents.models import Document, DocumentState
from parvis_web.documents.services_dossier import request_dossier
from parvis_web.measures.models import Measure


@pytest.fixture
def space(here):
    """A space with an analysis, an assessment with a finding, and a measure."""
    assessment = begun(here, "site-vulnerability")
    analysed(here, assessment.space)
    answered(here, assessment, 3.0, item="n_open")
    Measure.objects.filter(pk=proposed(here).pk).update(space=assessment.space)
    return assessment.space


def texts(here, space, **asked):
    """Have the dossier made; return the text of its pages and its documents."""
    fields = {"language": "en", "is_restricted": True} | asked
    documents = request_dossier(here.actor("coordinator"), space, **fields)
    make_dossier(documents[0].run, lambda *_: None)
    for document in documents:
        document.refresh_from_db()
    files = [stored_file(each.authority_id, each.digest).read_bytes() for each in documents]
    assert files[0].startswith(b"%PDF-")
    return [file.decode() for file in files if not file.startswith(b"%PDF-")], documents


def test_the_whole_file_joins_all_in_numbered_copies(here, space):
    found, documents = texts(here, space, recipients=["Mayor", "Works"])
    assert [each.copy_number for each in documents] == [1, 1, 2, 2]
    assert all(each.state == DocumentState.READY for each in documents)
    measure = Measure.objects.get()
    for text, said in zip(found, ("Copy 1 of 2, for Mayor", "Copy 2 of 2, for Works"), strict=True):
        assert said in text
        assert "V/7200[N2B]/64/90" in text
        assert measure.name in text
    facts = documents[0].facts
    assert facts["joins"]["assessments"] == [str(Assessment.objects.get().pk)]


def test_the_outline_names_no_weakness(here, space):
    (text,), documents = texts(here, space, is_restricted=False, language="fr")
    assert '<html lang="fr">' in text
    assert "V/7200" not in text
    assert Measure.objects.get().name not in text
    assert {each.copy_number for each in documents} == {None}


def test_it_is_marked_as_high_as_the_highest_of_it_and_its_reading_is_recorded(here, space):
    Assessment.objects.update(marking=Marking.STRICT)
    before = AuditEvent.objects.filter(action="read").count()
    documents = request_dossier(here.actor("coordinator"), space, language="en", is_restricted=True)
    assert {each.marking for each in documents} == {Marking.STRICT}
    assert AuditEvent.objects.filter(action="read").count() == before + 1


def test_it_joins_what_the_person_may_read_and_no_more(here, space):
    Assessment.objects.update(marking=Marking.RED)
    assert not joined(here.actor("reader"), space).assessments
    assert joined(here.actor("reader"), space).analysis


def test_the_page_makes_it_for_those_who_may_and_shows_it_to_others(here, elsewhere, space):
    address = reverse("documents:dossier", args=[here.slug, space.pk])
    asked = {"scope": "council", "language": "en", "recipients": ""}
    client = here.client("coordinator")
    assert "Make the dossier" in client.get(address).content.decode()
    assert client.post(address, asked).status_code == 302
    assert Document.objects.count() == 2
    reader = here.client("reader")
    assert "Make the dossier" not in reader.get(address).content.decode()
    assert reader.post(address, asked).status_code == 403
    assert elsewhere.client("coordinator").get(address).status_code == 404
    many = asked | {"scope": "restricted", "recipients": "\n".join(map(str, range(100)))}
    assert client.post(address, many).status_code == 422
