"""The places that make a fictional town: market, church, park, station, school, quay."""

import math

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from parvis.city.town_blocks import Built, House, StreetSpace
from parvis.city.town_geometry import (
    lines_of,
    long_axis,
    longest_line,
    offset_line,
    part_of,
    places_along,
    polygons_of,
    rectangle,
)
from parvis.city.town_names import RIVER_NAME
from parvis.city.town_plan import RAIL_HALF_WIDTH, TownPlan
from parvis.city.town_quarters import Block, Street

PEDESTRIAN_AREA = {"highway": "pedestrian", "area": "yes", "surface": "paving_stones"}


def market_square(plan: TownPlan) -> Polygon:
    """Return the paved square: the market without the street along its south side."""
    street = plan.market_street
    direction = np.subtract(street.coords[-1], street.coords[0])
    direction = direction / np.hypot(*direction) * 80.0
    coords = [
        np.subtract(street.coords[0], direction),
        *street.coords,
        np.add(street.coords[-1], direction),
    ]
    parts = polygons_of(split(plan.market, offset_line(LineString(coords), 4.5)))
    return max(parts, key=lambda part: part.centroid.y)


def build_market(plan: TownPlan, built: Built) -> None:
    """Furnish the market: square, kerb with bollards and two gaps, fountain, trees, cameras."""
    square = market_square(plan)
    tags = {**PEDESTRIAN_AREA, "place": "square", "name": "Market Square", "surface": "sett"}
    built.grounds.append((square, tags))
    south = shapely.intersection(
        LineString(square.exterior.coords), plan.market_street.buffer(7.0, cap_style="flat")
    )
    edge = longest_line(south)
    if edge.coords[0][0] > edge.coords[-1][0]:
        edge = LineString(list(edge.coords)[::-1])
    built.lines.append((edge, {"barrier": "kerb", "kerb": "raised", "height": "0.12"}))
    inside = offset_line(edge, 0.8)
    gaps = (0.30 * inside.length, 0.72 * inside.length)
    at = 2.0
    while at < inside.length - 1.0:
        if min(abs(at - gap) for gap in gaps) > 2.3:
            x, y = inside.interpolate(at).coords[0]
            built.points.append((x, y, {"barrier": "bollard", "bollard": "fixed"}))
        at += 1.75
    x, y = inside.interpolate(gaps[0]).coords[0]
    built.points.append((x, y, {"barrier": "bollard", "bollard": "removable"}))
    centre = np.asarray(square.centroid.coords[0])
    basin = Point(np.add(centre, (6.0, 2.0))).buffer(4.2, quad_segs=3)
    built.grounds.append((basin, {"amenity": "fountain", "natural": "water"}))
    statue = np.add(centre, (-18.0, 8.0))
    built.points.append((*statue, {"historic": "memorial", "memorial": "statue"}))
    for k in range(6):
        x, y = centre + np.array([-30.0 + 9.0 * k, 19.0])
        if square.buffer(-3.0).contains(Point(x, y)):
            built.points.append((x, y, {"natural": "tree", "leaf_type": "broadleaved"}))
    for dx, dy in ((-8, -6), (0, -8), (14, -6), (20, 6)):
        built.points.append((*np.add(centre, (dx, dy)), {"amenity": "bench", "backrest": "yes"}))
    for corner, direction in zip((0, 2, 4), (45, 200, 290), strict=True):
        x, y = square.exterior.interpolate(corner / 6.0, normalized=True).coords[0]
        built.points.append((x, y, _camera(direction)))
    for x, y in places_along(LineString(square.buffer(-2.5).exterior.coords), 27.0):
        built.points.append((x, y, {"highway": "street_lamp"}))
    for kind, (dx, dy) in {"cafe": (-33, 14), "restaurant": (27, 18), "kiosk": (24, -9)}.items():
        key = "shop" if kind == "kiosk" else "amenity"
        built.points.append((*np.add(centre, (dx, dy)), {key: kind}))


def _camera(direction: int) -> dict[str, str]:
    return {
        "man_made": "surveillance",
        "surveillance": "public",
        "surveillance:type": "camera",
        "camera:type": "fixed",
        "camera:direction": str(direction),
        "height": "5",
    }


