"""A plan uses what is there in time and for the money, and says what stays open and why."""

import datetime as dt
import math
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
import shapely
from closure_samples import make_closure

from parvis.approach.results import ClassAtPoint, SpeedRange
from parvis.closure.candidates import candidate_lines
from parvis.closure.results import RatedLine
from parvis.closure.rooms import NotEnclosedError, NoWayInError, split_rooms
from parvis.closure.stock import Candidate, Offer, StockItem
from parvis.closure.stock_plan import INTERIM, INTERIM_IN_TIME, plan_with_stock, suffices
from parvis.packs.closure_content import load_barrier_products, load_interim_measures
from parvis.terms import Grade

TODAY = dt.date(2026, 11, 21)
HEAVY = "V/7200[N2B]/80/90:1.0"
LIGHT = "V/7200[N2B]/48/90:1.0"


def entry(required="V/7200[N2B]/64/90", *, energy=1.1e6, limit=5.0, vehicle="N2B"):
    return ClassAtPoint(
        vehicle=vehicle,
        speed=SpeedRange(10.0, 11.0, 12.0),
        energy=energy,
        angle=math.pi / 2,
        required_rating=required,
        rating_reason="next_tested_speed" if required else "above_tested_speeds",
        penetration_limit=limit,
        binding=None,
        grade=Grade.C,
        measures=(),
    )


def rated(line, number=1, *, classes=None, **changes):
    xy = np.asarray(shapely.get_coordinates(line))
    found = RatedLine(
        id=number,
        geometry=xy,
        width=float(line.length),
        street=f"Street {number}",
        access_points=(number,),
        stand_off=6.0,
        grade=Grade.C,
        classes=classes if classes is not None else (entry(),),
        design="cautious",
    )
    return replace(found, **changes)


def item(kind="block", count=10, length=1.0, ratings=(HEAVY,), **changes):
    return StockItem(kind=kind, count=count, length=length, ratings=ratings, **changes)


def mouth(x0, x1, y):
    return shapely.LineString([(x0, y), (x1, y)])


class Cross:
    """A square of 20 m with arms of 6 m width and 30 m length in the four directions."""

    ground = shapely.union_all(
        [shapely.box(-10, -10, 10, 10), shapely.box(-40, -3, 40, 3), shapely.box(-3, -40, 3, 40)]
    )
    protected = shapely.box(-5, -5, 5, 5)
    outside = shapely.box(-40, -40, 40, 40).boundary
    lines: ClassVar = {
        "a/1": mouth(-3, 3, 11),
        "a/2": mouth(-3, 3, -11),
        "a/3": shapely.LineString([(11, -3), (11, 3)]),
        "a/4": shapely.LineString([(-11, -3), (-11, 3)]),
    }

    @classmethod
    def rooms(cls, lines=None):
        return split_rooms(
            cls.ground, lines or cls.lines, protected=cls.protected, outside=cls.outside
        )

    @classmethod
    def candidates(cls, **changes):
        return [
            Candidate(key, rated(line, number, **changes))
            for number, (key, line) in enumerate(cls.lines.items(), start=1)
        ]


def plan(candidates=None, rooms=None, *, stock=(), budget=None, needed_by=None):
    return plan_with_stock(
        candidates if candidates is not None else Cross.candidates(),
        rooms or Cross.rooms(),
        stock=stock,
        budget=budget,
        needed_by=needed_by,
        today=TODAY,
    )


def test_four_lines_cut_a_cross_into_five_rooms():
    rooms = Cross.rooms()
    assert len(rooms.polygons) == 5
    assert len(rooms.sources) == 4
    assert len(rooms.sinks) == 1
    assert sorted(keys for _, _, keys in rooms.doors) == [("a/1",), ("a/2",), ("a/3",), ("a/4",)]


def test_line_that_ends_on_open_ground_divides_nothing():
    rooms = Cross.rooms(Cross.lines | {"b/1": mouth(-6, 6, 8)})
    assert all("b/1" not in keys for _, _, keys in rooms.doors)


def test_lines_on_the_same_place_are_one_door_that_either_closes():
    rooms = Cross.rooms(Cross.lines | {"b/1": Cross.lines["a/1"]})
    assert ("a/1", "b/1") in {keys for _, _, keys in rooms.doors}


