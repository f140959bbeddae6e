import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import affinity

from parvis.approach.cells import link_cells

BOUNDS = (-30.0, -30.0, 30.0, 30.0)


def is_joined(surface, one, other, *, half_width):
    cell = 2 * half_width / np.sqrt(2)
    grid = link_cells([surface], half_width=half_width, cell=cell, bounds=BOUNDS)
    index = np.arange(grid.is_ground.size).reshape(grid.is_ground.shape)
    a = np.concatenate([index[grid.right], index[grid.up]])
    b = np.concatenate([np.roll(index, -1, 2)[grid.right], np.roll(index, -1, 1)[grid.up]])
    graph = coo_array((np.ones(a.size), (a, b)), shape=(index.size, index.size))
    label = connected_components(graph, directed=False)[1].reshape(index.shape)

    def at(point):
        row, column = int((point.y - BOUNDS[1]) // cell), int((point.x - BOUNDS[0]) // cell)
        assert grid.is_ground[0, row, column]
        return label[0, row, column]

    return bool(at(one) == at(other))


angle = st.floats(0.0, 360.0)
shift = st.tuples(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
half_widths = st.floats(0.7, 1.3)


def moved(shape, turn, by):
    return affinity.translate(affinity.rotate(shape, turn, origin=(0, 0)), *by)


@settings(max_examples=40)
@given(half_widths, st.floats(0.05, 3.0), st.floats(0.1, 12.0), angle, shift)
def test_a_passage_wider_than_the_vehicle_is_never_lost(half_width, free, length, turn, by):
    clear = 2 * half_width + free
    rooms = [
        shapely.box(-20, -8, -length / 2, 8),
        shapely.box(length / 2, -8, 20, 8),
        shapely.box(-length / 2 - 1, -clear / 2, length / 2 + 1, clear / 2),
    ]
    ends = [moved(shapely.Point(x, 0), turn, by) for x in (-13, 13)]
    surface = moved(shapely.union_all(rooms), turn, by)
    assert is_joined(surface, *ends, half_width=half_width)


@settings(max_examples=40)
@given(half_widths, st.floats(0.1, 1.0), st.floats(-60.0, 60.0), angle, shift)
def test_a_wall_never_leaks(half_width, thickness, slant, turn, by):
    wall = affinity.rotate(shapely.box(-thickness / 2, -60, thickness / 2, 60), slant)
    halves = shapely.difference(shapely.box(-20, -12, 20, 12), wall)
    east = affinity.rotate(shapely.Point(4, 0), slant, origin=(0, 0))
    west = affinity.rotate(shapely.Point(-4, 0), slant, origin=(0, 0))
    surface = moved(halves, turn, by)
    ends = moved(east, turn, by), moved(west, turn, by)
    assert not is_joined(surface, *ends, half_width=half_width)
