"""What goes along of the ground: access points by their numbers, map, plan; nothing computed."""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

import shapely
import shapely.geometry

from parvis import __version__
from parvis.city.appearance import ATTRIBUTION
from parvis.errors import ParvisError
from parvis.io.kept_results import KeptResultError
from parvis.io.store import load_city
from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor, can, readable
from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.approach import kept
from parvis_web.approach.kept import folder_of
from parvis_web.approach.models import Analysis
from parvis_web.assessments.models import Assessment
from parvis_web.audit.reads import record_read
from parvis_web.config.data import library_home
from parvis_web.spaces.models import Space, Underlay
from parvis_web.spaces.overview import latest_analysis
from parvis_web.spaces.storage import evidence_path

MOST_PLAN_BYTES = 6 * 2**20
"""Larger plans stay at the desk."""


def place_document(actor: Actor, assessment: Assessment) -> dict[str, Any]:
    """Return points, map and plan of an assessment's space, as far as `actor` may read them."""
    space = assessment.space
    if space is None or not _may_go_along(actor, space):
        return {"points": [], "map": None, "plan": None}
    analysis = analysis_of(actor, space)
    drawn = _map(space, analysis)
    return {
        "points": points_of(analysis, drawn["affine"] if drawn else None) if analysis else [],
        "map": drawn,
        "plan": _plan(actor, space),
    }


def _may_go_along(actor: Actor, item: Owned) -> bool:
    """Return whether `actor` may read something that is not too secret to leave the house."""
    return item.marking != Marking.RED and can(actor, Ability.READ, item)


def analysis_of(actor: Actor, space: Space) -> Analysis | None:
    """Return the newest analysis of a space that may go along; the read of it is recorded."""
    found: Analysis | None = latest_analysis(actor, space)
    if found is None or not _may_go_along(actor, found):
        return None
    if Marking(found.marking).is_restricted:
        record_read(actor, found)
    return found


def points_of(
    analysis: Analysis, affine: Mapping[str, float] | None = None
) -> list[dict[str, Any]]:
    """
    Return the access points of an analysis in the order of their numbers.

    No speed, no rating and no vehicle goes along; none where the files of the analysis are gone.
    """
    try:
        known = kept.document(analysis)["access_points"]
    except KeptResultError:
        return []
    return [_point(one, affine) for one in sorted(known, key=lambda one: int(one["id"]))]


def _point(known: Mapping[str, Any], affine: Mapping[str, float] | None) -> dict[str, Any]:
    middle = shapely.geometry.shape(known["geometry"]).interpolate(0.5, normalized=True)
    x = y = None
    if affine is not None:
        x = affine["a"] * middle.x + affine["b"] * middle.y + affine["c"]
        y = affine["d"] * middle.x + affine["e"] * middle.y + affine["f"]
    return {
        "id": str(known["id"]),
        "number": int(known["id"]),
        "name": known["street"],
        "lon": round(middle.x, 7),
        "lat": round(middle.y, 7),
        "x": None if x is None else round(x, 1),
        "y": None if y is None else round(y, 1),
        "width_m": known["clear_width_m"],
        "grade": known["clear_width_grade"],
        "facts": [],
    }


def _map(space: Space, analysis: Analysis | None) -> dict[str, Any] | None:
    """Return the map of a space, drawn once per analysis and language; None where it cannot be."""
    if not space.area:
        return None
    language = kept.report_language()
    path = folder_of(analysis) / f"field-map.{language}.json" if analysis else None
    if path is not None and path.is_file():
        drawn: dict[str, Any] = json.loads(path.read_bytes())
        if drawn["version"] == __version__:
            return dict(drawn["map"])
    try:
        drawn = {"version": __version__, "map": _drawn(space, analysis, language)}
    except ParvisError:
        return None
    if path is not None:
        draft = path.with_name(f".{secrets.token_hex(8)}")
        draft.write_text(json.dumps(drawn))
        draft.replace(path)
    return dict(drawn["map"])


def _drawn(space: Space, analysis: Analysis | None, language: str) -> dict[str, Any]:
    from parvis.report.field_map import field_map

    city = load_city(space.city.store, home=library_home(space.authority_id))
    result = kept.result_of(analysis) if analysis else None
    outline = shapely.geometry.shape(space.area or {})
    drawn = field_map(city, outline, result, language)
    return {
        "svg": drawn.svg,
        "width": drawn.width,
        "height": drawn.height,
        "affine": dict(zip("abcdef", drawn.affine, strict=True)),
        "attribution": f"{ATTRIBUTION}, ODbL",
    }


def plan_of(actor: Actor, space: Space) -> Underlay | None:
    """Return the newest plan under the map of a space; None where there is none that may go."""
    rows = Underlay.objects.filter(space=space, removed__isnull=True, image__removed__isnull=True)
    found = readable(actor, rows).select_related("image").order_by("-created").first()
    if found is None or not all(_may_go_along(actor, one) for one in (found, found.image)):
        return None
    return found


def is_too_large(plan: Underlay) -> bool:
    """Return whether a plan stays at the desk because of its size."""
    return plan.image.size > MOST_PLAN_BYTES


def _plan(actor: Actor, space: Space) -> dict[str, Any] | None:
    found = plan_of(actor, space)
    if found is None or is_too_large(found):
        return None
    image = found.image
    for one in (found, image):
        if Marking(one.marking).is_restricted:
            record_read(actor, one)
    try:
        content = evidence_path(image).read_bytes()
    except OSError:
        return None
    return {
        "media_type": image.media_type,
        "data": base64.b64encode(content).decode(),
        "width": image.width,
        "height": image.height,
    }
