"""How wide is a street, face to face: cast across it to the obstacles, else by its class."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.city.edges import CELL, NO_EDGE, ObstacleEdges, index_edges, nearest_edge
from parvis.city.model import Segments
from parvis.city.table import FeatureTable
from parvis.packs.content import load_street_widths
from parvis.terms import Grade

BLOCKING_AREAS = frozenset({"building", "water", "wall", "retaining_wall", "city_wall"})
BLOCKING_LINES = frozenset({"wall", "retaining_wall", "city_wall", "cliff", "coastline"})

MEASURED, BY_CLASS, BY_TAG, CORRECTED = range(4)
"""Values of `Segments.width_source`."""

SPACING = 5.0
"""Distance between stations. [m]"""
MOST_STATIONS = 40
CHORD = 3.0
"""The street's direction at a station is that of the chord this far to both sides. [m]"""
LOW_SHARE = 0.1
"""The clear width of a segment is this quantile of its stations' widths (the next one below)."""
PLAUSIBLE = 2.5
"""Widths are cut to this times the class default: what lies beyond is other ground. [1]"""
NARROWEST = 0.5
"""A station narrower than this lies on a face: the line or the outline is off. [m]"""
WIDEST_TAG = 100.0
"""A width tag above this is a slip of the keyboard. [m]"""


class SegmentWidths(NamedTuple):
    """
    Clear widths of segments, columns as in `Segments`.

    Attributes
    ----------
    width : ndarray of float32, shape (n,)
        [m], > 0
    grade : ndarray of int8, shape (n,)
    source : ndarray of int8, shape (n,)
    """

    width: NDArray[np.float32]
    grade: NDArray[np.int8]
    source: NDArray[np.int8]


def measure_widths(
    streets: FeatureTable,
    segments: Segments,
    areas: FeatureTable,
    lines: FeatureTable,
    *,
    defaults: Mapping[str, float] | None = None,
    rows: NDArray[np.int64] | None = None,
    area_grade: NDArray[np.int8] | None = None,
    line_grade: NDArray[np.int8] | None = None,
) -> SegmentWidths:
    """
    Clear width of street segments between the faces of what blocks a vehicle.

    Parameters
    ----------
    streets, areas, lines : FeatureTable
        Tables of a `City`.
    segments : Segments
        Its width columns are not read.
    defaults : mapping of highway value to StreetWidth, optional
        Pack ``street-widths``; the entry ``""`` serves classes not named.
    rows : ndarray of int64, optional
        Segments to measure, all by default.
    area_grade, line_grade : ndarray of int8, optional
        `Grade` of each row of `areas` and `lines`; C by default.

    Returns
    -------
    SegmentWidths
        One entry per row of `rows`.

    Notes
    -----
    At stations about every 5 m a ray goes out square to the centre line on either side, to the
    nearest building, water, wall, retaining wall, city wall or cliff of the street's own level.
    Fences, hedges and kerbs do not stop a vehicle and do not count. A side where nothing is met
    contributes half the class's default width. The segment's width is the low decile of its
    stations (the minimum of short segments), never above what its class can plausibly be. Where
    less than half of the stations meet anything, the class default stands unless the few found
    are narrower. A ``width`` tag is the carriageway: a lower bound of a measured width, and used
    alone where nothing could be measured. Stations inside a building or water, or on a face
    (a covered passage, a wrong outline), are not measured. A measured width has the worse grade of
    the two faces that decide it, C where one side is open.
    """
    wanted = np.arange(len(segments.length)) if rows is None else np.asarray(rows, dtype=np.int64)
    if defaults is None:
        by_class, fallback = load_street_widths()
        defaults = {**by_class, "": fallback}
    street = np.asarray(segments.street, dtype=np.int64)[wanted]
    default = _default_by_class(streets, defaults)[street]
    greatest = PLAUSIBLE * default
    tag = np.asarray(streets["width_tag"], dtype=np.float64)[street]
    tag = np.where((tag > 0) & (tag <= WIDEST_TAG), tag, np.nan)

    edges = _blocking_edges(areas, lines, area_grade, line_grade)
    is_open = ~(np.asarray(streets["is_covered"]) | np.asarray(streets["is_indoor"])).astype(bool)[
        street
    ]
    low, share, worst = _measure(streets, segments, wanted, default, greatest, is_open, edges)

    is_measured = (share >= 0.5) | (low < default)
    width = np.where(is_measured, np.minimum(low, greatest), default)
    has_tag = ~np.isnan(tag)
    width = np.where(has_tag, np.where(is_measured, np.fmax(width, tag), tag), width)
    source = np.where(is_measured, MEASURED, np.where(has_tag, BY_TAG, BY_CLASS))
    grade = np.where(is_measured, worst, int(Grade.C))
    return SegmentWidths(width.astype(np.float32), grade.astype(np.int8), source.astype(np.int8))


