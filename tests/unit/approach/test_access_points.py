import numpy as np
import pytest
import shapely

from parvis.approach.access_points import (
    clear_width,
    extra_stretches,
    keep_numbers,
    open_stretches,
)
from parvis.approach.perimeter import cut_boundary


@pytest.fixture
def square():
    return cut_boundary(shapely.box(0, 0, 20, 20))


def flags(boundary, *indices):
    result = np.zeros(len(boundary), dtype=bool)
    result[list(indices)] = True
    return result


def test_boundary_is_cut_into_metres_whose_normals_point_inwards():
    area = shapely.Polygon(
        [(0, 0), (30, 0), (30, 30), (0, 30)], [[(10, 10), (10, 20), (20, 20), (20, 10)]]
    )
    boundary = cut_boundary(area)
    assert len(boundary) == 160
    inside = shapely.contains_xy(
        area,
        boundary.x + 0.1 * boundary.inward_x,
        boundary.y + 0.1 * boundary.inward_y,
    )
    assert inside.all()
    assert boundary.ring_length == pytest.approx((120.0, 40.0))


def test_boundary_direction_does_not_matter():
    clockwise = shapely.Polygon([(0, 0), (0, 10), (10, 10), (10, 0)])
    boundary = cut_boundary(clockwise)
    centre = np.column_stack([5 - boundary.x, 5 - boundary.y])
    assert (centre[:, 0] * boundary.inward_x + centre[:, 1] * boundary.inward_y > 0).all()


def test_a_stretch_across_the_first_vertex_is_one_stretch(square):
    stretches = open_stretches(flags(square, 0, 1, 78, 79), square)
    assert [list(stretch) for stretch in stretches] == [[78, 79, 0, 1]]


def test_one_closed_metre_is_the_rasters_and_two_part_stretches(square):
    stretches = open_stretches(flags(square, 3, 4, 6, 7, 10), square)
    assert [list(stretch) for stretch in stretches] == [[3, 4, 5, 6, 7], [10]]


def test_an_open_ring_is_one_stretch(square):
    assert len(open_stretches(np.ones(len(square), dtype=bool), square)) == 1


def test_no_open_metre_gives_no_stretch(square):
    assert open_stretches(flags(square), square) == []


def test_short_fringe_of_a_typical_stretch_is_not_an_access_point_of_its_own(square):
    taken = [np.arange(5, 10)]
    extra = extra_stretches(flags(square, *range(3, 12), *range(30, 32)), taken, square)
    assert [list(stretch) for stretch in extra] == [[30, 31]]


def test_long_fringe_of_a_typical_stretch_is_an_access_point(square):
    extra = extra_stretches(flags(square, *range(5, 16)), [np.arange(5, 10)], square)
    assert [list(stretch) for stretch in extra] == [[10, 11, 12, 13, 14, 15]]


def test_clear_width_of_a_street_square_to_the_boundary_is_its_width():
    surface = shapely.union_all([shapely.box(0, 0, 40, 40), shapely.box(15, -50, 22, 1)])
    stretch = shapely.LineString([(16, 0), (21, 0)])
    assert clear_width(stretch, surface) == pytest.approx(7.0, abs=0.05)


def test_clear_width_of_an_oblique_street_is_face_to_face_not_along_the_boundary():
    street = shapely.LineString([(-40, -40), (20, 20)]).buffer(3.0, cap_style="flat")
    area = shapely.Polygon([(12, 0), (60, 0), (60, 60), (0, 60), (0, 8)])
    surface = shapely.union_all([area, street])
    stretch = shapely.LineString([(7, 3.33), (3, 6)])
    assert clear_width(stretch, surface) == pytest.approx(6.0, abs=0.1)


def test_clear_width_does_not_run_along_a_facade_in_front_of_the_boundary():
    surface = shapely.union_all([shapely.box(0, 0, 100, 10), shapely.box(40, -50, 52, 1)])
    stretch = shapely.LineString([(41, 0.5), (51, 0.5)])
    assert clear_width(stretch, surface) == pytest.approx(12.0, abs=0.05)


def test_clear_width_between_two_sides_of_one_block_is_the_gap():
    block = shapely.box(-20, -20, 20, 20).difference(shapely.box(-2, -30, 2, 10))
    surface = shapely.box(-50, -50, 50, 50).difference(block)
    stretch = shapely.LineString([(-1, -10), (1, -10)])
    assert clear_width(stretch, surface) == pytest.approx(4.0, abs=0.05)


def test_numbers_follow_the_longest_overlap():
    old = [(4, shapely.LineString([(0, 0), (10, 0)])), (7, shapely.LineString([(50, 0), (60, 0)]))]
    new = [
        shapely.LineString([(52, 0.5), (59, 0.5)]),
        shapely.LineString([(20, 0), (25, 0)]),
        shapely.LineString([(1, 0), (12, 0)]),
    ]
    assert keep_numbers(new, old) == (7, 8, 4)


def test_first_run_numbers_in_walking_order():
    lines = [shapely.LineString([(i, 0), (i + 0.5, 0)]) for i in range(0, 30, 10)]
    assert keep_numbers(lines, []) == (1, 2, 3)
