"""Where can a vehicle drive, level by level; what stands there and does not stop it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.approach.cells import CellGrid, link_cells
from parvis.approach.ground_levels import Joint, find_joints
from parvis.approach.ground_obstacles import (
    ExistingObstacle,
    Obstacles,
    climbable_steps,
    collect_obstacles,
    sound,
)
from parvis.approach.ground_sides import face_to_face
from parvis.approach.ground_streets import (
    QUADRANT_SEGMENTS,
    StreetPieces,
    street_pieces,
    widened,
)
from parvis.approach.ground_union import united
from parvis.city.model import City
from parvis.packs.content import GroundRules
from parvis.terms import Scenario

MARGIN = 15.0
"""Features this far outside the window still shape the ground in it. [m]"""

WIDEST_STEPS = 10.0
"""Steps are taken to fill their street face to face up to this width. [m]"""

STEPS_OVERLAP = 0.5
"""Steps a vehicle can climb reach this far into the ground at both ends. [m]"""

GREENERY = frozenset({"park", "garden", "grass", "meadow", "village_green", "recreation_ground"})

_SIMPLIFICATION = 0.01


@dataclass(frozen=True, eq=False)
class Ground:
    """
    Drivable ground of a window in one scenario.

    Attributes
    ----------
    bounds : tuple of float
        min x, min y, max x, max y. [m]
    levels : tuple of int
        Ascending; 0 is always there.
    surfaces : tuple of Geometry
        Per level: polygons with obstacles subtracted, not eroded, not yet restricted to what a
        vehicle can reach.
    portals : tuple of (int, int, Geometry)
        Indices of two levels and the polygon that is the same place on both.
    existing : tuple of ExistingObstacle
        What is there but does not stop a vehicle by itself, and rated barriers.
    carriageways : tuple of Geometry
        Per level: surface of the public street network, where vehicles come from.
    blocked : ndarray of Geometry
        What is mapped on level 0 and not drivable; pieces may overlap.
    notes : mapping of str to float
        Counts and shares a reader should know: ``streets_through_buildings``, ``joints``,
        ``closed_area`` [m²], ``streets``.
    """

    bounds: tuple[float, float, float, float]
    levels: tuple[int, ...]
    surfaces: tuple[BaseGeometry, ...]
    portals: tuple[tuple[int, int, BaseGeometry], ...]
    existing: tuple[ExistingObstacle, ...]
    carriageways: tuple[BaseGeometry, ...]
    blocked: NDArray[np.object_]
    notes: Mapping[str, float]


def build_ground(
    city: City,
    bounds: tuple[float, float, float, float],
    *,
    scenario: Scenario,
    rules: GroundRules,
    is_off_road: bool = False,
    holding: frozenset[str] = frozenset(),
    protected_area: BaseGeometry | None = None,
) -> Ground:
    """
    Build the drivable ground of a window, positively and per level.

    Parameters
    ----------
    city : City
    bounds : tuple of float
        min x, min y, max x, max y. [m]
    scenario : Scenario
        Which column of the ground rules holds.
    rules : GroundRules
        Pack ``ground-rules``.
    is_off_road : bool
        The class can climb steps in the upper scenario.
    holding : frozenset of str
        Rated barriers (``"node/123"``) that are closed and whose rating holds against the class.
    protected_area : Polygon or MultiPolygon, optional
        Open ground by definition.

    Returns
    -------
    Ground

    Notes
    -----
    On each level street surfaces, squares and other open ground are united and gaps up to the
    rules' closing width are closed; then what stops a vehicle is subtracted. A mapped street that
    leads across water, a wall or a wood is taken to pass; through a building only where it is
    covered, a passage, or has a width measured on site. Levels are joined only where ways of both
    share a node. Upper ground contains the typical ground: it is built from the same surfaces
    with fewer obstacles.
    """
    box = (bounds[0] - MARGIN, bounds[1] - MARGIN, bounds[2] + MARGIN, bounds[3] + MARGIN)
    pieces = street_pieces(city, box)
    obstacles, existing = collect_obstacles(
        city,
        box,
        scenario=scenario,
        rules=rules,
        is_off_road=is_off_road,
        holding=holding,
        street_width=_width_at_nodes(pieces),
    )
    steps_stop = rules.rule("steps").blocks(scenario, is_off_road=is_off_road)
    if not steps_stop:
        existing += climbable_steps(city, pieces)
    is_usable = ~pieces.is_steps | (not steps_stop)
    joints = find_joints(city, pieces, is_usable=is_usable)
    areas = _open_areas(city, box, rules, scenario)
    if protected_area is not None:
        areas.setdefault(0, []).append(protected_area)

    levels = sorted({0} | {int(level) for level in pieces.level[is_usable]} | set(areas))
    surfaces: dict[int, BaseGeometry] = {}
    carriageways = []
    blocked = np.empty(0, dtype=object)
    notes: dict[str, float] = {"streets": float(len(pieces)), "joints": float(len(joints))}
    for level in levels:
        surface, away, facts = _level_surface(
            city,
            box,
            level,
            pieces.take(pieces.level == level),
            steps_stop,
            areas.get(level, []),
            obstacles.get(level, Obstacles()),
            [mouth for joint in joints if joint.base == level for mouth in joint.mouths],
            _corrections(city, box, level),
            scenario,
            rules,
        )
        surfaces[level] = surface
        if level == 0:
            blocked = away
            notes |= facts
        starts = pieces.take((pieces.level == level) & pieces.is_public)
        ways = shapely.union_all(widened(city, starts, starts.carriageway))
        carriageways.append(_clip(shapely.intersection(ways, surface), bounds))
    portals = _join_levels(surfaces, joints)
    index = {level: i for i, level in enumerate(levels)}
    return Ground(
        bounds=bounds,
        levels=tuple(levels),
        surfaces=tuple(_clip(surfaces[level], bounds) for level in levels),
        portals=tuple(
            (index[one], index[other], place)
            for one, other, place in portals
            if shapely.intersects(place, shapely.box(*bounds))
        ),
        existing=tuple(existing),
        carriageways=tuple(carriageways),
        blocked=blocked,
        notes=notes,
    )


def street_ground(city: City, area: BaseGeometry) -> BaseGeometry:
    """
    Return the ground that streets on the ground's own level cover within an area.

    Parameters
    ----------
    city : City
    area : Polygon or MultiPolygon
        [m]

    Returns
    -------
    Polygon or MultiPolygon
        Face to face, obstacles not subtracted.
    """
    west, south, east, north = area.bounds
    box = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    pieces = street_pieces(city, box)
    flat = pieces.take((pieces.level == 0) & ~pieces.is_steps)
    strips = [*widened(city, flat, flat.width), *face_to_face(city, flat, box)]
    return _polygons(shapely.intersection(united(strips), area))


def ground_cells(ground: Ground, *, half_width: float, cell: float) -> CellGrid:
    """
    Return the cells of `ground` a vehicle's centre can be in.

    Parameters
    ----------
    ground : Ground
    half_width : float
        Half the vehicle's width. [m], > 0
    cell : float
        [m], at most the vehicle's width over the square root of two.

    Returns
    -------
    CellGrid

    Raises
    ------
    CellTooLargeError
        If `cell` is too large for the vehicle.
    """
    return link_cells(
        ground.surfaces,
        half_width=half_width,
        cell=cell,
        bounds=ground.bounds,
        levels=ground.levels,
        portals=ground.portals,
    )


def unknown_share(ground: Ground, line: BaseGeometry, distance: float) -> float:
    """
    Share of the ground near a line that nobody has mapped.

    Parameters
    ----------
    ground : Ground
        Of the typical scenario: there unknown ground is no part of the surface.
    line : LineString, LinearRing or polygon
        Such as the boundary of the protected area. [m]
    distance : float
        How far from it to look. [m], > 0

    Returns
    -------
    float
        Between 0 and 1; neither drivable nor mapped as an obstacle on level 0.
    """
    band = shapely.intersection(shapely.buffer(line, distance), shapely.box(*ground.bounds))
    if band.area == 0.0:
        return 0.0
    surface = ground.surfaces[ground.levels.index(0)]
    near = ground.blocked[shapely.intersects(ground.blocked, band)]
    unknown = shapely.difference(shapely.difference(band, surface), shapely.union_all(near))
    return float(np.clip(unknown.area / band.area, 0.0, 1.0))


def _level_surface(
    city: City,
    box: tuple[float, float, float, float],
    level: int,
    here: StreetPieces,
    steps_stop: bool,
    areas: Sequence[BaseGeometry],
    obstacles: Obstacles,
    mouths: Sequence[BaseGeometry],
    corrections: tuple[list[BaseGeometry], list[BaseGeometry]],
    scenario: Scenario,
    rules: GroundRules,
) -> tuple[BaseGeometry, NDArray[np.object_], dict[str, float]]:
    """Return the drivable surface of one level, what is blocked there, and counts."""
    flat, stairs = here.take(~here.is_steps), here.take(here.is_steps)
    usable = flat if steps_stop else here
    strips = [*widened(city, flat, flat.width), *face_to_face(city, flat, box)]
    positive = united([*strips, *areas])
    closed = _close(positive, rules.closing_gap) if level >= 0 else positive
    closed_area = float(closed.area - positive.area)
    reach = _unknown_reach(level, scenario, rules)
    if reach > 0.0:
        closed = shapely.buffer(closed, reach, quad_segs=QUADRANT_SEGMENTS)
    flights = np.concatenate([_flights(stairs), np.array(obstacles.flights, dtype=object)])
    if not steps_stop and len(flights):
        climbed = shapely.buffer(flights, STEPS_OVERLAP, cap_style="flat", join_style="mitre")
        closed = shapely.union_all([closed, *climbed])

    sure = usable.take(usable.is_passage | usable.is_corrected)
    passages = widened(city, sure, sure.width, open_ends=False)
    buildings = _without(obstacles.buildings, passages)
    walls = _opened_where_crossed(obstacles.walls, usable)
    terrain = _opened_along(obstacles.terrain, usable)
    woods = _without(obstacles.woods, widened(city, usable, usable.width))
    added, removed = corrections
    solid = [buildings, walls, terrain, woods]
    hard = np.concatenate([*solid, flights] if steps_stop else solid)
    surface = shapely.difference(closed, united(hard))
    if added:
        surface = shapely.union_all([surface, *added])
    last = [*obstacles.barriers, *mouths, *removed]
    if last:
        surface = shapely.difference(surface, shapely.union_all(last))
    facts = {
        "closed_area": closed_area,
        "streets_through_buildings": float(_n_through(buildings, usable)),
    }
    return _polygons(surface), hard, facts


def _without(bodies: Sequence[BaseGeometry], openings: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return each body without the openings that meet it."""
    solid = np.array(bodies, dtype=object)
    opening, body = shapely.STRtree(openings).query(solid, predicate="intersects")[::-1]
    return _cut(solid, body, openings[opening])


