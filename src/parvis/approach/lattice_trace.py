"""
Answer why a state of the lattice has its speed: the run-ups and arcs that lead to it.

Nothing is stored while solving. A move that leads into a state is found again by its value, and
each step back needs less run-up than the one before, so the way back ends at rest or at the
window's edge.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.approach.lattice import LatticeField
from parvis.approach.lattice_moves import STEP_COLUMN, STEP_ROW, Moves, forward_of
from parvis.approach.lattice_relax import gained_run_up
from parvis.errors import InternalError

_LARGEST_APPROACHES = 8

NO_CAP = 1 << 30
"""More than any run-up. [units]"""

State = tuple[int, int, int, int]
"""Heading, level index, row, column."""


class UnsupportedStateError(InternalError):
    """No move gives a state the speed the solver found."""

    code = "lattice_state_unsupported"


@dataclass(frozen=True, slots=True)
class LatticeLeg:
    """
    A stretch of a path: straight on, or on one arc.

    Attributes
    ----------
    kind : {"straight", "arc"}
    length : float
        [m]
    radius : float
        [m]; inf where straight.
    deflection : float
        Change of direction, positive to the left. [rad]
    direction_in, direction_out : float
        Of travel, from east counter-clockwise. [rad]
    start, end : tuple of int
        Level index, row, column.
    speed_in, speed_out : float
        [m s⁻¹]
    cap : float
        Speed the radius allows. [m s⁻¹]; inf where it does not limit.
    is_limiting : bool
        The vehicle could arrive faster than the arc allows.
    """

    kind: str
    length: float
    radius: float
    deflection: float
    direction_in: float
    direction_out: float
    start: tuple[int, int, int]
    end: tuple[int, int, int]
    speed_in: float
    speed_out: float
    cap: float
    is_limiting: bool


@dataclass(frozen=True, slots=True)
class LatticeTrace:
    """
    How a state gets its speed.

    Attributes
    ----------
    legs : tuple of LatticeLeg
        In the order driven.
    entry_speed : float
        Speed at the first leg's start: that of the street field, 0 from rest. [m s⁻¹] On sloping
        ground a path that runs in a loop is cut where it begins to repeat itself.
    is_entry : bool
        The path begins in an entry state at the window's edge.
    """

    legs: tuple[LatticeLeg, ...]
    entry_speed: float
    is_entry: bool


@dataclass(frozen=True, slots=True)
class _Move:
    """A move: from where into which cell, with which gain and cap, on which arc (-1: straight)."""

    origin: State
    goal: tuple[int, int, int]
    gain: int
    cap: int
    arc: int
    length: float
    heading_change: int


def trace_state(
    field: LatticeField, level: int, row: int, column: int, heading: int
) -> LatticeTrace:
    """
    Find run-ups and arcs that give a state its speed.

    Parameters
    ----------
    field : LatticeField
    level, row, column : int
        Cell; level is an index.
    heading : int

    Returns
    -------
    LatticeTrace
        No legs for a state that is attained at rest only.

    Notes
    -----
    Before an arc that limits, the fastest approach is followed for its own sake, up to eight
    times: with other parameters it may limit instead.
    """
    state: State = (heading, level, row, column)
    need = field.run_up_of(state)
    legs: list[LatticeLeg] = []
    visited: dict[State, int] = {}
    approaches = 0
    while need > 0 and _entry_run_up(field, state) < need:
        visited[state] = min(need, visited.get(state, need))
        found = _move_into(field, state, need, visited)
        if found is None:
            break
        move, remaining, is_limiting = found
        if is_limiting and move.origin not in visited and approaches < _LARGEST_APPROACHES:
            approaches += 1
            remaining = field.run_up_of(move.origin)
        legs.append(_leg(field, state, move, need, remaining, is_limiting))
        state, need = move.origin, remaining
    legs.reverse()
    is_entry = 0 < need <= _entry_run_up(field, state)
    entry_speed = float(field.moves.speed_of_units(np.array([need]))[0])
    return LatticeTrace(legs=_merge(legs), entry_speed=entry_speed, is_entry=is_entry)


def _entry_run_up(field: LatticeField, state: State) -> int:
    """Return the run-up with which vehicles enter the window in a state, 0 where none do."""
    heading, level, row, column = state
    return max(
        field.entry_run_up.get((heading, other, row, column), 0)
        for other in _same_place(field, level, row, column)
    )


def _move_into(
    field: LatticeField, state: State, need: int, visited: dict[State, int]
) -> tuple[_Move, int, bool] | None:
    """
    Return the move that best explains `need`, the run-up needed before it, and whether it limits.

    One that is not limited comes first, straight on before arcs. On level ground there always is
    one, and it needs less than `need`. On slopes a vehicle may have come down from where it can
    only be explained by what has been explained already: None.
    """
    best: tuple[_Move, int, bool] | None = None
    best_score = (-1, -1)
    for move in _moves_into(field, state, need):
        available = field.run_up_of(move.origin)
        full = _after(field, move, available)
        if min(full, move.cap) < need:
            continue
        remaining = _least_before(field, move, need, available)
        is_new = move.origin not in visited or remaining < visited[move.origin]
        if field.height is not None and not is_new:
            continue
        score = (2 * (full == need) + (move.origin not in visited), available)
        if score > best_score:
            best = (move, remaining, move.arc >= 0 and full > move.cap == need)
            best_score = score
    if best is None and field.height is None:
        raise UnsupportedStateError(state=state, need=need)
    return best


def _after(field: LatticeField, move: _Move, run_up: int) -> int:
    """Return the run-up after a move were there no cap."""
    rise = field.height_of(move.goal) - field.height_of(move.origin[1:])
    return int(gained_run_up(run_up, move.gain, NO_CAP, rise, field.moves.curve))


def _least_before(field: LatticeField, move: _Move, need: int, available: int) -> int:
    """Return the least run-up, at most `available`, that a move turns into `need`."""
    if field.height is None:
        return max(0, need - move.gain)
    low, high = 0, available
    while low < high:
        middle = (low + high) // 2
        if _after(field, move, middle) >= need:
            high = middle
        else:
            low = middle + 1
    return low


def _moves_into(field: LatticeField, state: State, need: int) -> Iterator[_Move]:
    """
    Give the moves that lead into a state or its like on joined levels, straight ones first.

    Arcs whose cap or whose origin gives less than `need` are left out.
    """
    heading, level, row, column = state
    states = [(heading, other, row, column) for other in _same_place(field, level, row, column)]
    for same in states:
        yield from _straight_into(field, same)
    for same in states:
        yield from _arcs_into(field, same, need)


def _same_place(field: LatticeField, level: int, row: int, column: int) -> list[int]:
    """Return the levels that portals join with a cell, its own first."""
    portals = field.grid.portals
    here = portals[(portals[:, 2] == row) & (portals[:, 3] == column), :2]
    levels = [level]
    for known in levels:
        for one, other in here:
            if known in (one, other):
                beyond = int(other if known == one else one)
                are_free = _is_free(field, known, row, column) and _is_free(
                    field, beyond, row, column
                )
                if are_free and beyond not in levels:
                    levels.append(beyond)
    return levels


def _is_free(field: LatticeField, level: int, row: int, column: int) -> bool:
    cell = (level, row, column)
    return bool(field.reachable[cell] and not field.terminal[cell])


def _straight_into(field: LatticeField, state: State) -> Iterator[_Move]:
    heading, level, row, column = state
    moves = field.moves
    _, n_rows, n_columns = field.terminal.shape
    forward = forward_of(heading, moves.n_headings)
    is_columnwise = moves.is_columnwise(heading)
    shifts = _line_shifts(moves, heading, n_columns if is_columnwise else n_rows)
    gain = int(moves.step_gain[heading])
    candidates = [(dr, dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc]
    for dr, dc in candidates:
        r, c = row - dr, column - dc
        if not (0 <= r < n_rows and 0 <= c < n_columns):
            continue
        shift = int(shifts[c if is_columnwise else r])
        step = (shift, forward) if is_columnwise else (forward, shift)
        if step == (dr, dc):
            is_open = field.open_steps[_direction(dr, dc), level, r, c]
        elif field.terminal[level, row, column] and dr * dc == 0:
            is_open = (
                step[0] * dr + step[1] * dc > 0
                and field.open_steps[_direction(dr, dc), level, r, c]
            )
        else:
            continue
        if is_open:
            length = moves.cell * math.hypot(1.0, float(moves.slope[heading]))
            yield _Move((heading, level, r, c), state[1:], gain, moves.top, -1, length, 0)


@lru_cache(maxsize=256)
def _line_shifts(moves: Moves, heading: int, n: int) -> NDArray[np.int64]:
    return moves.line_shifts(heading, n)


def _arcs_into(field: LatticeField, state: State, need: int) -> Iterator[_Move]:
    heading, level, row, column = state
    moves = field.moves
    height = np.zeros(1, dtype=np.float32) if field.height is None else field.height
    found = _find_arcs(
        heading,
        level,
        row,
        column,
        need,
        field.terminal,
        field.open_steps,
        field.run_up,
        field.numbers.stacked_row,
        field.numbers.stride,
        np.broadcast_to(height, field.terminal.shape),
        moves.curve,
        moves.turn,
        moves.cap,
        moves.gain,
        moves.path_start,
        moves.path_step,
        moves.path_row,
        moves.path_column,
        moves.path_gain,
        moves.path_heading,
    )
    for origin_heading, r, c, gain, arc, change in found.tolist():
        origin = (origin_heading, level, r, c)
        length = gain * moves.unit
        yield _Move(origin, state[1:], gain, int(moves.cap[arc]), arc, length, change)


@njit(cache=True, nogil=True)
def _find_arcs(
    heading: int,
    level: int,
    row: int,
    column: int,
    need: int,
    terminal: NDArray[np.bool_],
    open_steps: NDArray[np.bool_],
    run_up: NDArray[np.uint16],
    stacked_row: NDArray[np.int64],
    stride: int,
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
    turn: NDArray[np.int64],
    cap: NDArray[np.int64],
    gain: NDArray[np.int64],
    path_start: NDArray[np.int64],
    path_step: NDArray[np.int64],
    path_row: NDArray[np.int64],
    path_column: NDArray[np.int64],
    path_gain: NDArray[np.int64],
    path_heading: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Find the arcs that lead into a state with at least a run-up.

    Parameters
    ----------
    heading, level, row, column : int
        The state.
    need : int
        [units]
    terminal, open_steps, run_up
        See `LatticeField`.
    stacked_row, stride
        See `CellNumbers`.
    height : ndarray of float32, shape (n_levels, rows, columns)
        Zeros for level ground. [m]
    curve : ndarray of float64, shape (4,)
        See `gained_run_up`.
    turn, cap, gain, path_start, path_step, path_row, path_column, path_gain, path_heading
        See `lattice_moves.Moves`.

    Returns
    -------
    ndarray of int64, shape (n, 6)
        Heading, row and column of the origin, gain [units], arc, signed change of heading. A
        terminal cell is also met in the middle of an arc, and at the corner of a diagonal step.
    """
    n_headings, n_arcs = len(run_up), len(turn)
    _, n_rows, n_columns = terminal.shape
    is_terminal = terminal[level, row, column]
    found = np.empty((64, 6), dtype=np.int64)
    n = 0
    for a in range(n_arcs):
        if cap[a] < need:
            continue
        sweep = abs(turn[a])
        sign = 1 if turn[a] > 0 else -1
        for change in range(0 if is_terminal else sweep, sweep + 1):
            origin_heading = (heading - sign * change) % n_headings
            number = origin_heading * n_arcs + a
            first, last = path_start[number], path_start[number + 1] - 1
            for k in range(first if is_terminal else last, last + 1):
                if path_heading[k] != heading:
                    continue
                n_sides = 3 if is_terminal and path_step[k] % 2 else 1
                for side in range(n_sides):
                    way = (path_step[k] + (0, -1, 1)[side]) % 8
                    r = row - path_row[k] - STEP_ROW[way]
                    c = column - path_column[k] - STEP_COLUMN[way]
                    if not (0 <= r < n_rows and 0 <= c < n_columns):
                        continue
                    is_open = True
                    for j in range(first, k + 1):
                        step = way if j == k else path_step[j]
                        if not open_steps[step, level, r + path_row[j], c + path_column[j]]:
                            is_open = False
                            break
                    if not is_open:
                        continue
                    gained = gain[number] if k == last else path_gain[k]
                    before: Any = np.int64(
                        run_up[origin_heading, stacked_row[level, r] * stride + c]
                    )
                    rise = np.float64(height[level, row, column]) - np.float64(height[level, r, c])
                    if gained_run_up(before, gained, NO_CAP, rise, curve) < need:
                        continue
                    if n == len(found):
                        found = np.concatenate((found, np.empty_like(found)))
                    found[n] = (origin_heading, r, c, gained, a, sign * change)
                    n += 1
    return found[:n]


