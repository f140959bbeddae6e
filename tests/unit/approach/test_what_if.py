"""Changes: what they close and open, what they refuse, and what files of them may say."""

import json
import math

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from parvis.approach.changes import (
    AddBarrier,
    AddChicane,
    BarrierUnknownError,
    ChangeOpensNothingError,
    ChangeOutsideGroundError,
    ChangeRadius,
    ChangesContradictError,
    ChangeValueError,
    ChicaneDoesNotFitError,
    CloseGround,
    CornerDoesNotFitError,
    MouthTooNarrowError,
    NarrowMouth,
    OpenGround,
    PresentGround,
    RemoveBarrier,
    ReplaceBarrier,
    compile_changes,
)
from parvis.io.what_if import ChangesFileError, read_changes

STREET = shapely.box(0, 0, 100, 8)
HOUSE = shapely.box(40, 8, 60, 20)
GATE = shapely.box(80, 0, 80.3, 8)
GROUND = PresentGround(
    surface=shapely.difference(STREET, GATE),
    blocked=np.array([HOUSE], dtype=object),
    existing={"node/1": GATE, "node/2": shapely.Polygon()},
)


def removed(*changes):
    return shapely.union_all(compile_changes(changes, GROUND).removed)


def added(*changes):
    return shapely.union_all(compile_changes(changes, GROUND).added)


def across(x):
    return shapely.LineString([(x, -1), (x, 9)])


def open_at(x, *changes):
    """Clear lengths on a line across the street."""
    left = shapely.intersection(across(x), shapely.difference(STREET, removed(*changes)))
    return sorted(round(part.length, 6) for part in shapely.get_parts(left) if part.length > 0)


def test_barrier_line_gets_its_thickness():
    barrier = removed(AddBarrier(across(20), thickness=0.5))
    assert barrier.area == pytest.approx(10 * 0.5)


@pytest.mark.parametrize(("side", "where"), [("left", 1), ("middle", 4), ("right", 7)])
def test_narrowed_mouth_keeps_its_clear_width_where_asked(side, where):
    change = NarrowMouth(across(20), 2.0, side)
    assert open_at(20, change) == [2.0]
    assert not shapely.intersects(removed(change), shapely.Point(20, where))


def test_mouth_of_no_clear_width_is_closed():
    assert open_at(20, NarrowMouth(across(20), 0.0)) == []


def test_chicane_shifts_its_passages():
    change = AddChicane(30.0, 4.0, 0.0, shift=3.0, spacing=12.0, clear_width=3.5)
    closed = removed(change)
    assert open_at(24, change) == [3.5]
    assert open_at(36, change) == [3.5]
    assert not shapely.intersects(closed, shapely.Point(24, 2.5))
    assert not shapely.intersects(closed, shapely.Point(36, 5.5))
    assert shapely.intersects(closed, shapely.Point(24, 5.5))


def test_larger_radius_opens_the_sliver_at_the_corner():
    kerb = shapely.LineString([(20, 8), (30, 8), (30, 18)])
    opened = added(ChangeRadius(kerb, 6.0))
    assert opened.area == pytest.approx(36 * (1 - math.pi / 4), rel=1e-2)
    assert shapely.covers(shapely.box(24, 8, 30, 14), opened)


def test_smaller_radius_closes_what_the_larger_left_open():
    kerb = shapely.LineString([(20, 8), (30, 8), (30, 18)])
    sliver = added(ChangeRadius(kerb, 6.0))
    wider = PresentGround(shapely.union(GROUND.surface, sliver), GROUND.blocked)
    footprint = compile_changes([ChangeRadius(kerb, 2.0)], wider)
    closed = shapely.union_all(footprint.removed)
    assert closed.area == pytest.approx(32 * (1 - math.pi / 4), rel=2e-2)


def test_opened_ground_stops_at_buildings_unless_told():
    area = shapely.box(50, 6, 70, 12)
    assert not shapely.overlaps(added(OpenGround(area)), HOUSE)
    assert shapely.intersection(added(OpenGround(area, True)), HOUSE).area == pytest.approx(40.0)


def test_barrier_that_holds_is_opened_where_it_stood():
    assert added(RemoveBarrier("node/1")).equals(GATE)


