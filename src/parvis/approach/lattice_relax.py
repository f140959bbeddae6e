"""Answer what one move makes of run-ups: of 32 neighbouring cells at once, level or sloping."""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from parvis.terms import GRAVITY

LANES = 32
"""Cells of a group."""

LONGEST_PIECE = 8.0
"""Piece of a sloping move over which height and gain are taken one after the other. [m]"""


def _relax_lanes(
    typing_context: Any,  # noqa: ARG001
    run_up: Any,
    source: Any,  # noqa: ARG001
    target: Any,  # noqa: ARG001
    gain: Any,  # noqa: ARG001
    cap: Any,  # noqa: ARG001
    mask: Any,  # noqa: ARG001
) -> Any:
    """
    Raise 32 neighbouring run-ups: ``target = max(target, min(source + gain, cap))`` where `mask`.

    Takes the whole array of uint16, two positions in it, two numbers and 32 bits. Returns 64 bits:
    the lower half tells which lanes rose, the upper half in which lanes the target is at least the
    cap now, so that this move will never raise it again. Written out because compilers do not find
    this form in a loop.
    """
    signature = types.uint64(
        run_up, types.int64, types.int64, types.int64, types.int64, types.uint32
    )

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        array, source_at, target_at, gain_value, cap_value, mask_value = arguments
        lane = ir.IntType(16)
        vector = ir.VectorType(lane, LANES)

        def spread(value: Any) -> Any:
            single = builder.trunc(value, lane)
            first = builder.insert_element(
                ir.Constant(vector, ir.Undefined), single, ir.Constant(ir.IntType(32), 0)
            )
            order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
            return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), order)

        data = context.make_array(sig.args[0])(context, builder, array).data
        source_pointer = builder.bitcast(builder.gep(data, [source_at]), vector.as_pointer())
        target_pointer = builder.bitcast(builder.gep(data, [target_at]), vector.as_pointer())
        old = builder.load(target_pointer, align=2)
        gained = builder.add(builder.load(source_pointer, align=2), spread(gain_value))
        limit = spread(cap_value)
        capped = builder.select(builder.icmp_unsigned("<", gained, limit), gained, limit)
        allowed = builder.bitcast(mask_value, ir.VectorType(ir.IntType(1), LANES))
        rises = builder.and_(builder.icmp_unsigned(">", capped, old), allowed)
        new = builder.select(rises, capped, old)
        builder.store(new, target_pointer, align=2)
        word, half = ir.IntType(64), ir.IntType(32)
        is_done = builder.icmp_unsigned(">=", new, limit)
        upper = builder.zext(builder.bitcast(is_done, half), word)
        lower = builder.zext(builder.bitcast(rises, half), word)
        return builder.or_(builder.shl(upper, ir.Constant(word, 32)), lower)

    return signature, generate


relax: Any = intrinsic(_relax_lanes)


@njit(cache=True)
def gained_run_up(run_up: int, gain: int, cap: int, rise: float, curve: NDArray[np.float64]) -> int:
    """
    Return the run-up after a move over sloping ground.

    Parameters
    ----------
    run_up, gain, cap : int
        Before the move, of the move on the level, and greatest after it. [units]
    rise : float
        Height at the end less height at the start. [m]
    curve : ndarray of float64, shape (4,)
        Unit [m], acceleration [m s⁻²], specific power [W kg⁻¹] and top speed [m s⁻¹].

    Returns
    -------
    int
        [units]; 0 where the vehicle does not get up.

    Notes
    -----
    Never below the exact solution of ``dv²/ds = 2 (min(a0, p/v) - G)``. The power law gives the
    more the slower the vehicle is: uphill the height is taken before the gain, downhill it is
    given after it, piece by piece. Uphill the energy is also at most what traction alone would
    give.
    """
    unit, acceleration, power = curve[0], curve[1], curve[2]
    if rise == 0.0:
        return min(run_up + gain, cap)
    n = math.ceil(gain * unit / LONGEST_PIECE)
    length, lift = gain * unit / n, 2.0 * GRAVITY * rise / n
    after = run_up * unit
    for _ in range(n):
        square = _square_speed(after, acceleration, power)
        if rise > 0.0:
            by_traction = square + 2.0 * acceleration * length - lift
            if by_traction <= 0.0:
                return 0
            after = min(
                _run_up_of_square(max(square - lift, 0.0), acceleration, power) + length,
                _run_up_of_square(by_traction, acceleration, power),
            )
        else:
            square = _square_speed(after + length, acceleration, power) - lift
            after = _run_up_of_square(square, acceleration, power)
    return min(math.ceil(after / unit - 1e-6), cap)


@njit(cache=True)
def _square_speed(run_up: float, acceleration: float, power: float) -> float:
    """Return v² [m² s⁻²] after a level run-up [m] from rest."""
    switch = power / acceleration
    beyond = run_up - 0.5 * switch * switch / acceleration
    if beyond <= 0.0:
        return 2.0 * acceleration * run_up
    return float((switch**3 + 3.0 * power * beyond) ** (2.0 / 3.0))


@njit(cache=True)
def _run_up_of_square(square: float, acceleration: float, power: float) -> float:
    """Return the level run-up [m] after which a vehicle from rest has v² [m² s⁻²]."""
    switch = power / acceleration
    if square <= switch * switch:
        return 0.5 * square / acceleration
    cubes = square * math.sqrt(square) - switch**3
    return 0.5 * switch * switch / acceleration + cubes / (3.0 * power)


@njit(cache=True)
def raise_on_slope(
    run_up: NDArray[np.uint16],
    base: int,
    cell: int,
    other_base: int,
    other: int,
    gain: int,
    cap: int,
    lanes: int,
    height: NDArray[np.float32],
    curve: NDArray[np.float64],
) -> Any:
    """
    Move 32 cells over sloping ground; what `relax` does for level ground, lane by lane.

    Parameters
    ----------
    run_up : ndarray of uint16
    base, other_base : int
        Where the cells of the headings before and after the move begin in it.
    cell, other : int
        First cells of the 32.
    gain, cap, lanes : int
        As for `relax`.
    height : ndarray of float32, shape (n_cells,)
    curve : ndarray of float64, shape (4,)
        As for `gained_run_up`.

    Returns
    -------
    int
        The bits that `relax` returns.
    """
    steepest = max(0.5 / curve[1], 0.5 * curve[3] / curve[2]) * 2.0 * GRAVITY / curve[0]
    rises = np.uint64(0)
    done = np.uint64(0)
    for lane in range(LANES):
        if not (np.int64(lanes) >> lane) & 1:
            continue
        rise = np.float64(height[other + lane]) - np.float64(height[cell + lane])
        before: Any = np.int64(run_up[base + cell + lane])
        now = np.int64(run_up[other_base + other + lane])
        if before + gain + 2 + max(-rise, 0.0) * steepest <= now:
            continue
        value: Any = gained_run_up(before, gain, cap, rise, curve)
        bit = np.uint64(1) << np.uint64(lane)
        if value > now:
            run_up[other_base + other + lane] = value
            rises |= bit
        if value >= cap:
            done |= bit
    return rises | (done << np.uint64(32))
