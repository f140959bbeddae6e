"""
Answer how far run-ups spread: the inner loops of the motion lattice.

Layout: the rows of all levels are stacked and padded to whole words of 64 cells, so a cell is one
number and a move of 32 neighbouring cells is one vector operation. What a move needs of the ground
is one bit per cell, and so is whether its run-up has risen since it was last carried on. A *group*
is 32 neighbouring cells of a row, its bits the *lanes*.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.approach.lattice_relax import LANES, gained_run_up, raise_on_slope, relax

MARGIN = 64
"""Cells kept free before the first and after the last cell. No move reads or writes beyond."""

ALL_LANES = np.uint32(0xFFFFFFFF)


@njit(cache=True, nogil=True)
def arc_masks(
    links: NDArray[np.uint64],
    margin: int,
    stride: int,
    path_start: NDArray[np.int64],
    path_step: NDArray[np.int64],
    path_row: NDArray[np.int64],
    path_column: NDArray[np.int64],
    slot_of_group: NDArray[np.int64],
    masks: NDArray[np.uint32],
) -> None:
    """
    Mark from which cells each arc can be driven, 64 cells at a time.

    Parameters
    ----------
    links : ndarray of uint64, shape (8, margin + n_words + margin)
        For each direction one bit per cell: the step in it is open. Margins are zero.
    margin : int
        Words before and after; more than any path reaches.
    stride : int
        Cells from one row to the next, a multiple of 64.
    path_start, path_step, path_row, path_column
        See `lattice_moves.Moves`.
    slot_of_group : ndarray of int64, shape (n_groups,)
        Place of each group in `masks`, -1 for groups without an open step.
    masks : ndarray of uint32, shape (n_headings, n_slots, n_arcs)
        Filled.
    """
    n_headings, _, n_arcs = masks.shape
    n_words = len(slot_of_group) // 2
    block = 16
    mask = np.empty(block, dtype=np.uint64)
    for heading in range(n_headings):
        for start in range(0, n_words, block):
            size = min(block, n_words - start)
            if np.max(slot_of_group[2 * start : 2 * (start + size)]) < 0:
                continue
            for a in range(n_arcs):
                number = heading * n_arcs + a
                mask[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
                for k in range(path_start[number], path_start[number + 1]):
                    offset = path_row[k] * stride + path_column[k]
                    first = margin + start + (offset >> 6)
                    shift = np.uint64(offset & 63)
                    low = links[path_step[k], first : first + size]
                    if shift == 0:
                        for i in range(size):
                            mask[i] &= low[i]
                    else:
                        high = links[path_step[k], first + 1 : first + 1 + size]
                        rest = np.uint64(64) - shift
                        for i in range(size):
                            mask[i] &= (low[i] >> shift) | (high[i] << rest)
                for i in range(size):
                    lower = slot_of_group[2 * (start + i)]
                    upper = slot_of_group[2 * (start + i) + 1]
                    if lower >= 0:
                        masks[heading, lower, a] = mask[i] & np.uint64(0xFFFFFFFF)
                    if upper >= 0:
                        masks[heading, upper, a] = mask[i] >> np.uint64(32)


@njit(cache=True)
def _mark(risen: NDArray[np.uint32], first_cell: int, lanes: int) -> None:
    """Mark the cells from `first_cell` on whose lanes are set."""
    group = first_cell >> 5
    lane = first_cell & (LANES - 1)
    risen[group] |= np.uint32((lanes << lane) & 0xFFFFFFFF)
    if lane > 0:
        risen[group + 1] |= np.uint32(lanes >> (LANES - lane))


@njit(cache=True)
def _sweep_rows(
    run_up: NDArray[np.uint16],
    base: int,
    risen: NDArray[np.uint32],
    turning: NDArray[np.uint32],
    links: NDArray[np.uint32],
    shifts: NDArray[np.int64],
    forward: int,
    gain: int,
    top: int,
    stride: int,
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
) -> None:
    """Carry risen run-ups straight on where a step goes to the next row."""
    groups = stride // LANES
    n_rows = len(risen) // groups
    is_leftwards = np.min(shifts) < 0
    for i in range(n_rows):
        row = i if forward > 0 else n_rows - 1 - i
        shift = shifts[row]
        direction = 2 - shift if forward > 0 else 6 + shift
        for j in range(groups):
            group = row * groups + (groups - 1 - j if is_leftwards else j)
            lanes = risen[group]
            if lanes == 0:
                continue
            risen[group] = 0
            lanes &= links[direction, group]
            if lanes == 0:
                continue
            source = group * LANES
            target = source + forward * stride + shift
            if len(height) == 0:
                result = relax(run_up, base + source, base + target, gain, top, lanes)
            else:
                result = raise_on_slope(
                    run_up, base, source, base, target, gain, top, lanes, height, curve
                )
            rises = int(result & np.uint64(0xFFFFFFFF))
            if rises != 0:
                _mark(risen, target, rises)
                _mark(turning, target, rises)


@njit(cache=True)
def _sweep_columns(
    run_up: NDArray[np.uint16],
    base: int,
    risen: NDArray[np.uint32],
    turning: NDArray[np.uint32],
    links: NDArray[np.uint32],
    shifts: NDArray[np.int64],
    forward: int,
    gain: int,
    top: int,
    stride: int,
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
) -> None:
    """Carry risen run-ups straight on where a step goes to the next column."""
    groups = stride // LANES
    n_rows = len(risen) // groups
    aside = -1 if np.min(shifts) < 0 else 1
    straight = 0 if forward > 0 else 4
    diagonal = straight + aside * forward & 7
    is_sloping = len(height) > 0
    for j in range(groups):
        column_group = j if forward > 0 else groups - 1 - j
        first_column = column_group * LANES
        shifting = np.uint32(0)
        for lane in range(min(LANES, len(shifts) - first_column)):
            if shifts[first_column + lane] != 0:
                shifting |= np.uint32(1) << np.uint32(lane)
        for i in range(n_rows):
            row = i if aside > 0 else n_rows - 1 - i
            group = row * groups + column_group
            lanes = np.int64(risen[group])
            if lanes == 0:
                continue
            risen[group] = 0
            open_lanes = np.int64(
                (links[straight, group] & ~shifting) | (links[diagonal, group] & shifting)
            )
            lanes &= open_lanes
            if lanes == 0:
                continue
            for k in range(LANES):
                lane = k if forward > 0 else LANES - 1 - k
                if not (lanes >> lane) & 1:
                    continue
                source = group * LANES + lane
                target = source + forward
                if (np.int64(shifting) >> lane) & 1:
                    target += aside * stride
                before: Any = np.int64(run_up[base + source])
                value: Any = min(before + gain, top)
                if is_sloping:
                    rise = np.float64(height[target]) - np.float64(height[source])
                    value = gained_run_up(before, gain, top, rise, curve)
                if value > run_up[base + target]:
                    run_up[base + target] = value
                    reached = target >> 5
                    bit = np.uint32(1) << np.uint32(target & (LANES - 1))
                    turning[reached] |= bit
                    if reached == group:
                        lanes |= np.int64(bit) & open_lanes
                    else:
                        risen[reached] |= bit


@njit(cache=True)
def _pass_portals(
    run_up: NDArray[np.uint16],
    base: int,
    risen: NDArray[np.uint32],
    turning: NDArray[np.uint32],
    portals: NDArray[np.int64],
) -> bool:
    """Give both cells of each portal the greater run-up; whether any rose."""
    is_raised = False
    for k in range(len(portals)):
        one, other = portals[k, 0], portals[k, 1]
        if run_up[base + one] < run_up[base + other]:
            one, other = other, one
        if run_up[base + one] > run_up[base + other]:
            run_up[base + other] = run_up[base + one]
            bit = np.uint32(1) << np.uint32(other & (LANES - 1))
            risen[other >> 5] |= bit
            turning[other >> 5] |= bit
            is_raised = True
    return is_raised


@njit(cache=True)
def _drive_arcs(
    run_up: NDArray[np.uint16],
    risen: NDArray[np.uint32],
    turning: NDArray[np.uint32],
    heading: int,
    group_of_slot: NDArray[np.int64],
    masks: NDArray[np.uint32],
    stride: int,
    turn: NDArray[np.int64],
    cap: NDArray[np.int64],
    gain: NDArray[np.int64],
    arc_row: NDArray[np.int64],
    arc_column: NDArray[np.int64],
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
) -> bool:
    """Drive all arcs from the risen cells of a heading; whether any run-up rose."""
    n_headings, n_groups = risen.shape
    width = n_groups * LANES + 2 * MARGIN
    n_arcs = len(turn)
    mine = masks[heading]
    is_raised = False
    for slot in range(len(group_of_slot)):
        group = group_of_slot[slot]
        lanes = turning[heading, group]
        if lanes == 0:
            continue
        turning[heading, group] = 0
        cell = group * LANES
        for a in range(n_arcs - 1, -1, -1):
            number = heading * n_arcs + a
            usable = mine[slot, a] & lanes
            if usable == 0:
                continue
            other = (heading + turn[a]) % n_headings
            target = cell + arc_row[number] * stride + arc_column[number]
            at, other_at = heading * width + MARGIN, other * width + MARGIN
            if len(height) == 0:
                result = relax(run_up, at + cell, other_at + target, gain[number], cap[a], usable)
            else:
                result = raise_on_slope(
                    run_up,
                    at,
                    cell,
                    other_at,
                    target,
                    gain[number],
                    cap[a],
                    usable,
                    height,
                    curve,
                )
            rises = int(result & np.uint64(0xFFFFFFFF))
            mine[slot, a] &= ~np.uint32(result >> np.uint64(32))
            if rises != 0:
                _mark(risen[other], target, rises)
                _mark(turning[other], target, rises)
                is_raised = True
    return is_raised


@njit(cache=True, nogil=True)
def spread_run_ups(
    run_up: NDArray[np.uint16],
    links: NDArray[np.uint32],
    group_of_slot: NDArray[np.int64],
    masks: NDArray[np.uint32],
    portals: NDArray[np.int64],
    stride: int,
    turn: NDArray[np.int64],
    cap: NDArray[np.int64],
    gain: NDArray[np.int64],
    arc_row: NDArray[np.int64],
    arc_column: NDArray[np.int64],
    is_columnwise: NDArray[np.bool_],
    forward: NDArray[np.int64],
    shifts_of_columns: NDArray[np.int64],
    shifts_of_rows: NDArray[np.int64],
    step_gain: NDArray[np.int64],
    top: int,
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
) -> int:
    """
    Raise run-ups along all moves until nothing rises any more: the least fixed point.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_headings * (MARGIN + n_cells + MARGIN),)
        Start values in, fixed point out. [units]
    links : ndarray of uint32, shape (8, n_groups)
        Per direction the open steps of a group's cells.
    group_of_slot : ndarray of int64, shape (n_slots,)
        Groups with an open step.
    masks : ndarray of uint32, shape (n_headings, n_slots, n_arcs)
        From `arc_masks`. Used up: an arc that has given its cap to a cell is crossed out.
    portals : ndarray of int64, shape (k, 2)
        Cells of two levels that are the same place and may be left in either.
    stride : int
        Cells from one row to the next.
    turn, cap, gain, arc_row, arc_column
        Arcs; see `lattice_moves.Moves`.
    is_columnwise, forward, shifts_of_columns, shifts_of_rows, step_gain, top
        Straight steps; see `lattice_moves.Moves`. Shapes (n_headings,); shifts (n_headings,
        columns) and (n_headings, n_stacked_rows).
    height : ndarray of float32, shape (n_cells,) or (0,)
        Of the ground, empty where it counts as level. [m]
    curve : ndarray of float64, shape (4,)
        See `gained_run_up`.

    Returns
    -------
    int
        Rounds over all headings.

    Notes
    -----
    Any order gives the same values: the maps are monotone and bounded and run-ups are integers.
    The order here is fast because a straight sweep carries a run over the whole window, and going
    up and down the headings in turn carries long bends to the left and to the right.
    """
    n_headings, n_groups = len(step_gain), links.shape[1]
    width = n_groups * LANES + 2 * MARGIN
    risen = np.zeros((n_headings, n_groups), dtype=np.uint32)
    risen[:, group_of_slot] = ALL_LANES
    turning = risen.copy()
    rounds = 0
    is_settled = False
    while not is_settled:
        is_settled = rounds > 0
        for i in range(n_headings):
            heading = i if rounds % 2 == 0 else n_headings - 1 - i
            base = heading * width + MARGIN
            _pass_portals(run_up, base, risen[heading], turning[heading], portals)
            if is_columnwise[heading]:
                _sweep_columns(
                    run_up,
                    base,
                    risen[heading],
                    turning[heading],
                    links,
                    shifts_of_columns[heading],
                    forward[heading],
                    step_gain[heading],
                    top,
                    stride,
                    height,
                    curve,
                )
            else:
                _sweep_rows(
                    run_up,
                    base,
                    risen[heading],
                    turning[heading],
                    links,
                    shifts_of_rows[heading],
                    forward[heading],
                    step_gain[heading],
                    top,
                    stride,
                    height,
                    curve,
                )
            if _pass_portals(run_up, base, risen[heading], turning[heading], portals):
                is_settled = False
            if rounds > 0 and _drive_arcs(
                run_up,
                risen,
                turning,
                heading,
                group_of_slot,
                masks,
                stride,
                turn,
                cap,
                gain,
                arc_row,
                arc_column,
                height,
                curve,
            ):
                is_settled = False
        rounds += 1
    return rounds
