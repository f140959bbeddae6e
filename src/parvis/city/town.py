"""
Draws a believable European town that exists nowhere.

Demonstrations, tests and benchmarks need a city whose weaknesses may be shown. `make_town` draws
one: an old core of winding lanes around a market square, a ring road, a grid quarter, a river with
quay and bridges, a park, a station, a school, suburbs; as map data with the tags of OpenStreetMap.
It lies in the open sea.
"""

import re

import numpy as np
from shapely.geometry import LineString

from parvis.city.town_blocks import Built, StreetSpace, build_block
from parvis.city.town_builder import Member, Town, TownBuilder
from parvis.city.town_districts import edge_street_lines, surround
from parvis.city.town_furniture import (
    Marks,
    close_pedestrian_streets,
    cross_the_ring,
    kerb_the_roads,
    light_the_streets,
    old_town_wall,
)
from parvis.city.town_geometry import closed_curve, longest_line, polygons_of
from parvis.city.town_names import RIVER_NAME, TOWN_NAME, StreetNames
from parvis.city.town_places import (
    build_church,
    build_market,
    build_park,
    build_quay,
    build_school,
    build_station,
    name_town_hall,
    park_paths,
    quay_ways,
    station_ways,
    tram_way,
)
from parvis.city.town_plan import SIZES, TownPlan, make_plan
from parvis.city.town_quarters import meet
from parvis.errors import InputError

__all__ = ["Town", "TownSizeError", "make_town"]

EPSG = 25831
ORIGIN = (560_000.0, 6_095_000.0)


class TownSizeError(InputError):
    """The size asked for is not one the generator knows."""

    code = "town_size"


def make_town(*, seed: int, size: str = "medium") -> Town:
    """
    Draw a fictional town.

    Parameters
    ----------
    seed : int
        The same seed gives the same town. >= 0
    size : str, default "medium"
        ``"small"`` (0.9 km across), ``"medium"`` (1.5 km), ``"large"`` (3 km), or
        ``"N-streets"`` with a number, e.g. ``"100000-streets"``: a small town in the midst of
        districts until there are at least N street ways.

    Returns
    -------
    Town
        In ETRS89 / UTM 31N, in the open North Sea.

    Raises
    ------
    TownSizeError
        If `size` is none of these.
    """
    wanted = re.fullmatch(r"([1-9]\d{1,6})-streets", size)
    if size not in SIZES and not wanted:
        raise TownSizeError(
            value=size, accepted="small, medium, large or a number such as 5000-streets"
        )
    if wanted is None:
        return _draw(seed, size, [])
    return surround(_draw(seed, "small", edge_street_lines()), int(wanted[1]), seed)


def _draw(seed: int, size: str, edge_streets: list[LineString]) -> Town:
    rng = np.random.default_rng(seed)
    names = StreetNames(rng)
    plan = make_plan(rng, SIZES[size], names, edge_streets=edge_streets)
    plan.streets += [*park_paths(plan), *quay_ways(plan), *station_ways(plan), tram_way(plan)]
    built = Built()
    marks = close_pedestrian_streets(plan, built) + cross_the_ring(plan)
    _build(rng, plan, built)
    plan.streets = meet(plan.streets)
    return _write(rng, plan, built, marks)


def _build(rng: np.random.Generator, plan: TownPlan, built: Built) -> None:
    space = StreetSpace(plan.streets, plan.water)
    taken = [
        build_church(plan, plan.blocks, space, built),
        build_school(plan.blocks, space, built),
    ]
    for block in plan.blocks:
        if block.kind in {"core", "grid", "suburb"} and not any(block is other for other in taken):
            build_block(rng, block, space, built, plan.streets)
    build_market(plan, built)
    name_town_hall(plan, built)
    build_park(rng, plan, built)
    build_station(plan, space, built)
    build_quay(plan, built)
    kerb_the_roads(plan, built)
    old_town_wall(plan, built)
    light_the_streets(rng, plan, built)


def _write(rng: np.random.Generator, plan: TownPlan, built: Built, marks: Marks) -> Town:
    builder = TownBuilder(ORIGIN)
    for street in plan.streets:
        builder.line(street.line, street.tags)
    for x, y, tags in marks:
        builder.node((x, y), tags)
    for house in built.houses:
        builder.area(house.shape, house.tags)
    for ground, tags in built.grounds:
        builder.area(ground, tags)
    for line, tags in built.lines:
        builder.line(line, tags)
    for x, y, tags in built.points:
        builder.node((x, y), tags)
    _river(plan, builder)
    _municipality(rng, plan, builder)
    return builder.build(TOWN_NAME, EPSG)


def _river(plan: TownPlan, builder: TownBuilder) -> None:
    """Write the river as a line, and its water as a multipolygon of two bank ways."""
    inside = longest_line(plan.river.intersection(plan.extent.buffer(20.0)))
    builder.line(inside, {"waterway": "river", "name": RIVER_NAME})
    rim = list(polygons_of(plan.water)[0].exterior.coords)
    half = len(rim) // 2
    members = [
        Member("w", builder.line(rim[: half + 1], {}), "outer"),
        Member("w", builder.line(rim[half:], {}), "outer"),
    ]
    tags = {"type": "multipolygon", "natural": "water", "water": "river", "name": RIVER_NAME}
    builder.relation(members, tags)


def _municipality(rng: np.random.Generator, plan: TownPlan, builder: TownBuilder) -> None:
    limits = closed_curve(rng, (0.0, 0.0), 0.9 * plan.size.half_side, roughness=0.03)
    way = builder.ring(limits.coords, {"boundary": "administrative", "admin_level": "8"})
    centre = builder.node((0.5, 0.5), {"place": "town", "name": TOWN_NAME, "population": "21000"})
    tags = {
        "type": "boundary",
        "boundary": "administrative",
        "admin_level": "8",
        "name": TOWN_NAME,
    }
    builder.relation([Member("w", way, "outer"), Member("n", centre, "label")], tags)
