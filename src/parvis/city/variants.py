"""What stands where once a planner's design replaces the present inside a drawn limit."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import build_table, join, ragged, segment_boxes, segment_lines, take
from parvis.city.layers import grades_of, segments_near
from parvis.city.model import City, Segments
from parvis.city.table import FeatureTable
from parvis.city.variant_layers import DESIGN_LAYERS, layer_of
from parvis.city.variant_streets import end_streets, without_segments
from parvis.city.widths import (
    BLOCKING_AREAS,
    BLOCKING_LINES,
    CORRECTED,
    MEASURED,
    carriageway_widths,
    measure_widths,
    rows_of_kinds,
)
from parvis.terms import Grade

TABLES = ("areas", "lines", "points", "furniture")
SOLID = BLOCKING_AREAS | BLOCKING_LINES | {"fountain"}
"""Kinds that stop a vehicle and, drawn in a design, end a street that leads into them."""
KEPT_GROUND = -1
"""Number of the ground that the present's streets leave to a design."""
AT_NODE = 0.05
"""A point this near to a junction of the streets stands on it. [m]"""
LEAST_PART = 1e-6
"""Parts of lines [m] and areas [m²] below this are left over from cutting and dropped."""
HAIR = 0.001
"""What leaves the limit by less is not cut. [m]"""
STEPS_REACH = 0.5
"""Steps that leave the limit by less than this lie within it. [m]"""


@dataclass(frozen=True, eq=False)
class Variant:
    """
    A design in the city's coordinates; never changed once stored.

    Attributes
    ----------
    name : str
    limit : Polygon or MultiPolygon
        Inside it the design holds, outside the present. [m]
    replaces : tuple of str
        Layers of `DESIGN_LAYERS` taken over from the design; the present's others stay.
    tables : mapping of str to FeatureTable
        By name of the city's table, cut at the limit.
    hash : str
    source : mapping
        Files with SHA-256, coordinate system, date of adding, counts.
    """

    name: str
    limit: BaseGeometry
    replaces: tuple[str, ...]
    tables: Mapping[str, FeatureTable]
    hash: str
    source: Mapping[str, Any]


def has_solids(variant: Variant) -> bool:
    """Return whether a design draws anything that stops vehicles and limits widths."""
    return any(
        np.isin(table.words("kind"), list(SOLID)).any()
        for table in variant.tables.values()
        if table.geometry_type != "point"
    )


