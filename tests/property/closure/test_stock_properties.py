"""A stock plan keeps its limits, equals trying everything, and never loses by having more."""

import datetime as dt
import itertools
import math
from dataclasses import replace

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from parvis.approach.results import ClassAtPoint, SpeedRange
from parvis.closure.results import RatedLine
from parvis.closure.rooms import Rooms, split_rooms
from parvis.closure.stock import Candidate, Offer, StockItem
from parvis.closure.stock_plan import plan_with_stock
from parvis.terms import Grade

TODAY = dt.date(2026, 11, 21)
RATINGS = ("V/7200[N2B]/48/90:1.0", "V/7200[N2B]/64/90:1.0", "V/7200[N2B]/80/90:1.0")


@st.composite
def lines(draw, most=5):
    """Lines of drawn width, energy and requirement; the rooms are drawn apart from them."""
    found = []
    for number in range(1, draw(st.integers(2, most)) + 1):
        width = draw(st.integers(2, 12))
        entry = ClassAtPoint(
            vehicle="N2B",
            speed=SpeedRange(10.0, 11.0, 12.0),
            energy=1000.0 * draw(st.integers(1, 40)),
            angle=math.pi / 2,
            required_rating=draw(st.sampled_from(RATINGS)).split(":")[0],
            rating_reason="next_tested_speed",
            penetration_limit=5.0,
            binding=None,
            grade=Grade.C,
            measures=(),
        )
        line = RatedLine(
            id=number,
            geometry=np.array([[0.0, 0.0], [float(width), 0.0]]),
            width=float(width),
            street="",
            access_points=(),
            stand_off=6.0,
            grade=Grade.C,
            classes=(entry,),
            design="cautious",
            is_existing=draw(st.integers(0, 7)) == 0,
        )
        offers = tuple(
            Offer(f"product/{i}", "gate", "", 1, 1.0, draw(st.integers(1, 60)), 0)
            for i in range(draw(st.integers(0, 1)))
        )
        found.append(Candidate(f"line/{number}", line, offers))
    return found


@st.composite
def rooms(draw, candidates):
    """A few rooms joined by the lines in any way; room 0 is outside, the last one protected."""
    n = draw(st.integers(2, 4))
    doors = []
    for candidate in candidates:
        u, v = draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=2, unique=True))
        doors.append((min(u, v), max(u, v), (candidate.key,)))
    square = shapely.box(0, 0, 1, 1)
    return Rooms((square,) * n, tuple(doors), frozenset({0}), frozenset({n - 1}))


items = st.builds(
    StockItem,
    kind=st.sampled_from(("block", "planter")),
    count=st.integers(0, 9),
    length=st.sampled_from((0.5, 1.0, 2.4)),
    ratings=st.lists(st.sampled_from(RATINGS), max_size=1).map(tuple),
    lead_days=st.integers(0, 3),
    cost=st.none() | st.integers(0, 30),
)
stocks = st.lists(items, max_size=3)
budgets = st.none() | st.integers(0, 200)


@st.composite
def cases(draw):
    candidates = draw(lines())
    return candidates, draw(rooms(candidates)), draw(stocks), draw(budgets)


def plan(candidates, chambers, stock, budget, *, needed_by=None):
    return plan_with_stock(
        candidates, chambers, stock=stock, budget=budget, needed_by=needed_by, today=TODAY
    )


def is_closed(candidates, chambers, closed):
    """Whether the last room cannot be reached from the first through lines that are not closed."""
    reached, waiting = {0}, [0]
    while waiting:
        room = waiting.pop()
        for u, v, keys in chambers.doors:
            if room in (u, v) and not closed & set(keys):
                other = v if room == u else u
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
    return not reached & chambers.sinks


def n_needed(width, length):
    return max(math.ceil((width - 1.2) / (1.2 + length) - 1e-9), 1)


def brute_force(candidates, chambers, stock, budget):
    """Try every choice: per line nothing, open, or one of the offers; least energy, then cost."""
    best = (math.inf, math.inf)
    standing = {c.key for c in candidates if c.line.is_existing}
    choices = []
    for candidate in candidates:
        entry = candidate.line.classes[0]
        ways = [None, "open", *candidate.products]
        for number, item in enumerate(stock):
            speed = int(entry.required_rating.split("/")[2])
            if any(int(r.split("/")[2]) >= speed for r in item.ratings):
                ways.append((number, n_needed(candidate.line.width, item.length), item.cost or 0))
        choices.append(ways)
    for chosen in itertools.product(*choices):
        used = [0] * len(stock)
        cost, energy, closed, left = 0, 0, set(standing), set()
        for candidate, way in zip(candidates, chosen, strict=True):
            if way == "open":
                energy += max(math.ceil(candidate.line.classes[0].energy / 1000.0), 1)
                left.add(candidate.key)
            elif isinstance(way, tuple):
                used[way[0]] += way[1]
                cost += way[1] * way[2]
                closed.add(candidate.key)
            elif way is not None:
                cost += way.cost
                closed.add(candidate.key)
        if any(u > item.count for u, item in zip(used, stock, strict=True)):
            continue
        if budget is not None and cost > budget:
            continue
        if (energy, cost) < best and is_closed(candidates, chambers, closed | left):
            best = (energy, cost)
    return best


