"""
Answer how far run-ups spread: the inner loops of the motion lattice.

Layout: the rows of all levels are stacked and padded to whole words of 64 cells, so a cell is one
number and a move of 32 neighbouring cells is one vector operation. What a move needs of the ground
is one bit per cell. A *group* is 32 neighbouring cells of a row: the unit of what has changed.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

LANES = 32
"""Cells of a group."""

MARGIN = 64
"""Cells kept free before the first and after the last cell. No move reads or writes beyond."""

_STRAIGHT = np.uint8(1)
_ARCS = np.uint8(2)


def _relax_lanes(
    typing_context: Any,  # noqa: ARG001
    run_up: Any,
    source: Any,  # noqa: ARG001
    target: Any,  # noqa: ARG001
    gain: Any,  # noqa: ARG001
    cap: Any,  # noqa: ARG001
    mask: Any,  # noqa: ARG001
) -> Any:
    """
    Raise 32 neighbouring run-ups: ``target = max(target, min(source + gain, cap))`` where `mask`.

    Takes the whole array of uint16, two positions in it, two numbers and 32 bits; returns the bits
    of the lanes that rose. Written out because compilers do not find this form in a loop.
    """
    signature = types.uint32(
        run_up, types.int64, types.int64, types.int64, types.int64, types.uint32
    )

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        array, source_at, target_at, gain_value, cap_value, mask_value = arguments
        lane = ir.IntType(16)
        vector = ir.VectorType(lane, LANES)

        def spread(value: Any) -> Any:
            single = builder.trunc(value, lane)
            first = builder.insert_element(
                ir.Constant(vector, ir.Undefined), single, ir.Constant(ir.IntType(32), 0)
            )
            order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
            return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), order)

        data = context.make_array(sig.args[0])(context, builder, array).data
        source_pointer = builder.bitcast(builder.gep(data, [source_at]), vector.as_pointer())
        target_pointer = builder.bitcast(builder.gep(data, [target_at]), vector.as_pointer())
        old = builder.load(target_pointer, align=2)
        gained = builder.add(builder.load(source_pointer, align=2), spread(gain_value))
        limit = spread(cap_value)
        capped = builder.select(builder.icmp_unsigned("<", gained, limit), gained, limit)
        allowed = builder.bitcast(mask_value, ir.VectorType(ir.IntType(1), LANES))
        rises = builder.and_(builder.icmp_unsigned(">", capped, old), allowed)
        builder.store(builder.select(rises, capped, old), target_pointer, align=2)
        return builder.bitcast(rises, ir.IntType(32))

    return signature, generate


_relax: Any = intrinsic(_relax_lanes)


@njit(cache=True)
def arc_masks(
    links: NDArray[np.uint64],
    margin: int,
    stride: int,
    path_start: NDArray[np.int64],
    path_step: NDArray[np.int64],
    path_row: NDArray[np.int64],
    path_column: NDArray[np.int64],
    masks: NDArray[np.uint64],
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
    masks : ndarray of uint64, shape (n_arc_numbers, n_words)
        Filled.
    """
    n_words = masks.shape[1]
    for number in range(masks.shape[0]):
        mask = masks[number]
        mask[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
        for k in range(path_start[number], path_start[number + 1]):
            offset = path_row[k] * stride + path_column[k]
            first = margin + (offset >> 6)
            shift = np.uint64(offset & 63)
            low = links[path_step[k], first : first + n_words]
            if shift == 0:
                for i in range(n_words):
                    mask[i] &= low[i]
            else:
                high = links[path_step[k], first + 1 : first + 1 + n_words]
                rest = np.uint64(64) - shift
                for i in range(n_words):
                    mask[i] &= (low[i] >> shift) | (high[i] << rest)


@njit(cache=True)
def _mark(pending: NDArray[np.uint8], first_cell: int, rises: int) -> bool:
    """Mark the one or two groups in which lanes from `first_cell` on rose; whether any did."""
    if rises == 0:
        return False
    lane = first_cell & (LANES - 1)
    group = first_cell >> 5
    if lane == 0:
        pending[group] = _STRAIGHT | _ARCS
        return True
    split = LANES - lane
    if rises & ((1 << split) - 1):
        pending[group] = _STRAIGHT | _ARCS
    if rises >> split:
        pending[group + 1] = _STRAIGHT | _ARCS
    return True


@njit(cache=True)
def _sweep_rows(
    run_up: NDArray[np.uint16],
    base: int,
    pending: NDArray[np.uint8],
    links: NDArray[np.uint32],
    shifts: NDArray[np.int64],
    forward: int,
    gain: int,
    top: int,
    stride: int,
) -> None:
    """Carry pending run-ups straight on where a step goes to the next row."""
    groups = stride // LANES
    n_rows = len(pending) // groups
    is_leftwards = np.min(shifts) < 0
    for i in range(n_rows):
        row = i if forward > 0 else n_rows - 1 - i
        shift = shifts[row]
        direction = 2 - shift if forward > 0 else 6 + shift
        for j in range(groups):
            group = row * groups + (groups - 1 - j if is_leftwards else j)
            if not pending[group] & _STRAIGHT:
                continue
            pending[group] &= ~_STRAIGHT
            mask = links[direction, group]
            if mask != 0:
                source = group * LANES
                target = source + forward * stride + shift
                rises = _relax(run_up, base + source, base + target, gain, top, mask)
                _mark(pending, target, rises)


@njit(cache=True)
def _sweep_columns(
    run_up: NDArray[np.uint16],
    base: int,
    pending: NDArray[np.uint8],
    links: NDArray[np.uint32],
    shifts: NDArray[np.int64],
    forward: int,
    gain: int,
    top: int,
    stride: int,
) -> None:
    """Carry pending run-ups straight on where a step goes to the next column."""
    groups = stride // LANES
    n_rows = len(pending) // groups
    is_downwards = np.min(shifts) < 0
    level, up, down = (0, 1, 7) if forward > 0 else (4, 3, 5)
    for j in range(groups):
        column_group = j if forward > 0 else groups - 1 - j
        first_column = column_group * LANES
        for i in range(n_rows):
            row = n_rows - 1 - i if is_downwards else i
            group = row * groups + column_group
            if not pending[group] & _STRAIGHT:
                continue
            pending[group] &= ~_STRAIGHT
            straight, upper, lower = links[level, group], links[up, group], links[down, group]
            if straight | upper | lower == 0:
                continue
            for k in range(LANES):
                lane = k if forward > 0 else LANES - 1 - k
                column = first_column + lane
                if column >= len(shifts):
                    continue
                shift = shifts[column]
                mask = straight if shift == 0 else (upper if shift > 0 else lower)
                if not (mask >> lane) & 1:
                    continue
                source = row * stride + column
                target = source + forward + shift * stride
                value: Any = min(np.int64(run_up[base + source]) + gain, top)
                if value > run_up[base + target]:
                    run_up[base + target] = value
                    reached = target >> 5
                    if reached == group:
                        pending[group] |= _ARCS
                    else:
                        pending[reached] = _STRAIGHT | _ARCS


@njit(cache=True)
def _pass_portals(
    run_up: NDArray[np.uint16], base: int, pending: NDArray[np.uint8], portals: NDArray[np.int64]
) -> None:
    """Give both cells of each portal the greater run-up."""
    for k in range(len(portals)):
        one, other = portals[k, 0], portals[k, 1]
        if run_up[base + one] < run_up[base + other]:
            one, other = other, one
        if run_up[base + one] > run_up[base + other]:
            run_up[base + other] = run_up[base + one]
            pending[other >> 5] = _STRAIGHT | _ARCS


@njit(cache=True)
def _drive_arcs(
    run_up: NDArray[np.uint16],
    pending: NDArray[np.uint8],
    heading: int,
    masks: NDArray[np.uint32],
    stride: int,
    turn: NDArray[np.int64],
    cap: NDArray[np.int64],
    gain: NDArray[np.int64],
    arc_row: NDArray[np.int64],
    arc_column: NDArray[np.int64],
) -> bool:
    """Drive all arcs from the pending groups of a heading; whether any run-up rose."""
    n_headings, n_groups = pending.shape
    width = n_groups * LANES + 2 * MARGIN
    n_arcs = len(turn)
    is_raised = False
    for group in range(n_groups):
        if not pending[heading, group] & _ARCS:
            continue
        pending[heading, group] &= ~_ARCS
        cell = group * LANES
        for a in range(n_arcs):
            number = heading * n_arcs + a
            mask = masks[number, group]
            if mask == 0:
                continue
            other = (heading + turn[a]) % n_headings
            target = cell + arc_row[number] * stride + arc_column[number]
            rises = _relax(
                run_up,
                heading * width + MARGIN + cell,
                other * width + MARGIN + target,
                gain[number],
                cap[a],
                mask,
            )
            is_raised |= _mark(pending[other], target, rises)
    return is_raised


@njit(cache=True)
def spread_run_ups(
    run_up: NDArray[np.uint16],
    pending: NDArray[np.uint8],
    links: NDArray[np.uint32],
    masks: NDArray[np.uint32],
    portals: NDArray[np.int64],
    stride: int,
    is_columnwise: NDArray[np.bool_],
    forward: NDArray[np.int64],
    shifts_of_columns: NDArray[np.int64],
    shifts_of_rows: NDArray[np.int64],
    step_gain: NDArray[np.int64],
    top: int,
    turn: NDArray[np.int64],
    cap: NDArray[np.int64],
    gain: NDArray[np.int64],
    arc_row: NDArray[np.int64],
    arc_column: NDArray[np.int64],
) -> int:
    """
    Raise run-ups along all moves until nothing rises any more: the least fixed point.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_headings * (MARGIN + n_cells + MARGIN),)
        Start values in, fixed point out. [units]
    pending : ndarray of uint8, shape (n_headings, n_groups)
        1: straight steps of the group's cells are to be looked at, 2: their arcs. Zero after.
    links : ndarray of uint32, shape (8, n_groups)
        Per direction the open steps of a group's cells.
    masks : ndarray of uint32, shape (n_headings * n_arcs, n_groups)
        From `arc_masks`.
    portals : ndarray of int64, shape (k, 2)
        Cells of two levels that are the same place and may be left in either.
    stride : int
        Cells from one row to the next.
    is_columnwise, forward, shifts_of_columns, shifts_of_rows, step_gain, top
        Straight steps; see `lattice_moves.Moves`. Shapes (n_headings,); shifts (n_headings,
        columns) and (n_headings, n_stacked_rows).
    turn, cap, gain, arc_row, arc_column
        Arcs; see `lattice_moves.Moves`.

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
    n_headings, n_groups = pending.shape
    width = n_groups * LANES + 2 * MARGIN
    rounds = 0
    is_settled = False
    while not is_settled:
        is_settled = rounds > 0
        for i in range(n_headings):
            heading = i if rounds % 2 == 0 else n_headings - 1 - i
            base = heading * width + MARGIN
            mine = pending[heading]
            _pass_portals(run_up, base, mine, portals)
            if is_columnwise[heading]:
                _sweep_columns(
                    run_up,
                    base,
                    mine,
                    links,
                    shifts_of_columns[heading],
                    forward[heading],
                    step_gain[heading],
                    top,
                    stride,
                )
            else:
                _sweep_rows(
                    run_up,
                    base,
                    mine,
                    links,
                    shifts_of_rows[heading],
                    forward[heading],
                    step_gain[heading],
                    top,
                    stride,
                )
            if len(portals) > 0:
                _pass_portals(run_up, base, mine, portals)
                for group in range(n_groups):
                    if mine[group] & _STRAIGHT:
                        is_settled = False
            if rounds > 0 and _drive_arcs(
                run_up, pending, heading, masks, stride, turn, cap, gain, arc_row, arc_column
            ):
                is_settled = False
        rounds += 1
    return rounds


@njit(cache=True)
def arrive_on_arcs(
    run_up: NDArray[np.uint16],
    n_headings: int,
    n_arcs: int,
    links: NDArray[np.uint64],
    terminal: NDArray[np.uint64],
    margin: int,
    first_word: int,
    last_word: int,
    stride: int,
    cap: NDArray[np.int64],
    path_start: NDArray[np.int64],
    path_step: NDArray[np.int64],
    path_row: NDArray[np.int64],
    path_column: NDArray[np.int64],
    path_gain: NDArray[np.int64],
    path_heading: NDArray[np.int64],
) -> None:
    """
    Give the terminal cells that arcs meet on their way the run-up they are met with.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_headings * (MARGIN + n_cells + MARGIN),)
        The fixed point; terminal cells are raised. [units]
    n_headings, n_arcs : int
    links : ndarray of uint64, shape (8, margin + n_words + margin)
        As in `arc_masks`.
    terminal : ndarray of uint64, shape (margin + n_words + margin,)
        One bit per cell.
    margin, stride : int
        As in `arc_masks`.
    first_word, last_word : int
        Words from which terminal cells are within reach, the last one excluded.
    cap, path_start, path_step, path_row, path_column, path_gain, path_heading
        See `lattice_moves.Moves`.

    Notes
    -----
    No move leaves a terminal cell, so nothing spreads from here and one pass is enough. A diagonal
    step meets the cells on either side of the corner too.
    """
    width = len(run_up) // n_headings
    mask = np.empty(last_word - first_word, dtype=np.uint64)
    for number in range(n_headings * n_arcs):
        base = (number // n_arcs) * width + MARGIN
        limit = cap[number % n_arcs]
        mask[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
        for k in range(path_start[number], path_start[number + 1]):
            step = path_step[k]
            at = path_row[k] * stride + path_column[k]
            goal = path_heading[k] * width + MARGIN
            for side in range(-(step & 1), (step & 1) + 1, 2 if step & 1 else 1):
                direction = (step + side) & 7
                met = at
                if direction == 0:
                    met += 1
                elif direction == 2:
                    met += stride
                elif direction == 4:
                    met -= 1
                else:
                    met -= stride
                for i in range(last_word - first_word):
                    if mask[i] == 0:
                        continue
                    word = margin + first_word + i
                    hits = (
                        mask[i]
                        & _shifted(terminal, word, met)
                        & _shifted(links[direction], word, at)
                    )
                    if hits == 0:
                        continue
                    for bit in range(64):
                        if not (hits >> np.uint64(bit)) & np.uint64(1):
                            continue
                        source = (first_word + i) * 64 + bit
                        value = min(np.int64(run_up[base + source]) + path_gain[k], limit)
                        if value > run_up[goal + source + met]:
                            run_up[goal + source + met] = value
            for i in range(last_word - first_word):
                mask[i] &= _shifted(links[step], margin + first_word + i, at)


@njit(cache=True)
def _shifted(bits: NDArray[np.uint64], word: int, offset: int) -> int:
    """Return the 64 bits that stand `offset` cells after those of `word`."""
    first = word + (offset >> 6)
    shift = np.uint64(offset & 63)
    if shift == 0:
        return bits[first]
    return (bits[first] >> shift) | (bits[first + 1] << (np.uint64(64) - shift))


@njit(cache=True)
def arrive_on_steps(
    run_up: NDArray[np.uint16],
    n_headings: int,
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    row_step: NDArray[np.int64],
    column_step: NDArray[np.int64],
    stacked_row: NDArray[np.int64],
    column: NDArray[np.int64],
    is_columnwise: NDArray[np.bool_],
    forward: NDArray[np.int64],
    shifts_of_columns: NDArray[np.int64],
    shifts_of_rows: NDArray[np.int64],
    step_gain: NDArray[np.int64],
    top: int,
) -> None:
    """
    Give terminal cells the run-up with which steps straight on, also diagonal ones, meet them.

    Parameters
    ----------
    run_up : ndarray of uint16, shape (n_headings * (MARGIN + n_cells + MARGIN),)
        The fixed point; terminal cells are raised. [units]
    n_headings : int
    source, target : ndarray of int64, shape (n,)
        Cells and the terminal cells they are joined with.
    row_step, column_step : ndarray of int64, shape (n,)
        From the one to the other.
    stacked_row, column : ndarray of int64, shape (n,)
        Place of the source.
    is_columnwise, forward, shifts_of_columns, shifts_of_rows, step_gain, top
        As in `spread_run_ups`.
    """
    width = len(run_up) // n_headings
    for k in range(len(source)):
        for heading in range(n_headings):
            if is_columnwise[heading]:
                dr, dc = shifts_of_columns[heading, column[k]], forward[heading]
            else:
                dr, dc = forward[heading], shifts_of_rows[heading, stacked_row[k]]
            if dr * row_step[k] + dc * column_step[k] <= 0:
                continue
            at = heading * width + MARGIN
            value = min(np.int64(run_up[at + source[k]]) + step_gain[heading], top)
            run_up[at + target[k]] = max(run_up[at + target[k]], value)
