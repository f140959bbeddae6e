"""How fast, whence and at which angle a class can cross the boundary, metre by metre."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

METRE = 1.0
SAMPLES_PER_METRE = 8


@dataclass(frozen=True, eq=False)
class Boundary:
    """
    The boundary of a protected area cut into metres.

    Attributes
    ----------
    ring : ndarray of int32, shape (n,)
        Ring each metre belongs to; exteriors and holes alike.
    position : ndarray of float64, shape (n,)
        Distance along its ring to the middle of the metre. [m]
    length : ndarray of float64, shape (n,)
        Length of the piece; rings are cut into equal pieces of about one metre. [m]
    x, y : ndarray of float64, shape (n,)
        Middle of the metre. [m]
    inward_x, inward_y : ndarray of float64, shape (n,)
        Unit normal that points into the protected area.
    sample_x, sample_y : ndarray of float64, shape (n, SAMPLES_PER_METRE)
        Points along the metre.
    ring_length : tuple of float
        [m]
    """

    ring: NDArray[np.int32]
    position: NDArray[np.float64]
    length: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    inward_x: NDArray[np.float64]
    inward_y: NDArray[np.float64]
    sample_x: NDArray[np.float64]
    sample_y: NDArray[np.float64]
    ring_length: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.ring)

    def stretch(self, metres: NDArray[np.int64]) -> NDArray[np.float64]:
        """
        Return the line along consecutive metres, shape (k, 2).

        Parameters
        ----------
        metres : ndarray of int64
            Indices in walking order; may wrap around the end of a ring.
        """
        samples = [self.sample_x[metres].ravel(), self.sample_y[metres].ravel()]
        line = shapely.LineString(np.column_stack(samples))
        return np.asarray(shapely.get_coordinates(line.simplify(0.02)), dtype=np.float64)


def cut_boundary(area: Any) -> Boundary:
    """
    Cut the rings of a protected area into pieces of about one metre.

    Parameters
    ----------
    area : shapely Polygon or MultiPolygon
        In a projected CRS. [m]

    Returns
    -------
    Boundary
    """
    rings = [
        ring
        for part in shapely.get_parts(area)
        for ring in (part.exterior, *part.interiors)
        if ring.length > 0
    ]
    shapely.prepare(area)
    pieces = [_cut_ring(ring, number, area) for number, ring in enumerate(rings)]
    joined = [np.concatenate(parts) for parts in zip(*pieces, strict=True)]
    ring, position, length, middle, inward, samples = joined
    return Boundary(
        ring=ring,
        position=position,
        length=length,
        x=middle[:, 0],
        y=middle[:, 1],
        inward_x=inward[:, 0],
        inward_y=inward[:, 1],
        sample_x=samples[:, :, 0],
        sample_y=samples[:, :, 1],
        ring_length=tuple(float(ring.length) for ring in rings),
    )


def _cut_ring(ring: Any, number: int, area: Any) -> tuple[NDArray[Any], ...]:
    n = max(round(ring.length / METRE), 1)
    step = ring.length / n
    position = (np.arange(n) + 0.5) * step
    within = (np.arange(SAMPLES_PER_METRE) + 0.5) / SAMPLES_PER_METRE
    along = (np.arange(n)[:, None] + within[None, :]) * step
    samples = _points_along(ring, along.ravel()).reshape(n, SAMPLES_PER_METRE, 2)
    middle = _points_along(ring, position)
    direction = samples[:, -1] - samples[:, 0]
    norm = np.maximum(np.hypot(direction[:, 0], direction[:, 1]), 1e-12)
    left = np.column_stack([-direction[:, 1], direction[:, 0]]) / norm[:, None]
    probe = middle + 0.02 * left
    is_left_inside = shapely.contains_xy(area, probe[:, 0], probe[:, 1])
    inward = np.where(is_left_inside[:, None], left, -left)
    return (
        np.full(n, number, dtype=np.int32),
        position,
        np.full(n, step),
        middle,
        inward,
        samples,
    )


def _points_along(ring: Any, distance: NDArray[np.float64]) -> NDArray[np.float64]:
    points = shapely.line_interpolate_point(ring, distance)
    return np.asarray(shapely.get_coordinates(points), dtype=np.float64)
