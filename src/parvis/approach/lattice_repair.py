"""
Answer what a change of the ground does to a solved lattice, looking only at what it touches.

On level ground every move gains at least one unit, so to have run-up `v` a state needs less than
`v` before the move, and following needs back always ends at rest or at the window's edge: the
fixed point is the only one, and values that each follow from others are right. So states that lost
a support are lowered to what their other moves still give, lowest first: what is lowered then is
never lowered again. After that new moves raise, and what they raise raises others. Moves are not
stored: whether an arc is open is looked up step by step, and only where its value matters. Portals
gain nothing; cells they join count as one.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.approach.lattice_repair_table import MoveTable


class Places(NamedTuple):
    """
    What the cells of a window are, by cell number.

    Attributes
    ----------
    steps : ndarray of uint8, shape (n_cells,)
        Bit `d`: the step in direction `d`, counter-clockwise from east, is open.
    is_allowed : ndarray of bool, shape (n_cells,)
        A vehicle may be there.
    is_terminal : ndarray of bool, shape (n_cells,)
        Protected.
    group : ndarray of int32, shape (n_cells,)
        Number of the cells that portals make one place, -1 for none.
    first_member : ndarray of int64, shape (n_groups + 1,)
    member : ndarray of int64
        Cells of each group.
    has_entry : ndarray of bool, shape (n_cells,)
    entry_state, entry_run_up : ndarray of int64, shape (n_entries,)
        States at the window's edge, ascending, and the run-up vehicles enter them with; they count
        where the cell is allowed and not terminal.
    """

    steps: NDArray[np.uint8]
    is_allowed: NDArray[np.bool_]
    is_terminal: NDArray[np.bool_]
    group: NDArray[np.int32]
    first_member: NDArray[np.int64]
    member: NDArray[np.int64]
    has_entry: NDArray[np.bool_]
    entry_state: NDArray[np.int64]
    entry_run_up: NDArray[np.int64]


@njit(cache=True)
def with_room(rows: NDArray[np.int64], needed: int) -> NDArray[np.int64]:
    """Return `rows` with room for at least `needed` of them."""
    if needed <= len(rows):
        return rows
    larger = np.empty((max(needed, 2 * len(rows)), rows.shape[1]), dtype=np.int64)
    larger[: len(rows)] = rows
    return larger


@njit(cache=True)
def is_open(
    steps: NDArray[np.uint8], path: NDArray[np.int32], cell: int, first: int, last: int
) -> bool:
    """Return whether the steps `first` to before `last` of an arc can be made from `cell`."""
    for k in range(first, last):  # noqa: SIM110 - compiled
        if (steps[cell + (path[k] >> 3)] >> (path[k] & 7)) & 1 == 0:
            return False
    return True


@njit(cache=True)
def entered_with(
    entry_state: NDArray[np.int64], entry_run_up: NDArray[np.int64], state: int
) -> int:
    """Return the run-up vehicles enter the window with in a state, 0 for none."""
    k = np.searchsorted(entry_state, state)
    if k < len(entry_state) and entry_state[k] == state:
        return int(entry_run_up[k])
    return 0


@njit(cache=True)
def _given_to(
    run_up: NDArray[np.uint16],
    steps: NDArray[np.uint8],
    path: NDArray[np.int32],
    arcs: NDArray[np.int32],
    step: NDArray[np.int32],
    step_gain: int,
    top: int,
    n_headings: int,
    heading: int,
    cell: int,
    enough: Any,
) -> Any:
    """Return what the moves into a state of one cell give, stopping at `enough`."""
    best: Any = 0
    if step[1] >= 0:
        before = cell - step[0]
        if 0 <= before < len(steps) and (steps[before] >> step[1]) & 1:
            best = min(np.int64(run_up[before * n_headings + heading]) + step_gain, top)
    for k in range(len(arcs)):
        cap = arcs[k, 3]
        if best >= enough or cap <= best:
            return best
        source = cell - arcs[k, 0]
        if source < 0 or source >= len(steps):
            continue
        value = min(np.int64(run_up[source * n_headings + arcs[k, 1]]) + arcs[k, 2], cap)
        if value > best and is_open(steps, path, source, arcs[k, 4], arcs[k, 5]):
            best = value
    return best


@njit(cache=True)
def states_that_lost(
    run_up: NDArray[np.uint16],
    table: MoveTable,
    before: Places,
    after: Places,
    cells: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Return the states that may owe their run-up to a step that was closed.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_cells * n_headings,)
        Before the change. [units]
    table : MoveTable
    before, after : Places
    cells : ndarray of int64, shape (k,)
        Cells whose steps or portals changed.

    Returns
    -------
    ndarray of int64, shape (n, 1)
        States; some stand more than once.

    Notes
    -----
    Of the closed steps of an arc that ends on ground that is left the last one leads into such
    ground, so only those count.
    """
    found = np.empty((1024, 1), dtype=np.int64)
    n = 0
    n_headings, n_cells = table.n_headings, table.n_cells
    was_open, is_still_open = before.steps, after.steps
    is_allowed, is_terminal = after.is_allowed, after.is_terminal
    path, use, first_use = table.path, table.use, table.first_use
    step_from, is_columnwise, offset = table.step_from, table.is_columnwise, table.offset
    for cell in cells:
        found = with_room(found, n + n_headings)
        if before.group[cell] >= 0 and is_allowed[cell] and not is_terminal[cell]:
            for heading in range(n_headings):
                found[n, 0] = cell * n_headings + heading
                n += 1
        for direction in range(8):
            beyond = cell + offset[direction]
            if (
                (was_open[cell] >> direction) & 1 == 0
                or (is_still_open[cell] >> direction) & 1
                or not is_allowed[beyond]
                or is_terminal[beyond]
            ):
                continue
            found = with_room(found, n + n_headings + first_use[direction + 1])
            for heading in range(n_headings):
                line = cell % table.stride if is_columnwise[heading] else cell // table.stride
                if step_from[heading, line, 1] == direction:
                    found[n, 0] = beyond * n_headings + heading
                    n += 1
            for k in range(first_use[direction], first_use[direction + 1]):
                source = cell - use[k, 7]
                target = source + use[k, 0]
                if source < 0 or source >= n_cells or target < 0 or target >= n_cells:
                    continue
                if not is_allowed[target] or is_terminal[target]:
                    continue
                state = target * n_headings + use[k, 1]
                now = np.int64(run_up[state])
                was = np.int64(run_up[source * n_headings + use[k, 6]])
                if 0 < now <= min(was + use[k, 2], use[k, 3]) and is_open(
                    was_open, path, source, use[k, 4], use[k, 5]
                ):
                    found[n, 0] = state
                    n += 1
    return found[:n]


