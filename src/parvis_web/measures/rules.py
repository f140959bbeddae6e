"""Who may write measures, and which states follow on which."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor, allowed, check_editor, check_write
from parvis_web.assessments.rules import RefusedError
from parvis_web.measures.models import OPEN_STATES, Measure, MeasureState
from parvis_web.spaces.models import Space

PROPOSED, DECIDED, UNDER_WAY, DONE, DROPPED = MeasureState
MOVES: Mapping[str, tuple[MeasureState, ...]] = {
    PROPOSED: (DECIDED, DROPPED),
    DECIDED: (UNDER_WAY, PROPOSED, DROPPED),
    UNDER_WAY: (DONE, DECIDED, DROPPED),
    DONE: (UNDER_WAY,),
    DROPPED: (PROPOSED,),
}
"""States that may follow on a state."""


def check_add(actor: Actor, space: Space | None) -> None:
    """Raise unless `actor` may add a measure to `space`, or to no place."""
    if space is None:
        check_editor(actor)
    else:
        check_write(actor, space)


def check_change(actor: Actor, measure: Measure) -> None:
    """Raise unless `actor` may change what a measure says, as long as it is open."""
    check_write(actor, measure)
    if measure.state not in OPEN_STATES:
        raise RefusedError(_("This measure is done or dropped. Take it up again to change it."))


def check_move(actor: Actor, measure: Measure, state: str, reason: str) -> None:
    """Raise unless `actor` may bring a measure to `state`; what is dropped needs a reason."""
    check_write(actor, measure)
    if state not in MOVES[measure.state]:
        raise RefusedError(_("This state does not follow on the one the measure is in."))
    if state == DROPPED and not reason.strip():
        raise RefusedError(_("Say why the measure is dropped."))


def can_add(actor: Actor, space: Space | None) -> bool:
    """Return whether `actor` may add a measure to `space`, or to no place."""
    return allowed(check_add, actor, space)


def can_change(actor: Actor, measure: Measure) -> bool:
    """Return whether `actor` may change what a measure says."""
    return allowed(check_write, actor, measure) and measure.state in OPEN_STATES
