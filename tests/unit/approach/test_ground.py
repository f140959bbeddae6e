from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.approach.ground import build_ground, ground_cells, unknown_share
from parvis.city.model import Elevation
from parvis.city.widths import BY_TAG, CORRECTED
from parvis.packs.content import load_ground_rules
from parvis.terms import Grade, Scenario

RULES = load_ground_rules()
BOUNDS = (-100.0, -100.0, 100.0, 100.0)
WEST_EAST = [(-90.0, 0.0), (90.0, 0.0)]
SQUARE = Thing("square", shapely.box(-30, -30, 30, 30))


def ground(city, scenario=Scenario.TYPICAL, **options):
    return build_ground(city, BOUNDS, scenario=scenario, rules=RULES, **options)


def is_drivable(built, x, y, level=0):
    return bool(shapely.contains_xy(built.surfaces[built.levels.index(level)], x, y))


def is_joined(built, one, other, half_width=1.0):
    """Whether a vehicle gets from one place (x, y[, level]) to another."""
    grid = ground_cells(built, half_width=half_width, cell=1.0)
    n = grid.is_ground.size
    index = np.arange(n).reshape(grid.is_ground.shape)
    first = [index[grid.right], index[grid.up]]
    second = [np.roll(index, -1, axis=2)[grid.right], np.roll(index, -1, axis=1)[grid.up]]
    for a, b, r, c in grid.portals:
        first.append(index[a, r, c][None])
        second.append(index[b, r, c][None])
    a, b = np.concatenate(first), np.concatenate(second)
    graph = coo_array((np.ones(a.size), (a, b)), shape=(n, n))
    label = connected_components(graph, directed=False)[1].reshape(grid.is_ground.shape)

    def at(x, y, level=0):
        cell = built.levels.index(level), int(y - BOUNDS[1]), int(x - BOUNDS[0])
        assert grid.is_ground[cell], f"no ground at {x}, {y}, level {level}"
        return label[cell]

    return bool(at(*one) == at(*other))


def test_street_is_drivable_face_to_face_and_no_further():
    built = ground(draw_city([Street(WEST_EAST, width=10.0)]))
    assert is_drivable(built, 0, 4.9)
    assert not is_drivable(built, 0, 5.3)


def test_unmapped_ground_is_not_drivable_and_in_the_upper_ground_only_nearby():
    city = draw_city([Street(WEST_EAST, width=10.0)])
    upper = ground(city, Scenario.LIMIT)
    assert is_drivable(upper, 0, 8.5)
    assert not is_drivable(upper, 0, 9.6)


def test_gap_of_four_metres_is_closed_and_one_of_five_is_not():
    square = Thing("square", shapely.box(-30, 8.9, 30, 40))
    assert is_joined(
        ground(draw_city([Street(WEST_EAST, width=10.0)], areas=[square])), (0, 0), (0, 30)
    )
    far = replace(square, shape=shapely.box(-30, 10.2, 30, 40))
    assert not is_joined(
        ground(draw_city([Street(WEST_EAST, width=10.0)], areas=[far])), (0, 0), (0, 30)
    )


def test_wall_in_a_closed_gap_still_stands():
    square = Thing("square", shapely.box(-30, 8.0, 30, 40))
    wall = Thing("retaining_wall", shapely.LineString([(-40, 6.5), (40, 6.5)]))
    built = ground(draw_city([Street(WEST_EAST, width=10.0)], areas=[square], lines=[wall]))
    assert not is_joined(built, (0, 0), (0, 30))


@pytest.mark.parametrize("kind", ["building", "water", "wood"])
def test_areas_that_block_are_cut_out(kind):
    block = Thing(kind, shapely.box(-10, -10, 10, 10))
    built = ground(draw_city(areas=[SQUARE, block]))
    assert not is_drivable(built, 0, 0)
    assert is_drivable(built, 20, 0)


def test_wall_blocks_the_typical_ground_only_and_a_retaining_wall_both():
    line = shapely.LineString([(0, -40), (0, 40)])
    for kind, in_typical, in_limit in (("wall", False, True), ("retaining_wall", False, False)):
        city = draw_city(areas=[SQUARE], lines=[Thing(kind, line)])
        assert is_joined(ground(city), (-20, 0), (20, 0)) is in_typical
        assert is_joined(ground(city, Scenario.LIMIT), (-20, 0), (20, 0)) is in_limit


