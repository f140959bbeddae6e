"""How many people get out in what time, before and after a barrier stands."""

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.errors import InputError
from parvis.openness.results import Check, Outcome
from parvis.packs.closure_content import openness_requirements

UNIT_WIDTH = 0.525
"""Width of one unit of exit width in the method for marquees. [m]"""

UNIT_FLOW = 40.0
"""Persons that leave through one unit of exit width in a minute."""

_UNIT_ROUNDS_UP, _EXIT_ROUNDS_UP = 0.3, 0.75
_UNITS_PER_EXIT = 4
_ROUNDING = 1e-9

_IMO_DENSITY = (0.0, 0.5, 1.9, 3.2, 3.5)
_IMO_FLOW = (0.0, 0.65, 1.3, 0.65, 0.32)
_IMO_SPEED = (1.2, 1.2, 0.67, 0.20, 0.10)

_FRUIN_WALKWAY = (("A", 0.31), ("B", 0.43), ("C", 0.72), ("D", 1.08), ("E", 2.17))


class EgressValueError(InputError):
    """A number of an egress calculation is out of its range; details: name, value, accepted."""

    code: ClassVar[str] = "egress_value"


def egress_flow(
    widths: Sequence[float], *, stairs: bool = False, discount_largest: bool = False
) -> float:
    """
    Persons that can leave through some exits in a minute.

    Parameters
    ----------
    widths : sequence of float
        Clear width of each exit. [m], >= 0
    stairs : bool, default False
        Down stairs instead of on the level.
    discount_largest : bool, default False
        The widest exit cannot be used.

    Returns
    -------
    float
        [persons min⁻¹]

    Raises
    ------
    EgressValueError
        If a width is below zero or no number.

    Notes
    -----
    82 persons per metre and minute on the level, 66 on stairs: Guide to Safety at Sports Grounds,
    5th edition (2008); pack `openness-requirements`.

    Examples
    --------
    >>> round(egress_flow([12.0])), round(egress_flow([10.4]), 1)
    (984, 852.8)
    """
    for width in widths:
        _at_least_zero("width", width)
    total = sum(widths) - (max(widths, default=0.0) if discount_largest else 0.0)
    return total * _flow_per_metre(stairs)


def egress_time(
    people: float, widths: Sequence[float], *, stairs: bool = False, discount_largest: bool = False
) -> float:
    """
    Minutes until everybody is out, by flow alone.

    Parameters
    ----------
    people : float
        >= 0
    widths : sequence of float
        Clear width of each exit. [m], >= 0
    stairs, discount_largest : bool, default False
        See `egress_flow`.

    Returns
    -------
    float
        [min]; inf where people are inside and nothing is open.

    Raises
    ------
    EgressValueError
        If a number is below zero or no number.

    Examples
    --------
    >>> round(egress_time(5000, [7.62]), 1)
    8.0
    """
    _at_least_zero("people", people)
    flow = egress_flow(widths, stairs=stairs, discount_largest=discount_largest)
    if people == 0.0:
        return 0.0
    return people / flow if flow > 0.0 else math.inf


def egress_width(people: float, *, minutes: float | None = None, stairs: bool = False) -> float:
    """
    Clear width through which people get out in time.

    Parameters
    ----------
    people : float
        >= 0
    minutes : float, optional
        > 0; None: the normal egress time of pack `openness-requirements`, 8 min.
    stairs : bool, default False

    Returns
    -------
    float
        [m]

    Raises
    ------
    EgressValueError
        If a number is out of its range.

    Examples
    --------
    >>> round(egress_width(5000), 2), round(egress_width(5000, stairs=True), 2)
    (7.62, 9.47)
    """
    _at_least_zero("people", people)
    return people / (_minutes(minutes) * _flow_per_metre(stairs))


def egress_check(
    before: Sequence[float],
    after: Sequence[float],
    *,
    people: float | None = None,
    minutes: float | None = None,
    stairs: bool = False,
) -> Check:
    """
    Check that everybody still gets out in time with the widest exit lost.

    Parameters
    ----------
    before, after : sequence of float
        Clear width of each exit without and with its barrier, in the same order. [m], >= 0
    people : float, optional
        Greatest number inside; None where nobody has said.
    minutes : float, optional
        > 0; None: the normal egress time of pack `openness-requirements`.
    stairs : bool, default False

    Returns
    -------
    Check
        ``egress_flow``; the value is the flow after, the widest exit discounted. ``verify`` where
        the number of people is not known; with a single exit nothing is left and every crowd
        fails. Details: ``before``, ``after`` (all exits), ``lost`` share, ``n_exits``, ``people``,
        ``minutes``.

    Raises
    ------
    EgressValueError
        If a number is out of its range, or exits before and after differ in number.

    Examples
    --------
    >>> check = egress_check([12.0, 6.0], [10.4, 5.2], people=3000)
    >>> check.outcome, round(check.value), check.needed
    ('pass', 426, 375.0)
    """
    if len(before) != len(after):
        raise EgressValueError(name="exits after", value=len(after), accepted=f"{len(before)}")
    left = egress_flow(after, stairs=stairs, discount_largest=True)
    whole_before = egress_flow(before, stairs=stairs)
    whole_after = egress_flow(after, stairs=stairs)
    within = _minutes(minutes)
    needed, outcome = math.nan, "verify"
    if people is not None:
        _at_least_zero("people", people)
        needed = people / within
        outcome = "pass" if left >= needed * (1.0 - _ROUNDING) else "fail"
    kept: Outcome = outcome  # type: ignore[assignment]
    return Check(
        key="egress_flow",
        outcome=kept,
        value=left,
        needed=needed,
        unit="persons/min",
        source="egress_flow_stairs" if stairs else "egress_flow_level",
        details={
            "before": whole_before,
            "after": whole_after,
            "lost": 1.0 - whole_after / whole_before if whole_before > 0.0 else 0.0,
            "n_exits": len(after),
            "people": people,
            "minutes": within,
        },
    )


