"""How fast a vehicle can be at the end of a run-up, and how long a run-up a speed takes."""

import numpy as np
from numpy.typing import ArrayLike

from parvis.approach.kinematics.checks import Array, as_array, finite, length, positive, speed_of
from parvis.terms import GRAVITY

_NO_SLOPE = 1e-11
"""Below this deceleration [m s⁻²] a slope changes no speed beyond rounding."""

_ITERATIONS = 100
_TOLERANCE = 1e-12


def attainable_speed(
    run_up: ArrayLike,
    *,
    acceleration: ArrayLike,
    specific_power: ArrayLike | None = None,
    entry_speed: ArrayLike = 0.0,
    gradient: ArrayLike = 0.0,
) -> Array:
    """
    Highest speed a vehicle can have at the end of a run-up.

    Parameters
    ----------
    run_up : array_like
        Drivable length ahead of the target along the path. [m], >= 0, finite.
    acceleration : array_like
        Traction-limited acceleration on level ground. [m s⁻²], > 0.
    specific_power : array_like, optional
        Power at the wheels over mass. [W kg⁻¹], > 0. Without it acceleration is constant.
    entry_speed : array_like, default 0.0
        Speed at the beginning of the run-up. [m s⁻¹], >= 0.
    gradient : array_like, default 0.0
        Rise over run along the path, uphill positive. [1], finite.

    Returns
    -------
    ndarray
        Speed at the target, shape of the arguments broadcast together. [m s⁻¹], >= 0; NaN where
        an argument is NaN; 0 where the vehicle cannot climb from rest or rolls to a stop.

    Raises
    ------
    NegativeLengthError, NegativeSpeedError, NotPositiveError, NotFiniteError
        If an argument is out of its range.

    Notes
    -----
    Constant acceleration: ``v² = v0² + 2 (a - G) s`` with ``G = g sin(atan gradient)`` [1]_.
    With power: ``a(v) = min(a, p/v) - G``; the switch at ``p/a`` does not depend on the slope. On
    level ground beyond the switch ``v³ = v_c³ + 3 p (s - s_c)``; on a slope
    ``s(v) = -[v²/2G + p v/G² + (p²/G³) ln|p - G v|]`` between the limits is solved for v, which
    tends to the terminal speed ``p/G`` uphill. Air drag and rolling resistance are left out, so
    the result is an upper bound. Constant acceleration over-estimates heavy vehicles beyond about
    50 km/h.

    References
    ----------
    .. [1] UFC 4-022-02, "Selection and Application of Vehicle Barriers", US Department of Defense,
       2009; MIL-HDBK-1013/14, 1999.

    Examples
    --------
    >>> attainable_speed([50.0, 100.0], acceleration=2.0).round(2)
    array([14.14, 20.  ])
    >>> speed = attainable_speed(150.0, acceleration=2.0, specific_power=20.0, gradient=0.05)
    >>> (speed * 3.6).round(1)
    np.float64(63.5)
    """
    s = finite(length(run_up, "run_up"), "run_up")
    a = positive(acceleration, "acceleration")
    v0 = speed_of(entry_speed, "entry_speed")
    slope = slope_deceleration(gradient)
    if specific_power is None:
        return as_array(np.sqrt(np.maximum(v0**2 + 2.0 * (a - slope) * s, 0.0)))[()]
    p = positive(specific_power, "specific_power")
    s, a, v0, slope, p = (
        np.array(x, dtype=np.float64) for x in np.broadcast_arrays(s, a, v0, slope, p)
    )
    known = ~(np.isnan(s) | np.isnan(a) | np.isnan(v0) | np.isnan(slope) | np.isnan(p))
    result = np.full(s.shape, np.nan)
    result[known] = _speed_with_power(s[known], a[known], p[known], v0[known], slope[known])
    return result[()]


