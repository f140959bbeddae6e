"""Vector files of every sort, in every coordinate system, whole and broken."""

import gzip
import json
import zipfile

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from pyproj import CRS
from vector_files import POINTS, write

from parvis.errors import InputError
from parvis.io.vector import (
    CoordinateColumnsError,
    CrsMissingError,
    CrsUnknownError,
    CrsWrongError,
    DwgError,
    VectorEmptyError,
    VectorFormatError,
    VectorLayerError,
    VectorMissingError,
    VectorUnreadableError,
    crs_name,
    number,
    parse_crs,
    read_vector,
    to_crs,
)

FORMATS = {
    "GPKG": "a.gpkg",
    "GeoJSON": "a.geojson",
    "ESRI Shapefile": "a.shp",
}


@pytest.mark.parametrize("driver", FORMATS)
def test_formats_give_the_same_features(tmp_path, driver):
    path = write(tmp_path / FORMATS[driver], driver, name=["one", "two"], n=[1, 2])
    features = read_vector(path)
    assert [row["name"] for row in features.fields] == ["one", "two"]
    assert [row["n"] for row in features.fields] == ["1", "2"]
    assert features.row.tolist() == [1, 2]
    assert crs_name(features.crs) == "EPSG:4326"
    assert shapely.distance(features.geometry, POINTS).max() < 1e-9


@pytest.mark.parametrize("epsg", [25832, 3857, 2154, 31467, 27700])
def test_any_coordinate_system_comes_out_at_the_same_place(tmp_path, epsg):
    from pyproj import Transformer

    moved = shapely.points(
        np.column_stack(
            Transformer.from_crs(4326, epsg, always_xy=True).transform(
                *shapely.get_coordinates(POINTS).T
            )
        )
    )
    path = write(tmp_path / "a.gpkg", "GPKG", moved, crs=f"EPSG:{epsg}")
    target = Transformer.from_crs(4326, 25832, always_xy=True).transform(8.40, 49.00)
    found = to_crs(read_vector(path), 25832)[0]
    assert shapely.distance(found, shapely.Point(target)) < 3.0


def test_geojson_with_a_crs_member_is_read_in_it(tmp_path):
    path = tmp_path / "a.geojson"
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "Point", "coordinates": [456000.0, 5427000.0]},
            }
        ],
    }
    path.write_text(json.dumps(document))
    assert crs_name(read_vector(path).crs) == "EPSG:25832"
    packed = tmp_path / "b.geojson.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert crs_name(read_vector(packed).crs) == "EPSG:25832"


def test_zipped_shapefile_is_read(tmp_path):
    write(tmp_path / "a.shp", "ESRI Shapefile", name=["one", "two"])
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("a.*"):
            if part != packed:
                archive.write(part, part.name)
    assert len(read_vector(packed)) == 2


def test_stated_crs_overrules_that_of_the_file(tmp_path):
    path = write(tmp_path / "a.geojson", "GeoJSON")
    assert crs_name(read_vector(path, crs="3035").crs) == "EPSG:3035"


def test_file_with_several_layers_needs_one_named(tmp_path):
    path = tmp_path / "a.gpkg"
    for layer in ("one", "two"):
        pyogrio.raw.write(
            path, shapely.to_wkb(POINTS), [], [], driver="GPKG", layer=layer,
            geometry_type="Point", crs="EPSG:4326", append=path.exists(),
        )  # fmt: skip
    with pytest.raises(VectorLayerError) as error:
        read_vector(path)
    assert error.value.details["accepted"] == "one, two"
    assert len(read_vector(path, layer="two")) == 2


def test_rows_with_heights_come_out_flat(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("wkt\nPOINT Z (8 49 100)\nLINESTRING (8 49, 8.1 49)\n")
    features = read_vector(path, crs="4326")
    assert not shapely.has_z(features.geometry).any()
    assert [g.geom_type for g in features.geometry] == ["Point", "LineString"]


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("lon,lat,name\n8.4,49.0,a\n", "EPSG:4326"),
        ("Longitude;Latitude;name\n8,4;49,0;a\n", "EPSG:4326"),
        ("name\tx\ty\na\t456000\t5427000\n", None),
        ("Rechtswert;Hochwert;name\n456000,5;5427000,25;a\n", None),
        ("\ufeffx,y,name\n456000,5427000,a\n", None),
        ("wkt,name\nPOINT (8.4 49.0),a\n", None),
        ("geom,name\nSRID=4326;POINT (8.4 49.0),a\n", "EPSG:4326"),
    ],
)
def test_coordinate_columns_of_a_table_are_recognised(tmp_path, text, crs):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    features = read_vector(path)
    assert features.fields[0]["name"] == "a"
    assert features.geometry[0] is not None
    assert (crs_name(features.crs) if features.crs else None) == crs
    assert features.row.tolist() == [2]


