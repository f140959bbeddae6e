"""
Helsinki's people within 400 m of open public space, on the real map and population grid.

Sources: OpenStreetMap extract of 2019 (ODbL), population grid of 2020 (HSY, CC BY 4.0). No figure
is published for this window; the oracle is another method: shortest ways by networkx from every
way in, and straight distances, which can only be shorter. Tolerance: none but of rounding.
"""

import networkx as nx
import numpy as np
import pytest
import shapely

from parvis.indicators.geodata import PopulationCells, measures_of
from parvis.indicators.geodata.open_space import open_spaces, ways_in
from parvis.indicators.geodata.people import cells_within, living_places
from parvis.indicators.geodata.walking import walking_network
from parvis.io.osm import build_city
from parvis.io.osm_read import read_extract
from parvis.io.population_cells import read_population
from parvis.packs.geodata import shipped_geodata
from parvis.packs.indicators import catalogue


@pytest.fixture(scope="module")
def city(shared_data):
    path = shared_data / "osm" / "helsinki-centre-2019.osm.pbf"
    return build_city(read_extract(path), name="helsinki")


@pytest.fixture(scope="module")
def cells(city, shared_data):
    path = shared_data / "exposure" / "helsinki_population_grid_2020.gpkg"
    if not path.is_file():
        pytest.skip("no population grid of Helsinki")
    return read_population(path, city.epsg)


@pytest.fixture(scope="module")
def found(city, cells):
    return measures_of(city, cells, catalogue(), period="2020")


def value(found, code):
    (row,) = [o for o in found.observations if o.indicator == code]
    return row


def test_all_cells_and_people_of_the_grid_are_accounted_for(found, cells):
    facts = found.facts
    assert len(cells) == 92 == facts["cells"] + facts["cells_outside"]
    assert facts["people"] + facts["people_outside"] == cells.people.sum() == 71_724


def test_people_within_400_m_of_open_space_in_the_centre(found):
    row = value(found, "LIV-02")
    assert row.denominator == 31_701
    assert row.value == pytest.approx(99.3, abs=0.1)


def test_the_same_people_are_served_by_networkx(found, city, cells):
    rules = shipped_geodata()
    network = walking_network(city, rules.walking)
    inside = cells_within(cells, shapely.box(*city.bounds))
    names = tuple(code for code, is_in in zip(cells.codes, inside, strict=True) if is_in)
    kept = PopulationCells(cells.file, names, cells.geometry[inside], cells.people[inside], {})
    homes = living_places(city, kept, rules.homes)
    shapes = open_spaces(city, rules.open_space).geometry
    sources, _ = ways_in(city, network, shapes, rules.walking.edge.value)
    at = network.placed(homes.points, rules.walking.attached_within.value)
    graph = nx.Graph()
    edges = [*zip(network.ends, network.length, strict=True)]
    edges += [*zip(network.links, network.link_length, strict=True)]
    for (a, b), length in edges:
        known = graph.get_edge_data(int(a), int(b), {"weight": np.inf})["weight"]
        graph.add_edge(int(a), int(b), weight=min(known, float(length)))
    first = {}
    for way, along, off in zip(sources.way, sources.along, sources.off, strict=True):
        for end, part in enumerate((along, network.length[way] - along)):
            node = int(network.ends[way, end])
            first[node] = min(first.get(node, np.inf), float(part + off))
    graph.add_weighted_edges_from(("start", node, length) for node, length in first.items())
    to_node = nx.single_source_dijkstra_path_length(graph, "start")
    by_way = {}
    for way, along, off in zip(sources.way, sources.along, sources.off, strict=True):
        by_way.setdefault(int(way), []).append((along, off))
    expected = []
    for way, along, off in zip(at.way, at.along, at.off, strict=True):
        a, b = (to_node.get(int(node), np.inf) for node in network.ends[way])
        own = [abs(along - other) + gone for other, gone in by_way.get(int(way), ())]
        expected.append(off + min([a + along, b + network.length[way] - along, *own]))
    distance = network.distances(sources, at)
    assert distance == pytest.approx(np.array(expected), rel=1e-9)
    weight = kept.people[homes.cell] * homes.share
    assert value(found, "LIV-02").numerator == pytest.approx(weight[distance <= 400].sum())
    straight = shapely.distance(homes.points, shapely.union_all(shapes))
    assert (distance >= straight - 1e-6).all()


def test_lamps_and_cameras_are_those_of_the_map(found):
    counts = {each.kind: each.n for each in found.inventories}
    assert (counts["lamp"], counts["camera"]) == (1128, 396)


def test_values_lie_where_a_dense_centre_has_them(found):
    assert value(found, "QOL-07").value > 99.0
    assert 90.0 < value(found, "QOL-09").value < 100.0
    assert 35.0 < value(found, "LIV-01").value < 55.0
    assert 10_000 < value(found, "BCK-03").value < 20_000
    assert 0.6 < value(found, "LIV-11").value < 1.0
