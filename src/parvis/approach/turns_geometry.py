"""
Answer which bends a line network really holds, once a vehicle uses the whole width.

Kernels behind `parvis.approach.turns`: streets between two junctions are pulled taut within the
lateral freedom, and every remaining bend or corner gets the greatest radius that fits.
"""

import math

import numpy as np
from numba import njit

CURVE_LEG = 25.0
"""Bends the same way at most this far apart are one curve. [m]"""

DIGITISING = 0.5
"""Least half-width within which centre lines are pulled taut. [m]"""

BOW = 1.5
"""Factor on the freedom between two opposite corners; found by comparison with the lattice."""

SIDE = 8
"""How many bends of a street are looked at on either side of a turn."""


@njit(cache=True)
def outgoing(n_nodes, from_node, to_node):  # type: ignore[no-untyped-def]
    """Return offsets per node and the directed segments that leave it."""
    start = np.zeros(n_nodes + 1, np.int64)
    for i in range(len(from_node)):
        start[from_node[i] + 1] += 1
        start[to_node[i] + 1] += 1
    for k in range(n_nodes):
        start[k + 1] += start[k]
    cursor = start[:-1].copy()
    leaving = np.empty(2 * len(from_node), np.int32)
    for i in range(len(from_node)):
        leaving[cursor[from_node[i]]] = 2 * i
        cursor[from_node[i]] += 1
        leaving[cursor[to_node[i]]] = 2 * i + 1
        cursor[to_node[i]] += 1
    return start, leaving


@njit(cache=True)
def _next(d, from_node, to_node, start, leaving):  # type: ignore[no-untyped-def]
    """Return the only other directed segment at the head of `d`, -1 at junctions and ends."""
    head = from_node[d >> 1] if d & 1 else to_node[d >> 1]
    if start[head + 1] - start[head] != 2:
        return -1
    other = leaving[start[head]]
    if other == d ^ 1:
        other = leaving[start[head] + 1]
    return other if other >> 1 != d >> 1 else -1


@njit(cache=True)
def chains(from_node, to_node, start, leaving):  # type: ignore[no-untyped-def]
    """Return offsets and directed segments of the streets between junctions, each street once."""
    n = len(from_node)
    offsets = np.empty(n + 1, np.int64)
    members = np.empty(n, np.int32)
    seen = np.zeros(n, np.bool_)
    n_chains = 0
    filled = 0
    offsets[0] = 0
    for only_ends in (True, False):
        for first in range(2 * n):
            if seen[first >> 1]:
                continue
            if only_ends and _next(first ^ 1, from_node, to_node, start, leaving) >= 0:
                continue
            d = first
            while d >= 0 and not seen[d >> 1]:
                seen[d >> 1] = True
                members[filled] = d
                filled += 1
                d = _next(d, from_node, to_node, start, leaving)
            n_chains += 1
            offsets[n_chains] = filled
    return offsets[: n_chains + 1].copy(), members


@njit(cache=True)
def polylines(offsets, members, coord_start, coord_end, coords, freedom):  # type: ignore[no-untyped-def]
    """
    Join the centre lines of every chain.

    Returns chain offsets, x, y and freedom per vertex, the narrower and the wider where segments
    join, and per segment its first and last vertex in the order of the chain.
    """
    n = len(coord_start)
    total = 0
    for i in range(n):
        total += coord_end[i] - coord_start[i]
    x = np.empty(total)
    y = np.empty(total)
    narrow = np.empty(total)
    wide = np.empty(total)
    vertex_start = np.empty(len(offsets), np.int64)
    first = np.empty(n, np.int64)
    last = np.empty(n, np.int64)
    v = 0
    for c in range(len(offsets) - 1):
        vertex_start[c] = v
        for m in range(offsets[c], offsets[c + 1]):
            d = members[m]
            i = d >> 1
            count = coord_end[i] - coord_start[i]
            skip = 0 if m == offsets[c] else 1
            first[i] = v - skip
            if skip:
                narrow[v - 1] = min(narrow[v - 1], freedom[i])
                wide[v - 1] = max(wide[v - 1], freedom[i])
            for k in range(skip, count):
                row = coord_end[i] - 1 - k if d & 1 else coord_start[i] + k
                x[v] = coords[row, 0]
                y[v] = coords[row, 1]
                narrow[v] = freedom[i]
                wide[v] = freedom[i]
                v += 1
            last[i] = v - 1
    vertex_start[len(offsets) - 1] = v
    place = (x[:v].copy(), y[:v].copy(), narrow[:v].copy(), wide[:v].copy())
    return vertex_start, place, first, last


