"""Edges of the kinematic functions: zero, NaN, infinity, shapes and refusals."""

import numpy as np
import pytest

from parvis.approach import kinematics as k
from parvis.errors import InputError
from parvis.report.messages import describe


def test_speed_is_the_entry_speed_when_run_up_is_zero() -> None:
    assert k.attainable_speed(0.0, acceleration=2.0) == 0.0
    speed = k.attainable_speed(
        0.0, acceleration=2.0, specific_power=20.0, entry_speed=[3.0, 30.0], gradient=0.1
    )
    np.testing.assert_allclose(speed, [3.0, 30.0], rtol=1e-12)


def test_nan_propagates_and_nothing_else_is_lost() -> None:
    speed = k.attainable_speed([10.0, np.nan], acceleration=2.0, specific_power=20.0)
    assert np.isnan(speed[1])
    assert not np.isnan(speed[0])
    speed = k.attainable_speed(10.0, acceleration=[2.0, np.nan], gradient=[np.nan, 0.0])
    assert np.isnan(speed).all()
    assert np.isnan(k.run_up_length(np.nan, acceleration=2.0))
    assert np.isnan(k.cornering_speed(np.nan, friction=0.7))
    assert np.isnan(k.cornering_speed(10.0, friction=0.7, superelevation=np.nan))
    assert np.isnan(k.corner_radius(0.0, inner_radius=np.nan, lateral_freedom=1.0))
    assert np.isnan(
        k.corner_radius(1.0, inner_radius=1.0, lateral_freedom=1.0, available_tangent=np.nan)
    )
    assert np.isnan(k.chicane_radius(0.0, length=np.nan))
    assert np.isnan(k.impact_angle(np.nan, offset=1.0, friction=0.7))
    assert np.isnan(k.braking_distance(np.nan, friction=0.7))
    assert np.isnan(k.drag_limited_speed(np.nan, acceleration=2.0, drag=0.0))
    assert np.isnan(k.terminal_speed(acceleration=np.nan, specific_power=1.0, gradient=0.0))
    assert np.isnan(k.swept_width(np.nan, width=2.0, wheelbase=3.0))


def test_arguments_broadcast() -> None:
    speed = k.attainable_speed(
        np.ones((4, 1)), acceleration=np.ones(3), specific_power=10.0, gradient=np.zeros((2, 1, 1))
    )
    assert speed.shape == (2, 4, 3)


def test_a_slope_steeper_than_traction_is_not_climbed_from_rest() -> None:
    assert k.attainable_speed(100.0, acceleration=1.0, specific_power=9.0, gradient=0.2) == 0.0
    assert k.terminal_speed(acceleration=1.0, specific_power=9.0, gradient=0.2) == 0.0


def test_a_vehicle_rolls_out_on_a_slope_it_cannot_climb() -> None:
    common = {"acceleration": 1.0, "specific_power": 9.0, "entry_speed": 20.0, "gradient": 0.2}
    stop = k.run_up_length(0.0, **common)
    assert 0.0 < stop < 400.0
    assert k.attainable_speed(stop + 1e-6, **common) == pytest.approx(0.0, abs=1e-2)
    assert k.attainable_speed(stop - 1.0, **common) > 0.0


def test_entry_above_the_terminal_speed_falls_towards_it() -> None:
    common = {"acceleration": 2.0, "specific_power": 20.0, "gradient": 0.1}
    ends = k.terminal_speed(**common)
    speeds = k.attainable_speed([0.0, 50.0, 5000.0], entry_speed=ends + 10.0, **common)
    assert (np.diff(speeds) < 0.0).all()
    assert speeds[2] == pytest.approx(ends, rel=1e-4)
    assert k.attainable_speed(100.0, entry_speed=ends, **common) == pytest.approx(ends)


def test_a_speed_above_the_terminal_one_has_no_run_up() -> None:
    common = {"acceleration": 2.0, "specific_power": 20.0, "gradient": 0.1}
    assert k.run_up_length(30.0, **common) == np.inf
    assert k.run_up_length([0.0, 5.0], entry_speed=5.0, **common).tolist() == [0.0, 0.0]


def test_terminal_speed_exactly_at_the_switch() -> None:
    # Traction equal to the slope: from rest nothing moves; above the switch speed falls to it.
    gradient = 0.1
    slope = float(k.slope_deceleration(gradient))
    common = {"acceleration": slope, "specific_power": 20.0, "gradient": gradient}
    assert k.attainable_speed(100.0, **common) == 0.0
    switch = 20.0 / slope
    late = k.attainable_speed(1e6, entry_speed=switch + 5.0, **common)
    assert late == pytest.approx(switch, rel=1e-6)


def test_corners_at_their_ends() -> None:
    assert k.corner_radius(0.0, inner_radius=4.0, lateral_freedom=5.0) == np.inf
    assert k.corner_radius(np.pi, inner_radius=4.0, lateral_freedom=5.0) == pytest.approx(9.0)
    limited = k.corner_radius(
        np.pi / 2, inner_radius=4.0, lateral_freedom=5.0, available_tangent=[5.0, 100.0]
    )
    np.testing.assert_allclose(limited, [5.0, 21.07], atol=0.005)


