"""Answer what of a closure can be had from stock, with a sum of money and by a day."""

import datetime as dt
from collections.abc import Collection, Sequence

import shapely

from parvis.approach.analysis import Question
from parvis.approach.ground import build_ground
from parvis.city.model import City
from parvis.closure.candidates import candidate_lines
from parvis.closure.results import ClosureResult
from parvis.closure.rooms import split_rooms
from parvis.closure.stock import StockItem, StockPlan
from parvis.closure.stock_plan import plan_with_stock
from parvis.packs.closure_content import BarrierProducts
from parvis.packs.content import GroundRules
from parvis.terms import Scenario

MARGIN = 60.0
"""Ground is split into rooms up to this far beyond the lines. [m]"""
BEYOND = 3.0
"""Streets this far outside the outermost lines are where vehicles come from. [m]"""


def supply_plan(
    city: City,
    question: Question,
    result: ClosureResult,
    *,
    rules: GroundRules,
    products: BarrierProducts | None,
    stock: Sequence[StockItem] = (),
    budget: int | None = None,
    needed_by: dt.date | None = None,
    today: dt.date,
    accepted_classes: Collection[str] = (),
) -> StockPlan:
    """
    Choose among the lines of all plans what can really be closed.

    Parameters
    ----------
    city : City
    question : Question
    result : ClosureResult
        Of the same question, with at least one plan.
    rules : GroundRules
    products : BarrierProducts or None
        What may be bought; None: nothing is.
    stock : sequence of StockItem
    budget : int, optional
        In cents.
    needed_by : date, optional
    today : date
    accepted_classes : collection of str, optional
        Test vehicle classes whose front the named adviser accepted.

    Returns
    -------
    StockPlan

    Raises
    ------
    NotEnclosedError
        If the lines of the plans do not enclose the area.
    NoWayInError
    """
    candidates = candidate_lines(result.plans, products=products)
    lines = {item.key: shapely.LineString(item.line.geometry) for item in candidates}
    enclosed = shapely.union_all(
        [question.area, *(shapely.from_wkb(plan.enclosed) for plan in result.plans)]
    )
    reach = shapely.buffer(enclosed, MARGIN)
    west, south, east, north = (float(value) for value in shapely.bounds(reach))
    ground = build_ground(
        city,
        (west, south, east, north),
        scenario=Scenario.LIMIT,
        rules=rules,
        is_off_road=any(vehicle.is_off_road for vehicle in question.vehicles),
        holding=frozenset(result.holding),
        protected_area=shapely.from_wkb(result.protected_area),
    )
    level = ground.levels.index(0)
    streets = shapely.difference(ground.carriageways[level], shapely.buffer(enclosed, BEYOND))
    edge = shapely.buffer(shapely.box(west, south, east, north).exterior, BEYOND)
    rooms = split_rooms(
        ground.surfaces[level],
        lines,
        protected=question.area,
        outside=shapely.union(streets, edge),
        narrowest=min(vehicle.limit.width for vehicle in question.vehicles),
    )
    return plan_with_stock(
        candidates,
        rooms,
        stock=stock,
        budget=budget,
        needed_by=needed_by,
        today=today,
        accepted_classes=accepted_classes,
    )
