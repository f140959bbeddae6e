"""The machine-readable outputs say what the schema says, and never a route."""

import contextlib
import json
import math
import sqlite3

import jsonschema
import numpy as np
import pyogrio
import pyogrio.errors
import pyogrio.raw
import pytest
import shapely

from parvis.approach.results import ApproachResult
from parvis.errors import InputError
from parvis.report.coordinates import Projection
from parvis.report.drawing import write_dxf
from parvis.report.export import result_document, schema, write_json
from parvis.report.geodata import layers, write_geojson, write_gpkg

TOLERANCE = 2.0


def distances(shapes, result: ApproachResult):
    outline = shapely.boundary(shapely.from_wkb(result.protected_area))
    points = shapely.points(shapely.get_coordinates(shapes))
    return shapely.distance(points, outline)


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_the_document_obeys_its_schema(result, language):
    jsonschema.Draft202012Validator.check_schema(schema())
    document = json.loads(json.dumps(result_document(result, language), allow_nan=False))
    jsonschema.Draft202012Validator(schema()).validate(document)


def test_every_key_of_the_schema_is_described_or_plain(result):
    properties = schema()["properties"]
    assert set(result_document(result)) == set(properties)


def test_the_interface_keys_other_parts_rely_on_are_there(result):
    document = result_document(result)
    assert {"id", "name", "kind", "area_m2"} <= document["space"].keys()
    point = document["access_points"][0]
    wanted = {
        "id", "clear_width_m", "speed_kmh", "energy_kj", "angle_deg", "required_rating", "grade",
    }  # fmt: skip
    assert wanted <= point.keys()
    assert set(point["speed_kmh"]) == {"typical", "cautious", "limit"}


def test_the_figures_of_an_access_point_are_those_of_its_governing_class(result):
    for point in result_document(result)["access_points"]:
        governing = next(c for c in point["classes"] if c["vehicle"] == point["vehicle"])
        for key in ("speed_kmh", "energy_kj", "angle_deg", "required_rating", "binding"):
            assert point[key] == governing[key]


def test_exported_speeds_keep_their_order_and_are_never_below_the_computed(result):
    document = result_document(result)
    for point, entry in zip(result.access_points, document["access_points"], strict=True):
        for computed, told in zip(point.classes, entry["classes"], strict=True):
            speed = told["speed_kmh"]
            assert speed["typical"] <= speed["cautious"] <= speed["limit"]
            assert speed["cautious"] >= computed.speed.cautious * 3.6 - 1e-6
            assert told["energy_kj"] >= computed.energy / 1000 - 1e-6


def test_a_limit_without_turn_is_null_not_infinite(result):
    binding = result_document(result)["access_points"][2]["binding"]
    assert binding["turn_radius_m"] is None
    assert binding["turn_speed_kmh"] is None


def test_no_output_holds_the_legs_of_a_path(result, tmp_path):
    text = write_json(result, tmp_path / "a.json").read_text()
    geo = write_geojson(result, tmp_path / "a.geojson").read_text()
    for word in ("legs", "route", 'path"', "speed_map"):
        assert word not in text
        assert word not in geo


def test_coordinates_in_json_lie_on_the_perimeter(result):
    document = result_document(result)
    back = Projection(4326, result.epsg)
    for profile in document["perimeter"]:
        x, y = back(profile["longitude"], profile["latitude"])
        assert distances(shapely.points(x, y), result).max() < TOLERANCE
    for point in document["access_points"]:
        places = np.array(point["geometry"]["coordinates"])
        x, y = back(places[:, 0], places[:, 1])
        assert distances(shapely.points(x, y), result).max() < TOLERANCE


def test_coordinates_of_layers_lie_on_the_perimeter_but_for_the_survey_list(result):
    for layer in layers(result):
        if layer.name != "survey_list":
            assert distances(np.array(layer.geometries), result).max() < TOLERANCE


