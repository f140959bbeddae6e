"""Tell which rated barriers hold against a class at the speed it has there."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.cells import CellGrid
from parvis.approach.ratings import match_rating, parse_rating, required_rating
from parvis.approach.vehicles import VehicleClass
from parvis.approach.window import Solved, Window
from parvis.terms import Scenario

REACH = 1.5
"""Cells within this distance of a barrier tell the speed at it. [m]"""


def holding_barriers(window: Window, vehicle: VehicleClass, scenario: Scenario) -> frozenset[str]:
    """
    Tell which rated and closed barriers stop a class.

    Parameters
    ----------
    window : Window
    vehicle : VehicleClass
    scenario : Scenario

    Returns
    -------
    frozenset of str
        Features (``"node/123"``) whose rating meets the speed that the class attains at them with
        no rated barrier standing: an upper bound, so that a barrier taken to hold does hold.
    """
    off_road = vehicle.is_off_road and scenario is Scenario.LIMIT
    ground = window.ground(scenario, is_off_road=off_road)
    rated = [item for item in ground.existing if item.is_rated and item.state in ("", "closed")]
    if not rated:
        return frozenset()
    solved = window.solve(window.prepare(vehicle, scenario))
    holding = set()
    for item in rated:
        speed = speed_near(solved, item.geometry)
        notation, _ = required_rating(vehicle, speed)
        if not notation:
            continue
        match = match_rating(parse_rating(notation), parse_rating(item.rating))
        if match.is_acceptable:
            holding.add(item.feature)
    return frozenset(holding)


def speed_near(solved: Solved, geometry: shapely.Geometry) -> float:
    """Return the greatest speed within `REACH` of a geometry, 0 where none gets there. [m s⁻¹]."""
    return greatest_near(
        solved.field.speed_map(),
        solved.approach.packed.grid,
        geometry,
        width=solved.approach.parameters.width,
    )


def greatest_near(
    speed: NDArray[np.float32], grid: CellGrid, geometry: shapely.Geometry, *, width: float
) -> float:
    """
    Return the greatest speed beside a geometry.

    Parameters
    ----------
    speed : ndarray of float32, shape (n_layers, rows, columns)
        Of the cells of `grid`; NaN counts as none. [m s⁻¹]
    grid : CellGrid
    geometry : Geometry
        [m]
    width : float
        Of the vehicle: its middle stays half of it away. [m]

    Returns
    -------
    float
        Within `REACH` of the vehicle's side; 0 where none gets there. [m s⁻¹]
    """
    west, south, east, north = shapely.bounds(geometry)
    margin = REACH + 0.5 * width
    _, rows, columns = grid.is_ground.shape
    first_row = max(0, math.floor((south - margin - grid.origin_y) / grid.cell))
    last_row = min(rows, math.ceil((north + margin - grid.origin_y) / grid.cell))
    first_column = max(0, math.floor((west - margin - grid.origin_x) / grid.cell))
    last_column = min(columns, math.ceil((east + margin - grid.origin_x) / grid.cell))
    if first_row >= last_row or first_column >= last_column:
        return 0.0
    part = speed[:, first_row:last_row, first_column:last_column]
    return float(np.nan_to_num(part).max(initial=0.0))
