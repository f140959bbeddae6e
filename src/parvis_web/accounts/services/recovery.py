"""Letting somebody in again who has lost their second factor and its recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Grant, User
from parvis_web.accounts.rights import InstanceActor
from parvis_web.accounts.services.security import note_account
from parvis_web.audit.recording import note, service


@service("account.reset-second-factor")
def reset_second_factor(actor: InstanceActor, user: User, *, reason: str) -> int:
    """
    Take away every factor and recovery code of `user` and end their sessions; return how many.

    The password stays: after the next sign-in the person sets up a new factor. Every authority the
    person is a member or guest of finds the event and its reason in its own chain.

    Raises
    ------
    django.core.exceptions.ValidationError
        Without a reason, or where there is no factor to take away.
    """
    del actor
    said = " ".join(reason.split())
    if not said or len(said) > 500:
        raise ValidationError(_("Give a reason of up to 500 letters: it stands in the audit."))
    factors = Authenticator.objects.filter(user=user)
    types = sorted(factors.values_list("type", flat=True))
    if not types:
        raise ValidationError(_("This person has no second factor."))
    factors.delete()
    n_ended = end_sessions(user)
    details: dict[str, Any] = {"types": types, "n_sessions": n_ended, "reason": said}
    note_account(user, **details)
    members = set(user.memberships.in_force().values_list("authority", flat=True))
    told: set[object] = set()
    for grant in Grant.objects.in_force().filter(user=user).select_related("authority"):
        if grant.authority_id not in members | told:
            told.add(grant.authority_id)
            note(grant, after=details, **details)
    return n_ended


def end_sessions(user: User) -> int:
    """Delete the sessions of `user`, whichever way they were opened."""
    keys = [
        session.session_key
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=user).delete()
    return len(keys)
