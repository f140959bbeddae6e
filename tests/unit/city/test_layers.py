"""Layers and corrections over a base city: what is replaced, added, overridden, in conflict."""

import math
import uuid

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.city.assemble import build_table, has_tag
from parvis.city.corrections import Anchor, Correction, CorrectionKind, Method
from parvis.city.layers import LAYER_KINDS, Layer, grades_of, resolve
from parvis.city.table import FeatureTable
from parvis.city.widths import CORRECTED, MEASURED
from parvis.terms import Grade

NORTH, SOUTH = shapely.box(-10, 5, 210, 20), shapely.box(-10, -20, 210, -5)


def base(**kwargs):
    return draw_city(
        [Street([(0, 0), (200, 0)], name="A"), Street([(0, 500), (200, 500)], name="B")],
        areas=[Thing("building", NORTH, id=11), Thing("building", SOUTH, id=12)],
        lines=[Thing("wall", shapely.LineString([(0, 90), (50, 90)]), id=21)],
        points=[
            Thing("bollard", shapely.Point(0, 0), id=31),
            Thing("gate", (shapely.Point(200, 0))),
        ],
        **kwargs,
    )


def layer(kind, shapes, *, order=1, replacing=False, word="", **columns):
    table, default = LAYER_KINDS[kind].polygons or LAYER_KINDS[kind].lines
    if kind in ("kerbs", "walls"):
        table, default = LAYER_KINDS[kind].lines
    if kind in ("barriers", "trees"):
        table, default = LAYER_KINDS[kind].points
    n = len(shapes)
    numbers = {
        "osm_id": -np.arange(1, n + 1, dtype=np.int64),
        "level": np.zeros(n, dtype=np.int8),
    }
    coded = {"kind": [word or default] * n}
    if table == "areas":
        coded["osm_type"] = ["layer"] * n
    made = build_table(
        {"areas": "polygon", "lines": "line"}.get(table, "point"),
        shapes,
        numbers,
        coded=coded,
        tags=[{"parvis:grade": "B"} | columns] * n,
    )
    hull = shapely.convex_hull(shapely.geometrycollections(shapes))
    return Layer(f"l{order}", order, kind, replacing, {table: made}, hull, f"h{order}", {})


def correction(kind, geometry, *, value=math.nan, there=True, anchor=None, **kwargs):
    return Correction(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}{geometry}{value}{there}{kwargs}")),
        kind=CorrectionKind(kind),
        value=value,
        is_there=there,
        geometry=geometry,
        anchor=anchor,
        method=kwargs.pop("method", Method.TAPE),
        person="A. Surveyor",
        date="2026-05-01",
        **kwargs,
    )


def kinds(table: FeatureTable) -> list[str]:
    return sorted(str(word) for word in table.words("kind"))


def same(one: FeatureTable, other: FeatureTable) -> bool:
    return len(one) == len(other) and all(
        one.tags(row) == other.tags(row)
        and one.words("kind")[row] == other.words("kind")[row]
        and one.geometry[row].equals(other.geometry[row])
        for row in range(len(one))
    )


def test_city_without_layers_and_corrections_is_the_base_itself():
    city = base()
    assert resolve(city) is city


def test_added_layer_leaves_the_base_features_and_carries_grade_b():
    city = resolve(base(), [layer("buildings", [shapely.box(0, 100, 9, 109)])])
    assert len(city.areas) == 3
    assert grades_of(city.areas).tolist() == [Grade.C, Grade.C, Grade.B]
    assert city.areas.words("osm_type")[2] == "layer"
    assert city.manifest["layers"][0]["replaced"] == 0


def test_replacing_layer_takes_out_its_kinds_where_it_speaks():
    city = resolve(base(), [layer("buildings", [shapely.box(0, 6, 9, 9)], replacing=True)])
    assert len(city.areas) == 2
    assert shapely.box(0, 6, 9, 9).equals(city.areas.geometry[1])
    assert city.areas.geometry[0].equals(SOUTH)
    assert city.manifest["layers"][0]["replaced"] == 1


def test_replacing_layer_leaves_other_kinds():
    city = resolve(
        base(), [layer("walls", [shapely.LineString([(0, 90), (9, 91)])], replacing=True)]
    )
    assert len(city.areas) == 2
    assert kinds(city.lines) == ["wall"]


def test_layers_apply_by_their_order_however_they_come():
    first = layer("buildings", [shapely.box(0, 6, 9, 9)], order=1)
    second = layer("buildings", [shapely.box(0, 6, 20, 19)], order=2, replacing=True)
    one, other = resolve(base(), [first, second]), resolve(base(), [second, first])
    assert one.hash == other.hash
    assert same(one.areas, other.areas)
    assert shapely.box(0, 6, 20, 19).equals(one.areas.geometry[-1])
    assert one.manifest["layers"][1]["replaced"] == 2


