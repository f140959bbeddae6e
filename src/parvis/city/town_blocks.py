"""What is built on the blocks of a fictional town: rows of houses, courtyards, gardens."""

import math
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from parvis.city.town_geometry import house_row, long_axis, part_of, polygons_of, rectangle
from parvis.city.town_quarters import Block, Street


@dataclass(slots=True)
class House:
    """A building: its outline, holes for courtyards, and tags."""

    shape: Polygon
    tags: dict[str, str]


@dataclass(slots=True)
class Built:
    """
    What stands on the blocks.

    Attributes
    ----------
    houses : list of House
    grounds : list of (polygons, dict)
        Gardens, courtyards and lawns.
    lines : list of (LineString, dict)
        Walls, fences, hedges and kerbs.
    points : list of (x, y, dict)
        Furniture and barrier nodes.
    """

    houses: list[House] = field(default_factory=list)
    grounds: list[tuple[BaseGeometry, dict[str, str]]] = field(default_factory=list)
    lines: list[tuple[LineString, dict[str, str]]] = field(default_factory=list)
    points: list[tuple[float, float, dict[str, str]]] = field(default_factory=list)


class StreetSpace:
    """
    The ground the streets take up, asked block by block.

    Parameters
    ----------
    streets : list of Street
    water : shapely geometry
        Taken off as well, with a margin of a metre.
    """

    def __init__(self, streets: list[Street], water: BaseGeometry) -> None:
        at_ground = [street for street in streets if "tunnel" not in street.tags]
        self._bands = np.array(
            [street.line.buffer(street.width / 2.0, quad_segs=2) for street in at_ground],
            dtype=object,
        )
        self._tree = shapely.STRtree(self._bands)
        self._water = water.buffer(1.0)

    def free(self, shape: Polygon) -> list[Polygon]:
        """Return the parts of a block between the house fronts of its streets."""
        near = self._tree.query(shape, predicate="intersects")
        taken = shapely.union_all([*self._bands[near], self._water])
        rest = shapely.difference(shape, taken)
        return [
            Polygon(shapely.get_exterior_ring(part.simplify(0.15)))
            for part in polygons_of(rest.buffer(-0.6).buffer(0.6, join_style="mitre"), 45.0)
        ]


def build_block(
    rng: np.random.Generator, block: Block, space: StreetSpace, built: Built, streets: list[Street]
) -> None:
    """
    Build on one block of the old core, the grid quarter or the suburbs.

    Parameters
    ----------
    rng : numpy.random.Generator
    block : Block
    space : StreetSpace
    built : Built
        Is added to.
    streets : list of Street
        Passages into courtyards are added.
    """
    for ground in space.free(block.shape):
        if block.kind == "core":
            _old_houses(rng, ground, built, streets)
        elif block.kind == "grid":
            _tenements(rng, ground, built, streets)
        else:
            _suburb(rng, ground, built)


def _levels(rng: np.random.Generator, low: int, high: int) -> dict[str, str]:
    if rng.random() < 0.55:
        return {"building:levels": str(rng.integers(low, high + 1))}
    return {}


def _old_houses(
    rng: np.random.Generator, ground: Polygon, built: Built, streets: list[Street]
) -> None:
    if ground.area < 190.0:
        built.houses.append(House(ground, {"building": "yes", **_levels(rng, 2, 4)}))
        return
    houses = house_row(rng, ground, depth=rng.uniform(9.0, 12.5), frontage=(5.5, 11.0))
    for house in houses:
        if rng.random() < 0.03:
            continue
        kind = str(rng.choice(["house", "yes", "apartments", "retail"], p=[0.4, 0.35, 0.15, 0.1]))
        built.houses.append(House(house, {"building": kind, **_levels(rng, 2, 5)}))
    _courtyard(rng, ground, houses, built, streets)


def _courtyard(
    rng: np.random.Generator,
    ground: Polygon,
    houses: list[Polygon],
    built: Built,
    streets: list[Street],
) -> None:
    yards = polygons_of(shapely.difference(ground, shapely.union_all(houses).buffer(0.05)), 90.0)
    if not yards or not houses:
        return
    yard = max(yards, key=lambda part: part.area)
    if rng.random() < 0.5:
        built.grounds.append((Polygon(yard.exterior).buffer(-0.5), {"leisure": "garden"}))
    elif rng.random() < 0.6:
        middle = yard.representative_point()
        rim = ground.exterior
        front = rim.interpolate(rim.project(middle))
        towards = np.asarray(front.coords[0]) - np.asarray(middle.coords[0])
        reach = float(np.hypot(*towards))
        street_end = np.asarray(middle.coords[0]) + towards * (1.0 + 1.5 / max(reach, 1.0))
        _passage(streets, street_end, (middle.x, middle.y))


