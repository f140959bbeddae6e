"""
Answer how the legs of a line network follow each other.

Kernels behind `parvis.approach.turns`: directed segments are cut into legs at the bends that
limit, and legs are joined by turns at bends and junctions.
"""

import numpy as np
from numba import njit

from parvis.approach.turns_geometry import (
    SIDE,
    corner,
    diagonal,
    junction_turn,
)

STRAIGHT = 0.1
"""Junctions crossed with less change of direction continue a stagger. [rad]"""


@njit(cache=True)
def legs(first, last, is_backwards, x, y, radius, vertex_turn, length):  # type: ignore[no-untyped-def]
    """
    Cut directed segments at the bends that limit.

    Returns offsets per directed segment (2 i along segment i, 2 i + 1 against it), and per leg
    its start along the directed segment, its length, and radius and deflection of the bend at its
    end (inf and 0 for the last leg of a segment).
    """
    n = len(first)
    offsets = np.zeros(2 * n + 1, np.int64)
    for i in range(n):
        cuts = 0
        for v in range(first[i] + 1, last[i]):
            if radius[v] < np.inf:
                cuts += 1
        offsets[2 * i + 1] = offsets[2 * i] + cuts + 1
        offsets[2 * i + 2] = offsets[2 * i + 1] + cuts + 1
    total = offsets[2 * n]
    start = np.zeros(total)
    extent = np.zeros(total)
    bend_radius = np.full(total, np.inf)
    bend_turn = np.zeros(total)
    for i in range(n):
        planar = 0.0
        for v in range(first[i], last[i]):
            planar += np.hypot(x[v + 1] - x[v], y[v + 1] - y[v])
        scale = length[i] / planar if planar > 0.0 else 1.0
        for side in range(2):
            d = 2 * i + side
            backwards = is_backwards[i] != (side == 1)
            v = last[i] if backwards else first[i]
            end = first[i] if backwards else last[i]
            step = -1 if backwards else 1
            leg = offsets[d]
            so_far = 0.0
            while v != end:
                so_far += scale * np.hypot(x[v + step] - x[v], y[v + step] - y[v])
                v += step
                if v != end and radius[v] < np.inf:
                    extent[leg] = so_far - start[leg]
                    bend_radius[leg] = radius[v]
                    bend_turn[leg] = vertex_turn[v] * step
                    leg += 1
                    start[leg] = so_far
            extent[leg] = max(0.0, length[i] - start[leg])
    return offsets, start, extent, bend_radius, bend_turn


@njit(cache=True)
def turns(  # type: ignore[no-untyped-def]
    leg_offsets,
    bend_radius,
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
    vertex_turn,
    first,
    last,
    freedom,
    is_passable,
    is_blocked,
    inner,
    limit,
    turning_radius,
):
    """
    Join legs by turns.

    Returns offsets per leg and, per turn, the leg it leads into, its radius and deflection.
    """
    n_legs = leg_offsets[len(leg_offsets) - 1]
    offsets = np.zeros(n_legs + 1, np.int64)
    into = np.empty(0, np.int32)
    radius = np.empty(0)
    turned = np.empty(0, np.float32)
    side_delta = np.zeros((2, SIDE))
    side_length = np.zeros((2, SIDE))
    n_side = np.zeros(2, np.int64)
    for filling in (False, True):
        t = 0
        for d in range(2 * len(from_node)):
            i = d >> 1
            can_turn_round = is_passable[i] and freedom[i] >= 2.0 * turning_radius
            for leg in range(leg_offsets[d], leg_offsets[d + 1]):
                if filling:
                    offsets[leg] = t
                if can_turn_round:
                    if filling:
                        into[t] = leg_offsets[(d ^ 1) + 1] - 1 - (leg - leg_offsets[d])
                        radius[t] = freedom[i] / 2.0
                        turned[t] = np.pi
                    t += 1
                if leg < leg_offsets[d + 1] - 1:
                    if filling:
                        into[t] = leg + 1
                        radius[t] = bend_radius[leg]
                        turned[t] = bend_turn[leg]
                    t += 1
            head = from_node[i] if d & 1 else to_node[i]
            if not is_passable[i]:
                continue
            if is_blocked[head]:
                continue
            backwards = is_backwards[i] != (d & 1 == 1)
            here = first[i] if backwards else last[i]
            for m in range(leaving_start[head], leaving_start[head + 1]):
                other = leaving[m]
                j = other >> 1
                if other == d ^ 1 or not is_passable[j]:
                    continue
                if filling:
                    other_backwards = is_backwards[j] != (other & 1 == 1)
                    there = last[j] if other_backwards else first[j]
                    into[t] = leg_offsets[other]
                    if here == there and i != j:
                        radius[t] = vertex_radius[here]
                        turned[t] = -vertex_turn[here] if backwards else vertex_turn[here]
                    else:
                        delta, bound = junction_turn(
                            chain_of[i],
                            not backwards,
                            chain_of[j],
                            other_backwards,
                            kept_start,
                            kept,
                            kept_turn,
                            x,
                            y,
                            max(freedom[i], freedom[j]),
                            inner,
                            limit,
                            side_delta,
                            side_length,
                            n_side,
                        )
                        radius[t] = bound
                        turned[t] = delta
                t += 1
        if not filling:
            into = np.empty(t, np.int32)
            radius = np.empty(t)
            turned = np.empty(t, np.float32)
    offsets[n_legs] = t
    return offsets, into, radius, turned


