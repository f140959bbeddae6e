"""What do those who set up a layout need on paper: plans to scale, rows with gaps, coordinates."""

import math
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.events.egress_by_phase import PhaseEgress, egress_of_phase
from parvis.events.layout import Gate, Layout, digest
from parvis.events.positions import Gap, Position, barrier_rows
from parvis.report.coordinates import Projection
from parvis.report.documents import compile_document
from parvis.report.layout_words import (
    finding_texts,
    layout_frame,
    phase_times,
    staff_text,
    users_text,
)
from parvis.report.row_drawings import STRIP_WIDTH, Strip, row_strips
from parvis.report.setup_drawings import (
    COLOURS,
    GATE_COLOUR,
    MAP_HEIGHT,
    MAP_WIDTH,
    phase_plan,
    plan_scale,
)
from parvis.report.wording import Wording


def setup_plan(city: City, layout: Layout, space: BaseGeometry, language: str = "en") -> bytes:
    """
    Return the set-up plan as PDF/UA-1 on A3 landscape.

    Parameters
    ----------
    city : City
        Without the layout.
    layout : Layout
    space : shapely Polygon or MultiPolygon
        Outline of the public space.
    language : {"en", "fr", "pl"}

    Returns
    -------
    bytes
        A page for each phase that differs, the rows of barriers with their gaps, coordinates.
    """
    wording = Wording(language)
    groups = alike_phases(layout)
    scale = plan_scale(layout, space)
    pictures = {
        f"plan-{number}.svg": phase_plan(city, layout, keys[0], space, language)
        for number, keys in enumerate(groups, start=1)
    }
    strips = row_strips(city, layout, language)
    pictures |= {f"row-{number}.svg": strip.picture for number, strip in enumerate(strips, start=1)}
    data = layout_frame(layout, wording) | {
        "map_width": MAP_WIDTH,
        "map_height": MAP_HEIGHT,
        "strip_width": STRIP_WIDTH,
        "scale": wording("layout.scale", scale=scale),
        "plans": [
            _plan(number, keys, city, layout, space, scale, wording)
            for number, keys in enumerate(groups, start=1)
        ],
        "legend": _legend(layout, wording),
        "findings": finding_texts(layout, language),
        "strips": [_strip(number, strip, wording) for number, strip in enumerate(strips, start=1)],
        "coordinates": coordinate_rows(city, layout, wording),
        "coordinates_note": wording("layout.coordinates_note", crs=_crs_name(city.epsg)),
    }
    return compile_document("setup-plan.typ", data, pictures)


def alike_phases(layout: Layout) -> list[list[str]]:
    """Return the keys of phases in groups in which the same stands and the same gates are open."""
    groups: dict[str, list[str]] = {}
    for phase in layout.phases:
        standing = tuple(item.id for item in layout.standing(phase.key))
        users = tuple(
            opening.users if (opening := gate.opening(phase.key)) else () for gate in layout.gates
        )
        groups.setdefault(digest([standing, users]), []).append(phase.key)
    return list(groups.values())


def _plan(
    number: int,
    keys: list[str],
    city: City,
    layout: Layout,
    space: BaseGeometry,
    scale: int,
    wording: Wording,
) -> dict[str, Any]:
    named = wording.join(keys)
    phases = [layout.phase(key) for key in keys]
    return {
        "file": f"plan-{number}.svg",
        "title": wording("layout.plan", number=number, phases=named),
        "alt": wording(
            "layout.plan_alt",
            space=layout.space_name or layout.space_id,
            phases=named,
            scale=scale,
            items=len(layout.standing(keys[0])),
            gates=len(layout.gates),
        ),
        "phases": [
            [phase.key, wording(f"layout.phase_kind.{phase.kind}"), phase_times(phase, wording)]
            for phase in phases
        ],
        "gates": [
            [
                gate.id,
                key,
                users_text(gate, key, wording),
                f"{wording.number(gate.passage, 2)} m" if gate.opening(key) else "–",
                staff_text(gate, key, wording),
            ]
            for gate in layout.gates
            for key in keys
        ],
        "ways": [
            way_row(egress_of_phase(city, layout, phase.key, space), wording) for phase in phases
        ],
    }


