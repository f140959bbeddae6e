"""What leaves a screening? An assessment programme: dates and owners, no speed and no ranking."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from pyogrio.errors import DataSourceError, FeatureError

from parvis.report.cells import neutralised
from parvis.report.coordinates import Projection
from parvis.report.files import OutputNotWritableError, write_bytes, written_whole
from parvis.report.messages import fill
from parvis.report.qgis_style import add_style, quarters_qml
from parvis.screening.programme import Entry, Programme
from parvis.screening.spaces import SpaceOutcome

LAYER = "assessment_programme"
MEANING = (
    "When which space is to be assessed next and by whom, in the order the authority states. "
    "Not a comparison of how exposed spaces are. Handle as marked."
)
COLUMNS: Mapping[str, str] = {
    "id": "text",
    "name": "text",
    "kind": "text",
    "area_m2": "number",
    "next_date": "text",
    "due_quarter": "text",
    "owner": "text",
    "reason": "text",
    "events_per_year": "number",
    "people_present": "number",
    "works_planned": "text",
    "next_event": "text",
    "last_assessment": "text",
    "data_grade": "text",
    "unknown_ground_share": "number",
    "facts_to_measure": "number",
    "survey": "text",
    "access_points": "number",
    "outcome": "text",
    "city": "text",
    "authority": "text",
    "responsible": "text",
    "role": "text",
    "boundary": "text",
    "boundary_hash": "text",
    "screened": "text",
    "order": "text",
    "rules": "text",
    "data_date": "text",
    "data_hash": "text",
    "code_version": "text",
    "marking": "text",
    "meaning": "text",
}
"""All columns in order and what they hold; every output has these and no others."""


def programme_rows(programme: Programme) -> list[dict[str, Any]]:
    """
    Return the rows of a programme in its order, with the keys of `COLUMNS`.

    Numbers that are not known are None. No row says how fast, how hard or through which opening a
    vehicle could come: that is for the report on one space.
    """
    common = head(programme)
    return [_row(entry) | common for entry in programme.entries]


def head(programme: Programme) -> dict[str, str]:
    """Return what every row of a programme says alike: whose it is and how it came about."""
    screening, rules = programme.screening, programme.rules
    facts = screening.provenance
    said = [
        f"every {rules.every_months} months",
        f"{rules.days_before} days before works and events",
    ]
    if rules.per_month is not None:
        said.append(f"at most {rules.per_month} a month")
    return {
        "city": screening.city,
        "authority": screening.responsible.authority,
        "responsible": screening.responsible.name,
        "role": screening.responsible.role,
        "boundary": screening.boundary_source,
        "boundary_hash": screening.boundary_hash,
        "screened": screening.created.isoformat(),
        "order": ", then ".join(screening.criteria),
        "rules": "; ".join(said),
        "data_date": str(facts.get("source", {}).get("date", ""))[:10],
        "data_hash": str(facts.get("city_hash", "")),
        "code_version": str(facts.get("code_version", "")),
        "marking": screening.marking.value,
        "meaning": MEANING,
    }


def _row(entry: Entry) -> dict[str, Any]:
    space, record = entry.space, entry.record
    known: dict[str, Any] = {
        "data_grade": "",
        "unknown_ground_share": None,
        "facts_to_measure": None,
        "survey": "required",
        "access_points": None,
    }
    if isinstance(space, SpaceOutcome):
        outcome = "analysed"
        known = {
            "data_grade": str(space.grade),
            "unknown_ground_share": round(space.unknown_share, 3),
            "facts_to_measure": space.n_to_measure,
            "survey": "required" if space.needs_survey else "",
            "access_points": space.n_access_points,
        }
    else:
        outcome = "not analysed: " + fill(space.code, dict(space.details))
    return {
        "id": space.id,
        "name": space.name,
        "kind": space.kind.replace("_", " "),
        "area_m2": round(space.area),
        "next_date": entry.due.isoformat(),
        "due_quarter": entry.quarter,
        "owner": entry.owner,
        "reason": f"{entry.reason}, month was full" if entry.is_spread else str(entry.reason),
        "events_per_year": record.events,
        "people_present": record.people,
        "works_planned": _iso(record.works),
        "next_event": _iso(record.next_event),
        "last_assessment": _iso(record.last_assessment),
        **known,
        "outcome": outcome,
    }


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def write_programme_csv(programme: Programme, path: Path) -> Path:
    """Write the programme as a table that spreadsheets open; texts are never formulas there."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in programme_rows(programme):
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return write_bytes(path, stream.getvalue().encode("utf-8-sig"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return neutralised(str(value))


def write_programme_geojson(programme: Programme, path: Path) -> Path:
    """Write outlines and programme as GeoJSON in WGS 84."""
    projection = Projection(programme.screening.epsg, "wgs84")
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(
                shapely.to_geojson(
                    shapely.set_precision(
                        projection.geometry(_outline(programme, row["id"])), 1e-7, mode="pointwise"
                    )
                )
            ),
            "properties": {name: row[name] for name in COLUMNS},
        }
        for row in programme_rows(programme)
    ]
    document = {"type": "FeatureCollection", **head(programme), "features": features}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return write_bytes(path, (text + "\n").encode())


