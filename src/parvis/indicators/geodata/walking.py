"""How far is it on foot from any place to the nearest of many others, along streets and paths."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.assemble import has_tag, segment_lines
from parvis.city.model import City
from parvis.city.widths import rows_of_kinds

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from parvis.packs.geodata_models import Walking

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]

NONE = -1
OPEN_GROUND = frozenset({"pedestrian", "footway", "square", "market_place", "platform"})
"""Areas people cross as they like."""
TOUCHING = 1.0
"""Ways that end this near to open ground end at it. [m]"""
MOST_STRAIGHT = 60
"""Open ground with more ways at it is crossed along its outline only."""


@dataclass(frozen=True, eq=False, slots=True)
class Places:
    """
    Places on the network.

    Attributes
    ----------
    way : ndarray of int, shape (n,)
        Row of the network, `NONE` where the network is too far.
    along : ndarray, shape (n,)
        From the way's first end. [m]
    off : ndarray, shape (n,)
        What is to be walked between the place and the way. [m]
    """

    way: Ints
    along: Floats
    off: Floats

    def __len__(self) -> int:
        return len(self.way)

    @property
    def is_there(self) -> Bools:
        """Which are on the network."""
        return self.way != NONE


def joined_places(parts: list[Places]) -> Places:
    """Return several lists of places as one."""
    if not parts:
        return Places(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    return Places(
        np.concatenate([part.way for part in parts]),
        np.concatenate([part.along for part in parts]),
        np.concatenate([part.off for part in parts]),
    )


@dataclass(frozen=True, eq=False)
class WalkingNetwork:
    """
    Ways people walk along, both ways, with the open ground they cross between them.

    Attributes
    ----------
    node_xy : ndarray, shape (k, 2)
    ends : ndarray of int, shape (n, 2)
    length : ndarray, shape (n,)
        [m]
    lines : ndarray of LineString, shape (n,)
    is_reached : ndarray of bool, shape (n,)
        Places off the network may be reached from here: it lies on the ground, under the sky, and
        in no short piece that joins nothing.
    links : ndarray of int, shape (m, 2)
        Across open ground.
    link_length : ndarray, shape (m,)
        [m]
    segment : ndarray of int, shape (n,)
        Row in `City.segments`.
    """

    node_xy: Floats
    ends: Ints
    length: Floats
    lines: Shapes
    is_reached: Bools
    links: Ints
    link_length: Floats
    segment: Ints

    @cached_property
    def reached(self) -> Ints:
        """Ways that may be reached from off the network."""
        return np.flatnonzero(self.is_reached)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The ways `reached`."""
        return shapely.STRtree(self.lines[self.reached])

    def placed(self, shapes: Shapes, within: float) -> Places:
        """
        Return the nearest place of the network for each point or area.

        Parameters
        ----------
        shapes : ndarray of Geometry, shape (n,)
        within : float
            Where the network is farther, there is no place. [m]
        """
        way = np.full(len(shapes), NONE, dtype=np.int64)
        along, off = np.zeros(len(shapes)), np.zeros(len(shapes))
        if not len(shapes) or not len(self.reached):
            return Places(way, along, off)
        (at, hit), distance = self.tree.query_nearest(
            shapes, max_distance=within, return_distance=True, all_matches=False
        )
        way[at], off[at] = self.reached[hit], distance
        lines = self.lines[way[at]]
        feet = shapely.get_point(shapely.shortest_line(lines, shapes[at]), 0)
        along[at] = np.minimum(shapely.line_locate_point(lines, feet), self.length[way[at]])
        return Places(way, along, off)

    def distances(self, sources: Places, targets: Places) -> Floats:
        """
        Return how far each target is from the nearest source.

        Returns
        -------
        ndarray, shape (n,)
            What lies off the network included; infinite where no way leads. [m]
        """
        there = sources.is_there
        source = Places(sources.way[there], sources.along[there], sources.off[there])
        found = np.full(len(targets), np.inf)
        if not len(source):
            return found
        to_node = self.to_nodes(source)
        at = np.flatnonzero(targets.is_there)
        way, along = targets.way[at], targets.along[at]
        best = np.minimum(
            to_node[self.ends[way, 0]] + along,
            to_node[self.ends[way, 1]] + self.length[way] - along,
        )
        best = np.minimum(best, _on_same_way(source, way, along))
        found[at] = best + targets.off[at]
        return found

    def to_nodes(self, source: Places) -> Floats:
        """Return how far each node is from the nearest source."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        n = len(self.node_xy)
        first = np.full(n, np.inf)
        np.minimum.at(first, self.ends[source.way, 0], source.off + source.along)
        np.minimum.at(
            first, self.ends[source.way, 1], source.off + self.length[source.way] - source.along
        )
        begun = np.flatnonzero(np.isfinite(first))
        graph = self.graph
        # One more node, a metre before all sources, so that one search starts from all of them.
        whole = csr_array(
            (
                np.concatenate([graph.data, first[begun] + 1.0]),
                np.concatenate([graph.indices, begun]),
                np.concatenate([graph.indptr, [len(graph.data) + len(begun)]]),
            ),
            shape=(n + 1, n + 1),
        )
        return np.asarray(dijkstra(whole, directed=True, indices=[n]))[0, :n] - 1.0

    @cached_property
    def graph(self) -> "csr_array[Any, tuple[int, int]]":
        """The shortest connection between each two neighbours, in both directions."""
        from scipy.sparse import csr_array

        ends = np.concatenate([self.ends, self.links])
        length = np.concatenate([self.length, self.link_length])
        from_node = np.concatenate([ends[:, 0], ends[:, 1]])
        to_node = np.concatenate([ends[:, 1], ends[:, 0]])
        both = np.concatenate([length, length])
        order = np.lexsort((both, to_node, from_node))
        from_node, to_node, both = from_node[order], to_node[order], both[order]
        is_first = np.ones(len(both), dtype=bool)
        is_first[1:] = (np.diff(from_node) != 0) | (np.diff(to_node) != 0)
        kept = is_first & (from_node != to_node)
        shape = (len(self.node_xy), len(self.node_xy))
        return csr_array((both[kept], (from_node[kept], to_node[kept])), shape=shape)


def walking_network(city: City, rules: "Walking") -> WalkingNetwork:
    """
    Return the ways of a city that people may walk along.

    Parameters
    ----------
    city : City
    rules : Walking
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    streets, segments = city.streets, city.segments
    is_walked = _walked_streets(city, rules)
    street = np.asarray(segments.street, dtype=np.int64)
    rows = np.flatnonzero(is_walked[street]).astype(np.int64)
    ends = np.column_stack([segments.from_node, segments.to_node]).astype(np.int64)[rows]
    node_xy = np.column_stack([segments.node_x, segments.node_y]).astype(np.float64)
    length = np.asarray(segments.length, dtype=np.float64)[rows]
    links, link_length = _across_open_ground(city, node_xy, np.unique(ends))
    n = len(node_xy)
    both = np.concatenate([ends, links])
    graph = csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n))
    piece = connected_components(graph, directed=False)[1][ends[:, 0]]
    size = np.bincount(piece, weights=length, minlength=1)
    is_long = (size >= rules.least_piece.value) | (size == size.max(initial=0.0))
    on_ground = np.asarray(streets["level"])[street[rows]] == 0
    inside = np.asarray(streets["is_indoor"]) | np.asarray(streets["is_tunnel"])
    return WalkingNetwork(
        node_xy,
        ends,
        length,
        segment_lines(streets, segments, rows),
        on_ground & ~inside[street[rows]] & is_long[piece],
        links,
        link_length,
        rows,
    )


