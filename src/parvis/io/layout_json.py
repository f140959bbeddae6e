"""How is a temporary layout written down, to be read back in any coordinate system."""

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from parvis.events.layout import (
    Finding,
    Gate,
    Item,
    ItemKind,
    Layout,
    Opening,
    Phase,
    PhaseKind,
    Times,
    Unplaced,
    Users,
)

VERSION = 1
DIGITS = 9


def layout_document(layout: Layout, findings: Sequence[Finding], epsg: int) -> dict[str, Any]:
    """Return a layout as JSON values, geometries in longitude and latitude of WGS 84."""

    def degrees(shape: BaseGeometry) -> Any:
        return in_degrees(shape, epsg)

    return {
        "version": VERSION,
        "name": layout.name,
        "space": {"id": layout.space_id, "name": layout.space_name},
        "time_zone": layout.time_zone,
        "phases": [
            {
                "key": phase.key,
                "kind": str(phase.kind),
                "times": [[t.starts.isoformat(), t.ends.isoformat()] for t in phase.times],
                "people": phase.people,
                "leave_within_s": _or_none(phase.leave_within),
                "notes": phase.notes,
            }
            for phase in layout.phases
        ],
        "items": [
            {
                "id": item.id,
                "kind": str(item.kind),
                "geometry": degrees(item.geometry),
                "phases": list(item.phases),
                "length_m": _or_none(item.length),
                "width_m": _or_none(item.width),
                "rating": item.rating,
                "stock_type": item.stock_type,
                "notes": item.notes,
            }
            for item in layout.items
        ],
        "gates": [
            {
                "id": gate.id,
                "geometry": degrees(gate.geometry),
                "openings": [
                    {
                        "phase": opening.phase,
                        "users": [str(users) for users in opening.users],
                        "staffed_by": opening.staffed_by,
                        "on_leaving": opening.on_leaving,
                    }
                    for opening in gate.openings
                ],
                "clear_width_m": _or_none(gate.clear_width),
                "rating": gate.rating,
                "notes": gate.notes,
            }
            for gate in layout.gates
        ],
        "unplaced": [
            {
                "id": barrier.id,
                "kind": barrier.kind,
                "address": barrier.address,
                "count": barrier.count,
                "length_m": _or_none(barrier.length),
                "rating": barrier.rating,
                "near": None if barrier.near is None else degrees(barrier.near),
            }
            for barrier in layout.unplaced
        ],
        "findings": [
            {
                "code": finding.code,
                "sheet": finding.sheet,
                "row": finding.row,
                "value": finding.value,
                "details": dict(finding.details),
            }
            for finding in findings
        ],
        "source": dict(layout.source),
    }


def in_degrees(shape: BaseGeometry, epsg: int) -> dict[str, Any]:
    """Return a geometry of a city as GeoJSON, in longitude and latitude of WGS 84."""
    transformer = _transformer(epsg, 4326)
    moved = shapely.transform(
        shapely.force_2d(shape),
        lambda xy: np.column_stack(transformer.transform(*xy.T)).round(DIGITS),
    )
    found: dict[str, Any] = json.loads(shapely.to_geojson(moved))
    return found


def layout_from(said: Mapping[str, Any], epsg: int) -> Layout:
    """Return the layout of a document in the coordinates of a city."""
    transformer = _transformer(4326, epsg)

    def metres(shape: Any) -> BaseGeometry:
        return shapely.transform(
            shapely.from_geojson(json.dumps(shape)),
            lambda xy: np.column_stack(transformer.transform(*xy.T)),
        )

    zone = ZoneInfo(said["time_zone"])

    def moment(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).astimezone(zone)

    return Layout(
        name=said["name"],
        space_id=said["space"]["id"],
        space_name=said["space"]["name"],
        time_zone=said["time_zone"],
        phases=tuple(
            Phase(
                phase["key"],
                PhaseKind(phase["kind"]),
                tuple(Times(moment(starts), moment(ends)) for starts, ends in phase["times"]),
                int(phase["people"]),
                _or_nan(phase["leave_within_s"]),
                phase["notes"],
            )
            for phase in said["phases"]
        ),
        items=tuple(
            Item(
                item["id"],
                ItemKind(item["kind"]),
                metres(item["geometry"]),
                tuple(item["phases"]),
                _or_nan(item["length_m"]),
                _or_nan(item["width_m"]),
                item["rating"],
                item["stock_type"],
                item["notes"],
            )
            for item in said["items"]
        ),
        gates=tuple(
            Gate(
                gate["id"],
                metres(gate["geometry"]),
                tuple(
                    Opening(
                        opening["phase"],
                        tuple(Users(users) for users in opening["users"]),
                        opening["staffed_by"],
                        opening["on_leaving"],
                    )
                    for opening in gate["openings"]
                ),
                _or_nan(gate["clear_width_m"]),
                gate["rating"],
                gate["notes"],
            )
            for gate in said["gates"]
        ),
        unplaced=tuple(
            Unplaced(
                barrier["id"],
                barrier["kind"],
                barrier["address"],
                int(barrier["count"]),
                _or_nan(barrier["length_m"]),
                barrier["rating"],
                metres(barrier["near"]) if barrier.get("near") else None,
            )
            for barrier in said["unplaced"]
        ),
        findings=tuple(Finding(**finding) for finding in said["findings"]),
        source=said["source"],
    )


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)
