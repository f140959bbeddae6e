"""Who may ask for an analysis, stop it, take it away, or say which vehicles are considered."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from parvis_web.accounts.holding import default_marking
from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    check_read,
    check_write,
    readable,
    standing,
)
from parvis_web.accounts.table import Reason
from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.approach.models import Analysis, Assumption, AssumptionKind, ClosurePlan
from parvis_web.cities.models import CityState
from parvis_web.runs.models import RunState
from parvis_web.spaces.models import Space
from parvis_web.ui.refusals import RefusedError as RefusedError


def check_request(actor: Actor, space: Space) -> None:
    """Raise unless `actor` may start an analysis or a closure plan of `space`."""
    check_write(actor, space)
    check_ground(space)


def check_ground(space: Space) -> None:
    """Raise `RefusedError` where there is nothing to analyse."""
    if space.removed is not None:
        raise RefusedError(_("This space was removed. Put it back on the list first."))
    if space.city.removed is not None or space.city.state != CityState.READY:
        raise RefusedError(
            _("The city of this space is not ready: its import has not ended or has failed.")
        )
    if not space.store_id and space.area is None:
        raise RefusedError(_("This space has no outline yet. Draw its protected area first."))


def can_request(actor: Actor, space: Space) -> bool:
    """Return whether `actor` may start an analysis or a closure plan of `space`."""
    return _passes(check_request, actor, space)


def check_plan(actor: Actor, analysis: Analysis) -> None:
    """Raise unless `actor` may make a closure plan of `analysis`."""
    check_read(actor, analysis)
    check_request(actor, analysis.space)
    if analysis.removed is not None or analysis.run.state != RunState.DONE:
        raise RefusedError(_("A closure plan continues a finished analysis."))
    if not analysis.summary.get("n_access_points"):
        raise RefusedError(_("This analysis found no access point, so there is nothing to close."))


def check_cancel(actor: Actor, item: Analysis | ClosurePlan) -> None:
    """Raise unless `actor` may stop the run of `item`."""
    check_write(actor, item)
    if item.run.is_over:
        raise RefusedError(_("This has ended already."))


def check_remove(actor: Actor, item: Analysis | ClosurePlan) -> None:
    """Raise unless `actor` may take `item` off the list."""
    check_write(actor, item)
    if item.removed is not None:
        raise RefusedError(_("This was removed already."))
    if not item.run.is_over:
        raise RefusedError(_("This is still being computed. Cancel it first."))


def check_restore(actor: Actor, item: Analysis | ClosurePlan) -> None:
    """Raise unless `actor` may put `item` back on the list."""
    check_write(actor, item)
    if item.removed is None:
        raise RefusedError(_("This is on the list."))


def check_state(actor: Actor, space: Space) -> None:
    """
    Raise unless `actor` may say which vehicles are considered at `space`.

    Owners and coordinators may, and people who were named on the space to change it; whoever is
    only assigned to work there may not.
    """
    check_write(actor, space)
    is_named = Ability.WRITE in standing(actor, space).shared
    if not (actor.is_system or actor.is_editor or is_named):
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _(
                "Only owners and coordinators, or people named on this space to change it, "
                "say which vehicles are considered."
            ),
        )


def check_statement(
    *,
    kind: str,
    author: str,
    reason: str,
    reference: str,
    date: date,
    valid_until: date | None,
) -> None:
    """Raise `RefusedError` where a statement lacks what its kind needs."""
    if not author.strip():
        raise RefusedError(_("Say who states this."))
    if kind == AssumptionKind.PLANNING and not reason.strip():
        raise RefusedError(_("Say why these classes were chosen."))
    if kind == AssumptionKind.THREAT_STATEMENT and not reference.strip():
        raise RefusedError(
            _("A threat statement needs the reference of the document it stands in.")
        )
    if valid_until is not None and valid_until < date:
        raise RefusedError(_("The end of validity is before the date of the statement."))


def nothing_in_force() -> str:
    """Return what is said where there is nothing to withdraw."""
    return _("No statement or assumption is in force for this space.")


def can(check: object, actor: Actor, item: object) -> bool:
    """Return whether one of the checks above lets `actor` pass."""
    return _passes(check, actor, item)


def marking_of(space: Space, assumption: Assumption | None = None) -> Marking:
    """Return the marking of what is computed about `space`: of what it rests on, or the least."""
    known = [default_marking(), Marking(space.marking)]
    if assumption is not None:
        known.append(Marking(assumption.marking))
    return max(known, key=lambda marking: marking.order)


def analyses_of(actor: Actor, space: Space) -> "QuerySet[Analysis]":
    """Return the analyses of `space` that `actor` may read and nobody removed."""
    found = Analysis.objects.filter(space=space, removed__isnull=True)
    return readable(actor, found).select_related("run", "assumption", "space__city")


def closures_of(actor: Actor, space: Space) -> "QuerySet[ClosurePlan]":
    """Return the closure plans of `space` that `actor` may read and nobody removed."""
    found = ClosurePlan.objects.filter(space=space, removed__isnull=True)
    return readable(actor, found).select_related("run", "assumption", "space__city")


def assumptions_of(actor: Actor, space: Space) -> "QuerySet[Assumption]":
    """Return the statements and assumptions about `space` that `actor` may read, newest first."""
    return readable(actor, Assumption.objects.filter(space=space))


def _passes(check: object, actor: Actor, item: object) -> bool:
    try:
        check(actor, item)  # type: ignore[operator]
    except (NotAllowed, RefusedError, Http404):
        return False
    return True
