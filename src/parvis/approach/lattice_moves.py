"""
Answer which moves a vehicle can make from a cell and a heading, and what each is worth.

Speeds are kept as *run-up*: the level straight length that gives this speed from rest. On it
every move is ``min(run_up + gain, cap)``, whatever the power law. Run-ups are integers in units of
about a centimetre, so that results are exact, equal in any order of work, and never rounded down.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from parvis.approach.kinematics import attainable_speed, run_up_length
from parvis.approach.vehicles import VehicleParameters
from parvis.terms import GRAVITY

N_HEADINGS = 64
"""Evenly spaced headings; a multiple of 8."""

RADIUS_RATIO = 1.3
SHORTEST_ARC = 2.0
"""Shortest arc. [cells]"""

LARGEST_RUN_UP = 65_000
"""Greatest run-up in units, leaving room below 2¹⁶ for none to wrap around."""

# Rows and columns of the eight steps, counter-clockwise from east.
STEP_ROW = np.array([0, 1, 1, 1, 0, -1, -1, -1], dtype=np.int64)
STEP_COLUMN = np.array([1, 1, 0, -1, -1, -1, 0, 1], dtype=np.int64)

_SAMPLES_PER_CELL = 24


@dataclass(frozen=True, eq=False)
class Moves:
    """
    The moves of one vehicle class on one grid size.

    Arc `a` of heading `h` has the number ``h * n_arcs + a``; arrays of arcs are over numbers.

    Attributes
    ----------
    cell : float
        [m]
    n_headings : int
        Heading `h` points ``2 pi h / n_headings`` from east, counter-clockwise.
    unit : float
        Run-up of one unit. [m]
    top : int
        Run-up that gives the top speed. [units]
    slope : ndarray of float64, shape (n_headings,)
        Sideways cells per step forward of the heading's digital lines, in [-1, 1].
    step_gain : ndarray of int64, shape (n_headings,)
        Run-up of one step straight on. [units]
    n_arcs : int
        Arcs per heading.
    radius : ndarray of float64, shape (n_arcs,)
        [m]
    turn : ndarray of int64, shape (n_arcs,)
        Change of heading, positive to the left. [heading steps]
    cap : ndarray of int64, shape (n_arcs,)
        Run-up that gives the speed the radius allows. [units]
    gain : ndarray of int64, shape (n_headings * n_arcs,)
        Run-up of the whole arc. [units]
    arc_row, arc_column : ndarray of int64, shape (n_headings * n_arcs,)
        Displacement. [cells]
    path_start : ndarray of int64, shape (n_headings * n_arcs + 1,)
        Where each arc's steps begin in the following arrays.
    path_step : ndarray of int64
        Step into the next cell of the arc, 0 to 7 counter-clockwise from east.
    path_row, path_column : ndarray of int64
        Cell the step leaves, from the arc's first cell.
    path_gain : ndarray of int64
        Run-up up to where the arc leaves the cell the step enters. [units]
    path_heading : ndarray of int64
        Heading nearest to the arc's direction there.
    acceleration, specific_power, top_speed
        Of the vehicle class.
    """

    cell: float
    n_headings: int
    unit: float
    top: int
    slope: NDArray[np.float64]
    step_gain: NDArray[np.int64]
    n_arcs: int
    radius: NDArray[np.float64]
    turn: NDArray[np.int64]
    cap: NDArray[np.int64]
    gain: NDArray[np.int64]
    arc_row: NDArray[np.int64]
    arc_column: NDArray[np.int64]
    path_start: NDArray[np.int64]
    path_step: NDArray[np.int64]
    path_row: NDArray[np.int64]
    path_column: NDArray[np.int64]
    path_gain: NDArray[np.int64]
    path_heading: NDArray[np.int64]
    acceleration: float
    specific_power: float
    top_speed: float

    @property
    def curve(self) -> NDArray[np.float64]:
        """What `lattice_relax.gained_run_up` takes: unit, acceleration, power and top speed."""
        return np.array([self.unit, self.acceleration, self.specific_power, self.top_speed])

    def is_columnwise(self, heading: int) -> bool:
        """Return whether a step straight on goes to the next column (else to the next row)."""
        angle = 2.0 * math.pi * heading / self.n_headings
        return abs(math.cos(angle)) > abs(math.sin(angle)) - 1e-9

    def line_shifts(self, heading: int, n: int) -> NDArray[np.int64]:
        """
        Return the sideways cells of the step that leaves each of `n` columns (or rows).

        The lines' phase is that of the grid's middle, so that a mirrored grid has mirrored lines.
        Shape (n,); the step out of the grid is given too.
        """
        forward = forward_of(heading, self.n_headings)
        slope = self.slope[heading]
        if abs(slope) == 1.0:
            return np.full(n, int(slope) * forward, dtype=np.int64)
        along = np.arange(n) - 0.5 * (n - 1)
        offset = np.rint(np.round(slope * along, 9))
        following = np.rint(np.round(slope * (along + forward), 9))
        return (following - offset).astype(np.int64)

    def units_of_speed(self, speed: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the least run-up in units that gives at least `speed` [m/s], top speed at most."""
        run_up = run_up_length(
            np.asarray(speed, dtype=np.float64),
            acceleration=self.acceleration,
            specific_power=self.specific_power,
        )
        units = np.ceil(run_up / self.unit - 1e-9).astype(np.int64)
        return np.clip(units, 0, self.top)

    def speed_of_units(self, units: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the speed that a run-up in units gives. [m/s], at most the top speed."""
        speed = attainable_speed(
            np.asarray(units, dtype=np.float64) * self.unit,
            acceleration=self.acceleration,
            specific_power=self.specific_power,
        )
        return np.minimum(speed, self.top_speed)


@lru_cache(maxsize=64)
def build_moves(vehicle: VehicleParameters, *, cell: float, n_headings: int = N_HEADINGS) -> Moves:
    """
    Lay out headings, digital lines and arcs for a vehicle class.

    Parameters
    ----------
    vehicle : VehicleParameters
    cell : float
        [m], > 0.
    n_headings : int, default 64
        A multiple of 8.

    Returns
    -------
    Moves

    Notes
    -----
    Arcs have radii ``turning_radius * 1.3**k`` up to the first that allows the top speed, each to
    the left and to the right over the fewest heading steps that give two cells of length. The
    displacement is rounded to cells, and what rounding adds or takes along the arc's chord is
    added to or taken from its length: else a vehicle that weaves with arcs rounded short gains up
    to 5 % of speed on a straight street. Arcs are laid out for the first half quadrant and
    mirrored, so that the moves have the grid's symmetry exactly.
    """
    limit = vehicle.top_speed**2 / (vehicle.friction * GRAVITY)
    n_radii = max(0, math.ceil(math.log(limit / vehicle.turning_radius, RADIUS_RATIO) - 1e-9)) + 1
    radii = vehicle.turning_radius * RADIUS_RATIO ** np.arange(n_radii, dtype=np.float64)
    heading_step = 2.0 * math.pi / n_headings
    turns = np.maximum(1, np.ceil(SHORTEST_ARC * cell / (radii * heading_step) - 1e-9))
    curve = {"acceleration": vehicle.acceleration, "specific_power": vehicle.specific_power}
    top_run_up = float(run_up_length(np.array(vehicle.top_speed), **curve))
    longest = float(np.max(radii * turns * heading_step)) + 2.0 * cell
    unit = cell / max(1, math.floor(LARGEST_RUN_UP * cell / (top_run_up + longest)))
    if top_run_up + longest > LARGEST_RUN_UP * unit:
        unit = (top_run_up + longest) / LARGEST_RUN_UP
    angles = heading_step * np.arange(n_headings)
    cos, sin = np.abs(np.cos(angles)), np.abs(np.sin(angles))
    larger, smaller = np.maximum(cos, sin), np.minimum(cos, sin)
    sign = np.sign(np.round(np.cos(angles) * np.sin(angles), 12))
    cap_speed = np.minimum(np.sqrt(vehicle.friction * GRAVITY * radii), vehicle.top_speed)
    cap = np.ceil(run_up_length(cap_speed, **curve) / unit - 1e-9).astype(np.int64)
    arcs = _lay_out_arcs(radii, turns.astype(np.int64), cell=cell, n_headings=n_headings)
    flat = [arc for heading in arcs for arc in heading]
    lengths = np.array([len(arc.steps) for arc in flat])
    return Moves(
        cell=cell,
        n_headings=n_headings,
        unit=unit,
        top=math.ceil(top_run_up / unit - 1e-9),
        slope=sign * np.round(smaller / larger, 12),
        step_gain=np.ceil(np.round(cell / larger / unit, 6)).astype(np.int64),
        n_arcs=2 * n_radii,
        radius=np.repeat(radii, 2),
        turn=np.column_stack([turns, -turns]).ravel().astype(np.int64),
        cap=np.repeat(cap, 2),
        gain=np.array([math.ceil(round(arc.length / unit, 6)) for arc in flat], dtype=np.int64),
        arc_row=np.array([arc.row for arc in flat], dtype=np.int64),
        arc_column=np.array([arc.column for arc in flat], dtype=np.int64),
        path_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        path_step=np.concatenate([arc.steps for arc in flat]),
        path_row=np.concatenate([arc.rows for arc in flat]),
        path_column=np.concatenate([arc.columns for arc in flat]),
        path_gain=np.concatenate(
            [np.ceil(np.round(arc.lengths / unit, 6)).astype(np.int64) for arc in flat]
        ),
        path_heading=np.concatenate([arc.headings for arc in flat]),
        acceleration=vehicle.acceleration,
        specific_power=vehicle.specific_power,
        top_speed=vehicle.top_speed,
    )


def forward_of(heading: int, n_headings: int) -> int:
    """Return whether the step straight on goes up (1) or down (-1) its axis."""
    angle = 2.0 * math.pi * heading / n_headings
    cos, sin = math.cos(angle), math.sin(angle)
    larger = cos if abs(cos) > abs(sin) - 1e-9 else sin
    return 1 if larger > 0 else -1


@dataclass(frozen=True, eq=False)
class _Arc:
    """One arc from the middle of cell (0, 0); arrays are over its steps."""

    row: int
    column: int
    length: float
    steps: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    lengths: NDArray[np.float64]
    headings: NDArray[np.int64]


def _lay_out_arcs(
    radii: NDArray[np.float64], turns: NDArray[np.int64], *, cell: float, n_headings: int
) -> list[list[_Arc]]:
    """Return for each heading its arcs: each radius to the left, then to the right."""
    quarter, eighth = n_headings // 4, n_headings // 8
    laid: dict[tuple[int, int, int], _Arc] = {}
    for heading in range(eighth + 1):
        for number, (radius, turn) in enumerate(zip(radii, turns, strict=True)):
            for side in (1, -1):
                laid[heading, number, side] = _trace_arc(
                    heading, radius, side * int(turn), cell=cell, n_headings=n_headings
                )
    for heading in range(eighth + 1, quarter):
        for number in range(len(radii)):
            for side in (1, -1):
                mirrored = laid[quarter - heading, number, -side]
                laid[heading, number, side] = _mirror_diagonally(mirrored, n_headings)
    for heading in range(quarter, n_headings):
        for number in range(len(radii)):
            for side in (1, -1):
                laid[heading, number, side] = _rotate_quarter(
                    laid[heading - quarter, number, side], n_headings
                )
    return [
        [laid[heading, number, side] for number in range(len(radii)) for side in (1, -1)]
        for heading in range(n_headings)
    ]


def _trace_arc(heading: int, radius: float, turn: int, *, cell: float, n_headings: int) -> _Arc:
    step = 2.0 * math.pi / n_headings
    start, sweep = heading * step, abs(turn) * step
    length = radius * sweep
    share = np.linspace(0.0, 1.0, 2 + math.ceil(_SAMPLES_PER_CELL * length / cell))
    angle = sweep * share
    ahead, aside = radius * np.sin(angle), math.copysign(1.0, turn) * radius * (1 - np.cos(angle))
    x = ahead * math.cos(start) - aside * math.sin(start)
    y = ahead * math.sin(start) + aside * math.cos(start)
    column = np.rint(np.round(x / cell, 9)).astype(np.int64)
    row = np.rint(np.round(y / cell, 9)).astype(np.int64)
    chord = math.hypot(x[-1], y[-1])
    ahead_by_rounding = (
        (column[-1] * cell - x[-1]) * x[-1] + (row[-1] * cell - y[-1]) * y[-1]
    ) / chord
    length += float(ahead_by_rounding)
    is_new = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(column) != 0)])
    first = np.flatnonzero(is_new)
    last = np.concatenate([first[1:], [len(share) - 1]])
    rows, columns = row[first], column[first]
    code = {(int(r), int(c)): k for k, (r, c) in enumerate(zip(STEP_ROW, STEP_COLUMN, strict=True))}
    steps = [code[int(r), int(c)] for r, c in zip(np.diff(rows), np.diff(columns), strict=True)]
    along = share[last][1:]
    headings = np.rint(np.round(heading + turn * along, 9)).astype(np.int64) % n_headings
    return _Arc(
        row=int(row[-1]),
        column=int(column[-1]),
        length=length,
        steps=np.array(steps, dtype=np.int64),
        rows=rows[:-1],
        columns=columns[:-1],
        lengths=length * along,
        headings=headings,
    )


def _mirror_diagonally(arc: _Arc, n_headings: int) -> _Arc:
    """Swap rows and columns."""
    return _Arc(
        row=arc.column,
        column=arc.row,
        length=arc.length,
        steps=(2 - arc.steps) % 8,
        rows=arc.columns,
        columns=arc.rows,
        lengths=arc.lengths,
        headings=(n_headings // 4 - arc.headings) % n_headings,
    )


def _rotate_quarter(arc: _Arc, n_headings: int) -> _Arc:
    """Turn a quarter to the left: (row, column) becomes (column, -row)."""
    return _Arc(
        row=arc.column,
        column=-arc.row,
        length=arc.length,
        steps=(arc.steps + 2) % 8,
        rows=arc.columns,
        columns=-arc.rows,
        lengths=arc.lengths,
        headings=(arc.headings + n_headings // 4) % n_headings,
    )
