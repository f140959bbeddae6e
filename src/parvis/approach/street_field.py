"""
Answer how fast a vehicle of a class can be at most on each street of a whole network.

The greatest attainable speed on every directed segment is the least fixed point of monotone maps
over the turn graph: a leg lengthens the run-up, a turn limits the speed. Starting at rest anywhere,
it is the supremum over all walks, loops and one-way streets the wrong way included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.approach.kinematics import attainable_speed, run_up_length
from parvis.approach.street_field_kernel import advance, least_fixed_point
from parvis.approach.turns import TurnGraph
from parvis.approach.vehicles import VehicleParameters
from parvis.terms import GRAVITY

GRADIENT_STEP = 0.01
"""Gradients are rounded down (towards downhill) to multiples of it. [1]"""

AT_START, MIDWAY = -1, -2
"""In place of a turn: where on its first leg an explained path begins."""

LONGEST_PATH = 10_000
"""Legs after which an explanation stops looking for its start."""

N_KNOTS = 512
"""Intervals of equal speed in a slope table."""


@dataclass(frozen=True, eq=False)
class RunUpCurve:
    """
    Speed over run-up on level road from rest: traction limit, then the power law, then top speed.

    Attributes
    ----------
    acceleration, specific_power, top_speed : float
        See `VehicleParameters`.

    Notes
    -----
    ``a(v) = min(a0, p / v)``: ``v² = 2 a0 s`` up to ``v_c = p / a0``, beyond it
    ``v³ = v_c³ + 3 p (s - s_c)``.
    """

    acceleration: float
    specific_power: float
    top_speed: float

    @property
    def critical_speed(self) -> float:
        """Speed at which power takes over from traction, [m s⁻¹]."""
        return self.specific_power / self.acceleration

    @cached_property
    def top(self) -> float:
        """Run-up after which the speed grows no more, [m]."""
        return float(self.run_up(self.top_speed))

    def run_up(self, speed: ArrayLike) -> NDArray[np.float64]:
        """Return the run-up from rest to `speed` [m s⁻¹, >= 0], speeds above the top included."""
        return run_up_length(
            speed, acceleration=self.acceleration, specific_power=self.specific_power
        )

    def speed(self, run_up: ArrayLike) -> NDArray[np.float64]:
        """Return the speed after `run_up` [m, >= 0] from rest, at most the top speed [m s⁻¹]."""
        speed = attainable_speed(
            np.maximum(np.asarray(run_up, dtype=np.float64), 0.0),
            acceleration=self.acceleration,
            specific_power=self.specific_power,
        )
        return np.minimum(speed, self.top_speed)


@dataclass(frozen=True, eq=False)
class SlopeTables:
    """
    How the equivalent run-up changes along the slopes of a network.

    Attributes
    ----------
    gradient : ndarray of float64, shape (g,)
        Rise over run of each table.
    knots : ndarray of float64, shape (k + 1,)
    rate : ndarray of float64, shape (g, k)
    along : ndarray of float64, shape (g, k + 1)
    turning : ndarray of int64, shape (g,)
        See `street_field_kernel.advance`.
    """

    gradient: NDArray[np.float64]
    knots: NDArray[np.float64]
    rate: NDArray[np.float64]
    along: NDArray[np.float64]
    turning: NDArray[np.int64]


def slope_tables(curve: RunUpCurve, gradients: NDArray[np.float64]) -> SlopeTables:
    """
    Tabulate the run-up on slopes, rounded so that a speed is never too low.

    With ``a(v) = min(a0, p / v) - G``, ``G = g sin(atan i)``, the equivalent run-up s of level road
    changes by ``ds/dx = 1 - G / min(a0, p / v)``. Each interval takes the value at its lower end,
    the greatest in it uphill, and at its upper end downhill.

    Parameters
    ----------
    curve : RunUpCurve
    gradients : ndarray, shape (g,)
        Rise over run, uphill positive.

    Returns
    -------
    SlopeTables
    """
    speeds = np.unique(
        np.append(
            np.linspace(0.0, curve.top_speed, N_KNOTS + 1),
            min(curve.critical_speed, curve.top_speed),
        )
    )
    knots = curve.run_up(speeds)
    with np.errstate(divide="ignore"):
        traction = np.minimum(curve.acceleration, curve.specific_power / speeds)
    weight = GRAVITY * np.sin(np.arctan(gradients))[:, None]
    held = np.where(weight >= 0.0, traction[None, :-1], traction[None, 1:])
    rate = 1.0 - weight / held
    rate[rate == 0.0] = 1e-12
    falling = rate < 0.0
    turning = np.where(falling.any(axis=1), falling.argmax(axis=1), rate.shape[1])
    along = np.zeros((len(gradients), len(knots)))
    np.cumsum(np.diff(knots)[None, :] / np.abs(rate), axis=1, out=along[:, 1:])
    return SlopeTables(gradients, knots, rate, along, turning.astype(np.int64))


@dataclass(frozen=True, slots=True)
class StreetLeg:
    """
    One run-up of the path that explains a speed, after the turn that begins it.

    Attributes
    ----------
    length : float
        [m]
    radius : float
        Of the turn into this run-up, inf for none (start at rest, or straight on). [m]
    deflection : float
        Of that turn, left positive. [rad]
    cap : float
        Speed that turn allows, inf for none. [m s⁻¹]
    is_limiting : bool
        The vehicle could have arrived at that turn faster than it allows.
    street : int
        Row in `City.streets` of the longest part of the run-up.
    speed : float
        At the end of the run-up. [m s⁻¹]
    begins_on : int
        Directed segment at whose very start the vehicle stood at rest, -1 where it did not.
    """

    length: float
    radius: float
    deflection: float
    cap: float
    is_limiting: bool
    street: int
    speed: float
    begins_on: int


@dataclass(frozen=True, eq=False)
class StreetField:
    """
    Greatest attainable speed on a street network for one vehicle class and parameter set.

    Attributes
    ----------
    graph : TurnGraph
    vehicle : VehicleParameters
    curve : RunUpCurve
    run_up : ndarray of float64, shape (k,)
        Equivalent run-up at the end of each leg: the length of level straight road from rest that
        gives the same speed; negative where the leg is closed to the vehicle. [m]
    run_up_at_start : ndarray of float64, shape (k,)
        The same at its start. [m]
    came_by : ndarray of int64, shape (k,)
        Turn through which the greatest speed came, -1 for a start on the leg itself.
    cap : ndarray of float64, shape (t,)
        Equivalent run-up of the speed that each turn allows, slack included. [m]
    entry : ndarray of float64, shape (k,)
        Equivalent run-up each leg may begin with by itself: 0 is rest, inf closes it. [m]
    slope : ndarray of int32, shape (k,)
        Row of `slopes` per leg, -1 for level road.
    slopes : SlopeTables
    n_visits : int
        Legs whose turns were followed until the fixed point.
    """

    graph: TurnGraph
    vehicle: VehicleParameters
    curve: RunUpCurve
    run_up: NDArray[np.float64]
    run_up_at_start: NDArray[np.float64]
    came_by: NDArray[np.int64]
    cap: NDArray[np.float64]
    entry: NDArray[np.float64]
    slope: NDArray[np.int32]
    slopes: SlopeTables
    n_visits: int

    @property
    def speed(self) -> NDArray[np.float64]:
        """
        Greatest attainable speed at the end of each directed segment, shape (2 n,), [m s⁻¹].

        Directed segment ``2 i`` runs along segment i, ``2 i + 1`` against it; NaN where closed.
        """
        ends = self.run_up[self.graph.first_leg[1:] - 1]
        return np.where(ends >= 0.0, self.curve.speed(ends), np.nan)

    def leg_at(self, directed_segment: int, distance: float) -> tuple[int, float]:
        """Return the leg at a distance along a directed segment and the distance along the leg."""
        low, high = self.graph.first_leg[directed_segment : directed_segment + 2]
        starts = self.graph.leg_start[low:high]
        leg = int(low) + max(0, int(np.searchsorted(starts, distance, side="left")) - 1)
        return leg, float(distance - self.graph.leg_start[leg])

    def speed_at(self, directed_segment: int, distance: float) -> float:
        """
        Return the greatest attainable speed at a distance along a directed segment.

        Parameters
        ----------
        directed_segment : int
        distance : float
            From its start. [m], between 0 and its length.

        Returns
        -------
        float
            [m s⁻¹]; NaN where closed.
        """
        leg, along = self.leg_at(directed_segment, distance)
        start = float(self.run_up_at_start[leg])
        if start < 0.0:
            return float("nan")
        return float(self.curve.speed(self.after(start, leg, along)))

    def after(self, run_up: float, leg: int, length: float) -> float:
        """Return the equivalent run-up after a part of a leg entered with `run_up`, [m]."""
        row = int(self.slope[leg])
        if row < 0:
            return min(run_up + length, self.curve.top)
        tables = self.slopes
        reached = advance(
            run_up, length, row, tables.knots, tables.rate, tables.along, tables.turning
        )
        return min(float(reached), self.curve.top)

    def needed(self, run_up: float, leg: int, length: float) -> float:
        """Return the least equivalent run-up before a part of a leg that gives `run_up` after."""
        if int(self.slope[leg]) < 0:
            return run_up - length
        low, high = 0.0, self.curve.top
        if self.after(low, leg, length) >= run_up:
            return 0.0
        for _ in range(60):
            middle = (low + high) / 2.0
            if self.after(middle, leg, length) >= run_up:
                high = middle
            else:
                low = middle
        return high

    def leg_before(self, turn: int) -> int:
        """Return the leg that a turn leaves."""
        return int(np.searchsorted(self.graph.turn_offsets, turn, side="right")) - 1

    def residual(self) -> float:
        """Return the greatest growth that one more sweep would bring, 0 at the fixed point, [m]."""
        graph = self.graph
        ends = [
            self.after(float(self.run_up_at_start[leg]), int(leg), float(graph.leg_length[leg]))
            if graph.is_passable[leg]
            else -1.0
            for leg in range(graph.n_legs)
        ]
        growth = np.array(ends) - self.run_up
        reached = np.minimum(self.run_up[graph.turn_from], self.cap)
        onwards = reached - self.run_up_at_start[graph.turn_into]
        return float(max(growth.max(initial=0.0), onwards.max(initial=0.0)))


def solve_street_field(
    graph: TurnGraph,
    vehicle: VehicleParameters,
    *,
    gradient: ArrayLike | None = None,
    cut_ends: NDArray[np.bool_] | None = None,
    cut_end_speed: float = 0.0,
    tolerance: float = 0.0,
) -> StreetField:
    """
    Solve for the greatest attainable speed on every directed segment.

    Parameters
    ----------
    graph : TurnGraph
        Made for the same vehicle's width and turning radius.
    vehicle : VehicleParameters
    gradient : array_like, shape (n,), optional
        Rise over run along each segment from its first to its last node; NaN or None is level.
        Rounded down per direction to multiples of `GRADIENT_STEP`, so that speeds stay upper
        bounds.
    cut_ends : ndarray of bool, shape (2 n,), optional
        Directed segments that come in where the extract ends; see `directed_from_cut_ends`.
    cut_end_speed : float, default 0.0
        Speed with which vehicles may come in there. [m s⁻¹], >= 0.
    tolerance : float, default 0.0
        Growth of the equivalent run-up that is left unfollowed. [m]

    Returns
    -------
    StreetField

    Notes
    -----
    ``v² <= f g R`` at each turn; full traction in curves is assumed. Labels may grow along a path,
    so this is no shortest-path problem; the fixed point does not depend on any order.
    """
    curve = RunUpCurve(vehicle.acceleration, vehicle.specific_power, vehicle.top_speed)
    slope, tables = _slopes_of_legs(graph, curve, gradient)
    cap = np.full(graph.n_turns, np.inf)
    bends = np.isfinite(graph.turn_radius)
    speed = np.sqrt(vehicle.friction * GRAVITY * graph.turn_radius[bends])
    cap[bends] = curve.run_up(speed) + graph.turn_slack[bends]
    entry = np.where(graph.is_passable, 0.0, np.inf)
    if cut_ends is not None and cut_end_speed > 0.0:
        coming = graph.first_leg[:-1][np.asarray(cut_ends, dtype=bool)]
        coming = coming[graph.is_passable[coming]]
        entry[coming] = min(float(curve.run_up(cut_end_speed)), curve.top)
    sloped = (tables.knots, tables.rate, tables.along, tables.turning)
    start, run_up, came_by, n_visits = least_fixed_point(
        graph.turn_offsets.astype(np.uint32),
        graph.turn_into.astype(np.uint32),
        cap,
        graph.leg_length,
        slope,
        entry,
        curve.top,
        *sloped,
        tolerance,
    )
    return StreetField(
        graph=graph,
        vehicle=vehicle,
        curve=curve,
        run_up=run_up,
        run_up_at_start=np.where(graph.is_passable, start, -1.0),
        came_by=came_by,
        cap=cap,
        entry=entry,
        slope=slope,
        slopes=tables,
        n_visits=int(n_visits),
    )


def _slopes_of_legs(
    graph: TurnGraph, curve: RunUpCurve, gradient: ArrayLike | None
) -> tuple[NDArray[np.int32], SlopeTables]:
    """Return the slope table of each leg and the tables."""
    if gradient is None:
        return np.full(graph.n_legs, -1, dtype=np.int32), slope_tables(curve, np.zeros(1))
    rise = np.nan_to_num(np.asarray(gradient, dtype=np.float64))
    directed = np.where(graph.leg_directed & 1, -1.0, 1.0) * rise[graph.leg_directed >> 1]
    steps = np.floor(directed / GRADIENT_STEP + 1e-9).astype(np.int64)
    values, row = np.unique(steps, return_inverse=True)
    level = values[row] == 0
    return (
        np.where(level, -1, row).astype(np.int32),
        slope_tables(curve, values * GRADIENT_STEP),
    )


def explain(
    field: StreetField, directed_segment: int, distance: float | None = None
) -> Sequence[StreetLeg]:
    """
    Tell why the speed on a directed segment is what it is: run-ups and turns, back to rest.

    The path is the one by which the greatest speed came, begun no earlier and no faster than that
    speed needs, so it ends (at rest) even where the vehicle could go round in circles.

    Parameters
    ----------
    field : StreetField
    directed_segment : int
    distance : float, optional
        From its start; default its end. [m]

    Returns
    -------
    sequence of StreetLeg
        In order of travel; parts without a limiting or bending turn between them are one run-up.
        Empty where the segment is closed.
    """
    graph = field.graph
    if distance is None:
        leg = int(graph.first_leg[directed_segment + 1]) - 1
        along = float(graph.leg_length[leg])
    else:
        leg, along = field.leg_at(directed_segment, distance)
    if field.run_up[leg] < 0.0:
        return ()
    at_end = field.after(float(field.run_up_at_start[leg]), leg, along)
    parts: list[tuple[int, float, int]] = []
    need = at_end
    for _ in range(LONGEST_PATH):
        entry = float(field.entry[leg])
        turn = -1
        need_in = field.needed(need, leg, along)
        if need_in > entry + 1e-9:
            turn = int(field.came_by[leg])
        if turn < 0:
            if entry == 0.0 and field.slope[leg] < 0 and need < along - 1e-6:
                parts.append((leg, max(need, 0.0), MIDWAY))
            else:
                parts.append((leg, along, AT_START))
            break
        parts.append((leg, along, turn))
        leg = field.leg_before(turn)
        along = float(graph.leg_length[leg])
        need = need_in
    return _run_ups(field, parts[::-1])


def _run_ups(field: StreetField, parts: list[tuple[int, float, int]]) -> tuple[StreetLeg, ...]:
    """Join the parts (leg, length, turn into it) between bending turns to run-ups."""
    radius = field.graph.turn_radius
    groups: list[list[tuple[int, float, int]]] = [[]]
    for part in parts:
        if part[2] >= 0 and np.isfinite(radius[part[2]]) and groups[-1]:
            groups.append([])
        groups[-1].append(part)
    found: list[StreetLeg] = []
    state = float(field.entry[parts[0][0]])
    for group in groups:
        leg, state = _run_up(field, group, state)
        found.append(leg)
    return tuple(found)


def _run_up(
    field: StreetField, group: list[tuple[int, float, int]], state: float
) -> tuple[StreetLeg, float]:
    """Return one run-up and the equivalent run-up at its end."""
    graph = field.graph
    first, _, turn = group[0]
    begins_on = -1
    is_bend = turn >= 0 and bool(np.isfinite(graph.turn_radius[turn]))
    if turn >= 0:
        state = min(state, float(field.cap[turn]))
    elif turn == AT_START and graph.leg_start[first] == 0.0:
        begins_on = int(graph.leg_directed[first])
    longest: dict[int, float] = {}
    for leg, length, _ in group:
        state = field.after(state, leg, length)
        street = int(graph.segment_street[graph.leg_directed[leg] >> 1])
        longest[street] = longest.get(street, 0.0) + length
    radius = float(graph.turn_radius[turn]) if is_bend else float("inf")
    run_up = StreetLeg(
        length=sum(longest.values()),
        radius=radius,
        deflection=float(graph.turn_deflection[turn]) if is_bend else 0.0,
        cap=float(np.sqrt(field.vehicle.friction * GRAVITY * radius)),
        is_limiting=is_bend and bool(field.run_up[field.leg_before(turn)] > field.cap[turn]),
        street=max(longest, key=lambda row: longest[row]),
        speed=float(field.curve.speed(state)),
        begins_on=begins_on,
    )
    return run_up, state
