"""What may be done with a release, by whom, in which state: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    allowed,
    check_editor,
    check_read,
    check_write,
    readable,
)
from parvis_web.accounts.table import Reason
from parvis_web.accounts.vocabulary import Role
from parvis_web.releases.models import TOLD, EarlyReader, FigureRelease, ReleaseState
from parvis_web.releases.stigma import unanswered
from parvis_web.ui.refusals import RefusedError

EARLIEST = timedelta(hours=48)
"""So long before its embargo ends somebody may read a release at most."""
PREPARERS = frozenset({Role.OWNER, Role.COORDINATOR, Role.ANALYST})


class Action(StrEnum):
    """What people do with a release."""

    EDIT = "edit"
    CHECK = "check"
    APPROVE = "approve"
    PUBLISH = "publish"
    NAME_EARLY = "name-early"
    TAKE_BACK = "take-back"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    DELETE = "delete"


HANDS = frozenset({Action.EDIT, Action.CHECK, Action.CORRECT})
"""Who did one of these had a hand in the draft."""


class Who(StrEnum):
    """Who may do something with a release."""

    DRAFTER = "drafter"
    EDITOR = "editor"
    SECOND = "second"


@dataclass(frozen=True)
class Move:
    """
    A row of the table.

    Attributes
    ----------
    label : str
        What the button says.
    states : frozenset of str
        In which it is possible.
    becomes : tuple of str
        States that may follow; none where the state stays.
    who : Who
    """

    label: str | Promise
    states: frozenset[str]
    becomes: tuple[str, ...]
    who: Who


DRAFT, CHECKED, APPROVED, EMBARGO, RELEASED, WITHDRAWN, SUPERSEDED = ReleaseState
MOVES: Mapping[Action, Move] = {
    Action.EDIT: Move(_lazy("Edit"), frozenset({DRAFT, CHECKED}), (DRAFT,), Who.DRAFTER),
    Action.CHECK: Move(
        _lazy("Check for disclosure"), frozenset({DRAFT, CHECKED}), (CHECKED, DRAFT), Who.DRAFTER
    ),
    Action.APPROVE: Move(_lazy("Approve"), frozenset({CHECKED}), (APPROVED, EMBARGO), Who.SECOND),
    Action.PUBLISH: Move(_lazy("Release now"), frozenset({APPROVED}), (RELEASED,), Who.EDITOR),
    Action.NAME_EARLY: Move(
        _lazy("Name an early reader"), frozenset({APPROVED, EMBARGO}), (), Who.EDITOR
    ),
    Action.TAKE_BACK: Move(
        _lazy("Take back to draft"), frozenset({APPROVED, EMBARGO}), (DRAFT,), Who.EDITOR
    ),
    Action.WITHDRAW: Move(
        _lazy("Withdraw"), frozenset({RELEASED, SUPERSEDED}), (WITHDRAWN,), Who.EDITOR
    ),
    Action.CORRECT: Move(
        _lazy("Prepare a correction"), frozenset({RELEASED}), (SUPERSEDED,), Who.DRAFTER
    ),
    Action.DELETE: Move(_lazy("Delete the draft"), frozenset({DRAFT, CHECKED}), (), Who.DRAFTER),
}
"""Every action; what it is called, when it is possible, what follows, who may do it."""


def check_prepare(actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may draft releases: owner, coordinator or analyst."""
    if actor.role == Role.ANALYST and (actor.scopes is None or "write" in actor.scopes):
        return
    check_editor(actor)


def can_prepare(actor: Actor) -> bool:
    """Return whether `actor` may draft releases."""
    return allowed(check_prepare, actor)


def check_see(actor: Actor, release: FigureRelease, now: datetime | None = None) -> None:
    """
    Raise `Http404` unless `actor` may know of a release.

    Who prepares releases sees all; other members what the public has read; early readers theirs,
    from their time on, while the embargo lasts.
    """
    check_read(actor, release)
    now = now or timezone.now()
    if _sees_all(actor) or release.state_at(now) in TOLD:
        return
    if not is_early_reader(actor, release, now):
        raise Http404