def name_town_hall(plan: TownPlan, built: Built) -> None:
    """Join the houses in the middle of the market's north side into the town hall."""
    rim = np.asarray(plan.market.exterior.coords)
    corner = rim[np.argsort(rim[:, 1])[-3:]].mean(axis=0)
    front = [house for house in built.houses if house.shape.distance(plan.market) < 0.4]
    front.sort(key=lambda house: Point(corner).distance(house.shape.centroid))
    chosen: list[House] = []
    for house in front:
        joins = not chosen or any(house.shape.distance(other.shape) < 0.1 for other in chosen)
        if joins:
            chosen.append(house)
        if sum(part.shape.area for part in chosen) > 420.0:
            break
    shapes = [house.shape.buffer(0.03, join_style="mitre") for house in chosen]
    union = shapely.union_all(shapes).buffer(-0.03, join_style="mitre")
    hall = max(polygons_of(union), key=lambda part: part.area)
    built.houses[:] = [house for house in built.houses if house not in chosen]
    tags = {
        "building": "civic",
        "amenity": "townhall",
        "name": "Town Hall",
        "building:levels": "4",
        "height": "19",
    }
    built.houses.append(House(Polygon(hall.exterior), tags))


def build_church(
    plan: TownPlan, blocks: list[Block], space: StreetSpace, built: Built
) -> Block | None:
    """Put the church with its forecourt on a block of the core; return the block."""
    best: tuple[float, Block, Polygon] | None = None
    for block in blocks:
        if block.kind != "core":
            continue
        for ground in space.free(block.shape):
            rated = abs(ground.centroid.distance(plan.market) - 40.0) / 30.0
            rated += abs(ground.area - 2000.0) / 600.0
            if best is None or rated < best[0]:
                best = (rated, block, ground)
    if best is None:
        return None
    _, block, ground = best
    centre, axis, length, breadth = long_axis(ground)
    if np.dot(axis, np.subtract(plan.market.centroid.coords[0], centre)) < 0.0:
        axis = -axis
    angle = math.atan2(axis[1], axis[0])
    across = np.array([-axis[1], axis[0]])
    line = LineString(
        [centre + axis * 0.17 * length - across * 200, centre + axis * 0.17 * length + across * 200]
    )
    parts = polygons_of(split(ground, line))
    forecourt = max(parts, key=lambda part: float(np.dot(part.centroid.coords[0], axis)))
    yard = min(parts, key=lambda part: float(np.dot(part.centroid.coords[0], axis)))
    nave_length, nave_breadth = 0.50 * length, min(0.42 * breadth, 17.0)
    nave = rectangle(tuple(centre - axis * 0.13 * length), nave_length, nave_breadth, angle)
    apse = Point(centre - axis * 0.38 * length).buffer(nave_breadth * 0.42, quad_segs=3)
    tower_at = tuple(centre + axis * (0.12 * length - 3.5))
    tower = rectangle(tower_at, 7.5, 7.5, angle)
    transept = rectangle(tuple(centre - axis * 0.24 * length), 9.0, nave_breadth * 1.7, angle)
    shape = shapely.intersection(shapely.union_all([nave, apse, tower, transept]), yard.buffer(-1))
    tags = {
        "building": "church",
        "amenity": "place_of_worship",
        "religion": "christian",
        "name": "Church of the Heron",
        "height": "26",
    }
    built.houses.append(House(max(polygons_of(shape), key=lambda part: part.area), tags))
    built.grounds.append((forecourt, {**PEDESTRIAN_AREA, "name": "Church Place"}))
    built.grounds.append((yard, {"landuse": "religious"}))
    rim = LineString(yard.buffer(-0.4, join_style="mitre").exterior.coords)
    wall = shapely.difference(rim, forecourt.buffer(2.5))
    for part in shapely.get_parts(wall):
        if part.length > 4.0:
            built.lines.append((part, {"barrier": "wall", "height": "1.4"}))
    chain = shapely.intersection(
        LineString(forecourt.buffer(-1.2).exterior.coords), Point(tower_at).buffer(0.6 * breadth)
    )
    for part in shapely.get_parts(chain):
        if part.geom_type == "LineString" and part.length > 4.0:
            built.lines.append((part, {"barrier": "chain"}))
    return block


def build_park(rng: np.random.Generator, plan: TownPlan, built: Built) -> None:
    """Lay out the park on the old ramparts: lawns, pond, trees, fence with gates."""
    is_path = {id(s): s.tags.get("highway") in {"footway", "path"} for s in plan.streets}
    roads = StreetSpace([s for s in plan.streets if not is_path[id(s)]], plan.water)
    for block in plan.blocks:
        if block.kind == "park":
            for ground in roads.free(block.shape):
                paths = [s.line for s in plan.streets if is_path[id(s)] and s.line.crosses(ground)]
                _lay_out(rng, ground.buffer(-1.0), paths, built)


