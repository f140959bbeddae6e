"""Keys for machines: made in a session with a second factor, revoked, used."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import ApiToken
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.rules import check_end, check_make_token, check_manage_people, check_person
from parvis_web.accounts.services.invitations import digest_of
from parvis_web.audit.recording import note, service

SCOPES = ("read", "write")
PREFIX = "parvis"
SEEN_EVERY = timedelta(minutes=5)


@service("token.create")
def create_token(
    actor: Actor, *, name: str, scopes: Iterable[str], ends_on: date
) -> tuple[ApiToken, str]:
    """Make a token of the actor's own; return its text, which is shown this once."""
    check_make_token(actor)
    check_end(ends_on, is_required=True)
    asked = set(scopes) | {"read"}
    if not asked <= set(SCOPES):
        raise ValidationError(
            _("%(scope)s is not a scope: choose read or write."),
            code="scope_unknown",
            params={"scope": sorted(asked - set(SCOPES))[0]},
        )
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        authority=actor.authority,
        user=actor.user,
        name=name,
        digest=digest_of(secret),
        scopes=[scope for scope in SCOPES if scope in asked],
        expires=timezone.make_aware(datetime.combine(ends_on, time.max)),
    )
    token.full_clean(exclude=["scopes", "last_used", "revoked"])
    token.save()
    note(token, after={"scopes": token.scopes, "expires": token.expires}, scopes=token.scopes)
    return token, f"{PREFIX}_{token.pk.hex}_{secret}"


@service("token.revoke")
def revoke_token(actor: Actor, token: ApiToken) -> None:
    """End a token: one's own, or as an owner anybody's."""
    check_person(actor)
    if actor.user is None or token.user_id != actor.user.pk:
        check_manage_people(actor)
    token.revoked = token.revoked or timezone.now()
    token.save(update_fields=["revoked"])
    note(token, after={"revoked": True})


@service("token.use")
def record_use(actor: Actor, token: ApiToken) -> None:
    """Keep that a token was used; asked at most once in five minutes."""
    del actor
    token.last_used = timezone.now()
    ApiToken.objects.filter(pk=token.pk).update(last_used=token.last_used)
    note(token, after={"used": True})
