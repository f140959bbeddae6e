"""Street widths: cast to what blocks, else by class; a width tag is a lower bound."""

import math

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.city.widths import (
    BY_CLASS,
    BY_TAG,
    MEASURED,
    PLAUSIBLE,
    carriageway_widths,
    measure_widths,
)
from parvis.terms import Grade

DEFAULTS = {"residential": 8.0, "footway": 3.0, "": 5.0}
CANYON = [
    Thing("building", shapely.box(-10, 4, 210, 20)),
    Thing("building", shapely.box(-10, -30, 210, -6)),
]


def widths(streets, *, areas=(), lines=(), **kwargs):
    city = draw_city(streets, areas=areas, lines=lines)
    return measure_widths(
        city.streets, city.segments, city.areas, city.lines, defaults=DEFAULTS, **kwargs
    )


def test_width_is_the_distance_between_the_faces_however_the_line_lies():
    found = widths([Street([(0, 0), (200, 0)])], areas=CANYON)
    assert found.width == pytest.approx([10.0])
    assert found.source.tolist() == [MEASURED]
    assert found.grade.tolist() == [Grade.C]


@pytest.mark.parametrize("angle", [17.0, 45.0, 90.0, 133.0])
def test_width_does_not_change_when_the_street_is_turned(angle):
    def turned(shape):
        return shapely.affinity.rotate(shape, angle, origin=(0, 0))

    line = list(turned(shapely.LineString([(0, 0), (200, 0)])).coords)
    areas = [Thing("building", turned(thing.shape)) for thing in CANYON]
    assert widths([Street(line)], areas=areas).width == pytest.approx([10.0], abs=1e-4)


def test_ring_direction_of_a_building_does_not_matter():
    areas = [Thing(t.kind, shapely.reverse(t.shape)) for t in CANYON]
    assert widths([Street([(0, 0), (200, 0)])], areas=areas).width == pytest.approx([10.0])


def test_narrow_place_decides_a_short_segment():
    areas = [*CANYON, Thing("building", shapely.box(10, 2, 20, 4))]
    assert widths([Street([(0, 0), (30, 0)])], areas=areas).width == pytest.approx([8.0])


def test_class_width_stands_where_nothing_is_met():
    found = widths([Street([(0, 0), (200, 0)])])
    assert found.width == pytest.approx([8.0])
    assert found.source.tolist() == [BY_CLASS]


def test_unknown_class_takes_the_fallback():
    assert widths([Street([(0, 0), (9, 0)], highway="busway")]).width == pytest.approx([5.0])


def test_open_side_contributes_half_the_class_width():
    found = widths([Street([(0, 0), (200, 0)])], areas=CANYON[:1])
    assert found.width == pytest.approx([4.0 + 8.0 / 2])


def test_width_never_exceeds_what_the_class_can_be():
    areas = [
        Thing("building", shapely.box(-10, 18, 210, 30)),
        Thing("building", shapely.box(-10, -30, 210, -18)),
    ]
    assert widths([Street([(0, 0), (200, 0)])], areas=areas).width == pytest.approx(
        [PLAUSIBLE * 8.0]
    )


@pytest.mark.parametrize("kind", ["fence", "hedge", "kerb", "guard_rail"])
def test_what_stops_no_vehicle_does_not_narrow_a_street(kind):
    fence = Thing(kind, shapely.LineString([(-10, 1), (210, 1)]))
    assert widths([Street([(0, 0), (200, 0)])], areas=CANYON, lines=[fence]).width == (
        pytest.approx([10.0])
    )


@pytest.mark.parametrize("kind", ["wall", "retaining_wall", "city_wall", "cliff", "coastline"])
def test_line_that_blocks_narrows_a_street(kind):
    wall = Thing(kind, shapely.LineString([(-10, 1), (210, 1)]))
    assert widths([Street([(0, 0), (200, 0)])], areas=CANYON, lines=[wall]).width == (
        pytest.approx([7.0])
    )


def test_obstacles_of_another_level_do_not_count():
    found = widths([Street([(0, 0), (200, 0)], level=1)], areas=CANYON)
    assert found.source.tolist() == [BY_CLASS]


