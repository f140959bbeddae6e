"""One table of present and variants: for a terminal, as JSON, CSV and XLSX; marked, unranked."""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from parvis.approach.comparison import ComparedPlace, Comparison, DesignTotals
from parvis.approach.results import AccessPoint, ClassAtPoint
from parvis.errors import InputError
from parvis.packs.closure_content import openness_requirements
from parvis.report.files import write_bytes, written_whole
from parvis.report.speech import (
    fastest_class,
    first_speed,
    governing_class,
    spoken_speed,
)
from parvis.report.wording import Wording
from parvis.terms import Marking

SCHEMA = "urn:parvis:schema:comparison:1"
OPEN, LIMIT_ONLY, CLOSED = "open", "limit only", "closed"
DIFFERENCES = (
    "closed",
    "reached at the physical limit only",
    "open",
    "lower speed",
    "higher speed",
)
"""What a variant can do at a place, in the order it is told."""
DIFFERENCE_OF = {CLOSED: DIFFERENCES[0], LIMIT_ONLY: DIFFERENCES[1], OPEN: DIFFERENCES[2]}
_PLACE_FIELDS = (
    "access_points",
    "clear_width_m",
    "vehicle",
    "said_speed_kmh",
    "required_rating",
    "rating_reason",
    "fastest_vehicle",
    "fastest_said_speed_kmh",
    "existing",
    "grade",
)
_FIELDS = (
    "state",
    *_PLACE_FIELDS,
    "widest_gap_m",
    "walking_width_m",
    "accessible_width",
    "cycle_passage",
    "egress_persons_per_min",
)


class ComparisonFileError(InputError):
    """A comparison is written as a table or a picture of a known type."""

    code = "comparison_file"


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """
    Return the comparison as a JSON document; keys carry units, a value that is not is None.

    Places stand in the order of the perimeter. Nothing is ranked and nothing is added up to a
    score: a design can do better in one figure and worse in another.
    """
    first = comparison.results[0]
    return {
        "schema": SCHEMA,
        "marking": Marking.AMBER.value,
        "meaning": Wording("en")("meaning"),
        "space": {"id": first.space_id, "name": first.space_name, "area_m2": round(first.area, 1)},
        "design_speed": first.design,
        "vehicles": [vehicle.key for vehicle in first.vehicles],
        "designs": [
            {
                "name": name,
                "city_hash": result.provenance["city_hash"],
                "run_id": result.provenance["run_id"],
                **_totals(totals),
            }
            for name, result, totals in zip(
                comparison.designs, comparison.results, comparison.totals, strict=True
            )
        ],
        "places": [
            {
                "number": place.number,
                "street": place.street,
                "designs": {
                    name: {"state": place_state(place, at)}
                    | _place(place.points[at])
                    | _openness(place, at)
                    for at, name in enumerate(comparison.designs)
                },
            }
            for place in comparison.places
        ],
    }


def comparison_lines(comparison: Comparison) -> list[str]:
    """Return heading, a line per place with all designs, the totals and what differs in words."""
    document = comparison_document(comparison)
    table = [
        ["", *comparison.designs, ""],
        *(
            [
                str(place["number"]),
                *(_cell(entry) for entry in place["designs"].values()),
                place["street"] or "unnamed ground",
            ]
            for place in document["places"]
        ),
    ]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    title = document["space"]["name"] or document["space"]["id"]
    lines = [
        f"{title} ({document['space']['id']}): the present and {len(comparison.designs) - 1} "
        f"variant{'s' if len(comparison.designs) > 2 else ''}; {document['marking']}",
        document["meaning"],
        "",
        *(
            "  ".join(f"{cell:<{n}}" for cell, n in zip(row, widths, strict=True)).rstrip()
            for row in table
        ),
    ]
    lines.append("")
    for label, key, unit in (
        ("Access points", "access_points", ""),
        ("Clear width open", "clear_width_m", " m"),
        ("Highest speed said", "fastest_said_speed_kmh", " km/h"),
        ("Rating of most energy", "required_rating", ""),
        ("Width for people on foot", "walking_width_m", " m"),
        ("Egress, widest way out lost", "egress_persons_per_min", " persons/min"),
    ):
        said = ", ".join(
            f"{entry['name']} {_figure(entry, key)}{unit}" for entry in document["designs"]
        )
        lines.append(f"{label}: {said}")
    return [*lines, "", *difference_lines(comparison)]


