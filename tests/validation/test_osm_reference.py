"""
Real extracts against what others read from the same data.

References: building outlines and path edges that OSMnx 1.x read from Overpass on 2019-04-21
(pyrosm's test data), and counts taken with osmium and GDAL, in the shared data's manifest.
"""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod, Transformer

from parvis.city.model import City
from parvis.io.osm import import_city
from parvis.io.store import load_city

INNER_BOX = shapely.box(24.931, 60.1605, 24.957, 60.1795)
"""Part of the reference that lies within the extract. [°]"""

EXTRACTS = {
    "amsterdam-tiny-2016.osm.pbf": (54, 80, 4, 0),
    "berlin-neukolln-2024.osm.gz": (211, 127, 51, 52),
    "berlin-siegessaeule-2017.osm.gz": (146, 5, 1, 47),
    "heidelberg-streets.osm.pbf": (25359, 5, 545, 3),
    "helsinki-centre-2019.osm.pbf": (5810, 1498, 180, 1128),
    "helsinki-core-2019-small.osm.pbf": (2650, 500, 125, 586),
    "london-moorgate-2024.osm.pbf": (623, 151, 19, 13),
    "london-west-centre-2020.osm.pbf": (3141, 2158, 85, 131),
    "milan-streets.osm.pbf": (58481, 971, 496, 187),
    "monaco-2012.osm.gz": (866, 966, 0, 0),
    "monaco-2021.osm.pbf": (2379, 1207, 21, 17),
    "paris-marais-streets.osm.pbf": (1219, 7, 6, 22),
    "porto-2020.osm.pbf": (4656, 11404, 140, 94),
    "rome-tiny-2019.osm.pbf": (13, 53, 0, 0),
}
"""Highway ways, buildings, bollards, street lamps by the shared data's manifest."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def helsinki(shared_data: Path, home: Path) -> City:
    return import_city(shared_data / "osm" / "helsinki-centre-2019.osm.pbf", home=home)


@pytest.mark.parametrize("file", EXTRACTS)
def test_every_shared_extract_imports_with_the_known_counts(
    shared_data: Path, home: Path, file: str
) -> None:
    streets, buildings, bollards, lamps = EXTRACTS[file]
    city = import_city(shared_data / "osm" / file, home=home, name="any")
    kinds = city.points.words("kind") if len(city.points) else np.array([])
    furniture = city.furniture.words("kind") if len(city.furniture) else np.array([])
    assert (kinds == "bollard").sum() == bollards
    assert (furniture == "street_lamp").sum() == lamps
    # Of the highway ways, some are areas, some are not usable; tram tracks come on top.
    ways = len(np.unique(city.streets["osm_id"][city.streets.words("highway") != "tram"]))
    named_areas = ("pedestrian", "footway", "service", "street", "square", "steps", "platform")
    area_kinds = city.areas.words("kind")
    assert streets * 0.66 <= ways <= streets
    assert ways + np.isin(area_kinds, named_areas).sum() >= 0.9 * streets
    # Left out: outlines of building relations, and ways whose nodes are outside the extract.
    # Building parts without an outline count as buildings but not in the manifest.
    rows = np.flatnonzero(np.isin(area_kinds, ["building", "roof"]))
    built = sum("building" in city.areas.tags(int(row)) for row in rows)
    assert built <= buildings
    cut = city.manifest["cut"]
    assert built + cut["areas_dropped"] + cut["relations_dropped"] >= 0.95 * buildings - 3
    assert shapely.is_valid(city.areas.geometry).all()
    assert np.isfinite(city.streets.coords).all()
    assert (city.segments.length > 0).all()


def test_both_ways_of_reading_compressed_xml_give_places_near_each_other(
    shared_data: Path, home: Path
) -> None:
    boxes = [
        import_city(shared_data / "osm" / file, home=home, name="any").bounds
        for file in ("monaco-2012.osm.gz", "monaco-2021.osm.pbf")
    ]
    first, second = (shapely.box(*box) for box in boxes)
    assert shapely.intersection(first, second).area > 0.5 * first.area


def test_all_reference_buildings_are_there_with_the_same_outline(
    shared_data: Path, helsinki: City
) -> None:
    table = pd.read_parquet(
        shared_data / "osm" / "helsinki_osmnx_reference_buildings.parquet", columns=["geometry"]
    )
    outlines = shapely.from_wkb(table["geometry"].to_numpy())
    inside = shapely.within(outlines, INNER_BOX)
    assert inside.sum() == 978
    turn = Transformer.from_crs(4326, helsinki.epsg, always_xy=True)
    reference = shapely.make_valid(
        shapely.transform(
            outlines[inside], lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))
        )
    )
    areas = helsinki.areas
    kinds, types = areas.words("kind"), areas.words("osm_type")
    rows = {
        (types[i], int(areas["osm_id"][i])): i
        for i in np.flatnonzero(np.isin(kinds, ["building", "roof"]))
    }
    keys = [(str(kind), int(number)) for kind, number in table.index[inside]]
    # Two ways are the outlines of building relations, which have the same tags and a courtyard.
    outlines_of = {
        ("way", 675858716): ("relation", 9630),
        ("way", 122595213): ("relation", 1688819),
    }
    assert {key for key in keys if key not in rows} == outlines_of.keys()
    assert set(outlines_of.values()) <= rows.keys()
    own = np.array([key in rows for key in keys])
    keys, reference = [key for key in keys if key in rows], reference[own]
    mine = areas.geometry[[rows[key] for key in keys]]
    apart = shapely.area(shapely.symmetric_difference(mine, reference))
    # One coordinate step of 1e-7 degrees is a centimetre.
    assert (apart <= 0.05 + 0.001 * shapely.area(reference)).all()


def test_all_reference_paths_are_there_with_the_same_length(
    shared_data: Path, helsinki: City
) -> None:
    table = pd.read_parquet(
        shared_data / "osm" / "helsinki_osmnx_reference_paths.parquet",
        columns=["osmid", "geometry", "area", "reversed"],
    )
    lines = shapely.from_wkb(table["geometry"].to_numpy())
    keep = shapely.within(lines, INNER_BOX) & (table["area"].astype(str) != "yes").to_numpy()
    numbers = [
        ast.literal_eval(text) if text.startswith("[") else [int(text)]
        for text in table["osmid"].astype(str)[keep]
    ]
    areas = {int(number) for number in helsinki.areas["osm_id"]}
    streets = {int(number) for number in helsinki.streets["osm_id"]}
    wanted = {number for group in numbers for number in group}
    assert wanted - streets - areas == set()

    # Ways whose reference edges are all complete: the sum over the way is its whole length.
    geod = Geod(ellps="WGS84")
    whole: dict[int, float] = {}
    for group, line in zip(numbers, lines[keep], strict=True):
        if len(group) == 1:
            whole[group[0]] = whole.get(group[0], 0.0) + geod.geometry_length(line)
    turn = Transformer.from_crs(helsinki.epsg, 4326, always_xy=True)
    compared = 0
    geometry = helsinki.streets.geometry
    for row, number in enumerate(helsinki.streets["osm_id"].tolist()):
        if number not in whole:
            continue
        line = shapely.transform(
            geometry[row], lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))
        )
        if not shapely.within(line, INNER_BOX):
            continue
        once = geod.geometry_length(line)
        # Directed edges: each stretch is there once or twice (both directions).
        ratio = whole[number] / once
        assert min(abs(ratio - 1.0), abs(ratio - 2.0)) < 2e-3 or 0.0 < ratio < 2.0
        compared += abs(ratio - 2.0) < 2e-3
    assert compared > 1000


def test_grid_lengths_are_true_lengths(helsinki: City) -> None:
    """UTM stretches by at most 1 in 1,000 within a zone."""
    turn = Transformer.from_crs(helsinki.epsg, 4326, always_xy=True)
    lon, lat = turn.transform(*helsinki.streets.coords.T)
    geod = Geod(ellps="WGS84")
    segments = helsinki.segments
    for row in range(0, len(segments.length), 97):
        part = slice(int(segments.coord_start[row]), int(segments.coord_end[row]))
        assert geod.line_length(lon[part], lat[part]) == pytest.approx(
            float(segments.length[row]), rel=1.1e-3
        )


def test_segments_are_the_street_lines(helsinki: City) -> None:
    segments, streets = helsinki.segments, helsinki.streets
    assert float(segments.length.sum()) == pytest.approx(
        float(shapely.length(streets.geometry).sum()), rel=1e-9
    )
    first = streets.coords[segments.coord_start]
    last = streets.coords[segments.coord_end - 1]
    nodes = np.column_stack([segments.node_x, segments.node_y])
    np.testing.assert_allclose(nodes[segments.from_node], first)
    np.testing.assert_allclose(nodes[segments.to_node], last)
    inside = streets.offsets[0][segments.street]
    assert (segments.coord_start >= inside).all()
    assert (segments.coord_end <= streets.offsets[0][segments.street + 1]).all()


def test_extract_is_cut_where_it_was_clipped(helsinki: City) -> None:
    cut = helsinki.manifest["cut"]
    assert cut["ways_with_missing_nodes"] == 702
    assert helsinki.segments.node_is_cut.sum() > 200
    assert helsinki.manifest["source"]["date"].startswith("2019-04-21")


def test_bollards_on_streets_end_their_segments(helsinki: City) -> None:
    points, segments = helsinki.points, helsinki.segments
    on_streets = np.intersect1d(points["osm_id"], segments.node_osm_id[segments.node_osm_id > 0])
    node = np.asarray(points["segment_node"])
    assert len(on_streets) == len(np.unique(points["osm_id"][node >= 0])) > 200
    np.testing.assert_array_equal(
        segments.node_osm_id[node[node >= 0]], points["osm_id"][node >= 0]
    )


def test_sea_leaves_streets_and_buildings_dry(helsinki: City) -> None:
    areas, streets = helsinki.areas, helsinki.streets
    sea = areas.geometry[areas.words("osm_type") == "coastline"]
    assert len(sea) == 1
    assert shapely.area(sea[0]) > 300_000.0
    on_ground = streets.geometry[np.asarray(streets["level"]) == 0]
    assert shapely.length(shapely.intersection(on_ground, sea[0])).sum() < 100.0


def test_elevation_of_a_steep_town(shared_data: Path, home: Path) -> None:
    city = import_city(
        shared_data / "osm" / "monaco-2021.osm.pbf",
        home=home,
        name="steep",
        elevation=shared_data / "elevation" / "N43E007_nice_monaco_srtm.hgt.zip",
    )
    assert load_city("steep", home=home).elevation is not None
    elevation = city.elevation
    assert elevation is not None
    # SRTM3: three arc seconds, 92.6 m north to south.
    assert elevation.source_cell == pytest.approx(92.6, abs=0.5)
    assert np.nanmax(elevation.height) > 500.0
    assert np.nanmin(elevation.height) > -5.0
