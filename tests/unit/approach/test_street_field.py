import math

import numpy as np
import pytest
from street_network import CAR, TRUCK, Line, network

from parvis.approach.kinematics import attainable_speed
from parvis.approach.street_field import RunUpCurve, explain, solve_street_field
from parvis.approach.turns import INNER_RADIUS, WIDTH_TAG_ALONE, turn_graph
from parvis.approach.vehicles import VehicleParameters

VAN = VehicleParameters(2.5, 1e6, 0.7, 2.0, 4.0, 60.0)


def solved(nodes, lines, vehicle=VAN, **options):
    segments, coords = network(nodes, lines)
    return solve_street_field(turn_graph(segments, coords, vehicle, **options), vehicle)


def test_speed_on_a_straight_street_is_that_of_its_whole_length_from_rest() -> None:
    field = solved([(0, 0), (150, 0)], [Line(0, 1, width=3.0)], TRUCK)
    expected = float(attainable_speed(150.0, acceleration=2.0, specific_power=20.0))
    np.testing.assert_allclose(field.speed, [expected, expected])
    assert field.speed_at(0, 75.0) == pytest.approx(
        float(attainable_speed(75.0, acceleration=2.0, specific_power=20.0))
    )


def test_corner_limits_as_the_widest_arc_of_the_wider_street() -> None:
    field = solved([(0, 0), (200, 0), (200, 50)], [Line(0, 1, width=5.0), Line(1, 2, width=7.0)])
    radius = INNER_RADIUS + 5.0 / (1.0 - math.cos(math.pi / 4.0))
    cap = 0.7 * 9.80665 * radius
    assert field.speed[2] == pytest.approx(math.sqrt(cap + 2 * 2.5 * 50.0))
    assert field.speed[2] * 3.6 == pytest.approx(71.5, abs=0.1)


def test_one_block_between_corners_keeps_its_full_length() -> None:
    field = solved(
        [(0, 0), (200, 0), (200, 20), (300, 20)], [Line(0, 1), Line(1, 2), Line(2, 3)], VAN
    )
    cap = 0.7 * 9.80665 * (INNER_RADIUS + 5.0 / (1.0 - math.cos(math.pi / 4.0)))
    assert field.speed[2] ** 2 >= cap + 2 * 2.5 * 20.0 - 1e-9


def test_a_digitising_jog_costs_nothing() -> None:
    jog = [(100.0, 0.0), (101.4, 0.5)]
    straight = solved([(0, 0), (200, 0)], [Line(0, 1, width=3.5)])
    bent = solved([(0, 0), (200, 0.5)], [Line(0, 1, jog, width=3.5)])
    assert bent.speed[0] == pytest.approx(straight.speed[0], rel=1e-3)


def test_a_jog_between_two_junctions_costs_nothing() -> None:
    nodes = [(0, 0), (100, 0), (101.4, 0.5), (200, 0.5), (100, -30), (101.4, 30)]
    lines = [Line(0, 1), Line(1, 2), Line(2, 3), Line(1, 4), Line(2, 5)]
    field = solved(nodes, lines)
    assert field.speed[4] == pytest.approx(
        math.sqrt(2 * 2.5 * field.graph.leg_length[:5:2].sum()), rel=0.02
    )


def test_a_staggered_crossing_is_taken_diagonally() -> None:
    nodes = [(0, 0), (100, 0), (100, 8), (200, 8), (100, -90), (100, 98)]
    field = solved(nodes, [Line(0, 1), Line(1, 2), Line(2, 3), Line(1, 4), Line(2, 5)])
    right_angles = 0.7 * 9.80665 * (INNER_RADIUS + 5.0 / (1.0 - math.cos(math.pi / 4.0)))
    assert field.speed[4] ** 2 > right_angles + 2 * 2.5 * 100.0 + 50.0


def test_a_roundabout_does_not_speed_up_a_vehicle_that_circles() -> None:
    radius, n = 12.0, 16
    angles = 2 * np.pi * np.arange(n + 1) / n
    ring = [(radius * math.cos(a), radius * math.sin(a)) for a in angles]
    arms = [(60.0 * math.cos(a), 60.0 * math.sin(a)) for a in angles[0:n:4]]
    nodes = [ring[0], ring[4], ring[8], ring[12], *arms]
    lines = [Line(k, (k + 1) % 4, ring[4 * k + 1 : 4 * k + 4], width=7.0) for k in range(4)] + [
        Line(k, 4 + k, width=7.0) for k in range(4)
    ]
    field = solved(nodes, lines)
    gentle_bends = 0.7 * 9.80665 * (INNER_RADIUS + 5.0 / (1.0 - math.cos(math.pi / 8.0)))
    assert np.nanmax(field.speed[:8]) ** 2 < gentle_bends < VAN.top_speed**2


def test_every_block_removes_only_what_it_should() -> None:
    nodes, lines = [(0, 0), (100, 0), (200, 0)], [Line(0, 1, width=3.0), Line(1, 2, width=3.0)]
    opened = solved(nodes, lines)
    barred = solved(nodes, lines, blocked_nodes=[1])
    assert opened.speed[2] == pytest.approx(math.sqrt(2 * 2.5 * 200.0))
    assert barred.speed[2] == pytest.approx(math.sqrt(2 * 2.5 * 100.0))
    closed = solved(nodes, lines, is_passable=[False, True])
    assert np.isnan(closed.speed[:2]).all()
    assert closed.speed[2] == pytest.approx(math.sqrt(2 * 2.5 * 100.0))
    assert explain(closed, 0) == ()


