"""How the lines and blocks of a fictional town are shaped: wandering lines, cuts, house rows."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split, substring

Points = NDArray[np.float64]
Point = tuple[float, float]


def wandering_line(
    rng: np.random.Generator,
    start: Point,
    end: Point,
    *,
    amplitude: float,
    step: float = 18.0,
) -> LineString:
    """
    Draw a line between two points that swings to the sides as old streets do.

    Parameters
    ----------
    rng : numpy.random.Generator
    start, end : tuple of float
        [m]
    amplitude : float
        Typical greatest sideways swing; 0 gives the straight line. [m]
    step : float, default 18.0
        Distance between vertices. [m]

    Returns
    -------
    shapely.LineString
    """
    a, b = np.asarray(start), np.asarray(end)
    length = float(np.hypot(*(b - a)))
    if amplitude == 0.0 or length < step:
        return LineString([a, b])
    t = np.linspace(0.0, 1.0, max(2, round(length / step)) + 1)
    weights = rng.normal(size=3) * np.array([1.0, 0.6, 0.35])
    swing = sum(w * np.sin((k + 1) * math.pi * t) for k, w in enumerate(weights)) * amplitude
    normal = np.array([-(b - a)[1], (b - a)[0]]) / length
    return LineString(a + np.outer(t, b - a) + np.outer(swing, normal))


def closed_curve(
    rng: np.random.Generator, centre: Point, radius: float, *, roughness: float, n: int = 72
) -> LineString:
    """Draw a closed curve around `centre` whose radius varies by the share `roughness`."""
    angle = np.linspace(0.0, 2.0 * math.pi, n + 1)
    factor = np.ones(n + 1)
    for k in range(2, 6):
        factor += roughness * rng.normal() / k * np.cos(k * angle + rng.uniform(0, 2 * math.pi))
    xy = np.column_stack([np.cos(angle), np.sin(angle)]) * (radius * factor)[:, None]
    xy[-1] = xy[0]
    return LineString(xy + np.asarray(centre))


def polygons_of(shape: BaseGeometry, least: float = 1.0) -> list[Polygon]:
    """Return the polygons in any geometry whose area is at least `least` [m²]."""
    parts = shapely.get_parts(shape)
    return [part for part in parts if part.geom_type == "Polygon" and part.area >= least]


def long_axis(block: Polygon) -> tuple[Points, Points, float, float]:
    """Return centre, direction of the long axis, length and breadth of the smallest rectangle."""
    corners = shapely.get_coordinates(block.minimum_rotated_rectangle)[:4]
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    if np.hypot(*first) < np.hypot(*second):
        first, second = second, first
    length, breadth = float(np.hypot(*first)), float(np.hypot(*second))
    return corners.mean(axis=0), first / max(length, 1e-9), length, breadth


def split_block(
    rng: np.random.Generator, block: Polygon, *, amplitude: float, skew: float = 0.07
) -> tuple[LineString, Polygon, Polygon] | None:
    """
    Cut a block across its long axis.

    Parameters
    ----------
    rng : numpy.random.Generator
    block : shapely.Polygon
    amplitude : float
        Sideways swing of the cut. [m]
    skew : float, default 0.07
        Standard deviation of the cut's turn away from square. [rad]

    Returns
    -------
    tuple of (LineString, Polygon, Polygon) or None
        The cut and the two parts; None where six tries gave no compact parts.
    """
    centre, axis, length, breadth = long_axis(block)
    for _ in range(6):
        turn = rng.normal(0.0, skew)
        across = np.array([-axis[1], axis[0]])
        direction = across * math.cos(turn) + axis * math.sin(turn)
        base = centre + axis * rng.uniform(-0.13, 0.13) * length
        reach = direction * (breadth * 0.75 + 5.0)
        line = wandering_line(rng, tuple(base - reach), tuple(base + reach), amplitude=amplitude)
        cut = shapely.intersection(line, block)
        if cut.geom_type != "LineString":
            continue
        parts = polygons_of(split(block, line))
        if len(parts) == 2 and min(compactness(part) for part in parts) > 0.35:
            return LineString(np.round(cut.coords, 2)), parts[0], parts[1]
    return None


def compactness(block: Polygon) -> float:
    """Return the area over that of the circle with the same perimeter, in (0, 1]."""
    return float(4.0 * math.pi * block.area / block.length**2)


def chop(rng: np.random.Generator, block: Polygon, greatest: float) -> list[Polygon]:
    """Cut a block into lots of at most `greatest` [m²] by straight lines."""
    if block.area <= greatest:
        return [block]
    cut = split_block(rng, block, amplitude=0.0, skew=0.03)
    if cut is None:
        return [block]
    return chop(rng, cut[1], greatest) + chop(rng, cut[2], greatest)


def house_row(
    rng: np.random.Generator, block: Polygon, *, depth: float, frontage: tuple[float, float]
) -> list[Polygon]:
    """
    Build a continuous row of houses along the rim of a block.

    Parameters
    ----------
    rng : numpy.random.Generator
    block : shapely.Polygon
        Without holes.
    depth : float
        Of the houses. [m]
    frontage : tuple of float
        Narrowest and widest street front. [m]

    Returns
    -------
    list of shapely.Polygon
        Neighbours share their party wall. A block too narrow for a yard is filled with houses.
    """
    rim = shapely.orient_polygons(block)
    yard = polygons_of(rim.buffer(-depth, join_style="mitre", mitre_limit=2.0), 40.0)
    if len(yard) != 1:
        return chop(rng, block, depth * sum(frontage) * 0.6)
    outer = LineString(rim.exterior.coords)
    inner = LineString(shapely.orient_polygons(yard[0]).exterior.coords)
    cuts = _front_cuts(rng, outer, frontage)
    anchors = np.array([inner.project(outer.interpolate(cut)) for cut in cuts])
    houses = []
    for i in range(len(cuts)):
        front = _ring_part(outer, cuts[i], cuts[(i + 1) % len(cuts)])
        back = _ring_part(inner, anchors[i], anchors[(i + 1) % len(cuts)])
        if back is None or front is None or back.length > front.length + 2.0 * depth:
            continue
        house = Polygon([*front.coords, *reversed(back.coords)])
        if house.is_valid and house.area > 25.0:
            houses.append(house)
    built = shapely.union_all([*houses, yard[0]]).buffer(0.02, join_style="mitre")
    left = shapely.difference(rim, built).buffer(-0.5).buffer(0.5, join_style="mitre")
    return houses + polygons_of(left, 30.0)


def _front_cuts(
    rng: np.random.Generator, outer: LineString, frontage: tuple[float, float]
) -> Points:
    """Return where along the rim the party walls stand, never next to a corner."""
    n = max(3, round(outer.length / (sum(frontage) / 2.0)))
    widths = rng.uniform(*frontage, size=n)
    cuts = np.cumsum(widths / widths.sum() * outer.length)
    xy = np.asarray(outer.coords)
    edges = np.diff(xy, axis=0)
    heading = np.arctan2(edges[:, 1], edges[:, 0])
    turn = np.abs((np.diff(np.append(heading, heading[0])) + math.pi) % (2 * math.pi) - math.pi)
    corners = np.cumsum(np.hypot(edges[:, 0], edges[:, 1]))[turn > 0.5]
    for corner in corners:
        near = np.abs(cuts - corner) < frontage[0] * 0.7
        cuts[near] = corner + frontage[0] * 0.7
    return np.unique(np.round(cuts % outer.length, 2))


def _ring_part(ring: LineString, start: float, end: float) -> LineString | None:
    """Return the part of a closed line from `start` forward to `end`."""
    if end <= start:
        end_part, start_part = substring(ring, 0.0, end), substring(ring, start, ring.length)
        coords = [*start_part.coords, *end_part.coords]
    else:
        coords = list(substring(ring, start, end).coords)
    return LineString(coords) if len(coords) >= 2 else None


def part_of(line: LineString, start: float, end: float) -> LineString:
    """Return the part of a line between two distances from its start [m]."""
    return LineString(substring(line, start, end).coords)


def lines_of(shape: BaseGeometry, least: float = 0.0) -> list[LineString]:
    """Return the lines in any geometry that are at least `least` long [m]."""
    parts = shapely.get_parts(shape)
    return [part for part in parts if part.geom_type == "LineString" and part.length >= least]


def longest_line(shape: BaseGeometry) -> LineString:
    """Return the longest line in any geometry, its touching pieces joined."""
    return max(lines_of(shapely.line_merge(shape)), key=lambda part: part.length)


def first_point(shape: BaseGeometry) -> Point:
    """Return the first vertex in any geometry that is not empty."""
    x, y = shapely.get_coordinates(shape)[0]
    return (float(x), float(y))


def offset_line(line: LineString, distance: float) -> LineString:
    """Return the parallel at `distance`, left positive, running the same way."""
    return longest_line(line.offset_curve(distance))


def rectangle(centre: Point, length: float, breadth: float, angle: float) -> Polygon:
    """Return a rectangle turned by `angle` [rad] about its centre."""
    c, s = math.cos(angle), math.sin(angle)
    half = np.array(
        [[-length, -breadth], [length, -breadth], [length, breadth], [-length, breadth]]
    )
    turned = half / 2.0 @ np.array([[c, s], [-s, c]])
    return Polygon(turned + np.asarray(centre))


def places_along(line: LineString, spacing: float, side: float = 0.0) -> Points:
    """Return points every `spacing` metres along a line, moved `side` metres to its left."""
    if line.length < spacing:
        return np.empty((0, 2))
    at = np.arange(spacing / 2.0, line.length, spacing)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, at + 0.5))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, at - 0.5))
    along = ahead - behind
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return np.asarray(points + side * np.column_stack([-along[:, 1], along[:, 0]]))
