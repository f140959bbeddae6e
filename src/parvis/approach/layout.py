"""How barrier elements close a mouth, and what passes between them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from parvis.approach.kinematics.checks import (
    Array,
    KinematicsError,
    as_array,
    finite,
    length,
    positive,
    within,
)

LARGEST_CLEAR_GAP = 1.2
"""
Widest clear gap between faces that stops vehicles. [m]

Surrey County Council street design code; Wheels for Wellbeing, both 1,200 mm. Some vendors give
1.2 m from centre to centre, which is another thing: gaps here are always clear.
"""

ACCESSIBLE_WIDTHS = {"minimum": 0.9, "wheelchair": 1.2, "cycle_track": 1.5}
"""
Clear widths that people need. [m]

``minimum``: 900 mm, past a single obstacle; ``wheelchair``: 1,200 mm, the least width of an
accessible passage quoted from BS 8300 and the Equality Act; ``cycle_track``: 1,500 mm, LTN 1/20.
"""

LEAST_CAPTURE_HEIGHT = 0.5
"""Height of a bollard from which it captures a vehicle. Working knowledge, unverified. [m]"""

VISIBLE_HEIGHT = 1.0
"""Height of a bollard that people on foot see. Surrey County Council street design code. [m]"""

_TOLERANCE = 1e-9


class MissingWidthError(KinematicsError):
    """A layout needs numbers; details: width, diameter, max_gap."""

    code: ClassVar[str] = "missing_width"


@dataclass(frozen=True, slots=True)
class BollardLayout:
    """
    A row of equal bollards across a mouth between solid walls.

    Attributes
    ----------
    width : float
        Of the mouth, face to face. [m]
    diameter : float
        [m]
    count : int
        Number of bollards; 0 where the mouth is no wider than the largest gap.
    gap : float
        Clear gap between faces, the same everywhere; 0 where the bollards fill the mouth. [m]
    accessible : tuple of str
        Keys of `ACCESSIBLE_WIDTHS` that fit through the gap.
    """

    width: float
    diameter: float
    count: int
    gap: float
    accessible: tuple[str, ...]


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


def bollard_layout(
    width: float, *, diameter: float, max_gap: float = LARGEST_CLEAR_GAP
) -> BollardLayout:
    """
    Fewest equal bollards that close a mouth, evenly spaced between solid walls.

    Parameters
    ----------
    width : float
        Of the mouth, face to face. [m], >= 0, finite.
    diameter : float
        [m], > 0.
    max_gap : float, default 1.2
        Widest clear gap allowed. [m], > 0.

    Returns
    -------
    BollardLayout

    Raises
    ------
    NegativeLengthError, NotPositiveError, NotFiniteError, MissingWidthError
        If an argument is out of its range or NaN.

    Notes
    -----
    ``n = ceil((W - G) / (G + D))``, clear gap ``(W - n D) / (n + 1)``. In a mouth barely wider
    than one gap a bollard leaves gaps that are too narrow for people: see `accessible`. Widest for
    vehicles and narrowest for people meet at 1.2 m: an opening for a cycle track of 1.5 m stays a
    residual gap unless it is offset.

    Examples
    --------
    >>> layout = bollard_layout(6.0, diameter=0.2)
    >>> layout.count, round(layout.gap, 3), layout.accessible
    (4, 1.04, ('minimum',))
    """
    mouth = float(finite(length(width, "width"), "width"))
    thick = float(positive(diameter, "diameter"))
    widest = float(positive(max_gap, "max_gap"))
    if np.isnan(mouth + thick + widest):
        raise MissingWidthError(width=width, diameter=diameter, max_gap=max_gap)
    count = max(int(np.ceil((mouth - widest) / (widest + thick) - _TOLERANCE)), 0)
    gap = max((mouth - count * thick) / (count + 1), 0.0)
    return BollardLayout(mouth, thick, count, gap, accessible_through(gap))


def accessible_through(gap: float) -> tuple[str, ...]:
    """
    Return which of `ACCESSIBLE_WIDTHS` a clear gap gives room for.

    Parameters
    ----------
    gap : float
        Clear, between faces. [m], >= 0.

    Examples
    --------
    >>> accessible_through(1.2)
    ('minimum', 'wheelchair')
    """
    clear = float(length(gap, "gap"))
    return tuple(key for key, needed in ACCESSIBLE_WIDTHS.items() if clear >= needed - _TOLERANCE)
