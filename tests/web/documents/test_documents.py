"""Documents are kept unchanged, bound to people, and published by two of them."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from parvis_web.accounts.rights import Actor, NotAllowed, allowed
from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.audit.models import AuditEvent
from parvis_web.documents import queries, rules, services
from parvis_web.documents.models import Document, DocumentKind, DocumentState, DownloadLink
from parvis_web.documents.space_file import space_file
from parvis_web.spaces import services as space_services


def paper(town, kind=DocumentKind.COUNCIL_PAPER, content=b"%PDF paper", **fields):
    """A document with its file, made by the town's coordinator."""
    space = fields.pop("space", None) or town.space()
    document = Document.objects.create(
        authority=town.authority,
        space=space,
        document_kind=kind,
        file_name="market-square.council-paper.en.pdf",
        media_type="application/pdf",
        created_by=town.person("coordinator"),
        **fields,
    )
    system = Actor(town.authority, via="run")
    return services.keep_document(system, document, content=content, made_from={})


def address(town, document, end=""):
    """The page of a document."""
    return f"/a/{town.slug}/documents/{document.pk}/{end}"


def test_a_download_is_the_file_as_attachment_that_nothing_runs(here):
    answer = here.client("reader").get(address(here, paper(here), "download/"))
    assert answer.content == b"%PDF paper"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(action="document.download").count() == 1


def test_a_paper_becomes_public_through_two_people(here):
    document = paper(here)
    services.propose_paper(here.actor("coordinator"), document)
    with pytest.raises(NotAllowed, match="second person"):
        services.approve_paper(here.actor("coordinator"), document, digest=document.digest)
    services.approve_paper(here.actor("owner"), document, digest=document.digest)
    document.refresh_from_db()
    assert (document.state, document.marking) == (DocumentState.APPROVED, Marking.CLEAR)


def test_only_the_file_that_was_read_is_approved(here):
    document = paper(here)
    services.propose_paper(here.actor("coordinator"), document)
    with pytest.raises(ValidationError, match="changed since"):
        services.approve_paper(here.actor("owner"), document, digest="0" * 64)


def test_an_annex_is_never_approved_for_publication(here):
    annex = paper(here, DocumentKind.ANNEX)
    with pytest.raises(NotAllowed, match="Only council papers"):
        services.propose_paper(here.actor("coordinator"), annex)


@pytest.mark.parametrize(
    ("role", "may_make", "may_download"),
    [
        ("owner", True, True),
        ("coordinator", True, True),
        ("analyst", False, True),
        ("assessor", False, False),
        ("reader", False, True),
        ("guest", False, False),
    ],
)
def test_who_makes_and_who_downloads_amber_documents(here, role, may_make, may_download):
    document = paper(here)
    actor = here.actor(role)
    assert allowed(rules.check_make, actor, document.space) is may_make
    assert allowed(rules.check_download, actor, document) is may_download


def test_a_link_works_for_its_person_alone_and_for_a_time(here):
    document = paper(here)
    link, token = services.make_link(
        here.actor("coordinator"), document, person=here.person("reader")
    )
    page = f"/a/{here.slug}/documents/link/{token}/"
    opened = here.client("reader").get(page)
    assert opened.content == b"%PDF paper"
    assert here.client("owner").get(page).status_code == 404
    DownloadLink.objects.filter(pk=link.pk).update(expires=timezone.now() - timedelta(minutes=1))
    assert here.client("reader").get(page).status_code == 404


def test_the_permission_is_checked_again_when_a_link_is_opened(here):
    document = paper(here)
    _link, token = services.make_link(
        here.actor("coordinator"), document, person=here.person("reader")
    )
    Document.objects.update(marking=Marking.STRICT)
    page = here.client("reader").get(f"/a/{here.slug}/documents/link/{token}/")
    assert page.status_code == 404


