"""Which public spaces does the data hold, and where do they begin and end."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import build_table, has_tag, segment_lines
from parvis.city.model import Segments
from parvis.city.table import FeatureTable
from parvis.city.widths import BLOCKING_AREAS, BLOCKING_LINES, rows_of_kinds

KINDS = (
    "square",
    "market_place",
    "pedestrian_street",
    "waterfront",
    "station_forecourt",
    "worship_forecourt",
    "school_forecourt",
    "stadium_forecourt",
    "park",
    "garden",
    "playground",
)
"""Kinds of public space; where two entries are one place, the kind named first is kept."""

LEAST_AREA = 50.0
"""Smaller outlines are not listed. [m²]"""
LEAST_UNNAMED_AREA = 300.0
"""Smaller outlines without a name are not listed. [m²]"""
GAP = 30.0
"""Lines of one pedestrian street may lie this far apart, as where it crosses a road. [m]"""
LEAST_STREET = 30.0
"""Shorter pedestrian streets are not listed. [m]"""
ELONGATED = 4.0
"""A named pedestrian area longer than this times its width is a street, not a square. [1]"""
SIGHT = 60.0
"""A square known only as a point reaches at most this far from it. [m]"""
RAYS = 180
OPEN_SIGHT = 25.0
"""How far such a square reaches where hardly anything bounds it. [m]"""
BOUNDED_SHARE = 0.25
"""Least share of rays that must meet something for the others to follow them. [1]"""
MOUTH = 6.0
"""Openings narrower than twice this are streets that leave an inferred square. [m]"""
TOUCHING = 1.0
"""Outlines of one name and kind this close are pieces of one place. [m]"""
FORECOURT_DEPTH = 8.0
"""A forecourt is somewhere at least this deep; narrower ground is a pavement. [m]"""
FORECOURT_SHARE = 0.5
"""Least share of its outline along a station or school that makes a square its forecourt. [1]"""
LEAST_FORECOURT = 150.0
"""Smaller forecourts are not listed. [m²]"""
NEAR_BUILDING = 8.0
"""Pedestrian ground this close to a building is its forecourt. [m]"""
SAME_SHARE = 0.8
"""Two outlines of one name overlapping by this share of the smaller are one place. [1]"""
WATERSIDE = 15.0
"""Pedestrian ground this close to water along half its length is a waterfront. [m]"""


@dataclass(frozen=True, slots=True)
class _Found:
    id: str
    kind: str
    name: str
    outline: BaseGeometry
    tags: dict[str, str]
    is_inferred: bool = False


def find_spaces(
    streets: FeatureTable,
    segments: Segments,
    areas: FeatureTable,
    lines: FeatureTable,
    points: FeatureTable,
    furniture: FeatureTable,
) -> FeatureTable:
    """
    Find the public spaces of a city.

    Parameters
    ----------
    streets, areas, lines, points, furniture : FeatureTable
        Tables of a `City`; squares mapped as a point are looked for in both point tables.
    segments : Segments
        With widths measured: they make the corridors of pedestrian streets.

    Returns
    -------
    FeatureTable
        As `City.spaces`: ``id``, ``kind``, ``name``, ``area`` [m²], ``is_inferred``, in the
        order of `KINDS`, then of name. Its text pool begins with that of `streets`, so that one
        pool can serve all tables.

    Notes
    -----
    Squares are ``place=square`` outlines and named pedestrian areas; pedestrian streets are
    ``highway=pedestrian`` lines joined by name and nearness, widened to their measured clear
    width and cut by what blocks, named by their lowest way id. A square known only as a point
    gets the open ground seen from it, without the streets that leave it; such outlines are marked
    as inferred. Areas inside buildings are not told apart from those in the open.
    """
    anchors = _anchors(areas, furniture)
    found = [
        *(_as_forecourt(space, anchors) for space in _areas(areas)),
        *_pedestrian_streets(streets, segments, areas),
        *_forecourts(areas, anchors),
    ]
    for table in (points, furniture):
        found += _point_squares(table, areas, lines, found)
    kept = _without_doubles(_in_one_piece(found))
    kept.sort(key=lambda space: (KINDS.index(space.kind), space.name.casefold(), space.id))
    outline = [space.outline for space in kept]
    return build_table(
        "polygon",
        outline,
        {
            "area": np.asarray(shapely.area(outline), dtype=np.float64).reshape(-1),
            "is_inferred": np.array([space.is_inferred for space in kept], dtype=bool),
        },
        texts={"id": [s.id for s in kept], "name": [s.name for s in kept]},
        coded={"kind": [s.kind for s in kept]},
        tags=[s.tags for s in kept],
        strings=streets.strings,
    )


def area_id(areas: FeatureTable, row: int) -> str:
    """Return the public id of an area: OSM type and id, such as ``"way/123"``."""
    return f"{areas.words('osm_type')[row]}/{int(areas['osm_id'][row])}"


def _areas(areas: FeatureTable) -> list[_Found]:
    """Spaces that are mapped as outlines."""
    named = np.asarray(areas["name"]) >= 0
    is_pedestrian = has_tag(areas, "highway", "pedestrian")
    is_public = has_tag(areas, "access", "yes", "public", "permissive")
    is_building = np.zeros(len(areas), dtype=bool)
    is_building[rows_of_kinds(areas, frozenset({"building"}))] = True
    rules = (
        ("square", has_tag(areas, "place", "square")),
        ("market_place", has_tag(areas, "amenity", "marketplace")),
        ("square", is_pedestrian & named),
        ("waterfront", has_tag(areas, "man_made", "quay") & named),
        ("park", has_tag(areas, "leisure", "park") | has_tag(areas, "landuse", "village_green")),
        ("playground", has_tag(areas, "leisure", "playground")),
        ("garden", has_tag(areas, "leisure", "garden") & (named | is_public)),
    )
    kind_of = np.full(len(areas), -1)
    for i, (_, is_kind) in reversed(list(enumerate(rules))):
        kind_of[is_kind & ~is_building] = i
    water = _tree(areas, frozenset({"water"}))
    found = []
    for row in np.flatnonzero(kind_of >= 0):
        outline = areas.geometry[row]
        least = LEAST_AREA if named[row] else LEAST_UNNAMED_AREA
        if outline.area < least:
            continue
        kind, tags = rules[kind_of[row]][0], areas.tags(int(row))
        if kind == "square" and tags.get("place") != "square":
            is_raised = int(areas["level"][row]) > 0
            kind = _pedestrian_kind(outline, None if is_raised else water)
        name = areas.text("name", int(row))
        found.append(_Found(area_id(areas, int(row)), kind, name, outline, tags))
    return found


def _pedestrian_kind(outline: BaseGeometry, water: shapely.STRtree | None) -> str:
    if water is not None and _is_waterside(outline.boundary, water):
        return "waterfront"
    box = shapely.minimum_rotated_rectangle(outline)
    if box.geom_type != "Polygon":
        return "pedestrian_street"
    corners = shapely.get_coordinates(box)
    sides = np.hypot(*(corners[1:3] - corners[:2]).T)
    mean_width = outline.area / max(float(sides.max()), 1e-9)
    return "pedestrian_street" if sides.max() > ELONGATED * mean_width else "square"


def _is_waterside(line: BaseGeometry, water: shapely.STRtree) -> bool:
    """Whether at least 40 % of `line` lies close to water."""
    near = water.query(line, predicate="dwithin", distance=WATERSIDE)
    if not len(near):
        return False
    shore = shapely.union_all(water.geometries[near]).buffer(WATERSIDE, quad_segs=2)
    return bool(line.intersection(shore).length >= 0.4 * line.length)


def _tree(areas: FeatureTable, kinds: frozenset[str]) -> shapely.STRtree:
    return shapely.STRtree(areas.geometry[rows_of_kinds(areas, kinds)])


def _on_ground(table: FeatureTable, kinds: frozenset[str]) -> NDArray[np.int64]:
    """Rows of some kinds that stand on level 0."""
    rows = rows_of_kinds(table, kinds)
    return rows[np.asarray(table["level"])[rows] == 0]


def _pedestrian_streets(
    streets: FeatureTable, segments: Segments, areas: FeatureTable
) -> list[_Found]:
    """Corridors of pedestrian streets that are mapped as lines."""
    is_pedestrian = streets.words("highway") == "pedestrian" if len(streets) else np.empty(0)
    of_segment = np.asarray(segments.street, dtype=np.int64)
    chosen = np.flatnonzero(np.asarray(is_pedestrian, dtype=bool)[of_segment])
    if not len(chosen):
        return []
    street = of_segment[chosen]
    geometry = segment_lines(streets, segments, chosen)
    name = np.asarray(streets["name"], dtype=np.int64)[street]
    label = _components(geometry, name)
    water = _tree(areas, frozenset({"water"}))
    solid = shapely.STRtree(areas.geometry[_on_ground(areas, BLOCKING_AREAS)])
    is_apart = np.asarray(streets["is_covered"], dtype=bool)[street]
    is_apart |= np.asarray(streets["level"])[street] != 0
    is_bridge = np.asarray(streets["is_bridge"], dtype=bool)[street]
    width = np.asarray(segments.width, dtype=np.float64)[chosen]
    found = []
    order = np.argsort(label, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
        length = float(shapely.length(geometry[part]).sum())
        if length < LEAST_STREET or (name[part[0]] < 0 and length < 2 * LEAST_STREET):
            continue
        corridor = _corridor(geometry[part], width[part], is_apart[part], solid)
        if corridor.area < LEAST_AREA:
            continue
        lowest = int(np.asarray(streets["osm_id"])[street[part]].min())
        title = streets.text("name", int(street[part[0]]))
        middle = shapely.union_all(geometry[part])
        is_waterside = not is_bridge[part].any() and _is_waterside(middle, water)
        kind = "waterfront" if is_waterside else "pedestrian_street"
        tags = streets.tags(int(street[part[0]]))
        found.append(_Found(f"way/{lowest}", kind, title, corridor, tags))
    return found


def _components(geometry: NDArray[np.object_], name: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return a group number per line: one name and within `GAP`, or unnamed and touching."""
    tree = shapely.STRtree(geometry)
    first, second = tree.query(geometry, predicate="dwithin", distance=GAP)
    is_one = (name[first] == name[second]) & (first < second)
    first, second = first[is_one], second[is_one]
    near = shapely.distance(geometry[first], geometry[second])
    is_joined = (name[first] >= 0) | (near <= 0.0)
    first, second = first[is_joined], second[is_joined]
    n = len(geometry)
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


