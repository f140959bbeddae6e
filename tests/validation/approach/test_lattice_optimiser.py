"""
The lattice against paths that a direct optimiser finds.

Differential evolution over a lateral start, a start of the bend and three to five arcs looks for
the path through a corner or an S-bend that is fastest 50 m further on. Whatever it finds a vehicle
can drive, so the lattice must not say less, at any rotation of its grid.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from scipy import ndimage
from scipy.optimize import differential_evolution
from shapely import affinity

from parvis.approach.cells import link_cells
from parvis.approach.lattice import solve_lattice
from parvis.approach.vehicles import VehicleParameters
from parvis.terms import GRAVITY, KMH_PER_MPS

# Constant acceleration: the power limit is out of reach.
CAR = VehicleParameters(
    acceleration=2.5,
    specific_power=1e6,
    friction=0.7,
    width=2.0,
    turning_radius=5.0,
    top_speed=25.0,
)
RUN_UP = 150.0
BEHIND = 50.0
SAMPLES = 40


@dataclass(frozen=True)
class Street:
    """A street of constant width along a line that starts to the east."""

    line: tuple[tuple[float, float], ...]
    width: float

    @property
    def surface(self):
        line = shapely.LineString(self.line)
        return shapely.buffer(
            line, self.width / 2, cap_style="flat", join_style="mitre", mitre_limit=20.0
        )

    @property
    def goal(self):
        """A point of the line across which the speed is asked, and the direction there."""
        before, last = np.array(self.line[-2]), np.array(self.line[-1])
        direction = (last - before) / np.hypot(*(last - before))
        return before + BEHIND * direction, direction


def corner(width, deflection):
    a = math.radians(deflection)
    end = (90.0 * math.cos(a), 90.0 * math.sin(a))
    return Street(((-RUN_UP, 0.0), (0.0, 0.0), end), width)


def s_bend(width, deflection, length):
    a = math.radians(deflection)
    x, y = length * math.cos(a), length * math.sin(a)
    return Street(((-RUN_UP, 0.0), (0.0, 0.0), (x, y), (x + 90.0, y)), width)


class Room:
    """How far inside the ground of the vehicle's centre places are, interpolated."""

    STEP = 0.25

    def __init__(self, street):
        self.free = shapely.buffer(street.surface, -CAR.width / 2, quad_segs=32)
        shapely.prepare(self.free)
        x0, y0, x1, y1 = self.free.bounds
        self.x0, self.y0 = max(x0, -60.0), y0 - 5.0
        x = np.arange(self.x0, x1 + 5.0, self.STEP)
        y = np.arange(self.y0, y1 + 5.0, self.STEP)
        places = shapely.points(*np.meshgrid(x, y))
        away = shapely.distance(self.free.boundary, places)
        self.depth = np.where(shapely.contains(self.free, places), away, -away)

    def depth_at(self, x, y):
        places = [(y - self.y0) / self.STEP, (x - self.x0) / self.STEP]
        return ndimage.map_coordinates(self.depth, places, order=1, mode="nearest")

    def contains(self, x, y):
        return shapely.contains_xy(shapely.buffer(self.free, 2e-3), x, y)


def drive(street, genes, n_arcs):
    """
    Drive paths; genes, shape (2 + 2 n_arcs, n): lateral start, start of the bend, then curvature
    and length of each arc. Return the speed at the goal, (n,), and the places up to there,
    (samples, n), those behind it NaN.
    """
    x, y, direction = genes[1].copy(), genes[0].copy(), np.zeros(genes.shape[1])
    goal, ahead = street.goal
    top = CAR.top_speed**2 / (2 * CAR.acceleration)
    run_up = np.minimum(RUN_UP - 1.0 + x, top)
    is_there = np.zeros(genes.shape[1], dtype=bool)
    places = []
    for i in range(n_arcs + 1):
        is_arc = i < n_arcs
        bend = genes[2 + 2 * i] if is_arc else np.zeros_like(x)
        length = genes[3 + 2 * i] if is_arc else np.full_like(x, 120.0)
        curvature = np.where(np.abs(bend) < 1e-9, 1e-9, bend)
        cap = CAR.friction * GRAVITY / np.abs(curvature) / (2 * CAR.acceleration)
        along = np.linspace(0.0, 1.0, SAMPLES if is_arc else 3 * SAMPLES)[:, None] * length
        turned = direction + curvature * along
        px = x + (np.sin(turned) - np.sin(direction)) / curvature
        py = y - (np.cos(turned) - np.cos(direction)) / curvature
        progress = (px - goal[0]) * ahead[0] + (py - goal[1]) * ahead[1]
        is_behind = np.maximum.accumulate(progress > 0.0, axis=0) | is_there
        driven = np.where(is_behind, 0.0, along).max(axis=0)
        run_up = np.where(is_there, run_up, np.minimum(np.minimum(run_up, cap) + driven, cap))
        run_up = np.minimum(run_up, top)
        places.append(np.where(is_behind, np.nan, [px, py]))
        is_there |= is_behind[-1]
        x, y, direction = px[-1], py[-1], turned[-1]
    speed = np.where(is_there, np.sqrt(2 * CAR.acceleration * run_up), 0.0)
    return speed, np.concatenate(places, axis=1)


