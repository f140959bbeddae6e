"""Who may bring data in, keep them, and open what is protected."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    SecondFactorNeeded,
    allowed,
    check_editor,
    check_read,
    check_write,
    readable,
)
from parvis_web.accounts.table import Reason
from parvis_web.accounts.vocabulary import Role
from parvis_web.collecting.models import Delivery, ProtectedDataset
from parvis_web.ui.refusals import RefusedError


def check_bring_in(actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may bring data in: owner, coordinator or analyst."""
    if actor.role == Role.ANALYST and (actor.scopes is None or "write" in actor.scopes):
        return
    check_editor(actor)


def can_bring_in(actor: Actor) -> bool:
    """Return whether `actor` may bring data in."""
    return allowed(check_bring_in, actor)


def check_waiting(actor: Actor, delivery: Delivery) -> None:
    """Raise unless `actor` may look at a delivery that waits, read it otherwise, and keep it."""
    check_write(actor, delivery)
    if delivery.protected is not None:
        check_open(actor, delivery.protected)
    if delivery.kept is not None:
        raise RefusedError(_("This delivery is kept already: what was kept is never changed."))


def check_remove(actor: Actor, delivery: Delivery) -> None:
    """Raise unless `actor` may take a kept delivery out of use, or put it back."""
    check_write(actor, delivery)
    if delivery.kept is None:
        raise RefusedError(_("This delivery is not kept yet: discard it instead."))


def can_remove(actor: Actor, delivery: Delivery) -> bool:
    """Return whether `actor` may take a kept delivery out of use."""
    return delivery.kept is not None and allowed(check_write, actor, delivery)


def check_protect(actor: Actor) -> None:
    """Raise unless `actor` may put data into the protected store: editors with a second factor."""
    check_editor(actor)
    if not actor.is_system and not actor.has_second_factor:
        raise SecondFactorNeeded(
            Reason.SECOND_FACTOR,
            _("Confirm your second factor: the protected store opens only in such a session."),
        )


def can_protect(actor: Actor) -> bool:
    """Return whether `actor` may put data into the protected store."""
    return allowed(check_protect, actor)


def is_listed(actor: Actor, item: ProtectedDataset) -> bool:
    """Return whether `actor` is a member on the access list of protected data."""
    return actor.role is not None and (item.kind(), item.pk) in actor.grants


def check_open(actor: Actor, item: ProtectedDataset) -> None:
    """
    Raise unless `actor` may see and sum up what protected data hold.

    The role alone opens nothing, not even an owner's.

    Raises
    ------
    django.http.Http404, NotAllowed, RefusedError
    """
    check_read(actor, item)
    if actor.is_system:
        return
    if not is_listed(actor, item):
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("Only people on the access list of these data see what they hold."),
        )
    if item.emptied is not None:
        raise RefusedError(_("These data are deleted; what was summed up from them is kept."))


def can_open(actor: Actor, item: ProtectedDataset) -> bool:
    """Return whether `actor` may see and sum up what protected data hold."""
    return item.emptied is None and allowed(check_read, actor, item) and is_listed(actor, item)


def open_to(actor: Actor, items: "QuerySet[ProtectedDataset]") -> "QuerySet[ProtectedDataset]":
    """Keep the protected data that `actor` may open: the twin of `check_open` for lists."""
    if actor.is_system:
        return items.filter(authority=actor.authority, emptied__isnull=True)
    if actor.role is None:
        return items.none()
    kind = ProtectedDataset.kind()
    named = [pk for granted, pk in actor.grants if granted == kind]
    return readable(actor, items).filter(pk__in=named, emptied__isnull=True)


def latest_day() -> date:
    """Return the latest day until which protected data may be kept."""
    return timezone.localdate() + timedelta(days=settings.PARVIS_PROTECTED_DAYS)


def check_delete_on(day: date) -> None:
    """Raise `ValidationError` where protected data would be kept longer than they may be."""
    if day > latest_day():
        raise ValidationError(
            {
                "delete_on": _(
                    "Protected data are kept for at most %(days)s days: give a day until %(day)s."
                )
                % {"days": settings.PARVIS_PROTECTED_DAYS, "day": latest_day().isoformat()}
            }
        )
