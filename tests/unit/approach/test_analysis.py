import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.approach.analysis import Question, analyse_approach
from parvis.approach.kinematics import attainable_speed
from parvis.approach.vehicles import load_vehicle_classes
from parvis.city.model import Elevation
from parvis.packs.content import load_ground_rules, load_parameter_draws
from parvis.terms import Grade

SQUARE = shapely.box(0, 0, 40, 40)
LORRY = load_vehicle_classes(["N2B"])
CAR = load_vehicle_classes(["M1"])
RUN_UP = 150.0


def walled_square(*, points=(), mouth=7.0):
    """A square closed by buildings but for one straight street from the south."""
    gap = shapely.box(20 - mouth / 2, -300, 20 + mouth / 2, 5)
    ring = shapely.box(-60, -RUN_UP - 10, 100, 100).difference(SQUARE).difference(gap)
    end = shapely.box(-60, -RUN_UP - 40, 100, -RUN_UP)
    solid = ring.union(end)
    street = Street([(20, -RUN_UP), (20, -10), (20, 20)], width=mouth, name="South Street")
    return draw_city(
        [street],
        areas=[Thing("building", solid), Thing("square", SQUARE)],
        points=points,
        spaces=[Thing("square", SQUARE)],
    )


def analyse(city, *, vehicles=LORRY, **options):
    question = Question("way/1", "Square", "square", SQUARE, vehicles, **options)
    return analyse_approach(city, question, rules=load_ground_rules(), draws=load_parameter_draws())


@pytest.fixture(scope="module")
def answer():
    return analyse(walled_square())


def test_a_square_with_one_mouth_has_one_access_point(answer):
    assert [point.id for point in answer.access_points] == [1]
    point = answer.access_points[0]
    assert point.clear_width == pytest.approx(7.0, abs=0.3)
    assert point.street == "South Street"
    assert point.existing == "none"


def test_typical_speed_is_the_run_up_from_the_end_of_the_street(answer):
    entry = answer.access_points[0].classes[0]
    typical = LORRY[0].typical
    expected = float(
        attainable_speed(
            RUN_UP - 1.2,
            acceleration=typical.acceleration,
            specific_power=typical.specific_power,
        )
    )
    assert entry.speed.typical == pytest.approx(expected, rel=0.04)
    assert entry.binding is not None
    assert entry.binding.run_up == pytest.approx(RUN_UP, abs=7.0)
    assert math.isinf(entry.binding.turn_radius)


def test_typical_is_at_most_cautious_and_cautious_at_most_limit(answer):
    for point in answer.access_points:
        for entry in point.classes:
            assert entry.speed.typical <= entry.speed.cautious <= entry.speed.limit
            assert entry.speed.typical < entry.speed.limit


def test_the_rating_is_for_the_unrounded_design_speed(answer):
    entry = answer.access_points[0].classes[0]
    assert entry.energy == pytest.approx(0.5 * 7200 * entry.speed.cautious**2)
    speed = int(entry.required_rating.split("/")[2])
    assert speed >= entry.speed.cautious * 3.6 > speed - 16


def test_openstreetmap_is_screening_only_and_the_mouth_is_to_be_measured(answer):
    point = answer.access_points[0]
    assert point.grade is Grade.C
    assert point.clear_width_reason == "not_verified"
    assert "clear_width:access-point/1" in {item.key for item in answer.inputs}


def test_a_street_square_to_the_boundary_is_crossed_steeply(answer):
    assert answer.access_points[0].classes[0].angle == pytest.approx(math.pi / 2, abs=0.4)


def test_profile_is_finite_at_the_mouth_only(answer):
    profile = answer.profiles[0]
    is_open = np.isfinite(profile.typical)
    assert is_open.sum() <= 8
    assert np.all(np.abs(profile.x[is_open] - 20.0) < 4.0)
    assert np.all(np.nan_to_num(profile.typical) <= np.nan_to_num(profile.limit) + 1e-9)


def test_design_speed_is_the_one_asked_for():
    limit = analyse(walled_square(), design="limit").access_points[0].classes[0]
    assert limit.energy == pytest.approx(0.5 * 7200 * limit.speed.limit**2)


