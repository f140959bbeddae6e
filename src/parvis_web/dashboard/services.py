"""Every write of the dashboard: base year, city, indicators, targets, peers."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor, check_read
from parvis_web.audit.recording import note, service
from parvis_web.collecting.models import AreaLayer
from parvis_web.dashboard import rules
from parvis_web.dashboard.models import (
    BaseYear,
    CityArea,
    IndicatorChoice,
    IndicatorState,
    PeerCity,
)


@service("base-year.fix")
def fix_base_year(actor: Actor, *, period: str, reason: str) -> BaseYear:
    """Fix the period that scores and changes are told against, from now on."""
    from parvis.indicators.values import period_days

    rules.check_arrange(actor)
    if period_days(period) is None:
        raise ValidationError(
            {"period": _("%(value)s is no period: write 2025 or 2025-Q3.") % {"value": period}}
        )
    before = BaseYear.objects.filter(authority=actor.authority).first()
    row = BaseYear.objects.create(
        authority=actor.authority, created_by=actor.user, period=period, reason=_needed(reason)
    )
    note(
        row,
        before={"period": before.period} if before else None,
        after={"period": period, "reason": row.reason},
    )
    return row


@service("city-area.set")
def set_city_area(actor: Actor, *, code: str, layer: AreaLayer | None) -> CityArea:
    """Say which area is the whole city, and which areas the map shows."""
    rules.check_arrange(actor)
    if layer is not None:
        check_read(actor, layer)
    row = CityArea.objects.select_for_update().filter(authority=actor.authority).first()
    before = _area_facts(row) if row else None
    if row is None:
        row = CityArea(authority=actor.authority, created_by=actor.user)
    row.code, row.layer = code, layer
    row.save()
    note(row, before=before, after=_area_facts(row))
    return row


def _area_facts(row: CityArea) -> dict[str, Any]:
    return {"code": row.code, "layer": str(row.layer_id) if row.layer_id else None}


@service("indicator.choose")
def choose_indicator(actor: Actor, *, code: str, state: str, reason: str = "") -> IndicatorChoice:
    """Show an indicator, switch it off, or say that there are no data of it to be had."""
    rules.check_arrange(actor)
    row = _choice(actor, code)
    before = choice_facts(row)
    row.state = state
    row.state_reason = "" if state == IndicatorState.SHOWN else _needed(reason)
    row.save()
    note(row, before=before, after=choice_facts(row))
    return row


@service("indicator.set-target")
def set_target(
    actor: Actor, *, code: str, target: float | None, reason: str = ""
) -> IndicatorChoice:
    """Set what an indicator is to reach, with the reason; without a number there is no target."""
    rules.check_arrange(actor)
    row = _choice(actor, code)
    before = choice_facts(row)
    row.target = target
    row.target_reason = _needed(reason) if target is not None else ""
    row.target_set = timezone.now() if target is not None else None
    row.save()
    note(row, before=before, after=choice_facts(row))
    return row


def choice_facts(row: IndicatorChoice) -> dict[str, Any]:
    """Return what the audit chain digests of what was decided about an indicator."""
    return {
        "code": row.code,
        "state": str(row.state),
        "state_reason": row.state_reason,
        "target": row.target,
        "target_reason": row.target_reason,
    }


def _choice(actor: Actor, code: str) -> IndicatorChoice:
    rows = IndicatorChoice.objects.select_for_update()
    found = rows.filter(authority=actor.authority, code=code).first()
    if found is not None:
        return found
    return IndicatorChoice(authority=actor.authority, created_by=actor.user, code=code)


@service("peer.add")
def add_peer(
    actor: Actor,
    *,
    name: str,
    source: str,
    values: Sequence[dict[str, Any]],
    may_name: bool,
    may_group: bool,
) -> PeerCity:
    """Keep another city's figures to stand beside one's own; under a known name they are newer."""
    rules.check_arrange(actor)
    if not (may_name or may_group):
        raise ValidationError(
            _("Say what the city agreed to: being shown by name, or being counted in a group.")
        )
    row = PeerCity.objects.select_for_update().filter(authority=actor.authority, name=name).first()
    before = peer_facts(row) if row else None
    if row is None:
        row = PeerCity(authority=actor.authority, created_by=actor.user, name=name)
    row.source, row.values = source, list(values)
    row.may_name, row.may_group = may_name, may_group
    row.save()
    note(row, before=before, after=peer_facts(row))
    return row


@service("peer.remove")
def remove_peer(actor: Actor, peer: PeerCity) -> None:
    """Forget another city's figures."""
    rules.check_arrange(actor)
    check_read(actor, peer)
    note(peer, before=peer_facts(peer))
    peer.delete()


def peer_facts(row: PeerCity) -> dict[str, Any]:
    """Return what the audit chain digests of a peer."""
    return {
        "name": row.name,
        "source": row.source,
        "may_name": row.may_name,
        "may_group": row.may_group,
        "n": len(row.values),
    }


def _needed(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise ValidationError({"reason": _("Say why: the reason stands beside it.")})
    return text
