"""What of a closure plan stands on the map of a machine? Lines, elements, gaps, enclosed ground."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.closure.results import ClosurePlan, ClosureResult, ScheduledLine
from parvis.closure.verify import footprint
from parvis.report.closure_export import closure_document
from parvis.report.closure_setting_out import gap_ends, ground_of, piece
from parvis.report.coordinates import Projection
from parvis.report.export import rounded
from parvis.report.geodata import Layer, write_features, write_package

COMMON: dict[str, type] = {"space_id": str, "marking": str, "meaning": str}
LINE_COLUMNS: dict[str, type] = {
    "line": int,
    "street": str,
    "width_m": float,
    "vehicle": str,
    "required_rating": str,
    "stand_off_m": float,
    "grade": str,
    "is_existing": bool,
    "keeps_emergency_access": bool,
    "scheme": str,
    "family": str,
    "permanence": str,
    "rating": str,
    "n_elements": int,
    "greatest_gap_m": float,
    "cost_low": float,
    "cost_high": float,
    "currency": str,
    "cost_is_verified": bool,
    "holds": bool,
    "open_to": str,
    "checks_failed": str,
    "checks_to_verify": str,
}
COLUMNS: dict[str, dict[str, type]] = {
    "protected_area": COMMON | {"name": str, "kind": str, "summary": str},
    "enclosed": {"plan": str, "area_m2": float} | COMMON,
    "closure_lines": LINE_COLUMNS | COMMON,
    "barrier_elements": {
        "line": int,
        "number": int,
        "kind": str,
        "length_m": float,
        "width_m": float,
        "rotation_deg": float,
        "is_operable": bool,
        "x_m": float,
        "y_m": float,
    }
    | COMMON,
    "gaps": {"line": int, "number": int, "clear_gap_m": float} | COMMON,
    "alternative_lines": {"plan": str} | LINE_COLUMNS | COMMON,
    "cannot_close": COMMON | {"reason": str},
}
"""Columns of each layer with their types; the same whether a layer holds anything or not."""

GEOMETRY_TYPES = {
    "protected_area": "MultiPolygon",
    "enclosed": "MultiPolygon",
    "closure_lines": "LineString",
    "barrier_elements": "Polygon",
    "gaps": "LineString",
    "alternative_lines": "LineString",
    "cannot_close": "MultiPolygon",
}


def closure_layers(result: ClosureResult, language: str = "en") -> tuple[Layer, ...]:
    """
    Return the plan as map layers in the city's CRS.

    Lines, elements, gaps and enclosed ground are those of the first plan; the lines of the other
    plans stand in a layer of their own.
    """
    document = closure_document(result, language)
    common = {
        "space_id": result.space_id,
        "marking": document["marking"],
        "meaning": document["meaning"],
    }
    area = {"name": result.space_name, "kind": result.space_kind, "summary": document["summary"]}
    features: dict[str, list[tuple[shapely.Geometry, dict[str, Any]]]] = {
        name: [] for name in COLUMNS
    }
    features["protected_area"].append((_multi(result.protected_area), area))
    if result.where_not is not None:
        reason = {"reason": document["cannot_close_text"]}
        features["cannot_close"].append((_multi(result.where_not), reason))
    for place, (plan, entry) in enumerate(zip(result.plans, document["plans"], strict=True)):
        if place == 0:
            _add_plan(features, plan, entry)
            continue
        features["alternative_lines"] += [
            (shapely.LineString(item.line.geometry), {"plan": plan.key} | _line_row(told))
            for item, told in zip(plan.lines, entry["lines"], strict=True)
        ]
    return tuple(
        Layer(
            name,
            GEOMETRY_TYPES[name],
            tuple(shape for shape, _ in features[name]),
            tuple({key: (row | common)[key] for key in COLUMNS[name]} for _, row in features[name]),
        )
        for name in COLUMNS
    )


def write_closure_geojson(result: ClosureResult, path: Path, language: str = "en") -> Path:
    """Write all layers as one GeoJSON feature collection in WGS 84."""
    document = closure_document(result, language)
    head = {key: document[key] for key in ("marking", "meaning", "summary")}
    projection = Projection(result.epsg, "wgs84")
    return write_features(closure_layers(result, language), head, path, projection)


def write_closure_gpkg(
    result: ClosureResult, path: Path, crs: str | int = "wgs84", language: str = "en"
) -> Path:
    """
    Write a GeoPackage with closure_lines, barrier_elements, gaps, enclosed and what goes with them.

    Parameters
    ----------
    result : ClosureResult
    path : Path
    crs : str or int
        ``"wgs84"``, ``"city"`` or an EPSG number such as that of the national grid.
    language : {"en", "fr", "pl"}

    Returns
    -------
    Path
    """
    tables = [(layer, _columns(layer)) for layer in closure_layers(result, language)]
    return write_package(tables, path, Projection(result.epsg, crs), result.provenance)


def _add_plan(
    features: dict[str, list[tuple[shapely.Geometry, dict[str, Any]]]],
    plan: ClosurePlan,
    document: Mapping[str, Any],
) -> None:
    enclosed = {"plan": plan.key, "area_m2": document["enclosed_m2"]}
    features["enclosed"].append((_multi(plan.enclosed), enclosed))
    for item, told in zip(plan.lines, document["lines"], strict=True):
        line = shapely.LineString(item.line.geometry)
        features["closure_lines"].append((line, _line_row(told)))
        features["barrier_elements"] += [
            (footprint(element), {"line": item.line.id} | entry)
            for element, entry in zip(item.elements, told["elements"], strict=True)
        ]
        features["gaps"] += _gaps(item, line)


def _gaps(
    item: ScheduledLine, line: shapely.LineString
) -> Iterator[tuple[shapely.Geometry, dict[str, Any]]]:
    for number, (gap, (start, end)) in enumerate(
        zip(item.gaps, gap_ends(item), strict=True), start=1
    ):
        row = {"line": item.line.id, "number": number, "clear_gap_m": rounded(gap, 3)}
        yield piece(line, start, end), row


def _line_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    chosen = entry["options"][entry["chosen"]] if entry["chosen"] is not None else {}
    cost = chosen.get("cost") or {}
    gaps = [gap for gap in entry["clear_gaps_m"] if gap is not None]

    def named(outcome: str) -> str:
        return ", ".join(check["name"] for check in entry["checks"] if check["outcome"] == outcome)

    return {
        "line": entry["id"],
        "street": entry["street"],
        "width_m": entry["width_m"],
        "vehicle": entry["vehicle"] or "",
        "required_rating": entry["required_rating"],
        "stand_off_m": entry["stand_off_m"],
        "grade": entry["grade"],
        "is_existing": entry["is_existing"],
        "keeps_emergency_access": entry["keeps_emergency_access"],
        "scheme": chosen.get("scheme", ""),
        "family": chosen.get("family", ""),
        "permanence": chosen.get("permanence", ""),
        "rating": chosen.get("rating", ""),
        "n_elements": len(entry["elements"]),
        "greatest_gap_m": max(gaps, default=None),
        "cost_low": cost.get("low"),
        "cost_high": cost.get("high"),
        "currency": cost.get("currency", ""),
        "cost_is_verified": bool(cost.get("is_verified", False)),
        "holds": entry["holds"],
        "open_to": ", ".join(entry["open_to"]),
        "checks_failed": named("fail"),
        "checks_to_verify": named("verify"),
    }


def _columns(layer: Layer) -> dict[str, NDArray[Any]]:
    return {
        name: _column(kind, [row[name] for row in layer.rows])
        for name, kind in COLUMNS[layer.name].items()
    }


def _column(kind: type, values: list[Any]) -> NDArray[Any]:
    if kind is str:
        return np.array(values, dtype=object)
    if kind is float:
        return np.array([math.nan if value is None else value for value in values], dtype=float)
    return np.array(values, dtype=np.int64 if kind is int else np.bool_)


def _multi(wkb: bytes) -> Any:
    shape = ground_of(wkb)
    return shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape])
