"""Every exported file says who made it, when and under which marking."""

import csv
import io
import json

import openpyxl
import pyogrio
import pytest

from parvis.report.coordinates import Projection
from parvis.report.drawing import write_dxf
from parvis.report.geodata import Layer, layers, write_geojson, write_gpkg
from parvis.report.stamped import (
    Stamp,
    stamp_dxf,
    stamp_geojson,
    stamp_gpkg,
    stamped_csv,
    stamped_xlsx,
)

STAMP = Stamp("TLP:AMBER", "Tessenmark", "=Ada", "2026-11-21T12:00:00+00:00", "1.2")


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_table_has_the_rows_of_the_layer_with_the_stamp_and_no_formula(result):
    layer = next(item for item in layers(result) if item.name == "access_points")
    rows = rows_of(stamped_csv(layer, STAMP, Projection(result.epsg)))
    assert [int(row["id"]) for row in rows] == [point.id for point in result.access_points]
    assert {row["exported_by"] for row in rows} == {"'=Ada"}
    assert all(-180 <= float(row["longitude"]) <= 180 for row in rows)


def test_a_table_in_metres_names_its_system(result):
    layer = next(item for item in layers(result) if item.name == "access_points")
    row = rows_of(stamped_csv(layer, STAMP, Projection(result.epsg, "city")))[0]
    assert row["crs"] == f"EPSG:{result.epsg}"
    assert float(row["easting_m"]) > 180


def test_a_table_without_rows_keeps_its_columns(result):
    empty = Layer("access_points", "LineString", (), ())
    head = stamped_csv(empty, STAMP, Projection(result.epsg)).decode("utf-8-sig").split("\r\n")[0]
    assert head.startswith("id,street,vehicle") and "exported_by" in head


def test_a_workbook_says_whose_it_is_first(result):
    book = openpyxl.load_workbook(
        io.BytesIO(stamped_xlsx(layers(result), STAMP, Projection(result.epsg)))
    )
    assert book.sheetnames[:2] == ["about", "protected_area"]
    assert dict(book["about"].iter_rows(values_only=True))["exported_by"] == "'=Ada"
    assert book["access_points"].max_row == 1 + len(result.access_points)


def test_geodata_and_drawings_carry_the_stamp(result, tmp_path):
    collection = stamp_geojson(write_geojson(result, tmp_path / "a.geojson").read_bytes(), STAMP)
    assert json.loads(collection)["exported"] == STAMP.time
    drawing = stamp_dxf(write_dxf(result, tmp_path / "a.dxf").read_bytes(), STAMP)
    assert drawing.startswith(b"999\r\nmarking: TLP:AMBER\r\n")


@pytest.mark.filterwarnings("ignore:.*geometry.*:UserWarning")
def test_a_geopackage_gets_a_table_of_its_own(result, tmp_path):
    path = stamp_gpkg(write_gpkg(result, tmp_path / "a.gpkg"), STAMP)
    _, _, _, (keys, facts) = pyogrio.raw.read(path, layer="about")
    assert dict(zip(keys, facts, strict=True))["parvis_version"] == "1.2"
    assert "access_points" in [name for name, _ in pyogrio.list_layers(path)]
