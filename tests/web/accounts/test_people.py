"""Members, invitations and names on single objects."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.utils import timezone

from parvis_web.accounts.models import ApiToken, Grant, Invitation, Membership, User
from parvis_web.accounts.rights import Actor, InstanceActor, NotAllowed, SecondFactorNeeded
from parvis_web.accounts.services.grants import end_grant, name_person
from parvis_web.accounts.services.invitations import (
    accept_invitation,
    invite_guest,
    invite_member,
    revoke_invitation,
)
from parvis_web.accounts.services.members import (
    add_member,
    change_authority,
    change_member,
    create_authority,
    end_member,
)
from parvis_web.accounts.services.tokens import create_token
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.audit.models import AuditEvent

from ..conftest import PASSWORD, sign_in

NEW_PASSWORD = "quite another long sentence"  # noqa: S105


def in_days(number: int):
    return timezone.localdate() + timedelta(days=number)


def membership(here, role: str) -> Membership:
    return Membership.objects.get(authority=here.authority, user=here.person(role))


def link_of(invited: tuple[Invitation, str]) -> str:
    return f"/account/invitation/{invited[1]}/"


def browser_at(invited: tuple[Invitation, str], client: Client | None = None) -> Client:
    client = client or Client()
    assert client.get(link_of(invited))["Location"] == "/account/invitation/"
    return client


def test_an_authority_is_founded_and_gets_its_first_owner(db):
    operator = InstanceActor(User.objects.create_user("operator@x.example", is_operator=True))
    authority = create_authority(operator, name="Tessenmark", slug="tessenmark", country="DE")
    user = User.objects.create_user("first@tessenmark.example")
    add_member(operator, authority=authority, user=user, role=Role.OWNER)
    actions = AuditEvent.objects.filter(chain=str(authority.pk)).values_list("action", flat=True)
    assert list(actions) == ["authority.create", "member.add"]


@pytest.mark.parametrize("role", ["coordinator", "analyst", "assessor", "reader"])
def test_only_owners_change_roles_and_invite_members(here, role):
    actor = here.actor(role)
    row = membership(here, "owner") if here.person("owner") else None
    with pytest.raises(NotAllowed):
        change_member(actor, row, role=Role.READER)
    with pytest.raises(NotAllowed):
        invite_member(actor, email="x@y.example", role=Role.OWNER)
    with pytest.raises(NotAllowed):
        end_member(actor, row)
    with pytest.raises(NotAllowed):
        change_authority(actor, changes={"name": "Mine"})


def test_a_role_is_changed_on_the_page(here):
    here.person("reader")
    row = membership(here, "reader")
    answer = here.client("owner").post(
        f"/a/{here.slug}/people/{row.pk}/", {"role": "analyst", "ends_on": in_days(30)}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.role, row.ends_on) == (Role.ANALYST, in_days(30))


def test_the_last_owner_is_neither_demoted_nor_ended_nor_given_an_end(here):
    owner = here.actor("owner")
    row = membership(here, "owner")
    for attempt in (
        lambda: change_member(owner, row, role=Role.READER),
        lambda: change_member(owner, row, role=Role.OWNER, ends_on=in_days(3)),
        lambda: end_member(owner, row),
    ):
        with pytest.raises(ValidationError, match="last owner"):
            attempt()
    add_member(owner, authority=here.authority, user=here.person("guest"), role=Role.OWNER)
    end_member(owner, row)
    assert not Membership.objects.filter(pk=row.pk).exists()


def test_an_owner_whose_account_is_closed_does_not_count_as_the_other_owner(here):
    owner = here.actor("owner")
    second = User.objects.create_user("second@x.example", is_active=False)
    add_member(owner, authority=here.authority, user=second, role=Role.OWNER)
    with pytest.raises(ValidationError, match="last owner"):
        end_member(owner, membership(here, "owner"))


def test_with_a_membership_end_names_tokens_and_offers(here):
    owner, coordinator = here.actor("owner"), here.actor("coordinator")
    space = here.space()
    name_person(owner, space, user=coordinator.user)
    create_token(coordinator, name="t", scopes=["read"], ends_on=in_days(5))
    offered, _secret = invite_guest(coordinator, space, email="g@x.example", ends_on=in_days(9))
    end_member(owner, membership(here, "coordinator"))
    assert not Grant.objects.filter(user=coordinator.user).exists()
    assert ApiToken.objects.get().revoked is not None
    offered.refresh_from_db()
    assert offered.revoked is not None
    assert sign_in(coordinator.user).get(f"/a/{here.slug}/people/").status_code == 404


def test_a_member_may_leave(here):
    reader = here.client("reader")
    assert reader.post(f"/a/{here.slug}/people/leave/").status_code == 302
    assert not Membership.objects.filter(user=here.person("reader")).exists()


def test_somebody_new_accepts_an_invitation_with_a_password(here, mailoutbox):
    client = here.client("owner")
    page = client.post(
        f"/a/{here.slug}/people/invite/", {"email": "New@X.example", "role": "analyst"}
    )
    assert page.status_code == 200
    link = page.context["link"]
    assert link in mailoutbox[0].body
    assert link not in client.get(f"/a/{here.slug}/people/").content.decode()
    secret = link.rstrip("/").rpartition("/")[2]
    assert secret not in str(list(Invitation.objects.values()) + list(AuditEvent.objects.values()))
    browser = Client()
    assert browser.get(link)["Location"] == "/account/invitation/"
    assert b"new@x.example" in browser.get("/account/invitation/").content
    facts = {"name": "New Person", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    answer = browser.post("/account/invitation/", facts)
    assert answer["Location"] == "/"
    user = User.objects.get(email="new@x.example")
    assert Membership.objects.get(user=user).role == Role.ANALYST
    assert browser.get("/account/").status_code == 200
    again = browser_at((Invitation.objects.get(), secret))
    closed = again.get("/account/invitation/")
    assert closed.status_code == 410
    assert b"has been used already" in closed.content


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "too short"),
        (NEW_PASSWORD, "another", "not the same"),
        ("password1234", "password1234", "too common"),
    ],
)
def test_a_weak_password_is_refused_when_joining(here, password, again, told):
    browser = browser_at(invite_member(here.actor("owner"), email="n@x.example", role=Role.READER))
    page = browser.post("/account/invitation/", {"name": "N", "password": password, "again": again})
    assert told in page.content.decode()
    assert not User.objects.filter(email="n@x.example").exists()


def test_somebody_with_an_account_signs_in_to_accept(here, elsewhere):
    reader = elsewhere.person("reader")
    invited = invite_member(here.actor("owner"), email=reader.email.upper(), role=Role.ASSESSOR)
    browser = browser_at(invited)
    page = browser.get("/account/invitation/")
    assert b"/account/login/?next=/account/invitation/" in page.content
    answer = browser.post(
        "/account/login/?next=/account/invitation/",
        {"login": reader.email, "password": PASSWORD, "next": "/account/invitation/"},
    )
    assert answer["Location"] == "/account/invitation/"
    browser = browser_at(invited, browser)
    assert browser.post("/account/invitation/")["Location"] == "/"
    assert Membership.objects.get(user=reader, authority=here.authority).role == Role.ASSESSOR


def test_a_link_opened_with_another_address_is_refused(here, elsewhere):
    invited = invite_member(here.actor("owner"), email="n@x.example", role=Role.OWNER)
    browser = browser_at(invited, elsewhere.client("reader"))
    for answer in (browser.get("/account/invitation/"), browser.post("/account/invitation/")):
        assert answer.status_code == 410
        assert b"for another email address" in answer.content
        assert b"n@x.example" not in answer.content
    with pytest.raises(ValidationError, match="another email address"):
        accept_invitation(InstanceActor(elsewhere.person("reader")), invited[0])


def test_links_that_expired_were_taken_back_or_never_were_are_told_in_a_sentence(here):
    owner = here.actor("owner")
    expired = invite_member(owner, email="a@x.example", role=Role.READER)
    Invitation.objects.filter(pk=expired[0].pk).update(expires=timezone.now())
    revoked = invite_member(owner, email="b@x.example", role=Role.READER)
    revoke_invitation(owner, revoked[0])
    for invited, told in (
        (expired, b"has expired"),
        (revoked, b"taken back"),
        ((None, "guessed"), b"not known"),
    ):
        page = browser_at(invited).get("/account/invitation/")
        assert page.status_code == 410
        assert told in page.content


def test_whoever_is_invited_learns_nothing_about_who_has_an_account(here, elsewhere):
    known = elsewhere.person("reader").email
    client = here.client("owner")
    pages = [
        client.post(f"/a/{here.slug}/people/invite/", {"email": email, "role": "reader"})
        for email in (known, "nobody@x.example")
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert len(mail.outbox) == 2


def test_a_guest_joins_for_one_object_until_a_day(here):
    space, other = here.space(), here.space(name="Corn Market")
    invited = invite_guest(
        here.actor("coordinator"),
        space,
        email="guest@x.example",
        abilities=[Ability.COMMENT],
        ends_on=in_days(30),
        purpose="Advice on the row of bollards",
    )
    browser = browser_at(invited)
    facts = {"name": "Guest", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert browser.post("/account/invitation/", facts).status_code == 302
    guest = User.objects.get(email="guest@x.example")
    grant = Grant.objects.get(user=guest)
    assert (grant.object_id, grant.abilities) == (space.pk, ["read", "comment"])
    actor = Actor(here.authority, guest)
    assert (space.kind(), space.pk) in actor.grants
    assert (other.kind(), other.pk) not in actor.grants
    assert browser.get(f"/a/{here.slug}/people/").status_code == 403


@pytest.mark.parametrize("days", [None, -1, 366])
def test_a_guest_has_an_end_within_a_year(here, days):
    ends_on = None if days is None else in_days(days)
    with pytest.raises(ValidationError):
        invite_guest(here.actor("owner"), here.space(), email="g@x.example", ends_on=ends_on)
    with pytest.raises(ValidationError):
        name_person(here.actor("owner"), here.space(), user=here.person("guest"), ends_on=ends_on)


NAMING = [
    # marking, who is named, whether that is allowed
    (Marking.AMBER, "guest", True),
    (Marking.STRICT, "guest", True),
    (Marking.RED, "guest", False),
    (Marking.AMBER, "reader", True),
    (Marking.STRICT, "reader", False),
    (Marking.RED, "reader", False),
    (Marking.STRICT, "analyst", True),
    (Marking.RED, "assessor", True),
]


@pytest.mark.parametrize(("marking", "who", "allowed"), NAMING)
def test_who_can_be_named_on_what(here, marking, who, allowed):
    space = here.space(marking=marking)
    here.name_on("owner", space, Ability.READ, Ability.WRITE)
    owner = here.actor("owner")
    if allowed:
        name_person(owner, space, user=here.person(who), ends_on=in_days(5))
        assert Grant.on(space).filter(user=here.person(who)).exists()
    else:
        with pytest.raises(ValidationError, match="TLP"):
            name_person(owner, space, user=here.person(who), ends_on=in_days(5))


def test_only_editors_who_may_change_an_object_share_it(here, elsewhere):
    space = here.space(marking=Marking.RED)
    person = {"user": here.person("analyst")}
    for role in ("owner", "coordinator"):
        with pytest.raises(Http404):
            name_person(here.actor(role), space, **person)
    amber = here.space()
    amber.assignees.add(here.person("assessor"))
    for role in ("assessor", "analyst", "reader"):
        with pytest.raises(NotAllowed):
            name_person(here.actor(role), amber, **person)
    with pytest.raises(Http404):
        name_person(elsewhere.actor("owner"), amber, **person)


def test_somebody_stays_named_on_what_is_red(here):
    space = here.space(marking=Marking.RED)
    here.name_on("owner", space, Ability.READ, Ability.WRITE)
    owner = here.actor("owner")
    grant = Grant.on(space).get()
    with pytest.raises(ValidationError, match="Nobody else is named"):
        end_grant(owner, grant)
    add_member(owner, authority=here.authority, user=here.person("guest"), role=Role.OWNER)
    with pytest.raises(ValidationError, match="only one named"):
        end_member(owner, membership(here, "owner"))
    name_person(owner, space, user=here.person("analyst"))
    end_grant(owner, grant)
    assert Grant.on(space).get().user == here.person("analyst")


def test_the_share_panel_names_a_member_and_invites_a_guest(here, mailoutbox):
    space = here.space()
    here.person("analyst")
    client = here.client("coordinator")
    url = f"/a/{here.slug}/share/{space.kind()}/{space.pk}/"
    assert client.get(url).status_code == 200
    facts = {"member": membership(here, "analyst").pk, "abilities": ["write"]}
    page = client.post(url, facts, HTTP_HX_REQUEST="true")
    assert page.status_code == 200
    assert b"<html" not in page.content
    assert Grant.on(space).get().abilities == ["read", "write"]
    page = client.post(url, {"email": "guest@x.example", "ends_on": in_days(9)})
    assert page.context["share_link"] in mailoutbox[0].body
    neither = client.post(url, {})
    assert neither.status_code == 422
    ended = client.post(
        f"/a/{here.slug}/people/named/{Grant.on(space).get().pk}/end/", {"next": url}
    )
    assert ended["Location"] == url
    assert not Grant.on(space).exists()


def test_the_list_of_names_shows_only_what_its_reader_may_know(here):
    hidden = here.space(name="Hidden Yard", marking=Marking.RED)
    here.name_on("owner", hidden)
    here.name_on("guest", here.space(name="Corn Market"))
    page = here.client("coordinator").get(f"/a/{here.slug}/people/named/").content
    assert b"Corn Market" in page
    assert b"Hidden Yard" not in page
    page = here.client("owner").get(f"/a/{here.slug}/people/named/").content
    assert b"Hidden Yard" in page


def test_the_list_of_people_is_bounded_in_queries(here, django_assert_max_num_queries):
    for number in range(20):
        user = User.objects.create_user(f"p{number}@x.example", name=f"Person {number}")
        Membership.objects.create(authority=here.authority, user=user, role=Role.READER)
    client = here.client("owner")
    with django_assert_max_num_queries(9):
        assert client.get(f"/a/{here.slug}/people/").status_code == 200
    with django_assert_max_num_queries(9):
        assert client.get(f"/a/{here.slug}/people/named/").status_code == 200


def test_a_second_factor_is_asked_of_all_only_by_one_who_has_it(here):
    changes = {"requires_second_factor": True}
    with pytest.raises(SecondFactorNeeded):
        change_authority(here.actor("owner", second_factor=False), changes=changes)
    change_authority(here.actor("owner"), changes=changes)
    here.authority.refresh_from_db()
    assert here.authority.requires_second_factor


def test_settings_are_changed_on_the_page(here):
    facts = {"name": "New Name", "country": "fr", "language": "fr", "time_zone": "Europe/Paris"}
    answer = here.client("owner").post(f"/a/{here.slug}/settings/", facts)
    assert answer.status_code == 302
    here.authority.refresh_from_db()
    assert (here.authority.name, here.authority.country) == ("New Name", "FR")
    bad = here.client("owner").post(f"/a/{here.slug}/settings/", facts | {"time_zone": "Mars"})
    assert bad.status_code == 422


def test_the_profile_changes_name_and_language(here):
    client = here.client("reader")
    answer = client.post("/account/", {"name": "Other Name", "language": "fr"})
    assert answer.status_code == 302
    assert client.cookies["django_language"].value == "fr"
    assert User.objects.get(pk=here.person("reader").pk).name == "Other Name"
    assert AuditEvent.objects.get(chain="instance").action == "account.change-profile"


def test_no_event_about_people_carries_a_name_or_an_address(here):
    owner = here.actor("owner")
    invite_member(owner, email="secret-person@x.example", role=Role.READER)
    invite_guest(owner, here.space(), email="secret-guest@x.example", ends_on=in_days(3))
    name_person(owner, here.space(), user=here.person("analyst"))
    told = str(list(AuditEvent.objects.values()))
    assert "@" not in told
    assert "secret" not in told


def test_every_write_about_people_left_an_event(here):
    n_before = AuditEvent.objects.count()
    owner = here.actor("owner")
    invited, _secret = invite_member(owner, email="x@y.example", role=Role.READER)
    revoke_invitation(owner, invited)
    here.person("reader")
    change_member(owner, membership(here, "reader"), role=Role.ANALYST)
    grant = name_person(owner, here.space(), user=here.person("reader"))
    end_grant(owner, grant)
    end_member(owner, membership(here, "reader"))
    change_authority(owner, changes={"name": "Other"})
    actions = AuditEvent.objects.order_by("seq").values_list("action", flat=True)[n_before:]
    assert list(actions) == [
        "invitation.offer",
        "invitation.revoke",
        "member.change",
        "grant.give",
        "grant.end",
        "member.end",
        "authority.change",
    ]
