"""Answer what a metre of barrier costs at each place and in each direction, by what arrives."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from parvis.approach.lattice import LatticeField
from parvis.approach.ratings import required_rating
from parvis.approach.vehicles import VehicleClass
from parvis.closure.cut_ground import STEP_ANGLE, CutGround
from parvis.terms import KMH_PER_MPS

Arriving = tuple[tuple[str, str], ...]
"""Class keys, each with the rating it requires or the reason why there is none."""

PriceOf = Callable[[Arriving], int]
"""Cents per metre of barrier that stops these; never asked where nothing arrives."""


@dataclass(frozen=True)
class RatingSteps:
    """
    The requirements a class can have, by rising speed.

    Attributes
    ----------
    vehicle : VehicleClass
    words : tuple of str
        Rating notation, or the reason why none covers the speed.
    """

    vehicle: VehicleClass
    words: tuple[str, ...]

    def step(self, speed: float) -> int:
        """Return the place in `words` of a speed. [m s⁻¹]."""
        notation, reason = required_rating(self.vehicle, speed)
        return self.words.index(notation or reason)


def rating_steps(vehicle: VehicleClass) -> RatingSteps:
    """Return the requirements of a class at all its speeds, one kilometre an hour apart."""
    top = max(vehicle.typical.top_speed, vehicle.limit.top_speed)
    words: dict[str, None] = {}
    for speed in (*np.arange(0.0, top, 1.0 / KMH_PER_MPS).tolist(), top):
        notation, reason = required_rating(vehicle, speed)
        words[notation or reason] = None
    return RatingSteps(vehicle, tuple(words))


def arrival_steps(
    field: LatticeField,
    on_ground: NDArray[np.bool_],
    half_width: float,
    steps: RatingSteps,
    ground: CutGround,
    *,
    ratio: float = 1.0,
) -> NDArray[np.uint8]:
    """
    Return which requirement a class has at each node of a cut, for each direction of a cut arc.

    Parameters
    ----------
    field : LatticeField
        Its first layer holds level 0.
    on_ground : ndarray of bool, shape (rows, columns)
        Cells of that layer which are level 0.
    half_width : float
        Half the vehicle's width. [m]
    steps : RatingSteps
    ground : CutGround
    ratio : float, default 1
        Speeds are taken this many times as high, at most the limit set's top speed. [1], >= 1

    Returns
    -------
    ndarray of uint8, shape (16, n_nodes)
        0 where the class does not get, otherwise 1 + place in the steps' words: of the highest
        speed over headings within 90° of the direction and over cells within half the width plus
        a cell.

    Notes
    -----
    The lattice's ground is eroded by half the vehicle's width, that of the cut by half the clear
    gap; looking around by that much covers the difference.
    """
    grid = field.grid
    layer = grid.levels.index(0)
    step_of_units = _steps_of_units(field, steps, ratio)
    is_there = field.reachable[layer] & on_ground
    found = np.empty((len(STEP_ANGLE), ground.n_nodes), dtype=np.uint8)
    reach = half_width + grid.cell
    radius = math.floor(reach / grid.cell)
    around = np.array(
        [
            (dr, dc)
            for dr in range(-radius, radius + 1)
            for dc in range(-radius, radius + 1)
            if math.hypot(dr, dc) * grid.cell <= reach
        ],
        dtype=np.int64,
    )
    row = np.floor((ground.node_y - grid.origin_y) / grid.cell).astype(np.int64)
    column = np.floor((ground.node_x - grid.origin_x) / grid.cell).astype(np.int64)
    for index, angle in enumerate(STEP_ANGLE):
        ahead = np.flatnonzero(np.cos(field.directions - angle) >= -1e-9)
        units = field.run_up[ahead[0]].copy()
        for heading in ahead[1:]:
            np.maximum(units, field.run_up[heading], out=units)
        dense = field.numbers.unpack(units)[layer]
        step = np.where(is_there | ((dense > 0) & on_ground), step_of_units[dense] + 1, 0)
        _greatest_around(step.astype(np.uint8), row, column, around, found[index])
    return found


def metre_prices(
    arrivals: Mapping[str, NDArray[np.uint8]],
    steps: Sequence[RatingSteps],
    price_of: PriceOf,
) -> NDArray[np.int64]:
    """
    Price a metre of barrier for what arrives.

    Parameters
    ----------
    arrivals : mapping of class key to ndarray of uint8, shape (16, n_nodes)
        As `arrival_steps` gives them.
    steps : sequence of RatingSteps
        Of the same classes.
    price_of : callable
        Asked once for each combination of requirements.

    Returns
    -------
    ndarray of int64, shape (16, n_nodes)
        [cents m⁻¹]; 0 where no class gets.
    """
    key = np.zeros(next(iter(arrivals.values())).shape, dtype=np.int64)
    for item in steps:
        key = key * (len(item.words) + 1) + arrivals[item.vehicle.key]
    combinations, of_place = np.unique(key, return_inverse=True)
    prices = np.array([_price(int(code), steps, price_of) for code in combinations], np.int64)
    return prices[of_place].reshape(key.shape)


def _price(code: int, steps: Sequence[RatingSteps], price_of: PriceOf) -> int:
    arriving: list[tuple[str, str]] = []
    for item in reversed(steps):
        code, step = divmod(code, len(item.words) + 1)
        if step:
            arriving.append((item.vehicle.key, item.words[step - 1]))
    return price_of(tuple(reversed(arriving))) if arriving else 0


def _steps_of_units(field: LatticeField, steps: RatingSteps, ratio: float) -> NDArray[np.uint8]:
    """Return the requirement at each run-up of a lattice, by halving: it rises with speed."""
    known = field.moves.speed_of_units(np.arange(field.moves.top + 1))
    top = max(steps.vehicle.limit.top_speed, float(known[-1]))
    speeds = np.minimum(known * ratio, top)
    result = np.zeros(len(speeds), dtype=np.uint8)

    def fill(first: int, last: int) -> None:
        low, high = steps.step(float(speeds[first])), steps.step(float(speeds[last]))
        if low == high:
            result[first : last + 1] = low
        elif last == first + 1:
            result[first], result[last] = low, high
        else:
            middle = (first + last) // 2
            fill(first, middle)
            fill(middle, last)

    fill(0, len(speeds) - 1)
    return result


@njit(cache=True, nogil=True)
def _greatest_around(
    values: NDArray[np.uint8],
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    around: NDArray[np.int64],
    found: NDArray[np.uint8],
) -> None:
    """Write into `found` the greatest value around each place."""
    rows, columns = values.shape
    for k in range(len(row)):
        best = np.uint8(0)
        for j in range(len(around)):
            r, c = row[k] + around[j, 0], column[k] + around[j, 1]
            if 0 <= r < rows and 0 <= c < columns and values[r, c] > best:
                best = values[r, c]
        found[k] = best
