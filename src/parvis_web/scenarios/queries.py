"""What pages read about scenarios."""

from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest

from parvis_web.accounts.access import get_readable
from parvis_web.accounts.rights import Actor, readable
from parvis_web.scenarios.models import Scenario, Signature
from parvis_web.spaces.models import Space
from parvis_web.spaces.views import get_space


def scenarios_of(actor: Actor, space: Space, *, is_removed: bool = False) -> "QuerySet[Scenario]":
    """Return the scenarios of a space that `actor` may know of, oldest first."""
    rows = Scenario.objects.filter(space=space, removed__isnull=not is_removed)
    return (
        readable(actor, rows)
        .select_related("edited_by", "created_by")
        .annotate(n_versions=Count("versions"))
    )


def count_scenarios(actor: Actor, space: Space) -> int:
    """Return how many scenarios of a space `actor` may know of."""
    return readable(actor, Scenario.objects.filter(space=space, removed__isnull=True)).count()


def get_scenario(
    request: HttpRequest, pk: UUID, sid: UUID, *, is_removed_too: bool = False
) -> Scenario:
    """Return a scenario of a space, or 404; reads of restricted ones are recorded."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = Scenario.objects.select_related("space__city", "space__authority", "authority")
    if not is_removed_too:
        rows = rows.filter(removed__isnull=True)
    scenario = get_readable(actor, rows.filter(space__removed__isnull=True), sid)
    if scenario.space_id != pk:
        raise Http404
    return scenario


def signature_in_force(scenario: Scenario) -> Signature | None:
    """Return the signature that holds, None where there is none."""
    return (
        Signature.objects.filter(scenario=scenario, void__isnull=True)
        .select_related("version", "scan")
        .first()
    )


__all__ = ["count_scenarios", "get_scenario", "get_space", "scenarios_of", "signature_in_force"]
