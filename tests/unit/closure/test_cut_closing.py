"""Lines that close a square drawn by hand, priced by what arrives."""

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.approach.analysis import Question
from parvis.approach.perimeter import cut_boundary
from parvis.approach.ratings import parse_rating
from parvis.approach.vehicles import load_vehicle_classes
from parvis.approach.window import Window
from parvis.approach.window_size import Windows
from parvis.closure.closing import closing_lines
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

SQUARE = shapely.box(-15.0, -15.0, 15.0, 15.0)
BOUNDS = (-96.0, -96.0, 96.0, 96.0)


def price_of(arriving):
    """Cents per metre that rise with the energy of the most demanding requirement."""
    assert arriving
    known = [parse_rating(word).energy for _, word in arriving if word.startswith("V/")]
    return 4_000_000 if len(known) < len(arriving) else 50_000 + int(max(known) // 5)


def square_city(*, tunnel=False):
    """A square between houses with a street west and a narrower one north."""
    houses = [
        shapely.box(-90.0, 3.5, -15.0, 90.0),
        shapely.box(-90.0, -90.0, -15.0, -3.5),
        shapely.box(-15.0, -90.0, 90.0, -15.0),
        shapely.box(15.0, -15.0, 90.0, 90.0),
        shapely.box(-15.0, 15.0, -2.5, 90.0),
        shapely.box(2.5, 15.0, 15.0, 90.0),
    ]
    below = {"level": -1, "flags": frozenset({"tunnel"})}
    return draw_city(
        [
            Street([(-200.0, 0.0), (0.0, 0.0)], width=7.0, name="West Street"),
            Street([(0.0, 0.0), (0.0, 200.0)], width=5.0, name="North Lane"),
            *([Street([(200.0, -5.0), (0.0, 0.0)], width=5.0, **below)] if tunnel else []),
        ],
        areas=[Thing("building", house) for house in houses],
        spaces=[Thing("square", SQUARE)],
    )


def closing(design="typical", city=None, **options):
    city = city or square_city()
    vehicles = load_vehicle_classes(["M1"])
    window = Window(city, SQUARE, cut_boundary(SQUARE), BOUNDS, load_ground_rules())
    windows = Windows({vehicle.key: window for vehicle in vehicles}, window, True)
    question = Question("way/1", "", "square", SQUARE, vehicles, design=design)
    arguments = {"price_of": price_of, "sink_margin": 2.0, "cautious_ratio": {}, "n_workers": 1}
    return closing_lines(question, windows, **(arguments | options))


@pytest.fixture(scope="module")
def typical():
    return closing()


def test_one_line_lies_across_each_street(typical):
    plan = typical.plans[0]
    assert plan.key == "cheapest"
    assert sorted(round(line.length) for line in plan.lines) == [5, 7]
    assert typical.cannot_close == ""


def test_lines_keep_their_distance_from_people(typical):
    for line in typical.plans[0].lines:
        assert shapely.distance(line, SQUARE) >= 2.0


def test_what_is_enclosed_holds_the_square_and_the_lines_are_on_its_rim(typical):
    plan = typical.plans[0]
    assert plan.enclosed.is_valid
    assert shapely.covers(plan.enclosed, SQUARE)
    for line in plan.lines:
        middle = line.interpolate(0.5, normalized=True)
        assert shapely.distance(plan.enclosed.exterior, middle) < 0.3


def test_new_prices_never_raise_the_cost_and_end(typical):
    for plan in typical.plans:
        assert plan.cut_cost <= plan.cut_cost_first
        assert 1 <= plan.rounds <= 8


def test_the_same_question_has_the_same_lines(typical):
    for one, other in zip(typical.plans, closing().plans, strict=True):
        assert one.cut_cost == other.cut_cost
        for first, second in zip(one.lines, other.lines, strict=True):
            np.testing.assert_array_equal(first.coords, second.coords)


def test_faster_vehicles_cost_more(typical):
    cautious = closing("cautious", cautious_ratio={"M1": 1.3})
    limit = closing("limit")
    assert typical.plans[0].cut_cost_first < cautious.plans[0].cut_cost_first
    assert typical.plans[0].cut_cost_first < limit.plans[0].cut_cost_first


def test_what_stands_and_holds_is_free():
    standing = shapely.LineString([(-40.0, -3.5), (-40.0, 3.5)])
    plan = closing(free=standing).plans[0]
    across_west = [line for line in plan.lines if line.centroid.x < -10.0]
    assert len(across_west) == 1
    assert shapely.distance(across_west[0], standing) < 1.5


def test_where_no_barrier_may_stand_the_rest_is_closed_and_the_place_is_said():
    track = shapely.box(-1.2, -5.0, 1.2, 96.0)
    found = closing(forbidden=track)
    assert found.cannot_close == "forbidden_ground_joins"
    assert found.where_not is not None
    assert found.where_not.length == pytest.approx(2.4, abs=0.6)
    assert all(not shapely.intersects(line, track.buffer(-0.1)) for line in found.plans[0].lines)


def test_access_points_of_what_is_enclosed_are_the_lines(typical):
    plan = typical.plans[0]
    boundary = cut_boundary(plan.enclosed)
    window = Window(square_city(), plan.enclosed, boundary, BOUNDS, load_ground_rules())
    (car,) = load_vehicle_classes(["M1"])
    for scenario in Scenario:
        metre = np.unique(window.prepare(car, scenario).crossings.metre)
        places = shapely.points(boundary.x[metre], boundary.y[metre])
        near = shapely.distance(np.array(plan.lines, dtype=object)[:, None], places[None, :])
        assert near.min(axis=0).max() < 1.5
        assert near.min(axis=1).max() < 1.5


def test_a_tunnel_from_the_street_into_the_square_cannot_be_closed_and_is_said():
    found = closing(city=square_city(tunnel=True))
    assert found.cannot_close == "forbidden_ground_joins"
    assert [round(line.length) for line in found.plans[0].lines] != []
    assert found.where_not is not None
    assert not found.where_not.is_empty
