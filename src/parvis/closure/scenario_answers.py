"""What a list of changes to a place answers: access points, rows, openness, money."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.results import SpeedRange
from parvis.closure.placed_rows import LaidRow
from parvis.closure.results import CostRange, Coverage
from parvis.openness.results import Check


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """
    An access point as the analysis of the place gives it.

    Attributes
    ----------
    number : int
    line : LineString
        [m]
    speeds : mapping of str to SpeedRange
        Of the classes that arrive.
    clear_width : float
        [m]; NaN where nobody has said.
    existing : str
    is_measured : bool
        Its width is better known than from the map: classes that do not pass it stay out.
    """

    number: int
    line: shapely.LineString
    speeds: Mapping[str, SpeedRange]
    clear_width: float = math.nan
    existing: str = ""
    is_measured: bool = False

    def share(self, vehicle: str) -> float:
        """Return where between typical and limit the cautious speed of a class lies. [0, 1]."""
        speed = self.speeds.get(vehicle)
        if speed is None or speed.typical <= 0.0 or speed.limit - speed.typical < 1e-9:
            return 1.0
        share = (speed.cautious - speed.typical) / (speed.limit - speed.typical)
        return float(min(max(share, 0.0), 1.0))


@dataclass(frozen=True, slots=True)
class ClassBeforeAfter:
    """
    One class at one access point, as it is and with the changes.

    Attributes
    ----------
    vehicle : str
    before, after : SpeedRange or None
        None where the class does not arrive.
    rating_before, rating_after : str
        Required, "" where the class does not arrive or no test reaches it.
    reason_before, reason_after : str
        Code, see `ClassAtPoint.rating_reason`; "" where the class does not arrive.
    energy_before, energy_after : float
        At the design speed, 0 where the class does not arrive. [J]
    """

    vehicle: str
    before: SpeedRange | None
    after: SpeedRange | None
    rating_before: str
    rating_after: str
    reason_before: str
    reason_after: str
    energy_before: float
    energy_after: float


@dataclass(frozen=True, slots=True)
class PointBeforeAfter:
    """
    An access point, as it is and with the changes.

    Attributes
    ----------
    number : int
        That of the analysis; further ones count on.
    street : str
        "" where unnamed.
    geometry : ndarray, shape (k, 2)
        Of the stretch as it is, of a new one with the changes. [m]
    state : {"same", "slower", "faster", "limit", "closed", "opened", "part"}
        ``limit``: reached on the upper ground only from now on, so that its first speed is the
        physical limit and may be the higher number.
        ``part``: a stretch that changes cut off from another access point.
    clear_width : float
        [m]
    existing : str
        Barrier that stands there, see `AccessPoint.existing`; "" where nobody has said.
    only_limit : bool
        Reached on the upper ground only, as it is or with the changes.
    classes : tuple of ClassBeforeAfter
        Those that arrive before or after, in their order.
    """

    number: int
    street: str
    geometry: NDArray[np.float64]
    state: str
    clear_width: float
    existing: str
    only_limit: bool
    classes: tuple[ClassBeforeAfter, ...]


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """
    A row of products among the changes.

    Attributes
    ----------
    number : int
        Of the change, from 1.
    laid : LaidRow
    access_point : int
        Nearest one, 0 for none within reach.
    stand_off : float
        From the row to the people line. [m]
    speeds : mapping of str to SpeedRange
        Of each class that arrives at the row, without any row standing.
    coverage : tuple of Coverage
        Of those classes, by the level chosen, else by the one that covers most of them.
    sufficient_levels : tuple of str
        Levels of the family that hold against all of them.
    checks : tuple of Check
    cost : CostRange
    """

    number: int
    laid: LaidRow
    access_point: int
    stand_off: float
    speeds: Mapping[str, SpeedRange]
    coverage: tuple[Coverage, ...]
    sufficient_levels: tuple[str, ...]
    checks: tuple[Check, ...]
    cost: CostRange

    @property
    def holds(self) -> bool:
        """Whether the row holds against every class that arrives at it, by what was tested."""
        return all(item.holds for item in self.coverage)

    @property
    def is_tight(self) -> bool:
        """Whether no gap is wider than what keeps vehicles from passing between the elements."""
        return max(self.laid.row.gaps) <= self.laid.family.greatest_gap + 1e-9

    @property
    def is_assumed(self) -> bool:
        """Whether the row is only taken to hold, as its product is not chosen yet."""
        return self.laid.level is None


@dataclass(frozen=True, slots=True)
class ScenarioAnswer:
    """
    What a list of changes does to a place.

    Attributes
    ----------
    points : tuple of PointBeforeAfter
        By number.
    rows : tuple of RowAnswer
    checks : tuple of Check
        Of the whole place: ``egress_flow``, ``emergency_access``.
    cost : CostRange or None
        Of all rows; None without any.
    n_unpriced : int
        Changes that no price list has a price for.
    speed : mapping of str to ndarray of float64, shape (n,)
        Cautious speed of each class at each metre of the boundary with the changes; NaN where none
        arrives. [m s⁻¹]
    notices : tuple of str
        Codes of what a reader should know.
    """

    points: tuple[PointBeforeAfter, ...]
    rows: tuple[RowAnswer, ...]
    checks: tuple[Check, ...]
    cost: CostRange | None
    n_unpriced: int
    speed: Mapping[str, NDArray[np.float64]]
    notices: tuple[str, ...]
