"""Rows, calendars and stored layouts, whatever is put on the ground."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely
from drawn_event import SQUARE, draw_market, draw_square, make_layout
from hypothesis import given
from hypothesis import strategies as st

from parvis.approach.layout import LARGEST_CLEAR_GAP
from parvis.events.exits import exits_of_phase
from parvis.events.layout import Item, ItemKind
from parvis.events.positions import barrier_rows, elements, positions
from parvis.io.layout_json import layout_document, layout_from
from parvis.report.icalendar import LONGEST_LINE, layout_calendar

CITY = draw_square()


def block(id_, shape, length, width):
    return Item(id_, ItemKind.BLOCK, shape, ("market",), length, width)


@given(
    length=st.floats(0.5, 60.0),
    element=st.floats(0.3, 4.0),
    turn=st.floats(0, 2 * math.pi),
)
def test_elements_lie_on_their_line_without_overlap(length, element, turn):
    line = shapely.LineString([(0, 0), (length * math.cos(turn), length * math.sin(turn))])
    shapes = [shape for shape, *_ in elements(block("B", line, element, 0.3))]
    gaps = [shapely.distance(a, b) for a, b in pairwise(shapes)]
    assert max(gaps, default=0.0) - min(gaps, default=0.0) < 1e-6
    assert all(shapely.distance(shape.centroid, line) < 1e-6 for shape in shapes)
    if element < length - 0.01:
        assert shapely.union_all(shapes).area > (len(shapes) * element - 1e-6) * 0.3 - 1e-6
        more = (len(shapes) + 1) * element
        assert max(gaps, default=0.0) <= LARGEST_CLEAR_GAP + 1e-6 or more > length


@given(
    places=st.lists(
        st.tuples(st.integers(0, 60), st.integers(-40, 40)), min_size=1, max_size=14, unique=True
    ),
    order=st.randoms(use_true_random=False),
)
def test_every_element_has_one_number_and_the_order_of_items_does_not_matter(places, order):
    items = [block(f"B{i}", shapely.Point(x, y), 0.4, 0.4) for i, (x, y) in enumerate(places)]
    shuffled = list(items)
    order.shuffle(shuffled)
    numbers = [place.number for place in positions(make_layout(items))]
    assert numbers == list(range(1, len(items) + 1))
    rows = {
        frozenset(p.item.id for p in row.positions)
        for row in barrier_rows(CITY, make_layout(items))
    }
    again = {
        frozenset(p.item.id for p in row.positions)
        for row in barrier_rows(CITY, make_layout(shuffled))
    }
    assert rows == again


@given(count=st.integers(0, 6), west=st.floats(13.5, 24.0))
def test_another_barrier_in_the_mouth_never_widens_the_way_out(count, west):
    fixed = [
        block(f"B{i}", shapely.box(14 + 2 * i, -1.4, 15 + 2 * i, -1.0), 1.0, 0.4)
        for i in range(count)
    ]
    extra = block("X", shapely.box(west, -1.4, west + 1.2, -1.0), 1.2, 0.4)

    def width(items):
        return sum(w.width for w in exits_of_phase(CITY, make_layout(items), "market", SQUARE))

    assert width([*fixed, extra]) <= width(fixed) + 1e-6


@given(text=st.text(max_size=120), staff=st.text(max_size=90))
def test_calendar_lines_are_short_and_whole_whatever_they_say(text, staff):
    market = draw_market()
    (gate,) = market.gates
    opening = replace(gate.openings[0], staffed_by=staff, on_leaving=text)
    layout = replace(market, gates=(replace(gate, id=text, openings=(opening,)),))
    calendar = layout_calendar(layout)
    lines = calendar.split(b"\r\n")
    assert max(map(len, lines)) <= LONGEST_LINE
    assert all(line.decode().isprintable() or b"\n" not in line for line in lines)
    unfolded = calendar.decode().replace("\r\n ", "").split("\r\n")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 5


@given(
    xy=st.lists(st.tuples(st.floats(-50, 90), st.floats(-90, 50)), min_size=2, max_size=6),
    width=st.one_of(st.just(float("nan")), st.floats(0.1, 10)),
    people=st.integers(0, 100_000),
)
def test_layout_is_read_back_to_the_millimetre(xy, width, people):
    line = shapely.LineString(np.round(xy, 3))
    market = draw_market()
    item = Item("L", ItemKind.FENCE, line, ("market",), width=width)
    phases = (market.phases[0], replace(market.phases[1], people=people))
    layout = replace(market, items=(*market.items, item), phases=phases)
    again = layout_from(layout_document(layout, (), 25832), 25832)
    assert [p.times for p in again.phases] == [p.times for p in layout.phases]
    assert again.phases[1].people == people
    assert shapely.equals_exact(again.items[-1].geometry, line, tolerance=1e-3)
    assert [i.id for i in again.items] == [i.id for i in layout.items]
    assert again.hash == layout_from(layout_document(again, (), 25832), 25832).hash
