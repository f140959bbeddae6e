import math
from dataclasses import replace

import numpy as np
import pytest
from drawn_city import Street, draw_city

from parvis.approach.street_field import solve_street_field
from parvis.approach.street_field_entries import (
    cut_end_notice,
    directed_from_cut_ends,
    entry_states,
    segment_gradients,
)
from parvis.approach.turns import turns_of
from parvis.approach.vehicles import VehicleParameters
from parvis.city.model import Elevation
from parvis.report.messages import fill

VAN = VehicleParameters(2.5, 1e6, 0.7, 2.0, 4.0, 60.0)
WINDOW = (0.0, 0.0, 100.0, 100.0)


def field_of(city, vehicle=VAN, **options):
    return solve_street_field(turns_of(city, vehicle, **options), vehicle)


def cut_at(city, x, y):
    segments = city.segments
    is_cut = (segments.node_x == x) & (segments.node_y == y)
    return replace(city, segments=replace(segments, node_is_cut=is_cut))


def test_speed_at_the_edge_is_that_after_the_part_outside() -> None:
    city = draw_city([Street([(-80, 50), (40, 50)], name="Long Street", width=3.0)])
    entries = entry_states(field_of(city), city, WINDOW)
    assert len(entries) == 1
    assert (entries.x[0], entries.y[0]) == (0.0, 50.0)
    assert entries.speed[0] == pytest.approx(math.sqrt(2 * 2.5 * 80.0))
    assert entries.direction[0] == 0.0
    assert entries.distance[0] == pytest.approx(80.0)
    assert entries.name == ("Long Street",)
    assert entries.width[0] == 3.0
    assert entries.level[0] == 0


def test_a_street_through_the_window_enters_at_both_ends() -> None:
    city = draw_city([Street([(50, -60), (50, 160)], width=3.0)])
    entries = entry_states(field_of(city), city, WINDOW)
    assert sorted(entries.y.tolist()) == [0.0, 100.0]
    np.testing.assert_allclose(entries.speed, math.sqrt(2 * 2.5 * 60.0))
    np.testing.assert_allclose(np.sort(entries.direction), [-math.pi / 2, math.pi / 2])


def test_streets_inside_or_outside_and_closed_streets_do_not_enter() -> None:
    city = draw_city(
        [
            Street([(10, 10), (90, 10)]),
            Street([(-50, -10), (150, -10)]),
            Street([(-50, 20), (50, 20)], flags=frozenset({"steps"})),
        ]
    )
    assert len(entry_states(field_of(city), city, WINDOW)) == 0
    assert len(entry_states(field_of(city, over_steps=True), city, WINDOW)) == 1


def test_a_street_that_leaves_and_comes_back_enters_twice() -> None:
    line = [(-30, 20), (50, 20), (50, -40), (70, -40), (70, 50)]
    city = draw_city([Street(line, level=-1)])
    entries = entry_states(field_of(city), city, WINDOW)
    inwards = {(round(x, 3), round(y, 3)) for x, y in zip(entries.x, entries.y, strict=True)}
    assert inwards == {(0.0, 20.0), (50.0, 0.0), (70.0, 0.0)}
    assert set(entries.level.tolist()) == {-1}
    assert len(entries) == 3


def test_a_rated_barrier_outside_the_window_shortens_the_run_up() -> None:
    city = draw_city([Street([(-80, 50), (-20, 50)]), Street([(-20, 50), (40, 50)])])
    node = np.flatnonzero(city.segments.node_x == -20.0)
    barred = entry_states(field_of(city, blocked_nodes=node), city, WINDOW)
    assert barred.speed[0] == pytest.approx(math.sqrt(2 * 2.5 * 20.0))


def test_a_run_up_that_begins_where_the_extract_ends_is_reported() -> None:
    city = draw_city(
        [Street([(-80, 50), (40, 50)], width=3.0), Street([(-20, 90), (40, 90)], width=3.0)]
    )
    city = cut_at(city, -80.0, 50.0)
    field = field_of(city)
    entries = entry_states(field, city, WINDOW)
    assert entries.is_cut_short[entries.y == 50.0].all()
    assert not entries.is_cut_short[entries.y == 90.0].any()
    notice = cut_end_notice(field, city, WINDOW, entries)
    assert notice is not None
    assert notice.count == 1
    assert notice.details["nearest_m"] == pytest.approx(80.0)
    assert notice.details["entries_cut_short"] == 1
    sentence = fill(notice.code, {"count": notice.count, **notice.details})
    assert "80 m" in sentence


def test_no_notice_where_the_extract_reaches_far_enough() -> None:
    city = draw_city([Street([(-2000, 50), (40, 50)], width=3.0)])
    city = cut_at(city, -2000.0, 50.0)
    field = field_of(city)
    entries = entry_states(field, city, WINDOW)
    assert not entries.is_cut_short.any()
    assert cut_end_notice(field, city, WINDOW, entries) is None


def test_directed_segments_from_cut_ends_lead_into_the_extract() -> None:
    city = cut_at(draw_city([Street([(0, 0), (50, 0)])]), 50.0, 0.0)
    begins = city.segments.from_node[0]
    expected = [False, True] if city.segments.node_x[begins] == 0.0 else [True, False]
    assert directed_from_cut_ends(city).tolist() == expected


def test_gradients_come_from_the_terrain_except_on_bridges() -> None:
    slope = np.tile(np.arange(20, dtype=np.float32), (20, 1))
    city = draw_city(
        [
            Street([(5.5, 5.5), (15.5, 5.5)]),
            Street([(5.5, 8.5), (15.5, 8.5)], flags=frozenset({"bridge"})),
            Street([(5.5, 9.5), (5.5, 15.5)]),
            Street([(5.5, 3.5), (95.5, 3.5)]),
        ],
        elevation=Elevation(slope * 0.05, 0.0, 20.0, 1.0, 1.0),
    )
    gradient = segment_gradients(city)
    assert gradient is not None
    street = city.segments.street
    assert abs(gradient[street == 0][0]) == pytest.approx(0.05, rel=1e-5)
    assert np.isnan(gradient[street == 1]).all()
    assert gradient[street == 2][0] == 0.0
    assert np.isnan(gradient[street == 3]).all()
    assert segment_gradients(draw_city([Street([(0, 0), (9, 0)])])) is None
