"""
Answer which turn leads from which street into which, and how wide a vehicle can take it.

The turn graph is the line model of a street network for one vehicle body. Its answer to "how fast
at most" is an upper bound by construction, see `TurnGraph`.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.approach import turns_assembly, turns_geometry
from parvis.approach.vehicles import VehicleParameters
from parvis.city.model import City, Segments
from parvis.terms import GRAVITY

INNER_RADIUS = 4.0
"""Radius of the path's centre at the inner kerb of a corner nobody measured. [m]"""

WIDTH_TAG_ALONE = 2
"""`Segments.width_source` where the clear width is a lower bound that excludes no vehicle."""


@dataclass(frozen=True, eq=False)
class TurnGraph:
    """
    Directed legs of streets and the turns between them, for one vehicle.

    Directed segment ``2 i`` runs along segment i, ``2 i + 1`` against it. A leg is the part of a
    directed segment between two bends that limit. Legs from ``first_leg[-1]`` on are *staggers*:
    a short street crossed diagonally between two opposite turns, from corner to corner.

    Why speeds on it are an upper bound of what the corridors of the given widths allow:

    - a leg keeps the full length of its centre line, no tangent of an arc is taken off;
    - a corner's radius is that of the widest arc from outer edge over the inner apex to outer edge
      with the wider street's freedom, ``R = r + w / (1 - cos(D / 2))``, w = clear width less body
      width, however short the streets beside it are;
    - r is never below the turning radius nor `INNER_RADIUS`;
    - centre lines are pulled taut within half of w (at least 0.5 m) between junctions before any
      change of direction is measured, so that a digitising jog costs nothing;
    - bends the same way at most 25 m apart are one curve (a roundabout is no row of gentle bends):
      inner radius of the circle inside equal legs, total change of direction, and its length so
      far as run-up since the tightest place;
    - a bend that turns back within a short distance is relieved by the angle of the diagonal, also
      across junctions of straight short streets;
    - a vehicle may turn round where the freedom holds its turning circle; everything else may start
      at rest anywhere; one-way streets and turn restrictions do not exist.

    It is none for ground wider or joined otherwise than the lines say: that is the motion
    lattice's part.

    Attributes
    ----------
    n_segments : int
    first_leg : ndarray of int64, shape (2 n + 1,)
        Legs of directed segment d are ``first_leg[d]:first_leg[d + 1]``, in order of travel.
    leg_directed : ndarray of int32, shape (k,)
        Directed segment of each leg; of a stagger the one it begins on.
    leg_start, leg_length : ndarray of float64, shape (k,)
        Distance of the leg's start along its directed segment, and its length. [m]
    is_passable : ndarray of bool, shape (k,)
    turn_offsets : ndarray of int64, shape (k + 1,)
        Turns out of leg l are ``turn_offsets[l]:turn_offsets[l + 1]``.
    turn_into : ndarray of int32, shape (t,)
    turn_radius : ndarray of float64, shape (t,)
        [m]; inf where the turn limits nothing.
    turn_slack : ndarray of float64, shape (t,)
        Run-up that a vehicle may have had since the tightest place of the curve. [m]
    turn_deflection : ndarray of float32, shape (t,)
        Left positive. [rad]
    segment_street : ndarray of int32, shape (n,)
        Row in `City.streets` per segment.
    """

    n_segments: int
    first_leg: NDArray[np.int64]
    leg_directed: NDArray[np.int32]
    leg_start: NDArray[np.float64]
    leg_length: NDArray[np.float64]
    is_passable: NDArray[np.bool_]
    turn_offsets: NDArray[np.int64]
    turn_into: NDArray[np.int32]
    turn_radius: NDArray[np.float64]
    turn_slack: NDArray[np.float64]
    turn_deflection: NDArray[np.float32]
    segment_street: NDArray[np.int32]

    @property
    def n_legs(self) -> int:
        """Number of legs, staggers included."""
        return len(self.leg_length)

    @property
    def n_turns(self) -> int:
        """Number of turns."""
        return len(self.turn_into)

    @property
    def turn_from(self) -> NDArray[np.int32]:
        """Leg that each turn leaves, shape (t,)."""
        return np.repeat(np.arange(self.n_legs, dtype=np.int32), np.diff(self.turn_offsets))


