"""A protected area drawn in a file of one's own."""

import json

import pytest
import shapely
from hamlet import in_degrees, metres, store_hamlet
from vector_files import write

from parvis.io.protected_area import (
    NotAPolygonError,
    OutsideCityError,
    SelfCrossingError,
    drawn_outline,
    read_protected_area,
)
from parvis.io.vector import CrsMissingError, VectorMissingError


@pytest.fixture
def city(parvis_home):
    return store_hamlet()


def test_polygon_comes_in_the_citys_coordinates(city, tmp_path):
    path = write(tmp_path / "a.gpkg", "GPKG", [in_degrees(shapely.box(10, -3, 40, 3))])
    area = read_protected_area(path, city)
    assert area.area == pytest.approx(180, rel=1e-4)
    assert shapely.distance(area.centroid, metres(shapely.Point(25, 0))) < 0.01


def test_several_polygons_make_one_area(city, tmp_path):
    boxes = [in_degrees(shapely.box(x, -3, x + 10, 3)) for x in (10, 20, 60)]
    area = read_protected_area(write(tmp_path / "a.geojson", "GeoJSON", boxes), city)
    assert area.area == pytest.approx(180, rel=1e-4)
    assert shapely.get_num_geometries(area) == 2


def test_projected_file_is_read_in_its_own_system(city, tmp_path):
    path = write(
        tmp_path / "a.shp", "ESRI Shapefile", [metres(shapely.box(10, -3, 40, 3))], crs="EPSG:25832"
    )
    assert read_protected_area(path, city).area == pytest.approx(180)


@pytest.mark.parametrize(
    "shape", [shapely.Point(10, 0), shapely.LineString([(0, 0), (10, 0), (10, 9)])]
)
def test_points_and_lines_are_no_area(city, tmp_path, shape):
    with pytest.raises(NotAPolygonError) as error:
        read_protected_area(write(tmp_path / "a.gpkg", "GPKG", [in_degrees(shape)]), city)
    assert shape.geom_type in error.value.details["found"]


def test_outline_that_crosses_itself_says_where(city, tmp_path):
    bow = in_degrees(shapely.Polygon([(0, 0), (20, 20), (20, 0), (0, 20)]))
    with pytest.raises(SelfCrossingError) as error:
        read_protected_area(write(tmp_path / "a.geojson", "GeoJSON", [bow]), city)
    place = in_degrees(shapely.Point(10, 10))
    assert float(error.value.details["lon"]) == pytest.approx(place.x, abs=1e-5)
    assert float(error.value.details["lat"]) == pytest.approx(place.y, abs=1e-5)


def test_area_elsewhere_is_refused_with_the_extent(city, tmp_path):
    far = in_degrees(shapely.box(9000, 9000, 9100, 9100))
    with pytest.raises(OutsideCityError) as error:
        read_protected_area(write(tmp_path / "a.geojson", "GeoJSON", [far]), city)
    assert error.value.details["city"] == "hamlet"


def test_file_without_coordinate_system_is_refused(city, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('x,y,wkt\n1,2,"POLYGON ((0 0, 9 0, 9 9, 0 0))"\n')
    with pytest.raises(CrsMissingError):
        read_protected_area(path, city)


def test_missing_file_is_one_clear_error(city, tmp_path):
    with pytest.raises(VectorMissingError):
        read_protected_area(tmp_path / "none.geojson", city)


def test_polygon_without_area_is_none(city, tmp_path):
    path = tmp_path / "a.geojson"
    lon, lat = in_degrees(shapely.Point(5, 0)).coords[0]
    ring = [[lon, lat], [lon, lat], [lon, lat], [lon, lat]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises((NotAPolygonError, SelfCrossingError)):
        read_protected_area(path, city)


def test_an_outline_drawn_on_a_map_is_that_of_a_file(city, tmp_path):
    shape = in_degrees(shapely.box(10, -3, 40, 3))
    read = read_protected_area(write(tmp_path / "a.geojson", "GeoJSON", [shape]), city)
    drawn = drawn_outline(json.loads(shapely.to_geojson(shape)), city, name="drawn")
    assert drawn.equals_exact(read, 1e-6)


@pytest.mark.parametrize(
    ("outline", "error"),
    [
        ({}, NotAPolygonError),
        ({"type": "Polygon", "coordinates": [[[9.0, 52.0], ["x", 52.0]]]}, NotAPolygonError),
        ({"type": "Polygon", "coordinates": []}, NotAPolygonError),
        ({"type": "Point", "coordinates": [9.0, 52.0]}, NotAPolygonError),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
            SelfCrossingError,
        ),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
            OutsideCityError,
        ),
    ],
)
def test_a_drawn_outline_that_cannot_be_protected_is_refused(city, outline, error):
    with pytest.raises(error):
        drawn_outline(outline, city, name="drawn")