def test_crossing_lines_make_rooms_of_their_own():
    crossing = {"b/1": shapely.LineString([(-3, 20), (3, 30)]),
                "b/2": shapely.LineString([(3, 20), (-3, 30)])}  # fmt: skip
    rooms = Cross.rooms(Cross.lines | crossing)
    assert len(rooms.polygons) == 5 + 3
    assert len([keys for _, _, keys in rooms.doors if keys in (("b/1",), ("b/2",))]) == 4


def test_a_missing_line_is_said():
    with pytest.raises(NotEnclosedError):
        Cross.rooms({key: Cross.lines[key] for key in ("a/1", "a/2", "a/3")})


def test_everything_is_closed_where_the_stock_suffices():
    found = plan(stock=[item(count=12, cost=10_000)])
    assert found.is_full
    assert found.is_optimal
    assert [(a.line, a.offer.n_elements) for a in found.assignments] == [
        ("a/1", 3), ("a/2", 3), ("a/3", 3), ("a/4", 3)
    ]  # fmt: skip
    assert found.cost == found.least_cost_to_close == 120_000
    assert found.energy_open == 0.0


def test_line_with_the_least_energy_stays_open_where_pieces_lack():
    classes = {1: 3e6, 2: 2e6, 3: 1e6, 4: 4e6}
    candidates = [
        replace(c, line=replace(c.line, classes=(entry(energy=classes[c.line.id]),)))
        for c in Cross.candidates()
    ]
    found = plan(candidates, stock=[item(count=11)])
    assert [(o.line, o.reason) for o in found.staying_open] == [("a/3", "pieces_used_elsewhere")]
    assert found.energy_open == 1e6
    assert found.staying_open[0].n_needed == 3
    assert found.staying_open[0].n_available == 2
    assert found.least_cost_to_close is None
    assert found.staying_open[0].interim[0] == "staffed_heavy_vehicle"


def test_budget_below_any_plan_names_the_least_sum():
    found = plan(stock=[item(count=12, cost=10_000)], budget=5_000)
    assert found.assignments == ()
    assert {o.reason for o in found.staying_open} == {"budget"}
    assert found.least_cost_to_close == 120_000


def test_what_comes_too_late_is_listed_with_its_day():
    late = item(kind="planter", count=20, lead_days=30)
    found = plan(stock=[late], needed_by=dt.date(2026, 12, 1))
    assert {o.reason for o in found.staying_open} == {"too_late"}
    assert "postponement" in found.staying_open[0].interim
    assert [(u.kind, u.reason, u.ready) for u in found.unavailable] == [
        ("planter", "too_late", dt.date(2026, 12, 21))
    ]
    assert plan(stock=[late], needed_by=dt.date(2026, 12, 21)).is_full


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (item(ratings=()), "unrated"),
        (item(ratings=(LIGHT,)), "rating_too_low"),
        (item(count=0), "no_pieces"),
        (item(ratings=("V/7200[N2B]/80/90:9.0",)), "rating_too_low"),
    ],
)
def test_what_does_not_suffice_closes_no_line_and_is_listed(given, reason):
    found = plan(stock=[given])
    assert found.assignments == ()
    assert [u.reason for u in found.unavailable] == [reason]


def test_emergency_line_needs_elements_that_open():
    candidates = Cross.candidates(keeps_emergency_access=True)
    found = plan(candidates, stock=[item(count=40)])
    assert {o.reason for o in found.staying_open} == {"needs_operable"}
    assert [u.reason for u in found.unavailable] == ["not_operable"]
    assert plan(candidates, stock=[item(count=40, is_operable=True)]).is_full


def test_speed_above_all_tests_is_a_reason_of_its_own():
    candidates = Cross.candidates(classes=(entry(""),))
    assert {o.reason for o in plan(candidates, stock=[item(count=40)]).staying_open} == {
        "above_tested_speeds"
    }


def test_every_class_must_be_covered():
    both = (entry(), entry("V/1500[M1]/80/90", vehicle="M1"))
    line = rated(mouth(-3, 3, 11), classes=both)
    assert not suffices(line, (HEAVY,))
    assert suffices(line, (HEAVY, "ISO 22343-1 V/1500[M1]/96/90:0.5"))


def test_line_where_a_barrier_holds_is_closed_already():
    first, *rest = Cross.candidates()
    standing = replace(first, line=replace(first.line, is_existing=True))
    found = plan([standing, *rest], stock=[item(count=9)])
    assert found.is_full
    assert len(found.assignments) == 3


