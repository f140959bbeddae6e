"""What is computed from a city's map and people, on towns whose answers are known by drawing."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city
from geodata_town import PARK, codes, drawn, living_at, of
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.indicators.estimates import Flag
from parvis.indicators.geodata import Areas, PopulationCells, measures_of
from parvis.indicators.geodata.errors import NobodyThereError, NoWaysError, UnknownSpacesError
from parvis.indicators.geodata.uses import evenness
from parvis.indicators.geodata.work import POTENTIAL
from parvis.indicators.values import DataGrade
from parvis.packs.geodata import shipped_geodata
from parvis.packs.indicators import catalogue

CATALOGUE = catalogue()
STREET = Street([(0, 0), (2000, 0)])
ONE_STREET = (STREET,)


def measured(city, cells, **options):
    return measures_of(city, cells, CATALOGUE, period="2025", **options)


def share(city, cells, code="LIV-02", **options):
    return of(measured(city, cells, **options), code).value


def test_people_are_served_up_to_400_m_along_the_street():
    # From a house on the street at x to the park: to x = 110 and across to its corner.
    corner = np.hypot(10, 10)
    last = 110 + 400 - corner
    city = drawn(ONE_STREET)
    assert share(city, living_at((last - 3.0, 0, 10))) == 100.0
    assert share(city, living_at((last + 3.0, 0, 10))) == 0.0


def test_it_is_the_way_along_the_streets_that_counts_and_not_the_distance():
    round_about = (Street([(0, 0), (50, 0), (1000, 0)]), Street([(0, 300), (50, 300), (1000, 300)]),
                   Street([(1000, 0), (1000, 300)]))  # fmt: skip
    house = living_at((50, 300, 10))
    assert share(drawn(round_about), house) == 0.0
    with_a_path = (*round_about, Street([(50, 0), (50, 300)], "footway"))
    assert share(drawn(with_a_path), house) == 100.0


def test_a_fence_keeps_people_out_and_a_path_through_it_lets_them_in():
    fence = Thing("fence", shapely.LineString([(-50, 5), (150, 5)]))
    house = living_at((300, 0, 10))
    assert share(drawn(ONE_STREET, lines=[fence]), house) == 0.0
    path = Street([(60, 0), (60, 50)], "footway")
    streets = (Street([(0, 0), (60, 0)]), Street([(60, 0), (2000, 0)]), path)
    assert share(drawn(streets, lines=[fence]), house) == 100.0


def test_open_spaces_without_a_way_in_are_told():
    far_away = shapely.box(800, 300, 900, 400)
    found = measured(drawn(ONE_STREET, parks=[PARK, far_away]), living_at((300, 0, 10)))
    assert "geodata_spaces_apart" in codes(found)
    assert found.facts["open_spaces"] == 2


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 19), min_size=1, max_size=5, unique=True), st.integers(0, 19))
def test_one_more_open_space_never_lowers_who_is_served(parks, another):
    def at(number):
        return shapely.box(100 * number, 5, 100 * number + 40, 45)

    homes = living_at(*((x, 0.0, 1.0 + x % 7) for x in range(5, 2000, 90)))
    before = share(drawn(ONE_STREET, parks=[at(n) for n in parks]), homes)
    after = share(drawn(ONE_STREET, parks=[at(n) for n in (*parks, another)]), homes)
    assert after >= before - 1e-9


@settings(max_examples=12, deadline=None)
@given(st.permutations(range(8)), st.floats(0.25, 40.0))
def test_neither_the_order_of_cells_nor_the_unit_of_people_matters(order, unit):
    spots = [(250.0 * i, 3.0 * i, 1.0 + i * i) for i in range(8)]
    city = drawn(ONE_STREET)
    plain = of(measured(city, living_at(*spots)), "LIV-02")
    other = living_at(*((spots[i][0], spots[i][1], spots[i][2] * unit) for i in order))
    turned = of(measured(city, other), "LIV-02")
    assert turned.value == pytest.approx(plain.value, rel=1e-12)
    assert turned.numerator == pytest.approx(plain.numerator * unit, rel=1e-12)


def test_the_share_is_people_served_over_all_people():
    found = of(measured(drawn(ONE_STREET), living_at((200, 0, 30), (1900, 0, 70))), "LIV-02")
    assert (found.numerator, found.denominator, found.value) == (30.0, 100.0, 30.0)
    assert (found.n, found.unit, found.error_model) == (100, "percent", "boundary")


def test_potential_open_space_is_flagged_and_graded_as_such():
    found = measured(drawn(ONE_STREET), living_at((200, 0, 10)))
    row = of(found, "LIV-02")
    assert (row.flag, row.grade) == (Flag.DEFINITION, DataGrade.D)
    assert "geodata_potential" in codes(found)


def test_once_a_space_is_verified_values_rest_on_verified_ones_with_the_potential_beside():
    parks = [PARK, shapely.box(1500, 10, 1600, 100)]
    homes = living_at((200, 0, 30), (1700, 0, 70))
    found = measured(drawn(ONE_STREET, parks=parks), homes, verified={"way/1"})
    row, beside = of(found, "LIV-02"), of(found, "LIV-02", split=POTENTIAL)
    assert (row.value, row.flag, row.grade) == (30.0, Flag.PROVISIONAL, DataGrade.D)
    assert "geodata_partly" in codes(found)
    settled = measured(drawn(ONE_STREET, parks=parks), homes, verified={"way/1"}, refuted={"way/2"})
    row = of(settled, "LIV-02")
    assert (row.value, row.flag, row.grade) == (30.0, Flag.ESTIMATED, DataGrade.C)
    assert "geodata_partly" not in codes(settled)
    assert (beside.value, beside.grade) == (100.0, DataGrade.D)
    assert "geodata_potential" not in codes(found)


def test_a_space_found_closed_on_the_ground_counts_no_more():
    found = measured(drawn(ONE_STREET), living_at((200, 0, 10)), refuted={"way/1"})
    assert of(found, "LIV-02").value == 0.0


def test_spaces_tagged_as_closed_and_pedestrian_streets_are_no_open_space():
    private = draw_city(ONE_STREET, spaces=[Thing("pedestrian_street", PARK)])
    found = measured(replace(private, bounds=(-9, -9, 2009, 9)), living_at((200, 0, 10)))
    assert (found.facts["open_spaces"], of(found, "LIV-02").value) == (0, 0.0)


def test_unknown_verified_spaces_are_refused():
    with pytest.raises(UnknownSpacesError, match="way/77"):
        measured(drawn(ONE_STREET), living_at((200, 0, 10)), verified={"way/77", "way/1"})


def test_people_far_from_any_way_count_as_reaching_nothing_and_are_reported():
    found = measured(drawn(ONE_STREET), living_at((200, 0, 60), (50, 250, 40)))
    assert of(found, "LIV-02").value == 60.0
    assert found.facts["people_unattached"] == 40.0
    assert "geodata_unattached" in codes(found)
    assert list(found.reach.attached) == [1.0, 0.0]


def test_cells_outside_the_map_are_left_out_and_reported():
    found = measured(drawn(ONE_STREET), living_at((200, 0, 60), (200, 5000, 40)))
    row = of(found, "LIV-02")
    assert (row.value, row.denominator) == (100.0, 60.0)
    assert (found.facts["cells_outside"], found.facts["people_outside"]) == (1, 40.0)
    assert "geodata_outside" in codes(found)


def test_people_unserved_at_the_edge_of_the_map_are_told():
    inside = measured(drawn(ONE_STREET, frame=(-500, -500, 5000, 500)), living_at((1400, 0, 10)))
    assert inside.facts["people_unserved_near_edge"] == 0.0
    at_edge = drawn(ONE_STREET, frame=(-500, -500, 2100, 500))
    assert "geodata_edge" in codes(measured(at_edge, living_at((1900, 0, 10))))


def test_where_nobody_lives_in_the_city_it_is_refused():
    with pytest.raises(NobodyThereError, match=r"cells\.csv"):
        measured(drawn(ONE_STREET), living_at((90_000, 90_000, 10)))


def test_a_city_without_ways_is_refused():
    with pytest.raises(NoWaysError):
        measured(drawn([Street([(0, 0), (900, 0)], "motorway")]), living_at((200, 0, 10)))


def test_parts_of_the_people_come_as_splits_that_add_up():
    spots = ((200.0, 0.0, 30.0), (1900.0, 0.0, 70.0))
    cells = living_at(*spots, **{"sex=f": (20.0, 30.0), "sex=m": (10.0, 40.0), "origin=x": (1, 2)})
    found = measured(drawn(ONE_STREET), cells)
    women, men, all_ = (of(found, "LIV-02", split=s) for s in ("sex=f", "sex=m", ""))
    assert (women.value, men.value) == (40.0, 20.0)
    assert women.numerator + men.numerator == all_.numerator
    assert not [o for o in found.observations if o.split == "origin=x"]
    assert not [o for o in found.observations if o.indicator == "BCK-03" and o.split]


def test_areas_add_up_to_the_city():
    halves = Areas(
        ("west", "east"),
        np.array([shapely.box(-500, -500, 1000, 500), shapely.box(1000, -500, 3000, 500)]),
    )
    homes = living_at((200, 0, 30), (700, 0, 20), (1900, 0, 50))
    found = measured(drawn(ONE_STREET), homes, areas=halves, whole="town")
    rows = [of(found, "LIV-02", area) for area in ("west", "east")]
    whole = of(found, "LIV-02", "town")
    assert [row.value for row in rows] == [60.0, 0.0]
    assert sum(row.numerator for row in rows) == whole.numerator
    assert sum(row.denominator for row in rows) == whole.denominator


def test_people_of_a_cell_live_at_its_homes_by_their_ground_area():
    homes = [
        Thing("building", shapely.box(200, 2, 220, 12)),
        Thing("building", shapely.box(1800, 2, 1830, 22)),
        Thing("building", shapely.box(900, 2, 990, 92), tags={"building": "church"}),
    ]
    cell = PopulationCells(
        "grid", ("a",), np.array([shapely.box(0, -10, 2000, 100)]), np.array([80.0]), {}
    )
    found = measured(drawn(ONE_STREET, areas=homes), cell)
    assert of(found, "LIV-02").value == pytest.approx(100.0 * 200 / (200 + 600))
    assert found.reach.served["open_space"] == pytest.approx([0.25])


def test_a_bus_stop_serves_500_m_and_a_station_1000_m():
    stop = ("stop", 0.0, 0.0, {"highway": "bus_stop"})
    station = ("station", 2000.0, 0.0, {"railway": "station"})
    homes = living_at((499, 0, 1), (501, 0, 2), (999, 0, 4), (1001, 0, 8), (1990, 0, 16))
    found = measured(drawn(ONE_STREET, things=[stop, station]), homes)
    assert of(found, "QOL-07").numerator == 1 + 8 + 16
    assert found.facts["transport"] == {"bus_tram": 1, "rail": 1}
    assert found.reach.served["rail"].tolist() == [0, 0, 0, 1, 1]


SERVICES = ("amenity=school", "amenity=doctors", "amenity=pharmacy", "shop=supermarket",
            "amenity=library")  # fmt: skip


def test_all_five_services_are_needed_within_a_quarter_of_an_hour():
    reach = 15 * 75.0
    things = [
        (tag.split("=")[0], 100.0 * i, 0.0, dict([tag.split("=")]))
        for i, tag in enumerate(SERVICES)
    ]
    homes = living_at((reach - 1, 0, 1), (reach + 1, 0, 2))
    assert of(measured(drawn(ONE_STREET, things=things), homes), "QOL-09").numerator == 1.0


def test_a_service_nobody_mapped_is_unknown_and_not_absent():
    things = [("amenity", 0.0, 0.0, {"amenity": "school"})]
    found = measured(drawn(ONE_STREET, things=things), living_at((5, 0, 1)))
    assert "QOL-09" not in {o.indicator for o in found.observations}
    said = next(n for n in found.notices if n.details.get("indicator") == "QOL-09")
    assert said.code == "geodata_unmapped"
    assert "library" in said.details["kinds"]
    assert "school" not in said.details["kinds"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([7, 0, 0], 0.0),
        ([4, 4, 4], 1.0),
        ([2, 2, 0, 0], 0.5),
        ([1, 1, 2], (0.5 * np.log(2) + 0.5 * np.log(4)) / np.log(3)),
    ],
)
def test_evenness_of_known_counts(counts, expected):
    assert evenness(counts) == pytest.approx(expected, abs=1e-12)
    assert evenness([5 * n for n in counts]) == pytest.approx(expected, abs=1e-12)
    assert evenness([0, 0]) is None


def shops(n, level=None):
    tags = {"shop": "clothes"} | ({"level": level} if level else {})
    return [("shop", 10.0 * i, 5.0, tags) for i in range(n)]


def cafes(n):
    return [("amenity", 10.0 * i, 8.0, {"amenity": "cafe"}) for i in range(n)]


def test_ground_floors_are_as_even_as_their_uses():
    found = measured(drawn(ONE_STREET, things=[*shops(15), *cafes(15)]), living_at((5, 0, 1)))
    kinds = len(shipped_geodata().uses)
    row = of(found, "LIV-11")
    assert (row.value, row.n) == (pytest.approx(np.log(2) / np.log(kinds)), 30)


def test_upper_floors_and_places_mapped_twice_do_not_count():
    cafe = Thing("building", shapely.box(-3, 4, 3, 12), tags={"amenity": "cafe"})
    things = [*shops(15), *shops(15, "2"), *cafes(10)]
    found = measured(drawn(ONE_STREET, things=things, areas=[cafe]), living_at((5, 0, 1)))
    assert found.facts["uses"]["food"] == 10
    assert found.facts["uses"]["retail"] == 15


def test_few_uses_have_no_evenness_and_say_so():
    found = measured(drawn(ONE_STREET, things=shops(19)), living_at((5, 0, 1)))
    row = of(found, "LIV-11")
    assert (row.value, row.n, row.flag) == (None, 19, Flag.UNRELIABLE)
    assert "geodata_few_uses" in codes(found)


def test_open_ground_is_streets_and_open_spaces_once_each_without_buildings():
    # A street 10 m wide through a square kilometre, a park that lies half under a building.
    street = Street([(0, 0), (1000, 0)], width=10.0)
    park = shapely.box(100, 0, 200, 100)
    house = Thing("building", shapely.box(150, 50, 200, 100))
    extent = shapely.box(0, -500, 1000, 500)
    city = drawn([street], parks=[park], areas=[house], frame=(0, -500, 1000, 500))
    found = measured(city, living_at((5, 0, 1)), built_up=extent)
    row = of(found, "LIV-01")
    expected = 1000 * 10 + (100 * 100 - 100 * 5) - 50 * 50
    assert row.value == pytest.approx(100 * expected / 1e6, rel=1e-9)
    assert row.denominator == pytest.approx(1.0)
    assert found.facts["street_km2"] == pytest.approx(0.01)
    verified = measured(city, living_at((5, 0, 1)), built_up=extent, verified={"way/1"})
    assert of(verified, "LIV-01").value == pytest.approx(row.value)
    assert of(verified, "LIV-01").grade is DataGrade.C


def test_the_built_up_area_joins_near_buildings_and_leaves_far_ones_apart():
    houses = [
        Thing("building", shapely.box(0, 5, 100, 105)),
        Thing("building", shapely.box(200, 5, 300, 105)),
        Thing("building", shapely.box(900, 5, 1000, 105)),
    ]
    found = measured(drawn(ONE_STREET, areas=houses), living_at((5, 0, 1)))
    # Between the two near ones a disc of 100 m leaves a segment of a circle on either side.
    segment = 100.0**2 / 2 * (np.pi / 3 - np.sin(np.pi / 3))
    expected = 300 * 100 - 2 * segment + 100 * 100
    assert found.facts["built_up_km2"] == pytest.approx(expected / 1e6, rel=0.01)


def test_water_is_not_built_up():
    house = Thing("building", shapely.box(0, 0, 400, 400))
    water = Thing("water", shapely.box(200, 0, 400, 400))
    found = measured(drawn(ONE_STREET, areas=[house, water]), living_at((5, 0, 1)))
    assert found.facts["built_up_km2"] == pytest.approx(0.08, rel=0.01)


def test_density_is_people_over_the_built_up_area_their_cells_cover():
    cell = PopulationCells(
        "grid", ("a",), np.array([shapely.box(0, 0, 500, 500)]), np.array([1000.0]), {}
    )
    extent = shapely.box(0, 0, 1000, 500)
    found = measured(drawn(ONE_STREET), cell, built_up=extent)
    assert of(found, "BCK-03").value == pytest.approx(4000.0)
    assert of(found, "BCK-03").unit == "per_km2"


def inventory(found, kind, area="city"):
    (row,) = [each for each in found.inventories if (each.kind, each.area) == (kind, area)]
    return row


def test_dead_ends_are_where_no_street_goes_on_and_on_foot_where_no_path_does():
    streets = [
        Street([(0, 0), (1000, 0)]),
        Street([(1000, 0), (2000, 0)]),
        Street([(1000, 0), (1000, 200)]),
        Street([(1000, 200), (1300, 200)], "footway"),
    ]
    found = measured(drawn(streets), living_at((5, 0, 1)))
    assert inventory(found, "dead_end").n == 3
    assert inventory(found, "dead_end_on_foot").n == 2
    assert inventory(found, "dead_end").per_km == pytest.approx(3 / 2.2)


def test_where_the_extract_cuts_a_street_is_no_dead_end():
    city = drawn(ONE_STREET)
    cut = np.ones(len(city.segments.node_x), dtype=bool)
    city = replace(city, segments=replace(city.segments, node_is_cut=cut))
    assert inventory(measured(city, living_at((5, 0, 1))), "dead_end").n == 0


def test_lamps_and_cameras_tell_how_much_of_the_streets_is_mapped_and_tagged():
    things = [
        ("street_lamp", 10.0, 3.0, {"highway": "street_lamp", "lamp_type": "led"}),
        ("street_lamp", 60.0, 3.0, {"highway": "street_lamp"}),
        ("camera", 1990.0, 3.0, {"man_made": "surveillance"}),
    ]
    found = measured(drawn(ONE_STREET, things=things), living_at((5, 0, 1)))
    lamps, cameras = inventory(found, "lamp"), inventory(found, "camera")
    assert (lamps.n, lamps.per_km, cameras.n) == (2, pytest.approx(1.0), 1)
    assert lamps.mapped_share == pytest.approx(250 / 2000, abs=0.02)
    assert lamps.tagged["lamp_type"] == 0.5
    assert "geodata_inventory" in codes(found)


def test_an_indicator_that_is_switched_off_is_not_computed():
    fewer = replace(CATALOGUE, indicators={
        key: each for key, each in CATALOGUE.indicators.items() if key != "LIV-02"
    })  # fmt: skip
    found = measures_of(drawn(ONE_STREET), living_at((5, 0, 1)), fewer, period="2025")
    assert "LIV-02" not in {o.indicator for o in found.observations}
