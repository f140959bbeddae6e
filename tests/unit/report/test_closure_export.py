"""The machine-readable outputs of a closure plan say what the schema says, and never a route."""

import json
import math
import re

import closure_samples as samples
import jsonschema
import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely

from parvis.errors import InputError
from parvis.report.closure_drawing import write_closure_dxf
from parvis.report.closure_export import closure_document, closure_schema, write_closure_json
from parvis.report.closure_geodata import (
    COLUMNS,
    closure_layers,
    write_closure_geojson,
    write_closure_gpkg,
)
from parvis.report.closure_setting_out import gap_ends, spans
from parvis.report.coordinates import Projection

RESULTS = {
    "whole": samples.make_closure,
    "open": samples.make_open_closure,
    "partial": samples.make_partial_closure,
    "no lines": lambda: samples.make_closure(plans=(samples.make_plan(lines=()),)),
}


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
@pytest.mark.parametrize("name", RESULTS)
def test_the_document_obeys_its_schema(name, language):
    jsonschema.Draft202012Validator.check_schema(closure_schema())
    document = json.loads(json.dumps(closure_document(RESULTS[name](), language), allow_nan=False))
    jsonschema.Draft202012Validator(closure_schema()).validate(document)


def test_a_key_that_the_schema_does_not_know_is_refused():
    document = json.loads(json.dumps(closure_document(samples.make_closure())))
    document["plans"][0]["lines"][0]["legs"] = [[80.0, None]]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(closure_schema()).validate(document)


def test_no_output_holds_the_legs_or_the_street_of_a_path(tmp_path):
    result = samples.make_closure()
    text = write_closure_json(result, tmp_path / "a.json").read_text()
    text += write_closure_geojson(result, tmp_path / "a.geojson").read_text()
    for word in ("legs", "route", 'path"', "run_up", "binding", "turn_"):
        assert word not in text


def test_figures_are_those_of_the_plan():
    result = samples.make_closure()
    document = closure_document(result)
    for item, told in zip(result.plans[0].lines, document["plans"][0]["lines"], strict=True):
        assert told["holds"] is item.holds
        assert told["open_to"] == list(item.open_to)
        assert told["width_m"] >= item.line.width - 1e-9
        assert [round(gap, 3) for gap in item.gaps] == told["clear_gaps_m"]
        for element, entry in zip(item.elements, told["elements"], strict=True):
            assert entry["x_m"] == pytest.approx(element.x, abs=5e-4)
            assert entry["y_m"] == pytest.approx(element.y, abs=5e-4)
    assert document["plans"][0]["cost"] is None
    assert document["plans"][1]["cost"] == {
        "low": 122_000.0, "high": 236_000.0, "currency": "EUR", "is_verified": False,
    }  # fmt: skip


def test_elements_in_degrees_lie_where_those_in_metres_do():
    result = samples.make_closure()
    back = Projection(4326, result.epsg)
    for entry in closure_document(result)["plans"][0]["lines"][2]["elements"]:
        x, y = back([entry["longitude"]], [entry["latitude"]])
        assert math.hypot(x[0] - entry["x_m"], y[0] - entry["y_m"]) < 0.02


def test_speeds_are_never_below_the_computed():
    result = samples.make_closure()
    document = closure_document(result)
    for item, told in zip(result.plans[0].lines, document["plans"][0]["lines"], strict=True):
        for entry, said in zip(item.line.classes, told["classes"], strict=True):
            assert said["speed_kmh"]["cautious"] >= entry.speed.cautious * 3.6 - 1e-6
            assert said["said_speed_kmh"] >= entry.speed.cautious * 3.6 - 1e-6


def test_gaps_between_footprints_are_the_gaps_told():
    for item in samples.make_lines():
        if not item.elements:
            assert gap_ends(item).shape == (0, 2)
            continue
        ends = gap_ends(item)
        assert len(ends) == len(item.gaps) == len(spans(item)) + 1
        if len(item.line.geometry) == 2:
            assert np.allclose(ends[:, 1] - ends[:, 0], item.gaps, atol=1e-6)


def test_layers_are_those_promised_with_marking_in_every_row():
    layers = {layer.name: layer for layer in closure_layers(samples.make_closure())}
    assert set(layers) == set(COLUMNS)
    lines = samples.make_lines()
    assert len(layers["closure_lines"].rows) == len(lines)
    assert len(layers["barrier_elements"].rows) == sum(len(item.elements) for item in lines)
    assert len(layers["gaps"].rows) == sum(len(item.gaps) for item in lines)
    assert {row["plan"] for row in layers["alternative_lines"].rows} == {"nearest", "furthest"}
    for layer in layers.values():
        for row in layer.rows:
            assert row["marking"] == "TLP:AMBER"
            assert list(row) == list(COLUMNS[layer.name])


