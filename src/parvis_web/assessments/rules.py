"""What may be done with an assessment, by whom, in which state."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    SecondFactorNeeded,
    allowed,
    can,
    check,
    check_editor,
    check_write,
)
from parvis_web.accounts.table import Reason
from parvis_web.accounts.vocabulary import Ability
from parvis_web.assessments.models import Assessment, AssessmentState, Reply, ReplyState
from parvis_web.spaces.models import Space
from parvis_web.ui.refusals import RefusedError as RefusedError

MOST_ENTRIES = 60
"""Entries that assessors may add to one list."""


class Action(StrEnum):
    """What people do with an assessment."""

    READ = "read"
    ANSWER = "answer"
    ATTACH = "attach"
    ARRANGE = "arrange"
    SETTLE = "settle"
    DECIDE = "decide"
    SUBMIT = "submit"
    SEND_BACK = "send-back"
    SIGN = "sign"
    SIGN_PAPER = "sign-paper"
    REVISE = "revise"
    MOVE = "move"
    IMPORT = "import"
    DELETE = "delete"
    RESTORE = "restore"


DRAFT, IN_REVIEW, SIGNED, SUPERSEDED = AssessmentState
STATES: Mapping[Action, frozenset[str]] = {
    Action.READ: frozenset(AssessmentState),
    Action.ANSWER: frozenset({DRAFT}),
    Action.ATTACH: frozenset({DRAFT}),
    Action.ARRANGE: frozenset({DRAFT}),
    Action.SETTLE: frozenset({DRAFT, IN_REVIEW}),
    Action.DECIDE: frozenset({DRAFT, IN_REVIEW, SIGNED}),
    Action.SUBMIT: frozenset({DRAFT}),
    Action.SEND_BACK: frozenset({IN_REVIEW}),
    Action.SIGN: frozenset({IN_REVIEW}),
    Action.SIGN_PAPER: frozenset({IN_REVIEW}),
    Action.REVISE: frozenset({SIGNED}),
    Action.MOVE: frozenset({DRAFT}),
    Action.IMPORT: frozenset({DRAFT}),
    Action.DELETE: frozenset({DRAFT, IN_REVIEW}),
    Action.RESTORE: frozenset({DRAFT, IN_REVIEW}),
}
"""
States in which an action is possible.

What is signed is superseded when the assessment that revises it is signed. Decisions about its
findings go on after the signature: they are recorded beside it and are no part of it.
"""

ABILITIES: Mapping[Action, Ability] = dict.fromkeys(Action, Ability.WRITE) | {
    Action.READ: Ability.READ,
    Action.ANSWER: Ability.ANSWER,
    Action.ATTACH: Ability.ANSWER,
    Action.SIGN: Ability.SIGN,
}
"""What an action needs; signing needs to be named for it, whatever one's role."""


def is_possible(action: Action, state: str, *, is_removed: bool = False) -> bool:
    """Return whether `action` makes sense for an assessment in `state`, whoever asks."""
    if is_removed != (action == Action.RESTORE):
        return is_removed and action == Action.READ
    return state in STATES[action]


def check_action(actor: Actor, action: Action, assessment: Assessment) -> None:
    """
    Raise unless `actor` may do `action` with `assessment` as it stands.

    Raises
    ------
    django.http.Http404, NotAllowed, SecondFactorNeeded
        See `parvis_web.accounts.rights.check`.
    RefusedError
        Where its state does not allow it.
    """
    if action == Action.SIGN:
        _check_signer_rights(actor, assessment)
    else:
        check(actor, ABILITIES[action], assessment)
    if not is_possible(action, assessment.state, is_removed=assessment.removed is not None):
        raise RefusedError(_refusal(action, assessment))


def _check_signer_rights(actor: Actor, assessment: Assessment) -> None:
    check(actor, Ability.READ, assessment)
    if not can(actor, Ability.SIGN, assessment):
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _(
                "Only a person who was named for signing this assessment can sign it. "
                "A coordinator names one on the page of the assessment or of its space."
            ),
        )
    if not actor.has_second_factor:
        raise SecondFactorNeeded(
            Reason.SECOND_FACTOR, _("Signing needs your second factor in this session.")
        )


def can_action(actor: Actor, action: Action, assessment: Assessment) -> bool:
    """Return whether `actor` may do `action` with `assessment` as it stands."""
    if action == Action.SIGN and not actor.has_second_factor:
        return False
    is_removed = assessment.removed is not None
    return can(actor, ABILITIES[action], assessment) and is_possible(
        action, assessment.state, is_removed=is_removed
    )


def _refusal(action: Action, assessment: Assessment) -> str:
    if assessment.removed is not None:
        return _("This assessment was deleted. Bring it back first.")
    match action:
        case Action.SIGN | Action.SIGN_PAPER | Action.SEND_BACK:
            return _("Only an assessment in review can be signed or sent back.")
        case Action.REVISE:
            return _("Only a signed assessment is revised; this one can still be changed itself.")
        case Action.RESTORE:
            return _("This assessment was not deleted.")
        case _ if assessment.state == IN_REVIEW:
            return _("This assessment is in review. Send it back to change its answers.")
        case _:
            return _("This assessment is signed. Revise it to go on from it.")


def check_begin(actor: Actor, space: Space | None) -> None:
    """Raise unless `actor` may begin an assessment of `space`, or of no place."""
    if space is None:
        check_editor(actor)
    else:
        check_write(actor, space)


def check_section(actor: Actor, assessment: Assessment, section: str) -> None:
    """Raise `NotAllowed` where `actor` was asked about other sections only."""
    own = asked_sections(actor, assessment)
    if own is not None and section not in own:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("You were asked about other sections."))


def asked_sections(actor: Actor, assessment: Assessment) -> frozenset[str] | None:
    """Return the sections a guest was asked about; None where all may be seen and answered."""
    if not actor.is_guest:
        return None
    own = assessment.assignments.filter(person=actor.user).values_list("section", flat=True)
    return frozenset(own) or None


def check_signer(assessment: Assessment, signer_id: UUID | None) -> None:
    """Raise where somebody would sign their own work."""
    if signer_id is None:
        return
    wrote = Reply.objects.filter(assessment=assessment, written_by=signer_id)
    if assessment.created_by_id == signer_id or wrote.exists():
        raise RefusedError(
            _("Whoever began or answered an assessment cannot sign it. Somebody else has to.")
        )


def check_reason(state: str, note: str) -> None:
    """Raise where it is not said why something cannot be said."""
    if state == ReplyState.UNKNOWN and not note.strip():
        raise RefusedError(_("Say in a few words why this cannot be said or seen."))


def can_begin(actor: Actor, space: Space | None) -> bool:
    """Return whether `actor` may begin an assessment of `space`, or of no place."""
    return allowed(check_begin, actor, space)
