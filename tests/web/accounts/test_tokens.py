"""Tokens: made with a second factor, sent in a header, never more than their person."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from parvis_web.accounts.models import ApiToken, Membership
from parvis_web.accounts.rights import (
    NotAllowed,
    SecondFactorNeeded,
    check_editor,
    check_read,
    check_write,
)
from parvis_web.accounts.services.grants import name_person
from parvis_web.accounts.services.tokens import create_token, revoke_token
from parvis_web.accounts.tokens import token_actor
from parvis_web.accounts.vocabulary import Marking, Role
from parvis_web.audit.models import AuditEvent


def in_days(number: int):
    return timezone.localdate() + timedelta(days=number)


def make(here, role: str = "owner", *scopes: str) -> tuple[ApiToken, str]:
    return create_token(
        here.actor(role), name="QGIS", scopes=scopes or ("read",), ends_on=in_days(30)
    )


def asked_with(header: str):
    return token_actor(RequestFactory().get("/", headers={"Authorization": header}))


def test_a_token_acts_for_its_person_in_its_authority(here):
    token, text = make(here, "coordinator", "write")
    actor = asked_with(f"Bearer {text}")
    assert (actor.authority, actor.user) == (here.authority, here.person("coordinator"))
    assert (actor.role, actor.scopes) == (Role.COORDINATOR, {"read", "write"})
    assert (actor.via, actor.has_second_factor) == ("api", False)
    secret = text.rpartition("_")[2]
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values())


def test_a_token_reads_nothing_restricted_and_manages_nobody(here):
    _token, text = make(here, "owner", "write")
    actor = asked_with(f"Bearer {text}")
    space = here.space()
    check_write(actor, space)
    check_editor(actor)
    for marking in (Marking.STRICT, Marking.RED):
        with pytest.raises(Http404):
            check_read(actor, here.space(marking=marking))
    with pytest.raises(NotAllowed, match="token cannot"):
        name_person(actor, space, user=here.person("analyst"))
    with pytest.raises(NotAllowed):
        create_token(actor, name="child", scopes=["read"], ends_on=in_days(3))


def test_only_the_header_and_only_the_whole_token_count(here):
    token, text = make(here)
    wrong = [
        "",
        text,
        f"Basic {text}",
        f"Bearer {text}x",
        f"Bearer {text[:-1]}",
        f"Bearer parvis_{token.pk.hex}_",
        f"Bearer other{text[6:]}",
        "Bearer parvis_not-an-id_x",
        "Bearer",
    ]
    assert [asked_with(header) for header in wrong] == [None] * len(wrong)
    assert token_actor(RequestFactory().get("/", {"token": text, "access_token": text})) is None
    assert asked_with(f"bearer {text}") is not None


def test_an_expired_a_revoked_and_an_orphaned_token_are_nothing(here):
    token, text = make(here, "analyst")
    header = f"Bearer {text}"
    ApiToken.objects.filter(pk=token.pk).update(expires=timezone.now())
    assert asked_with(header) is None
    ApiToken.objects.filter(pk=token.pk).update(expires=timezone.now() + timedelta(days=1))
    assert asked_with(header) is not None
    row = Membership.objects.get(user=here.person("analyst"))
    Membership.objects.filter(pk=row.pk).update(ends_on=in_days(-1))
    assert asked_with(header) is None
    Membership.objects.filter(pk=row.pk).update(ends_on=None, role=Role.READER)
    assert asked_with(header).role == Role.READER
    person = here.person("analyst")
    person.is_active = False
    person.save()
    assert asked_with(header) is None
    person.is_active = True
    person.save()
    revoke_token(here.actor("owner"), token)
    assert asked_with(header) is None


def test_use_is_written_at_most_every_five_minutes(here, django_assert_num_queries):
    token, text = make(here)
    asked_with(f"Bearer {text}")
    token.refresh_from_db()
    assert token.last_used is not None
    with django_assert_num_queries(2):
        asked_with(f"Bearer {text}")
    assert AuditEvent.objects.filter(action="token.use").count() == 1
    ApiToken.objects.update(last_used=timezone.now() - timedelta(minutes=6))
    asked_with(f"Bearer {text}")
    assert AuditEvent.objects.filter(action="token.use").count() == 2


def test_a_token_needs_a_member_with_a_second_factor(here):
    facts = {"name": "t", "scopes": ["read"], "ends_on": in_days(3)}
    with pytest.raises(SecondFactorNeeded):
        create_token(here.actor("owner", second_factor=False), **facts)
    with pytest.raises(NotAllowed):
        create_token(here.actor("guest"), **facts)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"ends_on": in_days(-1)}, {"ends_on": in_days(400)}, {"scopes": ["admin"]}]
)
def test_ends_and_scopes_are_bounded(here, changes):
    with pytest.raises(ValidationError):
        create_token(
            here.actor("owner"),
            **{"name": "t", "scopes": ["read"], "ends_on": in_days(3)} | changes,
        )


def test_the_text_is_shown_once_and_the_token_revoked_on_the_page(here):
    client = here.client("analyst")
    url = f"/a/{here.slug}/tokens/"
    page = client.post(url, {"name": "QGIS", "scope": "read", "ends_on": in_days(5)})
    text = page.context["text"]
    assert text in page.content.decode()
    assert text not in client.get(url).content.decode()
    token = ApiToken.objects.get()
    assert here.client("reader").post(f"{url}{token.pk}/revoke/").status_code == 403
    client.post(f"{url}{token.pk}/revoke/")
    assert asked_with(f"Bearer {text}") is None


def test_members_see_their_own_tokens_and_owners_all(here):
    make(here, "analyst")
    url = f"/a/{here.slug}/tokens/"
    assert here.client("reader").get(url).context["tokens"].count() == 0
    assert here.client("owner").get(url).context["tokens"].count() == 1
