"""Who sees the dashboard, and who decides about its base year, targets, indicators and peers."""

from django.http import Http404

from parvis_web.accounts.rights import Actor, allowed
from parvis_web.collecting.rules import check_bring_in


def check_see(actor: Actor) -> None:
    """
    Raise unless `actor` is a member: guests see only what they are named on.

    Raises
    ------
    django.http.Http404
    """
    if actor.role is None and not actor.is_system:
        raise Http404


def check_arrange(actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may decide what the dashboard shows and against what."""
    check_bring_in(actor)


def can_arrange(actor: Actor) -> bool:
    """Return whether `actor` may decide what the dashboard shows and against what."""
    return allowed(check_arrange, actor)