def _lay_out(
    rng: np.random.Generator, park: BaseGeometry, paths: list[LineString], built: Built
) -> None:
    built.grounds.append((park, {"leisure": "park", "name": "Rampart Park"}))
    walked = shapely.union_all([path.buffer(4.0) for path in paths])
    for shape in polygons_of(park):
        edge = LineString(shape.exterior.coords)
        for part in lines_of(shapely.difference(edge, walked.buffer(-2.0)), 2.0):
            built.lines.append((part, {"barrier": "fence", "height": "1.1"}))
        for point in shapely.get_coordinates(shapely.intersection(edge, shapely.union_all(paths))):
            built.points.append((*point, {"barrier": "gate", "maxwidth:physical": "3.6"}))
    lawn = shapely.difference(park.buffer(-2.5), walked)
    low_x, low_y, high_x, high_y = park.bounds
    for _ in range(int(park.area / 160.0)):
        x, y = rng.uniform(low_x, high_x), rng.uniform(low_y, high_y)
        if lawn.contains(Point(x, y)):
            built.points.append((x, y, {"natural": "tree"}))
    _pond(max(polygons_of(lawn), key=lambda part: part.area), built)


def _pond(park: Polygon, built: Built) -> None:
    """Dig a pond into the largest lawn; trees within it are felled."""
    middle = park.buffer(-0.35 * park.area / park.length).representative_point()
    if middle.is_empty:
        return
    shape = shapely.union(
        rectangle((middle.x, middle.y), 34.0, 12.0, 0.6).buffer(5.0, quad_segs=4),
        Point(middle.x + 9.0, middle.y + 7.0).buffer(10.0, quad_segs=4),
    )
    pond = max(
        polygons_of(shapely.intersection(shape, park.buffer(-4.0))), key=lambda part: part.area
    )
    built.points[:] = [
        (x, y, tags) for x, y, tags in built.points if not pond.intersects(Point(x, y))
    ]
    built.grounds.append((pond, {"natural": "water", "water": "pond", "name": "Rampart Pond"}))


def park_paths(plan: TownPlan) -> list[Street]:
    """Return the footways through the park, joined to the streets around it."""
    paths = []
    for block in plan.blocks:
        if block.kind != "park":
            continue
        angles = np.arctan2(*np.asarray(plan.park_row.coords).T[::-1])
        for share in (0.3, 0.55, 0.8):
            angle = angles.min() + share * float(np.ptp(angles))
            ray = LineString([(0.0, 0.0), (1e4 * math.cos(angle), 1e4 * math.sin(angle))])
            ends = [
                shapely.get_coordinates(shapely.intersection(ray, line))
                for line in (plan.ring, plan.park_row)
            ]
            if all(len(end) for end in ends):
                tags = {"highway": "footway", "surface": "compacted"}
                paths.append(Street(LineString(np.round([e[0] for e in ends], 2)), 3.5, tags))
        middle = plan.size.core_radius * 1.34
        arc_angles = np.linspace(angles.min() + 0.12, angles.max() - 0.12, 16)
        arc = np.column_stack([np.cos(arc_angles), np.sin(arc_angles)]) * middle
        tags = {"highway": "path", "bicycle": "designated", "foot": "designated"}
        paths.append(Street(LineString(arc), 4.0, tags))
    return paths


def build_station(plan: TownPlan, space: StreetSpace, built: Built) -> None:
    """Build the station: hall along the tracks, forecourt, car park, tracks, platform, fences."""
    for side in (-2.2, 2.2):
        track = shapely.intersection(offset_line(plan.rail, side), plan.extent)
        for part in shapely.get_parts(track):
            built.lines.append((part, {"railway": "rail", "electrified": "contact_line"}))
    roads = shapely.union_all(
        [s.line.buffer(s.width / 2) for s in plan.streets if s.line.crosses(plan.rail)]
    )
    station = [block for block in plan.blocks if block.kind == "station"]
    hall_gap = shapely.union_all([block.shape.buffer(-6.0).buffer(14.0) for block in station])
    for side in (-RAIL_HALF_WIDTH + 0.8, RAIL_HALF_WIDTH - 0.8):
        fence = shapely.difference(
            shapely.intersection(offset_line(plan.rail, side), plan.extent),
            shapely.union(roads, hall_gap),
        )
        for part in shapely.get_parts(fence):
            built.lines.append((part, {"barrier": "fence", "height": "1.8"}))
    for block in station:
        for ground in space.free(block.shape):
            _station_ground(plan, ground, built)


