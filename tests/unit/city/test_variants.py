"""A design replaces the present inside its limit alone, and streets do not override it."""

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.approach.ground import build_ground, street_ground
from parvis.city.assemble import build_table, take
from parvis.city.layers import REACH
from parvis.city.variant_layers import DESIGN_LAYERS
from parvis.city.variants import Variant, city_with_variant, cut_at
from parvis.city.widths import CORRECTED
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

LIMIT = shapely.box(40, -30, 60, 30)
EVERY = tuple(layer for layer, said in DESIGN_LAYERS.items() if not said.stays_unless_drawn)


def things(name, *drawn):
    shape = {"areas": "polygon", "lines": "line"}.get(name, "point")
    columns = {"osm_id": -np.arange(1, len(drawn) + 1)}
    if name != "furniture":
        columns["level"] = np.zeros(len(drawn), dtype=np.int8)
    coded = {"kind": [kind for kind, _ in drawn]}
    if name == "areas":
        coded["osm_type"] = ["layer"] * len(drawn)
    tags = [{"parvis:grade": "B"}] * len(drawn)
    return build_table(shape, [g for _, g in drawn], columns, coded=coded, tags=tags)


def variant(replaces=EVERY, limit=LIMIT, digest="v", **drawn):
    tables = {name: things(name, *rows) for name, rows in drawn.items()}
    return Variant("a", limit, tuple(replaces), tables, digest, {})


def street_city(**more):
    """Return a street from west to east between houses that stand 12 m apart."""
    houses = [
        Thing("building", shapely.box(0, 6, 100, 20), id=11),
        Thing("building", shapely.box(0, -20, 100, -6), id=12),
    ]
    return draw_city(
        [Street([(0, 0), (100, 0)], width=12.0, name="Long Street")],
        areas=[*houses, *more.pop("areas", ())],
        **more,
    )


def surface(city):
    ground = build_ground(
        city, (0, -25, 100, 25), scenario=Scenario.TYPICAL, rules=load_ground_rules()
    )
    return ground.surfaces[ground.levels.index(0)]


def passes(city, x):
    """Whether a vehicle 2 m wide gets from west to east past `x`."""
    free = shapely.get_parts(surface(city).buffer(-1.0))
    west, east = shapely.Point(x - 8, 0), shapely.Point(x + 8, 0)
    return any(part.dwithin(west, 4) and part.dwithin(east, 4) for part in free)


def test_what_crosses_the_limit_is_cut_there_and_stays_outside():
    city = draw_city(lines=[Thing("wall", shapely.LineString([(0, 10), (100, 10)]), id=7)])
    lines = city_with_variant(city, variant()).lines
    assert sorted(shapely.length(lines.geometry)) == [40.0, 40.0]
    assert set(lines["osm_id"]) == {7}


def test_points_and_furniture_inside_go_and_those_outside_stay():
    posts = [Thing("bollard", shapely.Point(x, 0), id=x) for x in (10, 50, 90)]
    left = city_with_variant(draw_city(points=posts), variant()).points
    assert sorted(left["osm_id"]) == [10, 90]


def test_other_levels_and_kinds_no_design_draws_stay():
    city = draw_city(
        areas=[Thing("residential", shapely.box(0, -50, 100, 50))],
        lines=[Thing("wall", shapely.LineString([(50, -9), (50, 9)]), level=-1)],
    )
    after = city_with_variant(city, variant())
    assert (len(after.areas), len(after.lines)) == (1, 1)
    assert after.areas.geometry[0].area == city.areas.geometry[0].area


def test_buildings_stay_unless_the_design_replaces_them():
    city = street_city()
    assert len(city_with_variant(city, variant()).areas) == 2
    replaced = city_with_variant(city, variant((*EVERY, "buildings")))
    assert shapely.intersects(replaced.areas.geometry, LIMIT.buffer(-0.1)).sum() == 0


def test_the_present_is_not_changed_and_hashes_tell_designs_apart():
    city = street_city()
    one = city_with_variant(city, variant(digest="one"))
    other = city_with_variant(city, variant(digest="other"))
    assert len({city.hash, one.hash, other.hash}) == 3
    assert one.manifest["variant"]["name"] == "a"
    assert "variant" not in city.manifest


def test_a_wall_of_the_design_across_a_street_closes_it():
    city = street_city()
    wall = shapely.LineString([(50, -8), (50, 8)])
    assert passes(city, 50)
    closed = city_with_variant(city, variant(lines=[("wall", wall)]))
    assert closed.manifest["variant"]["streets_ended"] == 1
    assert not passes(closed, 50)


def test_a_wall_with_a_gap_leaves_the_gap_open():
    parts = [shapely.LineString([(50, -8), (50, -2)]), shapely.LineString([(50, 2), (50, 8)])]
    city = city_with_variant(street_city(), variant(lines=[("wall", part) for part in parts]))
    assert passes(city, 50)
    across = shapely.LineString([(50, -6), (50, 6)]).intersection(surface(city))
    assert across.length == pytest.approx(4.0, abs=0.4)