def test_table_in_an_old_encoding_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("lon;lat;name\n8,4;49,0;Gäßchen\n".encode("cp1252"))
    assert read_vector(path).fields[0]["name"] == "Gäßchen"


def test_workbook_is_read_and_its_rows_keep_their_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["name", "lon", "lat"])
    book.active.append(["a", 8.4, 49.0])
    book.active.append([None, None, None])
    book.active.append(["b", "8,5", "49,1"])
    book.save(tmp_path / "a.xlsx")
    features = read_vector(tmp_path / "a.xlsx")
    assert features.row.tolist() == [2, 4]
    assert features.geometry[1].equals(shapely.Point(8.5, 49.1))


def test_row_without_coordinates_stays_with_no_geometry(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("lon,lat\n8.4,49\n8.4,\nx,y\nnan,inf\n")
    assert [g is None for g in read_vector(path).geometry] == [False, True, True, True]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("none.gpkg", None, VectorMissingError),
        ("none.csv", None, VectorMissingError),
        ("a.dwg", b"AC1032", DwgError),
        ("a.pdf", b"%PDF", VectorFormatError),
        ("a", b"", VectorFormatError),
        ("a.gpkg", b"SQLite format 3\x00 cut off", VectorUnreadableError),
        ("a.gpkg", b"", VectorUnreadableError),
        ("a.geojson", b'{"type": "FeatureCollection", "fea', VectorUnreadableError),
        ("a.geojson", b"[]", VectorUnreadableError),
        ("a.dxf", b"no drawing", VectorUnreadableError),
        ("a.dxf", b"  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n 10\n", VectorUnreadableError),
        ("a.zip", b"PK\x03\x04broken", VectorUnreadableError),
        ("a.shp", b"\x00\x00\x27\x0a", VectorUnreadableError),
        ("a.xlsx", b"PK\x03\x04broken", VectorUnreadableError),
        ("a.xlsx", b"plain text", VectorUnreadableError),
        ("a.csv", b"lon,lat\n\x00\x01", VectorUnreadableError),
        ("a.csv", b"", VectorEmptyError),
        ("a.csv", b"lon,lat\n", VectorEmptyError),
        ("a.csv", b"name,street\na,b\n", CoordinateColumnsError),
    ],
)
def test_broken_file_is_one_clear_error(tmp_path, name, content, error):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_vector(path)
    assert name in str(caught.value.details["file"])


def test_empty_layer_is_an_error(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(VectorEmptyError):
        read_vector(path)


def test_numbers_without_a_coordinate_system_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n456000,5427000\n")
    with pytest.raises(CrsMissingError):
        to_crs(read_vector(path), 25832)


def test_metres_said_to_be_degrees_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n456000,5427000\n")
    with pytest.raises(CrsWrongError):
        to_crs(read_vector(path, crs="4326"), 25832)


@pytest.mark.parametrize("text", ["999999", "EPSG:0", "Gauss", ""])
def test_unknown_coordinate_system_is_an_error(text):
    with pytest.raises(CrsUnknownError):
        parse_crs(text)


@pytest.mark.parametrize("text", ["25832", "EPSG:25832", CRS.from_epsg(25832).to_wkt()])
def test_coordinate_system_is_known_by_number_or_text(text):
    assert crs_name(parse_crs(text)) == "EPSG:25832"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,5", 1.5), (" 2 ", 2.0), (3, 3.0), (None, None), ("x", None), (True, None)],
)
def test_cells_read_as_numbers(cell, value):
    found = number(cell)
    assert np.isnan(found) if value is None else found == value


@pytest.mark.parametrize(
    "suffix", [".gpkg", ".geojson", ".shp", ".zip", ".dxf", ".xlsx", ".csv", ".fgb"]
)
def test_random_bytes_never_end_in_anything_but_an_input_error(tmp_path, suffix):
    rng = np.random.default_rng(7)
    for n in (0, 1, 20, 300, 5000):
        path = tmp_path / f"r{n}{suffix}"
        path.write_bytes(rng.integers(0, 256, n, dtype=np.uint8).tobytes())
        with pytest.raises(InputError):
            to_crs(read_vector(path), 25832)


@pytest.mark.parametrize("driver", FORMATS)
def test_cut_and_damaged_files_never_end_in_anything_but_an_input_error(tmp_path, driver):
    whole = write(tmp_path / FORMATS[driver], driver, name=["one", "two"]).read_bytes()
    rng = np.random.default_rng(3)
    for i in range(25):
        damaged = bytearray(whole[: rng.integers(0, len(whole))] if i % 2 else whole)
        for at in rng.integers(0, max(len(damaged), 1), 8):
            if damaged:
                damaged[at] = rng.integers(0, 256)
        path = tmp_path / f"d{i}{FORMATS[driver][1:]}"
        path.write_bytes(damaged)
        try:
            to_crs(read_vector(path), 25832)
        except InputError:
            continue
