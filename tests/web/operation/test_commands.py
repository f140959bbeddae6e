"""The commands with which an installation begins and goes on."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from parvis_web.accounts.models import Authority, Invitation, Membership, User
from parvis_web.accounts.vocabulary import Role
from parvis_web.audit.anchors import anchors_file, read_lines
from parvis_web.audit.models import AuditEvent


@pytest.fixture(autouse=True)
def data(db, settings, tmp_path):
    settings.PARVIS_DATA = tmp_path
    return tmp_path


def said(*words, **options):
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_an_authority_is_founded(data):
    text = said("create_authority", "Stadt Tessenmark", country="de", time_zone="Europe/Berlin")
    authority = Authority.objects.get()
    assert (authority.slug, authority.country) == ("stadt-tessenmark", "DE")
    assert "/a/stadt-tessenmark/" in text
    assert AuditEvent.objects.filter(action="authority.create").exists()


def test_a_short_name_in_use_is_said(here):
    with pytest.raises(CommandError, match="already exists"):
        said("create_authority", "Other", slug=here.slug)


def test_an_owner_is_invited_by_a_link_that_works(here):
    text = said("invite_owner", here.slug, "owner@tessenmark.example")
    path = re.search(r"http://[^/]+(/\S+)", text).group(1)
    assert Invitation.objects.get().role == Role.OWNER
    assert Client().get(path).status_code in {200, 302}


@pytest.mark.parametrize(
    ("slug", "email", "sentence"),
    [("nowhere", "a@b.example", "No authority"), ("tessenmark", "no address", "valid email")],
)
def test_a_bad_invitation_is_said(here, slug, email, sentence):
    with pytest.raises(CommandError, match=sentence):
        said("invite_owner", slug, email)
    assert not Invitation.objects.exists()


def test_an_operator_chooses_a_password_by_a_link_that_works(data):
    text = said("create_operator", "Operator@Example.org", name="Operator")
    user = User.objects.get()
    assert (user.email, user.is_operator) == ("operator@example.org", True)
    assert not user.has_usable_password()
    assert not Membership.objects.exists()
    path = re.search(r"http://[^/]+(/\S+)", text).group(1)
    page = Client().get(path, follow=True)
    assert page.status_code == 200
    assert 'type="password"' in page.content.decode()


def test_an_address_in_use_is_said(here):
    here.person("owner")
    with pytest.raises(CommandError, match="address of their own"):
        said("create_operator", here.person("owner").email)


def test_the_day_anchors_the_chains(here):
    said("create_authority", "Overfield")
    said("daily")
    assert len(read_lines(anchors_file())) == 2
    assert said("audit", "verify") == said("audit_verify")


def test_a_command_that_fails_does_not_keep_the_others_from_their_work(here, monkeypatch):
    from parvis_web.operation.management.commands import daily

    def call(name, **options):
        if name == daily.DAILY[0]:
            raise RuntimeError
        done.append(name)

    done = []
    monkeypatch.setattr(daily, "call_command", call)
    with pytest.raises(CommandError, match=daily.DAILY[0]):
        said("daily")
    assert "clearsessions" in done
