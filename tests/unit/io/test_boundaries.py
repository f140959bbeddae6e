"""A part of an extract: box, polygon file, municipality."""

import json
from collections.abc import Callable
from pathlib import Path

import pyogrio
import pytest
import shapely

from parvis.io.boundaries import (
    BoundaryChoiceError,
    BoundaryFileError,
    BoundaryIncompleteError,
    BoundingBoxError,
    UnknownMunicipalityError,
    bounding_box,
    chosen_boundary,
    read_boundary,
)
from parvis.io.osm import CONTEXT, BoundaryOutsideError, build_city
from parvis.io.osm_read import read_extract
from parvis.report.messages import describe

Write = Callable[..., Path]
STREET = {"highway": "residential"}
TOWN = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "Zürich-Süd"}


@pytest.fixture
def region(write_osm: Write) -> Path:
    """Streets 0.1, 1.4 and 5 km east of the corner; a municipality on the first 200 m."""
    nodes: dict[int, tuple] = {20: (0, -50), 21: (200, -50), 22: (200, 150), 23: (0, 150)}
    ways: dict[int, tuple] = {}
    for i, x in enumerate([100, 1400, 5000]):
        nodes |= {100 + i: (x, 0), 200 + i: (x + 20, 50, {"barrier": "gate"})}
        nodes[300 + i] = (x, 60, {"natural": "tree"})
        ways[10 + i] = ([100 + i, 200 + i], STREET | {"name": f"Street {i}"})
    ways |= {50: ([20, 21, 22], {}), 51: ([22, 23, 20], {})}
    members = [("way", 51, "outer"), ("way", 50, "outer")]
    incomplete = [*members, ("way", 99, "outer")]
    relations = {
        90: (members, TOWN),
        91: (incomplete, TOWN | {"name": "Half", "admin_level": "9"}),
    }
    return write_osm(nodes, ways, relations)


def test_box_of_four_degrees() -> None:
    assert bounding_box("8.5, 51.5,9.5,52.5").bounds == (8.5, 51.5, 9.5, 52.5)


@pytest.mark.parametrize(
    "text",
    ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "9,52,8,53", "8,53,9,52", "8,52,9,nan", "8,52,9,91"],
)
def test_box_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BoundingBoxError):
        bounding_box(text)


def test_only_one_choice_is_taken(tmp_path: Path) -> None:
    with pytest.raises(BoundaryChoiceError):
        chosen_boundary(bbox="8,52,9,53", municipality="Somewhere")


def test_context_around_the_part_is_kept(region: Path) -> None:
    boundary = bounding_box("9.0,51.999,9.0032,52.001")
    city = build_city(read_extract(region), name="test", boundary=boundary)
    assert [city.streets.text("name", i) for i in range(len(city.streets))] == ["Street 0"]
    wider = bounding_box("9.0,51.999,9.0085,52.001")
    city = build_city(read_extract(region), name="test", boundary=wider)
    assert [city.streets.text("name", i) for i in range(len(city.streets))] == [
        "Street 0",
        "Street 1",
    ]
    assert len(city.points) == len(city.furniture) == 2
    assert city.manifest["context"] == CONTEXT
    assert city.boundary is not None
    assert shapely.from_wkb(city.boundary).area == pytest.approx(580.0 * 222.0, rel=0.02)


@pytest.mark.parametrize("name", ["Zürich-Süd", "zurich süd", "ZÜRICH SÜD"])
def test_municipality_is_found_without_case_accents_and_signs(region: Path, name: str) -> None:
    city = build_city(read_extract(region), name="test", municipality=name)
    assert city.boundary is not None
    assert shapely.from_wkb(city.boundary).area == pytest.approx(40_000.0, rel=0.01)
    assert len(city.streets) == 1


def test_unknown_municipality_suggests_near_names(region: Path) -> None:
    with pytest.raises(UnknownMunicipalityError) as caught:
        build_city(read_extract(region), name="test", municipality="Zürich")
    assert "did you mean: Zürich-Süd" in describe(caught.value)


def test_extract_without_municipalities_points_to_other_ways(write_osm: Write) -> None:
    path = write_osm({1: (0, 0), 2: (10, 0)}, {10: ([1, 2], STREET)})
    with pytest.raises(UnknownMunicipalityError) as caught:
        build_city(read_extract(path), name="test", municipality="Anywhere")
    assert "--bbox" in describe(caught.value)


def test_incomplete_municipality_asks_for_a_file(region: Path) -> None:
    with pytest.raises(BoundaryIncompleteError):
        build_city(read_extract(region), name="test", municipality="half")


def test_part_outside_the_extract_is_refused(region: Path) -> None:
    with pytest.raises(BoundaryOutsideError):
        build_city(read_extract(region), name="test", boundary=bounding_box("20,40,21,41"))


def test_boundary_file_in_any_coordinates(tmp_path: Path) -> None:
    box = shapely.box(500_000, 5_760_000, 501_000, 5_761_000)
    path = tmp_path / "part.gpkg"
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb([box]),
        field_data=[],
        fields=[],
        crs="EPSG:25832",
        geometry_type="Polygon",
    )
    bounds = read_boundary(path).bounds
    assert bounds == pytest.approx((9.0, 51.9907, 9.0146, 51.9997), abs=1e-3)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        (b"nothing", "no readable vector file"),
        (b'{"type": "FeatureCollection", "features": []}', "no polygon"),
    ],
)
def test_boundary_file_that_gives_none_is_refused(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "part.geojson"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BoundaryFileError) as caught:
        read_boundary(path)
    assert reason in describe(caught.value)


def test_self_crossing_boundary_is_mended(tmp_path: Path) -> None:
    ring = [[9.0, 52.0], [9.1, 52.1], [9.1, 52.0], [9.0, 52.1], [9.0, 52.0]]
    path = tmp_path / "part.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert read_boundary(path).is_valid


def test_streets_that_go_on_outside_the_context_are_cut_there(write_osm: Write) -> None:
    nodes = {1: (0, 0), 2: (1500, 0), 3: (1600, 0)}
    path = write_osm(nodes, {10: ([1, 2], STREET), 11: ([2, 3], STREET)})
    part = bounding_box("8.999,51.999,9.001,52.001")
    segments = build_city(read_extract(path), name="test", boundary=part).segments
    cut = dict(zip(segments.node_osm_id, segments.node_is_cut, strict=True))
    assert cut == {1: False, 2: True}
