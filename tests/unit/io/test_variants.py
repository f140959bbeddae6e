"""A planner's files become a variant: layers by name, place, limit; what is wrong is said."""

import json

import numpy as np
import pytest
import shapely
from design_files import HERE, dxf, gpkg, local, refusal
from hamlet import EAST, EPSG, NORTH, in_degrees, metres, store_hamlet
from vector_files import write

from parvis.city.assemble import build_table
from parvis.io.control_points import ControlPointsError
from parvis.io.store import StoreBrokenError, load_city, save_city
from parvis.io.variant_names import LayerMeaningError, meaning_of
from parvis.io.variant_template import write_template
from parvis.io.variants import (
    add_variant,
    load_design,
    read_variants,
    remove_variant,
    variant_folder,
)
from parvis.io.vector import CrsMissingError, DwgError

LIMIT = shapely.box(80, -4, 120, 4)


@pytest.fixture
def city(parvis_home):
    store_hamlet()
    return parvis_home / "cities" / "hamlet"


WALL = shapely.LineString([(100, -3), (100, 3)])


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("kerbs", ("kerbs", "kerb")),
        ("A-KERB-NEW", ("kerbs", "kerb")),
        ("V_Bordstein_neu", ("kerbs", "kerb")),
        ("BÄUME", ("trees", "tree")),
        ("clôtures", ("fences", "fence")),
        ("Stützmauer", ("walls", "retaining_wall")),
        ("retaining wall", ("walls", "retaining_wall")),
        ("Emprise", ("limit", "")),
        ("barriers_points", ("barriers", "")),
        ("Poller2", ("barriers", "bollard")),
    ],
)
def test_layer_names_are_understood_in_three_languages(name, meaning):
    found = meaning_of(name, {})
    assert found is not None
    assert found[0] == meaning[0]
    assert found[1] in (meaning[1], "")


@pytest.mark.parametrize("name", ["", "0", "A-201", "wallpaper", "wall-trees", "Mauerwerkschild"])
def test_other_layer_names_are_not_guessed_at(name):
    assert meaning_of(name, {}) is None


def test_a_geopackage_becomes_a_variant_and_the_present_stays(city, tmp_path):
    before = load_city("hamlet").hash
    file = gpkg(
        tmp_path / "a.gpkg", limit=[LIMIT], walls=[WALL], Bäume=[shapely.Point(90, 0)], notes=[WALL]
    )
    added = add_variant("hamlet", "a", [file])
    assert dict(added.brought.taken) == {"tree": 1, "wall": 1}
    assert dict(added.brought.ignored) == {"notes": 1}
    assert "buildings" in added.kept
    assert load_city("hamlet").hash == before
    design = load_design("hamlet", "a")
    assert len(design.lines) == 1
    assert design.hash != before
    assert [item.name for item in read_variants("hamlet")] == ["a"]
    assert read_variants("hamlet")[0].source["files"][0]["file"] == "a.gpkg"


def test_features_across_the_limit_are_cut_and_those_outside_counted(city, tmp_path):
    long = shapely.LineString([(60, 0), (100, 0)])
    file = gpkg(
        tmp_path / "a.gpkg",
        limit=[LIMIT],
        walls=[long, shapely.LineString([(10, 0), (20, 0)])],
        trees=[shapely.Point(90, 0), shapely.Point(10, 0)],
    )
    brought = add_variant("hamlet", "a", [file]).brought
    assert (brought.cut, brought.outside) == ({"walls": 1}, {"walls": 1, "trees": 1})
    assert load_design("hamlet", "a").lines.geometry[0].length == pytest.approx(20.0)


def test_a_drawing_needs_a_coordinate_system_or_control_points(city, tmp_path):
    ring = list(LIMIT.exterior.coords)
    here = [(x + EAST, y + NORTH) for x, y in ring]
    file = dxf(tmp_path / "a.dxf", ("LIMIT", here), ("MAUER", local(WALL, shift=HERE)))
    with pytest.raises(CrsMissingError):
        add_variant("hamlet", "a", [file])
    added = add_variant("hamlet", "a", [file], crs=str(EPSG))
    assert dict(added.brought.taken) == {"wall": 1}
    assert added.variant.limit.area == pytest.approx(LIMIT.area)


def test_control_points_place_a_drawing_in_millimetres(city, tmp_path):
    ring = [(x * 1000, y * 1000) for x, y in LIMIT.exterior.coords]
    file = dxf(tmp_path / "a.dxf", ("limit", ring), ("walls", local(WALL, scale=1000)))
    points = tmp_path / "points.csv"
    points.write_text(f"x,y,easting,northing\n0,0,{EAST},{NORTH}\n100000,0,{EAST + 100},{NORTH}\n")
    added = add_variant("hamlet", "a", [file], control_points=points)
    assert added.variant.limit.area == pytest.approx(LIMIT.area)
    assert added.variant.source["control_points"]["scale"] == pytest.approx(0.001)
    points.write_text(f"x,y,easting,northing\n0,0,{EAST},{NORTH}\n")
    with pytest.raises(ControlPointsError):
        add_variant("hamlet", "b", [file], control_points=points)


