"""From open stretches to access points: width, speeds with their uncertainty, rating and grade."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.access_points import clear_width, keep_numbers
from parvis.approach.explain import Explanation, StreetFinder, is_same_path, turn_width
from parvis.approach.grading import decisive_inputs, measuring_list, worst_grade
from parvis.approach.ground_obstacles import ExistingObstacle
from parvis.approach.perimeter import Boundary
from parvis.approach.ratings import required_rating
from parvis.approach.results import (
    AccessPoint,
    ClassAtPoint,
    Notice,
    SpeedRange,
    UncertainInput,
)
from parvis.approach.uncertainty import (
    Draws,
    cautious_speed,
    draw_parameters,
    merge_straights,
    speed_along,
)
from parvis.approach.vehicles import VehicleClass, VehicleParameters
from parvis.approach.window import Window
from parvis.city.assemble import has_tag
from parvis.city.model import City
from parvis.packs.content import ParameterDraws
from parvis.terms import GRAVITY, KMH_PER_MPS, Grade, Scenario

if TYPE_CHECKING:
    from parvis.approach.analysis import Question

AT_STRETCH = 3.0
"""Obstacles and measured gaps within this distance belong to a stretch. [m]"""

STEPS = "steps"
"""Kind of a climbed flight of steps, which is a way and not a barrier."""


@dataclass(frozen=True, slots=True)
class ClassStretch:
    """
    What one class does at one stretch.

    Attributes
    ----------
    vehicle : VehicleClass
    typical, limit : float
        Attainable speed, 0 where it does not arrive. [m s⁻¹]
    angle : float
        To the boundary line at the fastest crossing. [rad]
    typical_path, limit_path : Explanation or None
    x, y : float
        The metre of the fastest crossing. [m]
    """

    vehicle: VehicleClass
    typical: float
    limit: float
    angle: float
    typical_path: Explanation | None
    limit_path: Explanation | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Mouth:
    """What is known of a stretch before any vehicle is looked at."""

    number: int
    line: shapely.LineString
    width: float
    grade: Grade
    reason: str
    existing: tuple[ExistingObstacle, ...]
    only_limit: bool
    over_steps: bool


class PointMaker:
    """
    Makes access points for one analysis.

    Parameters
    ----------
    city : City
    question : Question
    window : Window
    streets : StreetFinder
    draws : ParameterDraws
    seed : int
        Of the parameter draws.
    """

    def __init__(
        self,
        city: City,
        question: "Question",
        window: Window,
        streets: StreetFinder,
        draws: ParameterDraws,
        seed: int,
    ) -> None:
        self.city = city
        self.question = question
        self.window = window
        self.streets = streets
        self.pack = draws
        self._draws: dict[str, Draws] = {
            vehicle.key: draw_parameters(
                vehicle,
                draws.n_draws,
                upper_quantile=draws.upper_quantile,
                seed=seed + index,
            )
            for index, vehicle in enumerate(question.vehicles)
        }
        self._gaps = _measured_gaps(city)
        terrain = city.elevation
        self._is_fine = terrain is not None and terrain.source_cell <= window.rules.coarse_elevation
        self._slopes: list[_SlopeEffect] = []

    def access_points(
        self,
        boundary: Boundary,
        stretches: Sequence[NDArray[np.int64]],
        only_limit: Sequence[bool],
        at_stretch: Sequence[tuple[ClassStretch | None, ...]],
    ) -> tuple[tuple[AccessPoint, ...], tuple[UncertainInput, ...]]:
        """
        Make the access points and the list of what to measure.

        Parameters
        ----------
        boundary : Boundary
        stretches : sequence of ndarray
            Metres of each stretch.
        only_limit : sequence of bool
            Stretches open on the upper ground only.
        at_stretch : sequence of tuple of ClassStretch or None
            For each stretch what each class does there.

        Returns
        -------
        points : tuple of AccessPoint
            By number.
        inputs : tuple of UncertainInput
        """
        lines = [_line(boundary.stretch(stretch)) for stretch in stretches]
        numbers = keep_numbers(lines, self.question.previous)
        points = []
        decisive: dict[int, Sequence[UncertainInput]] = {}
        for line, number, only, classes in zip(lines, numbers, only_limit, at_stretch, strict=True):
            arriving = [item for item in classes if item]
            off_road = only and all(item.vehicle.is_off_road for item in arriving)
            mouth = self._mouth(number, line, only, is_off_road=off_road)
            present = [item for item in arriving if self._fits(item.vehicle, mouth)]
            if not present:
                continue
            point, inputs = self._access_point(mouth, present)
            points.append(point)
            decisive[number] = inputs
        points.sort(key=lambda point: point.id)
        return tuple(points), measuring_list(decisive)

    def _mouth(self, number: int, line: Any, only_limit: bool, *, is_off_road: bool) -> _Mouth:
        scenario = Scenario.LIMIT if only_limit else Scenario.TYPICAL
        ground = self.window.ground(scenario, is_off_road=is_off_road)
        surface = ground.surfaces[ground.levels.index(0)]
        width, grade, reason = clear_width(line, surface), Grade.C, "not_verified"
        measured = self._gap_at(line)
        if measured is not None:
            width, grade = measured
            reason = {
                Grade.A: "measured_on_site",
                Grade.B: "municipal_data",
                Grade.C: "not_verified",
            }[grade]
        nearby = [
            item
            for item in ground.existing
            if item.level == 0 and shapely.distance(item.geometry, line) <= AT_STRETCH
        ]
        barriers = tuple(item for item in nearby if item.kind != STEPS)
        over_steps = len(barriers) < len(nearby)
        return _Mouth(number, line, width, grade, reason, barriers, only_limit, over_steps)

    def _fits(self, vehicle: VehicleClass, mouth: _Mouth) -> bool:
        """Tell whether a class passes a gap that was measured between faces that stop it."""
        is_measured = mouth.grade is not Grade.C
        yields = any(not item.holds for item in mouth.existing)
        return not is_measured or yields or mouth.width >= vehicle.limit.width

    def _gap_at(self, line: Any) -> tuple[float, Grade] | None:
        if not len(self._gaps.points):
            return None
        distance = shapely.distance(self._gaps.points, line)
        nearest = int(np.argmin(distance))
        if distance[nearest] > AT_STRETCH:
            return None
        return float(self._gaps.width[nearest]), self._gaps.grade[nearest]

    def _access_point(
        self, mouth: _Mouth, classes: Sequence[ClassStretch]
    ) -> tuple[AccessPoint, tuple[UncertainInput, ...]]:
        stand_off = self._stand_off(mouth.line)
        entries: list[ClassAtPoint] = []
        decisive: dict[str, UncertainInput] = {}
        for item in classes:
            entry, inputs = self._class_at_point(mouth, item, stand_off)
            entries.append(entry)
            decisive |= {found.key: found for found in inputs}
        governing = max(entries, key=lambda entry: entry.energy)
        middle = mouth.line.interpolate(0.5, normalized=True)
        is_rated = any(item.is_rated for item in mouth.existing)
        existing = "rated" if is_rated else "unrated" if mouth.existing else "none"
        point = AccessPoint(
            id=mouth.number,
            geometry=np.asarray(shapely.get_coordinates(mouth.line), dtype=np.float64),
            clear_width=mouth.width,
            clear_width_grade=mouth.grade,
            clear_width_reason=mouth.reason,
            street=self.streets.name(middle.x, middle.y),
            existing=existing,
            existing_kinds=tuple(sorted({item.kind for item in mouth.existing})),
            stand_off=stand_off,
            only_limit=mouth.only_limit,
            over_steps=mouth.over_steps,
            classes=tuple(entries),
            governing=governing.vehicle,
            grade=max(entry.grade for entry in entries),
        )
        return point, tuple(decisive.values())

    def _class_at_point(
        self, mouth: _Mouth, item: ClassStretch, stand_off: float
    ) -> tuple[ClassAtPoint, tuple[UncertainInput, ...]]:
        vehicle = item.vehicle
        path = item.typical_path
        turn_segment, width, width_grade = turn_width(
            self.city, self.streets, path.turn if path else None
        )
        sigma = self.pack.width_sigma[width_grade] if turn_segment >= 0 else 0.0
        cautious = item.limit
        ratio: Mapping[float, float] = {}
        if path is not None and item.typical > 0.0:
            cautious = self._cautious(item, path, sigma)
            ratio = self._ratios(vehicle, path, sigma)
        speed = SpeedRange(item.typical, cautious, item.limit)
        design = float(getattr(speed, self.question.design)) if speed.typical > 0.0 else speed.limit
        rating, reason = required_rating(vehicle, design)
        slope = 1.0 if self._is_fine else self._slope_factor(vehicle, path)
        if slope != 1.0:
            sloped, _ = required_rating(vehicle, design * slope)
            self._slopes.append(
                _SlopeEffect(mouth.number, design * (slope - 1.0), sloped != rating)
            )
        binding = None
        if path is not None:
            changes = item.limit_path is not None and not is_same_path(path, item.limit_path)
            binding = replace(path.binding, changes_in_box=changes)

        def outcome(change: Mapping[str, float]) -> tuple[bool, str]:
            exists = mouth.width + change.get(mouth_key, 0.0) >= vehicle.typical.width
            scale = ratio.get(change.get(width_key, 0.0), 1.0)
            return exists, required_rating(vehicle, design * scale)[0]

        mouth_key = f"clear_width:access-point/{mouth.number}"
        width_key = f"street_width:{self._segment_key(turn_segment)}"
        inputs = decisive_inputs(
            self._candidates(mouth, item, turn_segment, width, width_grade, mouth_key, width_key),
            outcome=outcome,
            unverified={mouth_key} if mouth.grade is Grade.C else (),
        )
        entry = ClassAtPoint(
            vehicle=vehicle.key,
            speed=speed,
            energy=0.5 * vehicle.mass * design**2,
            angle=item.angle,
            required_rating=rating,
            rating_reason=reason,
            penetration_limit=stand_off,
            binding=binding,
            grade=worst_grade(inputs, otherwise=mouth.grade),
            measures=tuple(found.key for found in inputs),
        )
        return entry, inputs

    def _cautious(self, item: ClassStretch, path: Explanation, sigma: float) -> float:
        vehicle = item.vehicle
        drawn = self._along(vehicle, path, self._draws[vehicle.key], sigma)
        middle = self._along(vehicle, path, _fixed(vehicle.typical), 0.0)[0]
        scaled = item.typical * drawn / max(float(middle), 1e-6)
        return cautious_speed(
            scaled,
            typical=item.typical,
            limit=item.limit,
            quantile=self.pack.cautious_quantile,
        )

    def slope_notices(self) -> tuple[Notice, ...]:
        """Return what coarse terrain, which the speeds leave out, would change."""
        if not self._slopes:
            return ()
        greatest = max(self._slopes, key=lambda effect: abs(effect.change))
        rated = sorted({effect.number for effect in self._slopes if effect.changes_rating})
        details = {
            "change_kmh": round(greatest.change * KMH_PER_MPS, 1),
            "number": greatest.number,
            "rated": ", ".join(map(str, rated)) or "–",
        }
        return (Notice("slope_sensitivity", len(rated), details),)

    def _slope_factor(self, vehicle: VehicleClass, path: Explanation | None) -> float:
        """Return by which factor the slopes along the path change the speed."""
        if path is None or not any(leg.gradient for leg in path.legs):
            return 1.0
        fixed = _fixed(vehicle.typical)
        level = float(self._along(vehicle, path, fixed, 0.0)[0])
        sloped = float(self._along(vehicle, path, fixed, 0.0, on_slope=True)[0])
        return sloped / max(level, 1e-6)

    def _ratios(self, vehicle: VehicleClass, path: Explanation, sigma: float) -> dict[float, float]:
        """Return by which factor a width change of plus or minus one sigma moves the speed."""
        middle = float(self._along(vehicle, path, _fixed(vehicle.typical), 0.0)[0])
        changed = {}
        for sign in (-1.0, 1.0):
            fixed = _fixed(vehicle.typical, width_error=sign)
            moved = float(self._along(vehicle, path, fixed, sigma)[0])
            changed[sign * sigma] = moved / max(middle, 1e-6)
        return changed

    def _along(
        self,
        vehicle: VehicleClass,
        path: Explanation,
        draws: Draws,
        sigma: float,
        *,
        on_slope: bool = False,
    ) -> NDArray[np.float64]:
        legs = merge_straights(
            path.legs if on_slope else tuple(replace(leg, gradient=0.0) for leg in path.legs),
            irrelevant_radius=vehicle.limit.top_speed**2 / (vehicle.typical.friction * GRAVITY),
        )
        return speed_along(
            legs,
            entry_speed=path.entry_speed,
            parameters=vehicle.typical,
            draws=draws,
            width_sigma=sigma,
        )

    def _candidates(
        self,
        mouth: _Mouth,
        item: ClassStretch,
        turn_segment: int,
        width: float,
        width_grade: Grade,
        mouth_key: str,
        width_key: str,
    ) -> list[UncertainInput]:
        middle = mouth.line.interpolate(0.5, normalized=True)
        sigmas = self.pack.width_sigma
        numbers = (mouth.number,)
        label = self.streets.name(middle.x, middle.y)
        found = [
            UncertainInput(
                key=mouth_key,
                what="clear_width",
                value=mouth.width,
                sigma=sigmas[mouth.grade],
                grade=mouth.grade,
                x=middle.x,
                y=middle.y,
                label=label,
                access_points=numbers,
            )
        ]
        if mouth.only_limit:
            found.append(
                UncertainInput(
                    key=f"ground:access-point/{mouth.number}",
                    what="ground",
                    value=math.nan,
                    sigma=math.nan,
                    grade=Grade.C,
                    x=middle.x,
                    y=middle.y,
                    label=label,
                    access_points=numbers,
                )
            )
        turn = item.typical_path.turn if item.typical_path else None
        if turn_segment >= 0 and turn is not None:
            found.append(
                UncertainInput(
                    key=width_key,
                    what="street_width",
                    value=width,
                    sigma=sigmas[width_grade],
                    grade=width_grade,
                    x=turn.x,
                    y=turn.y,
                    label=self.streets.name(turn.x, turn.y),
                    access_points=numbers,
                )
            )
        return found + [_obstacle_input(group, numbers) for group in _by_kind(mouth.existing)]

    def _segment_key(self, segment: int) -> str:
        if segment < 0:
            return ""
        street = int(self.city.segments.street[segment])
        return f"way/{int(self.city.streets['osm_id'][street])}"

    def _stand_off(self, line: Any) -> float:
        people = self.question.people_line
        return float(shapely.distance(line, people)) if people is not None else 0.0


def _by_kind(existing: Sequence[ExistingObstacle]) -> list[list[ExistingObstacle]]:
    """Return obstacles of one kind and grade together: a row of bollards is one question."""
    groups: dict[tuple[str, Grade, bool], list[ExistingObstacle]] = {}
    for item in existing:
        groups.setdefault((item.kind, item.grade, item.is_rated), []).append(item)
    return list(groups.values())


def _obstacle_input(group: Sequence[ExistingObstacle], numbers: tuple[int, ...]) -> UncertainInput:
    first = min(group, key=lambda item: item.osm_id)
    place = shapely.centroid(first.geometry)
    return UncertainInput(
        key=f"obstacle:{first.feature}",
        what="obstacle",
        value=math.nan,
        sigma=math.nan,
        grade=first.grade,
        x=float(place.x),
        y=float(place.y),
        label=first.kind,
        access_points=numbers,
    )


@dataclass(frozen=True, slots=True)
class _SlopeEffect:
    """How far slopes move the design speed of one class at one access point. [m s⁻¹]."""

    number: int
    change: float
    changes_rating: bool


@dataclass(frozen=True, eq=False)
class _Gaps:
    points: NDArray[np.object_]
    width: NDArray[np.float64]
    grade: list[Grade]


def _measured_gaps(city: City) -> _Gaps:
    """Return the gaps that corrections state."""
    rows: list[int] = []
    width: list[float] = []
    grade: list[Grade] = []
    for row in np.flatnonzero(has_tag(city.points, "parvis:correction")):
        tags = city.points.tags(int(row))
        if "maxwidth:physical" in tags:
            rows.append(int(row))
            width.append(float(tags["maxwidth:physical"]))
            grade.append(Grade[tags.get("parvis:grade", "C")])
    points = city.points.geometry[rows] if rows else np.empty(0, dtype=object)
    return _Gaps(points, np.array(width), grade)


def _line(coordinates: NDArray[np.float64]) -> Any:
    if len(coordinates) < 2:
        coordinates = np.repeat(coordinates, 2, axis=0)
    return shapely.LineString(coordinates)


def _fixed(parameters: VehicleParameters, width_error: float = 0.0) -> Draws:
    """Return a single draw that stands at a parameter set."""
    return Draws(
        acceleration=np.array([parameters.acceleration]),
        specific_power=np.array([parameters.specific_power]),
        friction=np.array([parameters.friction]),
        top_speed=np.array([parameters.top_speed]),
        width_error=np.array([width_error]),
    )
