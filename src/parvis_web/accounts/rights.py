"""
Who may do what, from one table: role × marking × action.

`decide` is the table as a pure function; `check` raises with the sentence the user reads, `can`
derives from it, and `readable` filters a queryset by the same rule.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Authority, Grant, Owned, User
from parvis_web.accounts.vocabulary import Ability, Marking, Role

ObjectT = TypeVar("ObjectT", bound=Owned)

_EDITORS = frozenset({Role.OWNER, Role.COORDINATOR})
_OPEN = frozenset({Marking.CLEAR, Marking.GREEN})
_UP_TO_AMBER = _OPEN | {Marking.AMBER}


class Reason(StrEnum):
    """Why something is not allowed."""

    NO_ACCESS = "no_access"
    NOT_THIS_ROLE = "not_this_role"
    SECOND_FACTOR = "second_factor"
    NO_SCOPE = "no_scope"


class NotAllowed(PermissionDenied):
    """The person may see the object and may not do this with it; carries the sentence."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class SecondFactorNeeded(NotAllowed):
    """The object needs a second factor in this session."""


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
    if standing.scopes is not None:
        if marking.is_restricted:
            return Reason.NO_ACCESS
        needed = "read" if action == Ability.READ else "write"
        if needed not in standing.scopes:
            return Reason.NO_SCOPE
    allowed = _by_role(marking, standing) | _by_grant(marking, standing)
    if action not in allowed:
        return Reason.NOT_THIS_ROLE if Ability.READ in allowed else Reason.NO_ACCESS
    if marking.is_restricted and not standing.has_second_factor:
        return Reason.SECOND_FACTOR
    return None


_CHANGE = frozenset(Ability) - {Ability.SIGN}
_LOOK = frozenset({Ability.READ})
_DISCUSS = frozenset({Ability.READ, Ability.COMMENT})


def _by_role(marking: Marking, standing: Standing) -> frozenset[str]:
    if standing.role is None or marking == Marking.RED:
        return frozenset()
    if standing.role in _EDITORS:
        return _CHANGE
    if marking not in _UP_TO_AMBER:
        return frozenset()
    match standing.role:
        case Role.ANALYST:
            return _CHANGE if standing.is_own and marking in _OPEN else _DISCUSS
        case Role.ASSESSOR if marking == Marking.AMBER:
            return _CHANGE if standing.is_assigned else frozenset()
        case Role.ASSESSOR:
            return _DISCUSS
        case _:
            return _LOOK


def _by_grant(marking: Marking, standing: Standing) -> frozenset[str]:
    if marking in _UP_TO_AMBER:
        return standing.shared
    if standing.role is None and marking == Marking.RED:
        return frozenset()
    if standing.role == Role.READER:
        return frozenset()
    return standing.named


@dataclass(frozen=True, eq=False)
class Actor:
    """
    A person acting for an authority in this request, command or run.

    `user` is None for the system itself, which only records what runs and dates bring about.
    """

    authority: Authority
    user: User | None = None
    role: Role | None = None
    has_second_factor: bool = False
    scopes: frozenset[str] | None = None
    via: str = "web"

    @cached_property
    def grants(self) -> dict[tuple[str, UUID], frozenset[str]]:
        """Abilities by kind and id of the object, of the grants in force."""
        if self.user is None:
            return {}
        rows = Grant.objects.in_force().filter(authority=self.authority, user=self.user)
        return {(row.object_kind, row.object_id): frozenset(row.abilities) for row in rows}

    @property
    def is_system(self) -> bool:
        """Whether nobody acts but the application itself."""
        return self.user is None

    @property
    def is_editor(self) -> bool:
        """Whether the person is owner or coordinator."""
        return self.role in _EDITORS

    @property
    def is_guest(self) -> bool:
        """Whether the person has no role, only grants."""
        return self.user is not None and self.role is None


@dataclass(frozen=True)
class InstanceActor:
    """An operator, or a person changing what is their own, outside any authority's objects."""

    user: User | None
    via: str = "web"


def standing(actor: Actor, item: Owned) -> Standing:
    """Return how `actor` stands to `item`."""
    named = actor.grants.get((item.kind(), item.pk), frozenset())
    shared = named
    above = getattr(item, item.shared_by) if item.shared_by else None
    if above is not None:
        shared = shared | actor.grants.get((above.kind(), above.pk), frozenset())
    holder = above if above is not None else item
    is_assigned = (
        actor.role == Role.ASSESSOR
        and hasattr(holder, "assignees")
        and holder.assignees.filter(pk=actor.user.pk).exists()
    )
    return Standing(
        role=actor.role,
        is_own=actor.user is not None and item.created_by_id == actor.user.pk,
        is_assigned=is_assigned,
        named=named,
        shared=shared,
        has_second_factor=actor.has_second_factor,
        scopes=actor.scopes,
    )


