"""
Answer how the legs of a line network follow each other.

Kernels behind `parvis.approach.turns`: directed segments are cut into legs at the bends that
limit, and legs are joined by turns at bends and junctions.
"""

import numpy as np
from numba import njit

from parvis.approach.turns_geometry import (
    BOW,
    SIDE,
    corner,
    deflection,
    diagonal,
    junction_turn,
)

STRAIGHT = 0.1
"""Junctions crossed with less change of direction continue a stagger. [rad]"""

HAIRPIN = 3.0
"""Sharper turns begin and end no stagger. [rad]"""

DEPTH = 3
"""Streets a stagger may lead across, one after the other."""


@njit(cache=True)
def legs(first, last, is_backwards, x, y, radius, slack, vertex_turn, length):  # type: ignore[no-untyped-def]
    """
    Cut directed segments at the bends that limit.

    Returns offsets per directed segment (2 i along segment i, 2 i + 1 against it), and per leg
    its start along the directed segment, its length, and radius, slack and deflection of the bend
    at its end (inf, 0 and 0 for the last leg of a segment).
    """
    n = len(first)
    offsets = np.zeros(2 * n + 1, np.int64)
    for i in range(n):
        cuts = 0
        for v in range(first[i] + 1, last[i]):
            if min(radius[0, v], radius[1, v]) < np.inf:
                cuts += 1
        offsets[2 * i + 1] = offsets[2 * i] + cuts + 1
        offsets[2 * i + 2] = offsets[2 * i + 1] + cuts + 1
    total = offsets[2 * n]
    start = np.zeros(total)
    extent = np.zeros(total)
    bend_radius = np.full(total, np.inf)
    bend_slack = np.zeros(total)
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
                if v != end and min(radius[0, v], radius[1, v]) < np.inf:
                    extent[leg] = so_far - start[leg]
                    bend_radius[leg] = radius[1 if backwards else 0, v]
                    bend_slack[leg] = slack[1 if backwards else 0, v]
                    bend_turn[leg] = vertex_turn[v] * step
                    leg += 1
                    start[leg] = so_far
            extent[leg] = max(0.0, length[i] - start[leg])
    return offsets, start, extent, bend_radius, bend_slack, bend_turn


@njit(cache=True)
def turns(  # type: ignore[no-untyped-def]
    leg_offsets,
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
    is_passable,
    is_blocked,
    inner,
    limit,
    trade,
    turning_radius,
):
    """
    Join legs by turns.

    Returns offsets per leg and, per turn, the leg it leads into, its radius, slack and deflection.
    """
    n_legs = leg_offsets[len(leg_offsets) - 1]
    offsets = np.zeros(n_legs + 1, np.int64)
    into = np.empty(0, np.int32)
    radius = np.empty(0)
    slack = np.empty(0)
    turned = np.empty(0, np.float32)
    side_delta = np.zeros((2, SIDE))
    side_length = np.zeros((2, SIDE))
    n_side = np.zeros(2, np.int64)
    is_straight = kept_start[1:] - kept_start[:-1] == 2
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
                        slack[t] = 0.0
                        turned[t] = np.pi
                    t += 1
                if leg < leg_offsets[d + 1] - 1:
                    if filling:
                        into[t] = leg + 1
                        radius[t] = bend_radius[leg]
                        slack[t] = bend_slack[leg]
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
                    slack[t] = 0.0
                    if here == there and i != j:
                        row = 1 if backwards else 0
                        radius[t] = vertex_radius[row, here]
                        slack[t] = vertex_slack[row, here]
                        turned[t] = -vertex_turn[here] if backwards else vertex_turn[here]
                    elif is_straight[chain_of[i]] and is_straight[chain_of[j]]:
                        low = kept_start[chain_of[i]]
                        behind = kept[low] if not backwards else kept[low + 1]
                        low = kept_start[chain_of[j]]
                        ahead = kept[low] if other_backwards else kept[low + 1]
                        delta = deflection(
                            x[behind], y[behind], x[here], y[here], x[ahead], y[ahead]
                        )
                        bound = np.inf
                        if abs(delta) > 0.0:
                            wide = max(freedom[i], freedom[j])
                            bound = corner(abs(delta), 0.0, 0.0, inner, wide)
                        radius[t] = bound if bound < limit else np.inf
                        turned[t] = delta
                    else:
                        delta, radius[t], slack[t] = junction_turn(
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
                            trade,
                            side_delta,
                            side_length,
                            n_side,
                        )
                        turned[t] = delta
                t += 1
        if not filling:
            into = np.empty(t, np.int32)
            radius = np.empty(t)
            slack = np.empty(t)
            turned = np.empty(t, np.float32)
    offsets[n_legs] = t
    return offsets, into, radius, slack, turned