def test_tunnel_is_measured_against_its_own_level():
    walls = [Thing("building", thing.shape, level=-1) for thing in CANYON]
    assert widths([Street([(0, 0), (200, 0)], level=-1)], areas=walls).width == (
        pytest.approx([10.0])
    )


def test_covered_passage_is_not_measured():
    street = Street([(0, 0), (200, 0)], flags=frozenset({"covered"}))
    assert widths([street], areas=CANYON).source.tolist() == [BY_CLASS]


def test_street_inside_a_building_is_not_measured():
    hall = Thing("building", shapely.box(-50, -3, 250, 3))
    assert widths([Street([(0, 0), (200, 0)])], areas=[hall]).source.tolist() == [BY_CLASS]


def test_street_drawn_on_a_face_is_not_measured():
    walls = [Thing("wall", shapely.LineString([(-10, y), (210, y)])) for y in (0.1, -0.1)]
    assert widths([Street([(0, 0), (200, 0)])], lines=walls).source.tolist() == [BY_CLASS]


def test_street_in_a_courtyard_is_measured_against_its_inner_faces():
    yard = shapely.Polygon(
        shapely.box(-50, -50, 250, 50).exterior, [shapely.box(-10, -5, 210, 4).exterior]
    )
    found = widths([Street([(0, 0), (200, 0)])], areas=[Thing("building", yard)])
    assert found.width == pytest.approx([9.0])


def test_tag_is_a_lower_bound_of_a_measured_width():
    street = Street([(0, 0), (200, 0)], width_tag=12.0)
    assert widths([street], areas=CANYON).width == pytest.approx([12.0])
    narrow = Street([(0, 0), (200, 0)], width_tag=3.0)
    assert widths([narrow], areas=CANYON).width == pytest.approx([10.0])


def test_tag_alone_serves_where_nothing_can_be_measured():
    found = widths([Street([(0, 0), (200, 0)], width_tag=5.5)])
    assert found.width == pytest.approx([5.5])
    assert found.source.tolist() == [BY_TAG]


@pytest.mark.parametrize("slip", [0.0, -3.0, 900.0, math.inf])
def test_tag_that_cannot_be_a_width_is_ignored(slip):
    assert widths([Street([(0, 0), (9, 0)], width_tag=slip)]).source.tolist() == [BY_CLASS]


def test_grade_is_the_worse_of_the_two_faces_that_decide():
    both = widths(
        [Street([(0, 0), (200, 0)])],
        areas=CANYON,
        area_grade=np.array([Grade.B, Grade.B], dtype=np.int8),
    )
    one = widths(
        [Street([(0, 0), (200, 0)])],
        areas=CANYON,
        area_grade=np.array([Grade.B, Grade.C], dtype=np.int8),
    )
    assert (both.grade.tolist(), one.grade.tolist()) == ([Grade.B], [Grade.C])


def test_rows_choose_segments():
    streets = [Street([(0, 0), (200, 0)]), Street([(0, 500), (200, 500)])]
    assert widths(streets, areas=CANYON, rows=np.array([1])).width == pytest.approx([8.0])


def test_city_without_obstacles_or_with_points_only_is_measured_by_class():
    assert len(widths([Street([(0, 0), (0, 5)]), Street([(0, 5), (7, 5)])]).width) == 2


def test_kerb_lines_give_the_carriageway():
    city = draw_city(
        [Street([(0, 0), (200, 0)])],
        lines=[
            Thing("kerb", shapely.LineString([(-10, 3), (210, 3)])),
            Thing("kerb", shapely.LineString([(-10, -3.5), (210, -3.5)])),
        ],
    )
    rows = np.array([0])
    assert carriageway_widths(city.streets, city.segments, city.lines, rows=rows) == (
        pytest.approx([6.5])
    )


def test_one_kerb_alone_gives_no_carriageway():
    city = draw_city(
        [Street([(0, 0), (200, 0)])],
        lines=[Thing("kerb", shapely.LineString([(-10, 3), (210, 3)]))],
    )
    found = carriageway_widths(city.streets, city.segments, city.lines, rows=np.array([0]))
    assert np.isnan(found).all()