def test_geojson_is_wgs84_and_holds_all_layers(result, tmp_path):
    path = write_geojson(result, tmp_path / "out.geojson")
    document = json.loads(path.read_text())
    assert document["marking"] == "TLP:AMBER"
    names = {feature["properties"]["layer"] for feature in document["features"]}
    assert names == {"protected_area", "access_points", "perimeter", "survey_list"}
    for feature in document["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        west, south, east, north = shape.bounds
        assert -180 <= west <= east <= 180
        assert 55 <= south <= north <= 65


@pytest.mark.parametrize("crs", ["wgs84", "city", 3067, "EPSG:3067"])
def test_gpkg_has_four_layers_in_the_crs_asked_for(result, tmp_path, crs):
    path = write_gpkg(result, tmp_path / "out.gpkg", crs)
    names = {name for name, _ in pyogrio.list_layers(path)}
    assert names == {"protected_area", "access_points", "perimeter", "survey_list"}
    expected = {"wgs84": 4326, "city": result.epsg}.get(crs, 3067)
    for name in names:
        assert pyogrio.read_info(path, layer=name)["crs"] == f"EPSG:{expected}"
    assert pyogrio.read_info(path, layer="access_points")["features"] == 5


def test_empty_layers_have_the_columns_of_full_ones(result, result_with, tmp_path):
    empty = result_with(access_points=(), inputs=(), profiles=())
    full, bare = write_gpkg(result, tmp_path / "1.gpkg"), write_gpkg(empty, tmp_path / "2.gpkg")
    for name, _ in pyogrio.list_layers(full):
        fields, bare_fields = (
            list(pyogrio.read_info(path, layer=name)["fields"]) for path in (full, bare)
        )
        assert fields == bare_fields, name


def test_gpkg_keeps_missing_values_missing(result, tmp_path):
    path = write_gpkg(result, tmp_path / "out.gpkg")
    meta, _, _, columns = pyogrio.raw.read(path, layer="access_points")
    radius = columns[list(meta["fields"]).index("turn_radius_m")]
    assert math.isnan(radius[2])
    assert radius[0] == pytest.approx(21.1)


def test_dxf_reads_back_with_its_layers_and_metres(result, tmp_path):
    path = write_dxf(result, tmp_path / "out.dxf")
    meta, _, shapes, columns = pyogrio.raw.read(path)
    names = columns[list(meta["fields"]).index("Layer")]
    assert {"PROTECTED_AREA", "ACCESS_POINTS", "PERIMETER", "SURVEY_LIST"} <= set(names)
    shapes = shapely.from_wkb(shapes)
    drawn = np.isin(names, ["PROTECTED_AREA", "ACCESS_POINTS", "PERIMETER"])
    assert distances(shapes[drawn], result).max() < TOLERANCE
    assert (names == "ACCESS_POINTS").sum() == 5


def test_dxf_refuses_degrees(result, tmp_path):
    with pytest.raises(InputError, match="drawing_needs_metres"):
        write_dxf(result, tmp_path / "out.dxf", "wgs84")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("crs", ["mars", "EPSG:0", 999999])
def test_an_unknown_crs_is_one_sentence(result, tmp_path, crs):
    with pytest.raises(InputError, match="unknown_crs"):
        write_gpkg(result, tmp_path / "out.gpkg", crs)
    assert list(tmp_path.iterdir()) == []


def test_greek_names_survive_in_every_format(result_with, tmp_path):
    result = result_with(space_name="Πλατεία Συντάγματος")
    assert "Πλατεία" in write_json(result, tmp_path / "a.json").read_text()
    assert "Πλατεία" in write_geojson(result, tmp_path / "a.geojson").read_text()
    meta, _, _, columns = pyogrio.raw.read(
        write_gpkg(result, tmp_path / "a.gpkg"), layer="protected_area"
    )
    assert columns[list(meta["fields"]).index("name")][0] == "Πλατεία Συντάγματος"
    write_dxf(result, tmp_path / "a.dxf")


def test_without_access_points_all_formats_are_written_and_nothing_says_safe(result_with, tmp_path):
    result = result_with(access_points=(), inputs=())
    document = result_document(result)
    jsonschema.Draft202012Validator(schema()).validate(document)
    assert "cannot know" in document["summary"]
    assert " safe" not in json.dumps(document).lower()
    write_geojson(result, tmp_path / "a.geojson")
    path = write_gpkg(result, tmp_path / "a.gpkg")
    assert len(pyogrio.list_layers(path)) == 4
    write_dxf(result, tmp_path / "a.dxf")


def test_outputs_are_the_same_bytes_every_time(result, tmp_path):
    for name, write in {
        "a.json": write_json, "a.geojson": write_geojson, "a.gpkg": write_gpkg, "a.dxf": write_dxf,
    }.items():  # fmt: skip
        first = write(result, tmp_path / "1" / name).read_bytes()
        assert write(result, tmp_path / "2" / name).read_bytes() == first


def test_a_geopackage_carries_the_time_of_the_run(result, tmp_path):
    path = write_gpkg(result, tmp_path / "a.gpkg")
    with contextlib.closing(sqlite3.connect(path)) as base:
        rows = base.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    assert rows == [("2026-11-20T09:30:00.000Z",)]


def test_a_disk_that_fills_while_a_geopackage_is_written_leaves_nothing(
    result, tmp_path, monkeypatch
):
    def refuse(*_, **__):
        raise pyogrio.errors.DataSourceError("disk I/O error")

    monkeypatch.setattr("pyogrio.raw.write", refuse)
    with pytest.raises(InputError, match="output_not_writable"):
        write_gpkg(result, tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_one_sentence_and_leaves_no_draft(result, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match="output_not_writable"):
        write_json(result, tmp_path / "taken" / "out.json")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
