"""Where is the sea: coastlines have water on their right and are mapped as lines only."""

import numpy as np
import shapely
from numpy.typing import NDArray

OFFSET = 0.5
"""How far beside a coastline land and sea are looked at. [m]"""
LONGEST_WAY_OUT = 200.0
"""A cut coastline farther inside the box is left where it ends. [m]"""
MOST_DOUBT = 0.1
"""Greatest share of probes that may say land in a face that counts as sea."""
PROBES = 25
"""Places along each coastline that vote."""


def sea_surface(
    lines: NDArray[np.object_], box: tuple[float, float, float, float]
) -> shapely.Geometry | None:
    """
    Return the sea within a box.

    Parameters
    ----------
    lines : ndarray of LineString, shape (n,)
        Coastlines in their mapped direction, water on the right. [m]
    box : tuple of float
        Extent of the data. [m]

    Returns
    -------
    MultiPolygon, Polygon or None
        None where no coastline crosses the box.

    Notes
    -----
    A coastline cut by the extract ends just inside the box and is led on to its nearest side. The
    lines cut the box into faces; one is sea where the coast beside it says so almost everywhere.
    """
    frame = shapely.box(*box)
    coast = lines[shapely.intersects(lines, frame)]
    if not len(coast):
        return None
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(coast), directed=True))
    drawn = np.array([_prolonged(line, frame) for line in merged], dtype=object)
    edges = shapely.intersection(shapely.union_all(drawn), frame)
    net = shapely.node(shapely.union(edges, shapely.boundary(frame)))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
    if not len(faces):
        return None
    right, left = _beside(coast, frame)
    tree = shapely.STRtree(faces)
    wet, dry = (
        np.bincount(tree.query(places, predicate="within")[1], minlength=len(faces))
        for places in (right, left)
    )
    sea = faces[(wet > 0) & (dry <= MOST_DOUBT * (wet + dry))]
    return shapely.union_all(sea) if len(sea) else None


def _prolonged(line: shapely.LineString, frame: shapely.Polygon) -> shapely.Geometry:
    """Return the line with ends that lie just inside the frame drawn on to it."""
    places = shapely.get_coordinates(line)
    if len(places) < 2 or (places[0] == places[-1]).all():
        return line
    return shapely.LineString(
        np.vstack([_way_out(places[0], frame), places, _way_out(places[-1], frame)])
    )


def _way_out(end: NDArray[np.float64], frame: shapely.Polygon) -> NDArray[np.float64]:
    """Return the place on the frame nearest to `end`, or none, shape (1 or 0, 2)."""
    point = shapely.Point(end)
    nothing = np.empty((0, 2))
    if not shapely.contains(frame, point):
        return nothing
    way = shapely.shortest_line(point, shapely.boundary(frame))
    return shapely.get_coordinates(way)[1:] if way.length <= LONGEST_WAY_OUT else nothing


def _beside(
    coast: NDArray[np.object_], frame: shapely.Polygon
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return points to the right and to the left of the coast, inside the frame."""
    right, left = [], []
    for line in coast:
        places = shapely.get_coordinates(line)
        ahead = np.diff(places, axis=0)
        length = np.hypot(*ahead.T)
        some = np.flatnonzero(length > 2.0 * OFFSET)
        some = some[:: max(1, len(some) // PROBES)]
        middle = (places[some] + places[some + 1]) / 2.0
        across = np.column_stack([ahead[some, 1], -ahead[some, 0]]) / length[some, None] * OFFSET
        inside = shapely.contains_xy(frame, middle)
        right.append((middle + across)[inside])
        left.append((middle - across)[inside])
    return _objects(np.concatenate(right)), _objects(np.concatenate(left))


def _objects(places: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.points(places), dtype=object).reshape(-1)
