"""What stands in the restricted annex: every figure, what it rests on and what it leaves out."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.approach.ratings import required_rating
from parvis.approach.results import (
    AccessPoint,
    ApproachResult,
    ClassAtPoint,
    PerimeterProfile,
    SpeedMap,
)
from parvis.approach.vehicles import VehicleClass
from parvis.closure.results import ClosureResult
from parvis.report.charts import metres_of, positions_along, stretches
from parvis.report.layout_data import frame, space_title
from parvis.report.maps import BANDS, band_text
from parvis.report.speech import (
    MOST_TO_MEASURE,
    fastest_class,
    fastest_point,
    first_speed,
    governing_class,
    grade_text,
    notice_text,
    rating_text,
    round_up,
    spoken_speed,
    summary,
    threat_text,
    vehicle_name,
)
from parvis.report.wording import Wording
from parvis.terms import KMH_PER_MPS

NOTHING = "–"
SAID_ELSEWHERE = frozenset(["no_threat_statement", "parameters_without_source"])
"""Notices that have a place of their own on the first page."""

NO_ROOM = 0.05
"""Below this penetration limit there is no room at all. [m]"""


def annex_data(
    result: ApproachResult,
    language: str = "en",
    *,
    recipients: Sequence[str] = (),
    copy: int = 1,
    copies: int = 1,
) -> dict[str, Any]:
    """
    Return the data of the template ``annex.typ``.

    Parameters
    ----------
    result : ApproachResult
    language : {"en", "fr", "pl"}
    recipients : sequence of str
    copy, copies : int
        Which numbered copy this is, of how many; copy n goes to recipient n.
    """
    wording = Wording(language)
    space = space_title(result, wording)
    count = min(len(result.inputs), MOST_TO_MEASURE)
    points = len(result.access_points)
    t = wording.tree("annex", space=space)
    recipient = recipients[copy - 1] if copy <= len(recipients) else t["no_recipient"]
    copy_text = wording("annex.copy", copy=copy, copies=copies)
    alt = "figure_alt" if points else "figure_alt_none"
    return frame(result, wording, t, space=space) | {
        "copy": copy_text,
        "copy_for": wording("annex.copy_for", recipient=recipient),
        "run": wording("annex.run", run=str(result.provenance.get("run_id", NOTHING))[:12]),
        "recipients": list(recipients),
        "glance": _glance(result, wording),
        "summary": summary(result, wording),
        "qualifications": [
            threat_text(result, wording),
            wording("annex.design", which=t["design_names"][result.design]),
            wording(f"annex.people_line.{'none' if result.people_line is None else 'drawn'}"),
        ],
        "unsourced": unsourced_parameters(result.vehicles, wording),
        "notices": [
            notice_text(notice, wording)
            for notice in result.notices
            if notice.code not in SAID_ELSEWHERE
        ],
        "access": {
            "alt": wording(f"annex.access_points.{alt}", space=space, count=points),
            "rows": [_access_row(result, point, wording) for point in result.access_points],
        },
        "details": [_detail(result, point, wording) for point in result.access_points],
        "profile": _profile(result, wording, space),
        "measure": {
            "alt": wording("annex.measure.figure_alt", space=space, count=count),
            "title": wording("annex.measure.table", count=count),
            "more": wording("annex.measure.more", count=len(result.inputs) - count)
            if len(result.inputs) > count
            else "",
            "rows": _measure_rows(result, wording),
        },
        "sensitivity": [_sensitivity(result, p, wording) for p in result.access_points],
        "speed_maps": [_speed_map(result, m, wording, space) for m in result.speed_maps],
        "speed_table": _speed_table(result, wording),
        "vehicles": [_vehicle(vehicle, wording) for vehicle in result.vehicles],
        "provenance_head": [wording("what"), wording("fact")],
        "provenance": _provenance(result, wording),
    }


def unsourced_parameters(
    vehicles: Sequence[VehicleClass], wording: Wording
) -> list[tuple[str, str]]:
    """
    Return the parameters without a published source, grouped by the classes they concern.

    Returns
    -------
    list of (str, str)
        Classes and names of parameters; every unsourced parameter of every class once.
    """
    classes: dict[str, list[str]] = defaultdict(list)
    for vehicle in vehicles:
        for value in vehicle.unverified:
            name = value.rpartition(".")[2]
            if vehicle.key not in classes[name]:
                classes[name].append(vehicle.key)
    grouped: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, keys in classes.items():
        grouped[tuple(keys)].append(_parameter(name, wording))
    everyone = tuple(vehicle.key for vehicle in vehicles)
    return [
        (
            wording("annex.unsourced.all_classes") if keys == everyone else ", ".join(keys),
            ", ".join(names),
        )
        for keys, names in grouped.items()
    ]


def _parameter(name: str, wording: Wording) -> str:
    key = f"annex.unsourced.names.{name}"
    return wording(key) if wording.has(key) else name.replace("_", " ")


def _glance(result: ApproachResult, wording: Wording) -> list[tuple[str, str]]:
    grade = (
        wording(f"grade.{result.grade}").capitalize(),
        wording("annex.glance.grade_of"),
    )
    if not result.access_points:
        return [
            (wording("annex.glance.none").capitalize(), wording("annex.glance.none_of")),
            grade,
        ]
    fastest = fastest_point(result)
    entry = fastest_class(fastest)
    speed = spoken_speed(_finite(first_speed(entry)))
    count = len(result.access_points)
    rated = sum(point.existing == "rated" for point in result.access_points)
    return [
        (
            wording("annex.glance.highest", speed=speed).capitalize(),
            wording(
                "annex.glance.highest_of",
                number=fastest.id,
                vehicle=vehicle_name(result, entry.vehicle, wording),
            ),
        ),
        (str(count), wording("annex.glance.count_of")),
        (str(rated), wording("annex.glance.rated_of")),
        grade,
    ]


def _access_row(result: ApproachResult, point: AccessPoint, wording: Wording) -> list[list[str]]:
    entry, fastest = governing_class(point), fastest_class(point)
    speed = first_speed(fastest)
    vehicle = vehicle_name(result, fastest.vehicle, wording)
    return [
        [str(point.id)],
        [point.street or wording("annex.access_points.unnamed")],
        [f"{wording.number(point.clear_width, 1)} m"],
        [existing_text(point, wording)],
        [f"{wording.number(_floor(point.stand_off), 1)} m"],
        [f"{spoken_speed(speed)} km/h" if math.isfinite(speed) else NOTHING, vehicle],
        _rating_cell(result, entry, wording),
        [f"{point.grade} – {grade_text(point, wording)}"],
    ]


def _rating_cell(result: ApproachResult, entry: ClassAtPoint, wording: Wording) -> list[str]:
    speed = first_speed(entry)
    lines = [
        rating_text(entry, wording),
        wording(
            "annex.access_points.rating_of",
            vehicle=vehicle_name(result, entry.vehicle, wording),
            speed=spoken_speed(speed) if math.isfinite(speed) else NOTHING,
        ),
    ]
    if entry.required_rating and entry.penetration_limit < NO_ROOM:
        lines.append(wording("annex.access_points.no_penetration"))
    elif entry.required_rating:
        metres = wording.number(_floor(entry.penetration_limit), 1)
        lines.append(wording("annex.access_points.penetration", metres=metres))
    return lines


def existing_text(point: AccessPoint, wording: Wording) -> str:
    """Return what stands at an access point now, in words."""
    kinds = [wording.obstacle_kind(kind) for kind in point.existing_kinds]
    said = ", ".join(kinds) or wording("annex.access_points.existing_unknown")
    return wording(f"annex.access_points.existing.{point.existing}", kinds=said)


def _detail(result: ApproachResult, point: AccessPoint, wording: Wording) -> dict[str, Any]:
    street = point.street or wording("annex.access_points.unnamed")
    sentences = [because(result, governing_class(point), wording)]
    if point.over_steps:
        sentences.append(wording("annex.details.over_steps"))
    if any(entry.binding and entry.binding.changes_in_box for entry in point.classes):
        sentences.append(wording("annex.details.changes"))
    return {
        "heading": wording("annex.details.heading", number=point.id, street=street),
        "sentences": sentences,
        "rows": [_class_row(result, point, entry, wording) for entry in point.classes],
    }


def because(result: ApproachResult, entry: ClassAtPoint, wording: Wording) -> str:
    """Return why a class can be as fast as it is at an access point."""
    vehicle = vehicle_name(result, entry.vehicle, wording)
    binding = entry.binding
    if binding is None:
        return wording("annex.details.limit_only", vehicle=vehicle)
    along = (
        wording("annex.details.along_street", street=binding.street)
        if binding.street
        else wording("annex.details.along_unnamed")
    )
    run_up = wording.number(binding.run_up)
    if math.isfinite(binding.turn_radius):
        street = binding.turn_street
        said = wording(
            "annex.details.because_turn",
            vehicle=vehicle,
            run_up=run_up,
            along=along,
            radius=wording.number(binding.turn_radius),
            deflection=wording.number(abs(math.degrees(binding.turn_deflection))),
            cap=_kmh(binding.turn_cap, wording),
            from_street=wording("annex.details.from_street", street=street)
            if street
            else wording("annex.details.from_unnamed"),
        )
    else:
        said = wording(
            "annex.details.because_straight", vehicle=vehicle, run_up=run_up, along=along
        )
    if binding.entry_speed > 0:
        said += " " + wording("annex.details.entry", speed=_kmh(binding.entry_speed, wording))
    return said


def _class_row(
    result: ApproachResult, point: AccessPoint, entry: ClassAtPoint, wording: Wording
) -> list[str]:
    name = vehicle_name(result, entry.vehicle, wording)
    if entry.vehicle == point.governing and len(point.classes) > 1:
        name = f"{name} ({wording('annex.details.design_class')})"
    energy = entry.energy / 1000
    angle = math.degrees(entry.angle)
    return [
        name,
        _typical(entry, wording),
        _kmh(entry.speed.cautious, wording),
        _kmh(entry.speed.limit, wording),
        wording.number(round_up(energy, 1)) if math.isfinite(energy) else NOTHING,
        f"{wording.number(angle)}°" if math.isfinite(angle) else NOTHING,
        rating_text(entry, wording),
        f"{wording.number(_floor(entry.penetration_limit), 1)} m",
        str(entry.grade),
    ]


def _profile(result: ApproachResult, wording: Wording, space: str) -> dict[str, Any]:
    head = [wording("annex.profile.number"), wording("annex.profile.metres")]
    head += [profile.vehicle for profile in result.profiles]
    return {
        "alt": wording("annex.profile.figure_alt", space=space, count=len(result.profiles)),
        "head": head,
        "rows": [_profile_row(result, point, wording) for point in result.access_points],
    }


def _profile_row(result: ApproachResult, point: AccessPoint, wording: Wording) -> list[str]:
    row = [str(point.id), NOTHING]
    for profile in result.profiles:
        metres = metres_of(profile, point.geometry)
        if len(metres):
            spans = stretches(positions_along(profile)[metres])
            row[1] = ", ".join(f"{low:.0f}–{high:.0f}" for low, high in spans)
        row.append(_highest(profile, metres, wording))
    return row


def _highest(profile: PerimeterProfile, metres: Any, wording: Wording) -> str:
    pair = []
    for values in (profile.typical[metres], profile.limit[metres]):
        finite = values[np.isfinite(values)]
        pair.append(_kmh(float(finite.max()), wording) if len(finite) else NOTHING)
    return NOTHING if pair == [NOTHING, NOTHING] else " / ".join(pair)


def _measure_rows(result: ApproachResult, wording: Wording) -> list[list[str]]:
    rows = []
    for number, entry in enumerate(result.inputs[:MOST_TO_MEASURE], start=1):
        what = f"annex.measure.what.{entry.what}"
        is_fact = entry.what in ("obstacle", "ground")
        value = wording(f"annex.measure.{'yes_or_no' if is_fact else 'not_known'}")
        if math.isfinite(entry.value):
            value = wording(
                "annex.measure.value",
                value=wording.number(entry.value, 1),
                sigma=wording.number(entry.sigma, 1),
            )
        label = wording.obstacle_kind(entry.label) if entry.label else ""
        rows.append(
            [
                f"M{number}",
                wording(what) if wording.has(what) else entry.what,
                label or wording("annex.measure.unnamed"),
                value,
                str(entry.grade),
                ", ".join(str(point) for point in entry.access_points),
            ]
        )
    return rows


def _sensitivity(result: ApproachResult, point: AccessPoint, wording: Wording) -> list[str]:
    entry = governing_class(point)
    vehicle = next(vehicle for vehicle in result.vehicles if vehicle.key == entry.vehicle)
    typical = math.nan if entry.binding is None else entry.speed.typical
    changes = entry.binding is not None and entry.binding.changes_in_box
    return [
        str(point.id),
        vehicle_name(result, entry.vehicle, wording),
        *(
            _speed_and_rating(vehicle, speed, wording)
            for speed in (typical, entry.speed.cautious, entry.speed.limit)
        ),
        wording(f"annex.sensitivity.{'does' if changes else 'does_not'}"),
        _measure_numbers(result, entry, wording) or NOTHING,
    ]


def _speed_and_rating(vehicle: VehicleClass, speed: float, wording: Wording) -> str:
    if not math.isfinite(speed):
        return NOTHING
    rating, reason = required_rating(vehicle, speed)
    return f"{_kmh(speed, wording)} km/h\n{rating or wording(f'rating_reason.{reason}')}"


def _measure_numbers(result: ApproachResult, entry: ClassAtPoint, wording: Wording) -> str:
    """Return which of the inputs to measure first decide a class, and how many others do."""
    first = {item.key: n for n, item in enumerate(result.inputs[:MOST_TO_MEASURE], start=1)}
    numbers = sorted(first[key] for key in entry.measures if key in first)
    others = len(entry.measures) - len(numbers)
    said = [f"M{number}" for number in numbers]
    if others:
        said.append(wording("annex.sensitivity.others", count=others))
    return ", ".join(said)


def _speed_map(
    result: ApproachResult, speed_map: SpeedMap, wording: Wording, space: str
) -> dict[str, str]:
    vehicle = vehicle_name(result, speed_map.vehicle, wording)
    return {
        "file": f"speed-{speed_map.vehicle}.png",
        "alt": wording("annex.speed_maps.figure_alt", space=space, vehicle=vehicle),
        "caption": wording("annex.speed_maps.figure", vehicle=vehicle),
    }


def _speed_table(result: ApproachResult, wording: Wording) -> dict[str, Any]:
    columns = [_ground_by_band(speed_map) for speed_map in result.speed_maps]
    rows = [
        [band_text(band, wording), *(wording.number(float(column[band])) for column in columns)]
        for band in range(len(BANDS) + 1)
    ]
    keys = [speed_map.vehicle for speed_map in result.speed_maps]
    return {"head": [wording("annex.speed_maps.band"), *keys], "rows": rows}


def _ground_by_band(speed_map: SpeedMap) -> NDArray[np.float64]:
    """Return how much reachable ground lies in each band, in square metres."""
    speeds = speed_map.speed[np.isfinite(speed_map.speed)] * KMH_PER_MPS
    bands = np.searchsorted(BANDS, speeds, side="left")
    counts = np.bincount(bands, minlength=len(BANDS) + 1)
    return np.asarray(counts * speed_map.cell**2, dtype=np.float64)


def _vehicle(vehicle: VehicleClass, wording: Wording) -> list[str]:
    def pair(name: str, digits: int, factor: float = 1.0) -> str:
        low = getattr(vehicle.typical, name) * factor
        high = getattr(vehicle.limit, name) * factor
        unsourced = {name, f"typical.{name}", f"limit.{name}"} & set(vehicle.unverified)
        said = f"{wording.number(low, digits)} / {wording.number(high, digits)}"
        return said + ("*" if unsourced else "")

    mass = wording.number(vehicle.mass) + ("*" if "mass" in vehicle.unverified else "")
    return [
        wording.vehicle(vehicle.key, vehicle.name),
        mass,
        pair("acceleration", 1),
        pair("specific_power", 0),
        pair("friction", 2),
        pair("width", 2),
        pair("turning_radius", 1),
        pair("top_speed", 0, KMH_PER_MPS),
    ]


def _provenance(result: ApproachResult, wording: Wording) -> list[list[str]]:
    labels = wording.node("annex.provenance.labels")
    rows = [
        [labels["space"], result.space_id],
        [labels["epsg"], f"EPSG:{result.epsg}"],
        [labels["threat"], threat_text(result, wording)],
    ]
    for key, value in result.provenance.items():
        rows.append([str(labels.get(key, key.replace("_", " "))), "\n".join(_flat(value))])
    return rows


def closure_provenance(
    closure: ClosureResult, result: ApproachResult, language: str
) -> list[list[str]]:
    """Return what a closure plan rests on beyond the analysis it was made from."""
    wording = Wording(language)
    labels = wording.node("annex.provenance.labels")
    return [
        [
            wording(
                "closure.pair",
                name=wording("closure.title"),
                text=str(labels.get(key, key.replace("_", " "))),
            ),
            "\n".join(_flat(value)),
        ]
        for key, value in closure.provenance.items()
        if result.provenance.get(key) != value
    ]


def _flat(value: Any, name: str = "") -> list[str]:
    if isinstance(value, Mapping):
        lines = []
        for key, entry in value.items():
            lines += _flat(entry, f"{name}.{key}" if name else str(key))
        return lines
    if isinstance(value, (list, tuple)) and any(isinstance(entry, Mapping) for entry in value):
        return [", ".join(_flat(entry)) for entry in value]
    if isinstance(value, (list, tuple)):
        value = ", ".join("; ".join(_flat(entry)) for entry in value)
    return [f"{name}: {value}" if name else str(value)]


def _kmh(speed: float, wording: Wording) -> str:
    return wording.number(round_up(speed * KMH_PER_MPS, 1)) if math.isfinite(speed) else NOTHING


def _typical(entry: ClassAtPoint, wording: Wording) -> str:
    return NOTHING if entry.binding is None else _kmh(entry.speed.typical, wording)


def _floor(length: float) -> float:
    """Return a length that must not be overstated, rounded down to 0.1 m."""
    return math.floor(length * 10 + 1e-6) / 10 if math.isfinite(length) else length


def _finite(speed: float) -> float:
    return speed if math.isfinite(speed) else 0.0
