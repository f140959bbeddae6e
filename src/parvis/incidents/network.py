"""How far are incidents from each other along streets, and how densely do they lie there."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.incidents.errors import IncidentDataError, IncidentOptionError, IncidentSizeError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_POINTS = 20_000
"""Distances of more points to all others do not fit into memory."""
MOST_NODES = 2_000_000
_SHARE_OF_DEVIATION = 15.0
_STEPS = 64


@dataclass(frozen=True, eq=False)
class LinearNetwork:
    """
    Streets as lines between vertices.

    Attributes
    ----------
    n_vertices : int
    ends : ndarray of int, shape (n_segments, 2)
        Vertices at both ends of each segment.
    length : ndarray, shape (n_segments,)
        In any unit, above 0.
    """

    n_vertices: int
    ends: Ints
    length: Floats

    def __post_init__(self) -> None:
        """Refuse segments without length and vertices that are not there."""
        if self.ends.shape != (self.length.size, 2) or not self.length.size:
            raise IncidentDataError(file="network", what="two vertices and a length by segment")
        if self.ends.min() < 0 or self.ends.max() >= self.n_vertices:
            raise IncidentDataError(file="network", what="segments between its own vertices")
        if not (self.length > 0.0).all():
            raise IncidentDataError(file="network", what="lengths above 0")

    @cached_property
    def _graph(self) -> "csr_array[Any, tuple[int, int]]":
        """Shortest segment between each pair of neighbours."""
        from scipy.sparse import csr_array

        low, high = self.ends.min(axis=1), self.ends.max(axis=1)
        order = np.lexsort((self.length, high, low))
        low, high, length = low[order], high[order], self.length[order]
        is_first = np.r_[True, (np.diff(low) != 0) | (np.diff(high) != 0)]
        kept = is_first & (low != high)
        return csr_array(
            (length[kept], (low[kept], high[kept])), shape=(self.n_vertices, self.n_vertices)
        )

    def to_vertices(self, segment: Ints, along: Floats) -> Floats:
        """Return the distance of each point to each vertex, infinite where there is no way."""
        from scipy.sparse.csgraph import dijkstra

        used, inverse = np.unique(self.ends[segment].ravel(), return_inverse=True)
        between = np.asarray(dijkstra(self._graph, directed=False, indices=used))
        at = inverse.reshape(-1, 2)
        first, second = self._to_ends(segment, along)
        return np.minimum(between[at[:, 0]] + first[:, None], between[at[:, 1]] + second[:, None])

    def _to_ends(self, segment: Ints, along: Floats) -> tuple[Floats, Floats]:
        return along * self.length[segment], (1.0 - along) * self.length[segment]


def pair_distances(network: LinearNetwork, segment: ArrayLike, along: ArrayLike) -> Floats:
    """
    Return the shortest way along the network between all pairs of points.

    Parameters
    ----------
    network : LinearNetwork
    segment : array_like of int, shape (n,)
        Segment each point lies on.
    along : array_like, shape (n,)
        How far along it, 0 to 1.

    Returns
    -------
    ndarray, shape (n, n)
        In the unit of the lengths; infinite where there is no way.

    Raises
    ------
    IncidentDataError, IncidentSizeError
    """
    on, at = _checked(network, segment, along)
    to_vertex = network.to_vertices(on, at)
    first, second = network._to_ends(on, at)
    found: Floats = np.minimum(
        to_vertex[:, network.ends[on, 0]] + first, to_vertex[:, network.ends[on, 1]] + second
    )
    order = np.argsort(on, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(on[order])) + 1):
        straight = np.abs(at[group][:, None] - at[group]) * network.length[on[group[0]]]
        block = np.ix_(group, group)
        found[block] = np.minimum(found[block], straight)
    return found


def linear_k(
    network: LinearNetwork,
    segment: ArrayLike,
    along: ArrayLike,
    radii: ArrayLike,
    *,
    is_corrected: bool = True,
) -> Floats:
    """
    Tell how many others lie up to each distance along the network, over their density.

    Parameters
    ----------
    network, segment, along
        As in `pair_distances`.
    radii : array_like
        Distances, from 0.
    is_corrected : bool
        Divide each pair by how many places of the network lie just as far: then points spread by
        chance give the radius itself, whatever the network. Without it the network's own shape
        shows.

    Returns
    -------
    ndarray
        In the unit of the lengths.

    Raises
    ------
    IncidentDataError, IncidentSizeError

    Notes
    -----
    ``L / (n (n - 1)) Σ 1[d <= r] / m`` with the network's length ``L`` [1]_; the correction ``m``
    is [2]_'s.

    References
    ----------
    .. [1] A. Okabe, I. Yamada, "The K-function method on a network and its computational
       implementation", Geographical Analysis 33, 2001, 271-290.
    .. [2] Q. W. Ang, A. Baddeley, G. Nair, "Geometrically corrected second order analysis of
       events on a linear network", Scandinavian Journal of Statistics 39, 2012, 591-617.
    """
    on, at = _checked(network, segment, along)
    n = on.size
    if n < 2:
        raise IncidentDataError(file="network", what="two points")
    apart = pair_distances(network, on, at)
    share = np.ones_like(apart)
    if is_corrected:
        to_vertex = network.to_vertices(on, at)
        for point in range(n):
            share[point] = 1.0 / _as_far(
                network, on[point], at[point], to_vertex[point], apart[point]
            )
    np.fill_diagonal(apart, np.inf)
    order = np.argsort(apart, axis=None)
    heights = np.concatenate([[0.0], np.cumsum(share.ravel()[order])])
    reached = np.searchsorted(apart.ravel()[order], np.asarray(radii, dtype=float), side="right")
    return np.asarray(heights[reached] * network.length.sum() / (n * (n - 1.0)))


def _as_far(
    network: LinearNetwork, segment: int, along: float, to_vertex: Floats, radii: Floats
) -> Floats:
    """Return how many places of the network lie exactly at each distance from a point."""
    own = network.length[segment]
    others = np.arange(network.length.size) != segment
    near = to_vertex[network.ends[others]]
    # The point cuts its own segment into two, which both begin at it.
    halves = np.column_stack([np.zeros(2), to_vertex[network.ends[segment]]])
    near = np.concatenate([near, halves])
    length = np.concatenate([network.length[others], [along * own, (1.0 - along) * own]])
    is_reached = np.isfinite(near).all(axis=1)
    near, length = near[is_reached], length[is_reached]
    begins, meets = np.sort(near.ravel()), np.sort((near.sum(axis=1) + length) / 2.0)
    count = np.searchsorted(begins, radii) - 2 * np.searchsorted(meets, radii)
    return np.maximum(count, 1).astype(np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class NetworkDensity:
    """
    Density of points along a network.

    Attributes
    ----------
    segment : ndarray of int
        Segment of each piece.
    along : ndarray
        Middle of each piece on its segment, 0 to 1.
    density : ndarray
        Points by unit of length, at the middle of each piece.
    at_points : ndarray
        At the points, each with itself.
    """

    segment: Ints
    along: Floats
    density: Floats
    at_points: Floats


def network_density(
    network: LinearNetwork,
    segment: ArrayLike,
    along: ArrayLike,
    deviation: float,
) -> NetworkDensity:
    """
    Smooth points along a network, as heat spreads in wires.

    Parameters
    ----------
    network, segment, along
        As in `pair_distances`.
    deviation : float
        Standard deviation of the kernel, in the unit of the lengths.

    Returns
    -------
    NetworkDensity
        Its sum along the network is the number of points.

    Raises
    ------
    IncidentDataError, IncidentOptionError, IncidentSizeError

    Notes
    -----
    The kernel that spreads at junctions without favour to any street is the solution of the heat
    equation on the network at time ``deviation²/2`` [1]_. Solved in pieces of a fifteenth of
    `deviation`, by two implicit steps for sharp points and Crank-Nicolson steps after them.

    References
    ----------
    .. [1] G. McSwiggan, A. Baddeley, G. Nair, "Kernel density estimation on a linear network",
       Scandinavian Journal of Statistics 44, 2017, 324-345.
    """
    if not deviation > 0.0:
        raise IncidentOptionError(what="Bandwidth", value=f"{deviation:g}", accepted="above 0")
    on, at = _checked(network, segment, along)
    mesh = _Mesh(network, deviation / _SHARE_OF_DEVIATION)
    low, high, share = mesh.around(on, at)
    loads = np.zeros(mesh.n_nodes)
    np.add.at(loads, low, 1.0 - share)
    np.add.at(loads, high, share)
    heat = mesh.spread(loads, deviation)
    at_points = (1.0 - share) * heat[low] + share * heat[high]
    first, second = mesh.piece.T
    middle = (heat[first] + heat[second]) / 2.0
    return NetworkDensity(mesh.piece_segment, mesh.piece_along, middle, at_points)


class _Mesh:
    """A network cut into short pieces."""

    def __init__(self, network: LinearNetwork, step: float) -> None:
        pieces = np.maximum(np.ceil(network.length / step), 1).astype(np.int64)
        self.pieces = pieces
        self.n_nodes = network.n_vertices + int((pieces - 1).sum())
        if self.n_nodes > MOST_NODES:
            raise IncidentSizeError(what="Pieces of streets", n=self.n_nodes, most=MOST_NODES)
        self.first_inner = network.n_vertices + np.concatenate([[0], np.cumsum(pieces - 1)])[:-1]
        self.ends = network.ends
        self.piece_segment = np.repeat(np.arange(pieces.size), pieces)
        rank = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        self.piece_along = (rank + 0.5) / pieces[self.piece_segment]
        self.piece = np.column_stack(
            [self.node(self.piece_segment, rank), self.node(self.piece_segment, rank + 1)]
        )
        self.width = network.length[self.piece_segment] / pieces[self.piece_segment]

    def node(self, segment: Ints, rank: Ints) -> Ints:
        """Return the node of a rank on a segment: its vertices at both ends."""
        inner = self.first_inner[segment] + rank - 1
        last = rank == self.pieces[segment]
        outer = np.where(last, self.ends[segment, 1], self.ends[segment, 0])
        return np.where((rank == 0) | last, outer, inner)

    def around(self, segment: Ints, along: Floats) -> tuple[Ints, Ints, Floats]:
        """Return the nodes on both sides of points, and how far they are to the second."""
        place = along * self.pieces[segment]
        rank = np.minimum(np.floor(place).astype(np.int64), self.pieces[segment] - 1)
        return self.node(segment, rank), self.node(segment, rank + 1), place - rank

    def spread(self, loads: Floats, deviation: float) -> Floats:
        """Return the heat after ``deviation²/2`` of a load put down at nodes."""
        from scipy.sparse import csc_array, diags_array
        from scipy.sparse.linalg import splu

        first, second = self.piece.T
        n, flow = self.n_nodes, 1.0 / self.width
        rows = np.concatenate([first, second, first, second])
        columns = np.concatenate([first, second, second, first])
        values = np.concatenate([flow, flow, -flow, -flow])
        loss = csc_array((values, (rows, columns)), shape=(n, n))
        half = np.concatenate([self.width, self.width]) / 2.0
        room = np.bincount(np.concatenate([first, second]), weights=half, minlength=n)
        room = np.where(room > 0.0, room, 1.0)
        capacity = diags_array(room, format="csc")
        step = deviation**2 / 2.0 / _STEPS
        implicit = splu(csc_array(capacity + step / 2.0 * loss))
        heat = loads / room
        # Four implicit half steps stand for the first two: they damp what points leave ragged.
        for _ in range(4):
            heat = implicit.solve(room * heat)
        explicit = capacity - step / 2.0 * loss
        for _ in range(_STEPS - 2):
            heat = implicit.solve(explicit @ heat)
        return np.asarray(heat)


def _checked(network: LinearNetwork, segment: ArrayLike, along: ArrayLike) -> tuple[Ints, Floats]:
    on, at = np.asarray(segment, dtype=np.int64), np.asarray(along, dtype=np.float64)
    if on.shape != at.shape or on.ndim != 1 or not on.size:
        raise IncidentDataError(file="network", what="a segment and a place on it by point")
    is_on = (on >= 0) & (on < network.length.size) & (at >= 0.0) & (at <= 1.0)
    if not is_on.all():
        raise IncidentDataError(file="network", what="points on its segments")
    if on.size > MOST_POINTS:
        raise IncidentSizeError(what="Points on the network", n=on.size, most=MOST_POINTS)
    return on, at
