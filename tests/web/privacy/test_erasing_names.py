"""An owner erases the name of somebody who has left, and of nobody who is still here."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from parvis_web.accounts.models import Invitation, Membership
from parvis_web.accounts.rights import NotAllowed, SecondFactorNeeded
from parvis_web.accounts.services.security import record_security
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditEvent, AuditPerson
from parvis_web.audit.verification import verify
from parvis_web.privacy.rules import check_erase_names
from parvis_web.spaces.models import LocalCorrection


@pytest.fixture
def person(here):
    """An analyst with an event in the chain who has left."""
    user = here.person("analyst")
    record_security("sign-out", user)
    Membership.objects.filter(user=user).delete()
    return AuditPerson.objects.get(chain=chain_name(here.authority))


def page(town, name="names", *more):
    return reverse(f"privacy:{name}", args=[town.slug, *more])


@pytest.mark.parametrize(
    ("role", "second_factor", "refusal"),
    [
        ("owner", True, None),
        ("owner", False, SecondFactorNeeded),
        ("coordinator", True, NotAllowed),
        ("analyst", True, NotAllowed),
        ("assessor", True, NotAllowed),
        ("reader", True, NotAllowed),
    ],
)
def test_who_may_erase_names(here, role, second_factor, refusal):
    actor = here.actor(role, second_factor=second_factor)
    if refusal is None:
        check_erase_names(actor)
        return
    with pytest.raises(refusal):
        check_erase_names(actor)


def test_the_name_is_typed_and_gone_and_the_chain_is_whole(here, person):
    client = here.client("owner")
    assert str(person.user) in client.get(page(here)).content.decode()
    address = page(here, "erase", person.pk)
    wrong = client.post(address, {"name": "Somebody else"})
    assert wrong.status_code == 422
    assert f"type “{person.user}”" in wrong.content.decode()
    assert client.post(address, {"name": f"  {person.user} "}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.user) == ("", None)
    event = AuditEvent.objects.get(action="audit.erase-person")
    assert event.details["people"] == [str(person.pk)]
    assert verify(chain_name(here.authority)) == []
    assert client.get(address).status_code == 404


def test_the_page_says_what_is_replaced_and_what_stays_with_its_reason(here, person):
    measured = here.space()
    LocalCorrection.objects.create(
        authority=here.authority,
        space=measured,
        city=measured.city,
        store_id="c1",
        correction_kind="gap",
        facts={"person": str(person.user)},
    )
    text = here.client("owner").get(page(here, "erase", person.pk)).content.decode()
    assert "password, second factor and sessions" in text
    assert "1 × findings on site" in text
    assert "withdraw it" in text
    assert "signatures" not in text.partition("What stays")[2]


def test_the_account_is_emptied_with_the_last_name(here, person):
    user = person.user
    invited = Invitation.objects.create(
        authority=here.authority,
        email=user.email,
        role="reader",
        token_digest="0" * 64,
        expires=timezone.now() + timedelta(days=7),
    )
    here.client("owner").post(page(here, "erase", person.pk), {"name": str(user)})
    user.refresh_from_db()
    assert str(user) == "erased person"
    assert (user.name, user.is_active, user.has_usable_password()) == ("", False, False)
    assert not EmailAddress.objects.filter(user=user).exists()
    invited.refresh_from_db()
    assert "analyst" not in invited.email
    assert invited.revoked is not None
    assert not AuditPerson.objects.filter(user=user).exists()
    event = AuditEvent.objects.get(action="audit.erase-person")
    assert event.details["is_account_emptied"] is True


def test_the_account_stays_while_another_authority_counts_on_it(here, elsewhere, person):
    user, name = person.user, str(person.user)
    Membership.objects.create(authority=elsewhere.authority, user=user, role="reader")
    address = page(here, "erase", person.pk)
    text = here.client("owner").get(address).content.decode()
    assert "another authority here counts on it" in text
    assert elsewhere.authority.name not in text
    here.client("owner").post(address, {"name": name})
    user.refresh_from_db()
    assert (str(user), user.is_active) == (name, True)
    person.refresh_from_db()
    assert person.user is None


def test_who_is_still_here_or_named_on_something_is_not_listed(here, person):
    client = here.client("owner")
    Membership.objects.create(authority=here.authority, user=here.people["analyst"], role="reader")
    assert "analyst of" not in client.get(page(here)).content.decode()
    sent = {"name": str(person.user)}
    assert client.post(page(here, "erase", person.pk), sent).status_code == 404
    Membership.objects.filter(user=here.people["analyst"]).delete()
    here.name_on("analyst", here.space())
    sent = {"name": str(person.user)}
    assert client.post(page(here, "erase", person.pk), sent).status_code == 404
    person.refresh_from_db()
    assert person.user is not None


def test_strangers_and_other_authorities_find_nothing(here, elsewhere, person):
    address = page(here, "erase", person.pk)
    for client in (elsewhere.client("owner"), here.client("stranger")):
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": str(person.user)}).status_code == 404
    theirs = page(elsewhere, "erase", person.pk)
    assert elsewhere.client("owner").get(theirs).status_code == 404
    assert here.client("coordinator").get(address).status_code == 403
    without = here.client("owner", second_factor=False).get(address)
    assert "second-factor" in without["Location"]
