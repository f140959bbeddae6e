"""A drawn outline is told to the map in degrees, and refused where it can be no place."""

import json

import pytest
import shapely
from drawn_city import Street, draw_city

from parvis.city.outlines import (
    OutlineLargeError,
    OutlineOutsideError,
    OutlineSmallError,
    checked_outline,
    outline_of,
    simplified,
)

EAST, NORTH = 500_000.0, 5_760_000.0


@pytest.fixture(scope="module")
def city():
    return draw_city([Street([(EAST - 500, NORTH), (EAST + 500, NORTH + 500)], name="Mill Lane")])


def box(x, y, size):
    return shapely.box(EAST + x, NORTH + y, EAST + x + size, NORTH + y + size)


def test_an_outline_carries_size_bounds_and_degrees(city):
    outline = checked_outline(box(0, 50, 40), city)
    assert outline.size == pytest.approx(1600)
    west, south, east, north = outline.bounds
    assert west < east < 180
    assert south < north < 90
    assert outline.geometry["type"] == "Polygon"


@pytest.mark.parametrize(
    ("area", "error"),
    [
        (box(0, 50, 4), OutlineSmallError),
        (box(-5000, -5000, 10_000), OutlineLargeError),
        (shapely.Point(EAST, NORTH + 50).buffer(40, quad_segs=2000), OutlineLargeError),
        (box(50_000, 0, 40), OutlineOutsideError),
    ],
)
def test_what_can_be_no_place_is_refused(city, area, error):
    with pytest.raises(error):
        checked_outline(area, city)


def test_a_multipolygon_of_one_part_is_a_polygon():
    area = shapely.MultiPolygon([box(0, 0, 10)])
    assert outline_of(area, 25832).geometry["type"] == "Polygon"


def test_small_maps_get_fewer_corners_and_no_tolerance_keeps_all():
    outline = outline_of(shapely.Point(EAST, NORTH).buffer(40, quad_segs=64), 25832).geometry
    few = simplified(outline, 5.0)
    assert len(few["coordinates"][0]) < len(outline["coordinates"][0]) / 4
    assert shapely.from_geojson(json.dumps(few)).is_valid
    assert simplified(outline, 0.0) == outline
