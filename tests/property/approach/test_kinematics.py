"""Invariants of the kinematics, and an integrator in small steps as an oracle."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from parvis.approach.kinematics import (
    attainable_speed,
    braked_profile,
    braking_distance,
    circular_run_up_speed,
    corner_radius,
    cornering_speed,
    impact_angle,
    run_up_length,
    slope_deceleration,
    swept_width,
    terminal_speed,
)

lengths = st.floats(0.0, 1000.0)
accelerations = st.floats(0.3, 8.0)
powers = st.floats(3.0, 150.0)
speeds = st.floats(0.0, 70.0)
gradients = st.one_of(st.just(0.0), st.floats(-0.3, 0.3), st.floats(-1e-5, 1e-5))
frictions = st.floats(0.1, 1.2)
SLACK = 1e-9


@given(lengths, lengths, accelerations, powers, speeds, gradients)
def test_speed_rises_with_run_up_where_the_vehicle_gains_speed(
    first: float, second: float, a: float, p: float, entry: float, gradient: float
) -> None:
    short, long = sorted((first, second))
    ends = terminal_speed(acceleration=a, specific_power=p, gradient=gradient)
    both = attainable_speed(
        [short, long], acceleration=a, specific_power=p, entry_speed=entry, gradient=gradient
    )
    rises = entry <= ends
    assert (both[1] >= both[0] * (1 - SLACK)) if rises else (both[1] <= both[0] * (1 + SLACK))


@given(lengths, accelerations, accelerations, powers, speeds, gradients)
def test_speed_rises_with_acceleration(
    s: float, a: float, b: float, p: float, entry: float, gradient: float
) -> None:
    both = attainable_speed(
        s, acceleration=sorted((a, b)), specific_power=p, entry_speed=entry, gradient=gradient
    )
    assert both[1] >= both[0] * (1 - SLACK)


@given(lengths, accelerations, powers, powers, speeds, gradients)
def test_speed_rises_with_power(
    s: float, a: float, p: float, q: float, entry: float, gradient: float
) -> None:
    both = attainable_speed(
        s, acceleration=a, specific_power=sorted((p, q)), entry_speed=entry, gradient=gradient
    )
    assert both[1] >= both[0] * (1 - SLACK)


@given(lengths, accelerations, powers, speeds, speeds, gradients)
def test_speed_rises_with_entry_speed(
    s: float, a: float, p: float, first: float, second: float, gradient: float
) -> None:
    both = attainable_speed(
        s,
        acceleration=a,
        specific_power=p,
        entry_speed=sorted((first, second)),
        gradient=gradient,
    )
    assert both[1] >= both[0] * (1 - SLACK)


@given(lengths, accelerations, powers, speeds, gradients, gradients)
def test_speed_falls_with_gradient(
    s: float, a: float, p: float, entry: float, first: float, second: float
) -> None:
    both = attainable_speed(
        s,
        acceleration=a,
        specific_power=p,
        entry_speed=entry,
        gradient=sorted((first, second)),
    )
    assert both[0] >= both[1] * (1 - SLACK)


@given(lengths, accelerations, powers, speeds, gradients)
def test_power_never_beats_constant_acceleration(
    s: float, a: float, p: float, entry: float, gradient: float
) -> None:
    common = {"acceleration": a, "entry_speed": entry, "gradient": gradient}
    with_power = attainable_speed(s, specific_power=p, **common)
    assert with_power <= attainable_speed(s, **common) * (1 + SLACK) + SLACK


@given(lengths, accelerations, powers, speeds, st.floats(1e-12, 1e-7))
def test_speed_is_continuous_as_the_slope_vanishes(
    s: float, a: float, p: float, entry: float, slope: float
) -> None:
    level, up, down = attainable_speed(
        s, acceleration=a, specific_power=p, entry_speed=entry, gradient=[0.0, slope, -slope]
    )
    # A slope i changes v² by at most 2 g i s.
    bound = 2.0 * 9.81 * slope * s * 1.001 + 1e-8 * (level**2 + 1.0)
    assert abs(up**2 - level**2) <= bound
    assert abs(down**2 - level**2) <= bound


@given(st.floats(0.01, 1000.0), accelerations, powers, speeds, gradients)
def test_run_up_length_inverts_attainable_speed(
    s: float, a: float, p: float, entry: float, gradient: float
) -> None:
    common = {
        "acceleration": a, "specific_power": p, "entry_speed": entry, "gradient": gradient
    }  # fmt: skip
    speed = attainable_speed(s, **common)
    ends = terminal_speed(acceleration=a, specific_power=p, gradient=gradient)
    if speed == 0.0 or speed == entry or abs(speed - ends) < 1e-3 * ends:
        return
    again = attainable_speed(run_up_length(speed, **common), **common)
    np.testing.assert_allclose(again, speed, rtol=1e-8)


@given(lengths, lengths, accelerations, powers, speeds, gradients)
def test_two_run_ups_in_a_row_are_one(
    first: float, second: float, a: float, p: float, entry: float, gradient: float
) -> None:
    common = {"acceleration": a, "specific_power": p, "gradient": gradient}
    middle = attainable_speed(first, entry_speed=entry, **common)
    split = attainable_speed(second, entry_speed=middle, **common)
    whole = attainable_speed(first + second, entry_speed=entry, **common)
    np.testing.assert_allclose(split**2, whole**2, rtol=1e-8, atol=1e-8)


@given(lengths, accelerations, powers, speeds, gradients, st.floats(0.01, 100.0))
def test_speed_does_not_depend_on_the_unit_of_length(
    s: float, a: float, p: float, entry: float, gradient: float, unit: float
) -> None:
    # Length scales by u and time by sqrt(u), so that gravity stays the same number.
    root = np.sqrt(unit)
    plain = attainable_speed(
        s, acceleration=a, specific_power=p, entry_speed=entry, gradient=gradient
    )
    scaled = attainable_speed(
        s * unit,
        acceleration=a,
        specific_power=p * root,
        entry_speed=entry * root,
        gradient=gradient,
    )
    np.testing.assert_allclose(scaled, plain * root, rtol=1e-8, atol=1e-8)


@given(st.floats(0.5, 400.0), accelerations, powers, st.floats(0.1, 60.0), gradients)
def test_speed_agrees_with_an_integrator(
    s: float, a: float, p: float, entry: float, gradient: float
) -> None:
    slope = float(slope_deceleration(gradient))

    def gain(_: float, w: list[float]) -> list[float]:
        return [2.0 * (min(a, p / np.sqrt(max(w[0], 1e-12))) - slope)]

    def stops(_: float, w: list[float]) -> float:
        return w[0]

    stops.terminal = True  # type: ignore[attr-defined]
    run = solve_ivp(gain, (0.0, s), [entry**2], rtol=1e-9, atol=1e-9, max_step=s / 20, events=stops)
    expected = 0.0 if run.status == 1 else np.sqrt(max(run.y[0, -1], 0.0))
    found = attainable_speed(
        s, acceleration=a, specific_power=p, entry_speed=entry, gradient=gradient
    )
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-3)


@given(lengths, st.floats(1.0, 200.0), frictions, accelerations)
def test_a_curve_is_never_faster_than_the_straight_or_its_own_limit(
    s: float, r: float, f: float, a: float
) -> None:
    speed = circular_run_up_speed(s, radius=r, friction=f, acceleration=a)
    assert speed <= attainable_speed(s, acceleration=a) * (1 + SLACK) + SLACK
    assert speed <= cornering_speed(r, friction=f) * (1 + SLACK) + SLACK


@given(st.floats(0.0, np.pi), st.floats(0.0, 20.0), st.floats(0.0, 20.0), st.floats(0.0, 20.0))
def test_corner_radius_rises_with_width_and_falls_with_deflection(
    deflection: float, radius: float, narrow: float, wide: float
) -> None:
    freedoms = sorted((narrow, wide))
    radii = corner_radius(deflection, inner_radius=radius, lateral_freedom=freedoms)
    assert radii[1] >= radii[0]
    sharper = corner_radius(min(deflection + 0.1, np.pi), inner_radius=radius, lateral_freedom=wide)
    assert sharper <= corner_radius(deflection, inner_radius=radius, lateral_freedom=wide)


@given(st.floats(1e-3, np.pi - 1e-3), st.floats(0.0, 20.0), st.floats(0.0, 20.0), lengths)
def test_a_tangent_limit_never_widens_a_corner(
    deflection: float, radius: float, freedom: float, tangent: float
) -> None:
    free = corner_radius(deflection, inner_radius=radius, lateral_freedom=freedom)
    limited = corner_radius(
        deflection, inner_radius=radius, lateral_freedom=freedom, available_tangent=tangent
    )
    assert limited <= free
    assert limited * np.tan(deflection / 2) <= tangent * (1 + SLACK) or limited == free


@given(st.lists(st.tuples(speeds, st.floats(0.0, 50.0)), min_size=1, max_size=8), accelerations)
def test_braked_profile_is_the_greatest_that_can_be_braked(
    points: list[tuple[float, float]], b: float
) -> None:
    allowed = np.array([speed for speed, _ in points])
    position = np.cumsum([step for _, step in points])
    profile = braked_profile(allowed, position=position, deceleration=b)
    expected = allowed.copy()
    for i in range(len(points) - 2, -1, -1):
        step = position[i + 1] - position[i]
        expected[i] = min(expected[i], np.sqrt(expected[i + 1] ** 2 + 2 * b * step))
    np.testing.assert_allclose(profile, expected, rtol=1e-6, atol=1e-4)


@given(speeds, speeds, frictions, gradients)
def test_braking_is_acceleration_backwards(
    first: float, second: float, f: float, gradient: float
) -> None:
    slow, fast = sorted((first, second))
    length = braking_distance(fast, friction=f, final_speed=slow, gradient=gradient)
    if not 0.0 < length < 1e6:
        return
    total = f * 9.80665 + slope_deceleration(gradient)
    back = attainable_speed(length, acceleration=total, entry_speed=slow)
    np.testing.assert_allclose(back, fast, rtol=1e-9)


@given(st.floats(0.1, 70.0), st.floats(0.1, 70.0), lengths, frictions)
def test_a_faster_vehicle_hits_at_a_smaller_angle(
    first: float, second: float, offset: float, f: float
) -> None:
    angles = impact_angle(sorted((first, second)), offset=offset, friction=f)
    assert angles[1] <= angles[0] + SLACK
    assert np.all((angles >= 0.0) & (angles <= np.pi / 2 + SLACK))


@given(st.floats(1.0, 500.0), st.floats(1.0, 3.0), st.floats(0.0, 12.0))
def test_off_tracking_needs_room_and_vanishes_on_the_straight(
    radius: float, width: float, wheelbase: float
) -> None:
    swept = swept_width(radius, width=width, wheelbase=wheelbase)
    assert swept >= width
    assert swept_width(np.inf, width=width, wheelbase=wheelbase) == width
