"""Ground of real extracts: what may never happen, whatever the mappers drew."""

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.approach.cells import erode, rasterise
from parvis.approach.ground import build_ground, ground_cells
from parvis.io.osm import import_city
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

RULES = load_ground_rules()
HALF = 220.0
HALF_WIDTH = 1.275
PLACES = [
    ("helsinki-centre-2019.osm.pbf", "Narinkkatori"),
    ("monaco-2021.osm.pbf", "Place du Palais"),
    ("berlin-siegessaeule-2017.osm.gz", "Großer Stern"),
]


@pytest.fixture(scope="module")
def cities(shared_data, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    files = sorted({file for file, _ in PLACES})
    return {file: import_city(shared_data / "osm" / file, home=home) for file in files}


def window(city, name):
    names = [city.spaces.text("name", i) for i in range(len(city.spaces))]
    space = city.spaces.geometry[names.index(name)]
    x, y = space.centroid.x, space.centroid.y
    return space, (x - HALF, y - HALF, x + HALF, y + HALF)


def areas_of(city, kind, bounds):
    rows = city.areas.within(bounds)
    at_ground = np.asarray(city.areas["level"])[rows] == 0
    chosen = rows[(city.areas.words("kind")[rows] == kind) & at_ground]
    return shapely.union_all(city.areas.geometry[chosen])


@pytest.mark.parametrize(("file", "name"), PLACES)
@pytest.mark.parametrize("scenario", list(Scenario))
def test_no_ground_in_buildings_or_water(cities, file, name, scenario):
    city = cities[file]
    _, bounds = window(city, name)
    built = build_ground(city, bounds, scenario=scenario, rules=RULES)
    surface = built.surfaces[built.levels.index(0)]
    for kind in ("building", "water"):
        inside = shapely.intersection(surface, areas_of(city, kind, bounds))
        assert inside.area < 0.02 * surface.area


@pytest.mark.parametrize(("file", "name"), PLACES)
def test_the_space_is_reached_from_public_streets(cities, file, name):
    city = cities[file]
    space, bounds = window(city, name)
    built = build_ground(city, bounds, scenario=Scenario.TYPICAL, rules=RULES, protected_area=space)
    grid = ground_cells(built, half_width=HALF_WIDTH, cell=1.0)
    n = grid.is_ground.size
    index = np.arange(n).reshape(grid.is_ground.shape)
    one, other, rows, columns = grid.portals.T
    a = np.concatenate(
        [index[grid.right], index[grid.up], index[one, rows, columns]],
    )
    b = np.concatenate(
        [
            np.roll(index, -1, axis=2)[grid.right],
            np.roll(index, -1, axis=1)[grid.up],
            index[other, rows, columns],
        ]
    )
    graph = coo_array((np.ones(a.size), (a, b)), shape=(n, n))
    label = connected_components(graph, directed=False)[1].reshape(grid.is_ground.shape)
    _, n_rows, n_columns = grid.is_ground.shape
    options = {"cell": 1.0, "bounds": bounds, "rows": n_rows, "columns": n_columns}
    ground = built.levels.index(0)
    starts, _, _ = rasterise(built.carriageways[ground], **options)
    inside, _, _ = rasterise(erode(space, HALF_WIDTH), **options)
    reached = np.unique(label[ground][starts & grid.is_ground[ground]])
    assert np.isin(label[ground][inside & grid.is_ground[ground]], reached).any()


@pytest.mark.parametrize(("file", "name"), PLACES)
def test_upper_ground_contains_the_typical_ground(cities, file, name):
    city = cities[file]
    _, bounds = window(city, name)
    typical = build_ground(city, bounds, scenario=Scenario.TYPICAL, rules=RULES)
    upper = build_ground(city, bounds, scenario=Scenario.LIMIT, rules=RULES, is_off_road=True)
    for level, surface in zip(typical.levels, typical.surfaces, strict=True):
        rest = shapely.difference(surface, upper.surfaces[upper.levels.index(level)])
        assert shapely.buffer(rest, -1e-4).is_empty
