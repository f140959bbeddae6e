"""Answer where, which way and how fast at most vehicles come into a window by street."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.results import Notice
from parvis.approach.street_field import StreetField, explain
from parvis.city.model import City, Elevation

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class StreetEntries:
    """
    The places where streets cross a window's edge inwards; arrays of shape (n,).

    Attributes
    ----------
    x, y : ndarray of float64
        On the window's edge. [m]
    level : ndarray of int8
        Of the street, 0 is ground.
    direction : ndarray of float64
        Of travel along the centre line, from east anticlockwise. [rad]
    speed : ndarray of float64
        Greatest attainable speed at that point, an upper bound. [m s⁻¹]
    directed_segment : ndarray of int32
        ``2 i`` along segment i of the city, ``2 i + 1`` against it.
    distance : ndarray of float64
        Along the directed segment. [m]
    street : ndarray of int32
        Row in `City.streets`.
    name : tuple of str
        Of that street, "" where unnamed.
    width : ndarray of float64
        Clear width of the street there. [m]
    field : StreetField
    city : City
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    level: NDArray[np.int8]
    direction: NDArray[np.float64]
    speed: NDArray[np.float64]
    directed_segment: NDArray[np.int32]
    distance: NDArray[np.float64]
    street: NDArray[np.int32]
    name: tuple[str, ...]
    width: NDArray[np.float64]
    field: StreetField
    city: City

    @cached_property
    def is_cut_short(self) -> NDArray[np.bool_]:
        """The binding run-up starts where the extract ends: the real speed may be higher."""
        where = zip(self.directed_segment.tolist(), self.distance.tolist(), strict=True)
        return np.array([_is_cut_short(self.field, self.city, *at) for at in where], dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, eq=False)
class StreetCrossings:
    """
    Where streets cross a window's edge inwards, whatever the vehicle; arrays of shape (n,).

    Attributes
    ----------
    directed_segment : ndarray of int64
    distance : ndarray of float64
        Along the directed segment. [m]
    x, y : ndarray of float64
        [m]
    direction : ndarray of float64
        [rad]
    """

    directed_segment: NDArray[np.int64]
    distance: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    direction: NDArray[np.float64]


def entry_states(
    field: StreetField, city: City, bounds: Bounds, *, crossings: StreetCrossings | None = None
) -> StreetEntries:
    """
    List where streets come into a window and how fast a vehicle can be there.

    Parameters
    ----------
    field : StreetField
        Solved on the city's turn graph.
    city : City
    bounds : tuple of float
        min x, min y, max x, max y. [m]
    crossings : StreetCrossings, optional
        Of the same city and bounds, where they are known.

    Returns
    -------
    StreetEntries
        One row per crossing inwards; a segment that comes in twice has two. Segments closed to the
        vehicle have none.

    Notes
    -----
    The speed is that of the street field at the crossing, after the part of the segment outside.
    The field looks at the streets inside the window too: a vehicle may have left it and come back.
    """
    segments, streets = city.segments, city.streets
    found = crossings or street_crossings(city, bounds)
    is_open = field.graph.is_passable[field.graph.first_leg[found.directed_segment]]
    directed, distance = found.directed_segment[is_open], found.distance[is_open]
    x, y, direction = found.x[is_open], found.y[is_open], found.direction[is_open]
    segment = directed >> 1
    street = np.asarray(segments.street, dtype=np.int32)[segment]
    where = list(zip(directed.tolist(), distance.tolist(), strict=True))
    speed = [field.speed_at(d, along) for d, along in where]
    return StreetEntries(
        x=x,
        y=y,
        level=np.asarray(streets["level"], dtype=np.int8)[street],
        direction=direction,
        speed=np.array(speed, dtype=np.float64),
        directed_segment=directed.astype(np.int32),
        distance=distance,
        street=street,
        name=tuple(streets.text("name", int(row)) for row in street),
        width=np.asarray(segments.width, dtype=np.float64)[segment],
        field=field,
        city=city,
    )


def street_crossings(city: City, bounds: Bounds) -> StreetCrossings:
    """
    Find where streets cross a window's edge inwards.

    Parameters
    ----------
    city : City
    bounds : tuple of float
        min x, min y, max x, max y. [m]
    """
    segments, coords = city.segments, city.streets.coords
    near = np.flatnonzero(np.isin(segments.street, city.streets.within(bounds)))
    found: list[tuple[int, float, float, float, float]] = []
    low, high = np.array(bounds[:2]), np.array(bounds[2:])
    for i in near.tolist():
        line = np.asarray(coords[segments.coord_start[i] : segments.coord_end[i]])
        inside = ((line >= low) & (line <= high)).all(axis=1)
        if inside.all():
            continue
        steps = np.hypot(*np.diff(line, axis=0).T)
        planar = float(steps.sum())
        scale = float(segments.length[i]) / planar if planar > 0.0 else 1.0
        start = 0.0
        for k, step in enumerate(steps.tolist()):
            part = _inside_part(line[k], line[k + 1], low, high)
            if part is not None:
                enter, leave = part
                along = line[k + 1] - line[k]
                heading = float(np.arctan2(along[1], along[0]))
                if enter > 0.0:
                    at = line[k] + enter * along
                    found.append((2 * i, scale * (start + enter * step), *at.tolist(), heading))
                if leave < 1.0:
                    at = line[k] + leave * along
                    back = scale * (planar - start - leave * step)
                    opposite = float(np.arctan2(-along[1], -along[0]))
                    found.append((2 * i + 1, back, *at.tolist(), opposite))
            start += step
    table = np.array(found, dtype=np.float64).reshape(-1, 5)
    table[:, 2:4] = np.clip(table[:, 2:4], low, high)
    return StreetCrossings(table[:, 0].astype(np.int64), *table[:, 1:].T)


