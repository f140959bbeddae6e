"""What an approach analysis answers; SI inside, km/h, kJ and degrees only where exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.approach.vehicles import VehicleClass
from parvis.terms import Grade


@dataclass(frozen=True, slots=True)
class SpeedRange:
    """
    Attainable speed as three values in m/s; typical <= cautious <= limit.

    Attributes
    ----------
    typical : float
        P50 parameter set; 0 where the class arrives on the upper ground only, and ratings then use
        the limit.
    cautious : float
        90th percentile of the parameter draws along the binding path.
    limit : float
        Upper parameter set on the upper ground: physical limit.
    """

    typical: float
    cautious: float
    limit: float


@dataclass(frozen=True, slots=True)
class Binding:
    """
    Why the speed is what it is; lengths and names only, no geometry of the path.

    Attributes
    ----------
    run_up : float
        Length of the binding run-up after the last limiting turn. [m]
    street : str
        Name of the street of the binding run-up, "" where unnamed.
    turn_radius : float
        Radius of the last limiting turn, inf where none limits. [m]
    turn_deflection : float
        Change of direction over that turn. [rad]
    turn_cap : float
        Speed that turn allows. [m s⁻¹], inf where none.
    turn_street : str
        Name of the street the turn leaves, "" where unnamed or none.
    legs : tuple of (length, radius)
        The whole binding path as run-ups and arcs in order: length [m], radius [m] (inf straight).
    entry_speed : float
        Speed taken over from the street field at the window's edge. [m s⁻¹]
    changes_in_box : bool
        The typical and the upper parameter set, two corners of the parameter box, have different
        binding paths.
    """

    run_up: float
    street: str
    turn_radius: float
    turn_deflection: float
    turn_cap: float
    turn_street: str
    legs: tuple[tuple[float, float], ...]
    entry_speed: float
    changes_in_box: bool


@dataclass(frozen=True, slots=True)
class ClassAtPoint:
    """
    One vehicle class at one access point.

    Attributes
    ----------
    vehicle : str
        Class key.
    speed : SpeedRange
    energy : float
        Kinetic energy at the design speed. [J]
    angle : float
        Between path and boundary line at the fastest crossing; pi/2 is square on. [rad]
    required_rating : str
        In ISO 22343-1 notation without penetration, e.g. ``"V/7200[N2B]/64/90"``; "" where
        `rating_reason` says why there is none.
    rating_reason : str
        Code: ``next_tested_speed``, ``above_tested_speeds``, ``no_tested_mass``.
    penetration_limit : float
        Stand-off less installation margin. [m], >= 0
    binding : Binding or None
        None where the class cannot enter in the typical scenario (limit ground only).
    grade : Grade
    measures : tuple of str
        Keys in `ApproachResult.inputs` whose ±1 sigma changes existence or rating.
    """

    vehicle: str
    speed: SpeedRange
    energy: float
    angle: float
    required_rating: str
    rating_reason: str
    penetration_limit: float
    binding: Binding | None
    grade: Grade
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """
    A contiguous stretch of the perimeter where a vehicle fits.

    Attributes
    ----------
    id : int
        Number, kept between runs by overlap.
    geometry : ndarray, shape (k, 2)
        The stretch of the perimeter, vertices in the city's CRS. [m]
    clear_width : float
        Narrowest passage the stretch is entered through, face to face. [m]
    clear_width_grade : Grade
    clear_width_reason : str
        Code: ``measured_on_site``, ``municipal_data``, ``not_verified``.
    street : str
        Name of the street or ground it opens to, "" where unnamed.
    existing : {"none", "unrated", "rated"}
    existing_kinds : tuple of str
        E.g. ``("bollard", "gate")``.
    stand_off : float
        Distance from the stretch to the people line. [m], >= 0
    only_limit : bool
        Reached on the upper ground only (unknown ground, steps for off-road vehicles).
    over_steps : bool
    classes : tuple of ClassAtPoint
        Those that fit, in pack order.
    governing : str
        Key of the class whose required rating governs (greatest energy at design speed).
    grade : Grade
    """

    id: int
    geometry: NDArray[np.float64]
    clear_width: float
    clear_width_grade: Grade
    clear_width_reason: str
    street: str
    existing: str
    existing_kinds: tuple[str, ...]
    stand_off: float
    only_limit: bool
    over_steps: bool
    classes: tuple[ClassAtPoint, ...]
    governing: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class PerimeterProfile:
    """
    The boundary metre by metre for one vehicle class; NaN where no vehicle of it arrives.

    Attributes
    ----------
    vehicle : str
    position : ndarray of float64, shape (n,)
        Distance along the boundary from its first vertex to the metre's middle. [m]
    x, y : ndarray of float64, shape (n,)
        [m]
    ring : ndarray of int32, shape (n,)
        Which ring of the boundary.
    typical, limit : ndarray of float64, shape (n,)
        Attainable speed. [m s⁻¹]
    direction : ndarray of float64, shape (n,)
        Of travel at the fastest crossing, from east anticlockwise. [rad]
    angle : ndarray of float64, shape (n,)
        To the boundary line, 0 along it, pi/2 square on. [rad]
    """

    vehicle: str
    position: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ring: NDArray[np.int32]
    typical: NDArray[np.float64]
    limit: NDArray[np.float64]
    direction: NDArray[np.float64]
    angle: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """
    One input a result rests on.

    Attributes
    ----------
    key : str
        Stable key, e.g. ``"width:segment/812"`` or ``"obstacle:node/123"``.
    what : str
        Code for the sentence: ``clear_width``, ``street_width``, ``obstacle``, ``ground``.
    value, sigma : float
        [m]; NaN where the input is a yes or no.
    grade : Grade
    x, y : float
        Where to measure. [m]
    label : str
        Street name or kind, "" for none.
    access_points : tuple of int
    """

    key: str
    what: str
    value: float
    sigma: float
    grade: Grade
    x: float
    y: float
    label: str
    access_points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know: a stable code, a count and facts for its sentence."""

    code: str
    count: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SpeedMap:
    """
    Greatest attainable speed over all headings on the window's cells; for pictures only.

    Attributes
    ----------
    vehicle : str
    speed : ndarray of float32, shape (rows, columns)
        South row first. [m s⁻¹]; NaN off the reachable ground.
    origin_x, origin_y : float
        South-west corner. [m]
    cell : float
        [m]
    """

    vehicle: str
    speed: NDArray[np.float32]
    origin_x: float
    origin_y: float
    cell: float