def test_replacement_may_stand_where_the_old_barrier_stood():
    footprint = compile_changes([ReplaceBarrier(RemoveBarrier("node/1"), AddBarrier(GATE))], GROUND)
    assert footprint.removed
    assert footprint.added


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ([AddBarrier(shapely.LineString([(0, 30), (9, 30)]))], ChangeOutsideGroundError),
        ([NarrowMouth(across(200), 1.0)], ChangeOutsideGroundError),
        ([CloseGround(shapely.box(0, 30, 5, 40))], ChangeOutsideGroundError),
        ([NarrowMouth(across(20), 8.5)], MouthTooNarrowError),
        ([NarrowMouth(across(20), -1.0)], ChangeValueError),
        ([NarrowMouth(across(20), 1.0, "top")], ChangeValueError),
        ([AddBarrier(across(20), thickness=math.nan)], ChangeValueError),
        ([AddBarrier(shapely.Point(3, 3))], ChangeValueError),
        ([CloseGround(shapely.Polygon([(0, 0), (5, 5), (5, 0), (0, 5)]))], ChangeValueError),
        ([AddChicane(30, 4, 0.0, 5.0, 12.0, 4.0)], ChicaneDoesNotFitError),
        ([AddChicane(30, 44, 0.0, 1.0, 12.0, 4.0)], ChangeOutsideGroundError),
        (
            [ChangeRadius(shapely.LineString([(20, 8), (30, 8), (30, 11)]), 6.0)],
            CornerDoesNotFitError,
        ),
        ([ChangeRadius(shapely.LineString([(20, 8), (30, 8)]), 6.0)], ChangeValueError),
        ([OpenGround(shapely.box(2, 2, 5, 5))], ChangeOpensNothingError),
        ([RemoveBarrier("node/2")], ChangeOpensNothingError),
        ([RemoveBarrier("node/9")], BarrierUnknownError),
        ([RemoveBarrier()], ChangeValueError),
        ([RemoveBarrier(shape=GATE), AddBarrier(GATE)], ChangesContradictError),
        (
            [CloseGround(shapely.box(30, 4, 36, 12)), OpenGround(shapely.box(30, 6, 36, 12))],
            ChangesContradictError,
        ),
    ],
)
def test_changes_that_cannot_be_are_refused(changes, error):
    with pytest.raises(error):
        compile_changes(changes, GROUND)


def write(tmp_path, document):
    path = tmp_path / "changes.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_file_in_longitude_and_latitude_is_read(tmp_path):
    east, north = 500_010.0, 5_760_020.0
    to_degrees = Transformer.from_crs(25832, 4326, always_xy=True)
    ends = [to_degrees.transform(east, north), to_degrees.transform(east + 8, north)]
    path = write(
        tmp_path,
        {
            "crs": "EPSG:4326",
            "changes": [
                {
                    "type": "narrow_mouth",
                    "line": {"type": "LineString", "coordinates": ends},
                    "clear_width": 3,
                }
            ],
        },
    )
    (change,) = read_changes(path, 25832)
    assert isinstance(change, NarrowMouth)
    assert change.clear_width == 3.0
    expected = [(east, north), (east + 8, north)]
    np.testing.assert_allclose(shapely.get_coordinates(change.line), expected, atol=1e-3)


def test_every_type_can_be_read(tmp_path):
    line = {"type": "LineString", "coordinates": [[0, 0], [5, 0], [5, 5]]}
    area = {"type": "Polygon", "coordinates": [[[0, 0], [5, 0], [5, 5], [0, 0]]]}
    point = {"type": "Point", "coordinates": [0, 0]}
    rows = [
        {"type": "add_barrier", "shape": line, "thickness": 0.4},
        {"type": "remove_barrier", "feature": "node/1"},
        {"type": "replace_barrier", "feature": "node/1", "new_shape": line},
        {"type": "narrow_mouth", "line": line, "clear_width": 3.0, "side": "left"},
        {
            "type": "add_chicane",
            "point": point,
            "towards": {"type": "Point", "coordinates": [0, 9]},
            "shift": 2,
            "spacing": 10,
            "clear_width": 3.5,
        },
        {"type": "change_radius", "kerb": line, "radius": 4},
        {"type": "close_ground", "area": area},
        {"type": "open_ground", "area": area, "includes_obstacles": True},
    ]
    changes = read_changes(write(tmp_path, {"crs": "EPSG:25832", "changes": rows}), 25832)
    assert len(changes) == len(rows)
    assert changes[4].direction == pytest.approx(math.pi / 2)


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ("{", "JSON"),
        ([], "changes"),
        ({"changes": [{}]}, "crs"),
        ({"crs": "EPSG:4326", "changes": []}, "empty"),
        ({"crs": "EPSG:4326", "changes": [{"type": "fly"}]}, "add_barrier"),
        ({"crs": "EPSG:4326", "changes": [{"type": "close_ground"}]}, "area"),
        ({"crs": "EPSG:4326", "changes": [{"type": "close_ground", "area": 3}]}, "area"),
        (
            {"crs": "EPSG:4326", "changes": [{"type": "close_ground", "area": 3, "colour": 1}]},
            "colour",
        ),
    ],
)
def test_bad_file_says_what_to_mend(tmp_path, document, part):
    with pytest.raises(ChangesFileError) as error:
        read_changes(write(tmp_path, document), 25832)
    assert part in str(error.value)
