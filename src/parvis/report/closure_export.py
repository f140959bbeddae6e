"""
What does a machine get of a closure plan? Lines, elements, checks and costs, in named units.

Nothing here holds the geometry of a path: of what arrives at a line its speed, energy and angle are
told, as they are at an access point.
"""

import json
import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import shapely

from parvis.approach.results import ClassAtPoint, Notice
from parvis.closure.results import (
    ClosurePlan,
    ClosureResult,
    CostRange,
    Coverage,
    Element,
    Option,
    ScheduledLine,
)
from parvis.openness.results import Check
from parvis.report.closure_setting_out import ground_of
from parvis.report.closure_speech import (
    code_text,
    governing,
    outcome_text,
    product_text,
    reasons_text,
    risk_texts,
    scheme_text,
    source_text,
    summary_sentences,
)
from parvis.report.coordinates import Projection
from parvis.report.export import (
    DEGREE_DIGITS,
    angle_degrees,
    energy_kj,
    geojson_geometry,
    line_geometry,
    plain,
    rounded,
    said_kmh,
    speed_range,
)
from parvis.report.files import write_bytes
from parvis.report.speech import notice_text, round_up
from parvis.report.wording import Wording
from parvis.terms import KMH_PER_MPS, Grade, Marking

SCHEMA = "urn:parvis:schema:closure:1"
MILLIMETRES = 3
CENTS = 100


def closure_schema() -> dict[str, Any]:
    """Return the JSON schema that `closure_document` obeys."""
    path = files("parvis.report") / "schemas" / "closure-1.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def closure_document(result: ClosureResult, language: str = "en") -> dict[str, Any]:
    """
    Return the closure plan as a JSON document; its keys carry their units.

    Parameters
    ----------
    result : ClosureResult
    language : {"en", "fr", "pl"}
        Of the sentences beside the figures; codes and keys do not depend on it.

    Returns
    -------
    dict
        Obeys `closure_schema`. A value that does not exist is None. Geometries are in longitude and
        latitude; `x_m` and `y_m` of elements are in the city's CRS, for setting out.
    """
    wording = Wording(language)
    projection = Projection(result.epsg, "wgs84")
    worst = max((item.line.grade for plan in result.plans for item in plan.lines), default=Grade.C)
    return {
        "schema": SCHEMA,
        "marking": Marking.AMBER.value,
        "language": language,
        "meaning": wording("closure.meaning"),
        "summary": " ".join(summary_sentences(result, wording)),
        "space": {
            "id": result.space_id,
            "name": result.space_name,
            "kind": result.space_kind,
            "area_m2": round(shapely.area(shapely.from_wkb(result.protected_area)), 1),
        },
        "crs": f"EPSG:{result.epsg}",
        "grade": str(worst),
        "is_screening_only": worst is Grade.C,
        "design_speed": result.design,
        "vehicles": list(result.vehicles),
        "cannot_close": result.cannot_close,
        "cannot_close_text": code_text("cannot", result.cannot_close, wording),
        "where_not": _shape(result.where_not, projection),
        "protected_area": _shape(result.protected_area, projection),
        "plans": [_plan(plan, projection, wording) for plan in result.plans],
        "notices": [_notice(notice, wording) for notice in result.notices],
        "provenance": plain(result.provenance),
    }


def write_closure_json(result: ClosureResult, path: Path, language: str = "en") -> Path:
    """Write `closure_document` to `path`, whole or not at all; return `path`."""
    document = closure_document(result, language)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return write_bytes(path, (text + "\n").encode())


def _plan(plan: ClosurePlan, projection: Projection, wording: Wording) -> dict[str, Any]:
    return {
        "key": plan.key,
        "name": code_text("alternatives.plan", plan.key, wording),
        "cost": cost_fields(plan.cost),
        "cut": {
            "first_cents": plan.cut_cost_first,
            "cents": plan.cut_cost,
            "rounds": plan.rounds,
        },
        "still_reached_by": list(plan.still_reached_by),
        "left_open": plan.left_open,
        "enclosed": _shape(plan.enclosed, projection),
        "enclosed_m2": round(shapely.area(shapely.from_wkb(plan.enclosed)), 1),
        "lines": [_line(item, projection, wording) for item in plan.lines],
        "checks": [check_fields(check, wording) for check in plan.checks],
    }


