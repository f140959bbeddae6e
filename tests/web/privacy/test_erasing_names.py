"""An owner erases the name of somebody who has left, and of nobody who is still here."""

import pytest
from django.urls import reverse

from parvis_web.accounts.models import Membership
from parvis_web.accounts.rights import NotAllowed, SecondFactorNeeded
from parvis_web.accounts.services.security import record_security
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditEvent, AuditPerson
from parvis_web.audit.verification import verify
from parvis_web.privacy.rules import check_erase_names


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
