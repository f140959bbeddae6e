"""How wide a passage between the elements of a barrier is for a vehicle."""

import numpy as np
from numpy.typing import ArrayLike

from parvis.approach.kinematics.checks import Array, as_array, length, positive, within


def clear_gap(gap: ArrayLike, *, diameter: ArrayLike, angle: ArrayLike = np.pi / 2) -> Array:
    """
    Clear width square to the direction of travel through a row of bollards.

    Parameters
    ----------
    gap : array_like
        Clear distance between the faces of neighbours, along the row. [m], >= 0.
    diameter : array_like
        [m], > 0.
    angle : array_like, default π/2
        Between direction of travel and row. [rad], 0 to π/2; π/2 is square on.

    Returns
    -------
    ndarray
        ``(g + D) sin(angle) - D``, at least 0. [m]; NaN where an argument is NaN.

    Raises
    ------
    NegativeLengthError, NotPositiveError, OutOfRangeError
        If an argument is out of its range.

    Notes
    -----
    Square on is the widest, so that a straight approach governs on flat ground; slopes, corners
    and kerbs need a check of their own.

    Examples
    --------
    >>> clear_gap(1.2, diameter=0.2, angle=np.radians([90.0, 60.0, 30.0])).round(3)
    array([1.2  , 1.012, 0.5  ])
    """
    g = length(gap, "gap")
    d = positive(diameter, "diameter")
    theta = within(angle, "angle", 0.0, np.pi / 2)
    return as_array(np.maximum((g + d) * np.sin(theta) - d, 0.0))[()]


def gap_of_spacing(spacing: ArrayLike, *, diameter: ArrayLike) -> Array:
    """
    Clear gap of bollards that are given from centre to centre.

    Parameters
    ----------
    spacing : array_like
        Distance of centres. [m], >= `diameter`.
    diameter : array_like
        [m], > 0.

    Returns
    -------
    ndarray
        [m]

    Raises
    ------
    NegativeLengthError
        If bollards overlap.

    Examples
    --------
    >>> gap_of_spacing(1.4, diameter=0.25).round(2)
    np.float64(1.15)
    """
    between = length(spacing, "spacing") - positive(diameter, "diameter")
    return length(between, "gap")[()]
