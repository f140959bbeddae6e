"""Writing plans under the map: added, placed by points, made fainter, removed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.city.georeference import METHODS, fit_plan
from parvis.io.underlays import Underlay as Picture
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.spaces.models import Space, Underlay
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.services_evidence import add_picture
from parvis_web.spaces.uploads import epsg_of

MOST_POINTS = 20


def facts(item: Underlay) -> dict[str, Any]:
    """Return what an audit event's digest covers of a plan."""
    return {
        "name": item.name,
        "image": str(item.image_id),
        "control_points": item.control_points,
        "fit": item.fit,
        "opacity": item.opacity,
        "removed": item.removed.isoformat() if item.removed else None,
    }


@service("underlay.add")
def add_underlay(
    actor: Actor, space: Space, picture: Picture, *, original_name: str, name: str = ""
) -> Underlay:
    """Keep a plan that was read as a picture, to be placed by points."""
    kept = add_picture(actor, space, picture, original_name=original_name, purpose="underlay")
    item = Underlay.objects.create(
        authority=space.authority,
        space=space,
        marking=space.marking,
        name=(name.strip() or original_name)[:120],
        image=kept,
        created_by=actor.user,
    )
    note(item, after=facts(item), space=str(space.pk))
    return item


@service("underlay.fit")
def place_underlay(
    actor: Actor,
    item: Underlay,
    *,
    points: Sequence[Mapping[str, float]],
    method: str = "similarity",
) -> Underlay:
    """
    Place a plan by points known on it and on the ground.

    Parameters
    ----------
    actor : Actor
    item : Underlay
    points : sequence of mapping
        ``column``, ``row`` [px], ``lon``, ``lat`` [deg]. With fewer points than the method needs
        they are only kept.
    method : {"similarity", "affine"}

    Raises
    ------
    RefusedError, PlanPointsError
    """
    check_write(actor, item)
    if len(points) > MOST_POINTS:
        raise RefusedError(_("%(most)s points at most place a plan.") % {"most": MOST_POINTS})
    if method not in METHODS:
        raise RefusedError(_("There is no such way to place a plan."))
    before = facts(item)
    kept = [[point[key] for key in ("column", "row", "lon", "lat")] for point in points]
    fit: dict[str, Any] = {"method": method}
    if len(kept) >= (2 if method == "similarity" else 3):
        table = np.array(kept, dtype=np.float64)
        size = (item.image.width or 0, item.image.height or 0)
        placed = fit_plan(
            table[:, :2], table[:, 2:], size=size, epsg=epsg_of(item.space.city), method=method
        )
        fit = placed.to_json()
    item.control_points, item.fit = kept, fit
    item.save(update_fields=["control_points", "fit"])
    note(item, before=before, after=facts(item), n_points=len(kept))
    return item


@service("underlay.change")
def change_underlay(actor: Actor, item: Underlay, *, name: str, opacity: float) -> Underlay:
    """Rename a plan or make it stronger or fainter."""
    check_write(actor, item)
    if not 0 <= opacity <= 1:
        raise RefusedError(_("The strength of a plan lies between 0 and 1."))
    before = facts(item)
    item.name, item.opacity = name.strip()[:120] or item.name, opacity
    item.save(update_fields=["name", "opacity"])
    note(item, before=before, after=facts(item))
    return item


@service("underlay.remove")
def remove_underlay(actor: Actor, item: Underlay) -> None:
    """Take a plan from under the map; nothing is deleted."""
    _set_removed(actor, item, timezone.now())


@service("underlay.bring-back")
def bring_back_underlay(actor: Actor, item: Underlay) -> None:
    """Lay a removed plan under the map again."""
    _set_removed(actor, item, None)


def _set_removed(actor: Actor, item: Underlay, moment: Any) -> None:
    check_write(actor, item)
    before = facts(item)
    item.removed = moment
    item.save(update_fields=["removed"])
    note(item, before=before, after=facts(item))
