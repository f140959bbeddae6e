"""What the plan of a scenario shows: a flat picture in metres that works without scripts."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parvis.report.scenario_plan import METRES_PER_DEGREE, Frame, frame_of
from parvis_web.ui.templatetags.ui import speed_band

INSIDE = 4.5
"""Numbers of access points stand this far within the space, clear of what is placed. [m]"""

HANDLED = {"place_row": "line", "add_barrier": "shape", "narrow_mouth": "line"}
"""Changes whose line can be moved, and the field it lies in."""


def plan_of(
    place: Mapping[str, Any] | None,
    answer: Mapping[str, Any] | None,
    changes: Sequence[Mapping[str, Any]],
    *,
    area: Mapping[str, Any] | None,
) -> dict[str, Any] | None:
    """
    Return the picture of a scenario.

    Parameters
    ----------
    place, answer : mapping or None
        See `parvis.report.scenario`; without an answer the present is shown.
    changes : sequence of mapping
    area : mapping or None
        Outline of the space, where the place is not prepared yet.
    """
    outline = place["area"] if place else area
    if outline is None:
        return None
    frame = frame_of(outline)
    shown = answer or (place["present"] if place else None)
    backdrop = place["backdrop"] if place else {}
    return {
        "frame": frame,
        "scale": {
            "west": frame.west,
            "north": frame.north,
            "east": frame.east_scale,
            "degree": METRES_PER_DEGREE,
        },
        "buildings": frame.path(backdrop.get("buildings")),
        "water": frame.path(backdrop.get("water")),
        "green": frame.path(backdrop.get("green")),
        "names": list(_names(frame, backdrop.get("names", ()))),
        "area": frame.path(outline),
        "perimeter": list(_perimeter(frame, place, shown)),
        "points": [_point(frame, outline, point) for point in shown["points"]] if shown else [],
        "existing": list(_existing(frame, place)),
        "changes": list(_changes(frame, changes, answer)),
    }


def _names(frame: Frame, names: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in names:
        places = [frame.xy(place) for place in item["line"]["coordinates"]]
        inside = [
            index
            for index in range(len(places) - 1)
            if all(
                0 <= (a + b) / 2 <= most
                for a, b, most in zip(
                    places[index], places[index + 1], (frame.width, frame.height), strict=True
                )
            )
        ]
        if not inside:
            continue
        index = max(inside, key=lambda i: math.dist(places[i], places[i + 1]))
        (x0, y0), (x1, y1) = places[index], places[index + 1]
        angle = math.degrees(math.atan2(y1 - y0, x1 - x0))
        if abs(angle) > 90.0:
            angle -= math.copysign(180.0, angle)
        x, y = round((x0 + x1) / 2, 1), round((y0 + y1) / 2, 1)
        yield {"name": item["name"], "x": x, "y": y, "turn": f"rotate({angle:.1f} {x} {y})"}


def _perimeter(
    frame: Frame, place: Mapping[str, Any] | None, shown: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """Yield stretches of the outline over which the speed said stays equal."""
    if place is None or shown is None:
        return
    metres, speeds = place["perimeter"], shown["perimeter_kmh"]
    start = 0
    for end in range(1, len(metres) + 1):
        is_next = end < len(metres) and metres[end][0] == metres[end - 1][1]
        near = end < len(metres) and math.dist(metres[end][0], metres[end - 1][1]) < 2e-5
        if (is_next or near) and speeds[end] == speeds[start]:
            continue
        places = [metres[start][0], *(pair[1] for pair in metres[start:end])]
        kmh = speeds[start]
        if kmh is not None:
            path = frame.path({"type": "LineString", "coordinates": places})
            yield {"path": path, "kmh": kmh, "band": speed_band(kmh)}
        start = end


def _point(frame: Frame, area: Mapping[str, Any], point: Mapping[str, Any]) -> dict[str, Any]:
    x, y = frame.inside(point["geometry"], area, INSIDE)
    return {**point, "x": x, "y": y}


def _existing(frame: Frame, place: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    for item in place["existing"] if place else ():
        geometry = item["geometry"]
        is_point = geometry["type"] == "Point"
        x, y = frame.xy(geometry["coordinates"]) if is_point else (None, None)
        yield {
            **item,
            "x": x,
            "y": y,
            "path": "" if is_point else frame.path(geometry),
            "can_go": bool(item["holds_against"]),
        }


def _changes(
    frame: Frame, changes: Sequence[Mapping[str, Any]], answer: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    rows = {row["change"]: row for row in answer["rows"]} if answer else {}
    for number, change in enumerate(changes, start=1):
        row = rows.get(number)
        field = HANDLED.get(str(change.get("type")), "")
        line = change.get(field) if field else None
        is_line = isinstance(line, dict) and line.get("type") == "LineString"
        found: dict[str, Any] = {
            "number": number,
            "index": number - 1,
            "type": change.get("type"),
            "field": field if is_line else "",
            "row": row,
            "elements": frame.path(row["elements"]) if row else "",
            "handles": [],
            "path": "",
        }
        if is_line:
            places = [frame.xy(place) for place in line["coordinates"]]  # type: ignore[index]
            found["path"] = frame.path(line)
            found["handles"] = [{"x": places[0][0], "y": places[0][1], "end": 0},
                                {"x": places[-1][0], "y": places[-1][1], "end": -1}]  # fmt: skip
            found["x"] = (places[0][0] + places[-1][0]) / 2
            found["y"] = (places[0][1] + places[-1][1]) / 2
        elif change.get("type") == "add_chicane":
            found["x"], found["y"] = frame.xy(change["point"]["coordinates"])
        else:
            shape = change.get("area") or change.get("shape") or change.get("new_shape")
            found["path"] = frame.path(shape)
        yield found