def _cut(
    bodies: NDArray[np.object_], body: NDArray[np.int64], openings: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Return each body without its own openings: `body` says whose each opening is."""
    solid = bodies.copy()
    for met in np.unique(body):
        solid[met] = shapely.difference(solid[met], shapely.union_all(openings[body == met]))
    return solid


def _opened_where_crossed(
    walls: Sequence[BaseGeometry], streets: StreetPieces
) -> NDArray[np.object_]:
    """Return walls open, as wide as the street, where its centre line crosses them."""
    solid = np.array(walls, dtype=object)
    street, wall = shapely.STRtree(solid).query(streets.line, predicate="intersects")
    spots = shapely.centroid(shapely.intersection(streets.line[street], solid[wall]))
    discs = shapely.buffer(spots, streets.width[street] / 2, quad_segs=QUADRANT_SEGMENTS)
    return _cut(solid, wall, np.asarray(discs, dtype=object))


def _opened_along(areas: Sequence[BaseGeometry], streets: StreetPieces) -> NDArray[np.object_]:
    """Return areas open along the stretches of streets that lead across them."""
    solid = np.array(areas, dtype=object)
    street, area = shapely.STRtree(solid).query(streets.line, predicate="intersects")
    across = shapely.intersection(streets.line[street], solid[area])
    strips = shapely.buffer(
        across, streets.width[street] / 2, quad_segs=QUADRANT_SEGMENTS, cap_style="flat"
    )
    return _cut(solid, area, np.asarray(strips, dtype=object))


def _n_through(buildings: NDArray[np.object_], streets: StreetPieces) -> int:
    """Count the streets that lead at least a metre deep into a building."""
    tree = shapely.STRtree(buildings)
    street, building = tree.query(streets.line, predicate="intersects")
    inner = shapely.buffer(buildings[building], -1.0, quad_segs=1, join_style="mitre")
    return len(np.unique(street[shapely.intersects(inner, streets.line[street])]))


def _unknown_reach(level: int, scenario: Scenario, rules: GroundRules) -> float:
    """How far unknown ground counts as drivable; bridges and tunnels have none beside them."""
    counts = rules.unknown_typical or (scenario is Scenario.LIMIT and rules.unknown_limit)
    return rules.unknown_reach if counts and level == 0 else 0.0


def _close(surface: BaseGeometry, gap: float) -> BaseGeometry:
    """
    Close gaps up to `gap`, keeping all of `surface`.

    Grown corners are cut by inscribed chords, so the way back is shorter by what these may lose;
    free edges end up a few centimetres further out.
    """
    grown = shapely.buffer(surface, gap / 2, quad_segs=QUADRANT_SEGMENTS)
    simple = shapely.simplify(grown, _SIMPLIFICATION)
    back = gap / 2 * np.cos(np.pi / (4 * QUADRANT_SEGMENTS)) - 2 * _SIMPLIFICATION
    closed: BaseGeometry = shapely.buffer(simple, -back, quad_segs=QUADRANT_SEGMENTS)
    return closed


def flight_widths(stairs: StreetPieces) -> NDArray[np.float64]:
    """Return how wide the ground is that steps cover. [m]."""
    is_narrow = stairs.width <= WIDEST_STEPS
    return np.where(is_narrow, stairs.width, stairs.carriageway)


def _flights(stairs: StreetPieces) -> NDArray[np.object_]:
    """Return what steps cover: their street face to face where it is a narrow one."""
    half = flight_widths(stairs) / 2
    flights = shapely.buffer(stairs.line, half, quad_segs=QUADRANT_SEGMENTS, cap_style="flat")
    return np.asarray(flights, dtype=object)


def _open_areas(
    city: City,
    box: tuple[float, float, float, float],
    rules: GroundRules,
    scenario: Scenario,
) -> dict[int, list[BaseGeometry]]:
    """
    Return the areas that are open ground, by level.

    Public spaces and greenery lie on level 0: a layer on a lawn only says how to draw it.
    """
    rows = city.areas.within(box)
    kinds = city.areas.words("kind")[rows]
    is_open = np.array(
        [
            kind == "ground_drivable"
            or rules.is_drivable(kind, Scenario.TYPICAL)
            or rules.is_drivable(kind, scenario)
            for kind in kinds
        ],
        dtype=np.bool_,
    )
    rows, kinds = rows[is_open], kinds[is_open]
    level = np.asarray(city.areas["level"], dtype=np.int64)[rows]
    level = np.where(np.isin(kinds, list(GREENERY)), 0, level)
    outlines = sound(city.areas.geometry[rows])
    found = {int(at): list(outlines[level == at]) for at in np.unique(level)}
    spaces = city.spaces.within(box)
    found.setdefault(0, []).extend(sound(city.spaces.geometry[spaces]))
    return found


def _corrections(
    city: City, box: tuple[float, float, float, float], level: int
) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """
    Return ground that overrides obstacles, and ground that is none, on one level.

    What a person found drivable on site overrides the map; what a municipal layer gives as ground
    is ground like any other.
    """
    rows = city.areas.within(box)
    rows = rows[np.asarray(city.areas["level"])[rows] == level]
    kinds = city.areas.words("kind")[rows]
    on_site = city.areas.words("osm_type")[rows] == "correction"
    outlines = sound(city.areas.geometry[rows])
    return (
        list(outlines[(kinds == "ground_drivable") & on_site]),
        list(outlines[kinds == "ground_not_drivable"]),
    )


def _width_at_nodes(pieces: StreetPieces) -> dict[int, tuple[float, shapely.LineString]]:
    """Return the widest street at every junction, with its centre line."""
    found: dict[int, tuple[float, shapely.LineString]] = {}
    for at in np.argsort(pieces.width):
        street = (float(pieces.width[at]), pieces.line[at])
        found[int(pieces.from_node[at])] = street
        found[int(pieces.to_node[at])] = street
    return found


def _join_levels(
    surfaces: dict[int, BaseGeometry], joints: Sequence[Joint]
) -> list[tuple[int, int, BaseGeometry]]:
    """Extend each joint's other level over the base's ground around the node."""
    portals: list[tuple[int, int, BaseGeometry]] = []
    extensions: dict[int, list[BaseGeometry]] = {}
    for joint in joints:
        parts = shapely.get_parts(shapely.intersection(surfaces[joint.base], joint.place))
        near = parts[shapely.distance(parts, joint.node) < 0.5] if len(parts) else parts
        if not len(near):
            continue
        place = shapely.union_all(near)
        extensions.setdefault(joint.other, []).append(place)
        portals.append((joint.base, joint.other, place))
    for level, places in extensions.items():
        surfaces[level] = _polygons(shapely.union_all([surfaces[level], *places]))
    return portals


def _polygons(surface: BaseGeometry) -> BaseGeometry:
    """Return only the polygons of a geometry."""
    parts = shapely.get_parts(surface)
    kept: BaseGeometry = shapely.multipolygons(
        parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    )
    return kept


def _clip(surface: BaseGeometry, bounds: tuple[float, float, float, float]) -> BaseGeometry:
    return _polygons(shapely.intersection(surface, shapely.box(*bounds)))