def run_up_length(
    speed: ArrayLike,
    *,
    acceleration: ArrayLike,
    specific_power: ArrayLike | None = None,
    entry_speed: ArrayLike = 0.0,
    gradient: ArrayLike = 0.0,
) -> Array:
    """
    Run-up after which a vehicle has a speed: the inverse of `attainable_speed`.

    Parameters
    ----------
    speed : array_like
        Speed at the end. [m s⁻¹], >= 0.
    acceleration, specific_power, entry_speed, gradient
        As in `attainable_speed`.

    Returns
    -------
    ndarray
        [m]; 0 where the vehicle has the speed, or more while it gains speed, from the beginning;
        inf where it never has it. Where the vehicle loses speed (a steep climb), the length after
        which it has dropped to `speed`. NaN where an argument is NaN.

    Raises
    ------
    NegativeSpeedError, NotPositiveError, NotFiniteError
        If an argument is out of its range.

    Notes
    -----
    The formulas are those of `attainable_speed`.

    Examples
    --------
    >>> run_up_length(20.0, acceleration=2.0)
    np.float64(100.0)
    >>> run_up_length(25.0, acceleration=2.0, specific_power=20.0, gradient=0.10)
    np.float64(inf)
    """
    v = finite(speed_of(speed, "speed"), "speed")
    a = positive(acceleration, "acceleration")
    v0 = speed_of(entry_speed, "entry_speed")
    slope = slope_deceleration(gradient)
    p = np.inf if specific_power is None else positive(specific_power, "specific_power")
    v, a, v0, slope, p = (
        np.array(x, dtype=np.float64) for x in np.broadcast_arrays(v, a, v0, slope, p)
    )
    known = ~(np.isnan(v) | np.isnan(a) | np.isnan(v0) | np.isnan(slope) | np.isnan(p))
    result = np.full(v.shape, np.nan)
    result[known] = _length_with_power(v[known], a[known], p[known], v0[known], slope[known])
    return result[()]


def terminal_speed(
    *, acceleration: ArrayLike, specific_power: ArrayLike, gradient: ArrayLike
) -> Array:
    """
    Speed a vehicle tends to on an endless slope.

    Parameters
    ----------
    acceleration, specific_power, gradient
        As in `attainable_speed`.

    Returns
    -------
    ndarray
        [m s⁻¹]; ``p/G`` uphill, 0 where traction does not overcome the slope, inf on level ground
        and downhill, where this model has no bound (use the class's top speed).

    Examples
    --------
    >>> terminal_speed(acceleration=2.0, specific_power=20.0, gradient=0.10).round(2)
    np.float64(20.5)
    """
    a = positive(acceleration, "acceleration")
    p = positive(specific_power, "specific_power")
    slope = slope_deceleration(gradient)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ends = np.where(slope > 0.0, p / slope, np.inf)
    ends = np.where(slope >= a, 0.0, ends)
    return as_array(np.where(np.isnan(a + p + slope), np.nan, ends))[()]


def drag_limited_speed(
    run_up: ArrayLike,
    *,
    acceleration: ArrayLike,
    drag: ArrayLike,
    entry_speed: ArrayLike = 0.0,
    gradient: ArrayLike = 0.0,
) -> Array:
    """
    Speed at the end of a run-up with constant acceleration and air drag.

    Parameters
    ----------
    run_up : array_like
        [m], >= 0.
    acceleration : array_like
        [m s⁻²], > 0.
    drag : array_like
        Air drag over mass and speed squared, ``ρ c_w A / 2m``. [m⁻¹], >= 0.
    entry_speed : array_like, default 0.0
        [m s⁻¹], >= 0.
    gradient : array_like, default 0.0
        Rise over run, uphill positive. [1]

    Returns
    -------
    ndarray
        [m s⁻¹]; NaN where an argument is NaN.

    Notes
    -----
    ``v² = v0² e^(-2ks) + ((a - G)/k) (1 - e^(-2ks))``; without drag ``v² = v0² + 2 (a - G) s``.

    Examples
    --------
    >>> drag_limited_speed(200.0, acceleration=2.0, drag=[0.0, 0.0005]).round(2)
    array([28.28, 26.93])
    """
    s = length(run_up, "run_up")
    a = positive(acceleration, "acceleration") - slope_deceleration(gradient)
    k = length(drag, "drag")
    v0 = speed_of(entry_speed, "entry_speed")
    fade = 2.0 * k * s
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        reach = np.where(fade > 0.0, -np.expm1(-fade) / fade, 1.0)
    reach = np.where(np.isnan(fade), np.nan, reach)
    squared = v0**2 * np.exp(-fade) + 2.0 * a * s * reach
    return as_array(np.sqrt(np.maximum(squared, 0.0)))[()]


