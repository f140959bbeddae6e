"""Answer, again and again and quickly, what changes do to one place: prepared once, then asked."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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
from parvis.approach.changes import (
    AddBarrier,
    Change,
    RemoveBarrier,
    ReplaceBarrier,
    compile_changes,
)
from parvis.approach.explain import StreetFinder
from parvis.approach.perimeter import METRE, Boundary, cut_boundary
from parvis.approach.rated_barriers import greatest_near
from parvis.approach.ratings import required_rating
from parvis.approach.results import ClassAtPoint, SpeedRange
from parvis.approach.vehicles import VehicleClass
from parvis.approach.what_if import WhatIf, what_if
from parvis.approach.what_if_baseline import Baseline
from parvis.approach.window import Window, window_bounds
from parvis.approach.window_size import MARGINS, SETTLED, SETTLED_SHARE
from parvis.city.model import City
from parvis.closure.placed_rows import LaidRow, PlaceRow, lay_row
from parvis.closure.scenario_answers import (
    ClassBeforeAfter,
    KnownPoint,
    PointBeforeAfter,
    RowAnswer,
    ScenarioAnswer,
)
from parvis.closure.scenario_rows import cost_of, place_checks, row_checks, row_coverage
from parvis.errors import InputError
from parvis.packs.closure_content import BarrierProducts
from parvis.packs.content import GroundRules
from parvis.terms import KMH_PER_MPS, Grade, Scenario

AT_POINT = 12.0
"""A row within this distance of an access point belongs to it. [m]"""

SHARE_REACH = 40.0
"""An access point within this distance tells where between two speeds the cautious one lies. [m]"""

CHANGED = 1.0 / KMH_PER_MPS
"""Smaller differences of speed are none. [m s⁻¹]"""

CAUTIOUS_SCALED = "what_if_cautious_scaled"
"""Notice: cautious speeds lie between typical and limit as they do at present."""

CAUTIOUS_IS_LIMIT = "what_if_cautious_is_limit"
"""Notice: without an analysis the cautious speed is the physical limit."""

ASSUMED_TO_HOLD = "what_if_assumed_to_hold"
"""Notice: some barriers are taken to hold, as no tested product is chosen for them yet."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class _Stretch:
    number: int
    metres: NDArray[np.int64]
    line: shapely.LineString
    only_limit: bool


_NOWHERE = _Stretch(
    0, np.empty(0, dtype=np.int64), shapely.LineString([(1e12, 0), (1e12, 1)]), False
)
_Key = tuple[str, Scenario]


