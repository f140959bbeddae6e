"""Lines drawn from cuts of rooms whose mouths are known."""

import numpy as np
import pytest
import shapely
from cut_rooms import SINK, nodes_of, turned, two_rooms

from parvis.closure.cut import minimum_cut
from parvis.closure.cut_lines import draw_lines, leaks

CENTS = 100_000
AREA = shapely.box(35.0, -30.0, 50.0, 30.0)


def drawn(surface, degrees=0.0, **options):
    surface, sink, area = (turned(shape, degrees) for shape in (surface, SINK, AREA))
    surface = shapely.intersection(surface, shapely.box(-60, -60, 60, 60))
    nodes = nodes_of(surface, sink)
    cut = minimum_cut(nodes, CENTS)
    return (
        nodes,
        surface,
        area,
        draw_lines(nodes, surface, cut.outside, area, kept_free=area, **options),
    )


@pytest.mark.parametrize("degrees", [0.0, 17.0, 33.0, 45.0])
def test_lines_are_straight_from_face_to_face(degrees):
    nodes, surface, _, found = drawn(two_rooms((-30.0, 3.5), (-6.0, 12.0)), degrees)
    lengths = sorted(line.length for line in found.lines)
    assert lengths == pytest.approx([3.5, 12.0], abs=0.3)
    for line in found.lines:
        assert len(line.coords) == 2
        ends = shapely.points(shapely.get_coordinates(line))
        assert shapely.distance(ends, shapely.boundary(surface)).max() < 0.01
    assert not leaks(nodes, found.lines)
    for index in range(len(found.lines)):
        assert leaks(nodes, found.lines[:index] + found.lines[index + 1 :])


@pytest.mark.parametrize("degrees", [0.0, 17.0, 45.0])
def test_what_is_enclosed_meets_ground_outside_along_the_lines_only(degrees):
    _, surface, area, found = drawn(two_rooms((-30.0, 3.5), (-6.0, 12.0)), degrees)
    assert found.enclosed.is_valid
    assert found.enclosed.geom_type == "Polygon"
    assert shapely.covers(found.enclosed, area)
    street = turned(shapely.box(-60.0, -40.0, -10.0, 40.0), degrees)
    assert shapely.area(shapely.intersection(found.enclosed, street)) < 0.1
    rim = shapely.intersection(found.enclosed.exterior, shapely.buffer(surface, -0.3))
    away = shapely.difference(rim, shapely.buffer(shapely.union_all(list(found.lines)), 0.3))
    assert away.length < 0.5


def test_a_pillar_splits_a_line_and_becomes_part_of_what_is_enclosed():
    pillar = shapely.Point(0.0, 1.0).buffer(1.0)
    surface = two_rooms((-6.0, 12.0), pillars=(pillar,))
    _, _, _, found = drawn(surface)
    assert sorted(line.length for line in found.lines) == pytest.approx([4.0, 6.0], abs=0.4)


def test_a_line_around_an_open_place_closes_on_itself():
    surface = shapely.box(-60.0, -60.0, 60.0, 60.0)
    area = shapely.box(-8.0, -8.0, 8.0, 8.0)
    nodes = nodes_of(surface, area.buffer(1.0))
    cut = minimum_cut(nodes, CENTS)
    found = draw_lines(nodes, surface, cut.outside, area, kept_free=area)
    assert sum(line.length for line in found.lines) < 1.1 * 72.0
    assert shapely.covers(found.enclosed, area)
    assert not leaks(nodes, found.lines)


def test_passages_that_nothing_gets_to_have_no_line():
    surface = two_rooms((-30.0, 3.5), (-6.0, 12.0))
    nodes, *_ = drawn(surface)
    _, _, _, found = drawn(surface, is_reached=nodes.node_y > -20.0)
    assert [round(line.length) for line in found.lines] == [12]


def test_the_lines_of_a_cut_do_not_depend_on_the_order_of_its_arcs():
    surface = two_rooms((-30.0, 3.5), (-6.0, 12.0))
    one, other = drawn(surface, 20.0)[3], drawn(surface, 20.0)[3]
    for first, second in zip(one.lines, other.lines, strict=True):
        np.testing.assert_array_equal(first.coords, second.coords)
