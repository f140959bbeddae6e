"""What exactly is asked of the library, and is an answer still about the ground of today?"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from parvis import __version__
from parvis.approach.vehicles import load_vehicle_classes
from parvis.io.protected_area import DrawnArea
from parvis.packs.loader import pack_summaries
from parvis_web.approach.models import Analysis, Assumption, ClosurePlan
from parvis_web.config.data import library_home
from parvis_web.spaces.models import Space


def place(space: Space) -> dict[str, Any]:
    """Return the place as parameters of a run: a space of the store, or an area somebody drew."""
    named = {"city": space.city.store, "name": space.name}
    if space.store_id and not space.is_drawn:
        return named | {"store_id": space.store_id}
    return named | {"id": space.store_id or f"drawn/{space.pk}", "area": space.area}


def asked(
    space: Space,
    assumption: Assumption | None,
    *,
    vehicles: list[str] | None,
    design: str,
    people_line: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """
    Return the question of an analysis as plain data.

    The vehicle classes are those of the assumption; `vehicles` counts where there is none.
    """
    chosen = list(assumption.vehicles) if assumption is not None else vehicles
    return {
        "place": place(space),
        "vehicles": [vehicle.key for vehicle in load_vehicle_classes(chosen)],
        "design": design,
        "people_line": people_line,
        "statement": None if assumption is None else statement(assumption),
    }


def statement(assumption: Assumption) -> dict[str, Any]:
    """Return an assumption as results and reports carry it."""
    return {
        "kind": assumption.assumption_kind,
        "authority": assumption.author,
        "reference": assumption.reference or "–",
        "date": assumption.date.isoformat(),
    }


def library_arguments(question: Mapping[str, Any], space: Space) -> dict[str, Any]:
    """Return the arguments by which the library answers a question."""
    where = question["place"]
    drawn = None
    if "area" in where:
        drawn = DrawnArea(where["id"], where["name"], where["area"])
    return {
        "name": where["city"],
        "space": where.get("store_id"),
        "drawn": drawn,
        "vehicles": question["vehicles"],
        "statement": question["statement"],
        "design": question["design"],
        "people_line": question["people_line"],
        "home": library_home(space.authority_id),
    }


def inputs(space: Space, question: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything an answer depends on."""
    packs = [f"{pack.id}@{pack.version}" for pack in pack_summaries()]
    state = space.city.state_hash
    return {"question": question, "city": state, "packs": packs, "version": __version__}


def outline_digest(space: Space) -> str:
    """Return a digest of the outline of a space."""
    told = json.dumps([space.store_id, space.is_drawn, space.area], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def outdated(item: Analysis | ClosurePlan, assumption: Assumption | None) -> list[str]:
    """
    Return what changed since `item` was asked: ``city``, ``outline``, ``assumption``.

    Parameters
    ----------
    item : Analysis or ClosurePlan
    assumption : Assumption or None
        In force now.
    """
    space, changed = item.space, []
    now = space.city.state_hash
    if now and item.city_state and item.city_state != now:
        changed.append("city")
    if item.outline and item.outline != outline_digest(space):
        changed.append("outline")
    if item.assumption_id != (assumption.pk if assumption else None):
        changed.append("assumption")
    return changed
