"""Answer, again and again and quickly, what changes do to one place: prepared once, then asked."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.approach.analysis import Question, fastest_metre
from parvis.approach.changed_cells import Footprint
from parvis.approach.changes import (
    AddBarrier,
    Change,
    RemoveBarrier,
    ReplaceBarrier,
    compile_changes,
)
from parvis.approach.explain import StreetFinder
from parvis.approach.perimeter import METRE, Boundary, cut_boundary
from parvis.approach.what_if import WhatIf, what_if
from parvis.approach.what_if_baseline import Baseline
from parvis.approach.window import Window, window_bounds
from parvis.approach.window_size import MARGINS, SETTLED, SETTLED_SHARE
from parvis.city.model import City
from parvis.closure.placed_rows import PlaceRow, lay_row
from parvis.closure.scenario_answers import (
    KnownPoint,
    ScenarioAnswer,
)
from parvis.closure.scenario_placed import PlacedRows
from parvis.closure.scenario_points import Key, ScenarioPoints
from parvis.closure.scenario_rows import cost_of, place_checks
from parvis.errors import InputError
from parvis.packs.closure_content import BarrierProducts
from parvis.packs.content import GroundRules
from parvis.terms import Scenario

CAUTIOUS_SCALED = "what_if_cautious_scaled"
"""Notice: cautious speeds lie between typical and limit as they do at present."""

CAUTIOUS_IS_LIMIT = "what_if_cautious_is_limit"
"""Notice: without an analysis the cautious speed is the physical limit."""

ASSUMED_TO_HOLD = "what_if_assumed_to_hold"
"""Notice: some barriers are taken to hold, as no tested product is chosen for them yet."""

KEPT_LISTS = 4
"""So many answers of each baseline are kept; one question needs two of them at most."""

Progress = Callable[[str, int, int], None]


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
    unchanged : dict of (str, Scenario) to WhatIf
        What no change does, kept once asked.
    recent : dict of (str, Scenario) to dict of tuple of Change to WhatIf
        What the lists asked last do, the latest last: a row that is moved leaves the other changes
        as they are, and a page is read again.
    """

    city: City
    question: Question
    window: Window
    boundary: Boundary
    baselines: Mapping[Key, Baseline]
    known: tuple[KnownPoint, ...]
    products: BarrierProducts
    streets: StreetFinder
    n_workers: int
    unchanged: dict[Key, WhatIf] = field(default_factory=dict)
    recent: dict[Key, dict[tuple[Change, ...], WhatIf]] = field(default_factory=dict)

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
        baselines: dict[Key, Baseline] = {}
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
    def points(self) -> ScenarioPoints:
        """The access points as they are, to compare others with."""
        return ScenarioPoints(
            question=self.question,
            boundary=self.boundary,
            known=self.known,
            before={key: item.arrivals.speed for key, item in self.baselines.items()},
            surface=self._surface(),
            streets=self.streets,
        )

    @cached_property
    def placed(self) -> PlacedRows:
        """What tells of rows how they stand at this place."""
        return PlacedRows(
            city=self.city,
            question=self.question,
            baselines=self.baselines,
            known=self.known,
            products=self.products,
            present=self.points.present,
        )

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
        compiled = _Compiled(whole, self.baselines)
        usable = self._usable(compiled)
        _no_contradiction(compiled, usable)
        without_rows = {
            key: [number for number in numbers if number not in laid]
            for key, numbers in usable.items()
        }
        middle = self._run(compiled, without_rows)
        rows = tuple(self.placed.answer(number, row, middle) for number, row in laid.items())
        passed = {
            (row.number, cover.vehicle)
            for row in rows
            for cover in row.coverage
            if not (cover.holds or row.is_assumed)
        }

        asked = {
            key: [number for number in numbers if (number, key[0]) not in passed]
            for key, numbers in usable.items()
        }
        after = {
            key: middle[key] if asked[key] == without_rows[key] else None for key in self.baselines
        }
        again = self._run(
            compiled, {key: asked[key] for key, found in after.items() if found is None}
        )
        answers = {key: found if found is not None else again[key] for key, found in after.items()}
        points, speed = self.points.compare(
            {key: item.after.speed for key, item in answers.items()}
        )
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

    def _usable(self, compiled: "_Compiled") -> dict[Key, list[int]]:
        """Return the changes that mean something on each ground; raise where one means nothing."""
        usable: dict[Key, list[int]] = {key: [] for key in self.baselines}
        for number in compiled.changes:
            refused: InputError | None = None
            is_used = False
            for key in self.baselines:
                try:
                    compiled.footprint(key, [number])
                except InputError as error:
                    refused = refused or error
                else:
                    usable[key].append(number)
                    is_used = True
            if not is_used and refused is not None:
                raise type(refused)(**(refused.details | {"number": number}))
        return usable

    def _run(self, compiled: "_Compiled", asked: Mapping[Key, Sequence[int]]) -> dict[Key, WhatIf]:
        footprints = {key: compiled.footprint(key, numbers) for key, numbers in asked.items()}

        def one(key: Key) -> WhatIf:
            if not asked[key] and key in self.unchanged:
                return self.unchanged[key]
            changes = tuple(compiled.changes[number] for number in asked[key])
            recent = self.recent.setdefault(key, {})
            found = recent.pop(changes, None)
            if found is None:
                found = what_if(self.baselines[key], changes, footprint=footprints[key])
            if not changes:
                self.unchanged[key] = found
            elif not found.is_full_run:
                recent[changes] = found
                if len(recent) > KEPT_LISTS:
                    del recent[next(iter(recent))]
            return found

        with ThreadPoolExecutor(max_workers=max(1, self.n_workers)) as pool:
            return dict(zip(asked, pool.map(one, asked), strict=True))


@dataclass(frozen=True, eq=False)
class _Compiled:
    """
    What changes close and open, compiled once for all baselines on the same ground.

    Attributes
    ----------
    changes : mapping of int to Change
        By number.
    baselines : mapping of (str, Scenario) to Baseline
    known : dict
        Footprints and refusals, by ground and numbers.
    """

    changes: Mapping[int, Change]
    baselines: Mapping[Key, Baseline]
    known: dict[tuple[int, tuple[int, ...]], Footprint | InputError] = field(default_factory=dict)

    def footprint(self, key: Key, numbers: Sequence[int]) -> Footprint:
        """
        Return what some of the changes do to the ground of a baseline.

        Raises
        ------
        parvis.errors.InputError
            Numbers in its details count within `numbers`.
        """
        baseline = self.baselines[key]
        asked = id(baseline.approach.ground), tuple(numbers)
        found = self.known.get(asked)
        if found is None:
            try:
                found = compile_changes([self.changes[k] for k in numbers], baseline.present)
            except InputError as error:
                found = error
            self.known[asked] = found
        if isinstance(found, InputError):
            raise found
        return found


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


def _no_contradiction(compiled: _Compiled, usable: Mapping[Key, Sequence[int]]) -> None:
    """Raise where two changes undo each other, by their numbers in the whole list."""
    changes = compiled.changes.values()
    if not any(isinstance(change, RemoveBarrier | ReplaceBarrier) for change in changes):
        first = next(iter(usable))
        pairs = {first: usable[first]}
    else:
        pairs = dict(usable)
    for key, numbers in pairs.items():
        try:
            compiled.footprint(key, numbers)
        except InputError as error:
            details = dict(error.details)
            for name in ("first", "second", "number"):
                if isinstance(details.get(name), int):
                    details[name] = numbers[details[name] - 1]
            raise type(error)(**details) from None
