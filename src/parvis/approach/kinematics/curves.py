"""How fast a curve can be driven, and how wide a curve there is room for."""

import numpy as np
from numpy.typing import ArrayLike

from parvis.approach.kinematics.checks import Array, as_array, positive, speed_of, within
from parvis.approach.kinematics.checks import length as length_of
from parvis.terms import GRAVITY


def cornering_speed(
    radius: ArrayLike, *, friction: ArrayLike, superelevation: ArrayLike = 0.0
) -> Array:
    """
    Highest speed on an arc before the vehicle slides.

    Parameters
    ----------
    radius : array_like
        Radius of the path of the vehicle's centre; inf for straight. [m], >= 0.
    friction : array_like
        Lateral limit, the smaller of tyre friction and roll threshold. [1], > 0.
    superelevation : array_like, default 0.0
        Tangent of the bank, positive where it helps. [1]

    Returns
    -------
    ndarray
        [m s⁻¹]; inf where the bank holds any speed, 0 where the camber exceeds friction; NaN where
        an argument is NaN.

    Raises
    ------
    NegativeLengthError, NotPositiveError
        If an argument is out of its range.

    Notes
    -----
    ``v² = g r (f + e) / (1 - f e)`` [1]_. On a roadway f = 0.6 is usual, f = 1 conservative.

    References
    ----------
    .. [1] MIL-HDBK-1013/14, "Selection and Application of Vehicle Barriers", US Department of
       Defense, 1999, figure 7.

    Examples
    --------
    >>> (cornering_speed([10.0, 20.0], friction=0.7) * 3.6).round(1)
    array([29.8, 42.2])
    """
    r = length_of(radius, "radius")
    f = positive(friction, "friction")
    e = as_array(superelevation)
    hold, rest = np.maximum(f + e, 0.0), 1.0 - f * e
    with np.errstate(divide="ignore", invalid="ignore"):
        squared = GRAVITY * r * hold / rest
        squared = np.where((rest <= 0.0) & (r > 0.0), np.inf, squared)
    squared = np.where((hold == 0.0) | (r == 0.0), 0.0, squared)
    return as_array(np.where(np.isnan(r + f + e), np.nan, np.sqrt(squared)))[()]


def lateral_limit(
    friction: ArrayLike, *, track_width: ArrayLike, centre_height: ArrayLike
) -> Array:
    """
    Lateral limit of a vehicle: it slides or rolls over, whichever comes first.

    Parameters
    ----------
    friction : array_like
        Tyre-road coefficient. [1], > 0.
    track_width : array_like
        Distance between the wheels of an axle. [m], > 0.
    centre_height : array_like
        Height of the centre of mass. [m], > 0.

    Returns
    -------
    ndarray
        ``min(f, t / 2h)``. [1]

    Notes
    -----
    ``t / 2h`` is the static stability factor [1]_; suspension and load shift lower the real
    threshold, so this is an upper bound.

    References
    ----------
    .. [1] NHTSA, rollover resistance ratings, chapter V.

    Examples
    --------
    >>> lateral_limit(0.8, track_width=2.0, centre_height=2.0)
    np.float64(0.5)
    """
    f = positive(friction, "friction")
    t = positive(track_width, "track_width")
    h = positive(centre_height, "centre_height")
    return as_array(np.minimum(f, t / (2.0 * h)))[()]


def traction_in_curve(
    speed: ArrayLike, *, radius: ArrayLike, friction: ArrayLike, acceleration: ArrayLike
) -> Array:
    """
    Acceleration along the path that is left while cornering.

    Parameters
    ----------
    speed : array_like
        [m s⁻¹], >= 0.
    radius : array_like
        [m], > 0; inf for straight.
    friction : array_like
        Lateral limit. [1], > 0.
    acceleration : array_like
        Acceleration on a straight. [m s⁻²], > 0.

    Returns
    -------
    ndarray
        ``a sqrt(1 - (v²/(f g r))²)``. [m s⁻²], >= 0; 0 at and above the cornering speed.

    Examples
    --------
    >>> traction_in_curve([0.0, 8.0], radius=15.0, friction=0.7, acceleration=2.0).round(3)
    array([2.   , 1.567])
    """
    v = speed_of(speed, "speed")
    r = positive(radius, "radius")
    f = positive(friction, "friction")
    a = positive(acceleration, "acceleration")
    used = v**2 / (f * GRAVITY * r)
    return as_array(a * np.sqrt(np.maximum(1.0 - used**2, 0.0)))[()]


