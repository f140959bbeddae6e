"""Data about people have a purpose and an end, and are gone on their day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from web.privacy.service_examples import entered, values

from parvis_web.accounts.rights import NotAllowed
from parvis_web.audit.models import AuditEvent
from parvis_web.privacy import deletion, services
from parvis_web.privacy.models import Dataset
from parvis_web.spaces.models import Evidence


def photo(town):
    """A photo on a space."""
    return Evidence.objects.create(
        authority=town.authority,
        space=town.space(),
        digest="0" * 64,
        size=1,
        media_type="image/jpeg",
        original_name="square.jpg",
    )


def test_data_are_deleted_on_their_day_and_not_before(here, monkeypatch):
    monkeypatch.setitem(deletion._DELETERS, "spaces.evidence", lambda item: item.delete())
    picture = photo(here)
    day = timezone.localdate() + timedelta(days=5)
    dataset = services.enter_dataset(
        here.actor("coordinator"), values=values(delete_on=day), about=picture
    )
    assert services.delete_due(day - timedelta(days=1)) == 0
    assert Evidence.objects.filter(pk=picture.pk).exists()
    assert services.delete_due(day) == 1
    assert not Evidence.objects.filter(pk=picture.pk).exists()
    dataset.refresh_from_db()
    assert dataset.deleted is not None
    assert services.delete_due(day) == 0
    event = AuditEvent.objects.get(action="dataset.delete")
    assert event.person is None


def test_a_day_that_has_passed_is_refused(here):
    with pytest.raises(ValidationError, match="has passed"):
        entered(here, delete_on=timezone.localdate())


def test_what_nothing_can_delete_is_refused(here):
    with pytest.raises(ValidationError, match="cannot be deleted"):
        services.enter_dataset(here.actor("coordinator"), values=values(), about=here.space())


@pytest.mark.parametrize("role", ["analyst", "assessor", "reader"])
def test_only_editors_keep_the_record(here, role):
    with pytest.raises(NotAllowed):
        services.enter_dataset(here.actor(role), values=values())
    assert here.client(role).get(f"/a/{here.slug}/personal-data/").status_code == 403


def test_an_entry_of_deleted_data_stays_as_it_is(here):
    dataset = entered(here)
    services.delete_data(here.actor("coordinator"), dataset)
    with pytest.raises(ValidationError, match="deleted"):
        services.change_dataset(here.actor("coordinator"), dataset, values=values())


@pytest.mark.parametrize("name", ["record", "impact-assessment", "staff-council"])
def test_templates_are_filled_from_the_record(here, name):
    entered(here)
    page = here.client("owner").get(f"/a/{here.slug}/personal-data/templates/{name}/")
    assert page.status_code == 200
    assert (b"Photos of the market" in page.content) is (name != "staff-council")


def test_the_record_leaves_as_a_table_without_formulas(here):
    entered(here, name="=HYPERLINK(1)")
    table = here.client("owner").get(f"/a/{here.slug}/personal-data/export/").content
    assert b'"=HYPERLINK' not in table
    assert b"\n=HYPERLINK" not in table


def test_another_authority_finds_no_entry(here, elsewhere):
    dataset = entered(here)
    page = elsewhere.client("owner").get(f"/a/{elsewhere.slug}/personal-data/{dataset.pk}/")
    assert page.status_code == 404
    assert Dataset.objects.count() == 1


def test_what_lies_elsewhere_stays_open_until_somebody_deleted_it(here):
    day = timezone.localdate() + timedelta(days=5)
    dataset = entered(here, delete_on=day)
    assert services.delete_due(day) == 0
    Dataset.objects.update(delete_on=timezone.localdate())
    dataset.refresh_from_db()
    assert dataset.is_overdue
    page = here.client("owner").get(f"/a/{here.slug}/personal-data/")
    assert b"where they lie" in page.content
    services.delete_data(here.actor("coordinator"), dataset)
    assert not dataset.is_overdue
