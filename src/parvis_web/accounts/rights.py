"""
Who may do what with which object, by the table of need to know.

`refusal` finds out how an actor stands to an object and asks the table; `check` raises with the
sentence the user reads, `can` derives from it, and `readable` filters a queryset by the same rule.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Authority, Grant, Owned, User
from parvis_web.accounts.table import (
    EDITORS,
    OPEN,
    UP_TO_AMBER,
    Reason,
    Standing,
    decide,
    may_be_named,
)
from parvis_web.accounts.vocabulary import Ability, Marking, Role

ObjectT = TypeVar("ObjectT", bound=Owned)


class NotAllowed(PermissionDenied):
    """The person may see the object and may not do this with it; carries the sentence."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class SecondFactorNeeded(NotAllowed):
    """The object needs a second factor in this session."""


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
        """Abilities by kind and id of the object, of the grants in force; reading is in each."""
        if self.user is None:
            return {}
        rows = Grant.objects.in_force().filter(authority=self.authority, user=self.user)
        return {
            (row.object_kind, row.object_id): frozenset(row.abilities) | {Ability.READ}
            for row in rows
        }

    @property
    def is_system(self) -> bool:
        """Whether nobody acts but the application itself."""
        return self.user is None

    @property
    def is_editor(self) -> bool:
        """Whether the person is owner or coordinator."""
        return self.role in EDITORS

    @property
    def is_guest(self) -> bool:
        """Whether the person has no role, only grants."""
        return self.user is not None and self.role is None


@dataclass(frozen=True)
class InstanceActor:
    """An operator, or a person changing what is their own, outside any authority's objects."""

    user: User | None
    via: str = "web"


def _holder(model: type[Owned]) -> tuple[str, type[Owned]] | None:
    """Return the column and the model of what objects of `model` belong to."""
    if not model.shared_by:
        return None
    field = model._meta.get_field(model.shared_by)
    assert isinstance(field, models.ForeignKey)  # noqa: S101
    assert issubclass(field.related_model, Owned)  # noqa: S101
    return field.attname, field.related_model


def _assigned_ids(user: User | None, model: type[Owned]) -> "QuerySet[Owned] | None":
    """Return the ids of the objects of `model` assigned to `user`; None for a model without."""
    if not hasattr(model, "assignees"):
        return None
    return model._base_manager.filter(**{"assignees": user}).values("pk")  # type: ignore[return-value]


def _is_assigned(user: User | None, model: type[Owned], pk: UUID) -> bool:
    ids = _assigned_ids(user, model)
    return ids is not None and ids.filter(pk=pk).exists()


def standing(actor: Actor, item: Owned) -> Standing:
    """Return how `actor` stands to `item`."""
    named = shared = actor.grants.get((item.kind(), item.pk), frozenset())
    held_by: tuple[type[Owned], UUID] = (type(item), item.pk)
    holder = _holder(type(item))
    if holder is not None and (above := getattr(item, holder[0])) is not None:
        held_by = holder[1], above
        shared = shared | actor.grants.get((holder[1].kind(), above), frozenset())
    matters = actor.role == Role.ASSESSOR and item.marking == Marking.AMBER
    return Standing(
        role=actor.role,
        is_own=actor.user is not None and item.created_by_id == actor.user.pk,
        is_assigned=matters and _is_assigned(actor.user, *held_by),
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


def allowed(check: Callable[..., object], *arguments: Any) -> bool:
    """Return whether a ``check_…`` of an app's rules passes: what its ``can_…`` derives from."""
    try:
        check(*arguments)
    except (NotAllowed, Http404):
        return False
    return True


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
    return items.filter(_by_role(actor, items.model) | _by_grant(actor, items.model))


def _opened(actor: Actor) -> bool:
    """Return whether what is restricted is open in this session at all."""
    return actor.has_second_factor and actor.scopes is None


def _by_role(actor: Actor, model: type[Owned]) -> Q:
    if actor.role is None:
        return Q(pk__in=[])
    if actor.role in EDITORS:
        return Q(marking__in=UP_TO_AMBER | ({Marking.STRICT} if _opened(actor) else set()))
    if actor.role != Role.ASSESSOR:
        return Q(marking__in=UP_TO_AMBER)
    return Q(marking__in=OPEN) | (Q(marking=Marking.AMBER) & _assigned(actor, model))


def _assigned(actor: Actor, model: type[Owned]) -> Q:
    own = _assigned_ids(actor.user, model)
    rule = Q(pk__in=[] if own is None else own)
    holder = _holder(model)
    if holder is None:
        return rule
    column, above = holder
    ids = _assigned_ids(actor.user, above)
    rule &= Q(**{f"{column}__isnull": True})
    return rule if ids is None else rule | Q(**{f"{column}__in": ids})


def _by_grant(actor: Actor, model: type[Owned]) -> Q:
    def ids(kind: str) -> list[UUID]:
        return [object_id for granted_kind, object_id in actor.grants if granted_kind == kind]

    named = shared = Q(pk__in=ids(model.kind()))
    holder = _holder(model)
    if holder is not None:
        shared = shared | Q(**{f"{holder[0]}__in": ids(holder[1].kind())})
    rule = shared & Q(marking__in=UP_TO_AMBER)
    if _opened(actor):
        higher = [mark for mark in (Marking.STRICT, Marking.RED) if may_be_named(actor.role, mark)]
        rule |= named & Q(marking__in=higher)
    return rule
