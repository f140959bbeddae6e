"""Answer what rows of products cost, hold against and leave open, one by one and together."""

from collections.abc import Sequence

import shapely

from parvis.approach.changes import Change
from parvis.approach.results import ClassAtPoint
from parvis.city.model import City
from parvis.closure.coverage import cover_classes, weaker
from parvis.closure.line_context import line_context
from parvis.closure.placed_rows import LaidRow, PlaceRow, like_level
from parvis.closure.results import CostRange, Coverage
from parvis.closure.scenario_answers import PointBeforeAfter, RowAnswer
from parvis.openness.contrast import visible_height
from parvis.openness.egress import egress_check
from parvis.openness.gaps import walking_gaps
from parvis.openness.passage import emergency_access
from parvis.openness.results import Check
from parvis.openness.site import site_checks
from parvis.openness.widths import accessible_width, cycle_passage
from parvis.packs.closure_content import ProductLevel, openness_requirements


def row_coverage(
    laid: LaidRow, level: ProductLevel, entries: Sequence[ClassAtPoint]
) -> tuple[Coverage, ...]:
    """Return the coverage of a row of a level, its opening included: the weaker one counts."""
    found = cover_classes(entries, level.ratings)
    if laid.opener is None:
        return found
    partner = laid.opener_level or like_level(laid.opener, level)
    others = cover_classes(entries, partner.ratings)
    return tuple(weaker(one, other) for one, other in zip(found, others, strict=True))


def row_checks(city: City, laid: LaidRow) -> tuple[Check, ...]:
    """Return what a row does to the openness of its place."""
    context = line_context(city, shapely.get_coordinates(laid.line))
    row = laid.row
    found = [
        accessible_width(row.gaps),
        cycle_passage(row.gaps),
        emergency_access(row.opened),
    ]
    if laid.family.kind.endswith("bollard"):
        found.append(visible_height(laid.family.height))
    needs_foundation = laid.family.needs_foundation or (
        laid.opener is not None and laid.opener.needs_foundation
    )
    return (*found, *site_checks(context, needs_foundation=needs_foundation))


def cost_of(
    rows: Sequence[RowAnswer], changes: Sequence[Change | PlaceRow], currency: str
) -> tuple[CostRange | None, int]:
    """Return what all rows cost together, and how many changes have no price."""
    n_unpriced = sum(not isinstance(change, PlaceRow) for change in changes)
    if not rows:
        return None, n_unpriced
    return CostRange(
        sum(row.cost.low for row in rows),
        sum(row.cost.high for row in rows),
        currency,
        all(row.cost.is_verified for row in rows),
    ), n_unpriced


def place_checks(
    city: City,
    points: Sequence[PointBeforeAfter],
    rows: Sequence[RowAnswer],
    people: float | None,
) -> tuple[Check, ...]:
    """Return what becomes of the ways out, and of the way in for rescue vehicles."""
    least = openness_requirements()["minimum_width"]
    exits_before, exits_after, ways_in = [], [], [0.0]
    for point in points:
        line = shapely.LineString(point.geometry)
        gaps = walking_gaps(city, line) if point.state not in ("opened", "part") else ()
        width = sum(gap for gap in gaps if gap >= least)
        left = width
        standing = [row for row in rows if row.access_point == point.number]
        for row in standing:
            left = min(left, sum(gap for gap in row.laid.row.gaps if gap >= least))
            ways_in.append(row.laid.row.opened)
        if not standing and point.state != "closed" and not point.only_limit:
            ways_in.append(point.clear_width)
        if width > 0.0:
            exits_before.append(width)
            exits_after.append(left)
    return (
        egress_check(exits_before, exits_after, people=people),
        emergency_access(max(ways_in)),
    )