def test_cornering_at_its_ends() -> None:
    assert k.cornering_speed(np.inf, friction=0.7) == np.inf
    assert k.cornering_speed(0.0, friction=0.7) == 0.0
    assert k.cornering_speed(10.0, friction=0.7, superelevation=2.0) == np.inf
    assert k.cornering_speed(10.0, friction=0.3, superelevation=-0.5) == 0.0


def test_chicane_without_shift_does_not_limit() -> None:
    assert k.chicane_radius(0.0, length=20.0) == np.inf


def test_a_vehicle_longer_than_the_radius_does_not_fit() -> None:
    assert k.swept_width(4.0, width=2.0, wheelbase=5.0) == np.inf


def test_a_standing_vehicle_can_turn_square_on() -> None:
    assert k.impact_angle(0.0, offset=1.0, friction=0.7) == pytest.approx(np.pi / 2)
    assert k.impact_angle(10.0, offset=0.0, friction=0.7) == 0.0


def test_brakes_weaker_than_the_slope_never_stop() -> None:
    assert k.braking_distance(10.0, deceleration=0.5, gradient=-0.1) == np.inf
    assert k.braking_distance(0.0, deceleration=0.5, gradient=-0.1) == 0.0
    assert k.braking_distance(5.0, deceleration=2.0, final_speed=9.0) == 0.0


def test_traction_is_used_up_at_the_cornering_speed() -> None:
    speed = k.cornering_speed(20.0, friction=0.7)
    left = k.traction_in_curve(speed, radius=20.0, friction=0.7, acceleration=2.0)
    assert left == pytest.approx(0.0, abs=1e-6)
    assert k.traction_in_curve(10.0, radius=np.inf, friction=0.7, acceleration=2.0) == 2.0


def test_a_tall_vehicle_rolls_before_it_slides() -> None:
    assert k.lateral_limit(0.8, track_width=2.0, centre_height=2.0) == 0.5
    assert k.lateral_limit(0.4, track_width=2.0, centre_height=2.0) == 0.4


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: k.attainable_speed(-1.0, acceleration=2.0), k.NegativeLengthError),
        (lambda: k.attainable_speed([1.0, -1.0], acceleration=2.0), k.NegativeLengthError),
        (lambda: k.attainable_speed(np.inf, acceleration=2.0), k.NotFiniteError),
        (lambda: k.attainable_speed(1.0, acceleration=0.0), k.NotPositiveError),
        (
            lambda: k.attainable_speed(1.0, acceleration=1.0, specific_power=-5.0),
            k.NotPositiveError,
        ),
        (
            lambda: k.attainable_speed(1.0, acceleration=1.0, entry_speed=-5.0),
            k.NegativeSpeedError,
        ),
        (lambda: k.attainable_speed(1.0, acceleration=1.0, gradient=np.inf), k.NotFiniteError),
        (lambda: k.run_up_length(-1.0, acceleration=1.0), k.NegativeSpeedError),
        (lambda: k.cornering_speed(-1.0, friction=0.7), k.NegativeLengthError),
        (lambda: k.cornering_speed(1.0, friction=0.0), k.NotPositiveError),
        (
            lambda: k.corner_radius(1.0, inner_radius=1.0, lateral_freedom=-1.0),
            k.NegativeLengthError,
        ),
        (
            lambda: k.corner_radius(4.0, inner_radius=1.0, lateral_freedom=1.0),
            k.OutOfRangeError,
        ),
        (lambda: k.chicane_radius(-1.0, length=1.0), k.NegativeLengthError),
        (lambda: k.swept_width(0.0, width=1.0, wheelbase=1.0), k.NotPositiveError),
        (lambda: k.impact_angle(1.0, offset=-1.0, friction=0.7), k.NegativeLengthError),
        (lambda: k.normal_speed(1.0, angle=2.0), k.OutOfRangeError),
        (lambda: k.kinetic_energy(-1.0, 1.0), k.NotPositiveError),
        (lambda: k.braking_distance(1.0), k.MissingParameterError),
        (
            lambda: k.braking_distance(1.0, friction=0.7, deceleration=2.0),
            k.MissingParameterError,
        ),
        (
            lambda: k.braked_profile([1.0, 1.0], position=[1.0, 0.0], deceleration=1.0),
            k.NegativeLengthError,
        ),
        (
            lambda: k.drag_limited_speed(1.0, acceleration=1.0, drag=-1.0),
            k.NegativeLengthError,
        ),
    ],
)
def test_arguments_out_of_range_are_refused_in_a_sentence(
    call: object, error: type[InputError]
) -> None:
    with pytest.raises(error) as caught:
        call()  # type: ignore[operator]
    sentence = describe(caught.value)
    assert "?" not in sentence
    assert sentence.endswith(".")
