"""
Kinematics against published and recomputed figures.

Each case names its source, its tolerance and the reason for the tolerance. "Printed" means read in
the source; "recomputed" means the formula is the source's and the figure was worked out once, by
hand or another program, and is kept here.
"""

import numpy as np
import pytest

from parvis.approach.kinematics import (
    attainable_speed,
    braking_distance,
    chicane_radius,
    circular_run_up_speed,
    corner_radius,
    cornering_speed,
    drag_limited_speed,
    impact_angle,
    kinetic_energy,
    normal_speed,
    run_up_length,
    slope_deceleration,
    swept_width,
    terminal_speed,
)
from parvis.terms import GRAVITY, KMH_PER_MPS

POUND = 0.45359237
MPH = 0.44704
FOOT = 0.3048
FOOT_POUND = 1.3558179483


@pytest.mark.parametrize(
    ("mph", "foot_kips", "kilojoules", "rounded"),
    [(30, 451.3, 611.9, 450), (40, 802.3, 1087.8, 800), (50, 1253.6, 1699.7, 1250)],
)
def test_energy_of_the_medium_duty_truck(
    mph: float, foot_kips: float, kilojoules: float, rounded: float
) -> None:
    # V1. Printed (rounded): ASTM/DoS 15,000 lb energies as given by a vendor; recomputed exactly.
    # Tolerance: half of the last digit kept; 0.3 % against the rounded print, its ratio is 1.0029.
    energy = kinetic_energy(15_000 * POUND, mph * MPH)
    assert energy / 1e3 == pytest.approx(kilojoules, abs=0.06)
    assert energy / FOOT_POUND / 1e3 == pytest.approx(foot_kips, abs=0.06)
    assert energy / FOOT_POUND / 1e3 == pytest.approx(rounded, rel=0.003)


@pytest.mark.parametrize(("mph", "kilojoules", "foot_pounds"), [(50, 1133, 836e3), (15, 102, 75e3)])
def test_energy_in_the_specification_of_the_us_forces(
    mph: float, kilojoules: float, foot_pounds: float
) -> None:
    # V2. Printed: UFGS 02840, 10,000 lb. Tolerance: the print is rounded to 1 kJ and 1,000 ft-lb.
    energy = kinetic_energy(10_000 * POUND, mph * MPH)
    assert energy / 1e3 == pytest.approx(kilojoules, abs=0.5)
    assert energy / FOOT_POUND == pytest.approx(foot_pounds, abs=500)


def test_energy_factor_in_us_units() -> None:
    # V3. Printed 0.0334 (ft-lb per lb mph²), recomputed 0.033429; tolerance its last digit.
    factor = kinetic_energy(POUND, MPH) / FOOT_POUND
    assert factor == pytest.approx(0.033429, abs=1e-6)
    assert factor == pytest.approx(0.0334, abs=5e-5)


def test_critical_speed_of_a_yaw_mark() -> None:
    # V4. Printed: ibfusa.info, 37.585 m/s for f 0.8, r 180 m with g = 9.81. Standard gravity is
    # 0.034 % less, speed 0.017 %: tolerance 0.01 m/s.
    assert cornering_speed(180.0, friction=0.8) == pytest.approx(37.585, abs=0.01)


@pytest.mark.parametrize(
    ("share_of_g", "speed", "printed"), [(0.5, 17.155, 17.20), (0.6, 18.79, 18.80)]
)
def test_skid_to_stop_over_30_m(share_of_g: float, speed: float, printed: float) -> None:
    # V6. Printed: ibfusa.info, 17.20 and 18.80 m/s, which the site rounds up; recomputed 17.155
    # and 18.79 with g = 9.81. Tolerance: 0.02 % of the speed for g; 0.05 m/s for the rounding up.
    assert braking_distance(speed, friction=share_of_g) == pytest.approx(30.0, rel=1e-3)
    backwards = attainable_speed(30.0, acceleration=share_of_g * GRAVITY)
    assert backwards == pytest.approx(speed, abs=0.005)
    assert printed - 0.05 <= backwards <= printed


@pytest.mark.parametrize(("share_of_g", "seconds"), [(0.2, 6.8), (0.1, 13.7)])
def test_time_to_thirty_miles_an_hour(share_of_g: float, seconds: float) -> None:
    # V8. Printed: prtassoc.com, T = 0.0455 dv/A. With constant acceleration from rest T = 2 s/v.
    # Tolerance: the print has one decimal.
    speed = 30 * MPH
    length = run_up_length(speed, acceleration=share_of_g * GRAVITY)
    assert 2.0 * length / speed == pytest.approx(seconds, abs=0.05)


