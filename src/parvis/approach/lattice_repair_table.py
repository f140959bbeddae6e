"""Answer where each move of the lattice comes from and leads to, as the repair kernels take it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parvis.approach.lattice_layout import CellNumbers
from parvis.approach.lattice_moves import STEP_COLUMN, STEP_ROW, Moves, forward_of


class MoveTable(NamedTuple):
    """
    Moves between numbered cells.

    A *state* is ``cell * n_headings + heading``: what lies near in space lies near in memory. Rows
    of arrays of arcs hold: cells from the arc's first cell to its last, the heading at its other
    end, gain, cap, and where its steps begin and end.

    Attributes
    ----------
    n_headings, n_cells, n_rows, columns, stride : int
        `n_rows` are stacked rows.
    top : int
        [units]
    least_gain : int
        Of all moves. [units]
    reach : int
        No arc meets a cell further away in rows or columns.
    offset : ndarray of int64, shape (8,)
        Cells from a cell to the next in each direction.
    step_gain : ndarray of int64, shape (n_headings,)
    is_columnwise : ndarray of bool, shape (n_headings,)
        A step straight on depends on the column it leaves, else on the stacked row.
    step_from, step_into : ndarray of int32, shape (n_headings, n, 2)
        By the column or stacked row a step straight on leaves or leads to: cells it goes and its
        direction, -1 where there is none.
    arcs_from, arcs_into : ndarray of int32, shape (n_headings, n_arcs, 6)
        By the heading they begin or end with, those of the greatest cap first.
    path : ndarray of int32
        Steps of all arcs: eight times the cells from the first cell of the arc to the one the step
        leaves, and the step's direction.
    first_use : ndarray of int64, shape (9,)
        Where the uses of each direction begin in the following one.
    use : ndarray of int32, shape (n_steps, 8)
        Arcs by a step they make: as a row of `arcs_from`, then the heading they begin with, and
        cells from their first to the one the step leaves.
    first_meeting : ndarray of int64, shape (n_headings + 1,)
        Where the meetings in each heading begin in the following one, the greatest cap first.
    meeting : ndarray of int32, shape (n, 7)
        Cells that arcs meet, those at either side of a diagonal step too: cells from the arc's
        first, its first heading, run-up up to there, cap, where its steps begin and end, and the
        direction in which the last of them, or the corner, is taken.
    first_met : ndarray of int64, shape (n_headings + 1,)
    met : ndarray of int32, shape (n, 4)
        The same by the heading arcs begin with: cells, heading there, run-up and cap.
    """

    n_headings: int
    n_cells: int
    n_rows: int
    columns: int
    stride: int
    top: int
    least_gain: int
    reach: int
    offset: NDArray[np.int64]
    step_gain: NDArray[np.int64]
    is_columnwise: NDArray[np.bool_]
    step_from: NDArray[np.int32]
    step_into: NDArray[np.int32]
    arcs_from: NDArray[np.int32]
    arcs_into: NDArray[np.int32]
    path: NDArray[np.int32]
    first_use: NDArray[np.int64]
    use: NDArray[np.int32]
    first_meeting: NDArray[np.int64]
    meeting: NDArray[np.int32]
    first_met: NDArray[np.int64]
    met: NDArray[np.int32]


def move_table(moves: Moves, numbers: CellNumbers) -> MoveTable:
    """
    Lay the moves of a class out over the numbered cells of a window.

    Parameters
    ----------
    moves : Moves
    numbers : CellNumbers

    Returns
    -------
    MoveTable
    """
    n_headings, n_arcs, stride = moves.n_headings, moves.n_arcs, numbers.stride
    headings = np.arange(n_headings)
    offset = (STEP_ROW * stride + STEP_COLUMN).astype(np.int64)
    path_at = moves.path_row * stride + moves.path_column
    lead = moves.arc_row * stride + moves.arc_column

    origin = np.repeat(headings, n_arcs)
    side = np.tile(np.arange(n_arcs), n_headings)
    goal = (origin + moves.turn[side]) % n_headings

    def arcs(number: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int32]:
        return np.stack(
            [
                lead[number],
                other,
                moves.gain[number],
                moves.cap[side[number]],
                moves.path_start[number],
                moves.path_start[number + 1],
            ],
            axis=-1,
        ).astype(np.int32)

    fastest = np.argsort(-moves.cap, kind="stable")
    out = headings[:, None] * n_arcs + fastest[None, :]
    into = ((headings[:, None] - moves.turn[fastest]) % n_headings) * n_arcs + fastest[None, :]
    arc_of_step = np.repeat(np.arange(n_headings * n_arcs), np.diff(moves.path_start))
    by_direction = np.argsort(moves.path_step, kind="stable")
    used = arc_of_step[by_direction]
    is_diagonal = np.flatnonzero(moves.path_step % 2 == 1)
    last = np.concatenate([np.arange(len(path_at)), is_diagonal, is_diagonal])
    direction = np.concatenate(
        [
            moves.path_step,
            (moves.path_step[is_diagonal] - 1) % 8,
            (moves.path_step[is_diagonal] + 1) % 8,
        ]
    )
    met_at = path_at[last] + offset[direction]
    arc = arc_of_step[last]
    meeting = np.column_stack(
        [
            met_at,
            origin[arc],
            moves.path_gain[last],
            moves.cap[side[arc]],
            moves.path_start[arc],
            last,
            direction,
        ]
    )
    met_heading = moves.path_heading[last]
    by_goal = np.lexsort((-meeting[:, 3], met_heading))
    meets = np.column_stack([met_at, met_heading, moves.path_gain[last], moves.cap[side[arc]]])
    by_origin = np.argsort(origin[arc], kind="stable")
    step_from, step_into = _steps(moves, numbers)
    return MoveTable(
        n_headings=n_headings,
        n_cells=numbers.n_cells,
        n_rows=len(numbers.row_of_row),
        columns=numbers.shape[2],
        stride=stride,
        top=moves.top,
        least_gain=max(1, int(min(moves.step_gain.min(), moves.gain.min()))),
        reach=int(max(np.abs(moves.path_row).max(), np.abs(moves.path_column).max())) + 1,
        offset=offset,
        step_gain=moves.step_gain,
        is_columnwise=np.array([moves.is_columnwise(h) for h in range(n_headings)]),
        step_from=step_from,
        step_into=step_into,
        arcs_from=arcs(out, goal[out]),
        arcs_into=arcs(into, origin[into]),
        path=(8 * path_at + moves.path_step).astype(np.int32),
        first_use=np.searchsorted(moves.path_step[by_direction], np.arange(9)).astype(np.int64),
        use=np.column_stack([arcs(used, goal[used]), origin[used], path_at[by_direction]]).astype(
            np.int32
        ),
        first_meeting=np.searchsorted(met_heading[by_goal], np.arange(n_headings + 1)).astype(
            np.int64
        ),
        meeting=np.ascontiguousarray(meeting[by_goal], dtype=np.int32),
        first_met=np.searchsorted(origin[arc][by_origin], np.arange(n_headings + 1)).astype(
            np.int64
        ),
        met=np.ascontiguousarray(meets[by_origin], dtype=np.int32),
    )


def _steps(moves: Moves, numbers: CellNumbers) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the steps straight on by the column or stacked row they leave and lead to."""
    n_rows, columns = len(numbers.row_of_row), numbers.shape[2]
    stride = numbers.stride
    n = max(n_rows, stride)
    away = np.full((moves.n_headings, n, 2), -1, dtype=np.int32)
    into = np.full((moves.n_headings, n, 2), -1, dtype=np.int32)
    code = {(int(r), int(c)): k for k, (r, c) in enumerate(zip(STEP_ROW, STEP_COLUMN, strict=True))}
    for heading in range(moves.n_headings):
        forward = forward_of(heading, moves.n_headings)
        if moves.is_columnwise(heading):
            shifts = moves.line_shifts(heading, columns)
            ways = np.array([code[int(shift), forward] for shift in shifts])
            leads = forward + shifts * stride
        else:
            shifts = moves.line_shifts(heading, numbers.shape[1])[numbers.row_of_row]
            ways = np.array([code[forward, int(shift)] for shift in shifts])
            leads = forward * stride + shifts
        at = np.arange(len(shifts))
        away[heading, at] = np.column_stack([leads, ways])
        is_in = (at + forward >= 0) & (at + forward < len(shifts))
        into[heading, at[is_in] + forward] = np.column_stack([leads, ways])[is_in]
    return away, into
