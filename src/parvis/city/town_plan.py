"""Where the streets of a fictional town run, and what lies between them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, split

from parvis.city.town_geometry import (
    closed_curve,
    first_point,
    longest_line,
    offset_line,
    part_of,
    polygons_of,
    wandering_line,
)
from parvis.city.town_names import StreetNames
from parvis.city.town_quarters import Block, Quarter, Street, divide, lay_grid, street_tags


@dataclass(frozen=True, slots=True)
class TownSize:
    """
    Lengths that make a town small or large.

    Attributes
    ----------
    core_radius : float
        Of the old core inside the ring road. [m]
    half_side : float
        Half the side of the square extract. [m]
    river_width : float
        [m]
    """

    core_radius: float
    half_side: float
    river_width: float


SIZES = {
    "small": TownSize(170.0, 430.0, 26.0),
    "medium": TownSize(210.0, 760.0, 32.0),
    "large": TownSize(260.0, 1500.0, 40.0),
}


@dataclass(frozen=True, slots=True)
class Road:
    """A road from the market: the old street up to the ring, and what goes on beyond it."""

    inside: LineString
    outside: LineString


@dataclass(slots=True, kw_only=True)
class TownPlan(Quarter):
    """The town before anything is built: streets, blocks and the lines that shape it."""

    size: TownSize
    market: Polygon
    market_street: LineString
    river: LineString
    rail: LineString
    ring: LineString
    extent: Polygon
    north_road: Road
    core_quay: LineString
    station_street: LineString
    park_row: LineString

    @property
    def water(self) -> BaseGeometry:
        """The river from bank to bank."""
        band = self.river.buffer(self.size.river_width / 2.0, cap_style="flat")
        return shapely.intersection(band, self.extent)


QUAY_SET_BACK = 15.0
RAIL_HALF_WIDTH = 10.0
MARKET_STREET_WIDTH = 10.0


def make_plan(
    rng: np.random.Generator,
    size: TownSize,
    names: StreetNames,
    *,
    edge_streets: Sequence[LineString] = (),
) -> TownPlan:
    """
    Lay out a town: market, roads to the gates, ring road, river, railway, quarters and lanes.

    Parameters
    ----------
    rng : numpy.random.Generator
    size : TownSize
    names : StreetNames
        Gives every street its name.
    edge_streets : sequence of LineString, optional
        Streets along the edges of the extract, for joining districts to it.

    Returns
    -------
    TownPlan
        Metres around the market.
    """
    half = size.half_side
    extent = box(-half, -half, half, half)
    market, corners = _market(rng)
    bridgehead = -0.80 * size.core_radius - 22.0
    river = _river(rng, size, bridgehead)
    bank_street = size.river_width / 2.0 + QUAY_SET_BACK
    north_quay = _clip(offset_line(river, bank_street), extent)
    south_quay = _clip(offset_line(river, -bank_street), extent)
    north = max(
        polygons_of(split(extent, _beyond(north_quay, half))), key=lambda part: part.centroid.y
    )
    ring_curve = closed_curve(rng, (0.0, 0.0), size.core_radius, roughness=0.09)
    ring = longest_line(shapely.intersection(ring_curve, north))
    if ring.coords[0][0] > ring.coords[-1][0]:
        ring = LineString(list(ring.coords)[::-1])

    rail = wandering_line(
        rng, (-half - 30, 0.70 * half), (half + 30, 0.74 * half), amplitude=0.02 * half
    )
    rail_south = _clip(offset_line(rail, -RAIL_HALF_WIDTH), extent)
    rail_north = _clip(offset_line(rail, RAIL_HALF_WIDTH), extent)

    market_street = LineString(
        [corners["street_west"], corners["street_middle"], corners["street_east"]]
    )
    roads = {
        "north": _road(rng, ring, corners["north"], (0.06 * half, half), gate=79.0, begin=93.0),
        "east": _road(
            rng, ring, corners["street_east"], (half, 0.10 * half), gate=12.0, begin=25.0
        ),
        "west": _road(rng, ring, corners["west"], (-half, 0.16 * half), gate=169.0, begin=156.0),
    }
    bridge = wandering_line(rng, corners["south"], _on(south_quay, 5.0), amplitude=3.0)
    south_road = wandering_line(
        rng, _on(south_quay, 53.0), (-0.08 * half, -half), amplitude=0.03 * half
    )
    south_west = wandering_line(
        rng,
        corners["street_west"],
        _on(north_quay, -0.62 * size.core_radius),
        amplitude=5.0,
    )
    east_end = ring.coords[-1]
    second_bridge = LineString([east_end, _on(south_quay, east_end[0] + 14.0)])
    mill_road = wandering_line(
        rng, _on(south_quay, east_end[0] + 48.0), (0.42 * half, -half), amplitude=0.03 * half
    )
    station_street = _station_street(roads["north"].outside, rail_south, half)
    post_street = _post_street(station_street, rail_south)
    park_row = _park_row(rng, size, roads)

    core_quay, outer_quays = _cut_between(north_quay, ring.coords[0], ring.coords[-1])
    plan = TownPlan(
        size=size,
        market=market,
        market_street=market_street,
        river=river,
        rail=rail,
        ring=ring,
        extent=extent,
        north_road=roads["north"],
        core_quay=core_quay,
        station_street=station_street,
        park_row=park_row,
    )
    add = plan.streets.append
    add(Street(market_street, MARKET_STREET_WIDTH, street_tags("residential", "Market Street")))
    access = LineString([corners["south"], corners["street_middle"]])
    add(Street(access, 9.0, street_tags("tertiary", "Bridge Street")))
    _add_road(plan, roads["north"], "Northgate", "Station Avenue", "pedestrian", 11.0)
    _add_road(plan, roads["east"], "Eastgate Street", "East Road", "tertiary", 11.5)
    _add_road(plan, roads["west"], "Weavers Street", "West Road", "pedestrian", 8.5)
    add(Street(south_west, 5.5, street_tags("living_street", "Tanners Lane")))
    _add_bridge_road(plan, bridge, north_quay, south_quay, "Bridge Street")
    _add_bridge_road(plan, second_bridge, north_quay, south_quay, "New Bridge")
    for line, name in ((south_road, "South Road"), (mill_road, "Mill Road")):
        add(Street(line, 15.0, street_tags("secondary", name, lanes="2", maxspeed="50")))
    add(Street(ring, 24.0, street_tags("secondary", "Ring Road", lanes="3", maxspeed="50")))
    add(Street(core_quay, 12.0, street_tags("living_street", "North Quay", surface="sett")))
    for part in outer_quays:
        add(Street(part, 12.0, street_tags("residential", "River Road")))
    add(Street(south_quay, 12.0, street_tags("residential", "South Quay", sidewalk="left")))
    add(Street(station_street, 15.0, street_tags("residential", "Station Street")))
    depot_road = _clip(offset_line(rail, RAIL_HALF_WIDTH + 26.0), extent)
    add(Street(depot_road, 12.0, street_tags("residential", "Depot Road")))
    add(Street(post_street, 12.0, street_tags("residential", "Post Street")))
    add(Street(park_row, 14.0, street_tags("residential", "Park Row", maxspeed="30")))
    for line in edge_streets:
        add(Street(line, 12.0, street_tags("tertiary", names.next("Road"))))

    shaping = [
        *(street.line for street in plan.streets),
        rail_south,
        rail_north,
        LineString(market.exterior.coords),
        LineString(extent.exterior.coords),
    ]
    faces = polygonize(shapely.union_all(shaping, grid_size=0.01))
    core = _core(ring, core_quay)
    river_strip = river.buffer(bank_street - 0.5, cap_style="flat")
    rail_strip = rail.buffer(RAIL_HALF_WIDTH - 0.5, cap_style="flat")
    station_face = Point(np.asarray(post_street.centroid.coords[0]) - np.array([14.0, 0.0]))
    for face in faces:
        kind = _kind(plan, face, core, river_strip, rail_strip, station_face, park_row)
        _fill(rng, plan, face, kind, names)
    return plan


def _market(rng: np.random.Generator) -> tuple[Polygon, dict[str, tuple[float, float]]]:
    """Return the market's house fronts and the points at which streets enter."""
    angle = rng.uniform(-0.22, 0.22)
    c, s = math.cos(angle), math.sin(angle)
    local = {
        "a": (-47.0, -33.0),
        "south": (4.0, -32.0),
        "b": (49.0, -30.0),
        "street_east": (47.8, -23.5),
        "c": (41.0, 35.0),
        "north": (26.0, 33.6),
        "d": (-39.0, 28.0),
        "west": (-42.2, 3.0),
        "street_west": (-46.0, -27.0),
        "street_middle": (3.6, -25.5),
    }
    points = {
        key: (round(x * c - y * s, 2), round(x * s + y * c, 2)) for key, (x, y) in local.items()
    }
    rim = ("a", "south", "b", "street_east", "c", "north", "d", "west", "street_west")
    return Polygon([points[key] for key in rim]), points


