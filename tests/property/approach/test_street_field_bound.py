"""
Street field beside motion lattice on the same corridors.

The field feeds the lattice at a window's edge and must never be below what the lattice finds on
the same ground. Tolerance: the lattice rounds speeds up by as much as 4 % on straight runs (its own
acceptance range), more near passages that one cell decides; cells of half a metre keep that small.
"""

import math

import numpy as np
import pytest
import shapely
from shapely import affinity
from street_network import TRUCK, Line, network

from parvis.approach.cells import link_cells
from parvis.approach.lattice import solve_lattice
from parvis.approach.street_field import solve_street_field
from parvis.approach.turns import turn_graph
from parvis.approach.vehicles import VehicleParameters

VAN = VehicleParameters(2.5, 1e6, 0.7, 2.0, 5.0, 60.0)
CELL = 0.5
LATTICE_ROUNDING = 1.04

RIGHT_THEN_LEFT = [(0, 0), (45, 0), (45, 8), (85, 8)]
CORRIDORS = {
    "straight": ([(0, 0), (90, 0)], 7.0),
    "gentle corner": ([(0, 0), (45, 0), (80, 20)], 4.0),
    "corner": ([(0, 0), (45, 0), (45, 40)], 7.0),
    "sharp corner": ([(0, 0), (45, 0), (20, 35)], 7.0),
    "S-bend, narrow": (RIGHT_THEN_LEFT, 5.0),
    "S-bend, wide": (RIGHT_THEN_LEFT, 9.0),
    "S-bend with a block": ([(0, 0), (45, 0), (45, 20), (85, 20)], 7.0),
    "U-bend": ([(0, 0), (45, 0), (45, 16), (0, 16)], 7.0),
}


def lattice_speed(line: shapely.LineString, width: float, vehicle: VehicleParameters) -> float:
    """Greatest speed at the end of the corridor, in directions within 45° of its axis."""
    ground = line.buffer(width / 2, cap_style="flat", join_style="mitre", mitre_limit=20.0)
    west, south, east, north = ground.bounds
    bounds = (west - 2.0, south - 2.0, east + 2.0, north + 2.0)
    grid = link_cells([ground], half_width=vehicle.width / 2, cell=CELL, bounds=bounds)
    nowhere = np.zeros_like(grid.is_ground)
    field = solve_lattice(grid, vehicle=vehicle, reachable=grid.is_ground, terminal=nowhere)
    (ax, ay), (bx, by) = line.coords[-2:]
    axis = math.atan2(by - ay, bx - ax)
    level, row, column = np.nonzero(grid.is_ground)
    x = grid.origin_x + (column + 0.5) * CELL - bx
    y = grid.origin_y + (row + 0.5) * CELL - by
    at_end = np.abs(x * math.cos(axis) + y * math.sin(axis)) < vehicle.width / 2 + 1.0
    at_end &= np.abs(y * math.cos(axis) - x * math.sin(axis)) < width / 2
    speeds = field.speeds_at(level[at_end], row[at_end], column[at_end])
    return float(speeds[:, np.cos(field.directions - axis) > math.sqrt(0.5)].max())


@pytest.mark.parametrize("vehicle", [VAN, TRUCK], ids=["van", "truck"])
@pytest.mark.parametrize("name", CORRIDORS)
def test_street_field_is_never_below_the_lattice_on_the_same_corridor(name, vehicle) -> None:
    points, width = CORRIDORS[name]
    rotation = 0.1 + 0.37 * list(CORRIDORS).index(name)
    line = affinity.rotate(shapely.LineString(points), rotation, (0, 0), use_radians=True)
    lines = [Line(k, k + 1, (), width) for k in range(len(points) - 1)]
    segments, coords = network(list(line.coords), lines)
    field = solve_street_field(turn_graph(segments, coords, vehicle), vehicle)
    bound = float(field.speed[2 * len(lines) - 2])
    assert lattice_speed(line, width, vehicle) <= LATTICE_ROUNDING * bound
