"""Through which door does a request come in: the actor of a member's page, or 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from parvis_web.accounts.models import Authority, Grant, Membership, Owned, User
from parvis_web.accounts.rights import Actor, check_read
from parvis_web.accounts.vocabulary import Marking, Role
from parvis_web.audit.reads import record_read

ObjectT = TypeVar("ObjectT", bound=Owned)


class ActorRequest(HttpRequest):
    """A request of somebody known to act for an authority."""

    actor: Actor


def has_second_factor(request: HttpRequest) -> bool:
    """Return whether this session was opened with a second factor or a passkey."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def actor_for(request: HttpRequest, slug: str) -> Actor:
    """
    Return the actor of a signed-in user for the authority `slug`.

    Raises
    ------
    django.http.Http404
        Where the user has neither a membership nor a grant in force there.
    """
    user = request.user
    if not isinstance(user, User):
        raise Http404
    second = has_second_factor(request)
    membership = (
        Membership.objects.in_force()
        .filter(authority__slug=slug, user=user)
        .select_related("authority")
        .first()
    )
    if membership is not None:
        return Actor(membership.authority, user, Role(membership.role), second)
    authority = Authority.objects.filter(slug=slug).first()
    if authority is None:
        raise Http404
    if not Grant.objects.in_force().filter(authority=authority, user=user).exists():
        raise Http404
    return Actor(authority, user, None, second)


def member_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view `request.actor`; send strangers to sign in, others to 404."""

    @wraps(view)
    @login_required
    def checked(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        request.actor = actor_for(request, slug)
        authority = request.actor.authority
        if authority.requires_second_factor and not request.actor.has_second_factor:
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('second_factor')}?{query}")
        with timezone.override(authority.time_zone):
            return view(request, *args, **kwargs)

    checked.is_member_view = True  # type: ignore[attr-defined]
    return checked


def get_readable(actor: Actor, items: "QuerySet[ObjectT]", pk: UUID) -> ObjectT:
    """
    Return one object that `actor` may read, with the read recorded where its marking asks for it.

    Raises
    ------
    django.http.Http404
        Where there is no such object in the authority or the actor may not know of it.
    parvis_web.accounts.rights.SecondFactorNeeded
    """
    item = items.filter(authority=actor.authority, pk=pk).first()
    if item is None:
        raise Http404
    check_read(actor, item)
    if Marking(item.marking).is_restricted:
        record_read(actor, item)
    return item
