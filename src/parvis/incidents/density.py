"""How densely do incidents lie on the plane."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.incidents.errors import IncidentDataError, IncidentOptionError, IncidentSizeError

Floats = NDArray[np.float64]
MOST_CELLS = 4_000_000
_MOST_REACH = 200


@dataclass(frozen=True, slots=True)
class Grid:
    """
    Square cells, numbered row by row from the south-west.

    Attributes
    ----------
    x, y : float
        South-western corner. [m]
    cell : float
        Side of a cell. [m]
    rows, columns : int
    """

    x: float
    y: float
    cell: float
    rows: int
    columns: int

    def __len__(self) -> int:
        return self.rows * self.columns

    def centres(self) -> Floats:
        """Return the centres of all cells in metres, shape (n, 2)."""
        row, column = np.divmod(np.arange(len(self)), self.columns)
        return np.column_stack(
            [self.x + (column + 0.5) * self.cell, self.y + (row + 0.5) * self.cell]
        )

    def cell_of(self, xy: Floats) -> NDArray[np.int64]:
        """Return the number of the cell each point lies in; points lie on the grid."""
        column = np.clip(((xy[:, 0] - self.x) // self.cell).astype(np.int64), 0, self.columns - 1)
        row = np.clip(((xy[:, 1] - self.y) // self.cell).astype(np.int64), 0, self.rows - 1)
        return row * self.columns + column

    def counts(self, xy: Floats, weight: Floats | None = None) -> Floats:
        """Return how many points lie in each cell."""
        return np.bincount(self.cell_of(xy), weights=weight, minlength=len(self)).astype(float)


def grid_around(xy: ArrayLike, cell: float) -> Grid:
    """
    Return a grid around points whose lines are multiples of its cell.

    Raises
    ------
    IncidentOptionError, IncidentDataError, IncidentSizeError
    """
    if not cell > 0.0:
        raise IncidentOptionError(what="Cell", value=f"{cell:g}", accepted="above 0 m")
    points = np.asarray(xy, dtype=np.float64)
    if not len(points) or not np.isfinite(points).all():
        raise IncidentDataError(file="incidents", what="a place on the map")
    low = np.floor(points.min(axis=0) / cell)
    columns, rows = (np.floor(points.max(axis=0) / cell) - low + 1).astype(np.int64)
    if rows * columns > MOST_CELLS:
        raise IncidentSizeError(what="Cells", n=int(rows * columns), most=MOST_CELLS)
    return Grid(float(low[0]) * cell, float(low[1]) * cell, cell, int(rows), int(columns))


def planar_density(xy: ArrayLike, grid: Grid, bandwidth: float) -> Floats:
    """
    Smooth points over the plane with the quartic kernel.

    Parameters
    ----------
    xy : array_like, shape (n, 2)
        Points on the grid. [m]
    grid : Grid
    bandwidth : float
        Where the kernel ends, up to 200 cells. [m]

    Returns
    -------
    ndarray, shape (rows * columns,)
        At the centres of the cells. [1/m²] What spreads beyond the grid is not brought back.

    Raises
    ------
    IncidentOptionError

    Notes
    -----
    ``3/(π h²) (1 - d²/h²)²`` for each point nearer than ``h`` [1]_.

    References
    ----------
    .. [1] B. W. Silverman, "Density Estimation for Statistics and Data Analysis", Chapman and
       Hall, 1986, equation 4.5.
    """
    reach = bandwidth / grid.cell
    if not 0.0 < reach <= _MOST_REACH:
        accepted = f"above 0 and up to {_MOST_REACH * grid.cell:g} m at this cell"
        raise IncidentOptionError(what="Bandwidth", value=f"{bandwidth:g}", accepted=accepted)
    points = (np.asarray(xy, dtype=np.float64) - (grid.x, grid.y)) / grid.cell
    home = np.floor(points).astype(np.int64)
    span, found = int(np.ceil(reach)), np.zeros(len(grid))
    for down in range(-span, span + 1):
        for across in range(-span, span + 1):
            column, row = home[:, 0] + across, home[:, 1] + down
            gap = (column + 0.5 - points[:, 0]) ** 2 + (row + 0.5 - points[:, 1]) ** 2
            is_near = gap < reach**2
            is_near &= (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
            height = (1.0 - gap[is_near] / reach**2) ** 2
            at = row[is_near] * grid.columns + column[is_near]
            found += np.bincount(at, weights=height, minlength=len(grid))
    return found * 3.0 / (np.pi * bandwidth**2)
