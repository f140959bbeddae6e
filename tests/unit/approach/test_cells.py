import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import affinity

from parvis.approach.cells import CellTooLargeError, erode, link_cells, rasterise

WIDTH = 2.0
CELL = 1.4


def oracle(surface, *, cell, bounds, rows, columns):
    """Ask shapely about every cell and every cell edge, one by one."""
    x0, y0 = bounds[:2]
    touched = np.zeros((rows, columns), dtype=bool)
    vertical = np.zeros((rows, columns + 1), dtype=bool)
    horizontal = np.zeros((rows + 1, columns), dtype=bool)
    for r in range(rows + 1):
        for c in range(columns + 1):
            x, y = x0 + c * cell, y0 + r * cell
            if r < rows:
                edge = shapely.LineString([(x, y), (x, y + cell)])
                vertical[r, c] = edge.intersects(surface)
            if c < columns:
                edge = shapely.LineString([(x, y), (x + cell, y)])
                horizontal[r, c] = edge.intersects(surface)
            if r < rows and c < columns:
                touched[r, c] = shapely.box(x, y, x + cell, y + cell).intersects(surface)
    return touched, vertical, horizontal


def components(grid):
    """Label cells by what is joined to what."""
    n = grid.is_ground.size
    index = np.arange(n).reshape(grid.is_ground.shape)
    a = [index[grid.right], index[grid.up]]
    b = [np.roll(index, -1, axis=2)[grid.right], np.roll(index, -1, axis=1)[grid.up]]
    for one, other, r, c in grid.portals:
        a.append(index[one, r, c][None])
        b.append(index[other, r, c][None])
    a, b = np.concatenate(a), np.concatenate(b)
    graph = coo_array((np.ones(a.size), (a, b)), shape=(n, n))
    return connected_components(graph, directed=False)[1].reshape(grid.is_ground.shape)


def at(grid, labels, x, y, level=0):
    r, c = int((y - grid.origin_y) // grid.cell), int((x - grid.origin_x) // grid.cell)
    assert grid.is_ground[level, r, c]
    return labels[level, r, c]


def turned(surface, angle, shift):
    return affinity.translate(affinity.rotate(surface, angle, origin=(0, 0)), *shift)


def place(x, y, angle, shift):
    point = turned(shapely.Point(x, y), angle, shift)
    return point.x, point.y


BOUNDS = (-40.0, -40.0, 40.0, 40.0)


@pytest.mark.parametrize("seed", range(60))
def test_passages_are_never_lost_and_thin_walls_never_leak(seed):
    rng = np.random.default_rng(seed)
    free = rng.uniform(0.05, 3.0)
    angle, shift = rng.uniform(0, 360), rng.uniform(-1, 1, 2)
    clear = WIDTH + free
    rooms = shapely.union_all(
        [
            shapely.box(-25, -10, -5, 10),
            shapely.box(5, -10, 25, 10),
            shapely.box(-6, -clear / 2, 6, clear / 2),
        ]
    )
    grid = link_cells([turned(rooms, angle, shift)], half_width=WIDTH / 2, cell=CELL, bounds=BOUNDS)
    labels = components(grid)
    left, right = place(-15, 0, angle, shift), place(15, 0, angle, shift)
    assert at(grid, labels, *left) == at(grid, labels, *right)

    wall = shapely.box(-0.05, -30, 0.05, 30)
    halves = shapely.difference(shapely.box(-25, -20, 25, 20), wall)
    grid = link_cells(
        [turned(halves, angle, shift)], half_width=WIDTH / 2, cell=CELL, bounds=BOUNDS
    )
    labels = components(grid)
    assert at(grid, labels, *left) != at(grid, labels, *right)


@pytest.mark.parametrize("seed", range(20))
def test_a_passage_too_narrow_by_five_centimetres_is_shut(seed):
    rng = np.random.default_rng(seed)
    angle, shift = rng.uniform(0, 360), rng.uniform(-1, 1, 2)
    clear = WIDTH - 0.05
    rooms = shapely.union_all(
        [
            shapely.box(-25, -10, -5, 10),
            shapely.box(5, -10, 25, 10),
            shapely.box(-6, -clear / 2, 6, clear / 2),
        ]
    )
    grid = link_cells([turned(rooms, angle, shift)], half_width=WIDTH / 2, cell=CELL, bounds=BOUNDS)
    labels = components(grid)
    assert at(grid, labels, *place(-15, 0, angle, shift)) != at(
        grid, labels, *place(15, 0, angle, shift)
    )


@pytest.mark.parametrize("seed", range(8))
def test_scanline_agrees_with_asking_every_edge(seed):
    rng = np.random.default_rng(seed)
    discs = shapely.buffer(shapely.points(rng.uniform(-9, 9, (14, 2))), rng.uniform(0.2, 4, 14))
    holes = shapely.buffer(shapely.points(rng.uniform(-9, 9, (10, 2))), rng.uniform(0.1, 2, 10))
    surface = shapely.difference(shapely.union_all(discs), shapely.union_all(holes))
    rows, columns = 17, 13
    bounds = (-8.3, -9.1, -8.3 + columns * 1.1, -9.1 + rows * 1.1)
    options = {"cell": 1.1, "bounds": bounds, "rows": rows, "columns": columns}
    for fast, slow in zip(rasterise(surface, **options), oracle(surface, **options), strict=True):
        np.testing.assert_array_equal(fast, slow)


def test_ground_smaller_than_a_cell_still_marks_its_cell():
    surface = shapely.box(3.4, 2.4, 3.5, 2.5)
    touched, vertical, horizontal = rasterise(
        surface, cell=1.0, bounds=(0, 0, 6, 6), rows=6, columns=6
    )
    assert list(zip(*np.nonzero(touched), strict=True)) == [(2, 3)]
    assert not vertical.any()
    assert not horizontal.any()


def test_erosion_is_never_more_than_exact():
    square = shapely.difference(shapely.box(0, 0, 40, 40), shapely.box(18, 18, 22, 22))
    exact = shapely.difference(
        shapely.box(1, 1, 39, 39), shapely.buffer(shapely.box(18, 18, 22, 22), 1.0, quad_segs=500)
    )
    eroded = erode(square, 1.0)
    assert shapely.contains(eroded, exact)
    assert eroded.area - exact.area < 0.05 * eroded.length


def test_levels_are_joined_only_at_portals():
    street = shapely.box(-2, -15, 2, 15)
    bridge = shapely.box(-15, -2, 15, 2)
    options = {"half_width": 1.0, "cell": 1.0, "bounds": (-20.0, -20.0, 20.0, 20.0)}
    apart = link_cells([street, bridge], levels=(0, 1), **options)
    labels = components(apart)
    assert at(apart, labels, 0, 10, 0) != at(apart, labels, 10, 0, 1)
    joined = link_cells(
        [street, bridge], levels=(0, 1), portals=[(0, 1, shapely.box(-2, -2, 2, 2))], **options
    )
    labels = components(joined)
    assert at(joined, labels, 0, 10, 0) == at(joined, labels, 10, 0, 1)


def test_a_cell_too_large_for_the_vehicle_is_refused():
    with pytest.raises(CellTooLargeError):
        link_cells([shapely.box(0, 0, 9, 9)], half_width=1.0, cell=1.5, bounds=(0, 0, 9, 9))


def test_empty_ground_gives_an_empty_grid():
    grid = link_cells([shapely.Polygon()], half_width=1.0, cell=1.0, bounds=(0, 0, 5, 5))
    assert not grid.is_ground.any()
    assert grid.is_ground.shape == (1, 5, 5)