def _corridor(
    lines: NDArray[np.object_],
    width: NDArray[np.float64],
    is_apart: NDArray[np.bool_],
    solid: shapely.STRtree,
) -> BaseGeometry:
    """Lines widened to their clear width, less what blocks, where still joined to a line."""
    strips = shapely.buffer(lines, width / 2, cap_style="flat", join_style="mitre", mitre_limit=2.0)
    strips = np.asarray(strips, dtype=object)
    open_ground = shapely.union_all(strips[~is_apart])
    blocks = solid.geometries[solid.query(open_ground, predicate="intersects")]
    open_ground = shapely.difference(open_ground, shapely.union_all(blocks))
    whole = shapely.union_all([open_ground, *strips[is_apart]])
    parts = shapely.get_parts(whole)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    middle = shapely.union_all(lines)
    kept = parts[(shapely.area(parts) > 1.0) & shapely.intersects(parts, middle)]
    return shapely.MultiPolygon(list(kept))


_Anchors = list[tuple[str, NDArray[np.object_], list[str]]]


def _as_forecourt(space: _Found, anchors: _Anchors) -> _Found:
    """Name by its use a pedestrian area half of whose outline lies along one building."""
    if space.kind != "square" or space.tags.get("place") == "square":
        return space
    edge = space.outline.boundary
    for kind, geometry, _ in anchors:
        near = geometry[shapely.dwithin(geometry, space.outline, NEAR_BUILDING)]
        if len(near):
            along = edge.intersection(shapely.union_all(near).buffer(NEAR_BUILDING)).length
            if along >= FORECOURT_SHARE * edge.length:
                return replace(space, kind=kind)
    return space


