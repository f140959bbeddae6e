"""What a closure plan answers; SI inside, money in whole cents of the pack's currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.approach.results import ClassAtPoint, Notice
from parvis.openness.results import Check
from parvis.terms import Grade


@dataclass(frozen=True, slots=True)
class CostRange:
    """
    What something costs, from the pack or an authority's own price list.

    Attributes
    ----------
    low, high : int
        In cents; low <= high.
    currency : str
        ISO 4217.
    is_verified : bool
        False: an editable planning figure without a source.
    """

    low: int
    high: int
    currency: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    Whether a product's rating covers one class at a line, by the match rule of ratings.

    Attributes
    ----------
    vehicle : str
        Class key.
    required : str
        Rating required there, "" where no test reaches the speed or mass.
    offered : str
        The product's rating that was compared, "" for none.
    verdict : str
        ``EXACT``, ``DOMINATES``, ``KE_INDICATIVE``, ``FAIL`` or ``NONE_TESTED``.
    holds : bool
        The rating suffices as it stands and penetration plus margin fits the stand-off.
    reason : str
        Code for the sentence.
    """

    vehicle: str
    required: str
    offered: str
    verdict: str
    holds: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Element:
    """
    One barrier element where it is to stand.

    Attributes
    ----------
    number : int
        Position number, from 1 along the line.
    kind : str
        E.g. ``bollard``, ``block``, ``planter``, ``rising_bollard``, ``gate``.
    x, y : float
        Centre, in the city's CRS. [m]
    rotation : float
        Direction of the long side from east, anticlockwise. [rad]
    length, width : float
        Along the long side and across it; a round bollard has its diameter in both. [m]
    is_operable : bool
        Opens for emergency or service vehicles.
    """

    number: int
    kind: str
    x: float
    y: float
    rotation: float
    length: float
    width: float
    is_operable: bool


@dataclass(frozen=True, slots=True)
class Option:
    """
    One way to treat a line, in the order of the seven streetscape schemes.

    Attributes
    ----------
    scheme : str
        Key in pack ``streetscape-schemes``.
    order : int
        1 to 7, the scheme's place in that order.
    family : str
        Key in pack ``barrier-products``, "" where the scheme needs no product.
    permanence : {"temporary", "semi_permanent", "permanent", ""}
    rating : str
        Best rating of the family for this line, "" for none.
    n_elements : int
    gap : float
        Greatest clear gap between faces. [m]; NaN where there are no elements.
    cost : CostRange or None
    coverage : tuple of Coverage
        One per class.
    speed_after : float
        Speed to bring the governing class down to, for calming. [m s⁻¹]; NaN otherwise.
    radius_needed : float
        Radius of a bend that caps it there. [m]; NaN otherwise.
    is_suitable : bool
    reasons : tuple of str
        Codes: why it is not suitable, or what it needs.
    """

    scheme: str
    order: int
    family: str
    permanence: str
    rating: str
    n_elements: int
    gap: float
    cost: CostRange | None
    coverage: tuple[Coverage, ...]
    speed_after: float
    radius_needed: float
    is_suitable: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RatedLine:
    """
    A line of the plan with what arrives there, before anything is chosen for it.

    Attributes
    ----------
    id : int
        From 1.
    geometry : ndarray, shape (k, 2)
        From face to face, in the city's CRS. [m]
    width : float
        Length of that line. [m]
    street : str
    access_points : tuple of int
        Access points of the protected area that this line closes.
    stand_off : float
        From the line to the people line. [m]
    grade : Grade
    classes : tuple of ClassAtPoint
        Recomputed at the line with the line standing.
    design : {"typical", "cautious", "limit"}
        Which speed the ratings use.
    keeps_emergency_access : bool
    is_existing : bool
        A rated barrier already stands here and holds.
    """

    id: int
    geometry: NDArray[np.float64]
    width: float
    street: str
    access_points: tuple[int, ...]
    stand_off: float
    grade: Grade
    classes: tuple[ClassAtPoint, ...]
    design: str
    keeps_emergency_access: bool = False
    is_existing: bool = False


