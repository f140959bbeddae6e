"""From a written extract to a city: what becomes what, where it is cut, what is refused."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from parvis.city.model import City
from parvis.io.osm import NoStreetsError, build_city, import_city, utm_epsg
from parvis.io.osm_read import (
    ExtractBrokenError,
    ExtractNotFoundError,
    ExtractTypeError,
    read_extract,
)

Write = Callable[..., Path]
ROAD = {"highway": "residential", "name": "Long Street", "oneway": "yes"}
LINE = {1: (0, 0), 2: (100, 0), 3: (200, 0)}


def city_of(path: Path) -> City:
    return build_city(read_extract(path), name="test")


def kinds(city: City, table: str) -> list[str]:
    features = getattr(city, table)
    return sorted(features.words("kind")) if len(features) else []


def square(first: int, x: float, y: float, side: float) -> dict[int, tuple[float, float]]:
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    return {first + i: (x + dx, y + dy) for i, (dx, dy) in enumerate(corners)}


def ring(first: int) -> list[int]:
    return [first, first + 1, first + 2, first + 3, first]


def test_street_keeps_its_attributes_and_all_its_tags(write_osm: Write) -> None:
    tags = ROAD | {"width": "5.5", "lanes": "2", "surface": "sett", "odd=key": "a, b %"}
    city = city_of(write_osm(LINE, {10: ([1, 2, 3], tags)}))
    streets = city.streets
    assert streets.text("name", 0) == "Long Street"
    assert streets["width_tag"][0] == np.float32(5.5)
    assert streets["lanes"][0] == 2
    assert streets.words("surface")[0] == "sett"
    assert streets["osm_id"][0] == 10
    assert streets.tags(0) == tags
    assert city.segments.length[0] == pytest.approx(200.0, rel=2e-3)


def test_coordinates_are_metres_of_the_utm_zone(write_osm: Write) -> None:
    city = city_of(write_osm(LINE, {10: ([1, 2, 3], ROAD)}))
    assert city.epsg == 25832
    assert city.streets.coords[0].tolist() == pytest.approx([500_000.0, 5_761_038.2], abs=1.0)


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [(9.0, 52.0, 25832), (-16.0, 65.0, 25828), (40.0, 60.0, 25837), (151.2, -33.9, 32756),
     (-74.0, 40.7, 32618), (180.0, 10.0, 32660)],
)  # fmt: skip
def test_zone_is_etrs89_in_europe_and_wgs84_elsewhere(lon: float, lat: float, epsg: int) -> None:
    assert utm_epsg(lon, lat) == epsg


def test_barrier_node_splits_its_street_and_keeps_its_tags(write_osm: Write) -> None:
    tags = {"barrier": "bollard", "bollard": "rising", "maxwidth:physical": "1.2"}
    city = city_of(write_osm({**LINE, 2: (100, 0, tags)}, {10: ([1, 2, 3], ROAD)}))
    assert len(city.segments.length) == 2
    assert kinds(city, "points") == ["bollard"]
    assert city.points.tags(0) == tags
    node = int(city.points["segment_node"][0])
    assert city.segments.node_osm_id[node] == 2


def test_barrier_off_the_streets_has_no_segment_node(write_osm: Write) -> None:
    nodes = {**LINE, 9: (50, 30, {"barrier": "block"})}
    city = city_of(write_osm(nodes, {10: ([1, 2, 3], ROAD)}))
    assert city.points["segment_node"].tolist() == [-1]


def test_way_with_missing_nodes_is_cut_at_the_gap_and_counted(write_osm: Write) -> None:
    nodes = {1: (0, 0), 2: (50, 0), 5: (200, 0), 6: (250, 0)}
    city = city_of(write_osm(nodes, {10: ([1, 2, 3, 4, 5, 6, 7], ROAD)}))
    assert len(city.streets) == 2
    assert city.streets["osm_id"].tolist() == [10, 10]
    cut = dict(zip(city.segments.node_osm_id, city.segments.node_is_cut, strict=True))
    assert cut == {1: False, 2: True, 5: True, 6: True}
    assert city.manifest["cut"]["streets_cut"] == 1


def test_lone_node_between_gaps_is_no_street(write_osm: Write) -> None:
    nodes = {1: (0, 0), 2: (50, 0), 4: (150, 0)}
    city = city_of(write_osm(nodes, {10: ([1, 2, 3, 4, 5], ROAD)}))
    assert len(city.streets) == 1


def test_repeated_node_makes_no_segment_of_no_length(write_osm: Write) -> None:
    city = city_of(write_osm(LINE, {10: ([1, 2, 2, 3], ROAD)}))
    assert (city.segments.length > 0).all()


def test_steps_bridges_tunnels_and_passages_are_flagged(write_osm: Write) -> None:
    ways = {
        10: ([1, 2], {"highway": "steps"}),
        11: ([1, 2], {"highway": "service", "bridge": "yes"}),
        12: ([1, 2], {"highway": "service", "tunnel": "yes"}),
        13: ([1, 2], {"highway": "service", "tunnel": "building_passage"}),
        14: ([1, 2], {"highway": "footway", "indoor": "yes", "level": "1"}),
    }
    streets = city_of(write_osm(LINE, ways)).streets
    assert streets["is_steps"].tolist() == [True, False, False, False, False]
    assert streets["is_bridge"].tolist() == [False, True, False, False, False]
    assert streets["is_tunnel"].tolist() == [False, False, True, False, False]
    assert streets["is_covered"].tolist() == [False, False, False, True, False]
    assert streets["is_indoor"].tolist() == [False, False, False, False, True]
    assert streets["level"].tolist() == [0, 1, -1, 0, 1]


def test_closed_way_becomes_an_area_and_an_obstacle(write_osm: Write) -> None:
    tags = {"amenity": "school", "barrier": "fence", "name": "School", "height": "2 m"}
    nodes = LINE | square(20, 0, 50, 30)
    city = city_of(write_osm(nodes, {10: ([1, 2, 3], ROAD), 11: (ring(20), tags)}))
    assert kinds(city, "areas") == ["school"]
    assert kinds(city, "lines") == ["fence"]
    assert city.areas.text("name", 0) == "School"
    assert city.areas["height"][0] == 2.0
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(900.0, rel=5e-3)


def test_self_crossing_outline_is_mended(write_osm: Write) -> None:
    nodes = LINE | {20: (0, 50), 21: (30, 80), 22: (30, 50), 23: (0, 80)}
    city = city_of(write_osm(nodes, {10: ([1, 2, 3], ROAD), 11: (ring(20), {"building": "yes"})}))
    assert shapely.is_valid(city.areas.geometry).all()
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(450.0, rel=5e-3)


def test_area_with_missing_nodes_is_closed_at_the_gap_and_counted(write_osm: Write) -> None:
    nodes = LINE | square(20, 0, 50, 30)
    del nodes[23]
    city = city_of(write_osm(nodes, {10: ([1, 2, 3], ROAD), 11: (ring(20), {"building": "yes"})}))
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(450.0, rel=5e-3)
    assert city.manifest["cut"]["areas_closed_at_gap"] == 1


def test_multipolygon_has_its_hole_and_the_island_in_it(write_osm: Write) -> None:
    nodes = LINE | square(20, 0, 50, 90) | square(30, 30, 80, 30) | square(40, 40, 90, 10)
    ways = {10: ([1, 2, 3], ROAD), 11: (ring(20), {}), 12: (ring(30), {}), 13: (ring(40), {})}
    members = [("way", 11, "outer"), ("way", 12, "inner"), ("way", 13, "outer")]
    relation = (members, {"type": "multipolygon", "leisure": "park"})
    city = city_of(write_osm(nodes, ways, {90: relation}))
    assert kinds(city, "areas") == ["park"]
    assert city.areas.words("osm_type").tolist() == ["relation"]
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(8100 - 900 + 100, rel=5e-3)


def test_outline_from_several_ways_in_any_direction(write_osm: Write) -> None:
    nodes = LINE | square(20, 0, 50, 30)
    ways = {10: ([1, 2, 3], ROAD), 11: ([20, 21, 22], {}), 12: ([20, 23, 22], {})}
    members = [("way", 12, "outer"), ("way", 11, "outer")]
    relation = (members, {"type": "multipolygon", "building": "yes"})
    city = city_of(write_osm(nodes, ways, {90: relation}))
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(900.0, rel=5e-3)


def test_rings_without_roles_alternate(write_osm: Write) -> None:
    nodes = LINE | square(20, 0, 50, 90) | square(30, 30, 80, 30)
    ways = {10: ([1, 2, 3], ROAD), 11: (ring(20), {}), 12: (ring(30), {})}
    relation = ([("way", 11, ""), ("way", 12, "")], {"type": "multipolygon", "building": "yes"})
    city = city_of(write_osm(nodes, ways, {90: relation}))
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(7200.0, rel=5e-3)


def test_relation_without_own_tags_takes_those_of_its_outline(write_osm: Write) -> None:
    nodes = LINE | square(20, 0, 50, 90) | square(30, 30, 80, 30)
    ways = {10: ([1, 2, 3], ROAD), 11: (ring(20), {"building": "yes"}), 12: (ring(30), {})}
    members = [("way", 11, "outer"), ("way", 12, "inner")]
    city = city_of(write_osm(nodes, ways, {90: (members, {"type": "multipolygon"})}))
    assert kinds(city, "areas") == ["building"]
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(7200.0, rel=5e-3)


def test_multipolygon_with_missing_members_keeps_the_rings_that_close(write_osm: Write) -> None:
    nodes = LINE | square(20, 0, 50, 30) | {30: (60, 50), 31: (90, 50)}
    ways = {10: ([1, 2, 3], ROAD), 11: (ring(20), {}), 12: ([30, 31], {})}
    members = [("way", 11, "outer"), ("way", 12, "outer"), ("way", 77, "outer")]
    city = city_of(
        write_osm(nodes, ways, {90: (members, {"type": "multipolygon", "natural": "water"})})
    )
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(900.0, rel=5e-3)
    cut = city.manifest["cut"]
    assert cut["relations_with_missing_members"] == 1
    assert cut["rings_dropped"] == 1


def test_building_part_counts_as_building_only_outside_outlines(write_osm: Write) -> None:
    nodes = LINE | square(20, 0, 50, 30) | square(30, 5, 55, 5) | square(40, 60, 50, 5)
    part = {"building:part": "yes"}
    ways = {10: ([1, 2, 3], ROAD), 11: (ring(20), {"building": "yes"}), 12: (ring(30), part)}
    city = city_of(write_osm(nodes, ways | {13: (ring(40), part)}))
    assert kinds(city, "areas") == ["building", "building", "building_part"]


@pytest.mark.parametrize(("y", "level"), [(50, 0), (-10, 1)])
def test_building_of_a_higher_layer_stands_on_the_ground_unless_a_street_runs_below(
    write_osm: Write, y: float, level: int
) -> None:
    nodes = LINE | square(20, 50, y, 20)
    building = {"building": "yes", "layer": "1"}
    city = city_of(write_osm(nodes, {10: ([1, 3], ROAD), 11: (ring(20), building)}))
    assert city.areas["level"].tolist() == [level]


def test_canal_with_a_width_has_a_surface(write_osm: Write) -> None:
    nodes = LINE | {20: (0, 50), 21: (100, 50)}
    canal = {"waterway": "canal", "width": "8"}
    city = city_of(write_osm(nodes, {10: ([1, 2, 3], ROAD), 11: ([20, 21], canal)}))
    assert kinds(city, "areas") == ["water"]
    assert kinds(city, "lines") == ["canal"]
    assert shapely.area(city.areas.geometry[0]) == pytest.approx(800.0, rel=5e-3)


def test_sea_lies_to_the_right_of_the_coastline(write_osm: Write) -> None:
    nodes = {1: (0, -100), 2: (0, 100), 3: (200, 100), 4: (200, -100)}
    nodes |= {20: (-10, 0), 21: (100, 0), 22: (210, 0)}
    ways = {10: ([1, 2, 3, 4], ROAD), 11: ([20, 21, 22], {"natural": "coastline"})}
    city = city_of(write_osm(nodes, ways))
    assert city.areas.words("osm_type").tolist() == ["coastline"]
    sea = city.areas.geometry[0]
    assert shapely.area(sea) == pytest.approx(20_000.0, rel=1e-2)
    assert shapely.bounds(sea)[3] < city.bounds[3] - 90.0


def test_nothing_that_is_kept_for_later_is_lost(write_osm: Write) -> None:
    nodes = LINE | {
        20: (1, 1, {"natural": "tree"}),
        21: (2, 1, {"highway": "street_lamp"}),
        22: (3, 1, {"man_made": "surveillance"}),
        23: (4, 1, {"amenity": "bench"}),
        24: (5, 1, {"highway": "crossing"}),
        25: (6, 1, {"highway": "bus_stop"}),
        26: (7, 1, {"entrance": "main"}),
        27: (8, 1, {"amenity": "cafe"}),
        28: (9, 1, {"place": "square", "name": "Small Square"}),
        29: (9, 2, {"ele": "3"}),
    }
    city = city_of(write_osm(nodes, {10: ([1, 2, 3], ROAD)}))
    assert kinds(city, "furniture") == sorted(
        [
            "tree",
            "street_lamp",
            "camera",
            "bench",
            "crossing",
            "stop",
            "entrance",
            "amenity",
            "square",
        ]
    )


def test_date_is_the_newest_of_the_data(write_osm: Write) -> None:
    city = city_of(write_osm(LINE, {10: ([1, 2, 3], ROAD)}))
    assert city.manifest["source"]["date"] == "2020-01-02T03:04:05Z"


def test_placeholder_date_is_no_date(write_osm: Write) -> None:
    path = write_osm(LINE, {10: ([1, 2, 3], ROAD)}, when="1970-01-01T00:00:01Z")
    assert city_of(path).manifest["source"]["date"] == ""


def test_compressed_extract_is_the_same_city(write_osm: Write, tmp_path: Path) -> None:
    path = write_osm(LINE, {10: ([1, 2, 3], ROAD)})
    packed = tmp_path / "extract.osm.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    plain, unpacked = import_city(path, home=tmp_path), import_city(packed, home=tmp_path)
    assert plain.hash == unpacked.hash


def test_import_twice_gives_the_same_hash_and_ids(write_osm: Write, tmp_path: Path) -> None:
    square_tags = {"place": "square", "name": "Small Square"}
    nodes = LINE | square(20, 0, 50, 30)
    path = write_osm(nodes, {10: ([1, 2, 3], ROAD), 11: (ring(20), square_tags)})
    first, second = (import_city(path, home=tmp_path) for _ in range(2))
    assert first.hash == second.hash
    assert [c.spaces.text("id", 0) for c in (first, second)] == ["way/11", "way/11"]


def test_extract_without_streets_is_refused(write_osm: Write, parvis_home: Path) -> None:
    nodes = square(20, 0, 50, 30)
    path = write_osm(nodes, {11: (ring(20), {"building": "yes"})})
    with pytest.raises(NoStreetsError):
        import_city(path)
    assert not list(parvis_home.rglob("*.npy"))


def test_extract_without_ways_is_refused(write_osm: Write, parvis_home: Path) -> None:
    with pytest.raises(NoStreetsError):
        import_city(write_osm(LINE))


def test_missing_file_is_said_to_be_missing(tmp_path: Path, parvis_home: Path) -> None:
    with pytest.raises(ExtractNotFoundError):
        import_city(tmp_path / "none.osm.pbf")


def test_file_of_another_type_is_refused(tmp_path: Path, parvis_home: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF")
    with pytest.raises(ExtractTypeError):
        import_city(path)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 something else", b"<osm><node id='1'"])
@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.osm.gz", "a.osm.bz2"])
def test_wrong_content_is_refused(
    tmp_path: Path, parvis_home: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((ExtractBrokenError, NoStreetsError)):
        import_city(path)
    assert not list(parvis_home.rglob("*.npy"))


def test_nodes_at_one_place_on_a_way_are_one_node(write_osm: Write) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 0, {"barrier": "gate"}), 4: (200, 0), 5: (100, 50)}
    city = city_of(write_osm(nodes, {10: ([1, 2, 3, 4], ROAD), 11: ([3, 5], ROAD)}))
    assert len(city.segments.length) == 3
    assert (city.segments.length > 1.0).all()
    assert len(city.segments.node_x) == 4
    assert city.points["osm_id"].tolist() == [3]
    assert city.points["segment_node"][0] >= 0


def test_ways_before_their_nodes_are_read_too(write_osm: Write, tmp_path: Path) -> None:
    lines = write_osm(LINE, {10: ([1, 2, 3], ROAD)}).read_text().split("\n")
    lines[2:-1] = sorted(lines[2:-1], key=lambda line: line.startswith("<node"))
    assert lines[2].startswith("<way")
    path = tmp_path / "unsorted.osm"
    path.write_text("\n".join(lines))
    assert city_of(path).segments.length.tolist() == pytest.approx([200.0], rel=2e-3)


def test_object_that_is_there_twice_counts_once(write_osm: Write, tmp_path: Path) -> None:
    lines = write_osm({**LINE, 2: (100, 0, {"barrier": "gate"})}, {10: ([1, 2, 3], ROAD)})
    body = lines.read_text().split("\n")
    path = tmp_path / "twice.osm"
    path.write_text("\n".join([*body[:-1], *body[2:-1], body[-1]]))
    city = city_of(path)
    assert (len(city.streets), len(city.points)) == (1, 1)


def test_deleted_objects_are_passed_over(write_osm: Write) -> None:
    path = write_osm(LINE, {10: ([1, 2, 3], ROAD), 11: ([1, 2], ROAD)})
    path.write_text(path.read_text().replace('<way id="11"', '<way id="11" visible="false"'))
    assert city_of(path).streets["osm_id"].tolist() == [10]


def test_barrier_stands_on_the_level_of_its_street(write_osm: Write) -> None:
    nodes = {**LINE, 2: (100, 0, {"barrier": "bollard"}), 3: (200, 0, {"barrier": "gate"})}
    ways = {10: ([1, 2, 3], ROAD | {"bridge": "yes"}), 11: ([3, 4], ROAD)}
    city = city_of(write_osm(nodes | {4: (300, 0)}, ways))
    assert city.points["level"].tolist() == [1, 0]
