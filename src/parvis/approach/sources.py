"""Tell where vehicles come from once rated barriers have cut off pockets of the streets."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.approach.cells import CellGrid


def open_to_streets(
    reachable: NDArray[np.bool_],
    grid: CellGrid,
    *,
    reachable_before: NDArray[np.bool_],
    grid_before: CellGrid,
    entries: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """
    Leave out ground that barriers have cut off from the streets outside.

    Parameters
    ----------
    reachable : ndarray of bool, shape (n_levels, rows, columns)
        Ground reached from any street, with the barriers standing.
    grid : CellGrid
    reachable_before : ndarray of bool
        The same without the barriers.
    grid_before : CellGrid
        Of the same window; its levels include those of `grid`.
    entries : ndarray of bool
        Cells where streets come into the window.

    Returns
    -------
    ndarray of bool
        `reachable` without the pieces that no street leads into from outside the window. Ground
        that had no such street before keeps its largest piece.
    """
    pieces, n_pieces = label_pieces(reachable, grid)
    before, _ = label_pieces(reachable_before, grid_before)
    index = [grid_before.levels.index(level) for level in grid.levels]
    whole = before[index]
    size = np.bincount(pieces[reachable], minlength=n_pieces)
    has_entry = np.zeros(n_pieces, dtype=np.bool_)
    has_entry[pieces[reachable & entries]] = True
    belongs = np.full(n_pieces, -1, dtype=np.int64)
    belongs[pieces[reachable]] = whole[reachable]
    keep = has_entry.copy()
    for origin in np.unique(belongs[belongs >= 0]):
        members = np.flatnonzero(belongs == origin)
        if not has_entry[members].any():
            keep[members[int(np.argmax(size[members]))]] = True
    keep |= belongs < 0
    kept = np.zeros_like(reachable)
    kept[reachable] = keep[pieces[reachable]]
    return kept


def label_pieces(cells: NDArray[np.bool_], grid: CellGrid) -> tuple[NDArray[np.int64], int]:
    """Return the piece each cell belongs to, -1 off `cells`, and the number of pieces."""
    number = np.full(cells.shape, -1, dtype=np.int64)
    number[cells] = np.arange(int(cells.sum()))
    right = grid.right[:, :, :-1] & cells[:, :, :-1] & cells[:, :, 1:]
    up = grid.up[:, :-1, :] & cells[:, :-1, :] & cells[:, 1:, :]
    ends = [
        (number[:, :, :-1][right], number[:, :, 1:][right]),
        (number[:, :-1, :][up], number[:, 1:, :][up]),
    ]
    one, other, row, column = grid.portals.T.astype(np.int64)
    is_used = cells[one, row, column] & cells[other, row, column]
    ends.append(
        (
            number[one, row, column][is_used],
            number[other, row, column][is_used],
        )
    )
    start = np.concatenate([pair[0] for pair in ends])
    end = np.concatenate([pair[1] for pair in ends])
    n = int(cells.sum())
    graph = coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(n, n))
    n_pieces, labels = connected_components(graph, directed=False)
    pieces = np.full(cells.shape, -1, dtype=np.int64)
    pieces[cells] = labels
    return pieces, int(n_pieces)