@given(cases())
def test_limits_are_kept_and_what_is_closed_or_open_separates(case):
    candidates, chambers, stock, budget = case
    found = plan(candidates, chambers, stock, budget)
    by_supply = {}
    for assignment in found.assignments:
        offer = assignment.offer
        by_supply[offer.supply] = by_supply.get(offer.supply, 0) + offer.n_elements
    ordered = sorted(stock, key=lambda i: (i.row, i.kind, i.ratings, repr(i)))
    for number, item in enumerate(ordered, start=1):
        assert by_supply.get(f"stock/{number}", 0) <= item.count
    assert found.cost == sum(a.offer.cost or 0 for a in found.assignments)
    assert budget is None or found.cost <= budget
    assert found.is_optimal
    standing = {c.key for c in candidates if c.line.is_existing}
    closed = {a.line for a in found.assignments} | standing
    assert is_closed(candidates, chambers, closed | {o.line for o in found.staying_open})
    assert found.is_full == is_closed(candidates, chambers, closed)


@given(cases())
def test_plan_equals_trying_everything(case):
    candidates, chambers, stock, budget = case
    found = plan(candidates, chambers, stock, budget)
    energy = sum(max(math.ceil(o.energy / 1000.0), 1) for o in found.staying_open)
    assert (energy, found.cost) == brute_force(candidates, chambers, stock, budget)


@given(cases())
def test_least_sum_closes_everything_and_a_cent_less_does_not(case):
    candidates, chambers, stock, _ = case
    least = plan(candidates, chambers, stock, None).least_cost_to_close
    for budget in (0, 7, 50):
        assert plan(candidates, chambers, stock, budget).least_cost_to_close == least
    if least is not None:
        assert plan(candidates, chambers, stock, least).is_full
        assert least == 0 or not plan(candidates, chambers, stock, least - 1).is_full


@given(cases(), st.integers(0, 5), st.integers(0, 100), items)
def test_more_stock_money_or_time_never_leaves_more_open(case, more, money, another):
    candidates, chambers, stock, budget = case
    day = TODAY + dt.timedelta(1)
    now = plan(candidates, chambers, stock, budget, needed_by=day).energy_open
    richer = None if budget is None else budget + money
    assert plan(candidates, chambers, stock, richer, needed_by=day).energy_open <= now
    fuller = [replace(item, count=item.count + more) for item in stock]
    assert plan(candidates, chambers, fuller, budget, needed_by=day).energy_open <= now
    assert plan(candidates, chambers, [*stock, another], budget, needed_by=day).energy_open <= now
    later = day + dt.timedelta(2)
    assert plan(candidates, chambers, stock, budget, needed_by=later).energy_open <= now


@given(cases(), st.randoms(use_true_random=False))
def test_order_of_lines_and_stock_does_not_matter(case, random):
    candidates, chambers, stock, budget = case
    found = plan(candidates, chambers, stock, budget)
    shuffled, listed = list(candidates), list(stock)
    random.shuffle(shuffled)
    random.shuffle(listed)
    assert plan(shuffled, chambers, listed, budget) == found


places = st.integers(-18, 18)
drawn_lines = st.lists(st.tuples(places, places, places, places), max_size=6)


@given(drawn_lines, st.randoms(use_true_random=False))
def test_rooms_do_not_depend_on_the_order_of_lines_and_fill_the_ground(ends, random):
    ground = shapely.box(-20, -20, 20, 20)
    drawn = {
        f"l{i}": shapely.LineString([(a, b), (c, d)])
        for i, (a, b, c, d) in enumerate(ends)
        if (a, b) != (c, d)
    }
    ring = shapely.Point(0, 0).buffer(4, quad_segs=2)
    corners = list(ring.exterior.coords)
    around = {f"ring{i}": shapely.LineString(corners[i : i + 2]) for i in range(len(corners) - 1)}
    given_lines = list((drawn | around).items())
    random.shuffle(given_lines)
    where = {"protected": shapely.box(-1, -1, 1, 1), "outside": ground.boundary}
    first = split_rooms(ground, drawn | around, **where)
    assert split_rooms(ground, dict(given_lines), **where) == first
    inside = shapely.box(-19.4, -19.4, 19.4, 19.4)
    assert math.isclose(sum(r.area for r in first.polygons), inside.area, rel_tol=1e-3)
