"""How do present and variants stand in the restricted annex: one narrow table, a map a design."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.approach.comparison import Comparison
from parvis.city.model import City
from parvis.report.basemap import saved
from parvis.report.comparison import CLOSED, LIMIT_ONLY, changed_places, comparison_document
from parvis.report.comparison_maps import comparison_figure
from parvis.report.layout_data import space_title
from parvis.report.wording import Wording

TEXTS = "closure.compare"
NOTHING = "–"


def annex_comparison(
    comparison: Comparison,
    cities: Sequence[City],
    limits: Sequence[Any],
    language: str = "en",
    *,
    without_register: bool = False,
) -> dict[str, Any]:
    """
    Return present and variants as `parvis.report.documents.write_report` takes them.

    Parameters
    ----------
    comparison : Comparison
    cities : sequence of City
        One a design, in the same order.
    limits : sequence of Geometry or None
        Inside which each design replaces the present; None for the present.
    language : {"en", "fr", "pl"}
    without_register : bool
        Whether the rest of the annex knows barriers of a register that the designs lack.
    """
    wording = Wording(language)
    document = comparison_document(comparison)
    names = [wording(f"{TEXTS}.present"), *comparison.designs[1:]]
    rows = [
        [_place_name(place, comparison.designs[0], wording)]
        + [_cell(place["designs"][name], wording) for name in comparison.designs]
        for place in document["places"]
    ]
    rows += [
        [wording(f"{TEXTS}.total.{key}"), *(_total(of, key, wording) for of in document["designs"])]
        for key in ("access_points", "clear_width_m", "speed", "walking_width_m", "egress")
    ]
    notes = [wording(f"{TEXTS}.places")]
    notes += [
        _difference(changed_places(comparison, at), name, wording)
        for at, name in enumerate(comparison.designs[1:], start=1)
    ]
    if without_register:
        notes.append(wording(f"{TEXTS}.without_register"))
    space = space_title(comparison.results[0], wording)
    return {
        "head": [wording(f"{TEXTS}.place"), *names],
        "rows": rows,
        "notes": notes,
        "pictures": [
            {
                "file": f"design-{at}.svg",
                "content": saved(
                    comparison_figure(comparison, cities, limits, language=language, shown=(at,))
                ),
                "alt": wording(f"{TEXTS}.alt", design=name, space=space),
                "caption": wording(f"{TEXTS}.caption", design=name),
            }
            for at, name in enumerate(names)
        ],
    }


def _place_name(place: Mapping[str, Any], present: str, wording: Wording) -> str:
    street = place["street"] or wording("closure.unnamed")
    points = place["designs"][present]["access_points"]
    said = f"{place['number']} {street}"
    if not points:
        return said
    key = "access_points" if len(points) > 1 else "access_point"
    numbers = wording.join([str(point) for point in points])
    return f"{said} ({wording(f'closure.annex.{key}', numbers=numbers)})"


def _cell(entry: Mapping[str, Any], wording: Wording) -> str:
    if entry["state"] == CLOSED:
        return wording(f"{TEXTS}.closed")
    speed = entry["fastest_said_speed_kmh"]
    arrives = NOTHING
    if speed is not None:
        vehicle = entry["fastest_vehicle"]
        arrives = f"{wording.vehicle(vehicle, vehicle)} {speed} km/h"
    if entry["state"] == LIMIT_ONLY:
        return wording(f"{TEXTS}.limit_only", arrives=arrives)
    width = entry["clear_width_m"]
    parts = [
        NOTHING if width is None else f"{wording.number(width, 1)} m",
        arrives,
        entry["required_rating"] or wording(f"rating_reason.{entry['rating_reason']}"),
    ]
    return "; ".join(parts)


def _total(entry: Mapping[str, Any], key: str, wording: Wording) -> str:
    if key == "speed":
        speed = entry["fastest_said_speed_kmh"]
        return NOTHING if speed is None else f"{speed} km/h"
    if key == "egress":
        egress = entry["egress"]
        said = wording(f"{TEXTS}.per_minute", flow=wording.number(entry["egress_persons_per_min"]))
        if egress["outcome"] == "verify":
            return said
        outcome = "pass" if egress["outcome"] == "pass" else "fail_flat"
        return f"{said}: {wording(f'closure.outcome.{outcome}')}"
    if key == "access_points":
        return str(entry[key])
    return f"{wording.number(entry[key], 1)} m"


def _difference(found: Mapping[str, Sequence[int]], name: str, wording: Wording) -> str:
    parts = [
        wording(
            f"{TEXTS}.difference.{key.replace(' ', '_')}",
            numbers=wording.join([str(number) for number in numbers]),
        )
        for key, numbers in found.items()
    ]
    said = "; ".join(parts) or wording(f"{TEXTS}.difference.none")
    return wording(f"{TEXTS}.beside", design=name, said=said)