def test_low_wall_does_not_block_and_is_listed():
    line = shapely.LineString([(0, -40), (0, 40)])
    built = ground(draw_city(areas=[SQUARE], lines=[Thing("wall", line, tags={"height": "0.4"})]))
    assert is_joined(built, (-20, 0), (20, 0))
    assert [e.kind for e in built.existing] == ["wall"]


@pytest.mark.parametrize("kind", ["fence", "hedge", "chain", "kerb", "guard_rail"])
def test_light_obstacles_do_not_block_and_are_listed(kind):
    line = Thing(kind, shapely.LineString([(0, -40), (0, 40)]), id=7)
    built = ground(draw_city(areas=[SQUARE], lines=[line]))
    assert is_joined(built, (-20, 0), (20, 0))
    (found,) = built.existing
    assert (found.kind, found.feature, found.is_rated, found.holds) == (kind, "way/7", False, False)


def test_unrated_bollards_do_not_block_and_are_listed():
    posts = [Thing("bollard", shapely.Point(0, y), id=i + 1) for i, y in enumerate(range(-40, 41))]
    built = ground(draw_city(areas=[SQUARE], points=posts))
    assert is_joined(built, (-20, 0), (20, 0))
    assert {e.feature for e in built.existing} >= {"node/1", "node/81"}


def test_rated_bollards_block_where_their_rating_holds_and_they_are_closed():
    rated = {"parvis:rating": "V/7200[N2B]/48/90", "parvis:grade": "A"}
    row = range(-40, 41)
    posts = [Thing("bollard", shapely.Point(0, y), id=i + 1, tags=rated) for i, y in enumerate(row)]
    city = draw_city(areas=[SQUARE], points=posts)
    names = frozenset(f"node/{i + 1}" for i in range(len(posts)))
    standing = ground(city, holding=names)
    assert not is_joined(standing, (-20, 0), (20, 0))
    assert all(e.holds and e.is_rated and e.grade is Grade.A for e in standing.existing)
    assert is_joined(ground(city), (-20, 0), (20, 0))
    lowered = [replace(p, tags={**rated, "parvis:state": "lowered"}) for p in posts]
    opened = ground(draw_city(areas=[SQUARE], points=lowered), holding=names)
    assert is_joined(opened, (-20, 0), (20, 0))
    assert all(e.is_rated and not e.holds and e.is_flagged for e in opened.existing)


def test_rated_gate_on_a_street_closes_it_from_face_to_face():
    gate = Thing("lift_gate", shapely.Point(0, 0), id=5, tags={"parvis:rating": "V/7200/48/90"})
    city = draw_city([Street([(-90, 0), (0, 0), (90, 0)], width=8.0)], points=[gate])
    assert is_joined(ground(city), (-50, 0), (50, 0))
    assert not is_joined(ground(city, holding=frozenset({"node/5"})), (-50, 0), (50, 0))


def test_steps_block_except_for_off_road_classes_on_the_upper_ground():
    streets = [
        Street([(-90, 0), (-5, 0)], width=8.0),
        Street([(-5, 0), (5, 0)], "steps", width=8.0, flags=frozenset({"steps"})),
        Street([(5, 0), (90, 0)], width=8.0),
    ]
    city = draw_city(streets)
    ends = (-50, 0), (50, 0)
    assert not is_joined(ground(city), *ends)
    assert not is_joined(ground(city, is_off_road=True), *ends)
    assert not is_joined(ground(city, Scenario.LIMIT), *ends)
    assert is_joined(ground(city, Scenario.LIMIT, is_off_road=True), *ends)


def test_flight_of_steps_in_a_square_cuts_out_its_own_width():
    stairs = Street([(0, -6), (0, 6)], "steps", width=3.0, flags=frozenset({"steps"}))
    built = ground(draw_city([stairs], areas=[SQUARE]))
    assert not is_drivable(built, 0, 0)
    assert is_drivable(built, 3, 0)


def test_covered_passage_leads_through_a_building_and_a_plain_street_does_not():
    house = Thing("building", shapely.box(-10, -40, 10, 40))
    for flags, through in ((frozenset({"covered"}), True), (frozenset(), False)):
        streets = [
            Street([(-90, 0), (-12, 0)]),
            Street([(-12, 0), (12, 0)], "service", width=4.0, flags=flags),
            Street([(12, 0), (90, 0)]),
        ]
        built = ground(draw_city(streets, areas=[house]))
        assert built.notes["streets_through_buildings"] == (0.0 if through else 1.0)
        assert is_joined(built, (-50, 0), (50, 0)) if through else not is_drivable(built, 0, 0)