def _forecourts(areas: FeatureTable, anchors: _Anchors) -> list[_Found]:
    """Unnamed pedestrian areas in front of stations, places of worship, schools and stadiums."""
    named = np.asarray(areas["name"]) >= 0
    is_ground = has_tag(areas, "highway", "pedestrian") & ~named
    rows = np.flatnonzero(is_ground & (shapely.area(areas.geometry) >= LEAST_FORECOURT))
    rows = rows[~shapely.is_empty(shapely.buffer(areas.geometry[rows], -FORECOURT_DEPTH / 2))]
    tree = shapely.STRtree(areas.geometry[rows])
    taken: set[int] = set()
    found = []
    for kind, buildings, names in anchors:
        which, ground = tree.query(buildings, predicate="dwithin", distance=NEAR_BUILDING)
        pairs = sorted(
            zip(which.tolist(), ground.tolist(), strict=True),
            key=lambda pair: (pair[0], -tree.geometries[pair[1]].area),
        )
        served: set[int] = set()
        for anchor, i in pairs:
            if i in taken or (anchor in served and kind != "station_forecourt"):
                continue
            taken.add(i)
            served.add(anchor)
            row = int(rows[i])
            found.append(
                _Found(
                    area_id(areas, row), kind, names[anchor], areas.geometry[row], areas.tags(row)
                )
            )
    return found


