"""Answer what a change of cells and links makes of reach, steps and portals of a window."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.approach.lattice_repair import with_room


@njit(cache=True, nogil=True)
def reached_again(
    seeds: NDArray[np.bool_],
    entries: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
    is_ground: NDArray[np.bool_],
    right: NDArray[np.bool_],
    up: NDArray[np.bool_],
    portals: NDArray[np.int64],
    piece_before: NDArray[np.int32],
    n_before: int,
    rows_of_level: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """
    Return the cells that vehicles reach, pockets left out that were cut off from all streets.

    What `lattice.reachable_cells` and `sources.open_to_streets` return one after the other.

    Parameters
    ----------
    seeds, entries, blocked, is_ground, right, up : ndarray of bool, shape (n_levels, rows, columns)
        Where vehicles come from, where streets come into the window, protected cells, and the grid.
    portals : ndarray of int64, shape (k, 4)
    piece_before : ndarray of int32, shape (n_levels, rows, columns)
        Piece each cell belonged to before barriers stood, -1 for none.
    n_before : int
        Pieces before.
    rows_of_level : ndarray of int64, shape (n_levels, 2)
        First row with ground and the row after the last one.

    Returns
    -------
    ndarray of bool, shape (n_levels, rows, columns)
    """
    n_levels, rows, columns = seeds.shape
    size = rows * columns
    first_portal = np.full(size, -1, dtype=np.int32)
    next_portal = np.full(len(portals), -1, dtype=np.int32)
    is_portal = np.zeros(n_levels * size, dtype=np.bool_)
    for k in range(len(portals)):
        at = portals[k, 2] * columns + portals[k, 3]
        next_portal[k] = first_portal[at]
        first_portal[at] = k
        is_portal[portals[k, 0] * size + at] = True
        is_portal[portals[k, 1] * size + at] = True
    ground, stopped = is_ground.reshape(-1), blocked.reshape(-1)
    rightwards, upwards = right.reshape(-1), up.reshape(-1)
    starts, streets = seeds.reshape(-1), entries.reshape(-1)
    before = piece_before.reshape(-1)
    piece = np.full(n_levels * size, -1, dtype=np.int32)
    stack = np.empty(n_levels * size, dtype=np.int32)
    n_pieces = 0
    for index in range(n_levels * rows):
        if not rows_of_level[index // rows, 0] <= index % rows < rows_of_level[index // rows, 1]:
            continue
        for start in range(index * columns, (index + 1) * columns):
            if not starts[start] or piece[start] >= 0 or not ground[start] or stopped[start]:
                continue
            _flood_piece(
                start,
                n_pieces,
                piece,
                stack,
                ground,
                stopped,
                rightwards,
                upwards,
                portals,
                is_portal,
                first_portal,
                next_portal,
                rows,
                columns,
            )
            n_pieces += 1
    n_cells = np.zeros(n_pieces, dtype=np.int64)
    has_entry = np.zeros(n_pieces, dtype=np.bool_)
    origin = np.full(n_pieces, -1, dtype=np.int64)
    first = np.full(n_pieces, -1, dtype=np.int64)
    for index in range(n_levels * rows):
        if not rows_of_level[index // rows, 0] <= index % rows < rows_of_level[index // rows, 1]:
            continue
        for cell in range(index * columns, (index + 1) * columns):
            mine = piece[cell]
            if mine >= 0:
                if n_cells[mine] == 0:
                    first[mine] = cell
                n_cells[mine] += 1
                has_entry[mine] |= streets[cell]
                origin[mine] = before[cell]
    order = np.argsort(first)
    has_street = np.zeros(n_before, dtype=np.bool_)
    largest = np.full(n_before, -1, dtype=np.int64)
    for mine in order:
        if origin[mine] >= 0:
            has_street[origin[mine]] |= has_entry[mine]
            known = largest[origin[mine]]
            if known < 0 or n_cells[mine] > n_cells[known]:
                largest[origin[mine]] = mine
    is_kept = np.zeros(n_pieces, dtype=np.bool_)
    for mine in range(n_pieces):
        is_kept[mine] = has_entry[mine] or origin[mine] < 0
        if not is_kept[mine] and not has_street[origin[mine]]:
            is_kept[mine] = largest[origin[mine]] == mine
    reached = np.zeros(n_levels * size, dtype=np.bool_)
    for index in range(n_levels * rows):
        if not rows_of_level[index // rows, 0] <= index % rows < rows_of_level[index // rows, 1]:
            continue
        for cell in range(index * columns, (index + 1) * columns):
            reached[cell] = piece[cell] >= 0 and is_kept[piece[cell]]
    return reached.reshape((n_levels, rows, columns))


@njit(cache=True)
def _flood_piece(
    start: int,
    number: int,
    piece: NDArray[np.int32],
    stack: NDArray[np.int32],
    ground: NDArray[np.bool_],
    stopped: NDArray[np.bool_],
    rightwards: NDArray[np.bool_],
    upwards: NDArray[np.bool_],
    portals: NDArray[np.int64],
    is_portal: NDArray[np.bool_],
    first_portal: NDArray[np.int32],
    next_portal: NDArray[np.int32],
    rows: int,
    columns: int,
) -> None:
    """
    Give all cells that are joined with `start` the number of its piece.

    Links never lead over the edge of a level, so neighbours are told by place alone.
    """
    size = rows * columns
    piece[start] = number
    stack[0] = start
    n = 1
    while n > 0:
        n -= 1
        cell = np.int64(stack[n])
        for direction in range(4):
            if direction == 0:
                other, is_joined = cell + 1, rightwards[cell]
            elif direction == 1:
                other, is_joined = cell + columns, upwards[cell]
            elif direction == 2:
                other, is_joined = cell - 1, cell > 0 and rightwards[cell - 1]
            else:
                other, is_joined = cell - columns, cell >= columns and upwards[cell - columns]
            if is_joined and piece[other] < 0 and ground[other] and not stopped[other]:
                piece[other] = number
                stack[n] = other
                n += 1
        if not is_portal[cell]:
            continue
        level, at = cell // size, cell % size
        k = first_portal[at]
        while k >= 0:
            if portals[k, 0] == level or portals[k, 1] == level:
                other = (portals[k, 0] + portals[k, 1] - level) * size + at
                if piece[other] < 0 and ground[other] and not stopped[other]:
                    piece[other] = number
                    stack[n] = other
                    n += 1
            k = next_portal[k]


@njit(cache=True, nogil=True)
def repacked(
    candidates: NDArray[np.int64],
    kept_before: NDArray[np.bool_],
    kept: NDArray[np.bool_],
    right_before: NDArray[np.bool_],
    right: NDArray[np.bool_],
    up_before: NDArray[np.bool_],
    up: NDArray[np.bool_],
    layer_of_level: NDArray[np.int64],
    stacked_row: NDArray[np.int64],
    stride: int,
    terminal: NDArray[np.bool_],
    packed_ground: NDArray[np.bool_],
    packed_right: NDArray[np.bool_],
    packed_up: NDArray[np.bool_],
    steps: NDArray[np.uint8],
) -> Any:
    """
    Bring a packed grid and its open steps up to date.

    Parameters
    ----------
    candidates : ndarray of int64
        Cells, by place in the flattened arrays, outside which nothing differs.
    kept_before, kept : ndarray of bool, shape (n_levels, rows, columns)
        Cells in use before and after the change.
    right_before, right, up_before, up : ndarray of bool, shape (n_levels, rows, columns)
        Links of the whole ground.
    layer_of_level : ndarray of int64, shape (n_levels,)
        -1 for levels without a layer.
    stacked_row, stride
        See `lattice_layout.CellNumbers`.
    terminal : ndarray of bool, shape (n_layers, rows, columns)
    packed_ground, packed_right, packed_up : ndarray of bool, shape (n_layers, rows, columns)
        Changed in place.
    steps : ndarray of uint8, shape (n_cells,)
        See `lattice_repair.Places`; changed in place.

    Returns
    -------
    ndarray of int64
        Cells whose steps may have changed.
    bool
        The cells in use still fit the layers; else nothing is to be used.
    """
    n_levels, rows, columns = kept.shape
    is_near = np.zeros((n_levels, rows, columns), dtype=np.bool_)
    near = np.empty((1024, 3), dtype=np.int64)
    n_near = 0
    for candidate in candidates:
        level, row = candidate // (rows * columns), candidate // columns % rows
        column = candidate % columns
        is_in, was_in = kept[level, row, column], kept_before[level, row, column]
        if not is_in and not was_in:
            continue
        if (
            is_in == was_in
            and right[level, row, column] == right_before[level, row, column]
            and up[level, row, column] == up_before[level, row, column]
        ):
            continue
        if is_in and not was_in:
            layer = layer_of_level[level]
            if layer < 0 or stacked_row[layer, row] < 0:
                return np.empty(0, dtype=np.int64), False
            for other in range(n_levels):
                if other != level and layer_of_level[other] == layer and kept[other, row, column]:
                    return np.empty(0, dtype=np.int64), False
        near = with_room(near, n_near + 25)
        for r in range(max(0, row - 2), min(rows, row + 3)):
            for c in range(max(0, column - 2), min(columns, column + 3)):
                if not is_near[level, r, c] and (kept[level, r, c] or kept_before[level, r, c]):
                    is_near[level, r, c] = True
                    near[n_near, 0], near[n_near, 1], near[n_near, 2] = level, r, c
                    n_near += 1
    found = np.empty(n_near, dtype=np.int64)
    n = 0
    for is_second in (False, True):
        for k in range(n_near):
            level, row, column = near[k]
            is_in = kept[level, row, column]
            if is_second != is_in:
                continue
            layer = layer_of_level[level]
            cell = stacked_row[layer, row] * stride + column
            packed_ground[layer, row, column] = is_in
            packed_right[layer, row, column] = (
                is_in
                and column + 1 < columns
                and right[level, row, column]
                and kept[level, row, column + 1]
            )
            packed_up[layer, row, column] = (
                is_in and row + 1 < rows and up[level, row, column] and kept[level, row + 1, column]
            )
            steps[cell] = 0
            if is_in and not terminal[layer, row, column]:
                steps[cell] = _steps_from(
                    kept[level], right[level], up[level], terminal[layer], row, column
                )
            found[n] = cell
            n += 1
    return found[:n], True


@njit(cache=True)
def _steps_from(
    kept: NDArray[np.bool_],
    right: NDArray[np.bool_],
    up: NDArray[np.bool_],
    terminal: NDArray[np.bool_],
    row: int,
    column: int,
) -> int:
    """Return the open steps from a cell as bits, as `lattice_layout.open_steps` does."""
    bits = 0
    for direction in range(0, 8, 2):
        if _is_joined(kept, right, up, row, column, direction):
            bits |= 1 << direction
    for diagonal in range(1, 8, 2):
        for side in (-1, 1):
            first, second = (diagonal + side) & 7, (diagonal - side) & 7
            if (bits >> first) & 1 == 0:
                continue
            r, c = row + _ROW[first], column + _COLUMN[first]
            if not terminal[r, c] and _is_joined(kept, right, up, r, c, second):
                bits |= 1 << diagonal
    return bits


_ROW = (0, 1, 1, 1, 0, -1, -1, -1)
_COLUMN = (1, 1, 0, -1, -1, -1, 0, 1)


@njit(cache=True)
def _is_joined(
    kept: NDArray[np.bool_],
    right: NDArray[np.bool_],
    up: NDArray[np.bool_],
    row: int,
    column: int,
    direction: int,
) -> bool:
    """Return whether a cell is joined with its neighbour in one of the four main directions."""
    rows, columns = kept.shape
    r, c = row + _ROW[direction], column + _COLUMN[direction]
    if r < 0 or r >= rows or c < 0 or c >= columns or not kept[r, c]:
        return False
    if direction == 0:
        return bool(right[row, column])
    if direction == 2:
        return bool(up[row, column])
    if direction == 4:
        return bool(right[r, c])
    return bool(up[r, c])


def group_cells(pairs: NDArray[np.int64], n_cells: int) -> Any:
    """
    Return the cells that portals make one place.

    Parameters
    ----------
    pairs : ndarray of int64, shape (k, 2)
        Cells that are joined.
    n_cells : int

    Returns
    -------
    group : ndarray of int32, shape (n_cells,)
        -1 for cells without a portal.
    first_member : ndarray of int64, shape (n_groups + 1,)
    member : ndarray of int64
    """
    group = np.full(n_cells, -1, dtype=np.int32)
    cells, index = np.unique(pairs, return_inverse=True)
    if not len(cells):
        return group, np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64)
    ends = index.reshape(-1, 2)
    graph = coo_array(
        (np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(len(cells),) * 2
    )
    n_groups, label = connected_components(graph, directed=False)
    group[cells] = label
    order = np.argsort(label, kind="stable")
    first = np.searchsorted(label[order], np.arange(n_groups + 1)).astype(np.int64)
    return group, first, cells[order].astype(np.int64)
