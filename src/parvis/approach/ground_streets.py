"""Which ground do the streets of a window cover: centre lines widened, level by level."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.model import City
from parvis.city.widths import BY_TAG, CORRECTED
from parvis.packs.content import load_street_widths

LANE_WIDTH = 3.25
"""Width of a carriageway per tagged lane. [m]"""

CARRIAGEWAY_SHARE = 0.6
"""Of the clear width, where neither a width nor lanes are tagged. [1]"""

QUADRANT_SEGMENTS = 4
"""Corners of buffers per quarter turn; the polygons lie within the exact shape."""

PUBLIC_STREETS = frozenset(
    {
        "motorway",
        "motorway_link",
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "road",
        "busway",
    }
)
"""Where vehicles come from: any of these is taken to belong to the public street network."""


@dataclass(frozen=True, eq=False)
class StreetPieces:
    """
    Street segments of a window, columnar; indoor ways are left out.

    Attributes
    ----------
    segment : ndarray of int64, shape (n,)
        Row in `City.segments`.
    line : ndarray of LineString, shape (n,)
        Centre lines, in full length. [m]
    level : ndarray of int8, shape (n,)
    width : ndarray of float64, shape (n,)
        Clear width face to face; in tunnels that of the carriageway. A `width` tag alone is a
        lower bound and makes no street narrower than its class, except steps. [m]
    class_width : ndarray of float64, shape (n,)
        Of the pack ``street-widths``. [m]
    carriageway : ndarray of float64, shape (n,)
        By tag or lanes, else a share of `width`; never wider than it. [m]
    is_steps, is_passage, is_public, is_corrected : ndarray of bool, shape (n,)
        A passage is covered or leads through a building on its own level. Corrected are streets
        whose width somebody measured.
    from_node, to_node : ndarray of int64, shape (n,)
    """

    segment: NDArray[np.int64]
    line: NDArray[np.object_]
    level: NDArray[np.int8]
    width: NDArray[np.float64]
    class_width: NDArray[np.float64]
    carriageway: NDArray[np.float64]
    is_steps: NDArray[np.bool_]
    is_passage: NDArray[np.bool_]
    is_public: NDArray[np.bool_]
    is_corrected: NDArray[np.bool_]
    from_node: NDArray[np.int64]
    to_node: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.segment)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> "StreetPieces":
        """Return some of the pieces."""
        return StreetPieces(
            **{name: getattr(self, name)[rows] for name in self.__dataclass_fields__}
        )


def street_pieces(city: City, box: tuple[float, float, float, float]) -> StreetPieces:
    """
    Collect the street segments that meet a box.

    Parameters
    ----------
    city : City
    box : tuple of float
        min x, min y, max x, max y. [m]

    Returns
    -------
    StreetPieces
    """
    segments, streets = city.segments, city.streets
    rows = _segments_in(city, box)
    street = np.asarray(segments.street, dtype=np.int64)[rows]
    is_outdoor = ~np.asarray(streets["is_indoor"], dtype=np.bool_)[street]
    rows, street = rows[is_outdoor], street[is_outdoor]
    level = np.asarray(streets["level"], dtype=np.int8)[street]
    is_covered = np.asarray(streets["is_covered"], dtype=np.bool_)[street]
    is_tunnel = np.asarray(streets["is_tunnel"], dtype=np.bool_)[street]
    is_steps = np.asarray(streets["is_steps"], dtype=np.bool_)[street]
    class_width = _class_widths(city)[np.asarray(streets["highway"], dtype=np.int64)[street]]
    width = np.asarray(segments.width, dtype=np.float64)[rows]
    source = np.asarray(segments.width_source)[rows]
    is_bound = (source == BY_TAG) & ~is_steps
    width = np.where(is_bound, np.fmax(width, class_width), width)
    tag = np.asarray(streets["width_tag"], dtype=np.float64)[street]
    lanes = np.asarray(streets["lanes"], dtype=np.float64)[street] * LANE_WIDTH
    by_share = CARRIAGEWAY_SHARE * width
    carriageway = np.where(tag > 0, tag, np.where(lanes > 0, lanes, by_share))
    carriageway = np.fmin(carriageway, width)
    width = np.where(level < 0, carriageway, width)
    return StreetPieces(
        segment=rows,
        line=_segment_lines(city, rows),
        level=level,
        width=width,
        class_width=class_width,
        carriageway=carriageway,
        is_steps=is_steps,
        is_passage=(level == 0) & (is_covered | is_tunnel),
        is_public=np.isin(streets.words("highway")[street], list(PUBLIC_STREETS)),
        is_corrected=source == CORRECTED,
        from_node=np.asarray(segments.from_node, dtype=np.int64)[rows],
        to_node=np.asarray(segments.to_node, dtype=np.int64)[rows],
    )


def widened(
    city: City, pieces: StreetPieces, width: NDArray[np.float64], *, open_ends: bool = True
) -> NDArray[np.object_]:
    """
    Return polygons of centre lines widened to `width`.

    Parameters
    ----------
    city : City
    pieces : StreetPieces
    width : ndarray, shape (n,)
        [m]
    open_ends : bool
        Fill the wedges where pieces meet at a node; their ends stay square elsewhere.

    Returns
    -------
    ndarray of Polygon
    """
    strips = shapely.buffer(pieces.line, width / 2, quad_segs=QUADRANT_SEGMENTS, cap_style="flat")
    if not open_ends or len(pieces) == 0:
        return strips
    node = np.concatenate([pieces.from_node, pieces.to_node])
    half = np.concatenate([width, width]) / 2
    order = np.lexsort((-half, node))
    node, half = node[order], half[order]
    second = np.flatnonzero(node[1:] == node[:-1]) + 1
    is_second = np.r_[True, node[second[1:]] != node[second[:-1]]] if len(second) else second > 0
    second = second[is_second]
    at = shapely.points(
        np.asarray(city.segments.node_x)[node[second]],
        np.asarray(city.segments.node_y)[node[second]],
    )
    discs = shapely.buffer(at, half[second], quad_segs=QUADRANT_SEGMENTS)
    return np.concatenate([strips, discs])


def _segments_in(city: City, box: tuple[float, float, float, float]) -> NDArray[np.int64]:
    """Rows of the segments whose bounding box meets `box`."""
    coords = np.asarray(city.streets.coords)
    start = np.asarray(city.segments.coord_start, dtype=np.int64)
    end = np.asarray(city.segments.coord_end, dtype=np.int64)
    if len(start) == 0:
        return np.empty(0, dtype=np.int64)
    cuts = np.column_stack([start, end]).ravel()
    padded = np.vstack([coords, coords[-1:]])
    low = np.minimum.reduceat(padded, cuts, axis=0)[::2]
    high = np.maximum.reduceat(padded, cuts, axis=0)[::2]
    hit = (low[:, 0] <= box[2]) & (high[:, 0] >= box[0])
    return np.flatnonzero(hit & (low[:, 1] <= box[3]) & (high[:, 1] >= box[1]))


def _segment_lines(city: City, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    start = np.asarray(city.segments.coord_start, dtype=np.int64)[rows]
    count = np.asarray(city.segments.coord_end, dtype=np.int64)[rows] - start
    owner = np.repeat(np.arange(len(rows)), count)
    at = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + start[owner]
    lines = shapely.linestrings(np.asarray(city.streets.coords)[at], indices=owner)
    return np.asarray(lines, dtype=object)


def _class_widths(city: City) -> NDArray[np.float64]:
    """Return the width of each word of the highway column, in metres."""
    by_class, fallback = load_street_widths()
    words = city.streets.vocabularies["highway"]
    return np.array([by_class.get(word, fallback) for word in words], dtype=np.float64)