def exit_units(people: float, *, minutes: float = 2.0) -> int:
    """
    Units of exit width of 525 mm, by the method for marquees.

    Parameters
    ----------
    people : float
        N, >= 0
    minutes : float, default 2
        T, > 0

    Returns
    -------
    int
        ``U = N / (40 T)``; a rest of 0.3 or more counts as a whole unit.

    Raises
    ------
    EgressValueError
        If a number is out of its range.

    Notes
    -----
    UK Home Office guide for tents and marquees, as printed on a public page (mhto.org).

    Examples
    --------
    >>> exit_units(913)
    12
    """
    _at_least_zero("people", people)
    units = people / (UNIT_FLOW * _minutes(minutes))
    return math.floor(units + 1.0 - _UNIT_ROUNDS_UP + _ROUNDING)


def exits_needed(units: int) -> int:
    """
    Return the number of exits for some units of exit width, one of them lost.

    Parameters
    ----------
    units : int
        U, >= 0

    Returns
    -------
    int
        ``E = U / 4 + 1``; a rest of 0.75 counts as a whole exit.

    Raises
    ------
    EgressValueError
        If the number is below zero.

    Examples
    --------
    >>> exits_needed(12)
    4
    """
    _at_least_zero("units", units)
    return math.floor(units / _UNITS_PER_EXIT + 1.0 + 1.0 - _EXIT_ROUNDS_UP + _ROUNDING)


def specific_flow_imo(density: ArrayLike) -> NDArray[np.float64]:
    """
    Flow of people over their density in a corridor.

    Parameters
    ----------
    density : array_like
        [persons m⁻²], >= 0

    Returns
    -------
    ndarray
        Linear between 0.65 at 0.5, 1.3 at 1.9, 0.65 at 3.2 and 0.32 from 3.5 on.
        [persons m⁻¹ s⁻¹]

    Notes
    -----
    International Maritime Organization, guidelines on evacuation analysis, initial specific flow.

    Examples
    --------
    >>> specific_flow_imo([0.5, 1.9, 3.2, 9.0])
    array([0.65, 1.3 , 0.65, 0.32])
    """
    return np.interp(np.asarray(density, dtype=np.float64), _IMO_DENSITY, _IMO_FLOW)


def walking_speed_imo(density: ArrayLike) -> NDArray[np.float64]:
    """
    Return the walking speed over the density of people in a corridor.

    Parameters
    ----------
    density : array_like
        [persons m⁻²], >= 0

    Returns
    -------
    ndarray
        Linear between 1.2 up to 0.5, 0.67 at 1.9, 0.20 at 3.2 and 0.10 from 3.5 on. [m s⁻¹]

    Notes
    -----
    International Maritime Organization, guidelines on evacuation analysis.

    Examples
    --------
    >>> walking_speed_imo([0.2, 1.9])
    array([1.2 , 0.67])
    """
    return np.interp(np.asarray(density, dtype=np.float64), _IMO_DENSITY, _IMO_SPEED)


def level_of_service_fruin(density: float) -> str:
    """
    Level of service of a walkway.

    Parameters
    ----------
    density : float
        [persons m⁻²], >= 0

    Returns
    -------
    str
        ``A`` (free) to ``F`` (breakdown). Bounds 0.31, 0.43, 0.72, 1.08 and 2.17 belong to the
        better level, except the first.

    Raises
    ------
    EgressValueError
        If the density is below zero or no number.

    Notes
    -----
    J. Fruin, "Pedestrian planning and design" (1971); working knowledge of the figures.

    Examples
    --------
    >>> [level_of_service_fruin(density) for density in (0.2, 0.31, 1.0, 3.0)]
    ['A', 'B', 'D', 'F']
    """
    _at_least_zero("density", density)
    if density < _FRUIN_WALKWAY[0][1]:
        return "A"
    return next((level for level, most in _FRUIN_WALKWAY[1:] if density <= most), "F")


def _flow_per_metre(stairs: bool) -> float:
    return openness_requirements()["egress_flow_stairs" if stairs else "egress_flow_level"]


def _minutes(minutes: float | None) -> float:
    value = openness_requirements()["egress_time"] if minutes is None else minutes
    if not (math.isfinite(value) and value > 0.0):
        raise EgressValueError(name="minutes", value=value, accepted="above zero")
    return value


def _at_least_zero(name: str, value: float) -> None:
    if not (math.isfinite(value) and value >= 0.0):
        raise EgressValueError(name=name, value=value, accepted="zero or more")