def _station_ground(plan: TownPlan, ground: Polygon, built: Built) -> None:
    track = plan.rail
    near = track.project(ground.centroid)
    heading = np.subtract(
        track.interpolate(near + 20).coords[0], track.interpolate(near - 20).coords[0]
    )
    heading /= np.hypot(*heading)
    angle = math.atan2(heading[1], heading[0])
    down = np.array([heading[1], -heading[0]])
    at = np.asarray(track.interpolate(near - 22.0).coords[0]) + down * (RAIL_HALF_WIDTH + 8.0)
    hall = rectangle(tuple(at), 66.0, 13.0, angle)
    tags = {
        "building": "train_station",
        "name": "Tessenmark Station",
        "building:levels": "2",
        "height": "14",
    }
    built.houses.append(House(hall, tags))
    built.points.append((*at, {"railway": "station", "name": "Tessenmark"}))
    rest = max(
        polygons_of(shapely.difference(ground, hall.buffer(0.02, join_style="mitre"))),
        key=lambda part: part.area,
    )
    cut_at = at + heading * 42.0
    cut = LineString([cut_at - down * 150.0, cut_at + down * 150.0])
    parts = polygons_of(split(rest, cut), 100.0)
    parts.sort(key=lambda part: float(np.dot(part.centroid.coords[0], heading)))
    built.grounds.append((parts[0], {**PEDESTRIAN_AREA, "name": "Station Forecourt"}))
    if len(parts) > 1:
        tags = {"amenity": "parking", "parking": "surface", "surface": "asphalt"}
        built.grounds.append((parts[-1].buffer(-1.0, join_style="mitre"), tags))
    platform = rectangle(tuple(at - down * 10.5), 90.0, 3.2, angle)
    built.grounds.append((platform, {"railway": "platform", "public_transport": "platform"}))
    front = max(polygons_of(parts[0].buffer(-4.0)), key=lambda part: part.area)
    for x, y in places_along(LineString(front.exterior.coords), 24.0):
        built.points.append((x, y, {"highway": "street_lamp"}))
    centre = np.asarray(parts[0].centroid.coords[0])
    built.points.append((*(centre + down * 6), {"amenity": "taxi"}))
    built.points.append((*(centre - heading * 12), {"amenity": "bicycle_parking"}))
    built.points.append((*(centre + heading * 8), _camera(180)))
    for k in range(5):
        spot = centre + heading * (4.0 * k - 8.0) + down * 11.0
        built.points.append((*spot, {"barrier": "planter"}))


def station_ways(plan: TownPlan) -> list[Street]:
    """Return the service ways into the station car park."""
    ways = []
    for block in plan.blocks:
        if block.kind != "station":
            continue
        street = plan.station_street
        middle = block.shape.centroid
        at = street.project(middle) + 42.0
        start = street.interpolate(at).coords[0]
        up = np.array([0.0, 30.0])
        aisle = LineString(np.round([start, np.add(start, up)], 2))
        tags = {"highway": "service", "service": "parking_aisle"}
        ways.append(Street(aisle, 6.0, tags))
    return ways


def build_school(blocks: list[Block], space: StreetSpace, built: Built) -> Block | None:
    """Put the school on a suburban block; return the block."""
    best: tuple[float, Block, Polygon] | None = None
    for block in blocks:
        if block.kind != "suburb" or block.shape.centroid.y > 0.0:
            continue
        for ground in space.free(block.shape):
            rated = (
                abs(ground.area - 6500.0) / 1000.0
                + ground.centroid.distance(Point(-120.0, -330.0)) / 120.0
            )
            if best is None or rated < best[0]:
                best = (rated, block, ground)
    if best is None:
        return None
    _, block, ground = best
    yard = ground.buffer(-1.0, join_style="mitre")
    centre, axis, length, breadth = long_axis(yard)
    angle = math.atan2(axis[1], axis[0])
    across = np.array([-axis[1], axis[0]])
    wing = rectangle(tuple(centre + across * 0.22 * breadth), 0.62 * length, 13.0, angle)
    arm = rectangle(tuple(centre - axis * 0.25 * length), 12.0, 0.5 * breadth, angle)
    hall = max(
        polygons_of(shapely.intersection(shapely.union(wing, arm), yard.buffer(-3.0))),
        key=lambda part: part.area,
    )
    tags = {"building": "school", "building:levels": "3"}
    built.houses.append(House(Polygon(hall.exterior), tags))
    rim = LineString(yard.exterior.coords)
    gate = rim.interpolate(_middle_of_longest_side(yard))
    forecourt = shapely.difference(
        shapely.intersection(gate.buffer(16.0, quad_segs=2), yard), hall.buffer(1.0)
    )
    built.grounds.append((forecourt, {**PEDESTRIAN_AREA, "name": "School Forecourt"}))
    fenced = max(polygons_of(shapely.difference(yard, forecourt)), key=lambda part: part.area)
    built.grounds.append((fenced, {"amenity": "school", "name": "Tesse School"}))
    pitch = rectangle(tuple(centre + axis * 0.2 * length - across * 0.22 * breadth), 30, 18, angle)
    if yard.contains(pitch):
        built.grounds.append((pitch, {"leisure": "pitch", "surface": "asphalt"}))
    fence = LineString(fenced.exterior.coords)
    at = fence.project(gate)
    gap = fence.interpolate(at)
    for part in lines_of(shapely.difference(fence, gap.buffer(1.9)), 2.0):
        built.lines.append((part, {"barrier": "fence", "height": "1.6"}))
    built.points.append(
        (gap.x, gap.y, {"barrier": "gate", "maxwidth:physical": "3.6", "locked": "yes"})
    )
    return block