def _figure(entry: dict[str, Any], key: str) -> str:
    """Return a figure over all places, with the verdict or reason that belongs to it."""
    value = entry[key]
    if key == "required_rating" and not value:
        return str(entry.get("rating_reason") or "–").replace("_", " ")
    if key == "egress_persons_per_min" and entry["egress"]["outcome"] != "verify":
        needed = entry["egress"]["needed_persons_per_min"]
        return f"{value} ({entry['egress']['outcome']}, {needed:g} needed)"
    return "–" if value is None else str(value)


def difference_lines(comparison: Comparison) -> list[str]:
    """Return one neutral sentence per variant on what it opens, closes and changes."""
    lines = []
    for at, name in enumerate(comparison.designs[1:], start=1):
        parts = [
            f"{said} at {', '.join(map(str, numbers))}"
            for said, numbers in changed_places(comparison, at).items()
        ]
        said = "; ".join(parts) or "no place is opened or closed and no speed said differs"
        lines.append(f"- {name} beside the present: {said}.")
    return lines


def changed_places(comparison: Comparison, at: int) -> dict[str, list[int]]:
    """Return the places a design changes, by number under each of `DIFFERENCES`, in their order."""
    found: dict[str, list[int]] = {}
    for place in comparison.places:
        said = _difference(place, at)
        if said:
            found.setdefault(said, []).append(place.number)
    return {said: found[said] for said in DIFFERENCES if said in found}


def _difference(place: ComparedPlace, at: int) -> str:
    """Return in words what a variant changes at a place, "" for nothing that is said."""
    before, after = place_state(place, 0), place_state(place, at)
    if before != after:
        return DIFFERENCE_OF[after]
    slow, fast = (_speed(place.points[d]) for d in (at, 0))
    if slow == fast or after == CLOSED:
        return ""
    return DIFFERENCES[3] if slow < fast else DIFFERENCES[4]


def place_state(place: ComparedPlace, at: int) -> str:
    """Return whether a design leaves a place open, open at the physical limit only, or closed."""
    points = place.points[at]
    if not points:
        return CLOSED
    return LIMIT_ONLY if all(point.only_limit for point in points) else OPEN


def write_table(comparison: Comparison, path: Path) -> Path:
    """
    Write the comparison as CSV or XLSX, one line per place and one for the totals.

    Raises
    ------
    ComparisonFileError, OutputNotWritableError
    """
    check_table_name(path)
    header, rows = table_rows(comparison)
    if path.suffix.lower() == ".csv":
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([[_harmless(cell) for cell in row] for row in rows])
        return write_bytes(path, ("\ufeff" + stream.getvalue()).encode())
    _write_xlsx(comparison, header, rows, path)
    return path


