"""
The table of need to know as a pure function: role × marking × action.

`decide` knows no database and no request: `rights` finds out how a person stands to an object
and asks here.
"""

from dataclasses import dataclass
from enum import StrEnum

from parvis_web.accounts.vocabulary import Ability, Marking, Role

EDITORS = frozenset({Role.OWNER, Role.COORDINATOR})
OPEN = frozenset({Marking.CLEAR, Marking.GREEN})
UP_TO_AMBER = OPEN | {Marking.AMBER}

_CHANGE = frozenset(Ability) - {Ability.SIGN}
_LOOK = frozenset({Ability.READ})
_DISCUSS = frozenset({Ability.READ, Ability.COMMENT})
_NOTHING: frozenset[Ability] = frozenset()


class Reason(StrEnum):
    """Why something is not allowed."""

    NO_ACCESS = "no_access"
    NOT_THIS_ROLE = "not_this_role"
    SECOND_FACTOR = "second_factor"
    NO_SCOPE = "no_scope"


@dataclass(frozen=True)
class Standing:
    """
    How a person stands to an object.

    Attributes
    ----------
    role : Role or None
        None for guests.
    is_own : bool
        The person made the object.
    is_assigned : bool
        The object, or the space it belongs to, is assigned to the person.
    named : frozenset of str
        Abilities of a grant on the object itself.
    shared : frozenset of str
        Abilities of a grant on the object or on what it belongs to.
    has_second_factor : bool
        In this session.
    scopes : frozenset of str or None
        Scopes of an API token; None for people.
    """

    role: Role | None = None
    is_own: bool = False
    is_assigned: bool = False
    named: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    has_second_factor: bool = False
    scopes: frozenset[str] | None = None


def decide(action: Ability, marking: Marking, standing: Standing) -> Reason | None:
    """Return why `action` is not allowed, or None where it is."""
    allowed = _by_role(marking, standing) | _by_grant(marking, standing)
    if Ability.READ not in allowed:
        return Reason.NO_ACCESS
    if standing.scopes is not None:
        if marking.is_restricted:
            return Reason.NO_ACCESS
        if not in_scope(action, standing.scopes):
            return Reason.NO_SCOPE
    if action not in allowed:
        return Reason.NOT_THIS_ROLE
    if marking.is_restricted and not standing.has_second_factor:
        return Reason.SECOND_FACTOR
    return None


def in_scope(action: Ability, scopes: frozenset[str]) -> bool:
    """Return whether a token's scopes reach as far as `action`; no token ever signs."""
    if action == Ability.SIGN:
        return False
    return ("read" if action == Ability.READ else "write") in scopes


def _by_role(marking: Marking, standing: Standing) -> frozenset[Ability]:
    if standing.role is None or marking == Marking.RED:
        return _NOTHING
    if standing.role in EDITORS:
        return _CHANGE
    if marking not in UP_TO_AMBER:
        return _NOTHING
    match standing.role:
        case Role.ANALYST:
            return _CHANGE if standing.is_own and marking in OPEN else _DISCUSS
        case Role.ASSESSOR if marking == Marking.AMBER:
            return _CHANGE if standing.is_assigned else _NOTHING
        case Role.ASSESSOR:
            return _DISCUSS
        case _:
            return _LOOK


def _by_grant(marking: Marking, standing: Standing) -> frozenset[str]:
    if marking in UP_TO_AMBER:
        return standing.shared
    if not may_be_named(standing.role, marking):
        return frozenset()
    return standing.named


def may_be_named(role: Role | None, marking: Marking) -> bool:
    """Return whether a grant on an object of this marking counts for a role, or for a guest."""
    if marking in UP_TO_AMBER:
        return True
    return marking == Marking.STRICT if role is None else role != Role.READER