def _passage(streets: list[Street], outside: np.ndarray, inside: tuple[float, float]) -> None:
    """Add a way from the nearest street through a building into its yard."""
    nearest, best = None, 12.0
    point = Point(outside)
    for street in streets:
        distance = street.line.distance(point)
        if distance < best and street.level == 0 and "highway" in street.tags:
            nearest, best = street, distance
    if nearest is None:
        return
    foot = nearest.line.interpolate(nearest.line.project(point))
    start = (round(foot.x, 2), round(foot.y, 2))
    if Point(start).distance(nearest.line) > 0.05:
        return
    tags = {"highway": "service", "tunnel": "building_passage", "maxheight": "2.8"}
    streets.append(Street(LineString([start, inside]), 3.0, tags))


def _tenements(
    rng: np.random.Generator, ground: Polygon, built: Built, streets: list[Street]
) -> None:
    yard = polygons_of(ground.buffer(-13.5, join_style="mitre"), 250.0)
    levels = _levels(rng, 4, 6)
    if len(yard) != 1:
        built.houses.append(House(ground, {"building": "apartments", **levels}))
        return
    if rng.random() < 0.35:
        shape = Polygon(ground.exterior, [yard[0].exterior.coords])
        built.houses.append(House(shape, {"building": "apartments", **levels}))
        built.grounds.append((yard[0].buffer(-2.0), {"leisure": "garden", "access": "private"}))
        corner = yard[0].exterior.interpolate(rng.uniform(0.3, 0.7) * yard[0].exterior.length)
        front = ground.exterior.interpolate(ground.exterior.project(corner))
        out = np.asarray(front.coords[0]) - np.asarray(corner.coords[0])
        out = np.asarray(front.coords[0]) + out / max(float(np.hypot(*out)), 1.0) * 8.0
        centre = yard[0].representative_point()
        _passage(streets, out, (round(centre.x, 2), round(centre.y, 2)))
        return
    for house in house_row(rng, ground, depth=13.5, frontage=(15.0, 25.0)):
        kind = str(rng.choice(["apartments", "residential", "office", "yes"]))
        built.houses.append(House(house, {"building": kind, **_levels(rng, 3, 6)}))


def _suburb(rng: np.random.Generator, ground: Polygon, built: Built) -> None:
    if ground.area < 400.0:
        built.grounds.append((ground, {"landuse": "grass"}))
        return
    if rng.random() < 0.12:
        _slabs(rng, ground, built)
        return
    terrace = rng.random() < 0.25
    frontage = (6.5, 8.5) if terrace else (15.0, 22.0)
    inside = ground.buffer(-4.0, join_style="mitre")
    for part in polygons_of(inside, 150.0):
        lots = house_row(rng, part, depth=11.0 if terrace else 24.0, frontage=frontage)
        for lot in lots:
            if rng.random() < 0.06:
                continue
            shape = lot if terrace else _detached(rng, lot)
            if shape is not None:
                tags = {"building": "house" if terrace else "detached", **_levels(rng, 1, 3)}
                built.houses.append(House(shape, tags))
    if rng.random() < 0.45:
        rim = ground.buffer(-0.8, join_style="mitre")
        kind = str(rng.choice(["fence", "hedge", "wall"], p=[0.5, 0.35, 0.15]))
        for part in polygons_of(rim, 150.0):
            _frontage_line(rng, part, kind, built)


def _frontage_line(rng: np.random.Generator, rim: Polygon, kind: str, built: Built) -> None:
    """Put fence, hedge or wall along a block, broken by garden gates."""
    edge = LineString(rim.exterior.coords)
    at = 0.0
    while at < edge.length - 12.0:
        end = min(at + rng.uniform(14.0, 24.0), edge.length - 3.0)
        piece = part_of(edge, at, end)
        built.lines.append((piece, {"barrier": kind}))
        at = end + 3.0


def _detached(rng: np.random.Generator, lot: Polygon) -> Polygon | None:
    centre, axis, length, breadth = long_axis(lot)
    if breadth < 9.0:
        return None
    angle = math.atan2(axis[1], axis[0])
    along = rng.uniform(8.5, 12.5)
    across = min(rng.uniform(7.0, 9.5), breadth - 3.0)
    shift = axis * rng.uniform(-0.12, 0.12) * max(length - along, 0.0)
    shape = rectangle((centre[0] + shift[0], centre[1] + shift[1]), along, across, angle)
    return shape if lot.buffer(1.0).contains(shape) else None


def _slabs(rng: np.random.Generator, ground: Polygon, built: Built) -> None:
    """Build parallel slabs on a lawn, as post-war quarters have them."""
    centre, axis, length, breadth = long_axis(ground)
    across = np.array([-axis[1], axis[0]])
    angle = math.atan2(across[1], across[0])
    built.grounds.append((ground.buffer(-2.0), {"landuse": "grass"}))
    for k in np.arange(-length / 2.0 + 16.0, length / 2.0 - 12.0, 32.0):
        shape = rectangle(tuple(centre + axis * k), breadth * 0.62, 12.0, angle)
        if ground.buffer(-3.0).contains(shape):
            tags = {"building": "apartments", "building:levels": str(rng.integers(4, 9))}
            built.houses.append(House(shape, tags))