def _walked_streets(city: City, rules: "Walking") -> Bools:
    """Return which streets people may walk along, by kind and tags of access."""
    streets = city.streets
    highway = streets.words("highway")
    is_allowed = has_tag(streets, "foot", "yes", "designated", "permissive", "destination")
    is_allowed |= has_tag(streets, "sidewalk", "both", "left", "right", "yes")
    is_refused = has_tag(streets, "foot", "no", "private", "use_sidepath")
    is_closed = has_tag(streets, "access", "no", "private") & ~is_allowed
    unsaid = np.isin(highway, list(rules.only_if_allowed)) & ~is_allowed
    return ~(np.isin(highway, list(rules.without)) | is_refused | is_closed | unsaid)


def _across_open_ground(city: City, node_xy: Floats, nodes: Ints) -> tuple[Ints, Floats]:
    """Return connections between ways that end at the same open ground, and their lengths."""
    areas = city.areas
    rows = rows_of_kinds(areas, OPEN_GROUND)
    rows = rows[np.asarray(areas["level"])[rows] == 0]
    shapes = areas.geometry[rows]
    points = np.asarray(shapely.points(node_xy[nodes]), dtype=object)
    of, hit = shapely.STRtree(points).query(shapes, predicate="dwithin", distance=TOUCHING)
    pairs: list[Ints] = []
    lengths: list[Floats] = []
    order = np.argsort(of, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(of[order]) != 0])
    for group in np.split(order, starts[1:]):
        if len(group) < 2:
            continue
        shape, at = shapes[of[group[0]]], nodes[hit[group]]
        outline = shapely.get_exterior_ring(shapely.get_geometry(shape, 0))
        along = shapely.line_locate_point(outline, points[hit[group]])
        turn = np.argsort(along, kind="stable")
        ring = np.column_stack([at[turn], np.roll(at[turn], -1)])
        gone = np.diff(np.append(along[turn], along[turn[0]] + shapely.length(outline)))
        pairs.append(ring)
        lengths.append(np.maximum(gone, np.hypot(*(node_xy[ring[:, 0]] - node_xy[ring[:, 1]]).T)))
        if len(group) > MOST_STRAIGHT:
            continue
        first, second = np.triu_indices(len(at), 1)
        xy = np.stack([node_xy[at[first]], node_xy[at[second]]], axis=1)
        straight = np.asarray(shapely.linestrings(xy), dtype=object)
        wide = shapely.buffer(shape, TOUCHING, quad_segs=2)
        shapely.prepare(wide)
        is_free = shapely.covers(wide, straight)
        pairs.append(np.column_stack([at[first], at[second]])[is_free])
        lengths.append(shapely.length(straight[is_free]))
    if not pairs:
        return np.empty((0, 2), dtype=np.int64), np.empty(0)
    return np.concatenate(pairs), np.concatenate(lengths)


def _on_same_way(source: Places, way: Ints, along: Floats) -> Floats:
    """Return how far it is to the nearest source on a target's own way, infinite for none."""
    order = np.argsort(source.way, kind="stable")
    sorted_way = source.way[order]
    start = np.searchsorted(sorted_way, way, side="left")
    count = np.searchsorted(sorted_way, way, side="right") - start
    target = np.repeat(np.arange(len(way)), count)
    within = np.arange(len(target)) - np.repeat(np.cumsum(count) - count, count)
    each = order[np.repeat(start, count) + within]
    found = np.full(len(way), np.inf)
    gone = np.abs(source.along[each] - along[target]) + source.off[each]
    np.minimum.at(found, target, gone)
    return found
