"""Say what a scenario does: one document for page, table and export, in units people read."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from parvis.approach.perimeter import Boundary
from parvis.approach.results import SpeedRange
from parvis.closure.results import CostRange, Coverage
from parvis.closure.scenario_answers import (
    ClassBeforeAfter,
    PointBeforeAfter,
    RowAnswer,
    ScenarioAnswer,
)
from parvis.closure.scenario_session import ScenarioSession
from parvis.closure.verify import footprint
from parvis.openness.results import Check
from parvis.report.coordinates import Projection
from parvis.report.export import geojson_geometry, line_geometry, rounded
from parvis.report.speech import spoken_speed
from parvis.terms import KMH_PER_MPS, Marking, Scenario

SCHEMA = "urn:parvis:schema:scenario:1"
NEAR = 150.0
"""Barriers that stand this near to the protected area are listed. [m]"""

AROUND = 90.0
"""The picture reaches this far beyond the protected area. [m]"""

LEAST_NAMED = 25.0
"""Shorter pieces of street in the picture carry no name. [m]"""

BACKDROP: dict[str, tuple[str, ...]] = {
    "buildings": ("building",),
    "water": ("water", "fountain", "river", "canal"),
    "green": ("park", "garden", "grass", "wood", "forest", "playground"),
}
"""Kinds of areas drawn behind the place, by layer."""


def place_document(session: ScenarioSession) -> dict[str, Any]:
    """
    Return what a page needs to know of a prepared place once.

    Parameters
    ----------
    session : ScenarioSession

    Returns
    -------
    dict
        Outline, metres of the boundary, barriers that stand there, classes and products; lengths in
        metres, coordinates in degrees.
    """
    boundary = session.boundary
    projection = Projection(session.city.epsg, "wgs84")
    return {
        "schema": SCHEMA,
        "marking": Marking.AMBER.value,
        "city_hash": session.city.hash,
        "epsg": session.city.epsg,
        "design_speed": session.question.design,
        "area": geojson_geometry(projection.geometry(session.question.area)),
        "perimeter": _metres(boundary, projection),
        "vehicles": [
            {"key": item.key, "name": item.name, "mass_kg": item.mass}
            for item in session.question.vehicles
        ],
        "existing": _existing(session, projection),
        "present": answer_document(session, session.ask([])),
        "backdrop": _backdrop(session, projection),
        "families": [
            {
                "key": family.key,
                "name": family.name,
                "names": dict(family.names),
                "kind": family.kind,
                "permanence": family.permanence,
                "is_operable": family.is_operable,
                "length_m": family.length,
                "greatest_gap_m": family.greatest_gap,
                "levels": [level.key for level in family.levels],
            }
            for family in session.products.families
        ],
    }


def answer_document(session: ScenarioSession, answer: ScenarioAnswer) -> dict[str, Any]:
    """
    Return an answer as JSON-ready data; its keys carry their units.

    Parameters
    ----------
    session : ScenarioSession
    answer : ScenarioAnswer

    Returns
    -------
    dict
        Speeds are rounded up; ``said`` ones are those a person is told first.
    """
    projection = Projection(session.city.epsg, "wgs84")
    return {
        "schema": SCHEMA,
        "marking": Marking.AMBER.value,
        "points": [_point(point, projection) for point in answer.points],
        "rows": [_row(row, projection) for row in answer.rows],
        "checks": [_check(check) for check in answer.checks],
        "cost": _cost(answer.cost),
        "n_unpriced": answer.n_unpriced,
        "perimeter_kmh": _fastest(answer.speed.values(), len(session.boundary)),
        "perimeter_kmh_by_class": {
            key: _fastest([speed], len(session.boundary)) for key, speed in answer.speed.items()
        },
        "notices": list(answer.notices),
    }


def _metres(boundary: Boundary, projection: Projection) -> list[list[list[float]]]:
    """Return the two ends of each metre of the boundary in degrees."""
    starts = projection(boundary.sample_x[:, 0], boundary.sample_y[:, 0])
    ends = projection(boundary.sample_x[:, -1], boundary.sample_y[:, -1])
    columns = np.round(np.column_stack([*starts, *ends]), 7)
    return [[[row[0], row[1]], [row[2], row[3]]] for row in columns.tolist()]


def _backdrop(session: ScenarioSession, projection: Projection) -> dict[str, Any]:
    """Return what stands and grows around the place, for the picture behind it."""
    areas = session.city.areas
    west, south, east, north = shapely.bounds(session.question.area)
    frame = shapely.box(west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    rows = areas.within(frame.bounds)
    kinds = areas.words("kind")[rows]
    level = np.asarray(areas["level"])[rows]
    found: dict[str, Any] = {}
    for layer, known in BACKDROP.items():
        chosen = rows[np.isin(kinds, known) & (level == 0)]
        shapes = shapely.intersection(shapely.make_valid(areas.geometry[chosen]), frame)
        whole = shapely.simplify(shapely.union_all(shapes), 0.2)
        if not shapely.is_empty(whole):
            found[layer] = geojson_geometry(projection.geometry(whole))
    streets = session.city.streets
    on_ground = streets.within(frame.bounds)
    lines = shapely.intersection(streets.geometry[on_ground], frame)
    names = [streets.text("name", int(row)) for row in on_ground]
    longest: dict[str, Any] = {}
    for name, line in zip(names, lines, strict=True):
        for part in shapely.get_parts(line):
            if name and (name not in longest or part.length > longest[name].length):
                longest[name] = part
    found["names"] = [
        {"name": name, "line": line_geometry(np.asarray(line.coords)[:, :2], projection)}
        for name, line in sorted(longest.items())
        if line.geom_type == "LineString" and line.length > LEAST_NAMED
    ]
    return found


def _existing(session: ScenarioSession, projection: Projection) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for vehicle in session.question.vehicles:
        baseline = session.baselines[vehicle.key, Scenario.LIMIT]
        for item in baseline.approach.ground.existing:
            if item.level != 0:
                continue
            if shapely.distance(item.geometry, session.question.area) > NEAR:
                continue
            taken = baseline.present.existing.get(item.feature)
            entry = found.setdefault(
                item.feature,
                {
                    "feature": item.feature,
                    "kind": item.kind,
                    "rating": item.rating,
                    "geometry": geojson_geometry(projection.geometry(item.geometry)),
                    "holds_against": [],
                },
            )
            if taken is not None and not shapely.is_empty(taken):
                entry["holds_against"].append(vehicle.key)
    return [entry for _, entry in sorted(found.items())]


def _point(point: PointBeforeAfter, projection: Projection) -> dict[str, Any]:
    return {
        "id": point.number,
        "street": point.street,
        "state": point.state,
        "clear_width_m": rounded(point.clear_width, 2),
        "existing": point.existing,
        "is_physical_limit_only": point.only_limit,
        "said_before_kmh": said(entry.before for entry in point.classes),
        "said_after_kmh": said(entry.after for entry in point.classes),
        "governing_before": _governing(point.classes, is_after=False),
        "governing_after": _governing(point.classes, is_after=True),
        "classes": [_class(entry) for entry in point.classes],
        "geometry": line_geometry(point.geometry, projection),
    }


def said(speeds: Iterable[SpeedRange | None]) -> int | None:
    """Return the speed a person is told first: the highest cautious one. [km/h]."""
    found = [speed.cautious for speed in speeds if speed is not None]
    return spoken_speed(max(found)) if found else None


def _governing(classes: Sequence[ClassBeforeAfter], *, is_after: bool) -> dict[str, Any] | None:
    """Return the class that asks for the greatest energy, with its rating."""
    present = [
        entry for entry in classes if (entry.after if is_after else entry.before) is not None
    ]
    if not present:
        return None
    found = max(present, key=lambda e: e.energy_after if is_after else e.energy_before)
    return {
        "vehicle": found.vehicle,
        "required_rating": found.rating_after if is_after else found.rating_before,
        "rating_reason": found.reason_after if is_after else found.reason_before,
    }


def _class(entry: ClassBeforeAfter) -> dict[str, Any]:
    return {
        "vehicle": entry.vehicle,
        "before_kmh": _speed(entry.before),
        "after_kmh": _speed(entry.after),
        "rating_before": entry.rating_before,
        "rating_after": entry.rating_after,
        "reason_before": entry.reason_before,
        "reason_after": entry.reason_after,
    }


def _speed(speed: SpeedRange | None) -> dict[str, float | None] | None:
    if speed is None:
        return None
    return {
        "said": spoken_speed(speed.cautious),
        "typical": _kmh(speed.typical) if speed.typical > 0.0 else None,
        "cautious": _kmh(speed.cautious),
        "limit": _kmh(speed.limit),
    }


def _kmh(speed: float) -> float:
    return math.ceil(speed * KMH_PER_MPS * 10.0 - 1e-6) / 10.0


def _row(row: RowAnswer, projection: Projection) -> dict[str, Any]:
    laid = row.laid
    gaps = laid.row.gaps
    shapes = [footprint(element) for element in laid.elements]
    return {
        "change": row.number,
        "family": laid.family.key,
        "kind": laid.family.kind,
        "level": laid.level.key if laid.level else "",
        "is_assumed": row.is_assumed,
        "sufficient_levels": list(row.sufficient_levels),
        "opener": laid.opener.key if laid.opener else "",
        "access_point": row.access_point,
        "length_m": rounded(laid.line.length, 2),
        "stand_off_m": rounded(row.stand_off, 2),
        "n_elements": len(laid.elements),
        "narrowest_gap_m": rounded(min(gaps), 2),
        "widest_gap_m": rounded(max(gaps), 2),
        "opened_m": rounded(laid.row.opened, 2),
        "holds": row.holds,
        "is_tight": row.is_tight,
        "coverage": [_coverage(item, row.speeds) for item in row.coverage],
        "checks": [_check(check) for check in row.checks],
        "cost": _cost(row.cost),
        "line": line_geometry(np.asarray(laid.line.coords)[:, :2], projection),
        "elements": geojson_geometry(projection.geometry(shapely.MultiPolygon(shapes)))
        if shapes
        else None,
    }


def _coverage(item: Coverage, speeds: Mapping[str, SpeedRange]) -> dict[str, Any]:
    return {
        "vehicle": item.vehicle,
        "said_kmh": said([speeds.get(item.vehicle)]),
        "required": item.required,
        "offered": item.offered,
        "verdict": item.verdict,
        "holds": item.holds,
        "reason": item.reason,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "key": check.key,
        "outcome": check.outcome,
        "value": rounded(check.value, 2),
        "needed": rounded(check.needed, 2),
        "unit": check.unit,
        "details": json.loads(json.dumps(dict(check.details), default=str)),
    }


def _cost(cost: CostRange | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "low_cents": cost.low,
        "high_cents": cost.high,
        "currency": cost.currency,
        "is_verified": cost.is_verified,
    }


def _fastest(speeds: Iterable[Any], n: int) -> list[int | None]:
    """Return the spoken speed at each metre over some classes, None where none arrives."""
    greatest = np.fmax.reduce([np.full(n, np.nan), *speeds])
    return [None if np.isnan(value) else spoken_speed(float(value)) for value in greatest]