def test_another_authority_finds_no_document(here, elsewhere):
    document = paper(here)
    stranger = elsewhere.client("owner")
    for slug in (here.slug, elsewhere.slug):
        for end in ("", "download/"):
            found = stranger.get(f"/a/{slug}/documents/{document.pk}/{end}")
            assert found.status_code == 404
    with pytest.raises(Http404):
        services.record_download(elsewhere.actor("owner"), document)


def test_a_guest_reads_what_hangs_on_the_shared_space_and_nothing_else(here):
    space, other = here.space(), here.space(name="Corn Market")
    shared, hidden = paper(here, space=space), paper(here, space=other)
    here.name_on("guest", space, Ability.READ)
    assert set(queries.documents(here.actor("guest"))) == {shared}
    assert here.client("guest").get(address(here, hidden)).status_code == 404


def test_a_removed_document_comes_back(here):
    document = paper(here)
    services.remove_document(here.actor("coordinator"), document)
    assert not queries.documents(here.actor("owner")).exists()
    services.bring_back_document(here.actor("coordinator"), document)
    assert queries.documents(here.actor("owner")).get() == document


def test_the_list_takes_few_queries_however_many_there_are(here, django_assert_max_num_queries):
    space = here.space()
    client = here.client("coordinator")
    for _ in range(12):
        paper(here, space=space)
    with django_assert_max_num_queries(14):
        assert client.get(f"/a/{here.slug}/documents/").status_code == 200


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_file_of_a_day_holds_what_was_there_and_says_what_changed_later(here):
    space = here.space()
    document = paper(here, space=space)
    today = timezone.localdate()
    whole = unpacked(space_file(space, today))
    assert whole[f"files/{document.digest}"] == b"%PDF paper"
    listed = {row["id"] for row in json.loads(whole["objects.json"])}
    assert {str(space.pk), str(document.pk)} <= listed
    before = unpacked(space_file(space, today - timedelta(days=1)))
    told = json.loads(before["objects.json"])
    assert [row["id"] for row in told] == [str(space.pk)]
    assert f"files/{document.digest}" not in before
    space_services.rename_space(
        here.actor("coordinator"), space, name="Corn Market", version=space.version
    )
    before = unpacked(space_file(space, today - timedelta(days=1)))
    assert json.loads(before["objects.json"])[0]["changed_later"] is True


def test_the_file_of_a_day_names_no_person(here):
    space = here.space(created_by=here.person("coordinator"))
    paper(here, space=space)
    whole = b"".join(unpacked(space_file(space, timezone.localdate())).values())
    assert here.person("coordinator").email.encode() not in whole
    assert str(here.person("coordinator").pk).encode() not in whole


def test_a_request_for_documents_lists_a_proposal_for_each_item(here):
    space = here.space()
    restricted = paper(here, DocumentKind.ANNEX, space=space)
    based = paper(here, DocumentKind.ANNEX, space=space, legal_basis="Act 12, section 3")
    public = paper(here, space=space, marking=Marking.CLEAR)
    client = here.client("coordinator")
    answer = client.post(
        f"/a/{here.slug}/requests/new/",
        {"reference": "IFG 7/26", "received_on": "2026-11-02", "space": str(space.pk)},
    )
    assert answer.status_code == 302
    lines = client.get(answer["Location"] + "export/").content.decode("utf-8-sig").splitlines()
    proposal = {line.split(",")[-1]: line for line in lines[1:]}
    assert ",release," in proposal[str(public.pk)]
    assert ",decide," in proposal[str(restricted.pk)]
    assert "release in part" in proposal[str(based.pk)]


def test_a_file_is_kept_under_its_digest_and_no_other_name():
    from uuid import uuid4

    from parvis_web.config.data import stored_file

    with pytest.raises(ValueError, match=r"\.\./"):
        stored_file(uuid4(), "../" * 3 + "secret")


def test_documents_of_a_broken_run_say_so(here):
    from web.documents.service_examples import finished

    from parvis_web.runs.execution import execute

    document = services.request_documents(
        here.actor("coordinator"), finished(here), kinds=[DocumentKind.COUNCIL_PAPER]
    )[0]
    assert execute(document.run).state == "failed"
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED
