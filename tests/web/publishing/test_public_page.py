"""The public reads what two people let out, word by word, and nothing else."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from parvis_web.accounts.rights import NotAllowed
from parvis_web.audit.models import AuditEvent
from parvis_web.publishing import services
from parvis_web.publishing.content import FIELDS, read_content
from parvis_web.publishing.models import EntryState, PublicEntry, Snapshot

CONTENT = {
    "title": "Market Square",
    "summary": "The square stays open; lorries come in the morning only.",
    "measures": [
        {
            "kind": "removable",
            "status": "decided",
            "purpose": "Keep vehicles out while the market is on",
            "reason": "Fire engines can still pass",
        }
    ],
    "stays_open": "Walking, wheels, cycling.",
    "decided_on": "2026-11-02",
}


def published(town, space=None):
    """Publish the text as two people do, on a page that is on."""
    entry = services.write_entry(town.actor("coordinator"), space or town.space(), content=CONTENT)
    services.propose_entry(town.actor("coordinator"), entry)
    services.approve_entry(town.actor("owner"), entry, digest=entry.digest)
    services.set_page(town.actor("owner"), is_on=True, introduction="Our squares.", contact="")
    return entry


def test_the_page_is_off_until_somebody_switches_it_on(here):
    here.space()
    assert Client().get(f"/public/{here.slug}/").status_code == 404


def test_the_public_reads_the_approved_text(here):
    published(here)
    page = Client().get(f"/public/{here.slug}/").content.decode()
    assert "Keep vehicles out while the market is on" in page
    assert "Our squares." in page


def test_the_public_page_queries_snapshots_alone(here, django_assert_num_queries):
    published(here)
    with django_assert_num_queries(1) as seen:
        Client().get(f"/public/{here.slug}/")
    assert Snapshot._meta.db_table in seen.captured_queries[0]["sql"]


def test_a_change_of_the_space_does_not_change_what_is_public(here):
    space = here.space()
    published(here, space)
    space.name = "A name nobody approved"
    space.save()
    assert b"nobody approved" not in Client().get(f"/public/{here.slug}/").content


def test_who_wrote_a_text_cannot_approve_it(here):
    entry = services.write_entry(here.actor("owner"), here.space(), content=CONTENT)
    services.propose_entry(here.actor("coordinator"), entry)
    for author in ("owner", "coordinator"):
        with pytest.raises(NotAllowed, match="second person"):
            services.approve_entry(here.actor(author), entry, digest=entry.digest)


@pytest.mark.parametrize("role", ["analyst", "assessor", "reader"])
def test_only_editors_prepare_what_is_public(here, role):
    assert here.client(role).get(f"/a/{here.slug}/public/").status_code == 404
    space = here.space(marking="GREEN")
    address = f"/a/{here.slug}/public/spaces/{space.pk}/"
    assert here.client(role).get(address).status_code == 403


def test_what_was_approved_is_what_was_read(here):
    entry = services.write_entry(here.actor("coordinator"), here.space(), content=CONTENT)
    services.propose_entry(here.actor("coordinator"), entry)
    with pytest.raises(ValidationError, match="changed since"):
        services.approve_entry(here.actor("owner"), entry, digest="0" * 64)
    assert not Snapshot.objects.exists()


def test_a_public_text_is_withdrawn_before_it_changes(here):
    entry = published(here)
    with pytest.raises(NotAllowed, match="Withdraw"):
        services.write_entry(here.actor("coordinator"), entry.space, content=CONTENT)
    services.withdraw_entry(here.actor("coordinator"), entry)
    assert b"Market Square" not in Client().get(f"/public/{here.slug}/").content
    services.write_entry(here.actor("coordinator"), entry.space, content=CONTENT)
    entry.refresh_from_db()
    assert entry.state == EntryState.DRAFT


@pytest.mark.parametrize("word", ["three on the north side", "4 bollards", "am Westrand east"])
def test_until_it_is_built_a_measure_names_no_number_and_no_side(word):
    planned = CONTENT | {"measures": [CONTENT["measures"][0] | {"purpose": word}]}
    if word == "three on the north side":
        planned["measures"][0]["purpose"] = "on the north side"
    with pytest.raises(ValidationError, match="not built yet"):
        read_content(planned)
    built = CONTENT | {"measures": [CONTENT["measures"][0] | {"purpose": word, "status": "built"}]}
    assert read_content(built).measures[0].purpose == word


def test_fields_that_are_not_on_the_list_are_refused():
    with pytest.raises(ValidationError, match="attainable_speed"):
        read_content(CONTENT | {"attainable_speed": 40})
    assert "access_points" not in FIELDS


def test_a_published_text_is_never_served_for_another_authority(here, elsewhere):
    published(here)
    assert Client().get(f"/public/{elsewhere.slug}/").status_code == 404
    entry = PublicEntry.objects.get()
    page = elsewhere.client("owner").get(f"/a/{elsewhere.slug}/public/texts/{entry.pk}/")
    assert page.status_code == 404


def test_every_step_leaves_an_event(here):
    published(here)
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "public_entry.write",
        "public_entry.propose",
        "public_entry.approve",
        "public_page.set",
    }


def test_the_page_speaks_the_language_of_the_authority_until_the_reader_chooses(make_town):
    town = make_town("mirowo", language="pl")
    published(town)
    reader, address = Client(), f"/public/{town.slug}/"
    with translation.override("en"):
        answer = reader.get(address, headers={"accept-language": "fr"})
        assert answer["Content-Language"] == "pl"
        assert '<html lang="pl"' in answer.content.decode()
        reader.post("/language/", {"language": "fr", "next": address})
        assert '<html lang="fr"' in reader.get(address).content.decode()