def slope_deceleration(gradient: ArrayLike) -> Array:
    """
    Deceleration by gravity along a slope, ``g sin(atan gradient)``.

    Parameters
    ----------
    gradient : array_like
        Rise over run, uphill positive. [1], finite.

    Returns
    -------
    ndarray
        [m s⁻²], negative downhill.

    Notes
    -----
    The rule of thumb "10 % is 1 m/s²" gives 1.0 where this gives 0.976.

    Examples
    --------
    >>> slope_deceleration(0.10).round(3)
    np.float64(0.976)
    """
    i = finite(as_array(gradient), "gradient")
    return as_array(GRAVITY * i / np.hypot(1.0, i))[()]


def _speed_with_power(s: Array, a: Array, p: Array, v0: Array, slope: Array) -> Array:
    switch = p / a
    gain = a - slope
    on_power = v0 > switch
    # Phase 1: traction-limited, for those that begin at or below the switch.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        to_switch = np.where(gain > 0.0, (switch**2 - v0**2) / (2.0 * gain), np.inf)
    to_switch = np.where(on_power, 0.0, to_switch)
    below = s <= to_switch
    result = np.sqrt(np.maximum(v0**2 + 2.0 * gain * s, 0.0))
    # Phase 2: power-limited, from the switch or from the entry speed.
    later = ~below | on_power
    start = np.where(on_power, v0, switch)
    # Losing speed on the power branch down to the switch, then with traction-limited deceleration.
    sinks = later & (gain < 0.0)
    until_switch = np.full(s.shape, np.inf)
    if np.any(sinks):
        until_switch[sinks] = _power_length(start[sinks], switch[sinks], p[sinks], slope[sinks])
    again = sinks & (s >= until_switch)
    rest = np.where(again, s - until_switch, 0.0)
    result = np.where(again, np.sqrt(np.maximum(switch**2 + 2.0 * gain * rest, 0.0)), result)
    power = later & ~again
    if np.any(power):
        distance = s[power] - np.where(on_power, 0.0, to_switch)[power]
        result[power] = _power_speed(start[power], distance, p[power], slope[power])
    return result


def _length_with_power(v: Array, a: Array, p: Array, v0: Array, slope: Array) -> Array:
    switch = p / a
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ends = np.where(slope > 0.0, p / slope, np.inf)
    gain = a - slope
    ends = np.where(gain < 0.0, 0.0, ends)
    rises = v0 < ends
    sinks = v0 > ends
    result = np.full(v.shape, np.inf)
    result[(v == v0) | (rises & (v < v0))] = 0.0
    goes = (rises & (v > v0) & (v < ends)) | (sinks & (v < v0) & ((v > ends) | (ends == 0.0)))
    if not np.any(goes):
        return result
    v, a, p, v0 = v[goes], a[goes], p[goes], v0[goes]
    slope, switch, gain = slope[goes], switch[goes], gain[goes]
    total = np.zeros(v.shape)
    low, high = np.minimum(v, switch), np.minimum(v0, switch)
    traction = low != high
    total[traction] = (low[traction] ** 2 - high[traction] ** 2) / (2.0 * gain[traction])
    low, high = np.maximum(v, switch), np.maximum(v0, switch)
    power = low != high
    if np.any(power):
        total[power] += _power_length(high[power], low[power], p[power], slope[power])
    result[goes] = total
    return result