def test_hash_tells_apart_layers_mode_and_corrections():
    shapes = [shapely.box(0, 100, 9, 109)]
    width = correction("width", shapely.Point(9, 0), value=4.0, anchor=Anchor("way", 1, 9, 0))
    hashes = {
        resolve(base(), *args).hash
        for args in (
            (),
            ([layer("buildings", shapes)],),
            ([layer("buildings", shapes, replacing=True)],),
            ([layer("buildings", shapes)], [width]),
            ([], [width]),
        )
    }
    assert len(hashes) == 5


def test_layer_building_narrows_the_street_beside_it_with_grade_b():
    both = [shapely.box(-10, 3, 210, 9), shapely.box(-10, -9, 210, -4)]
    city = resolve(base(), [layer("buildings", both)])
    assert city.segments.width[0] == pytest.approx(7.0)
    assert city.segments.width_source[0] == MEASURED
    assert city.segments.width_grade[0] == Grade.B


def test_replacing_building_widens_the_street_beside_it():
    city = resolve(base(), [layer("buildings", [shapely.box(-10, 8, 210, 20)], replacing=True)])
    assert city.segments.width[0] == pytest.approx(13.0)


def test_street_far_from_a_change_keeps_its_width():
    city = resolve(base(), [layer("buildings", [shapely.box(-10, 3, 210, 9)])])
    assert city.segments.width[1] == base().segments.width[1]


def test_kerbs_raise_a_class_width_and_never_lower_a_measured_one():
    lines = [shapely.LineString([(-9, y), (209, y)]) for y in (2.0, -2.0, 507.0, 492.0)]
    city = resolve(base(), [layer("kerbs", lines)])
    assert city.segments.width[0] >= 4.0
    assert city.segments.width[1] == pytest.approx(15.0)
    assert city.segments.width_grade[1] == Grade.B


def test_corrected_width_overrides_and_lifts_the_grade():
    near = Anchor("way", 1, 50, 0)
    city = resolve(base(), [], [correction("width", shapely.Point(50, 1), value=3.2, anchor=near)])
    assert city.segments.width[0] == pytest.approx(3.2)
    assert city.segments.width_grade[0] == Grade.A
    assert city.segments.width_source[0] == CORRECTED
    assert city.manifest["conflicts"] == []


@pytest.mark.parametrize(
    ("kind", "method", "grade"),
    [
        ("width", "tape", Grade.A),
        ("width", "plan", Grade.B),
        ("width", "seen", Grade.C),
        ("bollard", "seen", Grade.B),
        ("ground", "seen", Grade.B),
        ("gap", "seen", Grade.C),
        ("wall", "tape", Grade.A),
    ],
)
def test_grade_follows_from_how_it_was_found(kind, method, grade):
    assert correction(kind, shapely.Point(0, 0), method=Method(method)).grade is grade


def test_later_correction_prevails():
    near = Anchor("way", 1, 50, 0)
    said = [
        correction("width", shapely.Point(50, 1), value=value, anchor=near) for value in (3.2, 4.4)
    ]
    assert resolve(base(), [], said).segments.width[0] == pytest.approx(4.4)
    assert resolve(base(), [], said[::-1]).segments.width[0] == pytest.approx(3.2)


def test_correction_prevails_over_a_layer():
    near = Anchor("way", 1, 50, 0)
    city = resolve(
        base(),
        [layer("buildings", [shapely.box(-10, 3, 210, 9)])],
        [correction("width", shapely.Point(50, 1), value=9.9, anchor=near)],
    )
    assert city.segments.width[0] == pytest.approx(9.9)


def test_new_bollard_is_added_with_its_rating():
    city = resolve(
        base(),
        [],
        [
            correction(
                "bollard", shapely.Point(20, 1), rating="V/7200[N2B]/64/90:1.5", state="lowered",
                plate="PLATE",
            )
        ],
    )  # fmt: skip
    tags = city.points.tags(2)
    assert (tags["parvis:rating"], tags["parvis:state"]) == ("V/7200[N2B]/64/90:1.5", "lowered")
    assert (tags["parvis:grade"], tags["parvis:plate"]) == ("A", "PLATE")
    assert city.points["segment_node"][2] == -1
    assert city.points["osm_id"][2] < 0


def test_rated_barrier_without_a_state_is_closed():
    said = correction("bollard", shapely.Point(20, 1), rating="V/7200[N2B]/64/90:1.5")
    assert said.tags()["parvis:state"] == "closed"


