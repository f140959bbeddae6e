"""Ways out of a square in each phase, the widest one lost."""

import math
from dataclasses import replace

import pytest
import shapely
from drawn_event import SQUARE, make_layout

from parvis.events.egress_by_phase import egress_of_phase
from parvis.events.exits import exits_of_phase
from parvis.events.layout import Gate, Item, ItemKind, Opening, Users
from parvis.events.mouths import find_mouths


def test_mouth_reaches_from_house_to_house(city):
    (mouth,) = find_mouths(city, SQUARE)
    assert mouth.width == pytest.approx(12.0, abs=1.6)
    assert mouth.street == "South Street"


def test_square_without_houses_is_open_all_around():
    from drawn_city import draw_city

    (mouth,) = find_mouths(draw_city(), SQUARE)
    assert mouth.line.length == pytest.approx(SQUARE.length)


def test_gaps_between_blocks_count_from_nine_hundred_millimetres(city):
    def widths(gap):
        blocks = [
            Item(f"B{i}", ItemKind.BLOCK, shapely.box(x, -1.5, x + 2, -1), ("market",))
            for i, x in enumerate((14.0 + gap, 16.0 + 2 * gap, 18.0 + 3 * gap))
        ]
        rest = Item("R", ItemKind.BARRIER, shapely.box(20 + 4 * gap, -1.5, 26, -1), ("market",))
        (way,) = exits_of_phase(city, make_layout([*blocks, rest]), "market", SQUARE)
        return way.widths

    assert widths(1.0) == pytest.approx((1.0,) * 4)
    assert widths(0.85) == ()


def test_open_gate_is_an_exit_and_a_shut_one_is_not(city, market):
    (mouth, gate) = exits_of_phase(city, market, "market", SQUARE)
    assert (gate.key, gate.is_gate, gate.widths) == ("G1", True, (2.8,))
    assert mouth.widths == ()
    (alone,) = exits_of_phase(city, market, "set-up", SQUARE)
    assert not alone.is_gate


def test_gate_for_deliveries_is_no_way_out_on_foot(city, market):
    (gate,) = market.gates
    shut = replace(gate, openings=(Opening("market", (Users.DELIVERY,), "stewards"),))
    keys = [
        way.key for way in exits_of_phase(city, replace(market, gates=(shut,)), "market", SQUARE)
    ]
    assert keys == ["M1"]


def test_gate_on_the_outline_is_not_counted_twice(city):
    gate = Gate("G", shapely.LineString([(16, 0), (20, 0)]), (Opening("market", (Users.PUBLIC,)),))
    ways = exits_of_phase(city, make_layout(gates=[gate]), "market", SQUARE)
    (mouth,) = find_mouths(city, SQUARE)
    assert sum(way.width for way in ways) == pytest.approx(mouth.width, abs=0.7)


def test_single_exit_lost_leaves_nobody_out(city, market):
    ways = egress_of_phase(city, market, "market", SQUARE)
    assert ways.flow == pytest.approx(82 * 2.8)
    assert (ways.flow_left, ways.widest) == (0.0, "G1")
    assert ways.time == math.inf
    assert ways.is_too_slow


def test_time_is_people_over_flow_without_the_widest(city, market):
    second = Gate(
        "G2", shapely.LineString([(22.1, -1), (24.1, -1)]), (Opening("market", (Users.PUBLIC,)),)
    )
    layout = replace(market, items=market.items[:1], gates=(*market.gates, second))
    ways = egress_of_phase(city, layout, "market", SQUARE)
    widths = sorted(way.width for way in ways.exits)
    assert ways.time == pytest.approx(60 * 2000 / (82 * sum(widths[:-1])))
    assert ways.limit == 480.0
    assert ways.is_limit_stated


def test_number_of_people_that_nobody_stated_is_said_to_be_unknown(city, market):
    ways = egress_of_phase(city, market, "set-up", SQUARE)
    assert ways.check.outcome == "verify"
    assert math.isnan(ways.time)
    assert not ways.is_limit_stated
    assert ways.limit == 8 * 60