@njit(cache=True)
def _off_line(px, py, ax, ay, bx, by):  # type: ignore[no-untyped-def]
    """Distance of a point to a stretch of line."""
    ux, uy = bx - ax, by - ay
    square = ux * ux + uy * uy
    t = 0.0
    if square > 0.0:
        t = min(1.0, max(0.0, ((px - ax) * ux + (py - ay) * uy) / square))
    return math.hypot(px - ax - t * ux, py - ay - t * uy)


@njit(cache=True)
def pull_taut(vertex_start, x, y, free):  # type: ignore[no-untyped-def]
    """
    Keep the vertices that a line within half the freedom on either side cannot leave out.

    Successive halving at the vertex that lies furthest off in proportion to its tolerance.
    """
    keep = np.zeros(len(x), np.bool_)
    stack = np.empty((64, 2), np.int64)
    for c in range(len(vertex_start) - 1):
        low, high = vertex_start[c], vertex_start[c + 1] - 1
        keep[low] = True
        keep[high] = True
        top = 1
        stack[0, 0] = low
        stack[0, 1] = high
        while top > 0:
            top -= 1
            i, j = stack[top, 0], stack[top, 1]
            worst = 1.0
            at = -1
            for k in range(i + 1, j):
                tolerance = max(free[k] / 2.0, DIGITISING)
                ratio = _off_line(x[k], y[k], x[i], y[i], x[j], y[j]) / tolerance
                if ratio > worst:
                    worst = ratio
                    at = k
            if at >= 0:
                keep[at] = True
                if top + 2 > len(stack):
                    grown = np.empty((2 * len(stack), 2), np.int64)
                    grown[:top] = stack[:top]
                    stack = grown
                stack[top, 0] = i
                stack[top, 1] = at
                stack[top + 1, 0] = at
                stack[top + 1, 1] = j
                top += 2
    return keep


@njit(cache=True)
def deflection(ax, ay, bx, by, cx, cy):  # type: ignore[no-untyped-def]
    """Signed change of direction at b on the way from a to c, left positive, [rad]."""
    ux, uy = bx - ax, by - ay
    vx, vy = cx - bx, cy - by
    return math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)


@njit(cache=True)
def diagonal(free, length):  # type: ignore[no-untyped-def]
    """
    Angle by which a vehicle may cross the stretch between two inner corners, [rad].

    The freedom is taken `BOW` times since the path may bow around both corners.
    """
    if free <= 0.0:
        return 0.0
    return math.atan2(BOW * free, max(length, 0.0))


@njit(cache=True)
def corner(turned, relief_behind, relief_ahead, inner, free):  # type: ignore[no-untyped-def]
    """
    Radius of the arc from outer edge over the inner apex to outer edge, [m].

    On a side with relief the path may leave the apex diagonally instead, by that angle.
    """
    if relief_behind + relief_ahead >= turned:
        return np.inf
    part = min(turned / 2.0, turned - relief_behind, turned - relief_ahead)
    half = math.sin(part / 2.0)
    return inner + free / (2.0 * half * half)


@njit(cache=True)
def bounded_radius(delta, side_delta, side_length, n_side, free, inner, limit, trade):  # type: ignore[no-untyped-def]
    """
    Greatest radius with which a bend can be taken, its neighbours on the street considered.

    Bends just passed that turn the same way within `CURVE_LEG` form one curve with it, whose inner
    radius is that of the circle inside equal legs. The curve is somewhere as tight as that bound,
    perhaps at its beginning: its length so far is a run-up the vehicle may have had since. What
    comes behind this bend does not bound the speed at it, the vehicle may still brake.

    A neighbour that bends the other way lets the vehicle cross the leg between diagonally.

    Parameters
    ----------
    delta : float
        Signed change of direction. [rad]
    side_delta, side_length : ndarray, shape (2, SIDE)
        Bends backwards (row 0) and forwards (row 1): change of direction in the sense of travel
        and distance from the bend before. [rad], [m]
    n_side : ndarray of int, shape (2,)
    free : float
        Lateral freedom. [m]
    inner : float
        Least radius at the inner edge. [m]
    limit : float
        Radius from which on a bend counts as straight. [m]
    trade : float
        Radius that is worth as much as a metre of run-up, 2 a / (f g). [1]

    Returns
    -------
    radius : float
        inf where the bend does not limit. [m]
    slack : float
        Run-up to add behind the bend. [m]
    """
    if abs(delta) < 1e-9:
        return np.inf, 0.0
    ahead = 0.0
    if n_side[1] > 0 and side_delta[1, 0] * delta < 0.0:
        ahead = diagonal(free, side_length[1, 0] - free)
    best, slack = np.inf, 0.0
    turn, length, tangent, last = abs(delta), 0.0, 0.0, abs(delta)
    for i in range(n_side[0] + 1):
        if i > 0:
            if side_delta[0, i - 1] * delta <= 0.0 or side_length[0, i - 1] > CURVE_LEG:
                break
            here = abs(side_delta[0, i - 1])
            turn += here
            length += side_length[0, i - 1]
            tangent += math.tan(min(here, 3.0) / 2.0) + math.tan(min(last, 3.0) / 2.0)
            last = here
        behind = 0.0
        if i < n_side[0] and side_delta[0, i] * delta < 0.0:
            behind = diagonal(free, side_length[0, i] - free)
        round_inner = inner
        if length > 0.0:
            round_inner = max(inner, length / tangent - free / 2.0)
        radius = corner(min(turn, math.pi), behind, ahead, round_inner, free)
        if radius + trade * length < best + trade * slack:
            best, slack = radius, length
    return (best, slack) if best < limit else (np.inf, 0.0)


