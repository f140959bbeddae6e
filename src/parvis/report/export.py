"""
What does a machine get? The result at the perimeter, in named units; never a route.

Nothing here holds the geometry of a path or a speed away from the perimeter: of the binding path
only the last run-up and turn are told, as lengths, radius and street names.
"""

import json
import math
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.results import (
    AccessPoint,
    ApproachResult,
    Binding,
    ClassAtPoint,
    PerimeterProfile,
    UncertainInput,
)
from parvis.approach.vehicles import VehicleClass, VehicleParameters
from parvis.report.coordinates import Projection
from parvis.report.files import write_bytes
from parvis.report.speech import (
    fastest_class,
    first_speed,
    governing_class,
    grade_reasons,
    notice_texts,
    round_up,
    spoken_speed,
    summary,
    threat_text,
)
from parvis.report.wording import Wording
from parvis.terms import KMH_PER_MPS, Grade, Marking

SCHEMA = "urn:parvis:schema:approach:1"
JOULE_PER_KILOJOULE = 1000.0
DEGREE_DIGITS = 7


def schema() -> dict[str, Any]:
    """Return the JSON schema that `result_document` obeys."""
    path = files("parvis.report") / "schemas" / "approach-1.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def result_document(result: ApproachResult, language: str = "en") -> dict[str, Any]:
    """
    Return the result as a JSON document; its keys carry their units.

    Parameters
    ----------
    result : ApproachResult
    language : {"en", "fr", "pl"}
        Of the sentences beside the figures; codes and keys do not depend on it.

    Returns
    -------
    dict
        Obeys `schema`. Speeds and energies are rounded up to 0.1, so that no figure is below the
        computed one; a value that does not exist is None.
    """
    wording = Wording(language)
    projection = Projection(result.epsg, "wgs84")
    masses = {vehicle.key: vehicle.mass for vehicle in result.vehicles}
    return {
        "schema": SCHEMA,
        "marking": Marking.AMBER.value,
        "language": language,
        "meaning": wording("meaning"),
        "summary": summary(result, wording),
        "space": {
            "id": result.space_id,
            "name": result.space_name,
            "kind": result.space_kind,
            "area_m2": round(result.area, 1),
        },
        "crs": f"EPSG:{result.epsg}",
        "grade": str(result.grade),
        "is_screening_only": result.grade is Grade.C,
        "design_speed": result.design,
        "threat_statement": plain(result.threat_statement),
        "threat_statement_text": threat_text(result, wording),
        "vehicles": [_vehicle(vehicle) for vehicle in result.vehicles],
        "access_points": [
            _access_point(point, projection, wording) for point in result.access_points
        ],
        "perimeter": [
            _profile(profile, masses[profile.vehicle], projection) for profile in result.profiles
        ],
        "inputs_to_measure": [_input(entry, projection) for entry in result.inputs],
        "notices": [
            {
                "code": notice.code,
                "count": notice.count,
                "details": plain(notice.details),
                "text": text,
            }
            for notice, text in zip(result.notices, notice_texts(result, wording), strict=True)
        ],
        "provenance": plain(result.provenance),
    }


def write_json(result: ApproachResult, path: Path, language: str = "en") -> Path:
    """Write `result_document` to `path`, whole or not at all; return `path`."""
    document = result_document(result, language)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return write_bytes(path, (text + "\n").encode())


def _vehicle(vehicle: VehicleClass) -> dict[str, Any]:
    return {
        "key": vehicle.key,
        "name": vehicle.name,
        "mass_kg": vehicle.mass,
        "is_off_road": vehicle.is_off_road,
        "typical": _parameters(vehicle.typical),
        "limit": _parameters(vehicle.limit),
        "without_published_source": list(vehicle.unverified),
    }


def _parameters(values: VehicleParameters) -> dict[str, float]:
    return {
        "acceleration_m_s2": values.acceleration,
        "specific_power_w_kg": values.specific_power,
        "friction": values.friction,
        "width_m": values.width,
        "turning_radius_m": values.turning_radius,
        "top_speed_kmh": round(values.top_speed * KMH_PER_MPS, 3),
    }


def _access_point(point: AccessPoint, projection: Projection, wording: Wording) -> dict[str, Any]:
    governing = governing_class(point)
    fastest = fastest_class(point)
    return {
        "id": point.id,
        "street": point.street,
        "clear_width_m": rounded(point.clear_width, 2),
        "clear_width_grade": str(point.clear_width_grade),
        "clear_width_reason": point.clear_width_reason,
        "vehicle": point.governing,
        "said_speed_kmh": said_kmh(governing),
        "fastest_vehicle": fastest.vehicle,
        "fastest_said_speed_kmh": said_kmh(fastest),
        "speed_kmh": speed_range(governing),
        "energy_kj": energy_kj(governing.energy),
        "angle_deg": angle_degrees(governing.angle),
        "required_rating": governing.required_rating,
        "rating_reason": governing.rating_reason,
        "penetration_limit_m": rounded(governing.penetration_limit, 2),
        "grade": str(point.grade),
        "is_screening_only": point.grade is Grade.C,
        "reasons": grade_reasons(point, wording),
        "existing": point.existing,
        "existing_kinds": list(point.existing_kinds),
        "stand_off_m": rounded(point.stand_off, 2),
        "is_physical_limit_only": point.only_limit,
        "is_over_steps": point.over_steps,
        "binding": _binding(governing.binding),
        "classes": [_class(entry) for entry in point.classes],
        "geometry": line_geometry(point.geometry, projection),
    }


