"""Barrier elements, their numbers and the gaps between their faces."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from drawn_event import make_layout

from parvis.approach.layout import LARGEST_CLEAR_GAP
from parvis.events.layout import Gate, Item, ItemKind
from parvis.events.positions import barrier_rows, elements, positions


def block(id_, geometry, length=1.5, width=0.5, kind=ItemKind.BLOCK):
    return Item(id_, kind, geometry, ("market",), length, width)


def test_line_is_filled_with_elements_flush_with_its_ends():
    line = shapely.LineString([(0, 0), (10, 0)])
    shapes = [shape for shape, *_ in elements(block("B", line))]
    assert len(shapes) == math.ceil((10 + 1.2) / (1.5 + 1.2)) == 5
    assert shapes[0].bounds[0] == pytest.approx(0)
    assert shapes[-1].bounds[2] == pytest.approx(10)
    gaps = [shapely.distance(a, b) for a, b in pairwise(shapes)]
    assert gaps == pytest.approx([(10 - 5 * 1.5) / 4] * 4)
    assert max(gaps) <= LARGEST_CLEAR_GAP


def test_elements_never_overlap_on_a_line_too_short_for_small_gaps():
    shapes = [s for s, *_ in elements(block("B", shapely.LineString([(0, 0), (4.0, 0)]), 1.5))]
    assert len(shapes) == 2
    assert shapely.distance(*shapes) == pytest.approx(1.0)
    one = elements(block("B", shapely.LineString([(0, 0), (1.6, 0)]), 1.5))
    assert len(one) == 1


def test_fence_is_one_position_whatever_its_panels():
    line = shapely.LineString([(0, 0), (10.5, 0)])
    assert len(elements(block("F", line, 3.5, kind=ItemKind.FENCE))) == 1


def test_gaps_are_measured_from_face_to_face_and_to_the_houses(city, market):
    (row, fence) = sorted(barrier_rows(city, market), key=lambda row: -len(row.positions))
    assert [place.number for place in row.positions] == sorted(p.number for p in row.positions)
    said = [(gap.left, gap.right, round(gap.width, 2)) for gap in row.gaps]
    assert said == [
        ("", "2", 0.5),
        ("2", "3", 0.5),
        ("3", "G1", 0.5),
        ("G1", "4", 0.5),
        ("4", "5", 0.5),
        ("5", "", 0.5),
    ]
    assert not row.has_open_end
    assert [place.item.id for place in fence.positions] == ["F1"]


def test_open_gate_is_a_gap_of_its_clear_width(city, market):
    row = max(barrier_rows(city, market, "market"), key=lambda row: len(row.positions))
    (passage,) = [gap for gap in row.gaps if gap.gate]
    assert passage.gate == "G1"
    assert passage.width == pytest.approx(2.8)
    assert passage.line.length == pytest.approx(2.8)


def test_what_does_not_stand_leaves_a_gap_and_keeps_its_number(city, market):
    everything = {place.number: place.item.id for place in positions(market)}
    later = [row for row in barrier_rows(city, market, "set-up") if row.gates]
    assert [len(row.positions) for row in later] == [0]
    for row in barrier_rows(city, market, "market"):
        for place in row.positions:
            assert everything[place.number] == place.item.id


def test_gap_wider_than_a_vehicle_is_told(city):
    items = [
        block("B1", shapely.LineString([(14, -1), (15.5, -1)])),
        block("B2", shapely.LineString([(17.0, -1), (18.5, -1)])),
    ]
    (row,) = barrier_rows(city, make_layout(items))
    (between,) = [gap for gap in row.gaps if gap.left and gap.right]
    assert between.width == pytest.approx(1.5)
    assert between.is_wide


def test_row_in_the_open_has_an_open_end(city):
    items = [block("B1", shapely.LineString([(18, -40), (22, -40)]), 4.0)]
    (row,) = barrier_rows(city, make_layout(items))
    assert row.has_open_end
    assert row.gaps == ()


def test_points_with_length_and_width_turn_along_their_row(city):
    places = [(10 + 2 * i, 10 + 2 * i) for i in range(4)]
    items = [block(f"B{i}", shapely.Point(at), 1.2, 0.4) for i, at in enumerate(places)]
    turns = [place.rotation for place in positions(make_layout(items))]
    assert turns == pytest.approx([math.pi / 4] * 4)


def test_members_follow_each_other_around_a_corner(city):
    corner = [(0, 0), (4, 0), (8, 0), (8, 4), (8, 8)]
    items = [
        block(f"B{i}", shapely.Point(x, y), 1.0, 1.0, ItemKind.BOLLARD)
        for i, (x, y) in enumerate(np.array(corner) + 15.0)
    ]
    order = [place.item.id for place in positions(make_layout(items[::-1]))]
    assert order == ["B0", "B1", "B2", "B3", "B4"]


def test_layout_without_barriers_has_no_rows(city):
    assert barrier_rows(city, make_layout()) == ()
    assert positions(make_layout()) == ()


def test_gate_alone_is_a_row(city):
    gate = Gate("G1", shapely.LineString([(14, -1), (26, -1)]), ())
    (row,) = barrier_rows(city, make_layout(gates=[gate]))
    assert row.positions == ()
    assert row.gates == (gate,)
