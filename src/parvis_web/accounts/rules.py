"""Who may manage people, share an object, change its marking or make a token."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Grant, Membership, Owned, User
from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    SecondFactorNeeded,
    check_editor,
    check_owner,
    check_write,
)
from parvis_web.accounts.table import Reason, may_be_named
from parvis_web.accounts.vocabulary import Marking, Role

LONGEST = timedelta(days=365)
"""How long a guest's access or a token may last."""


def check_person(actor: Actor) -> None:
    """Raise `NotAllowed` where a token acts: people and markings are changed by people."""
    if actor.scopes is not None:
        raise NotAllowed(
            Reason.NO_SCOPE, _("A token cannot do this. Sign in to the pages of the authority.")
        )


def check_manage_people(actor: Actor) -> None:
    """Raise unless `actor` may change roles, invite members and end memberships."""
    check_person(actor)
    check_owner(actor)


def check_see_people(actor: Actor) -> None:
    """Raise unless `actor` may see the list of members and who is named on what."""
    check_person(actor)
    check_editor(actor)


def check_share(actor: Actor, item: Owned) -> None:
    """Raise unless `actor` may name somebody on `item`."""
    check_person(actor)
    check_write(actor, item)
    check_editor(actor)


def can_share(actor: Actor, item: Owned) -> bool:
    """Return whether `actor` may name somebody on `item`."""
    return _holds(check_share, actor, item)


def check_lower_marking(actor: Actor, item: Owned) -> None:
    """Raise unless `actor` may lower the marking of `item` or propose and confirm CLEAR."""
    check_share(actor, item)


def can_lower_marking(actor: Actor, item: Owned) -> bool:
    """Return whether `actor` may lower the marking of `item`."""
    return _holds(check_lower_marking, actor, item)


def check_make_token(actor: Actor) -> None:
    """Raise unless `actor` is a member in a session with a second factor."""
    check_person(actor)
    if actor.role is None:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("Only members of the authority have tokens."))
    if not actor.has_second_factor:
        raise SecondFactorNeeded(
            Reason.SECOND_FACTOR,
            _("Confirm your second factor: tokens are made only in a session that has one."),
        )


def _holds(check: object, actor: Actor, item: Owned) -> bool:
    from django.http import Http404

    assert callable(check)  # noqa: S101
    try:
        check(actor, item)
    except (NotAllowed, Http404):
        return False
    return True


def role_of(user: User, item: Owned) -> Role | None:
    """Return the role of `user` in the authority that owns `item`, None for a guest."""
    membership = (
        Membership.objects.in_force().filter(authority=item.authority_id, user=user).first()
    )
    return Role(membership.role) if membership else None


def check_end(ends_on: date | None, *, is_required: bool) -> None:
    """Raise `ValidationError` unless access ends between today and a year from now."""
    today = timezone.localdate()
    if ends_on is None:
        if is_required:
            raise ValidationError(
                _("A guest's access needs an end: give a date within a year."), code="end_missing"
            )
        return
    if ends_on < today:
        raise ValidationError(
            _("The end %(date)s is in the past: give today or a later date."),
            code="end_past",
            params={"date": ends_on},
        )
    if is_required and ends_on > today + LONGEST:
        raise ValidationError(
            _("The end %(date)s is too far away: give a date no later than %(latest)s."),
            code="end_too_late",
            params={"date": ends_on, "latest": today + LONGEST},
        )


def check_may_be_named(role: Role | None, marking: Marking) -> None:
    """Raise `ValidationError` where a grant would not count for that role."""
    if may_be_named(role, marking):
        return
    if role is None:
        sentence = _("What is marked %(marking)s can be shared with members only, not with guests.")
    else:
        sentence = _(
            "Readers cannot be named on what is marked %(marking)s: give them another role first."
        )
    raise ValidationError(sentence, code="not_for_them", params={"marking": marking.label})


def members_named(item: Owned) -> int:
    """Return how many members with a role that counts are named on `item`."""
    members = Membership.objects.in_force().filter(authority=item.authority_id)
    counted = members.exclude(role=Role.READER).values("user")
    return Grant.on(item).filter(user__in=counted).count()
