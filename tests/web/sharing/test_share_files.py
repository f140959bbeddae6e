"""Figures leave by hand, signed, and come back out when they are withdrawn or expire."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from web.sharing.service_examples import handed, made

from parvis_web.accounts.rights import NotAllowed
from parvis_web.sharing import services
from parvis_web.sharing.models import ReceivedShare


def test_a_share_file_holds_counts_and_nothing_about_a_place(here):
    here.space(name="Market Square")
    content = made(here).content
    assert content["figures"] == [
        {"key": "spaces", "value": 1, "unit": "1"},
        {"key": "spaces-analysed", "value": 0, "unit": "1"},
    ]
    assert "Market Square" not in json.dumps(content)


def test_another_authority_takes_it_and_deletes_it_when_it_is_withdrawn(here, elsewhere):
    share = made(here)
    document = services.signed_document(here.authority.pk, share.content)
    received = services.receive_share(elsewhere.actor("owner"), document)
    assert received.sender == here.authority.name
    withdrawn = services.withdraw_share(here.actor("owner"), share)
    assert services.receive_share(elsewhere.actor("owner"), withdrawn) is None
    assert not ReceivedShare.objects.exists()


@pytest.mark.parametrize("field", ["authority", "expires_on", "figures", "id"])
def test_a_changed_file_is_refused(here, elsewhere, field):
    document = handed(here)
    document["content"][field] = [] if field == "figures" else "2099-01-01"
    with pytest.raises(ValidationError, match="changed after"):
        services.receive_share(elsewhere.actor("owner"), document)


def test_a_withdrawal_signed_by_somebody_else_deletes_nothing(here, elsewhere, make_town):
    share = made(here)
    services.receive_share(
        elsewhere.actor("owner"), services.signed_document(here.authority.pk, share.content)
    )
    third = make_town("third-town")
    forged = services.signed_document(third.authority.pk, services.withdrawal(share))
    with pytest.raises(ValidationError, match="nothing here"):
        services.receive_share(elsewhere.actor("owner"), forged)
    assert ReceivedShare.objects.count() == 1


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"content": {}}, {"content": {"format": "parvis-share-1"}, "signature": "é"}],
)
def test_what_is_no_share_file_is_refused(here, document):
    with pytest.raises(ValidationError, match="no share file"):
        services.receive_share(here.actor("owner"), document)


def test_expired_figures_are_refused_and_deleted(here, elsewhere):
    document = handed(here, expires_on=timezone.localdate() + timedelta(days=1))
    received = services.receive_share(elsewhere.actor("owner"), document)
    assert services.end_expired(received.expires_on) == 0
    assert services.end_expired(received.expires_on + timedelta(days=1)) == 1
    assert not ReceivedShare.objects.exists()


@pytest.mark.parametrize("role", ["coordinator", "analyst", "reader"])
def test_only_owners_hand_figures_over(here, role):
    with pytest.raises(NotAllowed):
        services.make_share(
            here.actor(role),
            figures=["spaces"],
            recipient="",
            consent="",
            expires_on=timezone.localdate() + timedelta(days=5),
        )
    assert here.client(role).get(f"/a/{here.slug}/sharing/").status_code == 403


def test_the_page_takes_a_file_and_says_what_is_wrong_with_another(here, elsewhere):
    client = elsewhere.client("owner")
    address = f"/a/{elsewhere.slug}/sharing/receive/"
    good = SimpleUploadedFile("share.json", json.dumps(handed(here)).encode())
    assert client.post(address, {"file": good}).status_code == 302
    assert here.authority.name in client.get(f"/a/{elsewhere.slug}/sharing/").content.decode()
    for content in (b"no json", b"[" * 100_000, b'{"content": {}}'):
        page = client.post(address, {"file": SimpleUploadedFile("share.json", content)})
        assert page.status_code == 422
        assert b"no share file" in page.content
