"""What a layout may not contradict, and what a person should settle before it is set up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.events.layout import Finding, Gate, Item, Layout, Phase, footprint
from parvis.events.positions import NEIGHBOURS

OVERLAP_DEPTH = 0.5
"""An item reaches into a building where it does by more than this; maps err as much. [m]"""

GATE_REACH = 1.0
"""A gate line this near to a street or the outline of the space crosses it. [m]"""


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Why a layout cannot be taken: a cell, and what would do.

    Attributes
    ----------
    sheet : str
        Sheet of the schedule, or file.
    row : int
        As a person finds it; 0 for none.
    column : str
    value : str
    wrong : str
        What is wrong, to follow the value.
    """

    sheet: str
    row: int
    column: str
    value: str
    wrong: str

    def __str__(self) -> str:
        """Return the problem as a line of a list."""
        place = f"{self.sheet}, row {self.row}" if self.row else self.sheet
        return f"{place}, {self.column}: {self.value!r} {self.wrong}"


Places = Mapping[str, tuple[str, int]]
"""Sheet and row of each item, gate or phase, by its id."""


def check_phases(phases: Sequence[Phase], places: Places) -> list[Problem]:
    """Return the pairs of phases whose times overlap."""
    times = sorted((time.starts, time.ends, phase.key) for phase in phases for time in phase.times)
    told: dict[tuple[str, str], Problem] = {}
    for i, (_, ends, key) in enumerate(times):
        for starts, _, other in times[i + 1 :]:
            if starts >= ends:
                break
            if key == other:
                wrong = f"has times that overlap at {starts:%Y-%m-%d %H:%M}"
            else:
                wrong = f"overlaps {key!r} from {starts:%Y-%m-%d %H:%M}"
            sheet, row = places.get(other, ("phases", 0))
            told.setdefault((key, other), Problem(sheet, row, "starts", other, wrong))
    return list(told.values())


def check_places(
    items: Sequence[Item], gates: Sequence[Gate], city: City, space: BaseGeometry, places: Places
) -> tuple[list[Problem], list[Finding]]:
    """
    Return what cannot stand where it is drawn, and what should be looked at.

    Parameters
    ----------
    items, gates : sequence of Item, of Gate
    city : City
    space : shapely Polygon or MultiPolygon
        The public space of the layout.
    places : mapping of str to (str, int)
    """
    covered = shapely.from_wkb(city.boundary) if city.boundary else shapely.box(*city.bounds)
    problems = []
    findings = []
    things: list[Item | Gate] = [*items, *gates]
    for thing in things:
        sheet, row = places.get(thing.id, ("items", 0))
        if not shapely.intersects(thing.geometry, covered):
            x, y = shapely.get_coordinates(thing.geometry)[0]
            wrong = f"lies outside {city.name}, at {x:.0f} E {y:.0f} N of EPSG:{city.epsg}"
            problems.append(Problem(sheet, row, "geometry", thing.id, wrong))
        elif isinstance(thing, Gate):
            barriers = [item for item in items if item.is_barrier]
            if not _crosses_something(thing, city, space, barriers):
                wrong = (
                    "crosses nothing: neither a street nor the outline of the space nor a row of "
                    "barriers"
                )
                problems.append(Problem(sheet, row, "geometry", thing.id, wrong))
        else:
            findings += _over_buildings(thing, city, sheet, row)
    return problems, findings


def check_staff(gates: Sequence[Gate], places: Places) -> list[Finding]:
    """Return the gates that are open to vehicles in a phase and nobody stands at."""
    return [
        Finding("gate_unstaffed", *places.get(gate.id, ("gates", 0)), gate.id,
                {"phase": opening.phase})
        for gate in gates
        for opening in gate.openings
        if not opening.staffed_by
    ]  # fmt: skip


def check_use(layout: Layout, places: Places) -> list[Finding]:
    """Return items and gates that are of no use in any phase."""
    idle = [("item_in_no_phase", item.id) for item in layout.items if not item.phases]
    idle += [("gate_never_open", gate.id) for gate in layout.gates if not gate.openings]
    return [Finding(code, *places.get(id_, ("", 0)), id_) for code, id_ in idle]


def _crosses_something(
    gate: Gate, city: City, space: BaseGeometry, barriers: Sequence[Item]
) -> bool:
    if shapely.distance(gate.geometry, shapely.boundary(space)) <= GATE_REACH:
        return True
    if any(shapely.distance(gate.geometry, item.geometry) <= NEIGHBOURS for item in barriers):
        return True
    west, south, east, north = gate.geometry.buffer(GATE_REACH).bounds
    rows = city.streets.within((west, south, east, north))
    if not len(rows):
        return False
    away = shapely.distance(city.streets.geometry[rows], gate.geometry)
    return bool(np.min(away) <= GATE_REACH)


def _over_buildings(item: Item, city: City, sheet: str, row: int) -> list[Finding]:
    core = footprint(item).buffer(-OVERLAP_DEPTH / 2)
    shape = footprint(item) if core.is_empty else core
    rows = city.areas.within(shape.bounds)
    if not len(rows):
        return []
    rows = rows[city.areas.words("kind")[rows] == "building"]
    if not len(rows):
        return []
    inner = shapely.buffer(shapely.make_valid(city.areas.geometry[rows]), -OVERLAP_DEPTH / 2)
    hit = np.flatnonzero(shapely.intersects(inner, shape))
    if not len(hit):
        return []
    area = float(shapely.area(shapely.intersection(city.areas.geometry[rows[hit]], shape)).sum())
    building = f"way/{int(np.asarray(city.areas['osm_id'])[rows[hit[0]]])}"
    details = {"building": building, "area": f"{area:.1f}"}
    return [Finding("item_over_building", sheet, row, item.id, details)]