def _anchors(areas: FeatureTable, furniture: FeatureTable) -> _Anchors:
    """Kind of forecourt, geometry of what it lies in front of, and names."""
    masks = {
        "station_forecourt": has_tag(areas, "railway", "station")
        | has_tag(areas, "building", "train_station")
        | has_tag(areas, "public_transport", "station"),
        "worship_forecourt": has_tag(areas, "amenity", "place_of_worship"),
        "school_forecourt": has_tag(areas, "amenity", "school", "kindergarten"),
        "stadium_forecourt": has_tag(areas, "leisure", "stadium", "sports_centre"),
    }
    doors = np.flatnonzero(has_tag(furniture, "railway", "subway_entrance", "station"))
    anchors = []
    for kind, mask in masks.items():
        rows = np.flatnonzero(mask)
        geometry = list(areas.geometry[rows])
        names = [areas.text("name", int(row)) for row in rows]
        if kind == "station_forecourt":
            geometry += list(furniture.geometry[doors])
            names += [furniture.tags(int(row)).get("name", "") for row in doors]
        anchors.append((kind, np.array(geometry, dtype=object), names))
    return anchors


def _point_squares(
    table: FeatureTable, areas: FeatureTable, lines: FeatureTable, known: list[_Found]
) -> list[_Found]:
    """Squares mapped only as a point: the open ground seen from it."""
    rows = np.flatnonzero(has_tag(table, "place", "square"))
    if not len(rows):
        return []
    area_rows = _on_ground(areas, BLOCKING_AREAS)
    line_rows = _on_ground(lines, BLOCKING_LINES)
    solid = np.concatenate([areas.geometry[area_rows], lines.geometry[line_rows]])
    tree = shapely.STRtree(solid)
    found = []
    for row in rows:
        point = table.geometry[row]
        tags = table.tags(int(row))
        name = tags.get("name", "")
        if any(s.name == name and s.outline.dwithin(point, SIGHT) for s in known if name):
            continue
        outline = open_ground_around(point, tree)
        if outline.area >= LEAST_AREA:
            number = int(table["osm_id"][row])
            found.append(_Found(f"node/{number}", "square", name, outline, tags, is_inferred=True))
    return found


