"""Rooms and passages drawn by hand, on which a cut's lines and cost are known."""

import numpy as np
import shapely
from shapely.affinity import rotate, translate

from parvis.approach.ground import Ground
from parvis.closure.cut_ground import CutGround, cut_ground

BOUNDS = (-60.0, -60.0, 60.0, 60.0)
SINK = shapely.box(30.0, -40.0, 60.0, 40.0)
"""The far room of `two_rooms`."""


def two_rooms(*passages: tuple[float, float], pillars: tuple[shapely.Geometry, ...] = ()):
    """Street west of x = -10, room east of x = 10, joined by passages (south side, width)."""
    west, east = shapely.box(-60.0, -40.0, -10.0, 40.0), shapely.box(10.0, -40.0, 60.0, 40.0)
    joined = [shapely.box(-11.0, y, 11.0, y + width) for y, width in passages]
    return shapely.difference(
        shapely.union_all([west, east, *joined]), shapely.union_all(list(pillars))
    )


def turned(shape: shapely.Geometry, degrees: float, phase: tuple[float, float] = (0.13, 0.27)):
    """Rotate about the middle and move off the grid."""
    return translate(rotate(shape, degrees, origin=(0.0, 0.0)), *phase)


def ground_of(*surfaces: shapely.Geometry, portals=(), levels: tuple[int, ...] | None = None):
    """Ground on which every surface is a street."""
    clipped = tuple(shapely.intersection(one, shapely.box(*BOUNDS)) for one in surfaces)
    return Ground(
        bounds=BOUNDS,
        levels=levels or tuple(range(len(surfaces))),
        surfaces=clipped,
        portals=tuple(portals),
        existing=(),
        carriageways=clipped,
        blocked=np.empty(0, dtype=object),
        notes={},
    )


def nodes_of(surface: shapely.Geometry, sink: shapely.Geometry = SINK, **options) -> CutGround:
    """The graph of one level."""
    return cut_ground(ground_of(surface), bounds=BOUNDS, sink=sink, **options)