def _river(rng: np.random.Generator, size: TownSize, y: float) -> LineString:
    half = size.half_side
    x = np.arange(-half - 60.0, half + 61.0, 20.0)
    phase = rng.uniform(0.0, 2.0 * math.pi)
    swing = 0.05 * half * np.sin(x / (0.55 * half) + phase) - 0.05 * half * np.sin(phase)
    fade = np.minimum(1.0, np.abs(x) / size.core_radius)
    return LineString(np.column_stack([x, y + swing * fade]))


def _clip(line: LineString, area: Polygon) -> LineString:
    return LineString(np.round(longest_line(shapely.intersection(line, area)).coords, 2))


def _beyond(line: LineString, half: float) -> LineString:
    xy = np.asarray(line.coords)
    return LineString([(-half - 50, xy[0, 1]), *xy, (half + 50, xy[-1, 1])])


def _on(line: LineString, x: float) -> tuple[float, float]:
    """Return the point of an eastward line at `x`."""
    xy = np.asarray(line.coords)
    order = np.argsort(xy[:, 0])
    return (round(x, 2), round(float(np.interp(x, xy[order, 0], xy[order, 1])), 2))


def _gate(ring: LineString, bearing: float) -> tuple[float, float]:
    """Return the vertex of the ring nearest to a bearing from the market [degrees]."""
    xy = np.asarray(ring.coords)[2:-2]
    away = np.abs(np.degrees(np.arctan2(xy[:, 1], xy[:, 0])) - bearing)
    x, y = xy[int(away.argmin())]
    return (round(float(x), 2), round(float(y), 2))


