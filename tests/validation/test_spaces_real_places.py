"""
Public spaces and street widths of real extracts (OpenStreetMap, ODbL), read from the shared data.

Source: the extracts' own tags and outlines, looked up by id and looked at on the map. Tolerance:
areas of mapped outlines 1 % (projection); corridors only have to be there and be plausible, since
they follow from measured widths.
"""

import numpy as np
import pytest
import shapely

from parvis.city.select import select_space
from parvis.city.widths import MEASURED, NARROWEST, rows_of_kinds
from parvis.io.osm import build_city
from parvis.io.osm_read import read_extract

EXTRACTS = ("helsinki-centre-2019", "monaco-2021", "porto-2020")


@pytest.fixture(scope="module", params=EXTRACTS)
def city(request, shared_data):
    path = shared_data / "osm" / f"{request.param}.osm.pbf"
    return build_city(read_extract(path), name=request.param)


PLACES = {
    "helsinki-centre-2019": [
        ("Narinkkatori", "way/4369051", "square", 8207),
        ("narinkkatori", "way/4369051", "square", 8207),
        ("Senaatintori", "relation/2919121", "square", 6706),
    ],
    "monaco-2021": [("place du palais", "way/4227155", "square", 3210)],
    "porto-2020": [
        ("Rua de Santa Catarina", "way/26119759", "pedestrian_street", None),
        ("praca da liberdade", None, None, None),
    ],
}


def test_known_places_are_found_under_their_names(city):
    for name, number, kind, area in PLACES[city.name]:
        row = select_space(city, name)
        assert number in (None, city.spaces.text("id", row))
        assert kind in (None, city.spaces.words("kind")[row])
        if area is not None:
            assert float(city.spaces["area"][row]) == pytest.approx(area, rel=0.01)


def test_every_space_is_a_valid_outline_with_its_own_id(city):
    ids = [city.spaces.text("id", row) for row in range(len(city.spaces))]
    assert len(set(ids)) == len(ids) > 20
    assert shapely.is_valid(city.spaces.geometry).all()
    assert (np.asarray(city.spaces["area"]) >= 49).all()


def test_pedestrian_corridors_in_the_open_lie_outside_buildings(city):
    is_street = city.spaces.words("kind") == "pedestrian_street"
    houses = rows_of_kinds(city.areas, frozenset({"building"}))
    houses = houses[np.asarray(city.areas["level"])[houses] == 0]
    tree = shapely.STRtree(city.areas.geometry[houses])
    is_apart = np.asarray(city.streets["is_covered"]) | (np.asarray(city.streets["level"]) != 0)
    apart = shapely.buffer(shapely.union_all(city.streets.geometry[is_apart]), 15)
    outlines = [
        shapely.difference(city.spaces.geometry[row], apart)
        for row in np.flatnonzero(is_street).tolist()
        if city.spaces.tags(row).get("area") != "yes"
    ]
    covered = sum(
        shapely.intersection(o, shapely.union_all(tree.geometries[tree.query(o)])).area
        for o in outlines
    )
    assert covered < 0.01 * sum(o.area for o in outlines)


def test_widths_are_plausible_and_a_good_part_is_measured(city):
    width = np.asarray(city.segments.width)
    assert np.isfinite(width).all()
    assert width.min() >= NARROWEST
    assert width.max() <= 100
    assert (np.asarray(city.segments.width_source) == MEASURED).mean() > 0.3
