"""What happens to a person's own account: made, signed in, password, second factor, profile."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.models import EmailAddress

from parvis_web.accounts.models import Invitation, Membership, User
from parvis_web.accounts.rights import InstanceActor
from parvis_web.audit.recording import note, service

_NOBODY = User(id=uuid.UUID(int=0))
_EVENTS = (
    "sign-in-failed",
    "sign-out",
    "second-factor-added",
    "second-factor-removed",
    "recovery-codes-made",
    "sessions-revoked",
    "sign-on-disconnected",
)


def note_account(user: User, **details: Any) -> None:
    """Note something about an account: in the instance's chain and in its authorities'."""
    note(user, after=details, **details)
    rows = Membership.objects.in_force().filter(user=user).select_related("authority")
    for membership in rows.order_by("authority_id"):
        note(membership, after=details, **details)


def _event(name: str) -> Callable[..., None]:
    @service(f"account.{name}")
    def record(actor: InstanceActor, **details: Any) -> None:
        if actor.user is None:
            note(_NOBODY, **details)
        else:
            note_account(actor.user, **details)

    return record


_RECORDERS = {name: _event(name) for name in _EVENTS}


def record_security(name: str, user: User | None, **details: Any) -> None:
    """Record a security event of an account; without a user, of an address nobody has."""
    _RECORDERS[name](InstanceActor(user), **details)


@service("account.create")
def create_account(
    actor: InstanceActor, *, invitation: Invitation, name: str, password: str | None
) -> User:
    """Make the account of an invited person; the invitation vouches for the address."""
    del actor
    user = User.objects.create_user(
        invitation.email, password, name=name, language=invitation.authority.language
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    note(user, after={"invitation": str(invitation.pk)}, invitation=str(invitation.pk))
    return user


@service("account.sign-in")
def sign_in(actor: InstanceActor, *, login: Callable[[], None], methods: list[str]) -> None:
    """Open a session, which also writes when the person last signed in."""
    login()
    if actor.user is not None:
        note_account(actor.user, methods=methods)


@service("account.sign-on-connected")
def connect_sign_on(actor: InstanceActor, *, connect: Callable[[], None], provider: str) -> None:
    """Connect a city's own sign-on to the account it speaks for."""
    connect()
    if actor.user is not None:
        note_account(actor.user, provider=provider)


@service("account.set-password")
def set_password(actor: InstanceActor, *, user: User, password: str) -> None:
    """Give an account a password."""
    del actor
    user.set_password(password)
    user.save(update_fields=["password"])
    note_account(user)


@service("account.change-profile")
def change_profile(actor: InstanceActor, *, changes: Mapping[str, str]) -> None:
    """Change one's own name and language."""
    user = actor.user
    if user is None:
        raise ValueError("nobody has no profile")
    before = {field: getattr(user, field) for field in ("name", "language")}
    for field in ("name", "language"):
        if field in changes:
            setattr(user, field, changes[field])
    user.full_clean(exclude=["password", "email"])
    user.save(update_fields=["name", "language"])
    note(user, before=before, after={field: getattr(user, field) for field in before})
