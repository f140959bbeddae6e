"""What stands in the streets of a fictional town: bollards, lamps, trees, crossings, stops."""

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from parvis.city.town_blocks import Built
from parvis.city.town_geometry import offset_line, part_of, places_along
from parvis.city.town_plan import TownPlan
from parvis.city.town_quarters import Street

Marks = list[tuple[float, float, dict[str, str]]]


def close_pedestrian_streets(plan: TownPlan, built: Built) -> Marks:
    """
    Put barriers at the entrances of the pedestrian streets and alleys.

    Parameters
    ----------
    plan : TownPlan
        Its streets get a vertex for every barrier that stands on them.
    built : Built
        Bollards beside the centre line are added.

    Returns
    -------
    list of (x, y, tags)
        Barrier nodes on ways.
    """
    marks: Marks = []
    kinds = iter(("removable", "rising"))
    alley = 0
    for street in plan.streets:
        highway = street.tags.get("highway")
        if highway == "pedestrian":
            gate_side = street.line.length - 15.5
            kind = next(kinds, "fixed")
            tags = {"barrier": "bollard", "bollard": kind, "maxwidth:physical": "1.5"}
            marks.append(_mark(street, gate_side, tags))
            _bollards_across(street, gate_side, built)
            if kind == "removable":
                marks.append(_mark(street, 4.0, {"barrier": "bollard", "bollard": "fixed"}))
                _bollards_across(street, 4.0, built)
        elif highway == "cycleway":
            tags = {
                "barrier": "cycle_barrier",
                "spacing": "1.6",
                "opening": "0.9",
                "overlap": "0.3",
            }
            marks.append(_mark(street, 14.0, tags))
        elif highway == "footway" and street.tags.get("surface") == "sett":
            tags = _alley_barrier(alley)
            alley += 1
            if tags:
                marks.append(_mark(street, min(5.0, street.line.length / 2.0), tags))
    return marks


def _alley_barrier(number: int) -> dict[str, str]:
    choices: tuple[dict[str, str], ...] = (
        {"barrier": "bollard", "material": "metal", "height": "0.9"},
        {},
        {"barrier": "gate", "maxwidth:physical": "1.2"},
        {"barrier": "block", "material": "granite", "maxwidth:physical": "1.4"},
        {},
    )
    return dict(choices[number % len(choices)])


def _mark(street: Street, at: float, tags: dict[str, str]) -> tuple[float, float, dict[str, str]]:
    """Insert a vertex `at` metres along a street and return it with its tags."""
    x, y = (round(value, 2) for value in street.line.interpolate(at).coords[0])
    along = [street.line.project(Point(p)) for p in street.line.coords]
    index = int(np.searchsorted(along, street.line.project(Point(x, y))))
    coords = list(street.line.coords)
    if min(Point(x, y).distance(Point(p)) for p in coords) > 0.1:
        coords.insert(min(max(index, 1), len(coords) - 1), (x, y))
        street.line = LineString(coords)
    else:
        x, y = min(coords, key=lambda p: Point(p).distance(Point(x, y)))
    return (x, y, tags)


def _bollards_across(street: Street, at: float, built: Built) -> None:
    middle = np.asarray(street.line.interpolate(at).coords[0])
    ahead = np.asarray(street.line.interpolate(at + 1.0).coords[0])
    across = np.array([-(ahead - middle)[1], (ahead - middle)[0]])
    across /= max(float(np.hypot(*across)), 1e-9)
    for side in (-1.0, 1.0):
        step = 1.7
        while step < street.width / 2.0 - 0.6:
            x, y = middle + across * side * step
            built.points.append((x, y, {"barrier": "bollard", "bollard": "fixed"}))
            step += 1.7