def test_indoor_ways_are_no_ground():
    indoor = Street(WEST_EAST, "footway", flags=frozenset({"indoor"}))
    assert ground(draw_city([indoor])).surfaces[0].is_empty


def test_roofs_and_buildings_on_other_levels_do_not_block_the_ground():
    above = Thing("building", shapely.box(-10, -10, 10, 10), level=1)
    roof = Thing("roof", shapely.box(-10, 10, 10, 20))
    built = ground(draw_city(areas=[SQUARE, above, roof]))
    assert is_drivable(built, 0, 0)
    assert is_drivable(built, 0, 15)


def bridge_over(street_level=0):
    return [
        Street([(-90, 0), (-20, 0)], width=8.0),
        Street([(-20, 0), (20, 0)], width=8.0, level=1, flags=frozenset({"bridge"})),
        Street([(20, 0), (90, 0)], width=8.0),
        Street([(0, -90), (0, 90)], width=8.0, level=street_level),
    ]


def test_bridge_joins_its_ends_and_never_the_street_below():
    built = ground(draw_city(bridge_over()))
    assert is_joined(built, (-50, 0), (50, 0))
    assert is_joined(built, (-50, 0), (0, 0, 1))
    assert not is_joined(built, (0, 0, 1), (0, 0, 0))
    assert not is_joined(built, (-50, 0), (0, 50))


def test_bridge_hardly_longer_than_the_street_below_does_not_join_it():
    streets = [
        Street([(-90, 0), (-6, 0)], width=8.0),
        Street([(-6, 0), (6, 0)], width=8.0, level=1, flags=frozenset({"bridge"})),
        Street([(6, 0), (90, 0)], width=8.0),
        Street([(0, -90), (0, 90)], width=8.0),
    ]
    built = ground(draw_city(streets))
    assert is_joined(built, (-50, 0), (50, 0))
    assert not is_joined(built, (-50, 0), (0, 50))


def test_tunnel_under_a_square_joins_only_its_mouths():
    streets = [
        Street([(-90, 0), (-40, 0)], width=8.0),
        Street([(-40, 0), (40, 0)], width=8.0, level=-1, flags=frozenset({"tunnel"})),
        Street([(40, 0), (90, 0)], width=8.0),
    ]
    built = ground(draw_city(streets, areas=[SQUARE]))
    assert is_joined(built, (-60, 0), (60, 0))
    assert not is_joined(built, (-60, 0), (0, 0))


def test_bridge_that_begins_at_a_junction_leaves_the_crossing_street_open():
    streets = [
        Street([(0, -90), (0, 0), (0, 90)], width=10.0),
        Street([(0, 0), (60, 0)], width=8.0, level=1, flags=frozenset({"bridge"})),
        Street([(60, 0), (90, 0)], width=8.0),
    ]
    built = ground(draw_city(streets))
    assert is_joined(built, (0, -50), (0, 50))
    assert is_joined(built, (0, -50), (80, 0))


def test_bridge_crosses_water_and_the_quay_does_not():
    river = Thing("water", shapely.box(-15, -90, 15, 90))
    built = ground(draw_city(bridge_over()[:3], areas=[river]))
    assert is_joined(built, (-50, 0), (50, 0))
    assert not is_drivable(built, 0, 0, level=0)
    assert is_drivable(built, 0, 0, level=1)


def test_unknown_ground_does_not_grow_beside_a_bridge():
    built = ground(draw_city(bridge_over()), Scenario.LIMIT)
    assert not is_drivable(built, 10, 5, level=1)


def test_mapped_street_opens_the_wall_it_crosses():
    wall = Thing("wall", shapely.LineString([(0, -40), (0, 40)]))
    built = ground(draw_city([Street(WEST_EAST, width=6.0)], areas=[SQUARE], lines=[wall]))
    assert is_joined(built, (-50, 0), (50, 0))
    assert not is_drivable(built, 0, 20)


def test_wall_beside_a_street_stays_shut():
    wall = Thing("wall", shapely.LineString([(-90, 3), (90, 3)]))
    square = Thing("square", shapely.box(-30, 2, 30, 40))
    built = ground(draw_city([Street(WEST_EAST, width=10.0)], areas=[square], lines=[wall]))
    assert not is_joined(built, (0, 0), (0, 20))


