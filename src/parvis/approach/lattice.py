"""
Answer how fast a vehicle of a class can be going at each place of open ground.

The motion lattice: states are cells and evenly spaced headings, moves are steps along digital
lines and arcs of circles, and the speed of a state is the greatest over all walks that start at
rest anywhere on the reachable ground, or at the window's edge with a speed from the street field.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

from parvis.approach.cells import CellGrid
from parvis.approach.lattice_arrive import arrive_on_arcs, arrive_on_steps
from parvis.approach.lattice_kernel import MARGIN, arc_masks, spread_run_ups
from parvis.approach.lattice_layout import WORD, CellNumbers, ahead, number_cells, open_steps
from parvis.approach.lattice_moves import (
    N_HEADINGS,
    STEP_COLUMN,
    STEP_ROW,
    Moves,
    build_moves,
    forward_of,
)
from parvis.approach.vehicles import VehicleParameters


@dataclass(frozen=True, eq=False)
class EntryStates:
    """
    Speeds with which vehicles enter the window, e.g. from the street field; arrays of shape (n,).

    Attributes
    ----------
    level, row, column : ndarray of int64
        Cell; level is an index.
    direction : ndarray of float64
        Of travel, from east counter-clockwise; the two nearest headings get the speed. [rad]
    speed : ndarray of float64
        [m s⁻¹], >= 0; speeds above the top speed count as the top speed.
    """

    level: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    direction: NDArray[np.float64]
    speed: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LatticeField:
    """
    The greatest attainable speed in every state.

    Attributes
    ----------
    grid : CellGrid
    moves : Moves
    height : ndarray of float32 or None
        As given to `solve_lattice`.
    reachable, terminal : ndarray of bool, shape (n_levels, rows, columns)
        As given to `solve_lattice`.
    open_steps : ndarray of bool, shape (8, n_levels, rows, columns)
        Steps a vehicle may make, counter-clockwise from east; none leaves a terminal cell.
    numbers : CellNumbers
    run_up : ndarray of uint16, shape (n_headings, n_cells)
        Run-up of each state by cell number; see `lattice_moves`. [units]
    entry_run_up : dict from (heading, level, row, column) to int
        Run-up of the entry states. [units]
    rounds : int
        Rounds the solver took.
    """

    grid: CellGrid
    moves: Moves
    height: NDArray[np.float32] | None
    reachable: NDArray[np.bool_]
    terminal: NDArray[np.bool_]
    open_steps: NDArray[np.bool_]
    numbers: CellNumbers
    run_up: NDArray[np.uint16]
    entry_run_up: dict[tuple[int, int, int, int], int]
    rounds: int

    @property
    def directions(self) -> NDArray[np.float64]:
        """Direction of each heading from east, counter-clockwise. [rad], shape (n_headings,)."""
        n = self.moves.n_headings
        return 2.0 * math.pi * np.arange(n) / n

    def speed_map(self) -> NDArray[np.float32]:
        """
        Return the greatest speed over all headings in each cell.

        Returns
        -------
        ndarray of float32, shape (n_levels, rows, columns)
            [m s⁻¹]; NaN where no vehicle of the class gets.
        """
        greatest = self.numbers.unpack(self.run_up.max(axis=0))
        table = self.moves.speed_of_units(np.arange(self.moves.top + 1)).astype(np.float32)
        speed: NDArray[np.float32] = table[greatest]
        speed[~self.reachable & (greatest == 0)] = np.nan
        return speed

    def run_ups_at(
        self, level: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """
        Return the run-up in each heading at given cells.

        Parameters
        ----------
        level, row, column : ndarray of int64, shape (k,)

        Returns
        -------
        ndarray of int64, shape (k, n_headings)
            [units]
        """
        number = self.numbers.numbers(level, row, column)
        return np.where(number >= 0, self.run_up[:, number].astype(np.int64), 0).T

    def run_up_of(self, state: tuple[int, int, int, int]) -> int:
        """Return the run-up in units of one state: heading, level index, row, column."""
        heading, level, row, column = state
        stacked = int(self.numbers.stacked_row[level, row])
        if stacked < 0:
            return 0
        return int(self.run_up[heading, stacked * self.numbers.stride + column])

    def height_of(self, cell: tuple[int, int, int]) -> float:
        """Return the height of a cell (level index, row, column) in metres, 0 on level ground."""
        if self.height is None:
            return 0.0
        return float(self.height[cell if self.height.ndim == 3 else cell[1:]])

    def speeds_at(
        self, level: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """
        Return the speed in each heading at given cells.

        Parameters
        ----------
        level, row, column : ndarray of int64, shape (k,)

        Returns
        -------
        ndarray of float64, shape (k, n_headings)
            [m s⁻¹]; 0 where a heading is not attained in motion.
        """
        return self.moves.speed_of_units(self.run_ups_at(level, row, column))

    def fastest_arrival(
        self,
        level: NDArray[np.int64],
        row: NDArray[np.int64],
        column: NDArray[np.int64],
        inward_x: NDArray[np.float64],
        inward_y: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """
        Return the greatest speed over the headings that point inward.

        Parameters
        ----------
        level, row, column : ndarray of int64, shape (k,)
        inward_x, inward_y : ndarray of float64, shape (k,)
            Normal that points inward.

        Returns
        -------
        speed : ndarray of float64, shape (k,)
            [m s⁻¹]
        heading : ndarray of int64, shape (k,)
            Of equal speeds the one nearest to the normal.
        """
        units = self.run_ups_at(level, row, column)
        norm = np.hypot(inward_x, inward_y)
        along = (
            inward_x[:, None] * np.cos(self.directions)
            + inward_y[:, None] * np.sin(self.directions)
        ) / norm[:, None]
        score = np.where(along > 1e-9, units + 0.5 * along, -1.0)
        heading = np.argmax(score, axis=1)
        fastest = np.take_along_axis(units, heading[:, None], axis=1)[:, 0]
        return self.moves.speed_of_units(fastest), heading.astype(np.int64)


def reachable_cells(
    grid: CellGrid, seeds: NDArray[np.bool_], *, blocked: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """
    Return the cells that can be reached from seeds through links and portals.

    Parameters
    ----------
    grid : CellGrid
    seeds : ndarray of bool, shape (n_levels, rows, columns)
        Where vehicles come from; seeds off the ground count for nothing.
    blocked : ndarray of bool, shape (n_levels, rows, columns), optional
        Cells that are not entered and count for nothing as seeds.

    Returns
    -------
    ndarray of bool, shape (n_levels, rows, columns)
    """
    free = grid.is_ground if blocked is None else grid.is_ground & ~blocked
    reached = seeds & free
    _flood(reached, free, grid.right, grid.up, grid.portals.astype(np.int64))
    return reached


@njit(cache=True)
def _flood(
    reached: NDArray[np.bool_],
    free: NDArray[np.bool_],
    right: NDArray[np.bool_],
    up: NDArray[np.bool_],
    portals: NDArray[np.int64],
) -> None:
    """Grow `reached` in place through links between free cells and through portals."""
    n_levels, rows, columns = reached.shape
    stack = np.empty(n_levels * rows * columns, dtype=np.int64)
    n = 0
    for level in range(n_levels):
        for row in range(rows):
            for column in range(columns):
                if reached[level, row, column]:
                    stack[n] = (level * rows + row) * columns + column
                    n += 1
    is_growing = True
    while is_growing:
        while n > 0:
            n -= 1
            level, rest = divmod(stack[n], rows * columns)
            row, column = divmod(rest, columns)
            for direction in range(4):
                r, c = row, column
                if direction == 0:
                    is_joined = c + 1 < columns and right[level, r, c]
                    c += 1
                elif direction == 1:
                    is_joined = r + 1 < rows and up[level, r, c]
                    r += 1
                elif direction == 2:
                    is_joined = c > 0 and right[level, r, c - 1]
                    c -= 1
                else:
                    is_joined = r > 0 and up[level, r - 1, c]
                    r -= 1
                if is_joined and free[level, r, c] and not reached[level, r, c]:
                    reached[level, r, c] = True
                    stack[n] = (level * rows + r) * columns + c
                    n += 1
        is_growing = False
        for k in range(len(portals)):
            r, c = portals[k, 2], portals[k, 3]
            one, other = portals[k, 0], portals[k, 1]
            if reached[other, r, c]:
                one, other = other, one
            if reached[one, r, c] and free[other, r, c] and not reached[other, r, c]:
                reached[other, r, c] = True
                stack[n] = (other * rows + r) * columns + c
                n += 1
                is_growing = True


def solve_lattice(
    grid: CellGrid,
    *,
    vehicle: VehicleParameters,
    reachable: NDArray[np.bool_],
    terminal: NDArray[np.bool_],
    entry: EntryStates | None = None,
    height: NDArray[np.float32] | None = None,
    n_headings: int = N_HEADINGS,
) -> LatticeField:
    """
    Find the greatest attainable speed in every cell and heading.

    Parameters
    ----------
    grid : CellGrid
        Ground eroded by half the vehicle's width.
    vehicle : VehicleParameters
    reachable : ndarray of bool, shape (n_levels, rows, columns)
        Cells in which a vehicle may start at rest in any heading.
    terminal : ndarray of bool, shape (n_levels, rows, columns)
        Cells of the protected area: they may be entered and are never left.
    entry : EntryStates, optional
        Speeds at the window's edge.
    height : ndarray of float32, shape (n_levels, rows, columns) or (rows, columns), optional
        Of the ground at the cells' middles, only where elevation is fine enough to be trusted;
        finite on reachable cells. [m] Without it the ground counts as level.
    n_headings : int, default 64
        A multiple of 8.

    Returns
    -------
    LatticeField

    Notes
    -----
    Full traction in curves is assumed and braking is free, so the speeds are an upper bound of
    what the vehicle model can do; every rounding raises. Off-tracking is ignored, which is
    conservative.
    """
    moves = build_moves(vehicle, cell=grid.cell, n_headings=n_headings)
    allowed = reachable | terminal
    steps = open_steps(grid, allowed=allowed, terminal=terminal)
    numbers = number_cells(allowed)
    margin = _margin(moves, numbers.stride)
    links = numbers.pack(steps, margin)
    paths = (moves.path_start, moves.path_step, moves.path_row, moves.path_column)
    group_links = np.ascontiguousarray(links[:, margin:-margin]).view(np.uint32)
    group_of_slot = np.flatnonzero(group_links.any(axis=0))
    slot_of_group = np.full(group_links.shape[1], -1, dtype=np.int64)
    slot_of_group[group_of_slot] = np.arange(len(group_of_slot))
    masks = np.empty((n_headings, len(group_of_slot), moves.n_arcs), dtype=np.uint32)
    arc_masks(links, margin, numbers.stride, *paths, slot_of_group, masks)
    run_up = np.zeros((n_headings, numbers.n_cells + 2 * MARGIN), dtype=np.uint16)
    by_number = run_up[:, MARGIN:-MARGIN]
    entry_run_up = entry_run_ups(entry, moves, reachable & ~terminal)
    for (heading, level, row, column), units in entry_run_up.items():
        number = numbers.stacked_row[level, row] * numbers.stride + column
        by_number[heading, number] = units
    straight: tuple[Any, ...] = (
        np.array([moves.is_columnwise(h) for h in range(n_headings)]),
        np.array([forward_of(h, n_headings) for h in range(n_headings)], dtype=np.int64),
        np.array([moves.line_shifts(h, numbers.shape[2]) for h in range(n_headings)]),
        np.array(
            [moves.line_shifts(h, numbers.shape[1])[numbers.row_of_row] for h in range(n_headings)]
        ),
        moves.step_gain,
        moves.top,
        _height_by_number(height, numbers),
        moves.curve,
    )
    rounds = spread_run_ups(
        run_up.reshape(-1),
        group_links,
        group_of_slot,
        masks,
        _usable_portals(grid, reachable & ~terminal, numbers),
        numbers.stride,
        moves.turn,
        moves.cap,
        moves.gain,
        moves.arc_row,
        moves.arc_column,
        *straight,
    )
    if terminal.any():
        meetings = (*_last_links(steps, terminal, numbers), *straight)
        arrive_on_steps(run_up.reshape(-1), n_headings, *meetings)
        terminal_bits = numbers.pack(terminal[None], margin)[0]
        arrive_on_arcs(
            run_up.reshape(-1),
            n_headings,
            moves.n_arcs,
            links,
            terminal_bits,
            margin,
            _words_near(terminal_bits[margin:-margin], moves, numbers.stride),
            numbers.stride,
            moves.cap,
            *(*paths, moves.path_gain, moves.path_heading, *straight[-2:]),
        )
    return LatticeField(
        grid=grid,
        moves=moves,
        height=height,
        reachable=reachable,
        terminal=terminal,
        open_steps=steps,
        numbers=numbers,
        run_up=by_number,
        entry_run_up=entry_run_up,
        rounds=int(rounds),
    )


def _words_near(bits: NDArray[np.uint64], moves: Moves, stride: int) -> NDArray[np.int64]:
    """Return the words from which an arc may reach a cell whose bit is set."""
    reach = _reach(moves)
    is_set = bits.reshape(-1, stride // WORD) != 0
    size = (2 * reach + 1, 2 * (1 + reach // WORD) + 1)
    return np.flatnonzero(maximum_filter(is_set, size, mode="constant"))


def _reach(moves: Moves) -> int:
    """Return the rows or columns that no arc reaches beyond."""
    return int(max(np.abs(moves.path_row).max(), np.abs(moves.path_column).max())) + 1


def _margin(moves: Moves, stride: int) -> int:
    """Return the words that no arc reaches beyond."""
    reach = _reach(moves)
    return (reach * stride + reach) // WORD + 2


def entry_run_ups(
    entry: EntryStates | None, moves: Moves, free: NDArray[np.bool_]
) -> dict[tuple[int, int, int, int], int]:
    """Return the run-ups of the entry states by heading, level, row and column."""
    run_ups: dict[tuple[int, int, int, int], int] = {}
    if entry is None:
        return run_ups
    units = moves.units_of_speed(entry.speed)
    position = entry.direction / (2.0 * math.pi) * moves.n_headings
    for k in range(len(units)):
        cell = (int(entry.level[k]), int(entry.row[k]), int(entry.column[k]))
        if not free[cell]:
            continue
        nearest = {math.floor(position[k] + 1e-9), math.ceil(position[k] - 1e-9)}
        for heading in (h % moves.n_headings for h in nearest):
            state = (heading, *cell)
            run_ups[state] = max(run_ups.get(state, 0), int(units[k]))
    return run_ups


def _height_by_number(
    height: NDArray[np.float32] | None, numbers: CellNumbers
) -> NDArray[np.float32]:
    """Return heights by cell number, none for level ground."""
    if height is None:
        return np.empty(0, dtype=np.float32)
    dense = np.broadcast_to(height, numbers.shape)
    by_row = np.zeros((len(numbers.row_of_row), numbers.stride), dtype=np.float32)
    by_row[:, : numbers.shape[2]] = dense[numbers.level_of_row, numbers.row_of_row]
    return by_row.reshape(-1)


def _usable_portals(
    grid: CellGrid, free: NDArray[np.bool_], numbers: CellNumbers
) -> NDArray[np.int64]:
    """Return the portals between free cells as pairs of cell numbers."""
    one, other, row, column = (grid.portals[:, k].astype(np.int64) for k in range(4))
    is_usable = free[one, row, column] & free[other, row, column]
    pairs = [numbers.numbers(level, row, column) for level in (one, other)]
    return np.ascontiguousarray(np.column_stack(pairs)[is_usable])


def _last_links(
    steps: NDArray[np.bool_], terminal: NDArray[np.bool_], numbers: CellNumbers
) -> tuple[Any, ...]:
    """Return the links into terminal cells as `arrive_on_steps` takes them."""
    found = []
    for direction in (0, 2, 4, 6):
        level, row, column = np.nonzero(steps[direction] & ahead(terminal, direction))
        dr, dc = STEP_ROW[direction], STEP_COLUMN[direction]
        found.append(
            (
                numbers.numbers(level, row, column),
                numbers.numbers(level, row + dr, column + dc),
                np.full(len(row), dr),
                np.full(len(row), dc),
                numbers.stacked_row[level, row],
                column.astype(np.int64),
            )
        )
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))
