"""Municipal files become layers: what is taken, what is not and why, and what is kept."""

import json

import numpy as np
import openpyxl
import pytest
import shapely
from hamlet import degrees, in_degrees, metres, store_hamlet
from vector_files import write

from parvis.errors import InputError
from parvis.io.control_points import ControlPointsError, fit_placement
from parvis.io.layer_rows import LayerMappingError
from parvis.io.layers import LayerKindError, NothingTakenError, add_layer, read_layers
from parvis.io.osm import import_city
from parvis.io.store import StoreBrokenError, load_base, load_city


@pytest.fixture
def city(parvis_home):
    store_hamlet()
    return parvis_home / "cities" / "hamlet"


def csv(tmp_path, text, name="a.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def lon_lat(x, y):
    return ",".join(f"{value:.8f}" for value in degrees(x, y))


def test_taken_rows_become_features_of_the_city(city, tmp_path):
    rows = "\n".join(f"{lon_lat(x, 30)},bollard" for x in (10, 20, 30))
    added = add_layer("hamlet", csv(tmp_path, f"lon,lat,kind\n{rows}\n"), "barriers")
    assert (added.n_rows, dict(added.taken), added.refused) == (3, {"bollard": 3}, ())
    assert added.crs == "EPSG:4326"
    points = load_city("hamlet").points
    assert len(points) == 4
    assert points.tags(3)["parvis:grade"] == "B"


def test_rows_that_are_not_taken_are_listed_with_reason_and_value(city, tmp_path):
    text = "\n".join(
        [
            "lon,lat,kind,rating,state,height",
            f"{lon_lat(10, 30)},bollard,V/7200[N2B]/64/90:1.5,closed,0.9",
            ",,bollard,,,",
            "120.0,10.0,bollard,,,",
            f"{lon_lat(10, 30)},cow,,,",
            f"{lon_lat(10, 30)},bollard,strong,,",
            f"{lon_lat(10, 30)},bollard,V/7200[N2B]/64/90:1.5,ajar,",
            f"{lon_lat(10, 30)},bollard,,,-3",
        ]
    )
    added = add_layer("hamlet", csv(tmp_path, text), "barriers")
    assert [(item.row, item.reason) for item in added.refused] == [
        (3, "no_geometry"),
        (4, "outside_city"),
        (5, "unknown_kind"),
        (6, "bad_rating"),
        (7, "bad_state"),
        (8, "bad_height"),
    ]
    tags = load_city("hamlet").points.tags(1)
    assert (tags["parvis:rating"], tags["parvis:state"]) == ("V/7200[N2B]/64/90:1.5", "closed")


def test_list_of_barriers_with_title_and_merged_headers_is_read_in_its_own_words(city, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    lon, lat = (f"{value:.8f}".replace(".", ",") for value in degrees(10, 30))
    rated = "V/7200[N2B]/64/90:1.5"
    for row in (
        ["Poller und Sperren, Stand Frühjahr"],
        [],
        ["Nr.", "Sperre", None, None, "Lage", None],
        [None, "Art", "Prüfklasse", "Zustand", "Längengrad", "Breitengrad"],
        ["P1", "Poller", rated, "fest", lon, lat],
        ["P2", "Betonblock", "ungeprüft", None, lon, lat],
        ["P3", "Poller", rated, "entfernt", lon, lat],
        ["P4", "Poller", "stark", "fest", lon, lat],
        ["P5", "Poller", None, None, None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("B3:D3")
    book.save(tmp_path / "Sperren.xlsx")
    added = add_layer("hamlet", tmp_path / "Sperren.xlsx", "barriers")
    assert dict(added.taken) == {"block": 1, "bollard": 1}
    assert [(item.row, item.reason, item.value) for item in added.refused] == [
        (7, "bad_state", "entfernt"),
        (8, "bad_rating", "stark"),
        (9, "no_geometry", ""),
    ]
    tags = load_city("hamlet").points.tags(1)
    assert (tags["parvis:rating"], tags["parvis:state"]) == (rated, "closed")
    assert tags["Nr."] == "P1"


def test_file_without_a_usable_row_stores_nothing(city, tmp_path):
    with pytest.raises(NothingTakenError) as error:
        add_layer("hamlet", csv(tmp_path, f"lon,lat\n{lon_lat(0, 0)}\n"), "buildings")
    assert "geometry type" in error.value.details["reasons"]
    assert not (city / "layers").exists()


def test_unknown_kind_of_layer_is_an_error(city, tmp_path):
    with pytest.raises(LayerKindError):
        add_layer("hamlet", csv(tmp_path, "lon,lat\n9,52\n"), "cows")


def test_buildings_replace_and_widths_follow(city, tmp_path):
    houses = [in_degrees(shapely.box(-10, y, 210, y + 10)) for y in (4, -14)]
    path = write(tmp_path / "h.gpkg", "GPKG", houses)
    assert load_base("hamlet").segments.width[0] == pytest.approx(10.0, abs=0.05)
    add_layer("hamlet", path, "buildings", is_replacing=True)
    found = load_city("hamlet")
    assert len(found.areas) == 2
    assert found.segments.width[0] == pytest.approx(8.0, abs=0.05)
    assert str(found.manifest["layers"][0]["replaced"]) == "2"


def test_layers_keep_their_order_hash_and_content(city, tmp_path):
    path = write(tmp_path / "h.gpkg", "GPKG", [in_degrees(shapely.box(0, 40, 9, 49))], name=["Ä"])
    first = add_layer("hamlet", path, "buildings").layer
    second = add_layer("hamlet", path, "buildings", is_replacing=True).layer
    stored = read_layers(city)
    assert [layer.order for layer in stored] == [1, 2]
    assert [layer.hash for layer in stored] == [first.hash, second.hash]
    assert first.hash != second.hash
    assert stored[0].tables["areas"].tags(0)["name"] == "Ä"
    assert stored[0].tables["areas"].geometry[0].equals(first.tables["areas"].geometry[0])
    assert stored[0].source["sha256"]


def test_layers_survive_a_new_import(city, tmp_path, write_osm):
    path = write(tmp_path / "h.gpkg", "GPKG", [in_degrees(shapely.box(0, 40, 9, 49))])
    add_layer("hamlet", path, "buildings")
    again = write_osm({1: (0, 0), 2: (200, 0)}, {1: ([1, 2], {"highway": "service"})})
    import_city(again, name="hamlet")
    assert len(load_city("hamlet").areas) == 1


def test_damaged_layer_is_named(city, tmp_path):
    path = write(tmp_path / "h.gpkg", "GPKG", [in_degrees(shapely.box(0, 40, 9, 49))])
    add_layer("hamlet", path, "buildings")
    (city / "layers" / "001-h" / "features.npz").write_bytes(b"broken")
    with pytest.raises(StoreBrokenError) as error:
        load_city("hamlet")
    assert "001-h" in error.value.details["name"]


def test_outline_that_crosses_itself_is_mended_and_counted(city, tmp_path):
    bow = shapely.Polygon([degrees(*p) for p in ((0, 40), (9, 49), (9, 40), (0, 49))])
    added = add_layer("hamlet", write(tmp_path / "h.gpkg", "GPKG", [bow]), "buildings")
    assert added.n_mended == 1
    assert load_city("hamlet").areas.geometry[-1].is_valid


def test_closed_lines_become_buildings_and_outlines_become_kerbs(city, tmp_path):
    ring = shapely.LineString(in_degrees(shapely.box(0, 40, 9, 49)).exterior.coords)
    open_line = shapely.LineString([degrees(0, 40), degrees(9, 40)])
    lines = write(tmp_path / "l.gpkg", "GPKG", [ring, open_line])
    added = add_layer("hamlet", lines, "buildings")
    assert dict(added.taken) == {"building": 1}
    assert [item.reason for item in added.refused] == ["geometry_type"]
    outline = write(tmp_path / "p.gpkg", "GPKG", [in_degrees(shapely.box(0, 40, 9, 49))])
    assert dict(add_layer("hamlet", outline, "kerbs").taken) == {"kerb": 1}


def test_ground_says_where_a_vehicle_can_drive(city, tmp_path):
    shapes = [in_degrees(shapely.box(x, 40, x + 9, 49)) for x in (0, 20, 40)]
    path = write(
        tmp_path / "g.gpkg", "GPKG", shapes,
        drivable=["yes", "no", ""], kind=["", "", "ground_not_drivable"],
    )  # fmt: skip
    taken = dict(add_layer("hamlet", path, "ground").taken)
    assert taken == {"ground_drivable": 1, "ground_not_drivable": 2}


def test_mapping_translates_columns_and_words_and_is_kept(city, tmp_path):
    text = f"lon,lat,TYP,KLASSE\n{lon_lat(9, 30)},Poller,V/7200[N2B]/64/90:1.5\n"
    mapping = tmp_path / "map.yaml"
    mapping.write_text("columns: {kind: TYP, rating: KLASSE}\nkinds: {Poller: bollard}\n")
    add_layer("hamlet", csv(tmp_path, text), "barriers", mapping=mapping)
    said = json.loads((city / "layers" / "001-a" / "layer.json").read_text())
    assert said["source"]["mapping"]["kinds"] == {"Poller": "bollard"}
    assert load_city("hamlet").points.tags(1)["parvis:rating"] == "V/7200[N2B]/64/90:1.5"


@pytest.mark.parametrize(
    "text",
    [
        "- a\n- b\n",
        "colums: {kind: TYP}\n",
        "columns: TYP\n",
        "columns: {sort: TYP}\n",
        "kinds: {Kuh: cow}\n",
        "{unclosed",
        "",
    ],
)
def test_mapping_that_cannot_be_followed_is_an_error(city, tmp_path, text):
    mapping = tmp_path / "map.yaml"
    mapping.write_text(text)
    table = csv(tmp_path, f"lon,lat\n{lon_lat(0, 0)}\n")
    with pytest.raises(LayerMappingError):
        add_layer("hamlet", table, "barriers", mapping=mapping)


DXF = """  0
SECTION
  2
ENTITIES
  0
POLYLINE
  8
BUILDINGS
 66
1
 70
1
{vertices}  0
SEQEND
  0
LINE
  8
HATCH
 10
0.0
 20
0.0
 11
1000.0
 21
1000.0
  0
ENDSEC
  0
EOF
"""


def dxf(tmp_path, corners):
    vertices = "".join(f"  0\nVERTEX\n  8\nBUILDINGS\n 10\n{x}\n 20\n{y}\n" for x, y in corners)
    path = tmp_path / "plan.dxf"
    path.write_text(DXF.format(vertices=vertices))
    return path


def test_drawing_is_placed_by_control_points_and_its_mapped_layers_taken(city, tmp_path):
    path = dxf(tmp_path, [(0, 0), (9000, 0), (9000, 9000), (0, 9000)])
    mapping = tmp_path / "map.yaml"
    mapping.write_text("layers: {BUILDINGS: building}\n")
    control = csv(
        tmp_path,
        f"x,y,lon,lat\n0,0,{lon_lat(50, 40)}\n9000,0,{lon_lat(59, 40)}\n",
        "control.csv",
    )
    added = add_layer("hamlet", path, "buildings", mapping=mapping, control_points=control)
    assert dict(added.taken) == {"building": 1}
    assert [(item.reason, item.value) for item in added.refused] == [("not_mapped", "HATCH")]
    assert added.placement is not None
    assert added.placement.method == "similarity"
    assert added.placement.scale == pytest.approx(0.001, rel=0.01)
    outline = load_city("hamlet").areas.geometry[-1]
    assert shapely.distance(outline.centroid, metres(shapely.Point(54.5, 44.5))) < 0.01
    assert outline.area == pytest.approx(81, rel=0.02)


def test_drawing_without_place_is_refused(city, tmp_path):
    path = dxf(tmp_path, [(0, 0), (9, 0), (9, 9)])
    with pytest.raises(InputError) as error:
        add_layer("hamlet", path, "buildings")
    assert error.value.code == "crs_missing"


def test_three_control_points_fit_exactly_and_a_fourth_shows_what_is_off():
    source = np.array([[0, 0], [10, 0], [0, 10], [10, 10]], dtype=float)
    target = source @ np.array([[0.0, 2.0], [-2.0, 0.0]]) + [100, 50]
    exact = fit_placement(source[:3], target[:3])
    assert exact.residuals == pytest.approx(np.zeros(3), abs=1e-9)
    assert exact.apply(source[3:])[0] == pytest.approx(target[3])
    target[3, 0] += 1.0
    assert fit_placement(source, target).residuals.max() == pytest.approx(0.25)


@pytest.mark.parametrize("points", [[[0, 0]], [[0, 0], [0, 0]], [[0, 0], [1, 1], [2, 2]]])
def test_control_points_that_fix_no_plane_are_refused(points):
    points = np.array(points, dtype=float)
    with pytest.raises(ControlPointsError):
        fit_placement(points, points + 5)


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,2\n",
        "x,y,lon,lat\n",
        "x,y,lon,lat\n0,0,9,52\n",
        "x,y,lon,lat\n0,0,9,52\n1,a,9,52\n",
        "x,y,lon,lat\n0,0,9,52\n1,1,9,520\n",
    ],
)
def test_control_point_files_that_cannot_be_used_are_errors(city, tmp_path, text):
    control = csv(tmp_path, text, "control.csv")
    drawing = dxf(tmp_path, [(0, 0), (9, 0), (9, 9)])
    with pytest.raises(ControlPointsError):
        add_layer("hamlet", drawing, "buildings", control_points=control)
