"""With which angle and energy a vehicle can hit a barrier."""

import numpy as np
from numpy.typing import ArrayLike

from parvis.approach.kinematics.checks import Array, as_array, length, positive, speed_of, within
from parvis.terms import GRAVITY


def kinetic_energy(mass: ArrayLike, speed: ArrayLike) -> Array:
    """
    Kinetic energy, ``m v² / 2``.

    Parameters
    ----------
    mass : array_like
        [kg], > 0.
    speed : array_like
        [m s⁻¹], >= 0.

    Returns
    -------
    ndarray
        [J]; NaN where an argument is NaN.

    Examples
    --------
    >>> (kinetic_energy(7200.0, 64.0 / 3.6) / 1e3).round()
    np.float64(1138.0)
    """
    m = positive(mass, "mass")
    v = speed_of(speed, "speed")
    return as_array(0.5 * m * v**2)[()]


def impact_angle(speed: ArrayLike, *, offset: ArrayLike, friction: ArrayLike) -> Array:
    """
    Steepest angle to a barrier parallel to the road at which a vehicle can hit it.

    Parameters
    ----------
    speed : array_like
        Along the road, kept while turning. [m s⁻¹], >= 0.
    offset : array_like
        Lateral distance from the vehicle's path to the barrier. [m], >= 0.
    friction : array_like
        Lateral limit. [1], > 0.

    Returns
    -------
    ndarray
        ``arccos(1 - d f g / v²)``. [rad], 0 to π/2; π/2 where the vehicle can turn square on; NaN
        where an argument is NaN.

    Notes
    -----
    The vehicle turns on the smallest arc that friction allows. Ratings are for impacts at their
    test angle; a smaller angle is information and no reason to lower a rating, unless the geometry
    physically prevents a steeper approach.

    Examples
    --------
    >>> np.degrees(impact_angle(20.0, offset=5.0, friction=0.7)).round(1)
    np.float64(23.9)
    """
    v = speed_of(speed, "speed")
    d = length(offset, "offset")
    f = positive(friction, "friction")
    with np.errstate(divide="ignore", invalid="ignore"):
        turned = np.where(v > 0.0, d * f * GRAVITY / v**2, np.inf)
    # arccos(1 - x) = 2 arcsin(sqrt(x/2)) does not cancel at small angles.
    angle = 2.0 * np.arcsin(np.sqrt(np.minimum(turned, 1.0) / 2.0))
    return as_array(np.where(np.isnan(v + d + f), np.nan, angle))[()]


def normal_speed(speed: ArrayLike, *, angle: ArrayLike) -> Array:
    """
    Component of a speed square to a barrier, ``v sin(angle)``.

    Parameters
    ----------
    speed : array_like
        [m s⁻¹], >= 0.
    angle : array_like
        Between path and barrier. [rad], 0 to π/2.

    Returns
    -------
    ndarray
        [m s⁻¹]

    Examples
    --------
    >>> normal_speed(100.0 / 3.6, angle=np.radians(20.0)).round(2)
    np.float64(9.5)
    """
    v = speed_of(speed, "speed")
    theta = within(angle, "angle", 0.0, np.pi / 2.0)
    return as_array(v * np.sin(theta))[()]