def _middle_of_longest_side(shape: Polygon) -> float:
    """Return the distance along the rim to the middle of its longest side [m]."""
    steps = np.hypot(*np.diff(np.asarray(shape.exterior.coords), axis=0).T)
    side = int(steps.argmax())
    return float(steps[:side].sum() + steps[side] / 2.0)


def build_quay(plan: TownPlan, built: Built) -> None:
    """Pave the promenade between the quay street and the river wall of the old core."""
    bank = plan.size.river_width / 2.0
    ends = [plan.river.project(Point(plan.core_quay.coords[i])) for i in (0, -1)]
    reach = part_of(plan.river, min(ends) + 6.0, max(ends) - 6.0)
    street_edge, water_edge = offset_line(reach, bank + 8.5), offset_line(reach, bank + 0.8)
    area = Polygon([*street_edge.coords, *reversed(water_edge.coords)])
    built.grounds.append((area, {**PEDESTRIAN_AREA, "name": f"{RIVER_NAME} Promenade"}))
    for side in (bank + 0.4, -bank - 0.4):
        wall = offset_line(part_of(plan.river, min(ends), max(ends)), side)
        built.lines.append((wall, {"barrier": "retaining_wall", "height": "2.5"}))
    for x, y in places_along(offset_line(reach, bank + 3.0), 16.0):
        built.points.append((x, y, {"natural": "tree"}))
    for x, y in places_along(offset_line(reach, bank + 4.5), 40.0):
        built.points.append((x, y, {"amenity": "bench"}))


def quay_ways(plan: TownPlan) -> list[Street]:
    """Return the promenade's cycleway, which runs below the bridges, and the steps to the water."""
    bank = plan.size.river_width / 2.0
    ends = [plan.river.project(Point(plan.core_quay.coords[i])) for i in (0, -1)]
    reach = part_of(plan.river, min(ends) + 10.0, max(ends) + 25.0)
    path = offset_line(reach, bank + 5.5)
    tags = {"highway": "cycleway", "foot": "designated", "name": f"{RIVER_NAME} Path"}
    beside = [s for s in plan.streets if s.tags.get("name") in {"North Quay", "River Road"}]
    joins = []
    for end in (path.coords[0], path.coords[-1]):
        street = min(beside, key=lambda s: s.line.distance(Point(end)))
        joins.append(street.line.interpolate(street.line.project(Point(end))).coords[0])
    line = LineString(np.round(np.vstack([joins[0], path.coords, joins[1]]), 2))
    ways = [Street(line, 3.5, tags)]
    at = plan.core_quay.interpolate(0.3, normalized=True)
    foot = plan.river.interpolate(plan.river.project(at))
    towards = np.subtract(foot.coords[0], at.coords[0])
    length = float(np.hypot(*towards))
    stairs = np.vstack([at.coords[0], np.add(at.coords[0], towards / length * 13.5)])
    steps = {"highway": "steps", "step_count": "12", "handrail": "yes", "incline": "down"}
    ways.append(Street(LineString(np.round(stairs, 2)), 2.5, steps))
    return ways


def tram_way(plan: TownPlan) -> Street:
    """Return the tram track from the market up the north street to the station."""
    both = plan.north_road
    road = LineString([*both.inside.coords, *both.outside.coords])
    end = road.project(Point(plan.station_street.coords[0])) - 2.0
    track = offset_line(part_of(road, 0.0, end), 1.8)
    start = np.asarray(track.coords[0])
    back = start - np.asarray(track.coords[1])
    back = start + back / np.hypot(*back) * 16.0
    tags = {"railway": "tram", "name": "Line 1"}
    return Street(LineString(np.round(np.vstack([back, track.coords]), 2)), 3.0, tags)
