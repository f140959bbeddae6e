"""Every write of deliveries, mappings and areas: read, kept, discarded, removed, brought back."""

import shutil
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis import __version__
from parvis_web.accounts.rights import Actor, check_read, check_write
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.recording import note, service
from parvis_web.cities.models import City
from parvis_web.collecting import rules
from parvis_web.collecting.files import Kept, forget_waiting, keep_areas, kept_path, waiting_home
from parvis_web.collecting.models import AreaLayer, Delivery, Origin, SavedMapping, TableKind
from parvis_web.config.data import library_home
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.services import start_run
from parvis_web.ui.refusals import RefusedError

FOLDER = "observations"


def facts(delivery: Delivery) -> dict[str, Any]:
    """Return what the audit chain digests of a delivery."""
    return {
        "origin": str(delivery.origin),
        "file": delivery.file_name,
        "sha256": delivery.digest,
        "received": delivery.received,
        "note": delivery.note,
        "mapping": delivery.mapping,
        "store": delivery.store,
        "n": delivery.n,
        "marking": str(delivery.marking),
        "removed": delivery.removed is not None,
    }


@service("delivery.add")
def add_delivery(
    actor: Actor,
    *,
    file: Kept,
    received: date,
    about: str = "",
    mapping: Mapping[str, Any] | None = None,
) -> Delivery:
    """Take a file in and begin to read it; its values count only once they are kept."""
    rules.check_bring_in(actor)
    delivery = Delivery.objects.create(
        authority=actor.authority,
        created_by=actor.user,
        file_name=file.name,
        ending=file.ending,
        digest=file.digest,
        size=file.size,
        received=_past(received),
        note=about,
    )
    note(delivery, after=facts(delivery), source=file.digest)
    _start_reading(actor, delivery, mapping)
    return delivery


@service("delivery.compute")
def compute_delivery(
    actor: Actor,
    *,
    city: City,
    file: Kept,
    period: str = "",
    areas: AreaLayer | None = None,
    whole: str = "city",
) -> Delivery:
    """Begin to compute values from a city's map and a file of people; they wait to be kept."""
    rules.check_bring_in(actor)
    check_read(actor, city)
    delivery = Delivery.objects.create(
        authority=actor.authority,
        created_by=actor.user,
        origin=Origin.COMPUTED,
        file_name=file.name,
        ending=file.ending,
        digest=file.digest,
        size=file.size,
    )
    note(delivery, after=facts(delivery), source=file.digest, city=str(city.pk))
    parameters = {
        "name": city.name,
        "store": city.store,
        "period": period,
        "areas_digest": areas.digest if areas is not None else "",
        "whole": whole,
    }
    inputs = parameters | {"version": __version__, "of": str(delivery.pk), "state": city.state_hash}
    start_run(
        actor, kind="delivery-compute", subject=delivery, parameters=parameters, inputs=inputs
    )
    return delivery


@service("delivery.read-anew")
def read_anew(actor: Actor, delivery: Delivery, *, mapping: Mapping[str, Any]) -> AnalysisRun:
    """Read a waiting delivery again, its columns taken otherwise."""
    rules.check_waiting(actor, delivery)
    if delivery.origin != Origin.FILE:
        raise RefusedError(_("This delivery was computed: there is no file to be read again."))
    note(delivery, mapping="changed")
    return _start_reading(actor, delivery, mapping)


def _start_reading(
    actor: Actor, delivery: Delivery, mapping: Mapping[str, Any] | None
) -> AnalysisRun:
    parameters = {"name": delivery.file_name, "mapping": None if mapping is None else dict(mapping)}
    inputs = parameters | {"version": __version__, "since": timezone.now().isoformat()}
    return start_run(
        actor, kind="delivery-read", subject=delivery, parameters=parameters, inputs=inputs
    )


def _past(day: date) -> date:
    if day > timezone.localdate():
        raise ValidationError({"received": _("This day is still to come.")})
    return day


@service("delivery.looked-at")
def take_reading(actor: Actor, delivery: Delivery, *, found: Mapping[str, Any]) -> Delivery:
    """Write what the preview of a delivery says."""
    row = _locked(delivery)
    rules.check_waiting(actor, row)
    before = facts(row)
    row.found = {name: value for name, value in found.items() if name != "mapping"}
    row.mapping = found.get("mapping", {})
    row.n = found.get("n_accepted", 0)
    row.save(update_fields=["found", "mapping", "n"])
    note(row, before=before, after=facts(row), n=row.n)
    home = waiting_home(row.authority_id, row.pk)
    others = [path for path in home.glob("*") if path.name != found.get("waiting")]
    transaction.on_commit(lambda: _delete(others))
    return row


