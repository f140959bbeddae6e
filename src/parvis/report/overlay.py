"""
What does an interactive map show of a result? The outline by speed and the numbered access points.

Every figure is the one of table and report; nothing lies away from the outline but the places to
measure.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.results import AccessPoint, ApproachResult, PerimeterProfile
from parvis.closure.results import ClosureResult
from parvis.report.closure_geodata import closure_layers
from parvis.report.closure_speech import line_text
from parvis.report.coordinates import Projection
from parvis.report.export import geojson_geometry, protected_area
from parvis.report.geodata import METRE
from parvis.report.maps import band_of, mark_of
from parvis.report.speech import (
    MOST_TO_MEASURE,
    fastest_class,
    first_speed,
    spoken_speed,
    vehicle_name,
)
from parvis.report.wording import Wording

ON_OUTLINE = 1.0
"""A metre of the outline belongs to an access point this near. [m]"""


def approach_overlay(result: ApproachResult, language: str = "en") -> dict[str, Any]:
    """
    Return the result as GeoJSON features for a map, in WGS 84.

    Parameters
    ----------
    result : ApproachResult
    language : {"en", "fr", "pl"}
        Of the labels.

    Returns
    -------
    dict
        Feature collection; every feature that can be chosen has ``id`` and ``text``, its values as
        one sentence. ``layer`` is ``protected_area``, ``people_line``, ``perimeter``,
        ``access_point`` or ``survey``. A stretch of the perimeter has ``number`` of its access
        point, ``speed_kmh`` as the table says it and ``band`` of the legend. Where the physical
        limit of a metre lies below the access point's first speed, it is the metre's speed.
    """
    wording = Wording(language)
    projection = Projection(result.epsg, "wgs84")
    area = protected_area(result)
    features = [_feature("protected_area", area, projection, {"label": result.space_name})]
    if result.people_line is not None:
        line = shapely.from_wkb(result.people_line)
        features.append(_feature("people_line", line, projection, {}))
    for place, (line, row) in enumerate(perimeter_stretches(result), start=1):
        said = {"id": f"{row['number']}-{place}", "text": _stretch_text(row, wording)}
        features.append(_feature("perimeter", line, projection, said | row))
    for point in result.access_points:
        entry = fastest_class(point)
        speed = first_speed(entry)
        first = spoken_speed(speed) if math.isfinite(speed) else None
        mark = mark_of(point, area)
        vehicle = vehicle_name(result, entry.vehicle, wording)
        row = {
            "id": str(point.id),
            "text": _point_text(point, first, vehicle, wording),
            "number": point.id,
            "speed_kmh": first,
            "band": 0 if first is None else band_of(first),
            "vehicle": vehicle,
            "label": str(point.id),
        }
        features.append(_feature("access_point", shapely.Point(mark.x, mark.y), projection, row))
    for number, known in enumerate(result.inputs[:MOST_TO_MEASURE], start=1):
        row = {"id": f"M{number}", "label": f"M{number}", "what": known.what}
        what = f"annex.measure.what.{known.what}"
        row["text"] = f"M{number}: {wording(what) if wording.has(what) else known.what}"
        features.append(_feature("survey", shapely.Point(known.x, known.y), projection, row))
    return {"type": "FeatureCollection", "features": features}


def perimeter_stretches(
    result: ApproachResult,
) -> Iterator[tuple[shapely.LineString, dict[str, Any]]]:
    """
    Yield stretches of the outline over which the speed a person is told stays equal.

    Yields
    ------
    tuple of (LineString, dict)
        In the city's CRS; ``number``, ``speed_kmh``, ``band``, ``typical_kmh``, ``limit_kmh`` and
        ``length_m``. Speeds are the greatest of all classes.
    """
    if not result.profiles or not result.access_points:
        return
    first = result.profiles[0]
    places = np.column_stack([first.x, first.y])
    owner = _owners(result, places)
    typical = _greatest([profile.typical for profile in result.profiles])
    limit = _greatest([profile.limit for profile in result.profiles])
    said = _said(result, owner)
    keys = [
        (
            int(owner[row]),
            _spoken(said[row]),
            _spoken(typical[row]),
            _spoken(limit[row]),
            int(first.ring[row]),
        )
        for row in range(len(places))
    ]
    start = 0
    for end in range(1, len(keys) + 1):
        joined = end < len(keys) and _is_next(places, first, end)
        if joined and keys[end] == keys[start]:
            continue
        number, speed, usual, most, _ = keys[start]
        if number > 0 and speed is not None:
            yield (
                _line(places, first, start, end),
                {
                    "number": number,
                    "speed_kmh": speed,
                    "band": band_of(speed),
                    "typical_kmh": usual,
                    "limit_kmh": most,
                    "length_m": (end - start) * METRE,
                },
            )
        start = end


def closure_overlay(result: ClosureResult, language: str = "en") -> dict[str, Any]:
    """
    Return a closure plan as GeoJSON features for a map, in WGS 84.

    Parameters
    ----------
    result : ClosureResult
    language : {"en", "fr", "pl"}

    Returns
    -------
    dict
        Feature collection; ``layer`` is that of `closure_layers`. A line has ``number``, whether it
        ``holds`` and its words in ``label``.
    """
    wording = Wording(language)
    projection = Projection(result.epsg, "wgs84")
    texts = {}
    if result.plans:
        texts = {item.line.id: line_text(item.line, wording) for item in result.plans[0].lines}
    features = []
    for layer in closure_layers(result, language):
        for shape, row in zip(layer.geometries, layer.rows, strict=True):
            kept: dict[str, Any] = {"state": "proposed"}
            if "line" in row:
                text = texts.get(row["line"], str(row["line"]))
                kept |= {"id": _identity(layer.name, row), "text": text, "label": text}
                kept["number"] = row["line"]
            for name in ("holds", "plan", "kind", "clear_gap_m", "is_operable", "is_existing"):
                if name in row:
                    kept[name] = row[name]
            features.append(_feature(layer.name, shape, projection, kept))
    for item in result.plans[0].lines if result.plans else ():
        line = shapely.LineString(item.line.geometry)
        middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
        row = {"id": f"number-{item.line.id}", "label": str(item.line.id)}
        features.append(_feature("line_number", middle, projection, row))
    return {"type": "FeatureCollection", "features": features}


def _point_text(point: AccessPoint, said: int | None, vehicle: str, wording: Wording) -> str:
    street = point.street or wording("annex.access_points.unnamed")
    key = "figure.overlay.point_unknown" if said is None else "figure.overlay.point"
    return wording(key, number=point.id, street=street, speed=said, vehicle=vehicle)


def _stretch_text(row: dict[str, Any], wording: Wording) -> str:
    key = "stretch_limit" if row["typical_kmh"] is None else "stretch"
    return wording(f"figure.overlay.{key}", **row)


def _feature(
    layer: str, shape: shapely.Geometry, projection: Projection, row: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": geojson_geometry(projection.geometry(shape)),
        "properties": {"layer": layer} | row,
    }


def _identity(layer: str, row: dict[str, Any]) -> str:
    if layer == "closure_lines":
        return str(row["line"])
    own = [layer, row.get("plan", ""), row["line"], row.get("number", "")]
    return "-".join(str(part) for part in own if part != "")


def _owners(result: ApproachResult, places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of the access point each metre belongs to, 0 for none."""
    metres = np.asarray(shapely.points(places))
    lines = np.array([_stretch(point) for point in result.access_points], dtype=object)
    distance = shapely.distance(metres[:, None], lines[None, :])
    nearest = distance.argmin(axis=1)
    numbers = np.array([point.id for point in result.access_points], dtype=np.int64)
    return np.where(distance.min(axis=1) <= ON_OUTLINE, numbers[nearest], 0)