def carriageway_widths(
    streets: FeatureTable, segments: Segments, kerbs: FeatureTable, *, rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """
    Width between kerb lines: a lower bound of the clear width, since kerbs stop no vehicle.

    Parameters
    ----------
    streets, kerbs : FeatureTable
        `kerbs` are lines.
    segments : Segments
    rows : ndarray of int64
        Segments to measure.

    Returns
    -------
    ndarray of float64, shape (len(rows),)
        [m]; NaN where less than half of the stations see a kerb on both sides.
    """
    street = np.asarray(segments.street, dtype=np.int64)[rows]
    by_class, fallback = load_street_widths()
    greatest = PLAUSIBLE * _default_by_class(streets, {**by_class, "": fallback})[street]
    every = np.arange(len(kerbs), dtype=np.int64)
    grade = np.full(len(kerbs), int(Grade.B), dtype=np.int8)
    edges = index_edges(kerbs, every[:0], grade[:0], kerbs, every, grade)
    is_open = np.ones(len(rows), dtype=bool)
    unseen = np.full(len(rows), np.inf)
    low, share, _ = _measure(streets, segments, rows, unseen, greatest, is_open, edges)
    return np.where((share >= 0.5) & np.isfinite(low) & (low <= greatest), low, np.nan)


def _default_by_class(streets: FeatureTable, table: Mapping[str, float]) -> NDArray[np.float64]:
    words = streets.vocabularies["highway"]
    by_code = np.array([table.get(word, table[""]) for word in words], dtype=np.float64)
    return by_code[np.asarray(streets["highway"], dtype=np.int64)]


def _blocking_edges(
    areas: FeatureTable,
    lines: FeatureTable,
    area_grade: NDArray[np.int8] | None,
    line_grade: NDArray[np.int8] | None,
) -> ObstacleEdges:
    area_rows = rows_of_kinds(areas, BLOCKING_AREAS)
    line_rows = rows_of_kinds(lines, BLOCKING_LINES)
    of_areas = _grades(area_grade, len(areas))[area_rows]
    of_lines = _grades(line_grade, len(lines))[line_rows]
    return index_edges(areas, area_rows, of_areas, lines, line_rows, of_lines)


def _grades(given: NDArray[np.int8] | None, n: int) -> NDArray[np.int8]:
    return np.full(n, int(Grade.C), dtype=np.int8) if given is None else given


def rows_of_kinds(table: FeatureTable, kinds: frozenset[str]) -> NDArray[np.int64]:
    """Return the rows whose ``kind`` is one of `kinds`, ascending."""
    is_wanted = np.array([word in kinds for word in table.vocabularies["kind"]], dtype=bool)
    if not is_wanted.any():
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(is_wanted[np.asarray(table["kind"], dtype=np.int64)])


def _measure(
    streets: FeatureTable,
    segments: Segments,
    wanted: NDArray[np.int64],
    default: NDArray[np.float64],
    greatest: NDArray[np.float64],
    is_open: NDArray[np.bool_],
    edges: ObstacleEdges,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int8]]:
    """Low width over measured stations (inf for none), share measured, grade of what it met."""
    n = len(wanted)
    if n == 0 or len(edges) == 0:
        return np.full(n, np.inf), np.zeros(n), np.full(n, int(Grade.C), dtype=np.int8)
    length = np.asarray(segments.length, dtype=np.float64)[wanted]
    counts = np.where(is_open, np.clip(np.ceil(length / SPACING), 1, MOST_STATIONS), 0)
    offsets = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    left, right, left_edge, right_edge = _cast_stations(
        np.asarray(streets.coords, dtype=np.float64),
        np.asarray(segments.coord_start, dtype=np.int64)[wanted],
        np.asarray(segments.coord_end, dtype=np.int64)[wanted],
        offsets,
        greatest,
        np.asarray(streets["level"], dtype=np.int8)[
            np.asarray(segments.street, dtype=np.int64)[wanted]
        ],
        edges.ends,
        edges.level,
        edges.is_area,
        edges.cell_start,
        edges.cell_edges,
        edges.origin_x,
        edges.origin_y,
        edges.columns,
        edges.rows,
    )
    owner = np.repeat(np.arange(n), np.diff(offsets))
    half = default[owner] / 2
    across = np.where(left_edge >= 0, left, half) + np.where(right_edge >= 0, right, half)
    is_hit = ((left_edge >= 0) | (right_edge >= 0)) & (left >= 0) & (across >= NARROWEST)
    met = np.bincount(owner, weights=is_hit, minlength=n)
    share = np.divide(met, np.diff(offsets), out=np.zeros(n), where=np.diff(offsets) > 0)
    station = _deciding_station(across, is_hit, owner, met.astype(np.int64))
    low, grade = np.full(n, np.inf), np.full(n, int(Grade.C), dtype=np.int8)
    is_some = station >= 0
    chosen = station[is_some]
    low[is_some] = across[chosen]
    with_none = np.append(edges.grade, np.int8(Grade.C))
    grade[is_some] = np.maximum(with_none[left_edge[chosen]], with_none[right_edge[chosen]])
    return low, share, grade


