"""What is said about recorded incidents: as data, and in lines for people."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from parvis.incidents.counts import Count
from parvis.incidents.reporting import Reporting
from parvis.indicators.estimates import Estimate
from parvis.io.incident_request import HotSpotAnswer, Summary
from parvis.io.incident_table import IncidentFile
from parvis.report.messages import fill

N_REJECTED = 20
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def preview_document(read: IncidentFile) -> dict[str, Any]:
    """Return what was read and which rows were rejected."""
    incidents = read.incidents
    return {
        "file": read.file,
        "columns": list(read.columns),
        "mapping": read.mapping.columns,
        "n": incidents.n(),
        "precision": incidents.precision.value,
        "n_without_place": incidents.n_without_place,
        "n_without_time": read.n_without_time,
        "n_rejected": len(read.rejected),
        "rejected": [
            {"row": each.row, "column": each.column, "value": each.value, "accepted": each.accepted}
            for each in read.rejected
        ],
    }


def preview_lines(document: dict[str, Any]) -> list[str]:
    """Return the preview in lines, with every rejected row."""
    said = ", ".join(f"{what}={column}" for what, column in document["mapping"].items())
    columns = ", ".join(document["columns"])
    rejected = list(_rejected(document, len(document["rejected"])))
    return [*_head(document), f"  columns: {columns}", f"  read as: {said}", *rejected]


def summary_document(found: Summary) -> dict[str, Any]:
    """Return a summary as plain data."""
    request = found.request
    week = found.week
    return preview_document(found.read) | {
        "reporting": _reporting(request.reporting),
        "level": request.level,
        "periods": [_count(each) for each in found.periods],
        "kinds": [_count(each) for each in found.kinds],
        "places": [_count(each) for each in found.places],
        "areas": [_count(each) | _label(found, each) for each in found.areas],
        "population": request.population if request.populations else None,
        "per": request.multiplier if request.populations else None,
        "years": found.years,
        "n_outside": found.n_outside,
        "areas_unknown": list(found.unknown),
        "codes_source": None if request.codes is None else request.codes.source,
        "codes_unmatched": dict(found.unmatched),
        "codes_without_class": {
            code: request.codes.without_class[code]
            for code in found.unmatched
            if request.codes is not None and code in request.codes.without_class
        },
        "months": [
            {"month": month, "count": row[0], "low": row[1], "high": row[2], "of_30_days": row[3]}
            for month, row in found.months
        ],
        "week": None
        if week is None
        else {
            "counts": week.counts.round(3).tolist(),
            "low": week.low.round(3).tolist(),
            "high": week.high.round(3).tolist(),
            "n": week.n,
            "n_spread": week.n_spread,
            "n_unknown": week.n_unknown,
        },
    }


def summary_lines(document: dict[str, Any]) -> list[str]:
    """Return a summary in lines."""
    lines = [*_head(document), *_rejected(document, N_REJECTED)]
    for title, group in (("By period", "periods"), ("By kind", "kinds"), ("By place", "places")):
        lines += _table(title, document[group])
    title = "By area"
    if document["population"]:
        title += f", and a year per {document['per']:g} people ({document['population']})"
    lines += _table(title, document["areas"])
    if document["n_outside"]:
        lines.append(f"  in none of the areas: {document['n_outside']}")
    if document["areas_unknown"]:
        unknown = document["areas_unknown"]
        named = ", ".join(unknown[:5])
        lines.append(f"  people of {len(unknown)} areas that are not there: {named}")
    if document["codes_unmatched"]:
        lines.append(f"Codes that {document['codes_source']} lacks:")
        for code, count in document["codes_unmatched"].items():
            why = document["codes_without_class"].get(code, "")
            lines.append(f"  {code}: {count}{'  ' if why else ''}{why}")
    if document["week"]:
        lines += _week(document["week"])
    return lines


def hotspot_document(found: HotSpotAnswer) -> dict[str, Any]:
    """Return hot spots as plain data: areas by name, cells as sums, no single incident."""
    spots, request, grid, zones = found.spots, found.request, found.grid, found.zones
    concentration = found.concentration
    document = preview_document(found.read) | {
        "reporting": _reporting(request.reporting),
        "compared": "rates" if request.populations else "counts",
        "false_discoveries": spots.rate,
        "control": spots.control,
        "n_compared": len(found.counts),
        "n_without_people": _without_people(found),
        "n_high": int(spots.is_high.sum()),
        "n_low": int(spots.is_low.sum()),
        "concentration": {
            "n_places": concentration.n_places,
            "share_of_places": concentration.share_of_places,
            "of_incidents": concentration.of_incidents,
            "gini": concentration.gini,
            "gini_sparse": concentration.gini_sparse,
        },
        "cell": None if grid is None else grid.cell,
        "density_highest": None if found.density is None else float(found.density.max()),
        "areas": [],
        "repeats": None,
    }
    if zones is not None:
        order = sorted(range(len(zones.codes)), key=lambda at: (zones.names[at], zones.codes[at]))
        document["areas"] = [
            {
                "code": zones.codes[at],
                "name": zones.names[at],
                "count": int(found.counts[at]),
                "z": _finite(spots.z[at]),
                "p_adjusted": float(spots.p_adjusted[at]),
                "stands_out": "high" if spots.is_high[at] else "low" if spots.is_low[at] else None,
            }
            for at in order
        ]
    if found.repeats is not None:
        repeats = found.repeats
        document["repeats"] = {
            "distances": [list(each) for each in repeats.distances],
            "days": [list(each) for each in repeats.days],
            "pairs": repeats.pairs.tolist(),
            "expected": repeats.expected.round(3).tolist(),
            "ratio": [[_finite(each) for each in row] for row in repeats.ratio],
            "p": repeats.p.tolist(),
            "n": repeats.n_incidents,
            "permutations": repeats.permutations,
            "seed": repeats.seed,
        }
    return document


def hotspot_lines(document: dict[str, Any]) -> list[str]:
    """Return hot spots in lines."""
    lines = [*_head(document), *_rejected(document, N_REJECTED)]
    what = "areas" if document["areas"] else f"cells of {document['cell']:g} m"
    told = f"{document['n_high']} of {document['n_compared']} {what} stand out as high"
    share = document["false_discoveries"]
    lines.append(
        f"{told}, {document['n_low']} as low "
        f"({document['compared']}, false discoveries {share:.0%}, {document['control']})"
    )
    for each in document["areas"]:
        if each["stands_out"]:
            name = f"{each['name']} ({each['code']})"
            lines.append(f"  {name}: {each['stands_out']}, z {each['z']:.2f}")
    if document["n_without_people"]:
        lines.append(f"  {document['n_without_people']} areas left out: their people are not known")
    concentration = document["concentration"]
    lines.append(
        f"{concentration['share_of_places']:.1%} of the {what} hold "
        f"{concentration['of_incidents']:.0%} of the incidents; Gini {concentration['gini']:.3f}, "
        f"for few incidents {concentration['gini_sparse']:.3f}"
    )
    if document["density_highest"] is not None:
        lines.append(f"Density up to {document['density_highest']:.4g} per km²")
    if document["repeats"]:
        lines += _repeats(document["repeats"])
    return lines


def _without_people(found: HotSpotAnswer) -> int:
    given, compared = found.request.zones, found.zones
    return 0 if given is None or compared is None else len(given.codes) - len(compared.codes)


def _head(document: dict[str, Any]) -> list[str]:
    place, time = document["n_without_place"], document["n_without_time"]
    lines = [
        f"{document['file']}: {document['n']} incidents, {place} without a place, "
        f"{time} without a time; times by {document['precision']}"
    ]
    if "reporting" in document:
        lines.append(document["reporting"]["text"])
    return lines


def _rejected(document: dict[str, Any], most: int) -> Iterator[str]:
    if not document["n_rejected"]:
        return
    yield f"{document['n_rejected']} rows rejected:"
    for each in document["rejected"][:most]:
        yield (
            f"  row {each['row']}, {each['column']}: {each['value']!r}; "
            f"accepted: {each['accepted']}"
        )
    if document["n_rejected"] > most:
        yield "  … all with --preview"


def _table(title: str, counts: Sequence[dict[str, Any]]) -> list[str]:
    if not counts:
        return []
    names = [
        f"{each['label']} ({each['name']})" if each.get("label") else each["name"] or "not said"
        for each in counts
    ]
    width = max(len(name) for name in names)
    lines = [f"{title}:"]
    for name, each in zip(names, counts, strict=True):
        count, rate = each["count"], each["rate"]
        told = f"{count['value']:.0f}  {count['low']:.1f} to {count['high']:.1f}"
        if rate is not None:
            told += f"  rate {rate['value']:.2f}  {rate['low']:.2f} to {rate['high']:.2f}"
        lines.append(f"  {name:<{width}}  {told}")
    return lines


def _week(week: dict[str, Any]) -> list[str]:
    lines = ["By hour of the day (0 to 23):"]
    for day, counts in zip(_DAYS, week["counts"], strict=True):
        lines.append(f"  {day} " + " ".join(f"{count:5.0f}" for count in counts))
    if week["n_spread"] or week["n_unknown"]:
        lines.append(f"  {week['n_spread']} told between two times, {week['n_unknown']} unknown")
    return lines


def _repeats(repeats: dict[str, Any]) -> list[str]:
    lines = [f"Pairs of {repeats['n']} incidents, over those expected by chance:"]
    for (near, far), ratios, chances in zip(
        repeats["distances"], repeats["ratio"], repeats["p"], strict=True
    ):
        where = "same place" if far == 0 else f"[{near:g}, {far:g}) m"
        cells = []
        for (first, last), ratio, p in zip(repeats["days"], ratios, chances, strict=True):
            told = "none" if ratio is None else f"{ratio:.2f}, p {p:.3f}"
            cells.append(f"[{first}, {last}) days {told}")
        lines.append(f"  {where}: " + "; ".join(cells))
    return lines


def _reporting(reporting: Reporting) -> dict[str, Any]:
    note = reporting.note
    return reporting.to_json() | {"text": fill(note.code, note.details)}


def _count(each: Count) -> dict[str, Any]:
    rate = None if each.rate is None else _estimate(each.rate)
    return {
        "name": each.name,
        "count": _estimate(each.count),
        "rate": rate,
        "population": each.population,
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    document = estimate.to_json()
    document["notes"] = [
        {"code": note.code, "text": fill(note.code, note.details)} for note in estimate.notes
    ]
    return document


def _label(found: Summary, each: Count) -> dict[str, Any]:
    return {"label": found.names.get(each.name, "")}


def _finite(value: float | np.floating[Any]) -> float | None:
    return float(value) if math.isfinite(value) else None
