"""
Answer with what run-up the cells of a protected area are met, also in the middle of an arc.

Nothing spreads from there, so this is done once, after the run-ups around have settled.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.approach.lattice_kernel import MARGIN
from parvis.approach.lattice_moves import STEP_COLUMN, STEP_ROW
from parvis.approach.lattice_relax import gained_run_up


@njit(cache=True, nogil=True)
def arrive_on_arcs(
    run_up: NDArray[np.uint16],
    n_headings: int,
    n_arcs: int,
    links: NDArray[np.uint64],
    terminal: NDArray[np.uint64],
    margin: int,
    words: NDArray[np.int64],
    stride: int,
    cap: NDArray[np.int64],
    path_start: NDArray[np.int64],
    path_step: NDArray[np.int64],
    path_row: NDArray[np.int64],
    path_column: NDArray[np.int64],
    path_gain: NDArray[np.int64],
    path_heading: NDArray[np.int64],
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
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
    words : ndarray of int64, shape (n,)
        Words from which terminal cells are within reach.
    cap, path_start, path_step, path_row, path_column, path_gain, path_heading
        See `lattice_moves.Moves`.
    height, curve
        As in `spread_run_ups`.

    Notes
    -----
    No move leaves a terminal cell, so nothing spreads from here and one pass is enough. A diagonal
    step meets the cells on either side of the corner too.
    """
    width = len(run_up) // n_headings
    mask = np.empty(len(words), dtype=np.uint64)
    for number in range(n_headings * n_arcs):
        base = (number // n_arcs) * width + MARGIN
        limit = cap[number % n_arcs]
        mask[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
        for k in range(path_start[number], path_start[number + 1]):
            step = path_step[k]
            at = path_row[k] * stride + path_column[k]
            goal = path_heading[k] * width + MARGIN
            for side in range(-(step & 1), (step & 1) + 1):
                direction = (step + side) & 7
                met = at + STEP_ROW[direction] * stride + STEP_COLUMN[direction]
                for i in range(len(words)):
                    if mask[i] == 0:
                        continue
                    word = margin + words[i]
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
                        source = words[i] * 64 + bit
                        rise = 0.0
                        if len(height) > 0:
                            rise = np.float64(height[source + met]) - np.float64(height[source])
                        before: Any = np.int64(run_up[base + source])
                        value: Any = gained_run_up(before, path_gain[k], limit, rise, curve)
                        if value > run_up[goal + source + met]:
                            run_up[goal + source + met] = value
            for i in range(len(words)):
                if mask[i] != 0:
                    mask[i] &= _shifted(links[step], margin + words[i], at)


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
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
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
    is_columnwise, forward, shifts_of_columns, shifts_of_rows, step_gain, top, height, curve
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
            rise = 0.0
            if len(height) > 0:
                rise = np.float64(height[target[k]]) - np.float64(height[source[k]])
            before: Any = np.int64(run_up[at + source[k]])
            value = gained_run_up(before, step_gain[heading], top, rise, curve)
            run_up[at + target[k]] = max(run_up[at + target[k]], value)