@dataclass(frozen=True, slots=True)
class ApproachResult:
    """
    The answer for one protected area.

    Attributes
    ----------
    space_id, space_name, space_kind : str
    protected_area : bytes
        WKB polygon in the city's CRS.
    area : float
        [m²]
    people_line : bytes or None
        WKB polygon people are kept inside of; None: the protected area's own outline.
    epsg : int
    vehicles : tuple of VehicleClass
        The classes looked at.
    threat_statement : mapping or None
        Reference, authority and date of the statement that chose the classes; None: no statement.
    design : {"typical", "cautious", "limit"}
        Which speed the ratings use.
    access_points : tuple of AccessPoint
    profiles : tuple of PerimeterProfile
        One per class.
    speed_maps : tuple of SpeedMap
        For the annex only; never in machine-readable output.
    inputs : tuple of UncertainInput
        Those that matter, most decisive first: the measuring list.
    window : tuple of float
        min x, min y, max x, max y. [m]
    notices : tuple of Notice
    provenance : mapping
        Source hash, data date, pack ids and versions, code version, parameters, city hash,
        run id (digest of all inputs), created (ISO date-time).
    grade : Grade
    """

    space_id: str
    space_name: str
    space_kind: str
    protected_area: bytes
    area: float
    people_line: bytes | None
    epsg: int
    vehicles: tuple[VehicleClass, ...]
    threat_statement: Mapping[str, Any] | None
    design: str
    access_points: tuple[AccessPoint, ...]
    profiles: tuple[PerimeterProfile, ...]
    speed_maps: tuple[SpeedMap, ...]
    inputs: tuple[UncertainInput, ...]
    window: tuple[float, float, float, float]
    notices: tuple[Notice, ...]
    provenance: Mapping[str, Any]
    grade: Grade
