"""How does a drawing without coordinate system get its place: by points known in both."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from parvis.errors import InputError
from parvis.io.vector import number, parse_crs, read_rows

LEAST_SPREAD = 1e-6
"""Control points closer to one line than this share of their extent cannot fix a plane. [1]"""


class ControlPointsError(InputError):
    """The control points cannot fix the drawing's place."""

    code = "control_points"


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

    def apply(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places in the city's coordinates, shape (n, 2). [m]."""
        return xy @ self.matrix[:, :2].T + self.matrix[:, 2]


def read_control_points(path: Path, epsg: int, *, crs: str | None = None) -> Placement:
    """
    Read control points and fit the transformation.

    Parameters
    ----------
    path : Path
        CSV or XLSX with columns ``x``, ``y`` (drawing) and ``lon``, ``lat`` or ``easting``,
        ``northing`` (ground, in `crs`, else in the city's own system).
    epsg : int
        Of the city.
    crs : str, optional

    Raises
    ------
    ControlPointsError
        Fewer than two, not on distinct places, or all on one line.
    """
    rows = read_rows(path)
    header = [str(cell or "").strip().lower() for cell in rows[0][1]] if rows else []
    ground = ("lon", "lat") if "lon" in header else ("easting", "northing")
    needed = ("x", "y", *ground)
    missing = [name for name in needed if name not in header]
    if missing:
        problem = f"columns {', '.join(missing)} are missing"
        raise ControlPointsError(file=path.name, problem=problem)
    columns = [header.index(name) for name in needed]
    table = np.array(
        [
            [number(values[c] if c < len(values) else None) for c in columns]
            for _, values in rows[1:]
        ]
    ).reshape(-1, 4)
    bad = [str(rows[i + 1][0]) for i in np.flatnonzero(~np.isfinite(table).all(axis=1))]
    if bad:
        raise ControlPointsError(file=path.name, problem=f"row {', '.join(bad)} lacks a number")
    system = CRS.from_epsg(4326) if ground[0] == "lon" else parse_crs(crs or str(epsg))
    transformer = Transformer.from_crs(system, CRS.from_epsg(epsg), always_xy=True)
    target = np.column_stack(transformer.transform(table[:, 2], table[:, 3]))
    if not np.isfinite(target).all():
        problem = "the ground coordinates are not in their coordinate system"
        raise ControlPointsError(file=path.name, problem=problem)
    return fit_placement(table[:, :2], target, file=path.name)


def fit_placement(
    source: NDArray[np.float64], target: NDArray[np.float64], *, file: str = ""
) -> Placement:
    """
    Fit a similarity to two points, an affine transformation to three or more.

    Parameters
    ----------
    source, target : ndarray, shape (n, 2)
        The same places in the drawing and on the ground.

    Raises
    ------
    ControlPointsError
    """
    n = len(source)
    if n < 2:
        raise ControlPointsError(file=file, problem="at least two points are needed")
    centre = source.mean(axis=0)
    moved = source - centre
    spread = np.linalg.svd(moved, compute_uv=False)
    if spread[0] <= 0 or (n > 2 and spread[1] < LEAST_SPREAD * spread[0]):
        problem = "the points must be distinct and, from three on, not all on one line"
        raise ControlPointsError(file=file, problem=problem)
    if n == 2:
        a, b = (complex(*(pair[1] - pair[0])) for pair in (source, target))
        turn = b / a
        linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
        shift = target[0] - linear @ source[0]
        matrix = np.column_stack([linear, shift])
    else:
        design = np.column_stack([moved, np.ones(n)])
        solution, *_ = np.linalg.lstsq(design, target, rcond=None)
        linear = solution[:2].T
        matrix = np.column_stack([linear, solution[2] - linear @ centre])
    if abs(np.linalg.det(matrix[:, :2])) <= 0:
        raise ControlPointsError(file=file, problem="the ground points all lie in one place")
    fitted = source @ matrix[:, :2].T + matrix[:, 2]
    return Placement(
        matrix=matrix,
        method="similarity" if n == 2 else "affine",
        residuals=np.hypot(*(fitted - target).T),
        scale=float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))),
        rotation=float(np.arctan2(matrix[1, 0], matrix[0, 0])),
    )