@njit(cache=True)
def kept_bends(vertex_start, keep, x, y, free, inner, limit, trade):  # type: ignore[no-untyped-def]
    """
    List the kept vertices of every chain with their deflection, and bound each bend.

    Returns chain offsets, vertex, signed deflection in the order of the chain, and per vertex of
    the polylines radius (inf where the line goes straight) and slack, for travel in the order of
    the chain (row 0) and against it (row 1).
    """
    n_chains = len(vertex_start) - 1
    kept_start = np.zeros(n_chains + 1, np.int64)
    kept = np.flatnonzero(keep)
    turn = np.zeros(len(kept))
    radius = np.full((2, len(x)), np.inf)
    slack = np.zeros((2, len(x)))
    side_delta = np.zeros((2, SIDE))
    side_length = np.zeros((2, SIDE))
    n_side = np.zeros(2, np.int64)
    k = 0
    for c in range(n_chains):
        low = k
        kept_start[c] = low
        while k < len(kept) and kept[k] < vertex_start[c + 1]:
            k += 1
        for m in range(low + 1, k - 1):
            a, b, e = kept[m - 1], kept[m], kept[m + 1]
            turn[m] = deflection(x[a], y[a], x[b], y[b], x[e], y[e])
        for m in range(low + 1, k - 1):
            v = kept[m]
            for row in range(2):
                sense = 1.0 - 2.0 * row
                _side(m, -1, low, k, kept, turn, x, y, sense, row, side_delta, side_length, n_side)
                _side(
                    m, 1, low, k, kept, turn, x, y, sense, 1 - row, side_delta, side_length, n_side
                )
                radius[row, v], slack[row, v] = bounded_radius(
                    sense * turn[m], side_delta, side_length, n_side, free[v], inner, limit, trade
                )
    kept_start[n_chains] = k
    return kept_start, kept, turn, radius, slack


@njit(cache=True)
def _side(m, step, low, high, kept, turn, x, y, sense, row, side_delta, side_length, n_side):  # type: ignore[no-untyped-def]
    """List the bends of a chain from kept vertex `m` on in direction `step`."""
    count = 0
    at = m
    while count < SIDE:
        following = at + step
        if following <= low or following >= high - 1:
            break
        side_length[row, count] = math.hypot(
            x[kept[following]] - x[kept[at]], y[kept[following]] - y[kept[at]]
        )
        side_delta[row, count] = sense * turn[following]
        count += 1
        at = following
    n_side[row] = count


@njit(cache=True)
def junction_turn(  # type: ignore[no-untyped-def]
    chain_in,
    in_at_end,
    chain_out,
    out_at_end,
    kept_start,
    kept,
    turn,
    x,
    y,
    free,
    inner,
    limit,
    trade,
    side_delta,
    side_length,
    n_side,
):
    """
    Deflection, radius and slack of the turn from the end of one chain into another.

    Parameters
    ----------
    chain_in, chain_out : int
    in_at_end, out_at_end : bool
        The junction is the last vertex of that chain, not the first.
    """
    low, high = kept_start[chain_in], kept_start[chain_in + 1]
    at = high - 1 if in_at_end else low
    step = -1 if in_at_end else 1
    sense = 1.0 if in_at_end else -1.0
    _side(at, step, low, high, kept, turn, x, y, sense, 0, side_delta, side_length, n_side)
    behind = kept[at + step]
    here = kept[at]
    low, high = kept_start[chain_out], kept_start[chain_out + 1]
    at = high - 1 if out_at_end else low
    step = -1 if out_at_end else 1
    sense = -1.0 if out_at_end else 1.0
    _side(at, step, low, high, kept, turn, x, y, sense, 1, side_delta, side_length, n_side)
    ahead = kept[at + step]
    delta = deflection(x[behind], y[behind], x[here], y[here], x[ahead], y[ahead])
    radius, slack = bounded_radius(
        delta, side_delta, side_length, n_side, free, inner, limit, trade
    )
    return delta, radius, slack
