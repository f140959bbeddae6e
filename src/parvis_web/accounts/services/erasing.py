"""What happens to the account and the invitations of somebody whose name is erased."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils import timezone

from parvis_web.accounts.models import ERASED_DOMAIN, Authority, Grant, Invitation, Membership, User
from parvis_web.accounts.services.recovery import end_sessions


def is_account_needed(user: User, *, beside: Authority | None = None) -> bool:
    """Return whether anybody but the authority `beside` still counts on the account."""
    if user.is_operator:
        return True
    rows = [model.objects.in_force().filter(user=user) for model in (Membership, Grant)]
    return any(found.exclude(authority=beside).exists() for found in rows)


def empty_account(user: User) -> None:
    """
    Take name, address and every way to sign in from an account; call it inside a service.

    The row stays, so that what the person made shows an erased person instead of nobody.
    """
    end_sessions(user)
    for model in (Authenticator, EmailAddress, SocialAccount):
        model.objects.filter(user=user).delete()
    user.name = ""
    user.email = f"{user.pk.hex}@{ERASED_DOMAIN}"
    user.is_active = False
    user.set_unusable_password()
    user.save()


def empty_invitations(user: User, authority: Authority) -> int:
    """Take the address of `user` from an authority's invitations and close what is open."""
    rows = Invitation.objects.filter(authority=authority).filter(
        Q(accepted_by=user) | Q(email__iexact=user.email)
    )
    rows.filter(accepted__isnull=True, revoked__isnull=True).update(revoked=timezone.now())
    return rows.update(email=f"invited@{ERASED_DOMAIN}")
