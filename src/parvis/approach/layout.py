"""How barrier elements close a mouth, and what passes between them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from parvis.approach.kinematics.checks import KinematicsError, finite, length, positive
from parvis.approach.kinematics.gaps import clear_gap, gap_of_spacing

__all__ = [
    "ACCESSIBLE_WIDTHS",
    "LARGEST_CLEAR_GAP",
    "LEAST_CAPTURE_HEIGHT",
    "VISIBLE_HEIGHT",
    "BollardLayout",
    "MissingWidthError",
    "accessible_through",
    "bollard_layout",
    "clear_gap",
    "gap_of_spacing",
]

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