def test_a_street_too_narrow_for_the_vehicle_is_closed_unless_its_width_is_a_lower_bound() -> None:
    segments, coords = network([(0, 0), (100, 0)], [Line(0, 1, width=1.5)])
    graph = turn_graph(segments, coords, VAN)
    assert not graph.is_passable.any()
    segments.width_source[:] = WIDTH_TAG_ALONE
    assert turn_graph(segments, coords, VAN).is_passable.all()


def test_streets_that_cross_without_a_junction_do_not_join() -> None:
    field = solved(
        [(0, 0), (200, 0), (100, -50), (100, 50)], [Line(0, 1, width=3), Line(2, 3, width=3)]
    )
    np.testing.assert_allclose(field.speed[2:], math.sqrt(2 * 2.5 * 100.0))


def test_a_vehicle_turns_round_only_where_its_turning_circle_fits() -> None:
    narrow = solved([(0, 0), (100, 0)], [Line(0, 1, width=9.9)])
    wide = solved([(0, 0), (100, 0)], [Line(0, 1, width=22.0)])
    assert narrow.speed[0] == pytest.approx(math.sqrt(500.0))
    assert wide.speed[0] == pytest.approx(math.sqrt(500.0 + 0.7 * 9.80665 * 10.0))


@pytest.mark.parametrize(
    ("gradient", "kmh"), [(0.05, 63.5), (-0.05, 82.9), (0.10, 53.3), (-0.10, 91.8)]
)
def test_slopes_give_the_published_run_up_speeds(gradient: float, kmh: float) -> None:
    """N2 2.0/20, 150 m from rest; worked figures of the kinematics, ±0.1 rounding, never below."""
    vehicle = VehicleParameters(2.0, 20.0, 0.45, 2.45, 8.0, 120 / 3.6)
    segments, coords = network([(0, 0), (150, 0)], [Line(0, 1, width=3.0)])
    graph = turn_graph(segments, coords, vehicle)
    field = solve_street_field(graph, vehicle, gradient=[gradient])
    exact = float(attainable_speed(150.0, acceleration=2.0, specific_power=20.0, gradient=gradient))
    assert field.speed[0] * 3.6 == pytest.approx(kmh, abs=0.15)
    assert exact - 1e-9 <= field.speed[0] <= exact * 1.003


def test_a_slope_steeper_than_the_traction_is_not_climbed_from_rest() -> None:
    vehicle = VehicleParameters(1.0, 9.0, 0.35, 2.5, 10.0, 90 / 3.6)
    nodes, lines = [(0, 0), (300, 0), (400, 0)], [Line(0, 1, width=3.0), Line(1, 2, width=3.0)]
    segments, coords = network(nodes, lines)
    graph = turn_graph(segments, coords, vehicle)
    field = solve_street_field(graph, vehicle, gradient=[np.nan, 0.30])
    assert field.speed[2] == 0.0
    assert field.speed[3] == pytest.approx(25.0)
    gentle = solve_street_field(graph, vehicle, gradient=[np.nan, 0.09])
    terminal = 9.0 / (9.80665 * math.sin(math.atan(0.09)))
    assert terminal < gentle.speed[2] < gentle.speed[0]


def test_speed_taken_over_where_the_extract_ends_counts() -> None:
    segments, coords = network([(0, 0), (100, 0)], [Line(0, 1, width=3.0)], cut=[0])
    graph = turn_graph(segments, coords, VAN)
    cut_ends = np.array([True, False])
    field = solve_street_field(graph, VAN, cut_ends=cut_ends, cut_end_speed=20.0)
    np.testing.assert_allclose(field.speed, [math.sqrt(400.0 + 500.0), math.sqrt(500.0)])


def test_explanation_names_run_up_and_limiting_turn() -> None:
    nodes = [(0, 0), (200, 0), (200, 50), (200, 120)]
    field = solved(nodes, [Line(0, 1, width=7.0), Line(1, 2, width=7.0), Line(2, 3, width=7.0)])
    before, after = explain(field, 4)
    radius = INNER_RADIUS + 5.0 / (1.0 - math.cos(math.pi / 4.0))
    assert after.length == pytest.approx(120.0)
    assert after.radius == pytest.approx(radius)
    assert after.deflection == pytest.approx(math.pi / 2.0)
    assert after.is_limiting
    assert after.street == 2
    assert before.radius == math.inf
    assert before.street == 0
    assert before.length == pytest.approx(after.cap**2 / (2 * 2.5))


def test_explanation_ends_where_a_vehicle_could_go_round_for_ever() -> None:
    nodes = [(0, 0), (60, 0), (60, 60), (0, 60), (-50, 0)]
    lines = [Line(0, 1), Line(1, 2), Line(2, 3), Line(3, 0), Line(0, 4)]
    field = solved(nodes, lines)
    for directed in range(10):
        path = explain(field, directed)
        assert 1 <= len(path) < 12
        assert path[-1].speed == pytest.approx(float(field.speed[directed]))


def test_run_up_curve_inverts_itself() -> None:
    curve = RunUpCurve(CAR.acceleration, CAR.specific_power, CAR.top_speed)
    speeds = np.linspace(0.0, CAR.top_speed, 101)
    np.testing.assert_allclose(curve.speed(curve.run_up(speeds)), speeds, rtol=1e-12, atol=1e-12)
    assert curve.speed(curve.top + 100.0) == CAR.top_speed