def _delete(folders: list[Any]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@service("delivery.keep")
def keep_delivery(actor: Actor, delivery: Delivery, *, marking: str = "") -> Delivery:
    """
    Keep the values of a waiting delivery: from now on they count; refused rows are left out.

    Parameters
    ----------
    marking : str
        Of the delivery; as it stands where empty. Nobody lowers what was found to be sensitive.

    Raises
    ------
    RefusedError
        Where there is nothing to keep.
    """
    from parvis.io.observations import save_delivery
    from parvis_web.collecting.queries import waiting_observations, waiting_survey

    row = _locked(delivery)
    rules.check_waiting(actor, row)
    if not row.n or "waiting" not in row.found:
        raise RefusedError(_("There is nothing to keep: no row of this delivery can be used."))
    before = facts(row)
    _mark(row, marking)
    home = library_home(row.authority_id)
    made = save_delivery(
        waiting_observations(row),
        received=row.received,
        file=row.file_name,
        sha256=row.digest,
        note=row.note,
        mapping=row.mapping,
        survey=waiting_survey(row),
        home=home,
    )
    try:
        row.store, row.n = made.id, made.n
        row.kept, row.kept_by = timezone.now(), actor.user
        row.save()
        note(row, before=before, after=facts(row), n=row.n, store=row.store)
    except BaseException:
        shutil.rmtree(home / FOLDER / made.id, ignore_errors=True)
        raise
    transaction.on_commit(lambda: forget_waiting(row.authority_id, row.pk))
    return row


def _mark(row: Delivery, marking: str) -> None:
    if not marking:
        return
    asked, least = Marking(marking), Marking(row.found.get("least_marking", Marking.CLEAR))
    if asked == Marking.CLEAR or asked.is_restricted or asked.order < least.order:
        raise RefusedError(
            _("Choose a marking from %(least)s to TLP:AMBER here; others on the delivery's page.")
            % {"least": max(least, Marking.GREEN, key=lambda each: each.order).label}
        )
    row.marking = asked


@service("delivery.discard")
def discard_delivery(actor: Actor, delivery: Delivery) -> None:
    """Forget a delivery that nobody kept, with its file where nothing else is kept by it."""
    row = _locked(delivery)
    rules.check_waiting(actor, row)
    note(row, before=facts(row), source=row.digest)
    authority_id, pk, digest = row.authority_id, row.pk, row.digest
    Delivery.objects.filter(pk=pk).delete()

    def delete() -> None:
        forget_waiting(authority_id, pk)
        if digest and not Delivery.objects.filter(authority=authority_id, digest=digest).exists():
            kept_path(authority_id, digest).unlink(missing_ok=True)

    transaction.on_commit(delete)


@service("delivery.remove")
def remove_delivery(actor: Actor, delivery: Delivery) -> None:
    """Take a kept delivery out of use; earlier values count again, and it can be brought back."""
    _move(actor, delivery, is_removed=True)


@service("delivery.bring-back")
def bring_back_delivery(actor: Actor, delivery: Delivery) -> None:
    """Put a removed delivery back in its place."""
    _move(actor, delivery, is_removed=False)


def _move(actor: Actor, delivery: Delivery, *, is_removed: bool) -> None:
    from parvis.io.observation_removal import bring_delivery_back, set_delivery_aside

    row = _locked(delivery)
    rules.check_remove(actor, row)
    if (row.removed is not None) == is_removed:
        note(row, store=row.store)
        return
    home = library_home(row.authority_id)
    move, back = (
        (set_delivery_aside, bring_delivery_back)
        if is_removed
        else (bring_delivery_back, set_delivery_aside)
    )
    before = facts(row)
    move(row.store, home=home)
    try:
        row.removed = timezone.now() if is_removed else None
        row.save(update_fields=["removed"])
        note(row, before=before, after=facts(row), store=row.store)
    except BaseException:
        back(row.store, home=home)
        raise


def _locked(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_for_update().get(pk=delivery.pk)


@service("mapping.save")
def save_mapping(
    actor: Actor, *, name: str, content: Mapping[str, Any], table: TableKind = TableKind.VALUES
) -> SavedMapping:
    """Save what the columns of a file mean under a name; the same name is written over."""
    rules.check_bring_in(actor)
    name = name.strip()
    if not name:
        raise RefusedError(_("Give the mapping a name."))
    row = SavedMapping.objects.filter(authority=actor.authority, table=table, name=name).first()
    before = None
    if row is None:
        row = SavedMapping(authority=actor.authority, table=table, name=name, created_by=actor.user)
    else:
        check_write(actor, row)
        before = {"name": row.name, "content": row.content}
    row.content = dict(content)
    row.save()
    note(row, before=before, after={"name": row.name, "content": row.content})
    return row


@service("mapping.delete")
def delete_mapping(actor: Actor, mapping: SavedMapping) -> None:
    """Delete a saved mapping; deliveries keep how they were read."""
    check_write(actor, mapping)
    note(mapping, before={"name": mapping.name, "content": mapping.content})
    SavedMapping.objects.filter(pk=mapping.pk).delete()


@service("areas.add")
def add_areas(
    actor: Actor,
    *,
    name: str,
    file_name: str,
    found: Mapping[str, Any],
    valid_from: date | None = None,
) -> AreaLayer:
    """Keep the areas that a file holds; `found` as `parvis_web.collecting.reading.read_areas`."""
    rules.check_bring_in(actor)
    layer = AreaLayer.objects.create(
        authority=actor.authority,
        created_by=actor.user,
        name=name,
        file_name=file_name,
        digest=keep_areas(actor.authority.pk, found["content"]),
        codes=list(found["codes"]),
        names=list(found["names"]),
        valid_from=valid_from,
    )
    note(layer, after=area_facts(layer), n=len(layer.codes))
    return layer


@service("areas.remove")
def remove_areas(actor: Actor, layer: AreaLayer) -> None:
    """Take areas off the list; they can be brought back."""
    _set_aside(actor, layer, is_removed=True)


@service("areas.bring-back")
def bring_back_areas(actor: Actor, layer: AreaLayer) -> None:
    """Put removed areas on the list again."""
    _set_aside(actor, layer, is_removed=False)


def _set_aside(actor: Actor, layer: AreaLayer, *, is_removed: bool) -> None:
    check_write(actor, layer)
    before = area_facts(layer)
    layer.removed = timezone.now() if is_removed else None
    layer.save(update_fields=["removed"])
    note(layer, before=before, after=area_facts(layer))


def area_facts(layer: AreaLayer) -> dict[str, Any]:
    """Return what the audit chain digests of areas."""
    return {
        "name": layer.name,
        "digest": layer.digest,
        "codes": layer.codes,
        "valid_from": layer.valid_from,
        "removed": layer.removed is not None,
    }
