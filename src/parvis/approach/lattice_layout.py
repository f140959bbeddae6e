"""
Answer where the lattice keeps a cell, and which steps the ground leaves open there.

The rows of all levels that hold ground are stacked and padded to whole words of 64 cells. A cell
is one number, a move to it is a difference of numbers, and a flag of cells is a row of bits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parvis.approach.cells import CellGrid
from parvis.approach.lattice_moves import STEP_COLUMN, STEP_ROW

WORD = 64
"""Cells in a word of bits."""


@dataclass(frozen=True, eq=False)
class CellNumbers:
    """
    Numbering of the cells of a grid; rows outside a level's ground have none.

    Attributes
    ----------
    shape : tuple of int
        (n_levels, rows, columns).
    stride : int
        Cells from one row to the next, a multiple of `WORD`.
    level_of_row, row_of_row : ndarray of int64, shape (n_stacked,)
        Level index and row of each stacked row.
    stacked_row : ndarray of int64, shape (n_levels, rows)
        -1 where a row has no place.
    """

    shape: tuple[int, int, int]
    stride: int
    level_of_row: NDArray[np.int64]
    row_of_row: NDArray[np.int64]
    stacked_row: NDArray[np.int64]

    @property
    def n_cells(self) -> int:
        """Cells with a number, padding included."""
        return len(self.row_of_row) * self.stride

    def numbers(
        self, level: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the numbers of cells, negative for cells without one."""
        stacked = self.stacked_row[level, row]
        return np.asarray(np.where(stacked < 0, -1, stacked * self.stride + column))

    def pack(self, flags: NDArray[np.bool_], margin: int) -> NDArray[np.uint64]:
        """
        Return flags of cells as bits.

        Parameters
        ----------
        flags : ndarray of bool, shape (n, n_levels, rows, columns)
        margin : int
            Words of zeros at either end.

        Returns
        -------
        ndarray of uint64, shape (n, margin + n_words + margin)
        """
        padded = np.zeros((len(flags), len(self.row_of_row), self.stride), dtype=np.bool_)
        padded[:, :, : self.shape[2]] = flags[:, self.level_of_row, self.row_of_row]
        packed = np.packbits(padded.reshape(len(flags), -1), axis=1, bitorder="little")
        return np.pad(packed.view(np.uint64), ((0, 0), (margin, margin)))

    def unpack(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return values by number, shape (..., n_cells), as (..., n_levels, rows, columns)."""
        dense = np.zeros((*values.shape[:-1], *self.shape), dtype=values.dtype)
        rows = values.reshape(*values.shape[:-1], len(self.row_of_row), self.stride)
        dense[..., self.level_of_row, self.row_of_row, :] = rows[..., : self.shape[2]]
        return dense


def number_cells(ground: NDArray[np.bool_]) -> CellNumbers:
    """
    Give numbers to the cells of the rows between each level's first and last ground.

    Parameters
    ----------
    ground : ndarray of bool, shape (n_levels, rows, columns)

    Returns
    -------
    CellNumbers
        At least one row.
    """
    n_levels, rows, columns = ground.shape
    has_ground: NDArray[np.bool_] = np.asarray(ground.any(axis=2))
    stacked_row = np.full((n_levels, rows), -1, dtype=np.int64)
    level_of_row: list[int] = []
    row_of_row: list[int] = []
    for level in range(n_levels):
        occupied = np.flatnonzero(has_ground[level])
        if len(occupied):
            for row in range(int(occupied[0]), int(occupied[-1]) + 1):
                stacked_row[level, row] = len(row_of_row)
                level_of_row.append(level)
                row_of_row.append(row)
    if not row_of_row:
        stacked_row[0, 0] = 0
        level_of_row, row_of_row = [0], [0]
    return CellNumbers(
        shape=(n_levels, rows, columns),
        stride=-(-columns // WORD) * WORD,
        level_of_row=np.array(level_of_row, dtype=np.int64),
        row_of_row=np.array(row_of_row, dtype=np.int64),
        stacked_row=stacked_row,
    )


def open_steps(
    grid: CellGrid, *, allowed: NDArray[np.bool_], terminal: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """
    Return which of the eight steps can be made from each cell.

    Parameters
    ----------
    grid : CellGrid
    allowed : ndarray of bool, shape (n_levels, rows, columns)
        Cells a vehicle may be in.
    terminal : ndarray of bool, shape (n_levels, rows, columns)
        Cells no step leaves.

    Returns
    -------
    ndarray of bool, shape (8, n_levels, rows, columns)
        Counter-clockwise from east. A diagonal step follows two links, either way round.
    """
    steps = np.zeros((8, *grid.is_ground.shape), dtype=np.bool_)
    right = grid.right[:, :, :-1] & allowed[:, :, :-1] & allowed[:, :, 1:]
    up = grid.up[:, :-1, :] & allowed[:, :-1, :] & allowed[:, 1:, :]
    steps[0, :, :, :-1] = right & ~terminal[:, :, :-1]
    steps[4, :, :, 1:] = right & ~terminal[:, :, 1:]
    steps[2, :, :-1, :] = up & ~terminal[:, :-1, :]
    steps[6, :, 1:, :] = up & ~terminal[:, 1:, :]
    for diagonal in (1, 3, 5, 7):
        one, other = diagonal - 1, (diagonal + 1) % 8
        steps[diagonal] = (steps[one] & ahead(steps[other], one)) | (
            steps[other] & ahead(steps[one], other)
        )
    return steps


def ahead(flags: NDArray[np.bool_], direction: int) -> NDArray[np.bool_]:
    """
    Return for each cell the flag of the next cell in a direction, False beyond the grid.

    Parameters
    ----------
    flags : ndarray of bool, shape (n_levels, rows, columns)
    direction : int
        0 to 7, counter-clockwise from east.
    """
    result = np.zeros_like(flags)
    dr, dc = int(STEP_ROW[direction]), int(STEP_COLUMN[direction])
    _, rows, columns = flags.shape
    result[:, max(0, -dr) : rows - max(0, dr), max(0, -dc) : columns - max(0, dc)] = flags[
        :, max(0, dr) : rows - max(0, -dr), max(0, dc) : columns - max(0, -dc)
    ]
    return result
