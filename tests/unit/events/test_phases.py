"""The city of a phase: what holds, what is open ground, what vehicles do not notice."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawn_event import RATING, SQUARE, draw_market, draw_square, make_layout

from parvis.approach.analysis import Question
from parvis.approach.vehicles import load_vehicle_classes
from parvis.events.layout import Gate, Item, ItemKind, Opening, Users
from parvis.events.phases import analyse_phases, leaves, phase_city, standing_shapes, vehicle_ground
from parvis.packs.content import load_ground_rules, load_parameter_draws


def test_rated_blocks_stand_as_rated_areas_and_the_rest_as_lines(city, market):
    there = phase_city(city, market, "market")
    new = there.areas.words("osm_type")[len(city.areas) :]
    assert set(new) == {"layout"}
    rows = range(len(city.areas), len(there.areas))
    assert {there.areas.tags(row)["parvis:rating"] for row in rows} == {RATING}
    kinds = there.lines.words("kind")[len(city.lines) :]
    assert sorted(kinds) == ["fence", "stall"]
    assert len(city.areas) == len(draw_square().areas)


def test_phase_without_the_blocks_lacks_them(city, market):
    there = phase_city(city, market, "set-up")
    new = np.flatnonzero(there.areas.words("osm_type") == "layout")
    assert [there.areas.text("name", int(row)) for row in new] == ["G1"]


def test_hash_follows_layout_and_phase(city, market):
    hashes = {phase_city(city, market, phase).hash for phase in ("set-up", "market")}
    assert len(hashes | {city.hash}) == 3
    other = replace(market, items=market.items[1:])
    assert phase_city(city, other, "market").hash not in hashes
    assert phase_city(city, market, "market").hash in hashes


def test_unknown_phase_is_refused(city, market):
    with pytest.raises(KeyError):
        phase_city(city, market, "carnival")


def test_open_gate_leaves_its_sides_standing():
    gate = Gate(
        "G", shapely.LineString([(0, 0), (6, 0)]), (Opening("market", (Users.PUBLIC,)),), 4.0
    )
    (closed,) = leaves(gate, "set-up")
    assert closed.bounds == pytest.approx((0, -0.15, 6, 0.15))
    sides = sorted(part.bounds[0] for part in leaves(gate, "market"))
    assert sides == pytest.approx([0.0, 5.0])
    assert leaves(replace(gate, clear_width=float("nan")), "market") == []


def test_unrated_things_change_nothing_for_vehicles(market):
    plain = make_layout(gates=market.gates)
    stalls = [Item("S", ItemKind.STALL, shapely.box(1, 1, 39, 29), ("market",))]
    fence = [Item("F", ItemKind.FENCE, shapely.LineString([(14, -1), (26, -1)]), ("market",))]
    more = make_layout(items=[*stalls, *fence], gates=market.gates)
    assert vehicle_ground(plain, "market") == vehicle_ground(more, "market")
    assert vehicle_ground(market, "market") != vehicle_ground(plain, "market")
    assert len(standing_shapes(more, "market")) > len(standing_shapes(plain, "market"))


@pytest.fixture(scope="module")
def results():
    """Access points while the gate is open, and at night when it is shut."""
    market = draw_market()
    night = replace(market.phases[1], key="night")
    items = tuple(
        replace(item, phases=(*item.phases, "night")) if item.rating else item
        for item in market.items
    )
    layout = replace(market, phases=(market.phases[1], night), items=items)
    question = Question("way/90", "Square", "square", SQUARE, load_vehicle_classes(["N2B"]))
    return analyse_phases(
        draw_square(), layout, question, rules=load_ground_rules(), draws=load_parameter_draws()
    )


def test_open_gate_lets_vehicles_in_where_it_stands(results):
    (point,) = results["market"].access_points
    line = shapely.LineString(point.geometry)
    assert 18.5 <= line.bounds[0] <= line.bounds[2] <= 21.5


def test_nothing_gets_in_where_rated_blocks_and_the_shut_gate_hold(results):
    assert results["night"].access_points == ()


def test_result_says_which_layout_and_phase_it_is_about(results):
    assert results["night"].provenance["layout"]["phase"] == "night"
    assert results["night"].provenance["layout"]["name"] == "xmas"
