"""Which polygons do closed ways and multipolygon relations make, where members are missing too."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

GREATEST_GAP = 0.25
"""An open ring is closed by a straight line where this is at most this share of its length."""


@dataclass(frozen=True, eq=False)
class WayGeometry:
    """
    Node references of all ways and where they lie.

    Attributes
    ----------
    start : ndarray of int64, shape (n + 1,)
    ref : ndarray of int64, shape (m,)
    coords : ndarray of float64, shape (m, 2)
        [m]; NaN for nodes outside the extract.
    is_here : ndarray of bool, shape (m,)
    is_closed : ndarray of bool, shape (n,)
        First and last reference are the same.
    missing : ndarray of int64, shape (n,)
        Number of nodes outside the extract.
    """

    start: NDArray[np.int64]
    ref: NDArray[np.int64]
    coords: NDArray[np.float64]
    is_here: NDArray[np.bool_]
    is_closed: NDArray[np.bool_]
    missing: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SameNodes:
    """
    Nodes that follow each other on a way at one and the same place are one node.

    Attributes
    ----------
    number : ndarray of int64, shape (n,)
        Ascending.
    same_as : ndarray of int64, shape (n,)
        The node each stands for.
    """

    number: NDArray[np.int64]
    same_as: NDArray[np.int64]

    @classmethod
    def at_one_place(
        cls, ref: NDArray[np.int64], coords: NDArray[np.float64], start: NDArray[np.int64]
    ) -> "SameNodes":
        """Find them among the references of ways; arrays as in `WayGeometry`."""
        same = (coords[1:] == coords[:-1]).all(axis=1) & (ref[1:] != ref[:-1])
        between = start[1:-1]
        same[between[(between > 0) & (between < len(ref))] - 1] = False
        found: dict[int, int] = {}

        def first(number: int) -> int:
            while number in found:
                number = found[number]
            return number

        for at in np.flatnonzero(same).tolist():
            low, high = sorted((first(int(ref[at])), first(int(ref[at + 1]))))
            if low != high:
                found[high] = low
        number = np.array(sorted(found), dtype=np.int64)
        return cls(number, np.array([first(item) for item in number.tolist()], dtype=np.int64))

    def __call__(self, ref: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return references with each node named once."""
        if not len(self.number):
            return ref
        at = np.minimum(np.searchsorted(self.number, ref), len(self.number) - 1)
        return np.where(self.number[at] == ref, self.same_as[at], ref)