@pytest.mark.parametrize(
    ("radius_ft", "speeds_mph"),
    [
        (50, [12.2, 17.3, 21.2, 24.5, 27.4]),
        (100, [17.3, 24.5, 30.0, 34.6, 38.7]),
        (200, [24.5, 34.6, 42.4, 48.9, 54.7]),
        (300, [30.0, 42.4, 51.9, 59.9, 67.0]),
    ],
)
def test_cornering_figure_of_the_military_handbook(
    radius_ft: float, speeds_mph: list[float]
) -> None:
    # V9. Formula printed in MIL-HDBK-1013/14, figure 7; figures recomputed to one decimal with
    # g = 32.2 ft/s². Tolerance: half a digit and 0.04 % for g.
    speeds = cornering_speed(radius_ft * FOOT, friction=np.array([0.2, 0.4, 0.6, 0.8, 1.0]))
    np.testing.assert_allclose(speeds / MPH, speeds_mph, atol=0.08)


def test_normal_energy_of_a_glancing_car() -> None:
    # V10. Inputs printed in a roadway barrier guide (1,500 kg, 100 km/h, 20°), results recomputed.
    # Tolerance: half of the last digit.
    speed = normal_speed(100 / KMH_PER_MPS, angle=np.radians(20.0))
    assert speed == pytest.approx(9.50, abs=0.005)
    assert kinetic_energy(1500.0, speed) / 1e3 == pytest.approx(67.7, abs=0.05)


def test_power_law_without_traction_limit() -> None:
    # V12. Recomputed: v³ = 3 · 10 · 100 = 3000. A traction limit of 1e6 m/s² stands for none.
    # Tolerance: half of the last digit.
    speed = attainable_speed(100.0, acceleration=1e6, specific_power=10.0)
    assert speed == pytest.approx(14.422, abs=0.0005)
    assert speed * KMH_PER_MPS == pytest.approx(51.92, abs=0.005)


def test_traction_and_power_law() -> None:
    # V13. Recomputed; tolerance half of the last digit.
    speed = attainable_speed(100.0, acceleration=2.0, specific_power=15.0)
    assert speed * KMH_PER_MPS == pytest.approx(58.49, abs=0.005)


def test_superelevation() -> None:
    # V16. Recomputed with g = 9.81, R 20 m, f 0.7; tolerance half of the last digit, and 0.02 %
    # since the root of standard gravity is 0.017 % smaller.
    speeds = cornering_speed(
        20.0, friction=0.7, superelevation=[-0.05, 0.0, 0.02, 0.04, 0.05, 0.06]
    )
    expected = [39.96, 42.19, 43.09, 44.00, 44.45, 44.91]
    np.testing.assert_allclose(speeds * KMH_PER_MPS, expected, atol=0.0051, rtol=2e-4)


def test_slope_with_constant_acceleration() -> None:
    # V17. Recomputed, a 2.0 m/s² over 100 m; tolerance half of the last digit.
    speeds = attainable_speed(100.0, acceleration=2.0, gradient=[-0.10, -0.05, 0.0, 0.05, 0.10])
    np.testing.assert_allclose(speeds * KMH_PER_MPS, [87.8, 80.3, 72.0, 62.6, 51.5], atol=0.051)


def test_slope_with_the_power_law() -> None:
    # A2.2. Recomputed, class N2 P50 (2.0/20), 150 m from rest; tolerance half of the last digit.
    speeds = attainable_speed(
        150.0, acceleration=2.0, specific_power=20.0, gradient=[0.05, -0.05, 0.10, -0.10]
    )
    np.testing.assert_allclose(speeds * KMH_PER_MPS, [63.5, 82.9, 53.3, 91.8], atol=0.051)


def test_slope_rule_of_thumb() -> None:
    # A2.2. Printed: "10 % is 1 m/s², valid to 17 %" (wien.gerichts-sv.at); exact 0.976.
    # Tolerance: half of the last digit; the rule is within 4 % up to 17 %.
    assert slope_deceleration(0.10) == pytest.approx(0.976, abs=0.0005)
    i = np.linspace(0.01, 0.17, 17)
    np.testing.assert_allclose(slope_deceleration(i), 10.0 * i, rtol=0.04)


def test_right_angle_corner_in_a_seven_metre_street() -> None:
    # V18. Recomputed: clear 7.0 m, vehicle 2.0 m, kerb radius 3 m. Tolerance half of a digit.
    radius = corner_radius(np.pi / 2, inner_radius=4.0, lateral_freedom=5.0)
    assert radius == pytest.approx(21.07, abs=0.005)
    tangent = radius * np.tan(np.pi / 4)
    assert tangent == pytest.approx(21.07, abs=0.005)
    speeds = cornering_speed(radius, friction=np.array([0.7, 1.0, 0.4])) * KMH_PER_MPS
    np.testing.assert_allclose(speeds, [43.3, 51.8, 32.7], atol=0.051)