def _line(item: ScheduledLine, projection: Projection, wording: Wording) -> dict[str, Any]:
    line = item.line
    heavy = governing(line)
    return {
        "id": line.id,
        "street": line.street,
        "width_m": _width(line.width),
        "access_points": list(line.access_points),
        "stand_off_m": rounded(line.stand_off, 2),
        "grade": str(line.grade),
        "is_existing": line.is_existing,
        "keeps_emergency_access": line.keeps_emergency_access,
        "vehicle": heavy.vehicle if heavy else None,
        "required_rating": heavy.required_rating if heavy else "",
        "rating_reason": heavy.rating_reason if heavy else "",
        "classes": [_class(entry) for entry in line.classes],
        "options": [_option(option, wording) for option in item.options],
        "chosen": item.chosen if item.chosen >= 0 else None,
        "holds": item.holds,
        "open_to": list(item.open_to),
        "coverage": [_coverage(entry, wording) for entry in item.coverage],
        "elements": [_element(element, projection) for element in item.elements],
        "clear_gaps_m": [rounded(gap, MILLIMETRES) for gap in item.gaps],
        "checks": [check_fields(check, wording) for check in item.checks],
        "residual_risks": [
            {"key": key, "name": name, "description": description}
            for key in item.residual_risks
            for name, description in [risk_texts(key, wording)]
        ],
        "geometry": line_geometry(line.geometry, projection),
    }


def _class(entry: ClassAtPoint) -> dict[str, Any]:
    return {
        "vehicle": entry.vehicle,
        "said_speed_kmh": said_kmh(entry),
        "speed_kmh": speed_range(entry),
        "energy_kj": energy_kj(entry.energy),
        "angle_deg": angle_degrees(entry.angle),
        "required_rating": entry.required_rating,
        "rating_reason": entry.rating_reason,
        "penetration_limit_m": rounded(entry.penetration_limit, 2),
        "grade": str(entry.grade),
    }


def _option(option: Option, wording: Wording) -> dict[str, Any]:
    speed = option.speed_after
    return {
        "scheme": option.scheme,
        "scheme_name": scheme_text(option.scheme, wording),
        "order": option.order,
        "family": option.family,
        "family_name": product_text(option.family, wording),
        "permanence": option.permanence,
        "rating": option.rating,
        "n_elements": option.n_elements,
        "clear_gap_m": rounded(option.gap, MILLIMETRES),
        "cost": cost_fields(option.cost),
        "coverage": [_coverage(entry, wording) for entry in option.coverage],
        "speed_after_kmh": math.floor(speed * KMH_PER_MPS + 1e-6) if math.isfinite(speed) else None,
        "radius_needed_m": rounded(option.radius_needed, 1),
        "is_suitable": option.is_suitable,
        "reasons": list(option.reasons),
        "reasons_text": reasons_text(option.reasons, wording),
    }


def _coverage(entry: Coverage, wording: Wording) -> dict[str, Any]:
    return {
        "vehicle": entry.vehicle,
        "required": entry.required,
        "offered": entry.offered,
        "verdict": entry.verdict,
        "holds": entry.holds,
        "reason": entry.reason,
        "reason_text": code_text("coverage_reason", entry.reason, wording),
    }


def _element(element: Element, projection: Projection) -> dict[str, Any]:
    longitude, latitude = projection([element.x], [element.y])
    return {
        "number": element.number,
        "kind": element.kind,
        "x_m": round(element.x, MILLIMETRES),
        "y_m": round(element.y, MILLIMETRES),
        "longitude": round(float(longitude[0]), DEGREE_DIGITS),
        "latitude": round(float(latitude[0]), DEGREE_DIGITS),
        "rotation_deg": round(math.degrees(element.rotation), 1),
        "length_m": round(element.length, MILLIMETRES),
        "width_m": round(element.width, MILLIMETRES),
        "is_operable": element.is_operable,
    }


def check_fields(check: Check, wording: Wording) -> dict[str, Any]:
    """Return a check as plain data with its words."""
    return {
        "key": check.key,
        "name": code_text("check", check.key, wording),
        "outcome": check.outcome,
        "outcome_text": outcome_text(check, wording),
        "value": rounded(check.value, MILLIMETRES),
        "needed": rounded(check.needed, MILLIMETRES),
        "missing": rounded(check.missing, MILLIMETRES),
        "unit": check.unit,
        "source": check.source,
        "source_name": source_text(check, wording) if check.source else "",
        "details": plain(check.details),
    }


def cost_fields(cost: CostRange | None) -> dict[str, Any] | None:
    """Return a cost as plain data in units of its currency."""
    if cost is None:
        return None
    return {
        "low": cost.low / CENTS,
        "high": cost.high / CENTS,
        "currency": cost.currency,
        "is_verified": cost.is_verified,
    }


def _notice(notice: Notice, wording: Wording) -> dict[str, Any]:
    return {
        "code": notice.code,
        "count": notice.count,
        "details": plain(notice.details),
        "text": notice_text(notice, wording),
    }


def _width(width: float) -> float:
    return round_up(width, 0.01)


def _shape(wkb: bytes | None, projection: Projection) -> dict[str, Any] | None:
    if wkb is None:
        return None
    return geojson_geometry(projection.geometry(ground_of(wkb)))