def _road(
    rng: np.random.Generator,
    ring: LineString,
    market: tuple[float, float],
    edge: tuple[float, float],
    *,
    gate: float,
    begin: float,
) -> Road:
    """
    Draw a road from the market outwards.

    The street to the old gate and the newer road meet the ring at different bearings, `gate` and
    `begin` [degrees]: a dog-leg, as where a ring road replaced the ramparts.
    """
    inside = wandering_line(rng, market, _gate(ring, gate), amplitude=6.0)
    start = _gate(ring, begin)
    swing = 0.04 * math.dist(start, edge)
    return Road(inside, wandering_line(rng, start, edge, amplitude=swing))


def _station_street(north_road: LineString, rail_south: LineString, half: float) -> LineString:
    front = offset_line(rail_south, -52.0)
    start = first_point(shapely.intersection(front, north_road))
    xy = np.asarray(front.coords)
    east = xy[xy[:, 0] > start[0] + 8.0]
    return LineString([start, *east[east[:, 0] < half - 0.01], _on(front, half)])


def _post_street(station_street: LineString, rail_south: LineString) -> LineString:
    x = station_street.coords[0][0] + 150.0
    return LineString([_on(station_street, x), np.add(_on(rail_south, x + 4.0), (0.0, 0.5))])


def _park_row(rng: np.random.Generator, size: TownSize, roads: dict[str, Road]) -> LineString:
    curve = closed_curve(rng, (0.0, 0.0), size.core_radius * 1.62, roughness=0.03)
    start = first_point(shapely.intersection(curve, roads["north"].outside))
    end = first_point(shapely.intersection(curve, roads["west"].outside))
    xy = np.asarray(curve.coords)[:-1]
    angle = np.arctan2(xy[:, 1], xy[:, 0])
    low, high = math.atan2(start[1], start[0]), math.atan2(end[1], end[0])
    between = xy[(angle > low + 0.03) & (angle < high - 0.03)]
    return LineString(np.round([start, *between, end], 2))