@njit(cache=True, nogil=True)
def lower_run_ups(
    run_up: NDArray[np.uint16],
    table: MoveTable,
    places: Places,
    suspects: NDArray[np.int64],
    gone: NDArray[np.int64],
    due: NDArray[np.uint16],
) -> NDArray[np.int64]:
    """
    Lower states that lost their support to what their other moves give.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_cells * n_headings,)
        Changed in place. [units]
    table : MoveTable
    places : Places
        After the change.
    suspects : ndarray of int64, shape (k, 1)
        From `states_that_lost`.
    gone : ndarray of int64
        Cells that no vehicle reaches any more.
    due : ndarray of uint16, shape (n_cells * n_headings,)
        Zeros, on return too.

    Returns
    -------
    ndarray of int64, shape (n, 2)
        States that were changed, in order, and what they had before.

    Notes
    -----
    A state waits at what it is known to keep, and is looked at when all that is lower has been
    settled. Bands of that are as wide as the least gain, so that nothing in one depends on
    anything else in it.
    """
    steps, is_terminal, group = places.steps, places.is_terminal, places.group
    n_headings, n_cells, stride = table.n_headings, table.n_cells, table.stride
    top, band, path = table.top, table.least_gain, table.path
    arcs_into, arcs_from = table.arcs_into, table.arcs_from
    step_into, step_from = table.step_into, table.step_from
    step_gain, is_columnwise = table.step_gain, table.is_columnwise
    n_arcs = arcs_from.shape[1]
    head = np.full(top // band + 2, -1, dtype=np.int64)
    queue = np.empty((4096, 3), dtype=np.int64)
    n_queued = 0
    log = np.empty((4096, 2), dtype=np.int64)
    n = 0
    for cell in gone:
        log = with_room(log, n + n_headings)
        for state in range(cell * n_headings, (cell + 1) * n_headings):
            if run_up[state] > 0:
                log[n, 0], log[n, 1] = state, run_up[state]
                n += 1
                run_up[state] = 0
    queue = with_room(queue, len(suspects))
    for k in range(len(suspects)):
        state = suspects[k, 0]
        if due[state] == 0:
            due[state] = 1
            queue[n_queued, 0], queue[n_queued, 1], queue[n_queued, 2] = state, 0, head[0]
            head[0] = n_queued
            n_queued += 1
    current = 0
    while current < len(head):
        item = head[current]
        if item < 0:
            current += 1
            continue
        head[current] = queue[item, 2]
        state = queue[item, 0]
        if due[state] != queue[item, 1] + 1:
            continue
        cell, heading = state // n_headings, state % n_headings
        now = np.int64(run_up[state])
        mine = group[cell]
        first, last = 0, 1
        if mine >= 0:
            first, last = places.first_member[mine], places.first_member[mine + 1]
        left: Any = 0
        for k in range(first, last):
            at = places.member[k] if mine >= 0 else cell
            if places.has_entry[at]:
                entered = entered_with(
                    places.entry_state, places.entry_run_up, at * n_headings + heading
                )
                left = max(left, entered)
            if left < now:
                line = at % stride if is_columnwise[heading] else at // stride
                given = _given_to(
                    run_up,
                    steps,
                    path,
                    arcs_into[heading],
                    step_into[heading, line],
                    step_gain[heading],
                    top,
                    n_headings,
                    heading,
                    at,
                    now,
                )
                left = max(left, given)
        if left >= now:
            due[state] = 0
            continue
        if left // band > current:
            due[state] = left + 1
            queue[item, 1], queue[item, 2] = left, head[left // band]
            head[left // band] = item
            continue
        due[state] = 0
        log = with_room(log, n + last - first)
        for k in range(first, last):
            at = places.member[k] if mine >= 0 else cell
            was = np.int64(run_up[at * n_headings + heading])
            if left >= was:
                continue
            log[n, 0], log[n, 1] = at * n_headings + heading, was
            n += 1
            run_up[at * n_headings + heading] = left
            line = at % stride if is_columnwise[heading] else at // stride
            queue = with_room(queue, n_queued + n_arcs + 1)
            for a in range(-1, n_arcs):
                if a < 0:
                    direction = step_from[heading, line, 1]
                    if direction < 0 or (steps[at] >> direction) & 1 == 0:
                        continue
                    target, other = at + step_from[heading, line, 0], heading
                    gain, cap = step_gain[heading], top
                else:
                    gain, cap = arcs_from[heading, a, 2], arcs_from[heading, a, 3]
                    if left + gain >= cap:
                        continue
                    target, other = at + arcs_from[heading, a, 0], arcs_from[heading, a, 1]
                    if target < 0 or target >= n_cells:
                        continue
                least = min(left + gain, cap)
                reached = target * n_headings + other
                keeps = np.int64(run_up[reached])
                if keeps <= least:
                    continue
                if due[reached] > 0:
                    keeps = np.int64(due[reached]) - 1
                if keeps <= least or keeps > min(was + gain, cap) or is_terminal[target]:
                    continue
                if a >= 0 and not is_open(
                    steps, path, at, arcs_from[heading, a, 4], arcs_from[heading, a, 5]
                ):
                    continue
                due[reached] = least + 1
                queue[n_queued, 0], queue[n_queued, 1] = reached, least
                queue[n_queued, 2] = head[least // band]
                head[least // band] = n_queued
                n_queued += 1
                current = min(current, least // band)
    return log[:n]


@njit(cache=True, nogil=True)
def raise_run_ups(
    run_up: NDArray[np.uint16],
    table: MoveTable,
    before: Places,
    after: Places,
    cells: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Raise run-ups along opened moves, and along all moves from what rose, until nothing rises.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_cells * n_headings,)
        Changed in place. [units]
    table : MoveTable
    before, after : Places
    cells : ndarray of int64, shape (k,)
        Cells whose steps, portals or permission changed.

    Returns
    -------
    ndarray of int64, shape (n, 2)
        As from `lower_run_ups`.
    """
    steps, is_terminal, group = after.steps, after.is_terminal, after.group
    n_headings, n_cells, stride = table.n_headings, table.n_cells, table.stride
    path, use, first_use, top = table.path, table.use, table.first_use, table.top
    arcs_from, step_from = table.arcs_from, table.step_from
    step_gain, is_columnwise = table.step_gain, table.is_columnwise
    n_arcs = arcs_from.shape[1]
    log = np.empty((4096, 2), dtype=np.int64)
    n = 0
    queue = np.empty((4096, 2), dtype=np.int64)
    first, last = 0, 0
    for cell in cells:
        if not after.is_allowed[cell] or is_terminal[cell]:
            continue
        is_new = not before.is_allowed[cell]
        opened = after.steps[cell] & ~before.steps[cell]
        if not is_new and opened == 0 and group[cell] < 0:
            continue
        queue, log = with_room(queue, last + n_headings), with_room(log, n + n_headings)
        for heading in range(n_headings):
            state = cell * n_headings + heading
            if is_new and after.has_entry[cell]:
                entered = entered_with(after.entry_state, after.entry_run_up, state)
                if entered > run_up[state]:
                    log[n, 0], log[n, 1] = state, run_up[state]
                    n += 1
                    run_up[state] = entered
            queue[last, 0], queue[last, 1] = state, run_up[state]
            last += 1
        if is_new:
            continue
        for direction in range(8):
            if (opened >> direction) & 1 == 0:
                continue
            for k in range(first_use[direction], first_use[direction + 1]):
                source = cell - use[k, 7]
                target = source + use[k, 0]
                if source < 0 or source >= n_cells or target < 0 or target >= n_cells:
                    continue
                if is_terminal[target] or not after.is_allowed[target]:
                    continue
                state = target * n_headings + use[k, 1]
                now = np.int64(run_up[source * n_headings + use[k, 6]])
                units = min(now + use[k, 2], use[k, 3])
                if units > run_up[state] and is_open(steps, path, source, use[k, 4], use[k, 5]):
                    log, queue = with_room(log, n + 1), with_room(queue, last + 1)
                    log[n, 0], log[n, 1] = state, run_up[state]
                    n += 1
                    run_up[state] = units
                    queue[last, 0], queue[last, 1] = state, units
                    last += 1
    while first < last:
        state, now = queue[first, 0], queue[first, 1]
        first += 1
        if run_up[state] != now:
            continue
        cell, heading = state // n_headings, state % n_headings
        mine = group[cell]
        if mine >= 0:
            for k in range(after.first_member[mine], after.first_member[mine + 1]):
                other_state = after.member[k] * n_headings + heading
                if run_up[other_state] < now:
                    log, queue = with_room(log, n + 1), with_room(queue, last + 1)
                    log[n, 0], log[n, 1] = other_state, run_up[other_state]
                    n += 1
                    run_up[other_state] = now
                    queue[last, 0], queue[last, 1] = other_state, now
                    last += 1
        line = cell % stride if is_columnwise[heading] else cell // stride
        log, queue = with_room(log, n + n_arcs + 1), with_room(queue, last + n_arcs + 1)
        for a in range(-1, n_arcs):
            if a < 0:
                direction = step_from[heading, line, 1]
                if direction < 0 or (steps[cell] >> direction) & 1 == 0:
                    continue
                target, other = cell + step_from[heading, line, 0], heading
                units = min(now + step_gain[heading], top)
            else:
                target, other = cell + arcs_from[heading, a, 0], arcs_from[heading, a, 1]
                if target < 0 or target >= n_cells:
                    continue
                units = min(now + arcs_from[heading, a, 2], arcs_from[heading, a, 3])
            reached = target * n_headings + other
            if units <= run_up[reached] or is_terminal[target]:
                continue
            if a >= 0 and not is_open(
                steps, path, cell, arcs_from[heading, a, 4], arcs_from[heading, a, 5]
            ):
                continue
            log[n, 0], log[n, 1] = reached, run_up[reached]
            n += 1
            run_up[reached] = units
            queue[last, 0], queue[last, 1] = reached, units
            last += 1
    return log[:n]