def city_with_variant(
    city: City, variant: Variant, *, street_ground: BaseGeometry | None = None
) -> City:
    """
    Replace what the present has inside a variant's limit by the design.

    Parameters
    ----------
    city : City
        The present, layers and corrections included; not changed.
    variant : Variant
    street_ground : Polygon or MultiPolygon, optional
        What the present's streets cover in and around the limit, face to face. It stays ground
        where the design adds solids: a street reaches to the next face only, and a wall in its
        midst would otherwise take the ground behind it away. [m]

    Returns
    -------
    City
        Its hash covers both; its manifest names the ``variant`` with what was taken out and brought
        in by layer, the streets that now end at a solid of the design, and how many widths were
        measured anew.

    Notes
    -----
    What crosses the limit is cut there, but for what the design draws just as it is. Only things on
    the ground's own level are replaced. The streets stay, for they say where vehicles come from;
    some things keep them from overriding the design. Near solids that the design adds or takes
    away (not near those it keeps) clear widths are measured anew, and a width somebody measured on
    site gives way where such a solid stands within it. A street that leads into a solid the design
    adds ends there: the ground builder would otherwise take a mapped street to pass. Flights of
    steps within the limit are the design's to draw.
    """
    tables = {name: getattr(city, name) for name in TABLES}
    taken_out: Counter[str] = Counter()
    brought: Counter[str] = Counter()
    before: list[tuple[str, BaseGeometry]] = []
    after: list[tuple[str, BaseGeometry]] = []
    for name in TABLES:
        table, new = tables[name], variant.tables.get(name)
        rows = rows_of_layers(table, name, variant.replaces, variant.limit)
        if new is not None:
            whole, drawn = _unchanged(table, rows, new, variant.limit)
            rows, new = np.setdiff1d(rows, whole), take(new, drawn)
        inside, rest = cut_at(table, rows, variant.limit)
        taken_out.update(_layers_of(inside, name))
        before += _parts(inside)
        others = np.setdiff1d(np.arange(len(table)), rows)
        kept = join(take(table, others), rest) if len(rows) else table
        if new is not None:
            brought.update(_layers_of(new, name))
            after += _parts(new)
            kept = join(kept, _on_nodes(new, city.segments) if name == "points" else new)
        tables[name] = kept
    changed = _changed(before, after)
    known = {_key(*item) for item in before}
    added = [item[1] for item in after if item[0] in SOLID and _key(*item) not in known]
    if added and street_ground is not None and not street_ground.is_empty:
        tables["areas"] = join(tables["areas"], _as_ground(street_ground))
    streets, segments = city.streets, city.segments
    if "steps" in variant.replaces:
        segments = without_segments(segments, flights_within(city, variant.limit))
    streets, segments, n_ended = end_streets(streets, segments, added, variant.limit)
    changing = replace(city, streets=streets, segments=segments, **tables)
    segments, n_measured = _with_widths(changing, changed)
    digest = hashlib.blake2b(city.hash.encode(), digest_size=32)
    digest.update(variant.hash.encode())
    manifest = dict(city.manifest) | {
        "hash": digest.hexdigest(),
        "variant": {
            "name": variant.name,
            "hash": variant.hash,
            "replaces": list(variant.replaces),
            "taken_out": dict(taken_out),
            "brought_in": dict(brought),
            "streets_ended": n_ended,
            "widths_measured": n_measured,
        },
    }
    return replace(changing, segments=segments, manifest=manifest)


def rows_of_layers(
    table: FeatureTable, name: str, layers: Iterable[str], limit: BaseGeometry
) -> NDArray[np.int64]:
    """Return the rows of a city's table on the ground that belong to `layers` in a limit."""
    kinds = frozenset().union(*(getattr(DESIGN_LAYERS[layer], name) for layer in layers))
    rows = np.intersect1d(table.within(limit.bounds), rows_of_kinds(table, kinds))
    if "level" in table.columns:
        rows = rows[np.asarray(table["level"])[rows] == 0]
    shapely.prepare(limit)
    return rows[shapely.intersects(limit, table.geometry[rows])]


def _layers_of(table: FeatureTable, name: str) -> list[str]:
    return [layer_of(name, str(kind)) for kind in table.words("kind")]


def cut_at(
    table: FeatureTable, rows: NDArray[np.int64], limit: BaseGeometry
) -> tuple[FeatureTable, FeatureTable]:
    """
    Return what of `rows` lies inside a limit and what outside; lines fall into single parts.

    Features that merely touch the limit lie outside, those that leave it by a hair within.
    """
    geometry = shapely.make_valid(table.geometry[rows])
    is_whole = shapely.covers(shapely.buffer(limit, HAIR), geometry)
    parts: list[list[BaseGeometry]] = [[], []]
    owners: list[list[int]] = [[], []]
    for row, shape, whole in zip(rows, geometry, is_whole, strict=True):
        halves = (
            (table.geometry[row], None)
            if whole
            else (shapely.intersection(shape, limit), shapely.difference(shape, limit))
        )
        for side, half in enumerate(halves):
            pieces = _of_type(half, table.geometry_type)
            parts[side] += pieces
            owners[side] += [int(row)] * len(pieces)
    inside, outside = (
        with_geometry(take(table, np.array(owner, dtype=np.int64)), shapes)
        for owner, shapes in zip(owners, parts, strict=True)
    )
    return inside, outside


