"""
How quick are a real city's indicators, and its distances on foot beside a general graph library.

A city's centre with its population grid, and a large city's streets with one person a cell.
The peer is NetworkX, given the graph made beforehand and the same first steps into the network; it
is asked for the distance to every junction from all open spaces at once.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks.measure import Goal, Result, SkippedError, race
from parvis.indicators.geodata import PopulationCells, measures_of
from parvis.indicators.geodata.open_space import open_spaces, ways_in
from parvis.indicators.geodata.walking import walking_network
from parvis.io.osm import build_city
from parvis.io.osm_read import read_extract
from parvis.io.population_cells import read_population
from parvis.packs.geodata import shipped_geodata
from parvis.packs.indicators import catalogue

CELL = 250.0
CLOSE = 1e-6


def run(result: Result) -> None:
    """Time all indicators of two cities, and distances beside the peer's."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    data = Path(os.environ.get("PARVIS_SHARED_DATA", default))
    grid = data / "exposure" / "helsinki_population_grid_2020.gpkg"
    if not grid.is_file():
        raise SkippedError("no extracts and population grids: set PARVIS_SHARED_DATA")
    centre = build_city(read_extract(data / "osm" / "helsinki-centre-2019.osm.pbf"), name="centre")
    cells = read_population(grid, centre.epsg)
    found = _measure(result, "a city's centre", centre, cells, most=10.0)
    for row in found.observations:
        result.facts[f"centre_{row.indicator}"] = row.value
    result.facts["centre_people"] = found.facts["people"]
    _compare(result, centre)
    large = build_city(read_extract(data / "osm" / "milan-streets.osm.pbf"), name="large")
    _measure(result, "a large city", large, _one_a_cell(large), most=60.0)


def _measure(result: Result, name: str, city: Any, cells: PopulationCells, *, most: float) -> Any:
    known = catalogue()
    found = measures_of(city, cells, known, period="2020")
    timing = race({"all": lambda: measures_of(city, cells, known, period="2020")}, rounds=3)["all"]
    result.timings[f"all indicators of {name}"] = timing
    result.facts[f"km_of_ways_{city.name}"] = round(found.facts["walking_km"], 1)
    result.goals.append(Goal(f"all indicators of {name}, seconds", timing.median, at_most=most))
    return found


def _compare(result: Result, city: Any) -> None:
    try:
        import networkx as nx
    except ImportError:
        result.skipped.append("networkx is not installed: no comparison")
        return
    rules = shipped_geodata()
    network = walking_network(city, rules.walking)
    shapes = open_spaces(city, rules.open_space).geometry
    sources, _ = ways_in(city, network, shapes, rules.walking.edge.value)
    first = np.full(len(network.node_xy), np.inf)
    for end, gone in ((0, sources.along), (1, network.length[sources.way] - sources.along)):
        np.minimum.at(first, network.ends[sources.way, end], sources.off + gone)
    links = network.graph.tocoo()
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(*links.coords, links.data, strict=True))
    begun = np.flatnonzero(np.isfinite(first))
    graph.add_weighted_edges_from(("start", node, first[node]) for node in begun)

    def peer() -> Any:
        return nx.single_source_dijkstra_path_length(graph, "start")

    own, other = network.to_nodes(sources), peer()
    reached = [node for node in other if node != "start"]
    gap = float(np.abs(own[reached] - [other[node] for node in reached]).max())
    if gap > CLOSE:
        raise SkippedError(f"distances differ by {gap:.3g} m")
    result.facts["largest_difference_of_distances_m"] = gap
    timings = race({"parvis": lambda: network.to_nodes(sources), "networkx": peer})
    for name, timing in timings.items():
        result.timings[f"distances to {len(own):,} junctions, {name}"] = timing
    factor = timings["networkx"].median / timings["parvis"].median
    result.goals.append(Goal("distances from all open spaces, times as quick", factor, at_least=5))


def _one_a_cell(city: Any) -> PopulationCells:
    low_x, low_y, high_x, high_y = city.bounds
    x, y = (
        each.ravel()
        for each in np.meshgrid(np.arange(low_x, high_x, CELL), np.arange(low_y, high_y, CELL))
    )
    boxes = np.asarray(shapely.box(x, y, x + CELL, y + CELL), dtype=object)
    return PopulationCells("grid", tuple(map(str, range(len(x)))), boxes, np.ones(len(x)), {})
