"""Writing what was measured or seen on site: previewed, entered, withdrawn."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.io.store import load_city
from parvis.io.underlays import Underlay
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.cities.models import City
from parvis_web.config.data import library_home
from parvis_web.spaces.models import LocalCorrection, Space
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.services_evidence import add_picture

if TYPE_CHECKING:
    from parvis.io.corrections import CorrectionPreview

SHOWN = ("value_m", "is_there", "method", "person", "date", "note", "rating", "state", "plate")


def preview(space: Space, rows: Sequence[Mapping[str, str]], *, person: str) -> "CorrectionPreview":
    """Say what rows of a form would change in the city of `space`."""
    from parvis.io.corrections import preview_corrections

    home = library_home(space.authority_id)
    return preview_corrections(space.city.store, rows, person=person, home=home)


@service("correction.enter")
def enter_corrections(
    actor: Actor,
    space: Space,
    *,
    rows: Sequence[Mapping[str, Any]],
    photo: Underlay | None = None,
    photo_name: str = "",
) -> list[LocalCorrection]:
    """
    Enter statements about the ground near a space; they prevail over the city's data.

    Parameters
    ----------
    actor : Actor
    space : Space
        Whose page they were made on; they belong to its city.
    rows : sequence of mapping
        As `parvis.io.corrections.preview_corrections` gave them.
    photo : parvis.io.underlays.Underlay, optional
        Picture that shows it, as `parvis_web.spaces.evidence.read_picture` made it.
    photo_name : str
        What its owner calls it.
    """
    from parvis.io.corrections import add_corrections

    check_write(actor, space)
    fresh = [dict(row) for row in rows if not row.get("is_known")]
    if not fresh:
        raise RefusedError(_("This was entered already; nothing has changed."))
    kept_photo = None
    if photo is not None:
        kept_photo = add_picture(actor, space, photo, original_name=photo_name)
        fresh = [row | {"photo_sha256": kept_photo.digest} for row in fresh]
    city = City.objects.select_for_update().get(pk=space.city_id)
    kept = [
        LocalCorrection.objects.create(
            authority=space.authority,
            space=space,
            city=city,
            marking=space.marking,
            store_id=row["id"],
            correction_kind=row["kind"],
            facts=_facts(row),
            photo=kept_photo,
            created_by=actor.user,
        )
        for row in fresh
    ]
    add_corrections(city.store, fresh, home=library_home(city.authority_id))
    for item in kept:
        note(item, after=item.facts, kind=item.correction_kind, space=str(space.pk))
    _note_city(city)
    return kept


@service("correction.withdraw")
def withdraw_correction(actor: Actor, item: LocalCorrection) -> None:
    """Take a correction back; the record of both stays."""
    from parvis.io.corrections import undo_correction

    check_write(actor, item)
    if item.withdrawn is not None:
        raise RefusedError(_("This correction was withdrawn already."))
    city = City.objects.select_for_update().get(pk=item.city_id)
    item.withdrawn, item.withdrawn_by = timezone.now(), actor.user
    item.save(update_fields=["withdrawn", "withdrawn_by"])
    home = library_home(city.authority_id)
    undo_correction(city.store, item.store_id, person=str(actor.user or ""), home=home)
    note(item, before=item.facts, after=None, kind=item.correction_kind)
    _note_city(city)


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    anchor = row.get("anchor")
    return {name: row.get(name) for name in SHOWN} | {
        "grade": row.get("grade", ""),
        "osm": anchor["osm"] if anchor else "",
        "geometry": row["geometry"],
    }


def _note_city(city: City) -> None:
    """Keep the digest of the city with its corrections, by which results know their age."""
    before = city.state_hash
    city.state_hash = load_city(city.store, home=library_home(city.authority_id)).hash
    city.save(update_fields=["state_hash"])
    note(city, before={"state": before}, after={"state": city.state_hash})