def test_a_drawing_that_lands_elsewhere_says_where(city, tmp_path):
    far = dxf(tmp_path / "far.dxf", ("walls", [(0.0, 0.0), (5.0, 0.0)]))
    said = refusal("variant_outside", add_variant, "hamlet", "a", [far], crs=str(EPSG))
    assert said["place"].startswith("2 E, 0 N")
    assert "--control-points" in said["hint"]
    places = local(WALL, scale=1000, shift=HERE)
    mm = dxf(tmp_path / "mm.dxf", ("walls", places))
    said = refusal("variant_outside", add_variant, "hamlet", "a", [mm], crs=str(EPSG))
    assert "millimetres" in said["hint"]


def test_a_drawing_that_is_a_renamed_dwg_is_refused(city, tmp_path):
    file = tmp_path / "plan.dxf"
    file.write_bytes(b"AC1032\x00\x00" + bytes(range(256)))
    with pytest.raises(DwgError):
        add_variant("hamlet", "a", [file], crs=str(EPSG))


def test_unknown_layers_are_named_and_can_be_given_a_meaning(city, tmp_path):
    file = gpkg(tmp_path / "a.gpkg", limit=[LIMIT], **{"A-201": [WALL], "A-305": [WALL]})
    said = refusal("variant_layers", add_variant, "hamlet", "a", [file])
    assert said["found"] == "A-201, A-305"
    meanings = {"A-201": "walls:cliff", "A-305": "ignore"}
    added = add_variant("hamlet", "a", [file], layers=meanings)
    assert (dict(added.brought.taken), dict(added.brought.ignored)) == ({"cliff": 1}, {})
    with pytest.raises(LayerMeaningError):
        add_variant("hamlet", "b", [file], layers={"A-201": "cows"})
    with pytest.raises(LayerMeaningError):
        add_variant("hamlet", "b", [file], layers={"A-201": "walls:cow"})


def test_text_of_a_drawing_is_no_tree_and_circles_are(city, tmp_path):
    circle = shapely.Point(90, 0).buffer(3)
    shift = [(x + EAST, y + NORTH) for x, y in circle.exterior.coords]
    file = dxf(tmp_path / "a.dxf", ("TREES", shift))
    text = (
        f"  0\nTEXT\n  8\nTREES\n 10\n{EAST + 95}\n 20\n{NORTH}\n 40\n1.0\n  1\nTilia\n"
        "  0\nENDSEC\n  0\nEOF\n"
    )
    file.write_text(file.read_text().replace("  0\nENDSEC\n  0\nEOF\n", text))
    limit = write(tmp_path / "limit.geojson", "GeoJSON", [in_degrees(LIMIT)])
    added = add_variant("hamlet", "a", [file], crs=str(EPSG), limit=limit)
    assert dict(added.brought.taken) == {"tree": 1}
    assert [(layer, item.reason) for layer, item in added.brought.refused] == [("TREES", "text")]
    x, y = load_design("hamlet", "a").furniture.coords[0]
    assert (x - EAST, y - NORTH) == pytest.approx((90, 0), abs=0.05)


def test_an_empty_layer_says_that_the_design_has_none(city, tmp_path):
    posts = gpkg(tmp_path / "a.gpkg", limit=[LIMIT.buffer(200)], barriers=[], walls=[])
    added = add_variant("hamlet", "a", [posts])
    assert added.taken_out == {"barriers": 1}
    assert len(load_design("hamlet", "a").points) == 0


def test_layers_of_the_present_can_stay(city, tmp_path):
    posts = gpkg(tmp_path / "a.gpkg", limit=[LIMIT.buffer(200)], walls=[WALL])
    added = add_variant("hamlet", "a", [posts], keep=["barriers"])
    assert added.taken_out == {}
    assert len(load_design("hamlet", "a").points) == 1
    refusal("variant_keep", add_variant, "hamlet", "b", [posts], keep=["cows"])