def write_programme_gpkg(programme: Programme, path: Path, crs: str | int = "wgs84") -> Path:
    """
    Write outlines and programme as a GeoPackage that QGIS shows by due quarter.

    Parameters
    ----------
    programme : Programme
    path : Path
    crs : str or int
        ``"wgs84"``, ``"city"`` or an EPSG number.
    """
    projection = Projection(programme.screening.epsg, crs)
    rows = programme_rows(programme)
    columns = {
        name: np.array([row[name] for row in rows], dtype=object if kind == "text" else np.float64)
        for name, kind in COLUMNS.items()
    }
    shapes = [projection.geometry(_outline(programme, row["id"])) for row in rows]
    moment = f"{programme.screening.created.isoformat()}T00:00:00.000Z"
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        with written_whole(path) as draft:
            pyogrio.raw.write(
                str(draft),
                np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
                field_data=list(columns.values()),
                fields=list(columns),
                layer=LAYER,
                driver="GPKG",
                geometry_type="MultiPolygon",
                crs=f"EPSG:{projection.epsg}",
            )
            qml = quarters_qml([row["due_quarter"] for row in rows])
            about = head(programme)
            described = f"{about['marking']}. {about['authority']}. {MEANING}"
            add_style(draft, LAYER, qml, description=described, moment=moment)
    except (DataSourceError, FeatureError) as error:
        raise OutputNotWritableError(path=str(path), reason=str(error)) from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return path


def _outline(programme: Programme, space_id: str) -> Any:
    shape = shapely.from_wkb(programme.screening.outlines[space_id])
    return shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape])


def write_programme_calendar(programme: Programme, path: Path) -> Path:
    """
    Write the due dates as a calendar (RFC 5545) with a whole-day entry per space.

    A calendar is easily shared: its entries name the space, the owner and the marking only.
    """
    about = head(programme)
    stamp = programme.screening.created.strftime("%Y%m%dT000000Z")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parvis//assessment programme//EN"]
    for entry in programme.entries:
        title = f"{about['marking']} Assess {entry.space.name or entry.space.id}"
        described = f"Owner: {entry.owner}. {about['authority']}. {entry.space.id}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.space.id.replace('/', '-')}@{about['city']}.parvis.invalid",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{entry.due:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.due + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(title)}",
            f"DESCRIPTION:{_escaped(described)}",
            "CLASS:CONFIDENTIAL",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return write_bytes(path, "".join(_folded(line) for line in lines).encode())


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """Return a line cut so that no piece is longer than 75 octets."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > 74:
            pieces.append(piece)
            piece = " "
        piece += sign
    return "\r\n".join([*pieces, piece]) + "\r\n"


def programme_lines(programme: Programme) -> list[str]:
    """Return what a person reads in the terminal."""
    screening, about = programme.screening, head(programme)
    lines = [
        f"{about['marking']}  {screening.city}: assessment programme of "
        f"{screening.responsible.authority}",
        f"Responsible: {about['responsible']}, {about['role']}; "
        f"boundary: {about['boundary']} ({about['boundary_hash'][:12]})",
        f"Order: {about['order']}. Rules: {about['rules']}.",
        "",
    ]
    lines += [
        f"{entry.due.isoformat()}  {entry.space.id:<18} {entry.space.name or '(no name)':<30} "
        f"{entry.owner}: {entry.reason}"
        for entry in programme.entries
    ]
    if screening.failures:
        n = len(screening.failures)
        lines += ["", f"{n} space{'s' if n > 1 else ''} could not be analysed:"]
        lines += [
            f"  {item.id} {item.name}: {fill(item.code, dict(item.details))}"
            for item in screening.failures
        ]
    return lines
