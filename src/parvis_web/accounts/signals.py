"""What allauth tells about sign-in and second factors becomes events of the audit chains."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_removed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from parvis_web.accounts.models import User
from parvis_web.accounts.services.security import record_security


@receiver(user_login_failed)
def on_login_failed(credentials: dict[str, Any], **_rest: Any) -> None:
    """Record a failed attempt, whether or not the address has an account."""
    address = credentials.get("email") or credentials.get("username") or ""
    record_security("sign-in-failed", User.objects.filter(email__iexact=address).first())


@receiver(user_logged_out)
def on_logged_out(user: User | None, **_rest: Any) -> None:
    """Record that somebody signed out."""
    if user is not None:
        record_security("sign-out", user)


@receiver(authenticator_added)
def on_authenticator_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_rest: Any
) -> None:
    """Record a new factor; who has just proved that they hold it need not prove it again."""
    record_security("second-factor-added", user, type=authenticator.type)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, method="mfa", id=authenticator.pk, type=authenticator.type
        )


@receiver(authenticator_removed)
def on_authenticator_removed(user: User, authenticator: Authenticator, **_rest: Any) -> None:
    """Record that a factor is gone."""
    record_security("second-factor-removed", user, type=authenticator.type)


@receiver(authenticator_reset)
def on_codes_made(user: User, **_rest: Any) -> None:
    """Record new recovery codes."""
    record_security("recovery-codes-made", user)


@receiver(social_account_removed)
def on_disconnected(socialaccount: Any, **_rest: Any) -> None:
    """Record that a city's own sign-on was disconnected."""
    record_security("sign-on-disconnected", socialaccount.user, provider=socialaccount.provider)
