"""The window that lattice and whole-space benchmarks look at."""

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks.extract_reading import EXTRACT
from benchmarks.measure import shared_extract
from parvis.approach.perimeter import cut_boundary
from parvis.approach.vehicles import VehicleClass, load_vehicle_classes
from parvis.approach.window import Window
from parvis.io.osm import import_city
from parvis.packs.content import load_ground_rules

WINDOW_A = "way/4369051"
"""The square at the middle of window A of the main development extract."""

SIDE = 440.0
"""Edge of window A. [m]"""


def window_city(home: Path) -> Any:
    """Import the extract that holds window A."""
    return import_city(shared_extract(EXTRACT), name="bench", home=home)


def window(city: Any, side: float = SIDE) -> Window:
    """Return the window of that edge around the square."""
    spaces = city.spaces
    row = next(k for k in range(len(spaces)) if spaces.text("id", k) == WINDOW_A)
    area = spaces.geometry[row]
    x, y = (float(value) for value in np.mean(spaces.bounds[row].reshape(2, 2), axis=0))
    half = 0.5 * side
    bounds = (x - half, y - half, x + half, y + half)
    return Window(city, area, cut_boundary(area), bounds, load_ground_rules())


def truck() -> VehicleClass:
    """Return the two-axle truck class."""
    return next(one for one in load_vehicle_classes() if one.key == "N2B")


def street_pattern(side: float) -> tuple[shapely.Geometry, tuple[float, float, float, float]]:
    """Return the ground of a town that repeats every 88 m: streets 12 m wide and a square."""
    bounds = (0.0, 0.0, side, side)
    strips = [
        shapely.box(*corners)
        for k in range(int(side // 88.0) + 1)
        for corners in (
            (0.0, 88.0 * k, side, 88.0 * k + 12.0),
            (88.0 * k, 0.0, 88.0 * k + 12.0, side),
        )
    ]
    return shapely.intersection(shapely.union_all(strips), shapely.box(*bounds)), bounds
