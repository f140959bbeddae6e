"""How long braking takes, and which speeds a constraint further on allows before it."""

import numpy as np
from numpy.typing import ArrayLike

from parvis.approach.kinematics.checks import (
    Array,
    MissingParameterError,
    as_array,
    length,
    positive,
    speed_of,
)
from parvis.approach.kinematics.run_up import slope_deceleration
from parvis.terms import GRAVITY


def braking_distance(
    speed: ArrayLike,
    *,
    friction: ArrayLike | None = None,
    deceleration: ArrayLike | None = None,
    final_speed: ArrayLike = 0.0,
    gradient: ArrayLike = 0.0,
) -> Array:
    """
    Length over which a vehicle brakes from one speed to another.

    Parameters
    ----------
    speed : array_like
        At the beginning. [m s⁻¹], >= 0.
    friction : array_like, optional
        Tyre-road coefficient; deceleration is ``f g``. [1], > 0.
    deceleration : array_like, optional
        Deceleration by the brakes, instead of `friction`. [m s⁻²], > 0.
    final_speed : array_like, default 0.0
        At the end. [m s⁻¹], >= 0.
    gradient : array_like, default 0.0
        Rise over run; uphill shortens. [1]

    Returns
    -------
    ndarray
        [m]; 0 where no braking is needed, inf where the slope is stronger than the brakes; NaN
        where an argument is NaN.

    Raises
    ------
    MissingParameterError
        If not exactly one of `friction` and `deceleration` is given.
    NegativeSpeedError, NotPositiveError
        If an argument is out of its range.

    Examples
    --------
    >>> braking_distance(17.155, friction=0.5).round(1)
    np.float64(30.0)
    """
    v = speed_of(speed, "speed")
    final = speed_of(final_speed, "final_speed")
    if (friction is None) == (deceleration is None):
        raise MissingParameterError(names="friction, deceleration")
    if friction is not None:
        brake = GRAVITY * positive(friction, "friction")
    else:
        assert deceleration is not None  # noqa: S101 - narrows the type
        brake = positive(deceleration, "deceleration")
    total = brake + slope_deceleration(gradient)
    drop = np.maximum(v**2 - final**2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(total > 0.0, drop / (2.0 * total), np.inf)
    distance = np.where(drop == 0.0, 0.0, distance)
    return as_array(np.where(np.isnan(v + final + total), np.nan, distance))[()]


def braked_profile(speed: ArrayLike, *, position: ArrayLike, deceleration: ArrayLike) -> Array:
    """
    Speeds along a path such that each later speed can still be met by braking.

    Parameters
    ----------
    speed : array_like, shape (..., n)
        Speed allowed at each point by everything but braking. [m s⁻¹], >= 0; inf for no limit.
    position : array_like, shape (n,)
        Distance along the path, ascending. [m]
    deceleration : array_like
        Deceleration by the brakes, ``f g``; one value per path. [m s⁻²], > 0.

    Returns
    -------
    ndarray, shape (..., n)
        ``v_i² <= v_j² + 2 b (s_j - s_i)`` for all j after i. [m s⁻¹]

    Raises
    ------
    NegativeLengthError
        If `position` descends.

    Notes
    -----
    For drawing a profile only: a vehicle can be at any lower speed, so braking never lowers the
    attainable speed further on.

    Examples
    --------
    >>> braked_profile([30.0, 30.0, 5.0], position=[0.0, 50.0, 80.0], deceleration=7.0).round(1)
    array([30. , 21.1,  5. ])
    """
    v = speed_of(speed, "speed")
    s = as_array(position)
    length(np.diff(s), "position")
    b = positive(deceleration, "deceleration")
    if b.ndim:
        b = b[..., np.newaxis]
    reach = v**2 + 2.0 * b * s
    reach = np.minimum.accumulate(reach[..., ::-1], axis=-1)[..., ::-1]
    return as_array(np.sqrt(np.maximum(reach - 2.0 * b * s, 0.0)))
