"""A figure a person is told is never below the computed one, and never a step above it."""

from hypothesis import given
from hypothesis import strategies as st

from parvis.report.speech import SPEED_STEP, round_up, spoken_speed

speeds = st.floats(0, 150, allow_nan=False)


@given(speeds)
def test_a_spoken_speed_is_a_step_of_five_at_or_just_above_the_speed(speed):
    told = spoken_speed(speed)
    assert told % SPEED_STEP == 0
    assert speed * 3.6 - 1e-6 <= told < speed * 3.6 + SPEED_STEP


@given(speeds, speeds)
def test_rounding_keeps_the_order(slow, fast):
    slow, fast = sorted((slow, fast))
    assert spoken_speed(slow) <= spoken_speed(fast)


@given(st.integers(0, 60))
def test_a_step_itself_is_not_raised(steps):
    assert spoken_speed(steps * 5 / 3.6) == steps * 5


@given(st.floats(0, 1e6, allow_nan=False), st.sampled_from([0.1, 0.5, 1.0, 5.0]))
def test_rounding_up_never_lowers(value, step):
    told = round_up(value, step)
    assert told >= value * (1 - 1e-12) - 1e-8 * step
    assert told < value + step * (1 + 1e-6) + value * 1e-12
