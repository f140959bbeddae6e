"""Which public spaces are found, as what, and under which name a person finds them."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.city.assemble import build_table
from parvis.city.select import (
    AmbiguousSpaceError,
    UnknownKindError,
    UnknownSpaceError,
    fold,
    rows_of_kind,
    select_space,
)
from parvis.city.spaces import KINDS, find_spaces

FIELD = shapely.box(0, 0, 40, 30)


def area(tags, shape=FIELD, kind="other", number=1, **kwargs):
    return Thing(kind, shape, tags=tags, id=number, **kwargs)


def found_in(city, furniture=()):
    nodes = build_table(
        "point",
        [shape for shape, _ in furniture],
        {"osm_id": np.arange(70, 70 + len(furniture), dtype=np.int64)},
        coded={"kind": ["square" for _ in furniture]},
        tags=[tags for _, tags in furniture],
    )
    spaces = find_spaces(city.streets, city.segments, city.areas, city.lines, city.points, nodes)
    return [
        {
            "id": spaces.text("id", row),
            "kind": str(spaces.words("kind")[row]),
            "name": spaces.text("name", row),
            "area": float(spaces["area"][row]),
            "is_inferred": bool(spaces["is_inferred"][row]),
            "outline": spaces.geometry[row],
        }
        for row in range(len(spaces))
    ]


def spaces_of(*areas, streets=(), furniture=(), lines=()):
    return found_in(draw_city(streets, areas=areas, lines=lines), furniture)


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"place": "square", "name": "A"}, "square"),
        ({"place": "square"}, "square"),
        ({"highway": "pedestrian", "name": "A"}, "square"),
        ({"amenity": "marketplace"}, "market_place"),
        ({"leisure": "park"}, "park"),
        ({"landuse": "village_green"}, "park"),
        ({"leisure": "garden", "name": "A"}, "garden"),
        ({"leisure": "garden", "access": "yes"}, "garden"),
        ({"leisure": "playground"}, "playground"),
    ],
)
def test_area_is_a_public_space_of_its_kind(tags, kind):
    (space,) = spaces_of(area(tags))
    assert (space["kind"], space["id"], space["is_inferred"]) == (kind, "way/1", False)
    assert space["area"] == pytest.approx(1200)


@pytest.mark.parametrize(
    "tags",
    [
        {"leisure": "garden"},
        {"highway": "pedestrian"},
        {"amenity": "parking", "name": "A"},
        {"landuse": "grass", "name": "A"},
    ],
)
def test_area_that_is_no_public_space_is_left_out(tags):
    assert spaces_of(area(tags)) == []


def test_relation_keeps_its_type_in_the_id():
    (space,) = spaces_of(area({"place": "square"}, osm_type="relation", number=5))
    assert space["id"] == "relation/5"


def test_small_outline_without_name_is_left_out_and_with_name_kept():
    small = shapely.box(0, 0, 10, 10)
    assert spaces_of(area({"place": "square"}, small)) == []
    assert len(spaces_of(area({"place": "square", "name": "A"}, small))) == 1


def test_long_pedestrian_area_is_a_street():
    (space,) = spaces_of(area({"highway": "pedestrian", "name": "A"}, shapely.box(0, 0, 120, 8)))
    assert space["kind"] == "pedestrian_street"


def test_pedestrian_area_along_water_is_a_waterfront():
    water = Thing("water", shapely.box(-50, -80, 200, 0), id=9)
    quay = area({"highway": "pedestrian", "name": "A"}, shapely.box(0, 0, 120, 8))
    (space,) = spaces_of(quay, water)
    assert space["kind"] == "waterfront"


def test_bridge_over_water_is_no_waterfront():
    water = Thing("water", shapely.box(-50, -80, 200, 80), id=9)
    street = Street(
        [(0, 0), (100, 0)], highway="pedestrian", name="A", level=1, flags=frozenset({"bridge"})
    )
    assert [s["kind"] for s in spaces_of(water, streets=[street])] == ["pedestrian_street"]


def test_pedestrian_street_is_a_corridor_as_wide_as_measured_and_cut_by_buildings():
    street = Street([(0, 0), (100, 0)], highway="pedestrian", name="A", width=10)
    house = Thing("building", shapely.box(40, 3, 60, 20))
    (space,) = spaces_of(house, streets=[street])
    assert (space["kind"], space["id"]) == ("pedestrian_street", "way/1")
    assert space["area"] == pytest.approx(100 * 10 - 20 * 2, rel=0.01)


def test_pedestrian_street_takes_its_lowest_way_id_and_joins_over_a_crossing():
    streets = [
        Street([(200, 50), (210, 50)], highway="residential", name="B"),
        Street([(120, 0), (200, 0)], highway="pedestrian", name="A"),
        Street([(0, 0), (100, 0)], highway="pedestrian", name="A"),
    ]
    (space,) = spaces_of(streets=streets)
    assert space["id"] == "way/2"


def test_pedestrian_streets_of_one_name_far_apart_are_two():
    streets = [
        Street([(0, 0), (100, 0)], highway="pedestrian", name="A"),
        Street([(900, 0), (999, 0)], highway="pedestrian", name="A"),
    ]
    assert len(spaces_of(streets=streets)) == 2


def test_unnamed_pedestrian_streets_join_only_where_they_touch():
    streets = [
        Street([(0, 0), (100, 0)], highway="pedestrian"),
        Street([(100, 20), (190, 20)], highway="pedestrian"),
    ]
    assert len(spaces_of(streets=streets)) == 2


def test_street_through_a_covered_passage_stays_in_one_piece():
    streets = [
        Street([(0, 0), (40, 0)], highway="pedestrian", name="A"),
        Street([(40, 0), (60, 0)], highway="pedestrian", name="A", flags=frozenset({"covered"})),
        Street([(60, 0), (100, 0)], highway="pedestrian", name="A"),
    ]
    house = Thing("building", shapely.box(40, -30, 60, 30))
    (space,) = spaces_of(house, streets=streets)
    assert shapely.get_num_geometries(space["outline"]) == 1


def test_place_mapped_twice_is_listed_once():
    twice = [
        area({"place": "square", "name": "A"}, number=1),
        area({"leisure": "park", "name": "A"}, number=2),
    ]
    assert [(s["kind"], s["id"]) for s in spaces_of(*twice)] == [("square", "way/1")]


def test_place_mapped_in_touching_pieces_is_one_place():
    pieces = [
        area({"place": "square", "name": "A"}, shapely.box(0, 0, 40, 30), number=1),
        area({"place": "square", "name": "A"}, shapely.box(40, 0, 60, 30), number=2),
    ]
    (space,) = spaces_of(*pieces)
    assert (space["id"], space["area"]) == ("way/1", pytest.approx(1800))


def test_playground_inside_a_park_stays():
    park = area({"leisure": "park", "name": "A"}, shapely.box(-100, -100, 100, 100), number=1)
    play = area({"leisure": "playground"}, number=2)
    assert {s["kind"] for s in spaces_of(park, play)} == {"park", "playground"}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"building": "train_station", "name": "S"}, "station_forecourt"),
        ({"amenity": "place_of_worship", "name": "S"}, "worship_forecourt"),
        ({"amenity": "school", "name": "S"}, "school_forecourt"),
        ({"leisure": "stadium", "name": "S"}, "stadium_forecourt"),
    ],
)
def test_pedestrian_ground_before_a_building_is_its_forecourt(tags, kind):
    building = area(tags, shapely.box(0, 31, 40, 60), kind="building", number=2)
    (space,) = spaces_of(area({"highway": "pedestrian"}), building)
    assert (space["kind"], space["name"], space["id"]) == (kind, "S", "way/1")


def test_named_ground_inside_school_grounds_is_its_forecourt_and_beside_them_a_square():
    ground = area({"highway": "pedestrian", "name": "A"})
    around = area({"amenity": "school"}, shapely.box(-5, -5, 45, 60), kind="school", number=2)
    beside = area({"amenity": "school"}, shapely.box(40, 0, 90, 30), kind="school", number=2)
    assert [s["kind"] for s in spaces_of(ground, around)] == ["school_forecourt"]
    assert [s["kind"] for s in spaces_of(ground, beside)] == ["square"]


def test_mapped_square_before_a_station_stays_a_square():
    ground = area({"place": "square", "name": "A"})
    station = area({"railway": "station"}, shapely.box(-5, -5, 45, 60), number=2)
    assert [s["kind"] for s in spaces_of(ground, station)] == ["square"]


def test_pavement_before_a_school_is_no_forecourt():
    building = area({"amenity": "school"}, shapely.box(0, 4, 90, 60), kind="building", number=2)
    pavement = area({"highway": "pedestrian"}, shapely.box(0, 0, 90, 3))
    assert spaces_of(pavement, building) == []


def test_square_known_as_a_point_gets_the_open_ground_around_it():
    walls = [
        Thing("building", shapely.box(-60, 20, 60, 40)),
        Thing("building", shapely.box(-60, -40, 60, -20)),
        Thing("building", shapely.box(25, -20, 60, 20)),
        Thing("building", shapely.box(-60, -20, -25, 20)),
    ]
    (space,) = spaces_of(
        *walls, furniture=[(shapely.Point(3, 2), {"place": "square", "name": "A"})]
    )
    assert (space["id"], space["is_inferred"], space["name"]) == ("node/70", True, "A")
    assert space["area"] == pytest.approx(50 * 40, rel=0.05)


def test_street_that_leaves_an_inferred_square_is_not_part_of_it():
    ring = shapely.box(-60, -60, 60, 60).difference(shapely.box(-20, -20, 20, 20))
    mouth = ring.difference(shapely.box(20, -4, 60, 4))
    (space,) = spaces_of(
        Thing("building", mouth), furniture=[(shapely.Point(0, 0), {"place": "square"})]
    )
    assert space["outline"].bounds[2] < 26


def test_square_known_as_a_point_in_the_open_stays_small():
    (space,) = spaces_of(furniture=[(shapely.Point(0, 0), {"place": "square"})])
    assert space["area"] == pytest.approx(3.1416 * 25**2, rel=0.02)


def test_open_side_of_a_square_known_as_a_point_follows_the_others():
    walls = shapely.box(-90, -90, 90, 90).difference(shapely.box(-15, -15, 90, 15))
    (space,) = spaces_of(
        Thing("building", walls), furniture=[(shapely.Point(0, 0), {"place": "square"})]
    )
    assert space["outline"].bounds[2] < 60
    assert space["outline"].bounds[0] == pytest.approx(-15, abs=0.5)


def test_point_of_a_square_that_has_an_outline_adds_nothing():
    node = (shapely.Point(20, 15), {"place": "square", "name": "A"})
    assert [
        s["id"] for s in spaces_of(area({"place": "square", "name": "A"}), furniture=[node])
    ] == ["way/1"]


def test_point_inside_a_building_is_no_square():
    node = (shapely.Point(20, 15), {"place": "square", "name": "A"})
    assert spaces_of(Thing("building", FIELD), furniture=[node]) == []


def test_text_pool_of_spaces_begins_with_that_of_the_streets():
    city = draw_city([Street([(0, 0), (99, 0)], highway="pedestrian", name="A")])
    none = build_table("point", [], {"osm_id": np.empty(0, np.int64)}, coded={"kind": []})
    spaces = find_spaces(city.streets, city.segments, city.areas, city.lines, city.points, none)
    shared = len(city.streets.strings)
    assert list(spaces.strings)[:shared] == list(city.streets.strings)


def city_with(*names, tags=({},) * 9):
    return draw_city(
        spaces=[
            Thing("square", shapely.box(0, 100 * i, 40, 100 * i + 30), tags={"name": name} | extra)
            for i, (name, extra) in enumerate(zip(names, tags, strict=False))
        ]
    )


@pytest.mark.parametrize(
    "text", ["Praça Nova", "praca nova", "PRAÇA  NOVA", "way/1", " Praça Nova "]
)
def test_space_is_chosen_by_name_or_id_without_regard_to_case_and_accents(text):
    assert select_space(city_with("Praça Nova", "Other"), text) == 0


def test_exact_name_goes_before_a_name_that_only_folds_alike():
    assert select_space(city_with("MARKT", "Markt"), "Markt") == 1


def test_name_in_another_language_serves_too():
    city = city_with("Narin")
    spaces = build_table(
        "polygon",
        list(city.spaces.geometry),
        {"area": np.array([1.0])},
        texts={"id": ["way/1"], "name": ["Narin"]},
        coded={"kind": ["square"]},
        tags=[{"name:sv": "Narins torg", "alt_name": "Naris;Nari"}],
    )
    for text in ("narins torg", "nari"):
        assert select_space(replace(city, spaces=spaces), text) == 0


def test_unknown_name_suggests_near_ones():
    with pytest.raises(UnknownSpaceError) as error:
        select_space(city_with("Market Square", "Old Harbour"), "Markt Square")
    assert error.value.details["near"] == "Market Square"


def test_ambiguous_name_lists_ids_kinds_and_areas():
    with pytest.raises(AmbiguousSpaceError) as error:
        select_space(city_with("A", "A"), "a")
    assert error.value.details["listed"] == ("way/1 (square, 1,200 m²); way/2 (square, 1,200 m²)")


@pytest.mark.parametrize("text", ["", "   ", "%", "way/999"])
def test_text_that_names_nothing_is_unknown(text):
    with pytest.raises(UnknownSpaceError):
        select_space(city_with("A", ""), text)


def test_kind_chooses_rows_and_unknown_kind_is_refused():
    spaces = city_with("A", "B").spaces
    assert rows_of_kind(spaces, "square").tolist() == [0, 1]
    assert rows_of_kind(spaces, "pedestrian street").tolist() == []
    with pytest.raises(UnknownKindError) as error:
        rows_of_kind(spaces, "squares")
    assert all(kind in error.value.details["accepted"] for kind in KINDS)


@pytest.mark.parametrize(
    ("one", "other"), [("Ångström", "angstrom"), ("Łódź", "lodz"), ("St. John's", "st john s")]
)
def test_folding_takes_away_case_accents_and_punctuation(one, other):
    assert fold(one) == fold(other)
