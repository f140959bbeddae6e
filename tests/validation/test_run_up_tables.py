"""
Run-up tables (V11, A8 of the domain notes): constant acceleration, and traction with power.

Source: recomputed tables kept with the formulas of UFC 4-022-02 / MIL-HDBK-1013/14 (constant
acceleration) and of the traction-and-power closed form; cornering after MIL-HDBK-1013/14.
Tolerance 0.051 km/h: the tables have one decimal, and their last digit may be rounded either way.
"""

import numpy as np
import pytest

from parvis.approach.kinematics import attainable_speed, cornering_speed, run_up_length
from parvis.terms import KMH_PER_MPS

RUN_UPS = np.array([10, 20, 30, 50, 75, 100, 150, 200, 300], dtype=float)
TOLERANCE = 0.051

CONSTANT = {
    0.5: [11.4, 16.1, 19.7, 25.5, 31.2, 36.0, 44.1, 50.9, 62.4],
    1.0: [16.1, 22.8, 27.9, 36.0, 44.1, 50.9, 62.4, 72.0, 88.2],
    1.5: [19.7, 27.9, 34.2, 44.1, 54.0, 62.4, 76.4, 88.2, 108.0],
    2.0: [22.8, 32.2, 39.4, 50.9, 62.4, 72.0, 88.2, 101.8, 124.7],
    2.5: [25.5, 36.0, 44.1, 56.9, 69.7, 80.5, 98.6, 113.8, 139.4],
    3.0: [27.9, 39.4, 48.3, 62.4, 76.4, 88.2, 108.0, 124.7, 152.7],
    4.0: [32.2, 45.5, 55.8, 72.0, 88.2, 101.8, 124.7, 144.0, 176.4],
}
WITH_POWER = {
    (4.0, 70.0): [32.2, 45.5, 55.8, 71.5, 84.8, 94.9, 110.4, 122.4, 141.2],
    (6.0, 120.0): [39.4, 55.8, 68.3, 86.8, 102.4, 114.3, 132.6, 146.9, 169.3],
    (3.5, 50.0): [30.1, 42.6, 52.2, 65.6, 77.0, 85.8, 99.4, 110.0, 126.7],
    (2.5, 28.0): [25.5, 36.0, 43.9, 54.6, 63.9, 71.1, 82.2, 90.9, 104.6],
    (2.0, 20.0): [22.8, 32.2, 39.3, 48.9, 57.1, 63.5, 73.5, 81.3, 93.5],
    (1.5, 12.0): [19.7, 27.9, 33.8, 41.6, 48.5, 53.8, 62.1, 68.7, 78.9],
    (1.0, 9.0): [16.1, 22.8, 27.9, 35.8, 42.6, 47.8, 55.6, 61.7, 71.2],
}
CORNERS = {
    10: [22.6, 27.6, 29.8, 31.9, 35.7],
    15: [27.6, 33.8, 36.5, 39.1, 43.7],
    20: [31.9, 39.1, 42.2, 45.1, 50.4],
    30: [39.1, 47.8, 51.7, 55.2, 61.8],
    50: [50.4, 61.8, 66.7, 71.3, 79.7],
}


@pytest.mark.parametrize("acceleration", CONSTANT)
def test_constant_acceleration_table(acceleration: float) -> None:
    speeds = attainable_speed(RUN_UPS, acceleration=acceleration) * KMH_PER_MPS
    np.testing.assert_allclose(speeds, CONSTANT[acceleration], atol=TOLERANCE)


@pytest.mark.parametrize("parameters", WITH_POWER)
def test_traction_and_power_table(parameters: tuple[float, float]) -> None:
    acceleration, power = parameters
    speeds = attainable_speed(RUN_UPS, acceleration=acceleration, specific_power=power)
    np.testing.assert_allclose(speeds * KMH_PER_MPS, WITH_POWER[parameters], atol=TOLERANCE)


@pytest.mark.parametrize("parameters", WITH_POWER)
def test_run_up_length_reads_the_table_backwards(parameters: tuple[float, float]) -> None:
    # Tolerance: 0.05 km/h of speed, translated to length by the slope of the curve (at most 1 %).
    acceleration, power = parameters
    speeds = np.array(WITH_POWER[parameters]) / KMH_PER_MPS
    lengths = run_up_length(speeds, acceleration=acceleration, specific_power=power)
    np.testing.assert_allclose(lengths, RUN_UPS, rtol=0.012)


@pytest.mark.parametrize("radius", CORNERS)
def test_cornering_table(radius: float) -> None:
    speeds = cornering_speed(radius, friction=np.array([0.4, 0.6, 0.7, 0.8, 1.0])) * KMH_PER_MPS
    # The table was worked out with g = 9.81, whose root is 0.017 % greater: 0.02 % more tolerance.
    np.testing.assert_allclose(speeds, CORNERS[radius], atol=TOLERANCE, rtol=2e-4)


def test_hundred_metres_give_a_lorry_64_kmh_and_80_take_about_200() -> None:
    # The reading printed under the table; tolerances follow its wording.
    lorry = {"acceleration": 2.0, "specific_power": 20.0}
    assert attainable_speed(100.0, **lorry) * KMH_PER_MPS == pytest.approx(64, abs=0.6)
    assert run_up_length(80 / KMH_PER_MPS, **lorry) == pytest.approx(200, rel=0.05)
