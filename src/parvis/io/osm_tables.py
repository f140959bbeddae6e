"""How do the objects of an extract become the tables of a city."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.model import Segments
from parvis.city.segments import cut_streets, nodes_of
from parvis.city.table import FeatureTable, Strings
from parvis.io import osm_tags as rules
from parvis.io.osm_areas import (
    SameNodes,
    WayGeometry,
    assemble_relation,
    close_ways,
    is_there,
    ranges,
    way_boxes,
)
from parvis.io.osm_read import Extract
from parvis.io.osm_sea import sea_surface
from parvis.io.osm_words import TagPool, code_words

WIDEST_BOX = 20.0
"""A file header whose box is wider is not believed. [°]"""
LEAST_WATER = 2.0
"""A watercourse with at least this width tag gets a surface. [m]"""
LEAST_CROSSING = 3.0
"""A street this far inside a building runs below or through it. [m]"""
MULTIPOLYGON_TYPES = frozenset({"multipolygon"})

Project = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Tables:
    """
    Tables of an extract and what was lost on the way.

    Attributes
    ----------
    streets, areas, lines, points, furniture : FeatureTable
    segments : Segments
    bounds : tuple of float
        Where the streets are, within the header's box or the window. [m]
    cut : mapping of str to int
        ``ways_with_missing_nodes``, ``streets_cut``, ``lines_cut``, ``areas_closed_at_gap``,
        ``areas_dropped``, ``relations_with_missing_members``, ``rings_dropped``.
    """

    streets: FeatureTable
    segments: Segments
    areas: FeatureTable
    lines: FeatureTable
    points: FeatureTable
    furniture: FeatureTable
    bounds: tuple[float, float, float, float]
    cut: Mapping[str, int]


class TableBuilder:
    """Builds the tables of one extract; `project` turns degrees into metres."""

    def __init__(
        self, extract: Extract, project: Project, *, window: shapely.Geometry | None = None
    ) -> None:
        self.extract = extract
        self.project = project
        self.window = window
        self.pool = TagPool()
        self.cut: dict[str, int] = {}
        here = ~np.isnan(extract.ref_lon)
        coords = np.full((len(here), 2), np.nan)
        coords[here] = project(extract.ref_lon[here], extract.ref_lat[here])
        first, last = extract.way_start[:-1], extract.way_start[1:] - 1
        some = last > first
        closed = np.zeros(len(first), dtype=bool)
        closed[some] = extract.ref[first[some]] == extract.ref[last[some]]
        absent = np.concatenate(([0], np.cumsum(~here)))
        self.same_node = SameNodes.at_one_place(extract.ref, coords, extract.way_start)
        self.ways = WayGeometry(
            start=extract.way_start,
            ref=self.same_node(extract.ref),
            coords=coords,
            is_here=here,
            is_closed=closed,
            missing=absent[extract.way_start[1:]] - absent[extract.way_start[:-1]],
        )
        placed = np.flatnonzero(~np.isnan(extract.node_lon))
        places = project(extract.node_lon[placed], extract.node_lat[placed])
        self.is_wanted = np.ones(len(first), dtype=bool)
        if window is not None:
            shapely.prepare(window)
            self.is_wanted = shapely.intersects(window, way_boxes(self.ways))
            near = shapely.contains_xy(window, places)
            placed, places = placed[near], places[near]
        self.node_rows = placed
        self.node_coords = places

    def build(self, notice: Callable[[str], None] = lambda _: None) -> Tables:
        """Return the tables; `notice` hears which step begins."""
        notice("classify")
        street_of, area_of, line_of = self._classify_ways()
        self.cut["ways_with_missing_nodes"] = int((self.ways.missing > 0).sum())
        notice("streets")
        points, furniture = self._nodes()
        streets, segments = self._streets(street_of, points)
        notice("lines")
        lines = self._lines(line_of)
        notice("areas")
        bounds = self._bounds(streets.coords)
        areas = self._areas(area_of, streets, lines, bounds)
        notice("tables")
        drafts = (streets, areas, lines, points, furniture)
        tagged = [self.pool.columns(draft.tags) for draft in drafts]
        strings = self.pool.strings()
        done = [draft.table(tags, strings) for draft, tags in zip(drafts, tagged, strict=True)]
        return Tables(
            streets=done[0],
            segments=segments,
            areas=done[1],
            lines=done[2],
            points=done[3],
            furniture=done[4],
            bounds=bounds,
            cut=self.cut,
        )

    def _bounds(self, places: NDArray[np.float64]) -> tuple[float, float, float, float]:
        """Return the extent of the streets, within the header's box where that is believable."""
        if not len(places):
            return 0.0, 0.0, 0.0, 0.0
        low, high = places.min(axis=0), places.max(axis=0)
        box = self.extract.box
        if self.window is None and box is not None:
            west, south, east, north = box
            if east - west < WIDEST_BOX and north - south < WIDEST_BOX:
                corners = self.project(
                    np.array([west, west, east, east]), np.array([south, north, south, north])
                )
                first, last = corners.min(axis=0), corners.max(axis=0)
                if (first < high).all() and (last > low).all():
                    low, high = np.maximum(low, first), np.minimum(high, last)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def _classify_ways(
        self,
    ) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
        """Return street, area and line kind by way row."""
        tags_of = self.pool.tags
        closed = self.ways.is_closed
        wanted = self.is_wanted.tolist()
        known: dict[tuple[str, bool], tuple[str | None, str | None, str | None]] = {}
        streets: dict[int, str] = {}
        areas: dict[int, str] = {}
        lines: dict[int, str] = {}
        for row, (text, is_closed) in enumerate(
            zip(self.extract.way_tags, closed.tolist(), strict=True)
        ):
            if not text or not wanted[row]:
                continue
            kinds = known.get((text, is_closed))
            if kinds is None:
                tags = tags_of(text)
                kinds = (
                    rules.street_kind(tags, closed=is_closed),
                    rules.area_kind(tags) if is_closed else None,
                    rules.line_kind(tags),
                )
                known[text, is_closed] = kinds
            street, area, line = kinds
            if street is not None:
                streets[row] = street
            if area is not None:
                areas[row] = area
            if line is not None and not (area is not None and line == area):
                lines[row] = line
        return streets, areas, lines

    def _pieces(self, rows: NDArray[np.int64]) -> "_Pieces":
        """Cut ways at missing nodes into contiguous pieces of at least two places."""
        ways = self.ways
        index = ranges(ways.start[rows], ways.start[rows + 1])
        owner = np.repeat(np.arange(len(rows)), ways.start[rows + 1] - ways.start[rows])
        same = np.zeros(len(index), dtype=bool)
        same[1:] = (owner[1:] == owner[:-1]) & (ways.ref[index[1:]] == ways.ref[index[:-1]])
        index, owner = index[~same], owner[~same]
        here = ways.is_here[index]
        before = np.zeros(len(index), dtype=bool)
        before[1:] = here[:-1] & (owner[1:] == owner[:-1])
        is_first = here & ~before
        went_on = np.zeros(len(index), dtype=bool)
        went_on[1:] = is_first[1:] & (owner[1:] == owner[:-1])
        comes_on = np.zeros(len(index), dtype=bool)
        comes_on[:-1] = here[:-1] & ~here[1:] & (owner[1:] == owner[:-1])
        piece = np.cumsum(is_first) - 1
        index, owner, piece = index[here], owner[here], piece[here]
        is_cut = (went_on | comes_on)[here]
        sizes = np.bincount(piece) if len(piece) else np.empty(0, dtype=np.int64)
        keep = sizes[piece] >= 2
        index, owner, piece, is_cut = index[keep], owner[keep], piece[keep], is_cut[keep]
        begin = np.flatnonzero(np.diff(piece, prepend=-1))
        starts = np.append(begin, len(piece)).astype(np.int64)
        return _Pieces(index, owner[begin], starts, is_cut)

    def _streets(self, kinds: dict[int, str], points: "_Draft") -> tuple["_Draft", Segments]:
        rows = np.fromiter(kinds, dtype=np.int64, count=len(kinds))
        pieces = self._pieces(rows)
        self.cut["streets_cut"] = int((self.ways.missing[rows] > 0).sum())
        texts = [self.extract.way_tags[row] for row in kinds]
        attributes = [self._street(self.pool.tags(text)) for text in texts]
        table = {
            name: np.array([item[i] for item in attributes], dtype=dtype)[pieces.owner]
            for i, (name, dtype) in enumerate(_STREET_COLUMNS)
        }
        highway, highways = code_words(list(kinds.values()))
        surface, surfaces = code_words([item[-1] for item in attributes])
        table |= {
            "osm_id": self.extract.way_id[rows][pieces.owner],
            "highway": highway[pieces.owner],
            "surface": surface[pieces.owner],
        }
        coords = self.ways.coords[pieces.index]
        segments = cut_streets(
            coords,
            pieces.starts,
            self.ways.ref[pieces.index],
            table["level"],
            pieces.is_cut | self._goes_on_outside(pieces),
            split_ids=self.same_node(points.columns["osm_id"]),
        )
        _stand_on_streets(
            points, segments, table["level"], self.same_node(points.columns["osm_id"])
        )
        draft = _Draft(
            "line",
            table,
            coords,
            (pieces.starts,),
            [texts[i] for i in pieces.owner.tolist()],
            {"highway": highways, "surface": surfaces},
        )
        return draft, segments

    def _goes_on_outside(self, pieces: "_Pieces") -> NDArray[np.bool_]:
        """Return which vertices are shared with streets outside the window."""
        here = self.ways.ref[pieces.index]
        texts = self.extract.way_tags
        outside = [row for row in np.flatnonzero(~self.is_wanted) if "highway=" in texts[row]]
        rows = np.array(outside, dtype=np.int64)
        return np.isin(
            here, self.ways.ref[ranges(self.ways.start[rows], self.ways.start[rows + 1])]
        )

    def _street(self, tags: rules.Tags) -> tuple[Any, ...]:
        get = tags.get
        tunnel = get("tunnel", "no")
        lanes = get("lanes", "0")
        return (
            rules.level_of(tags),
            rules.is_set(tags, "bridge"),
            tunnel not in rules.NO and tunnel != "building_passage",
            tunnel == "building_passage" or rules.is_set(tags, "covered"),
            rules.is_set(tags, "indoor"),
            "steps" in get("highway", "").split(";"),
            self.pool.number(get("name", "")),
            rules.metres(get("width")) if "width" in tags else np.nan,
            min(int(lanes), 99) if lanes.isdecimal() and len(lanes) < 4 else 0,
            rules.incline_of(tags) if "incline" in tags else np.nan,
            get("surface", ""),
        )

    def _areas(
        self,
        way_kinds: dict[int, str],
        streets: "_Draft",
        lines: "_Draft",
        bounds: tuple[float, float, float, float],
    ) -> "_Draft":
        used, found = self._relations(way_kinds)
        rows = np.array([row for row in way_kinds if row not in used], dtype=np.int64)
        polygons = close_ways(self.ways, rows)
        there = is_there(polygons)
        self.cut["areas_closed_at_gap"] = int((self.ways.missing[rows[there]] > 0).sum())
        self.cut["areas_dropped"] = int((~there).sum())
        tags_of, way_tags = self.pool.tags, self.extract.way_tags
        every = [
            _Area("way", number, way_kinds[row], way_tags[row], shape)
            for number, row, shape in zip(
                self.extract.way_id[rows[there]].tolist(),
                rows[there].tolist(),
                polygons[there],
                strict=True,
            )
        ]
        every += [*found, *_watercourses(lines), *_sea(lines, bounds)]
        shapes = _objects([area.shape for area in every])
        tags = [tags_of(area.text) for area in every]
        levels = np.array(
            [rules.area_level(t, area.kind) for t, area in zip(tags, every, strict=True)],
            dtype=np.int8,
        )
        kinds = _without_parts([area.kind for area in every], shapes)
        _lower_buildings(levels, kinds, shapes, streets)
        types, type_words = code_words([area.osm_type for area in every])
        kind, kind_words = code_words(kinds)
        columns: dict[str, NDArray[Any]] = {
            "osm_type": types,
            "osm_id": np.array([area.osm_id for area in every], dtype=np.int64),
            "kind": kind,
            "level": levels,
            "name": np.array([self.pool.number(t.get("name", "")) for t in tags], dtype=np.int32),
            "height": _lengths(tags, "height"),
        }
        coords, offsets = polygon_arrays(shapes)
        words = {"osm_type": type_words, "kind": kind_words}
        return _Draft("polygon", columns, coords, offsets, [area.text for area in every], words)

    def _relations(self, way_kinds: dict[int, str]) -> tuple[set[int], list["_Area"]]:
        """Return the closed ways that a relation stands for, and the areas of relations."""
        extract = self.extract
        row_of = {number: row for row, number in enumerate(extract.way_id.tolist())}
        used: set[int] = set()
        found: list[_Area] = []
        incomplete = dropped = lost = 0
        for number, text, members in zip(
            extract.relation_id.tolist(), extract.relation_tags, extract.members, strict=True
        ):
            tags = self.pool.tags(text)
            if tags.get("type") not in MULTIPOLYGON_TYPES:
                continue
            outer = [row_of[way] for way, role in members if role != "inner" and way in row_of]
            inner = [row_of[way] for way, role in members if role == "inner" and way in row_of]
            kind = rules.area_kind(tags, relation=True)
            lenders: set[int] = set()
            if kind is None and set(tags) <= {"type", "source", "created_by", "note"}:
                lenders = {row for row in outer if row in way_kinds}
                lent = next(iter(sorted(lenders)), None)
                if lent is not None:
                    kind, text = way_kinds[lent], extract.way_tags[lent]
            if kind is None or not (self.is_wanted[outer].any() or self.is_wanted[inner].any()):
                continue
            present = len(outer) + len(inner)
            gaps = bool(self.ways.missing[outer].sum() + self.ways.missing[inner].sum())
            incomplete += present < len(members) or gaps
            has_roles = any(role in ("outer", "inner") for _, role in members)
            shape, open_rings = assemble_relation(self.ways, outer, inner, has_roles=has_roles)
            dropped += open_rings
            if shape is None:
                lost += 1
                continue
            used |= lenders | {row for row in outer if way_kinds.get(row) == kind}
            found.append(_Area("relation", number, kind, text, shape))
        self.cut["relations_with_missing_members"] = incomplete
        self.cut["relations_dropped"] = lost
        self.cut["rings_dropped"] = dropped
        return used, found

    def _lines(self, kinds: dict[int, str]) -> "_Draft":
        rows = np.fromiter(kinds, dtype=np.int64, count=len(kinds))
        pieces = self._pieces(rows)
        self.cut["lines_cut"] = int((self.ways.missing[rows] > 0).sum())
        texts = [self.extract.way_tags[row] for row in kinds]
        tags = [self.pool.tags(text) for text in texts]
        kind, words = code_words(list(kinds.values()))
        level = [rules.line_level(t, k) for t, k in zip(tags, kinds.values(), strict=True)]
        columns: dict[str, NDArray[Any]] = {
            "osm_id": self.extract.way_id[rows][pieces.owner],
            "kind": kind[pieces.owner],
            "level": np.array(level, dtype=np.int8)[pieces.owner],
            "height": _lengths(tags, "height")[pieces.owner],
            "width_tag": _lengths(tags, "width")[pieces.owner],
        }
        listed = [texts[i] for i in pieces.owner.tolist()]
        coords = self.ways.coords[pieces.index]
        return _Draft("line", columns, coords, (pieces.starts,), listed, {"kind": words})

    def _nodes(self) -> tuple["_Draft", "_Draft"]:
        """Return point obstacles and furniture."""
        texts = self.extract.node_tags
        known: dict[str, tuple[str | None, tuple[str, ...], int]] = {}
        obstacles: list[tuple[int, str, int]] = []
        furniture: list[tuple[int, str]] = []
        for at, row in enumerate(self.node_rows.tolist()):
            text = texts[row]
            kinds = known.get(text)
            if kinds is None:
                obstacle, level = None, 0
                if any(key in text for key in rules.OBSTACLE_KEYS):
                    tags = self.pool.tags(text)
                    obstacle, level = rules.point_kind(tags), rules.level_of(tags)
                kinds = (obstacle, rules.furniture_kinds(self.pool.furniture_ranks(text)), level)
                known[text] = kinds
            obstacle, pieces, level = kinds
            if obstacle is not None:
                obstacles.append((at, obstacle, level))
            furniture += [(at, piece) for piece in pieces]
        points = self._node_draft([at for at, *_ in obstacles], [kind for _, kind, _ in obstacles])
        points.columns["level"] = np.array([level for *_, level in obstacles], dtype=np.int8)
        return points, self._node_draft(
            [at for at, _ in furniture], [kind for _, kind in furniture]
        )

    def _node_draft(self, at: list[int], kinds: list[str]) -> "_Draft":
        place = np.array(at, dtype=np.int64)
        rows = self.node_rows[place]
        kind, words = code_words(kinds)
        columns: dict[str, NDArray[Any]] = {"osm_id": self.extract.node_id[rows], "kind": kind}
        texts = [self.extract.node_tags[row] for row in rows.tolist()]
        return _Draft("point", columns, self.node_coords[place], (), texts, {"kind": words})


