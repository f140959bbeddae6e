"""What a cut costs on ground whose mouths are known."""

import numpy as np
import pytest
import shapely
from cut_rooms import BOUNDS, SINK, ground_of, nodes_of, two_rooms

from parvis.closure.closing import least_cut
from parvis.closure.cut import GREATEST_CAPACITY, PriceTooHighError, minimum_cut
from parvis.closure.cut_ground import cut_ground

CENTS = 100_000


def metres(nodes):
    cut = minimum_cut(nodes, CENTS)
    assert cut.is_closed
    return cut.cost / CENTS


def test_one_wide_mouth_is_cheaper_than_four_alleys_that_are_longer_together():
    street = shapely.box(-60.0, -6.0, -38.0, 6.0)
    hall = shapely.box(-40.0, -40.0, -10.0, 40.0)
    alleys = [shapely.box(-11.0, y, 11.0, y + 3.5) for y in (-30.0, -12.0, 8.0, 26.0)]
    room = shapely.box(10.0, -40.0, 60.0, 40.0)
    nodes = nodes_of(shapely.union_all([street, hall, *alleys, room]), SINK.buffer(5.0))
    # At the window's east edge there is no street: only what the sink covers lies there.
    cut = minimum_cut(nodes, CENTS)
    assert cut.cost / CENTS == pytest.approx(12.0, abs=0.4)
    assert not (cut.outside & (nodes.node_x > -35.0)).any()


def test_four_alleys_cost_their_length_from_face_to_face():
    alleys = [(y, 3.5) for y in (-30.0, -12.0, 8.0, 26.0)]
    assert metres(nodes_of(two_rooms(*alleys))) == pytest.approx(14.0, abs=1.0)


@pytest.mark.parametrize("breadth", [0.4, 1.0, 3.0])
def test_a_pillar_in_a_mouth_takes_its_breadth_off_the_line(breadth):
    pillar = shapely.box(-11.0, -breadth / 2, 11.0, breadth / 2)
    whole = metres(nodes_of(two_rooms((-6.0, 12.0))))
    assert metres(nodes_of(two_rooms((-6.0, 12.0), pillars=(pillar,)))) == pytest.approx(
        whole - breadth, abs=0.5
    )


def test_what_is_narrower_than_the_clear_gap_needs_no_line():
    nodes = nodes_of(two_rooms((0.0, 1.1)))
    assert metres(nodes) == 0.0
    assert metres(nodes_of(two_rooms((0.0, 1.1), (10.0, 5.0)))) == pytest.approx(5.0, abs=0.3)


def test_a_barrier_that_stands_and_holds_costs_nothing():
    surface = two_rooms((-6.0, 12.0), (20.0, 5.0))
    standing = shapely.LineString([(0.0, -6.0), (0.0, 6.0)])
    assert metres(nodes_of(surface, free=standing)) == pytest.approx(5.0, abs=0.3)


def test_bollards_that_stand_and_hold_cost_nothing_between_them():
    standing = shapely.multipoints([(0.0, y) for y in np.arange(-5.4, 6.0, 1.2)])
    assert metres(nodes_of(two_rooms((-6.0, 12.0)), free=standing)) == 0.0


def test_no_line_stands_where_none_may():
    surface = shapely.union_all([two_rooms((-3.0, 6.0)), shapely.box(-30.0, -3.0, -11.0, 3.0)])
    surface = shapely.difference(surface, shapely.box(-30.0, 3.0, -10.0, 60.0))
    surface = shapely.difference(surface, shapely.box(-30.0, -60.0, -10.0, -3.0))
    barred = shapely.box(-35.0, -3.0, 5.0, 3.0)
    nodes = nodes_of(surface, forbidden=barred)
    cut = minimum_cut(nodes, CENTS)
    assert cut.is_closed
    last = nodes.node_x[cut.outside].max()
    assert last > 4.0
    assert cut.cost / CENTS == pytest.approx(6.0, abs=0.3)