def way_row(ways: PhaseEgress, wording: Wording) -> list[str]:
    """Return a phase's ways out as the cells of a table."""
    width = sum(way.width for way in ways.exits)
    stated = f"{wording.number(ways.limit / 60)} min"
    verdict = wording("layout.too_slow" if ways.is_too_slow else "layout.in_time")
    time = "∞" if math.isinf(ways.time) else f"{wording.number(ways.time / 60, 1)} min, {verdict}"
    return [
        ways.phase,
        f"{wording.number(width, 1)} m",
        wording.number(ways.flow),
        wording.number(ways.flow_left),
        wording.number(ways.people) if ways.people else wording("layout.not_stated"),
        time if ways.people else "–",
        stated if ways.is_limit_stated else f"{stated} ({wording('layout.standard')})",
    ]


def _legend(layout: Layout, wording: Wording) -> list[dict[str, str]]:
    kinds = [kind for kind in COLOURS if any(item.kind is kind for item in layout.items)]
    listed = [{"colour": COLOURS[kind], "said": wording(f"layout.kind.{kind}")} for kind in kinds]
    if layout.gates:
        listed.append({"colour": GATE_COLOUR, "said": wording("layout.kind.gate")})
    return listed


def _strip(number: int, strip: Strip, wording: Wording) -> dict[str, Any]:
    key = "row" if strip.first < strip.last else "row_one" if strip.first else "row_gates"
    return {
        "file": f"row-{number}.svg",
        "height": strip.height_mm,
        "title": wording(f"layout.{key}", row=strip.row, first=strip.first, last=strip.last),
        "alt": wording("layout.row_alt", row=strip.row),
    }


def coordinate_rows(city: City, layout: Layout, wording: Wording) -> list[list[str]]:
    """Return the setting-out table: a line per position, two per gate."""
    to_degrees = Projection(city.epsg)
    found: list[list[str]] = []
    for row in barrier_rows(city, layout):
        after = {gap.left: gap for gap in row.gaps if gap.left}
        for place in row.positions:
            found.append(_position_row(place, after.get(str(place.number)), to_degrees, wording))
        for gate in row.gates:
            posts = _posts(gate, after.get(gate.id))
            bearing = _bearing(math.atan2(*(posts[1] - posts[0])[::-1]))
            for number, (x, y) in enumerate(posts, start=1):
                gap = after.get(gate.id) if number == 2 else None
                found.append(
                    [
                        wording("layout.post", gate=gate.id, number=number),
                        str(row.number),
                        gate.id,
                        wording("layout.kind.gate"),
                        wording.number(gate.geometry.length, 2),
                        "–",
                        gate.rating or wording("layout.unrated"),
                        *_place(float(x), float(y), to_degrees),
                        wording.number(bearing, 1) + "°",
                        _gap_text(gap, wording),
                    ]
                )
    return found


def _posts(gate: Gate, gap: Gap | None) -> NDArray[np.float64]:
    """Return both posts of a gate as they follow each other along the row."""
    posts = shapely.get_coordinates(gate.geometry)[[0, -1]]
    if gap is None:
        return posts
    away = np.hypot(*(posts - shapely.get_coordinates(gap.line)[0]).T)
    return posts if away[1] <= away[0] else posts[::-1]


def _position_row(
    place: Position, gap: Gap | None, to_degrees: Projection, wording: Wording
) -> list[str]:
    return [
        str(place.number),
        str(place.row),
        place.item.id,
        place.item.stock_type or wording(f"layout.kind.{place.item.kind}"),
        wording.number(place.length, 2),
        wording.number(place.width, 2),
        place.item.rating or wording("layout.unrated"),
        *_place(place.x, place.y, to_degrees),
        wording.number(_bearing(place.rotation), 1) + "°",
        _gap_text(gap, wording),
    ]


def _place(x: float, y: float, to_degrees: Projection) -> list[str]:
    lon, lat = (float(value) for value in to_degrees(x, y))
    return [f"{x:.2f}", f"{y:.2f}", f"{lon:.7f}", f"{lat:.7f}"]


def _bearing(rotation: float) -> float:
    """Return a direction from east, anticlockwise, as bearing in [0°, 180°)."""
    return round(float(np.degrees(math.pi / 2 - rotation)) % 180.0, 1) % 180.0


def _gap_text(gap: Gap | None, wording: Wording) -> str:
    if gap is None:
        return "–"
    said = wording.number(gap.width, 2)
    to = gap.right or wording("layout.face")
    return f"{said} → {to}" + (" !" if gap.is_wide else "")


def _crs_name(epsg: int) -> str:
    return f"EPSG:{epsg} ({pyproj.CRS.from_epsg(epsg).name})"
