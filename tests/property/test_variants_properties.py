"""A design that draws the present leaves the ground as it is; no file breaks the importer."""

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.approach.ground import build_ground
from parvis.city.assemble import join
from parvis.city.variant_layers import DESIGN_LAYERS
from parvis.city.variants import (
    TABLES,
    Variant,
    city_with_variant,
    cut_at,
    rows_of_layers,
)
from parvis.errors import InputError
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

RULES = load_ground_rules()
EVERY = tuple(DESIGN_LAYERS)
BOX = (-60.0, -60.0, 60.0, 60.0)
COORDINATE = st.integers(-50, 50).map(float)


@st.composite
def places(draw, n):
    return [(draw(COORDINATE), draw(COORDINATE)) for _ in range(n)]


@st.composite
def cities(draw):
    """Two streets, houses, walls, water, posts and a square, anywhere."""
    streets = [
        Street([(-60, draw(COORDINATE)), (60, draw(COORDINATE))], width=draw(st.floats(4, 14))),
        Street([(draw(COORDINATE), -60), (draw(COORDINATE), 60)], width=8.0),
    ]
    areas = [
        Thing(kind, shapely.box(x, y, x + w, y + h), id=100 + i)
        for i, (kind, x, y, w, h) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from(["building", "water", "square", "wall", "grass", "steps"]),
                        COORDINATE,
                        COORDINATE,
                        st.integers(2, 30),
                        st.integers(2, 30),
                    ),
                    max_size=6,
                )
            )
        )
    ]
    lines = [
        Thing(kind, shapely.LineString([*draw(places(2)), (55.0, 55.0)]), id=200 + i)
        for i, kind in enumerate(
            draw(st.lists(st.sampled_from(["wall", "fence", "kerb", "retaining_wall"]), max_size=4))
        )
    ]
    points = [
        Thing("bollard", shapely.Point(*p), id=300 + i) for i, p in enumerate(draw(places(3)))
    ]
    return draw_city(streets, areas=areas, lines=lines, points=points)


@st.composite
def limits(draw):
    west, south = draw(COORDINATE), draw(COORDINATE)
    shape = shapely.box(west, south, west + draw(st.integers(5, 60)), south + 33.3)
    return shapely.affinity.rotate(shape, draw(st.integers(0, 89)))


def present_of(city, limit):
    """Return the present inside a limit as a design that replaces everything by it."""
    tables = {}
    for name in TABLES:
        table = getattr(city, name)
        inside, _ = cut_at(table, rows_of_layers(table, name, EVERY, limit), limit)
        if len(inside):
            tables[name] = inside
    return Variant("same", limit, EVERY, tables, "same", {})


def surfaces(city, scenario):
    ground = build_ground(city, BOX, scenario=scenario, rules=RULES)
    return ground.surfaces[ground.levels.index(0)]


@given(city=cities(), limit=limits(), scenario=st.sampled_from(Scenario))
def test_drawing_the_present_gives_the_present(city, limit, scenario):
    same = city_with_variant(city, present_of(city, limit))
    facts = same.manifest["variant"]
    assert (facts["streets_ended"], facts["widths_measured"]) == (0, 0)
    assert facts["taken_out"] == facts["brought_in"]
    before, after = surfaces(city, scenario), surfaces(same, scenario)
    assert shapely.symmetric_difference(before, after).buffer(-0.01).area < 1e-6
    assert same.hash != city.hash


@given(city=cities(), limit=limits())
def test_nothing_outside_the_limit_moves(city, limit):
    empty = city_with_variant(city, Variant("none", limit, EVERY, {}, "none", {}))
    beyond = shapely.box(-500, -500, 500, 500).difference(limit.buffer(0.01))
    for name in TABLES:
        before, after = getattr(city, name), getattr(empty, name)
        for measure in (shapely.length, shapely.area):
            kept = [
                float(measure(shapely.intersection(table.geometry, beyond)).sum())
                for table in (before, after)
            ]
            assert kept[0] == pytest.approx(kept[1], abs=1e-6)
    inside = rows_of_layers(empty.lines, "lines", EVERY, limit.buffer(-0.01))
    assert len(inside) == 0


@given(city=cities(), limit=limits(), ends=places(2))
def test_a_new_wall_never_opens_ground_between_existing_faces(city, limit, ends):
    wall = shapely.LineString([*ends, (0.5, 0.5)]).intersection(limit)
    parts = [part for part in shapely.get_parts(wall) if part.length > 0.1]
    present = present_of(city, limit)
    more = [
        Thing("wall", part, id=-i - 1, tags={"parvis:grade": "B"}) for i, part in enumerate(parts)
    ]

    drawn = draw_city(lines=more).lines
    lines = join(present.tables["lines"], drawn) if "lines" in present.tables else drawn
    walled = city_with_variant(
        city, Variant("w", limit, EVERY, {**present.tables, "lines": lines}, "w", {})
    )
    solid = shapely.union_all([part.buffer(0.14, cap_style="flat") for part in parts])
    assert surfaces(walled, Scenario.TYPICAL).intersection(solid).area < 1e-3


@settings(max_examples=40)
@given(data=st.data())
def test_no_content_of_a_file_breaks_the_importer(data, tmp_path_factory):
    from parvis.io.variant_files import read_design

    folder = tmp_path_factory.mktemp("fuzz")
    city = draw_city([Street([(0, 0), (100, 0)])])
    suffix = data.draw(st.sampled_from([".dxf", ".gpkg", ".geojson", ".csv"]))
    path = folder / f"walls{suffix}"
    head = {
        ".dxf": b"  0\nSECTION\n  2\nENTITIES\n",
        ".gpkg": b"SQLite format 3\x00",
        ".geojson": b'{"type":"FeatureCollection","features":[',
        ".csv": b"x,y,kind\n",
    }[suffix]
    path.write_bytes(head + data.draw(st.binary(max_size=300)))
    limit = folder / "limit.geojson"
    limit.write_text('{"type":"Polygon","coordinates":[[[0,-9],[90,-9],[90,9],[0,9],[0,-9]]]}')
    try:
        design = read_design(city, [path], limit=limit, crs=str(city.epsg), layers={})
    except InputError:
        return
    assert design.limit.is_valid
    assert np.isfinite(shapely.total_bounds(np.array([design.limit], dtype=object))).all()
