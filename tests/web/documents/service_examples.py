"""One run of every service of documents."""

from django.utils import timezone
from web.service_examples import example

from parvis_web.accounts.rights import Actor
from parvis_web.approach.models import Analysis
from parvis_web.documents import services, services_dossier
from parvis_web.documents.models import Document, DocumentKind, DocumentState
from parvis_web.runs.models import AnalysisRun, RunState


def finished(town):
    """An analysis whose run is done."""
    space = town.space()
    run = AnalysisRun.objects.create(
        authority=town.authority,
        kind="approach",
        subject_kind=space.kind(),
        subject_id=space.pk,
        state=RunState.DONE,
        result={},
    )
    return Analysis.objects.create(authority=town.authority, space=space, run=run)


def made(town):
    """A council paper with its file."""
    document = services.request_documents(
        town.actor("coordinator"), finished(town), kinds=[DocumentKind.COUNCIL_PAPER]
    )[0]
    system = Actor(town.authority, via="run")
    return services.keep_document(system, document, content=b"%PDF", made_from={})


@example("document.request")
def request(town):
    services.request_documents(
        town.actor("coordinator"),
        finished(town),
        kinds=[DocumentKind.COUNCIL_PAPER, DocumentKind.ANNEX],
        recipients=["Mayor", "Fire brigade"],
    )


@example("document.request-file")
def request_file(town):
    services.request_file(town.actor("coordinator"), town.space(), day=timezone.localdate())


@example("document.made")
def keep(town):
    made(town)


@example("document.failed")
def fail(town):
    document = services.request_documents(
        town.actor("coordinator"), finished(town), kinds=[DocumentKind.COUNCIL_PAPER]
    )[0]
    services.fail_documents(Actor(town.authority, via="run"), document.run)
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED


@example("document.propose")
def propose(town):
    services.propose_paper(town.actor("coordinator"), made(town))


@example("document.approve")
def approve(town):
    document = made(town)
    services.propose_paper(town.actor("coordinator"), document)
    services.approve_paper(town.actor("owner"), document, digest=document.digest)


@example("document.link")
def link(town):
    services.make_link(town.actor("coordinator"), made(town), person=town.person("reader"))


@example("document.link-used")
def use_link(town):
    found, _token = services.make_link(
        town.actor("coordinator"), made(town), person=town.person("reader")
    )
    services.use_link(town.actor("reader"), found)


@example("document.download")
def download(town):
    services.record_download(town.actor("reader"), made(town))


@example("document.remove")
def remove(town):
    services.remove_document(town.actor("coordinator"), made(town))


@example("document.bring-back")
def bring_back(town):
    document = made(town)
    services.remove_document(town.actor("coordinator"), document)
    services.bring_back_document(town.actor("coordinator"), document)
    assert not Document.objects.get(pk=document.pk).removed


@example("release.open")
def open_release(town):
    services.open_release(
        town.actor("coordinator"),
        space=town.space(),
        reference="IFG 7/26",
        received_on=timezone.localdate(),
        items=[],
    )


@example("document.request-dossier")
def request_dossier(town):
    services_dossier.request_dossier(
        town.actor("coordinator"), town.space(), language="en", is_restricted=True, recipients=["A"]
    )