def fastest_path(street, signs, *, seed, generations):
    """Return the greatest speed the optimiser finds through `street`. [m/s]"""
    room = Room(street)
    half = street.width / 2 - CAR.width / 2
    bounds = [(-half, half), (-45.0, 5.0)]
    for sign in signs:
        bounds += [(0.0, 1.0) if sign > 0 else (-1.0, 0.0), (0.0, 45.0)]

    def genes_of(x):
        genes = np.array(x, dtype=np.float64).reshape(len(bounds), -1)
        genes[2::2] = np.sign(genes[2::2]) * np.abs(genes[2::2]) ** 2 / CAR.turning_radius
        return genes

    def cost(x):
        speed, (px, py) = drive(street, genes_of(x), len(signs))
        is_driven = ~np.isnan(px)
        lacking = np.zeros_like(px)
        lacking[is_driven] = np.maximum(0.02 - room.depth_at(px[is_driven], py[is_driven]), 0.0)
        outside = lacking.sum(axis=0)
        return np.where(outside > 0.0, 1.0 + outside - 0.1 * speed, -speed)

    found = differential_evolution(
        cost,
        bounds,
        rng=np.random.default_rng(seed),
        maxiter=generations,
        popsize=10,
        tol=1e-8,
        polish=False,
        vectorized=True,
        updating="deferred",
    )
    speed, (px, py) = drive(street, genes_of(found.x), len(signs))
    is_driven = ~np.isnan(px)
    assert room.contains(px[is_driven], py[is_driven]).all()
    return float(speed[0])


def lattice_speed(street, rotation, *, phase=0.0):
    """Return the greatest speed across the goal on a grid turned by `rotation` degrees. [m/s]"""
    surface = affinity.rotate(street.surface, rotation, origin=(0.0, 0.0))
    west, south, east, north = surface.bounds
    bounds = (west - 2.0 - phase, south - 2.0 - 0.7 * phase, east + 2.0, north + 2.0)
    grid = link_cells([surface], half_width=CAR.width / 2, cell=1.0, bounds=bounds)
    field = solve_lattice(
        grid,
        vehicle=CAR,
        reachable=grid.is_ground,
        terminal=np.zeros_like(grid.is_ground),
    )
    point, ahead = street.goal
    across = np.linspace(-0.5, 0.5, 41)[:, None] * (street.width - CAR.width)
    places = point + across * np.array([-ahead[1], ahead[0]])
    a = math.radians(rotation)
    turn = np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])
    places, ahead = places @ turn, ahead @ turn
    column = np.floor((places[:, 0] - grid.origin_x) / grid.cell).astype(np.int64)
    row = np.floor((places[:, 1] - grid.origin_y) / grid.cell).astype(np.int64)
    inward = np.broadcast_to(ahead, places.shape)
    speed, _ = field.fastest_arrival(np.zeros_like(row), row, column, inward[:, 0], inward[:, 1])
    return float(speed.max())


@pytest.mark.parametrize(
    ("street", "signs", "seed"),
    [
        pytest.param(corner(7.0, 90.0), (1, 1, 1), 11, id="corner 90 degrees, 7 m"),
        pytest.param(s_bend(5.0, 45.0, 15.0), (1, 1, -1, -1), 12, id="S-bend"),
    ],
)
def test_lattice_is_never_below_the_optimiser(street, signs, seed):
    direct = fastest_path(street, signs, seed=seed, generations=250)
    for rotation, phase in ((0.0, 0.0), (17.0, 0.4), (45.0, 0.7)):
        assert lattice_speed(street, rotation, phase=phase) >= direct


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_lattice_is_never_below_the_optimiser_on_random_streets(seed):
    random = np.random.default_rng(100 + seed)
    width = float(random.uniform(4.0, 10.0))
    if seed % 2:
        street = s_bend(width, random.uniform(25.0, 80.0), random.uniform(8.0, 40.0))
        signs = (1, 1, -1, -1)
    else:
        street, signs = corner(width, float(random.uniform(40.0, 130.0))), (1, 1, 1, 1)
    direct = fastest_path(street, signs, seed=seed, generations=600)
    for rotation in random.uniform(0.0, 90.0, 6):
        assert lattice_speed(street, rotation, phase=random.uniform()) >= direct


@pytest.mark.parametrize("rotation", [0.0, 7.0, 19.0, 26.0, 33.0, 45.0, 58.0, 71.0])
def test_corner_gives_68_to_72_at_any_rotation(rotation):
    """The published figure is the optimiser's 68.1 km/h; 5 % are left to the lattice."""
    speed = lattice_speed(corner(7.0, 90.0), rotation, phase=0.1 * rotation % 1.0) * KMH_PER_MPS
    assert 68.0 <= speed <= 72.0


@pytest.mark.parametrize("free_width", [1.0, 2.0, 3.0, 6.0])
@pytest.mark.parametrize("rotation", [0.0, 1.4, 2.8, 9.0, 17.3, 30.0, 38.0, 45.0])
def test_straight_run_is_at_most_4_percent_above_the_closed_form(free_width, rotation):
    length = RUN_UP + BEHIND
    street = Street(((-RUN_UP, 0.0), (0.0, 0.0), (90.0, 0.0)), free_width + CAR.width)
    exact = min(math.sqrt(2 * CAR.acceleration * (length - 0.98)), CAR.top_speed)
    speed = lattice_speed(street, rotation, phase=0.3)
    assert exact <= speed <= 1.04 * exact