def circular_run_up_speed(
    arc_length: ArrayLike, *, radius: ArrayLike, friction: ArrayLike, acceleration: ArrayLike
) -> Array:
    """
    Speed at the end of a run-up on a circle, from rest.

    Parameters
    ----------
    arc_length : array_like
        Length driven on the circle. [m], >= 0.
    radius : array_like
        [m], > 0.
    friction : array_like
        Lateral limit. [1], > 0.
    acceleration : array_like
        Acceleration on a straight. [m s⁻²], > 0.

    Returns
    -------
    ndarray
        [m s⁻¹]; the cornering speed from the length ``π f g r / 4a`` on; NaN where an argument is
        NaN.

    Notes
    -----
    With the friction ellipse of `traction_in_curve`, ``v² = W sin(2 a s / W)``, ``W = f g r``.

    Examples
    --------
    >>> circular_run_up_speed([10.0, 1000.0], radius=20.0, friction=0.7, acceleration=2.0).round(2)
    array([ 6.28, 11.72])
    """
    s = length_of(arc_length, "arc_length")
    r = positive(radius, "radius")
    f = positive(friction, "friction")
    a = positive(acceleration, "acceleration")
    most = f * GRAVITY * r
    return as_array(np.sqrt(most * np.sin(np.minimum(2.0 * a * s / most, np.pi / 2.0))))[()]


def corner_radius(
    deflection: ArrayLike,
    *,
    inner_radius: ArrayLike,
    lateral_freedom: ArrayLike,
    available_tangent: ArrayLike | None = None,
) -> Array:
    """
    Largest arc through a street corner: the racing line.

    Parameters
    ----------
    deflection : array_like
        Change of direction. [rad], 0 to π.
    inner_radius : array_like
        Radius of the vehicle's centre line at the inner kerb: kerb radius plus half the width of
        the vehicle. [m], >= 0.
    lateral_freedom : array_like
        Clear width face to face less the width of the vehicle. [m], >= 0.
    available_tangent : array_like, optional
        Length of straight on either side that the arc may use: half of the shorter adjoining clear
        straight. [m], >= 0.

    Returns
    -------
    ndarray
        [m]; inf without deflection; NaN where an argument is NaN.

    Raises
    ------
    NegativeLengthError, OutOfRangeError
        If an argument is out of its range.

    Notes
    -----
    Arc tangent to the outer edges that touches the inner apex: ``R = r + w / (1 - cos(D/2))``; its
    tangents are ``T = R tan(D/2)`` long. Where these are not available, ``R = T / tan(D/2)``. A
    path of several arcs can be faster than this single one.

    Examples
    --------
    >>> corner_radius(np.pi / 2, inner_radius=4.0, lateral_freedom=5.0).round(2)
    np.float64(21.07)
    """
    d = within(deflection, "deflection", 0.0, np.pi)
    r = length_of(inner_radius, "inner_radius")
    w = length_of(lateral_freedom, "lateral_freedom")
    # 1 - cos(D/2) = 2 sin²(D/4) does not cancel at small deflections.
    sagitta = 2.0 * np.sin(d / 4.0) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        arc = np.where(sagitta > 0.0, r + w / sagitta, np.inf)
        if available_tangent is not None:
            tangent = length_of(available_tangent, "available_tangent")
            limited = np.where(d > 0.0, tangent / np.tan(d / 2.0), np.inf)
            arc = np.where(np.isnan(tangent), np.nan, np.minimum(arc, limited))
    return as_array(np.where(np.isnan(d + r + w), np.nan, arc))[()]


def chicane_radius(shift: ArrayLike, *, length: ArrayLike) -> Array:
    """
    Radius of the two equal arcs of a lateral shift.

    Parameters
    ----------
    shift : array_like
        Lateral shift the vehicle must make: that of the chicane less the free width. [m], >= 0.
    length : array_like
        Length along the road over which it is made. [m], >= 0.

    Returns
    -------
    ndarray
        ``(L² + y²) / 4y``. [m]; inf without a shift; NaN where an argument is NaN.

    Raises
    ------
    NegativeLengthError
        If a length is below zero.

    Examples
    --------
    >>> chicane_radius(3.0, length=15.0)
    np.float64(19.5)
    """
    y = length_of(shift, "shift")
    along = length_of(length, "length")
    with np.errstate(divide="ignore", invalid="ignore"):
        radius = np.where(y > 0.0, (along**2 + y**2) / (4.0 * y), np.inf)
    return as_array(np.where(np.isnan(y + along), np.nan, radius))[()]


def swept_width(radius: ArrayLike, *, width: ArrayLike, wheelbase: ArrayLike) -> Array:
    """
    Width a vehicle sweeps on an arc, because its rear wheels cut the corner.

    Parameters
    ----------
    radius : array_like
        Radius of the path of the outer front wheel. [m], > 0; inf for straight.
    width : array_like
        Width of the vehicle. [m], >= 0.
    wheelbase : array_like
        [m], >= 0.

    Returns
    -------
    ndarray
        ``b + R - sqrt(R² - L²)``. [m]; inf where the radius is smaller than the wheelbase.

    Examples
    --------
    >>> swept_width(15.0, width=2.5, wheelbase=6.0).round(2)
    np.float64(3.75)
    """
    r = positive(radius, "radius")
    b = length_of(width, "width")
    base = length_of(wheelbase, "wheelbase")
    with np.errstate(invalid="ignore"):
        # R - sqrt(R² - L²) without cancellation, and 0 at infinite radius.
        inner = np.sqrt(np.maximum(r**2 - base**2, 0.0))
        cut = np.where(r >= base, base**2 / (r + inner), np.inf)
    return as_array(np.where(np.isnan(r + b + base), np.nan, b + cut))[()]
