import numpy as np
import pytest
import shapely
from closure_lines import below
from drawn_city import Street, Thing, draw_city

from parvis.approach.analysis import Question
from parvis.approach.kinematics import attainable_speed
from parvis.approach.perimeter import cut_boundary
from parvis.approach.vehicles import load_vehicle_classes
from parvis.approach.window import Window, window_bounds
from parvis.closure.plan import UnknownAccessPointError, UnknownLineError, Wishes, plan_closure
from parvis.closure.schedule import UnknownFamilyError, schedule_line
from parvis.closure.verify import footprint, still_reached_by
from parvis.packs import load_barrier_products
from parvis.packs.content import load_ground_rules, load_parameter_draws

SQUARE = shapely.box(0, 0, 40, 40)
LORRY = load_vehicle_classes(["N2B"])
SOUTH, EAST = 60.0, 100.0
MOUTH = 7.0


def square_with_two_streets(*, points=()):
    """A square in a block of buildings, a street from the south and a longer one from the east."""
    streets = shapely.union_all(
        [
            shapely.box(20 - MOUTH / 2, -SOUTH, 20 + MOUTH / 2, 5),
            shapely.box(35, 20 - MOUTH / 2, 40 + EAST, 20 + MOUTH / 2),
        ]
    )
    block = shapely.box(-60, -SOUTH - 30, 40 + EAST + 30, 100)
    return draw_city(
        [
            Street([(20, -SOUTH), (20, -10), (20, 20)], width=MOUTH, name="South Street"),
            Street([(40 + EAST, 20), (45, 20), (20, 20)], width=MOUTH, name="East Street"),
        ],
        areas=[
            Thing("building", block.difference(SQUARE).difference(streets)),
            Thing("square", SQUARE),
        ],
        points=points,
        spaces=[Thing("square", SQUARE)],
    )


CITY = square_with_two_streets()


def plan(city=CITY, *, vehicles=LORRY, wishes=None, products=None):
    question = Question("way/1", "Square", "square", SQUARE, vehicles)
    return plan_closure(
        city,
        question,
        rules=load_ground_rules(),
        draws=load_parameter_draws(),
        products=products or load_barrier_products(),
        wishes=wishes,
    )


def window():
    return Window(
        CITY, SQUARE, cut_boundary(SQUARE), window_bounds(SQUARE, 200.0), load_ground_rules()
    )


@pytest.fixture(scope="module")
def answer():
    return plan()


@pytest.fixture(scope="module")
def cheapest(answer):
    return answer.plans[0]


def test_each_street_gets_a_line_from_face_to_face(cheapest):
    assert [item.line.id for item in cheapest.lines] == [1, 2]
    assert {item.line.street for item in cheapest.lines} == {"South Street", "East Street"}
    for item in cheapest.lines:
        assert item.line.width == pytest.approx(MOUTH, abs=0.3)


def test_every_line_closes_the_access_point_in_front_of_it(cheapest):
    closed = [number for item in cheapest.lines for number in item.line.access_points]
    assert sorted(closed) == [1, 2]


def test_a_line_is_rated_for_the_run_up_that_is_left_outside_it(cheapest):
    typical = LORRY[0].typical
    for item in cheapest.lines:
        x, y = item.line.geometry.mean(axis=0)
        run_up = 40 + EAST - x if item.line.street == "East Street" else y + SOUTH
        least, most = attainable_speed(
            [run_up - 1.0, run_up + MOUTH],
            acceleration=typical.acceleration,
            specific_power=typical.specific_power,
        )
        assert least < item.line.classes[0].speed.typical < most


def test_lines_keep_penetration_and_margin_off_the_people(cheapest):
    margin = load_barrier_products().installation_margin
    for item in cheapest.lines:
        assert item.line.stand_off >= 1.0 + margin - 0.1
        entry = item.line.classes[0]
        assert entry.penetration_limit == pytest.approx(item.line.stand_off - margin)


def test_lines_that_hold_keep_the_class_out(answer, cheapest):
    assert all(item.holds for item in cheapest.lines)
    assert cheapest.still_reached_by == ()
    assert answer.cannot_close == ""


def test_re_pricing_never_costs_more(answer):
    for one in answer.plans:
        assert 0 < one.cut_cost <= one.cut_cost_first


def test_elements_stand_on_their_line_and_fill_it(cheapest):
    for item in cheapest.lines:
        line = shapely.LineString(item.line.geometry)
        assert len(item.gaps) == len(item.elements) + 1
        filled = sum(item.gaps) + sum(element.length for element in item.elements)
        assert filled == pytest.approx(item.line.width, abs=1e-6)
        for element in item.elements:
            assert shapely.distance(footprint(element).centroid, line) < 0.01


@pytest.mark.parametrize("index", [0, 1])
def test_one_rating_step_less_at_one_line_reopens_the_place(cheapest, index):
    lines = list(cheapest.lines)
    item = lines[index]
    (cover,) = item.coverage
    slower = below(load_barrier_products(), cover.required)
    lines[index] = schedule_line(item.line, products=slower, choose=item.option.family)
    assert not lines[index].holds
    enclosed = shapely.from_wkb(cheapest.enclosed)
    assert still_reached_by(window(), lines, LORRY, enclosed=enclosed, holding={}) == ("N2B",)


def test_an_access_point_kept_for_emergencies_gets_elements_that_open():
    found = plan(wishes=Wishes(emergency_access=(1,))).plans[0]
    opening = [item for item in found.lines if 1 in item.line.access_points]
    assert len(opening) == 1
    assert opening[0].line.keeps_emergency_access
    assert any(element.is_operable for element in opening[0].elements)
    others = [item for item in found.lines if item is not opening[0]]
    assert not any(element.is_operable for item in others for element in item.elements)


def test_wishes_that_name_what_is_not_there_are_refused():
    with pytest.raises(UnknownAccessPointError):
        plan(wishes=Wishes(emergency_access=(9,)))
    with pytest.raises(UnknownLineError):
        plan(wishes=Wishes(families={7: "rated-planter"}))
    with pytest.raises(UnknownFamilyError):
        plan(wishes=Wishes(families={1: "castle"}))


def test_a_place_that_no_class_reaches_needs_no_plan():
    wall = Thing("building", shapely.box(-80, -5, 200, -1))
    other = Thing("building", shapely.box(41, -60, 45, 200))
    city = draw_city(
        [Street([(20, -SOUTH), (20, -10)], width=MOUTH)],
        areas=[
            wall,
            other,
            Thing("square", SQUARE),
            Thing("building", shapely.box(-80, -5, -1, 90)),
            Thing("building", shapely.box(-80, 41, 200, 90)),
        ],
        spaces=[Thing("square", SQUARE)],
    )
    assert plan(city).plans == ()


def test_gates_and_bollards_that_hold_already_count_as_walls():
    rated = [
        Thing(
            "bollard",
            shapely.Point(20 + offset, -8.0),
            tags={"parvis:rating": "V/7200[N2B]/80/90:0.5", "parvis:state": "closed"},
            id=100 + index,
        )
        for index, offset in enumerate(np.arange(-3.0, 3.1, 1.0))
    ]
    found = plan(square_with_two_streets(points=rated)).plans[0]
    assert [item.line.street for item in found.lines] == ["East Street"]
    assert found.still_reached_by == ()