def test_forbidden_ground_from_street_to_area_is_said_and_the_rest_is_closed():
    track = shapely.box(-60.0, -1.5, 60.0, 1.5)
    nodes = nodes_of(two_rooms((-6.0, 12.0), (20.0, 5.0)), forbidden=track)
    cut = minimum_cut(nodes, CENTS)
    assert not cut.is_closed
    assert cut.cost / CENTS == pytest.approx(12.0 - 3.0 + 5.0, abs=1.2)


def test_other_levels_take_no_line():
    """An underpass from the street to the area: the only way to close it is on level 0."""
    upper = two_rooms((20.0, 5.0))
    lower = shapely.box(-30.0, -2.0, 30.0, 2.0)
    mouths = [shapely.box(-30.0, -2.0, -25.0, 2.0), shapely.box(15.0, -2.0, 20.0, 2.0)]
    ground = ground_of(lower, upper, portals=[(0, 1, place) for place in mouths], levels=(-1, 0))
    nodes = cut_ground(ground, bounds=BOUNDS, sink=SINK)
    cut = minimum_cut(nodes, CENTS)
    assert cut.is_closed
    below = nodes.node_level == 0
    assert len(np.unique(cut.outside[below])) == 1


def test_ground_that_no_street_leads_to_is_no_part_of_the_graph():
    yard = shapely.box(-8.0, -20.0, -2.0, -10.0)
    surface = shapely.union_all([two_rooms((0.0, 5.0)), yard])
    ground = ground_of(surface)
    street = shapely.box(-60.0, -40.0, -50.0, 40.0)
    nodes = cut_ground(ground, bounds=BOUNDS, sink=SINK, seeds=[street])
    in_yard = shapely.contains_xy(yard, nodes.node_x, nodes.node_y)
    assert not in_yard.any()


def test_streets_that_end_inside_the_window_are_sources_too():
    surface = shapely.intersection(two_rooms((0.0, 5.0)), shapely.box(-50.0, -39.0, 50.0, 39.0))
    assert metres(nodes_of(surface)) == pytest.approx(5.0, abs=0.3)


def test_a_price_beyond_counting_is_refused():
    with pytest.raises(PriceTooHighError):
        minimum_cut(nodes_of(two_rooms((0.0, 5.0))), 100 * GREATEST_CAPACITY)


def narrow_then_wide():
    """Two passages one behind the other: a narrow one that nothing holds, a wide one."""
    street = shapely.box(-60.0, -20.0, -40.0, 20.0)
    narrow = shapely.box(-41.0, -2.0, -29.0, 2.0)
    hall = shapely.box(-30.0, -30.0, -10.0, 30.0)
    wide = shapely.box(-11.0, -8.0, 11.0, 8.0)
    room = shapely.box(10.0, -40.0, 60.0, 40.0)
    nodes = nodes_of(shapely.union_all([street, narrow, hall, wide, room]), SINK.buffer(5.0))
    price = np.where(nodes.node_x < -28.0, 2 * CENTS, CENTS)
    return nodes, np.broadcast_to(price, (16, nodes.n_nodes))


def test_what_nothing_holds_is_avoided_even_where_it_is_cheaper():
    nodes, price = narrow_then_wide()
    assert minimum_cut(nodes, price).cost / CENTS == pytest.approx(8.0, abs=0.6)
    held = least_cut(nodes, price, 2 * CENTS)
    assert held.is_closed
    assert held.cost / CENTS == pytest.approx(16.0, abs=0.6)
    assert least_cut(nodes, price, 3 * CENTS).cost == minimum_cut(nodes, price).cost


def test_where_nothing_holds_anywhere_the_least_is_still_said():
    nodes, price = narrow_then_wide()
    assert least_cut(nodes, price, CENTS).cost == minimum_cut(nodes, price).cost
