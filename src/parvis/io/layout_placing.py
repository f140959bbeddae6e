"""How does a barrier that a list gives by its address only get its place on a layout's plan."""

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.errors import InputError
from parvis.events.layout import Item, ItemKind, Layout, Unplaced
from parvis.events.rules import check_places
from parvis.io.layout_json import layout_document
from parvis.io.layout_words import ITEM_KINDS, member
from parvis.io.layouts import DESCRIPTION, existing_layout, read_layout
from parvis.io.store import disk_errors, load_city


class LayoutBarrierUnknownError(InputError):
    """The layout has no such barrier that waits for a place, or was given one."""

    code = "layout_barrier_unknown"


class LayoutPlaceMissingError(InputError):
    """A row of several elements needs a line to stand on."""

    code = "layout_place_missing"


class LayoutLineShortError(InputError):
    """The elements of a row do not fit on the line."""

    code = "layout_line_short"


class LayoutPlaceOutsideError(InputError):
    """The place lies outside the city."""

    code = "layout_place_outside"


def place_barrier(
    name: str,
    layout: str,
    barrier: str,
    *,
    path: Sequence[tuple[float, float]],
    length: float = math.nan,
    home: Path | None = None,
) -> Layout:
    """
    Give a barrier known by its address its place on the plan; the layout is kept with it.

    Parameters
    ----------
    name, layout : str
        City and layout.
    barrier : str
        Id of one of the layout's `unplaced`.
    path : sequence of (float, float)
        Longitude and latitude of its place. [°] Of a row of elements, the corners of the line they
        stand on, from end to end: they are set out along it with equal gaps. A line under a single
        element gives its direction.
    length : float
        Of one element. [m]; NaN: as the list says.

    Raises
    ------
    LayoutBarrierUnknownError, LayoutPlaceMissingError, LayoutLineShortError,
    LayoutPlaceOutsideError, LayoutUnknownError
    """
    found = read_layout(name, layout, home=home)
    waiting = next((each for each in found.unplaced if each.id == barrier), None)
    if waiting is None:
        raise _unknown(found.name, barrier, [each.id for each in found.unplaced])
    city = load_city(name, home=home)
    size = waiting.length if math.isnan(length) else length
    shapes = _set_out(waiting, _ground(barrier, path, city), size)
    every = tuple(phase.key for phase in found.phases)
    kind = member(ITEM_KINDS, waiting.kind) or ItemKind.BARRIER
    items = tuple(
        Item(id_, kind, shape, every, size, rating=waiting.rating)
        for id_, shape in zip(_ids(found, barrier, len(shapes)), shapes, strict=True)
    )
    told = [each for each in found.findings if _is_about(each, barrier)]
    listed = (told[0].sheet, told[0].row) if told else ("", 0)
    rows = {item.id: listed for item in items}
    outside, seen = check_places(items, (), city, shapely.Polygon(), rows)
    if outside:
        raise LayoutPlaceOutsideError(barrier=barrier, city=name)
    record = {
        "barrier": barrier,
        "items": [item.id for item in items],
        "waiting": _waiting_document(found, waiting, city.epsg),
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    return _keep(
        replace(
            found,
            items=(*found.items, *items),
            unplaced=tuple(each for each in found.unplaced if each.id != barrier),
            findings=(*(each for each in found.findings if each not in told), *seen),
            source={**found.source, "placed": [*placed(found), record]},
        ),
        name,
        city.epsg,
        home,
    )


def take_off_plan(name: str, layout: str, barrier: str, *, home: Path | None = None) -> Layout:
    """
    Take a barrier that `place_barrier` placed off the plan again; it waits for a place as before.

    Raises
    ------
    LayoutBarrierUnknownError, LayoutUnknownError
    """
    found = read_layout(name, layout, home=home)
    records = placed(found)
    record = next((each for each in records if each["barrier"] == barrier), None)
    if record is None:
        raise _unknown(found.name, barrier, [each["barrier"] for each in records])
    epsg = load_city(name, home=home).epsg
    gone = set(record["items"])
    left = replace(
        found,
        items=tuple(item for item in found.items if item.id not in gone),
        findings=tuple(each for each in found.findings if each.value not in gone),
        source={**found.source, "placed": [each for each in records if each is not record]},
    )
    document = layout_document(left, left.findings, epsg)
    document["unplaced"].append(record["waiting"]["barrier"])
    document["findings"] += record["waiting"]["findings"]
    return _write(document, name, layout, home)


def placed(layout: Layout) -> list[Mapping[str, Any]]:
    """Return what `place_barrier` placed: ``barrier``, its ``items`` and the time ``at``."""
    return list(layout.source.get("placed", ()))


def _ground(barrier: str, path: Sequence[tuple[float, float]], city: City) -> BaseGeometry:
    transformer = Transformer.from_crs(4326, city.epsg, always_xy=True)
    places = np.asarray(path, float).reshape(-1, 2)
    metres = np.column_stack(transformer.transform(places[:, 0], places[:, 1]))
    if len(metres) == 0 or not np.isfinite(metres).all():
        raise LayoutPlaceOutsideError(barrier=barrier, city=city.name)
    is_line = len(metres) > 1 and np.ptp(metres, axis=0).max() > 0.01
    return shapely.LineString(metres) if is_line else shapely.Point(metres[0])


def _set_out(barrier: Unplaced, ground: Any, length: float) -> list[BaseGeometry]:
    """Return one geometry for each element, equal gaps between, the ends flush with the line's."""
    if ground.geom_type == "Point" or math.isnan(length):
        if barrier.count > 1:
            raise LayoutPlaceMissingError(barrier=barrier.id, count=barrier.count)
        return [ground]
    if barrier.count == 1:
        return [_centred(ground, length)]
    spare = ground.length - barrier.count * length
    if spare < -0.01:
        raise LayoutLineShortError(
            barrier=barrier.id,
            count=barrier.count,
            length=f"{length:g}",
            needed=f"{barrier.count * length:.1f}",
            given=f"{ground.length:.1f}",
        )
    step = length + max(spare, 0.0) / (barrier.count - 1)
    starts = np.arange(barrier.count) * step
    ends = np.minimum(starts + length, ground.length)
    return [
        shapely.LineString(shapely.line_interpolate_point(ground, [start, end]))
        for start, end in zip(starts, ends, strict=True)
    ]


def _centred(line: Any, length: float) -> BaseGeometry:
    """Return a line of that length at the middle of another, along it."""
    first, last = shapely.get_coordinates(line)[[0, -1]]
    way = last - first if np.hypot(*(last - first)) > 0.01 else np.array([1.0, 0.0])
    half = way / np.hypot(*way) * length / 2
    middle = shapely.get_coordinates(shapely.line_interpolate_point(line, 0.5, normalized=True))[0]
    return shapely.LineString([middle - half, middle + half])


def _ids(layout: Layout, barrier: str, count: int) -> list[str]:
    """Return ids that no other thing of the layout has: the barrier's, numbered in a row."""
    taken = {item.id for item in layout.items} | {gate.id for gate in layout.gates}
    wanted = [barrier] if count == 1 else [f"{barrier}-{at}" for at in range(1, count + 1)]
    stem = barrier
    while taken.intersection(wanted):
        stem += "'"
        wanted = [stem] if count == 1 else [f"{stem}-{at}" for at in range(1, count + 1)]
    return wanted


def _is_about(finding: Any, barrier: str) -> bool:
    return bool(finding.code == "barrier_not_placed" and finding.value == barrier)


def _waiting_document(layout: Layout, barrier: Unplaced, epsg: int) -> dict[str, Any]:
    """Return the barrier and what was said of it as they stand in the layout's document."""
    findings = [each for each in layout.findings if _is_about(each, barrier.id)]
    document = layout_document(replace(layout, unplaced=(barrier,)), findings, epsg)
    return {"barrier": document["unplaced"][0], "findings": document["findings"]}


def _unknown(layout: str, barrier: str, known: Sequence[str]) -> LayoutBarrierUnknownError:
    return LayoutBarrierUnknownError(
        layout=layout, barrier=barrier, listed=", ".join(sorted(known)) or "none"
    )


def _keep(layout: Layout, name: str, epsg: int, home: Path | None) -> Layout:
    return _write(layout_document(layout, layout.findings, epsg), name, layout.name, home)


def _write(document: Mapping[str, Any], name: str, layout: str, home: Path | None) -> Layout:
    """Put the description in place of the earlier one, whole or not at all."""
    target = existing_layout(name, layout, home) / DESCRIPTION
    fresh = target.with_name(f".{DESCRIPTION}.new")
    with disk_errors(target):
        try:
            fresh.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
    return read_layout(name, layout, home=home)
