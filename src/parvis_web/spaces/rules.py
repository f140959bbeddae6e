"""Who may change a space, and which changes there are."""

from django.http import Http404
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    can,
    can_write,
    check,
    check_editor,
    check_write,
)
from parvis_web.accounts.table import Reason
from parvis_web.accounts.vocabulary import Ability
from parvis_web.spaces.models import AssessmentState, Evidence, Space
from parvis_web.ui.refusals import RefusedError as RefusedError


class ConflictError(RefusedError):
    """Somebody else changed the object since the form was opened."""


def check_draw(actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may add spaces: owners, coordinators and analysts."""
    from parvis_web.accounts.vocabulary import Role

    if actor.role == Role.ANALYST and (actor.scopes is None or "write" in actor.scopes):
        return
    check_editor(actor)


def can_draw(actor: Actor) -> bool:
    """Return whether `actor` may add spaces."""
    try:
        check_draw(actor)
    except NotAllowed:
        return False
    return True


def check_assign(actor: Actor, space: Space) -> None:
    """Raise unless `actor` may say who works on `space`."""
    check_write(actor, space)
    check_editor(actor)


def can_assign(actor: Actor, space: Space) -> bool:
    """Return whether `actor` may say who works on `space`."""
    return actor.is_editor and can_write(actor, space)


def check_remove(actor: Actor, space: Space) -> None:
    """Raise unless `actor` may take `space` off the list, or put it back."""
    check_write(actor, space)
    is_own = actor.user is not None and space.created_by_id == actor.user.pk
    if not (actor.is_editor or actor.is_system or is_own):
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("Only owners, coordinators or whoever drew this space may remove it."),
        )


def check_state(actor: Actor, space: Space, state: str) -> None:
    """
    Raise unless `actor` may set `state` by hand.

    A plan is signed by the sign-off of a scenario, never by choosing a word in a list.
    """
    check_write(actor, space)
    if state not in AssessmentState.values:
        raise RefusedError(_("There is no such state of work."))
    if state == AssessmentState.SIGNED:
        raise RefusedError(
            _("A plan becomes signed when a named adviser signs the proposed scenario.")
        )


def check_upload(actor: Actor, space: Space) -> None:
    """Raise unless `actor` may add files to `space`: who changes it, or is named for uploading."""
    if not can_write(actor, space):
        check(actor, Ability.UPLOAD, space)


def can_upload(actor: Actor, space: Space) -> bool:
    """Return whether `actor` may add files to `space`."""
    return can_write(actor, space) or can(actor, Ability.UPLOAD, space)


def check_remove_file(actor: Actor, item: Evidence) -> None:
    """Raise unless `actor` may take a file off the list or put it back."""
    if can_write(actor, item):
        return
    check_upload(actor, item.space)
    if actor.user is None or item.created_by_id != actor.user.pk:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE, _("You may remove the files that you added yourself.")
        )


def can_remove_file(actor: Actor, item: Evidence) -> bool:
    """Return whether `actor` may take a file off the list."""
    try:
        check_remove_file(actor, item)
    except (NotAllowed, Http404):
        return False
    return True


def check_version(space: Space, version: int) -> None:
    """Raise `ConflictError` where `space` was changed since `version`."""
    if space.version != version:
        raise ConflictError(
            _(
                "Somebody changed this space while you were editing it. "
                "Reload the page, look at the change and make yours again."
            )
        )


def check_name(name: str) -> str:
    """Return a name without surrounding space; raise `RefusedError` where nothing is left."""
    kept = " ".join(name.split())
    if not kept:
        raise RefusedError(_("A space needs a name."))
    if len(kept) > 200:
        raise RefusedError(_("A name has 200 letters at most."))
    return kept