def is_early_reader(actor: Actor, release: FigureRelease, now: datetime | None = None) -> bool:
    """Return whether `actor` reads a release before the public because of being named for it."""
    now = now or timezone.now()
    if actor.user is None or release.state_at(now) != EMBARGO:
        return False
    return EarlyReader.objects.filter(release=release, user=actor.user, opens__lte=now).exists()


def visible(
    actor: Actor, releases: "QuerySet[FigureRelease]", now: datetime | None = None
) -> "QuerySet[FigureRelease]":
    """Keep the releases `actor` may know of: the twin of `check_see` for lists."""
    found = readable(actor, releases)
    if _sees_all(actor):
        return found
    now = now or timezone.now()
    rule = Q(state__in=TOLD) | Q(state=EMBARGO, embargo__lte=now)
    if actor.user is not None:
        mine = EarlyReader.objects.filter(user=actor.user, opens__lte=now)
        rule |= Q(state=EMBARGO, embargo__gt=now, pk__in=mine.values("release"))
    return found.filter(rule)


def _sees_all(actor: Actor) -> bool:
    return actor.is_system or actor.role in PREPARERS


def check_action(actor: Actor, action: Action, release: FigureRelease) -> None:
    """
    Raise unless `actor` may do `action` with `release` as it stands.

    Raises
    ------
    django.http.Http404, NotAllowed
    RefusedError
        Where its state does not allow it.
    """
    check_see(actor, release)
    move = MOVES[action]
    if move.who == Who.DRAFTER:
        check_prepare(actor)
        check_write(actor, release)
    else:
        check_editor(actor)
    state = release.state_now
    if state not in move.states:
        raise RefusedError(
            _("This is not possible while the release is in the state “%(state)s”.")
            % {"state": state.label}
        )
    if move.who == Who.SECOND:
        _check_second(actor, release)


def can_action(actor: Actor, action: Action, release: FigureRelease) -> bool:
    """Return whether `check_action` passes."""
    try:
        return allowed(check_action, actor, action, release)
    except RefusedError:
        return False


def _check_second(actor: Actor, release: FigureRelease) -> None:
    """Raise unless `actor` had no hand in the draft."""
    hands = release.steps.filter(action__in=HANDS).values_list("done_by", flat=True)
    if actor.user is None or actor.user.pk in {release.created_by_id, *hands}:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("A second person approves what is published: somebody who did not work on it."),
        )


def check_areas(release: FigureRelease, *, has_areas: bool) -> None:
    """Raise `RefusedError` where areas are chosen without a reason or an answered stigma check."""
    if not has_areas:
        return
    if not release.areas_reason.strip():
        raise RefusedError(_("Areas are chosen: write down why the city is shown in parts."))
    if open_questions := unanswered(release.stigma):
        raise RefusedError(
            _("Areas are chosen: the stigma check is not answered: %(question)s")
            % {"question": open_questions[0].text}
        )


def check_embargo(embargo: datetime | None) -> None:
    """Raise `RefusedError` where an embargo has ended before anybody approved the release."""
    if embargo is not None and embargo <= timezone.now():
        raise RefusedError(
            _("The embargo has ended meanwhile. Set a later one, or none, and check again.")
        )


def check_early(release: FigureRelease, opens: datetime) -> None:
    """Raise `RefusedError` unless somebody may be let in at `opens`."""
    if release.state != EMBARGO or release.embargo is None:
        raise RefusedError(_("Only a release under embargo has early readers."))
    if not release.embargo - EARLIEST <= opens < release.embargo:
        raise RefusedError(
            _("Early readers read a release at most %(hours)s hours before its embargo ends.")
            % {"hours": int(EARLIEST.total_seconds() // 3600)}
        )