@dataclass(frozen=True, slots=True)
class ScheduledLine:
    """
    A line of the barrier schedule.

    Attributes
    ----------
    line : RatedLine
    options : tuple of Option
        In the order of the schemes, calming before barriers.
    chosen : int
        Index in `options` of what is laid out, -1 where nothing suits.
    elements : tuple of Element
    gaps : tuple of float
        Clear gaps in order: from the first face to element 1, between elements, to the last face;
        one more than there are elements. [m]
    coverage : tuple of Coverage
        Of what is chosen; empty where nothing is.
    checks : tuple of Check
    residual_risks : tuple of str
        Keys in pack ``residual-risks``, printed every time.
    """

    line: RatedLine
    options: tuple[Option, ...]
    chosen: int
    elements: tuple[Element, ...]
    gaps: tuple[float, ...]
    coverage: tuple[Coverage, ...]
    checks: tuple[Check, ...]
    residual_risks: tuple[str, ...]

    @property
    def option(self) -> Option | None:
        """The option laid out."""
        return self.options[self.chosen] if self.chosen >= 0 else None

    @property
    def holds(self) -> bool:
        """Whether the rating covers every class that arrives."""
        return bool(self.coverage) and all(item.holds for item in self.coverage)

    @property
    def open_to(self) -> tuple[str, ...]:
        """Classes the line counts as absent for."""
        held = {item.vehicle for item in self.coverage if item.holds}
        return tuple(item.vehicle for item in self.line.classes if item.vehicle not in held)


@dataclass(frozen=True, slots=True)
class ClosurePlan:
    """
    Lines that together keep every chosen class out, or say where they cannot.

    Attributes
    ----------
    key : {"cheapest", "nearest", "furthest"}
        Minimum cut after re-pricing; alternatives by distance to the protected area.
    lines : tuple of ScheduledLine
    enclosed : bytes
        WKB: the ground the lines enclose, protected area included.
    cut_cost_first, cut_cost : int
        Of the cut in its own metric, before and after re-pricing. [cents]
    rounds : int
        Re-pricing rounds.
    cost : CostRange or None
        Of the schedule in whole elements, None where a line has nothing chosen.
    checks : tuple of Check
        For the whole plan, e.g. egress flow with the largest exit discounted.
    still_reached_by : tuple of str
        Classes that still get to the protected area once the elements of the lines that hold
        against them stand: re-analysed with the elements as they are laid out.
    left_open : int
        Passages of the cut that no chosen class fits through, so that nothing stands in them.
    """

    key: str
    lines: tuple[ScheduledLine, ...]
    enclosed: bytes
    cut_cost_first: int
    cut_cost: int
    rounds: int
    cost: CostRange | None
    checks: tuple[Check, ...]
    still_reached_by: tuple[str, ...] = ()
    left_open: int = 0


@dataclass(frozen=True, slots=True)
class ClosureResult:
    """
    The answer for one protected area.

    Attributes
    ----------
    space_id, space_name, space_kind : str
    protected_area : bytes
        WKB polygon in the city's CRS.
    epsg : int
    design : {"typical", "cautious", "limit"}
    vehicles : tuple of str
    plans : tuple of ClosurePlan
        The cheapest first, then alternatives that differ from it, those that keep most classes out
        before others; never a ranking of routes.
    cannot_close : str
        "" or the code that says why no plan encloses the area.
    where_not : bytes or None
        WKB of where forbidden ground alone joins the streets to the area.
    notices : tuple of Notice
    provenance : mapping
    holding : tuple of str
        Features with a rated barrier that holds against every class and bounds the plans.
    """

    space_id: str
    space_name: str
    space_kind: str
    protected_area: bytes
    epsg: int
    design: str
    vehicles: tuple[str, ...]
    plans: tuple[ClosurePlan, ...]
    cannot_close: str
    where_not: bytes | None
    notices: tuple[Notice, ...]
    provenance: Mapping[str, Any]
    holding: tuple[str, ...] = ()

    @property
    def told_first(self) -> str:
        """Key of the plan that is told first, "" where there is none."""
        return self.plans[0].key if self.plans else ""