def ranges(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all indices of the slices ``starts[i]:ends[i]``, one after the other."""
    lengths = ends - starts
    total = int(lengths.sum())
    shift = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.arange(total, dtype=np.int64) + shift if total else np.empty(0, dtype=np.int64)


def way_boxes(ways: WayGeometry) -> NDArray[np.object_]:
    """Return the bounding box of each way as a polygon, None where no node is in the extract."""
    boxes = np.full(len(ways.missing), None, dtype=object)
    counts = np.diff(ways.start)
    some = np.flatnonzero(counts > ways.missing)
    if len(some):
        at = ways.start[some]
        index = ranges(at, ways.start[some + 1])
        begin = np.concatenate(([0], np.cumsum(counts[some])[:-1]))
        low = np.fmin.reduceat(ways.coords[index], begin, axis=0)
        high = np.fmax.reduceat(ways.coords[index], begin, axis=0)
        boxes[some] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes


def close_ways(ways: WayGeometry, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """
    Return the polygons of closed ways; where nodes are missing the rest is closed straight.

    Parameters
    ----------
    ways : WayGeometry
    rows : ndarray of int64, shape (n,)

    Returns
    -------
    ndarray of Polygon, MultiPolygon or None, shape (n,)
        Valid; None where fewer than three places or no surface is left.
    """
    index = ranges(ways.start[rows], ways.start[rows + 1])
    owner = np.repeat(np.arange(len(rows)), ways.start[rows + 1] - ways.start[rows])
    keep = ways.is_here[index]
    index, owner = index[keep], owner[keep]
    counts = np.bincount(owner, minlength=len(rows))
    good = counts >= 3
    keep = good[owner]
    index, owner = index[keep], owner[keep]
    polygons = np.full(len(rows), None, dtype=object)
    if len(index):
        coords, owner = _closed(ways.coords[index], owner)
        sizes = np.bincount(owner, minlength=len(rows))
        keep = sizes[owner] >= 4
        coords, owner = coords[keep], owner[keep]
        numbers, dense = np.unique(owner, return_inverse=True)
        if len(numbers):
            polygons[numbers] = shapely.polygons(shapely.linearrings(coords, indices=dense))
    return mend(polygons)


def _closed(
    coords: NDArray[np.float64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Append the first place of each ring where the last is another one."""
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.append(first[1:], len(owner)) - 1
    is_open = (coords[first] != coords[last]).any(axis=1)
    where = last[is_open] + 1
    return (
        np.insert(coords, where, coords[first[is_open]], axis=0),
        np.insert(owner, where, owner[first[is_open]]),
    )


def is_there(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return where an array of geometries holds one, not None."""
    return ~np.asarray(shapely.is_missing(shapes))


def mend(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return valid polygons: self-crossing ones are repaired, those without surface are None."""
    there = is_there(polygons)
    broken = there & ~shapely.is_valid(polygons)
    if broken.any():
        polygons[broken] = [
            surface_of(polygon)
            for polygon in shapely.make_valid(
                polygons[broken], method="structure", keep_collapsed=False
            )
        ]
    empty = there & (shapely.area(polygons) <= 0.0)
    polygons[empty | (shapely.is_empty(polygons))] = None
    return polygons


def surface_of(geometry: shapely.Geometry) -> shapely.Geometry | None:
    """Return the polygons of a geometry, None where it has none."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(np.array([geometry], dtype=object)))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def assemble_relation(
    ways: WayGeometry, outer: Sequence[int], inner: Sequence[int], *, has_roles: bool = True
) -> tuple[shapely.Geometry | None, int]:
    """
    Assemble a multipolygon from its member ways that are in the extract.

    Parameters
    ----------
    ways : WayGeometry
    outer, inner : sequence of int
        Rows of the member ways by role.
    has_roles : bool
        False where the members carry no roles: a ring inside another is then a hole.

    Returns
    -------
    geometry : Polygon, MultiPolygon or None
    open_rings : int
        Rings that could not be closed and were left out.
    """
    shells, open_shells = _rings(ways, outer)
    holes, open_holes = _rings(ways, inner)
    if not shells:
        return None, open_shells + open_holes
    open_rings = open_shells + open_holes
    if len(shells) == 1:
        whole = shapely.Polygon(shells[0], holes)
        if shapely.is_valid(whole):
            return whole, open_rings
    outside, inside = _polygons(shells), _polygons(holes)
    if not len(outside):
        return None, open_rings
    surface = _joined(_without(outside, inside)) if has_roles else _alternating(outside, inside)
    return surface, open_rings


def _polygons(rings: list[NDArray[np.float64]]) -> NDArray[np.object_]:
    polygons = mend(np.array([shapely.Polygon(ring) for ring in rings], dtype=object))
    return np.asarray(polygons[is_there(polygons)], dtype=object)


def _without(shells: NDArray[np.object_], holes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cut holes out of the shells that are larger: an island in a hole stays."""
    if not len(holes):
        return shells
    shell, hole = shapely.STRtree(holes).query(shells, predicate="intersects")
    is_inside = shapely.area(holes)[hole] < shapely.area(shells)[shell]
    shell, hole = shell[is_inside], hole[is_inside]
    cut = shells.copy()
    for row in np.unique(shell):
        rest = shapely.difference(shells[row], shapely.union_all(holes[hole[shell == row]]))
        cut[row] = surface_of(rest)
    return np.asarray(cut[is_there(cut)], dtype=object)


def _joined(polygons: NDArray[np.object_]) -> shapely.Geometry | None:
    if len(polygons) < 2:
        return polygons[0] if len(polygons) else None
    touching = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    if len(touching[0]) == len(polygons):
        return shapely.MultiPolygon(list(shapely.get_parts(polygons)))
    return surface_of(shapely.union_all(polygons))


def _alternating(
    shells: NDArray[np.object_], holes: NDArray[np.object_]
) -> shapely.Geometry | None:
    """Join rings without roles: each one inside another is cut out of it (even-odd)."""
    rings = np.concatenate([shells, holes])
    order = np.argsort(-shapely.area(rings), kind="stable")
    surface: shapely.Geometry | None = rings[order[0]]
    for ring in rings[order[1:]]:
        apart = ring if surface is None else shapely.symmetric_difference(surface, ring)
        surface = surface_of(shapely.make_valid(apart))
    return surface


def _rings(ways: WayGeometry, rows: Sequence[int]) -> tuple[list[NDArray[np.float64]], int]:
    """Chain member ways into rings by shared end nodes."""
    rings: list[NDArray[np.float64]] = []
    open_rings = 0
    chains: list[list[int]] = []
    for row in dict.fromkeys(rows):
        index = range(int(ways.start[row]), int(ways.start[row + 1]))
        here = [i for i in index if ways.is_here[i]]
        if len(here) < 2:
            continue
        if ways.is_closed[row]:
            if len(here) >= 3:
                rings.append(ways.coords[[*here, here[0]]])
        else:
            chains.append(here)
    for chain, is_ring in _chained(chains, ways.ref):
        places = ways.coords[chain]
        if not is_ring:
            gap = float(np.hypot(*(places[0] - places[-1])))
            length = float(np.hypot(*np.diff(places, axis=0).T).sum())
            if len(chain) < 3 or gap > GREATEST_GAP * length:
                open_rings += 1
                continue
            places = np.vstack([places, places[:1]])
        if len(places) >= 4:
            rings.append(places)
    return rings, open_rings


def _chained(chains: list[list[int]], ref: NDArray[np.int64]) -> list[tuple[list[int], bool]]:
    """Join chains whose end nodes are the same; return each with whether it closed."""
    at: dict[int, set[int]] = {}
    for number, chain in enumerate(chains):
        for end in (chain[0], chain[-1]):
            at.setdefault(int(ref[end]), set()).add(number)
    waiting = dict.fromkeys(range(len(chains)))
    result: list[tuple[list[int], bool]] = []
    while waiting:
        number = next(iter(waiting))
        del waiting[number]
        path = list(chains[number])
        for _ in range(2):
            while ref[path[0]] != ref[path[-1]]:
                end = int(ref[path[-1]])
                follower = next((n for n in sorted(at[end]) if n in waiting), None)
                if follower is None:
                    break
                del waiting[follower]
                piece = chains[follower]
                if int(ref[piece[0]]) != end:
                    piece = piece[::-1]
                path += piece[1:]
            path.reverse()
        result.append((path, bool(ref[path[0]] == ref[path[-1]]) and len(path) > 3))
    return result
