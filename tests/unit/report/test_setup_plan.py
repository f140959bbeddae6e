"""Sheets of a layout: to scale, on A3, marked, and the same figures on all of them."""

import datetime as dt
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
import shapely
from drawn_event import RATING, SQUARE, draw_market, draw_square, make_layout

from parvis.events.layout import Finding, Gate, Item, ItemKind, Opening, Unplaced, Users
from parvis.events.positions import positions
from parvis.report.icalendar import LONGEST_LINE, layout_calendar
from parvis.report.layout_sheets import (
    acceptance_sheet,
    duty_sheet,
    gate_duties,
    order_lines,
    order_list,
)
from parvis.report.layout_words import finding_texts
from parvis.report.row_drawings import STRIP_WIDTH, row_strips
from parvis.report.setup_drawings import phase_plan, plan_scale
from parvis.report.setup_plan import alike_phases, setup_plan
from parvis.report.wording import LANGUAGES, Wording

POINTS_PER_MM = 72 / 25.4


@pytest.fixture(scope="module")
def city():
    return draw_square()


@pytest.fixture(scope="module")
def market():
    return draw_market()


@pytest.fixture(scope="module")
def pdf(city, market):
    return pypdf.PdfReader(io.BytesIO(setup_plan(city, market, SQUARE)))


