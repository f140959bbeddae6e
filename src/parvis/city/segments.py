"""How do street lines make a graph: cut them where they join, end, or carry a barrier."""

import numpy as np
from numpy.typing import NDArray

from parvis.city.model import Segments

BY_CLASS = 1
"""`Segments.width_source` until widths are measured."""


def cut_streets(
    coords: NDArray[np.float64],
    starts: NDArray[np.int64],
    node_ids: NDArray[np.int64],
    levels: NDArray[np.int8],
    cut_nodes: NDArray[np.bool_],
    *,
    split_ids: NDArray[np.int64],
) -> Segments:
    """
    Cut street lines into segments between junctions, barrier nodes and line ends.

    Parameters
    ----------
    coords : ndarray of float64, shape (m, 2)
        Vertices of all lines. [m]
    starts : ndarray of int64, shape (n + 1,)
        Vertices of line i are ``starts[i]:starts[i + 1]``; at least two.
    node_ids : ndarray of int64, shape (m,)
        Identity of each vertex; lines join only where they share one.
    levels : ndarray of int8, shape (n,)
    cut_nodes : ndarray of bool, shape (m,)
        The line went on at this vertex in the original data.
    split_ids : ndarray of int64
        Nodes (barriers) that end a segment wherever they stand on a line.

    Returns
    -------
    Segments
        Widths are NaN and by class until measured.

    Notes
    -----
    A shared node joins lines of different level only where one of them ends: a bridge joins the
    street it ends on, a bridge that shares a vertex with the street below it does not. Where lines
    of several levels run through one node, it becomes one node a level, and lines that end there
    join their own level, else the nearest.
    """
    lengths = np.diff(starts)
    count = len(coords)
    line = np.repeat(np.arange(len(lengths)), lengths)
    is_end = np.zeros(count, dtype=bool)
    is_end[starts[:-1]] = True
    is_end[starts[1:] - 1] = True
    identity = _nodes_by_level(node_ids, np.asarray(levels)[line], is_end)
    occurrences = np.bincount(identity, minlength=1)
    is_node = is_end | (occurrences[identity] > 1) | np.isin(node_ids, split_ids)

    at = np.flatnonzero(is_node)
    follows = line[at[1:]] == line[at[:-1]]
    first, last = at[:-1][follows], at[1:][follows]
    used, row_of = np.unique(identity[at], return_inverse=True)
    row = np.full(count, -1, dtype=np.int64)
    row[at] = row_of
    some = np.empty(len(used), dtype=np.int64)
    some[row_of] = at
    is_cut = np.zeros(len(used), dtype=bool)
    np.logical_or.at(is_cut, row_of, cut_nodes[at])

    step = np.zeros(count)
    step[:-1] = np.hypot(*np.diff(coords, axis=0).T)
    amount = len(first)
    length = np.add.reduceat(step, np.column_stack([first, last]).ravel())[::2] if amount else step
    return Segments(
        node_x=coords[some, 0].copy(),
        node_y=coords[some, 1].copy(),
        node_osm_id=node_ids[some],
        node_is_cut=is_cut,
        from_node=row[first].astype(np.int32),
        to_node=row[last].astype(np.int32),
        street=line[first].astype(np.int32),
        coord_start=first.astype(np.int64),
        coord_end=(last + 1).astype(np.int64),
        length=length,
        width=np.full(amount, np.nan, dtype=np.float32),
        width_grade=np.full(amount, 3, dtype=np.int8),
        width_source=np.full(amount, BY_CLASS, dtype=np.int8),
    )


def _nodes_by_level(
    node_ids: NDArray[np.int64], levels: NDArray[np.int8], is_end: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return a node number for each vertex, equal where lines join."""
    _, identity = np.unique(node_ids, return_inverse=True)
    identity = identity.astype(np.int64)
    through = np.flatnonzero(~is_end)
    nodes = identity[through]
    low = np.full(int(identity.max(initial=-1)) + 1, 127, dtype=np.int64)
    high = np.full(len(low), -128, dtype=np.int64)
    np.minimum.at(low, nodes, levels[through])
    np.maximum.at(high, nodes, levels[through])
    if not (crossing := low < high).any():
        return identity
    fresh = len(low)
    members: dict[int, list[int]] = {}
    for vertex in np.flatnonzero(crossing[identity]).tolist():
        members.setdefault(int(identity[vertex]), []).append(vertex)
    for vertices in members.values():
        storeys = sorted({int(levels[vertex]) for vertex in vertices if not is_end[vertex]})
        number = {storey: fresh + i for i, storey in enumerate(storeys)}
        fresh += len(storeys)
        for vertex in vertices:
            apart = [abs(storey - int(levels[vertex])) for storey in storeys]
            identity[vertex] = number[storeys[apart.index(min(apart))]]
    return identity


def nodes_of(segments: Segments, node_ids: NDArray[np.int64]) -> NDArray[np.int32]:
    """
    Return the row of the junction each OSM node is, -1 for nodes on no street.

    Parameters
    ----------
    segments : Segments
    node_ids : ndarray of int64, shape (n,)

    Returns
    -------
    ndarray of int32, shape (n,)
        The first row where one node became several by level.
    """
    if not len(segments.node_osm_id):
        return np.full(len(node_ids), -1, dtype=np.int32)
    order = np.argsort(segments.node_osm_id, kind="stable")
    known = segments.node_osm_id[order]
    at = np.minimum(np.searchsorted(known, node_ids), len(known) - 1)
    return np.where(known[at] == node_ids, order[at], -1).astype(np.int32)