def cross_the_ring(plan: TownPlan) -> Marks:
    """Put crossings, bus stops and a speed table on the roads around the core."""
    marks: Marks = []
    for street in plan.streets:
        name = street.tags.get("name")
        if name == "Ring Road":
            for share in (0.12, 0.34, 0.55, 0.78, 0.93):
                tags = {"highway": "crossing", "crossing": "traffic_signals", "kerb": "lowered"}
                marks.append(_mark(street, share * street.line.length, tags))
            for share in (0.22, 0.67):
                tags = {"highway": "bus_stop", "public_transport": "stop_position", "bus": "yes"}
                marks.append(_mark(street, share * street.line.length, tags))
        elif name == "Market Street":
            tags = {"highway": "crossing", "crossing": "uncontrolled", "kerb": "flush"}
            marks.append(_mark(street, 0.72 * street.line.length, tags))
        elif name == "Park Row":
            for share in (0.3, 0.7):
                marks.append(_mark(street, share * street.line.length, {"traffic_calming": "hump"}))
        elif street.tags.get("railway") == "tram":
            tags = {"railway": "tram_stop", "name": "Market"}
            marks.append(_mark(street, 10.0, tags))
    return marks


def light_the_streets(rng: np.random.Generator, plan: TownPlan, built: Built) -> None:
    """Put lamps along all streets and trees along the wide ones."""
    houses = shapely.STRtree([house.shape for house in built.houses])
    spots: Marks = []
    for street in plan.streets:
        if street.tags.get("highway") in {None, "service", "steps", "path"} or street.level < 0:
            continue
        wide = street.width >= 9.0
        for side in (1.0, -1.0) if street.width >= 14.0 else (1.0,):
            reach = side * (street.width / 2.0 - 0.7)
            for x, y in places_along(street.line, 29.0 if wide else 36.0, reach):
                spots.append((x, y, {"highway": "street_lamp"}))
        if street.width >= 13.0 and rng.random() < 0.6 and street.level == 0:
            for side in (1.0, -1.0):
                reach = side * (street.width / 2.0 - 2.2)
                for x, y in places_along(street.line, 14.0, reach):
                    spots.append((x, y, {"natural": "tree"}))
    if not spots:
        return
    points = shapely.points([(x, y) for x, y, _ in spots])
    blocked = np.zeros(len(points), dtype=bool)
    blocked[houses.query(points, predicate="dwithin", distance=0.4)[0]] = True
    carriageways = shapely.STRtree(
        [s.line.buffer(min(s.width, 6.0) / 2.0) for s in plan.streets if "highway" in s.tags]
    )
    blocked[carriageways.query(points, predicate="within")[0]] = True
    water = plan.water.buffer(0.5)
    shapely.prepare(water)
    blocked |= shapely.intersects(water, points)
    built.points.extend(spot for spot, no in zip(spots, blocked, strict=True) if not no)


def kerb_the_roads(plan: TownPlan, built: Built) -> None:
    """Draw kerbs along Station Street and the ring, open where side streets join."""
    wanted = [s for s in plan.streets if s.tags.get("name") in {"Ring Road", "Station Street"}]
    for street in wanted:
        joins = shapely.union_all(
            [
                other.line.buffer(other.width / 2.0 + 1.0)
                for other in plan.streets
                if other is not street and other.line.intersects(street.line)
            ]
        )
        for side in (1.0, -1.0):
            kerb = offset_line(street.line, side * (street.width / 2.0 - 3.2))
            for part in shapely.get_parts(shapely.difference(kerb, joins)):
                if part.length > 6.0:
                    built.lines.append((part, {"barrier": "kerb", "kerb": "raised"}))


def old_town_wall(plan: TownPlan, built: Built) -> None:
    """Leave a stretch of the old town wall standing inside the ring, open at the lanes."""
    wall = offset_line(part_of(plan.ring, 0.30 * plan.ring.length, 0.52 * plan.ring.length), -11.4)
    lanes = shapely.union_all(
        [
            street.line.buffer(street.width / 2.0 + 0.3)
            for street in plan.streets
            if street.line.intersects(plan.ring) and street.tags.get("name") != "Ring Road"
        ]
    )
    for part in shapely.get_parts(shapely.difference(wall, lanes)):
        if part.length > 5.0:
            built.lines.append((part, {"barrier": "city_wall", "historic": "citywalls"}))
