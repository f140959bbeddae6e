import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from street_network import CAR, TRUCK, Line, network, networks, oracle

from parvis.approach.street_field import StreetField, explain, solve_street_field
from parvis.approach.turns import turn_graph
from parvis.approach.vehicles import VehicleParameters

VEHICLES = st.sampled_from([CAR, TRUCK])


def field_of(nodes, lines, vehicle: VehicleParameters, **closed) -> StreetField:
    segments, coords = network(nodes, lines)
    return solve_street_field(turn_graph(segments, coords, vehicle, **closed), vehicle)


@settings(max_examples=10)
@given(networks(), VEHICLES)
def test_field_agrees_with_sweeping_over_all_turns(drawn, vehicle) -> None:
    field = field_of(*drawn, vehicle)
    expected = np.array(oracle(field.graph, vehicle))
    found = field.curve.speed(field.run_up)
    np.testing.assert_allclose(
        np.where(field.run_up < 0, np.nan, found), expected, rtol=1e-6, atol=1e-6
    )


@given(networks(), VEHICLES)
def test_one_more_sweep_changes_nothing(drawn, vehicle) -> None:
    assert field_of(*drawn, vehicle).residual() == 0.0


@given(networks(), VEHICLES, st.floats(0.0, 6.28), st.floats(-1e5, 1e5))
def test_field_does_not_change_when_the_network_is_turned(drawn, vehicle, angle, shift) -> None:
    nodes, lines = drawn

    def turned(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        c, s = np.cos(angle), np.sin(angle)
        return (c * x - s * y + shift, s * x + c * y - shift)

    moved = [
        Line(one.start, one.end, [turned(point) for point in one.between], one.width)
        for one in lines
    ]
    before = field_of(nodes, lines, vehicle).speed
    after = field_of([turned(node) for node in nodes], moved, vehicle).speed
    np.testing.assert_allclose(after, before, rtol=1e-5)


@given(networks(), VEHICLES, st.randoms(use_true_random=False))
def test_field_does_not_depend_on_input_order_or_digitising_direction(
    drawn, vehicle, random
) -> None:
    nodes, lines = drawn
    names = list(range(len(nodes)))
    random.shuffle(names)
    order = list(range(len(lines)))
    random.shuffle(order)
    flips = [random.random() < 0.5 for _ in lines]
    moved = [nodes[names.index(k)] for k in range(len(nodes))]
    mixed = []
    for i, flip in zip(order, flips, strict=True):
        one = lines[i]
        ends = (names[one.start], names[one.end])
        between = list(one.between)
        if flip:
            ends, between = ends[::-1], between[::-1]
        mixed.append(Line(*ends, between, one.width))
    before = field_of(nodes, lines, vehicle).speed
    after = field_of(moved, mixed, vehicle).speed
    back = np.empty_like(before)
    for new, (i, flip) in enumerate(zip(order, flips, strict=True)):
        back[2 * i : 2 * i + 2] = after[2 * new : 2 * new + 2][:: -1 if flip else 1]
    np.testing.assert_allclose(back, before, rtol=1e-9)


@given(networks(), VEHICLES, st.data())
def test_field_does_not_change_when_segments_are_split(drawn, vehicle, data) -> None:
    nodes, lines = drawn
    share = data.draw(st.floats(0.1, 0.9))
    split_nodes, split_lines, first, last = list(nodes), [], [], []
    for one in lines:
        chain = [nodes[one.start], *one.between, nodes[one.end]]
        at = data.draw(st.integers(0, len(chain) - 2))
        (ax, ay), (bx, by) = chain[at], chain[at + 1]
        split_nodes.append((ax + share * (bx - ax), ay + share * (by - ay)))
        middle = len(split_nodes) - 1
        first.append(len(split_lines))
        split_lines.append(Line(one.start, middle, chain[1 : at + 1], one.width))
        last.append(len(split_lines))
        split_lines.append(Line(middle, one.end, chain[at + 1 : -1], one.width))
    before = field_of(nodes, lines, vehicle).speed
    after = field_of(split_nodes, split_lines, vehicle).speed
    np.testing.assert_allclose(after[2 * np.array(last)], before[0::2], rtol=1e-6)
    np.testing.assert_allclose(after[2 * np.array(first) + 1], before[1::2], rtol=1e-6)


@given(networks(), VEHICLES, st.data())
def test_a_barrier_never_raises_a_speed(drawn, vehicle, data) -> None:
    nodes, lines = drawn
    blocked = data.draw(st.sets(st.integers(0, len(nodes) - 1), max_size=4))
    closed = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=4))
    is_passable = [i not in closed for i in range(len(lines))]
    open_speed = field_of(nodes, lines, vehicle).speed
    speed = field_of(nodes, lines, vehicle, blocked_nodes=blocked, is_passable=is_passable).speed
    assert np.isnan(speed[np.repeat(~np.array(is_passable), 2)]).all()
    held = ~np.isnan(speed)
    assert (speed[held] <= open_speed[held]).all()


@given(networks(), VEHICLES)
def test_an_explained_path_gives_the_speed_it_explains(drawn, vehicle) -> None:
    field = field_of(*drawn, vehicle)
    for directed, speed in enumerate(field.speed):
        path = explain(field, directed)
        if np.isnan(speed):
            assert path == ()
            continue
        assert np.isclose(path[-1].speed, speed, rtol=1e-9)
        assert path[0].radius == np.inf
        assert all(leg.speed <= vehicle.top_speed for leg in path)


@given(networks(), VEHICLES, st.floats(0.011, 0.12))
def test_one_direction_gains_and_the_other_loses_on_a_slope(drawn, vehicle, gradient) -> None:
    segments, coords = network(*drawn)
    graph = turn_graph(segments, coords, vehicle, blocked_nodes=range(len(segments.node_x)))
    level = solve_street_field(graph, vehicle).speed
    slope = np.full(len(segments.length), gradient)
    sloped = solve_street_field(graph, vehicle, gradient=slope)
    assert sloped.residual() == 0.0
    held = ~np.isnan(level[0::2])
    if vehicle.turning_radius > 20.0 / 2.0:
        assert (sloped.speed[0::2][held] <= level[0::2][held]).all()
    assert (sloped.speed[1::2][held] >= level[1::2][held]).all()


@given(networks(), VEHICLES)
def test_no_gradient_and_zero_gradient_are_the_same(drawn, vehicle) -> None:
    segments, coords = network(*drawn)
    graph = turn_graph(segments, coords, vehicle)
    zero = solve_street_field(graph, vehicle, gradient=np.zeros(len(segments.length)))
    np.testing.assert_array_equal(zero.speed, solve_street_field(graph, vehicle).speed)
