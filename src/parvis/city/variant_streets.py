"""Where streets of the present end once a design stands in their way."""

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import join, ragged, segment_lines, take
from parvis.city.model import Segments
from parvis.city.table import FeatureTable

THICKNESS, CLEARANCE = 0.25, 0.05
"""A linear and an areal solid keep a street's centre line this far away. [m]"""
SHORTEST = 0.5
"""Pieces of streets shorter than this are dropped. [m]"""
_NODES = frozenset({"node_x", "node_y", "node_osm_id", "node_is_cut"})


def without_segments(segments: Segments, rows: NDArray[np.int64]) -> Segments:
    """Return the graph without some segments; its nodes stay."""
    if not len(rows):
        return segments
    kept = np.setdiff1d(np.arange(len(segments.length)), rows)
    return replace(
        segments,
        **{
            field.name: np.asarray(getattr(segments, field.name))[kept]
            for field in fields(Segments)
            if field.name not in _NODES
        },
    )


def end_streets(
    streets: FeatureTable,
    segments: Segments,
    solids: Sequence[BaseGeometry],
    limit: BaseGeometry,
) -> tuple[FeatureTable, Segments, int]:
    """
    Cut the streets that lead into solids on the ground's level; they end at either side.

    Parameters
    ----------
    streets : FeatureTable
    segments : Segments
    solids : sequence of Geometry
        Polygons and lines within `limit`. [m]
    limit : Polygon or MultiPolygon

    Returns
    -------
    streets : FeatureTable
        With a row more for each piece.
    segments : Segments
    n_ended : int
        Segments that were cut. Passages and tunnels lead below what stands there and stay.
    """
    if not solids:
        return streets, segments, 0
    bodies = [
        shapely.buffer(
            shape,
            CLEARANCE if shape.area > 0.0 else THICKNESS,
            cap_style="square",
            join_style="mitre",
        )
        for shape in solids
    ]
    rows = _open_segments(streets, segments, limit)
    lines = segment_lines(streets, segments, rows)
    met = np.unique(shapely.STRtree(bodies).query(lines, predicate="intersects")[0])
    if not len(met):
        return streets, segments, 0
    body = shapely.union_all(bodies)
    cut, shapes, owner = rows[met], [], []
    for row, line in zip(cut, lines[met], strict=True):
        pieces = [
            p for p in shapely.get_parts(shapely.difference(line, body)) if p.length > SHORTEST
        ]
        shapes += [_forward(piece, line) for piece in pieces]
        owner += [int(row)] * len(pieces)
    if not shapes:
        return streets, without_segments(segments, cut), len(cut)
    of = np.array(owner, dtype=np.int64)
    coords, offsets = ragged("line", shapes)
    new = replace(
        take(streets, np.asarray(segments.street, dtype=np.int64)[of]),
        coords=coords,
        offsets=offsets,
    )
    joined = join(streets, new)
    grown = _with_pieces(segments, of, shapes, len(streets), len(streets.coords), offsets[0])
    return joined, without_segments(grown, cut), len(cut)


def _open_segments(
    streets: FeatureTable, segments: Segments, limit: BaseGeometry
) -> NDArray[np.int64]:
    """Return the segments near a limit that lie open on the ground's level."""
    is_open = np.asarray(streets["level"]) == 0
    for name in ("is_tunnel", "is_covered", "is_indoor", "is_bridge"):
        is_open = is_open & ~np.asarray(streets[name], dtype=bool)
    is_near = np.zeros(len(streets), dtype=bool)
    is_near[streets.within(limit.bounds)] = True
    return np.flatnonzero((is_open & is_near)[np.asarray(segments.street, dtype=np.int64)])


def _forward(piece: shapely.LineString, line: shapely.LineString) -> shapely.LineString:
    """Return a piece of a line in the line's own direction."""
    ends = shapely.line_locate_point(
        line, [shapely.get_point(piece, 0), shapely.get_point(piece, -1)]
    )
    return shapely.reverse(piece) if ends[0] > ends[1] else piece


def _with_pieces(
    segments: Segments,
    owner: NDArray[np.int64],
    shapes: Sequence[shapely.LineString],
    first_street: int,
    first_coord: int,
    offsets: NDArray[np.int64],
) -> Segments:
    """Add pieces of segments as segments of streets of their own."""
    n_nodes = len(segments.node_x)
    ends: list[tuple[float, float]] = []
    nodes = []
    for row, piece in zip(owner, shapes, strict=True):
        for name, at in (("from_node", 0), ("to_node", -1)):
            node = int(getattr(segments, name)[row])
            x, y = piece.coords[at]
            if np.hypot(segments.node_x[node] - x, segments.node_y[node] - y) > 1e-6:
                node = n_nodes + len(ends)
                ends.append((x, y))
            nodes.append(node)
    pairs = np.array(nodes, dtype=np.int32).reshape(-1, 2)
    places = np.array(ends, dtype=np.float64).reshape(-1, 2)
    columns = {
        field.name: np.asarray(getattr(segments, field.name))[owner]
        for field in fields(Segments)
        if field.name not in _NODES
    }
    columns |= {
        "from_node": pairs[:, 0],
        "to_node": pairs[:, 1],
        "street": (first_street + np.arange(len(shapes))).astype(np.int32),
        "coord_start": first_coord + offsets[:-1],
        "coord_end": first_coord + offsets[1:],
        "length": shapely.length(np.array(shapes, dtype=object)),
    }
    added = {
        "node_x": places[:, 0],
        "node_y": places[:, 1],
        "node_osm_id": np.zeros(len(places), dtype=np.int64),
        "node_is_cut": np.zeros(len(places), dtype=bool),
    }
    return replace(
        segments,
        **{
            name: np.concatenate([np.asarray(getattr(segments, name)), column])
            for name, column in (columns | added).items()
        },
    )