def check_table_name(path: Path) -> None:
    """
    Raise where a table's name ends in neither .csv nor .xlsx.

    Raises
    ------
    ComparisonFileError
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise ComparisonFileError(file=path.name, what="a table", accepted=".csv or .xlsx")


def table_rows(comparison: Comparison) -> tuple[list[str], list[list[Any]]]:
    """Return header and lines of the one table: a column per design and figure."""
    document = comparison_document(comparison)
    names = comparison.designs
    header = ["place", "street", *(f"{name}: {key}" for name in names for key in _FIELDS)]
    rows = [
        [place["number"], place["street"]]
        + [_plain(place["designs"][name].get(key, "")) for name in names for key in _FIELDS]
        for place in document["places"]
    ]
    total: list[Any] = ["all", ""]
    for entry in document["designs"]:
        total += [_plain(entry.get(key, "")) for key in _FIELDS]
    marking = document["marking"]
    return [*header, "marking"], [[*row, marking] for row in [*rows, total]]


def _place(points: Sequence[AccessPoint]) -> dict[str, Any]:
    """Return the figures of one design at one place; of several access points the greatest."""
    if not points:
        return {key: [] if key == "access_points" else None for key in _FIELDS} | {"is_open": False}
    widest = sum(point.clear_width for point in points)
    strongest = max((governing_class(point) for point in points), key=lambda entry: entry.energy)
    fastest = max((fastest_class(point) for point in points), key=lambda e: _said(e) or 0)
    existing = "none"
    for state in ("unrated", "rated"):
        existing = state if any(point.existing == state for point in points) else existing
    return {
        "access_points": [point.id for point in points],
        "clear_width_m": round(widest, 2) if math.isfinite(widest) else None,
        **_rating(strongest),
        "fastest_vehicle": fastest.vehicle,
        "fastest_said_speed_kmh": _said(fastest),
        "existing": existing,
        "grade": str(max(point.grade for point in points)),
    }


def _openness(place: ComparedPlace, at: int) -> dict[str, Any]:
    """Return how wide a place is for people on foot in one design."""
    checks = {check.key: check for check in place.checks[at]}
    outcome = {
        key: checks[key].outcome if key in checks else "fail"
        for key in ("accessible_width", "cycle_passage")
    }
    least = openness_requirements()["minimum_width"]
    return {
        "widest_gap_m": round(max(place.gaps[at], default=0.0), 2),
        "walking_width_m": round(sum(gap for gap in place.gaps[at] if gap >= least), 2),
        "gaps_m": [round(gap, 2) for gap in place.gaps[at]],
        **outcome,
    }


def _rating(entry: ClassAtPoint) -> dict[str, Any]:
    return {
        "vehicle": entry.vehicle,
        "said_speed_kmh": _said(entry),
        "required_rating": entry.required_rating,
        "rating_reason": "" if entry.required_rating else entry.rating_reason,
    }


def _totals(totals: DesignTotals) -> dict[str, Any]:
    nothing = {"vehicle": None, "said_speed_kmh": None, "required_rating": None}
    fastest, egress = totals.fastest, totals.egress
    return {
        "access_points": totals.n_access_points,
        "physical_limit_only": totals.n_only_limit,
        "clear_width_m": round(totals.clear_width, 2),
        **(nothing if totals.governing is None else _rating(totals.governing)),
        "fastest_vehicle": fastest.vehicle if fastest else None,
        "fastest_said_speed_kmh": _said(fastest) if fastest else None,
        "walking_width_m": round(totals.walking_width, 2),
        "egress_persons_per_min": round(egress.value),
        "egress": {
            "outcome": egress.outcome,
            "needed_persons_per_min": _number(egress.needed),
            "all_exits_persons_per_min": round(egress.details["after"]),
            "lost_share": round(egress.details["lost"], 3),
            "n_exits": egress.details["n_exits"],
        },
    }


def _number(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None


def _said(entry: ClassAtPoint) -> int | None:
    speed = first_speed(entry)
    return spoken_speed(speed) if math.isfinite(speed) else None


def _speed(points: Sequence[AccessPoint]) -> int:
    return max((_said(fastest_class(point)) or 0 for point in points), default=0)


def _cell(entry: dict[str, Any]) -> str:
    if entry["state"] == CLOSED:
        return CLOSED
    if entry["state"] == LIMIT_ONLY:
        return f"limit only: {entry['fastest_said_speed_kmh']} km/h"
    rating = entry["required_rating"] or entry["rating_reason"].replace("_", " ")
    return f"{entry['clear_width_m']:.1f} m  {entry['said_speed_kmh']} km/h  {rating}"


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _harmless(value: Any) -> Any:
    """Return text so that no spreadsheet takes it for a formula."""
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if is_formula else value


def _write_xlsx(
    comparison: Comparison, header: Sequence[str], rows: Sequence[Sequence[Any]], path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        sheet = book.create_sheet()
    sheet.title = "comparison"
    first = comparison.results[0]
    sheet.append([f"{Marking.AMBER.value}  {first.space_name or first.space_id}"])
    sheet.append([Wording("en")("meaning")])
    sheet.append(list(header))
    for row in rows:
        sheet.append([_harmless(cell) for cell in row])
    bold = Font(bold=True)
    for cells in (sheet[1], sheet[3], sheet[3 + len(rows)]):
        for cell in cells:
            cell.font = bold
    shade = PatternFill("solid", fgColor="EEEAE2")
    for column in range(1, len(header) + 1):
        cell = sheet.cell(3, column)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if 2 < column < len(header) and ((column - 3) // len(_FIELDS)) % 2 == 0:
            for line in range(3, 4 + len(rows)):
                sheet.cell(line, column).fill = shade
        sheet.column_dimensions[get_column_letter(column)].width = 24 if column == 2 else 15
    sheet.freeze_panes = "C4"
    about = book.create_sheet("designs")
    about.append(["design", "city hash", "run", "created"])
    for name, result in zip(comparison.designs, comparison.results, strict=True):
        facts = result.provenance
        about.append([name, facts["city_hash"], facts["run_id"], facts["created"]])
    for letter, width in zip("ABCD", (16, 70, 20, 28), strict=True):
        about.column_dimensions[letter].width = width
    with written_whole(path) as draft:
        book.save(draft)