def test_corrected_ground_overrides_the_map():
    house = Thing("building", shapely.box(-10, -30, 10, 30))
    opened = Thing("ground_drivable", shapely.box(-12, -5, 12, 5), osm_type="correction")
    shut = Thing("ground_not_drivable", shapely.box(20, -30, 25, 30), osm_type="correction")
    built = ground(draw_city(areas=[SQUARE, house, opened, shut]))
    assert is_drivable(built, 0, 0)
    assert not is_drivable(built, 22, 0)


def test_municipal_ground_is_ground_with_the_obstacles_on_it():
    house = Thing("building", shapely.box(-10, -30, 10, 30))
    paving = Thing("ground_drivable", shapely.box(-40, -20, 40, 20), osm_type="layer")
    built = ground(draw_city(areas=[house, paving]))
    assert is_drivable(built, 20, 0)
    assert not is_drivable(built, 0, 0)


def test_width_measured_on_site_opens_the_houses_drawn_too_close():
    houses = [
        Thing("building", shapely.box(-90, 1.0, 90, 20)),
        Thing("building", shapely.box(-90, -20, 90, -1.0)),
    ]
    drawn = draw_city([Street(WEST_EAST, width=3.4)], areas=houses)
    assert not is_drivable(ground(drawn), 0, 1.5)
    sources = np.full_like(drawn.segments.width_source, CORRECTED)
    on_site = replace(drawn, segments=replace(drawn.segments, width_source=sources))
    assert is_drivable(ground(on_site), 0, 1.5)


def test_measured_gap_is_a_statement_and_no_barrier():
    gap = Thing("gap", shapely.Point(0, 0), tags={"maxwidth:physical": "1.4"})
    assert ground(draw_city(areas=[SQUARE], points=[gap])).existing == ()


def test_lines_that_are_no_barriers_neither_block_nor_are_listed():
    line = shapely.LineString([(0, -40), (0, 40)])
    kinds = ("coastline", "tree_row", "embankment", "rail")
    built = ground(draw_city(areas=[SQUARE], lines=[Thing(kind, line) for kind in kinds]))
    assert is_joined(built, (-20, 0), (20, 0))
    assert built.existing == ()


def test_slopes_block_only_where_elevation_is_fine():
    x = np.arange(40, dtype=np.float32) * 5.0
    height = np.tile(np.where(x < 100, 0.0, (x - 100) * 0.4), (40, 1)).astype(np.float32)
    fine = Elevation(height, origin_x=-100.0, origin_y=100.0, cell=5.0, source_cell=5.0)
    coarse = replace(fine, source_cell=90.0)
    assert not is_drivable(ground(draw_city(areas=[SQUARE], elevation=fine)), 20, 20)
    assert is_drivable(ground(draw_city(areas=[SQUARE], elevation=fine)), -20, 20)
    assert is_drivable(ground(draw_city(areas=[SQUARE], elevation=coarse)), 20, 20)


def test_unknown_heights_remove_no_ground():
    height = np.full((40, 40), np.nan, dtype=np.float32)
    gaps = Elevation(height, origin_x=-100.0, origin_y=100.0, cell=5.0, source_cell=5.0)
    assert is_drivable(ground(draw_city(areas=[SQUARE], elevation=gaps)), 0, 0)


def test_street_up_a_steep_slope_stays_open():
    height = np.tile((np.arange(40) * 2.0).astype(np.float32), (40, 1))
    slope = Elevation(height, origin_x=-100.0, origin_y=100.0, cell=5.0, source_cell=5.0)
    city = draw_city([Street(WEST_EAST, width=6.0)], areas=[SQUARE], elevation=slope)
    assert is_joined(ground(city), (-50, 0), (50, 0))
    assert not is_drivable(ground(city), 0, 20)


def test_protected_area_is_open_ground():
    city = draw_city([Street(WEST_EAST)])
    built = ground(city, protected_area=shapely.box(-20, 0, 20, 40))
    assert is_joined(built, (-50, 0), (0, 30))


def test_public_spaces_are_open_ground():
    space = Thing("square", shapely.box(-20, 0, 20, 40))
    assert is_drivable(ground(draw_city(spaces=[space])), 0, 30)


def test_vehicles_come_from_public_streets_and_not_from_courtyards():
    yard = Street([(-90, 50), (90, 50)], "service")
    built = ground(draw_city([Street(WEST_EAST), yard]))
    starts = built.carriageways[built.levels.index(0)]
    assert shapely.contains_xy(starts, 0, 0)
    assert not shapely.contains_xy(starts, 0, 50)