def turn_graph(
    segments: Segments,
    coords: NDArray[np.float64],
    vehicle: VehicleParameters,
    *,
    is_passable: ArrayLike | None = None,
    blocked_nodes: Collection[int] | NDArray[np.integer] = (),
) -> TurnGraph:
    """
    Join the segments of a street graph by turns.

    Streets join at shared junctions only, so bridges, tunnels and levels never touch what they
    cross. Widths and geometry are taken from the whole network before anything is closed; closing
    therefore only removes legs and turns and never raises a speed.

    Parameters
    ----------
    segments : Segments
    coords : ndarray, shape (m, 2)
        Vertices that `segments` slices. [m]
    vehicle : VehicleParameters
        Segments whose clear width is below its width are left out, except where that width is a
        `width` tag alone (a lower bound). Turns it can take at top speed limit nothing.
    is_passable : array_like of bool, shape (n,), optional
        Segments that vehicles can use; default all.
    blocked_nodes : collection of int, optional
        Junctions nothing passes, e.g. with a rated barrier that holds.

    Returns
    -------
    TurnGraph
    """
    n = len(segments.length)
    width = np.asarray(segments.width, dtype=np.float64)
    fits = (width >= vehicle.width) | (np.asarray(segments.width_source) == WIDTH_TAG_ALONE)
    passable = fits if is_passable is None else fits & np.asarray(is_passable, dtype=bool)
    freedom = np.maximum(width - vehicle.width, 0.0)
    n_nodes = len(segments.node_x)
    is_blocked = np.zeros(n_nodes, dtype=bool)
    is_blocked[np.asarray(list(blocked_nodes), dtype=np.int64)] = True
    inner = max(INNER_RADIUS, vehicle.turning_radius)
    limit = vehicle.top_speed**2 / (vehicle.friction * GRAVITY)
    trade = 2.0 * vehicle.acceleration / (vehicle.friction * GRAVITY)
    from_node = np.ascontiguousarray(segments.from_node, dtype=np.int32)
    to_node = np.ascontiguousarray(segments.to_node, dtype=np.int32)
    length = np.ascontiguousarray(segments.length, dtype=np.float64)

    geometry = turns_geometry
    leaving_start, leaving = geometry.outgoing(n_nodes, from_node, to_node)
    chain_segments, chain_members = geometry.chains(from_node, to_node, leaving_start, leaving)
    chain_of = np.empty(n, dtype=np.int32)
    chain_of[chain_members >> 1] = np.repeat(
        np.arange(len(chain_segments) - 1, dtype=np.int32), np.diff(chain_segments)
    )
    is_backwards = np.zeros(n, dtype=bool)
    is_backwards[chain_members >> 1] = (chain_members & 1).astype(bool)
    vertex_start, (x, y, narrow, wide), first, last = geometry.polylines(
        chain_segments,
        chain_members,
        np.ascontiguousarray(segments.coord_start, dtype=np.int64),
        np.ascontiguousarray(segments.coord_end, dtype=np.int64),
        np.ascontiguousarray(coords, dtype=np.float64),
        freedom,
    )
    keep = geometry.pull_taut(vertex_start, x, y, narrow)
    kept_start, kept, kept_turn, vertex_radius, vertex_slack = geometry.kept_bends(
        vertex_start, keep, x, y, wide, inner, limit, trade
    )
    vertex_turn = np.zeros(len(x))
    vertex_turn[kept] = kept_turn

    first_leg, leg_start, leg_length, bend_radius, bend_slack, bend_turn = turns_assembly.legs(
        first, last, is_backwards, x, y, vertex_radius, vertex_slack, vertex_turn, length
    )
    leg_directed = np.repeat(np.arange(2 * n, dtype=np.int32), np.diff(first_leg))
    turn_offsets, into, radius, slack, turned = turns_assembly.turns(
        first_leg,
        bend_radius,
        bend_slack,
        bend_turn,
        from_node,
        to_node,
        leaving_start,
        leaving,
        chain_of,
        is_backwards,
        kept_start,
        kept,
        kept_turn,
        x,
        y,
        vertex_radius,
        vertex_slack,
        vertex_turn,
        first,
        last,
        freedom,
        passable,
        is_blocked,
        inner,
        limit,
        trade,
        vehicle.turning_radius,
    )
    straight = turns_assembly.straight_lengths(
        chain_segments,
        chain_members,
        kept_start,
        length,
        from_node,
        to_node,
        passable,
        is_blocked,
    )
    staggers, values = turns_assembly.staggers(
        first_leg,
        leg_directed,
        turn_offsets,
        into,
        radius,
        slack,
        turned,
        freedom,
        chain_of,
        is_backwards,
        chain_segments,
        chain_members,
        straight,
        inner,
        limit,
    )
    graph = TurnGraph(
        n_segments=n,
        first_leg=first_leg,
        leg_directed=leg_directed,
        leg_start=leg_start,
        leg_length=leg_length,
        is_passable=passable[leg_directed >> 1],
        turn_offsets=turn_offsets,
        turn_into=into,
        turn_radius=radius,
        turn_slack=slack,
        turn_deflection=turned,
        segment_street=np.asarray(segments.street, dtype=np.int32),
    )
    return _with_staggers(graph, staggers, values) if len(staggers) else graph