def test_an_unrated_bollard_stops_nothing_and_is_reported(answer):
    bollard = Thing("bollard", shapely.Point(20, -1), id=77)
    result = analyse(walled_square(points=[bollard]))
    point = result.access_points[0]
    assert point.existing == "unrated"
    assert point.existing_kinds == ("bollard",)
    assert point.classes[0].speed.typical == pytest.approx(
        answer.access_points[0].classes[0].speed.typical, rel=1e-6
    )


def rated(rating, *, at=(20.0, -10.0), state="closed"):
    tags = {"parvis:rating": rating, "parvis:state": state, "parvis:grade": "A"}
    return Thing("road_blocker", shapely.Point(*at), tags=tags, id=78)


def test_a_rated_barrier_that_holds_closes_the_street():
    result = analyse(walled_square(points=[rated("V/7200[N2B]/112/90:0.5")]))
    assert not result.access_points


def test_a_rated_barrier_for_a_slower_vehicle_does_not():
    result = analyse(walled_square(points=[rated("V/7200[N2B]/16/90:0.5")]))
    assert len(result.access_points) == 1


def test_a_lowered_barrier_protects_nothing():
    result = analyse(walled_square(points=[rated("V/7200[N2B]/112/90:0.5", state="lowered")]))
    assert len(result.access_points) == 1


def test_a_street_narrower_than_the_vehicle_lets_none_in():
    result = analyse(walled_square(mouth=2.2))
    assert not result.access_points


def test_a_narrow_street_lets_the_narrower_car_in():
    result = analyse(walled_square(mouth=2.2), vehicles=CAR)
    assert len(result.access_points) == 1


def test_numbers_of_an_earlier_run_are_kept(answer):
    line = shapely.LineString(answer.access_points[0].geometry)
    result = analyse(walled_square(), previous=[(5, line)])
    assert [point.id for point in result.access_points] == [5]


def test_no_statement_of_a_threat_is_a_notice(answer):
    assert "no_threat_statement" in {notice.code for notice in answer.notices}


def test_same_question_has_the_same_run_id_and_speeds(answer):
    again = analyse(walled_square())
    assert again.provenance["run_id"] == answer.provenance["run_id"]
    assert again.access_points[0].classes == answer.access_points[0].classes


def sloping(city, *, rise, source_cell):
    """Terrain that rises by `rise` per metre towards north."""
    south = np.arange(300.0, -400.0, -5.0)
    height = np.repeat((south * rise)[:, None], 100, axis=1).astype(np.float32)
    terrain = Elevation(height, -250.0, 300.0, 5.0, source_cell)
    return replace(city, elevation=terrain)


def test_fine_terrain_downhill_raises_the_speed_and_uphill_lowers_it(answer):
    level = answer.access_points[0].classes[0].speed.typical
    down = analyse(sloping(walled_square(), rise=-0.05, source_cell=2.0))
    up = analyse(sloping(walled_square(), rise=0.05, source_cell=2.0))
    typical = LORRY[0].typical
    expected = [
        float(
            attainable_speed(
                RUN_UP,
                acceleration=typical.acceleration,
                specific_power=typical.specific_power,
                gradient=gradient,
            )
        )
        for gradient in (-0.05, 0.05)
    ]
    speeds = [result.access_points[0].classes[0].speed.typical for result in (down, up)]
    assert speeds[0] > level > speeds[1]
    assert speeds == pytest.approx(expected, rel=0.05)


def test_coarse_terrain_changes_no_speed_and_says_what_it_would(answer):
    result = analyse(sloping(walled_square(), rise=-0.05, source_cell=30.0))
    assert result.access_points[0].classes[0].speed == answer.access_points[0].classes[0].speed
    notice = next(n for n in result.notices if n.code == "slope_sensitivity")
    assert notice.details["change_kmh"] > 0


@pytest.mark.parametrize("design", ["typical", "cautious", "limit"])
def test_a_class_that_arrives_on_the_upper_ground_only_is_rated_for_its_limit(design):
    entry = analyse(walled_square(mouth=2.4), design=design).access_points[0].classes[0]
    assert entry.speed.typical == 0.0
    assert entry.energy == pytest.approx(0.5 * 7200 * entry.speed.limit**2)
    assert int(entry.required_rating.split("/")[2]) >= entry.speed.limit * 3.6