def _power_length(start: Array, end: Array, p: Array, slope: Array) -> Array:
    """Length on the power branch from speed `start` to `end`, both on one side of the terminal."""
    result = (end**3 - start**3) / (3.0 * p)
    steep = np.abs(slope) > _NO_SLOPE
    if np.any(steep):
        scale = p[steep] / slope[steep]
        with np.errstate(divide="ignore"):
            result[steep] = (scale**2 / slope[steep]) * (
                _shape(end[steep] / scale) - _shape(start[steep] / scale)
            )
    return result


def _power_speed(start: Array, distance: Array, p: Array, slope: Array) -> Array:
    """Speed on the power branch after `distance`, from `start`."""
    result = np.cbrt(start**3 + 3.0 * p * distance)
    steep = np.abs(slope) > _NO_SLOPE
    if np.any(steep):
        scale = p[steep] / slope[steep]
        u0 = start[steep] / scale
        target = _shape(u0) + distance[steep] * slope[steep] / scale**2
        result[steep] = scale * _inverse_shape(target, u0)
    return result


def _shape(u: Array) -> Array:
    """
    Integral of u²/(1 - u) from 0, beyond 1 continued by its principal value.

    Speed over terminal speed is u (negative downhill), so that length is
    ``(p²/G³) [shape(u1) - shape(u0)]``; near 0 the closed form cancels and the series is used.
    """
    small = np.abs(u) < 0.1
    series = np.zeros(u.shape)
    x = np.where(small, u, 0.0)
    for power in range(18, 2, -1):
        series = series * x + 1.0 / power
    with np.errstate(divide="ignore"):
        closed = -0.5 * u * u - u - np.log(np.abs(1.0 - np.where(small, 0.0, u)))
    return np.where(small, series * x**3, closed)


def _inverse_shape(target: Array, u0: Array) -> Array:
    """Solve shape(u) = target on the branch of `u0` by Newton steps kept inside a bracket."""
    result = np.empty(u0.shape)
    for branch, solve in (
        (u0 < 0.0, _solve_downhill),
        ((u0 >= 0.0) & (u0 < 1.0), _solve_below_terminal),
        (u0 > 1.0, _solve_above_terminal),
    ):
        if np.any(branch):
            result[branch] = solve(target[branch], u0[branch])
    result[u0 == 1.0] = 1.0
    return result


def _solve_downhill(target: Array, u0: Array) -> Array:
    # x = -u grows without bound: x²/2 - x + ln(1 + x) = -target is convex, so that Newton from
    # any side lands to the right of the root and then descends to it.
    goal = -target
    x = np.maximum(np.cbrt(3.0 * goal), -u0)
    for _ in range(_ITERATIONS):
        step = (-_shape(-x) - goal) * (1.0 + x) / x**2
        x = np.maximum(x - step, -u0)
        if np.all(np.abs(step) <= _TOLERANCE * x):
            break
    return -x


def _solve_below_terminal(target: Array, u0: Array) -> Array:
    # Convex and increasing; both bounds used as a start lie to the right of the root.
    high = np.minimum(np.cbrt(3.0 * target), -np.expm1(-(target + 1.5)))
    u = np.maximum(high, u0)
    for _ in range(_ITERATIONS):
        rest = 1.0 - u
        open_ = rest > 0.0
        step = np.where(open_, (_shape(np.where(open_, u, 0.5)) - target) * rest, 0.0)
        step = np.divide(step, u**2, out=np.zeros_like(u), where=u > 0.0)
        u = np.maximum(u - step, u0)
        if np.all(np.abs(step) <= _TOLERANCE * u):
            break
    return u


def _solve_above_terminal(target: Array, u0: Array) -> Array:
    # With q = ln(u - 1) the function is concave and decreasing; Newton from the entry speed, where
    # it is too small, descends to the root.
    q = np.log(u0 - 1.0)
    for _ in range(_ITERATIONS):
        t = np.exp(q)
        value = -q - 0.5 * (t + 1.0) ** 2 - (t + 1.0)
        step = (value - target) / (-1.0 - t * (t + 2.0))
        q = q - step
        if np.all(np.abs(step) <= _TOLERANCE * np.maximum(1.0, np.abs(q))):
            break
    return 1.0 + np.exp(q)
