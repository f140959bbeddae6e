"""
How speed, distance, radius, angle and energy of a vehicle hang together.

Pure NumPy functions on arrays that broadcast; SI units; NaN in, NaN out.
"""

from parvis.approach.kinematics.braking import braked_profile, braking_distance
from parvis.approach.kinematics.checks import (
    KinematicsError,
    MissingParameterError,
    NegativeLengthError,
    NegativeSpeedError,
    NotFiniteError,
    NotPositiveError,
    OutOfRangeError,
)
from parvis.approach.kinematics.curves import (
    chicane_radius,
    circular_run_up_speed,
    corner_radius,
    cornering_speed,
    lateral_limit,
    swept_width,
    traction_in_curve,
)
from parvis.approach.kinematics.gaps import clear_gap, gap_of_spacing
from parvis.approach.kinematics.impact import impact_angle, kinetic_energy, normal_speed
from parvis.approach.kinematics.run_up import (
    attainable_speed,
    drag_limited_speed,
    run_up_length,
    slope_deceleration,
    terminal_speed,
)

__all__ = [
    "KinematicsError",
    "MissingParameterError",
    "NegativeLengthError",
    "NegativeSpeedError",
    "NotFiniteError",
    "NotPositiveError",
    "OutOfRangeError",
    "attainable_speed",
    "braked_profile",
    "braking_distance",
    "chicane_radius",
    "circular_run_up_speed",
    "clear_gap",
    "corner_radius",
    "cornering_speed",
    "drag_limited_speed",
    "gap_of_spacing",
    "impact_angle",
    "kinetic_energy",
    "lateral_limit",
    "normal_speed",
    "run_up_length",
    "slope_deceleration",
    "swept_width",
    "terminal_speed",
    "traction_in_curve",
]