def _with_staggers(
    graph: TurnGraph, staggers: NDArray[np.int32], values: NDArray[np.float64]
) -> TurnGraph:
    """Append one leg, one turn into it and one out of it per stagger."""
    leading, following, middle = staggers.T
    own = np.arange(graph.n_legs, graph.n_legs + len(staggers), dtype=np.int32)
    turn_from = np.concatenate([graph.turn_from, leading, own])
    order = np.argsort(turn_from, kind="stable")
    offsets = np.zeros(graph.n_legs + len(staggers) + 1, dtype=np.int64)
    np.cumsum(np.bincount(turn_from, minlength=len(offsets) - 1), out=offsets[1:])
    return TurnGraph(
        n_segments=graph.n_segments,
        first_leg=graph.first_leg,
        leg_directed=np.concatenate([graph.leg_directed, middle]),
        leg_start=np.concatenate([graph.leg_start, np.zeros(len(staggers))]),
        leg_length=np.concatenate([graph.leg_length, values[:, 0]]),
        is_passable=np.concatenate([graph.is_passable, np.ones(len(staggers), dtype=bool)]),
        turn_offsets=offsets,
        turn_into=np.concatenate([graph.turn_into, own, following])[order],
        turn_radius=np.concatenate([graph.turn_radius, values[:, 1], values[:, 2]])[order],
        turn_slack=np.concatenate([graph.turn_slack, values[:, 3], values[:, 4]])[order],
        turn_deflection=np.concatenate([graph.turn_deflection, values[:, 5], values[:, 6]]).astype(
            np.float32
        )[order],
        segment_street=graph.segment_street,
    )


def turns_of(
    city: City,
    vehicle: VehicleParameters,
    *,
    over_steps: bool = False,
    blocked_nodes: Collection[int] | NDArray[np.integer] = (),
    blocked_segments: Collection[int] | NDArray[np.integer] = (),
) -> TurnGraph:
    """
    Join the streets of a city by turns for one vehicle body.

    Parameters
    ----------
    city : City
    vehicle : VehicleParameters
    over_steps : bool, default False
        Steps are passable: off-road classes in the limit scenario.
    blocked_nodes, blocked_segments : collection of int, optional
        Rows of junctions and segments closed by a rated barrier that holds.

    Returns
    -------
    TurnGraph
    """
    street = np.asarray(city.segments.street, dtype=np.int64)
    is_passable = np.ones(len(street), dtype=bool)
    if not over_steps:
        is_passable &= ~np.asarray(city.streets["is_steps"], dtype=bool)[street]
    is_passable[np.asarray(list(blocked_segments), dtype=np.int64)] = False
    return turn_graph(
        city.segments,
        city.streets.coords,
        vehicle,
        is_passable=is_passable,
        blocked_nodes=blocked_nodes,
    )