def _inside_part(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> tuple[float, float] | None:
    """Return the share of a straight line at which it enters and leaves a box, None if never."""
    enter, leave = 0.0, 1.0
    for axis in range(2):
        along = end[axis] - start[axis]
        if along == 0.0:
            if not low[axis] <= start[axis] <= high[axis]:
                return None
            continue
        first, second = (low[axis] - start[axis]) / along, (high[axis] - start[axis]) / along
        enter, leave = max(enter, min(first, second)), min(leave, max(first, second))
    return (float(enter), float(leave)) if enter < leave else None


def _is_cut_short(field: StreetField, city: City, directed: int, distance: float) -> bool:
    """Tell whether the binding run-up begins from rest where the extract ends."""
    path = explain(field, directed, distance)
    if not path or path[0].begins_on < 0 or any(leg.is_limiting for leg in path):
        return False
    if path[-1].speed >= field.curve.top_speed:
        return False
    begins = path[0].begins_on
    segments = city.segments
    node = segments.to_node[begins >> 1] if begins & 1 else segments.from_node[begins >> 1]
    return bool(segments.node_is_cut[node])


def directed_from_cut_ends(city: City) -> NDArray[np.bool_]:
    """Return which directed segments begin where the extract ends, shape (2 n,)."""
    segments = city.segments
    begins = np.empty(2 * len(segments.length), dtype=np.int64)
    begins[0::2] = segments.from_node
    begins[1::2] = segments.to_node
    return np.asarray(segments.node_is_cut, dtype=np.bool_)[begins]


def cut_end_notice(
    field: StreetField, city: City, bounds: Bounds, entries: StreetEntries
) -> Notice | None:
    """
    Tell about streets that end near a window only because the extract ends there.

    Run-ups begin at rest at such ends although the street goes on, so speeds behind them are too
    low. Near is within the run-up to top speed.

    Parameters
    ----------
    field : StreetField
    city : City
    bounds : tuple of float
        Of the window. [m]
    entries : StreetEntries
        Of the same window.

    Returns
    -------
    Notice or None
        Code ``streets_cut_by_extract``: `count` of such ends near the window; details
        ``nearest_m`` distance of the nearest from the window, ``entries_cut_short`` number of
        streets into the window whose binding run-up begins at one. None where there is none near.
    """
    segments = city.segments
    cut = np.flatnonzero(segments.node_is_cut)
    distance = np.asarray(
        shapely.distance(
            shapely.points(segments.node_x[cut], segments.node_y[cut]), shapely.box(*bounds)
        )
    )
    near = distance <= field.curve.top
    if not near.any():
        return None
    return Notice(
        code="streets_cut_by_extract",
        count=int(near.sum()),
        details={
            "nearest_m": float(distance[near].min()),
            "entries_cut_short": int(entries.is_cut_short.sum()),
        },
    )


def segment_gradients(city: City) -> NDArray[np.float64] | None:
    """
    Return rise over run of each segment from the terrain, shape (n,).

    Heights are taken at both nodes from the nearest terrain cell. NaN where unknown, on bridges
    and in tunnels; None where the city has no terrain. Terrain coarser than 10 m serves sensitivity
    runs only, see `Elevation.source_cell`.
    """
    if city.elevation is None:
        return None
    segments = city.segments
    height = height_at(city.elevation, segments.node_x, segments.node_y)
    street = np.asarray(segments.street, dtype=np.int64)
    rise = height[segments.to_node] - height[segments.from_node]
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = np.where(segments.length > 0.0, rise / segments.length, 0.0)
    off_ground = np.asarray(city.streets["is_bridge"], dtype=bool) | np.asarray(
        city.streets["is_tunnel"], dtype=bool
    )
    gradient[off_ground[street]] = np.nan
    return gradient


def height_at(
    elevation: Elevation, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the height of the nearest terrain cell, NaN outside. [m]."""
    column = np.floor((np.asarray(x) - elevation.origin_x) / elevation.cell).astype(np.int64)
    row = np.floor((elevation.origin_y - np.asarray(y)) / elevation.cell).astype(np.int64)
    rows, columns = elevation.height.shape
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    height = np.full(len(column), np.nan)
    height[inside] = elevation.height[row[inside], column[inside]]
    return height