def test_element_outlines_are_to_scale():
    layers = {layer.name: layer for layer in closure_layers(samples.make_closure())}
    elements = layers["barrier_elements"]
    for shape, row in zip(elements.geometries, elements.rows, strict=True):
        if row["kind"] == "planter":
            assert shape.area == pytest.approx(1.8 * 0.9, abs=1e-6)
        else:
            assert shape.area == pytest.approx(math.pi * (row["length_m"] / 2) ** 2, rel=0.01)


@pytest.mark.parametrize("crs", ["wgs84", "city", 3067])
def test_gpkg_has_its_layers_in_the_crs_asked_for(tmp_path, crs):
    result = samples.make_closure()
    path = write_closure_gpkg(result, tmp_path / "plan.gpkg", crs)
    expected = {"wgs84": 4326, "city": result.epsg}.get(crs, 3067)
    names = {name for name, _ in pyogrio.list_layers(path)}
    assert {"closure_lines", "barrier_elements", "gaps", "enclosed"} <= names
    for name in names:
        assert pyogrio.read_info(path, layer=name)["crs"] == f"EPSG:{expected}"
    meta, _, _, columns = pyogrio.raw.read(path, layer="closure_lines")
    holds = columns[list(meta["fields"]).index("holds")]
    assert holds.tolist() == [item.holds for item in result.plans[0].lines]


def test_empty_layers_have_the_columns_of_full_ones(tmp_path):
    full = write_closure_gpkg(samples.make_closure(), tmp_path / "1.gpkg")
    bare = write_closure_gpkg(samples.make_open_closure(), tmp_path / "2.gpkg")
    for name, _ in pyogrio.list_layers(full):
        infos = [pyogrio.read_info(path, layer=name) for path in (full, bare)]
        assert list(infos[0]["fields"]) == list(infos[1]["fields"]), name
        assert list(infos[0]["dtypes"]) == list(infos[1]["dtypes"]), name


def test_where_a_place_cannot_be_closed_may_be_a_line(tmp_path):
    line = shapely.LineString([samples.at(60, -40), samples.at(84, -40)])
    result = samples.make_closure(
        cannot_close="forbidden_ground_joins", where_not=shapely.to_wkb(line)
    )
    jsonschema.Draft202012Validator(closure_schema()).validate(
        json.loads(json.dumps(closure_document(result)))
    )
    path = write_closure_gpkg(result, tmp_path / "a.gpkg")
    assert pyogrio.read_info(path, layer="cannot_close")["features"] == 1
    write_closure_dxf(result, tmp_path / "a.dxf")


def test_dxf_reads_back_to_scale_on_its_layers(tmp_path):
    result = samples.make_closure()
    path = write_closure_dxf(result, tmp_path / "plan.dxf")
    meta, _, shapes, columns = pyogrio.raw.read(path)
    names = columns[list(meta["fields"]).index("Layer")]
    shapes = shapely.from_wkb(shapes)
    lines = shapes[names == "CLOSURE_LINES"]
    widths = [item.line.width for item in result.plans[0].lines]
    assert shapely.length(lines) == pytest.approx(widths, abs=0.002)
    elements = [e for item in result.plans[0].lines for e in item.elements]
    fixed, operable = (
        shapes[names == name] for name in ("BARRIER_ELEMENTS", "BARRIER_ELEMENTS_OPERABLE")
    )
    assert len(fixed) == sum(not element.is_operable for element in elements)
    assert len(operable) == sum(element.is_operable for element in elements)
    across = np.array([s.bounds[2] - s.bounds[0] for s in operable])
    assert across == pytest.approx(0.3, abs=0.01)
    texts = set(columns[list(meta["fields"]).index("Text")][names == "GAPS_TEXT"])
    assert f"{result.plans[0].lines[0].gaps[0]:.2f}" in texts


def test_dxf_refuses_degrees(tmp_path):
    with pytest.raises(InputError, match="drawing_needs_metres"):
        write_closure_dxf(samples.make_closure(), tmp_path / "a.dxf", "wgs84")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["whole", "no lines"])
def test_a_result_is_written_the_same_every_time(name, tmp_path):
    for file, write in {
        "a.json": write_closure_json, "a.geojson": write_closure_geojson,
        "a.gpkg": write_closure_gpkg, "a.dxf": write_closure_dxf,
    }.items():  # fmt: skip
        first = write(RESULTS[name](), tmp_path / "1" / file).read_bytes()
        assert write(RESULTS[name](), tmp_path / "2" / file).read_bytes() == first


def test_geojson_is_wgs84_and_marked(tmp_path):
    path = write_closure_geojson(samples.make_closure(), tmp_path / "plan.geojson")
    document = json.loads(path.read_text())
    assert document["marking"] == "TLP:AMBER"
    for feature in document["features"]:
        west, south, east, north = shapely.from_geojson(json.dumps(feature["geometry"])).bounds
        assert -180 <= west <= east <= 180
        assert 55 <= south <= north <= 65
    decimals = re.findall(r"\d+\.(\d+)", json.dumps(document["features"][2]["geometry"]))
    assert max(len(digits) for digits in decimals) <= 7
