"""
Answer how greatest speeds spread over a turn graph until nothing grows any more.

State is the *equivalent run-up*: the length of level straight road from rest that ends at the same
speed. On level road a leg then adds its length and a turn takes a minimum. On a slope the state
changes at another rate, piecewise constant between the knots of a table.
"""

import numpy as np
from numba import njit

FEW = 50
"""Sweeps end when fewer than one leg in so many still waits."""


ONE = np.uint32(1)


@njit(cache=True)
def advance(state, length, row, knots, rate, along, turning):  # type: ignore[no-untyped-def]
    """
    Equivalent run-up after a stretch of slope.

    Parameters
    ----------
    state, length : float
        [m], >= 0.
    row : int
        Which slope table.
    knots : ndarray, shape (k + 1,)
        Equivalent run-ups between which the rate is constant, ascending from 0. [m]
    rate : ndarray, shape (g, k)
        Change of state per metre. [1]
    along : ndarray, shape (g, k + 1)
        Distance from rest at which each knot is reached at the size of the rate. [m]
    turning : ndarray of int64, shape (g,)
        First interval in which the state falls; k where there is none.
    """
    last = len(knots) - 1
    stop = turning[row]
    state = min(max(state, 0.0), knots[last])
    k = min(np.searchsorted(knots, state, side="right") - 1, last - 1)
    if state < knots[stop]:
        target = along[row, k] + (state - knots[k]) / rate[row, k] + length
        if target >= along[row, stop]:
            return knots[stop]
    elif state == knots[stop]:
        return state
    else:
        target = along[row, k] + (state - knots[k]) / abs(rate[row, k]) - length
        if target <= along[row, stop]:
            return knots[stop]
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if along[row, middle] <= target:
            low = middle
        else:
            high = middle
    return knots[low] + (target - along[row, low]) * abs(rate[row, low])


@njit(cache=True)
def least_fixed_point(  # type: ignore[no-untyped-def]
    offsets, into, cap, length, slope, entry, top, knots, rate, along, turning, tolerance
):
    """
    Raise the greatest equivalent run-up at the start of legs until nothing grows.

    Legs that changed are swept in order and in reverse order by turns, which follows streets in
    both senses; once few are left, they are taken first in, first out. The result does not depend
    on the order.

    Parameters
    ----------
    offsets, into : ndarray of uint32
        Turns by leg, see `TurnGraph`. Unsigned, which halves the time of the innermost loop.
    cap : ndarray, shape (t,)
        Equivalent run-up of the speed each turn allows. [m]
    length, slope, entry : ndarray, shape (n,)
        Per leg: length [m], row of its slope table or -1, equivalent run-up it may start with
        by itself (0 is rest, inf closes the leg). [m]
    top : float
        Equivalent run-up of the top speed. [m]
    knots, rate, along, turning
        Slope tables, see `advance`.
    tolerance : float
        Growth below which a value is left as it is. [m]

    Returns
    -------
    start, end : ndarray, shape (n,)
        At the start and at the end of each leg; inf and negative on closed legs. [m]
    turn : ndarray of int64, shape (n,)
        Turn through which the value at the start came, -1 for a start on the leg itself.
    n_visits : int
        Legs whose turns were followed, with repetition.
    """
    n = len(length)
    start = entry.copy()
    end = np.full(n, -1.0)
    turn = np.full(n, -1, np.int64)
    waiting = np.zeros(n, np.uint8)
    n_waiting = 0
    for k in range(n):
        if entry[k] < np.inf:
            waiting[k] = 1
            n_waiting += 1
    n_visits = 0
    forwards = True
    while n_waiting > n // FEW:
        for k in range(n):
            leg = np.uint32(k if forwards else n - 1 - k)
            if waiting[leg] == 0:
                continue
            waiting[leg] = 0
            n_waiting -= 1
            if slope[leg] < 0:
                state = min(start[leg] + length[leg], top)
            else:
                row = slope[leg]
                state = advance(start[leg], length[leg], row, knots, rate, along, turning)
            if state == end[leg]:
                continue
            end[leg] = state
            n_visits += 1
            for t in range(offsets[leg], offsets[leg + ONE]):
                f = into[t]
                reached = min(state, cap[t])
                if reached > start[f] + tolerance:
                    start[f] = reached
                    turn[f] = t
                    if waiting[f] == 0:
                        waiting[f] = 1
                        n_waiting += 1
        forwards = not forwards
    queue = np.empty(n, np.uint32)
    queue[:n_waiting] = np.flatnonzero(waiting)
    head, count = 0, n_waiting
    while count > 0:
        leg = queue[head]
        head = head + 1 if head + 1 < n else 0
        count -= 1
        waiting[leg] = 0
        if slope[leg] < 0:
            state = min(start[leg] + length[leg], top)
        else:
            row = slope[leg]
            state = advance(start[leg], length[leg], row, knots, rate, along, turning)
        if state == end[leg]:
            continue
        end[leg] = state
        n_visits += 1
        for t in range(offsets[leg], offsets[leg + ONE]):
            f = into[t]
            reached = min(state, cap[t])
            if reached > start[f] + tolerance:
                start[f] = reached
                turn[f] = t
                if waiting[f] == 0:
                    tail = head + count
                    queue[tail if tail < n else tail - n] = f
                    waiting[f] = 1
                    count += 1
    return start, end, turn, n_visits