@njit(cache=True)
def staggers(  # type: ignore[no-untyped-def]
    leg_offsets,
    leg_directed,
    turn_offsets,
    into,
    radius,
    turned,
    length,
    freedom,
    chain_of,
    is_backwards,
    chain_segments,
    chain_members,
    kept_start,
    from_node,
    to_node,
    is_passable,
    is_blocked,
    inner,
    limit,
):
    """
    Find the pairs of opposite turns so close together that one diagonal path takes both.

    The streets between them are straight. Returns one row each: leading leg, leg led into,
    directed segment in between, and its length, both radii, both deflections.
    """
    legs_out = np.empty((0, 3), np.int32)
    values = np.empty((0, 5))
    ends = np.empty(3, np.int32)
    lengths = np.empty(3)
    cursors = np.empty(3, np.int64)
    for filling in (False, True):
        found = 0
        for p in range(2 * len(from_node)):
            leading = leg_offsets[p + 1] - 1
            for t in range(turn_offsets[leading], turn_offsets[leading + 1]):
                if radius[t] == np.inf or abs(turned[t]) >= 3.0:
                    continue
                middle = leg_directed[into[t]]
                free_in = max(freedom[p >> 1], freedom[middle >> 1])
                reach = lengths[0] = _straight_length(
                    middle,
                    length,
                    chain_of,
                    is_backwards,
                    chain_segments,
                    chain_members,
                    kept_start,
                    from_node,
                    to_node,
                    is_passable,
                    is_blocked,
                    ends,
                    0,
                )
                depth = 0
                cursors[0] = -1
                while depth >= 0:
                    reach = lengths[depth]
                    if reach < 0.0 or reach > 20.0 * (freedom[p >> 1] + freedom[middle >> 1] + 1.0):
                        depth -= 1
                        continue
                    end_leg = leg_offsets[ends[depth] + 1] - 1
                    if cursors[depth] < 0:
                        cursors[depth] = turn_offsets[end_leg]
                    if cursors[depth] >= turn_offsets[end_leg + 1]:
                        depth -= 1
                        continue
                    u = cursors[depth]
                    cursors[depth] += 1
                    following = leg_directed[into[u]]
                    if abs(turned[u]) < STRAIGHT and depth < 2:
                        added = _straight_length(
                            following,
                            length,
                            chain_of,
                            is_backwards,
                            chain_segments,
                            chain_members,
                            kept_start,
                            from_node,
                            to_node,
                            is_passable,
                            is_blocked,
                            ends,
                            depth + 1,
                        )
                        lengths[depth + 1] = reach + added if added >= 0.0 else -1.0
                        cursors[depth + 1] = -1
                        depth += 1
                        continue
                    if turned[u] * turned[t] >= 0.0 or abs(turned[u]) >= 3.0:
                        continue
                    free_out = max(freedom[following >> 1], freedom[middle >> 1])
                    relief = diagonal(
                        freedom[middle >> 1],
                        reach - (freedom[p >> 1] + freedom[following >> 1]) / 2.0,
                    )
                    helps_into = relief > abs(turned[t]) / 2.0
                    helps_out = radius[u] < np.inf and relief > abs(turned[u]) / 2.0
                    if not (helps_into or helps_out):
                        continue
                    if filling:
                        legs_out[found, 0] = leading
                        legs_out[found, 1] = into[u]
                        legs_out[found, 2] = middle
                        values[found, 0] = reach
                        into_it = corner(abs(turned[t]), 0.0, relief, inner, free_in)
                        out_of_it = corner(abs(turned[u]), relief, 0.0, inner, free_out)
                        into_it, out_of_it = max(radius[t], into_it), max(radius[u], out_of_it)
                        values[found, 1] = into_it if into_it < limit else np.inf
                        values[found, 2] = out_of_it if out_of_it < limit else np.inf
                        values[found, 3] = turned[t]
                        values[found, 4] = turned[u]
                    found += 1
        if not filling:
            legs_out = np.empty((found, 3), np.int32)
            values = np.empty((found, 5))
    return legs_out, values


@njit(cache=True)
def _straight_length(  # type: ignore[no-untyped-def]
    d,
    length,
    chain_of,
    is_backwards,
    chain_segments,
    chain_members,
    kept_start,
    from_node,
    to_node,
    is_passable,
    is_blocked,
    ends,
    slot,
):
    """Return the length of the straight open chain from directed segment `d` on, -1 if none."""
    i = d >> 1
    c = chain_of[i]
    if kept_start[c + 1] - kept_start[c] != 2:
        return -1.0
    backwards = is_backwards[i] != (d & 1 == 1)
    low, high = chain_segments[c], chain_segments[c + 1]
    total = 0.0
    for k in range(low, high):
        m = chain_members[k]
        if not is_passable[m >> 1]:
            return -1.0
        total += length[m >> 1]
        if k + 1 < high and is_blocked[from_node[m >> 1] if m & 1 else to_node[m >> 1]]:
            return -1.0
    ends[slot] = chain_members[low] ^ 1 if backwards else chain_members[high - 1]
    return total