def open_ground_around(point: shapely.Point, solid: shapely.STRtree) -> BaseGeometry:
    """
    Ground that can be seen from a point, without the mouths of streets.

    Parameters
    ----------
    point : Point
    solid : STRtree
        Geometries that block sight and vehicles.

    Returns
    -------
    Polygon or MultiPolygon
        Empty where the point stands in or against something solid. Where a ray meets nothing, the
        square reaches as far as the median of the others, or 25 m where hardly any meets anything.
    """
    near = solid.geometries[solid.query(point, predicate="dwithin", distance=SIGHT)]
    blocks = shapely.union_all(near)
    angle = np.arange(RAYS) * (2 * np.pi / RAYS)
    tips = np.array([point.x, point.y]) + SIGHT * np.column_stack([np.cos(angle), np.sin(angle)])
    rays = shapely.linestrings(
        np.stack([np.broadcast_to([point.x, point.y], tips.shape), tips], axis=1)
    )
    seen = shapely.difference(rays, blocks)
    parts, owner = shapely.get_parts(seen, return_index=True)
    is_first = shapely.distance(parts, point) < 1e-6
    reach = np.zeros(RAYS)
    np.maximum.at(reach, owner[is_first], shapely.length(parts[is_first]))
    is_met = reach < SIGHT - 1e-6
    beyond = np.median(reach[is_met]) if is_met.mean() >= BOUNDED_SHARE else OPEN_SIGHT
    reach = np.where(is_met, reach, beyond)
    outer = np.array([point.x, point.y]) + reach[:, None] * (tips - [point.x, point.y]) / SIGHT
    outline = shapely.buffer(shapely.Polygon(outer), 0)
    opened = outline.buffer(-MOUTH).buffer(MOUTH).difference(blocks)
    parts = shapely.get_parts(opened)
    return shapely.MultiPolygon([part for part in parts if part.dwithin(point, MOUTH)])


def _in_one_piece(found: list[_Found]) -> list[_Found]:
    """Join the pieces a named place is mapped in; the greatest gives the id."""
    groups: dict[tuple[str, str], list[_Found]] = {}
    for space in found:
        groups.setdefault((space.kind, space.name or space.id), []).append(space)
    joined = []
    for group in groups.values():
        outlines = np.array([space.outline for space in group], dtype=object)
        first, second = shapely.STRtree(outlines).query(
            outlines, predicate="dwithin", distance=TOUCHING
        )
        graph = coo_array((np.ones(len(first)), (first, second)), shape=(len(group), len(group)))
        label = connected_components(graph, directed=False)[1]
        for number in range(int(label.max()) + 1):
            pieces = [space for space, of in zip(group, label, strict=True) if of == number]
            largest = max(pieces, key=lambda space: (space.outline.area, space.id))
            if len(pieces) > 1:
                whole = shapely.union_all([space.outline for space in pieces])
                largest = replace(largest, outline=whole)
            joined.append(largest)
    return joined


def _without_doubles(found: list[_Found]) -> list[_Found]:
    """Keep one entry of each place that is mapped more than once."""
    if not found:
        return []
    rank = {kind: i for i, kind in enumerate(KINDS)}
    order = sorted(
        range(len(found)), key=lambda i: (rank[found[i].kind], -found[i].outline.area, found[i].id)
    )
    tree = shapely.STRtree([space.outline for space in found])
    dropped: set[int] = set()
    ids: set[str] = set()
    kept = []
    for i in order:
        space = found[i]
        if i in dropped or space.id in ids:
            continue
        ids.add(space.id)
        kept.append(space)
        for j in tree.query(space.outline, predicate="intersects").tolist():
            other = found[j]
            if j == i or (other.name and other.name != space.name):
                continue
            shared = space.outline.intersection(other.outline).area
            if shared >= SAME_SHARE * min(space.outline.area, other.outline.area) and (
                other.name == space.name or shared >= SAME_SHARE * space.outline.area
            ):
                dropped.add(j)
    return kept
