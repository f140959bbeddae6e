"""Answer what a row of products in a scenario needs, holds and costs where it stands."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.analysis import Question
from parvis.approach.rated_barriers import greatest_near
from parvis.approach.ratings import required_rating
from parvis.approach.results import ClassAtPoint, SpeedRange
from parvis.approach.what_if import WhatIf
from parvis.approach.what_if_baseline import Baseline
from parvis.city.model import City
from parvis.closure.placed_rows import LaidRow
from parvis.closure.scenario_answers import KnownPoint, RowAnswer
from parvis.closure.scenario_points import Key, Stretch, design_speed, speed_range
from parvis.closure.scenario_rows import row_checks, row_coverage
from parvis.packs.closure_content import BarrierProducts
from parvis.terms import Grade, Scenario

AT_POINT = 12.0
"""A row within this distance of an access point belongs to it. [m]"""

SHARE_REACH = 40.0
"""An access point within this distance tells where between two speeds the cautious one lies. [m]"""


@dataclass(frozen=True, eq=False)
class PlacedRows:
    """
    Says of rows what vehicles do to them, place by place.

    Attributes
    ----------
    city : City
    question : Question
    baselines : mapping of (str, Scenario) to Baseline
    known : tuple of KnownPoint
        Of the analysis that is continued.
    products : BarrierProducts
    present : sequence of Stretch
        Access points as they are.
    speed_maps, greatest : dict of (str, Scenario) to ndarray
        Speeds and greatest run-ups by cell of the present, kept once made.
    """

    city: City
    question: Question
    baselines: Mapping[Key, Baseline]
    known: tuple[KnownPoint, ...]
    products: BarrierProducts
    present: Sequence[Stretch]
    speed_maps: dict[Key, NDArray[np.float32]] = field(default_factory=dict)
    greatest: dict[Key, NDArray[np.uint16]] = field(default_factory=dict)

    def answer(self, number: int, laid: LaidRow, answers: Mapping[Key, WhatIf]) -> RowAnswer:
        """
        Return what a row needs, holds and costs.

        Parameters
        ----------
        number : int
            Of the change, from 1.
        laid : LaidRow
        answers : mapping of (str, Scenario) to WhatIf
            With all other changes and no row standing.

        Returns
        -------
        RowAnswer
        """
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
                speeds[vehicle.key] = speed_range(typical, fastest, share)
        entries = []
        for vehicle in self.question.vehicles:
            if vehicle.key in speeds:
                design = design_speed(self.question, speeds[vehicle.key])
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
            (
                (float(shapely.distance(place.line, laid.line)), place.number)
                for place in self.present
            ),
            default=(math.inf, 0),
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

    def _speed_at(self, key: Key, answers: Mapping[Key, WhatIf], line: shapely.LineString) -> float:
        """Return the greatest speed beside a row, metre by metre of it."""
        approach = self.baselines[key].approach
        speed = self._speed_map(key, answers[key])
        along = np.linspace(0.0, 1.0, max(2, math.ceil(line.length)))
        places = shapely.line_interpolate_point(line, along, normalized=True)
        return max(
            greatest_near(speed, approach.packed.grid, place, width=approach.parameters.width)
            for place in places
        )

    def _speed_map(self, key: Key, answer: WhatIf) -> NDArray[np.float32]:
        baseline = self.baselines[key]
        if answer.full_field is not None:
            return answer.full_field.speed_map()
        if len(answer.state) == 0:
            if key not in self.speed_maps:
                self.speed_maps[key] = baseline.field.speed_map()
            return self.speed_maps[key]
        moves = baseline.field.moves
        by_cell = baseline.run_up.reshape(-1, moves.n_headings)
        if key not in self.greatest:
            self.greatest[key] = by_cell.max(axis=1)
        cells, place = np.unique(answer.state // moves.n_headings, return_inverse=True)
        changed = by_cell[cells]
        changed[place, answer.state % moves.n_headings] = answer.run_up
        greatest = self.greatest[key].copy()
        greatest[cells] = changed.max(axis=1)
        dense = baseline.field.numbers.unpack(greatest)
        table = moves.speed_of_units(np.arange(moves.top + 1)).astype(np.float32)
        return np.asarray(table[dense], dtype=np.float32)

    def _nearest(self, line: shapely.LineString, reach: float) -> KnownPoint | None:
        ranked = [(float(shapely.distance(point.line, line)), point) for point in self.known]
        distance, point = min(ranked, key=lambda item: item[0], default=(math.inf, None))
        return point if distance <= reach else None
