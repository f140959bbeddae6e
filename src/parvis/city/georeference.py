"""How does a drawing or a picture of a plan get its place: by points known in both."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from parvis.errors import InputError

LEAST_SPREAD = 1e-6
"""Control points closer to one line than this share of their extent cannot fix a plane. [1]"""

LEAST_PICTURE_SPREAD = 0.02
"""The same for points clicked in a picture, where each is a pixel or more off. [1]"""

LEAST_PIXELS, LEAST_METRES = 20.0, 2.0
"""Points of a picture that are closer together, there or on the ground, are one. [px, m]"""

METHODS = ("similarity", "affine")


class ControlPointsError(InputError):
    """The control points cannot fix the drawing's place."""

    code = "control_points"


class PlanPointsError(InputError):
    """The points given on a picture of a plan cannot fix its place."""

    code = "plan_points"


@dataclass(frozen=True, eq=False)
class Placement:
    """
    Transformation of a drawing into the city's coordinates.

    Attributes
    ----------
    matrix : ndarray, shape (2, 3)
        x' = matrix @ (x, y, 1).
    method : {"similarity", "affine"}
    residuals : ndarray, shape (n,)
        Distance of each control point from where it should be. [m]
    scale : float
        Mean of both axes: 1 for a drawing in metres, 0.001 for one in millimetres. [1]
    rotation : float
        Of the drawing's x axis, anticlockwise. [rad]
    """

    matrix: NDArray[np.float64]
    method: str
    residuals: NDArray[np.float64]
    scale: float
    rotation: float

    @property
    def rms(self) -> float:
        """Root mean square of the residuals; 0 where no point is left to check the others. [m]."""
        return float(np.sqrt(np.mean(self.residuals**2)))

    @property
    def is_checked(self) -> bool:
        """Whether there are more points than the transformation needs, so that errors show."""
        return len(self.residuals) > (2 if self.method == "similarity" else 3)

    def apply(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places in the city's coordinates, shape (n, 2). [m]."""
        return xy @ self.matrix[:, :2].T + self.matrix[:, 2]


def fit_placement(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    *,
    method: str | None = None,
    file: str = "",
) -> Placement:
    """
    Fit a transformation to control points, by least squares where there are more than it needs.

    Parameters
    ----------
    source, target : ndarray, shape (n, 2)
        The same places in the drawing and on the ground.
    method : {"similarity", "affine"}, optional
        By default a similarity for two points, an affine transformation for three or more.
    file : str
        For the error.

    Raises
    ------
    ControlPointsError
        Too few points, all in one place, or on one line where a plane is to be fixed.

    Notes
    -----
    The similarity (shift, turn and one scale) is the complex line w = c z + d: with both sets
    about their centres, c = Σ z̄ w / Σ |z|². The affine transformation has three parameters per
    axis.

    Examples
    --------
    >>> fit = fit_placement(np.array([[0, 0], [10, 0]]), np.array([[5, 5], [5, 25]]))
    >>> round(fit.scale, 3), round(float(np.degrees(fit.rotation)), 3)
    (2.0, 90.0)
    """
    n = len(source)
    if n < 2:
        raise ControlPointsError(file=file, problem="at least two points are needed")
    chosen = method or ("similarity" if n == 2 else "affine")
    if chosen == "affine" and n < 3:
        raise ControlPointsError(file=file, problem="at least three points are needed")
    source, target = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    centre, middle = source.mean(axis=0), target.mean(axis=0)
    moved, aimed = source - centre, target - middle
    spread = np.linalg.svd(moved, compute_uv=False)
    if spread[0] <= 0 or (chosen == "affine" and spread[1] < LEAST_SPREAD * spread[0]):
        problem = "the points must be distinct and, from three on, not all on one line"
        raise ControlPointsError(file=file, problem=problem)
    if chosen == "similarity":
        z, w = moved @ (1, 1j), aimed @ (1, 1j)
        turn = np.vdot(z, w) / np.vdot(z, z).real
        linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    else:
        linear = np.linalg.lstsq(moved, aimed, rcond=None)[0].T
    if abs(np.linalg.det(linear)) <= 0:
        raise ControlPointsError(file=file, problem="the ground points all lie in one place")
    matrix = np.column_stack([linear, middle - linear @ centre])
    fitted = source @ matrix[:, :2].T + matrix[:, 2]
    return Placement(
        matrix=matrix,
        method=chosen,
        residuals=np.hypot(*(fitted - target).T),
        scale=float(np.sqrt(abs(np.linalg.det(linear)))),
        rotation=float(np.arctan2(linear[1, 0], linear[0, 0])),
    )


@dataclass(frozen=True, eq=False)
class PlanPlacement:
    """
    Where the picture of a plan lies.

    Attributes
    ----------
    placement : Placement
        From pixels (column, row from the top) into the city's coordinates; its scale is metres
        in a pixel.
    corners : tuple of tuple of float
        Longitude and latitude of the picture's corners: top left, top right, bottom right,
        bottom left. [deg]
    """

    placement: Placement
    corners: tuple[tuple[float, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return method, errors, scale and corners as plain data."""
        placement = self.placement
        return {
            "method": placement.method,
            "residuals_m": [round(float(miss), 3) for miss in placement.residuals],
            "rms_m": round(placement.rms, 3),
            "is_checked": placement.is_checked,
            "metres_per_pixel": placement.scale,
            "corners": [list(corner) for corner in self.corners],
        }


def fit_plan(
    pixels: NDArray[np.float64],
    places: NDArray[np.float64],
    *,
    size: tuple[int, int],
    epsg: int,
    method: str = "similarity",
) -> PlanPlacement:
    """
    Fit the picture of a plan to the ground.

    Parameters
    ----------
    pixels : ndarray, shape (n, 2)
        Column and row of each point, from the picture's top left corner. [px]
    places : ndarray, shape (n, 2)
        Longitude and latitude of the same points. [deg]
    size : tuple of int
        Width and height of the picture. [px]
    epsg : int
        Of the city.
    method : {"similarity", "affine"}
        A similarity from two points on, for plans drawn to scale; affine from three, for scans
        that are stretched and photos taken from straight above.

    Raises
    ------
    PlanPointsError
        Too few points, outside picture or earth, too close together, or all on one line.
    """
    source = np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
    ground = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    least = 2 if method == "similarity" else 3
    if len(source) != len(ground) or len(source) < least:
        raise PlanPointsError(problem=f"{least} points or more are needed, given on both")
    if not (((source >= 0) & (source <= np.array(size))).all() and np.isfinite(ground).all()):
        raise PlanPointsError(problem="each point must lie on the picture and on the map")
    to_city = Transformer.from_crs(4326, epsg, always_xy=True)
    target = np.column_stack(to_city.transform(ground[:, 0], ground[:, 1]))
    if not np.isfinite(target).all():
        raise PlanPointsError(problem="each point must lie on the picture and on the map")
    close = _close_pair(source, LEAST_PIXELS) or _close_pair(target, LEAST_METRES)
    if close is not None:
        raise PlanPointsError(
            problem=f"points {close[0]} and {close[1]} are too close together: "
            "choose points far apart, near opposite edges of the plan"
        )
    spread = np.linalg.svd(source - source.mean(axis=0), compute_uv=False)
    if method == "affine" and spread[1] < LEAST_PICTURE_SPREAD * spread[0]:
        raise PlanPointsError(problem="the points lie on one line: add one away from it")
    # Rows count downwards: the plan is turned over before it is fitted, and the matrix back.
    upright = source * (1, -1)
    fitted = fit_placement(upright, target, method=method)
    matrix = fitted.matrix * (1, -1, 1)
    placement = Placement(matrix, fitted.method, fitted.residuals, fitted.scale, fitted.rotation)
    width, height = size
    frame = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
    back = Transformer.from_crs(epsg, 4326, always_xy=True)
    longitude, latitude = back.transform(*placement.apply(frame).T)
    if not (np.isfinite(longitude).all() and np.isfinite(latitude).all()):
        raise PlanPointsError(problem="the picture would reach beyond the map")
    corners = tuple((float(x), float(y)) for x, y in zip(longitude, latitude, strict=True))
    return PlanPlacement(placement, corners)


def _close_pair(points: NDArray[np.float64], least: float) -> tuple[int, int] | None:
    """Return the numbers, from 1, of the first two points that are closer than `least`."""
    for second in range(1, len(points)):
        for first in range(second):
            if math.dist(points[first], points[second]) < least:
                return first + 1, second + 1
    return None
