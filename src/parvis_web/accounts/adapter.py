"""How allauth treats accounts here: invited people only, writes as services, one idea of an IP."""

import base64
import hashlib
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal.flows.email_authentication import wipe_password
from allauth.socialaccount.providers.base import AuthProcess
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from parvis_web.accounts.models import Invitation, User
from parvis_web.accounts.rights import InstanceActor
from parvis_web.accounts.services.invitations import find_invitation, problem_with
from parvis_web.accounts.services.security import (
    connect_sign_on,
    create_account,
    record_security,
    set_password,
    sign_in,
)
from parvis_web.ui.language import remember

NOWHERE = "127.0.0.1"


def client_ip(request: HttpRequest) -> str:
    """
    Return the address of the person's machine, for limits and the list of sessions.

    Only as many entries of X-Forwarded-For as there are trusted proxies are believed, from the
    right: what a client writes itself stands further left. A request that came past the proxies
    counts by the address it came from.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop]
    trusted = settings.PARVIS_TRUSTED_PROXIES
    told = hops[-trusted] if 0 < trusted <= len(hops) else direct
    for candidate in (told, direct):
        try:
            return str(ip_address(candidate))
        except ValueError:
            continue
    return NOWHERE


def invitation_of(request: HttpRequest) -> Invitation | None:
    """Return the invitation whose link was opened in this session, if it is still good."""
    invitation = find_invitation(str(request.session.get("invitation", "")))
    return None if problem_with(invitation) else invitation


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by accepting an invitation, and on no other page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: the page of the invitation makes accounts."""
        del request
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by."""
        return client_ip(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Open the session as a service."""
        records = get_authentication_records(request, user)
        sign_in(
            InstanceActor(user),
            login=lambda: super(AccountAdapter, self).login(request, user),
            methods=sorted({record["method"] for record in records}),
        )

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Go on in the language of the person's profile."""
        response = super().post_login(request, user, **kwargs)
        remember(response, user.language)
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Write the password as a service."""
        set_password(InstanceActor(user), user=user, password=password)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A city's own sign-on opens accounts of its own domains, and makes invited ones."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return whether the session carries an invitation to the address that signs in."""
        invitation = invitation_of(request)
        address = sociallogin.user.email or ""
        return invitation is not None and invitation.email.lower() == address.lower()

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """
        Connect a sign-on to the account of the address it may speak for.

        To the account of an open session it is not connected: a link could do that.
        """
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise PermissionDenied
        email = sociallogin._did_authenticate_by_email
        if email:
            _connect(request, sociallogin, sociallogin.user, email)

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return True: the invitation says all that a form would ask."""
        del request, sociallogin
        return True

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Make the invited account as a service and connect the sign-on to it."""
        del form
        invitation = invitation_of(request)
        if invitation is None:
            raise ValueError("sign-up without an invitation")
        data = sociallogin.account.extra_data
        name = str(data.get("name") or data.get("userinfo", {}).get("name") or "")[:150]
        user = create_account(InstanceActor(None), invitation=invitation, name=name, password=None)
        _connect(request, sociallogin, user, user.email)
        return user

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Return whether the sign-on may speak for addresses of this domain."""
        domains = login.provider.app.settings.get("domains", []) if login.provider.app else []
        return email.rpartition("@")[2].lower() in {domain.lower() for domain in domains}


def _connect(request: HttpRequest, sociallogin: Any, user: User, email: str) -> None:
    """Connect as a service; a password that was set before anybody vouched for it is gone."""

    def connect() -> None:
        wipe_password(request, user, email)
        sociallogin.connect(request, user)

    connect_sign_on(
        InstanceActor(user), connect=connect, provider=str(sociallogin.account.provider)
    )


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors are unreadable in a copy of the database."""

    def _box(self) -> Fernet:
        key = hashlib.sha256(b"second-factor:" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that another key made is none that matches any code."""
        try:
            return self._box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    """Ended sessions leave an event."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End sessions of one person."""
        ended = list(sessions)
        super().end_sessions(ended)
        for user in {session.user for session in ended}:
            record_security("sessions-revoked", user, count=len(ended))
