"""
Answer with what run-up protected cells are met after a change, where that may have changed.

What `lattice_arrive` does for all of them is done here the other way round: for one protected cell
and heading all moves that meet it are gone through. Nothing spreads from there.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.approach.lattice_moves import STEP_COLUMN, STEP_ROW
from parvis.approach.lattice_repair import Places, is_open, with_room
from parvis.approach.lattice_repair_table import MoveTable


@njit(cache=True, nogil=True)
def meet_again(
    run_up: NDArray[np.uint16],
    table: MoveTable,
    before: Places,
    after: Places,
    cells: NDArray[np.int64],
    log: NDArray[np.int64],
    met: NDArray[np.int64],
    is_near: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """
    Give protected cells the run-up they are met with now.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_cells * n_headings,)
        Of all other cells as after the change; protected cells are changed in place. [units]
    table : MoveTable
    before, after : Places
    cells : ndarray of int64, shape (k,)
        Cells whose steps changed.
    log : ndarray of int64, shape (n, 2)
        States that were changed, and what they had before; of several the first counts.
    met : ndarray of int64, shape (m,)
        Protected cells that have a neighbour that is not protected.
    is_near : ndarray of bool, shape (n_cells,)
        Cells from which an arc may meet one of them.

    Returns
    -------
    ndarray of int64, shape (n, 2)
        As from `lattice_repair.lower_run_ups`.
    """
    changed = np.empty((1024, 2), dtype=np.int64)
    n = 0
    n_headings, n_cells, stride = table.n_headings, table.n_cells, table.stride
    is_concerned = False
    for cell in cells:
        is_concerned |= is_near[cell]
    for i in range(len(log)):
        is_concerned |= is_near[log[i, 0] // n_headings]
    if not is_concerned:
        return changed[:n]
    offset, reach = table.offset, table.reach
    number = np.full(n_cells, -1, dtype=np.int32)
    for k in range(len(met)):
        for direction in range(8):
            source = met[k] - offset[direction]
            if source < 0 or source >= n_cells:
                continue
            if ((before.steps[source] | after.steps[source]) >> direction) & 1:
                number[met[k]] = k
    is_due = np.zeros((len(met), n_headings), dtype=np.bool_)
    for cell in cells:
        if not is_near[cell]:
            continue
        row, column = cell // stride, cell % stride
        for r in range(max(0, row - reach), min(table.n_rows, row + reach + 1)):
            for c in range(max(0, column - reach), min(table.columns, column + reach + 1)):
                if number[r * stride + c] >= 0:
                    is_due[number[r * stride + c], :] = True
    first_met, meets = table.first_met, table.met
    step_from, is_columnwise = table.step_from, table.is_columnwise
    for i in range(len(log)):
        cell, heading = log[i, 0] // n_headings, log[i, 0] % n_headings
        if not is_near[cell]:
            continue
        for direction in range(0, 8, 2):
            target = cell + offset[direction]
            if 0 <= target < n_cells and number[target] >= 0:
                is_due[number[target], heading] = True
        line = cell % stride if is_columnwise[heading] else cell // stride
        if step_from[heading, line, 1] >= 0:
            target = cell + step_from[heading, line, 0]
            if 0 <= target < n_cells and number[target] >= 0:
                is_due[number[target], heading] = True
        most = max(log[i, 1], np.int64(run_up[log[i, 0]]))
        for k in range(first_met[heading], first_met[heading + 1]):
            target = cell + meets[k, 0]
            if target < 0 or target >= n_cells or number[target] < 0:
                continue
            units = min(most + meets[k, 2], meets[k, 3])
            if units >= run_up[target * n_headings + meets[k, 1]]:
                is_due[number[target], meets[k, 1]] = True
    for k in range(len(met)):
        for heading in range(n_headings):
            if not is_due[k, heading]:
                continue
            state = met[k] * n_headings + heading
            units = _met_with(run_up, table, after.steps, heading, met[k])
            if units != run_up[state]:
                changed = with_room(changed, n + 1)
                changed[n, 0], changed[n, 1] = state, run_up[state]
                n += 1
                run_up[state] = units
    return changed[:n]


@njit(cache=True)
def _met_with(
    run_up: NDArray[np.uint16],
    table: MoveTable,
    steps: NDArray[np.uint8],
    heading: int,
    cell: int,
) -> int:
    """Return the greatest run-up with which moves meet a protected cell in a heading."""
    best = 0
    n_cells, stride, top, offset = table.n_cells, table.stride, table.top, table.offset
    n_headings = table.n_headings
    gain = table.step_gain[heading]
    is_columnwise = table.is_columnwise[heading]
    line = cell % stride if is_columnwise else cell // stride
    direction = table.step_into[heading, line, 1]
    if direction >= 0:
        source = cell - table.step_into[heading, line, 0]
        if 0 <= source < n_cells and (steps[source] >> direction) & 1:
            best = min(np.int64(run_up[source * n_headings + heading]) + gain, top)
    for direction in range(0, 8, 2):
        source = cell - offset[direction]
        if source < 0 or source >= n_cells or (steps[source] >> direction) & 1 == 0:
            continue
        line = source % stride if is_columnwise else source // stride
        way = table.step_from[heading, line, 1]
        along = STEP_ROW[way] * STEP_ROW[direction] + STEP_COLUMN[way] * STEP_COLUMN[direction]
        if way >= 0 and along > 0:
            best = max(best, min(np.int64(run_up[source * n_headings + heading]) + gain, top))
    meeting, path = table.meeting, table.path
    for k in range(table.first_meeting[heading], table.first_meeting[heading + 1]):
        cap = meeting[k, 3]
        if cap <= best:
            return best
        source = cell - meeting[k, 0]
        if source < 0 or source >= n_cells:
            continue
        units = min(np.int64(run_up[source * n_headings + meeting[k, 1]]) + meeting[k, 2], cap)
        if units <= best:
            continue
        if (steps[cell - offset[meeting[k, 6]]] >> meeting[k, 6]) & 1 == 0:
            continue
        if is_open(steps, path, source, meeting[k, 4], meeting[k, 5]):
            best = units
    return best