def _deciding_station(
    across: NDArray[np.float64],
    is_used: NDArray[np.bool_],
    owner: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Station at the low decile of each owner's used widths; -1 for none."""
    used = np.flatnonzero(is_used)
    ordered = used[np.lexsort((across[used], owner[used]))]
    start = np.cumsum(counts) - counts
    at = start + (LOW_SHARE * np.maximum(counts - 1, 0)).astype(np.int64)
    station = np.full(len(counts), -1, dtype=np.int64)
    station[counts > 0] = ordered[at[counts > 0]]
    return station


@njit(cache=True)
def _cast_stations(  # type: ignore[no-untyped-def]
    coords,
    first,
    end,
    offsets,
    reach,
    level,
    ends,
    edge_level,
    is_area,
    start,
    members,
    origin_x,
    origin_y,
    columns,
    rows,
):
    """Cast left and right at every station; negative distances mark stations inside an area."""
    total = offsets[-1]
    left = np.empty(total)
    right = np.empty(total)
    left_edge = np.empty(total, dtype=np.int64)
    right_edge = np.empty(total, dtype=np.int64)
    for i in range(len(first)):
        n = offsets[i + 1] - offsets[i]
        if n == 0:
            continue
        length = 0.0
        for k in range(first[i], end[i] - 1):
            length += np.hypot(coords[k + 1, 0] - coords[k, 0], coords[k + 1, 1] - coords[k, 1])
        for j in range(n):
            s = (j + 0.5) / n * length
            x, y = _along(coords, first[i], end[i], s)
            x0, y0 = _along(coords, first[i], end[i], max(s - CHORD, 0.0))
            x1, y1 = _along(coords, first[i], end[i], min(s + CHORD, length))
            at = offsets[i] + j
            chord = np.hypot(x1 - x0, y1 - y0)
            if chord == 0.0:
                left[at], left_edge[at] = reach[i], NO_EDGE
                right[at], right_edge[at] = reach[i], NO_EDGE
                continue
            dx, dy = (x1 - x0) / chord, (y1 - y0) / chord
            left[at], left_edge[at] = nearest_edge(
                x,
                y,
                -dy,
                dx,
                reach[i],
                level[i],
                ends,
                edge_level,
                start,
                members,
                origin_x,
                origin_y,
                columns,
                rows,
                CELL,
            )
            right[at], right_edge[at] = nearest_edge(
                x,
                y,
                dy,
                -dx,
                reach[i],
                level[i],
                ends,
                edge_level,
                start,
                members,
                origin_x,
                origin_y,
                columns,
                rows,
                CELL,
            )
            if _from_inside(left_edge[at], -dy, dx, ends, is_area) or _from_inside(
                right_edge[at], dy, -dx, ends, is_area
            ):
                left[at] = -1.0
    return left, right, left_edge, right_edge


@njit(cache=True)
def _from_inside(edge, dx, dy, ends, is_area):  # type: ignore[no-untyped-def]
    """Whether a ray leaves the solid side of the edge it meets."""
    if edge < 0 or not is_area[edge]:
        return False
    ex, ey = ends[edge, 2] - ends[edge, 0], ends[edge, 3] - ends[edge, 1]
    return ex * dy - ey * dx < 0.0


@njit(cache=True)
def _along(coords, first, end, s):  # type: ignore[no-untyped-def]
    """Point at distance `s` along a polyline."""
    left = s
    for k in range(first, end - 1):
        dx, dy = coords[k + 1, 0] - coords[k, 0], coords[k + 1, 1] - coords[k, 1]
        piece = np.hypot(dx, dy)
        if left <= piece and piece > 0.0:
            return coords[k, 0] + dx * left / piece, coords[k, 1] + dy * left / piece
        left -= piece
    return coords[end - 1, 0], coords[end - 1, 1]