def _class(entry: ClassAtPoint) -> dict[str, Any]:
    return {
        "vehicle": entry.vehicle,
        "speed_kmh": speed_range(entry),
        "energy_kj": energy_kj(entry.energy),
        "angle_deg": angle_degrees(entry.angle),
        "required_rating": entry.required_rating,
        "rating_reason": entry.rating_reason,
        "penetration_limit_m": rounded(entry.penetration_limit, 2),
        "binding": _binding(entry.binding),
        "grade": str(entry.grade),
        "inputs_to_measure": list(entry.measures),
    }


def _binding(binding: Binding | None) -> dict[str, Any] | None:
    if binding is None:
        return None
    return {
        "run_up_m": rounded(binding.run_up, 1),
        "street": binding.street,
        "turn_radius_m": rounded(binding.turn_radius, 1),
        "turn_deflection_deg": angle_degrees(binding.turn_deflection),
        "turn_speed_kmh": _kmh(binding.turn_cap),
        "turn_street": binding.turn_street,
        "entry_speed_kmh": _kmh(binding.entry_speed),
        "changes_with_parameters": binding.changes_in_box,
    }


def _profile(profile: PerimeterProfile, mass: float, projection: Projection) -> dict[str, Any]:
    longitude, latitude = projection(profile.x, profile.y)
    return {
        "vehicle": profile.vehicle,
        "ring": [int(ring) for ring in profile.ring],
        "position_m": _column(profile.position, 2),
        "longitude": _column(longitude, DEGREE_DIGITS),
        "latitude": _column(latitude, DEGREE_DIGITS),
        "typical_kmh": [_kmh(speed) for speed in profile.typical],
        "limit_kmh": [_kmh(speed) for speed in profile.limit],
        "typical_energy_kj": [energy_kj(0.5 * mass * v * v) for v in profile.typical],
        "limit_energy_kj": [energy_kj(0.5 * mass * v * v) for v in profile.limit],
        "direction_deg": [angle_degrees(value) for value in profile.direction],
        "angle_deg": [angle_degrees(value) for value in profile.angle],
    }


def _input(entry: UncertainInput, projection: Projection) -> dict[str, Any]:
    longitude, latitude = projection([entry.x], [entry.y])
    return {
        "key": entry.key,
        "what": entry.what,
        "label": entry.label,
        "value_m": rounded(entry.value, 2),
        "sigma_m": rounded(entry.sigma, 2),
        "grade": str(entry.grade),
        "longitude": round(float(longitude[0]), DEGREE_DIGITS),
        "latitude": round(float(latitude[0]), DEGREE_DIGITS),
        "access_points": list(entry.access_points),
    }


def line_geometry(coordinates: NDArray[np.float64], projection: Projection) -> dict[str, Any]:
    """Return places of the city's CRS as a GeoJSON line; one place as a line of no length."""
    longitude, latitude = projection(coordinates[:, 0], coordinates[:, 1])
    pairs = zip(_column(longitude, DEGREE_DIGITS), _column(latitude, DEGREE_DIGITS), strict=True)
    points = [list(pair) for pair in pairs]
    return {"type": "LineString", "coordinates": points if len(points) > 1 else points * 2}


def geojson_geometry(shape: shapely.Geometry) -> dict[str, Any]:
    """Return a geometry in degrees as GeoJSON with seven decimals."""
    snapped = shapely.set_precision(shape, 10.0**-DEGREE_DIGITS, mode="pointwise")
    return dict(json.loads(shapely.to_geojson(snapped)))


def speed_range(entry: ClassAtPoint) -> dict[str, float | None]:
    """Return the three speeds of a class in km/h, rounded up to 0.1."""
    speed = entry.speed
    return {
        "typical": None if entry.binding is None else _kmh(speed.typical),
        "cautious": _kmh(speed.cautious),
        "limit": _kmh(speed.limit),
    }


def _kmh(speed: float) -> float | None:
    return round_up(float(speed) * KMH_PER_MPS, 0.1) if math.isfinite(speed) else None


def said_kmh(entry: ClassAtPoint) -> int | None:
    """Return the speed a person is told, None where there is none."""
    speed = first_speed(entry)
    return spoken_speed(speed) if math.isfinite(speed) else None


def energy_kj(energy: float) -> float | None:
    """Return an energy in kJ, rounded up to 0.1."""
    return round_up(float(energy) / JOULE_PER_KILOJOULE, 0.1) if math.isfinite(energy) else None


def angle_degrees(angle: float) -> float | None:
    """Return an angle in degrees."""
    return round(math.degrees(angle), 1) if math.isfinite(angle) else None


def rounded(value: float, digits: int) -> float | None:
    """Return `value` with so many decimals, None where it does not exist."""
    return round(float(value), digits) if math.isfinite(value) else None


def _column(values: Iterable[float], digits: int) -> list[float | None]:
    return [rounded(value, digits) for value in values]


def plain(value: Any) -> Any:
    """Return `value` with nothing in it that JSON does not know."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(entry) for entry in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    return str(value)


def protected_area(result: ApproachResult) -> shapely.Geometry:
    """Return the protected area as a polygon in the city's CRS."""
    return shapely.from_wkb(result.protected_area)
