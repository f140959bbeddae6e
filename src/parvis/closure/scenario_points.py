"""Answer which access points are open before and after changes, numbered alike, how fast each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.approach.access_points import (
    clear_width,
    extra_stretches,
    keep_numbers,
    open_stretches,
)
from parvis.approach.analysis import Question, fastest_metre
from parvis.approach.explain import StreetFinder
from parvis.approach.perimeter import Boundary
from parvis.approach.ratings import required_rating
from parvis.approach.results import SpeedRange
from parvis.approach.vehicles import VehicleClass
from parvis.closure.scenario_answers import ClassBeforeAfter, KnownPoint, PointBeforeAfter
from parvis.terms import KMH_PER_MPS, Scenario

CHANGED = 1.0 / KMH_PER_MPS
"""Smaller differences of speed are none. [m s⁻¹]"""

Key = tuple[str, Scenario]
"""A class with typical or limit speed."""

Speeds = Mapping[Key, NDArray[np.float64]]
"""Greatest speed at each metre of the outline; NaN where no vehicle arrives. [m s⁻¹]"""


@dataclass(frozen=True, eq=False)
class Stretch:
    """
    An open stretch of the outline: an access point.

    Attributes
    ----------
    number : int
    metres : ndarray of int64, shape (n,)
        Of the outline.
    line : LineString
    only_limit : bool
        Reached at the physical limit alone.
    """

    number: int
    metres: NDArray[np.int64]
    line: shapely.LineString
    only_limit: bool


@dataclass(frozen=True, eq=False)
class ScenarioPoints:
    """
    Compares the access points of a place as it is with those after changes.

    Attributes
    ----------
    question : Question
    boundary : Boundary
    known : tuple of KnownPoint
        Of the analysis that is continued.
    before : mapping of (str, Scenario) to ndarray
        Speeds at the outline as it is.
    surface : shapely geometry
        Ground on which clear widths are measured where nobody has said.
    streets : StreetFinder
    """

    question: Question
    boundary: Boundary
    known: tuple[KnownPoint, ...]
    before: Speeds
    surface: BaseGeometry
    streets: StreetFinder

    @cached_property
    def present(self) -> tuple[Stretch, ...]:
        """Open stretches as they are, numbered as by the analysis."""
        previous = [(point.number, point.line) for point in self.known] or list(
            self.question.previous
        )
        return self._numbered(self.before, previous)

    def compare(
        self, after: Speeds
    ) -> tuple[tuple[PointBeforeAfter, ...], dict[str, NDArray[np.float64]]]:
        """
        Return every access point before and after, and the cautious speeds afterwards.

        Parameters
        ----------
        after : mapping of (str, Scenario) to ndarray
            Speeds at the outline after the changes.

        Returns
        -------
        points : tuple of PointBeforeAfter
        speed : dict of str to ndarray
            By class, at each metre of the outline. [m s⁻¹]; NaN where it does not arrive.
        """
        before = self.before
        present = self.present
        changed = self._numbered(after, [(item.number, item.line) for item in present])
        known = {point.number: point for point in self.known}
        of_present = {item.number: item for item in present}
        of_changed = {item.number: item for item in changed}
        points = []
        speed = {
            vehicle.key: np.full(len(self.boundary), np.nan) for vehicle in self.question.vehicles
        }
        for number in sorted(of_present.keys() | of_changed.keys()):
            was, now = of_present.get(number), of_changed.get(number)
            at = known.get(number)
            classes = tuple(
                found
                for vehicle in self.question.vehicles
                if (found := self._class(vehicle, was, now, before, after, at)) is not None
            )
            if not classes:
                continue
            if now is not None:
                for vehicle in self.question.vehicles:
                    self._along(speed[vehicle.key], vehicle.key, now, after, at)
            place = of_present.get(number) or of_changed[number]
            middle = place.line.interpolate(0.5, normalized=True)
            width = at.clear_width if at else math.nan
            if math.isnan(width):
                width = clear_width(place.line, self.surface)
            points.append(
                PointBeforeAfter(
                    number=number,
                    street=self.streets.name(middle.x, middle.y),
                    geometry=np.asarray(shapely.get_coordinates(place.line), dtype=np.float64),
                    state=_state(was, now, classes, before),
                    clear_width=width,
                    existing=at.existing if at else "",
                    only_limit=bool((now or place).only_limit),
                    classes=classes,
                )
            )
        return tuple(points), speed

    def _numbered(
        self,
        speeds: Speeds,
        previous: Sequence[tuple[int, shapely.LineString]],
    ) -> tuple[Stretch, ...]:
        is_open = {scenario: np.zeros(len(self.boundary), dtype=np.bool_) for scenario in Scenario}
        for (_, scenario), speed in speeds.items():
            is_open[scenario] |= ~np.isnan(speed)
        typical = open_stretches(is_open[Scenario.TYPICAL], self.boundary)
        extra = extra_stretches(is_open[Scenario.LIMIT], typical, self.boundary)
        marked = [(stretch, False) for stretch in typical] + [(item, True) for item in extra]
        marked.sort(key=lambda item: int(item[0][0]))
        lines = [_line(self.boundary, metres) for metres, _ in marked]
        numbers = keep_numbers(lines, previous)
        return tuple(
            Stretch(number, metres, line, only)
            for number, (metres, only), line in zip(numbers, marked, lines, strict=True)
        )

    def _speeds(
        self, answers: Speeds, vehicle: str, metres: NDArray[np.int64]
    ) -> tuple[float, float]:
        """Return typical and limit speed of a class on a stretch, 0 where it does not arrive."""
        found = []
        for scenario in Scenario:
            speed = answers[vehicle, scenario]
            metre = fastest_metre(speed, metres)
            found.append(float(speed[metre]) if metre >= 0 else 0.0)
        return found[0], max(found)

    def _along(
        self,
        into: NDArray[np.float64],
        vehicle: str,
        stretch: Stretch,
        answers: Speeds,
        at: KnownPoint | None,
    ) -> None:
        """Write the cautious speed of a class at each metre of a stretch."""
        if at is not None and at.is_measured and vehicle not in at.speeds:
            return
        typical = np.nan_to_num(answers[vehicle, Scenario.TYPICAL][stretch.metres])
        limit = np.fmax(np.nan_to_num(answers[vehicle, Scenario.LIMIT][stretch.metres]), typical)
        share = np.where(typical > 0.0, at.share(vehicle) if at else 1.0, 1.0)
        cautious = typical + share * (limit - typical)
        into[stretch.metres] = np.where(limit > 0.0, cautious, np.nan)

    def _class(
        self,
        vehicle: VehicleClass,
        was: Stretch | None,
        now: Stretch | None,
        before: Speeds,
        after: Speeds,
        at: KnownPoint | None,
    ) -> ClassBeforeAfter | None:
        if at is not None and at.is_measured and vehicle.key not in at.speeds:
            return None
        share = at.share(vehicle.key) if at else 1.0
        ranges: list[SpeedRange | None] = []
        for stretch, answers in ((was or now, before), (now, after)):
            typical, limit = (
                self._speeds(answers, vehicle.key, stretch.metres) if stretch else (0.0, 0.0)
            )
            ranges.append(speed_range(typical, limit, share) if limit > 0.0 else None)
        if ranges == [None, None]:
            return None
        designs = [design_speed(self.question, speed) if speed else 0.0 for speed in ranges]
        ratings = [
            required_rating(vehicle, design) if speed else ("", "")
            for speed, design in zip(ranges, designs, strict=True)
        ]
        energies = [0.5 * vehicle.mass * design**2 for design in designs]
        return ClassBeforeAfter(
            vehicle=vehicle.key,
            before=ranges[0],
            after=ranges[1],
            rating_before=ratings[0][0],
            rating_after=ratings[1][0],
            reason_before=ratings[0][1],
            reason_after=ratings[1][1],
            energy_before=energies[0],
            energy_after=energies[1],
        )


def speed_range(typical: float, limit: float, share: float) -> SpeedRange:
    """
    Return three speeds from two: the cautious one lies at `share` between them.

    Parameters
    ----------
    typical, limit : float
        [m s⁻¹], >= 0; without a typical speed the cautious one is the limit.
    share : float
        [0, 1].

    Returns
    -------
    SpeedRange
    """
    fastest = max(typical, limit)
    cautious = typical + share * (fastest - typical) if typical > 0.0 else fastest
    return SpeedRange(typical, cautious, fastest)


def design_speed(question: Question, speed: SpeedRange) -> float:
    """Return the speed that ratings use: the one asked for, the limit where none is typical."""
    return float(getattr(speed, question.design)) if speed.typical > 0.0 else speed.limit


def _line(boundary: Boundary, metres: NDArray[np.int64]) -> shapely.LineString:
    points = boundary.stretch(metres)
    return shapely.LineString(points if len(points) > 1 else np.repeat(points, 2, axis=0))


def _state(
    was: Stretch | None,
    now: Stretch | None,
    classes: Sequence[ClassBeforeAfter],
    before: Speeds,
) -> str:
    if now is None or all(entry.after is None for entry in classes):
        return "closed"
    if was is None:
        is_new = all(np.isnan(speed[now.metres]).all() for speed in before.values())
        return "opened" if is_new else "part"
    moves = [
        (entry.after.limit if entry.after else 0.0) - (entry.before.limit if entry.before else 0.0)
        for entry in classes
    ] + [
        (entry.after.typical if entry.after else 0.0)
        - (entry.before.typical if entry.before else 0.0)
        for entry in classes
    ]
    if max(moves) > CHANGED:
        return "faster"
    was_typical = any(entry.before and entry.before.typical > 0.0 for entry in classes)
    if was_typical and all(entry.after.typical == 0.0 for entry in classes if entry.after):
        return "limit"
    return "slower" if min(moves) < -CHANGED else "same"
