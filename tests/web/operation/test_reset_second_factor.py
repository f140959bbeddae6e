"""The operator lets somebody in again: factors and sessions go, every authority finds the event."""

import io

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command

from parvis_web.accounts.models import Membership
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditEvent

REASON = "Phone lost; came to the office with identity card"


def reset(email, reason=REASON):
    out, err = io.StringIO(), io.StringIO()
    call_command("reset_second_factor", email, reason=reason, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def person(here):
    user = here.person("analyst")
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def test_factors_codes_and_sessions_are_gone_and_the_person_is_told(here, person):
    browser, other = here.client("analyst"), here.client("owner")
    said, _ = reset(person.email.upper())
    assert not Authenticator.objects.filter(user=person).exists()
    assert browser.get(f"/a/{here.slug}/spaces/").status_code == 302
    assert other.get(f"/a/{here.slug}/spaces/").status_code == 200
    assert "sessions ended: 1" in said
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert "http" in letter.body and REASON not in letter.body


def test_every_authority_the_person_belongs_to_finds_it_with_its_reason(
    here, elsewhere, make_town, person
):
    Membership.objects.create(authority=elsewhere.authority, user=person, role="reader")
    third, fourth = make_town("third"), make_town("fourth")
    third.people["guest"] = person
    for name in ("A", "B"):
        third.name_on("guest", third.space(name=name))
    reset(person.email)
    events = AuditEvent.objects.filter(action="account.reset-second-factor")
    chains = [each.authority for each in (here, elsewhere, third)]
    assert sorted(events.values_list("chain", flat=True)) == sorted(
        [chain_name(None), *map(chain_name, chains)]
    )
    assert chain_name(fourth.authority) not in events.values_list("chain", flat=True)
    assert all(event.details["reason"] == REASON for event in events)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_without_a_reason_nothing_happens(person, reason):
    with pytest.raises(CommandError, match="reason"):
        reset(person.email, reason)
    assert Authenticator.objects.filter(user=person).count() == 2


def test_nobody_and_nothing_are_said(here, person):
    with pytest.raises(CommandError, match="Nobody has the address"):
        reset("nobody@x.example")
    with pytest.raises(CommandError, match="no second factor"):
        reset(here.person("owner").email)
    assert not mail.outbox


def test_where_no_mail_can_be_sent_the_operator_is_told(person, monkeypatch):
    def refuse(*_args):
        raise ConnectionRefusedError

    monkeypatch.setattr(
        "parvis_web.operation.management.commands.reset_second_factor.send_mail", refuse
    )
    assert "tell the person yourself" in reset(person.email)[1]
    assert not Authenticator.objects.filter(user=person).exists()
