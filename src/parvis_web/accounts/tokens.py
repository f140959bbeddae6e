"""Who speaks through the interface for machines: the actor of a request's bearer token."""

import hmac
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from parvis_web.accounts.models import ApiToken, Membership
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.services.invitations import digest_of
from parvis_web.accounts.services.tokens import PREFIX, SEEN_EVERY, record_use
from parvis_web.accounts.vocabulary import Role


def token_actor(request: HttpRequest) -> Actor | None:
    """
    Return the actor of the token in the request's Authorization header, or None.

    The person's role is read anew for every request: a token never outlives its person's
    membership and never does more than they may.
    """
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    token = _find(text.strip())
    if token is None:
        return None
    membership = (
        Membership.objects.in_force()
        .filter(authority=token.authority_id, user=token.user_id, user__is_active=True)
        .first()
    )
    if membership is None:
        return None
    actor = Actor(
        token.authority,
        token.user,
        Role(membership.role),
        has_second_factor=False,
        scopes=frozenset(token.scopes),
        via="api",
    )
    if token.last_used is None or timezone.now() - token.last_used >= SEEN_EVERY:
        record_use(actor, token)
    return actor


def _find(text: str) -> ApiToken | None:
    prefix, _mark, rest = text.partition("_")
    number, _mark, secret = rest.partition("_")
    try:
        pk = UUID(hex=number)
    except ValueError:
        return None
    now = timezone.now()
    token = (
        ApiToken.objects.filter(pk=pk, revoked__isnull=True, expires__gt=now)
        .select_related("authority", "user")
        .first()
    )
    kept = token.digest if token else digest_of("")
    is_right = hmac.compare_digest(kept, digest_of(secret)) and prefix == PREFIX
    return token if is_right else None