def test_the_limit_must_be_an_outline(city, tmp_path):
    walls = gpkg(tmp_path / "w.gpkg", walls=[WALL])
    refusal("variant_limit_missing", add_variant, "hamlet", "a", [walls])
    bow = shapely.Polygon([(80, -4), (120, 4), (120, -4), (80, 4)])
    for name, shape, said in (
        ("bow", bow, "crosses itself"),
        ("dot", shapely.Point(90, 0), "holds Point"),
        ("speck", shapely.box(90, 0, 91, 1), "encloses 1.0 m²"),
    ):
        file = write(tmp_path / f"{name}.geojson", "GeoJSON", [in_degrees(shape)])
        found = refusal("variant_limit_broken", add_variant, "hamlet", "a", [walls], limit=file)
        assert said in found["problem"]
    both = gpkg(tmp_path / "both.gpkg", walls=[WALL], limit=[LIMIT])
    other = write(tmp_path / "other.geojson", "GeoJSON", [in_degrees(LIMIT.buffer(5))])
    refusal("variant_limit_twice", add_variant, "hamlet", "a", [both], limit=other)
    same = write(tmp_path / "same.geojson", "GeoJSON", [in_degrees(LIMIT)])
    assert add_variant("hamlet", "a", [both], limit=same).variant.limit.area == pytest.approx(320)


def test_a_design_wholly_outside_its_limit_is_refused(city, tmp_path):
    far = gpkg(tmp_path / "a.gpkg", walls=[WALL], limit=[shapely.box(0, -4, 20, 4)])
    assert refusal("variant_not_in_limit", add_variant, "hamlet", "a", [far])["n"] == 1
    assert not (city / "variants").exists()


def test_files_without_anything_to_draw_are_refused(city, tmp_path):
    limit_only = gpkg(tmp_path / "a.gpkg", limit=[LIMIT])
    refusal("variant_layers", add_variant, "hamlet", "a", [limit_only])
    wrong = gpkg(tmp_path / "b.gpkg", limit=[LIMIT], trees=[WALL.buffer(30)])
    refusal("variant_empty", add_variant, "hamlet", "a", [wrong])
    missing = tmp_path / "none.gpkg"
    refusal("vector_missing", add_variant, "hamlet", "a", [missing])
    missing.write_bytes(b"SQLite format 3\x00 cut off")
    refusal("vector_unreadable", add_variant, "hamlet", "a", [missing])


def test_names_are_checked_and_never_overwritten(city, tmp_path):
    file = gpkg(tmp_path / "a.gpkg", limit=[LIMIT], walls=[WALL])
    for name in ("present", "Present", "../x", "", "a b", ".a", "x" * 41):
        refusal("variant_name", add_variant, "hamlet", name, [file])
    add_variant("hamlet", "a", [file])
    refusal("variant_known", add_variant, "hamlet", "a", [file])
    assert refusal("variant_unknown", load_design, "hamlet", "b")["listed"] == "a"
    remove_variant("hamlet", "a")
    assert refusal("variant_unknown", variant_folder, "hamlet", "a", None)["listed"] == "none yet"
    assert read_variants("hamlet") == []


def test_a_changed_or_damaged_variant_is_noticed(city, tmp_path):
    file = gpkg(tmp_path / "a.gpkg", limit=[LIMIT], walls=[WALL])
    add_variant("hamlet", "a", [file])
    path = variant_folder("hamlet", "a") / "variant.json"
    said = json.loads(path.read_text())
    said["replaces"] = ["walls"]
    path.write_text(json.dumps(said))
    with pytest.raises(StoreBrokenError):
        load_design("hamlet", "a")
    path.write_text("{")
    with pytest.raises(StoreBrokenError):
        load_design("hamlet", "a")
    (variant_folder("hamlet", "a") / "features.npz").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(StoreBrokenError):
        read_variants("hamlet")


def store_square():
    shape = [metres(shapely.box(-5, -4, 30, 4))]
    spaces = build_table(
        "polygon",
        shape,
        {"area": np.array([280.0]), "is_inferred": np.zeros(1, dtype=bool)},
        texts={"id": ["way/5"], "name": ["Corn Market"]},
        coded={"kind": ["square"]},
    )
    from dataclasses import replace

    save_city(replace(store_hamlet(), spaces=spaces))


def test_the_template_of_the_present_brings_back_the_present(parvis_home, tmp_path):
    store_square()
    file = tmp_path / "start.gpkg"
    written = write_template("hamlet", "Corn Market", file)
    assert written["barriers_points"] == 1
    add_variant("hamlet", "same", [file])
    city, design = load_city("hamlet"), load_design("hamlet", "same")
    for name in ("areas", "lines", "points", "furniture"):
        before, after = getattr(city, name), getattr(design, name)
        assert len(before) == len(after)
        assert sorted(before["osm_id"]) == sorted(after["osm_id"])
    assert int(design.points["segment_node"][0]) == int(city.points["segment_node"][0])
    assert np.array_equal(design.segments.width, city.segments.width)
    refusal("variant_template_file", write_template, "hamlet", "way/5", tmp_path / "x.dxf")
    refusal("variant_template_margin", write_template, "hamlet", "way/5", file, margin=-1)
