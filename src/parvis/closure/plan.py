"""Answer what would keep a space closed to vehicles and open to people, line by line."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import ClassVar

import numpy as np
import shapely

from parvis.approach.analysis import Question, analyse_approach
from parvis.approach.perimeter import cut_boundary
from parvis.approach.rated_barriers import holding_barriers
from parvis.approach.results import AccessPoint, ApproachResult, ClassAtPoint
from parvis.approach.street_fields import StreetFields
from parvis.approach.window import is_sloping
from parvis.approach.window_size import settled_windows
from parvis.city.model import City
from parvis.closure.closing import CutPlan, closing_lines
from parvis.closure.coverage import read_rating
from parvis.closure.forbidden import forbidden_ground
from parvis.closure.line_context import line_context
from parvis.closure.price_field import Arriving
from parvis.closure.prices import price_per_metre, uncovered_price
from parvis.closure.results import (
    ClosurePlan,
    ClosureResult,
    CostRange,
    RatedLine,
    ScheduledLine,
)
from parvis.closure.schedule import known_family, rescue_check, schedule_line
from parvis.closure.verify import still_reached_by
from parvis.errors import InputError
from parvis.openness.egress import egress_check
from parvis.packs.closure_content import BarrierProducts
from parvis.packs.content import GroundRules, ParameterDraws
from parvis.terms import Grade, Scenario

AT_LINE = 2.5
"""An access point of the enclosed ground this close to a line of the cut belongs to it. [m]"""

MOST_CUTS = 3
"""Times a plan is cut anew with faster prices where a line was faster than its price said."""

HEADROOM = 1.01
"""Prices of a further cut are taken for speeds this many times what was found. [1]"""

Progress = Callable[[str, int, int], None]


class UnknownAccessPointError(InputError):
    """An emergency access names no access point of the area."""

    code: ClassVar[str] = "unknown_access_point"


class UnknownLineError(InputError):
    """A product family is wished for at a line that no plan has."""

    code: ClassVar[str] = "unknown_line"


@dataclass(frozen=True)
class Wishes:
    """
    What a planner asks of a plan.

    Attributes
    ----------
    emergency_access : tuple of int
        Access points of the protected area whose lines must open for emergency vehicles.
    families : mapping of int to str
        Product family to lay out at a line of the cheapest plan, by line number.
    permanence : {"permanent", "semi_permanent", "temporary", ""}
        Of what is laid out, "" for any.
    people : float or None
        Greatest number of people inside, for the egress check.
    accepted_classes : frozenset of str
        Test vehicle classes whose front the named adviser accepted.
    gates_on_tracks : bool
        Lines may cross tram tracks: what stands there must open for trams. Without this no barrier
        stands on a track.
    """

    emergency_access: tuple[int, ...] = ()
    families: Mapping[int, str] = field(default_factory=dict)
    permanence: str = "permanent"
    people: float | None = None
    accepted_classes: frozenset[str] = frozenset()
    gates_on_tracks: bool = False


def rated_lines(
    lines: Sequence[shapely.LineString],
    at_lines: ApproachResult,
    present: ApproachResult,
    *,
    margin: float,
    emergency_access: Sequence[int] = (),
) -> tuple[tuple[RatedLine, ...], int]:
    """
    Say what arrives at each line of a cut.

    Parameters
    ----------
    lines : sequence of LineString
        From face to face. [m]
    at_lines : ApproachResult
        Analysis of the enclosed ground: its access points are where the lines stand.
    present : ApproachResult
        Analysis of the protected area itself.
    margin : float
        What must lie between penetration and people. [m]
    emergency_access : sequence of int
        Access points of `present` whose lines must open.

    Returns
    -------
    rated : tuple of RatedLine
        Lines that some class reaches, numbered from 1 along the enclosed ground.
    n_left_open : int
        Lines that no class fits through.
    """
    arriving: dict[int, list[AccessPoint]] = {}
    for point in at_lines.access_points:
        place = shapely.LineString(point.geometry)
        nearest = int(np.argmin(shapely.distance(np.array(lines, dtype=object), place)))
        if shapely.distance(lines[nearest], place) <= AT_LINE:
            arriving.setdefault(nearest, []).append(point)
    reached = sorted(arriving)
    behind = _access_points_behind([lines[index] for index in reached], present)
    rated = []
    for number, index in enumerate(reached, start=1):
        points = arriving[index]
        closes = behind[number - 1]
        rated.append(
            RatedLine(
                id=number,
                geometry=np.asarray(shapely.get_coordinates(lines[index]), dtype=np.float64),
                width=float(lines[index].length),
                street=next((point.street for point in points if point.street), ""),
                access_points=closes,
                stand_off=min(point.stand_off for point in points),
                grade=max((point.grade for point in points), default=Grade.C),
                classes=_fastest(points, margin),
                design=at_lines.design,
                keeps_emergency_access=bool(set(closes) & set(emergency_access)),
                is_existing=any(point.existing == "rated" for point in points),
            )
        )
    return tuple(rated), len(lines) - len(reached)


def _access_points_behind(
    lines: Sequence[shapely.LineString], present: ApproachResult
) -> list[tuple[int, ...]]:
    """Return for each line the access points of the area that it is the nearest line to."""
    found: list[list[int]] = [[] for _ in lines]
    for point in present.access_points if lines else ():
        place = shapely.LineString(point.geometry)
        found[int(np.argmin(shapely.distance(np.array(lines, dtype=object), place)))].append(
            point.id
        )
    return [tuple(numbers) for numbers in found]


def _fastest(points: Sequence[AccessPoint], margin: float) -> tuple[ClassAtPoint, ...]:
    """Return each class once, where it has the most energy, with what penetration may be."""
    best: dict[str, ClassAtPoint] = {}
    for point in points:
        for entry in point.classes:
            if entry.vehicle not in best or entry.energy > best[entry.vehicle].energy:
                best[entry.vehicle] = entry
    return tuple(
        replace(entry, penetration_limit=max(entry.penetration_limit - margin, 0.0))
        for entry in best.values()
    )


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


def plan_closure(
    city: City,
    question: Question,
    *,
    rules: GroundRules,
    draws: ParameterDraws,
    products: BarrierProducts,
    wishes: Wishes | None = None,
    n_workers: int = 2,
    progress: Progress = _silent,
) -> ClosureResult:
    """
    Plan the lines that would keep every chosen class out of a protected area.

    Parameters
    ----------
    city : City
    question : Question
        As for the approach analysis.
    rules : GroundRules
    draws : ParameterDraws
    products : BarrierProducts
        Families, ratings and prices.
    wishes : Wishes, optional
    n_workers : int, default 2
    progress : callable, optional
        Hears (step, done, total): those of `analyse_approach` and ``cut``.

    Returns
    -------
    ClosureResult
        Without plans where no class reaches the area.

    Raises
    ------
    UnknownAccessPointError, UnknownLineError
        If a wish names what is not there.
    parvis.closure.schedule.UnknownFamilyError
        If a wished family is not on the price list.

    Notes
    -----
    Minimum cut priced with the cheapest product that covers what arrives, priced anew with the
    lines standing until nothing changes. Then every line is analysed as the boundary of the ground
    it encloses, so that its requirement rests on walks outside all lines. A line holds against a
    class where the match rule of ratings says so and the penetration fits the stand-off; otherwise
    it counts as absent for that class. Where a line does not hold because a class is faster there
    than its price said, the cut is priced once more with what was found, at most `MOST_CUTS` times.
    A plan that keeps more classes out stands before one that keeps out fewer.
    """
    asked = wishes or Wishes()
    for key in asked.families.values():
        known_family(products, key)

    fields = StreetFields(city, is_sloping=is_sloping(city, rules))
    windows = settled_windows(
        city,
        question.area,
        cut_boundary(question.area),
        question.vehicles,
        rules,
        progress,
        n_workers=n_workers,
        fields=fields,
    )
    analyse = partial(
        analyse_approach,
        city,
        rules=rules,
        draws=draws,
        n_workers=n_workers,
        progress=progress,
        fields=fields,
    )
    present = analyse(question, windows=windows)
    _check_access_points(asked, present)
    if not present.access_points:
        return _result(city, question, products, present, (), "", None)
    holding = {
        vehicle.key: holding_barriers(windows.of_vehicle[vehicle.key], vehicle, Scenario.LIMIT)
        for vehicle in question.vehicles
    }
    held = frozenset.intersection(*holding.values())
    people = question.people_line if question.people_line is not None else question.area
    forbidden = None if asked.gates_on_tracks else forbidden_ground(city, windows.widest.bounds)
    ratio = _cautious_ratio([present])
    for cuts_left in reversed(range(MOST_CUTS)):
        closing = closing_lines(
            question,
            windows,
            price_of=partial(_metre_price, products, asked),
            sink_margin=least_stand_off(products),
            cautious_ratio=ratio,
            hopeless_from=uncovered_price(products, permanence=asked.permanence),
            holding=held,
            forbidden=forbidden,
            n_workers=n_workers,
            progress=progress,
        )
        at_lines = [
            analyse(
                replace(
                    question,
                    area=cut.enclosed,
                    open_area=question.area,
                    people_line=people,
                    previous=(),
                )
            )
            for cut in closing.plans
        ]
        plans = []
        for cut, there in zip(closing.plans, at_lines, strict=True):
            families = asked.families if cut.key == "cheapest" else {}
            lines, n_left_open = _schedule(city, cut, present, there, products, asked, families)
            reached = still_reached_by(
                windows.widest, lines, question.vehicles, enclosed=cut.enclosed, holding=holding
            )
            plans.append(_plan(cut, lines, reached, n_left_open, asked.people))
        raised = _cautious_ratio([present, *at_lines])
        if not cuts_left or not _is_underpriced(plans[0], ratio, raised):
            break
        ratio = {vehicle: HEADROOM * value for vehicle, value in raised.items()}
    if not asked.families:
        plans.sort(key=lambda plan: len(plan.still_reached_by))
    result = _result(
        city, question, products, present, plans, closing.cannot_close, closing.where_not
    )
    return replace(result, holding=tuple(sorted(held)))


def least_stand_off(products: BarrierProducts) -> float:
    """
    Return what must at least lie between the people line and a line.

    Parameters
    ----------
    products : BarrierProducts

    Returns
    -------
    float
        Least penetration on the price list plus the installation margin. [m]
    """
    reach = [
        read_rating(text).penetration for _, level in products.rated() for text in level.ratings
    ]
    known = [value for value in reach if not math.isnan(value)]
    return min(known, default=0.0) + products.installation_margin


def _cautious_ratio(results: Sequence[ApproachResult]) -> dict[str, float]:
    """Return by class how far cautious speeds lie above typical ones, at most, where it arrives."""
    ratio: dict[str, float] = {}
    for result in results:
        for point in result.access_points:
            for entry in point.classes:
                if entry.speed.typical > 0.0:
                    there = entry.speed.cautious / entry.speed.typical
                    ratio[entry.vehicle] = max(there, ratio.get(entry.vehicle, 1.0))
    return ratio


def _is_underpriced(
    plan: ClosurePlan, taken: Mapping[str, float], found: Mapping[str, float]
) -> bool:
    """Tell whether a class is faster at a line than its price said, and the line does not hold."""
    too_fast = {vehicle for vehicle in found if found[vehicle] > taken.get(vehicle, 1.0)}
    return any(
        entry.required_rating and entry.vehicle in too_fast & set(item.open_to)
        for item in plan.lines
        for entry in item.line.classes
    )


def _metre_price(products: BarrierProducts, wishes: Wishes, arriving: Arriving) -> int:
    required = [
        (vehicle, word, "next_tested_speed") if "/" in word else (vehicle, "", word)
        for vehicle, word in arriving
    ]
    return price_per_metre(
        products,
        required,
        permanence=wishes.permanence,
        accepted_classes=wishes.accepted_classes,
    )


def _schedule(
    city: City,
    cut: CutPlan,
    present: ApproachResult,
    at_lines: ApproachResult,
    products: BarrierProducts,
    wishes: Wishes,
    families: Mapping[int, str],
) -> tuple[tuple[ScheduledLine, ...], int]:
    """Return the lines of a cut with what stands on them, and how many need nothing."""
    rated, n_left_open = rated_lines(
        cut.lines,
        at_lines,
        present,
        margin=products.installation_margin,
        emergency_access=wishes.emergency_access,
    )
    unknown = sorted(families.keys() - {line.id for line in rated})
    if unknown:
        raise UnknownLineError(value=unknown[0], known=", ".join(str(line.id) for line in rated))
    lines = tuple(
        schedule_line(
            line,
            products=products,
            context=line_context(city, line.geometry),
            permanence=wishes.permanence,
            choose=families.get(line.id, ""),
            accepted_classes=wishes.accepted_classes,
        )
        for line in rated
    )
    return lines, n_left_open


def _plan(
    cut: CutPlan,
    lines: tuple[ScheduledLine, ...],
    reached: tuple[str, ...],
    n_left_open: int,
    people: float | None,
) -> ClosurePlan:
    before = [item.line.width for item in lines]
    after = [sum(item.gaps) if item.elements else item.line.width for item in lines]
    return ClosurePlan(
        key=cut.key,
        lines=lines,
        enclosed=shapely.to_wkb(cut.enclosed),
        cut_cost_first=cut.cut_cost_first,
        cut_cost=cut.cut_cost,
        rounds=cut.rounds,
        cost=_cost(lines),
        checks=(egress_check(before, after, people=people), rescue_check(lines)) if lines else (),
        still_reached_by=reached,
        left_open=n_left_open,
    )


def _cost(lines: Sequence[ScheduledLine]) -> CostRange | None:
    """Return what all lines cost together, None where one has nothing laid out."""
    costs = [item.option.cost if item.option else None for item in lines]
    known = [cost for cost in costs if cost is not None]
    if not known or len(known) < len(costs):
        return None
    return CostRange(
        low=sum(cost.low for cost in known),
        high=sum(cost.high for cost in known),
        currency=known[0].currency,
        is_verified=all(cost.is_verified for cost in known),
    )


def _result(
    city: City,
    question: Question,
    products: BarrierProducts,
    present: ApproachResult,
    plans: Sequence[ClosurePlan],
    cannot_close: str,
    where_not: shapely.Geometry | None,
) -> ClosureResult:
    prices = {
        "id": products.id,
        "version": products.version,
        "date": products.price_date,
        "currency": products.currency,
    }
    return ClosureResult(
        space_id=question.space_id,
        space_name=question.space_name,
        space_kind=question.space_kind,
        protected_area=shapely.to_wkb(question.area),
        epsg=city.epsg,
        design=question.design,
        vehicles=tuple(vehicle.key for vehicle in question.vehicles),
        plans=tuple(plans),
        cannot_close=cannot_close,
        where_not=None if where_not is None else shapely.to_wkb(where_not),
        notices=present.notices,
        provenance={**present.provenance, "prices": prices},
    )


def _check_access_points(wishes: Wishes, present: ApproachResult) -> None:
    known = [point.id for point in present.access_points]
    for number in wishes.emergency_access:
        if number not in known:
            raise UnknownAccessPointError(
                value=number, known=", ".join(map(str, known)) or "none at all"
            )