def test_confirmed_obstacle_keeps_its_place_kind_and_junction_and_gets_the_grade():
    there = correction("bollard", shapely.Point(0, 1), value=0.9, anchor=Anchor("node", 31, 0, 0))
    city = resolve(base(), [], [there])
    assert kinds(city.points) == ["bollard", "gate"]
    assert grades_of(city.points).tolist() == [Grade.A, Grade.C]
    assert city.points["segment_node"][0] == base().points["segment_node"][0]
    assert city.points.tags(0)["height"] == "0.9"


def test_obstacle_that_is_not_there_is_removed():
    gone = correction("bollard", shapely.Point(0, 1), there=False, anchor=Anchor("node", 31, 0, 0))
    assert kinds(resolve(base(), [], [gone]).points) == ["gate"]


def test_wall_that_is_not_there_widens_the_street():
    city = draw_city(
        [Street([(0, 0), (200, 0)])],
        areas=[Thing("building", NORTH), Thing("building", SOUTH)],
        lines=[Thing("wall", shapely.LineString([(-9, 2), (209, 2)]), id=21)],
    )
    gone = correction("wall", shapely.Point(9, 2), there=False, anchor=Anchor("way", 21, 9, 2))
    assert resolve(city, [], [gone]).segments.width[0] == pytest.approx(10.0)


def test_new_wall_narrows_the_street():
    wall = correction("wall", shapely.LineString([(-9, 2), (209, 2)]), value=1.0)
    city = resolve(base(), [], [wall])
    assert city.segments.width[0] == pytest.approx(7.0)
    assert city.lines.tags(1)["height"] == "1"


@pytest.mark.parametrize(
    ("kind", "shape", "table", "word"),
    [
        ("kerb", shapely.LineString([(0, 1), (9, 1)]), "lines", "kerb"),
        ("step", shapely.LineString([(0, 1), (9, 1)]), "lines", "steps"),
        ("tree", shapely.Point(5, 5), "furniture", "tree"),
        ("gap", shapely.LineString([(0, 1), (8, 1)]), "points", "gap"),
    ],
)
def test_what_is_new_goes_to_its_table(kind, shape, table, word):
    city = resolve(base(), [], [correction(kind, shape, value=0.2)])
    assert word in kinds(getattr(city, table))


def test_gap_stands_in_the_middle_of_its_line_with_its_width():
    city = resolve(base(), [], [correction("gap", shapely.LineString([(0, 1), (8, 1)]), value=3.1)])
    row = int(np.flatnonzero(has_tag(city.points, "maxwidth:physical"))[0])
    assert city.points.tags(row)["maxwidth:physical"] == "3.1"
    assert city.points.geometry[row].equals(shapely.Point(4, 1))


def test_ground_at_a_point_speaks_of_what_is_around_it():
    city = resolve(
        base(),
        [],
        [
            correction("ground", shapely.Point(50, 300), there=False),
            correction("ground", shapely.box(0, 300, 9, 309)),
        ],
    )
    assert kinds(city.areas)[2:] == ["ground_drivable", "ground_not_drivable"]
    assert city.areas.geometry[2].area == pytest.approx(math.pi * 9, rel=0.05)
    assert city.areas.words("osm_type")[2] == "correction"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (("width", Anchor("way", 99, 50, 0)), "vanished"),
        (("width", Anchor("way", 1, 50, 30)), "moved"),
        (("bollard", Anchor("node", 99, 0, 0)), "vanished"),
        (("bollard", Anchor("node", 31, 0, 9)), "moved"),
    ],
)
def test_match_that_vanished_or_moved_is_a_conflict_and_not_applied(said, reason):
    kind, anchor = said
    city = resolve(
        base(),
        [],
        [correction(kind, shapely.Point(50, 1), value=3.0, there=kind == "width", anchor=anchor)],
    )
    (conflict,) = city.manifest["conflicts"]
    assert (conflict["reason"], conflict["anchor"]) == (reason, str(anchor))
    assert city.segments.width[0] == base().segments.width[0]
    assert kinds(city.points) == kinds(base().points)


def test_match_that_moved_by_less_than_five_metres_is_applied():
    near = Anchor("way", 1, 50, 4.9)
    city = resolve(base(), [], [correction("width", shapely.Point(50, 1), value=3.2, anchor=near)])
    assert city.manifest["conflicts"] == []
    assert city.segments.width[0] == pytest.approx(3.2)


def test_obstacle_seen_on_site_stays_though_its_match_vanished():
    there = correction("bollard", shapely.Point(20, 1), anchor=Anchor("node", 99, 20, 1))
    city = resolve(base(), [], [there])
    assert len(city.manifest["conflicts"]) == 1
    assert len(city.points) == 3
