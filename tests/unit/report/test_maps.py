"""Maps and charts: drawn for any place, the same bytes every time, nothing hidden."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from parvis.report.basemap import open_canvas
from parvis.report.charts import metres_of, positions_along, profile_chart, stretches
from parvis.report.maps import (
    BANDS,
    access_point_map,
    band_of,
    band_text,
    measuring_plan,
    speed_map_picture,
)
from parvis.report.plans import Mark, _moved_apart, draw_plan
from parvis.report.wording import Wording


def test_a_plan_is_the_same_bytes_every_time(city, result):
    area = shapely.from_wkb(result.protected_area)
    marks = [Mark("1", area.bounds[0], area.bounds[1]), Mark("2", *area.bounds[2:])]
    first = draw_plan(city, area.bounds, outline=area, marks=marks)
    assert first == draw_plan(city, area.bounds, outline=area, marks=marks)
    assert first.startswith(b"<?xml")


def test_a_plan_of_nothing_is_still_a_plan(city):
    far = (0.0, 0.0, 100.0, 80.0)
    assert draw_plan(city, far).startswith(b"<?xml")


@pytest.mark.parametrize("label", ["$5 and $6", "広場", "Πλ", "_^{", "a\nb"])
def test_any_sign_can_stand_on_a_plan(city, result, label):
    area = shapely.from_wkb(result.protected_area)
    assert draw_plan(city, area.bounds, marks=[Mark(label, *area.bounds[:2])])


def test_an_area_without_extent_is_still_drawn(city, result):
    x, y = shapely.from_wkb(result.protected_area).bounds[:2]
    assert draw_plan(city, (x, y, x, y)).startswith(b"<?xml")


def test_numbers_are_moved_apart(city):
    canvas = open_canvas((0, 0, 100, 100))
    places = np.full((12, 2), 50.0)
    moved = _moved_apart(places, canvas, radius=2.0)
    gap = np.hypot(*(moved[:, None] - moved[None]).transpose(2, 0, 1))
    gap[np.diag_indices(12)] = np.inf
    assert gap.min() > 3.8


def test_two_hundred_numbers_stay_on_the_map(city):
    canvas = open_canvas((0, 0, 100, 100))
    generator = np.random.default_rng(1)
    moved = _moved_apart(generator.uniform(45, 55, (200, 2)), canvas, radius=2.0)
    width = canvas.bounds[2] - canvas.bounds[0]
    assert moved.min() > 0
    assert moved[:, 0].max() < width


@pytest.mark.parametrize(
    ("speed", "band"), [(0, 0), (30, 0), (35, 1), (50, 1), (65, 2), (80, 3), (85, 4), (300, 4)]
)
def test_bands_hold_their_upper_end(speed, band):
    assert band_of(speed) == band


def test_every_band_has_words():
    texts = [band_text(band, Wording("en")) for band in range(len(BANDS) + 1)]
    assert texts[0] == "up to 30 km/h"
    assert texts[-1] == "over 80 km/h"
    assert len(set(texts)) == len(texts)


def test_maps_are_drawn_without_access_points_and_inputs(city, result_with):
    result = result_with(access_points=(), inputs=(), profiles=())
    for draw in (access_point_map, measuring_plan):
        assert draw(city, result).startswith(b"<?xml")
    assert profile_chart(result).startswith(b"<?xml")


def test_a_speed_map_without_reachable_ground_is_drawn(city, result):
    empty = replace(result.speed_maps[0], speed=np.full((20, 20), np.nan, dtype=np.float32))
    assert speed_map_picture(city, result, empty).startswith(b"\x89PNG")


def test_metres_of_an_access_point_are_those_under_it(result):
    profile, point = result.profiles[0], result.access_points[0]
    along = positions_along(profile)[metres_of(profile, point.geometry)]
    assert along.min() == pytest.approx(8.5, abs=1.0)
    assert along.max() == pytest.approx(19.5, abs=1.0)


def test_an_access_point_over_the_first_vertex_is_two_stretches():
    assert stretches(np.array([0.5, 1.5, 278.5, 279.5])) == [(0.0, 2.0), (278.0, 280.0)]
    assert stretches(np.array([4.5])) == [(4.0, 5.0)]
    assert stretches(np.array([])) == []


def test_rings_follow_one_another_along_the_chart(result):
    profile = result.profiles[0]
    half = len(profile.position) // 2
    ring = np.zeros(len(profile.position), dtype=np.int32)
    ring[half:] = 1
    position = profile.position.copy()
    position[half:] -= position[half] - 0.5
    along = positions_along(replace(profile, ring=ring, position=position))
    assert (np.diff(along) > 0).all()