def _add_road(
    plan: TownPlan, road: Road, inside: str, outside: str, highway: str, width: float
) -> None:
    """Add a road from the market: old street within the ring, road outside, underpass at rails."""
    plan.streets.append(Street(road.inside, width, street_tags(highway, inside)))
    outer = road.outside
    tags = street_tags("secondary", outside, lanes="2", maxspeed="50")
    crossing = shapely.intersection(outer, plan.rail)
    if crossing.is_empty:
        plan.streets.append(Street(outer, 16.0, tags))
        return
    at = outer.project(Point(first_point(crossing)))
    low, high = at - RAIL_HALF_WIDTH - 6.0, at + RAIL_HALF_WIDTH + 6.0
    plan.streets.append(Street(part_of(outer, 0.0, low), 16.0, tags))
    under = {**tags, "tunnel": "yes", "layer": "-1", "maxheight": "3.6"}
    plan.streets.append(Street(part_of(outer, low, high), 12.0, under))
    plan.streets.append(Street(part_of(outer, high, outer.length), 16.0, tags))


def _add_bridge_road(
    plan: TownPlan,
    road: LineString,
    north_quay: LineString,
    south_quay: LineString,
    name: str,
) -> None:
    """Add a street over the river: ramp, deck on a layer of its own, ramp."""
    tags = street_tags("tertiary", name)
    north = road.project(Point(_crossing(road, north_quay)))
    south = road.project(Point(_crossing(road, south_quay)))
    ramp = 3.5
    if north > 1.0:
        plan.streets.append(Street(part_of(road, 0.0, north), 9.0, tags))
    plan.streets.append(Street(part_of(road, north, north + ramp), 10.0, tags))
    deck = {**tags, "bridge": "yes", "layer": "1"}
    plan.streets.append(Street(part_of(road, north + ramp, south - ramp), 10.0, deck))
    plan.streets.append(Street(part_of(road, south - ramp, south), 10.0, tags))


def _crossing(road: LineString, quay: LineString) -> tuple[float, float]:
    near = shapely.get_coordinates(shapely.intersection(road, quay))
    if len(near) == 0:
        near = shapely.get_coordinates(shapely.shortest_line(road, quay))
    return (float(near[0, 0]), float(near[0, 1]))


def _cut_between(
    line: LineString, first: tuple[float, ...], second: tuple[float, ...]
) -> tuple[LineString, list[LineString]]:
    a, b = sorted((line.project(Point(first)), line.project(Point(second))))
    middle = part_of(line, a, b)
    rest = [part_of(line, 0.0, a), part_of(line, b, line.length)]
    return middle, [part for part in rest if part.length > 5.0]


def _core(ring: LineString, quay: LineString) -> Polygon:
    along = list(quay.coords)
    if Point(along[0]).distance(Point(ring.coords[-1])) > Point(along[-1]).distance(
        Point(ring.coords[-1])
    ):
        along.reverse()
    return Polygon([*ring.coords, *along]).buffer(0)


def _kind(
    plan: TownPlan,
    face: Polygon,
    core: BaseGeometry,
    river_strip: BaseGeometry,
    rail_strip: BaseGeometry,
    station: Point,
    park_row: LineString,
) -> str:
    inside = face.representative_point()
    if plan.market.contains(inside):
        return "market"
    if river_strip.contains(inside):
        return "river"
    if rail_strip.contains(inside):
        return "rail"
    if core.contains(inside):
        return "core"
    if face.contains(station):
        return "station"
    touches_ring = face.distance(plan.ring) < 0.5
    reach = float(np.hypot(*np.asarray(face.exterior.coords).T).max())
    if touches_ring and face.distance(park_row) < 0.5 and reach < 2.1 * plan.size.core_radius:
        return "park"
    return "grid" if touches_ring and inside.x > 0.0 and inside.y > 0.0 else "suburb"


def _fill(
    rng: np.random.Generator, plan: TownPlan, face: Polygon, kind: str, names: StreetNames
) -> None:
    """Divide a face into blocks and add the streets between them."""
    if kind == "core":
        divide(rng, plan, face, kind, names, depth=0, greatest=2900.0, amplitude=3.5)
    elif kind == "suburb":
        divide(rng, plan, face, kind, names, depth=0, greatest=9500.0, amplitude=7.0)
    elif kind == "grid":
        lay_grid(rng, plan, face, names)
    else:
        plan.blocks.append(Block(face, kind))