def test_a_wall_of_the_present_that_a_street_crosses_stays_passable_when_the_design_keeps_it():
    wall = shapely.LineString([(50, -8), (50, 8)])
    city = street_city(lines=[Thing("wall", wall)])
    kept = city_with_variant(city, variant(lines=[("wall", wall)]))
    assert passes(city, 50)
    assert passes(kept, 50)
    assert kept.manifest["variant"]["widths_measured"] == 0


def test_water_of_the_design_in_a_street_is_not_driven_through():
    basin = shapely.box(46, -7, 54, 7)
    city = city_with_variant(street_city(), variant(areas=[("water", basin)]))
    assert not passes(city, 50)
    assert surface(city).intersection(basin).area == pytest.approx(0.0, abs=1e-6)


def test_a_street_that_ends_keeps_both_pieces_with_their_ends():
    wall = shapely.LineString([(50, -8), (50, 8)])
    city = city_with_variant(street_city(), variant(lines=[("wall", wall)]))
    segments = city.segments
    assert len(segments.length) == 2
    assert sorted(segments.length) == pytest.approx([49.75, 49.75])
    ends = set(segments.from_node) | set(segments.to_node)
    assert len(ends) == 4
    for row in range(2):
        first = city.streets.coords[segments.coord_start[row]]
        node = segments.from_node[row]
        assert tuple(first) == (segments.node_x[node], segments.node_y[node])
    assert {city.streets.text("name", int(row)) for row in segments.street} == {"Long Street"}


def test_walls_of_the_design_beside_a_street_narrow_its_width():
    sides = [shapely.LineString([(0, y), (100, y)]) for y in (-2.5, 2.5)]
    limit = shapely.box(-1, -30, 101, 30)
    city = city_with_variant(
        street_city(), variant(limit=limit, lines=[("wall", side) for side in sides])
    )
    assert float(city.segments.width[0]) == pytest.approx(5.0, abs=0.1)
    assert city.manifest["variant"]["widths_measured"] == 1


def test_ground_behind_a_wall_in_a_street_stays_ground():
    city = street_city()
    wall = shapely.LineString([(43, 2.5), (57, 2.5)])
    behind, before = shapely.Point(50, 4.5), shapely.Point(50, 0)
    design = variant(lines=[("wall", wall)])
    after = city_with_variant(city, design, street_ground=street_ground(city, LIMIT))
    assert shapely.contains(surface(after), [behind, before]).all()
    assert not surface(after).intersects(wall)
    assert not surface(city_with_variant(city, design)).contains(behind)


def test_a_width_measured_on_site_stays_unless_a_new_solid_stands_within_it():
    city = street_city()
    city.segments.width_source[:] = CORRECTED
    beside = shapely.LineString([(45, 9), (55, 9)])
    within = shapely.LineString([(45, 4), (55, 4)])
    kept = city_with_variant(city, variant(lines=[("wall", beside)]))
    anew = city_with_variant(city, variant(lines=[("wall", within)]))
    assert kept.segments.width_source[0] == CORRECTED
    assert anew.segments.width_source[0] != CORRECTED


def test_steps_inside_the_limit_are_the_designs_to_draw():
    stairs = Street([(45, 0), (55, 0)], highway="steps", width=12.0, flags=frozenset({"steps"}))
    city = draw_city(
        [
            Street([(0, 0), (45, 0)], width=12.0),
            stairs,
            Street([(55, 0), (100, 0)], width=12.0),
        ],
        areas=[Thing("square", shapely.box(40, -5, 60, 5))],
    )
    assert not passes(city, 50)
    ramp = city_with_variant(city, variant())
    assert len(ramp.segments.length) == 2
    assert passes(ramp, 50)
    again = city_with_variant(city, variant(areas=[("steps", shapely.box(45, -6, 55, 6))]))
    assert not passes(again, 50)


def test_a_gate_of_the_design_at_a_junction_stands_on_it():
    city = draw_city([Street([(0, 0), (50, 0)]), Street([(50, 0), (100, 0)])])
    points = [("gate", shapely.Point(50.01, 0)), ("gate", shapely.Point(55, 0))]
    after = city_with_variant(city, variant(points=points)).points
    node = int(after["segment_node"][0])
    assert (city.segments.node_x[node], city.segments.node_y[node]) == (50, 0)
    assert after["segment_node"][1] == -1


def test_a_design_far_from_any_street_leaves_all_widths():
    far = shapely.box(0, REACH * 3, 20, REACH * 3 + 20)
    wall = shapely.LineString([(1, REACH * 3 + 1), (9, REACH * 3 + 9)])
    city = city_with_variant(street_city(), variant(limit=far, lines=[("wall", wall)]))
    assert city.manifest["variant"]["widths_measured"] == 0


def test_cutting_leaves_no_part_for_what_only_touches():
    beside = things("areas", ("water", shapely.box(60, 0, 70, 10)))
    inside, outside = cut_at(beside, np.array([0]), LIMIT)
    assert (len(inside), len(outside)) == (0, 1)
    assert outside.geometry[0].area == 100.0
    assert len(take(beside, np.array([], dtype=np.int64))) == 0