def test_cheaper_of_two_plans_lines_is_taken_and_lines_of_both_may_mix():
    near = {"b/1": mouth(-3, 3, 30)}
    lines = Cross.lines | near
    rooms = Cross.rooms(lines)
    offer = Offer("planters", "planter", HEAVY, 1, 1.0, 5_000, 0)
    extra = Candidate("b/1", rated(near["b/1"], 5), (offer,))
    found = plan([*Cross.candidates(), extra], rooms, stock=[item(count=9, cost=10_000)])
    assert found.is_full
    assert [a.line for a in found.assignments] == ["a/2", "a/3", "a/4", "b/1"]
    assert found.cost == 95_000


def test_product_that_comes_too_late_is_listed_once():
    offer = Offer("gate", "gate", HEAVY, 1, 1.0, 5_000, 90)
    candidates = [replace(c, products=(offer,)) for c in Cross.candidates()]
    found = plan(candidates, stock=[item(count=12)], needed_by=dt.date(2026, 12, 1))
    assert found.is_full
    assert [(u.supply, u.reason) for u in found.unavailable] == [("gate", "too_late")]


def test_missing_price_is_said():
    found = plan(stock=[item(count=12)], budget=0)
    assert found.is_full
    assert "stock_without_price" in [n.code for n in found.notices]


def test_rooms_of_other_lines_are_refused():
    with pytest.raises(NotEnclosedError):
        plan(Cross.candidates()[1:], stock=[item()])


def test_lines_from_several_plans_are_named():
    near = {"b/1": mouth(-3, 3, 30)}
    offer = Offer("planters", "planter", HEAVY, 1, 1.0, 5_000, 0)
    extra = Candidate("b/1", rated(near["b/1"], 5), (offer,))
    found = plan([*Cross.candidates(), extra], Cross.rooms(Cross.lines | near),
                 stock=[item(count=9, cost=10_000)])  # fmt: skip
    assert ("stock_plan_mixes_plans", 2) in [(n.code, n.count) for n in found.notices]


def test_interim_measures_stand_in_their_pack():
    keys = {entry.key for entry in load_interim_measures().entries}
    assert {*INTERIM, INTERIM_IN_TIME} <= keys


def test_candidates_are_the_lines_of_all_plans_once_with_what_suits():
    found = candidate_lines(make_closure().plans, products=load_barrier_products())
    assert [c.key for c in found] == [f"cheapest/{n}" for n in range(1, 6)]
    by_key = {c.key: c for c in found}
    first = {offer.supply: offer for offer in by_key["cheapest/1"].products}
    assert set(first) == {"surface-planter", "fixed-bollard-deep"}
    assert first["fixed-bollard-deep"].cost == 5_600_000
    assert first["fixed-bollard-deep"].lead_days == 84
    assert by_key["cheapest/4"].products[0].supply == "surface-planter"
    only = candidate_lines(make_closure().plans, products=load_barrier_products(),
                           permanence="temporary")  # fmt: skip
    assert all(not c.products for c in only)


def test_without_a_price_list_nothing_is_bought():
    assert all(not c.products for c in candidate_lines(make_closure().plans))


def test_gaps_too_narrow_for_people_are_said():
    found = plan(stock=[item(count=8, length=2.4)])
    assert found.is_full
    assert found.assignments[0].offer.gap == pytest.approx((6 - 2 * 2.4) / 3)
    assert ("stock_narrow_gaps", 4) in [(n.code, n.count) for n in found.notices]


def test_passages_narrower_than_any_vehicle_let_nobody_through():
    ground = shapely.union(Cross.ground, shapely.box(-40, 7, -10, 8.4))
    where = {"protected": Cross.protected, "outside": Cross.outside}
    with pytest.raises(NotEnclosedError):
        split_rooms(ground, Cross.lines, **where)
    assert split_rooms(ground, Cross.lines, narrowest=1.5, **where).sinks


def test_ground_that_nobody_enters_is_refused_and_never_called_closed():
    with pytest.raises(NoWayInError, match="streets"):
        split_rooms(Cross.ground, Cross.lines, protected=Cross.protected,
                    outside=shapely.box(90, 90, 99, 99))  # fmt: skip
