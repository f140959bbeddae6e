"""Speeds at a square's boundary hardly depend on how the grid lies: P90 spread at most 5 km/h."""

import numpy as np
import shapely
from shapely import affinity

from parvis.approach.cells import link_cells
from parvis.approach.lattice import reachable_cells, solve_lattice
from parvis.approach.vehicles import VehicleParameters
from parvis.terms import KMH_PER_MPS

VAN = VehicleParameters(
    acceleration=2.5,
    specific_power=28.0,
    friction=0.6,
    width=2.05,
    turning_radius=6.0,
    top_speed=140.0 / 3.6,
)
N_ROTATIONS = 24


def a_place():
    """A square of 40 m by 30 m and streets that lead to it, one bent, one narrow."""
    square = shapely.box(-20.0, -15.0, 20.0, 15.0)
    lines = [
        ([(-110.0, -30.0), (-45.0, 5.0), (0.0, 0.0)], 9.0),
        ([(0.0, 0.0), (15.0, 60.0), (70.0, 75.0)], 7.0),
        ([(0.0, -5.0), (75.0, -20.0)], 5.0),
        ([(40.0, -60.0), (46.0, 80.0)], 8.0),
    ]
    streets = [
        shapely.buffer(shapely.LineString(line), width / 2, cap_style="flat", join_style="mitre")
        for line, width in lines
    ]
    return square, shapely.union_all([square, *streets])


def speeds_at_the_boundary(rotation):
    """Greatest speed per metre of the square's outline, NaN where none arrives. [km/h]"""
    square, ground = (affinity.rotate(part, rotation, origin=(0.0, 0.0)) for part in a_place())
    west, south, east, north = ground.bounds
    bounds = (west - 2.0, south - 2.0, east + 2.0, north + 2.0)
    grid = link_cells([ground], half_width=VAN.width / 2, cell=1.0, bounds=bounds)
    _, rows, columns = grid.is_ground.shape
    x = grid.origin_x + 0.5 + np.arange(columns)
    y = grid.origin_y + 0.5 + np.arange(rows)
    inside = shapely.contains_xy(square, x[None, :], y[:, None])[None] & grid.is_ground
    reachable = reachable_cells(grid, grid.is_ground & ~inside, blocked=inside)
    field = solve_lattice(grid, vehicle=VAN, reachable=reachable, terminal=inside)
    metres = np.arange(0.5, square.length)
    result = np.full(len(metres), np.nan)
    for k, metre in enumerate(metres):
        piece = shapely.line_interpolate_point(square.exterior, metre + np.linspace(-0.5, 0.5, 9))
        px, py = shapely.get_x(piece), shapely.get_y(piece)
        along = np.array([px[-1] - px[0], py[-1] - py[0]])
        inward = np.array([-along[1], along[0]])
        if not square.contains(shapely.Point(px[4] + 0.01 * inward[0], py[4] + 0.01 * inward[1])):
            inward = -inward
        row = np.floor(py - grid.origin_y).astype(np.int64)
        column = np.floor(px - grid.origin_x).astype(np.int64)
        level = np.zeros_like(row)
        ones = np.ones(len(row))
        speed, _ = field.fastest_arrival(level, row, column, ones * inward[0], ones * inward[1])
        if speed.max() > 0.0:
            result[k] = speed.max() * KMH_PER_MPS
    return result


def test_turning_the_grid_moves_few_speeds_by_more_than_5_kmh():
    rotations = np.linspace(0.0, 90.0, N_ROTATIONS, endpoint=False) + 1.7
    speeds = np.array([speeds_at_the_boundary(rotation) for rotation in rotations])
    arrives = np.isfinite(speeds).all(axis=0)
    spread = np.ptp(speeds[:, arrives], axis=0)
    assert arrives.sum() > 10
    assert np.percentile(spread, 90) <= 5.0