def refusal(actor: Actor, action: Ability, item: Owned) -> Reason | None:
    """Return why `actor` may not do `action` with `item`, or None."""
    if item.authority_id != actor.authority.pk:
        return Reason.NO_ACCESS
    if actor.is_system:
        return None
    return decide(action, Marking(item.marking), standing(actor, item))


def can(actor: Actor, action: Ability, item: Owned) -> bool:
    """Return whether `actor` may do `action` with `item`."""
    return refusal(actor, action, item) is None


def check(actor: Actor, action: Ability, item: Owned) -> None:
    """
    Raise unless `actor` may do `action` with `item`.

    Raises
    ------
    django.http.Http404
        Where the actor may not even know of it.
    NotAllowed
        With the sentence the user reads; `SecondFactorNeeded` where that is all that is missing.
    """
    from django.http import Http404

    match refusal(actor, action, item):
        case None:
            return
        case Reason.NO_ACCESS:
            raise Http404
        case Reason.SECOND_FACTOR as reason:
            raise SecondFactorNeeded(
                reason,
                _("This is marked %(marking)s: sign in with your second factor to open it.")
                % {"marking": Marking(item.marking).label},
            )
        case Reason.NO_SCOPE as reason:
            raise NotAllowed(reason, _("This token's scopes do not include this action."))
        case Reason.NOT_THIS_ROLE as reason:
            raise NotAllowed(
                reason,
                _(
                    "You may read this and not change it. "
                    "An owner or coordinator of the authority can change it or name you on it."
                ),
            )


def check_read(actor: Actor, item: Owned) -> None:
    """Raise unless `actor` may read `item`; see `check`."""
    check(actor, Ability.READ, item)


def check_write(actor: Actor, item: Owned) -> None:
    """Raise unless `actor` may change `item`; see `check`."""
    check(actor, Ability.WRITE, item)


def can_write(actor: Actor, item: Owned) -> bool:
    """Return whether `actor` may change `item`."""
    return can(actor, Ability.WRITE, item)


def check_editor(actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may add to the authority's objects as a whole."""
    if actor.is_system:
        return
    if actor.scopes is not None and "write" not in actor.scopes:
        raise NotAllowed(Reason.NO_SCOPE, _("This token's scopes do not include this action."))
    if not actor.is_editor:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE, _("Only owners and coordinators of the authority may do this.")
        )


def check_owner(actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` is an owner of the authority."""
    if not actor.is_system and (actor.role != Role.OWNER or actor.scopes is not None):
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("Only owners of the authority may do this."))


def readable(actor: Actor, items: "QuerySet[ObjectT]") -> "QuerySet[ObjectT]":
    """Keep what `actor` may read: the twin of `check_read` for lists."""
    items = items.filter(authority=actor.authority)
    if actor.is_system:
        return items
    if actor.scopes is not None and "read" not in actor.scopes:
        return items.none()
    rule = _readable_by_role(actor, items.model) | _readable_by_grant(actor, items.model)
    return items.filter(rule)


def _nothing() -> Q:
    return Q(pk__in=[])


def _readable_by_role(actor: Actor, model: type[Owned]) -> Q:
    if actor.role is None:
        return _nothing()
    if actor.role in _EDITORS:
        restricted = actor.has_second_factor and actor.scopes is None
        seen = _UP_TO_AMBER | ({Marking.STRICT} if restricted else set())
        return Q(marking__in=seen)
    if actor.role != Role.ASSESSOR:
        return Q(marking__in=_UP_TO_AMBER)
    holder = f"{model.shared_by}__" if model.shared_by else ""
    holder_model = model._meta.get_field(model.shared_by).related_model if holder else model
    if not hasattr(holder_model, "assignees"):
        return Q(marking__in=_OPEN)
    assigned = holder_model._base_manager.filter(assignees=actor.user).values("pk")
    mine = Q(**{f"{holder or ''}pk__in": assigned}) if holder else Q(pk__in=assigned)
    return Q(marking__in=_OPEN) | (Q(marking=Marking.AMBER) & mine)


def _readable_by_grant(actor: Actor, model: type[Owned]) -> Q:
    def ids(kind: str) -> list[UUID]:
        return [
            object_id
            for (granted_kind, object_id), abilities in actor.grants.items()
            if granted_kind == kind and Ability.READ in abilities
        ]

    named = Q(pk__in=ids(model.kind()))
    shared = named
    if model.shared_by:
        above = model._meta.get_field(model.shared_by).related_model
        shared |= Q(**{f"{model.shared_by}__in": ids(above.kind())})
    rule = shared & Q(marking__in=_UP_TO_AMBER)
    if actor.has_second_factor and actor.scopes is None and actor.role != Role.READER:
        higher = {Marking.STRICT} if actor.role is None else {Marking.STRICT, Marking.RED}
        rule |= named & Q(marking__in=higher)
    return rule