@njit(cache=True)
def straight_lengths(  # type: ignore[no-untyped-def]
    chain_segments, chain_members, kept_start, length, from_node, to_node, is_passable, is_blocked
):
    """Return the length of each chain that is straight and open all along, inf of the others."""
    found = np.full(len(chain_segments) - 1, np.inf)
    for c in range(len(found)):
        if kept_start[c + 1] - kept_start[c] != 2:
            continue
        total = 0.0
        for k in range(chain_segments[c], chain_segments[c + 1]):
            m = chain_members[k]
            head = from_node[m >> 1] if m & 1 else to_node[m >> 1]
            is_inside = k + 1 < chain_segments[c + 1]
            if not is_passable[m >> 1] or (is_inside and is_blocked[head]):
                total = np.inf
            total += length[m >> 1]
        found[c] = total
    return found


@njit(cache=True)
def staggers(  # type: ignore[no-untyped-def]
    leg_offsets,
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
):
    """
    Find the pairs of opposite turns so close together that one diagonal path takes both.

    The streets between them are straight. Returns one row each: leading leg, leg led into,
    directed segment in between, and its length, both radii, both slacks, both deflections.
    """
    widest = freedom.max()
    legs_out = np.empty((0, 3), np.int32)
    values = np.empty((0, 7))
    reach = np.empty(DEPTH)
    cursor = np.empty(DEPTH, np.int64)
    stop = np.empty(DEPTH, np.int64)
    for filling in (False, True):
        found = 0
        for p in range(len(leg_offsets) - 1):
            leading = leg_offsets[p + 1] - 1
            for t in range(turn_offsets[leading], turn_offsets[leading + 1]):
                if radius[t] == np.inf or abs(turned[t]) >= HAIRPIN:
                    continue
                middle = leg_directed[into[t]]
                free = freedom[middle >> 1]
                if free <= 0.0:
                    continue
                gentlest = np.arccos(max(0.0, 1.0 - free / (limit - inner)))
                angle = min(abs(turned[t]) / 2.0, gentlest)
                furthest = BOW * free / np.tan(angle) + (freedom[p >> 1] + widest) / 2.0
                following = middle
                depth = -1
                so_far = 0.0
                while True:
                    so_far += straight[chain_of[following >> 1]]
                    if so_far <= furthest:
                        c = chain_of[following >> 1]
                        backwards = is_backwards[following >> 1] != (following & 1 == 1)
                        end = (
                            chain_members[chain_segments[c]] ^ 1
                            if backwards
                            else chain_members[chain_segments[c + 1] - 1]
                        )
                        depth += 1
                        reach[depth] = so_far
                        cursor[depth] = turn_offsets[leg_offsets[end + 1] - 1]
                        stop[depth] = turn_offsets[leg_offsets[end + 1]]
                    descends = False
                    while depth >= 0 and not descends:
                        if cursor[depth] >= stop[depth]:
                            depth -= 1
                            continue
                        u = cursor[depth]
                        cursor[depth] += 1
                        following = leg_directed[into[u]]
                        if abs(turned[u]) < STRAIGHT:
                            descends = depth + 1 < DEPTH
                            so_far = reach[depth]
                            continue
                        if turned[u] * turned[t] >= 0.0 or abs(turned[u]) >= HAIRPIN:
                            continue
                        free_next = freedom[following >> 1]
                        relief = diagonal(free, reach[depth] - (freedom[p >> 1] + free_next) / 2.0)
                        helps_into = relief > abs(turned[t]) / 2.0
                        helps_out = radius[u] < np.inf and relief > abs(turned[u]) / 2.0
                        if not (helps_into or helps_out):
                            continue
                        if filling:
                            wide = max(freedom[p >> 1], free)
                            before = corner(abs(turned[t]), 0.0, relief, inner, wide)
                            wide = max(free_next, free)
                            behind = corner(abs(turned[u]), relief, 0.0, inner, wide)
                            before, behind = max(radius[t], before), max(radius[u], behind)
                            legs_out[found, 0] = leading
                            legs_out[found, 1] = into[u]
                            legs_out[found, 2] = middle
                            values[found, 0] = reach[depth]
                            values[found, 1] = before if before < limit else np.inf
                            values[found, 2] = behind if behind < limit else np.inf
                            values[found, 3] = slack[t]
                            values[found, 4] = slack[u]
                            values[found, 5] = turned[t]
                            values[found, 6] = turned[u]
                        found += 1
                    if depth < 0:
                        break
        if not filling:
            legs_out = np.empty((found, 3), np.int32)
            values = np.empty((found, 7))
    return legs_out, values