@dataclass(frozen=True, eq=False)
class ScenarioSession:
    """
    A place whose baselines are solved: each list of changes takes a part of a second.

    Attributes
    ----------
    city : City
    question : Question
    window : Window
    boundary : Boundary
    baselines : mapping of (str, Scenario) to Baseline
        Two a class.
    known : tuple of KnownPoint
        Of the analysis the session continues; none: numbers of earlier runs only.
    products : BarrierProducts
    speed_maps : mapping of (str, Scenario) to ndarray
        Of the present, for the speeds at rows.
    """

    city: City
    question: Question
    window: Window
    boundary: Boundary
    baselines: Mapping[_Key, Baseline]
    known: tuple[KnownPoint, ...]
    products: BarrierProducts
    streets: StreetFinder
    n_workers: int
    speed_maps: dict[_Key, NDArray[np.float32]] = field(default_factory=dict)

    @classmethod
    def prepare(
        cls,
        city: City,
        question: Question,
        *,
        rules: GroundRules,
        products: BarrierProducts,
        known: Sequence[KnownPoint] = (),
        margins: Sequence[float] = MARGINS,
        n_workers: int = 2,
        progress: Progress | None = None,
    ) -> "ScenarioSession":
        """
        Solve the present for every class, typical and at the limit.

        Parameters
        ----------
        city : City
        question : Question
        rules : GroundRules
        products : BarrierProducts
        known : sequence of KnownPoint
            Access points of the analysis that is continued.
        margins : sequence of float
            Ground around the protected area that may count, tried in turn: the first that gives
            the fastest class the speeds of the analysis; the first without an analysis. [m]
        n_workers : int, default 2
        progress : callable, optional
            Hears (``"prepare"``, done, total).

        Returns
        -------
        ScenarioSession
        """
        boundary = cut_boundary(question.area)
        fastest = max(question.vehicles, key=lambda vehicle: vehicle.limit.top_speed)
        keys = [(vehicle, scenario) for vehicle in question.vehicles for scenario in Scenario]
        told = progress or _silent
        told("prepare", 0, len(keys))
        for margin in margins:
            window = Window(
                city, question.area, boundary, window_bounds(question.area, margin), rules,
                open_area=question.open_area,
            )  # fmt: skip
            first = Baseline.prepare(window, fastest, Scenario.LIMIT)
            if _is_as_known(first, known):
                break
        baselines: dict[_Key, Baseline] = {}
        for done, (vehicle, scenario) in enumerate(keys):
            is_first = vehicle is fastest and scenario is Scenario.LIMIT
            baselines[vehicle.key, scenario] = (
                first if is_first else Baseline.prepare(window, vehicle, scenario)
            )
            told("prepare", done + 1, len(keys))
        return cls(
            city=city,
            question=question,
            window=window,
            boundary=boundary,
            baselines=baselines,
            known=tuple(known),
            products=products,
            streets=StreetFinder(city, window.bounds),
            n_workers=n_workers,
        )

    @cached_property
    def present(self) -> tuple[_Stretch, ...]:
        """Open stretches as they are, numbered as by the analysis."""
        previous = [(point.number, point.line) for point in self.known] or list(
            self.question.previous
        )
        speeds = {key: item.arrivals.speed for key, item in self.baselines.items()}
        return self._numbered(speeds, previous)

    def ask(
        self, changes: Sequence[Change | PlaceRow], *, people: float | None = None
    ) -> ScenarioAnswer:
        """
        Answer what changes do.

        Parameters
        ----------
        changes : sequence of Change or PlaceRow
            In any order.
        people : float, optional
            Greatest number inside, for the way out; None where nobody has said.

        Returns
        -------
        ScenarioAnswer

        Raises
        ------
        parvis.errors.InputError
            For a change that cannot be; its number is that in `changes`.

        Notes
        -----
        A row stands against the classes that its rating covers at the speed they have there with
        all other changes but no row standing, an upper bound; against others it counts as absent.
        A row whose product is not chosen yet is taken to hold, and a notice says so.
        Where a change means something on the ground of one class or scenario only, it counts
        there. Cautious speeds after the changes lie between the typical and the limit speed as the
        analysis has them at that access point, else at the limit.
        """
        surface = self._surface()
        laid = {
            number: lay_row(change, surface, self.products, number=number)
            for number, change in enumerate(changes, start=1)
            if isinstance(change, PlaceRow)
        }
        whole: dict[int, Change] = {}
        for number, change in enumerate(changes, start=1):
            made = laid[number].as_change() if number in laid else change
            if made is not None and not isinstance(made, PlaceRow):
                whole[number] = made
        usable = self._usable(whole)
        _no_contradiction(whole, usable, self.baselines)
        without_rows = {
            key: [whole[number] for number in numbers if number not in laid]
            for key, numbers in usable.items()
        }
        middle = self._run(without_rows)
        rows = tuple(self._row(number, row, middle) for number, row in laid.items())
        passed = {
            (row.number, cover.vehicle)
            for row in rows
            for cover in row.coverage
            if not (cover.holds or row.is_assumed)
        }

        asked = {
            key: [whole[number] for number in numbers if (number, key[0]) not in passed]
            for key, numbers in usable.items()
        }
        after = {
            key: middle[key] if asked[key] == without_rows[key] else None for key in self.baselines
        }
        again = self._run({key: asked[key] for key, found in after.items() if found is None})
        answers = {key: found if found is not None else again[key] for key, found in after.items()}
        points, speed = self._points(answers)
        cost, n_unpriced = cost_of(rows, changes, self.products.currency)
        notices = {code for answer in answers.values() for code in answer.notices}
        notices.add(CAUTIOUS_SCALED if self.known else CAUTIOUS_IS_LIMIT)
        if any(row.is_assumed for row in rows) or any(
            isinstance(change, AddBarrier | ReplaceBarrier) for change in changes
        ):
            notices.add(ASSUMED_TO_HOLD)
        return ScenarioAnswer(
            points=points,
            rows=rows,
            checks=place_checks(self.city, points, rows, people),
            cost=cost,
            n_unpriced=n_unpriced,
            speed=speed,
            notices=tuple(sorted(notices)),
        )

    def _surface(self) -> BaseGeometry:
        """Return the ground that rows are laid out on: what the first class can use at most."""
        return self.baselines[self.question.vehicles[0].key, Scenario.TYPICAL].present.surface

    def _usable(self, changes: Mapping[int, Change]) -> dict[_Key, list[int]]:
        """Return the changes that mean something on each ground; raise where one means nothing."""
        usable: dict[_Key, list[int]] = {key: [] for key in self.baselines}
        for number, change in changes.items():
            refused: InputError | None = None
            is_used = False
            for key, baseline in self.baselines.items():
                try:
                    compile_changes([change], baseline.present)
                except InputError as error:
                    refused = refused or error
                else:
                    usable[key].append(number)
                    is_used = True
            if not is_used and refused is not None:
                raise type(refused)(**(refused.details | {"number": number}))
        return usable

    def _run(self, asked: Mapping[_Key, Sequence[Change]]) -> dict[_Key, WhatIf]:
        with ThreadPoolExecutor(max_workers=max(1, self.n_workers)) as pool:
            found = pool.map(lambda key: what_if(self.baselines[key], asked[key]), asked)
            return dict(zip(asked, found, strict=True))

    def _speed_map(self, key: _Key, answer: WhatIf) -> NDArray[np.float32]:
        baseline = self.baselines[key]
        if answer.full_field is not None:
            return answer.full_field.speed_map()
        if len(answer.state) == 0:
            if key not in self.speed_maps:
                self.speed_maps[key] = baseline.field.speed_map()
            return self.speed_maps[key]
        values = baseline.run_up.copy()
        values[answer.state] = answer.run_up
        moves = baseline.field.moves
        dense = baseline.field.numbers.unpack(values.reshape(-1, moves.n_headings).max(axis=1))
        table = moves.speed_of_units(np.arange(moves.top + 1)).astype(np.float32)
        return np.asarray(table[dense], dtype=np.float32)

    def _row(self, number: int, laid: LaidRow, answers: Mapping[_Key, WhatIf]) -> RowAnswer:
        point = self._nearest(laid.line, SHARE_REACH)
        people = self.question.people_line or self.question.area
        stand_off = float(shapely.distance(people, laid.line))
        limit = max(stand_off - self.products.installation_margin, 0.0)
        speeds: dict[str, SpeedRange] = {}
        for vehicle in self.question.vehicles:
            typical, fastest = (
                self._speed_at((vehicle.key, scenario), answers, laid.line) for scenario in Scenario
            )
            fastest = max(typical, fastest)
            if fastest > 0.0:
                share = point.share(vehicle.key) if point else 1.0
                speeds[vehicle.key] = _range(typical, fastest, share)
        entries = []
        for vehicle in self.question.vehicles:
            if vehicle.key in speeds:
                design = self._design(speeds[vehicle.key])
                rating, reason = required_rating(vehicle, design)
                entries.append(
                    ClassAtPoint(
                        vehicle=vehicle.key,
                        speed=speeds[vehicle.key],
                        energy=0.5 * vehicle.mass * design**2,
                        angle=0.5 * math.pi,
                        required_rating=rating,
                        rating_reason=reason,
                        penetration_limit=limit,
                        binding=None,
                        grade=Grade.C,
                        measures=(),
                    )
                )
        by_level = {level.key: row_coverage(laid, level, entries) for level in laid.family.levels}
        coverage = (
            by_level[laid.level.key]
            if laid.level is not None
            else max(by_level.values(), key=lambda found: sum(item.holds for item in found))
        )
        near = min(
            (float(shapely.distance(place.line, laid.line)), place.number)
            for place in (*self.present, _NOWHERE)
        )
        return RowAnswer(
            number=number,
            laid=laid,
            access_point=near[1] if near[0] <= AT_POINT else 0,
            stand_off=stand_off,
            speeds=speeds,
            coverage=coverage,
            sufficient_levels=tuple(
                key for key, found in by_level.items() if all(item.holds for item in found)
            ),
            checks=row_checks(self.city, laid),
            cost=laid.cost_range(self.products.currency),
        )

    def _speed_at(
        self, key: _Key, answers: Mapping[_Key, WhatIf], line: shapely.LineString
    ) -> float:
        """Return the greatest speed beside a row, metre by metre of it."""
        approach = self.baselines[key].approach
        speed = self._speed_map(key, answers[key])
        along = np.linspace(0.0, 1.0, max(2, math.ceil(line.length)))
        places = shapely.line_interpolate_point(line, along, normalized=True)
        return max(
            greatest_near(speed, approach.packed.grid, place, width=approach.parameters.width)
            for place in places
        )

    def _nearest(self, line: shapely.LineString, reach: float) -> KnownPoint | None:
        ranked = [(float(shapely.distance(point.line, line)), point) for point in self.known]
        distance, point = min(ranked, key=lambda item: item[0], default=(math.inf, None))
        return point if distance <= reach else None

    def _design(self, speed: SpeedRange) -> float:
        return float(getattr(speed, self.question.design)) if speed.typical > 0.0 else speed.limit

    def _numbered(
        self,
        speeds: Mapping[_Key, NDArray[np.float64]],
        previous: Sequence[tuple[int, shapely.LineString]],
    ) -> tuple[_Stretch, ...]:
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
            _Stretch(number, metres, line, only)
            for number, (metres, only), line in zip(numbers, marked, lines, strict=True)
        )

    def _speeds(
        self, answers: Mapping[_Key, NDArray[np.float64]], vehicle: str, metres: NDArray[np.int64]
    ) -> tuple[float, float]:
        """Return typical and limit speed of a class on a stretch, 0 where it does not arrive."""
        found = []
        for scenario in Scenario:
            speed = answers[vehicle, scenario]
            metre = fastest_metre(speed, metres)
            found.append(float(speed[metre]) if metre >= 0 else 0.0)
        return found[0], max(found)

    def _points(
        self, answers: Mapping[_Key, WhatIf]
    ) -> tuple[tuple[PointBeforeAfter, ...], dict[str, NDArray[np.float64]]]:
        before = {key: item.arrivals.speed for key, item in self.baselines.items()}
        after = {key: item.after.speed for key, item in answers.items()}
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
                width = clear_width(place.line, self._surface())
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

    def _along(
        self,
        into: NDArray[np.float64],
        vehicle: str,
        stretch: _Stretch,
        answers: Mapping[_Key, NDArray[np.float64]],
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
        was: _Stretch | None,
        now: _Stretch | None,
        before: Mapping[_Key, NDArray[np.float64]],
        after: Mapping[_Key, NDArray[np.float64]],
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
            ranges.append(_range(typical, limit, share) if limit > 0.0 else None)
        if ranges == [None, None]:
            return None
        designs = [self._design(speed) if speed else 0.0 for speed in ranges]
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


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


def _is_as_known(baseline: Baseline, known: Sequence[KnownPoint]) -> bool:
    """Tell whether a baseline has the limit speeds of an analysis; so it has without one."""
    boundary, speed = baseline.window.boundary, baseline.arrivals.speed
    metres = shapely.points(boundary.x, boundary.y)
    for point in known:
        told = point.speeds.get(baseline.approach.vehicle.key)
        if told is None:
            continue
        near = np.flatnonzero(shapely.distance(metres, point.line) < 0.5 * METRE)
        found = fastest_metre(speed, near) if len(near) else -1
        here = float(speed[found]) if found >= 0 else 0.0
        if abs(here - told.limit) > max(SETTLED, SETTLED_SHARE * told.limit):
            return False
    return True


def _line(boundary: Boundary, metres: NDArray[np.int64]) -> shapely.LineString:
    points = boundary.stretch(metres)
    return shapely.LineString(points if len(points) > 1 else np.repeat(points, 2, axis=0))


def _range(typical: float, limit: float, share: float) -> SpeedRange:
    fastest = max(typical, limit)
    cautious = typical + share * (fastest - typical) if typical > 0.0 else fastest
    return SpeedRange(typical, cautious, fastest)


def _state(
    was: _Stretch | None,
    now: _Stretch | None,
    classes: Sequence[ClassBeforeAfter],
    before: Mapping[_Key, NDArray[np.float64]],
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


def _no_contradiction(
    changes: Mapping[int, Change],
    usable: Mapping[_Key, Sequence[int]],
    baselines: Mapping[_Key, Baseline],
) -> None:
    """Raise where two changes undo each other, by their numbers in the whole list."""
    if not any(isinstance(change, RemoveBarrier | ReplaceBarrier) for change in changes.values()):
        first = next(iter(baselines))
        pairs = {first: usable[first]}
    else:
        pairs = dict(usable)
    for key, numbers in pairs.items():
        try:
            compile_changes([changes[number] for number in numbers], baselines[key].present)
        except InputError as error:
            details = dict(error.details)
            for name in ("first", "second", "number"):
                if isinstance(details.get(name), int):
                    details[name] = numbers[details[name] - 1]
            raise type(error)(**details) from None