@pytest.mark.parametrize(
    ("degrees", "freedom", "radius", "speed"),
    [
        (30, 3.5, 107, 97),
        (45, 3.5, 50, 67),
        (60, 3.5, 30, 52),
        (90, 3.5, 15.9, 38),
        (120, 3.5, 11.0, 31),
        (90, 8.0, 31, 53),
    ],
)
def test_racing_line_through_corners(
    degrees: float, freedom: float, radius: float, speed: float
) -> None:
    # A8. Recomputed, r 4 m, f 0.7, printed to 1 m (0.1 m below 20 m) and 1 km/h.
    found = corner_radius(np.radians(degrees), inner_radius=4.0, lateral_freedom=freedom)
    assert found == pytest.approx(radius, abs=0.5 if radius > 20 else 0.06)
    assert cornering_speed(found, friction=0.7) * KMH_PER_MPS == pytest.approx(speed, abs=0.51)


@pytest.mark.parametrize(("wheelbase", "radius", "cut"), [(6.0, 15.0, 1.25), (4.2, 12.0, 0.76)])
def test_off_tracking(wheelbase: float, radius: float, cut: float) -> None:
    # A2.9. Recomputed; tolerance half of the last digit.
    width = swept_width(radius, width=2.5, wheelbase=wheelbase)
    assert width - 2.5 == pytest.approx(cut, abs=0.0051)


def test_chicane_of_two_equal_arcs() -> None:
    # A2.10. Recomputed from the geometry: two arcs of radius R shift by 2R(1 - cos φ) over a
    # length 2R sin φ. Tolerance: rounding of the arithmetic.
    radius, angle = 25.0, 0.6
    shift, length = 2 * radius * (1 - np.cos(angle)), 2 * radius * np.sin(angle)
    assert chicane_radius(shift, length=length) == pytest.approx(radius, rel=1e-12)


def test_circular_run_up_is_the_solution_of_the_friction_ellipse() -> None:
    # A2.7. Recomputed: forward steps of 0.1 mm of d(v²)/ds = 2 a sqrt(1 - (v²/W)²).
    # Tolerance: 1e-4 for the step.
    limit, acceleration, step = 0.7 * GRAVITY * 20.0, 2.0, 1e-4
    squared = 0.0
    for _ in range(100_000):
        squared += 2 * acceleration * np.sqrt(max(1 - (squared / limit) ** 2, 0.0)) * step
    speed = circular_run_up_speed(10.0, radius=20.0, friction=0.7, acceleration=2.0)
    assert speed == pytest.approx(np.sqrt(squared), rel=1e-4)
    saturated = np.pi * limit / (4 * acceleration)
    full = circular_run_up_speed(saturated, radius=20.0, friction=0.7, acceleration=2.0)
    assert full == pytest.approx(np.sqrt(limit), rel=1e-12)


def test_impact_angle_is_that_of_the_tightest_turn() -> None:
    # A2.12. Recomputed from the circle: after turning by θ on radius v²/(f g) the offset is
    # r (1 - cos θ). Tolerance: rounding of the arithmetic.
    speed, friction, angle = 20.0, 0.7, 0.3
    offset = speed**2 / (friction * GRAVITY) * (1 - np.cos(angle))
    assert impact_angle(speed, offset=offset, friction=friction) == pytest.approx(angle, rel=1e-9)
    assert impact_angle(5.0, offset=10.0, friction=friction) == pytest.approx(np.pi / 2)


def test_drag_tends_to_the_balance_of_forces() -> None:
    # A2.3. Recomputed: v² tends to a/k, and without drag to v² = 2 a s. Tolerance: rounding.
    assert drag_limited_speed(1e6, acceleration=2.0, drag=5e-4) == pytest.approx(np.sqrt(4000.0))
    assert drag_limited_speed(100.0, acceleration=2.0, drag=0.0) == pytest.approx(20.0)


def test_terminal_speed_uphill() -> None:
    # A2.2. Recomputed: p/G. Tolerance: rounding; after 10 km nothing is left to gain.
    ends = terminal_speed(acceleration=2.0, specific_power=20.0, gradient=0.1)
    assert ends == pytest.approx(20.0 / slope_deceleration(0.1))
    late = attainable_speed(1e4, acceleration=2.0, specific_power=20.0, gradient=0.1)
    assert late == pytest.approx(ends, rel=1e-6)