def _direction(dr: int, dc: int) -> int:
    """Return the number of a step, counter-clockwise from east."""
    return round(math.atan2(dr, dc) / (math.pi / 4.0)) % 8


def _leg(
    field: LatticeField, state: State, move: _Move, need: int, remaining: int, is_limiting: bool
) -> LatticeLeg:
    moves = field.moves
    step = 2.0 * math.pi / moves.n_headings
    speeds = moves.speed_of_units(np.array([remaining, need]))
    is_arc = move.arc >= 0
    cap = float(moves.speed_of_units(moves.cap[move.arc : move.arc + 1])[0]) if is_arc else math.inf
    return LatticeLeg(
        kind="arc" if is_arc else "straight",
        length=move.length,
        radius=float(moves.radius[move.arc]) if is_arc else math.inf,
        deflection=move.heading_change * step,
        direction_in=move.origin[0] * step,
        direction_out=state[0] * step,
        start=move.origin[1:],
        end=state[1:],
        speed_in=float(speeds[0]),
        speed_out=float(speeds[1]),
        cap=cap if is_arc and moves.cap[move.arc] < moves.top else math.inf,
        is_limiting=is_limiting,
    )


def _merge(legs: list[LatticeLeg]) -> tuple[LatticeLeg, ...]:
    """Join neighbouring pieces of the same straight or the same circle."""
    merged: list[LatticeLeg] = []
    for leg in legs:
        last = merged[-1] if merged else None
        is_same = last is not None and (last.kind, last.radius) == (leg.kind, leg.radius)
        if last is not None and is_same and last.deflection * leg.deflection >= 0.0:
            merged[-1] = replace(
                last,
                length=last.length + leg.length,
                deflection=last.deflection + leg.deflection,
                direction_out=leg.direction_out,
                end=leg.end,
                speed_out=leg.speed_out,
                is_limiting=last.is_limiting or leg.is_limiting,
            )
        else:
            merged.append(leg)
    return tuple(merged)
