"""
Answer how greatest speeds spread over a turn graph until nothing grows any more.

State is the *equivalent run-up*: the length of level straight road from rest that ends at the same
speed. On level road a leg then adds its length and a turn takes a minimum. On a slope the state
changes at another rate, piecewise constant between the knots of a table.
"""

import numpy as np
from numba import njit


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
def after_leg(state, leg, length, slope, top, knots, rate, along, turning):  # type: ignore[no-untyped-def]
    """Equivalent run-up at the end of a leg entered with `state`; `slope` -1 is level road."""
    if slope[leg] < 0:
        return min(state + length[leg], top)
    return min(advance(state, length[leg], slope[leg], knots, rate, along, turning), top)


@njit(cache=True)
def least_fixed_point(  # type: ignore[no-untyped-def]
    offsets, into, cap, length, slope, entry, top, knots, rate, along, turning, tolerance
):
    """
    Label legs with their greatest equivalent run-up, first in first out, until nothing grows.

    Parameters
    ----------
    offsets, into : ndarray
        Turns by leg, see `TurnGraph`.
    cap : ndarray, shape (t,)
        Equivalent run-up of the speed each turn allows. [m]
    length, slope, entry : ndarray, shape (n,)
        Per leg: length [m], row of its slope table or -1, equivalent run-up it may start with
        by itself (0 is rest, negative closes the leg). [m]
    top : float
        Equivalent run-up of the top speed. [m]
    knots, rate, along, turning
        Slope tables, see `advance`.
    tolerance : float
        Growth below which a label is left as it is. [m]

    Returns
    -------
    label : ndarray, shape (n,)
        At the end of each leg. [m]; negative on closed legs.
    turn : ndarray of int64, shape (n,)
        Turn through which the label came, -1 for a start on the leg itself.
    n_updates : int
    """
    n = len(length)
    label = np.empty(n)
    turn = np.full(n, -1, np.int64)
    queue = np.empty(n, np.int32)
    waiting = np.zeros(n, np.bool_)
    head = 0
    count = 0
    for leg in range(n):
        if entry[leg] < 0.0:
            label[leg] = -1.0
            continue
        label[leg] = after_leg(entry[leg], leg, length, slope, top, knots, rate, along, turning)
        queue[count] = leg
        waiting[leg] = True
        count += 1
    n_updates = 0
    while count > 0:
        leg = queue[head]
        head = head + 1 if head + 1 < n else 0
        count -= 1
        waiting[leg] = False
        state = label[leg]
        for t in range(offsets[leg], offsets[leg + 1]):
            f = into[t]
            if label[f] >= top or label[f] < 0.0:
                continue
            reached = after_leg(
                min(state, cap[t]), f, length, slope, top, knots, rate, along, turning
            )
            if reached > label[f] + tolerance:
                label[f] = reached
                turn[f] = t
                n_updates += 1
                if not waiting[f]:
                    tail = head + count
                    queue[tail if tail < n else tail - n] = f
                    waiting[f] = True
                    count += 1
    return label, turn, n_updates


@njit(cache=True)
def greatest_entry(offsets, into, cap, label, entry):  # type: ignore[no-untyped-def]
    """Return the equivalent run-up with which each leg can be entered, [m]."""
    best = entry.copy()
    for leg in range(len(label)):
        for t in range(offsets[leg], offsets[leg + 1]):
            state = min(label[leg], cap[t])
            if best[into[t]] >= 0.0 and state > best[into[t]]:
                best[into[t]] = state
    return best
