"""One run of every service about people, accounts, tokens and markings."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.utils import timezone
from web.service_examples import example

from parvis_web.accounts.models import Invitation, Membership, User
from parvis_web.accounts.rights import InstanceActor
from parvis_web.accounts.services import (
    grants,
    invitations,
    markings,
    members,
    recovery,
    security,
    tokens,
)
from parvis_web.accounts.vocabulary import Marking, Role

PASSWORD = "quite another long sentence"  # noqa: S105


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def membership(town, role):
    return Membership.objects.get(authority=town.authority, user=town.person(role))


def newcomer():
    return User.objects.create_user("newcomer@x.example")


def invited(town, email="newcomer@x.example") -> Invitation:
    found, _secret = invitations.invite_member(town.actor("owner"), email=email, role=Role.READER)
    return found


@example("authority.create")
def authority_create(town):
    members.create_authority(InstanceActor(None), name="Other", slug="other")


@example("authority.change")
def authority_change(town):
    members.change_authority(town.actor("owner"), changes={"name": "Other"})


@example("member.add")
def member_add(town):
    members.add_member(
        InstanceActor(None), authority=town.authority, user=newcomer(), role=Role.READER
    )


@example("member.change")
def member_change(town):
    town.person("reader")
    members.change_member(town.actor("owner"), membership(town, "reader"), role=Role.ANALYST)


@example("member.end")
def member_end(town):
    town.person("reader")
    members.end_member(town.actor("owner"), membership(town, "reader"))


@example("invitation.offer")
def invitation_offer(town):
    invited(town)


@example("invitation.offer-object")
def invitation_offer_object(town):
    invitations.invite_guest(
        town.actor("owner"), town.space(), email="g@x.example", ends_on=in_days(3)
    )


@example("invitation.revoke")
def invitation_revoke(town):
    invitations.revoke_invitation(town.actor("owner"), invited(town))


@example("invitation.accept")
def invitation_accept(town):
    invitations.accept_invitation(InstanceActor(newcomer()), invited(town))


@example("grant.give")
def grant_give(town):
    grants.name_person(town.actor("owner"), town.space(), user=town.person("reader"))


@example("grant.end")
def grant_end(town):
    owner = town.actor("owner")
    grant = grants.name_person(owner, town.space(), user=town.person("reader"))
    grants.end_grant(owner, grant)


def made_token(town):
    return tokens.create_token(
        town.actor("owner"), name="QGIS", scopes=["read"], ends_on=in_days(3)
    )[0]


@example("token.create")
def token_create(town):
    made_token(town)


@example("token.revoke")
def token_revoke(town):
    tokens.revoke_token(town.actor("owner"), made_token(town))


@example("token.use")
def token_use(town):
    tokens.record_use(town.actor("owner"), made_token(town))


@example("marking.change")
def marking_change(town):
    markings.change_marking(
        town.actor("owner"), town.space(), marking=Marking.GREEN, reason="Harmless"
    )


def proposed(town):
    return markings.change_marking(
        town.actor("owner"), town.space(), marking=Marking.CLEAR, reason="For everybody"
    )


@example("marking.confirm")
def marking_confirm(town):
    markings.confirm_clear(town.actor("coordinator"), proposed(town))


@example("marking.decline")
def marking_decline(town):
    markings.decline_clear(town.actor("coordinator"), proposed(town))


@example("account.create")
def account_create(town):
    security.create_account(
        InstanceActor(None), invitation=invited(town), name="New", password=PASSWORD
    )


@example("account.sign-in")
def account_sign_in(town):
    security.sign_in(InstanceActor(town.person("owner")), login=lambda: None, methods=["password"])


@example("account.set-password")
def account_set_password(town):
    owner = town.person("owner")
    security.set_password(InstanceActor(owner), user=owner, password=PASSWORD)


@example("account.reset-second-factor")
def account_reset_second_factor(town):
    user = town.person("owner")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    recovery.reset_second_factor(InstanceActor(None), user, reason="Phone lost")


@example("account.change-profile")
def account_change_profile(town):
    security.change_profile(InstanceActor(town.person("owner")), changes={"name": "Other"})


@example("account.sign-on-connected")
def account_sign_on_connected(town):
    security.connect_sign_on(
        InstanceActor(town.person("owner")), connect=lambda: None, provider="city"
    )


def security_event(name):
    @example(f"account.{name}")
    def happen(town):
        security.record_security(name, town.person("owner"))

    return happen


HAPPENINGS = [
    security_event(name)
    for name in (
        "sign-in-failed",
        "sign-out",
        "second-factor-added",
        "second-factor-removed",
        "recovery-codes-made",
        "sessions-revoked",
        "sign-on-disconnected",
    )
]
