"""Around which places is more recorded than chance would put there."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.incidents.errors import IncidentOptionError, IncidentSizeError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Control = Literal["by", "bh", "none"]
CONTROLS = ("by", "bh", "none")
MOST_LINKS = 200_000_000
FEWEST = 3


@dataclass(frozen=True, eq=False, slots=True)
class Neighbours:
    """
    Which places count as neighbours of which, each place itself included.

    Attributes
    ----------
    start : ndarray of int, shape (n + 1,)
        Where the neighbours of each place begin in `index`.
    index : ndarray of int
    weight : ndarray of float64
        1 for each where neighbours count alike.
    """

    start: NDArray[np.int64]
    index: NDArray[np.int64]
    weight: Floats

    def __len__(self) -> int:
        return len(self.start) - 1


@dataclass(frozen=True, eq=False, slots=True)
class HotSpots:
    """
    Getis-Ord Gi* of each place.

    Attributes
    ----------
    z : ndarray
        Standard deviations above what chance would give; NaN where the values do not vary.
    p : ndarray
        Two-sided, from the normal distribution.
    p_adjusted : ndarray
        Smallest rate of false discoveries at which the place still stands out.
    is_high, is_low : ndarray of bool
        Places that stand out at `rate`.
    rate : float
    control : {'by', 'bh', 'none'}
    """

    z: Floats
    p: Floats
    p_adjusted: Floats
    is_high: Bools
    is_low: Bools
    rate: float
    control: Control


def neighbours_on_grid(rows: int, columns: int, reach: int = 1) -> Neighbours:
    """
    Return the neighbours on a grid: the square of `reach` cells around each, itself included.

    Cells are numbered row by row.
    """
    span = np.arange(-reach, reach + 1)
    down, across = (each.ravel() for each in np.meshgrid(span, span, indexing="ij"))
    row, column = np.divmod(np.arange(rows * columns), columns)
    to_row, to_column = row[:, None] + down, column[:, None] + across
    is_there = (to_row >= 0) & (to_row < rows) & (to_column >= 0) & (to_column < columns)
    start = np.concatenate([[0], np.cumsum(is_there.sum(axis=1))])
    index = (to_row * columns + to_column)[is_there]
    return Neighbours(start, index, np.ones(index.size))


def neighbours_within(xy: ArrayLike, distance: float) -> Neighbours:
    """
    Return the neighbours up to a distance, each place itself included.

    Parameters
    ----------
    xy : array_like, shape (n, 2)
        Centres. [m]
    distance : float
        Above 0. [m]

    Raises
    ------
    IncidentOptionError, IncidentSizeError
    """
    from scipy.spatial import cKDTree

    if not distance > 0.0:
        raise IncidentOptionError(what="Distance", value=f"{distance:g}", accepted="above 0 m")
    centres = np.asarray(xy, dtype=np.float64)
    tree = cKDTree(centres)
    links = int(tree.count_neighbors(tree, distance))
    if links > MOST_LINKS:
        raise IncidentSizeError(what="Neighbouring pairs", n=links, most=MOST_LINKS)
    n, pairs = len(centres), tree.query_pairs(distance, output_type="ndarray")
    own = np.arange(n)
    first = np.concatenate([own, pairs[:, 0], pairs[:, 1]])
    second = np.concatenate([own, pairs[:, 1], pairs[:, 0]])
    index = second[np.lexsort((second, first))].astype(np.int64)
    start = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=n))]).astype(np.int64)
    return Neighbours(start, index, np.ones(index.size))


def hot_spots(
    values: ArrayLike, neighbours: Neighbours, *, rate: float = 0.05, control: Control = "by"
) -> HotSpots:
    """
    Tell around which places values are higher or lower than chance would put them.

    Parameters
    ----------
    values : array_like, shape (n,)
        Counts, or better rates, by place.
    neighbours : Neighbours
        Each place among its own.
    rate : float
        Share of false discoveries to accept among the places that stand out, 0 to 1.
    control : {'by', 'bh', 'none'}
        Benjamini-Yekutieli holds however places depend on each other, and neighbours do;
        Benjamini-Hochberg is less strict.

    Returns
    -------
    HotSpots

    Raises
    ------
    IncidentOptionError

    Notes
    -----
    ``z = (Σ w x - m Σ w) / (S sqrt((n Σ w² - (Σ w)²)/(n - 1)))`` with the mean ``m`` and
    ``S² = Σ x²/n - m²`` [1]_; false discoveries as in [2]_.

    References
    ----------
    .. [1] J. K. Ord, A. Getis, "Local spatial autocorrelation statistics", Geographical Analysis
       27, 1995, 286-306.
    .. [2] Y. Benjamini, D. Yekutieli, "The control of the false discovery rate in multiple
       testing under dependency", Annals of Statistics 29, 2001, 1165-1188.
    """
    from scipy.sparse import csr_array
    from scipy.special import ndtr

    if control not in CONTROLS:
        raise IncidentOptionError(
            what="Control of false discoveries", value=control, accepted=", ".join(CONTROLS)
        )
    if not 0.0 < rate < 1.0:
        accepted = "above 0 and below 1"
        raise IncidentOptionError(
            what="Rate of false discoveries", value=f"{rate:g}", accepted=accepted
        )
    x = np.asarray(values, dtype=np.float64)
    n = x.size
    if n < FEWEST or n != len(neighbours) or not np.isfinite(x).all():
        accepted = f"a number for each of at least {FEWEST} places"
        raise IncidentOptionError(what="Values", value=f"{n}", accepted=accepted)
    start = neighbours.start
    lag = csr_array((neighbours.weight, neighbours.index, start), shape=(n, n)) @ x
    sums = np.add.reduceat(neighbours.weight, start[:-1])
    squares = np.add.reduceat(neighbours.weight**2, start[:-1])
    mean = x.mean()
    deviation = np.sqrt(np.mean((x - mean) ** 2))
    spread = deviation * np.sqrt(np.maximum(n * squares - sums**2, 0.0) / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread > 0.0, (lag - mean * sums) / spread, np.nan)
    p = np.where(np.isfinite(z), 2.0 * ndtr(-np.abs(z)), 1.0)
    adjusted = false_discoveries(p, control=control)
    stands_out = adjusted <= rate
    return HotSpots(z, p, adjusted, stands_out & (z > 0.0), stands_out & (z < 0.0), rate, control)


def false_discoveries(p: ArrayLike, *, control: Control = "by") -> Floats:
    """
    Return p values adjusted for how many there are.

    Examples
    --------
    >>> false_discoveries([0.01, 0.02, 0.5], control="bh").round(3)
    array([0.03, 0.03, 0.5 ])
    """
    given = np.asarray(p, dtype=np.float64)
    if control == "none" or not given.size:
        return given.copy()
    n = given.size
    order = np.argsort(given)
    factor = float((1.0 / np.arange(1, n + 1)).sum()) if control == "by" else 1.0
    raised = given[order] * factor * n / np.arange(1, n + 1)
    found = np.empty(n)
    found[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return found