def _unchanged(
    table: FeatureTable, rows: NDArray[np.int64], new: FeatureTable, limit: BaseGeometry
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Return the rows across a limit that a design draws as they are, and its rows but for those.

    Such features stay whole: a wall in two pieces is another wall to a street that crosses it.
    """
    every = np.arange(len(new))
    if new.geometry_type == "point" or not len(new):
        return rows[:0], every
    shapes = shapely.make_valid(table.geometry[rows])
    crossing = rows[~shapely.covers(shapely.buffer(limit, HAIR), shapes)]
    drawn = [_signs(new, int(row), [new.geometry[row]]) for row in every]
    whole, known = [], set()
    for row in crossing:
        shape = shapely.make_valid(table.geometry[row])
        inside = _of_type(shapely.intersection(shape, limit), table.geometry_type)
        signs = _signs(table, int(row), inside)
        same = [at for at in every if drawn[at] <= signs]
        if signs and set().union(*(drawn[at] for at in same)) == signs:
            whole.append(int(row))
            known |= {int(at) for at in same}
    return np.array(whole, dtype=np.int64), np.array(
        [at for at in every if at not in known], dtype=np.int64
    )


def _signs(table: FeatureTable, row: int, shapes: Sequence[BaseGeometry]) -> set[Any]:
    """Return what two drawings of a feature share: kind, parts and what is stated about it."""
    tags = {"parvis:grade": "C"} | table.tags(row)
    stated = tuple(
        tags.get(key, "") for key in ("parvis:rating", "parvis:state", "parvis:grade", "height")
    )
    kind = str(table.words("kind")[row])
    return {(*_key(kind, part), *stated) for shape in shapes for part in shapely.get_parts(shape)}


def _of_type(shape: BaseGeometry | None, geometry_type: str) -> list[BaseGeometry]:
    """Return parts of a table's geometry type: lines one by one, polygons as one."""
    if shape is None or shape.is_empty:
        return []
    if geometry_type == "point":
        return [shape]
    parts = [part for one in shapely.get_parts(shape) for part in shapely.get_parts(one)]
    if geometry_type == "line":
        lines = [part for part in parts if part.geom_type == "LineString"]
        merged = shapely.line_merge(shapely.multilinestrings(lines)) if len(lines) > 1 else None
        joined = lines if merged is None else list(shapely.get_parts(merged))
        return [line for line in joined if line.length > LEAST_PART]
    polygons = [part for part in parts if part.geom_type == "Polygon" and part.area > LEAST_PART]
    return [shapely.multipolygons(polygons)] if polygons else []


def with_geometry(table: FeatureTable, shapes: Sequence[BaseGeometry]) -> FeatureTable:
    """Return the table with other geometries of its type, one a row."""
    coords, offsets = ragged(table.geometry_type, shapes)
    return replace(table, coords=coords, offsets=offsets)


def flights_within(city: City, limit: BaseGeometry) -> NDArray[np.int64]:
    """Return the segments that are steps on the ground's level and lie within a limit."""
    streets, segments = city.streets, city.segments
    street = np.asarray(segments.street, dtype=np.int64)
    is_flight = np.asarray(streets["is_steps"], dtype=bool) & (np.asarray(streets["level"]) == 0)
    is_near = np.zeros(len(streets), dtype=bool)
    is_near[streets.within(limit.bounds)] = True
    rows = np.flatnonzero((is_flight & is_near)[street])
    lines = segment_lines(streets, segments, rows)
    return rows[shapely.covers(shapely.buffer(limit, STEPS_REACH), lines)]


def _as_ground(shape: BaseGeometry) -> FeatureTable:
    return build_table(
        "polygon",
        [shape],
        {"osm_id": np.array([KEPT_GROUND]), "level": np.zeros(1, dtype=np.int8)},
        coded={"kind": ["ground_drivable"], "osm_type": ["layer"]},
        tags=[{"parvis:grade": "C"}],
    )


def _on_nodes(points: FeatureTable, segments: Segments) -> FeatureTable:
    """Return points with the junction that each stands on, -1 for none."""
    if not len(points) or not len(segments.node_x):
        return points
    tree = cKDTree(np.column_stack([segments.node_x, segments.node_y]))
    _, node = tree.query(points.coords, distance_upper_bound=AT_NODE)
    on = np.where(node < len(segments.node_x), node, -1).astype(np.int32)
    return replace(points, columns={**points.columns, "segment_node": on})


def _parts(table: FeatureTable) -> list[tuple[str, BaseGeometry]]:
    """Return kind and single part of everything that limits widths or stops vehicles."""
    if not len(table) or table.geometry_type == "point":
        return []
    watched = SOLID | {"kerb", "curb"}
    words = table.words("kind")
    return [
        (str(words[row]), part)
        for row in np.flatnonzero(np.isin(words, list(watched)))
        for part in shapely.get_parts(table.geometry[row])
    ]


def _key(kind: str, shape: BaseGeometry) -> tuple[str, bytes]:
    """Return what two drawings of the same thing share: kind and places to the millimetre."""
    rounded = shapely.transform(shape, lambda xy: np.round(xy, 3) + 0.0)
    return kind, shapely.to_wkb(shapely.normalize(rounded))


def _changed(
    before: Sequence[tuple[str, BaseGeometry]], after: Sequence[tuple[str, BaseGeometry]]
) -> list[tuple[str, BaseGeometry]]:
    """Return what only one of two lists holds."""
    known = [{_key(*item) for item in items} for items in (before, after)]
    return [item for item in before if _key(*item) not in known[1]] + [
        item for item in after if _key(*item) not in known[0]
    ]


def _with_widths(city: City, changed: Sequence[tuple[str, BaseGeometry]]) -> tuple[Segments, int]:
    """Measure clear widths anew near what changed; return how many."""
    segments = city.segments
    boxes = segment_boxes(city.streets, segments)
    solids = [shape for kind, shape in changed if kind in SOLID]
    near = segments_near(boxes, solids)
    near = near[_gives_way(city, near, solids)]
    width = np.array(segments.width, dtype=np.float32)
    grade = np.array(segments.width_grade, dtype=np.int8)
    source = np.array(segments.width_source, dtype=np.int8)
    if len(near):
        width[near], grade[near], source[near] = measure_widths(
            city.streets,
            segments,
            city.areas,
            city.lines,
            rows=near,
            area_grade=grades_of(city.areas),
            line_grade=grades_of(city.lines),
        )
    at_kerbs = segments_near(boxes, [shape for _, shape in changed])
    at_kerbs = at_kerbs[source[at_kerbs] != CORRECTED]
    kerbs = rows_of_kinds(city.lines, DESIGN_LAYERS["kerbs"].lines)
    kerbs = kerbs[grades_of(city.lines)[kerbs] <= int(Grade.B)]
    if len(at_kerbs) and len(kerbs):
        across = carriageway_widths(city.streets, segments, take(city.lines, kerbs), rows=at_kerbs)
        is_wider = ~np.isnan(across) & ((source[at_kerbs] != MEASURED) | (across > width[at_kerbs]))
        wider = at_kerbs[is_wider]
        width[wider], grade[wider], source[wider] = across[is_wider], int(Grade.B), MEASURED
    return replace(segments, width=width, width_grade=grade, width_source=source), len(near)


def _gives_way(
    city: City, rows: NDArray[np.int64], solids: Sequence[BaseGeometry]
) -> NDArray[np.bool_]:
    """Return which widths may be measured anew: corrected ones where a solid is within them."""
    is_free = np.asarray(city.segments.width_source)[rows] != CORRECTED
    lines = segment_lines(city.streets, city.segments, rows[~is_free])
    if len(lines):
        reach = np.asarray(city.segments.width, dtype=np.float64)[rows[~is_free]] / 2
        is_free[~is_free] = shapely.dwithin(lines, shapely.union_all(list(solids)), reach)
    return is_free