_STREET_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("level", np.int8),
    ("is_bridge", np.bool_),
    ("is_tunnel", np.bool_),
    ("is_covered", np.bool_),
    ("is_indoor", np.bool_),
    ("is_steps", np.bool_),
    ("name", np.int32),
    ("width_tag", np.float32),
    ("lanes", np.int8),
    ("incline", np.float32),
)


@dataclass(frozen=True, eq=False)
class _Pieces:
    index: NDArray[np.int64]
    owner: NDArray[np.int64]
    starts: NDArray[np.int64]
    is_cut: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Draft:
    """A table whose text pool is not yet closed."""

    geometry_type: str
    columns: dict[str, NDArray[Any]]
    coords: NDArray[np.float64]
    offsets: tuple[NDArray[np.int64], ...]
    tags: list[str]
    words: dict[str, tuple[str, ...]]

    def shapes(self, rows: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the lines of some rows."""
        starts = self.offsets[0]
        index = ranges(starts[rows], starts[rows + 1])
        owner = np.repeat(np.arange(len(rows)), starts[rows + 1] - starts[rows])
        return np.asarray(shapely.linestrings(self.coords[index], indices=owner), dtype=object)

    def table(
        self,
        tags: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]],
        strings: Strings,
    ) -> FeatureTable:
        return FeatureTable(
            self.geometry_type, self.columns, self.coords, self.offsets, *tags, strings, self.words
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Area:
    osm_type: str
    osm_id: int
    kind: str
    text: str
    shape: shapely.Geometry


def _stand_on_streets(
    points: _Draft,
    segments: Segments,
    street_level: NDArray[np.int8],
    numbers: NDArray[np.int64],
) -> None:
    """Give points their junction; those without a layer of their own get the street's level."""
    node = nodes_of(segments, numbers)
    level = np.full(len(segments.node_x), 127, dtype=np.int8)
    own = street_level[segments.street]
    for ends in (segments.from_node, segments.to_node):
        order = np.argsort(-np.abs(own), kind="stable")
        nearer = np.abs(own[order]) < np.abs(level[ends[order]])
        level[ends[order][nearer]] = own[order][nearer]
    points.columns["segment_node"] = node
    on_street = (node >= 0) & (points.columns["level"] == 0)
    points.columns["level"] = np.where(on_street, level[node], points.columns["level"])


def _watercourses(lines: _Draft) -> list[_Area]:
    """Return the surfaces of open rivers, canals and streams that are mapped with a width."""
    words = lines.words["kind"]
    codes = [words.index(kind) for kind in ("river", "canal", "stream") if kind in words]
    width = lines.columns["width_tag"]
    rows = np.flatnonzero(np.isin(lines.columns["kind"], codes) & (width >= LEAST_WATER))
    return [
        _Area(
            "way",
            int(lines.columns["osm_id"][row]),
            "water",
            lines.tags[row],
            shapely.buffer(shape, width[row] / 2.0, cap_style="flat", quad_segs=4),
        )
        for row, shape in zip(rows.tolist(), lines.shapes(rows), strict=True)
    ]


def _sea(lines: _Draft, bounds: tuple[float, float, float, float]) -> list[_Area]:
    words = lines.words["kind"]
    if "coastline" not in words:
        return []
    rows = np.flatnonzero(lines.columns["kind"] == words.index("coastline"))
    shape = sea_surface(lines.shapes(rows), bounds)
    return [] if shape is None else [_Area("coastline", 0, "water", "", shape)]


def _lower_buildings(
    levels: NDArray[np.int8], kinds: list[str], shapes: NDArray[np.object_], streets: _Draft
) -> None:
    """Put buildings of a higher layer on the ground unless an open street runs below them."""
    is_building = np.array([kind == "building" for kind in kinds], dtype=bool)
    high = np.flatnonzero(is_building & (levels > 0))
    table = streets.columns
    below = np.flatnonzero((table["level"] == 0) & ~table["is_covered"])
    if not len(high):
        return
    lines = streets.shapes(below)
    row, line = shapely.STRtree(lines).query(shapes[high], predicate="intersects")
    inside = shapely.length(shapely.intersection(shapes[high][row], lines[line]))
    crossed = np.zeros(len(high), dtype=bool)
    crossed[row[inside > LEAST_CROSSING]] = True
    levels[high[~crossed]] = 0


def _lengths(tags: list[rules.Tags], key: str) -> NDArray[np.float32]:
    return np.array([rules.metres(t[key]) if key in t else np.nan for t in tags], dtype=np.float32)


def _objects(shapes: list[shapely.Geometry]) -> NDArray[np.object_]:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


def _without_parts(kinds: list[str], shapes: NDArray[np.object_]) -> list[str]:
    """Turn building parts that lie in no building outline into buildings."""
    part = np.array([i for i, kind in enumerate(kinds) if kind == "building_part"], dtype=np.int64)
    whole = [i for i, kind in enumerate(kinds) if kind in ("building", "roof")]
    if not len(part):
        return kinds
    tree = shapely.STRtree(shapes[whole])
    inside = tree.query(shapely.point_on_surface(shapes[part]), predicate="intersects")[0]
    for i in np.delete(part, np.unique(inside)):
        kinds[int(i)] = "building"
    return kinds


def polygon_arrays(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.float64], tuple[NDArray[np.int64], ...]]:
    """Return coordinates and the three offsets of polygons and multipolygons."""
    if len(shapes) == 0:
        zero = np.zeros(1, dtype=np.int64)
        return np.empty((0, 2)), (zero, zero.copy(), zero.copy())
    kind, coords, offsets = shapely.to_ragged_array(shapes, include_z=False)
    arrays = [np.asarray(offset, dtype=np.int64) for offset in offsets]
    if kind == shapely.GeometryType.POLYGON:
        arrays.append(np.arange(len(shapes) + 1, dtype=np.int64))
    return np.asarray(coords, dtype=np.float64), tuple(arrays)
