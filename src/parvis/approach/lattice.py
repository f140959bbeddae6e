"""
Answer how fast a vehicle of a class can be going at each place of open ground.

The motion lattice: states are cells and evenly spaced headings, moves are steps along digital
lines and arcs of circles, and the speed of a state is the greatest over all walks that start at
rest anywhere on the reachable ground, or at the window's edge with a speed from the street field.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.approach.cells import CellGrid
from parvis.approach.lattice_kernel import (
    LANES,
    MARGIN,
    arc_masks,
    arrive_on_arcs,
    arrive_on_steps,
    spread_run_ups,
)
from parvis.approach.lattice_moves import (
    N_HEADINGS,
    STEP_COLUMN,
    STEP_ROW,
    Moves,
    build_moves,
    forward_of,
)
from parvis.approach.vehicles import VehicleParameters

_WORD = 64


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
    reachable, terminal : ndarray of bool, shape (n_levels, rows, columns)
        As given to `solve_lattice`.
    open_steps : ndarray of bool, shape (8, n_levels, rows, columns)
        Steps a vehicle may make, counter-clockwise from east; none leaves a terminal cell.
    run_up : ndarray of uint16, shape (n_headings, n_levels, rows, columns)
        Run-up of each state; see `lattice_moves`. [units]
    entry_run_up : dict from (heading, level, row, column) to int
        Run-up of the entry states. [units]
    rounds : int
        Rounds the solver took.
    """

    grid: CellGrid
    moves: Moves
    reachable: NDArray[np.bool_]
    terminal: NDArray[np.bool_]
    open_steps: NDArray[np.bool_]
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
        greatest = self.run_up.max(axis=0)
        table = self.moves.speed_of_units(np.arange(self.moves.top + 1)).astype(np.float32)
        speed = table[greatest]
        speed[~(self.reachable | (self.terminal & (greatest > 0)))] = np.nan
        return speed

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
        return self.moves.speed_of_units(self.run_up[:, level, row, column].T)

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
        units = self.run_up[:, level, row, column].T.astype(np.int64)
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
    steps = open_steps(grid, allowed=reachable | terminal, terminal=terminal)
    n_levels, rows, columns = reachable.shape
    stride = -(-columns // _WORD) * _WORD
    n_cells = n_levels * rows * stride
    margin = _margin(moves, stride)
    links = _pack(steps, stride, margin)
    masks = np.empty((len(moves.gain), n_cells // _WORD), dtype=np.uint64)
    paths = (moves.path_start, moves.path_step, moves.path_row, moves.path_column)
    arc_masks(links, margin, stride, *paths, masks)
    width = n_cells + 2 * MARGIN
    run_up = np.zeros(n_headings * width, dtype=np.uint16)
    field = run_up.reshape(n_headings, width)[:, MARGIN:-MARGIN]
    field = field.reshape(n_headings, n_levels, rows, stride)[..., :columns]
    entry_run_up = _seed(field, entry, moves, reachable & ~terminal)
    pending = np.full((n_headings, n_cells // LANES), 3, dtype=np.uint8)
    group_links = np.ascontiguousarray(links[:, margin:-margin]).view(np.uint32)
    straight = (
        np.array([moves.is_columnwise(h) for h in range(n_headings)]),
        np.array([forward_of(h, n_headings) for h in range(n_headings)], dtype=np.int64),
        np.array([moves.line_shifts(h, columns) for h in range(n_headings)]),
        np.array([moves.line_shifts(h, rows) for h in range(n_headings)]),
        moves.step_gain,
        moves.top,
    )
    rounds = spread_run_ups(
        run_up,
        pending,
        group_links,
        masks.view(np.uint32),
        _usable_portals(grid, reachable, terminal, stride),
        stride,
        *straight,
        moves.turn,
        moves.cap,
        moves.gain,
        moves.arc_row,
        moves.arc_column,
    )
    if terminal.any():
        arrive_on_steps(run_up, n_headings, group_links, terminal, stride, *straight)
        within_reach = np.flatnonzero(terminal.any(axis=2).ravel()) * stride // _WORD
        arrive_on_arcs(
            run_up,
            n_headings,
            moves.n_arcs,
            links,
            _pack(terminal[None], stride, margin)[0],
            margin,
            max(0, int(within_reach[0]) - margin),
            min(n_cells // _WORD, int(within_reach[-1]) + margin),
            stride,
            moves.cap,
            *paths,
            moves.path_gain,
            moves.path_heading,
        )
    return LatticeField(
        grid=grid,
        moves=moves,
        reachable=reachable,
        terminal=terminal,
        open_steps=steps,
        run_up=field,
        entry_run_up=entry_run_up,
        rounds=int(rounds),
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
        steps[diagonal] = (steps[one] & _ahead(steps[other], one)) | (
            steps[other] & _ahead(steps[one], other)
        )
    return steps


def _ahead(step: NDArray[np.bool_], direction: int) -> NDArray[np.bool_]:
    """Return for each cell the value of `step` in the next cell in a straight direction."""
    ahead = np.zeros_like(step)
    dr, dc = int(STEP_ROW[direction]), int(STEP_COLUMN[direction])
    _, rows, columns = step.shape
    ahead[:, max(0, -dr) : rows - max(0, dr), max(0, -dc) : columns - max(0, dc)] = step[
        :, max(0, dr) : rows - max(0, -dr), max(0, dc) : columns - max(0, -dc)
    ]
    return ahead


def _margin(moves: Moves, stride: int) -> int:
    """Return the words that no arc reaches beyond."""
    reach = int(max(np.abs(moves.path_row).max(), np.abs(moves.path_column).max())) + 1
    return (reach * stride + reach) // _WORD + 2


def _pack(flags: NDArray[np.bool_], stride: int, margin: int) -> NDArray[np.uint64]:
    """Return flags of cells as bits, shape (n, margin + n_words + margin)."""
    n, n_levels, rows, columns = flags.shape
    padded = np.zeros((n, n_levels * rows, stride), dtype=np.bool_)
    padded[:, :, :columns] = flags.reshape(n, n_levels * rows, columns)
    packed = np.packbits(padded.reshape(n, -1), axis=1, bitorder="little").view(np.uint64)
    return np.pad(packed, ((0, 0), (margin, margin)))


def _seed(
    field: NDArray[np.uint16],
    entry: EntryStates | None,
    moves: Moves,
    free: NDArray[np.bool_],
) -> dict[tuple[int, int, int, int], int]:
    """Write the entry states into the field and return their run-ups."""
    seeded: dict[tuple[int, int, int, int], int] = {}
    if entry is None:
        return seeded
    units = moves.units_of_speed(entry.speed)
    position = entry.direction / (2.0 * math.pi) * moves.n_headings
    for k in range(len(units)):
        level, row, column = int(entry.level[k]), int(entry.row[k]), int(entry.column[k])
        if not free[level, row, column]:
            continue
        nearest = {math.floor(position[k] + 1e-9), math.ceil(position[k] - 1e-9)}
        for heading in sorted(h % moves.n_headings for h in nearest):
            state = (heading, level, row, column)
            seeded[state] = max(seeded.get(state, 0), int(units[k]))
            field[state] = seeded[state]
    return seeded


def _usable_portals(
    grid: CellGrid, reachable: NDArray[np.bool_], terminal: NDArray[np.bool_], stride: int
) -> NDArray[np.int64]:
    """Return the portals between cells that are reachable and not terminal as cell numbers."""
    one, other, row, column = (grid.portals[:, k].astype(np.int64) for k in range(4))
    free = reachable & ~terminal
    is_usable = free[one, row, column] & free[other, row, column]
    rows = reachable.shape[1]
    numbers = np.column_stack(
        [(one * rows + row) * stride + column, (other * rows + row) * stride + column]
    )
    return np.ascontiguousarray(numbers[is_usable])