def test_unknown_share_counts_what_nobody_mapped():
    house = Thing("building", shapely.box(30, -30, 60, 30))
    built = ground(draw_city(areas=[SQUARE, house]))
    boundary = shapely.LineString([(30, -20), (30, 20)])
    assert unknown_share(built, boundary, 5.0) < 0.01
    open_side = shapely.LineString([(-30, -20), (-30, 20)])
    assert unknown_share(built, open_side, 5.0) == pytest.approx(0.5, abs=0.02)


def test_empty_window_gives_empty_ground():
    built = ground(draw_city())
    assert built.levels == (0,)
    assert built.surfaces[0].is_empty
    assert built.portals == ()


def measured(city):
    sources = np.zeros_like(city.segments.width_source)
    return replace(city, segments=replace(city.segments, width_source=sources))


def test_measured_street_reaches_both_faces_where_its_line_runs_off_the_middle():
    faces = [
        Thing("building", shapely.box(-90, -20, 90, -9)),
        Thing("building", shapely.box(-90, 3, 90, 20)),
    ]
    built = ground(measured(draw_city([Street(WEST_EAST, width=6.0)], areas=faces)))
    assert is_drivable(built, 0, -8.9)
    assert is_drivable(built, 0, 2.9)
    assert not is_drivable(built, 0, -9.1)


def test_measured_street_is_as_wide_as_each_place_allows():
    faces = [
        Thing("building", shapely.box(-90, -30, 0, -3)),
        Thing("building", shapely.box(0, -30, 90, -10)),
        Thing("building", shapely.box(-90, 3, 90, 30)),
    ]
    built = ground(measured(draw_city([Street(WEST_EAST, width=6.0)], areas=faces)))
    assert is_drivable(built, 50, -9.5)
    assert not is_drivable(built, -50, -3.1)


def test_gap_between_houses_is_no_part_of_the_street():
    faces = [
        Thing("building", shapely.box(-90, -30, -1.5, -5)),
        Thing("building", shapely.box(1.5, -30, 90, -5)),
        Thing("building", shapely.box(-90, 5, 90, 30)),
    ]
    built = ground(measured(draw_city([Street(WEST_EAST, width=10.0)], areas=faces)))
    assert not is_drivable(built, 0, -9)


def test_street_without_faces_keeps_the_width_of_its_class():
    built = ground(measured(draw_city([Street(WEST_EAST, width=7.0)])))
    assert is_drivable(built, 0, 5.9)
    assert not is_drivable(built, 0, 6.5)


def test_climbed_steps_are_listed_and_flagged():
    stairs = Street([(0, -6), (0, 6)], "steps", width=3.0, flags=frozenset({"steps"}))
    city = draw_city([stairs], areas=[SQUARE])
    assert ground(city, Scenario.LIMIT).existing == ()
    (found,) = ground(city, Scenario.LIMIT, is_off_road=True).existing
    assert (found.kind, found.feature, found.is_flagged) == ("steps", "way/1", True)


def test_steps_mapped_as_an_area_block_unless_climbed():
    flight = Thing("steps", shapely.box(-3, -30, 3, 30))
    path = Street([(-20, 0), (20, 0)], "footway", width=3.0)
    city = draw_city([path], areas=[SQUARE, flight])
    assert not is_drivable(ground(city), 0, 0)
    assert not is_drivable(ground(city, Scenario.LIMIT), 0, 0)
    assert is_drivable(ground(city, Scenario.LIMIT, is_off_road=True), 0, 0)


def test_a_width_tag_alone_makes_no_street_narrower_than_its_class():
    drawn = draw_city([Street(WEST_EAST, "residential", width=2.0)])
    assert not is_drivable(ground(drawn), 0, 3)
    sources = np.full_like(drawn.segments.width_source, BY_TAG)
    tagged = replace(drawn, segments=replace(drawn.segments, width_source=sources))
    assert is_drivable(ground(tagged), 0, 3)


@pytest.mark.parametrize("kind", ["square", "building", "ground_not_drivable"])
def test_self_crossing_outlines_are_mended(kind):
    bow = shapely.Polygon([(-20, -20), (20, 20), (20, -20), (-20, 20)])
    built = ground(draw_city([Street(WEST_EAST)], areas=[Thing(kind, bow)]))
    assert built.surfaces[0].is_valid
    assert is_drivable(built, 15, 5) is (kind == "square")
