"""Rules from tags to kinds and levels."""

import math

import pytest

from parvis.io import osm_tags as rules


@pytest.mark.parametrize(
    ("tags", "level"),
    [
        ({}, 0),
        ({"layer": "2"}, 2),
        ({"layer": "-1.5"}, -2),
        ({"layer": "ground"}, 0),
        ({"bridge": "yes"}, 1),
        ({"bridge": "viaduct", "layer": "3"}, 3),
        ({"bridge": "no"}, 0),
        ({"tunnel": "yes"}, -1),
        ({"tunnel": "no"}, 0),
        ({"tunnel": "building_passage"}, 0),
        ({"tunnel": "building_passage", "layer": "-1"}, 0),
        ({"covered": "yes"}, 0),
        ({"location": "underground"}, -1),
        ({"amenity": "parking", "parking": "underground", "layer": "-2"}, -2),
        ({"indoor": "yes", "level": "2;3"}, 2),
        ({"level": "2"}, 0),
        ({"layer": "999999"}, 0),
        ({"layer": "nan"}, 0),
    ],
)
def test_level_follows_the_rules(tags: dict[str, str], level: int) -> None:
    assert rules.level_of(tags) == level


def test_open_water_lies_on_the_ground_whatever_its_layer() -> None:
    assert rules.area_level({"natural": "water", "layer": "-1"}, "water") == 0
    assert rules.line_level({"waterway": "river", "layer": "-1"}, "river") == 0


def test_water_in_a_culvert_lies_below() -> None:
    assert rules.line_level({"waterway": "stream", "tunnel": "culvert"}, "stream") == -1


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.5", 3.5),
        ("3,5 m", 3.5),
        ("350 cm", 3.5),
        ("12 ft", 3.6576),
        ("6'7\"", 2.0066),
        ("6'", 1.8288),
        ("-2", math.nan),
        ("wide", math.nan),
        ("3 lanes", math.nan),
        (None, math.nan),
        ("", math.nan),
    ],
)
def test_lengths_are_read_in_metres(text: str | None, metres: float) -> None:
    assert rules.metres(text) == pytest.approx(metres, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "incline"),
    [("10%", 0.1), ("-5 %", -0.05), ("45°", math.nan), ("up", math.nan), ("5°", 0.0874887)],
)
def test_inclines_are_rise_over_run(text: str, incline: float) -> None:
    assert rules.incline_of({"incline": text}) == pytest.approx(incline, nan_ok=True)


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "residential", "oneway": "yes"}, "residential"),
        ({"highway": "steps"}, "steps"),
        ({"highway": "service", "service": "parking_aisle"}, "parking_aisle"),
        ({"railway": "tram"}, "tram"),
        ({"highway": "residential", "railway": "tram"}, "residential"),
        ({"highway": "proposed"}, None),
        ({"highway": "corridor"}, None),
        ({"highway": "platform"}, None),
        ({"railway": "rail"}, None),
        ({"highway": "pedestrian", "access": "no"}, "pedestrian"),
    ],
)
def test_streets_are_what_a_vehicle_can_physically_use(
    tags: dict[str, str], kind: str | None
) -> None:
    assert rules.street_kind(tags, closed=False) == kind


def test_closed_street_is_an_area_only_where_it_is_tagged_so() -> None:
    loop = {"highway": "pedestrian"}
    assert rules.street_kind(loop, closed=True) == "pedestrian"
    assert rules.area_kind(loop) is None
    square = loop | {"area": "yes"}
    assert rules.street_kind(square, closed=True) is None
    assert rules.area_kind(square) == "pedestrian"


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"building": "yes"}, "building"),
        ({"building": "no"}, None),
        ({"building": "roof"}, "roof"),
        ({"building": "yes", "min_height": "4"}, "roof"),
        ({"building": "yes", "building:min_level": "2"}, "roof"),
        ({"building:part": "yes"}, "building_part"),
        ({"building": "church", "amenity": "place_of_worship"}, "building"),
        ({"natural": "water"}, "water"),
        ({"waterway": "riverbank"}, "water"),
        ({"waterway": "river"}, None),
        ({"leisure": "park", "place": "square"}, "square"),
        ({"area:highway": "primary"}, "street"),
        ({"area:highway": "footway"}, "footway"),
        ({"highway": "steps", "area": "yes"}, "steps"),
        ({"amenity": "marketplace"}, "market_place"),
        ({"amenity": "parking"}, "parking"),
        ({"amenity": "fuel"}, "forecourt"),
        ({"landuse": "forest"}, "wood"),
        ({"barrier": "hedge"}, None),
        ({"barrier": "hedge", "area": "yes"}, "hedge"),
        ({"barrier": "fence"}, None),
        ({"barrier": "fence", "amenity": "school"}, "school"),
        ({"leisure": "bandstand"}, "other"),
        ({"name": "nothing"}, None),
    ],
)
def test_closed_ways_become_areas(tags: dict[str, str], kind: str | None) -> None:
    assert rules.area_kind(tags) == kind


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"barrier": "retaining_wall"}, "retaining_wall"),
        ({"barrier": "yes"}, "fence"),
        ({"barrier": "no"}, None),
        ({"natural": "cliff"}, "cliff"),
        ({"waterway": "canal"}, "canal"),
        ({"historic": "citywalls"}, "city_wall"),
        ({"embankment": "yes"}, "embankment"),
        ({"embankment": "yes", "highway": "primary"}, None),
        ({"highway": "primary"}, None),
    ],
)
def test_lines_become_obstacles(tags: dict[str, str], kind: str | None) -> None:
    assert rules.line_kind(tags) == kind


def test_points_keep_their_barrier_value() -> None:
    assert rules.point_kind({"barrier": "lift_gate"}) == "lift_gate"
    assert rules.point_kind({"bollard": "rising"}) == "bollard"
    assert rules.point_kind({"kerb": "lowered", "highway": "crossing"}) == "kerb"
    assert rules.point_kind({"barrier": "no"}) is None


def test_other_words_for_the_same_barrier_are_one_kind() -> None:
    assert rules.point_kind({"barrier": "stone"}) == "block"
    assert rules.line_kind({"barrier": "curb"}) == "kerb"


def test_camera_on_a_lamp_is_both() -> None:
    lamp, camera = (
        rules.furniture_rank("highway", "street_lamp"),
        rules.furniture_rank("man_made", "surveillance"),
    )
    assert rules.furniture_kinds([camera, lamp]) == ("street_lamp", "camera")
    assert rules.furniture_kinds([camera]) == ("camera",)


def test_node_is_the_first_thing_it_is_listed_as() -> None:
    shop, bench = rules.furniture_rank("shop", "kiosk"), rules.furniture_rank("amenity", "bench")
    assert rules.furniture_kinds([shop, bench]) == ("bench",)
    assert rules.furniture_kinds([shop]) == ("shop",)
    assert rules.furniture_kinds([rules.furniture_rank("ele", "12")]) == ()
    assert rules.furniture_kinds([rules.furniture_rank("shop", "no")]) == ()
    assert rules.furniture_kinds([]) == ()