def _stretch(point: AccessPoint) -> shapely.Geometry:
    if len(point.geometry) == 1:
        return shapely.Point(point.geometry[0])
    return shapely.LineString(point.geometry)


def _said(result: ApproachResult, owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the speed told at each metre [m s⁻¹], NaN where no class arrives."""
    speeds = []
    for profile in result.profiles:
        at_point = np.full(len(owner), np.nan)
        for point in result.access_points:
            for entry in point.classes:
                if entry.vehicle == profile.vehicle:
                    at_point[owner == point.id] = first_speed(entry)
        speeds.append(
            np.where(np.isfinite(profile.limit), np.minimum(at_point, profile.limit), np.nan)
        )
    return _greatest(speeds)


def _greatest(columns: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    greatest = columns[0]
    for column in columns[1:]:
        greatest = np.fmax(greatest, column)
    return greatest


def _spoken(speed: float) -> int | None:
    return spoken_speed(float(speed)) if math.isfinite(speed) else None


def _is_next(places: NDArray[np.float64], profile: PerimeterProfile, row: int) -> bool:
    """Tell whether a metre follows the one before on the same ring without a gap."""
    step = places[row] - places[row - 1]
    is_near = bool(np.hypot(step[0], step[1]) < 2 * METRE)
    return is_near and profile.ring[row] == profile.ring[row - 1]


def _line(
    places: NDArray[np.float64], profile: PerimeterProfile, start: int, end: int
) -> shapely.LineString:
    """Return the metres as a line that meets its neighbours halfway."""
    line = [*places[start:end]]
    if start > 0 and _is_next(places, profile, start):
        line.insert(0, (places[start - 1] + places[start]) / 2)
    if end < len(places) and _is_next(places, profile, end):
        line.append((places[end - 1] + places[end]) / 2)
    return shapely.LineString(line if len(line) > 1 else line * 2)