def cells(book):
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def drawn_rectangles(svg):
    """Width and height of every closed path of four corners, in millimetres on paper."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)
    found = []
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        said = path.get("d", "")
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", said)]
        if re.fullmatch(r"[^LMZz]*M[^LMZz]+(L[^LMZz]+){3,4}[zZ]?\s*", said) and len(numbers) >= 8:
            xs, ys = numbers[0::2], numbers[1::2]
            size = max(xs) - min(xs), max(ys) - min(ys)
            found.append(tuple(round(value / POINTS_PER_MM, 2) for value in size))
    return found


def test_plan_is_as_large_on_paper_as_its_scale_says(city, market):
    scale = plan_scale(market, SQUARE)
    drawn = drawn_rectangles(phase_plan(city, market, "market", SQUARE))
    stall = (4.0 * 1000 / scale, 2.0 * 1000 / scale)
    block = (1.5 * 1000 / scale, 0.5 * 1000 / scale)
    assert any(size == pytest.approx(stall, abs=0.03) for size in drawn)
    assert sum(size == pytest.approx(block, abs=0.03) for size in drawn) == 4


def test_scale_is_the_largest_that_shows_everything(market):
    assert plan_scale(market, SQUARE) == 200
    far = Item("X", ItemKind.STALL, shapely.box(0, 0, 130, 4), ("market",))
    assert plan_scale(replace(market, items=(*market.items, far)), SQUARE) == 500


def test_rows_are_drawn_one_to_a_hundred(city, market):
    strips = row_strips(city, market)
    assert [(strip.first, strip.last) for strip in strips] == [(1, 1), (2, 5)]
    blocks = [
        s for s in drawn_rectangles(strips[1].picture) if s == pytest.approx((15, 5), abs=0.03)
    ]
    assert len(blocks) == 4


def test_long_row_is_drawn_in_pieces_that_fit(city):
    line = shapely.LineString([(0, -60), (100, -60)])
    layout = make_layout([Item("B", ItemKind.BLOCK, line, ("market",), 2.0, 0.5)])
    strips = row_strips(city, layout)
    assert len(strips) >= 3
    numbers = [number for strip in strips for number in range(strip.first, strip.last + 1)]
    assert numbers == [place.number for place in positions(layout)]
    for strip in strips:
        root = ElementTree.fromstring(strip.picture)  # noqa: S314 (our own drawing)
        width = float(root.get("width").removesuffix("pt"))
        assert width == pytest.approx(STRIP_WIDTH * POINTS_PER_MM, abs=0.01)


def test_plan_is_on_a3_landscape_and_marked_on_every_page(pdf):
    for page in pdf.pages:
        size = float(page.mediabox.width), float(page.mediabox.height)
        assert size == pytest.approx((420 * POINTS_PER_MM, 297 * POINTS_PER_MM), abs=0.1)
        assert "TLP:AMBER" in page.extract_text()


def test_printed_page_has_the_blocks_at_their_size(pdf):
    content = pdf.pages[1].get_contents().get_data().decode("latin-1")
    scales = re.split(r"(\S+) \S+ \S+ \S+ \S+ \S+ cm\b", content)
    unscaled = [part for a, part in zip(scales[1::2], scales[2::2], strict=True) if a == "1"]
    pair = r"-?[\d.]+ -?[\d.]+"
    blocks = 0
    for start, rest in re.findall(rf"({pair}) m\s((?:{pair} l\s)+)", " ".join(unscaled)):
        numbers = [float(word) for word in f"{start} {rest}".replace(" l", "").split()]
        xs, ys = numbers[0::2], numbers[1::2]
        size = (max(xs) - min(xs)) / POINTS_PER_MM, (max(ys) - min(ys)) / POINTS_PER_MM
        blocks += len(xs) in (4, 5) and size == pytest.approx((7.5, 2.5), abs=0.03)
    assert blocks >= 4


def test_pages_show_phases_gaps_coordinates_and_what_to_settle(city, market):
    finding = Finding("gate_unstaffed", "gates", 4, "G1", {"phase": "market"})
    book = setup_plan(city, replace(market, findings=(finding,)), SQUARE)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(book)).pages)
    assert "Plan 1: set-up" in text
    assert "Plan 2: market" in text
    assert "Scale 1:200" in text
    assert "Gate G1 is open in phase market and nobody stands there" in text
    place = positions(market)[1]
    assert f"{place.x:.2f}" in text
    assert "V/7200[N2B]/96/90:3.0" in text
    assert "0.50 → 3" in text


def test_phases_that_are_alike_share_a_plan(market):
    again = replace(market.phases[1], key="again")
    items = tuple(replace(i, phases=(*i.phases, "again")) for i in market.items)
    gates = tuple(
        replace(g, openings=(*g.openings, replace(g.openings[0], phase="again")))
        for g in market.gates
    )
    more = replace(market, phases=(*market.phases, again), items=items, gates=gates)
    assert alike_phases(market) == [["set-up"], ["market"]]
    assert alike_phases(more)[1] == ["market", "again"]


def test_same_layout_gives_the_same_bytes(city, market, pdf):
    pdf.stream.seek(0)
    assert setup_plan(city, market, SQUARE) == pdf.stream.read()


def test_layout_without_barriers_has_a_plan_all_the_same(city):
    stall = Item("S1", ItemKind.STALL, shapely.box(5, 10, 9, 12), ("market",))
    reader = pypdf.PdfReader(io.BytesIO(setup_plan(city, make_layout([stall]), SQUARE, "fr")))
    assert "n'a ni barrière ni porte" in "".join(p.extract_text() for p in reader.pages)


def test_order_list_counts_every_element_once_by_type_and_day(market):
    more = replace(
        market, unplaced=(Unplaced("V1", "Betonblock", "Long Street 3", 2, 2.4, RATING),)
    )
    lines = order_lines(more)
    blocks = next(line for line in lines if line.stock_type == "Block 1.5 m")
    assert (blocks.count, blocks.length, blocks.rating) == (4, 1.5, RATING)
    assert blocks.positions == "2–5"
    assert blocks.needed_by == more.phase("market").starts
    fence = next(line for line in lines if line.kind == "fence")
    assert (fence.count, fence.length) == (2, 3.5)
    listed = next(line for line in lines if line.address)
    assert (listed.count, listed.address) == (2, "Long Street 3")
    rows = cells(order_list(more))
    assert "TLP:AMBER" in rows[1][0]
    assert rows[-1][2] == 4 + 2 + 2


def test_gate_duty_has_a_line_for_every_time_a_gate_is_open(market):
    rows = cells(gate_duties(market))[5:]
    assert [row[:2] for row in rows] == [["G1", "market"]] * 2
    assert rows[0][2] == dt.datetime.fromisoformat("2026-12-02T11:00")
    assert rows[0][4] == "the public on foot"
    assert rows[0][6] == "stewards"


def test_gate_nobody_stands_at_is_said_loudly(market):
    (gate,) = market.gates
    alone = replace(gate, openings=(Opening("market", (Users.EMERGENCY,)),))
    layout = replace(market, gates=(alone,))
    assert cells(gate_duties(layout))[5][6] == "NOBODY"
    text = pypdf.PdfReader(io.BytesIO(duty_sheet(layout, "fr"))).pages[0].extract_text()
    assert "PERSONNE" in text
    assert "véhicules de secours" in text


def test_acceptance_has_a_line_for_every_position_and_gate(city, market):
    rows = cells(acceptance_sheet(city, market))[5:]
    numbers = [row[0] for row in rows]
    assert sorted(map(str, numbers)) == ["1", "2", "3", "4", "5", "G1"]
    second = rows[numbers.index(2)]
    assert second[4] == RATING
    assert second[7] == pytest.approx(0.5)
    assert second[8:] == [None] * 4


def test_findings_of_every_code_have_words_in_every_language(market):
    codes = Wording("en").node("layout.finding")
    details = {
        "phase": "market", "building": "way/1", "area": "2.0", "kind": "stall", "address": "A 1",
        "reason": "no_place",
    }  # fmt: skip
    findings = tuple(Finding(code, "items", 7, "S1", details) for code in codes)
    for language in LANGUAGES:
        for text in finding_texts(replace(market, findings=findings), language):
            assert "S1" in text
            assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_of_layouts_have_the_same_keys(language):
    def keys(node, path=""):
        if isinstance(node, dict):
            return {key for name, child in node.items() for key in keys(child, f"{path}.{name}")}
        return {f"{path}[{len(node)}]" if isinstance(node, list) else path}

    assert keys(Wording("en").node("layout")) == keys(Wording(language).node("layout"))


def unfolded(calendar):
    return calendar.decode().replace("\r\n ", "").split("\r\n")


def test_calendar_is_in_utc_with_short_lines_and_its_own_ends(market):
    calendar = layout_calendar(market, "fr")
    assert calendar.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    assert max(len(line) for line in calendar.split(b"\r\n")) <= LONGEST_LINE
    lines = unfolded(calendar)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3 + 2
    assert "DTSTART:20261202T100000Z" in lines
    assert "DTEND:20261202T200000Z" in lines


def test_calendar_entries_keep_their_identity_and_differ(market):
    def identities(layout):
        return [line for line in unfolded(layout_calendar(layout)) if line.startswith("UID:")]

    first = identities(market)
    assert len(set(first)) == len(first)
    assert identities(replace(market, source={"added": "2026-11-01T00:00:00+00:00"})) == first


def test_text_in_a_calendar_is_escaped(market):
    (gate,) = market.gates
    said = Opening("market", (Users.PUBLIC,), "guard; north, \\2", "shut\nthen report")
    layout = replace(market, gates=(replace(gate, openings=(said,)),))
    text = "\n".join(unfolded(layout_calendar(layout)))
    assert "guard\\; north\\, \\\\2" in text
    assert "shut then report" in text


def test_signs_of_several_octets_are_not_torn_apart(market):
    name = "Fête d'été à l'Ébènerie " * 8
    gates = (Gate(name, market.gates[0].geometry, market.gates[0].openings),)
    calendar = layout_calendar(replace(market, gates=gates), "fr")
    for line in calendar.split(b"\r\n"):
        line.decode()
    assert name.strip() in "\n".join(unfolded(calendar))
