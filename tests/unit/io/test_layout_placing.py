"""Barriers known by address are placed, set out, taken off again; layouts leave and come back."""

import json
import math
from dataclasses import replace

import pytest
import shapely
from drawn_event import RATING, draw_square, make_layout
from pyproj import Transformer

from parvis.events.layout import Finding, ItemKind, Unplaced
from parvis.events.positions import barrier_rows, positions
from parvis.io.home import existing_city
from parvis.io.layout_json import layout_document
from parvis.io.layout_placing import (
    LayoutBarrierUnknownError,
    LayoutLineShortError,
    LayoutPlaceMissingError,
    LayoutPlaceOutsideError,
    place_barrier,
    placed,
    take_off_plan,
)
from parvis.io.layout_removal import bring_layout_back, set_layout_aside
from parvis.io.layouts import LayoutExistsError, LayoutUnknownError, list_layouts, read_layout
from parvis.io.store import save_city

ROW = Unplaced("B7", "Betonblock", "South Street 1", 3, 1.5, RATING)
ONE = Unplaced("C1", "truck", "South Street 2", 1, math.nan, "")


def degrees(*places):
    """Longitude and latitude of places on the drawn square, in its metres."""
    transformer = Transformer.from_crs(25832, 4326, always_xy=True)
    return [transformer.transform(*place) for place in places]


def write(layout, name="xmas"):
    """Keep a layout beside the drawn city."""
    folder = existing_city("drawn") / "layouts" / name
    folder.mkdir(parents=True)
    document = layout_document(replace(layout, name=name), layout.findings, 25832)
    (folder / "layout.json").write_text(json.dumps(document))


@pytest.fixture
def xmas(parvis_home):
    """A market on the drawn square with two barriers that have an address only."""
    save_city(replace(draw_square(), name="drawn", manifest={"counts": {}, "source": {}}))
    findings = tuple(
        Finding("barrier_not_placed", "depot.xlsx", row, each.id, {"address": each.address})
        for row, each in enumerate((ROW, ONE), start=2)
    )
    write(replace(make_layout(), unplaced=(ROW, ONE), findings=findings))
    return read_layout("drawn", "xmas")


def test_row_is_set_out_along_its_line_with_equal_gaps_and_flush_ends(xmas):
    after = place_barrier("drawn", "xmas", "B7", path=degrees((15, -1), (21.5, -1)))
    assert [item.id for item in after.items] == ["B7-1", "B7-2", "B7-3"]
    assert {(item.kind, item.rating) for item in after.items} == {(ItemKind.BLOCK, RATING)}
    (row,) = barrier_rows(draw_square(), after)
    inner = [gap.width for gap in row.gaps if gap.left and gap.right]
    assert inner == pytest.approx([1.0, 1.0], abs=1e-3)
    ends = shapely.union_all([item.geometry for item in after.items]).bounds
    assert ends == pytest.approx((15, -1, 21.5, -1), abs=1e-3)
    assert [each.id for each in after.unplaced] == ["C1"]
    assert [each.value for each in after.findings] == ["C1"]
    assert after == read_layout("drawn", "xmas")
    assert after.hash != xmas.hash
    assert {key for item in after.items for key in item.phases} == {"set-up", "market"}


def test_single_element_stands_at_its_point_or_lies_along_a_line(xmas):
    after = place_barrier("drawn", "xmas", "C1", path=degrees((20, 5)), length=8.0)
    assert [(item.id, item.kind) for item in after.items] == [("C1", ItemKind.VEHICLE)]
    take_off_plan("drawn", "xmas", "C1")
    after = place_barrier("drawn", "xmas", "C1", path=degrees((20, 4), (20, 6)), length=8.0)
    (stands,) = positions(after)
    assert (stands.x, stands.y) == pytest.approx((20, 5), abs=1e-3)
    assert stands.length == pytest.approx(8.0, abs=1e-3)
    assert abs(math.sin(stands.rotation)) == pytest.approx(1.0, abs=1e-6)


def test_what_was_placed_is_taken_off_and_waits_as_before(xmas):
    after = place_barrier("drawn", "xmas", "B7", path=degrees((15, -1), (21.5, -1)))
    assert [each["barrier"] for each in placed(after)] == ["B7"]
    back = take_off_plan("drawn", "xmas", "B7")
    assert back.items == ()
    assert {each.id for each in back.unplaced} == {"B7", "C1"}
    assert sorted(back.findings, key=lambda each: each.row) == list(xmas.findings)
    assert placed(back) == []


def test_place_in_a_house_is_taken_and_said(xmas):
    after = place_barrier("drawn", "xmas", "C1", path=degrees((0, -5)), length=2.0)
    assert [each.code for each in after.findings if each.value == "C1"] == ["item_over_building"]
    assert [each.row for each in after.findings if each.value == "C1"] == [3]


@pytest.mark.parametrize(
    ("barrier", "path", "error"),
    [
        ("B8", [(15, -1), (21, -1)], LayoutBarrierUnknownError),
        ("B7", [(15, -1)], LayoutPlaceMissingError),
        ("B7", [(15, -1), (18, -1)], LayoutLineShortError),
        ("C1", [(9000, 9000)], LayoutPlaceOutsideError),
        ("C1", [], LayoutPlaceOutsideError),
    ],
)
def test_what_cannot_be_placed_is_refused_and_changes_nothing(xmas, barrier, path, error):
    with pytest.raises(error):
        place_barrier("drawn", "xmas", barrier, path=degrees(*path))
    assert read_layout("drawn", "xmas") == xmas


def test_what_was_never_placed_is_not_taken_off(xmas):
    with pytest.raises(LayoutBarrierUnknownError) as caught:
        take_off_plan("drawn", "xmas", "B7")
    assert caught.value.details["listed"] == "none"


def test_number_that_something_else_has_is_not_given_twice(parvis_home, xmas):
    write(replace(make_layout(), unplaced=(ROW, replace(ROW, id="B7-2", count=1))), "other")
    place_barrier("drawn", "other", "B7-2", path=degrees((20, 5)))
    after = place_barrier("drawn", "other", "B7", path=degrees((15, -1), (21.5, -1)))
    assert len({item.id for item in after.items}) == 4


def test_layout_set_aside_is_not_listed_and_comes_back_the_same(xmas):
    set_layout_aside("drawn", "xmas")
    assert list_layouts("drawn") == []
    bring_layout_back("drawn", "xmas")
    assert list_layouts("drawn") == [xmas]


def test_layout_does_not_come_back_over_another_of_its_name(xmas):
    set_layout_aside("drawn", "xmas")
    with pytest.raises(LayoutUnknownError):
        bring_layout_back("drawn", "summer")
    write(make_layout())
    with pytest.raises(LayoutExistsError):
        bring_layout_back("drawn", "xmas")
    set_layout_aside("drawn", "xmas")
    bring_layout_back("drawn", "xmas")
    assert read_layout("drawn", "xmas").unplaced == ()
