"""The fictional town: valid map data, reproducible, with every place it promises."""

import itertools
import subprocess
import sys
from functools import cache

import numpy as np
import osmium
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.city.town import TownSizeError, make_town
from parvis.city.town_builder import Town
from parvis.io.osm_writer import OutputFolderError, OutputFormatError, write_osm

SEEDS = (1, 2)


@cache
def small_town(seed: int) -> Town:
    return make_town(seed=seed, size="small")


@pytest.fixture(scope="module", params=SEEDS)
def small(request):
    return small_town(request.param)


def ways(town: Town):
    for row in range(town.n_ways):
        refs = town.refs[town.offsets[row] : town.offsets[row + 1]]
        yield town.tag_sets[town.tag_set[row]], refs


def streets(town: Town):
    return [
        (tags, refs) for tags, refs in ways(town) if "highway" in tags and tags.get("area") != "yes"
    ]


def test_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("a.osm.pbf", "b.osm.pbf"):
        write_osm(make_town(seed=5, size="small"), tmp_path / name)
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()


def test_other_seed_gives_another_town():
    first, second = small_town(1), small_town(2)
    assert len(first.xy) != len(second.xy)


def test_every_way_refers_to_nodes_of_the_town(small):
    assert small.refs.min() >= 0
    assert small.refs.max() < len(small.xy)
    assert np.diff(small.offsets).min() >= 2


def test_all_polygons_are_valid(small):
    for tags, refs in ways(small):
        if "building" in tags or tags.get("area") == "yes":
            assert shapely.Polygon(small.xy[refs]).is_valid, tags


def test_named_places_exist(small):
    names = {tags.get("name") for tags in small.tag_sets}
    names |= {relation.tags.get("name") for relation in small.relations}
    wanted = {
        "Market Square",
        "Town Hall",
        "Church of the Heron",
        "Church Place",
        "Station Forecourt",
        "Rampart Park",
        "Tesse School",
        "Tesse Promenade",
        "Ring Road",
    }
    assert wanted <= names


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("barrier", "bollard"),
        ("barrier", "gate"),
        ("barrier", "cycle_barrier"),
        ("barrier", "planter"),
        ("natural", "tree"),
        ("highway", "street_lamp"),
        ("highway", "crossing"),
        ("highway", "bus_stop"),
        ("railway", "tram_stop"),
        ("man_made", "surveillance"),
        ("amenity", "bench"),
        ("place", "town"),
    ],
)
def test_nodes_of_every_sort_exist(small, key, value):
    assert any(tags.get(key) == value for tags in small.node_tags.values())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bridge", "yes"),
        ("tunnel", "yes"),
        ("tunnel", "building_passage"),
        ("highway", "steps"),
        ("highway", "pedestrian"),
        ("railway", "tram"),
        ("railway", "rail"),
        ("barrier", "wall"),
        ("barrier", "fence"),
        ("barrier", "kerb"),
        ("barrier", "retaining_wall"),
        ("barrier", "city_wall"),
        ("amenity", "parking"),
    ],
)
def test_ways_of_every_sort_exist(small, key, value):
    assert any(tags.get(key) == value for tags in small.tag_sets)


def test_barrier_nodes_with_physical_width_stand_on_streets(small):
    on_streets = {int(row) for _, refs in streets(small) for row in refs}
    barriers = [r for r, tags in small.node_tags.items() if "maxwidth:physical" in tags]
    assert sum(row in on_streets for row in barriers) >= 2


def test_streets_of_one_level_share_a_node_where_they_cross(small):
    found = [
        (tags, set(refs.tolist()), shapely.LineString(small.xy[refs]))
        for tags, refs in streets(small)
    ]
    lines = np.array([line for _, _, line in found], dtype=object)
    left, right = shapely.STRtree(lines).query(lines, predicate="crosses")
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        same = found[i][0].get("layer", "0") == found[j][0].get("layer", "0")
        if i < j and same:
            assert found[i][1] & found[j][1], (found[i][0], found[j][0])


def test_no_street_runs_through_a_house_except_passages(small):
    houses = shapely.STRtree(
        [shapely.Polygon(small.xy[refs]) for tags, refs in ways(small) if "building" in tags]
    )
    for tags, refs in streets(small):
        if "tunnel" in tags:
            continue
        line = shapely.LineString(small.xy[refs])
        for row in houses.query(line, predicate="crosses"):
            assert shapely.intersection(line, houses.geometries[row]).length < 0.5, tags


def test_street_network_is_connected(small):
    refs = [pair for _, way in streets(small) for pair in itertools.pairwise(way)]
    i, j = np.array(refs).T
    graph = coo_array((np.ones(len(i)), (i, j)), shape=(len(small.xy),) * 2)
    _, label = connected_components(graph, directed=False)
    used = label[np.unique(np.concatenate([i, j]))]
    assert np.bincount(used).max() / len(used) > 0.97


@pytest.mark.parametrize("wanted", [900, 2000])
def test_districts_are_added_until_there_are_enough_streets(wanted):
    town = make_town(seed=1, size=f"{wanted}-streets")
    assert wanted <= town.n_streets <= wanted + 120
    refs = [pair for _, way in streets(town) for pair in itertools.pairwise(way)]
    i, j = np.array(refs).T
    graph = coo_array((np.ones(len(i)), (i, j)), shape=(len(town.xy),) * 2)
    _, label = connected_components(graph, directed=False)
    used = label[np.unique(np.concatenate([i, j]))]
    assert np.bincount(used).max() / len(used) > 0.98


@pytest.mark.parametrize("size", ["tiny", "0-streets", "many-streets", "99999999-streets", ""])
def test_unknown_size_is_refused(size):
    with pytest.raises(TownSizeError):
        make_town(seed=1, size=size)


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"])
def test_every_format_reads_back(tmp_path, ending):
    town = small_town(1)
    path = tmp_path / f"town{ending}"
    write_osm(town, path)
    counts = {"n": 0, "w": 0, "r": 0}
    for item in osmium.FileProcessor(str(path)):
        counts[item.type_str()] += 1
    assert counts == {"n": len(town.xy), "w": town.n_ways, "r": len(town.relations)}


def test_writer_names_the_formats_it_knows(tmp_path):
    with pytest.raises(OutputFormatError):
        write_osm(small_town(1), tmp_path / "town.zip")


def test_writer_refuses_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(OutputFolderError):
        write_osm(small_town(1), tmp_path / "none" / "town.osm.pbf")


def test_command_writes_the_town(tmp_path):
    out = tmp_path / "town.osm"
    command = [sys.executable, "-m", "parvis", "town", "make", "--seed", "3", "--size", "small"]
    done = subprocess.run([*command, str(out)], capture_output=True, text=True, check=True)
    assert "Tessenmark" in done.stdout
    assert out.stat().st_size > 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits")
@pytest.mark.parametrize("ending", [".osm.pbf", ".osm"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing_behind(tmp_path, ending):
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        "from parvis.cli import main; main()"
    )
    out = tmp_path / f"town{ending}"
    command = [sys.executable, "-c", limited, "town", "make", "--size", "small", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert "could not be written" in done.stderr
    assert list(tmp_path.iterdir()) == []
